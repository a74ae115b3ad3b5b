# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events of rules and their delivery (connect-api 12.1)."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.connect_emulator.event_delivery import target_input
from tests.local_cloud.connect_emulator.events import is_lost
from tests.local_cloud.connect_emulator.events import rule_matched_event
from tests.local_cloud.connect_emulator.function_policy import is_allowed
from tests.local_cloud.connect_emulator.model import operation_model
from tests.local_cloud.connect_emulator.settings import LostEvents
from tests.local_cloud.connect_emulator.state import Context

from .call_site import ACCOUNT
from .call_site import FUNCTION
from .call_site import QUEUE
from .call_site import REGION
from .call_site import RULE_ARN
from .call_site import CallSite
from .call_site import record
from .call_site import to_queue

EVENT = {
    "source": "aws.connect",
    "time": "2026-03-01T10:00:00Z",
    "detail": {"contactArn": "arn:contact", "ruleName": 'Say "hello"', "number": 7, "nested": {"a": [1]}},
}
RULE = {"Name": "contact-lens", "Arn": RULE_ARN}


@pytest.fixture
def site(emulator, connect, instance):
    site = CallSite(emulator, connect, instance)
    site.deploy(record(), *to_queue(site.queue_arn))
    site.add_rule()
    return site


def test_a_failed_analysis_sends_its_event_in_place_of_the_rules(site):
    site.functions.allow()
    site.events.add_rule(pattern={"detail-type": ["Contact Lens Analysis State Change"]})
    answer = site.call(analysis_failure="RECORDING_FILE_INVALID")
    (event,) = answer["events"]
    contact = f"{site.arn}/contact/{answer['contact_id']}"
    assert event["detail-type"] == "Contact Lens Analysis State Change"
    assert event["detail"] == {
        "instance": site.arn,
        "contact": contact,
        "channel": "VOICE",
        "state": "FAILED",
        "reasonCode": "RECORDING_FILE_INVALID",
    }
    assert [event for _name, _kind, event in site.functions.invocations] == [event]
    assert answer["matched_rules"] == []
    assert not any(key.startswith("Analysis/") for key in answer["files"])
    assert site.call()["matched_rules"] != []


def test_an_analysis_fails_for_a_known_reason(site):
    status, _answer = site.try_call(analysis_failure="BAD_LUCK")
    assert status == 400


def test_each_step_of_a_contact_sends_an_event(site):
    site.functions.allow()
    site.events.add_rule(pattern={"source": ["aws.connect"], "detail-type": ["Amazon Connect Contact Event"]})
    answer = site.call(started_at="2026-03-01T10:00:00Z", duration=90)
    events = [item["event"] for item in answer["contact_events"]]
    assert [event["detail"]["eventType"] for event in events] == [
        "INITIATED",
        "CONNECTED_TO_SYSTEM",
        "QUEUED",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
    ]
    assert [event for _name, _kind, event in site.functions.invocations] == events
    assert {item["status"] for step in answer["contact_events"] for item in step["deliveries"]} == {"delivered"}
    contact = answer["contact_id"]
    assert events[-1] == {
        "version": "0",
        "id": events[-1]["id"],
        "source": "aws.connect",
        "detail-type": "Amazon Connect Contact Event",
        "account": ACCOUNT,
        "time": "2026-03-01T10:01:40Z",
        "region": REGION,
        "resources": [f"{site.arn}/contact/{contact}", site.arn],
        "detail": {
            "eventType": "DISCONNECTED",
            "contactId": contact,
            "initialContactId": contact,
            "channel": "VOICE",
            "instanceArn": site.arn,
            "initiationMethod": "INBOUND",
            "initiationTimestamp": "2026-03-01T10:00:00.000Z",
            "connectedToSystemTimestamp": "2026-03-01T10:00:00.000Z",
            "queueInfo": {
                "queueArn": site.queue_arn,
                "queueType": "STANDARD",
                "enqueueTimestamp": "2026-03-01T10:00:05.000Z",
            },
            "agentInfo": {
                "agentArn": f"{site.arn}/agent/{site.agent}",
                "connectedToAgentTimestamp": "2026-03-01T10:00:10.000Z",
            },
            "disconnectTimestamp": "2026-03-01T10:01:40.000Z",
        },
    }
    assert "queueInfo" not in events[1]["detail"]


def test_a_step_that_was_not_taken_sends_no_event(site):
    steps = [item["event"]["detail"]["eventType"] for item in site.call(agent=None)["contact_events"]]
    assert steps == ["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "DISCONNECTED"]


def deliveries(site):
    return [(item["rule"], item["status"], item["reason"]) for item in site.call()["deliveries"]]


def test_every_rule_and_target_that_matches_gets_the_event(site):
    site.functions.allow(source=RULE_ARN.replace("contact-lens", "*"))
    for name in ("one", "two", "three"):
        site.events.add_rule(name)
    site.events.targets["two"].append({"Id": "2", "Arn": FUNCTION})
    answer = site.call()
    assert [item["rule"] for item in answer["deliveries"]] == ["one", "two", "two", "three"]
    assert [event for _name, _kind, event in site.functions.invocations] == answer["events"] * 4


def test_reasons_why_nothing_was_delivered(site):
    assert deliveries(site) == []
    site.functions.allow()
    site.events.add_rule("off", state="DISABLED")
    site.events.add_rule("elsewhere", pattern={"source": ["aws.s3"]})
    site.events.add_rule("empty")
    site.events.targets["empty"] = []
    site.events.add_rule("queue", Arn="arn:aws:sqs:eu-west-2:111111111111:q")
    site.events.add_rule("forbidden")
    site.events.add_rule("contact-lens")
    assert deliveries(site) == [
        ("off", "not matched", "The rule is disabled"),
        ("elsewhere", "not matched", "The event does not match the rule's pattern"),
        ("empty", "not delivered", "The rule has no target"),
        ("queue", "not delivered", "The emulator delivers to Lambda functions only"),
        (
            "forbidden",
            "not delivered",
            "The function's resource policy does not allow events.amazonaws.com to invoke it for "
            + RULE_ARN.replace("contact-lens", "forbidden"),
        ),
        ("contact-lens", "delivered", None),
    ]
    assert len(site.functions.invocations) == 1


def test_without_agent_or_queue_their_arns_are_missing(site):
    context = Context(site.emulator.state, operation_model("DescribeContact"), ACCOUNT, REGION, "")
    instance = context.region_state.instances[site.instance]
    event = rule_matched_event(
        context,
        instance,
        rule=instance.store("rules").find("SAPPostCallAnalytics"),
        action_name="action",
        contact_id="c",
        agent_id=None,
        queue=None,
    )
    assert set(event["detail"]) == {"version", "ruleName", "actionName", "instanceArn", "contactArn"}


def test_a_schedule_gets_no_events(site):
    site.events.add_rule("nightly")
    site.events.rules[0]["EventPattern"] = None
    assert deliveries(site) == []


def test_a_function_without_a_policy_is_not_invoked(site):
    site.events.add_rule()
    ((_rule, status, reason),) = deliveries(site)
    assert status == "not delivered"
    assert "no resource policy" in reason


def test_a_function_that_cannot_be_invoked(site):
    site.events.add_rule()
    site.functions.allow()

    def invoke(**_request):
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "gone"}}, "Invoke")

    site.functions.invoke = invoke
    ((_rule, status, reason),) = deliveries(site)
    assert (status, "gone" in reason) == ("not delivered", True)


def test_an_event_bus_that_fails_is_told(site):
    def list_rules(**_request):
        raise ClientError({"Error": {"Code": "InternalException", "Message": "down"}}, "ListRules")

    site.events.list_rules = list_rules
    ((rule, status, reason),) = deliveries(site)
    assert (rule, status, "down" in reason) == (None, "not delivered", True)


# Retries and dead letters


def refuse(*codes, then=None):
    """Return an Invoke that fails with these error codes in turn, and counts its calls."""
    left, calls = list(codes), []

    def invoke(**_request):
        calls.append(1)
        if left:
            status = {"HTTPStatusCode": 500 if left[0] == "ServiceException" else 400}
            raise ClientError({"Error": {"Code": left.pop(0), "Message": "no"}, "ResponseMetadata": status}, "Invoke")
        return {"StatusCode": 202}

    return invoke, calls


def dead_letter(site, **target):
    """Deliver the event of a call to a target that has a dead-letter queue; return the one message there."""
    site.functions.allow()
    site.queue_of_dead_letters.allow()
    site.events.add_rule(DeadLetterConfig={"Arn": QUEUE}, **target)
    answer = site.call()
    ((_rule, status, reason),) = [(item["rule"], item["status"], item["reason"]) for item in answer["deliveries"]]
    assert (status, reason.endswith(f"; sent to {QUEUE}")) == ("not delivered", True)
    (message,) = site.queue_of_dead_letters.messages
    assert message.pop("body") == answer["events"][0]
    return message


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ServiceException"])
def test_what_goes_away_is_tried_again(site, code):
    site.functions.allow()
    site.events.add_rule()
    site.functions.invoke, calls = refuse(*[code] * 185)
    assert deliveries(site) == [("contact-lens", "delivered", None)]
    assert len(calls) == 186


@pytest.mark.parametrize(
    ("policy", "condition", "retries"),
    [
        ({}, "MaximumRetryAttempts", "185"),
        ({"MaximumRetryAttempts": 0}, "MaximumRetryAttempts", "0"),
        ({"MaximumRetryAttempts": 4}, "MaximumRetryAttempts", "4"),
        # Pauses of 1, 2, 4, 8 and 16 seconds; the next one would end after 63.
        ({"MaximumEventAgeInSeconds": 60}, "MaximumEventAgeInSeconds", "5"),
    ],
)
def test_a_retry_policy_that_ends_sends_a_dead_letter(site, policy, condition, retries):
    site.functions.invoke, calls = refuse(*["TooManyRequestsException"] * 400)
    message = dead_letter(site, RetryPolicy=policy)
    assert "TooManyRequestsException" in message.pop("ERROR_MESSAGE")
    assert message == {
        "RULE_ARN": RULE_ARN,
        "TARGET_ARN": FUNCTION,
        "ERROR_CODE": "THROTTLING",
        "EXHAUSTED_RETRY_CONDITION": condition,
        "RETRY_ATTEMPTS": retries,
    }
    assert len(calls) == int(retries) + 1


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("ResourceNotFoundException", "NO_RESOURCE"),
        ("AccessDeniedException", "NO_PERMISSIONS"),
        ("X", "ERROR_FROM_TARGET"),
    ],
)
def test_what_stays_is_not_tried_again(site, code, told):
    site.functions.invoke, calls = refuse(*[code] * 9)
    message = dead_letter(site)
    assert (message["ERROR_CODE"], message["RETRY_ATTEMPTS"]) == (told, "0")
    assert "EXHAUSTED_RETRY_CONDITION" not in message
    assert len(calls) == 1


@pytest.mark.parametrize("exists", [True, False])
def test_a_function_that_is_gone_and_one_that_forbids_are_told_apart(site, exists):
    def get_function_configuration(**_request):
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "gone"}}, "GetFunction")

    site.queue_of_dead_letters.allow()
    site.events.add_rule(DeadLetterConfig={"Arn": QUEUE})
    if not exists:
        site.functions.get_function_configuration = get_function_configuration
    site.call()
    (message,) = site.queue_of_dead_letters.messages
    assert message["ERROR_CODE"] == ("NO_PERMISSIONS" if exists else "NO_RESOURCE")


@pytest.mark.parametrize("source", [None, RULE_ARN.replace("contact-lens", "another")])
def test_a_queue_takes_dead_letters_of_the_rules_in_its_policy_only(site, source):
    if source:
        site.queue_of_dead_letters.allow(source)
    site.events.add_rule(DeadLetterConfig={"Arn": QUEUE})
    ((_rule, status, reason),) = deliveries(site)
    assert status == "not delivered"
    assert "the dead-letter queue refused it: Its policy does not allow events.amazonaws.com" in reason
    assert site.queue_of_dead_letters.messages == []


def test_deliveries_are_counted(site, monkeypatch):
    counted = []
    monkeypatch.setattr(
        site.emulator.state, "count", lambda *values, **dimensions: counted.append((*values, dimensions))
    )
    site.functions.invoke, _calls = refuse("X")
    dead_letter(site)
    site.queue_of_dead_letters.policy = ""
    site.functions.invoke, _calls = refuse("X")
    site.call()
    site.call()
    assert [name for _account, _region, _namespace, name, *_more in counted] == [
        *("Invocations", "FailedInvocations", "InvocationsSentToDlq"),
        *("Invocations", "FailedInvocations", "InvocationsFailedToBeSentToDlq"),
        "Invocations",
    ]
    assert counted[0] == (ACCOUNT, REGION, "AWS/Events", "Invocations", 1, "Count", {"RuleName": "contact-lens"})


# Events that are lost on the way


def test_events_of_named_contacts_are_lost(site, monkeypatch):
    site.functions.allow()
    site.events.add_rule()
    monkeypatch.setattr(site.emulator.state.settings, "lost_events", LostEvents(share=1.0))
    answer = site.call()
    assert answer["events"] != []
    assert [item["status"] for item in answer["deliveries"]] == ["lost"]
    assert site.functions.invocations == []
    assert len(answer["contact_events"]) == 5
    monkeypatch.setattr(site.emulator.state.settings, "lost_events", [answer["contact_id"]])
    assert [item["status"] for item in site.call()["deliveries"]] == ["delivered"]


def test_a_share_of_the_events_is_lost_by_seed(site):
    def lost(seed):
        site.emulator.control_answer("POST", "settings", {"lost_events": {"share": 0.25, "seed": seed}})
        context = Context(site.emulator.state, operation_model("DescribeContact"), ACCOUNT, REGION, "")
        return [number for number in range(400) if is_lost(context, f"arn:contact/{number}")]

    assert 60 <= len(lost(1)) <= 140
    assert lost(1) == lost(1)
    assert lost(1) != lost(2)


@pytest.mark.parametrize("wrong", [{"share": "all"}, {"part": 0.1}, [1], "x"])
def test_wrong_losses_are_refused(site, wrong):
    status, _answer = site.emulator.control_answer("POST", "settings", {"lost_events": wrong})
    assert status == 400


# Events by hand


@pytest.mark.parametrize("kind", ["Contact Lens Email Rules Matched", "Contact Lens Realtime Rules Matched"])
def test_events_of_other_kinds_are_sent_by_hand(site, kind):
    contact = site.call()["contact_id"]
    site.functions.allow()
    site.events.add_rule(pattern={"source": ["aws.connect"], "detail-type": [kind]})
    order = {"contact_id": contact, "detail_type": kind, "rule": "mails"}
    status, answer = site.emulator.control_answer("POST", "events", order)
    assert (status, [item["status"] for item in answer["deliveries"]]) == (200, ["delivered"])
    (event,) = [event for _name, _kind, event in site.functions.invocations]
    assert event == answer["event"]
    assert event["detail"] == {
        "version": "1.0",
        "ruleName": "mails",
        "actionName": "mails",
        "instanceArn": site.arn,
        "contactArn": f"{site.arn}/contact/{contact}",
    }


@pytest.mark.parametrize(
    ("change", "status"), [({"detail_type": "Anything"}, 400), ({"contact_id": "nobody"}, 404), ({"more": 1}, 400)]
)
def test_an_event_by_hand_that_makes_no_sense_is_refused(site, change, status):
    order = {"contact_id": site.call()["contact_id"], "detail_type": "Contact Lens Email Rules Matched", **change}
    assert site.emulator.control_answer("POST", "events", order)[0] == status


# What a target receives


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({}, EVENT),
        ({"Input": '{"fixed": true}'}, {"fixed": True}),
        ({"InputPath": "$.detail"}, EVENT["detail"]),
        ({"InputPath": "$.detail.contactArn"}, "arn:contact"),
        ({"InputPath": "$"}, EVENT),
    ],
)
def test_event_input_and_path(target, expected):
    assert json.loads(target_input(target, EVENT, RULE)) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"contact": <contact>, "number": <number>}', {"contact": "arn:contact", "number": 7}),
        ('{"text": "Contact <contact> has <number>"}', {"text": "Contact arn:contact has 7"}),
        ('{"rule": <rule>, "text": "<rule>"}', {"rule": 'Say "hello"', "text": 'Say "hello"'}),
        ('{"nested": <nested>}', {"nested": {"a": [1]}}),
        ('"<contact>"', "arn:contact"),
        ('{"escaped": "a \\" <contact>", "b": <number>}', {"escaped": 'a " arn:contact', "b": 7}),
        (
            '{"of": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>}',
            {"of": "contact-lens", "at": EVENT["time"]},
        ),
        ('{"all": <aws.events.event.json>}', {"all": EVENT}),
        ('{"missing": <missing>}', {"missing": None}),
    ],
)
def test_input_transformer(template, expected):
    paths = {
        "contact": "$.detail.contactArn",
        "number": "$.detail.number",
        "rule": "$.detail.ruleName",
        "nested": "$.detail.nested",
        "missing": "$.detail.missing",
    }
    transformer = {"InputPathsMap": paths, "InputTemplate": template}
    assert json.loads(target_input({"InputTransformer": transformer}, EVENT, RULE)) == expected


# The function's policy


ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Condition": {"ArnLike": {"AWS:SourceArn": RULE_ARN}},
}
DENY = {**ALLOW, "Effect": "Deny", "Principal": "*"}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([], False),
        ([ALLOW], True),
        ([{**ALLOW, "Condition": {}}], True),
        ([{**ALLOW, "Principal": "*"}], True),
        ([{**ALLOW, "Principal": {"Service": "s3.amazonaws.com"}}], False),
        ([{**ALLOW, "Principal": {"AWS": ACCOUNT}}], False),
        ([{**ALLOW, "Action": "lambda:*"}], True),
        ([{**ALLOW, "Action": ["lambda:GetFunction"]}], False),
        ([{**ALLOW, "Condition": {"ArnLike": {"AWS:SourceArn": RULE_ARN.replace("contact-lens", "*")}}}], True),
        ([{**ALLOW, "Condition": {"ArnLike": {"AWS:SourceArn": RULE_ARN + "2"}}}], False),
        ([{**ALLOW, "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}}], True),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}}], False),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:SourceArn": RULE_ARN[:-1] + "*"}}}], False),
        ([{**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], True),
        ([{**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": False}}}], False),
        ([{**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}], False),
        ([ALLOW, {**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}], True),
        ([ALLOW, {**DENY, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}], False),
        ([ALLOW, {**DENY, "Principal": {"AWS": "*"}}], False),
        ([ALLOW, {**ALLOW, "Effect": "Deny"}], False),
    ],
)
def test_resource_policies(statements, allowed):
    policy = {"Version": "2012-10-17", "Statement": statements}
    found = is_allowed(policy, service="events.amazonaws.com", source_arn=RULE_ARN, account=ACCOUNT)
    assert found is allowed
