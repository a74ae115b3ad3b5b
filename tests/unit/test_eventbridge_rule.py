# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

RULE_ARN = "arn:aws:events:eu-west-2:111122223333:rule/calls"
FUNCTION = "arn:aws:lambda:eu-west-2:111122223333:function:summary"
OTHER = "arn:aws:lambda:eu-west-2:111122223333:function:other"
PATTERN = {"source": ["aws.connect"]}


class EventsService(FakeService):
    """The default bus with one rule; `rule` is None when there is none."""

    def __init__(self, *targets, **rule):
        super().__init__()
        self.rule = {
            "Name": "calls",
            "Arn": RULE_ARN,
            "Description": "Analysed calls",
            "EventPattern": json.dumps(PATTERN),
            "State": "ENABLED",
            **rule,
        }
        self.targets = {target["Id"]: target for target in targets}
        self.tags = {}
        self.on("DescribeRule", lambda params: self._describe())
        self.on("ListRules", lambda params: {"Rules": [{"Name": "calls"}] if self.rule else []})
        self.on("ListTargetsByRule", lambda params: {"Targets": list(self.targets.values())} if self.targets else {})
        self.on("ListTagsForResource", lambda params: {"Tags": [{"Key": k, "Value": v} for k, v in self.tags.items()]})
        self.on("PutRule", self._put)
        self.on("PutTargets", lambda params: self.targets.update({t["Id"]: t for t in params["Targets"]}) or {})
        self.on("RemoveTargets", lambda params: [self.targets.pop(id) for id in params["Ids"]] and {})
        self.on("TagResource", lambda params: self.tags.update({t["Key"]: t["Value"] for t in params["Tags"]}) or {})
        self.on("UntagResource", lambda params: [self.tags.pop(key) for key in params["TagKeys"]] and {})
        self.on("DeleteRule", lambda params: {})

    def _describe(self):
        if self.rule is None:
            raise ServiceError("ResourceNotFoundException")
        return self.rule

    def _put(self, params):
        self.tags.update({tag["Key"]: tag["Value"] for tag in params.get("Tags", [])})
        self.rule = {"Arn": RULE_ARN, **{name: value for name, value in params.items() if name != "Tags"}}
        return {"RuleArn": RULE_ARN}


@pytest.fixture
def empty():
    service = EventsService()
    service.rule = None
    return service


def test_create(empty):
    options = {
        "name": "calls",
        "event_pattern": PATTERN,
        "targets": [{"arn": FUNCTION, "maximum_retry_attempts": 3, "dead_letter_arn": "arn:aws:sqs:eu-west-2:1:dead"}],
        "tags": {"environment": "poc"},
    }
    predicted = run_module("eventbridge_rule", empty, check_mode=True, **options)
    assert predicted["changed"] and empty.writes() == []
    made = run_module("eventbridge_rule", empty, **options)
    assert made["changed"] and made["rule"]["arn"] == RULE_ARN
    assert {name: made["rule"][name] for name in predicted["rule"] if name not in ("id", "arn")} == {
        name: value for name, value in predicted["rule"].items() if name not in ("id", "arn")
    }
    assert empty.targets == {
        "summary": {
            "Id": "summary",
            "Arn": FUNCTION,
            "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-2:1:dead"},
            "RetryPolicy": {"MaximumRetryAttempts": 3},
        }
    }
    assert empty.tags == {"environment": "poc"}
    writes = len(empty.writes())
    assert not run_module("eventbridge_rule", empty, **options)["changed"]
    assert len(empty.writes()) == writes


@pytest.mark.parametrize("options", [{}, {"event_pattern": {}}, {"schedule_expression": ""}])
def test_new_rule_needs_a_pattern_or_a_schedule(empty, options):
    result = run_module("eventbridge_rule", empty, name="calls", **options)
    assert result["failed"] and "give event_pattern or schedule_expression" in result["msg"]
    assert empty.writes() == []


def test_create_with_a_schedule(empty):
    options = {
        "name": "calls",
        "schedule_expression": "rate(15 minutes)",
        "targets": [{"arn": FUNCTION, "input": '{"action": "redrive"}'}],
    }
    predicted = run_module("eventbridge_rule", empty, check_mode=True, **options)
    assert predicted["changed"] and empty.writes() == []
    made = run_module("eventbridge_rule", empty, **options)
    assert made["changed"]
    assert made["rule"] == {**predicted["rule"], "id": "calls", "arn": RULE_ARN, "description": None}
    assert (made["rule"]["schedule_expression"], made["rule"]["event_pattern"]) == ("rate(15 minutes)", {})
    assert empty.rule == {
        "Arn": RULE_ARN,
        "Name": "calls",
        "ScheduleExpression": "rate(15 minutes)",
        "State": "ENABLED",
    }
    writes = len(empty.writes())
    assert not run_module("eventbridge_rule", empty, check_mode=True, **options)["changed"]
    assert not run_module("eventbridge_rule", empty, **options)["changed"]
    assert len(empty.writes()) == writes


def test_schedule_is_removed_by_an_empty_text():
    service = EventsService(ScheduleExpression="rate(1 day)")
    assert run_module("eventbridge_rule", service, name="calls", schedule_expression="")["changed"]
    assert "ScheduleExpression" not in service.rule and json.loads(service.rule["EventPattern"]) == PATTERN
    assert not run_module("eventbridge_rule", service, name="calls", schedule_expression="")["changed"]


@pytest.mark.parametrize(
    ("option", "member", "expected"),
    [
        ({"description": "Other"}, "Description", "Other"),
        ({"enabled": False}, "State", "DISABLED"),
        ({"event_pattern": {"source": ["other"]}}, "EventPattern", '{"source": ["other"]}'),
        ({"schedule_expression": "rate(1 day)"}, "ScheduleExpression", "rate(1 day)"),
    ],
)
def test_change_one_property_and_keep_the_others(option, member, expected):
    service = EventsService()
    before = dict(service.rule)
    assert run_module("eventbridge_rule", service, check_mode=True, name="calls", **option)["changed"]
    assert service.writes() == []
    assert run_module("eventbridge_rule", service, name="calls", **option)["changed"]
    assert service.rule == {**before, member: expected}


def test_role_and_schedule_of_a_rule_are_kept():
    service = EventsService(RoleArn="arn:aws:iam::111122223333:role/events", ScheduleExpression="rate(1 day)")
    del service.rule["EventPattern"]
    before = dict(service.rule)
    assert run_module("eventbridge_rule", service, name="calls", description="Other")["changed"]
    assert service.rule == {**before, "Description": "Other"}


@pytest.mark.parametrize(
    "other", [{"InputPath": "$.detail"}, {"InputTransformer": {"InputPathsMap": {}, "InputTemplate": "<x>"}}]
)
def test_input_takes_the_place_of_another_kind_of_input(other):
    service = EventsService({"Id": "a", "Arn": FUNCTION, **other})
    options = {"name": "calls", "targets": [{"arn": FUNCTION, "input": "{}"}]}
    assert run_module("eventbridge_rule", service, **options)["changed"]
    assert service.targets == {"a": {"Id": "a", "Arn": FUNCTION, "Input": "{}"}}
    assert not run_module("eventbridge_rule", service, **options)["changed"]


def test_left_out_options_change_nothing():
    service = EventsService({"Id": "a", "Arn": FUNCTION})
    assert not run_module("eventbridge_rule", service, name="calls")["changed"]
    assert service.writes() == []


def test_target_with_another_id_is_adopted_and_keeps_what_is_unknown():
    transformer = {"InputPathsMap": {}, "InputTemplate": "<x>"}
    service = EventsService({"Id": "Id123", "Arn": FUNCTION, "InputTransformer": transformer})
    run_module("eventbridge_rule", service, name="calls", targets=[{"arn": FUNCTION, "maximum_retry_attempts": 7}])
    assert service.targets == {
        "Id123": {
            "Id": "Id123",
            "Arn": FUNCTION,
            "InputTransformer": transformer,
            "RetryPolicy": {"MaximumRetryAttempts": 7},
        }
    }


@pytest.mark.parametrize(("purge", "left"), [(False, {"a", "other"}), (True, {"other"})])
def test_other_targets_go_only_with_purge(purge, left):
    service = EventsService({"Id": "a", "Arn": FUNCTION})
    run_module("eventbridge_rule", service, name="calls", targets=[{"arn": OTHER}], purge_targets=purge)
    assert set(service.targets) == left


def test_tags():
    service = EventsService()
    service.tags = {"kept": "1", "owner": "a"}
    run_module("eventbridge_rule", service, name="calls", tags={"owner": "b"})
    assert service.tags == {"kept": "1", "owner": "b"}
    run_module("eventbridge_rule", service, name="calls", tags={"owner": "b"}, purge_tags=True)
    assert service.tags == {"owner": "b"}


def test_absent_removes_targets_first(empty):
    service = EventsService({"Id": "a", "Arn": FUNCTION})
    assert run_module("eventbridge_rule", service, check_mode=True, name="calls", state="absent")["changed"]
    assert service.writes() == []
    assert run_module("eventbridge_rule", service, name="calls", state="absent")["rule"] is None
    assert [name for name, _params in service.writes()] == ["RemoveTargets", "DeleteRule"]
    assert not run_module("eventbridge_rule", empty, name="calls", state="absent")["changed"]


def test_refusal_names_the_rule():
    service = EventsService().fail("PutRule", "InvalidEventPatternException", message="Event pattern is not valid.")
    result = run_module("eventbridge_rule", service, name="calls", event_pattern={"source": []})
    assert result["failed"] and "'calls'" in result["msg"] and "Event pattern is not valid" in result["msg"]


@pytest.mark.parametrize("operation", ["PutTargets", "RemoveTargets"])
def test_a_refused_target_is_a_failure(operation):
    service = EventsService({"Id": "a", "Arn": OTHER})
    entry = {"TargetId": "a", "ErrorCode": "LimitExceededException", "ErrorMessage": "Too many targets."}
    service.on(operation, {"FailedEntryCount": 1, "FailedEntries": [entry]})
    result = run_module("eventbridge_rule", service, name="calls", targets=[{"arn": FUNCTION}], purge_targets=True)
    verb = operation.removesuffix("Targets").lower()
    assert result["msg"] == (
        f"Failed to {verb} targets of eventbridge rule 'calls': 'a': Too many targets (LimitExceededException)"
    )


def test_info(empty):
    service = EventsService({"Id": "a", "Arn": FUNCTION})
    (rule,) = run_module("eventbridge_rule_info", service, name="calls")["rules"]
    assert rule["targets"] == [{"id": "a", "arn": FUNCTION}]
    assert run_module("eventbridge_rule_info", service)["rules"] == [rule]
    assert run_module("eventbridge_rule_info", empty, name="calls")["rules"] == []
