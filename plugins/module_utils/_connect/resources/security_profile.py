# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a security profile (connect-api 5). Private to this collection."""

from __future__ import annotations

from ..api import compact
from ..api import normalise
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

# The service takes the old names, but the console turns them into the new ones when somebody saves the profile
# (connect-api 5.1). Which new name takes the place of which old one is inferred.
LEGACY_PERMISSIONS = {
    "DownloadCallRecordings": "CallRecordings.Unredacted.DownloadButton",
    "ListenCallRecordings": "CallRecordings.Unredacted.Access",
    "RedactedData.View": "CallRecordings.Redacted.Access",
}


class SecurityProfile(Resource):
    kind = "security_profile"
    return_key = "security_profile"
    plural_key = "security_profiles"

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_security_profile", SecurityProfileId=id)
        if answer is None:
            return None
        model = normalise(answer["SecurityProfile"])
        model["name"] = model.pop("security_profile_name")
        model.pop("organization_resource_id", None)
        if not model.get("description"):
            model.pop("description", None)
        model["permissions"] = sorted(ctx.parts("list_security_profile_permissions", SecurityProfileId=id))
        return model

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "description")
        if ctx.params["permissions"] is not None:
            present = current["permissions"] if current else []
            desired["permissions"] = merge_permissions(
                present, ctx.params["permissions"], purge=ctx.params["purge_permissions"]
            )
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {"permissions": []}

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create(
            "create_security_profile",
            **compact(
                {
                    "SecurityProfileName": target["name"],
                    "Description": target.get("description"),
                    "Permissions": target["permissions"],
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["SecurityProfileId"]

    @updates("description", "permissions")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        # The permissions replace the whole set (connect-api 5.2)
        ctx.write(
            "update_security_profile",
            SecurityProfileId=current["id"],
            Description=target.get("description", ""),
            Permissions=target["permissions"],
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_security_profile", SecurityProfileId=current["id"])


def merge_permissions(current: list[str], wanted: list[str], *, purge: bool) -> list[str]:
    """Return the permissions to reach, sorted. One that is there under its old or new name stays as it is written."""
    present = {_new_name(name) for name in current}
    asked = {_new_name(name) for name in wanted}
    kept = {name for name in current if _new_name(name) in asked or not purge}
    added = {name for name in wanted if _new_name(name) not in present}
    return sorted(kept | added)


def _new_name(permission: str) -> str:
    return LEGACY_PERMISSIONS.get(permission, permission)
