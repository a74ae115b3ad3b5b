# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users (connect-api 4), and their passwords, with which they sign in to the control panel."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

from .. import objects
from .. import user_search
from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record
from . import routing_profiles
from . import security_profiles

KIND = "users"
MOST_AFTER_CONTACT_WORK = 2_000_000
_EMAIL = re.compile(r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,63}")
_USERNAME = re.compile(r"[a-zA-Z0-9_.@-]+")
_LONGEST_USERNAME = {"SAML": 64}
_LONGEST_USERNAME_ELSEWHERE = 20
_PASSWORD = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)\S{8,64}")
_MANAGED_IDENTITY = ("FirstName", "LastName", "Email")
_CHANNEL_CONFIGS = (
    "AutoAcceptConfigs",
    "AfterContactWorkConfigs",
    "PhoneNumberConfigs",
    "PersistentConnectionConfigs",
    "VoiceEnhancementConfigs",
)
_CLASHES = {
    "AutoAccept": "AutoAcceptConfigs",
    "AfterContactWorkTimeLimit": "AfterContactWorkConfigs",
    "PhoneType": "PhoneNumberConfigs",
    "DeskPhoneNumber": "PhoneNumberConfigs",
    "PersistentConnection": "PersistentConnectionConfigs",
}


@operation("CreateUser")
def create_user(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """The username is the only guard against a second user: the operation takes no token (connect-api 0.1)."""
    instance = context.instance(request["InstanceId"])
    _check_username(instance, request["Username"])
    _check_credentials(instance, request)
    _check_identity(instance, request.get("IdentityInfo", {}))
    data = objects.pick(request, "Username", "DirectoryUserId", *_CHANNEL_CONFIGS)
    data["IdentityInfo"] = request.get("IdentityInfo", {})
    data["PhoneConfig"] = _phone_config(request)
    data["SecurityProfileIds"] = objects.resolve_ids(instance, security_profiles.KIND, request["SecurityProfileIds"])
    data["RoutingProfileId"] = instance.store(routing_profiles.KIND).get(request["RoutingProfileId"]).id
    data["HierarchyGroupId"] = _hierarchy_group_id(instance, request)
    data["_proficiencies"] = []
    if "Password" in request:
        data["_password"] = _digest(request["Username"], request["Password"])
    if instance.store(KIND).find(request["Username"]):
        message = f"The user {request['Username']} is already associated with the Amazon Connect instance"
        raise ConnectError("DuplicateResourceException", message)
    objects.check_room(instance, KIND)
    record = objects.create(context, instance, KIND, "agent", request["Username"], data, request.get("Tags"))
    return {"UserId": record.id, "UserArn": record.arn}


def find_by_password(instance: Instance, name: str, password: str) -> Record | None:
    """Return the user who has this name and password."""
    record = next((user for user in instance.store(KIND).all() if user.name == name), None)
    known = record.data.get("_password", "") if record else ""
    return record if hmac.compare_digest(known, _digest(name, password)) else None


def _digest(name: str, password: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), name.encode(), 1000).hex()


@operation("DescribeUser")
def describe_user(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return {"User": objects.read(_user(context, request)[1])}


@operation("ListUsers")
def list_users(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """A summary has id, ARN and username only, and when it changed."""
    items, token = context.page(context.instance(request["InstanceId"]).store(KIND).all(), request)
    shown = [{"Id": item.id, "Arn": item.arn, "Username": item.name, **objects.modified(item)} for item in items]
    return {"UserSummaryList": shown, "NextToken": token}


@operation("SearchUsers")
def search_users(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """After contact work is in milliseconds here, in seconds everywhere else (connect-api 4.2)."""
    instance = context.instance(request["InstanceId"])
    chosen = request.get("SearchFilter", {})
    if "TagFilter" in chosen and "UserAttributeFilter" in chosen:
        raise ConnectError("AccessDeniedException", "TagFilter and UserAttributeFilter cannot be combined")
    user_search.check_attribute_filter(chosen.get("UserAttributeFilter") or {})
    fields = {
        "Username": lambda record: record.name,
        "FirstName": lambda record: record.data["IdentityInfo"].get("FirstName"),
        "LastName": lambda record: record.data["IdentityInfo"].get("LastName"),
        "RoutingProfileId": lambda record: record.data["RoutingProfileId"],
        "SecurityProfileId": lambda record: record.data["SecurityProfileIds"],
        "ResourceId": lambda record: record.id,
    }
    leaves = user_search.leaves(instance)
    return objects.find(context, instance, KIND, request, "Users", _found, fields, leaves=leaves)


@operation("UpdateUserIdentityInfo")
def update_user_identity_info(context: Context, request: dict[str, Any]) -> None:
    """Replaces the whole object (inferred), but for names and e-mail that a directory manages."""
    instance, record = _user(context, request)
    identity = request["IdentityInfo"]
    if _identity_type(instance) == "EXISTING_DIRECTORY":
        if identity.keys() & set(_MANAGED_IDENTITY):
            raise ConnectError("InvalidRequestException", "Names and e-mail are managed by the directory")
        identity = {**objects.pick(record.data["IdentityInfo"], *_MANAGED_IDENTITY), **identity}
    _check_identity(instance, identity)
    record.data["IdentityInfo"] = identity
    context.touch(record)


@operation("UpdateUserPhoneConfig")
def update_user_phone_config(context: Context, request: dict[str, Any]) -> None:
    """Replaces the configuration and sets it for all channels: the channels' own settings go (inferred)."""
    _unused, record = _user(context, request)
    record.data["PhoneConfig"] = _phone_config(request)
    for member in set(_CLASHES.values()):
        record.data.pop(member, None)
    context.touch(record)


@operation("UpdateUserConfig")
def update_user_config(context: Context, request: dict[str, Any]) -> None:
    """Replaces the given lists, leaves the others; PhoneConfig then shows what holds for VOICE (inferred)."""
    _unused, record = _user(context, request)
    given = objects.pick(request, *_CHANNEL_CONFIGS)
    _check_channel_configs(given)
    record.data.update(given)
    record.data["PhoneConfig"] = {**record.data["PhoneConfig"], **_voice_settings(given)}
    context.touch(record)


@operation("UpdateUserRoutingProfile")
def update_user_routing_profile(context: Context, request: dict[str, Any]) -> None:
    instance, record = _user(context, request)
    record.data["RoutingProfileId"] = instance.store(routing_profiles.KIND).get(request["RoutingProfileId"]).id
    context.touch(record)


@operation("UpdateUserSecurityProfiles")
def update_user_security_profiles(context: Context, request: dict[str, Any]) -> None:
    """Replaces the whole list."""
    instance, record = _user(context, request)
    ids = objects.resolve_ids(instance, security_profiles.KIND, request["SecurityProfileIds"])
    record.data["SecurityProfileIds"] = ids
    context.touch(record)


@operation("UpdateUserHierarchy")
def update_user_hierarchy(context: Context, request: dict[str, Any]) -> None:
    """Left out, the group goes (inferred)."""
    instance, record = _user(context, request)
    record.data["HierarchyGroupId"] = _hierarchy_group_id(instance, request)
    context.touch(record)


@operation("AssociateUserProficiencies")
def associate_user_proficiencies(context: Context, request: dict[str, Any]) -> None:
    """Predefined attributes are not emulated: any attribute is taken."""
    _unused, record = _user(context, request)
    _merge_proficiencies(context, record, request["UserProficiencies"])


@operation("UpdateUserProficiencies")
def update_user_proficiencies(context: Context, request: dict[str, Any]) -> None:
    """Levels of proficiencies that are associated already; the kind of error for others is inferred."""
    _unused, record = _user(context, request)
    present = [_proficiency(item) for item in record.data["_proficiencies"]]
    if any(_proficiency(item) not in present for item in request["UserProficiencies"]):
        raise ConnectError("InvalidParameterException", "A proficiency to update is not associated with the user")
    _merge_proficiencies(context, record, request["UserProficiencies"])


@operation("DisassociateUserProficiencies")
def disassociate_user_proficiencies(context: Context, request: dict[str, Any]) -> None:
    _unused, record = _user(context, request)
    gone = [_proficiency(item) for item in request["UserProficiencies"]]
    record.data["_proficiencies"] = [item for item in record.data["_proficiencies"] if _proficiency(item) not in gone]
    context.touch(record)


@operation("ListUserProficiencies")
def list_user_proficiencies(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    _unused, record = _user(context, request)
    items, token = context.page(record.data["_proficiencies"], request)
    return {"UserProficiencyList": items, "NextToken": token, **objects.modified(record)}


@operation("DeleteUser")
def delete_user(context: Context, request: dict[str, Any]) -> None:
    """The agent's queue goes with the user; quick connects to the user stay and dangle (connect-api 4.2)."""
    instance, record = _user(context, request)
    instance.store(KIND).delete(record.id)


def _user(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store(KIND).get(request["UserId"])


def _identity_type(instance: Instance) -> str:
    return instance.data["IdentityManagementType"]


def _check_username(instance: Instance, username: str) -> None:
    longest = _LONGEST_USERNAME.get(_identity_type(instance), _LONGEST_USERNAME_ELSEWHERE)
    if len(username) > longest:
        raise ConnectError("InvalidParameterException", f"A username of this instance has at most {longest} characters")
    if not _USERNAME.fullmatch(username) or ("@" in username and not _EMAIL.fullmatch(username)):
        message = "A username has letters, digits, underscore, hyphen and dot, and @ only as an e-mail address does"
        raise ConnectError("InvalidParameterException", message)


def _check_credentials(instance: Instance, request: dict[str, Any]) -> None:
    """A password exactly for CONNECT_MANAGED, never a directory's user id for SAML (connect-api 4.1)."""
    kind = _identity_type(instance)
    if kind == "CONNECT_MANAGED":
        if not _PASSWORD.fullmatch(request.get("Password", "")):
            message = "Password is required: 8 to 64 characters with a lower-case and an upper-case letter and a digit"
            raise ConnectError("InvalidParameterException", message)
    elif "Password" in request:
        raise ConnectError("InvalidParameterException", f"Password is not accepted with {kind}")
    if kind == "SAML" and "DirectoryUserId" in request:
        raise ConnectError("InvalidParameterException", "DirectoryUserId is not accepted with SAML")


def _check_identity(instance: Instance, identity: dict[str, Any]) -> None:
    kind = _identity_type(instance)
    if kind == "EXISTING_DIRECTORY":
        return
    if not identity.get("FirstName") or not identity.get("LastName"):
        raise ConnectError("InvalidParameterException", f"FirstName and LastName are required with {kind}")
    if kind == "SAML" and "Email" in identity:
        raise ConnectError("InvalidParameterException", "Email is not accepted with SAML: the username is the e-mail")
    for member in ("Email", "SecondaryEmail"):
        if member in identity and not _EMAIL.fullmatch(identity[member]):
            raise ConnectError("InvalidParameterException", f"{member} is not an e-mail address")


def _phone_config(request: dict[str, Any]) -> dict[str, Any]:
    """Return the checked phone settings; a soft phone without automatic acceptance when none are given (inferred)."""
    config = request.get("PhoneConfig", {})
    given = objects.pick(request, *_CHANNEL_CONFIGS)
    for member, clashing in _CLASHES.items():
        if member in config and clashing in given:
            raise ConnectError("InvalidParameterException", f"PhoneConfig.{member} and {clashing} exclude each other")
    _check_channel_configs(given)
    defaults = {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0}
    return {**defaults, **_check_phone(config), **_voice_settings(given)}


def _check_phone(config: dict[str, Any]) -> dict[str, Any]:
    """A desk phone needs its number (inferred)."""
    if config.get("PhoneType") == "DESK_PHONE" and "DeskPhoneNumber" not in config:
        raise ConnectError("InvalidParameterException", "DeskPhoneNumber is required with DESK_PHONE")
    if config.get("AfterContactWorkTimeLimit", 0) > MOST_AFTER_CONTACT_WORK:
        message = f"AfterContactWorkTimeLimit is at most {MOST_AFTER_CONTACT_WORK} seconds"
        raise ConnectError("InvalidParameterException", message)
    return config


def _check_channel_configs(given: dict[str, list[dict[str, Any]]]) -> None:
    """Each channel at most once in a list (inferred)."""
    for member, configs in given.items():
        channels = [item["Channel"] for item in configs]
        if len(set(channels)) != len(channels):
            raise ConnectError("InvalidParameterException", f"{member} names a channel twice")


def _voice_settings(given: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    voice = {
        member: next((item for item in configs if item["Channel"] == "VOICE"), {}) for member, configs in given.items()
    }
    settings = objects.pick(voice.get("AutoAcceptConfigs", {}), "AutoAccept")
    settings |= objects.pick(
        voice.get("AfterContactWorkConfigs", {}).get("AfterContactWorkConfig", {}), "AfterContactWorkTimeLimit"
    )
    settings |= objects.pick(voice.get("PersistentConnectionConfigs", {}), "PersistentConnection")
    phone = voice.get("PhoneNumberConfigs", {})
    if phone:
        settings |= _check_phone({"PhoneType": phone["PhoneType"], **_desk_number(phone)})
    return settings


def _desk_number(phone: dict[str, Any]) -> dict[str, str]:
    return {"DeskPhoneNumber": phone["PhoneNumber"]} if "PhoneNumber" in phone else {}


def _hierarchy_group_id(instance: Instance, request: dict[str, Any]) -> str | None:
    if "HierarchyGroupId" not in request:
        return None
    return instance.store("hierarchy_groups").get(request["HierarchyGroupId"]).id


def _found(record: Record) -> dict[str, Any]:
    shown = objects.read(record)
    for name in ("LastModifiedTime", "LastModifiedRegion"):
        shown.pop(name)
    shown["IdentityInfo"] = objects.pick(shown["IdentityInfo"], "FirstName", "LastName")
    phone = shown["PhoneConfig"]
    shown["PhoneConfig"] = {**phone, "AfterContactWorkTimeLimit": phone["AfterContactWorkTimeLimit"] * 1000}
    return shown


def _proficiency(item: dict[str, Any]) -> tuple[str, str]:
    return item["AttributeName"], item["AttributeValue"]


def _merge_proficiencies(context: Context, record: Record, given: list[dict[str, Any]]) -> None:
    merged = {_proficiency(item): item for item in record.data["_proficiencies"] + given}
    record.data["_proficiencies"] = list(merged.values())
    context.touch(record)
