# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queues (connect-api 8, default of 1.5). The agents' own queues follow from the users."""

from __future__ import annotations

from typing import Any

from .. import objects
from ..errors import ConnectError
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record
from . import hours_of_operation
from . import phone_numbers
from . import quick_connects

KIND = "queues"
DEFAULT_NAME = "BasicQueue"


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance its default queue."""
    hours = instance.store(hours_of_operation.KIND).find(hours_of_operation.DEFAULT_NAME)
    # The default's description is inferred.
    data = {"Name": DEFAULT_NAME, "Description": "A simple, basic voice queue.", "Status": "ENABLED"}
    data |= {"HoursOfOperationId": hours.id, "_quick_connects": []}
    objects.create(context, instance, KIND, "queue", DEFAULT_NAME, data)


@operation("CreateQueue")
def create_queue(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """A new queue is ENABLED."""
    instance = context.instance(request["InstanceId"])
    data = objects.pick(request, "Name", "Description", "MaxContacts", "OutboundEmailConfig")
    data["Status"] = "ENABLED"
    data["HoursOfOperationId"] = _hours_id(instance, request)
    data["OutboundCallerConfig"] = _caller_config(context, instance, request.get("OutboundCallerConfig"))
    data["_quick_connects"] = objects.resolve_ids(instance, quick_connects.KIND, request.get("QuickConnectIds", []))
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    record = objects.create(context, instance, KIND, "queue", request["Name"], data, request.get("Tags"))
    return {"QueueId": record.id, "QueueArn": record.arn}


@operation("DescribeQueue")
def describe_queue(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return {"Queue": _read(_queue(context, request)[1])}


@operation("ListQueues")
def list_queues(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """STANDARD and AGENT queues unless the request asks for one type; an agent's queue has no Name."""
    instance = context.instance(request["InstanceId"])
    wanted = request.get("QueueTypes") or ("STANDARD", "AGENT")
    summaries = []
    if "STANDARD" in wanted:
        summaries += [objects.summarize(item, QueueType="STANDARD") for item in instance.store(KIND).all()]
    if "AGENT" in wanted:
        summaries += [_summarize_agent_queue(context, instance, user) for user in instance.store("users").all()]
    items, token = context.page(summaries, request)
    return {"QueueSummaryList": items, "NextToken": token}


@operation("SearchQueues")
def search_queues(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Only STANDARD queues can be searched."""
    return objects.find(context, context.instance(request["InstanceId"]), KIND, request, "Queues", _read)


@operation("UpdateQueueName")
def update_queue_name(context: Context, request: dict[str, Any]) -> None:
    instance, record = _queue(context, request)
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")


@operation("UpdateQueueStatus")
def update_queue_status(context: Context, request: dict[str, Any]) -> None:
    _unused, record = _queue(context, request)
    record.data["Status"] = request["Status"]
    context.touch(record)


@operation("UpdateQueueHoursOfOperation")
def update_queue_hours_of_operation(context: Context, request: dict[str, Any]) -> None:
    instance, record = _queue(context, request)
    record.data["HoursOfOperationId"] = _hours_id(instance, request)
    context.touch(record)


@operation("UpdateQueueMaxContacts")
def update_queue_max_contacts(context: Context, request: dict[str, Any]) -> None:
    """Left out, the limit goes (inferred)."""
    _unused, record = _queue(context, request)
    record.data["MaxContacts"] = request.get("MaxContacts")
    context.touch(record)


@operation("UpdateQueueOutboundCallerConfig")
def update_queue_outbound_caller_config(context: Context, request: dict[str, Any]) -> None:
    """The configuration is replaced whole: a member left out is cleared (inferred)."""
    instance, record = _queue(context, request)
    record.data["OutboundCallerConfig"] = _caller_config(context, instance, request["OutboundCallerConfig"])
    context.touch(record)


@operation("UpdateQueueOutboundEmailConfig")
def update_queue_outbound_email_config(context: Context, request: dict[str, Any]) -> None:
    """E-mail addresses are not emulated: any identifier is taken."""
    _unused, record = _queue(context, request)
    record.data["OutboundEmailConfig"] = request["OutboundEmailConfig"]
    context.touch(record)


@operation("AssociateQueueQuickConnects")
def associate_queue_quick_connects(context: Context, request: dict[str, Any]) -> None:
    """What is associated already stays so (inferred)."""
    instance, record = _queue(context, request)
    added = objects.resolve_ids(instance, quick_connects.KIND, request["QuickConnectIds"])
    record.data["_quick_connects"] = list(dict.fromkeys(record.data["_quick_connects"] + added))
    context.touch(record)


@operation("DisassociateQueueQuickConnects")
def disassociate_queue_quick_connects(context: Context, request: dict[str, Any]) -> None:
    """What is not associated is passed over (inferred)."""
    instance, record = _queue(context, request)
    gone = objects.resolve_ids(instance, quick_connects.KIND, request["QuickConnectIds"])
    record.data["_quick_connects"] = [item for item in record.data["_quick_connects"] if item not in gone]
    context.touch(record)


@operation("ListQueueQuickConnects")
def list_queue_quick_connects(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance, record = _queue(context, request)
    offered = [item for item in instance.store(quick_connects.KIND).all() if item.id in record.data["_quick_connects"]]
    items, token = context.page(offered, request)
    shown = [quick_connects.summarize(item) for item in items]
    return {"QuickConnectSummaryList": shown, "NextToken": token, **objects.modified(record)}


@operation("DeleteQueue")
def delete_queue(context: Context, request: dict[str, Any]) -> None:
    """ResourceInUse while a routing profile or, inferred, a quick connect or a flow refers to the queue."""
    instance, record = _queue(context, request)
    _check_unused(instance, record)
    instance.store(KIND).delete(record.id)


def _queue(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store(KIND).get(request["QueueId"])


def _read(record: Record) -> dict[str, Any]:
    return objects.read(record, "QueueId", "QueueArn")


def _summarize_agent_queue(context: Context, instance: Instance, user: Record) -> dict[str, Any]:
    arn = context.arn(instance, "queue/agent", user.id)
    return {"Id": user.id, "Arn": arn, "QueueType": "AGENT", **objects.modified(user)}


def _hours_id(instance: Instance, request: dict[str, Any]) -> str:
    return instance.store(hours_of_operation.KIND).get(request["HoursOfOperationId"]).id


def _caller_config(context: Context, instance: Instance, config: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the configuration with ids after checking what it names.

    The number is given by id or by the ARN without instance, and must be CLAIMED for this instance (the errors are
    inferred); the flow must be an outbound whisper flow (inferred).
    """
    if config is None:
        return None
    checked = dict(config)
    if "OutboundCallerIdNumberId" in config:
        number = context.region_state.phone_numbers.get(config["OutboundCallerIdNumberId"])
        status = phone_numbers.status(context, number)["Status"]
        if number.data["TargetArn"] != instance.arn or status != "CLAIMED":
            raise ConnectError("ResourceNotFoundException", "The phone number is not claimed for this instance")
        checked["OutboundCallerIdNumberId"] = number.id
    if "OutboundFlowId" in config:
        flow = instance.store("contact_flows").get(config["OutboundFlowId"])
        if flow.data["Type"] != "OUTBOUND_WHISPER":
            raise ConnectError("InvalidParameterException", f"The flow {flow.name} is not an outbound whisper flow")
        checked["OutboundFlowId"] = flow.id
    return checked


def _check_unused(instance: Instance, record: Record) -> None:
    for profile in instance.store("routing_profiles").everything():
        if record.id in (
            profile.data["DefaultOutboundQueueId"],
            *(item["QueueId"] for item in profile.data["_queues"]),
        ):
            raise objects.in_use(record, "routing profile", profile)
    for connect in instance.store(quick_connects.KIND).everything():
        if connect.data["QuickConnectConfig"].get("QueueConfig", {}).get("QueueId") == record.id:
            raise objects.in_use(record, "quick connect", connect)
    for kind in ("contact flow", "contact flow module"):
        for flow in instance.store(f"{kind.replace(' ', '_')}s").everything():
            if record.id in (flow.data.get("_published") or ""):
                raise objects.in_use(record, kind, flow)
