# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contact flows (connect-api 6.1, defaults of 1.5)."""

from __future__ import annotations

import hashlib
import json

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.connect_emulator.flow_language.validator import find_problems

DEFAULTS = {
    "Default agent hold": "AGENT_HOLD",
    "Default agent transfer": "AGENT_TRANSFER",
    "Default agent whisper": "AGENT_WHISPER",
    "Default customer hold": "CUSTOMER_HOLD",
    "Default customer queue": "CUSTOMER_QUEUE",
    "Default customer whisper": "CUSTOMER_WHISPER",
    "Default outbound": "OUTBOUND_WHISPER",
    "Default queue transfer": "QUEUE_TRANSFER",
}


def content(text: str = "Hello") -> str:
    return json.dumps(
        {
            "Version": "2019-10-30",
            "StartAction": "hello",
            "Actions": [
                {
                    "Identifier": "hello",
                    "Type": "MessageParticipant",
                    "Parameters": {"Text": text},
                    "Transitions": {"NextAction": "end"},
                },
                {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
            ],
        }
    )


INVALID = json.dumps(
    {"Version": "2019-10-30", "StartAction": "nowhere", "Actions": [{"Identifier": "a", "Type": "Say"}]}
)


@pytest.fixture
def create(connect, instance):
    def create(name="Main", **more):
        options = {"Type": "CONTACT_FLOW", "Content": content(), **more}
        return connect.create_contact_flow(InstanceId=instance, Name=name, **options)

    return create


def code(caught) -> str:
    return caught.value.response["Error"]["Code"]


def test_default_flows_are_there_and_valid(connect, instance):
    listed = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    types = {flow["Name"]: flow["ContactFlowType"] for flow in listed}
    assert DEFAULTS.items() <= types.items()
    assert len(listed) >= 19
    for flow in listed:
        assert (flow["ContactFlowState"], flow["ContactFlowStatus"]) == ("ACTIVE", "PUBLISHED")
        shown = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow["Id"])["ContactFlow"]
        assert find_problems(shown["Content"], shown["Type"]) == []
        connect.update_contact_flow_content(InstanceId=instance, ContactFlowId=flow["Id"], Content=shown["Content"])


def test_default_flows_cannot_be_deleted(connect, instance):
    flow = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"][0]
    with pytest.raises(ClientError) as caught:
        connect.delete_contact_flow(InstanceId=instance, ContactFlowId=flow["Id"])
    assert code(caught) == "InvalidRequestException"


def test_create_publishes_unless_told_otherwise(connect, instance, create):
    text = content("Grüezi")
    created = create(Content=text, Description="Our flow", Tags={"team": "a"})
    assert created["ContactFlowArn"].endswith(f":instance/{instance}/contact-flow/{created['ContactFlowId']}")
    for reference in (created["ContactFlowId"], created["ContactFlowArn"]):
        shown = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=reference)["ContactFlow"]
        assert shown["Content"] == text
        assert shown["Status"] == "PUBLISHED"
        assert shown["State"] == "ACTIVE"
        assert shown["Description"] == "Our flow"
        assert shown["Tags"] == {"team": "a"}
        assert shown["LastModifiedRegion"] == "eu-west-2"
        assert shown["FlowContentSha256"] == created["FlowContentSha256"]
    assert len(created["FlowContentSha256"]) == 64


def test_a_saved_flow_is_not_validated_and_not_published(connect, instance, create):
    created = create(Content=INVALID, Status="SAVED")
    assert "FlowContentSha256" not in created
    with pytest.raises(ClientError) as caught:
        connect.describe_contact_flow(InstanceId=instance, ContactFlowId=created["ContactFlowId"])
    assert code(caught) == "ContactFlowNotPublishedException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    draft = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=created["ContactFlowId"] + ":$SAVED")
    assert draft["ContactFlow"]["Content"] == INVALID
    assert draft["ContactFlow"]["Status"] == "SAVED"
    listed = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    assert [flow["ContactFlowStatus"] for flow in listed if flow["Id"] == created["ContactFlowId"]] == ["SAVED"]


def test_an_invalid_flow_is_refused_with_its_problems(connect, instance, create):
    with pytest.raises(ClientError) as caught:
        create(Content=INVALID)
    assert code(caught) == "InvalidContactFlowException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    messages = [problem["message"] for problem in caught.value.response["problems"]]
    assert any(message.startswith("Invalid Action type.") for message in messages)
    assert any("StartAction" in message for message in messages)
    assert "Message" not in caught.value.response
    assert connect.list_contact_flows(InstanceId=instance, ContactFlowTypes=["CONTACT_FLOW"])["ContactFlowSummaryList"]


def test_update_content_publishes_and_with_the_suffix_keeps_a_draft(connect, instance, create):
    flow = create()["ContactFlowId"]
    connect.update_contact_flow_content(InstanceId=instance, ContactFlowId=f"{flow}:$SAVED", Content=INVALID)
    published = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow)["ContactFlow"]
    draft = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=f"{flow}:$SAVED")["ContactFlow"]
    assert (published["Content"], draft["Content"]) == (content(), INVALID)
    assert (published["Status"], draft["Status"]) == ("PUBLISHED", "SAVED")
    with pytest.raises(ClientError) as caught:
        connect.update_contact_flow_content(InstanceId=instance, ContactFlowId=flow, Content=INVALID)
    assert code(caught) == "InvalidContactFlowException"
    connect.update_contact_flow_content(InstanceId=instance, ContactFlowId=flow, Content=content("New"))
    for reference in (flow, f"{flow}:$SAVED"):
        shown = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=reference)["ContactFlow"]
        assert (shown["Content"], shown["Status"]) == (content("New"), "PUBLISHED")
    assert shown["FlowContentSha256"] == hashlib.sha256(content("New").encode()).hexdigest()


def test_a_draft_becomes_live_by_publishing_it(connect, instance, create):
    flow = create(Status="SAVED")["ContactFlowId"]
    connect.update_contact_flow_content(InstanceId=instance, ContactFlowId=flow, Content=content("Live"))
    shown = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow)["ContactFlow"]
    assert shown["Content"] == content("Live")


def test_versions_are_not_found(connect, instance, create):
    flow = create()["ContactFlowId"]
    with pytest.raises(ClientError) as caught:
        connect.describe_contact_flow(InstanceId=instance, ContactFlowId=f"{flow}:1")
    assert code(caught) == "ResourceNotFoundException"


def test_draft_alone_is_neither_renamed_nor_deleted(connect, instance, create):
    flow = create()["ContactFlowId"]
    draft = {"InstanceId": instance, "ContactFlowId": f"{flow}:$SAVED"}
    for operation, more in (
        (connect.update_contact_flow_metadata, {"Name": "New"}),
        (connect.update_contact_flow_name, {"Name": "New"}),
        (connect.delete_contact_flow, {}),
    ):
        with pytest.raises(ClientError) as caught:
            operation(**draft, **more)
        assert code(caught) == "ResourceNotFoundException"
    name = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow)["ContactFlow"]["Name"]
    assert name != "New"


def test_names_are_unique_in_the_instance(connect, instance, create):
    create("One")
    other = create("Two")["ContactFlowId"]
    with pytest.raises(ClientError) as caught:
        create("One", Type="CUSTOMER_QUEUE")
    assert code(caught) == "DuplicateResourceException"
    for update in (connect.update_contact_flow_name, connect.update_contact_flow_metadata):
        with pytest.raises(ClientError) as caught:
            update(InstanceId=instance, ContactFlowId=other, Name="One")
        assert code(caught) == "DuplicateResourceException"


def test_name_and_metadata_change_in_place(connect, instance, create):
    flow = create(Description="old")["ContactFlowId"]
    connect.update_contact_flow_name(InstanceId=instance, ContactFlowId=flow, Name="Renamed")
    connect.update_contact_flow_metadata(
        InstanceId=instance, ContactFlowId=flow, Description="new", ContactFlowState="ARCHIVED"
    )
    shown = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow)["ContactFlow"]
    assert (shown["Name"], shown["Description"], shown["State"]) == ("Renamed", "new", "ARCHIVED")
    assert shown["Content"] == content()


def test_quota_is_100_flows(connect, instance, create):
    present = len(connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"])
    for number in range(100 - present):
        create(f"Flow {number}")
    with pytest.raises(ClientError) as caught:
        create("One too many")
    assert code(caught) == "LimitExceededException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_list_filters_by_type_and_pages(connect, instance, create):
    create("Hold", Type="CUSTOMER_HOLD")
    listed = connect.list_contact_flows(InstanceId=instance, ContactFlowTypes=["CUSTOMER_HOLD", "AGENT_HOLD"])
    names = {flow["Name"] for flow in listed["ContactFlowSummaryList"]}
    assert names == {"Default customer hold", "Default agent hold", "Hold"}
    assert "Content" not in listed["ContactFlowSummaryList"][0]
    pages = list(
        connect.get_paginator("list_contact_flows").paginate(InstanceId=instance, PaginationConfig={"PageSize": 7})
    )
    assert [len(page["ContactFlowSummaryList"]) for page in pages] == [7, 7, 6]


def test_search_by_name_type_status_and_tag(connect, instance, create):
    create("Alpha one", Tags={"team": "a"})
    create("Alpha two", Type="CUSTOMER_HOLD", Status="SAVED")

    def names(criteria=None, chosen=None):
        options = {"SearchCriteria": criteria} if criteria else {"SearchFilter": chosen}
        found = connect.search_contact_flows(InstanceId=instance, **options)
        assert found["ApproximateTotalCount"] == len(found["ContactFlows"])
        return {flow["Name"] for flow in found["ContactFlows"]}

    alpha = {"StringCondition": {"FieldName": "name", "Value": "Alpha", "ComparisonType": "STARTS_WITH"}}
    assert names(alpha) == {"Alpha one", "Alpha two"}
    assert names({"AndConditions": [alpha, {"TypeCondition": "CUSTOMER_HOLD"}]}) == {"Alpha two"}
    assert names({"AndConditions": [alpha, {"StatusCondition": "PUBLISHED"}]}) == {"Alpha one"}
    assert names({"OrConditions": [{"StatusCondition": "SAVED"}, {"TypeCondition": "CUSTOMER_HOLD"}]}) == {
        "Alpha two",
        "Default customer hold",
    }
    assert names(chosen={"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "a"}}}) == {"Alpha one"}
    chosen = {"FlowAttributeFilter": {"ContactFlowTypeCondition": {"ContactFlowType": "CUSTOMER_HOLD"}}}
    assert names(chosen=chosen) == {"Alpha two", "Default customer hold"}


def test_delete(connect, instance, create):
    flow = create()["ContactFlowId"]
    connect.delete_contact_flow(InstanceId=instance, ContactFlowId=flow)
    for call in (connect.describe_contact_flow, connect.delete_contact_flow):
        with pytest.raises(ClientError) as caught:
            call(InstanceId=instance, ContactFlowId=flow)
        assert code(caught) == "ResourceNotFoundException"


def test_content_has_at_most_256000_characters(create):
    with pytest.raises(ClientError) as caught:
        create(Content="x" * 256001)
    assert code(caught) == "InvalidParameterException"
