# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Agent statuses (connect-api 1.5, quota of 13)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import refused


@pytest.fixture
def create(connect, instance):
    """Create an agent status and return its id."""

    def run(name="Lunch", **more):
        answer = connect.create_agent_status(InstanceId=instance, Name=name, State="ENABLED", **more)
        return answer["AgentStatusId"]

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda status: connect.describe_agent_status(InstanceId=instance, AgentStatusId=status)["AgentStatus"]


def test_new_instance_has_available_and_offline(connect, instance):
    listed = connect.list_agent_statuses(InstanceId=instance)["AgentStatusSummaryList"]
    assert {(item["Name"], item["Type"]) for item in listed} == {("Available", "ROUTABLE"), ("Offline", "OFFLINE")}


def test_created_status_is_custom(instance, create, describe):
    identifier = create(Description="Away", DisplayOrder=3, Tags={"a": "b"})
    status = describe(identifier)
    assert (status["Type"], status["State"], status["DisplayOrder"]) == ("CUSTOM", "ENABLED", 3)
    assert status["Tags"] == {"a": "b"}
    assert status["AgentStatusARN"].endswith(f"instance/{instance}/agent-state/{identifier}")


def test_list_filters_by_type(connect, instance, create):
    create()
    listed = connect.list_agent_statuses(InstanceId=instance, AgentStatusTypes=["CUSTOM", "OFFLINE"])
    assert {item["Name"] for item in listed["AgentStatusSummaryList"]} == {"Lunch", "Offline"}


def test_update_changes_what_is_given(connect, instance, create, describe):
    identifier = create(Description="Away", DisplayOrder=3)
    update = connect.update_agent_status
    update(InstanceId=instance, AgentStatusId=identifier, State="DISABLED", ResetOrderNumber=True)
    status = describe(identifier)
    assert (status["State"], status["Description"]) == ("DISABLED", "Away")
    assert "DisplayOrder" not in status
    refused("DuplicateResourceException", update, InstanceId=instance, AgentStatusId=identifier, Name="Available")
    refused("ResourceNotFoundException", update, InstanceId=instance, AgentStatusId=UNKNOWN, Name="Other")


def test_same_name_is_a_duplicate(create):
    refused("DuplicateResourceException", create, name="Offline")


def test_statuses_are_searched_by_type(connect, instance, create):
    create()
    criteria = {"StringCondition": {"FieldName": "type", "ComparisonType": "EXACT", "Value": "CUSTOM"}}
    answer = connect.search_agent_statuses(InstanceId=instance, SearchCriteria=criteria)
    assert [item["Name"] for item in answer["AgentStatuses"]] == ["Lunch"]


def test_quota_of_50_is_a_limit_error(create):
    for number in range(48):
        create(f"Status {number}")
    answer = refused("LimitExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
