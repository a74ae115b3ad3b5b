# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security profiles (connect-api 5, defaults of 1.5)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from .. import objects
from ..errors import ConnectError
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "security_profiles"
_DATA = Path(__file__).parent.parent / "security_profiles.json"
_SHOWN = (
    "Description",
    "AllowedAccessControlTags",
    "TagRestrictedResources",
    "HierarchyRestrictedResources",
    "AllowedAccessControlHierarchyGroupId",
    "GranularAccessControlConfiguration",
)
_SEARCHED = ("Id", "Arn", "OrganizationResourceId", "SecurityProfileName", "Description", "Tags")
_HIDDEN = ("Permissions", "Applications", "AllowedFlowModules")


@cache
def known() -> dict[str, Any]:
    """Return the known permissions, families of permissions and default profiles."""
    return json.loads(_DATA.read_text(encoding="utf-8"))


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance the four default profiles; what they permit is not public, so inferred (connect-api 5.2)."""
    for name, profile in known()["defaults"].items():
        permissions = known()["permissions"] if profile["permissions"] == "all" else profile["permissions"]
        data = {"SecurityProfileName": name, "Description": profile["description"], "_Permissions": sorted(permissions)}
        objects.create(context, instance, KIND, "security-profile", name, data)


@operation("CreateSecurityProfile")
def create_security_profile(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])
    name = request["SecurityProfileName"]
    data = {"SecurityProfileName": name, **_properties(request)}
    objects.check_name(instance, KIND, name)
    objects.check_room(instance, KIND)
    record = objects.create(context, instance, KIND, "security-profile", name, data, request.get("Tags"))
    return {"SecurityProfileId": record.id, "SecurityProfileArn": record.arn}


@operation("DescribeSecurityProfile")
def describe_security_profile(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Neither permissions nor applications are shown (connect-api 5.2)."""
    instance, record = _profile(context, request)
    return {"SecurityProfile": _read(instance, record)}


@operation("ListSecurityProfiles")
def list_security_profiles(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    items, token = context.page(context.instance(request["InstanceId"]).store(KIND).all(), request)
    return {"SecurityProfileSummaryList": [objects.summarize(item) for item in items], "NextToken": token}


@operation("SearchSecurityProfiles")
def search_security_profiles(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    instance = context.instance(request["InstanceId"])

    def show(record: Record) -> dict[str, Any]:
        return objects.pick(_read(instance, record), *_SEARCHED)

    # The fields besides the name are inferred.
    return objects.find(context, instance, KIND, request, "SecurityProfiles", show)


@operation("ListSecurityProfilePermissions")
def list_security_profile_permissions(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return _list_hidden(context, request, "Permissions")


@operation("ListSecurityProfileApplications")
def list_security_profile_applications(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return _list_hidden(context, request, "Applications")


@operation("ListSecurityProfileFlowModules")
def list_security_profile_flow_modules(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return _list_hidden(context, request, "AllowedFlowModules")


@operation("UpdateSecurityProfile")
def update_security_profile(context: Context, request: dict[str, Any]) -> None:
    """Given permissions replace the whole set; members left out are left alone (inferred, connect-api 5.2)."""
    _unused, record = _profile(context, request)
    record.data.update(_properties(request))
    context.touch(record)


@operation("DeleteSecurityProfile")
def delete_security_profile(context: Context, request: dict[str, Any]) -> None:
    instance, record = _profile(context, request)
    for user in instance.store("users").everything():
        if record.id in user.data["SecurityProfileIds"]:
            raise objects.in_use(record, "user", user)
    instance.store(KIND).delete(record.id)


def _profile(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store(KIND).get(request["SecurityProfileId"])


def _read(instance: Instance, record: Record) -> dict[str, Any]:
    return {**objects.read(record), "OrganizationResourceId": instance.id}


def _properties(request: dict[str, Any]) -> dict[str, Any]:
    """Return the given properties; what a Describe does not show is kept under a leading underscore."""
    _check_permissions(request.get("Permissions", []))
    properties = objects.pick(request, *_SHOWN) | {f"_{name}": request[name] for name in _HIDDEN if name in request}
    if "_Permissions" in properties:
        # The order of permissions is not kept (inferred).
        properties["_Permissions"] = sorted(set(properties["_Permissions"]))
    return properties


def _check_permissions(permissions: list[str]) -> None:
    """An unknown permission is refused (inferred); the old names of recordings are taken and kept (connect-api 5.1)."""
    for name in permissions:
        if name not in known()["permissions"] + known()["legacy"] and not name.startswith(tuple(known()["families"])):
            raise ConnectError("InvalidParameterException", f"The permission {name} is not known")


def _list_hidden(context: Context, request: dict[str, Any], member: str) -> dict[str, Any]:
    _unused, record = _profile(context, request)
    items, token = context.page(record.data.get(f"_{member}", []), request)
    return {member: items, "NextToken": token, **objects.modified(record)}
