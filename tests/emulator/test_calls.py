# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated calls: the contact, its files, its rules and its events (connect-api 6.2, 9, 12)."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from .call_site import ACCOUNT
from .call_site import BUCKET
from .call_site import END
from .call_site import FUNCTION
from .call_site import REGION
from .call_site import CallSite
from .call_site import action
from .call_site import record
from .call_site import to_queue


@pytest.fixture
def site(emulator, connect, instance):
    return CallSite(emulator, connect, instance)


@pytest.fixture
def analysed(site):
    """A site whose flow records and analyses, with the rule and its delivery."""
    site.deploy(record(), *to_queue(site.queue_arn))
    site.add_rule()
    site.events.add_rule()
    site.functions.allow()
    return site


def test_a_call_from_the_number_to_the_event(analysed):
    answer = analysed.call(started_at="2026-03-01T10:00:00Z", duration=90)
    assert answer["path"] == ["record", "queue", "transfer"]
    assert answer["queue"] == "BasicQueue"
    assert answer["agent"] == "agent"
    assert answer["bucket"] == BUCKET
    assert answer["problems"] == []
    contact_id = answer["contact_id"]
    # 5 seconds in the flow, 5 in the queue.
    assert answer["files"] == [
        f"connect/test/CallRecordings/2026/03/01/{contact_id}_20260301T10:00_UTC.wav",
        f"Analysis/Voice/2026/03/01/{contact_id}_analysis_2026-03-01T10:00:10Z.json",
    ]
    assert answer["matched_rules"] == ["SAPPostCallAnalytics"]
    (event,) = answer["events"]
    assert event == {
        "version": "0",
        "id": event["id"],
        "source": "aws.connect",
        "detail-type": "Contact Lens Post Call Rules Matched",
        "account": ACCOUNT,
        "time": event["time"],
        "region": REGION,
        "resources": [analysed.arn],
        "detail": {
            "version": "1.0",
            "ruleName": "SAPPostCallAnalytics",
            "actionName": "SAPPostCallAnalytics-event",
            "instanceArn": analysed.arn,
            "contactArn": f"{analysed.arn}/contact/{contact_id}",
            "agentArn": f"{analysed.arn}/agent/{analysed.agent}",
            "queueArn": analysed.queue_arn,
        },
    }
    assert answer["deliveries"] == [{"rule": "contact-lens", "target": FUNCTION, "status": "delivered", "reason": None}]
    assert analysed.functions.invocations == [("summary", "Event", event)]


def test_describe_contact_and_its_attributes(analysed):
    answer = analysed.call(started_at="2026-03-01T10:00:00Z", duration=90, attributes={"ANI": "1"})
    contact = analysed.contact(answer)
    begin = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert contact["InitiationTimestamp"] == contact["ConnectedToSystemTimestamp"] == begin
    assert contact["QueueInfo"] == {"Id": analysed.queue, "EnqueueTimestamp": begin + timedelta(seconds=5)}
    assert contact["AgentInfo"]["Id"] == analysed.agent
    assert contact["AgentInfo"]["ConnectedToAgentTimestamp"] == begin + timedelta(seconds=10)
    assert contact["DisconnectTimestamp"] == begin + timedelta(seconds=100)
    assert contact["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    assert (contact["Channel"], contact["InitiationMethod"]) == ("VOICE", "INBOUND")
    assert contact["CustomerEndpoint"] == {"Type": "TELEPHONE_NUMBER", "Address": "+442079460999"}
    assert contact["SystemEndpoint"]["Address"] == analysed.number
    assert contact["Recordings"][0]["Location"] == f"{BUCKET}/{answer['files'][0]}"
    key = {"InstanceId": analysed.instance, "InitialContactId": answer["contact_id"]}
    assert analysed.connect.get_contact_attributes(**key)["Attributes"] == {"ANI": "1"}
    analysed.connect.update_contact_attributes(**key, Attributes={"Note": "2"})
    assert analysed.connect.get_contact_attributes(**key)["Attributes"] == {"ANI": "1", "Note": "2"}
    shown = analysed.emulator.control("GET", f"contacts/{answer['contact_id']}")
    assert shown["Attributes"] == {"ANI": "1", "Note": "2"}


def test_search_contacts(analysed):
    first = analysed.call(started_at="2026-03-01T10:00:00Z")["contact_id"]
    second = analysed.call(started_at="2026-03-02T10:00:00Z", agent=...)["contact_id"]

    def found(**criteria):
        answer = analysed.connect.search_contacts(
            InstanceId=analysed.instance,
            TimeRange={
                "Type": "INITIATION_TIMESTAMP",
                "StartTime": datetime(2026, 3, 1, tzinfo=UTC),
                "EndTime": datetime(2026, 3, 3, tzinfo=UTC),
            },
            SearchCriteria=criteria,
        )
        return [contact["Id"] for contact in answer["Contacts"]]

    assert found() == found(QueueIds=[analysed.queue]) == [second, first]
    assert found(AgentIds=[analysed.agent]) == [first]
    assert found(Channels=["CHAT"]) == []


def test_without_start_time_the_call_ends_now(analysed):
    contact = analysed.contact(analysed.call(duration=600))
    assert abs(contact["DisconnectTimestamp"] - datetime.now(UTC)) < timedelta(seconds=60)


def test_the_folder_is_the_utc_day_of_connecting_to_the_agent(analysed):
    answer = analysed.call(started_at="2026-03-02T00:59:50+01:00", queue_seconds=30)
    assert [key for key in answer["files"] if "/2026/03/02/" in key] == answer["files"]
    assert answer["files"][1].endswith("_analysis_2026-03-02T00:00:25Z.json")


def test_times_of_the_flow_count(site):
    site.deploy(
        action(
            "wait",
            "Wait",
            "record",
            TimeLimitSeconds="60",
            errors={"NoMatchingError": "end"},
            branches={"WaitCompleted": "record"},
        ),
        record(),
        *to_queue(site.queue_arn),
    )
    contact = site.contact(site.call(started_at="2026-03-01T10:00:00Z", ivr_seconds=0))
    assert contact["QueueInfo"]["EnqueueTimestamp"] == datetime(2026, 3, 1, 10, 1, tzinfo=UTC)


# Who takes the call


def test_without_an_agent_the_contact_waits_and_ends(analysed):
    answer = analysed.call(agent=..., started_at="2026-03-01T10:00:00Z", duration=40)
    assert answer["agent"] is None
    assert answer["queue"] == "BasicQueue"
    assert answer["files"] == answer["events"] == []
    contact = analysed.contact(answer)
    assert "AgentInfo" not in contact
    assert contact["DisconnectTimestamp"] == datetime(2026, 3, 1, 10, 0, 45, tzinfo=UTC)
    assert contact["DisconnectReason"] == "CUSTOMER_DISCONNECT"


def test_an_agent_whose_routing_profile_lacks_the_queue_does_not_get_the_call(site):
    _queue, arn = site.make_queue("Other")
    site.deploy(record(), *to_queue(arn))
    answer = site.call()
    assert (answer["queue"], answer["agent"], answer["files"]) == ("Other", None, [])


def test_an_agent_without_the_channel_does_not_get_the_contact(site):
    site.connect.create_routing_profile(
        InstanceId=site.instance,
        Name="Chats",
        Description="Chats only",
        DefaultOutboundQueueId=site.queue,
        QueueConfigs=[{"QueueReference": {"QueueId": site.queue, "Channel": "CHAT"}, "Priority": 1, "Delay": 0}],
        MediaConcurrencies=[{"Channel": "CHAT", "Concurrency": 2}],
    )
    site.make_agent("chatter", "Chats")
    flow = site.deploy(record(), *to_queue(site.queue_arn))
    assert site.call(agent="chatter")["agent"] is None
    chat = site.call(agent="chatter", channel="CHAT", contact_flow=flow)
    assert chat["agent"] == "chatter"


def test_an_agents_own_queue(site):
    site.make_agent("other")
    site.deploy(
        action("queue", "UpdateContactTargetQueue", "transfer", AgentId=site.agent, errors={"NoMatchingError": "end"}),
        *to_queue(site.queue_arn)[1:],
    )
    assert site.call()["agent"] == "agent"
    assert site.call(agent="other")["agent"] is None


def test_a_full_or_disabled_queue_takes_its_branch(site):
    full, arn = site.make_queue("Full", MaxContacts=1)
    actions = to_queue(arn)
    actions[1] = action(
        "transfer",
        "TransferContactToQueue",
        "end",
        errors={"QueueAtCapacity": "full", "NoMatchingError": "failed"},
    )
    full_end, failed_end = action("full", "DisconnectParticipant"), action("failed", "DisconnectParticipant")
    site.deploy(*actions, full_end, failed_end)
    first = site.call(started_at="2026-03-01T10:00:00Z", duration=600, agent=...)
    assert first["path"][-1] == "transfer"
    second = site.call(started_at="2026-03-01T10:05:00Z", agent=...)
    assert second["path"][-1] == "full"
    assert second["queue"] is None
    assert second["disconnect_reason"] == "CONTACT_FLOW_DISCONNECT"
    later = site.call(started_at="2026-03-01T11:00:00Z", agent=...)
    assert later["path"][-1] == "transfer"
    site.connect.update_queue_status(InstanceId=site.instance, QueueId=full, Status="DISABLED")
    assert site.call(started_at="2026-03-01T12:00:00Z")["path"][-1] == "failed"


# Flows around the queue


def test_whisper_flows_run_and_may_change_the_recording(analysed):
    answer = analysed.call()
    assert set(answer["hook_paths"]) == {"CustomerQueue", "AgentWhisper", "CustomerWhisper"}
    analysed.deploy(
        action("stop", "UpdateContactRecordingBehavior", "resume", RecordingBehavior={"RecordedParticipants": []}),
        action("resume", "EndFlowExecution"),
        name="Default agent whisper",
        kind="AGENT_WHISPER",
    )
    answer = analysed.call()
    assert answer["hook_paths"]["AgentWhisper"] == ["stop", "resume"]
    assert answer["recording_analysis"]["analytics"] is False
    assert answer["files"] == answer["events"] == []


def test_an_event_hook_replaces_the_default_flow(site):
    hook = site.deploy(
        action("say", "MessageParticipant", "resume", Text="Hello $.Queue.Name"),
        action("resume", "EndFlowExecution"),
        name="Our whisper",
        kind="CUSTOMER_WHISPER",
    )
    site.deploy(
        action(
            "hook",
            "UpdateContactEventHooks",
            "queue",
            EventHooks={"CustomerWhisper": hook},
            errors={"NoMatchingError": "end"},
        ),
        *to_queue(site.queue_arn),
    )
    answer = site.call()
    assert answer["hook_paths"]["CustomerWhisper"] == ["say", "resume"]
    assert "Hello BasicQueue" in answer["messages"]


def test_the_queue_flow_may_end_the_contact(site):
    site.deploy(action("bye", "DisconnectParticipant"), name="Default customer queue", kind="CUSTOMER_QUEUE")
    site.deploy(record(), *to_queue(site.queue_arn))
    answer = site.call()
    assert answer["agent"] is None
    assert answer["disconnect_reason"] == "CONTACT_FLOW_DISCONNECT"


def test_an_interrupted_queue_flow_offers_a_menu(site):
    site.deploy(
        action(
            "wait",
            "MessageParticipantIteratively",
            "wait",
            Messages=[{"Text": "Please wait"}],
            InterruptFrequencySeconds="20",
            branches={"MessagesInterrupted": "menu"},
        ),
        action(
            "menu",
            "GetParticipantInput",
            "wait",
            Text="Press 1 to leave",
            StoreInput="False",
            InputTimeLimitSeconds="5",
            branches={"1": "end"},
            errors={"NoMatchingCondition": "wait", "InputTimeLimitExceeded": "wait", "NoMatchingError": "wait"},
        ),
        END,
        name="Default customer queue",
        kind="CUSTOMER_QUEUE",
    )
    site.deploy(record(), *to_queue(site.queue_arn))
    assert site.call(queue_seconds=10, inputs=["1"])["hook_paths"]["CustomerQueue"] == ["wait"]
    answer = site.call(queue_seconds=30, inputs=["1"])
    assert answer["hook_paths"]["CustomerQueue"] == ["wait", "menu", "end"]
    assert answer["agent"] is None
    stays = site.call(queue_seconds=50, inputs=[None, "7"])
    assert stays["hook_paths"]["CustomerQueue"] == ["wait", "menu", "wait", "menu", "wait"]
    assert stays["agent"] == "agent"


# What the control address refuses


def test_unknown_things_are_not_found(analysed):
    for wrong in ({"dialled_number": "+442079460000"}, {"instance": "nowhere"}, {"agent": "nobody"}):
        status, answer = analysed.try_call(**wrong)
        assert status == 404
        assert answer["message"]


def test_requests_that_make_no_sense(analysed):
    number = analysed.number_id
    for wrong in (
        {"channel": "TASK"},
        {"duration": -1},
        {"started_at": "yesterday"},
        {"dialled_number": ..., "channel": "CHAT"},
        {"colour": "red"},
    ):
        status, answer = analysed.try_call(**wrong)
        assert status == 400, wrong
        assert answer["message"]
    analysed.connect.disassociate_phone_number_contact_flow(PhoneNumberId=number, InstanceId=analysed.instance)
    assert analysed.try_call()[0] == 400


def test_an_instance_without_inbound_calls_takes_none(analysed):
    analysed.connect.update_instance_attribute(
        InstanceId=analysed.instance, AttributeType="INBOUND_CALLS", Value="false"
    )
    assert analysed.try_call()[0] == 400


def test_instance_and_region_may_be_left_out_or_named_by_alias(analysed):
    assert analysed.call(instance=..., region=...)["agent"] == "agent"
    assert analysed.call(instance="test")["agent"] == "agent"


def test_a_saved_draft_does_not_answer(site):
    flow = site.deploy(record(), *to_queue(site.queue_arn))
    draft = '{"Version": "2019-10-30", "StartAction": "gone", "Actions": []}'
    site.connect.update_contact_flow_content(InstanceId=site.instance, ContactFlowId=f"{flow}:$SAVED", Content=draft)
    assert site.call()["agent"] == "agent"


def test_a_sap_that_does_not_answer_is_a_problem_and_no_failure(analysed, monkeypatch):
    monkeypatch.setenv("SAP_STANDIN_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    answer = analysed.call()
    assert answer["sap_phone_call_id"] is None
    assert "SAP" in answer["problems"][0]
    assert answer["events"]
    assert analysed.call(agent=...)["problems"] == []


def test_a_transfer_is_a_contact_of_its_own(analysed, connect, instance):
    first = analysed.call()["contact_id"]
    second = analysed.call(transferred_from=first)
    third = analysed.call(transferred_from=second["contact_id"])["contact_id"]
    assert second["matched_rules"] == ["SAPPostCallAnalytics"]
    contact = connect.describe_contact(InstanceId=instance, ContactId=third)["Contact"]
    assert contact["InitiationMethod"] == "TRANSFER"
    assert (contact["PreviousContactId"], contact["InitialContactId"]) == (second["contact_id"], first)


def test_a_transfer_from_nowhere_is_refused(analysed):
    status, answer = analysed.try_call(transferred_from="11111111-1111-4111-8111-111111111111")
    assert (status, "was found" in answer["message"]) == (404, True)
