# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hours of operation (connect-api 8, default of 1.5)."""

from __future__ import annotations

from typing import Any

from dateutil.zoneinfo import get_zonefile_instance

from .. import objects
from ..errors import ConnectError
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "hours_of_operations"
DEFAULT_NAME = "Basic Hours"
_DAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_MIDNIGHT = {"Hours": 0, "Minutes": 0}


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance its default hours, always open: 00:00 to 00:00 means all day."""
    always = [{"Day": day, "StartTime": dict(_MIDNIGHT), "EndTime": dict(_MIDNIGHT)} for day in _DAYS]
    # The default's time zone and description are inferred.
    data = {"Name": DEFAULT_NAME, "Description": DEFAULT_NAME, "TimeZone": "UTC", "Config": always}
    objects.create(context, instance, KIND, "operating-hours", DEFAULT_NAME, data)


@operation("CreateHoursOfOperation")
def create_hours_of_operation(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    _check_time_zone(request["TimeZone"])
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    parents = [item.get("HoursOfOperationId") for item in request.get("ParentHoursOfOperationConfigs") or []]
    if None in parents:
        # The model does not require the id; that it must be there is inferred.
        raise ConnectError("InvalidParameterException", "ParentHoursOfOperationConfigs names no hours of operation")
    data = objects.pick(request, "Name", "Description", "TimeZone", "Config")
    data["_parents"] = objects.resolve_ids(instance, KIND, parents)
    record = objects.create(context, instance, KIND, "operating-hours", request["Name"], data, request.get("Tags"))
    return {"HoursOfOperationId": record.id, "HoursOfOperationArn": record.arn}


@operation("DescribeHoursOfOperation")
def describe_hours_of_operation(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    return {"HoursOfOperation": _read(instance, instance.store(KIND).get(request["HoursOfOperationId"]))}


@operation("ListHoursOfOperations")
def list_hours_of_operations(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    items, token = context.page(instance.store(KIND).all(), request)
    return {"HoursOfOperationSummaryList": [objects.summarize(item) for item in items], "NextToken": token}


@operation("SearchHoursOfOperations")
def search_hours_of_operations(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    fields = {**objects.SEARCHED, "timezone": lambda record: record.data["TimeZone"]}
    return objects.find(
        context, instance, KIND, request, "HoursOfOperations", lambda record: _read(instance, record), fields
    )


@operation("UpdateHoursOfOperation")
def update_hours_of_operation(context: Context, request: dict[str, Any]) -> None:
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["HoursOfOperationId"])
    if "TimeZone" in request:
        _check_time_zone(request["TimeZone"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")
    record.data.update(objects.pick(request, "TimeZone", "Config"))


@operation("DeleteHoursOfOperation")
def delete_hours_of_operation(context: Context, request: dict[str, Any]) -> None:
    """ResourceInUse is not declared for this operation, so hours of a queue give InvalidRequest (inferred)."""
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["HoursOfOperationId"])
    users = [
        queue.name for queue in instance.store("queues").everything() if queue.data["HoursOfOperationId"] == record.id
    ]
    if users:
        raise ConnectError("InvalidRequestException", f"The hours of operation are used by the queue {users[0]}")
    instance.store(KIND).delete(record.id)


def _read(instance: Instance, record: Record) -> dict[str, Any]:
    shown = objects.read(record, "HoursOfOperationId", "HoursOfOperationArn")
    parents = [item for item in instance.store(KIND).all() if item.id in record.data.get("_parents", [])]
    if parents:
        shown["ParentHoursOfOperations"] = [{"Id": item.id, "Arn": item.arn, "Name": item.name} for item in parents]
    return shown


def _check_time_zone(name: str) -> None:
    # dateutil carries the list of zones with it; the machine's own may be missing.
    if get_zonefile_instance().get(name) is None:
        raise ConnectError("InvalidParameterException", f"{name} is not a time zone of the IANA list")
