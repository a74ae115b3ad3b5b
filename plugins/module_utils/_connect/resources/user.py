# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a user (connect-api 4). Private to this collection."""

from __future__ import annotations

import re
from typing import Any

from ..api import compact
from ..api import normalise
from ..api import to_request
from ..errors import ConnectError
from ..resolve import id_of
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_IDENTITY = ("first_name", "last_name", "email", "secondary_email", "mobile")
_PHONE = (
    "phone_type",
    "auto_accept",
    "after_contact_work_time_limit",
    "desk_phone_number",
    "persistent_connection",
)
_PASSWORD = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])\S{8,64}")
_USERNAME = re.compile(r"[a-zA-Z0-9_.-]+(@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,})?")
_LONGEST_USERNAME = 20
_LONGEST_SAML_USERNAME = 64


class User(Resource):
    kind = "user"
    return_key = "user"
    plural_key = "users"
    name_option = "username"
    immutable = ("directory_user_id",)
    required_to_create = ("routing_profile", "security_profiles")
    never_empty = ("username", "first_name", "last_name")

    def check_options(self, ctx: Context) -> None:
        if ctx.params["state"] == "absent":
            return
        username, password = ctx.params["username"], ctx.params["password"]
        if not id_of(username) and not (_USERNAME.fullmatch(username) and len(username) <= _LONGEST_SAML_USERNAME):
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: a username has up to 20 characters (64 with SAML): letters, "
                "digits, underscore, hyphen, dot, and @ only as in an e-mail address"
            )
        if password is not None and not _PASSWORD.fullmatch(password):
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: the password needs 8 to 64 characters without blanks, among them "
                "a lower-case letter, an upper-case letter and a digit"
            )
        if ctx.params["security_profiles"] == [] and ctx.params["purge_security_profiles"]:
            raise ConnectError(f"Failed to update {self.label(ctx)}: a user has at least one security profile")

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_user", UserId=id)
        return answer and _model(answer["User"])

    def read_all(self, ctx: Context) -> list[Model]:
        return [_model(_in_seconds(user)) for user in ctx.pages("search_users")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        if current is None:
            self._check_new(ctx)
        desired = {
            **ctx.given("username", "directory_user_id"),
            **ctx.references(hierarchy_group_id=("hierarchy_group", "hierarchy_group")),
            "identity_info": ctx.given(*_IDENTITY),
            "phone_config": ctx.given(*_PHONE),
        }
        if routing_profile := ctx.resolve("routing_profile", "routing_profile"):
            desired["routing_profile_id"] = routing_profile
        profiles = ctx.resolve_all("security_profile", "security_profiles")
        if profiles is not None:
            kept = [] if ctx.params["purge_security_profiles"] or not current else current["security_profile_ids"]
            desired["security_profile_ids"] = sorted({*profiles, *kept})
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {
            "phone_config": {"phone_type": "SOFT_PHONE", "auto_accept": False, "after_contact_work_time_limit": 0},
        }

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create(
            "create_user",
            **compact(
                {
                    "Username": target["username"],
                    # Not in the read model: it is never read back, compared or shown
                    "Password": ctx.params["password"],
                    "IdentityInfo": to_request(target.get("identity_info", {})),
                    "PhoneConfig": to_request(target["phone_config"]),
                    "DirectoryUserId": target.get("directory_user_id"),
                    "SecurityProfileIds": target["security_profile_ids"],
                    "RoutingProfileId": target["routing_profile_id"],
                    "HierarchyGroupId": target.get("hierarchy_group_id"),
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["UserId"]

    @updates("identity_info")
    def update_identity_info(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole: it replaces what is there (inferred, connect-api 4.2)
        identity = to_request(target.get("identity_info", {}))
        ctx.write("update_user_identity_info", UserId=current["id"], IdentityInfo=identity)

    @updates("phone_config")
    def update_phone_config(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write("update_user_phone_config", UserId=current["id"], PhoneConfig=to_request(target["phone_config"]))

    @updates("routing_profile_id")
    def update_routing_profile(self, ctx: Context, current: Model, target: Model) -> None:
        profile = target["routing_profile_id"]
        ctx.write("update_user_routing_profile", UserId=current["id"], RoutingProfileId=profile)

    @updates("security_profile_ids")
    def update_security_profiles(self, ctx: Context, current: Model, target: Model) -> None:
        profiles = target["security_profile_ids"]
        ctx.write("update_user_security_profiles", UserId=current["id"], SecurityProfileIds=profiles)

    @updates("hierarchy_group_id")
    def update_hierarchy_group(self, ctx: Context, current: Model, target: Model) -> None:
        # Without a group the user leaves the hierarchy (inferred, connect-api 4.2)
        group = compact({"HierarchyGroupId": target.get("hierarchy_group_id")})
        ctx.write("update_user_hierarchy", UserId=current["id"], **group)

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_user", UserId=current["id"])

    def _check_new(self, ctx: Context) -> None:
        """Refuse what this kind of instance never takes, before the first change (connect-api 4.1)."""
        answer = ctx.describe("describe_instance") if ctx.instance_id else None
        if answer is None:
            return
        managed_by = answer["Instance"].get("IdentityManagementType")
        if managed_by != "SAML" and len(ctx.params["username"]) > _LONGEST_USERNAME:
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: a username has at most {_LONGEST_USERNAME} characters in an "
                "instance without SAML"
            )
        needed = {
            "CONNECT_MANAGED": ("password", "first_name", "last_name"),
            "SAML": ("first_name", "last_name"),
        }
        missing = [option for option in needed.get(managed_by, ()) if not ctx.params[option]]
        if missing:
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: it does not exist yet, so give {', '.join(missing)}"
            )


def _model(user: dict[str, Any]) -> Model:
    model = normalise(user)
    model["security_profile_ids"] = sorted(model.get("security_profile_ids", []))
    return model


def _in_seconds(user: dict[str, Any]) -> dict[str, Any]:
    """SearchUsers gives the time for after contact work in milliseconds, DescribeUser in seconds (connect-api 4.2)."""
    phone = user.get("PhoneConfig", {})
    if "AfterContactWorkTimeLimit" not in phone:
        return user
    limit = phone["AfterContactWorkTimeLimit"] // 1000
    return {**user, "PhoneConfig": {**phone, "AfterContactWorkTimeLimit": limit}}
