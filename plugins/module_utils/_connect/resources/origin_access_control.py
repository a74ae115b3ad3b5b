# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a CloudFront origin access control. Private to this collection.

amazon.aws and community.aws have no module for it, only for its predecessor, the origin access identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_FIELDS = {
    "name": "Name",
    "description": "Description",
    "origin_type": "OriginAccessControlOriginType",
    "signing_behavior": "SigningBehavior",
    "signing_protocol": "SigningProtocol",
}


class OriginAccessControl(Resource):
    kind = "origin_access_control"
    return_key = "origin_access_control"
    plural_key = "origin_access_controls"
    service = "cloudfront"
    needs_instance = False
    taggable = False
    volatile = ("etag",)

    def find(self, ctx: Context) -> str | None:
        # Names are unique in an account
        ids = [item["Id"] for item in _list(ctx) if item["Name"] == ctx.params["name"]]
        return ids[0] if ids else None

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("get_origin_access_control", Id=id)
        if answer is None:
            return None
        config = answer["OriginAccessControl"]["OriginAccessControlConfig"]
        fields = {field: config[member] for field, member in _FIELDS.items() if config.get(member)}
        return {"id": id, **fields, "etag": answer["ETag"]}

    def ids(self, ctx: Context) -> list[str]:
        return [item["Id"] for item in _list(ctx)]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        return ctx.given(*_FIELDS)

    def defaults(self, ctx: Context) -> Model:
        return {"origin_type": "s3", "signing_behavior": "always", "signing_protocol": "sigv4"}

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create("create_origin_access_control", OriginAccessControlConfig=_config(target))
        id = answer["OriginAccessControl"]["Id"]
        ctx.api.expect(id)
        return id

    @updates("description", "origin_type", "signing_behavior", "signing_protocol")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write(
            "update_origin_access_control",
            Id=current["id"],
            IfMatch=current["etag"],
            OriginAccessControlConfig=_config(target),
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_origin_access_control", Id=current["id"], IfMatch=current["etag"])


def _config(model: Model) -> dict[str, str]:
    return {member: model.get(field) or "" for field, member in _FIELDS.items()}


def _list(ctx: Context) -> list[Mapping[str, Any]]:
    return ctx.api.marked_pages("list_origin_access_controls")
