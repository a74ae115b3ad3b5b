# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Storage configurations (connect-api 3)."""

from __future__ import annotations

import re

import pytest

KEY = "arn:aws:kms:eu-west-2:111111111111:key/0a1b2c3d-0000-4000-8000-000000000000"
STREAM = "arn:aws:kinesis:eu-west-2:111111111111:stream/records"
FIREHOSE = "arn:aws:firehose:eu-west-2:111111111111:deliverystream/records"


def s3(bucket="recordings", prefix="connect/test/CallRecordings", **more):
    return {"StorageType": "S3", "S3Config": {"BucketName": bucket, "BucketPrefix": prefix, **more}}


@pytest.fixture
def bucket(emulator):
    emulator.buckets["recordings"] = "111111111111"
    return "recordings"


@pytest.fixture
def key(emulator):
    emulator.keys[KEY] = "SYMMETRIC_DEFAULT"
    return KEY


@pytest.fixture
def associated(connect, instance, bucket):
    answer = connect.associate_instance_storage_config(
        InstanceId=instance, ResourceType="CALL_RECORDINGS", StorageConfig=s3()
    )
    return answer["AssociationId"]


def test_associate_and_read_back(connect, instance, associated):
    assert re.fullmatch(r"[0-9a-f]{64}", associated)
    address = {"InstanceId": instance, "AssociationId": associated, "ResourceType": "CALL_RECORDINGS"}
    config = connect.describe_instance_storage_config(**address)["StorageConfig"]
    assert config == {"AssociationId": associated, **s3()}
    listed = connect.list_instance_storage_configs(InstanceId=instance, ResourceType="CALL_RECORDINGS")
    assert listed["StorageConfigs"] == [config]


def test_bucket_must_exist(connect, instance, refused):
    with refused("InvalidParameterException", "does not exist"):
        connect.associate_instance_storage_config(
            InstanceId=instance, ResourceType="CALL_RECORDINGS", StorageConfig=s3("nowhere")
        )


def test_bucket_of_another_account_is_refused(emulator, connect, instance, refused):
    emulator.buckets["theirs"] = "222222222222"
    with refused("InvalidParameterException", "cannot be used"):
        connect.associate_instance_storage_config(
            InstanceId=instance, ResourceType="CALL_RECORDINGS", StorageConfig=s3("theirs")
        )


def test_name_that_no_bucket_can_have_is_refused(connect, instance, refused):
    with refused("InvalidParameterException", "no name of a bucket"):
        connect.associate_instance_storage_config(
            InstanceId=instance, ResourceType="CALL_RECORDINGS", StorageConfig=s3("our recordings!")
        )


def test_second_of_a_type_conflicts(connect, instance, associated, refused):
    with refused("ResourceConflictException"):
        connect.associate_instance_storage_config(
            InstanceId=instance, ResourceType="CALL_RECORDINGS", StorageConfig=s3(prefix="other")
        )


def test_list_needs_the_resource_type(emulator, instance):
    status, headers, answer = emulator.raw("GET", f"/instance/{instance}/storage-configs")
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")
    assert "ResourceType" in answer["Message"]


def test_list_pages_hold_ten(connect, instance, refused):
    with refused("InvalidParameterException", "MaxResults"):
        connect.list_instance_storage_configs(InstanceId=instance, ResourceType="CALL_RECORDINGS", MaxResults=11)


def test_resource_type_belongs_to_the_address(emulator, connect, instance, associated, refused):
    path = f"/instance/{instance}/storage-config/{associated}"
    for method in ("GET", "DELETE", "POST"):
        status, _headers, answer = emulator.raw(method, path, {"StorageConfig": s3()} if method == "POST" else None)
        assert status == 400 and "ResourceType" in answer["Message"]
    with refused("ResourceNotFoundException"):
        connect.describe_instance_storage_config(
            InstanceId=instance, AssociationId=associated, ResourceType="CHAT_TRANSCRIPTS"
        )


def test_update_replaces_all_and_keeps_the_id(connect, instance, bucket, key):
    encrypted = s3(EncryptionConfig={"EncryptionType": "KMS", "KeyId": key})
    address = {"InstanceId": instance, "ResourceType": "CALL_RECORDINGS"}
    answer = connect.associate_instance_storage_config(**address, StorageConfig=encrypted)
    address["AssociationId"] = answer["AssociationId"]
    for _time in range(2):
        connect.update_instance_storage_config(**address, StorageConfig=s3(prefix="new"))
        config = connect.describe_instance_storage_config(**address)["StorageConfig"]
        assert config == {"AssociationId": address["AssociationId"], **s3(prefix="new")}


def test_update_checks_the_bucket(connect, instance, associated, refused):
    with refused("InvalidParameterException", "does not exist"):
        connect.update_instance_storage_config(
            InstanceId=instance, AssociationId=associated, ResourceType="CALL_RECORDINGS", StorageConfig=s3("nowhere")
        )


def test_disassociate_removes_the_link_only(emulator, connect, instance, associated, refused):
    address = {"InstanceId": instance, "AssociationId": associated, "ResourceType": "CALL_RECORDINGS"}
    connect.disassociate_instance_storage_config(**address)
    assert emulator.buckets == {"recordings": "111111111111"}
    with refused("ResourceNotFoundException"):
        connect.describe_instance_storage_config(**address)


def test_key_must_be_a_full_arn(connect, instance, bucket, refused):
    with refused("InvalidParameterException", "KeyId"):
        connect.associate_instance_storage_config(
            InstanceId=instance,
            ResourceType="CALL_RECORDINGS",
            StorageConfig=s3(EncryptionConfig={"EncryptionType": "KMS", "KeyId": "alias/mine"}),
        )


def test_key_must_be_symmetric(emulator, connect, instance, associated, key, refused):
    encrypted = {"StorageConfig": s3(EncryptionConfig={"EncryptionType": "KMS", "KeyId": key})}
    address = {"InstanceId": instance, "AssociationId": associated, "ResourceType": "CALL_RECORDINGS"}
    connect.update_instance_storage_config(**address, **encrypted)
    for kind in ("RSA_2048", "HMAC_256"):
        emulator.keys[key] = kind
        with refused("InvalidParameterException", "not symmetric"):
            connect.update_instance_storage_config(**address, **encrypted)
    address = {"InstanceId": instance, "ResourceType": "CHAT_TRANSCRIPTS"}
    with refused("InvalidParameterException", "not symmetric"):
        connect.associate_instance_storage_config(**address, **encrypted)


def test_key_must_exist(connect, instance, bucket, refused):
    encrypted = s3(EncryptionConfig={"EncryptionType": "KMS", "KeyId": KEY})
    with refused("InvalidParameterException", "NotFoundException"):
        connect.associate_instance_storage_config(
            InstanceId=instance, ResourceType="CALL_RECORDINGS", StorageConfig=encrypted
        )


@pytest.mark.parametrize("member", ["BucketName", "BucketPrefix"])
def test_bucket_and_prefix_are_required(emulator, instance, bucket, member):
    config = s3()
    del config["S3Config"][member]
    body = {"ResourceType": "CALL_RECORDINGS", "StorageConfig": config}
    status, _headers, answer = emulator.raw("PUT", f"/instance/{instance}/storage-config", body)
    assert status == 400 and member in answer["Message"]


def test_video_prefix_is_rewritten(connect, instance, key):
    video = {"Prefix": "site", "RetentionPeriodHours": 24, "EncryptionConfig": {"EncryptionType": "KMS", "KeyId": key}}
    connect.associate_instance_storage_config(
        InstanceId=instance,
        ResourceType="MEDIA_STREAMS",
        StorageConfig={"StorageType": "KINESIS_VIDEO_STREAM", "KinesisVideoStreamConfig": video},
    )
    [config] = connect.list_instance_storage_configs(InstanceId=instance, ResourceType="MEDIA_STREAMS")[
        "StorageConfigs"
    ]
    assert config["KinesisVideoStreamConfig"] == {**video, "Prefix": "site-connect-test-contact-"}


def test_video_needs_everything(emulator, instance):
    video = {"StorageType": "KINESIS_VIDEO_STREAM", "KinesisVideoStreamConfig": {"Prefix": "a"}}
    body = {"ResourceType": "MEDIA_STREAMS", "StorageConfig": video}
    status, _headers, answer = emulator.raw("PUT", f"/instance/{instance}/storage-config", body)
    assert status == 400 and "RetentionPeriodHours" in answer["Message"]


@pytest.mark.parametrize(
    "config",
    [
        {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": STREAM}},
        {"StorageType": "KINESIS_FIREHOSE", "KinesisFirehoseConfig": {"FirehoseArn": FIREHOSE}},
    ],
)
def test_streams(connect, instance, config):
    address = {"InstanceId": instance, "ResourceType": "CONTACT_TRACE_RECORDS"}
    connect.associate_instance_storage_config(**address, StorageConfig=config)
    [found] = connect.list_instance_storage_configs(**address)["StorageConfigs"]
    assert config.items() <= found.items()


def test_update_leaves_nothing_of_the_former_storage(connect, instance):
    address = {"InstanceId": instance, "ResourceType": "CONTACT_TRACE_RECORDS"}
    stream = {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": STREAM}}
    firehose = {"StorageType": "KINESIS_FIREHOSE", "KinesisFirehoseConfig": {"FirehoseArn": FIREHOSE}}
    association = connect.associate_instance_storage_config(**address, StorageConfig=stream)["AssociationId"]
    connect.update_instance_storage_config(**address, AssociationId=association, StorageConfig=firehose)
    [found] = connect.list_instance_storage_configs(**address)["StorageConfigs"]
    assert found == {"AssociationId": association, **firehose}


@pytest.mark.parametrize(
    "kind, config",
    [
        ("AGENT_EVENTS", s3()),
        ("CALL_RECORDINGS", {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": STREAM}}),
        ("CALL_RECORDINGS", {"StorageType": "S3"}),
        ("CALL_RECORDINGS", {**s3(), "KinesisStreamConfig": {"StreamArn": STREAM}}),
    ],
)
def test_storage_type_must_fit(connect, instance, bucket, refused, kind, config):
    with refused("InvalidParameterException"):
        connect.associate_instance_storage_config(InstanceId=instance, ResourceType=kind, StorageConfig=config)
