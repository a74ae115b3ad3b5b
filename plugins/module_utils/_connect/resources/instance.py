# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of an instance. Private to this collection."""

from __future__ import annotations

import re
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..api import compact
from ..api import normalise
from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates
from ..waiters import wait_for

_ALIAS = re.compile(r"^(?!d-)[0-9a-zA-Z]+(-*[0-9a-zA-Z])*$")
_CALL_ATTRIBUTES = {"INBOUND_CALLS": "inbound_calls_enabled", "OUTBOUND_CALLS": "outbound_calls_enabled"}


class Instance(Resource):
    kind = "instance"
    return_key = "instance"
    plural_key = "instances"
    name_option = "instance_alias"
    needs_instance = False
    immutable = ("identity_management_type",)
    never_empty = ("instance_alias",)

    def find(self, ctx: Context) -> str | None:
        return ctx.resolver.find_instance(ctx.params["instance_alias"])

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_instance", InstanceId=id)
        if answer is None:
            return None
        model = normalise(answer["Instance"])
        if not self.is_ready(model):
            return model
        # Other operations say "not found" for a while after the creation (connect-api 1.2), whoever created it
        for name in (model["id"], model["arn"]):
            ctx.api.expect(name)
        # Two requests (pages of 7), so only for those who ask (connect-api 2)
        if ctx.params.get("attributes") is not None or ctx.is_info:
            items = ctx.parts("list_instance_attributes", InstanceId=id)
            model["attributes"] = {item["AttributeType"]: _value(item["Value"]) for item in items}
        return model

    def ids(self, ctx: Context) -> list[str]:
        return [item["Id"] for item in ctx.pages("list_instances")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        if current is None:
            self._check_alias(ctx)
        desired = ctx.given("identity_management_type", *_CALL_ATTRIBUTES.values())
        attributes = ctx.params.get("attributes") or {}
        attributes = {name: _value(value) for name, value in attributes.items() if value is not None}
        for attribute, field in _CALL_ATTRIBUTES.items():
            if attribute in attributes and attributes[attribute] != desired.setdefault(field, attributes[attribute]):
                raise ConnectError(f"Failed to update {self.label(ctx)}: {field} and attributes.{attribute} differ")
            if ctx.params.get("attributes") is not None and field in desired:
                attributes[attribute] = desired[field]
        unknown = sorted(set(attributes) - set(ctx.api.enum("InstanceAttributeType")))
        if unknown:
            ctx.warn(
                f"botocore does not know these instance attributes, they are sent as they are: {', '.join(unknown)}"
            )
        return {**desired, "attributes": attributes} if attributes else desired

    def defaults(self, ctx: Context) -> Model:
        return {
            "instance_alias": ctx.params["instance_alias"],
            "identity_management_type": "CONNECT_MANAGED",
            "inbound_calls_enabled": True,
            "outbound_calls_enabled": True,
            "instance_status": "ACTIVE",
        }

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create(
            "create_instance",
            **compact(
                {
                    "InstanceAlias": target["instance_alias"],
                    "IdentityManagementType": target["identity_management_type"],
                    "DirectoryId": ctx.params.get("directory_id"),
                    "InboundCallsEnabled": target["inbound_calls_enabled"],
                    "OutboundCallsEnabled": target["outbound_calls_enabled"],
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["Id"]

    @updates("inbound_calls_enabled", "outbound_calls_enabled")
    def update_calls(self, ctx: Context, current: Model, target: Model) -> None:
        for attribute, field in _CALL_ATTRIBUTES.items():
            if current.get(field) != target[field]:
                self._set_attribute(ctx, current["id"], attribute, target[field])

    @updates("attributes")
    def update_attributes(self, ctx: Context, current: Model, target: Model) -> None:
        for attribute, value in sorted(target["attributes"].items()):
            if attribute not in _CALL_ATTRIBUTES and current.get("attributes", {}).get(attribute) != value:
                self._set_attribute(ctx, current["id"], attribute, value)

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_instance", InstanceId=current["id"])

    def is_dead(self, model: Model) -> bool:
        return model["instance_status"] == "CREATION_FAILED"

    def is_ready(self, model: Model) -> bool:
        return model["instance_status"] == "ACTIVE"

    def wait_until_ready(self, ctx: Context, model: Model) -> None:
        if self.is_dead(model) and ctx.params["state"] == "absent":
            return
        self._wait(ctx, "instance_active", f"create {self.label(ctx)}", model)
        # The tasks that follow need an instance that other operations know too (connect-api 1.2)
        ctx.api.expect(model["id"])
        ctx.describe("list_instance_attributes", InstanceId=model["id"], MaxResults=1)

    def wait_until_gone(self, ctx: Context, current: Model) -> None:
        self._wait(ctx, "instance_deleted", f"delete {self.label(ctx)}", current)

    def _wait(self, ctx: Context, waiter_name: str, action: str, model: Model) -> None:
        timeout = ctx.params["wait_timeout"]
        wait_for(ctx.api, waiter_name, action=action, timeout=timeout, InstanceId=model["id"])

    def _set_attribute(self, ctx: Context, id: str, attribute: str, value: Any) -> None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        ctx.write("update_instance_attribute", InstanceId=id, AttributeType=attribute, Value=text)

    def _check_alias(self, ctx: Context) -> None:
        alias = ctx.params["instance_alias"]
        if not _ALIAS.match(alias) or len(alias) > 45:
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: an alias has 1 to 45 letters, digits and inner hyphens, "
                "and does not start with 'd-'"
            )
        if ctx.params.get("identity_management_type") == "EXISTING_DIRECTORY" and not ctx.params.get("directory_id"):
            raise ConnectError(f"Failed to create {self.label(ctx)}: EXISTING_DIRECTORY needs directory_id")


def _value(value: Any) -> Any:
    """Attribute values are texts, in practice "true" and "false" (connect-api 2); any other text stays as it is."""
    text = str(value)
    return boolean(text) if text.lower() in ("true", "false", "yes", "no") else text
