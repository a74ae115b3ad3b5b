# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts between Contact Lens and the function, and whether an event passes them. Private to this collection."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from .._connect.errors import ConnectError
from .module import Services

CHANNELS = ("VOICE", "CHAT")
_SOURCES = {
    "OnPostCallAnalysisAvailable": ("VOICE", "Contact Lens Post Call Rules Matched"),
    "OnRealTimeCallAnalysisAvailable": ("VOICE", "Contact Lens Realtime Rules Matched"),
    "OnPostChatAnalysisAvailable": ("CHAT", "Contact Lens Post Chat Rules Matched"),
    "OnRealTimeChatAnalysisAvailable": ("CHAT", "Contact Lens Realtime Chat Rules Matched"),
}
_SERVICE = "events.amazonaws.com"


@dataclass(frozen=True)
class Step:
    """A part on the way: ok, stopped (with the code of the cause and its details) or unknown."""

    name: str
    status: str
    text: str
    cause: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A rule of Contact Lens that makes events."""

    name: str
    channel: str
    detail_type: str
    event_names: tuple[str, ...]
    published: bool
    # None: of every queue
    queue_ids: tuple[str, ...] | None
    updated_at: Any


@dataclass
class Links:
    """What is known of the parts; a part that could not be looked at has its reason in `problems`."""

    names: Mapping[str, str]
    instance_arn: str
    contact_lens: bool | None = None
    rules: list[Rule] = field(default_factory=list)
    # Empty: it does not exist
    event_rule: dict[str, Any] = field(default_factory=dict)
    targets: list[dict[str, Any]] = field(default_factory=list)
    function: dict[str, Any] = field(default_factory=dict)
    policy: list[dict[str, Any]] = field(default_factory=list)
    concurrency: int | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def paused(self) -> bool:
        return self.concurrency == 0


def look_at_links(services: Services, *, instance_id: str, names: Mapping[str, str]) -> Links:
    """Look at every part, as far as the credentials go.

    :param names: of the `function` and the `event_rule`
    """
    links = Links(names=names, instance_arn=_instance_arn(services, instance_id))

    def attempt(part: str, look: Callable[[], None]) -> None:
        try:
            look()
        except ConnectError as error:
            links.problems[part] = error.message

    attempt("contact_lens", lambda: _look_at_contact_lens(services, instance_id, links))
    attempt("rule", lambda: _look_at_rules(services, instance_id, links))
    attempt("event", lambda: _look_at_event_rule(services, links))
    attempt("function", lambda: _look_at_function(services, links))
    return links


def check_links(links: Links, *, channel: str, queue_id: str | None = None) -> list[Step]:
    """Say for each part whether the event of such a contact would pass it, in order: rule, event, function."""
    return [_check_rule(links, channel, queue_id), _check_event(links, channel, queue_id), _check_function(links)]


def _instance_arn(services: Services, instance_id: str) -> str:
    return services["connect"].read("describe_instance", InstanceId=instance_id)["Instance"]["Arn"]


def _look_at_contact_lens(services: Services, instance_id: str, links: Links) -> None:
    answer = services["connect"].read(
        "describe_instance_attribute", InstanceId=instance_id, AttributeType="CONTACT_LENS"
    )
    links.contact_lens = answer["Attribute"]["Value"] == "true"


def _look_at_rules(services: Services, instance_id: str, links: Links) -> None:
    for summary in services["connect"].pages("list_rules", InstanceId=instance_id) or []:
        kinds = {action["ActionType"] for action in summary["ActionSummaries"]}
        if summary["EventSourceName"] not in _SOURCES or "GENERATE_EVENTBRIDGE_EVENT" not in kinds:
            continue
        answer = services["connect"].describe("describe_rule", InstanceId=instance_id, RuleId=summary["RuleId"])
        if answer is None:
            continue
        rule = answer["Rule"]
        channel, detail_type = _SOURCES[summary["EventSourceName"]]
        events = [item["EventBridgeAction"]["Name"] for item in rule["Actions"] if "EventBridgeAction" in item]
        links.rules.append(
            Rule(
                name=rule["Name"],
                channel=channel,
                detail_type=detail_type,
                event_names=tuple(events),
                published=rule["PublishStatus"] == "PUBLISHED",
                queue_ids=queues_of(rule["Function"]),
                updated_at=rule["LastUpdatedTime"],
            )
        )


def queues_of(function: str) -> tuple[str, ...] | None:
    """Return the ids of the queues that a rule asks for, or None when it asks for none.

    Only a condition that always has to hold counts: the rule itself, or a part of its outermost AND. Others than those
    on queues are not weighed, because they depend on what was said.
    """
    condition = json.loads(function).get("RuleFunction") or {}
    parts = condition.get("Operands", []) if condition.get("Operator") == "AND" else [condition]
    for part in parts:
        path = part.get("ComparisonValue", "") if isinstance(part, dict) else ""
        if path.endswith(".Queue.QueueId") and not part.get("Negate"):
            return tuple(str(operand).rpartition("/")[2] for operand in part.get("Operands", []))
    return None


def _look_at_event_rule(services: Services, links: Links) -> None:
    name = links.names["event_rule"]
    links.event_rule = services["events"].describe("describe_rule", Name=name) or {}
    if links.event_rule:
        links.targets = services["events"].pages("list_targets_by_rule", Rule=name, Limit=100) or []


def _look_at_function(services: Services, links: Links) -> None:
    name, functions = links.names["function"], services["lambda"]
    links.function = functions.describe("get_function_configuration", FunctionName=name) or {}
    if not links.function:
        return
    answer = functions.describe("get_function_concurrency", FunctionName=name) or {}
    links.concurrency = answer.get("ReservedConcurrentExecutions")
    policy = functions.describe("get_policy", FunctionName=name) or {}
    links.policy = json.loads(policy.get("Policy") or "{}").get("Statement", [])


# Would an event pass?


def _check_rule(links: Links, channel: str, queue_id: str | None) -> Step:
    if "rule" in links.problems:
        return Step("rule", "unknown", links.problems["rule"])
    rules = [rule for rule in links.rules if rule.channel == channel]
    if not rules:
        return _stopped("rule", "contact_lens_rule_missing", "No Contact Lens rule makes an event of such contacts.")
    fitting = [rule for rule in rules if _takes(rule, queue_id)]
    published = [rule for rule in fitting if rule.published]
    if published:
        return Step("rule", "ok", f"The Contact Lens rule {published[0].name} is published.")
    if fitting:
        name = fitting[0].name
        return _stopped("rule", "contact_lens_rule_unpublished", f"The Contact Lens rule {name} is a draft.", rule=name)
    return _stopped("rule", "contact_lens_rule_does_not_match", "No Contact Lens rule takes contacts of this queue.")


def _takes(rule: Rule, queue_id: str | None) -> bool:
    return rule.queue_ids is None or queue_id is None or queue_id in rule.queue_ids


def _check_event(links: Links, channel: str, queue_id: str | None) -> Step:
    name = links.names["event_rule"]
    if "event" in links.problems:
        return Step("event", "unknown", links.problems["event"])
    if not links.event_rule:
        return _stopped("event", "event_rule_missing", f"The EventBridge rule {name} does not exist.", event_rule=name)
    if links.event_rule.get("State") == "DISABLED":
        return _stopped("event", "event_rule_disabled", f"The EventBridge rule {name} is disabled.", event_rule=name)
    pattern = json.loads(links.event_rule.get("EventPattern") or "{}")
    events = [event for rule in links.rules if _sends(rule, channel, queue_id) for event in _events(links, rule)]
    if events and not any(passes(pattern, event) for event in events):
        return _stopped(
            "event",
            "event_rule_does_not_match",
            f"The pattern of the EventBridge rule {name} does not let the event pass.",
            event_rule=name,
        )
    return _check_target(links, name)


def _sends(rule: Rule, channel: str, queue_id: str | None) -> bool:
    return rule.channel == channel and rule.published and _takes(rule, queue_id)


def _events(links: Links, rule: Rule) -> list[dict[str, Any]]:
    """Return the events that the rule makes of a contact (connect-api 12.1). None is a value of the contact's own."""
    return [
        {
            **dict.fromkeys(("id", "resources", "time", "version")),
            "source": "aws.connect",
            "detail-type": rule.detail_type,
            "account": links.instance_arn.split(":")[4],
            "region": links.instance_arn.split(":")[3],
            "detail": {
                **dict.fromkeys(("agentArn", "contactArn", "queueArn", "version")),
                "instanceArn": links.instance_arn,
                "ruleName": rule.name,
                "actionName": event_name,
            },
        }
        for event_name in rule.event_names
    ]


def passes(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Tell whether an event passes a pattern. What is no comparison with a text counts as fulfilled."""
    return all(_fulfils(event, name, wanted) for name, wanted in pattern.items())


def _fulfils(event: Mapping[str, Any], name: str, wanted: Any) -> bool:
    if name == "$or":
        return any(passes(pattern, event) for pattern in wanted)
    if name not in event:
        return {"exists": False} in wanted
    if isinstance(wanted, Mapping):
        return isinstance(event[name], Mapping) and passes(wanted, event[name])
    texts_only = all(isinstance(item, str) for item in wanted)
    return event[name] is None or not texts_only or event[name] in wanted


def _check_target(links: Links, name: str) -> Step:
    function = links.names["function"]
    if not any(_is_function(target["Arn"], function) for target in links.targets):
        return _stopped(
            "event",
            "target_missing",
            f"The EventBridge rule {name} does not call the function {function}.",
            event_rule=name,
            function=function,
        )
    if "function" in links.problems:
        return Step("event", "unknown", links.problems["function"])
    if links.function and not any(_permits(statement, links.event_rule["Arn"]) for statement in links.policy):
        return _stopped(
            "event",
            "permission_missing",
            f"The function {function} does not let the EventBridge rule {name} call it.",
            function=function,
        )
    return Step("event", "ok", f"The EventBridge rule {name} is enabled and may call the function.")


def _is_function(target_arn: str, function: str) -> bool:
    return target_arn.split(":")[6:7] == [function]


def _permits(statement: Mapping[str, Any], rule_arn: str) -> bool:
    principal = statement.get("Principal")
    services = principal.get("Service", []) if isinstance(principal, Mapping) else []
    if _SERVICE not in ([services] if isinstance(services, str) else services) or statement.get("Effect") != "Allow":
        return False
    asked = [
        value
        for values in (statement.get("Condition") or {}).values()
        for key, value in values.items()
        if key.lower() == "aws:sourcearn"
    ]
    return all(_covers(value, rule_arn) for value in asked)


def _covers(value: str | list[str], rule_arn: str) -> bool:
    return any(
        item == rule_arn or (item.endswith("*") and rule_arn.startswith(item[:-1]))
        for item in ([value] if isinstance(value, str) else value)
    )


def _check_function(links: Links) -> Step:
    name = links.names["function"]
    if "function" in links.problems:
        return Step("function", "unknown", links.problems["function"])
    if not links.function:
        return _stopped("function", "function_missing", f"The function {name} does not exist.", function=name)
    if links.paused:
        return _stopped(
            "function", "delivery_paused", f"The function {name} has a reserved concurrency of 0.", function=name
        )
    return Step("function", "ok", f"The function {name} may run.")


def _stopped(name: str, cause: str, text: str, **details: Any) -> Step:
    return Step(name, "stopped", text, cause, details)
