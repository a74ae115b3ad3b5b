# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hours of operation (connect-api 8, default of 1.5)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused

MONDAY = {"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 30}}


def create(connect, instance, name="Office", **more):
    wanted = {"TimeZone": "Europe/Berlin", "Config": [MONDAY], **more}
    return connect.create_hours_of_operation(InstanceId=instance, Name=name, **wanted)["HoursOfOperationId"]


def describe(connect, instance, identifier):
    answer = connect.describe_hours_of_operation(InstanceId=instance, HoursOfOperationId=identifier)
    return answer["HoursOfOperation"]


def test_new_instance_has_basic_hours_open_all_week(connect, instance):
    hours = describe(connect, instance, Defaults(connect, instance).hours)
    assert hours["Name"] == "Basic Hours"
    midnight = {"Hours": 0, "Minutes": 0}
    assert len({item["Day"] for item in hours["Config"]}) == 7
    assert all(item["StartTime"] == item["EndTime"] == midnight for item in hours["Config"])


def test_created_hours_are_described_with_arn_and_tags(connect, instance):
    identifier = create(connect, instance, Description="Weekdays", Tags={"team": "sap"})
    hours = describe(connect, instance, identifier)
    assert hours["HoursOfOperationArn"].endswith(f"instance/{instance}/operating-hours/{identifier}")
    assert (hours["TimeZone"], hours["Config"], hours["Description"]) == ("Europe/Berlin", [MONDAY], "Weekdays")
    assert hours["Tags"] == {"team": "sap"}
    assert hours["LastModifiedRegion"] == "eu-west-2"


def test_time_zone_must_be_an_iana_name(connect, instance):
    refused("InvalidParameterException", create, connect=connect, instance=instance, TimeZone="Berlin")
    identifier = create(connect, instance)
    refused(
        "InvalidParameterException",
        connect.update_hours_of_operation,
        InstanceId=instance,
        HoursOfOperationId=identifier,
        TimeZone="Mars/Olympus",
    )
    assert describe(connect, instance, identifier)["TimeZone"] == "Europe/Berlin"


def test_hour_24_is_refused(connect, instance):
    late = {**MONDAY, "EndTime": {"Hours": 24, "Minutes": 0}}
    refused("InvalidParameterException", create, connect=connect, instance=instance, Config=[late])


def test_same_name_is_a_duplicate(connect, instance):
    create(connect, instance)
    refused("DuplicateResourceException", create, connect=connect, instance=instance)
    refused("DuplicateResourceException", create, connect=connect, instance=instance, name="Basic Hours")


def test_update_changes_what_is_given_and_leaves_the_rest(connect, instance):
    identifier = create(connect, instance, Description="Weekdays")
    connect.update_hours_of_operation(InstanceId=instance, HoursOfOperationId=identifier, TimeZone="UTC", Name="Night")
    hours = describe(connect, instance, identifier)
    assert (hours["Name"], hours["TimeZone"]) == ("Night", "UTC")
    assert (hours["Description"], hours["Config"]) == ("Weekdays", [MONDAY])
    connect.update_hours_of_operation(InstanceId=instance, HoursOfOperationId=identifier, Description="", Config=[])
    hours = describe(connect, instance, identifier)
    assert "Description" not in hours
    assert hours["Config"] == []


def test_update_to_a_used_name_is_a_duplicate(connect, instance):
    identifier = create(connect, instance)
    update = connect.update_hours_of_operation
    refused(
        "DuplicateResourceException", update, InstanceId=instance, HoursOfOperationId=identifier, Name="Basic Hours"
    )
    update(InstanceId=instance, HoursOfOperationId=identifier, Name="Office")


def test_parents_are_shown_by_name(connect, instance):
    parent = Defaults(connect, instance).hours
    identifier = create(connect, instance, ParentHoursOfOperationConfigs=[{"HoursOfOperationId": parent}])
    shown = describe(connect, instance, identifier)["ParentHoursOfOperations"]
    assert [(item["Id"], item["Name"]) for item in shown] == [(parent, "Basic Hours")]


def test_hours_of_a_queue_cannot_be_deleted(connect, instance):
    hours = Defaults(connect, instance).hours
    delete = connect.delete_hours_of_operation
    refused("InvalidRequestException", delete, InstanceId=instance, HoursOfOperationId=hours)


def test_deleted_hours_are_not_found(connect, instance):
    identifier = create(connect, instance)
    connect.delete_hours_of_operation(InstanceId=instance, HoursOfOperationId=identifier)
    refused("ResourceNotFoundException", describe, connect=connect, instance=instance, identifier=identifier)
    refused(
        "ResourceNotFoundException",
        connect.delete_hours_of_operation,
        InstanceId=instance,
        HoursOfOperationId=identifier,
    )


def test_unknown_hours_are_not_found(connect, instance):
    refused("ResourceNotFoundException", describe, connect=connect, instance=instance, identifier=UNKNOWN)


def test_list_pages(connect, instance):
    for number in range(4):
        create(connect, instance, name=f"Hours {number}")
    pages = connect.get_paginator("list_hours_of_operations").paginate(
        InstanceId=instance, PaginationConfig={"PageSize": 2}
    )
    found = [page["HoursOfOperationSummaryList"] for page in pages]
    assert [len(page) for page in found] == [2, 2, 1]
    assert len(ids([item for page in found for item in page])) == 5


@pytest.mark.parametrize(
    ("field", "comparison", "value", "found"),
    [
        ("name", "EXACT", "Office", ["Office"]),
        ("name", "CONTAINS", "asic", ["Basic Hours"]),
        ("timezone", "STARTS_WITH", "Europe/", ["Office"]),
        ("timezone", "STARTS_WITH", "Berlin", []),
        ("description", "CONTAINS", "nowhere", []),
    ],
)
def test_search_by_name_description_and_time_zone(connect, instance, field, comparison, value, found):
    create(connect, instance, Description="Weekdays")
    criteria = {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}
    answer = connect.search_hours_of_operations(InstanceId=instance, SearchCriteria=criteria)
    assert [item["Name"] for item in answer["HoursOfOperations"]] == found
    assert answer["ApproximateTotalCount"] == len(found)


def test_quota_of_100_is_a_limit_error(connect, instance):
    for number in range(99):
        create(connect, instance, name=f"Hours {number}")
    answer = refused("LimitExceededException", create, connect=connect, instance=instance)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_parent_must_be_named(connect, instance):
    refused("InvalidParameterException", create, connect=connect, instance=instance, ParentHoursOfOperationConfigs=[{}])
