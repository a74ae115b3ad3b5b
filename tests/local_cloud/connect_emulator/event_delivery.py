# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delivery of events as EventBridge does it: rules, targets, retry policy, dead-letter queue.

The local EventBridge refuses events of aws.* sources from outside, as the real one does, and knows neither retries nor
dead letters. So the delivery is done here, through the public API of the services: rules, pattern test, targets, the
function's policy, asynchronous invocation, the queue's policy. Source: EventBridge user guide, "How EventBridge retries
delivering events" and "Using dead-letter queues". The length of the pauses between retries is inferred: 185 of them
fit into the 24 hours that are the defaults.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from . import function_policy
from .state import Context

SERVICE = "events.amazonaws.com"
MAXIMUM_RETRIES = 185
MAXIMUM_AGE = 86400
LONGEST_PAUSE = 480.0
# The error code of a dead letter by that of the function's service.
CODES = {
    "ResourceNotFoundException": "NO_RESOURCE",
    "AccessDeniedException": "NO_PERMISSIONS",
    "TooManyRequestsException": "THROTTLING",
    "ThrottlingException": "THROTTLING",
}
# What goes away by itself. Without permission or target, and for what the target refuses, no retry is made.
RETRIED = {"THROTTLING", "INTERNAL_ERROR", "CONNECTION_FAILURE"}
_PLACEHOLDER = re.compile(r"<([\w.-]+)>")

Delivery = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """Why a target did not take an event; ``condition`` is the part of the retry policy that ended the retries."""

    code: str
    message: str
    condition: str | None = None
    retries: int = 0


async def deliver(context: Context, events: list[dict[str, Any]]) -> list[list[Delivery]]:
    """Hand events to the targets of all rules of the default bus that match them.

    :return: for each event, and for each rule and target, ``{rule, target, status, reason}``; ``status`` is
        ``delivered``, ``not delivered`` or ``not matched``, ``reason`` is None only when delivered.
    """
    try:
        rules = [rule async for rule in _rules(context)]
    except (BotoCoreError, ClientError) as error:
        return [[report(None, None, "not delivered", str(error))] for _event in events]
    return [await _deliver_to_rules(context, rules, event) for event in events]


async def _deliver_to_rules(context: Context, rules: list[dict[str, Any]], event: dict[str, Any]) -> list[Delivery]:
    deliveries: list[Delivery] = []
    try:
        for rule in rules:
            deliveries += await _deliver_to_rule(context, rule, event)
    except (BotoCoreError, ClientError) as error:
        deliveries.append(report(None, None, "not delivered", str(error)))
    return deliveries


async def _deliver_to_rule(context: Context, rule: dict[str, Any], event: dict[str, Any]) -> list[Delivery]:
    name = rule["Name"]
    if rule.get("State", "ENABLED") == "DISABLED":
        return [report(name, None, "not matched", "The rule is disabled")]
    if not rule.get("EventPattern"):
        return []
    if not await _matches(context, rule["EventPattern"], event):
        return [report(name, None, "not matched", "The event does not match the rule's pattern")]
    targets = [target async for target in _targets(context, name)]
    if not targets:
        return [report(name, None, "not delivered", "The rule has no target")]
    return [await deliver_to_target(context, rule, target, event) for target in targets]


async def _matches(context: Context, pattern: str, event: dict[str, Any]) -> bool:
    """Ask EventBridge, unless the pattern names other detail types: most events of a contact are for nobody."""
    wanted = json.loads(pattern).get("detail-type")
    if wanted and all(isinstance(name, str) for name in wanted) and event["detail-type"] not in wanted:
        return False
    answer = await context.call_aws("events", "test_event_pattern", EventPattern=pattern, Event=json.dumps(event))
    return answer["Result"]


async def deliver_to_target(
    context: Context, rule: dict[str, Any], target: dict[str, Any], event: dict[str, Any]
) -> Delivery:
    """Hand an event to one target of a rule, with retries, and what could not be delivered to its dead-letter queue."""
    name, arn = rule["Name"], target["Arn"]
    if ":lambda:" not in arn:
        return report(name, arn, "not delivered", "The emulator delivers to Lambda functions only")
    body = target_input(target, event, rule)
    failure = await _try(context, rule, target, body)
    _count(context, rule, "Invocations")
    if failure is None:
        return report(name, arn, "delivered", None)
    _count(context, rule, "FailedInvocations")
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue:
        return report(name, arn, "not delivered", failure.message)
    refusal = await _dead_letter(context, queue, rule["Arn"], arn, body, failure)
    _count(context, rule, "InvocationsFailedToBeSentToDlq" if refusal else "InvocationsSentToDlq")
    more = f"; the dead-letter queue refused it: {refusal}" if refusal else f"; sent to {queue}"
    return report(name, arn, "not delivered", failure.message + more)


async def _try(context: Context, rule: dict[str, Any], target: dict[str, Any], body: str) -> Failure | None:
    """Invoke the function until it takes the event, or the target's retry policy ends."""
    policy = target.get("RetryPolicy") or {}
    most = policy.get("MaximumRetryAttempts", MAXIMUM_RETRIES)
    longest = policy.get("MaximumEventAgeInSeconds", MAXIMUM_AGE)
    age, retries = 0.0, 0
    while True:
        failure = await _invoke(context, rule, target["Arn"], body)
        if failure is None or failure.code not in RETRIED:
            return failure
        pause = min(2.0**retries, LONGEST_PAUSE)
        if retries >= most:
            return replace(failure, condition="MaximumRetryAttempts", retries=retries)
        if age + pause > longest:
            return replace(failure, condition="MaximumEventAgeInSeconds", retries=retries)
        age += pause
        retries += 1
        await asyncio.sleep(pause * context.settings.delivery_pace)


async def _invoke(context: Context, rule: dict[str, Any], arn: str, body: str) -> Failure | None:
    try:
        reason = await function_policy.refusal(context, arn, service=SERVICE, source_arn=rule["Arn"])
        if reason is not None:
            await context.call_aws("lambda", "get_function_configuration", FunctionName=arn)
            return Failure("NO_PERMISSIONS", reason)
        await context.call_aws("lambda", "invoke", FunctionName=arn, InvocationType="Event", Payload=body.encode())
    except ClientError as error:
        code = error.response["Error"]["Code"]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return Failure(CODES.get(code, "INTERNAL_ERROR" if status >= 500 else "ERROR_FROM_TARGET"), str(error))
    except BotoCoreError as error:
        return Failure("CONNECTION_FAILURE", str(error))
    return None


async def _dead_letter(
    context: Context, queue_arn: str, rule_arn: str, target_arn: str, body: str, failure: Failure
) -> str | None:
    """Send the event to the target's dead-letter queue; return the reason when the queue does not take it."""
    *_unused, region, account, name = queue_arn.split(":")
    if (region, account) != (context.region, context.account):
        return "It is in another account or Region"
    attributes = {
        "RULE_ARN": rule_arn,
        "TARGET_ARN": target_arn,
        "ERROR_CODE": failure.code,
        "ERROR_MESSAGE": failure.message,
        "RETRY_ATTEMPTS": str(failure.retries),
    }
    if failure.condition:
        attributes["EXHAUSTED_RETRY_CONDITION"] = failure.condition
    try:
        found = await context.call_aws("sqs", "get_queue_url", QueueName=name, QueueOwnerAWSAccountId=account)
        url = found["QueueUrl"]
        answer = await context.call_aws("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["Policy"])
        policy = json.loads(answer.get("Attributes", {}).get("Policy") or "{}")
        if not function_policy.is_allowed(
            policy, service=SERVICE, source_arn=rule_arn, account=account, action="sqs:SendMessage", resource=queue_arn
        ):
            return f"Its policy does not allow {SERVICE} to send messages for {rule_arn}"
        await context.call_aws(
            "sqs",
            "send_message",
            QueueUrl=url,
            MessageBody=body,
            MessageAttributes={key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
        )
    except (BotoCoreError, ClientError) as error:
        return str(error)
    return None


def _count(context: Context, rule: dict[str, Any], metric: str) -> None:
    context.emulator.count(context.account, context.region, "AWS/Events", metric, 1, "Count", RuleName=rule["Name"])


def target_input(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any]) -> str:
    """Return the text that a target receives: the event, or what Input, InputPath or InputTransformer make of it."""
    if target.get("Input"):
        return target["Input"]
    if target.get("InputPath"):
        return json.dumps(_look_up(event, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps(event)
    values = {name: _look_up(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values |= {
        "aws.events.rule-arn": rule.get("Arn"),
        "aws.events.rule-name": rule.get("Name"),
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
    return _fill(transformer["InputTemplate"], values)


def _fill(template: str, values: dict[str, Any]) -> str:
    """Replace ``<name>`` in a template: inside quotes by bare text, elsewhere by JSON."""
    result, quoted, position = [], False, 0
    for found in _PLACEHOLDER.finditer(template):
        between = template[position : found.start()]
        quoted ^= len(re.findall(r'(?<!\\)"', between)) % 2 == 1
        value = values.get(found[1], "")
        text = json.dumps(value)
        if quoted:
            text = text[1:-1] if isinstance(value, str) else json.dumps(text)[1:-1]
        result += [between, text]
        position = found.end()
    return "".join([*result, template[position:]])


def _look_up(event: dict[str, Any], path: str) -> Any:
    value: Any = event
    for name in path.removeprefix("$").strip(".").split("."):
        if not name:
            continue
        value = value.get(name) if isinstance(value, dict) else None
    return value


async def _rules(context: Context) -> AsyncIterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        answer = await context.call_aws("events", "list_rules", **token)
        for rule in answer["Rules"]:
            yield rule
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


async def _targets(context: Context, rule: str) -> AsyncIterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        answer = await context.call_aws("events", "list_targets_by_rule", Rule=rule, **token)
        for target in answer["Targets"]:
            yield target
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def report(rule: str | None, target: str | None, status: str, reason: str | None) -> Delivery:
    return {"rule": rule, "target": target, "status": status, "reason": reason}
