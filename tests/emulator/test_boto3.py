# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""boto3 as a foreign client of the emulator: paginators, exceptions, retries, tokens, addresses."""

from __future__ import annotations

import math
import uuid
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.local_cloud.connect_emulator import objects
from tests.local_cloud.connect_emulator.model import operations
from tests.local_cloud.connect_emulator.model import service_model
from tests.local_cloud.connect_emulator.registry import OPERATIONS

from .instance_life import CALL
from .instance_life import Step
from .instance_life import furnish
from .instance_life import listed
from .instance_life import paged_step
from .instance_life import paginators
from .instance_life import phases
from .instance_life import send

PAGED = sorted(OPERATIONS.keys() & paginators().keys())
DECLARED = sorted(set().union(*(operations()[name].errors for name in OPERATIONS)))
GARBLED = ["garbage", "W10=", "bm90IGpzb24=", "ü", "a b/c?d=e&f%20"]
INSTANCE = {"IdentityManagementType": "SAML", "InboundCallsEnabled": True, "OutboundCallsEnabled": True}


# Paginators


@pytest.mark.parametrize("operation", PAGED)
def test_pages_are_the_whole(connect, furnished, exercised, operation):
    step = paged_step(operation)
    request = furnished.request(step)
    # A type of storage has one configuration at most.
    assert step.items > 1 or operation == "ListInstanceStorageConfigs"
    paginator = connect.get_paginator(xform_name(operation))
    whole = paginator.paginate(**request).build_full_result()
    furnished.note(step, whole)
    for size in (1, 2):
        turned = list(paginator.paginate(**request, PaginationConfig={"PageSize": size}))
        assert len(turned) == math.ceil(step.items / size)
        assert ["NextToken" in page for page in turned] == [True] * (len(turned) - 1) + [False]
        assert all(0 < len(listed(operation, page)) <= size for page in turned)
        assert [item for page in turned for item in listed(operation, page)] == listed(operation, whole)
        for name in paginators()[operation].get("non_aggregate_keys", []):
            assert {page[name] for page in turned} == {whole[name]}
    exercised.add("paginators by boto3", operation)


@pytest.mark.parametrize("operation", PAGED)
def test_bad_page_token_is_refused(emulator, connect, furnished, operation):
    step = paged_step(operation)
    request = furnished.request(step)
    other = "list_prompts" if operation != "ListPrompts" else "list_security_profiles"
    of_another = getattr(connect, other)(InstanceId=furnished.known["instance"], MaxResults=1)["NextToken"]
    for token in [*GARBLED, of_another]:
        _expect_token_refused(connect, operation, request, token)
    if step.items > 1:
        stale = send(connect, operation, {**request, "MaxResults": 1})["NextToken"]
        assert listed(operation, send(connect, operation, {**request, "NextToken": stale}))
        emulator.advance(24 * 3600 + 1)
        _expect_token_refused(connect, operation, request, stale)


def _expect_token_refused(connect: Any, operation: str, request: dict[str, Any], token: str) -> None:
    expected = operations()[operation].invalid_code
    with pytest.raises(getattr(connect.exceptions, expected), match="NextToken") as caught:
        send(connect, operation, {**request, "NextToken": token})
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


# Exceptions


def example(shape: Any) -> Any:
    """Return a value of a shape, of a union one member."""
    if shape.type_name == "structure":
        names = list(shape.members)[: 1 if shape.metadata.get("union") else None]
        return {name: example(shape.members[name]) for name in names}
    if shape.type_name == "list":
        return [example(shape.member)]
    return shape.metadata.get("enum", ["something"])[0]


@pytest.mark.parametrize("code", DECLARED)
def test_declared_error_is_an_exception_of_the_client(emulator, connect, furnished, exercised, code):
    shape = next(item for item in service_model().error_shapes if item.name == code)
    members = {name: value for name, value in example(shape).items() if name != "Message"}
    step = next(
        step
        for steps in phases().values()
        for step in steps
        if step.do != CALL and code in operations()[step.do].errors
    )
    fault = {"operation": step.do, "error": code, "message": "Told so", "members": members}
    emulator.control("POST", "faults", fault)
    with pytest.raises(getattr(connect.exceptions, code)) as caught:
        send(connect, step.do, furnished.request(step))
    response = caught.value.response
    assert members.items() <= response.items()
    assert response["ResponseMetadata"]["HTTPStatusCode"] == shape.metadata["error"]["httpStatusCode"]
    if "Message" in shape.members:
        assert response["Error"]["Message"] == response["Message"] == "Told so"
    exercised.add("exceptions of boto3", code)


@pytest.mark.parametrize(
    "code, operation, given, members",
    [
        ("ResourceNotFoundException", "DescribeInstance", {"InstanceId": "nope"}, {}),
        ("InvalidRequestException", "CreateInstance", {**INSTANCE, "InstanceAlias": "life"}, {}),
        ("InvalidParameterException", "DeleteQueue", {"QueueId": "<queue>", "InstanceId": "<instance_arn>"}, {}),
        ("ServiceQuotaExceededException", "CreateInstance", {**INSTANCE, "InstanceAlias": "third"}, {}),
        ("DuplicateResourceException", "CreateQueue", {"Name": "Support", "HoursOfOperationId": "<hours>"}, {}),
        ("ResourceConflictException", "AssociateApprovedOrigin", {"Origin": "https://one.example"}, {}),
        ("ResourceInUseException", "DeleteQueue", {"QueueId": "<queue>"}, {"ResourceId": "<routing_profile_arn>"}),
        (
            "ResourceInUseException",
            "DeleteUserHierarchyGroup",
            {"HierarchyGroupId": "<leeds>"},
            {"ResourceType": "USER", "ResourceId": "<user_arn>"},
        ),
        ("ContactFlowNotPublishedException", "DescribeContactFlow", {"ContactFlowId": "<draft>"}, {}),
        (
            "AccessDeniedException",
            "SearchUsers",
            {"SearchFilter": {"TagFilter": {}, "UserAttributeFilter": {}}},
            {},
        ),
    ],
)
def test_refused_request_raises_its_exception(connect, furnished, code, operation, given, members):
    request = furnished.request(Step(do=operation, input=given))
    with pytest.raises(getattr(connect.exceptions, code)) as caught:
        send(connect, operation, request)
    assert caught.value.response["Error"]["Message"]
    assert furnished.resolve(members).items() <= caught.value.response.items()


def test_invalid_flow_tells_its_problems(connect, furnished):
    with pytest.raises(connect.exceptions.InvalidContactFlowException) as caught:
        connect.create_contact_flow(
            InstanceId=furnished.known["instance"], Name="Bad", Type="CONTACT_FLOW", Content='{"Version": "2019-10-30"}'
        )
    assert all(problem["message"] for problem in caught.value.response["problems"])


def test_invalid_module_tells_its_problems_in_upper_case(connect, furnished):
    with pytest.raises(connect.exceptions.InvalidContactFlowModuleException) as caught:
        connect.create_contact_flow_module(
            InstanceId=furnished.known["instance"], Name="Bad", Content='{"Version": "2019-10-30"}'
        )
    assert all(problem["message"] for problem in caught.value.response["Problems"])


# Retries


@pytest.fixture
def sleeping(emulator, monkeypatch) -> list[float]:
    """Throttling, and a clock that moves on when a client sleeps only; return how long it slept each time."""
    start, slept = emulator.state.now(), []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        emulator.advance(seconds)

    def now() -> Any:
        return start.fromtimestamp(start.timestamp() + emulator.settings.clock_offset, start.tzinfo)

    monkeypatch.setattr("time.sleep", sleep)
    monkeypatch.setattr(emulator.state, "now", now)
    return slept


def statuses(emulator: Any, operation: str) -> list[int]:
    """Return the HTTP statuses that the journal holds for an operation."""
    return [entry["status"] for entry in emulator.control("GET", f"journal?operation={operation}")]


@pytest.mark.parametrize("mode", ["standard", "legacy"])
def test_throttled_requests_are_retried_until_answered(emulator, sleeping, mode):
    emulator.control("POST", "settings", {"throttle": {"enabled": True, "rate": 2, "burst": 5}})
    client = emulator.client(retries={"total_max_attempts": 10, "mode": mode})
    attempts = 0
    for _time in range(20):
        answer = client.list_instances()
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        attempts += 1 + answer["ResponseMetadata"]["RetryAttempts"]
    told = statuses(emulator, "ListInstances")
    assert (told.count(200), len(told)) == (20, attempts)
    assert told.count(429) == len(sleeping) > 0
    assert set(told) == {200, 429}


def test_throttling_surfaces_when_it_goes_on(emulator, sleeping):
    emulator.control("POST", "settings", {"throttle": {"enabled": True, "rate": 0, "burst": 1}})
    client = emulator.client(retries={"total_max_attempts": 3, "mode": "standard"})
    client.list_queues(InstanceId=_instance(client))
    with pytest.raises(client.exceptions.ThrottlingException) as caught:
        client.list_queues(InstanceId="any")
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 2
    assert statuses(emulator, "ListQueues") == [200, 429, 429, 429]


@pytest.mark.parametrize("mode", ["standard", "legacy"])
def test_quota_of_objects_looks_like_throttling(emulator, sleeping, monkeypatch, mode):
    monkeypatch.setitem(objects.QUOTAS, "agent_statuses", 3)
    client = emulator.client(retries={"max_attempts": 4, "mode": mode})
    request = {"InstanceId": _instance(client), "State": "ENABLED"}
    client.create_agent_status(Name="Lunch", **request)
    with pytest.raises(client.exceptions.LimitExceededException):
        client.create_agent_status(Name="Dinner", **request)
    assert statuses(emulator, "CreateAgentStatus") == [200] + [429] * 5
    assert len(sleeping) == 4


@pytest.mark.parametrize("mode", ["standard", "legacy"])
def test_quota_with_status_402_is_not_retried(emulator, sleeping, mode):
    client = emulator.client(retries={"max_attempts": 4, "mode": mode})
    for alias in ("one", "two"):
        _instance(client, alias)
    with pytest.raises(client.exceptions.ServiceQuotaExceededException):
        _instance(client, "three")
    assert (statuses(emulator, "CreateInstance"), sleeping) == ([200, 200, 402], [])


def test_internal_errors_are_retried(emulator, sleeping):
    client = emulator.client(retries={"total_max_attempts": 3, "mode": "standard"})
    emulator.control("POST", "faults", {"operation": "ListInstances", "error": "InternalServiceException", "times": 2})
    assert client.list_instances()["InstanceSummaryList"] == []
    assert statuses(emulator, "ListInstances") == [500, 500, 200]


def _instance(client: Any, alias: str = "life") -> str:
    return client.create_instance(InstanceAlias=alias, **INSTANCE)["Id"]


# Tokens of idempotency


def test_tokens_are_filled_in_where_the_model_has_them(emulator, connect, life):
    for steps in phases().values():
        for step in steps:
            if step.do == CALL:
                life.dial(step)
            elif not step.error:
                answer = send(connect, step.do, life.request(step))
                life.note(Step(do=step.do, keep=step.keep), answer)
    seen = set()
    for entry in emulator.state.journal:
        marked = operations()[entry["operation"]].model.idempotent_members
        tokens = [entry["parameters"].get(name) for name in marked]
        assert all(uuid.UUID(token) for token in tokens), entry
        assert marked or "ClientToken" not in entry["parameters"]
        seen |= {entry["operation"]} if marked else set()
    assert seen == {name for name in OPERATIONS if operations()[name].model.idempotent_members}


def test_retry_of_what_was_carried_out_does_it_once(emulator, sleeping):
    client = emulator.client(retries={"total_max_attempts": 3, "mode": "standard"})
    fault = {"operation": "CreateInstance", "error": "InternalServiceException", "carried_out": True}
    emulator.control("POST", "faults", fault)
    made = _instance(client)
    assert statuses(emulator, "CreateInstance") == [500, 200]
    first, second = (entry["parameters"]["ClientToken"] for entry in emulator.state.journal)
    assert first == second
    assert [item["Id"] for item in client.list_instances()["InstanceSummaryList"]] == [made]


def test_retry_of_what_was_carried_out_finds_a_duplicate_where_there_is_no_token(emulator, sleeping):
    client = emulator.client(retries={"total_max_attempts": 3, "mode": "standard"})
    request = {"InstanceId": _instance(client), "Name": "Lunch", "State": "ENABLED"}
    fault = {"operation": "CreateAgentStatus", "error": "InternalServiceException", "carried_out": True}
    emulator.control("POST", "faults", fault)
    with pytest.raises(client.exceptions.DuplicateResourceException):
        client.create_agent_status(**request)


def test_token_used_again_with_other_parameters(connect, furnished):
    token, instance = str(uuid.uuid4()), furnished.known["instance"]
    request = {"PhoneNumberId": furnished.known["phone"], "ClientToken": token}
    connect.update_phone_number(InstanceId=instance, **request)
    connect.update_phone_number(InstanceId=instance, **request)
    with pytest.raises(connect.exceptions.IdempotencyException):
        connect.update_phone_number(InstanceId=furnished.known["second_instance"], **request)


# Addresses


def test_arns_are_percent_encoded_in_the_path(emulator, connect, life):
    furnish(connect, life)
    addresses, added = [], {"a key/with:signs": "1 + 1 = 2"}

    def note(request: Any, **_more: Any) -> None:
        addresses.append(request.url)

    connect.meta.events.register("request-created.connect", note)
    try:
        arns = [value for name, value in life.known.items() if name.endswith("_arn")]
        for arn in arns:
            before = connect.list_tags_for_resource(resourceArn=arn)["tags"]
            connect.tag_resource(resourceArn=arn, tags=added)
            assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == before | added
            connect.untag_resource(resourceArn=arn, tagKeys=list(added))
            assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == before
        connect.describe_contact_flow(
            InstanceId=life.known["instance"], ContactFlowId=f"{life.known['flow_arn']}:$SAVED"
        )
    finally:
        connect.meta.events.unregister("request-created.connect", note)
    assert len({arn.rsplit("/", 2)[-2] for arn in arns}) > 10
    for address in addresses:
        path = address.partition("://")[2].partition("?")[0]
        assert "arn%3Aaws%3Aconnect%3A" in path and ":" not in path.partition("/")[2]
    assert addresses[-1].endswith("%3A%24SAVED")


def test_arns_hold_the_id_and_stand_for_it(connect, furnished):
    known = furnished.known
    for name, arn in [(name, known[name]) for name in known if name.endswith("_arn")]:
        assert known[name.removesuffix("_arn")] in arn
    request = {"InstanceId": known["instance"]}
    assert connect.describe_queue(QueueId=known["queue_arn"], **request)["Queue"]["QueueId"] == known["queue"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect.describe_queue(QueueId=known["user_arn"], **request)
