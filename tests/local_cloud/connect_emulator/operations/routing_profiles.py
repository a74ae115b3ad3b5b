# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routing profiles (connect-api 8, default of 1.5)."""

from __future__ import annotations

from typing import Any

from .. import objects
from ..errors import ConnectError
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record
from . import queues

KIND = "routing_profiles"
DEFAULT_NAME = "Basic Routing Profile"
_MOST_REFERENCES = 10
_CONCURRENCY = {"VOICE": 1, "CHAT": 10, "TASK": 10, "EMAIL": 10}


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance its default routing profile; its channels and description are inferred."""
    queue = instance.store(queues.KIND).find(queues.DEFAULT_NAME)
    concurrencies = [{"Channel": "VOICE", "Concurrency": 1}, {"Channel": "CHAT", "Concurrency": 2}]
    entries = [{"QueueId": queue.id, "Channel": item["Channel"], "Priority": 1, "Delay": 0} for item in concurrencies]
    data = {
        "Name": DEFAULT_NAME,
        "Description": "A simple routing profile.",
        "DefaultOutboundQueueId": queue.id,
        "MediaConcurrencies": _check_concurrencies(concurrencies),
        "AgentAvailabilityTimer": "TIME_SINCE_LAST_ACTIVITY",
        "IsDefault": True,
        "_queues": entries,
        "_manual_queues": [],
    }
    objects.create(context, instance, KIND, "routing-profile", DEFAULT_NAME, data)


@operation("CreateRoutingProfile")
def create_routing_profile(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    data = objects.pick(request, "Name", "Description", "AgentAvailabilityTimer")
    data.setdefault("AgentAvailabilityTimer", "TIME_SINCE_LAST_ACTIVITY")
    data["IsDefault"] = False
    data["DefaultOutboundQueueId"] = _queue_id(instance, request["DefaultOutboundQueueId"])
    data["MediaConcurrencies"] = _check_concurrencies(request["MediaConcurrencies"])
    data["_queues"] = _entries(instance, data, request.get("QueueConfigs"))
    data["_manual_queues"] = _entries(instance, data, request.get("ManualAssignmentQueueConfigs"))
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    record = objects.create(context, instance, KIND, "routing-profile", request["Name"], data, request.get("Tags"))
    return {"RoutingProfileId": record.id, "RoutingProfileArn": record.arn}


@operation("DescribeRoutingProfile")
def describe_routing_profile(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance, record = _profile(context, request)
    return {"RoutingProfile": _read(instance, record)}


@operation("ListRoutingProfiles")
def list_routing_profiles(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    items, token = context.page(context.instance(request["InstanceId"]).store(KIND).all(), request)
    return {"RoutingProfileSummaryList": [objects.summarize(item) for item in items], "NextToken": token}


@operation("SearchRoutingProfiles")
def search_routing_profiles(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    fields = {**objects.SEARCHED, "associatedQueueIds": lambda record: _associated(record.data["_queues"])}
    return objects.find(
        context, instance, KIND, request, "RoutingProfiles", lambda record: _read(instance, record), fields
    )


@operation("UpdateRoutingProfileName")
def update_routing_profile_name(context: Context, request: dict[str, Any]) -> None:
    instance, record = _profile(context, request)
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")


@operation("UpdateRoutingProfileDefaultOutboundQueue")
def update_routing_profile_default_outbound_queue(context: Context, request: dict[str, Any]) -> None:
    instance, record = _profile(context, request)
    record.data["DefaultOutboundQueueId"] = _queue_id(instance, request["DefaultOutboundQueueId"])
    context.touch(record)


@operation("UpdateRoutingProfileConcurrency")
def update_routing_profile_concurrency(context: Context, request: dict[str, Any]) -> None:
    """The list of channels is replaced whole (inferred)."""
    _unused, record = _profile(context, request)
    record.data["MediaConcurrencies"] = _check_concurrencies(request["MediaConcurrencies"])
    context.touch(record)


@operation("UpdateRoutingProfileAgentAvailabilityTimer")
def update_routing_profile_agent_availability_timer(context: Context, request: dict[str, Any]) -> None:
    _unused, record = _profile(context, request)
    record.data["AgentAvailabilityTimer"] = request["AgentAvailabilityTimer"]
    context.touch(record)


@operation("UpdateRoutingProfileQueues")
def update_routing_profile_queues(context: Context, request: dict[str, Any]) -> None:
    """Priority and delay of pairs of queue and channel that are associated already."""
    instance, record = _profile(context, request)
    entries = _entries(instance, record.data, request["QueueConfigs"])
    present = [_pair(item) for item in record.data["_queues"]]
    if any(_pair(item) not in present for item in entries):
        # The kind of error is inferred.
        raise ConnectError("InvalidParameterException", "A queue to update is not associated with the routing profile")
    _merge(context, record, "_queues", entries)


@operation("AssociateRoutingProfileQueues")
def associate_routing_profile_queues(context: Context, request: dict[str, Any]) -> None:
    """A pair of queue and channel that is associated already takes the new values (inferred)."""
    instance, record = _profile(context, request)
    entries = _entries(instance, record.data, request.get("QueueConfigs"))
    manual = _entries(instance, record.data, request.get("ManualAssignmentQueueConfigs"))
    pairs = {_pair(item) for item in record.data["_queues"] + entries}
    if len(pairs) > objects.QUEUES_PER_ROUTING_PROFILE:
        # LimitExceeded is not declared for this operation (inferred).
        raise ConnectError("InvalidRequestException", "The routing profile has its 50 pairs of queue and channel")
    _merge(context, record, "_queues", entries)
    _merge(context, record, "_manual_queues", manual)


@operation("DisassociateRoutingProfileQueues")
def disassociate_routing_profile_queues(context: Context, request: dict[str, Any]) -> None:
    """At most 10 references of a kind; what is not associated is passed over (inferred)."""
    instance, record = _profile(context, request)
    lists = {"QueueReferences": "_queues", "ManualAssignmentQueueReferences": "_manual_queues"}
    if any(len(request.get(member, [])) > _MOST_REFERENCES for member in lists):
        raise ConnectError("InvalidParameterException", f"More than {_MOST_REFERENCES} queue references in one request")
    for member, kept in lists.items():
        gone = [(_queue_id(instance, item["QueueId"]), item["Channel"]) for item in request.get(member, [])]
        record.data[kept] = [item for item in record.data[kept] if _pair(item) not in gone]
    context.touch(record)


@operation("ListRoutingProfileQueues")
def list_routing_profile_queues(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return _list_entries(context, request, "_queues", "RoutingProfileQueueConfigSummaryList")


@operation("ListRoutingProfileManualAssignmentQueues")
def list_routing_profile_manual_assignment_queues(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return _list_entries(context, request, "_manual_queues", "RoutingProfileManualAssignmentQueueConfigSummaryList")


@operation("DeleteRoutingProfile")
def delete_routing_profile(context: Context, request: dict[str, Any]) -> None:
    instance, record = _profile(context, request)
    users = _users(instance, record)
    if users:
        raise objects.in_use(record, "user", users[0])
    instance.store(KIND).delete(record.id)


def _profile(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store(KIND).get(request["RoutingProfileId"])


def _queue_id(instance: Instance, reference: str) -> str:
    return instance.store(queues.KIND).get(reference).id


def _users(instance: Instance, record: Record) -> list[Record]:
    return [user for user in instance.store("users").everything() if user.data["RoutingProfileId"] == record.id]


def _read(instance: Instance, record: Record) -> dict[str, Any]:
    associated = _associated(record.data["_queues"])
    manual = _associated(record.data["_manual_queues"])
    return {
        **objects.read(record, "RoutingProfileId", "RoutingProfileArn"),
        "InstanceId": instance.id,
        "NumberOfAssociatedQueues": len(associated),
        "NumberOfAssociatedManualAssignmentQueues": len(manual),
        "NumberOfAssociatedUsers": len(_users(instance, record)),
        "AssociatedQueueIds": associated,
        "AssociatedManualAssignmentQueueIds": manual,
    }


def _associated(entries: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(item["QueueId"] for item in entries))


def _pair(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["QueueId"], entry["Channel"]


def _check_concurrencies(concurrencies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the channels with the behaviour that holds when none is given (inferred).

    One contact at a time for VOICE, up to 10 for the others; a channel at most once (inferred).
    """
    channels = [item["Channel"] for item in concurrencies]
    if not channels or len(set(channels)) != len(channels):
        raise ConnectError("InvalidParameterException", "MediaConcurrencies names no channel or one channel twice")
    for item in concurrencies:
        highest = _CONCURRENCY[item["Channel"]]
        if "WorkloadTypeConcurrencies" not in item and not 1 <= item.get("Concurrency", 0) <= highest:
            raise ConnectError("InvalidParameterException", f"Concurrency of {item['Channel']} is not 1 to {highest}")
    behaviour = {"BehaviorType": "ROUTE_CURRENT_CHANNEL_ONLY"}
    return [{"CrossChannelBehavior": behaviour, **item} for item in concurrencies]


def _entries(instance: Instance, data: dict[str, Any], configs: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Return queue configurations flattened, with ids.

    A pair of queue and channel twice, or a channel that the profile does not handle, is refused (inferred).
    """
    handled = [item["Channel"] for item in data["MediaConcurrencies"]]
    entries = []
    for config in configs or []:
        reference = config["QueueReference"]
        entry = {"QueueId": _queue_id(instance, reference["QueueId"]), "Channel": reference["Channel"]}
        entries.append({**entry, **objects.pick(config, "Priority", "Delay")})
    if len({_pair(item) for item in entries}) != len(entries):
        raise ConnectError("InvalidParameterException", "A pair of queue and channel is given twice")
    for item in entries:
        if item["Channel"] not in handled:
            raise ConnectError("InvalidParameterException", f"The profile does not handle {item['Channel']}")
    return entries


def _merge(context: Context, record: Record, kept: str, entries: list[dict[str, Any]]) -> None:
    merged = {_pair(item): item for item in record.data[kept] + entries}
    record.data[kept] = list(merged.values())
    context.touch(record)


def _list_entries(context: Context, request: dict[str, Any], kept: str, member: str) -> dict[str, Any]:
    instance, record = _profile(context, request)
    items, token = context.page(record.data[kept], request)
    known = {queue.id: queue for queue in instance.store(queues.KIND).everything()}
    shown = [
        {**item, "QueueArn": known[item["QueueId"]].arn, "QueueName": known[item["QueueId"]].name} for item in items
    ]
    return {member: shown, "NextToken": token, **objects.modified(record)}
