# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events to EventBridge: what Amazon Connect sends (connect-api 12.1), delivered as EventBridge does.

The local EventBridge refuses events of aws.* sources from outside, as the real one does, so the delivery is done here
through the public API of the services: rules, pattern test, targets, the function's policy, asynchronous invocation.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from . import function_policy
from .flow_language.interpreter import Queue
from .state import Context
from .state import Instance
from .state import Record

SERVICE = "events.amazonaws.com"
DETAIL_TYPES = {
    "OnPostCallAnalysisAvailable": "Contact Lens Post Call Rules Matched",
    "OnRealTimeCallAnalysisAvailable": "Contact Lens Realtime Rules Matched",
    "OnPostChatAnalysisAvailable": "Contact Lens Post Chat Rules Matched",
    "OnRealTimeChatAnalysisAvailable": "Contact Lens Realtime Chat Rules Matched",
}
STATE_CHANGE = "Contact Lens Analysis State Change"
ANALYSIS_FAILURES = (
    "RECORDING_FILE_CANNOT_BE_READ",
    "INVALID_ANALYSIS_CONFIGURATION",
    "RECORDING_FILE_TOO_SMALL",
    "RECORDING_FILE_TOO_LARGE",
    "RECORDING_FILE_INVALID",
    "RECORDING_FILE_EMPTY",
    "RECORDING_SAMPLE_RATE_NOT_SUPPORTED",
)
CONTACT_EVENT = "Amazon Connect Contact Event"
_PLACEHOLDER = re.compile(r"<([\w.-]+)>")

Delivery = dict[str, Any]


def rule_matched_event(
    context: Context,
    instance: Instance,
    *,
    rule: Record,
    action_name: str,
    contact_id: str,
    agent_id: str | None,
    queue: Queue | None,
) -> dict[str, Any]:
    """Return the event of a rule that matched; without agent or queue their ARNs are missing (inferred)."""
    detail = {
        "version": "1.0",
        "ruleName": rule.name,
        "actionName": action_name,
        "instanceArn": instance.arn,
        "contactArn": context.arn(instance, "contact", contact_id),
    }
    if agent_id:
        detail["agentArn"] = context.arn(instance, "agent", agent_id)
    if queue:
        detail["queueArn"] = queue.arn
    kind = DETAIL_TYPES[rule.data["TriggerEventSource"]["EventSourceName"]]
    return _event(context, kind, context.now(), [instance.arn], detail)


def analysis_failed_event(context: Context, instance: Instance, contact: Record, reason: str) -> dict[str, Any]:
    """Return the event of an analysis that failed (connect-api 12.1; instance and contact by ARN is inferred).

    :param reason: one of ANALYSIS_FAILURES
    """
    detail = {
        "instance": instance.arn,
        "contact": contact.arn,
        "channel": contact.data["Channel"],
        "state": "FAILED",
        "reasonCode": reason,
    }
    return _event(context, STATE_CHANGE, context.now(), [instance.arn, contact.arn], detail)


def contact_events(context: Context, instance: Instance, contact: Record, queue: Queue | None) -> list[dict[str, Any]]:
    """Return the events of the steps that a finished contact has taken, in order (connect-api 12.1).

    That an event holds what is known at its step and no more, and the queue's type, is inferred.
    """
    data = contact.data
    queued, agent = data.get("QueueInfo"), data.get("AgentInfo")
    steps: dict[str, tuple[datetime, dict[str, Any]]] = {
        "INITIATED": (data["InitiationTimestamp"], {"initiationTimestamp": _text(data["InitiationTimestamp"])}),
        "CONNECTED_TO_SYSTEM": (
            data["ConnectedToSystemTimestamp"],
            {"connectedToSystemTimestamp": _text(data["ConnectedToSystemTimestamp"])},
        ),
    }
    if queued and queue:
        moment = queued["EnqueueTimestamp"]
        kind = "AGENT" if queue.agent_id else "STANDARD"
        info = {"queueArn": queue.arn, "queueType": kind, "enqueueTimestamp": _text(moment)}
        steps["QUEUED"] = (moment, {"queueInfo": info})
    if agent:
        moment = agent["ConnectedToAgentTimestamp"]
        info = {"agentArn": context.arn(instance, "agent", agent["Id"]), "connectedToAgentTimestamp": _text(moment)}
        steps["CONNECTED_TO_AGENT"] = (moment, {"agentInfo": info})
    steps["DISCONNECTED"] = (data["DisconnectTimestamp"], {"disconnectTimestamp": _text(data["DisconnectTimestamp"])})
    detail = {
        "contactId": contact.id,
        "initialContactId": data["InitialContactId"],
        "channel": data["Channel"],
        "instanceArn": instance.arn,
        "initiationMethod": data["InitiationMethod"],
    }
    events = []
    for step, (moment, known) in steps.items():
        detail = {**detail, **known, "eventType": step}
        events.append(_event(context, CONTACT_EVENT, moment, [contact.arn, instance.arn], detail))
    return events


def _event(
    context: Context, detail_type: str, moment: datetime, resources: list[str], detail: dict[str, Any]
) -> dict[str, Any]:
    return {
        "version": "0",
        "id": context.new_id(),
        "source": "aws.connect",
        "detail-type": detail_type,
        "account": context.account,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": context.region,
        "resources": resources,
        "detail": detail,
    }


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def deliver(context: Context, event: dict[str, Any]) -> list[Delivery]:
    """Hand an event to the targets of all rules of the default bus that match it.

    :return: for each rule and target ``{rule, target, status, reason}``; ``status`` is ``delivered``,
        ``not delivered`` or ``not matched``, ``reason`` is None only when delivered.
    """
    deliveries: list[Delivery] = []
    try:
        async for rule in _rules(context):
            deliveries += await _deliver_to_rule(context, rule, event)
    except (BotoCoreError, ClientError) as error:
        deliveries.append(_report(None, None, "not delivered", str(error)))
    return deliveries


async def _deliver_to_rule(context: Context, rule: dict[str, Any], event: dict[str, Any]) -> list[Delivery]:
    name = rule["Name"]
    if rule.get("State", "ENABLED") == "DISABLED":
        return [_report(name, None, "not matched", "The rule is disabled")]
    if not rule.get("EventPattern"):
        return []
    answer = await context.call_aws(
        "events", "test_event_pattern", EventPattern=rule["EventPattern"], Event=json.dumps(event)
    )
    if not answer["Result"]:
        return [_report(name, None, "not matched", "The event does not match the rule's pattern")]
    targets = [target async for target in _targets(context, name)]
    if not targets:
        return [_report(name, None, "not delivered", "The rule has no target")]
    return [await _deliver_to_target(context, rule, target, event) for target in targets]


async def _deliver_to_target(
    context: Context, rule: dict[str, Any], target: dict[str, Any], event: dict[str, Any]
) -> Delivery:
    name, arn = rule["Name"], target["Arn"]
    if ":lambda:" not in arn:
        return _report(name, arn, "not delivered", "The emulator delivers to Lambda functions only")
    reason = await function_policy.refusal(context, arn, service=SERVICE, source_arn=rule["Arn"])
    body = target_input(target, event, rule)
    if reason is None:
        try:
            await context.call_aws("lambda", "invoke", FunctionName=arn, InvocationType="Event", Payload=body.encode())
            return _report(name, arn, "delivered", None)
        except ClientError as error:
            reason = str(error)
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue:
        reason += await _dead_letter(context, queue, rule["Arn"], arn, body, reason)
    return _report(name, arn, "not delivered", reason)


async def _dead_letter(context: Context, queue_arn: str, rule_arn: str, target_arn: str, body: str, reason: str) -> str:
    """Send the event to the target's dead-letter queue; return what to add to the reason."""
    *_unused, account, name = queue_arn.split(":")
    attributes = {"RULE_ARN": rule_arn, "TARGET_ARN": target_arn, "ERROR_MESSAGE": reason}
    try:
        found = await context.call_aws("sqs", "get_queue_url", QueueName=name, QueueOwnerAWSAccountId=account)
        await context.call_aws(
            "sqs",
            "send_message",
            QueueUrl=found["QueueUrl"],
            MessageBody=body,
            MessageAttributes={key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
        )
    except ClientError as error:
        return f"; the dead-letter queue refused it: {error}"
    return f"; sent to {queue_arn}"


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


def _report(rule: str | None, target: str | None, status: str, reason: str | None) -> Delivery:
    return {"rule": rule, "target": target, "status": status, "reason": reason}
