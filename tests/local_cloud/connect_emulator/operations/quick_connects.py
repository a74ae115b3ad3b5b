# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quick connects (connect-api 4.2, 8)."""

from __future__ import annotations

import re
from typing import Any

from .. import objects
from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "quick_connects"
_CONFIG_MEMBERS = {"USER": "UserConfig", "QUEUE": "QueueConfig", "PHONE_NUMBER": "PhoneConfig", "FLOW": "FlowConfig"}
_REFERENCES = {"UserId": "users", "QueueId": "queues", "ContactFlowId": "contact_flows"}
_PHONE_NUMBER = re.compile(r"\+[1-9]\d{1,14}")


@operation("CreateQuickConnect")
def create_quick_connect(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    config = _check_config(instance, request["QuickConnectConfig"])
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    data = {**objects.pick(request, "Name", "Description"), "QuickConnectConfig": config}
    record = objects.create(context, instance, KIND, "transfer-destination", request["Name"], data, request.get("Tags"))
    return {"QuickConnectId": record.id, "QuickConnectARN": record.arn}


@operation("DescribeQuickConnect")
def describe_quick_connect(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    record = context.instance(request["InstanceId"]).store(KIND).get(request["QuickConnectId"])
    return {"QuickConnect": _read(record)}


@operation("ListQuickConnects")
def list_quick_connects(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    records = context.instance(request["InstanceId"]).store(KIND).all()
    wanted = request.get("QuickConnectTypes") or list(_CONFIG_MEMBERS)
    items, token = context.page([item for item in records if quick_connect_type(item) in wanted], request)
    return {"QuickConnectSummaryList": [summarize(item) for item in items], "NextToken": token}


@operation("SearchQuickConnects")
def search_quick_connects(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return objects.find(context, context.instance(request["InstanceId"]), KIND, request, "QuickConnects", _read)


@operation("UpdateQuickConnectName")
def update_quick_connect_name(context: Context, request: dict[str, Any]) -> None:
    """Duplicate is not declared for this operation: a used name gives InvalidRequest (inferred)."""
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["QuickConnectId"])
    objects.rename(context, instance, KIND, record, request, "InvalidRequestException")


@operation("UpdateQuickConnectConfig")
def update_quick_connect_config(context: Context, request: dict[str, Any]) -> None:
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["QuickConnectId"])
    record.data["QuickConnectConfig"] = _check_config(instance, request["QuickConnectConfig"])
    context.touch(record)


@operation("DeleteQuickConnect")
def delete_quick_connect(context: Context, request: dict[str, Any]) -> None:
    """A deleted quick connect leaves the queues that offered it (inferred)."""
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["QuickConnectId"])
    for queue in instance.store("queues").everything():
        queue.data["_quick_connects"] = [item for item in queue.data["_quick_connects"] if item != record.id]
    instance.store(KIND).delete(record.id)


def quick_connect_type(record: Record) -> str:
    """Return USER, QUEUE, PHONE_NUMBER or FLOW."""
    return record.data["QuickConnectConfig"]["QuickConnectType"]


def summarize(record: Record) -> dict[str, Any]:
    """Return the record as the lists of quick connects show it."""
    return objects.summarize(record, QuickConnectType=quick_connect_type(record))


def _read(record: Record) -> dict[str, Any]:
    return objects.read(record, "QuickConnectId", "QuickConnectARN")


def _check_config(instance: Instance, config: dict[str, Any]) -> dict[str, Any]:
    """Check that the configuration is of its type (inferred) and that what it names exists; return it with ids."""
    kind = config["QuickConnectType"]
    member = _CONFIG_MEMBERS[kind]
    if set(config) != {"QuickConnectType", member}:
        raise ConnectError("InvalidParameterException", f"A quick connect of type {kind} takes {member} and no other")
    inner = dict(config[member])
    for name, store in _REFERENCES.items():
        if name in inner:
            inner[name] = instance.store(store).get(inner[name]).id
    if kind == "PHONE_NUMBER" and not _PHONE_NUMBER.fullmatch(inner["PhoneNumber"]):
        raise ConnectError("InvalidParameterException", "PhoneNumber is not in E.164 form")
    return {"QuickConnectType": kind, member: inner}
