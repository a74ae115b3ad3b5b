# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of where an instance stores one type of data (connect-api 3). Private to this collection."""

from __future__ import annotations

from typing import Any

from ..api import compact
from ..errors import ConnectError
from ..reconcile import merge
from ..resolve import id_of
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_OPTIONS = {
    "S3": "s3",
    "KINESIS_STREAM": "kinesis_stream_arn",
    "KINESIS_FIREHOSE": "firehose_arn",
    "KINESIS_VIDEO_STREAM": "kinesis_video_stream",
}
_STORAGE_TYPES = {option: storage_type for storage_type, option in _OPTIONS.items()}
_NEEDED = {
    "s3": ("bucket_name", "bucket_prefix"),
    "kinesis_video_stream": ("prefix", "retention_period_hours", "kms_key_arn"),
}


class InstanceStorageConfig(Resource):
    kind = "instance_storage_config"
    return_key = "storage_config"
    plural_key = "storage_configs"
    name_option = "resource_type"
    taggable = False
    volatile = ("arn",)

    def label(self, ctx: Context) -> str:
        # The bucket is part of the label, so that a refusal names it whatever the service says
        bucket = (ctx.params.get("s3") or {}).get("bucket_name")
        what = f"storage of {ctx.params['resource_type']}" if ctx.params["resource_type"] else "storage"
        return f"{what} in bucket '{bucket}'" if bucket else what

    def check_options(self, ctx: Context) -> None:
        resource_type = ctx.params["resource_type"]
        if resource_type not in ctx.api.enum("InstanceStorageResourceType"):
            ctx.warn(f"botocore does not know the resource type {resource_type}, it is sent as it is")
        storage_type, option = ctx.params["storage_type"], _given_option(ctx)
        if storage_type and option and _OPTIONS[storage_type] != option:
            raise ConnectError(
                f"Failed to update {self.label(ctx)}: storage_type {storage_type} goes with {_OPTIONS[storage_type]}, "
                f"not with {option}"
            )
        for name in _NEEDED:
            key = (ctx.params[name] or {}).get("kms_key_arn")
            if key and not (key.startswith("arn:") and ":kms:" in key and ":key/" in key):
                raise ConnectError(
                    f"Failed to update {self.label(ctx)}: kms_key_arn '{key}' is not the full ARN of a key"
                )

    def find(self, ctx: Context) -> str | None:
        configs = _list(ctx, ctx.params["resource_type"])
        return configs[0]["AssociationId"] if configs else None

    def read(self, ctx: Context, id: str) -> Model | None:
        resource_type = ctx.params["resource_type"]
        # The list is here already and has the whole configuration, but may not show a new one yet
        for config in _list(ctx, resource_type):
            if config["AssociationId"] == id:
                return _model(ctx, resource_type, config)
        answer = ctx.describe("describe_instance_storage_config", AssociationId=id, ResourceType=resource_type)
        return answer and _model(ctx, resource_type, answer["StorageConfig"])

    def read_all(self, ctx: Context) -> list[Model]:
        return [
            _model(ctx, resource_type, config)
            for resource_type in ctx.api.enum("InstanceStorageResourceType")
            for config in _list(ctx, resource_type)
        ]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        current = current or {}
        option = _given_option(ctx)
        storage_type = ctx.params["storage_type"] or (option and _STORAGE_TYPES[option])
        if option is None:
            if storage_type != current.get("storage_type") or not current:
                wanted = _OPTIONS[storage_type] if storage_type else " or ".join(_STORAGE_TYPES)
                raise ConnectError(f"Failed to set {self.label(ctx)}: give {wanted}")
            return {}
        wanted = ctx.params[option]
        if option in _NEEDED:
            wanted = {name: None if value == "" else value for name, value in wanted.items() if value is not None}
            reached = merge(current.get(option) or {}, wanted)
            missing = [f"{option}.{name}" for name in _NEEDED[option] if reached.get(name) is None]
            if missing:
                raise ConnectError(f"Failed to set {self.label(ctx)}: give {', '.join(missing)}")
        others = {other: None for other in _STORAGE_TYPES if other != option}
        return {"resource_type": ctx.params["resource_type"], "storage_type": storage_type, **others, option: wanted}

    def create(self, ctx: Context, target: Model) -> str:
        # Not ctx.create: its token is the same for an hour, so a storage that was removed in that time would not come
        # back. A second configuration of the type cannot arise anyway, the service refuses it.
        answer = ctx.write(
            "associate_instance_storage_config",
            ResourceType=target["resource_type"],
            StorageConfig=_request(target),
        )
        ctx.api.expect(answer["AssociationId"])
        return answer["AssociationId"]

    @updates("storage_type", *_STORAGE_TYPES)
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole: the service replaces the configuration and keeps its id
        ctx.write(
            "update_instance_storage_config",
            AssociationId=current["id"],
            ResourceType=current["resource_type"],
            StorageConfig=_request(target),
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete(
            "disassociate_instance_storage_config",
            AssociationId=current["id"],
            ResourceType=current["resource_type"],
        )

    def result(self, model: Model | None) -> Model:
        # A configuration has no ARN, only check mode's prediction has one, and it is empty
        return {self.return_key: model and {name: value for name, value in model.items() if name != "arn"}}


def _given_option(ctx: Context) -> str | None:
    return next((option for option in _STORAGE_TYPES if ctx.params[option] is not None), None)


def _list(ctx: Context, resource_type: str) -> list[dict[str, Any]]:
    return ctx.pages("list_instance_storage_configs", ResourceType=resource_type)


def _model(ctx: Context, resource_type: str, config: dict[str, Any]) -> Model:
    s3 = config.get("S3Config", {})
    video = config.get("KinesisVideoStreamConfig", {})
    model = {
        "id": config["AssociationId"],
        "resource_type": resource_type,
        "storage_type": config["StorageType"],
        "s3": {
            "bucket_name": s3.get("BucketName"),
            "bucket_prefix": s3.get("BucketPrefix"),
            "kms_key_arn": s3.get("EncryptionConfig", {}).get("KeyId"),
        },
        "kinesis_stream_arn": config.get("KinesisStreamConfig", {}).get("StreamArn"),
        "firehose_arn": config.get("KinesisFirehoseConfig", {}).get("FirehoseArn"),
        "kinesis_video_stream": video
        and {
            # The service puts the instance's alias into the prefix (connect-api 3)
            "prefix": video["Prefix"].removesuffix(f"-connect-{_alias(ctx)}-contact-"),
            "retention_period_hours": video["RetentionPeriodHours"],
            "kms_key_arn": video["EncryptionConfig"]["KeyId"],
        },
    }
    return compact(model)


def _alias(ctx: Context) -> str:
    if id_of(ctx.params["instance"]) is None:
        return ctx.params["instance"]
    return ctx.read("describe_instance")["Instance"].get("InstanceAlias", "")


def _request(model: Model) -> dict[str, Any]:
    s3 = model.get("s3", {})
    video = model.get("kinesis_video_stream", {})
    return compact(
        {
            "StorageType": model["storage_type"],
            "S3Config": {
                "BucketName": s3.get("bucket_name"),
                "BucketPrefix": s3.get("bucket_prefix"),
                "EncryptionConfig": _encryption(s3),
            },
            "KinesisStreamConfig": {"StreamArn": model.get("kinesis_stream_arn")},
            "KinesisFirehoseConfig": {"FirehoseArn": model.get("firehose_arn")},
            "KinesisVideoStreamConfig": {
                "Prefix": video.get("prefix"),
                "RetentionPeriodHours": video.get("retention_period_hours"),
                "EncryptionConfig": _encryption(video),
            },
        }
    )


def _encryption(model: Model) -> dict[str, str] | None:
    key = model.get("kms_key_arn")
    return {"EncryptionType": "KMS", "KeyId": key} if key else None
