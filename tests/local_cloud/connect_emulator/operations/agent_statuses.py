# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Agent statuses (connect-api 1.5 and "Other quotas")."""

from __future__ import annotations

from typing import Any

from .. import objects
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "agent_statuses"
_TYPES = ("ROUTABLE", "CUSTOM", "OFFLINE")


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance Available, which takes contacts, and Offline."""
    for order, (name, kind) in enumerate((("Available", "ROUTABLE"), ("Offline", "OFFLINE")), start=1):
        data = {"Name": name, "Type": kind, "State": "ENABLED", "DisplayOrder": order}
        objects.create(context, instance, KIND, "agent-state", name, data)


@operation("CreateAgentStatus")
def create_agent_status(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """What is created by API is of type CUSTOM."""
    instance = context.instance(request["InstanceId"])
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    data = {**objects.pick(request, "Name", "Description", "State", "DisplayOrder"), "Type": "CUSTOM"}
    record = objects.create(context, instance, KIND, "agent-state", request["Name"], data, request.get("Tags"))
    return {"AgentStatusId": record.id, "AgentStatusARN": record.arn}


@operation("DescribeAgentStatus")
def describe_agent_status(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    record = context.instance(request["InstanceId"]).store(KIND).get(request["AgentStatusId"])
    return {"AgentStatus": _read(record)}


@operation("ListAgentStatuses")
def list_agent_statuses(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    wanted = request.get("AgentStatusTypes") or _TYPES
    records = context.instance(request["InstanceId"]).store(KIND).all()
    items, token = context.page([item for item in records if item.data["Type"] in wanted], request)
    shown = [objects.summarize(item, Type=item.data["Type"]) for item in items]
    return {"AgentStatusSummaryList": shown, "NextToken": token}


@operation("SearchAgentStatuses")
def search_agent_statuses(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    fields = {
        **objects.SEARCHED,
        "state": lambda record: record.data["State"],
        "type": lambda record: record.data["Type"],
        "displayOrder": lambda record: str(record.data.get("DisplayOrder", "")),
    }
    instance = context.instance(request["InstanceId"])
    return objects.find(context, instance, KIND, request, "AgentStatuses", _read, fields)


@operation("UpdateAgentStatus")
def update_agent_status(context: Context, request: dict[str, Any]) -> None:
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["AgentStatusId"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")
    record.data.update(objects.pick(request, "State", "DisplayOrder"))
    if request.get("ResetOrderNumber"):
        record.data.pop("DisplayOrder", None)


def _read(record: Record) -> dict[str, Any]:
    return objects.read(record, "AgentStatusId", "AgentStatusARN")
