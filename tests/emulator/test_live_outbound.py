# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that the agent makes, and callbacks that the service makes for him (sap-cti 3.3, 3.4)."""

from __future__ import annotations

import pytest

from .call_site import END
from .call_site import action
from .call_site import record
from .live_site import LiveSite

NUMBER = "+442079460111"
PHONE = {"type": "phone_number", "phoneNumber": NUMBER}


@pytest.fixture
def site(emulator, connect, instance):
    site = LiveSite(emulator, connect, instance)
    site.take_recorded_calls()
    return site


@pytest.fixture
def panel(site):
    return site.open_panel()


def change_settings(site, **settings):
    site.emulator.control("POST", "settings", {"live": settings})


# Outbound


def test_an_agent_calls_a_customer(site, panel):
    contact_id = panel.do("createOutboundContact", endpoint=PHONE, queueARN=site.queue_arn)["contactId"]
    assert (panel.state, panel.states) == ("CallingCustomer", ["connecting"])
    contact = panel.contact
    assert (contact["contactId"], contact["type"], contact["initiationMethod"]) == (contact_id, "voice", "outbound")
    assert panel.parties() == {"customer": "connecting", "agent": "connected"}
    assert panel.connection("customer")["type"] == "outbound"
    assert panel.connection("customer")["endpoint"] == PHONE
    assert contact["queue"]["queueARN"] == site.queue_arn
    site.wait(0.5)
    assert (panel.state, panel.states) == ("Busy", ["connected"])
    panel.act("destroyConnection", "agent")
    panel.act("clearContact")
    contact = site.contact({"contact_id": contact_id})
    assert (contact["InitiationMethod"], contact["DisconnectReason"]) == ("OUTBOUND", "AGENT_DISCONNECT")
    assert contact["CustomerEndpoint"]["Address"] == NUMBER
    assert contact["QueueInfo"] == {"Id": site.queue}


def test_the_queues_outbound_flow_decides_about_the_analysis(site, panel):
    flow = site.deploy(
        record(following="done"), action("done", "EndFlowExecution"), name="Outbound", kind="OUTBOUND_WHISPER"
    )
    site.connect.update_queue_outbound_caller_config(
        InstanceId=site.instance,
        QueueId=site.queue,
        OutboundCallerConfig={"OutboundCallerIdNumberId": site.number_id, "OutboundFlowId": flow},
    )
    change_settings(site, outbound_summary="The agent called back.")
    contact_id = panel.do("createOutboundContact", endpoint=PHONE)["contactId"]
    assert panel.contact["connectSystemEndpoint"]["phoneNumber"] == site.number
    site.wait(0.5)
    panel.act("destroyConnection", "agent")
    panel.act("clearContact")
    site.wait(1)
    outcome = site.look_at(contact_id)["outcome"]
    characteristics = site.stored(site.analysis_key(outcome))["ConversationCharacteristics"]
    assert characteristics["ContactSummary"]["PostContactSummary"]["Content"] == "The agent called back."
    assert outcome["matched_rules"] == ["SAPPostCallAnalytics"]
    assert outcome["hook_paths"]["OutboundWhisper"] == ["record", "done"]


@pytest.mark.parametrize(
    ("do", "state"),
    [("refuse", "LineEngagedCustomer"), ("ignore", "MissedCallCustomer"), ("hang_up", "LineEngagedCustomer")],
)
def test_a_customer_does_not_answer(site, panel, do, state):
    change_settings(site, outbound_answer="manual")
    contact_id = panel.do("createOutboundContact", endpoint=PHONE)["contactId"]
    site.wait(60)
    assert panel.states == ["connecting"]
    site.customer(contact_id, do)
    assert (panel.state, panel.states) == (state, ["error"])
    assert panel.look()["snapshot"]["state"]["type"] == "error"
    panel.act("clearContact")
    assert panel.state == "Available"
    assert site.look_at(contact_id)["outcome"]["agent"] is None


def test_a_customer_answers_by_hand(site, panel):
    change_settings(site, outbound_answer="manual")
    contact_id = panel.do("createOutboundContact", endpoint=PHONE)["contactId"]
    site.customer(contact_id, "answer")
    assert panel.states == ["connected"]
    assert site.customer(contact_id, "answer")[0] == 409


def test_an_agent_gives_up_before_the_customer_answers(site, panel):
    change_settings(site, outbound_answer="manual")
    contact_id = panel.do("createOutboundContact", endpoint=PHONE)["contactId"]
    panel.act("destroyConnection", "agent")
    assert (panel.state, panel.states) == ("AfterCallWork", ["ended"])
    panel.act("clearContact")
    site.wait(1)
    assert site.look_at(contact_id)["outcome"]["files"] == []


def test_a_microphone_that_is_refused_ends_the_call(site, panel):
    panel.do("createOutboundContact", endpoint=PHONE)
    panel.act("softphoneFailed", errorType="microphone_not_shared")
    assert (panel.state, panel.states) == ("FailedConnectAgent", ["error"])
    assert panel.refused_for("softphoneFailed", errorType="microphone_not_shared")[0] == 409
    assert panel.refused_for("softphoneFailed", errorType="tired")[0] == 400


@pytest.mark.parametrize(
    ("endpoint", "refusal"),
    [
        ({"type": "phone_number", "phoneNumber": "020 7946 0111"}, (400, "BadEndpointException")),
        ({"type": "phone_number", "phoneNumber": ""}, (400, "BadEndpointException")),
        ({"type": "phone_number", "phoneNumber": ["+442079460111"]}, (400, "BadEndpointException")),
        ({"type": "phone_number"}, (400, "BadEndpointException")),
        ({"type": "phone_number", "phoneNumber": "+850212345678"}, (400, "UnDialableNumberException")),
        ({"type": "agent", "agentLogin": "agent"}, (400, "BadEndpointException")),
        (None, (400, "ValidationException")),
    ],
)
def test_numbers_that_cannot_be_dialled(panel, endpoint, refusal):
    assert panel.refused("createOutboundContact", endpoint=endpoint) == refusal
    assert panel.contacts == []


def test_only_queues_of_the_routing_profile_can_be_called_for(site, panel):
    _queue_id, other = site.make_queue("Other")
    assert panel.refused("createOutboundContact", endpoint=PHONE, queueARN=other) == (400, "BadEndpointException")


def test_calling_needs_the_permission(site, panel):
    profile = site.connect.create_security_profile(
        InstanceId=site.instance, SecurityProfileName="Inbound", Permissions=["BasicAgentAccess"]
    )["SecurityProfileId"]
    site.connect.update_user_security_profiles(
        InstanceId=site.instance, UserId=site.agent, SecurityProfileIds=[profile]
    )
    assert panel.look()["configuration"]["permissions"] == []
    assert panel.refused("createOutboundContact", endpoint=PHONE) == (403, "AccessDeniedException")


def test_calling_needs_an_instance_with_outbound_calls(site, panel):
    site.connect.update_instance_attribute(InstanceId=site.instance, AttributeType="OUTBOUND_CALLS", Value="false")
    assert panel.refused("createOutboundContact", endpoint=PHONE) == (403, "AccessDeniedException")


def test_one_call_at_a_time(site, panel):
    panel.do("createOutboundContact", endpoint=PHONE)
    assert panel.refused("createOutboundContact", endpoint=PHONE) == (409, "InvalidStateException")
    site.ring()
    assert len(panel.contacts) == 1


def test_what_the_library_asks_about_the_agent(site, panel):
    assert panel.do("getDialableCountryCodes")["countryCodes"] == panel.look()["configuration"]["dialableCountries"]
    assert "gb" in panel.do("getDialableCountryCodes")["countryCodes"]
    assert panel.do("getAgentPermissions")["permissions"] == ["outboundCall"]
    assert [state["name"] for state in panel.do("getAgentStates")["states"]] == ["Available", "Offline"]
    assert panel.do("getRoutingProfileQueues")["queues"][0]["queueARN"] == site.queue_arn
    assert panel.do("getAgentSnapshot")["snapshot"]["state"]["name"] == "Available"
    assert panel.do("getAgentConfiguration")["configuration"]["username"] == "agent"
    assert panel.do("sendClientLogs", logEvents=[{"text": "x"}]) == {}


def test_an_agent_can_change_to_a_desk_phone(site, panel):
    panel.do("updateAgentConfiguration", configuration={"softphoneEnabled": False, "extension": "+442079460222"})
    configuration = panel.look()["configuration"]
    assert (configuration["softphoneEnabled"], configuration["extension"]) == (False, "+442079460222")
    site.ring()
    assert "softphoneMediaInfo" not in panel.connection("agent")


# Callbacks


def test_a_callback_dials_the_customer_once_accepted(site, panel):
    change_settings(site, outbound_answer="manual")
    contact_id = site.ring(callback=True, attributes={"TicketID": "1"})
    contact = panel.contact
    assert (contact["contactId"], contact["type"], contact["initiationMethod"]) == (
        contact_id,
        "queue_callback",
        "callback",
    )
    assert panel.states == ["incoming"]
    assert panel.parties() == {"customer": "init", "agent": "connecting"}
    assert contact["attributes"]["TicketID"]["value"] == "1"
    panel.act("acceptContact")
    assert (panel.state, panel.states) == ("CallingCustomer", ["connecting"])
    assert panel.connection("customer")["type"] == "outbound"
    site.customer(contact_id, "answer")
    assert (panel.state, panel.states) == ("Busy", ["connected"])
    panel.act("destroyConnection", "agent")
    panel.act("clearContact")
    site.wait(1)
    outcome = site.look_at(contact_id)["outcome"]
    assert outcome["matched_rules"] == ["SAPPostCallAnalytics"]
    record = site.contact({"contact_id": contact_id})
    first = site.contact({"contact_id": record["InitialContactId"]})
    assert (record["InitiationMethod"], first["InitiationMethod"]) == ("CALLBACK", "INBOUND")
    assert first["DisconnectReason"] == "CUSTOMER_DISCONNECT"


def test_a_callback_that_is_missed_is_offered_again(site, panel):
    contact_id = site.ring(callback=True)
    site.wait(20)
    assert panel.states == ["missed"]
    panel.be("Available")
    assert panel.contact["contactId"] == contact_id
    assert panel.states == ["incoming"]


def test_a_flow_that_leads_to_no_queue_leaves_no_callback(site, panel):
    site.deploy(action("say", "MessageParticipant", "end", Text="Closed"), END)
    answer = site.call(live=True, callback=True)
    assert answer["state"] == "ended"
    assert panel.contacts == []
