# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queues (connect-api 8, default of 1.5)."""

from __future__ import annotations

import json

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused


@pytest.fixture
def defaults(connect, instance):
    return Defaults(connect, instance)


@pytest.fixture
def create(connect, instance, defaults):
    """Create a queue and return its id."""

    def run(name="Sales", **more):
        wanted = {"HoursOfOperationId": defaults.hours, **more}
        return connect.create_queue(InstanceId=instance, Name=name, **wanted)["QueueId"]

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda queue: connect.describe_queue(InstanceId=instance, QueueId=queue)["Queue"]


@pytest.fixture
def number(connect, instance):
    """A claimed number: id and ARN."""
    return claim(connect, instance)


def claim(connect, instance):
    found = connect.search_available_phone_numbers(
        InstanceId=instance, PhoneNumberCountryCode="GB", PhoneNumberType="DID"
    )
    wanted = found["AvailableNumbersList"][0]["PhoneNumber"]
    answer = connect.claim_phone_number(InstanceId=instance, PhoneNumber=wanted)
    return answer["PhoneNumberId"], answer["PhoneNumberArn"]


def outbound_flow(connect, instance):
    flows = connect.list_contact_flows(InstanceId=instance, ContactFlowTypes=["OUTBOUND_WHISPER"])
    return ids(flows["ContactFlowSummaryList"])["Default outbound"]


def quick_connect(connect, instance, name="Desk"):
    config = {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+441632960000"}}
    answer = connect.create_quick_connect(InstanceId=instance, Name=name, QuickConnectConfig=config)
    return answer["QuickConnectId"]


def test_new_instance_has_basic_queue_with_basic_hours(defaults, describe):
    queue = describe(defaults.queue)
    assert (queue["Name"], queue["Status"]) == ("BasicQueue", "ENABLED")
    assert queue["HoursOfOperationId"] == defaults.hours


def test_created_queue_is_enabled(create, describe):
    assert describe(create())["Status"] == "ENABLED"


def test_created_queue_is_described_with_all_properties(connect, instance, create, describe):
    identifier = create(Description="Sales calls", MaxContacts=5, Tags={"team": "sap"})
    queue = describe(identifier)
    assert queue["QueueArn"].endswith(f"instance/{instance}/queue/{identifier}")
    assert (queue["Description"], queue["MaxContacts"], queue["Tags"]) == ("Sales calls", 5, {"team": "sap"})
    assert describe(queue["QueueArn"]) == queue


def test_same_name_is_a_duplicate(create):
    create()
    refused("DuplicateResourceException", create)


def test_unknown_hours_are_not_found(create):
    refused("ResourceNotFoundException", create, HoursOfOperationId=UNKNOWN)


def test_empty_description_is_refused(emulator, instance, defaults):
    body = {"Name": "Sales", "HoursOfOperationId": defaults.hours, "Description": ""}
    status, headers, _unused = emulator.raw("PUT", f"/queues/{instance}", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")


def test_quota_of_50_queues_is_a_limit_error(create):
    for number in range(49):
        create(f"Queue {number}")
    answer = refused("LimitExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_more_than_50_quick_connects_in_one_call_are_refused(connect, instance, create):
    refused("InvalidParameterException", create, QuickConnectIds=[UNKNOWN] * 51)
    refused(
        "InvalidParameterException",
        connect.associate_queue_quick_connects,
        InstanceId=instance,
        QueueId=create(),
        QuickConnectIds=[UNKNOWN] * 51,
    )


def test_name_and_description_change_apart(connect, instance, create, describe):
    identifier = create(Description="Sales calls")
    connect.update_queue_name(InstanceId=instance, QueueId=identifier, Name="Orders")
    assert (describe(identifier)["Name"], describe(identifier)["Description"]) == ("Orders", "Sales calls")
    connect.update_queue_name(InstanceId=instance, QueueId=identifier, Description="Orders only")
    assert (describe(identifier)["Name"], describe(identifier)["Description"]) == ("Orders", "Orders only")


def test_description_cannot_be_blanked(emulator, instance, create, describe):
    identifier = create(Description="Sales calls")
    status, headers, _unused = emulator.raw("POST", f"/queues/{instance}/{identifier}/name", {"Description": ""})
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")
    assert describe(identifier)["Description"] == "Sales calls"


def test_rename_to_a_used_name_is_a_duplicate(connect, instance, create):
    update = connect.update_queue_name
    refused("DuplicateResourceException", update, InstanceId=instance, QueueId=create(), Name="BasicQueue")


def test_status_changes(connect, instance, create, describe):
    identifier = create()
    connect.update_queue_status(InstanceId=instance, QueueId=identifier, Status="DISABLED")
    assert describe(identifier)["Status"] == "DISABLED"
    update = connect.update_queue_status
    refused("InvalidParameterException", update, InstanceId=instance, QueueId=identifier, Status="PAUSED")


def test_hours_change(connect, instance, create, describe):
    identifier = create()
    other = connect.create_hours_of_operation(InstanceId=instance, Name="Night", TimeZone="UTC", Config=[])
    update = connect.update_queue_hours_of_operation
    update(InstanceId=instance, QueueId=identifier, HoursOfOperationId=other["HoursOfOperationArn"])
    assert describe(identifier)["HoursOfOperationId"] == other["HoursOfOperationId"]
    refused("ResourceNotFoundException", update, InstanceId=instance, QueueId=identifier, HoursOfOperationId=UNKNOWN)


def test_max_contacts_changes_and_goes(connect, instance, create, describe):
    identifier = create()
    connect.update_queue_max_contacts(InstanceId=instance, QueueId=identifier, MaxContacts=0)
    assert describe(identifier)["MaxContacts"] == 0
    connect.update_queue_max_contacts(InstanceId=instance, QueueId=identifier)
    assert "MaxContacts" not in describe(identifier)


def test_outbound_caller_number_is_given_by_id_or_arn_without_instance(connect, instance, create, describe, number):
    identifier = create(OutboundCallerConfig={"OutboundCallerIdNumberId": number[0]})
    assert describe(identifier)["OutboundCallerConfig"] == {"OutboundCallerIdNumberId": number[0]}
    assert "/instance/" not in number[1]
    update = connect.update_queue_outbound_caller_config
    update(
        InstanceId=instance,
        QueueId=identifier,
        OutboundCallerConfig={"OutboundCallerIdNumberId": number[1], "OutboundCallerIdName": "SAP"},
    )
    wanted = {"OutboundCallerIdNumberId": number[0], "OutboundCallerIdName": "SAP"}
    assert describe(identifier)["OutboundCallerConfig"] == wanted
    old_form = f"arn:aws:connect:eu-west-2:111111111111:instance/{instance}/phone-number/{number[0]}"
    refused(
        "ResourceNotFoundException",
        update,
        InstanceId=instance,
        QueueId=identifier,
        OutboundCallerConfig={"OutboundCallerIdNumberId": old_form},
    )


def test_outbound_caller_number_must_be_claimed(emulator, connect, instance, create):
    emulator.settings.claim_delay = 60.0
    number, _unused = claim(connect, instance)
    config = {"OutboundCallerIdNumberId": number}
    refused("ResourceNotFoundException", create, OutboundCallerConfig=config)
    emulator.advance(61)
    create(OutboundCallerConfig=config)


def test_outbound_caller_number_of_another_instance_is_refused(connect, create):
    other = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="other",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )["Id"]
    number, _unused = claim(connect, other)
    refused("ResourceNotFoundException", create, OutboundCallerConfig={"OutboundCallerIdNumberId": number})


def test_outbound_caller_config_is_replaced_whole(connect, instance, create, describe):
    flow = outbound_flow(connect, instance)
    identifier = create(OutboundCallerConfig={"OutboundCallerIdName": "SAP", "OutboundFlowId": flow})
    assert describe(identifier)["OutboundCallerConfig"] == {"OutboundCallerIdName": "SAP", "OutboundFlowId": flow}
    connect.update_queue_outbound_caller_config(
        InstanceId=instance, QueueId=identifier, OutboundCallerConfig={"OutboundCallerIdName": "SAP 2"}
    )
    assert describe(identifier)["OutboundCallerConfig"] == {"OutboundCallerIdName": "SAP 2"}


def test_outbound_flow_must_be_an_outbound_whisper_flow(connect, instance, create):
    flows = ids(connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"])
    config = {"OutboundFlowId": flows["Default agent hold"]}
    refused("InvalidParameterException", create, OutboundCallerConfig=config)
    refused("ResourceNotFoundException", create, OutboundCallerConfig={"OutboundFlowId": UNKNOWN})


def test_outbound_email_config_changes(connect, instance, create, describe):
    identifier = create()
    config = {"OutboundEmailAddressId": UNKNOWN}
    connect.update_queue_outbound_email_config(InstanceId=instance, QueueId=identifier, OutboundEmailConfig=config)
    assert describe(identifier)["OutboundEmailConfig"] == config


def test_quick_connects_are_associated_listed_and_disassociated(connect, instance, create):
    first, second = quick_connect(connect, instance), quick_connect(connect, instance, "Door")
    identifier = create(QuickConnectIds=[first])
    connect.associate_queue_quick_connects(InstanceId=instance, QueueId=identifier, QuickConnectIds=[first, second])
    listed = connect.list_queue_quick_connects(InstanceId=instance, QueueId=identifier)
    assert ids(listed["QuickConnectSummaryList"]) == {"Desk": first, "Door": second}
    connect.disassociate_queue_quick_connects(InstanceId=instance, QueueId=identifier, QuickConnectIds=[first])
    listed = connect.list_queue_quick_connects(InstanceId=instance, QueueId=identifier)
    assert ids(listed["QuickConnectSummaryList"]) == {"Door": second}


def test_unknown_quick_connect_is_not_found(create):
    refused("ResourceNotFoundException", create, QuickConnectIds=[UNKNOWN])


def test_list_returns_standard_and_agent_queues_unless_filtered(connect, instance, defaults):
    user = connect.create_user(InstanceId=instance, **defaults.user())["UserId"]
    both = connect.list_queues(InstanceId=instance)["QueueSummaryList"]
    assert {item["QueueType"] for item in both} == {"STANDARD", "AGENT"}
    standard = connect.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
    assert [item["Id"] for item in standard] == [defaults.queue]
    agent = connect.list_queues(InstanceId=instance, QueueTypes=["AGENT"])["QueueSummaryList"]
    assert [item["Id"] for item in agent] == [user]


def test_agent_queue_has_no_name_and_an_arn_of_the_user(connect, instance, defaults):
    user = connect.create_user(InstanceId=instance, **defaults.user())["UserId"]
    queue = connect.list_queues(InstanceId=instance, QueueTypes=["AGENT"])["QueueSummaryList"][0]
    assert "Name" not in queue
    assert queue["Arn"].endswith(f"instance/{instance}/queue/agent/{user}")


def test_agent_queue_goes_with_its_user(connect, instance, defaults):
    user = connect.create_user(InstanceId=instance, **defaults.user())["UserId"]
    connect.delete_user(InstanceId=instance, UserId=user)
    assert connect.list_queues(InstanceId=instance, QueueTypes=["AGENT"])["QueueSummaryList"] == []


def test_list_page_is_100_by_default_and_1000_at_most(connect, instance, defaults):
    for number in range(101):
        connect.create_user(InstanceId=instance, **defaults.user(f"agent{number}"))
    assert len(connect.list_queues(InstanceId=instance)["QueueSummaryList"]) == 100
    assert len(connect.list_queues(InstanceId=instance, MaxResults=1000)["QueueSummaryList"]) == 102
    refused("InvalidParameterException", connect.list_queues, InstanceId=instance, MaxResults=1001)


def test_search_finds_standard_queues_only(connect, instance, defaults):
    connect.create_user(InstanceId=instance, **defaults.user())
    answer = connect.search_queues(InstanceId=instance)
    assert [item["Name"] for item in answer["Queues"]] == ["BasicQueue"]
    refused("InvalidParameterException", connect.search_queues, InstanceId=instance, MaxResults=501)


def search(connect, instance, field, comparison, value):
    criteria = {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}
    answer = connect.search_queues(InstanceId=instance, SearchCriteria=criteria)
    return [item["Name"] for item in answer["Queues"]]


def test_search_by_name_description_and_id(connect, instance, create):
    identifier = create(Description="Calls about orders")
    assert search(connect, instance, "name", "EXACT", "Sales") == ["Sales"]
    assert search(connect, instance, "name", "EXACT", "Sale") == []
    assert search(connect, instance, "description", "CONTAINS", "orders") == ["Sales"]
    assert search(connect, instance, "resourceID", "EXACT", identifier) == ["Sales"]
    refused(
        "InvalidParameterException",
        search,
        connect=connect,
        instance=instance,
        field="colour",
        comparison="EXACT",
        value="red",
    )


@pytest.mark.parametrize("value", ["B", "B" * 26])
def test_contains_takes_2_to_25_characters(connect, instance, value):
    refused(
        "InvalidParameterException",
        search,
        connect=connect,
        instance=instance,
        field="name",
        comparison="CONTAINS",
        value=value,
    )


def test_search_combines_conditions_and_tags(connect, instance, create):
    create("Sales", Tags={"team": "sap"})
    create("Support", Tags={"team": "help"})

    def name(value):
        return {"StringCondition": {"FieldName": "name", "ComparisonType": "EXACT", "Value": value}}

    either = {"OrConditions": [name("Sales"), name("Support")]}
    found = connect.search_queues(InstanceId=instance, SearchCriteria=either)["Queues"]
    assert {item["Name"] for item in found} == {"Sales", "Support"}
    both = {"AndConditions": [name("Sales"), name("Support")]}
    assert connect.search_queues(InstanceId=instance, SearchCriteria=both)["Queues"] == []
    tagged = {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "help"}}}
    found = connect.search_queues(InstanceId=instance, SearchCriteria=either, SearchFilter=tagged)["Queues"]
    assert [item["Name"] for item in found] == ["Support"]
    any_tag = {"TagFilter": {"OrConditions": [[{"TagKey": "team", "TagValue": "sap"}], [{"TagKey": "cost"}]]}}
    found = connect.search_queues(InstanceId=instance, SearchFilter=any_tag)["Queues"]
    assert [item["Name"] for item in found] == ["Sales"]


def test_queue_of_a_routing_profile_is_in_use(connect, instance, defaults):
    answer = refused("ResourceInUseException", connect.delete_queue, InstanceId=instance, QueueId=defaults.queue)
    assert answer["ResourceId"].endswith(f"/routing-profile/{defaults.routing_profile}")


def test_default_outbound_queue_of_a_routing_profile_is_in_use(connect, instance, create):
    identifier = create()
    connect.create_routing_profile(
        InstanceId=instance,
        Name="Sales",
        Description="Sales",
        DefaultOutboundQueueId=identifier,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )
    refused("ResourceInUseException", connect.delete_queue, InstanceId=instance, QueueId=identifier)


def test_queue_of_a_published_flow_is_in_use(connect, instance, create, describe):
    identifier = create()
    actions = [
        {
            "Identifier": "queue",
            "Type": "UpdateContactTargetQueue",
            "Parameters": {"QueueId": describe(identifier)["QueueArn"]},
            "Transitions": {"NextAction": "end", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]},
        },
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]
    content = json.dumps({"Version": "2019-10-30", "StartAction": "queue", "Actions": actions})
    flow = connect.create_contact_flow(InstanceId=instance, Name="Main", Type="CONTACT_FLOW", Content=content)
    answer = refused("ResourceInUseException", connect.delete_queue, InstanceId=instance, QueueId=identifier)
    assert answer["ResourceType"] == "CONTACT_FLOW"
    connect.delete_contact_flow(InstanceId=instance, ContactFlowId=flow["ContactFlowId"])
    connect.delete_queue(InstanceId=instance, QueueId=identifier)


def test_deleted_queue_is_not_found(connect, instance, create, describe):
    identifier = create()
    connect.delete_queue(InstanceId=instance, QueueId=identifier)
    refused("ResourceNotFoundException", describe, queue=identifier)
    refused("ResourceNotFoundException", connect.delete_queue, InstanceId=instance, QueueId=identifier)


def test_lag_hides_a_new_queue_from_describe_list_and_search_but_not_its_name(
    emulator, connect, instance, create, describe
):
    emulator.settings.lag = 30.0
    identifier = create()
    refused("ResourceNotFoundException", describe, queue=identifier)
    assert "Sales" not in ids(connect.list_queues(InstanceId=instance)["QueueSummaryList"])
    assert search(connect, instance, "name", "EXACT", "Sales") == []
    refused("DuplicateResourceException", create)
    emulator.advance(31)
    assert describe(identifier)["Name"] == "Sales"


def test_change_moves_the_time_of_the_last_change(emulator, connect, instance, create, describe):
    identifier = create()
    before = describe(identifier)["LastModifiedTime"]
    emulator.advance(60)
    connect.update_queue_status(InstanceId=instance, QueueId=identifier, Status="DISABLED")
    assert describe(identifier)["LastModifiedTime"] > before
