# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an instance keeps recordings, transcripts and streams (connect-api 3)."""

from __future__ import annotations

import re
import secrets
from copy import deepcopy
from typing import Any

from botocore.exceptions import ClientError
from botocore.exceptions import ParamValidationError

from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

CONFIG_MEMBERS = {
    "S3": "S3Config",
    "KINESIS_VIDEO_STREAM": "KinesisVideoStreamConfig",
    "KINESIS_STREAM": "KinesisStreamConfig",
    "KINESIS_FIREHOSE": "KinesisFirehoseConfig",
}
# Which storage a resource type takes is inferred; a type that is not named here takes S3.
STORAGE_TYPES = {
    "MEDIA_STREAMS": ("KINESIS_VIDEO_STREAM",),
    "CONTACT_TRACE_RECORDS": ("KINESIS_STREAM", "KINESIS_FIREHOSE"),
    "AGENT_EVENTS": ("KINESIS_STREAM",),
    "REAL_TIME_CONTACT_ANALYSIS_SEGMENTS": ("KINESIS_STREAM",),
    "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS": ("KINESIS_STREAM",),
    "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS": ("KINESIS_STREAM",),
}
KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")


@operation("AssociateInstanceStorageConfig")
async def associate_instance_storage_config(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Set the storage of a resource type; a second one of the type conflicts (inferred)."""
    instance = context.instance(request["InstanceId"])
    kind = request["ResourceType"]
    config = await _checked_config(context, instance, kind, request["StorageConfig"])
    store = instance.store("storage_configs")
    if store.find(kind):
        raise ConnectError("ResourceConflictException", f"The instance has a storage configuration of {kind} already.")
    association_id = secrets.token_hex(32)
    config["AssociationId"] = association_id
    store.create(
        Record(id=association_id, arn=f"{instance.arn}/storage-config/{association_id}", name=kind, data=config)
    )
    return {"AssociationId": association_id}


@operation("DescribeInstanceStorageConfig")
def describe_instance_storage_config(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show one configuration; the resource type belongs to its address."""
    return {"StorageConfig": _record(context, request)[1].data}


@operation("ListInstanceStorageConfigs")
def list_instance_storage_configs(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the configurations of one resource type in pages of at most 10."""
    instance = context.instance(request["InstanceId"])
    records = instance.store("storage_configs").all()
    configs = [record.data for record in records if record.name == request["ResourceType"]]
    page, token = context.page(configs, request, default=10)
    return {"StorageConfigs": page, "NextToken": token}


@operation("UpdateInstanceStorageConfig")
async def update_instance_storage_config(context: Context, request: dict[str, Any]) -> None:
    """Replace a configuration as a whole; its id stays (inferred)."""
    instance, record = _record(context, request)
    config = await _checked_config(context, instance, request["ResourceType"], request["StorageConfig"])
    record.data = {**config, "AssociationId": record.id}


@operation("DisassociateInstanceStorageConfig")
def disassociate_instance_storage_config(context: Context, request: dict[str, Any]) -> None:
    """Remove the link; what is stored stays."""
    instance, record = _record(context, request)
    instance.store("storage_configs").delete(record.id)


def _record(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    record = instance.store("storage_configs").get(request["AssociationId"])
    if record.name != request["ResourceType"]:
        raise ConnectError("ResourceNotFoundException", "The association is not one of this resource type.")
    return instance, record


async def _checked_config(context: Context, instance: Instance, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    config = {name: deepcopy(value) for name, value in given.items() if name != "AssociationId"}
    storage_type = config["StorageType"]
    if storage_type not in STORAGE_TYPES.get(kind, ("S3",)):
        raise context.invalid(f"{kind} cannot be stored in {storage_type}.")
    member = CONFIG_MEMBERS[storage_type]
    if config.keys() - {"StorageType"} != {member}:
        raise context.invalid(f"Storage of type {storage_type} takes {member} and no other configuration.")
    key = config[member].get("EncryptionConfig", {}).get("KeyId")
    if key is not None:
        await _check_key(context, key)
    if storage_type == "S3":
        await _check_bucket(context, config[member]["BucketName"])
    if storage_type == "KINESIS_VIDEO_STREAM":
        # The service puts the instance into the prefix, so a reader does not get back what was sent (connect-api 3).
        config[member]["Prefix"] = f"{config[member]['Prefix']}-connect-{instance.alias}-contact-"
    return config


async def _check_key(context: Context, key: str) -> None:
    """Only symmetric keys encrypt (connect-api 3); that a key must exist, and the error, is inferred."""
    if not KEY_ARN.fullmatch(key):
        raise context.invalid("KeyId must be the full ARN of a KMS key.")
    try:
        found = await context.call_aws("kms", "describe_key", KeyId=key)
    except ClientError as error:
        raise context.invalid(f"The key {key} cannot be used ({error.response['Error']['Code']}).") from None
    if found["KeyMetadata"]["KeySpec"] != "SYMMETRIC_DEFAULT":
        raise context.invalid(f"The key {key} is not symmetric.")


async def _check_bucket(context: Context, bucket: str) -> None:
    try:
        await context.call_aws("s3", "head_bucket", Bucket=bucket)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        reason = "does not exist" if status == 404 else f"cannot be used (HTTP status {status})"
        raise context.invalid(f"The bucket {bucket} {reason}.") from None
    except ParamValidationError:
        raise context.invalid(f"{bucket} is no name of a bucket.") from None
