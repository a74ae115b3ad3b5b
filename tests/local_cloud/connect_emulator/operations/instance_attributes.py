# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes of an instance (connect-api 2)."""

from __future__ import annotations

from typing import Any

from ..errors import ConnectError
from ..model import service_model
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance

ON_BY_DEFAULT = frozenset({"CONTACT_LENS", "EARLY_MEDIA", "AUTO_RESOLVE_BEST_VOICES"})


@on_instance_created
def set_defaults(context: Context, instance: Instance) -> None:
    """Give every attribute its value on a new instance; those not documented are taken as false (inferred)."""
    given = dict(instance.attributes)
    for name in service_model().shape_for("InstanceAttributeType").enum:
        instance.attributes[name] = given.get(name) or str(name in ON_BY_DEFAULT).lower()


@operation("ListInstanceAttributes")
def list_instance_attributes(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the attributes in pages of at most 7."""
    instance = context.instance(request["InstanceId"])
    attributes = [_attribute(name, value) for name, value in instance.attributes.items()]
    page, token = context.page(attributes, request, default=7)
    return {"Attributes": page, "NextToken": token}


@operation("DescribeInstanceAttribute")
def describe_instance_attribute(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show one attribute."""
    instance = context.instance(request["InstanceId"])
    name = request["AttributeType"]
    return {"Attribute": _attribute(name, instance.attributes.get(name, "false"))}


@operation("UpdateInstanceAttribute")
def update_instance_attribute(context: Context, request: dict[str, Any]) -> None:
    """Set one attribute; values other than true and false, in any case, are refused (inferred)."""
    instance = context.instance(request["InstanceId"])
    name, value = request["AttributeType"], request["Value"].lower()
    if value not in ("true", "false"):
        raise context.invalid(f"The value of {name} must be true or false.")
    if name == "USE_CUSTOM_TTS_VOICES" and not context.settings.custom_voices_allowed:
        raise ConnectError("AccessDeniedException", "This account may not use custom text-to-speech voices.")
    instance.attributes[name] = value


def _attribute(name: str, value: str) -> dict[str, str]:
    return {"AttributeType": name, "Value": value}
