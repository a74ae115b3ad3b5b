# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routing profiles (connect-api 8, default of 1.5)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused

VOICE = {"Channel": "VOICE", "Concurrency": 1}
CHAT = {"Channel": "CHAT", "Concurrency": 3}


@pytest.fixture
def defaults(connect, instance):
    return Defaults(connect, instance)


@pytest.fixture
def create(connect, instance, defaults):
    """Create a routing profile and return its id."""

    def run(name="Sales", **more):
        wanted = {"DefaultOutboundQueueId": defaults.queue, "MediaConcurrencies": [VOICE, CHAT], **more}
        answer = connect.create_routing_profile(InstanceId=instance, Name=name, Description="For sales", **wanted)
        return answer["RoutingProfileId"]

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda profile: connect.describe_routing_profile(InstanceId=instance, RoutingProfileId=profile)[
        "RoutingProfile"
    ]


@pytest.fixture
def entries(connect, instance):
    """Return the queue configurations of a profile as tuples of queue, channel, priority and delay."""

    def run(profile):
        pages = connect.get_paginator("list_routing_profile_queues").paginate(
            InstanceId=instance, RoutingProfileId=profile
        )
        found = [item for page in pages for item in page["RoutingProfileQueueConfigSummaryList"]]
        return sorted((item["QueueName"], item["Channel"], item["Priority"], item["Delay"]) for item in found)

    return run


def config(queue, channel="VOICE", priority=1, delay=0):
    return {"QueueReference": {"QueueId": queue, "Channel": channel}, "Priority": priority, "Delay": delay}


def queues(connect, instance, defaults, count):
    """Create queues and return their ids."""
    names = [f"Queue {number:02}" for number in range(count)]
    create = connect.create_queue
    return [create(InstanceId=instance, Name=name, HoursOfOperationId=defaults.hours)["QueueId"] for name in names]


def test_new_instance_has_basic_routing_profile_with_basic_queue(defaults, describe, entries):
    profile = describe(defaults.routing_profile)
    assert profile["Name"] == "Basic Routing Profile"
    assert profile["DefaultOutboundQueueId"] == defaults.queue
    assert ("BasicQueue", "VOICE", 1, 0) in entries(defaults.routing_profile)


def test_created_profile_is_described(connect, instance, defaults, create, describe):
    identifier = create(QueueConfigs=[config(defaults.queue)], Tags={"team": "sap"})
    profile = describe(identifier)
    assert profile["RoutingProfileArn"].endswith(f"instance/{instance}/routing-profile/{identifier}")
    assert (profile["Name"], profile["Description"], profile["Tags"]) == ("Sales", "For sales", {"team": "sap"})
    assert [(item["Channel"], item["Concurrency"]) for item in profile["MediaConcurrencies"]] == [
        ("VOICE", 1),
        ("CHAT", 3),
    ]
    assert (profile["NumberOfAssociatedQueues"], profile["AssociatedQueueIds"]) == (1, [defaults.queue])
    assert profile["AgentAvailabilityTimer"] == "TIME_SINCE_LAST_ACTIVITY"


@pytest.mark.parametrize("member", ["Name", "Description", "DefaultOutboundQueueId", "MediaConcurrencies"])
def test_name_description_default_queue_and_concurrencies_are_required(emulator, instance, defaults, member):
    body = {
        "Name": "Sales",
        "Description": "For sales",
        "DefaultOutboundQueueId": defaults.queue,
        "MediaConcurrencies": [VOICE],
    }
    del body[member]
    status, headers, _unused = emulator.raw("PUT", f"/routing-profiles/{instance}", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")


def test_same_name_is_a_duplicate(create):
    create()
    refused("DuplicateResourceException", create)


def test_unknown_queue_is_not_found(create):
    refused("ResourceNotFoundException", create, DefaultOutboundQueueId=UNKNOWN)
    refused("ResourceNotFoundException", create, QueueConfigs=[config(UNKNOWN)])


def test_more_than_10_queue_configs_in_one_call_are_refused(connect, instance, defaults, create):
    many = [config(queue) for queue in queues(connect, instance, defaults, 11)]
    refused("InvalidParameterException", create, QueueConfigs=many)
    identifier = create(QueueConfigs=many[:10])
    associate = connect.associate_routing_profile_queues
    refused("InvalidParameterException", associate, InstanceId=instance, RoutingProfileId=identifier, QueueConfigs=many)


def test_further_queues_are_associated_later(connect, instance, defaults, create, entries):
    many = [config(queue) for queue in queues(connect, instance, defaults, 12)]
    identifier = create(QueueConfigs=many[:10])
    connect.associate_routing_profile_queues(InstanceId=instance, RoutingProfileId=identifier, QueueConfigs=many[10:])
    assert len(entries(identifier)) == 12


def test_quota_of_50_pairs_of_queue_and_channel(connect, instance, defaults, create, entries):
    made = queues(connect, instance, defaults, 26)
    pairs = [config(queue, channel) for queue in made for channel in ("VOICE", "CHAT")]
    identifier = create()
    wanted = {"InstanceId": instance, "RoutingProfileId": identifier}
    for start in range(0, 50, 10):
        connect.associate_routing_profile_queues(**wanted, QueueConfigs=pairs[start : start + 10])
    refused("InvalidRequestException", connect.associate_routing_profile_queues, **wanted, QueueConfigs=pairs[50:51])
    assert len(entries(identifier)) == 50


def test_voice_takes_one_contact_and_chat_ten_at_most(create):
    for channel, concurrency in (("VOICE", 2), ("CHAT", 11), ("CHAT", 0)):
        wanted = [{"Channel": channel, "Concurrency": concurrency}]
        refused("InvalidParameterException", create, MediaConcurrencies=wanted)


def test_channel_twice_is_refused(create):
    refused("InvalidParameterException", create, MediaConcurrencies=[VOICE, VOICE])


def test_queue_config_of_a_channel_that_the_profile_does_not_handle_is_refused(defaults, create):
    refused(
        "InvalidParameterException",
        create,
        MediaConcurrencies=[VOICE],
        QueueConfigs=[config(defaults.queue, "CHAT")],
    )


def test_same_queue_and_channel_twice_is_refused(defaults, create):
    refused("InvalidParameterException", create, QueueConfigs=[config(defaults.queue), config(defaults.queue)])


def test_cross_channel_behavior_is_current_channel_only_unless_given(create, describe):
    other = {**CHAT, "CrossChannelBehavior": {"BehaviorType": "ROUTE_ANY_CHANNEL"}}
    profile = describe(create(MediaConcurrencies=[VOICE, other]))
    behaviours = [item["CrossChannelBehavior"]["BehaviorType"] for item in profile["MediaConcurrencies"]]
    assert behaviours == ["ROUTE_CURRENT_CHANNEL_ONLY", "ROUTE_ANY_CHANNEL"]


def test_name_and_description_change(connect, instance, create, describe):
    identifier = create()
    update = connect.update_routing_profile_name
    update(InstanceId=instance, RoutingProfileId=identifier, Name="Orders")
    update(InstanceId=instance, RoutingProfileId=identifier, Description="For orders")
    assert (describe(identifier)["Name"], describe(identifier)["Description"]) == ("Orders", "For orders")
    refused(
        "DuplicateResourceException",
        update,
        InstanceId=instance,
        RoutingProfileId=identifier,
        Name="Basic Routing Profile",
    )


def test_default_outbound_queue_changes(connect, instance, defaults, create, describe):
    identifier = create()
    (other,) = queues(connect, instance, defaults, 1)
    update = connect.update_routing_profile_default_outbound_queue
    update(InstanceId=instance, RoutingProfileId=identifier, DefaultOutboundQueueId=other)
    assert describe(identifier)["DefaultOutboundQueueId"] == other
    refused(
        "ResourceNotFoundException",
        update,
        InstanceId=instance,
        RoutingProfileId=identifier,
        DefaultOutboundQueueId=UNKNOWN,
    )


def test_concurrency_is_replaced_whole(connect, instance, create, describe):
    identifier = create()
    update = connect.update_routing_profile_concurrency
    update(InstanceId=instance, RoutingProfileId=identifier, MediaConcurrencies=[VOICE])
    assert [item["Channel"] for item in describe(identifier)["MediaConcurrencies"]] == ["VOICE"]


def test_agent_availability_timer_changes(connect, instance, create, describe):
    identifier = create()
    connect.update_routing_profile_agent_availability_timer(
        InstanceId=instance, RoutingProfileId=identifier, AgentAvailabilityTimer="TIME_SINCE_LAST_INBOUND"
    )
    assert describe(identifier)["AgentAvailabilityTimer"] == "TIME_SINCE_LAST_INBOUND"


def test_queues_are_updated_only_when_associated(connect, instance, defaults, create, entries):
    identifier = create(QueueConfigs=[config(defaults.queue)])
    update = connect.update_routing_profile_queues
    wanted = {"InstanceId": instance, "RoutingProfileId": identifier}
    update(**wanted, QueueConfigs=[config(defaults.queue, priority=5, delay=30)])
    assert entries(identifier) == [("BasicQueue", "VOICE", 5, 30)]
    refused("InvalidParameterException", update, **wanted, QueueConfigs=[config(defaults.queue, "CHAT")])


def test_disassociated_queue_is_gone_for_that_channel_only(connect, instance, defaults, create, entries):
    identifier = create(QueueConfigs=[config(defaults.queue), config(defaults.queue, "CHAT")])
    reference = {"QueueId": defaults.queue, "Channel": "CHAT"}
    connect.disassociate_routing_profile_queues(
        InstanceId=instance, RoutingProfileId=identifier, QueueReferences=[reference]
    )
    assert entries(identifier) == [("BasicQueue", "VOICE", 1, 0)]


def test_more_than_10_references_to_disassociate_are_refused(connect, instance, defaults, create):
    references = [{"QueueId": defaults.queue, "Channel": "VOICE"}] * 11
    refused(
        "InvalidParameterException",
        connect.disassociate_routing_profile_queues,
        InstanceId=instance,
        RoutingProfileId=create(),
        QueueReferences=references,
    )


def test_manual_assignment_queues_are_a_list_of_their_own(connect, instance, defaults, create, entries):
    reference = {"QueueReference": {"QueueId": defaults.queue, "Channel": "CHAT"}}
    identifier = create(ManualAssignmentQueueConfigs=[reference])
    wanted = {"InstanceId": instance, "RoutingProfileId": identifier}
    listed = connect.list_routing_profile_manual_assignment_queues(**wanted)
    found = listed["RoutingProfileManualAssignmentQueueConfigSummaryList"]
    assert [(item["QueueName"], item["Channel"]) for item in found] == [("BasicQueue", "CHAT")]
    assert entries(identifier) == []
    connect.disassociate_routing_profile_queues(**wanted, ManualAssignmentQueueReferences=[reference["QueueReference"]])
    listed = connect.list_routing_profile_manual_assignment_queues(**wanted)
    assert listed["RoutingProfileManualAssignmentQueueConfigSummaryList"] == []


def test_profile_of_a_user_is_in_use(connect, instance, defaults, describe):
    user = connect.create_user(InstanceId=instance, **defaults.user())["UserId"]
    assert describe(defaults.routing_profile)["NumberOfAssociatedUsers"] == 1
    wanted = {"InstanceId": instance, "RoutingProfileId": defaults.routing_profile}
    answer = refused("ResourceInUseException", connect.delete_routing_profile, **wanted)
    assert (answer["ResourceType"], answer["ResourceId"].rpartition("/")[2]) == ("USER", user)
    connect.delete_user(InstanceId=instance, UserId=user)
    connect.delete_routing_profile(**wanted)


def test_queue_can_be_deleted_after_its_routing_profile(connect, instance, defaults, create):
    (queue,) = queues(connect, instance, defaults, 1)
    identifier = create(QueueConfigs=[config(queue)])
    refused("ResourceInUseException", connect.delete_queue, InstanceId=instance, QueueId=queue)
    connect.delete_routing_profile(InstanceId=instance, RoutingProfileId=identifier)
    connect.delete_queue(InstanceId=instance, QueueId=queue)
    assert "Queue 00" not in ids(connect.list_queues(InstanceId=instance)["QueueSummaryList"])


def test_deleted_profile_is_not_found(connect, instance, create, describe):
    identifier = create()
    connect.delete_routing_profile(InstanceId=instance, RoutingProfileId=identifier)
    refused("ResourceNotFoundException", describe, profile=identifier)


def test_search_by_name_and_associated_queue(connect, instance, defaults, create):
    create()

    def found(field, value):
        criteria = {"StringCondition": {"FieldName": field, "ComparisonType": "EXACT", "Value": value}}
        answer = connect.search_routing_profiles(InstanceId=instance, SearchCriteria=criteria)
        return [item["Name"] for item in answer["RoutingProfiles"]]

    assert found("name", "Sales") == ["Sales"]
    assert found("associatedQueueIds", defaults.queue) == ["Basic Routing Profile"]


def test_list_pages(connect, instance, create):
    for number in range(4):
        create(f"Profile {number}")
    pages = connect.get_paginator("list_routing_profiles").paginate(
        InstanceId=instance, PaginationConfig={"PageSize": 2}
    )
    assert [len(page["RoutingProfileSummaryList"]) for page in pages] == [2, 2, 1]


def test_quota_of_100_is_a_limit_error(create):
    for number in range(99):
        create(f"Profile {number}")
    answer = refused("LimitExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
