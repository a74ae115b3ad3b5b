# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The users' hierarchy: up to five levels and the groups on them (connect-api 4.2). Errors here are inferred."""

from __future__ import annotations

from typing import Any

from .. import objects
from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "hierarchy_groups"
LEVEL_KIND = "hierarchy_levels"
# Told by the text of the model, which has no constraint for them; that a name has a character at all is inferred.
_LONGEST_LEVEL_NAME = 50
_LONGEST_GROUP_NAME = 100
_LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")


@operation("UpdateUserHierarchyStructure")
def update_user_hierarchy_structure(context: Context, request: dict[str, Any]) -> None:
    """Replace the levels; one that stays keeps its id, one with groups cannot go."""
    instance = context.instance(request["InstanceId"])
    wanted = request["HierarchyStructure"]
    if [name in wanted for name in _LEVELS] != sorted((name in wanted for name in _LEVELS), reverse=True):
        raise ConnectError("InvalidParameterException", "The levels of a hierarchy have no gaps")
    names = [level["Name"] for level in wanted.values()]
    for name in names:
        _check_length(name, _LONGEST_LEVEL_NAME)
    if len(set(names)) != len(names):
        raise ConnectError("InvalidParameterException", "Two levels have the same name")
    present = _levels(instance)
    for name in [name for name in present if name not in wanted]:
        group = next((item for item in _groups(instance) if item.data["LevelId"] == present[name].id), None)
        if group:
            raise objects.in_use(present[name], "hierarchy group", group)
        instance.store(LEVEL_KIND).discard(present[name])
    for name, level in wanted.items():
        if name in present:
            present[name].name = level["Name"]
            context.touch(present[name])
        else:
            data = {"_position": name}
            objects.create(context, instance, LEVEL_KIND, "agent-group-level", level["Name"], data)


@operation("DescribeUserHierarchyStructure")
def describe_user_hierarchy_structure(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    levels = _levels(context.instance(request["InstanceId"]))
    return {"HierarchyStructure": {name: objects.summarize(level) for name, level in levels.items()}}


@operation("CreateUserHierarchyGroup")
def create_user_hierarchy_group(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """A group without parent is on the first level, else one below its parent; that level must be there."""
    instance = context.instance(request["InstanceId"])
    parent = instance.store(KIND).get(request["ParentGroupId"]) if "ParentGroupId" in request else None
    parent_id = parent.id if parent else None
    depth = len(path(instance, parent_id))
    levels = _levels(instance)
    if depth >= len(levels):
        raise ConnectError("InvalidRequestException", "The hierarchy has no level for this group")
    _check_name(instance, request["Name"], parent_id)
    objects.check_room(instance, KIND)
    data = {"LevelId": levels[_LEVELS[depth]].id, "_parent": parent_id}
    record = objects.create(context, instance, KIND, "agent-group", request["Name"], data, request.get("Tags"))
    return {"HierarchyGroupId": record.id, "HierarchyGroupArn": record.arn}


@operation("DescribeUserHierarchyGroup")
def describe_user_hierarchy_group(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return {"HierarchyGroup": _show(*_group(context, request))}


@operation("ListUserHierarchyGroups")
def list_user_hierarchy_groups(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    items, token = context.page(context.instance(request["InstanceId"]).store(KIND).all(), request)
    return {"UserHierarchyGroupSummaryList": [objects.summarize(item) for item in items], "NextToken": token}


@operation("SearchUserHierarchyGroups")
def search_user_hierarchy_groups(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """The group of level 0, which the service keeps above all others, is not among the results (inferred)."""
    fields = {
        "name": lambda record: record.name,
        "parentId": lambda record: record.data["_parent"],
        "levelId": lambda record: record.data["LevelId"],
        "resourceID": lambda record: record.id,
    }
    instance = context.instance(request["InstanceId"])
    return objects.find(
        context, instance, KIND, request, "UserHierarchyGroups", lambda record: _show(instance, record), fields
    )


@operation("UpdateUserHierarchyGroupName")
def update_user_hierarchy_group_name(context: Context, request: dict[str, Any]) -> None:
    instance, record = _group(context, request)
    if request["Name"] != record.name:
        _check_name(instance, request["Name"], record.data["_parent"])
    record.name = request["Name"]
    context.touch(record)


@operation("DeleteUserHierarchyGroup")
def delete_user_hierarchy_group(context: Context, request: dict[str, Any]) -> None:
    """A group with groups below it or users in it cannot go."""
    instance, record = _group(context, request)
    for child in _groups(instance):
        if child.data["_parent"] == record.id:
            raise objects.in_use(record, "hierarchy group", child)
    for user in instance.store("users").everything():
        if user.data["HierarchyGroupId"] == record.id:
            raise objects.in_use(record, "user", user)
    instance.store(KIND).delete(record.id)


def _group(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store(KIND).get(request["HierarchyGroupId"])


def _show(instance: Instance, record: Record) -> dict[str, Any]:
    shown = dict(zip(_LEVELS, map(objects.summarize, path(instance, record.id)), strict=False))
    return {**objects.read(record), "Name": record.name, "HierarchyPath": shown}


def _groups(instance: Instance) -> list[Record]:
    return instance.store(KIND).everything()


def _levels(instance: Instance) -> dict[str, Record]:
    present = {level.data["_position"]: level for level in instance.store(LEVEL_KIND).everything()}
    return {name: present[name] for name in _LEVELS if name in present}


def path(instance: Instance, group_id: str | None) -> list[Record]:
    """Return the groups from the top to the one with the id; empty without one."""
    known = {item.id: item for item in _groups(instance)}
    found: list[Record] = []
    while group_id in known:
        found.insert(0, known[group_id])
        group_id = known[group_id].data["_parent"]
    return found


def _check_length(name: str, longest: int) -> None:
    if not 1 <= len(name) <= longest:
        raise ConnectError("InvalidParameterException", f"A name has 1 to {longest} characters")


def _check_name(instance: Instance, name: str, parent_id: str | None) -> None:
    _check_length(name, _LONGEST_GROUP_NAME)
    if any(item.name == name and item.data["_parent"] == parent_id for item in _groups(instance)):
        raise ConnectError("DuplicateResourceException", f"The name {name} is used by another group of this parent")
