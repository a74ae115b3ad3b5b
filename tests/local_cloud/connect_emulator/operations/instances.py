# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances: create, describe, list, delete (connect-api 1)."""

from __future__ import annotations

import secrets
import string
from datetime import timedelta
from typing import Any

from ..errors import ConnectError
from ..registry import SEEDERS
from ..registry import operation
from ..state import Context
from ..state import Instance

CORPSE_LIFETIME = timedelta(hours=24)
CHURN_PERIOD = timedelta(days=30)
ALIAS_TAKEN = "Invalid Input. Instance alias is already used."
NOT_FOUND = "Instance not found"
SUMMARY = (
    "Id",
    "Arn",
    "IdentityManagementType",
    "InstanceAlias",
    "CreatedTime",
    "ServiceRole",
    "InstanceStatus",
    "InboundCallsEnabled",
    "OutboundCallsEnabled",
    "InstanceAccessUrl",
)


@operation("CreateInstance")
def create_instance(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Begin the creation; the instance is usable when the creation delay has passed (connect-api 1.1, 1.2)."""
    _forget_corpses(context)
    alias = _wanted_alias(context, request)
    _check_quotas(context)
    instance_id = context.new_id()
    instance = Instance(
        context.emulator,
        id=instance_id,
        arn=f"{context.arn_prefix}instance/{instance_id}",
        alias=alias,
        data={
            "IdentityManagementType": request["IdentityManagementType"],
            "ServiceRole": _service_role(context),
            "DirectoryId": request.get("DirectoryId"),
        },
    )
    instance.ready_at += timedelta(seconds=context.settings.creation_delay)
    instance.usable_at = instance.ready_at + timedelta(seconds=context.settings.lag)
    instance.tags = dict(request.get("Tags") or {})
    instance.attributes["INBOUND_CALLS"] = str(request["InboundCallsEnabled"]).lower()
    instance.attributes["OUTBOUND_CALLS"] = str(request["OutboundCallsEnabled"]).lower()
    if context.fault:
        instance.failure = context.fault.get("message", "The instance could not be created.")
    context.region_state.instances[instance_id] = instance
    _note_churn(context)
    context.emulator.seeding = True
    try:
        for seeder in SEEDERS:
            seeder(context, instance)
    finally:
        context.emulator.seeding = False
    return {"Id": instance_id, "Arn": instance.arn}


@operation("DescribeInstance")
def describe_instance(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show an instance in any status, with the reason of a failed creation (connect-api 1.2, 1.3)."""
    return {"Instance": _describe(_any_instance(context, request["InstanceId"]))}


@operation("ListInstances")
def list_instances(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List instances of any status in pages of at most 10, without tags and reasons (connect-api 1.3)."""
    _forget_corpses(context)
    described = map(_describe, context.region_state.instances.values())
    summaries = [{name: item[name] for name in SUMMARY if name in item} for item in described]
    page, token = context.page(summaries, request, default=10)
    return {"InstanceSummaryList": page, "NextToken": token}


@operation("DeleteInstance")
def delete_instance(context: Context, request: dict[str, Any]) -> None:
    """Remove an instance for good; its numbers go back to the inventory (connect-api 1.2)."""
    instance = _any_instance(context, request["InstanceId"])
    if instance.status == "CREATION_IN_PROGRESS":
        raise ConnectError("ResourceNotFoundException", NOT_FOUND)
    del context.region_state.instances[instance.id]
    for record in context.region_state.phone_numbers.everything():
        if record.data.get("TargetArn") == instance.arn:
            context.region_state.phone_numbers.discard(record)
    if instance.alias:
        context.emulator.retired_aliases[instance.alias.lower()] = context.now()
    _note_churn(context)


def _wanted_alias(context: Context, request: dict[str, Any]) -> str | None:
    identity, alias, directory = (
        request["IdentityManagementType"],
        request.get("InstanceAlias"),
        request.get("DirectoryId"),
    )
    if identity == "EXISTING_DIRECTORY":
        if not directory:
            raise context.invalid("DirectoryId is required with EXISTING_DIRECTORY.")
        if directory in (instance.data["DirectoryId"] for instance in _all_instances(context)):
            raise context.invalid("The directory is already used by another instance.")
        alias = alias or directory
    elif directory:
        raise context.invalid(f"DirectoryId is not accepted with {identity}.")
    elif not alias:
        raise context.invalid("InstanceAlias is required.")
    label = alias.lower()
    if label in (instance.alias.lower() for instance in _all_instances(context) if instance.alias):
        raise context.invalid(ALIAS_TAKEN)
    retired_at = context.emulator.retired_aliases.get(label)
    if retired_at and context.now() - retired_at < timedelta(seconds=context.settings.alias_cooldown):
        raise context.invalid(ALIAS_TAKEN)
    return alias


def _all_instances(context: Context) -> list[Instance]:
    """Instances of all accounts and Regions: access labels are unique among them (connect-api 1.3).

    A failed creation keeps neither its alias nor its directory (inferred).
    """
    return [
        instance
        for region in context.emulator.regions.values()
        for instance in region.instances.values()
        if instance.status != "CREATION_FAILED"
    ]


def _check_quotas(context: Context) -> None:
    """Refuse a third instance in the Region (per Region is inferred) and too much flapping (connect-api 1.1, 1.4)."""
    living = [item for item in context.region_state.instances.values() if item.status != "CREATION_FAILED"]
    if len(living) >= context.settings.instance_quota:
        raise ConnectError("ServiceQuotaExceededException", "The quota of instances in this account is used up.")
    since = context.now() - CHURN_PERIOD
    moments = [
        moment
        for (account, _region), noted in context.emulator.instance_churn.items()
        for moment in noted
        if account == context.account and moment > since
    ]
    if len(moments) >= context.settings.instance_churn_quota:
        message = "The account is flagged for an excessive number of instance creation and deletion attempts."
        raise ConnectError("ServiceQuotaExceededException", message)


def _note_churn(context: Context) -> None:
    context.emulator.instance_churn.setdefault((context.account, context.region), []).append(context.now())


def _service_role(context: Context) -> str:
    suffix = "".join(secrets.choice(string.ascii_letters + string.digits) for _unused in range(20))
    path = "aws-service-role/connect.amazonaws.com"
    return f"arn:aws:iam::{context.account}:role/{path}/AWSServiceRoleForAmazonConnect_{suffix}"


def _is_expired(context: Context, instance: Instance) -> bool:
    return instance.status == "CREATION_FAILED" and context.now() - instance.ready_at >= CORPSE_LIFETIME


def _forget_corpses(context: Context) -> None:
    instances = context.region_state.instances
    for instance in [item for item in instances.values() if _is_expired(context, item)]:
        del instances[instance.id]


def _any_instance(context: Context, id_or_arn: str) -> Instance:
    _forget_corpses(context)
    instance = context.region_state.instances.get(context.instance_id(id_or_arn))
    if instance is None:
        raise ConnectError("ResourceNotFoundException", NOT_FOUND)
    return instance


def _describe(instance: Instance) -> dict[str, Any]:
    described = {
        "Id": instance.id,
        "Arn": instance.arn,
        "IdentityManagementType": instance.data["IdentityManagementType"],
        "InstanceAlias": instance.alias,
        "CreatedTime": instance.created_at,
        "ServiceRole": instance.data["ServiceRole"],
        "InstanceStatus": instance.status,
        "InboundCallsEnabled": instance.attributes["INBOUND_CALLS"] == "true",
        "OutboundCallsEnabled": instance.attributes["OUTBOUND_CALLS"] == "true",
        "InstanceAccessUrl": f"https://{instance.alias}.my.connect.aws",
        "Tags": instance.tags,
    }
    if instance.status == "CREATION_FAILED":
        described["StatusReason"] = {"Message": instance.failure}
    return described
