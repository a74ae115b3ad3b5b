# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chats and messages of messaging services, and the participant service (sap-cti 3.3, 3.4)."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.local_cloud.connect_emulator import ccp

from .call_site import record
from .call_site import to_queue
from .live_site import CALLER
from .live_site import HOST
from .live_site import LiveSite


@pytest.fixture
def site(emulator, connect, instance):
    site = LiveSite(emulator, connect, instance)
    site.deploy(record(), *to_queue(site.queue_arn))
    site.add_rule("SAPPostChatAnalytics", source="OnPostChatAnalysisAvailable")
    return site


@pytest.fixture
def panel(site):
    return site.open_panel()


def write(site, **request):
    """Let a customer begin a chat; return the contact's id."""
    request = {"channel": "CHAT", "contact_flow": "Main", "dialled_number": ..., "caller": ..., **request}
    return site.ring(**request)


def participant(action, token, method="POST", **request):
    headers = {"Host": HOST, "X-Amz-Bearer": token} if token else {"Host": HOST}
    status, headers, body = asyncio.run(
        ccp.handle("test", method, f"/participant/{action}", headers, json.dumps(request).encode())
    )
    assert headers["Access-Control-Allow-Origin"] == "*"
    return status, json.loads(body) if body else None


def token_of(panel):
    connection_id = panel.connection("agent")["connectionId"]
    answer = panel.act("createTransport", transportType="chat_token", participantId=connection_id)
    return answer["chatTokenTransport"]["participantToken"]


def texts(token, **request):
    status, answer = participant("transcript", token, **request)
    assert status == 200, answer
    return [item["Content"] for item in answer["Transcript"] if item["Type"] == "MESSAGE"]


def test_a_chat_is_answered_and_ends(site, panel):
    contact_id = write(site, customer_name="Ada", message="Hello", attributes={"Email": "ada@example.com"})
    contact = panel.contact
    assert (contact["contactId"], contact["type"], contact["initiationMethod"]) == (contact_id, "chat", "api")
    assert contact["segmentAttributes"] == {"connect:Subtype": {"ValueString": "connect:Chat"}}
    assert contact["attributes"]["Email"]["value"] == "ada@example.com"
    assert panel.connection("customer")["chatMediaInfo"]["customerName"] == "Ada"
    assert panel.connection("customer")["endpoint"]["phoneNumber"] is None
    assert (panel.states, panel.state) == (["connecting"], "Available")
    panel.act("acceptContact")
    panel.act("sendMessage", text="How can I help you?")
    site.customer(contact_id, "say", text="My order is late.")
    assert [message["text"] for message in panel.contact["messages"]] == [
        "Hello",
        "How can I help you?",
        "My order is late.",
    ]
    site.customer(contact_id, "hang_up")
    assert panel.states == ["ended"]
    assert site.customer(contact_id, "say", text="Hello?")[0] == 409
    assert panel.refused_for("sendMessage", text="Bye") == (409, "InvalidStateException")
    panel.act("clearContact")
    site.wait(1)
    outcome = site.look_at(contact_id)["outcome"]
    assert outcome["matched_rules"] == ["SAPPostChatAnalytics"]
    analysis = site.stored(site.analysis_key(outcome))
    assert [(line["ParticipantId"], line["Content"]) for line in analysis["Transcript"]] == [
        ("CUSTOMER", "Hello"),
        ("AGENT", "How can I help you?"),
        ("CUSTOMER", "My order is late."),
    ]


@pytest.mark.parametrize("subtype", ["connect:SMS", "connect:WhatsApp"])
def test_messages_come_from_a_number(site, panel, subtype):
    write(site, subtype=subtype, caller=CALLER, message="Hello")
    assert panel.contact["type"] == "chat"
    assert panel.contact["segmentAttributes"]["connect:Subtype"]["ValueString"] == subtype
    assert panel.connection("customer")["endpoint"] == {"type": "phone_number", "phoneNumber": CALLER}
    assert panel.contact["customerEndpoint"]["phoneNumber"] == CALLER


def test_an_agent_has_as_many_chats_as_the_profile_says(site, panel):
    for _unused in range(3):
        write(site)
    assert panel.states == ["connecting", "connecting"]
    site.ring()
    assert len(panel.contacts) == 2


def test_a_call_leaves_no_room_for_chats(site, panel):
    site.ring()
    panel.act("acceptContact")
    write(site)
    assert [contact["type"] for contact in panel.contacts] == ["voice"]


def test_a_chat_that_is_missed(site, panel):
    write(site)
    site.wait(20)
    assert (panel.state, panel.states) == ("MissedCallAgent", ["missed"])
    panel.act("clearContact")
    assert (panel.state, panel.states) == ("Available", ["connecting"])


def test_a_chat_goes_over_to_another_agent_at_once(site, panel):
    site.make_agent("second")
    flows = site.connect.list_contact_flows(InstanceId=site.instance)["ContactFlowSummaryList"]
    users = site.connect.list_users(InstanceId=site.instance)["UserSummaryList"]
    made = site.connect.create_quick_connect(
        InstanceId=site.instance,
        Name="Second",
        QuickConnectConfig={
            "QuickConnectType": "USER",
            "UserConfig": {
                "UserId": next(user["Id"] for user in users if user["Username"] == "second"),
                "ContactFlowId": next(flow["Id"] for flow in flows if flow["Name"] == "Default agent transfer"),
            },
        },
    )["QuickConnectId"]
    site.connect.associate_queue_quick_connects(InstanceId=site.instance, QueueId=site.queue, QuickConnectIds=[made])
    first = write(site, message="Hello")
    panel.act("acceptContact")
    (endpoint,) = panel.do("getEndpoints", queueARNs=[site.queue_arn])["endpoints"]
    panel.act("createAdditionalConnection", endpoint=endpoint)
    assert panel.states == ["ended"]
    second = site.open_panel("second")
    assert second.contact["initialContactId"] == first
    second.act("acceptContact")
    assert [message["text"] for message in second.contact["messages"]] == ["Hello"]


# The participant service


def test_the_transcript_can_be_read_until_the_contact_is_closed(site, panel):
    contact_id = write(site, customer_name="Ada", message="Hello")
    panel.act("acceptContact")
    token = token_of(panel)
    status, sent = participant("message", token, Content="How can I help you?", ContentType="text/plain")
    assert (status, set(sent)) == (200, {"Id", "AbsoluteTime"})
    panel.act("destroyConnection", "agent")
    status, answer = participant("transcript", token, SortOrder="ASCENDING")
    assert (status, answer["InitialContactId"]) == (200, contact_id)
    assert [(item["Type"], item["ParticipantRole"], item["Content"]) for item in answer["Transcript"]] == [
        ("MESSAGE", "CUSTOMER", "Hello"),
        ("EVENT", "AGENT", None),
        ("MESSAGE", "AGENT", "How can I help you?"),
        ("EVENT", "SYSTEM", None),
    ]
    assert [item["DisplayName"] for item in answer["Transcript"][:3]] == ["Ada", "agent", "agent"]
    assert participant("message", token, Content="Hello?", ContentType="text/plain")[0] == 409
    panel.act("clearContact")
    assert participant("transcript", token)[0] == 403


def test_the_transcript_comes_in_pages(site, panel):
    contact_id = write(site, message="1")
    panel.act("acceptContact")
    for text in "2345":
        site.customer(contact_id, "say", text=text)
    token = token_of(panel)
    assert texts(token) == ["5", "4", "3", "2", "1"]
    assert texts(token, SortOrder="ASCENDING", MaxResults=2) == ["4", "5"]
    assert texts(token, ScanDirection="FORWARD", SortOrder="ASCENDING", MaxResults=3) == ["1", "2"]
    _status, first = participant("transcript", token, MaxResults=4, SortOrder="ASCENDING")
    _status, rest = participant("transcript", token, MaxResults=4, SortOrder="ASCENDING", NextToken=first["NextToken"])
    assert "NextToken" not in rest
    contents = [item["Content"] for item in rest["Transcript"] + first["Transcript"] if item["Content"]]
    assert contents == ["1", "2", "3", "4", "5"]


def test_a_participant_token_is_exchanged_for_a_connection(site, panel):
    write(site, message="Hello")
    panel.act("acceptContact")
    data = json.loads(panel.connection("agent")["chatMediaInfo"]["connectionData"])
    participant_token = data["ConnectionAuthenticationToken"]
    assert participant("transcript", participant_token)[0] == 403
    status, answer = participant("connection", participant_token, Type=["CONNECTION_CREDENTIALS"])
    assert status == 200
    token = answer["ConnectionCredentials"]["ConnectionToken"]
    assert texts(token) == ["Hello"]
    assert participant("connection", token, Type=["CONNECTION_CREDENTIALS"])[0] == 403
    assert participant("connection", participant_token, Type=["WEBSOCKET"])[0] == 400
    assert participant("event", token, ContentType="application/vnd.amazonaws.connect.event.typing")[0] == 200
    assert participant("disconnect", token)[0] == 200
    assert panel.states == ["ended"]


def test_requests_to_the_participant_service_are_checked(site, panel):
    write(site, message="Hello")
    panel.act("acceptContact")
    token = token_of(panel)
    assert participant("transcript", None)[0] == 403
    assert participant("transcript", "guessed")[0] == 403
    assert participant("transcript", token, MaxResults=101)[0] == 400
    assert participant("transcript", token, SortOrder="RANDOM")[0] == 400
    assert participant("transcript", token, NextToken="x")[0] == 400
    assert participant("transcript", token, ContactId="other")[0] == 403
    assert participant("message", token, Content="Hi", ContentType="text/html")[0] == 400
    assert participant("message", token, Content="x" * 1025, ContentType="text/plain")[0] == 400
    assert participant("event", token, ContentType="text/plain")[0] == 400
    assert participant("attachment", token)[0] == 404
    assert participant("transcript", token, method="GET")[0] == 405
    assert participant("transcript", None, method="OPTIONS") == (204, None)


def test_only_agents_who_take_part_get_a_token(site, panel):
    write(site)
    connection_id = panel.connection("agent")["connectionId"]
    request = {"transportType": "chat_token", "participantId": connection_id}
    assert panel.refused_for("createTransport", **request) == (403, "AccessDeniedException")
    panel.act("acceptContact")
    assert panel.refused_for("createTransport", transportType="chat_token", participantId="x")[0] == 403
    assert panel.refused_for("createTransport", transportType="web_rtc") == (501, "NotImplementedException")
    assert panel.act("createTransport", **request)["chatTokenTransport"]["expiry"].endswith("Z")
