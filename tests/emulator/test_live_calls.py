# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live contacts from ringing to the event of their analysis (sap-cti 3.4, 3.5; connect-api 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from .call_site import END
from .call_site import action
from .call_site import record
from .call_site import to_queue
from .live_site import CALLER
from .live_site import LiveSite


@pytest.fixture
def site(emulator, connect, instance):
    site = LiveSite(emulator, connect, instance)
    site.take_recorded_calls()
    return site


@pytest.fixture
def panel(site):
    return site.open_panel()


# An inbound call


def test_a_call_rings_is_answered_and_ends(site, panel):
    contact_id = site.ring(attributes={"CustomerUUID": "4711"})
    contact = panel.contact
    assert panel.state == "PendingBusy"
    assert (contact["contactId"], contact["type"], contact["state"]["type"]) == (contact_id, "voice", "connecting")
    assert contact["initiationMethod"] == "inbound"
    assert contact["attributes"] == {"CustomerUUID": {"name": "CustomerUUID", "value": "4711"}}
    assert contact["queue"]["queueARN"] == site.queue_arn
    assert panel.parties() == {"customer": "connected", "agent": "connecting"}
    assert panel.connection("customer")["type"] == "inbound"
    assert panel.connection("customer")["endpoint"] == {"type": "phone_number", "phoneNumber": CALLER}
    assert contact["connectSystemEndpoint"]["phoneNumber"] == site.number

    panel.act("acceptContact")
    assert (panel.state, panel.states) == ("Busy", ["connected"])
    assert panel.parties() == {"customer": "connected", "agent": "connected"}

    panel.act("destroyConnection", "agent")
    assert (panel.state, panel.states) == ("AfterCallWork", ["ended"])
    assert panel.parties() == {"customer": "disconnected", "agent": "disconnected"}

    panel.act("clearContact")
    assert (panel.state, panel.contacts) == ("Available", [])


def test_the_analysis_follows_the_work_after_the_contact(site, panel):
    contact_id = site.ring(summary="The customer asked about an order.")
    site.wait(4)
    panel.act("acceptContact")
    site.wait(90)
    site.customer(contact_id, "hang_up")
    site.wait(30)
    assert site.look_at(contact_id)["outcome"] is None
    panel.act("clearContact")
    assert site.look_at(contact_id)["outcome"] is None
    site.wait(1)

    outcome = site.look_at(contact_id)["outcome"]
    contact = site.contact({"contact_id": contact_id})
    connected, ended = contact["AgentInfo"]["ConnectedToAgentTimestamp"], contact["DisconnectTimestamp"]
    assert connected - contact["InitiationTimestamp"] == timedelta(seconds=4)
    assert ended - connected == timedelta(seconds=90)
    assert contact["AgentInfo"]["Id"] == site.agent
    assert contact["AgentInfo"]["AfterContactWorkDuration"] == 30
    assert contact["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    assert outcome["path"] == ["record", "queue", "transfer"]
    assert outcome["matched_rules"] == ["SAPPostCallAnalytics"]
    assert outcome["sap_phone_call_id"] is None
    day = connected.strftime("%Y/%m/%d")
    assert outcome["files"][0].startswith(f"connect/test/CallRecordings/{day}/{contact_id}_")
    analysis = site.stored(site.analysis_key(outcome))
    characteristics = analysis["ConversationCharacteristics"]
    assert characteristics["TotalConversationDurationMillis"] == 90_000
    assert characteristics["ContactSummary"]["PostContactSummary"]["Content"] == "The customer asked about an order."
    ((name, kind, event),) = site.functions.invocations
    assert (name, kind, event["detail"]["contactArn"]) == ("summary", "Event", contact["Arn"])
    steps = [entry["event"]["detail"]["eventType"] for entry in outcome["contact_events"]]
    assert steps == ["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED"]


def test_the_record_knows_the_agent_while_the_call_goes_on(site, panel):
    contact_id = site.ring()
    panel.act("acceptContact")
    contact = site.contact({"contact_id": contact_id})
    assert contact["AgentInfo"]["Id"] == site.agent
    assert "DisconnectTimestamp" not in contact


def test_work_after_the_contact_ends_after_the_users_limit(site, panel):
    site.connect.update_user_phone_config(
        InstanceId=site.instance,
        UserId=site.agent,
        PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 20},
    )
    contact_id = site.ring()
    panel.act("acceptContact")
    panel.act("destroyConnection", "agent")
    site.wait(19)
    assert panel.states == ["ended"]
    site.wait(1)
    assert panel.contacts == []
    site.wait(1)
    assert site.look_at(contact_id)["outcome"]["matched_rules"] == ["SAPPostCallAnalytics"]


def test_softphones_can_accept_by_themselves(site, panel):
    site.connect.update_user_phone_config(
        InstanceId=site.instance, UserId=site.agent, PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": True}
    )
    site.ring()
    assert panel.states == ["connecting"]
    assert panel.connection("agent")["softphoneMediaInfo"]["autoAccept"] is True
    site.wait(0.5)
    assert panel.states == ["connected"]


def test_an_anonymous_caller_has_no_number(site, panel):
    site.ring(caller=...)
    assert panel.connection("customer")["endpoint"] == {"type": "phone_number", "phoneNumber": "anonymous"}


def test_attributes_change_while_the_call_goes_on(site, panel):
    contact_id = site.ring()
    before = panel.look()["version"]
    site.connect.update_contact_attributes(
        InstanceId=site.instance, InitialContactId=contact_id, Attributes={"Note": "1"}
    )
    assert panel.look()["version"] > before
    assert panel.contact["attributes"]["Note"]["value"] == "1"
    site.customer(contact_id, "attributes", attributes={"Note": "2"})
    assert panel.contact["attributes"]["Note"]["value"] == "2"
    panel.act("acceptContact")
    panel.act("destroyConnection", "agent")
    assert site.contact({"contact_id": contact_id})["Attributes"] == {"Note": "2"}


# Calls that come to nothing


def test_a_call_that_is_missed_waits_for_the_agent(site, panel):
    contact_id = site.ring()
    site.wait(19)
    assert panel.states == ["connecting"]
    site.wait(1)
    assert (panel.state, panel.states) == ("MissedCallAgent", ["missed"])
    assert site.look_at(contact_id)["state"] == "queued"
    panel.be("Available")
    assert panel.states == ["connecting"]
    assert panel.contact["contactId"] == contact_id


def test_closing_a_missed_call_makes_the_agent_available(site, panel):
    contact_id = site.ring()
    site.wait(20)
    site.customer(contact_id, "hang_up")
    panel.act("clearContact")
    assert (panel.state, panel.contacts) == ("Available", [])


def test_a_call_that_is_rejected_goes_to_the_next_agent(site, panel):
    site.make_agent("second")
    site.ring()
    second = site.open_panel("second")
    panel.act("rejectContact")
    assert (panel.state, panel.states) == ("MissedCallAgent", ["rejected"])
    assert second.states == ["connecting"]
    second.act("acceptContact")
    assert second.states == ["connected"]


def test_a_customer_gives_up_while_it_rings(site, panel):
    contact_id = site.ring()
    site.customer(contact_id, "hang_up")
    assert (panel.state, panel.contacts) == ("Available", [])
    site.wait()
    outcome = site.look_at(contact_id)["outcome"]
    assert (outcome["files"], outcome["agent"], outcome["disconnect_reason"]) == ([], None, "CUSTOMER_DISCONNECT")


def test_a_customer_has_so_much_patience(site, panel):
    contact_id = site.ring(duration=15)
    site.wait(15)
    assert panel.contacts == []
    assert site.look_at(contact_id)["state"] == "ended"


def test_the_duration_counts_from_the_agents_answer(site, panel):
    site.ring(duration=15)
    site.wait(10)
    panel.act("acceptContact")
    site.wait(14)
    assert panel.states == ["connected"]
    site.wait(1)
    assert panel.states == ["ended"]


def test_a_flow_may_end_the_call(site, panel):
    site.deploy(action("farewell", "MessageParticipant", "end", Text="We are closed."), END)
    answer = site.call(live=True)
    assert (answer["state"], answer["messages"]) == ("ended", ["We are closed."])
    assert panel.contacts == []


def test_a_softphone_without_microphone_fails_the_call(site, panel):
    site.ring()
    known = panel.look()["version"]
    panel.act("softphoneFailed", errorType="microphone_not_shared")
    assert (panel.state, panel.states) == ("FailedConnectAgent", ["error"])
    (event,) = panel.updates(known)[1]["events"]
    assert event["event"] == "agent::softphone_error"
    assert event["data"]["errorType"] == "microphone_not_shared"


# Who is offered a call


def test_the_agent_who_has_been_available_for_longest_is_offered_the_call(site):
    site.make_agent("second")
    second = site.open_panel("second")
    site.wait(1)
    first = site.open_panel()
    site.ring()
    assert (second.states, first.states) == (["connecting"], [])
    site.ring()
    assert first.states == ["connecting"]


def test_a_call_for_one_agent_waits_for_this_one(site, panel):
    site.make_agent("second")
    site.call(live=True, agent="second")
    assert panel.contacts == []
    assert site.open_panel("second").states == ["connecting"]


def test_the_first_in_the_queue_is_served_first(site):
    first, second = site.ring(), site.ring()
    panel = site.open_panel()
    assert panel.contact["contactId"] == first
    panel.act("acceptContact")
    panel.act("destroyConnection", "agent")
    assert panel.contact["contactId"] == first
    panel.act("clearContact")
    assert panel.contact["contactId"] == second


def test_agents_who_are_not_available_are_left_in_peace(site):
    site.connect.create_agent_status(InstanceId=site.instance, Name="Lunch", State="ENABLED")
    panel = site.open_panel(status=None)
    assert panel.state == "Offline"
    site.ring()
    assert panel.contacts == []
    panel.be("Lunch")
    assert panel.look()["snapshot"]["state"]["type"] == "not_routable"
    assert panel.contacts == []
    panel.be("Available")
    assert panel.states == ["connecting"]


def test_agents_of_other_queues_are_not_offered_the_call(site, panel):
    _queue_id, other = site.make_queue("Other")
    site.deploy(record(), *to_queue(other))
    site.ring()
    assert panel.contacts == []


# Requests that do not fit


def test_requests_that_do_not_fit_the_state_are_refused(site, panel):
    contact_id = site.ring()
    assert panel.refused_for("clearContact") == (409, "InvalidStateException")
    assert panel.refused_for("holdConnection", "customer") == (409, "InvalidStateException")
    assert panel.refused_for("destroyConnection", "agent") == (409, "InvalidStateException")
    panel.act("acceptContact")
    assert panel.refused_for("acceptContact") == (409, "InvalidStateException")
    assert panel.refused_for("rejectContact") == (409, "InvalidStateException")
    assert panel.refused("putAgentState", state={"name": "Offline"}) == (409, "InvalidStateException")
    assert panel.refused("acceptContact", contactId="nobody") == (404, "ResourceNotFoundException")
    assert panel.refused("acceptContact") == (400, "ValidationException")
    assert panel.refused("destroyConnection", contactId=contact_id, connectionId="x") == (
        404,
        "ResourceNotFoundException",
    )
    assert panel.refused("createTaskContact") == (501, "NotImplementedException")
    assert site.customer(contact_id, "answer")[0] == 409
    assert site.customer(contact_id, "say", text="Hello")[0] == 409
    assert site.customer(contact_id, "sing")[0] == 400
    assert site.customer("nobody", "hang_up")[0] == 404


@pytest.mark.parametrize(
    ("request_members", "message"),
    [
        ({"live": "yes"}, "live is true or false"),
        ({"live": True, "started_at": "2026-03-01T10:00:00Z"}, "Unknown members: started_at"),
        ({"live": True, "subtype": "connect:SMS"}, "are for chats"),
        ({"live": True, "duration": "long"}, "duration is a number of seconds"),
        ({"callback": True}, "Unknown members: callback"),
    ],
)
def test_requests_for_live_contacts_are_checked(site, request_members, message):
    status, answer = site.try_call(**request_members)
    assert status == 400
    assert message in answer["message"]


# During the call


def test_hold_and_resume(site, panel):
    contact_id = site.ring()
    panel.act("acceptContact")
    panel.act("holdConnection", "customer")
    assert panel.parties() == {"customer": "hold", "agent": "connected"}
    assert panel.refused_for("holdConnection", "customer") == (409, "InvalidStateException")
    site.wait(10)
    panel.act("resumeConnection", "customer")
    assert panel.parties() == {"customer": "connected", "agent": "connected"}
    assert panel.refused_for("resumeConnection", "customer") == (409, "InvalidStateException")
    panel.act("destroyConnection", "agent")
    assert site.contact({"contact_id": contact_id})["AgentInfo"]["AgentInitiatedHoldDuration"] == 10


def test_the_panel_is_told_how_long_the_contact_has_been_so(site, panel):
    site.ring()
    site.wait(4)
    assert panel.contact["contactDuration"] == "4000"
    panel.act("acceptContact")
    site.wait(90)
    assert panel.contact["contactDuration"] == "90000"


def test_mute_and_unmute(site, panel):
    site.ring()
    panel.act("acceptContact")
    known = panel.look()["version"]
    panel.act("muteParticipant", "agent")
    assert panel.connection("agent")["mute"] is True
    panel.act("unmuteParticipant", "agent")
    assert panel.connection("agent")["mute"] is False
    events = panel.updates(known)[1]["events"]
    assert [(event["event"], event["data"]) for event in events] == [
        ("agent::mute_toggle", {"muted": True}),
        ("agent::mute_toggle", {"muted": False}),
    ]


def test_keys(site, panel):
    site.ring()
    panel.act("acceptContact")
    panel.act("sendDigits", "customer", digits="12#")
    assert panel.refused_for("sendDigits", "customer", digits="twelve") == (400, "ValidationException")


def test_the_next_status_waits_for_the_end_of_the_call(site, panel):
    site.ring()
    panel.act("acceptContact")
    panel.do("putAgentState", state={"name": "Offline"}, enqueueNextState=True)
    assert panel.look()["snapshot"]["nextState"]["name"] == "Offline"
    panel.act("destroyConnection", "agent")
    panel.act("clearContact")
    assert panel.state == "Offline"
    assert panel.look()["snapshot"]["nextState"] is None


def test_a_status_chosen_in_after_contact_work_ends_it(site, panel):
    site.ring()
    panel.act("acceptContact")
    panel.act("destroyConnection", "agent")
    panel.be("Offline")
    assert (panel.state, panel.contacts) == ("Offline", [])


# Supervisors


def test_a_supervisor_listens_to_a_call(site, panel):
    site.make_agent("supervisor")
    supervisor = site.open_panel("supervisor", status="Offline")
    contact_id = site.ring(attributes={"TicketID": "1"})
    body = {"account": "111111111111", "instance": "test", "user": "supervisor", "do": "monitor"}
    assert site.emulator.control_answer("POST", "agents", {**body, "contact_id": contact_id})[0] == 409
    assert site.emulator.control_answer("POST", "agents", {**body, "contact_id": "nobody"})[0] == 404
    panel.act("acceptContact")
    site.to_agent("monitor", user="supervisor", contact_id=contact_id)
    contact = supervisor.contact
    assert (contact["contactId"], contact["state"]["type"], contact["attributes"]) == (contact_id, "connected", None)
    assert [item["type"] for item in contact["connections"]] == ["inbound", "monitoring"]
    assert supervisor.refused_for("holdConnection", "customer") == (409, "InvalidStateException")
    supervisor.do("destroyConnection", contactId=contact_id, connectionId=contact["connections"][1]["connectionId"])
    assert (supervisor.state, supervisor.contacts) == ("Offline", [])
    assert panel.states == ["connected"]
    site.to_agent("monitor", user="supervisor", contact_id=contact_id)
    panel.act("destroyConnection", "agent")
    assert supervisor.contacts == []


# The softphone


def test_a_call_that_needs_a_softphone_is_accepted_with_one(site, panel):
    site.ring()
    panel.act("softphoneReady")
    panel.act("acceptContact", needsSoftphone=True)
    assert panel.states == ["connected"]


def test_a_call_that_needs_a_softphone_fails_without_one(site, panel, monkeypatch):
    monkeypatch.setattr("tests.local_cloud.connect_emulator.live.requests.SOFTPHONE_SECONDS", 0.05)
    site.ring()
    panel.act("acceptContact", needsSoftphone=True)
    assert (panel.state, panel.states) == ("FailedConnectAgent", ["error"])
