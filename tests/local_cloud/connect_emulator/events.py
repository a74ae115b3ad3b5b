# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events to EventBridge: what Amazon Connect sends (connect-api 12.1)."""

from __future__ import annotations

import hashlib
from datetime import UTC
from datetime import datetime
from typing import Any

from . import event_delivery
from .event_delivery import Delivery
from .flow_language.interpreter import Queue
from .model import operation_model
from .state import EMULATOR
from .state import Context
from .state import Instance
from .state import Record

DETAIL_TYPES = {
    "OnPostCallAnalysisAvailable": "Contact Lens Post Call Rules Matched",
    "OnRealTimeCallAnalysisAvailable": "Contact Lens Realtime Rules Matched",
    "OnPostChatAnalysisAvailable": "Contact Lens Post Chat Rules Matched",
    "OnRealTimeChatAnalysisAvailable": "Contact Lens Realtime Chat Rules Matched",
}
# Rule events of what simulated contacts do not do; they can be sent by hand.
OTHER_RULE_EVENTS = (
    "Contact Lens Email Rules Matched",
    "Contact Lens After Call Work Rules Matched",
    "Contact Lens After Chat Work Rules Matched",
    "Contact Lens Evaluation Rules Matched",
    "Rule for Contact Lens Post Call Matched",
    "Rule for Contact Lens Realtime Matched",
)
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


async def send_by_hand(record: Record, *, detail_type: str, rule_name: str, action_name: str) -> dict[str, Any]:
    """Send a rule event of any kind for a contact that there was; return it with what became of it.

    :raises ValueError: for an unknown kind
    """
    if detail_type not in {*DETAIL_TYPES.values(), *OTHER_RULE_EVENTS}:
        raise ValueError(f"detail_type is one of {', '.join([*DETAIL_TYPES.values(), *OTHER_RULE_EVENTS])}")
    _arn, _partition, _service, region, account, *_resource = record.arn.split(":")
    context = Context(EMULATOR, operation_model("DescribeContact"), account, region, f"arn:aws:iam::{account}:root")
    instance_arn = record.arn.partition("/contact/")[0]
    detail = {
        "version": "1.0",
        "ruleName": rule_name,
        "actionName": action_name,
        "instanceArn": instance_arn,
        "contactArn": record.arn,
    }
    event = _event(context, detail_type, context.now(), [instance_arn], detail)
    return {"event": event, "deliveries": (await deliver(context, event))[0]}


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
    if queued and queue and "EnqueueTimestamp" in queued:
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


async def deliver(context: Context, *events: dict[str, Any]) -> list[list[Delivery]]:
    """Hand events to EventBridge; return what became of each.

    Connect's delivery is best effort: the setting ``lost_events`` loses the rule events of some contacts.
    """
    if any("ruleName" in event["detail"] and is_lost(context, event["detail"]["contactArn"]) for event in events):
        return [[event_delivery.report(None, None, "lost", "The setting lost_events loses it")] for _event in events]
    return await event_delivery.deliver(context, list(events))


def is_lost(context: Context, contact_arn: str) -> bool:
    """Tell whether the setting loses the rule events of a contact."""
    lost, contact = context.settings.lost_events, contact_arn.rpartition("/")[2]
    if isinstance(lost, list):
        return contact in lost
    digest = hashlib.sha256(f"{lost.seed}:{contact}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48 < lost.share
