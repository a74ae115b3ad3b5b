# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

ID = "a1" * 32
KEY = "arn:aws:kms:eu-west-2:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
STREAM = "arn:aws:kinesis:eu-west-2:111122223333:stream/records"
FIREHOSE = "arn:aws:firehose:eu-west-2:111122223333:deliverystream/records"
ENCRYPTED = {"EncryptionType": "KMS", "KeyId": KEY}
BUCKET = {"StorageType": "S3", "S3Config": {"BucketName": "recordings", "BucketPrefix": "connect/poc"}}
VIDEO = {
    "StorageType": "KINESIS_VIDEO_STREAM",
    "KinesisVideoStreamConfig": {"Prefix": "audio", "RetentionPeriodHours": 24, "EncryptionConfig": ENCRYPTED},
}


class StorageService(FakeService):
    """An instance called `poc` with storage configurations by resource type."""

    def __init__(self, **configs):
        super().__init__()
        self.configs = {}
        for resource_type, config in configs.items():
            self._store(resource_type, config)
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("DescribeInstance", {"Instance": {"Id": INSTANCE_ID, "InstanceAlias": "poc"}})
        self.on("ListInstanceStorageConfigs", self._list)
        self.on("AssociateInstanceStorageConfig", self._write)
        self.on("UpdateInstanceStorageConfig", self._write)
        self.on("DisassociateInstanceStorageConfig", lambda params: self.configs.pop(params["ResourceType"]) and {})

    def writes(self):
        return [(name, {k: v for k, v in params.items() if k != "ClientToken"}) for name, params in super().writes()]

    def _list(self, params):
        config = self.configs.get(params["ResourceType"])
        return {"StorageConfigs": [config] if config else []}

    def _write(self, params):
        self._store(params["ResourceType"], params["StorageConfig"])
        return {"AssociationId": ID} if "AssociationId" not in params else {}

    def _store(self, resource_type, config):
        config = {**config, "AssociationId": ID}
        if video := config.get("KinesisVideoStreamConfig"):
            config["KinesisVideoStreamConfig"] = {**video, "Prefix": f"{video['Prefix']}-connect-poc-contact-"}
        self.configs[resource_type] = config


def storage(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "resource_type": "CALL_RECORDINGS", **options}
    return run_module("connect_instance_storage_config", service, check_mode=check_mode, **options)


NEW = [
    (
        {"s3": {"bucket_name": "recordings", "bucket_prefix": "connect/poc"}},
        BUCKET,
    ),
    (
        {"s3": {"bucket_name": "recordings", "bucket_prefix": "connect/poc", "kms_key_arn": KEY}},
        {"StorageType": "S3", "S3Config": {**BUCKET["S3Config"], "EncryptionConfig": ENCRYPTED}},
    ),
    (
        {"storage_type": "KINESIS_STREAM", "kinesis_stream_arn": STREAM},
        {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": STREAM}},
    ),
    (
        {"firehose_arn": FIREHOSE},
        {"StorageType": "KINESIS_FIREHOSE", "KinesisFirehoseConfig": {"FirehoseArn": FIREHOSE}},
    ),
    (
        {"kinesis_video_stream": {"prefix": "audio", "retention_period_hours": 24, "kms_key_arn": KEY}},
        VIDEO,
    ),
]


@pytest.mark.parametrize(("options", "sent"), NEW, ids=lambda value: value.get("StorageType", ""))
def test_create_of_each_storage(options, sent):
    service = StorageService()
    planned = storage(service, check_mode=True, **options)
    assert service.writes() == []
    result = storage(service, **options)
    assert service.writes() == [
        (
            "AssociateInstanceStorageConfig",
            {"InstanceId": INSTANCE_ID, "ResourceType": "CALL_RECORDINGS", "StorageConfig": sent},
        )
    ]
    assert planned["changed"] is result["changed"] is True
    assert planned["storage_config"] == {**result["storage_config"], "id": None}
    assert result["storage_config"]["id"] == ID
    service.calls.clear()
    assert not storage(service, **options)["changed"]
    assert service.operations().count("ListInstanceStorageConfigs") == 1


@pytest.mark.parametrize(
    ("before", "options", "sent"),
    [
        (
            BUCKET,
            {"s3": {"bucket_name": "other"}},
            {"StorageType": "S3", "S3Config": {"BucketName": "other", "BucketPrefix": "connect/poc"}},
        ),
        (
            BUCKET,
            {"s3": {"bucket_prefix": "elsewhere"}},
            {"StorageType": "S3", "S3Config": {"BucketName": "recordings", "BucketPrefix": "elsewhere"}},
        ),
        (
            BUCKET,
            {"s3": {"kms_key_arn": KEY}},
            {"StorageType": "S3", "S3Config": {**BUCKET["S3Config"], "EncryptionConfig": ENCRYPTED}},
        ),
        (
            {"StorageType": "S3", "S3Config": {**BUCKET["S3Config"], "EncryptionConfig": ENCRYPTED}},
            {"s3": {"kms_key_arn": ""}},
            BUCKET,
        ),
        (
            VIDEO,
            {"kinesis_video_stream": {"retention_period_hours": 0}},
            {
                **VIDEO,
                "KinesisVideoStreamConfig": {**VIDEO["KinesisVideoStreamConfig"], "RetentionPeriodHours": 0},
            },
        ),
        (
            {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": STREAM}},
            {"firehose_arn": FIREHOSE},
            {"StorageType": "KINESIS_FIREHOSE", "KinesisFirehoseConfig": {"FirehoseArn": FIREHOSE}},
        ),
    ],
)
def test_change_is_made_in_place_with_the_whole_configuration(before, options, sent):
    planned = StorageService(CALL_RECORDINGS=before)
    prediction = storage(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = StorageService(CALL_RECORDINGS=before)
    result = storage(service, **options)
    address = {"InstanceId": INSTANCE_ID, "AssociationId": ID, "ResourceType": "CALL_RECORDINGS"}
    assert service.writes() == [("UpdateInstanceStorageConfig", {**address, "StorageConfig": sent})]
    assert prediction["storage_config"] == result["storage_config"]
    assert prediction["diff"] == result["diff"]
    assert not storage(service, **options)["changed"]


@pytest.mark.parametrize("instance", [INSTANCE_ARN, "poc"])
@pytest.mark.parametrize("prefix", ["audio", "a-connect-b"])
def test_what_the_service_adds_to_the_prefix_is_no_difference(instance, prefix):
    service = StorageService(
        MEDIA_STREAMS={
            **VIDEO,
            "KinesisVideoStreamConfig": {**VIDEO["KinesisVideoStreamConfig"], "Prefix": prefix},
        }
    )
    result = storage(service, instance=instance, resource_type="MEDIA_STREAMS", kinesis_video_stream={"prefix": prefix})
    assert not result["changed"]
    assert result["storage_config"]["kinesis_video_stream"]["prefix"] == prefix


def test_storage_type_alone_is_content_with_what_is_there():
    assert not storage(StorageService(CALL_RECORDINGS=BUCKET), storage_type="S3")["changed"]


def test_absent():
    service = StorageService(CALL_RECORDINGS=BUCKET, CHAT_TRANSCRIPTS=BUCKET)
    planned = storage(service, check_mode=True, state="absent")
    assert service.writes() == []
    result = storage(service, state="absent")
    assert service.writes() == [
        (
            "DisassociateInstanceStorageConfig",
            {"InstanceId": INSTANCE_ID, "AssociationId": ID, "ResourceType": "CALL_RECORDINGS"},
        )
    ]
    assert planned["changed"] is result["changed"] is True
    assert planned["storage_config"] is result["storage_config"] is None
    assert not storage(service, state="absent")["changed"]
    assert list(service.configs) == ["CHAT_TRANSCRIPTS"]


def test_unlisted_resource_type_is_sent_with_a_warning():
    service = StorageService()
    result = storage(service, resource_type="HOLOGRAMS", s3={"bucket_name": "b", "bucket_prefix": "p"})
    assert result["changed"]
    assert result["warnings"] == ["botocore does not know the resource type HOLOGRAMS, it is sent as it is"]
    assert service.configs["HOLOGRAMS"]["S3Config"]["BucketName"] == "b"


@pytest.mark.parametrize(
    ("before", "options", "message"),
    [
        ({}, {}, "Failed to set storage of CALL_RECORDINGS: give s3 or kinesis_stream_arn or firehose_arn or "),
        ({}, {"storage_type": "S3"}, "Failed to set storage of CALL_RECORDINGS: give s3"),
        (
            {"CALL_RECORDINGS": BUCKET},
            {"storage_type": "KINESIS_STREAM"},
            "Failed to set storage of CALL_RECORDINGS: give kinesis_stream_arn",
        ),
        (
            {},
            {"s3": {"bucket_name": "b"}},
            "Failed to set storage of CALL_RECORDINGS in bucket 'b': give s3.bucket_prefix",
        ),
        (
            {},
            {"kinesis_video_stream": {"prefix": "p"}},
            "Failed to set storage of CALL_RECORDINGS: give kinesis_video_stream.retention_period_hours, "
            "kinesis_video_stream.kms_key_arn",
        ),
        (
            {},
            {"storage_type": "S3", "firehose_arn": FIREHOSE},
            "Failed to update storage of CALL_RECORDINGS: storage_type S3 goes with s3, not with firehose_arn",
        ),
        (
            {"CALL_RECORDINGS": BUCKET},
            {"s3": {"kms_key_arn": "alias/recordings"}},
            "Failed to update storage of CALL_RECORDINGS: kms_key_arn 'alias/recordings' is not the full ARN of a key",
        ),
    ],
)
def test_incomplete_or_wrong_options_are_one_sentence_also_in_check_mode(before, options, message):
    service = StorageService(**before)
    result = storage(service, check_mode=True, **options)
    assert result["failed"] and result["msg"].startswith(message)
    assert storage(service, **options)["msg"] == result["msg"]
    assert service.writes() == []


def test_missing_bucket_is_named_whatever_the_service_says():
    service = StorageService().fail("AssociateInstanceStorageConfig", "InvalidRequestException", message="Not found.")
    result = storage(service, s3={"bucket_name": "nowhere", "bucket_prefix": "p"})
    assert result["msg"] == (
        "Failed to associate storage of CALL_RECORDINGS in bucket 'nowhere': Not found (InvalidRequestException)"
    )


def test_a_new_configuration_that_is_not_listed_yet_is_read_by_its_id(slept):
    service = StorageService()
    service.on("ListInstanceStorageConfigs", {"StorageConfigs": []})
    service.on(
        "DescribeInstanceStorageConfig",
        ServiceError("ResourceNotFoundException", status=404),
        {"StorageConfig": {**BUCKET, "AssociationId": ID}},
    )
    result = storage(service, s3={"bucket_name": "recordings", "bucket_prefix": "connect/poc"})
    assert result["storage_config"]["id"] == ID
    assert len(slept) == 1


def test_storage_that_was_removed_a_moment_ago_is_set_again_by_a_new_request():
    service = StorageService()
    options = {"s3": {"bucket_name": "recordings", "bucket_prefix": "p"}}
    storage(service, **options)
    storage(service, state="absent")
    storage(service, **options)
    tokens = [params["ClientToken"] for name, params in service.calls if name == "AssociateInstanceStorageConfig"]
    assert len(set(tokens)) == 2


def test_plan_on_an_empty_account():
    service = StorageService().on("ListInstances", {"InstanceSummaryList": []})
    result = storage(service, check_mode=True, instance="poc", s3={"bucket_name": "b", "bucket_prefix": "p"})
    assert result["changed"] and result["storage_config"]["s3"]["bucket_name"] == "b"
    assert service.operations() == ["ListInstances"]


def test_info_returns_one_or_all():
    service = StorageService(CALL_RECORDINGS=BUCKET, MEDIA_STREAMS=VIDEO)
    one = run_module("connect_instance_storage_config_info", service, instance="poc", resource_type="MEDIA_STREAMS")
    every = run_module("connect_instance_storage_config_info", service, instance="poc")
    assert [config["resource_type"] for config in every["storage_configs"]] == ["CALL_RECORDINGS", "MEDIA_STREAMS"]
    assert one["storage_configs"] == every["storage_configs"][1:]
    none = run_module("connect_instance_storage_config_info", service, instance="poc", resource_type="ATTACHMENTS")
    assert none["storage_configs"] == []
