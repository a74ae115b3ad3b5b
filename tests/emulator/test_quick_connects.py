# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Quick connects (connect-api 4.2, 8, 13)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused

PHONE = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+441632960000"}}


@pytest.fixture
def defaults(connect, instance):
    return Defaults(connect, instance)


@pytest.fixture
def flow(connect, instance):
    flows = connect.list_contact_flows(InstanceId=instance, ContactFlowTypes=["QUEUE_TRANSFER"])
    return ids(flows["ContactFlowSummaryList"])["Default queue transfer"]


@pytest.fixture
def create(connect, instance):
    """Create a quick connect and return its id."""

    def run(name="Desk", config=None, **more):
        config = config or PHONE
        answer = connect.create_quick_connect(InstanceId=instance, Name=name, QuickConnectConfig=config, **more)
        return answer["QuickConnectId"]

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda item: connect.describe_quick_connect(InstanceId=instance, QuickConnectId=item)["QuickConnect"]


def test_created_quick_connect_is_described(instance, create, describe):
    identifier = create(Description="Front desk", Tags={"a": "b"})
    item = describe(identifier)
    assert item["QuickConnectARN"].endswith(f"instance/{instance}/transfer-destination/{identifier}")
    assert (item["Name"], item["Description"], item["Tags"]) == ("Desk", "Front desk", {"a": "b"})
    assert item["QuickConnectConfig"] == PHONE


def test_queue_user_and_flow_of_the_configuration_must_exist(connect, instance, defaults, create, flow):
    user = connect.create_user(InstanceId=instance, **defaults.user())["UserId"]

    def config(kind, member, **inner):
        return {"QuickConnectType": kind, member: inner}

    create("Queue", config("QUEUE", "QueueConfig", QueueId=defaults.queue, ContactFlowId=flow))
    create("User", config("USER", "UserConfig", UserId=user, ContactFlowId=flow))
    for broken in (
        config("QUEUE", "QueueConfig", QueueId=UNKNOWN, ContactFlowId=flow),
        config("QUEUE", "QueueConfig", QueueId=defaults.queue, ContactFlowId=UNKNOWN),
        config("USER", "UserConfig", UserId=UNKNOWN, ContactFlowId=flow),
    ):
        refused("ResourceNotFoundException", create, name="Broken", config=broken)


def test_configuration_must_be_of_its_type(create):
    refused("InvalidParameterException", create, config={"QuickConnectType": "PHONE_NUMBER"})
    refused("InvalidParameterException", create, config={**PHONE, "QuickConnectType": "FLOW"})


def test_phone_number_must_be_in_e164_form(create):
    wrong = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "0441632"}}
    refused("InvalidParameterException", create, config=wrong)


def test_same_name_is_a_duplicate(create):
    create()
    refused("DuplicateResourceException", create)


def test_name_and_description_change(connect, instance, create, describe):
    identifier = create(Description="Front desk")
    create("Door")
    update = connect.update_quick_connect_name
    update(InstanceId=instance, QuickConnectId=identifier, Name="Reception")
    assert (describe(identifier)["Name"], describe(identifier)["Description"]) == ("Reception", "Front desk")
    update(InstanceId=instance, QuickConnectId=identifier, Description="")
    assert "Description" not in describe(identifier)
    refused("InvalidRequestException", update, InstanceId=instance, QuickConnectId=identifier, Name="Door")


def test_configuration_changes(connect, instance, defaults, create, describe, flow):
    identifier = create()
    config = {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": defaults.queue, "ContactFlowId": flow}}
    connect.update_quick_connect_config(InstanceId=instance, QuickConnectId=identifier, QuickConnectConfig=config)
    assert describe(identifier)["QuickConnectConfig"] == config
    refused("ResourceInUseException", connect.delete_queue, InstanceId=instance, QueueId=defaults.queue)


def test_list_filters_by_type(connect, instance, defaults, create, flow):
    create()
    create("Queue", {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": defaults.queue, "ContactFlowId": flow}})
    listed = connect.list_quick_connects(InstanceId=instance, QuickConnectTypes=["QUEUE"])["QuickConnectSummaryList"]
    assert [(item["Name"], item["QuickConnectType"]) for item in listed] == [("Queue", "QUEUE")]
    assert len(connect.list_quick_connects(InstanceId=instance)["QuickConnectSummaryList"]) == 2


def test_search_by_name(connect, instance, create):
    create()
    criteria = {"StringCondition": {"FieldName": "name", "ComparisonType": "EXACT", "Value": "Desk"}}
    answer = connect.search_quick_connects(InstanceId=instance, SearchCriteria=criteria)
    assert [item["QuickConnectConfig"] for item in answer["QuickConnects"]] == [PHONE]


def test_deleted_quick_connect_leaves_its_queues(connect, instance, defaults, create, describe):
    identifier = create()
    connect.associate_queue_quick_connects(InstanceId=instance, QueueId=defaults.queue, QuickConnectIds=[identifier])
    connect.delete_quick_connect(InstanceId=instance, QuickConnectId=identifier)
    refused("ResourceNotFoundException", describe, item=identifier)
    listed = connect.list_queue_quick_connects(InstanceId=instance, QueueId=defaults.queue)
    assert listed["QuickConnectSummaryList"] == []


def test_more_than_50_quick_connects_go_to_a_queue_in_several_calls(connect, instance, defaults, create):
    made = [create(f"Desk {number}") for number in range(51)]
    wanted = {"InstanceId": instance, "QueueId": defaults.queue}
    associate = connect.associate_queue_quick_connects
    refused("InvalidParameterException", associate, **wanted, QuickConnectIds=made)
    associate(**wanted, QuickConnectIds=made[:50])
    associate(**wanted, QuickConnectIds=made[50:])
    assert len(connect.list_queue_quick_connects(**wanted, MaxResults=100)["QuickConnectSummaryList"]) == 51


def test_quota_of_100_is_a_limit_error(create):
    for number in range(100):
        create(f"Desk {number}")
    answer = refused("LimitExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
