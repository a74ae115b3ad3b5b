# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trace of a contact: every cause, from what the services say to the sentence."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import arn
from .harness import run_module
from .harness import unique_id

CONTACT = unique_id(1)
QUEUE = unique_id(2)
FUNCTION = "poc-lambda-process-contact-lens-event"
FUNCTION_ARN = f"arn:aws:lambda:eu-west-2:111122223333:function:{FUNCTION}"
MAINTENANCE = "poc-lambda-summary-maintenance"
EVENT_RULE = "Connect-poc-CL-eventbridge-rule"
EVENT_RULE_ARN = f"arn:aws:events:eu-west-2:111122223333:rule/{EVENT_RULE}"
NUMBER = "+447700900123"
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def minutes_ago(minutes):
    return datetime.now(UTC) - timedelta(minutes=minutes)


def rule_function(queue_id):
    return json.dumps(
        {
            "Version": "2022-11-25",
            "RuleFunction": {
                "Operator": "CONTAINS_ANY",
                "Operands": [queue_id],
                "ComparisonValue": "$.ContactLens.PostCall.Queue.QueueId",
                "Negate": False,
            },
        }
    )


class Contact:
    """A delivered call; a test changes one thing about it."""

    def __init__(self):
        self.ended = minutes_ago(90)
        self.description = {
            "Id": CONTACT,
            "Channel": "VOICE",
            "InitiationTimestamp": self.ended - timedelta(minutes=10),
            "DisconnectTimestamp": self.ended,
            "AgentInfo": {"Id": unique_id(3), "ConnectedToAgentTimestamp": self.ended - timedelta(minutes=5)},
            "QueueInfo": {"Id": QUEUE},
            "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": NUMBER},
        }
        self.elsewhere = None
        self.contact_lens = "true"
        self.flow = '{"Actions": [{"Parameters": {"AnalyticsBehavior": {}}}]}'
        self.rules = [{"name": "SAPPostCallAnalytics", "status": "PUBLISHED", "queue": QUEUE}]
        self.pattern = {
            "source": ["aws.connect"],
            "detail-type": ["Contact Lens Post Call Rules Matched"],
            "detail": {"instanceArn": [INSTANCE_ARN], "actionName": ["SAPPostCallAnalytics"]},
        }
        self.event_rule = {"Name": EVENT_RULE, "Arn": EVENT_RULE_ARN, "State": "ENABLED"}
        self.targets = [{"Id": "function", "Arn": FUNCTION_ARN}]
        self.source_arn = EVENT_RULE_ARN
        self.function = {"FunctionName": FUNCTION, "FunctionArn": FUNCTION_ARN, "State": "Active"}
        self.concurrency = {}
        self.log = [{"step": "done", "outcome": "written"}, {"step": "metrics", "_aws": {}, "request_id": None}]
        self.lambda_log = []
        self.analysis = {"state": "found", "job_status": "COMPLETED", "summary": "present", "reason": None}
        self.dead_letters = []
        self.queue = {"looked_at": 0, "complete": True}
        self.sap = {"state": "found", "error": None, "matches": 1, "transcript": "same", "would": "same"}
        self.inspection_error = None

    def never_arrived(self):
        self.log = []
        self.sap |= {"transcript": "empty", "would": "write"}

    def in_dead_letters(self, reason, sender="function", **sap):
        self.log = [{"step": "phone_call", "level": "ERROR", "error": reason}]
        self.dead_letters = [{"from": sender, "reason": reason, "sent_at": "2026-11-29T10:00:00Z", "receives": 1}]
        self.sap |= {"transcript": "empty", "would": "write", **sap}

    def analysis_absent(self):
        self.analysis = {"state": "absent", "summary": None, "reason": None}
        self.log = []
        self.sap = {"state": "not_asked", "error": None, "would": None}

    # Services

    def service(self):
        service = FakeService()
        service.on("ListInstances", {"InstanceSummaryList": self._instances()})
        service.on("DescribeInstance", {"Instance": {"Id": INSTANCE_ID, "Arn": INSTANCE_ARN}})
        service.on("DescribeContact", self._describe_contact)
        service.on("DescribeInstanceAttribute", {"Attribute": {"Value": self.contact_lens}})
        service.on("ListRules", {"RuleSummaryList": [self._rule_summary(rule) for rule in self.rules]})
        service.on("DescribeRule", self._describe_rule)
        service.on("ListContactFlows", {"ContactFlowSummaryList": [self._flow_summary()]})
        service.on("DescribeContactFlow", {"ContactFlow": {"Content": self.flow}})
        service.on("ListTargetsByRule", {"Targets": self.targets})
        service.on("GetFunctionConfiguration", self.function or ServiceError("ResourceNotFoundException", status=404))
        service.on("GetFunctionConcurrency", self.concurrency)
        service.on("GetPolicy", {"Policy": json.dumps({"Statement": self._statements()})})
        service.on("FilterLogEvents", self._filter_log)
        service.on("Invoke", self._inspect)
        return service

    def trace(self, service=None, **options):
        result = run_module(
            "summary_trace_info",
            service or self.service(),
            instance=INSTANCE_ID,
            **{
                "contact_id": CONTACT,
                "function_name": FUNCTION,
                "maintenance_function_name": MAINTENANCE,
                "event_rule_name": EVENT_RULE,
                **options,
            },
        )
        assert not result.get("failed"), result
        return result["trace"]

    def _instances(self):
        other = {"Id": unique_id(9), "InstanceAlias": "other-centre"}
        return [{"Id": INSTANCE_ID, "InstanceAlias": "sap-connect-poc"}, other]

    def _describe_contact(self, params):
        if params["InstanceId"] == INSTANCE_ID and self.description:
            return {"Contact": self.description}
        if params["InstanceId"] == self.elsewhere:
            return {"Contact": {"Id": CONTACT, "Channel": "VOICE"}}
        raise ServiceError("ResourceNotFoundException", status=404)

    def _rule_summary(self, rule):
        return {
            "Name": rule["name"],
            "RuleId": unique_id(5),
            "RuleArn": arn("rule", unique_id(5)),
            "EventSourceName": rule.get("source", "OnPostCallAnalysisAvailable"),
            "PublishStatus": rule["status"],
            "ActionSummaries": [{"ActionType": "GENERATE_EVENTBRIDGE_EVENT"}],
            "CreatedTime": self.ended,
            "LastUpdatedTime": self.ended,
        }

    def _describe_rule(self, params):
        if "Name" in params:
            if self.event_rule is None:
                raise ServiceError("ResourceNotFoundException")
            return {**self.event_rule, "EventPattern": json.dumps(self.pattern)}
        (rule,) = self.rules
        return {
            "Rule": {
                "Name": rule["name"],
                "RuleId": unique_id(5),
                "RuleArn": arn("rule", unique_id(5)),
                "TriggerEventSource": {"EventSourceName": rule.get("source", "OnPostCallAnalysisAvailable")},
                "Function": rule_function(rule["queue"]),
                "Actions": [
                    {
                        "ActionType": "GENERATE_EVENTBRIDGE_EVENT",
                        "EventBridgeAction": {"Name": "SAPPostCallAnalytics"},
                    }
                ],
                "PublishStatus": rule["status"],
                "CreatedTime": self.ended,
                "LastUpdatedTime": self.ended,
                "LastUpdatedBy": "arn:aws:iam::111122223333:user/administrator",
            }
        }

    def _flow_summary(self):
        return {"Id": unique_id(6), "Name": "Main", "ContactFlowStatus": "PUBLISHED"}

    def _statements(self):
        return [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Condition": {"ArnLike": {"AWS:SourceArn": self.source_arn}},
            }
        ]

    def _filter_log(self, params):
        assert params["logGroupName"] == f"/aws/lambda/{FUNCTION}"
        own = [{"contact_id": CONTACT, "request_id": "r-1", **line} for line in self.log]
        lines = [json.dumps(line) for line in own] if CONTACT in params["filterPattern"] else self.lambda_log
        at = int(self.ended.timestamp() * 1000) + 60_000
        return {"events": [{"timestamp": at + number, "message": line} for number, line in enumerate(lines)]}

    def _inspect(self, params):
        assert params["FunctionName"] == MAINTENANCE
        assert json.loads(params["Payload"]) == {"action": "inspect", "contact_ids": [CONTACT]}
        if self.inspection_error:
            failure = {"errorType": self.inspection_error, "errorMessage": "..."}
            return {
                "StatusCode": 200,
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(json.dumps(failure).encode()),
            }
        item = {
            "contact_id": CONTACT,
            "analysis": self.analysis,
            "dead_letters": {
                "state": "found" if self.dead_letters else "none",
                "error": None,
                "messages": self.dead_letters,
                **self.queue,
            },
            "sap": self.sap,
        }
        answer = {"action": "inspect", "counts": {}, "contacts": [item], "next": None}
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def contact():
    return Contact()


# One change of a delivered call for each cause


def unknown(contact):
    contact.description = None


def of_another_instance(contact):
    contact.description, contact.elsewhere = None, unique_id(9)


def not_ended(contact):
    del contact.description["DisconnectTimestamp"]


def never_answered(contact):
    del contact.description["AgentInfo"]


def contact_lens_off(contact):
    contact.analysis_absent()
    contact.contact_lens = "false"


def no_flow_asks(contact):
    contact.analysis_absent()
    contact.flow = '{"Actions": []}'


def its_flow_did_not_ask(contact):
    contact.analysis_absent()


def analysis_failed(contact):
    contact.analysis |= {"job_status": "FAILED", "summary": "failed", "reason": "RECORDING_FILE_TOO_SMALL"}
    contact.never_arrived()


def failure_of_the_analysis_in_the_log(contact):
    contact.analysis_absent()
    contact.log = [{"step": "done", "outcome": "skipped", "reason": "RECORDING_FILE_EMPTY"}]


def analysis_late(contact):
    contact.analysis_absent()
    contact.description["DisconnectTimestamp"] = minutes_ago(4)


def too_little_said(contact):
    contact.analysis |= {"summary": "skipped", "reason": "INSUFFICIENT_CONVERSATION_CONTENT"}
    contact.sap = {"state": "not_asked", "error": None, "would": None}


def older_than_the_consent(contact):
    contact.log = [{"step": "done", "outcome": "skipped", "reason": "BEFORE_START"}]
    contact.sap |= {"would": "write"}


def failure_older_than_the_consent(contact):
    contact.analysis_absent()
    contact.log = [{"step": "done", "outcome": "skipped", "reason": "BEFORE_START"}]


def summaries_off(contact):
    contact.analysis |= {"summary": "skipped", "reason": "SUMMARY_OFF"}
    contact.sap = {"state": "not_asked", "error": None, "would": None}


def summary_late(contact):
    contact.analysis |= {"summary": "missing", "reason": None}
    contact.sap = {"state": "not_asked", "error": None, "would": None}


def rule_missing(contact):
    contact.never_arrived()
    contact.rules = []


def rule_for_chats_only(contact):
    contact.never_arrived()
    contact.rules[0]["source"] = "OnPostChatAnalysisAvailable"


def rule_a_draft(contact):
    contact.never_arrived()
    contact.rules[0]["status"] = "DRAFT"


def rule_of_another_queue(contact):
    contact.never_arrived()
    contact.rules[0]["queue"] = unique_id(7)


def event_rule_missing(contact):
    contact.never_arrived()
    contact.event_rule = None


def event_rule_disabled(contact):
    contact.never_arrived()
    contact.event_rule["State"] = "DISABLED"


def pattern_of_another_instance(contact):
    contact.never_arrived()
    contact.pattern["detail"]["instanceArn"] = [INSTANCE_ARN.replace("1111-8111", "2222-8222") + "0"]


def pattern_of_another_type(contact):
    contact.never_arrived()
    contact.pattern["detail-type"] = ["Contact Lens Post Chat Rules Matched"]


def pattern_of_failures_beside_another_instance(contact):
    wrong = contact.pattern["detail"] | {"actionName": ["somebody-elses-rule"]}
    contact.never_arrived()
    contact.pattern["detail"] = {"$or": [wrong, {"instance": [INSTANCE_ARN]}]}


def no_target(contact):
    contact.never_arrived()
    contact.targets = [{"Id": "other", "Arn": FUNCTION_ARN + "-of-somebody-else"}]


def no_permission(contact):
    contact.never_arrived()
    contact.source_arn = EVENT_RULE_ARN + "-of-before"


def refused_by_the_policy(contact):
    contact.in_dead_letters("NO_PERMISSIONS", sender="rule")
    contact.log = []


def event_lost(contact):
    contact.never_arrived()


def function_missing(contact):
    contact.never_arrived()
    contact.function = None


def paused(contact):
    contact.never_arrived()
    contact.concurrency = {"ReservedConcurrentExecutions": 0}


def paused_and_waiting(contact):
    contact.in_dead_letters("DeliveryThrottled")
    contact.concurrency = {"ReservedConcurrentExecutions": 0}


def failed(contact):
    contact.in_dead_letters("SapConflict")


def failed_while_sap_was_away(contact):
    contact.in_dead_letters("SapUnavailable")


def failed_and_gone(contact):
    contact.in_dead_letters("SapRefused")
    contact.dead_letters = []


def timed_out(contact):
    contact.never_arrived()
    contact.log = [{"step": "settings"}]
    contact.lambda_log = ["2026-11-29T10:00:00Z r-1 Task timed out after 300.00 seconds"]


def no_record(contact):
    contact.in_dead_letters("PhoneCallNotFound", state="absent", would=None)


def credentials_refused(contact):
    contact.in_dead_letters("SapUnauthorized", state="error", error="SapUnauthorized", would=None)


def sap_away(contact):
    contact.in_dead_letters("SapUnavailable", state="error", error="SapUnavailable", would=None)


def own_text_kept(contact):
    contact.log = [{"step": "done", "outcome": "kept"}]
    contact.sap |= {"transcript": "other", "would": "keep"}


def changed_since(contact):
    contact.sap |= {"transcript": "other", "would": "write"}


CAUSES = [
    (change, code)
    for code, changes in {
        "contact_unknown": [unknown],
        "contact_of_another_instance": [of_another_instance],
        "contact_not_ended": [not_ended],
        "never_reached_an_agent": [never_answered],
        "contact_lens_disabled": [contact_lens_off],
        "analysis_not_asked_for": [no_flow_asks, its_flow_did_not_ask],
        "analysis_failed": [analysis_failed, failure_of_the_analysis_in_the_log],
        "analysis_not_there_yet": [analysis_late],
        "no_summary_made": [too_little_said],
        "before_start": [older_than_the_consent, failure_older_than_the_consent],
        "summary_not_asked_for": [summaries_off],
        "summary_not_there_yet": [summary_late],
        "contact_lens_rule_missing": [rule_missing, rule_for_chats_only],
        "contact_lens_rule_unpublished": [rule_a_draft],
        "contact_lens_rule_does_not_match": [rule_of_another_queue],
        "event_rule_missing": [event_rule_missing],
        "event_rule_disabled": [event_rule_disabled],
        "event_rule_does_not_match": [
            pattern_of_another_instance,
            pattern_of_another_type,
            pattern_of_failures_beside_another_instance,
        ],
        "target_missing": [no_target],
        "permission_missing": [no_permission, refused_by_the_policy],
        "event_lost": [event_lost],
        "function_missing": [function_missing],
        "delivery_paused": [paused, paused_and_waiting],
        "delivery_failed": [failed, failed_while_sap_was_away],
        "delivery_failed_for_good": [failed_and_gone, timed_out],
        "sap_has_no_record": [no_record],
        "sap_refuses_credentials": [credentials_refused],
        "sap_unavailable": [sap_away],
        "agents_text_kept": [own_text_kept],
        "changed_in_sap": [changed_since],
    }.items()
    for change in changes
]


@pytest.mark.parametrize(("change", "code"), CAUSES, ids=[change.__name__ for change, _code in CAUSES])
def test_cause(contact, change, code):
    """One thing is wrong, and the trace names exactly that."""
    change(contact)
    trace = contact.trace()
    assert trace["cause"] == code
    assert trace["lines"][-2:] == [f"Cause: {trace['sentence']}", f"What to do: {trace['remedy']}"]
    # Every detail has been filled in, and nobody is named
    text = "\n".join(trace["lines"])
    assert "{" not in text and "None" not in text
    assert NUMBER not in text


def test_delivered(contact):
    trace = contact.trace()
    assert (trace["cause"], trace["contact_id"]) == ("delivered", CONTACT)
    assert [(step["name"], step["status"]) for step in trace["steps"]] == [
        ("contact", "ok"),
        ("analysis", "ok"),
        ("rule", "ok"),
        ("event", "ok"),
        ("function", "ok"),
        ("invocation", "ok"),
        ("dead_letters", "ok"),
        ("sap", "ok"),
    ]


def test_one_of_several_patterns_is_enough(contact):
    """As where the events of failed analyses, which have other members, are delivered as well."""
    contact.never_arrived()
    others = [{"instance": [INSTANCE_ARN]}, {"exists": [{"exists": False}], "contactArn": [{"prefix": "arn:"}]}]
    contact.pattern["detail"] = {"$or": [*others, contact.pattern["detail"]]}
    assert contact.trace()["cause"] == "event_lost"


def test_nothing_is_changed(contact):
    """The only request that is no read by its name asks the maintenance function to look; so in check mode as well."""
    for check_mode in (False, True):
        service = contact.service()
        assert contact.trace(service, check_mode=check_mode)["cause"] == "delivered"
        others = {name for name, _params in service.writes()}
        assert others == {"Invoke", "FilterLogEvents"}


def test_a_part_that_is_broken_since(contact):
    """The event came through: that the rule is disabled now is said, but is not the cause."""
    contact.event_rule["State"] = "DISABLED"
    trace = contact.trace()
    assert trace["cause"] == "delivered"
    (step,) = [step for step in trace["steps"] if step["name"] == "event"]
    assert step["status"] == "ok" and "is disabled" in step["text"]


@pytest.mark.parametrize("operation", ["ListRules", "ListTargetsByRule", "GetPolicy", "FilterLogEvents", "Invoke"])
def test_a_part_that_may_not_be_looked_at(contact, operation):
    """Without a permission the others are looked at all the same, and no cause is made up."""
    contact.never_arrived()
    service = contact.service().fail(operation, "AccessDeniedException", status=403, message="No.")
    trace = contact.trace(service)
    assert trace["cause"] == "cannot_tell"
    assert "AccessDeniedException" in trace["sentence"]
    assert "unknown" in {step["status"] for step in trace["steps"]}


def test_maintenance_function_fails(contact):
    contact.never_arrived()
    contact.inspection_error = "SettingsInvalid"
    trace = contact.trace()
    assert trace["cause"] == "cannot_tell"
    assert "SettingsInvalid" in trace["sentence"]


@pytest.mark.parametrize("reference", [CONTACT.upper(), f" {CONTACT} ", CONTACT.replace("-", "").upper()])
def test_the_reference_in_sap_names_the_contact_too(contact, reference):
    trace = contact.trace(contact_id=reference)
    assert (trace["cause"], trace["contact_id"]) == ("delivered", CONTACT)


@pytest.mark.parametrize("reference", ["", "42", CONTACT[:-1], f"{CONTACT}0", f"arn:aws:connect:::contact/{CONTACT}"])
def test_what_is_no_contact_id_is_told_before_anything_is_asked(contact, reference):
    service = contact.service()
    result = run_module(
        "summary_trace_info",
        service,
        instance="sap-connect-poc",
        contact_id=reference,
        function_name=FUNCTION,
        maintenance_function_name=MAINTENANCE,
        event_rule_name=EVENT_RULE,
    )
    assert result["failed"] and f"'{reference}' is not the id of a contact. One looks like" in result["msg"]
    assert service.operations() == []


def test_the_operations_document_shows_the_contact_as_a_trace_does(contact):
    (shown,) = re.findall(r"^ok       contact       (.*)$", OPERATIONS.read_text(), re.MULTILINE)
    texts = [re.sub(r"[\d-]+ [\d:]+Z", "...", text) for text in (shown, contact.trace()["steps"][0]["text"])]
    assert texts[0] == texts[1]


def test_a_queue_that_is_too_full_to_be_looked_through(contact):
    contact.never_arrived()
    contact.queue = {"looked_at": 2000, "complete": False}
    trace = contact.trace()
    assert trace["cause"] == "cannot_tell"
    assert "None of the 2000 dead letters that were looked at is about the contact" in trace["sentence"]


def test_a_log_that_does_not_end_is_no_answer(contact):
    contact.never_arrived()
    service = contact.service().on("FilterLogEvents", {"events": [], "nextToken": "more"})
    trace = contact.trace(service)
    assert trace["cause"] == "cannot_tell" and "too long to be searched" in trace["sentence"]


def test_the_log_is_searched_for_as_long_as_a_dead_letter_lives(contact):
    service = contact.service()
    contact.trace(service)
    (params,) = [params for name, params in service.writes() if name == "FilterLogEvents"]
    assert params["startTime"] < contact.ended.timestamp() * 1000
    assert params["endTime"] == int((contact.ended + timedelta(days=15)).timestamp() * 1000)


def test_a_retry_of_lambda_is_an_attempt_of_its_own(contact):
    contact.log = [
        {"step": "phone_call", "error": "SapUnavailable"},
        {"step": "event"},
        {"step": "done", "outcome": "written"},
    ]
    (step,) = [step for step in contact.trace()["steps"] if step["name"] == "invocation"]
    assert step["status"] == "ok" and step["text"].startswith("2 attempts")
    assert step["text"].endswith("written.")


def test_events_that_came_twice_are_two_attempts_side_by_side(contact):
    steps = [{"step": "event"}, {"step": "done", "outcome": "unchanged"}]
    contact.log = [{**step, "request_id": request_id} for step in steps for request_id in ("r-1", "r-2")]
    (step,) = [step for step in contact.trace()["steps"] if step["name"] == "invocation"]
    assert step["status"] == "ok" and step["text"].startswith("2 attempts")


def test_alias_of_the_instance(contact):
    result = run_module(
        "summary_trace_info",
        contact.service(),
        instance="nobody-has-this",
        contact_id=CONTACT,
        function_name=FUNCTION,
        maintenance_function_name=MAINTENANCE,
        event_rule_name=EVENT_RULE,
    )
    assert result["failed"] and "does not exist" in result["msg"]
