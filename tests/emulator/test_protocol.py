# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wire protocol, errors and consistency (connect-api 0)."""

from __future__ import annotations

import datetime
import uuid

import pytest
from botocore.exceptions import ClientError

from tests.emulator.test_model_conformance import request_of
from tests.emulator.test_model_conformance import valid_request
from tests.local_cloud.connect_emulator.errors import ConnectError
from tests.local_cloud.connect_emulator.model import match
from tests.local_cloud.connect_emulator.model import operations
from tests.local_cloud.connect_emulator.model import service_model
from tests.local_cloud.connect_emulator.registry import OPERATIONS
from tests.local_cloud.connect_emulator.registry import operation

ARN = "arn:aws:connect:eu-west-2:111111111111:instance/9a1d8a1c-0000-4000-8000-000000000000/queue/q"
FLOW = "0c5e0d3a-0000-4000-8000-000000000000"


@pytest.fixture
def implement(monkeypatch):
    """Let a function answer an operation for the time of the test."""
    return lambda name, handler: monkeypatch.setitem(OPERATIONS, name, handler)


def failing(code, message="why", **members):
    def handler(context, request):
        raise ConnectError(code, message, **members)

    return handler


def test_service_is_rest_json():
    metadata = service_model().metadata
    assert (metadata["protocol"], metadata["endpointPrefix"]) == ("rest-json", "connect")


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_of_the_model_is_routed(name):
    wanted = operations()[name]
    values = iter(range(100))
    path = "/" + "/".join(f"v{next(values)}" if part.startswith("{") else part for part in wanted.template)
    found, members = match(wanted.method, path)
    assert found.name == name
    assert list(members.values()) == [f"v{number}" for number in range(len(members))]


@pytest.mark.parametrize(
    "name, method",
    [
        ("CreateUser", "PUT"),
        ("UpdateUserIdentityInfo", "POST"),
        ("UpdateRule", "PUT"),
        ("UpdatePhoneNumber", "PUT"),
        ("UpdatePhoneNumberMetadata", "PUT"),
        ("AssociatePhoneNumberContactFlow", "PUT"),
        ("ListPhoneNumbersV2", "POST"),
    ],
)
def test_methods_of_creates_and_updates(name, method):
    assert operations()[name].method == method


def test_path_segments_are_decoded_after_splitting():
    encoded = ARN.replace(":", "%3A").replace("/", "%2F")
    found, members = match("GET", f"/tags/{encoded}")
    assert (found.name, members) == ("ListTagsForResource", {"resourceArn": ARN})


def test_decoded_paths_are_understood_too():
    found, members = match("GET", f"/tags/{ARN}")
    assert (found.name, members) == ("ListTagsForResource", {"resourceArn": ARN})
    number = "arn:aws:connect:eu-west-2:111111111111:phone-number/n"
    found, members = match("DELETE", f"/phone-number/{number}/contact-flow")
    assert (found.name, members) == ("DisassociatePhoneNumberContactFlow", {"PhoneNumberId": number})
    found, members = match("DELETE", f"/phone-number/{number}")
    assert (found.name, members) == ("ReleasePhoneNumber", {"PhoneNumberId": number})


def test_saved_suffix_travels_in_the_path(connect, implement):
    seen = []
    implement("DescribeContactFlow", lambda context, request: seen.append(request["ContactFlowId"]))
    connect.describe_contact_flow(InstanceId="i", ContactFlowId=f"{FLOW}:$SAVED")
    assert seen == [f"{FLOW}:$SAVED"]


def test_list_members_repeat_in_the_query(connect, implement):
    seen = []
    implement("ListContactFlows", lambda context, request: seen.append(request["ContactFlowTypes"]))
    connect.list_contact_flows(InstanceId="i", ContactFlowTypes=["CONTACT_FLOW", "CUSTOMER_HOLD"])
    assert seen == [["CONTACT_FLOW", "CUSTOMER_HOLD"]]


def test_header_members_are_read(connect, implement):
    seen = []
    implement("UpdateUserNotificationStatus", lambda context, request: seen.append(request))
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    connect.update_user_notification_status(
        InstanceId="i",
        UserId="u",
        NotificationId="n",
        Status="READ",
        LastModifiedTime=moment,
        LastModifiedRegion="eu-west-2",
    )
    assert seen[0]["LastModifiedRegion"] == "eu-west-2"
    assert seen[0]["LastModifiedTime"] == moment


def test_time_members_are_read_from_the_body(emulator, implement):
    seen = []
    implement("GetMetricDataV2", lambda context, request: seen.append(request["StartTime"]))
    item = operations()["GetMetricDataV2"]
    request = {**valid_request(item), "StartTime": 1000000000}
    emulator.raw(*request_of(item, request))
    assert seen == [datetime.datetime(2001, 9, 9, 1, 46, 40, tzinfo=datetime.UTC)]


@pytest.mark.parametrize(
    "identity, status",
    [(FLOW, 200), (f"arn:aws:connect:eu-west-2:111111111111:instance/{FLOW}", 200), ("not-an-id", 400)],
)
def test_id_or_arn_where_the_model_says_so(emulator, implement, identity, status):
    implement("SearchResourceTags", lambda context, request: {})
    assert emulator.raw("POST", "/search-resource-tags", {"InstanceId": identity})[0] == status


def test_arn_of_an_instance_is_resolved_where_the_model_says_so(emulator, implement, connect, instance):
    implement("SearchResourceTags", lambda context, request: seen.append(context.instance(request["InstanceId"]).id))
    seen = []
    arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
    connect.search_resource_tags(InstanceId=arn)
    assert seen == [instance]
    status, headers, _answer = emulator.raw(
        "POST", "/search-resource-tags", {"InstanceId": arn.replace("1111", "2222")}
    )
    assert (status, headers["x-amzn-ErrorType"]) == (404, "ResourceNotFoundException")


def test_ids_are_lower_case_uuids(instance):
    assert str(uuid.UUID(instance)) == instance


def test_id_members_do_not_take_arns(connect, instance, refused):
    arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
    with refused("InvalidParameterException", "InstanceId"):
        connect.list_instance_attributes(InstanceId=arn)


def test_unknown_path(emulator):
    status, headers, answer = emulator.raw("GET", "/no/such/thing")
    assert status == 404 and "/no/such/thing" in answer["message"]
    assert headers["x-amzn-ErrorType"] == "UnknownOperationException"


def test_operation_without_an_implementation(emulator, connect, monkeypatch):
    monkeypatch.delitem(OPERATIONS, "ListInstances")
    with pytest.raises(ClientError) as caught:
        connect.list_instances()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "ListInstances" in caught.value.response["Error"]["Message"]
    assert emulator.state.journal[-1]["status"] == 501


def test_answers_carry_a_request_id(connect):
    assert uuid.UUID(connect.list_instances()["ResponseMetadata"]["RequestId"])


@pytest.mark.parametrize(
    "values, status", [({"StringList": ["a"]}, 200), ({}, 400), ({"StringList": ["a"], "Nonsense": 1}, 200)]
)
def test_union_has_exactly_one_known_member(emulator, implement, values, status):
    implement("CreatePredefinedAttribute", lambda context, request: None)
    body = {"Name": "language", "Values": values}
    assert emulator.raw("PUT", "/predefined-attributes/i", body)[0] == status


def test_union_has_no_second_member(emulator, implement):
    implement("StartAttachedFileUpload", lambda context, request: {})
    body = {
        "FileName": "a",
        "FileSizeInBytes": 1,
        "FileUseCaseType": "ATTACHMENT",
        "CreatedBy": {"ConnectUserArn": "arn", "AWSIdentityArn": "arn"},
    }
    query = {"associatedResourceArn": ["arn"]}
    assert emulator.raw("PUT", "/attached-files/i", body, query)[0] == 400
    del body["CreatedBy"]["AWSIdentityArn"]
    assert emulator.raw("PUT", "/attached-files/i", body, query)[0] == 200


def test_patterns_match_the_whole_value(emulator):
    body = {
        "Name": "two words",
        "TriggerEventSource": {"EventSourceName": "OnPostCallAnalysisAvailable"},
        "Function": "{}",
        "Actions": [],
        "PublishStatus": "DRAFT",
    }
    status, _headers, answer = emulator.raw("POST", "/rules/i", body)
    assert status == 400 and "'Name'" in answer["Message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff"])
def test_body_must_be_a_json_object(emulator, body):
    status, headers, _answer = emulator.raw("PUT", "/instance", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


def test_error_code_is_in_the_header_and_the_message_in_the_body(emulator):
    status, headers, answer = emulator.raw("GET", "/instance/nope")
    assert (status, headers["x-amzn-ErrorType"]) == (404, "ResourceNotFoundException")
    assert answer == {"Message": "Instance not found"}


@pytest.mark.parametrize(
    "code, status, declaring",
    [
        ("InvalidRequestException", 400, "CreateUser"),
        ("InvalidParameterException", 400, "CreateUser"),
        ("AccessDeniedException", 403, "ClaimPhoneNumber"),
        ("ResourceNotFoundException", 404, "CreateUser"),
        ("UserNotFoundException", 404, "GetFederationToken"),
        ("ContactFlowNotPublishedException", 404, "DescribeContactFlow"),
        ("DuplicateResourceException", 409, "CreateUser"),
        ("ResourceConflictException", 409, "CreateRule"),
        ("ResourceInUseException", 409, "DeleteQueue"),
        ("IdempotencyException", 409, "ClaimPhoneNumber"),
        ("ConditionalOperationFailedException", 409, "UpdateUserConfig"),
        ("ResourceNotReadyException", 409, "ReplicateInstance"),
        ("ConflictException", 409, "CreateContact"),
        ("ServiceQuotaExceededException", 402, "CreateRule"),
        ("LimitExceededException", 429, "CreateUser"),
        ("ThrottlingException", 429, "CreateUser"),
        ("TooManyRequestsException", 429, "CreateUser"),
        ("InternalServiceException", 500, "CreateUser"),
    ],
)
def test_status_of_errors(implement, emulator, code, status, declaring):
    implement(declaring, failing(code))
    item = operations()[declaring]
    answer = emulator.raw(*request_of(item, valid_request(item)))
    assert (answer[0], answer[1]["x-amzn-ErrorType"]) == (status, code)


def test_invalid_flow_lists_problems_and_has_no_message(connect, implement):
    implement("CreateContactFlow", failing("InvalidContactFlowException", problems=[{"message": "one"}]))
    with pytest.raises(ClientError) as caught:
        connect.create_contact_flow(InstanceId="i", Name="n", Type="CONTACT_FLOW", Content="{}")
    assert caught.value.response["problems"] == [{"message": "one"}]
    assert not caught.value.response["Error"].get("Message")


def test_invalid_module_lists_problems_in_upper_case(emulator, implement):
    implement("CreateContactFlowModule", failing("InvalidContactFlowModuleException", Problems=[{"message": "one"}]))
    body = {"Name": "n", "Content": "{}"}
    status, _headers, answer = emulator.raw("PUT", "/contact-flow-modules/i", body)
    assert (status, answer) == (400, {"Problems": [{"message": "one"}]})


def test_in_use_names_the_resource(connect, implement):
    members = {"ResourceType": "CONTACT_FLOW", "ResourceId": ARN}
    implement("DeleteQueue", failing("ResourceInUseException", "used", **members))
    with pytest.raises(ClientError) as caught:
        connect.delete_queue(InstanceId="i", QueueId="q")
    assert members.items() <= caught.value.response.items()


@pytest.mark.parametrize("code", ["DuplicateResourceException", "NoSuchException"])
def test_undeclared_error_is_a_mistake_of_the_emulator(emulator, implement, code):
    implement("ListInstances", failing(code))
    status, _headers, answer = emulator.raw("GET", "/instance")
    assert status == 500 and code in answer["Message"]


@pytest.mark.parametrize(
    "answer, text",
    [
        ({"Nonsense": 1}, "Nonsense"),
        ({"InstanceSummaryList": {}}, "list"),
        ({"InstanceSummaryList": [{"Id": 1}]}, "Id"),
        ({"InstanceSummaryList": [{"InstanceStatus": "SLEEPING"}]}, "InstanceStatus"),
    ],
)
def test_answer_of_another_shape_is_a_mistake_of_the_emulator(emulator, implement, answer, text):
    implement("ListInstances", lambda context, request: answer)
    status, _headers, body = emulator.raw("GET", "/instance")
    assert status == 500 and text in body["Message"]


def test_answer_without_a_required_member_is_a_mistake_of_the_emulator(emulator, implement):
    implement("ListRules", lambda context, request: {})
    status, _headers, body = emulator.raw("GET", "/rules/i")
    assert status == 500 and "RuleSummaryList" in body["Message"]


def test_exception_in_an_operation_answers_500(emulator, implement):
    implement("ListInstances", lambda context, request: 1 / 0)
    status, headers, body = emulator.raw("GET", "/instance")
    assert (status, headers["x-amzn-ErrorType"]) == (500, "InternalServiceException")
    assert "ZeroDivisionError" in body["Message"]


def test_timestamps_are_seconds(emulator, connect, instance):
    _status, _headers, answer = emulator.raw("GET", f"/instance/{instance}")
    made_at = answer["Instance"]["CreatedTime"]
    assert abs(made_at - emulator.state.now().timestamp()) < 60
    read = connect.describe_instance(InstanceId=instance)["Instance"]["CreatedTime"]
    assert read.tzinfo and isinstance(read, datetime.datetime)


def test_operation_cannot_be_implemented_twice():
    with pytest.raises(ValueError, match="twice"):
        operation("ListInstances")(lambda context, request: None)
    with pytest.raises(KeyError):
        operation("MakeCoffee")


def test_token_is_filled_in_by_botocore(emulator, connect, instance):
    connect.update_instance_attribute(InstanceId=instance, AttributeType="EARLY_MEDIA", Value="true")
    assert uuid.UUID(emulator.state.journal[-1]["parameters"]["ClientToken"])


def test_token_in_the_query_is_read(emulator, connect, instance):
    connect.associate_approved_origin(InstanceId=instance, Origin="https://a.example")
    address = {"InstanceId": instance, "Origin": "https://a.example", "ClientToken": "t"}
    for _time in range(2):
        connect.disassociate_approved_origin(**address)
    assert connect.list_approved_origins(InstanceId=instance)["Origins"] == []


def test_token_with_another_body_where_declared(connect, implement, refused):
    answer = {"PhoneNumberId": "p", "PhoneNumberArn": "a"}
    implement("ClaimPhoneNumber", lambda context, request: answer)
    call = {"InstanceId": FLOW, "ClientToken": "5f0c6d54-0000-4000-8000-000000000000"}
    connect.claim_phone_number(PhoneNumber="+441234567890", **call)
    assert connect.claim_phone_number(PhoneNumber="+441234567890", **call)["PhoneNumberId"] == "p"
    with refused("IdempotencyException"):
        connect.claim_phone_number(PhoneNumber="+441234567891", **call)


def test_token_is_not_kept_for_a_refused_request(emulator, connect, instance, refused):
    call = {"InstanceId": instance, "Origin": "https://a.example", "ClientToken": "t"}
    connect.associate_approved_origin(InstanceId=instance, Origin="https://a.example")
    with refused("ResourceConflictException"):
        connect.associate_approved_origin(**call)
    connect.disassociate_approved_origin(InstanceId=instance, Origin="https://a.example")
    connect.associate_approved_origin(**call)


def test_token_is_forgotten_after_a_day(emulator, connect):
    call = {
        "IdentityManagementType": "SAML",
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
        "ClientToken": "t",
    }
    first = connect.create_instance(InstanceAlias="one", **call)["Id"]
    emulator.advance(86401)
    assert connect.create_instance(InstanceAlias="two", **call)["Id"] != first


@pytest.mark.parametrize("name", ["CreateUser", "CreateQueue", "CreateSecurityProfile", "CreateContactFlow"])
def test_creates_without_a_token(name):
    assert operations()[name].token_member is None


def test_no_update_takes_a_username_or_a_password():
    takers = {item.name for item in operations().values() if {"Username", "Password"} & item.members.keys()}
    assert {name for name in takers if name.startswith("Update")} == set()


@pytest.mark.parametrize("token", ["garbage", "W10=", "bm90IGpzb24=", "ü"])
def test_garbled_page_token_is_refused(connect, instance, refused, token):
    with refused("InvalidParameterException", "NextToken"):
        connect.list_instance_attributes(InstanceId=instance, NextToken=token)


def test_page_token_goes_stale_and_belongs_to_its_request(emulator, connect, instance, refused):
    token = connect.list_instance_attributes(InstanceId=instance, MaxResults=1)["NextToken"]
    assert connect.list_instance_attributes(InstanceId=instance, NextToken=token)["Attributes"]
    with refused("InvalidParameterException", "NextToken"):
        connect.list_approved_origins(InstanceId=instance, NextToken=token)
    emulator.advance(86401)
    with refused("InvalidParameterException", "NextToken"):
        connect.list_instance_attributes(InstanceId=instance, NextToken=token)


def test_pages_add_up(connect, instance):
    names = []
    for page in connect.get_paginator("list_instance_attributes").paginate(
        InstanceId=instance, PaginationConfig={"PageSize": 2}
    ):
        names += [item["AttributeType"] for item in page["Attributes"]]
    assert len(names) == len(set(names)) > 12


def test_quota_error_429_is_retried_by_botocore_and_402_is_not(emulator, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    call = {
        "IdentityManagementType": "SAML",
        "InstanceAlias": "one",
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
    }
    for mode in ("standard", "legacy"):
        client = emulator.client(retries={"max_attempts": 4, "mode": mode})
        for error, requests in (("LimitExceededException", 5), ("ServiceQuotaExceededException", 1)):
            emulator.control("POST", "reset", {})
            emulator.control("POST", "faults", {"operation": "CreateInstance", "error": error, "times": 10})
            with pytest.raises(ClientError):
                client.create_instance(**call)
            assert len(emulator.control("GET", "journal")) == requests, (mode, error)


def test_lag_hides_what_was_just_made(emulator, connect, instance, refused):
    emulator.settings.lag = 5.0
    created = connect.create_integration_association(
        InstanceId=instance, IntegrationType="APPLICATION", IntegrationArn="arn:aws:app-integrations:r:1:application/a"
    )
    arn = created["IntegrationAssociationArn"]
    assert connect.list_integration_associations(InstanceId=instance)["IntegrationAssociationSummaryList"] == []
    with refused("ResourceNotFoundException"):
        connect.list_tags_for_resource(resourceArn=arn)
    with refused("DuplicateResourceException"):
        connect.create_integration_association(
            InstanceId=instance,
            IntegrationType="APPLICATION",
            IntegrationArn="arn:aws:app-integrations:r:1:application/a",
        )
    emulator.advance(6)
    assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == {}


def test_no_waiters(connect):
    assert connect.waiter_names == []


def test_accounts_and_regions_are_apart(emulator, instance):
    for client in (emulator.client("222222222222"), emulator.client(region="us-east-1")):
        assert client.list_instances()["InstanceSummaryList"] == []
