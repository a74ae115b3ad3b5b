# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances (connect-api 1)."""

from __future__ import annotations

import re

import pytest

DAY = 86400.0
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def create(client, alias="one", **more):
    parameters = {
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": alias,
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
        **more,
    }
    return client.create_instance(**{name: value for name, value in parameters.items() if value is not None})


def describe(client, instance_id):
    return client.describe_instance(InstanceId=instance_id)["Instance"]


def test_create_answers_id_and_arn_only(connect):
    answer = create(connect)
    del answer["ResponseMetadata"]
    assert re.fullmatch(UUID, answer["Id"])
    assert answer == {"Id": answer["Id"], "Arn": f"arn:aws:connect:eu-west-2:111111111111:instance/{answer['Id']}"}


@pytest.mark.parametrize("member", ["IdentityManagementType", "InboundCallsEnabled", "OutboundCallsEnabled"])
def test_create_requires(emulator, member):
    body = {
        "IdentityManagementType": "SAML",
        "InstanceAlias": "one",
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
    }
    del body[member]
    status, headers, answer = emulator.raw("PUT", "/instance", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")
    assert member in answer["Message"]


@pytest.mark.parametrize("alias", ["d-mine", "-a", "a-", "a b", "a_b", "ü", "a" * 46])
def test_alias_format_is_refused(connect, refused, alias):
    with refused("InvalidRequestException", "InstanceAlias"):
        create(connect, alias)


@pytest.mark.parametrize("alias", ["a", "a--b", "9-lives", "A" * 45])
def test_alias_format_is_taken(connect, alias):
    assert describe(connect, create(connect, alias)["Id"])["InstanceAlias"] == alias


def test_alias_is_required_without_directory(connect, refused):
    with refused("InvalidRequestException", "InstanceAlias"):
        create(connect, None)


def test_existing_directory_needs_a_directory(connect, refused):
    with refused("InvalidRequestException", "DirectoryId"):
        create(connect, IdentityManagementType="EXISTING_DIRECTORY")


def test_directory_id_format(connect, refused):
    with refused("InvalidRequestException", "DirectoryId"):
        create(connect, None, IdentityManagementType="EXISTING_DIRECTORY", DirectoryId="d-01234567zz")


def test_directory_is_refused_for_other_identity_types(connect, refused):
    with refused("InvalidRequestException", "DirectoryId"):
        create(connect, DirectoryId="d-0123456789")


def test_directory_serves_one_instance(connect, refused):
    directory = {"IdentityManagementType": "EXISTING_DIRECTORY", "DirectoryId": "d-0123456789"}
    instance_id = create(connect, None, **directory)["Id"]
    assert describe(connect, instance_id)["InstanceAccessUrl"] == "https://d-0123456789.my.connect.aws"
    with refused("InvalidRequestException", "directory"):
        create(connect, "another", **directory)


def test_create_sets_nothing_but_the_call_flags(connect):
    instance_id = create(connect, InboundCallsEnabled=False)["Id"]
    described = describe(connect, instance_id)
    assert (described["InboundCallsEnabled"], described["OutboundCallsEnabled"]) == (False, True)
    configs = connect.list_instance_storage_configs(InstanceId=instance_id, ResourceType="CALL_RECORDINGS")
    assert configs["StorageConfigs"] == []
    assert connect.list_approved_origins(InstanceId=instance_id)["Origins"] == []


@pytest.mark.parametrize("account, region", [("111111111111", "eu-west-2"), ("222222222222", "us-east-1")])
def test_duplicate_alias_in_any_account_and_region(emulator, connect, refused, account, region):
    create(connect, "taken")
    with refused("InvalidRequestException", "Invalid Input. Instance alias is already used."):
        create(emulator.client(account, region), "Taken")


def test_alias_stays_refused_after_a_delete(emulator, connect, refused):
    emulator.settings.alias_cooldown = 180.0
    connect.delete_instance(InstanceId=create(connect, "again")["Id"])
    with refused("InvalidRequestException", "alias is already used"):
        create(connect, "again")
    emulator.advance(181)
    assert create(connect, "again")["Id"]


def test_token_repeats_the_answer(connect):
    first = create(connect, ClientToken="token")
    again = create(connect, ClientToken="token")
    assert again["Id"] == first["Id"]
    assert len(connect.list_instances()["InstanceSummaryList"]) == 1


def test_token_with_another_body_is_refused(connect, refused):
    create(connect, ClientToken="token")
    with refused("InvalidRequestException", "token"):
        create(connect, "other", ClientToken="token")


def test_life_cycle(emulator, connect):
    emulator.settings.creation_delay = 60.0
    instance_id = create(connect)["Id"]
    assert describe(connect, instance_id)["InstanceStatus"] == "CREATION_IN_PROGRESS"
    emulator.advance(59)
    assert describe(connect, instance_id)["InstanceStatus"] == "CREATION_IN_PROGRESS"
    emulator.advance(2)
    assert describe(connect, instance_id)["InstanceStatus"] == "ACTIVE"


def test_other_operations_do_not_find_an_instance_in_creation(emulator, connect, refused):
    emulator.settings.creation_delay = 60.0
    created = create(connect)
    with refused("ResourceNotFoundException", "Instance not found"):
        connect.list_instance_attributes(InstanceId=created["Id"])
    with refused("ResourceNotFoundException"):
        connect.tag_resource(resourceArn=created["Arn"], tags={"a": "b"})
    with refused("ResourceNotFoundException"):
        connect.delete_instance(InstanceId=created["Id"])


def test_instance_is_not_found_for_a_while_after_the_creation(emulator, connect, refused):
    emulator.settings.lag = 5.0
    instance_id = create(connect)["Id"]
    assert describe(connect, instance_id)["InstanceStatus"] == "ACTIVE"
    with refused("ResourceNotFoundException", "Instance not found"):
        connect.list_instance_attributes(InstanceId=instance_id)
    emulator.advance(6)
    assert connect.list_instance_attributes(InstanceId=instance_id)["Attributes"]


def test_failed_creation_stays_visible_for_a_day(emulator, connect, refused):
    fault = {"operation": "CreateInstance", "error": "CREATION_FAILED", "message": "Not today"}
    emulator.control("POST", "faults", fault)
    instance_id = create(connect, "corpse")["Id"]
    described = describe(connect, instance_id)
    assert described["InstanceStatus"] == "CREATION_FAILED"
    assert described["StatusReason"] == {"Message": "Not today"}
    [summary] = connect.list_instances()["InstanceSummaryList"]
    assert (summary["InstanceAlias"], summary["InstanceStatus"]) == ("corpse", "CREATION_FAILED")
    with refused("ResourceNotFoundException"):
        connect.list_instance_attributes(InstanceId=instance_id)
    emulator.advance(DAY)
    assert connect.list_instances()["InstanceSummaryList"] == []
    with refused("ResourceNotFoundException"):
        describe(connect, instance_id)


def test_alias_of_a_failed_creation_is_free(emulator, connect):
    emulator.control("POST", "faults", {"operation": "CreateInstance", "error": "CREATION_FAILED"})
    create(connect, "phoenix")
    create(connect, "phoenix")
    statuses = {item["InstanceStatus"] for item in connect.list_instances()["InstanceSummaryList"]}
    assert statuses == {"CREATION_FAILED", "ACTIVE"}


def test_delete_is_final(connect, instance, refused):
    connect.delete_instance(InstanceId=instance)
    for call in (describe, lambda client, instance_id: client.delete_instance(InstanceId=instance_id)):
        with refused("ResourceNotFoundException"):
            call(connect, instance)
    assert connect.list_instances()["InstanceSummaryList"] == []


def test_delete_leaves_the_bucket(emulator, connect, instance):
    emulator.buckets["recordings"] = "111111111111"
    connect.associate_instance_storage_config(
        InstanceId=instance,
        ResourceType="CALL_RECORDINGS",
        StorageConfig={"StorageType": "S3", "S3Config": {"BucketName": "recordings", "BucketPrefix": "p"}},
    )
    connect.delete_instance(InstanceId=instance)
    assert emulator.buckets == {"recordings": "111111111111"}


def test_delete_keeps_other_accounts_and_regions(emulator, connect, instance):
    others = [emulator.client("222222222222"), emulator.client(region="us-east-1")]
    ids = [create(client, f"other{number}")["Id"] for number, client in enumerate(others)]
    connect.delete_instance(InstanceId=instance)
    for client, instance_id in zip(others, ids, strict=True):
        assert describe(client, instance_id)["InstanceStatus"] == "ACTIVE"


def test_read_model(connect):
    described = describe(connect, create(connect, "site", Tags={"a": "b"})["Id"])
    assert set(described) == {
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
        "Tags",
    }
    assert described["Tags"] == {"a": "b"}
    assert described["InstanceAccessUrl"] == "https://site.my.connect.aws"
    role = r"arn:aws:iam::111111111111:role/aws-service-role/connect\.amazonaws\.com/AWSServiceRoleForAmazonConnect_\w+"
    assert re.fullmatch(role, described["ServiceRole"])


def test_list_shows_neither_tags_nor_reasons(emulator, connect):
    emulator.control("POST", "faults", {"operation": "CreateInstance", "error": "CREATION_FAILED"})
    create(connect, Tags={"a": "b"})
    [summary] = connect.list_instances()["InstanceSummaryList"]
    assert not {"Tags", "StatusReason"} & set(summary)


def test_list_pages_hold_ten(emulator, connect, refused):
    emulator.settings.instance_quota = 12
    ids = [create(connect, f"number{number}")["Id"] for number in range(12)]
    first = connect.list_instances()
    assert len(first["InstanceSummaryList"]) == 10
    second = connect.list_instances(NextToken=first["NextToken"])
    assert "NextToken" not in second
    assert [item["Id"] for item in first["InstanceSummaryList"] + second["InstanceSummaryList"]] == ids
    with refused("InvalidRequestException", "MaxResults"):
        connect.list_instances(MaxResults=11)


def test_list_without_a_filter_by_alias(connect):
    assert "InstanceAlias" not in connect.meta.service_model.operation_model("ListInstances").input_shape.members


def test_third_instance_is_over_the_quota(emulator, connect, refused):
    create(connect, "one")
    create(connect, "two")
    with refused("ServiceQuotaExceededException") as caught:
        create(connect, "three")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402
    assert create(emulator.client("222222222222"), "three")["Id"]


def test_flapping_is_flagged_for_thirty_days(emulator, connect, refused):
    emulator.settings.instance_churn_quota = 100
    for _round in range(50):
        connect.delete_instance(InstanceId=create(connect)["Id"])
    with refused("ServiceQuotaExceededException", "excessive number"):
        create(connect)
    emulator.advance(30 * DAY + 1)
    assert create(connect)["Id"]


def test_rates_apply_where_throttling_is_not_declared(emulator, connect, refused):
    emulator.settings.throttle.enabled = True
    for _request in range(5):
        connect.list_instances()
    with refused("ThrottlingException"):
        connect.list_instances()


def test_instance_cannot_be_updated(connect):
    updates = [name for name in connect.meta.service_model.operation_names if name == "UpdateInstance"]
    assert updates == []
