# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the objects of an instance have in common: names, quotas, reads and references."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from .errors import ConnectError
from .model import service_model
from .search import Field
from .search import Leaf
from .search import search
from .state import Context
from .state import Instance
from .state import Record

# Objects per instance (connect-api 13, "Other quotas"; hierarchy groups of all levels: AWS's list of quotas).
QUOTAS = {
    "agent_statuses": 50,
    "contact_flow_modules": 200,
    "contact_flows": 100,
    "hierarchy_groups": 500,
    "hours_of_operations": 100,
    "prompts": 500,
    "queues": 50,
    "quick_connects": 100,
    "routing_profiles": 100,
    "security_profiles": 100,
    "users": 500,
}
QUEUES_PER_ROUTING_PROFILE = 50
RULES_PER_EVENT_SOURCE = 500
# The fields that most objects can be searched by.
SEARCHED: dict[str, Field] = {
    "name": lambda record: record.name,
    "description": lambda record: record.data.get("Description"),
    "resourceID": lambda record: record.id,
}


def check_room(instance: Instance, kind: str) -> None:
    """Raise LimitExceededException, no throttling error, when the instance is full of that kind (connect-api 0.2)."""
    if len(instance.store(kind)) >= QUOTAS[kind]:
        raise ConnectError("LimitExceededException", f"The instance has its {QUOTAS[kind]} {kind.replace('_', ' ')}")


def check_name(
    instance: Instance, kind: str, name: str, *, own: Record | None = None, code: str = "DuplicateResourceException"
) -> None:
    """Raise when another object of the kind has the name; names are compared exactly, case included (inferred)."""
    found = instance.store(kind).find(name)
    if found is not None and found is not own:
        raise ConnectError(code, f"The name {name} is used by another resource of this type")


def create(
    context: Context, instance: Instance, kind: str, resource: str, name: str, data: Mapping[str, Any], tags: Any = None
) -> Record:
    """Store a new object and return its record.

    :param kind: the store's name, e.g. queues
    :param resource: the word in the ARN, e.g. queue
    :param data: properties in API shape without id and ARN; names with a leading underscore are never shown
    """
    new_id = context.new_id()
    record = Record(
        id=new_id, arn=context.arn(instance, resource, new_id), name=name, data=dict(data), tags=dict(tags or {})
    )
    context.touch(record)
    return instance.store(kind).create(record)


def read(record: Record, id_member: str = "Id", arn_member: str = "Arn") -> dict[str, Any]:
    """Return the record as a Describe operation shows it."""
    shown = {name: value for name, value in record.data.items() if not name.startswith("_") and value is not None}
    return {id_member: record.id, arn_member: record.arn, **shown, "Tags": dict(record.tags)}


def modified(record: Record) -> dict[str, Any]:
    """Return when and where the record changed last."""
    return {name: record.data[name] for name in ("LastModifiedTime", "LastModifiedRegion")}


def summarize(record: Record, **more: Any) -> dict[str, Any]:
    """Return the record as a List operation shows it."""
    return {"Id": record.id, "Arn": record.arn, "Name": record.name, **more, **modified(record)}


def find(
    context: Context,
    instance: Instance,
    kind: str,
    request: Mapping[str, Any],
    member: str,
    show: Callable[[Record], dict[str, Any]],
    fields: Mapping[str, Field] | None = None,
    conditions: Mapping[str, str] | None = None,
    leaves: Mapping[str, Leaf] | None = None,
) -> dict[str, Any]:
    """Return the answer of a Search operation; `fields` (SEARCHED), `conditions` and `leaves` as search() takes them.

    :param member: the list in the answer, e.g. Queues
    :param show: returns a record as that list shows it
    """
    found = search(instance.store(kind).all(), request, fields or SEARCHED, conditions, leaves)
    items, token = context.page(found, request)
    return {member: [show(item) for item in items], "NextToken": token, "ApproximateTotalCount": len(found)}


def pick(request: Mapping[str, Any], *members: str) -> dict[str, Any]:
    """Return the members that the request gives."""
    return {name: request[name] for name in members if request.get(name) is not None}


def rename(
    context: Context, instance: Instance, kind: str, record: Record, request: Mapping[str, Any], code: str
) -> None:
    """Apply Name and Description of an update; what is left out stays, a description of no characters goes."""
    if "Name" in request:
        check_name(instance, kind, request["Name"], own=record, code=code)
        record.name = record.data["Name"] = request["Name"]
    if "Description" in request:
        record.data["Description"] = request["Description"] or None
    context.touch(record)


def resolve_ids(instance: Instance, kind: str, references: Iterable[str]) -> list[str]:
    """Return the ids of objects given by id or ARN, each once; an unknown one raises ResourceNotFoundException."""
    return list(dict.fromkeys(instance.store(kind).get(reference).id for reference in references))


def in_use(record: Record, kind: str, user: Record) -> ConnectError:
    """Return the error for deleting what another object refers to, with the referring object's ARN (inferred)."""
    resource_type = kind.replace(" ", "_").upper()
    known = service_model().shape_for("ResourceType").enum
    members = {"ResourceType": resource_type} if resource_type in known else {}
    message = f"{record.name} is used by the {kind} {user.name}"
    return ConnectError("ResourceInUseException", message, ResourceId=user.arn, **members)
