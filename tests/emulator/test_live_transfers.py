# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quick connects, consultation, swap, conference and transfer (sap-cti 1.3, 3.3)."""

from __future__ import annotations

import pytest

from .call_site import action
from .call_site import record
from .call_site import to_queue
from .live_site import LiveSite

OUTSIDE = "+442079460333"


@pytest.fixture
def site(emulator, connect, instance):
    site = LiveSite(emulator, connect, instance)
    site.deploy(record(), *to_queue(site.queue_arn))
    site.make_agent("second")
    flows = {
        item["Name"]: item["Id"] for item in connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    }
    second = next(
        user["Id"]
        for user in connect.list_users(InstanceId=instance)["UserSummaryList"]
        if user["Username"] == "second"
    )
    site.second_queue, _arn = site.make_queue("Second line")
    configs = {
        "Second": {
            "QuickConnectType": "USER",
            "UserConfig": {"UserId": second, "ContactFlowId": flows["Default agent transfer"]},
        },
        "Second line": {
            "QuickConnectType": "QUEUE",
            "QueueConfig": {"QueueId": site.second_queue, "ContactFlowId": flows["Default queue transfer"]},
        },
        "Outside": {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": OUTSIDE}},
    }
    made = [
        connect.create_quick_connect(InstanceId=instance, Name=name, QuickConnectConfig=config)["QuickConnectId"]
        for name, config in configs.items()
    ]
    connect.associate_queue_quick_connects(InstanceId=instance, QueueId=site.queue, QuickConnectIds=made)
    return site


@pytest.fixture
def panel(site):
    """A panel whose agent talks to a customer, and the contact's id."""
    panel = site.open_panel()
    site.ring()
    panel.act("acceptContact")
    return panel


@pytest.fixture
def other(site, panel):
    """The panel of the agent who is asked."""
    return site.open_panel("second")


def endpoint(panel, name):
    queues = [queue["queueARN"] for queue in panel.look()["configuration"]["routingProfile"]["queues"]]
    return next(item for item in panel.do("getEndpoints", queueARNs=queues)["endpoints"] if item["name"] == name)


def ask(panel, name):
    wanted = endpoint(panel, name)
    del wanted["endpointId"]
    panel.act("createAdditionalConnection", endpoint=wanted)


def consult(panel, other):
    ask(panel, "Second")
    other.act("acceptContact")


def test_quick_connects_of_the_queues(site, panel):
    found = panel.do("getEndpoints", queueARNs=[site.queue_arn], maxResults=2)
    assert [(item["name"], item["type"]) for item in found["endpoints"]] == [
        ("Outside", "phone_number"),
        ("Second", "agent"),
    ]
    assert found["endpoints"][0]["phoneNumber"] == OUTSIDE
    assert found["endpoints"][1]["agentLogin"] == "second"
    rest = panel.do("getEndpoints", queueARNs=[site.queue_arn], maxResults=2, nextToken=found["nextToken"])
    assert [(item["name"], item["type"]) for item in rest["endpoints"]] == [("Second line", "queue")]
    assert (rest["endpoints"][0]["queue"]["name"], rest["nextToken"]) == ("Second line", None)
    assert panel.do("getEndpoints", queueARNs=[])["endpoints"] == []
    assert panel.refused("getEndpoints") == (400, "ValidationException")
    assert panel.refused("getEndpoints", queueARNs=[], maxResults=501) == (400, "ValidationException")
    assert panel.refused("getEndpoints", queueARNs=[], nextToken="x") == (400, "ValidationException")


# To a phone number


def test_a_third_party_outside_is_asked_while_the_customer_holds(site, panel):
    ask(panel, "Outside")
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "connecting"}
    assert panel.connection("third")["quickConnectName"] == "Outside"
    assert panel.refused_for("conferenceConnections") == (409, "InvalidStateException")
    site.wait(0.5)
    assert panel.parties()["third"] == "connected"
    panel.act("toggleActiveConnections", "third")
    assert panel.parties() == {"customer": "connected", "agent": "connected", "third": "hold"}
    panel.act("toggleActiveConnections", "third")
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "connected"}
    panel.act("conferenceConnections")
    assert panel.parties() == {"customer": "connected", "agent": "connected", "third": "connected"}
    panel.act("destroyConnection", "third")
    assert panel.parties() == {"customer": "connected", "agent": "connected", "third": "disconnected"}
    assert panel.states == ["connected"]


def test_the_agent_leaves_customer_and_third_party_to_each_other(site, panel):
    ask(panel, "Outside")
    site.wait(0.5)
    panel.act("destroyConnection", "agent")
    assert (panel.state, panel.states) == ("AfterCallWork", ["ended"])


def test_a_third_party_that_does_not_answer(site, panel):
    site.emulator.control("POST", "settings", {"live": {"outbound_answer": "manual"}})
    contact_id = panel.contact["contactId"]
    ask(panel, "Outside")
    assert site.customer(contact_id, "answer")[0] == 409
    assert site.customer(contact_id, "refuse", party="third")[0] == 200
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "disconnected"}
    ask(panel, "Outside")
    assert site.customer(contact_id, "answer", party="third")[0] == 200
    assert site.customer(contact_id, "hang_up", party="third")[0] == 200
    assert site.customer(contact_id, "hang_up", party="third")[0] == 409
    panel.act("resumeConnection", "customer")
    assert panel.parties()["customer"] == "connected"


def test_the_customer_leaves_agent_and_third_party(site, panel):
    contact_id = panel.contact["contactId"]
    ask(panel, "Outside")
    site.wait(0.5)
    site.customer(contact_id, "hang_up")
    assert panel.parties() == {"customer": "disconnected", "agent": "connected", "third": "connected"}
    site.customer(contact_id, "hang_up", party="third")
    assert panel.states == ["ended"]


def test_a_number_can_be_keyed(site, panel):
    panel.act("createAdditionalConnection", endpoint={"type": "phone_number", "phoneNumber": OUTSIDE})
    assert panel.connection("third")["endpoint"]["phoneNumber"] == OUTSIDE
    assert panel.refused_for("createAdditionalConnection", endpoint={"type": "phone_number"}) == (
        409,
        "InvalidStateException",
    )


def test_requests_that_do_not_fit(site, panel):
    assert panel.refused_for("createAdditionalConnection") == (400, "ValidationException")
    assert panel.refused_for("createAdditionalConnection", endpoint={"type": "agent"}) == (400, "BadEndpointException")
    assert panel.refused_for("toggleActiveConnections", "customer") == (409, "InvalidStateException")
    assert panel.refused_for("createAdditionalConnection", endpoint={"type": "phone_number", "phoneNumber": "1"}) == (
        400,
        "BadEndpointException",
    )
    assert panel.parties() == {"customer": "connected", "agent": "connected"}


# To an agent


def test_another_agent_is_asked_and_takes_over(site, panel, other):
    first = panel.contact["contactId"]
    ask(panel, "Second")
    asked = other.contact
    assert asked["contactId"] != first
    assert (asked["initialContactId"], asked["initiationMethod"]) == (first, "transfer")
    assert (asked["type"], asked["state"]["type"]) == ("voice", "connecting")
    assert other.parties() == {"customer": "hold", "agent": "connecting", "third": "connected"}
    assert other.connection("third")["endpoint"]["type"] == "agent"
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "connecting"}
    other.act("acceptContact")
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "connected"}
    assert other.parties() == {"customer": "hold", "agent": "connected", "third": "connected"}

    panel.act("destroyConnection", "agent")
    assert (panel.state, panel.states) == ("AfterCallWork", ["ended"])
    assert other.parties() == {"customer": "connected", "agent": "connected", "third": "disconnected"}
    other.act("destroyConnection", "agent")
    assert other.states == ["ended"]
    record = site.contact({"contact_id": asked["contactId"]})
    assert (record["InitialContactId"], record["PreviousContactId"]) == (first, first)
    assert record["InitiationMethod"] == "TRANSFER"
    assert record["CustomerEndpoint"] == site.contact({"contact_id": first})["CustomerEndpoint"]


def test_a_conference_of_customer_and_two_agents(site, panel, other):
    consult(panel, other)
    panel.act("conferenceConnections")
    assert panel.parties() == other.parties() == {"customer": "connected", "agent": "connected", "third": "connected"}
    site.customer(panel.contact["contactId"], "hang_up")
    assert panel.parties() == other.parties()
    assert other.parties() == {"customer": "disconnected", "agent": "connected", "third": "connected"}
    other.act("destroyConnection", "agent")
    assert other.states == ["ended"]
    assert panel.states == ["ended"]


def test_the_asked_agent_leaves_again(site, panel, other):
    consult(panel, other)
    other.act("destroyConnection", "agent")
    assert other.states == ["ended"]
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "disconnected"}
    panel.act("resumeConnection", "customer")
    assert panel.parties()["customer"] == "connected"


def test_the_asking_agent_ends_the_consultation(site, panel, other):
    consult(panel, other)
    panel.act("destroyConnection", "third")
    assert other.states == ["ended"]
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "disconnected"}


def test_the_asking_agent_takes_the_question_back(site, panel, other):
    ask(panel, "Second")
    panel.act("destroyConnection", "third")
    assert (other.state, other.contacts) == ("Available", [])


@pytest.mark.parametrize("answer", ["rejectContact", None])
def test_the_asked_agent_does_not_answer(site, panel, other, answer):
    ask(panel, "Second")
    asked = other.contact["contactId"]
    if answer:
        other.act(answer)
    else:
        site.wait(20)
    assert other.state == "MissedCallAgent"
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "disconnected"}
    assert site.look_at(asked)["state"] == "ended"


def test_a_transfer_without_waiting_for_the_answer(site, panel, other):
    ask(panel, "Second")
    panel.act("destroyConnection", "agent")
    assert panel.states == ["ended"]
    assert other.parties() == {"customer": "connected", "agent": "connecting", "third": "disconnected"}
    other.act("acceptContact")
    assert other.parties() == {"customer": "connected", "agent": "connected", "third": "disconnected"}
    site.customer(other.contact["contactId"], "hang_up")
    assert other.states == ["ended"]


def test_the_customer_gives_up_while_the_other_agent_is_asked(site, panel, other):
    consult(panel, other)
    site.customer(panel.contact["contactId"], "hang_up")
    assert panel.parties() == {"customer": "disconnected", "agent": "connected", "third": "connected"}
    panel.act("destroyConnection", "agent")
    assert panel.states == ["ended"]
    assert other.states == ["ended"]


def test_the_second_contact_is_analysed_only_if_its_flow_says_so(site, panel, other):
    """A transfer needs the analytics block again in its own flow (connect-api 12.3)."""
    consult(panel, other)
    panel.act("destroyConnection", "agent")
    asked = other.contact["contactId"]
    other.act("destroyConnection", "agent")
    other.act("clearContact")
    site.wait(1)
    assert site.look_at(asked)["outcome"]["files"] == []


# To a queue


def test_a_transfer_to_a_queue(site, panel):
    profile = site.connect.create_routing_profile(
        InstanceId=site.instance,
        Name="Second line",
        Description="Second line",
        DefaultOutboundQueueId=site.second_queue,
        QueueConfigs=[
            {"QueueReference": {"QueueId": site.second_queue, "Channel": "VOICE"}, "Priority": 1, "Delay": 0}
        ],
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )
    assert profile["RoutingProfileId"]
    site.make_agent("expert", routing_profile="Second line")
    first = panel.contact["contactId"]
    ask(panel, "Second line")
    assert panel.parties()["third"] == "connecting"
    expert = site.open_panel("expert")
    assert expert.contact["initialContactId"] == first
    assert expert.contact["queue"]["name"] == "Second line"
    expert.act("acceptContact")
    panel.act("destroyConnection", "agent")
    assert expert.parties() == {"customer": "connected", "agent": "connected", "third": "disconnected"}


def test_a_queue_whose_flow_ends_the_transfer(site, panel):
    site.deploy(action("end", "DisconnectParticipant"), name="Refusal", kind="QUEUE_TRANSFER")
    flows = site.connect.list_contact_flows(InstanceId=site.instance)["ContactFlowSummaryList"]
    refusal = next(item["Id"] for item in flows if item["Name"] == "Refusal")
    listed = site.connect.list_quick_connects(InstanceId=site.instance)["QuickConnectSummaryList"]
    site.connect.update_quick_connect_config(
        InstanceId=site.instance,
        QuickConnectId=next(item["Id"] for item in listed if item["Name"] == "Second line"),
        QuickConnectConfig={
            "QuickConnectType": "QUEUE",
            "QueueConfig": {"QueueId": site.second_queue, "ContactFlowId": refusal},
        },
    )
    ask(panel, "Second line")
    assert panel.parties() == {"customer": "hold", "agent": "connected", "third": "disconnected"}


def test_a_transfer_in_one_step(site, panel, other):
    panel.act("transferContact", endpoint=endpoint(panel, "Second"))
    assert panel.states == ["ended"]
    assert other.parties() == {"customer": "connected", "agent": "connecting", "third": "disconnected"}


def test_an_agent_who_is_reset_leaves_nothing_behind(site, panel, other):
    consult(panel, other)
    site.ring()
    contact_id = panel.contact["contactId"]
    site.to_agent("reset")
    assert (panel.state, panel.contacts) == ("Available", [])
    assert (other.state, other.contacts) == ("Available", [])
    site.wait(60)
    assert site.look_at(contact_id)["outcome"] is None
    assert panel.contacts == other.contacts == []
