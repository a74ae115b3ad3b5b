# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contacts that simulated calls have made (connect-api 12.1, DescribeContact)."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Any

from .. import objects
from ..registry import operation
from ..state import Context
from ..state import Record

KIND = "contacts"
_SUMMARY = (
    "InitialContactId",
    "InitiationMethod",
    "Channel",
    "QueueInfo",
    "InitiationTimestamp",
    "DisconnectTimestamp",
)


@operation("DescribeContact")
def describe_contact(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a contact with the times that the folder of its files follows from."""
    record = context.instance(request["InstanceId"]).store(KIND).get(request["ContactId"])
    shown = objects.read(record)
    return {"Contact": shown if record.tags else {name: value for name, value in shown.items() if name != "Tags"}}


@operation("GetContactAttributes")
def get_contact_attributes(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show the attributes that flows, functions and agents have set."""
    record = context.instance(request["InstanceId"]).store(KIND).get(request["InitialContactId"])
    return {"Attributes": record.data["Attributes"]}


@operation("UpdateContactAttributes")
def update_contact_attributes(context: Context, request: dict[str, Any]) -> None:
    """Add attributes or change them; the others stay."""
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["InitialContactId"])
    record.data["Attributes"] = {**record.data["Attributes"], **request["Attributes"]}
    record.data["LastUpdateTimestamp"] = context.now()
    if instance.floor:
        instance.floor.tell_agent(record.id)


@operation("SearchContacts")
def search_contacts(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Find contacts by time, channel, queue, agent and initiation method, the latest first."""
    instance = context.instance(request["InstanceId"])
    times = request["TimeRange"]
    start, end = (_moment(times[name]) for name in ("StartTime", "EndTime"))
    criteria = request.get("SearchCriteria") or {}
    found = []
    for record in instance.store(KIND).all():
        moment = _time(record, times["Type"])
        if moment is not None and start <= moment <= end and _fits(record, criteria):
            found.append((moment, record))
    found.sort(key=lambda item: item[0], reverse=(request.get("Sort") or {}).get("Order") != "ASCENDING")
    page, token = context.page([_summarize(record) for _moment_found, record in found], request)
    return {"Contacts": page, "NextToken": token, "TotalCount": len(found)}


def _time(record: Record, kind: str) -> datetime | None:
    data = record.data
    return {
        "INITIATION_TIMESTAMP": data["InitiationTimestamp"],
        "DISCONNECT_TIMESTAMP": data.get("DisconnectTimestamp"),
        "CONNECTED_TO_AGENT_TIMESTAMP": (data.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp"),
        "ENQUEUE_TIMESTAMP": (data.get("QueueInfo") or {}).get("EnqueueTimestamp"),
    }.get(kind)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromtimestamp(float(value), UTC)


def _fits(record: Record, criteria: dict[str, Any]) -> bool:
    data = record.data
    tests = {
        "Channels": data["Channel"],
        "InitiationMethods": data["InitiationMethod"],
        "QueueIds": (data.get("QueueInfo") or {}).get("Id"),
        "AgentIds": (data.get("AgentInfo") or {}).get("Id"),
    }
    return all(value in criteria[name] for name, value in tests.items() if criteria.get(name))


def _summarize(record: Record) -> dict[str, Any]:
    agent = objects.pick(record.data.get("AgentInfo") or {}, "Id", "ConnectedToAgentTimestamp")
    return {
        "Arn": record.arn,
        "Id": record.id,
        **objects.pick(record.data, *_SUMMARY),
        **({"AgentInfo": agent} if agent else {}),
    }
