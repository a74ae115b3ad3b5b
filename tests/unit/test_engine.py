# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of the pure parts of the engine."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect import api
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect import errors
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect import reconcile
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect import resolve
from botocore.exceptions import ClientError

from .harness import unique_id


@pytest.mark.parametrize(
    ("current", "desired", "target"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": None}, {}),
        ({}, {"a": None}, {}),
        ({}, {"config": {}}, {}),
        ({}, {"config": {"x": None}}, {}),
        ({"config": {"x": 1, "y": 2}}, {"config": {"x": 3}}, {"config": {"x": 3, "y": 2}}),
        ({"config": {"x": 1}}, {"config": {"x": None}}, {"config": {}}),
        ({"list": [1, 2]}, {"list": [3]}, {"list": [3]}),
        ({"list": [1]}, {"list": []}, {"list": []}),
        ({"whole": {"x": 1}}, {"whole": {"y": 2}}, {"whole": {"y": 2}}),
        ({"off": True}, {"off": False}, {"off": False}),
    ],
)
def test_merge(current, desired, target):
    before = repr(current)
    assert reconcile.merge(current, desired, whole=("whole",)) == target
    assert repr(current) == before


@pytest.mark.parametrize(
    ("current", "target", "different"),
    [
        ({}, {}, set()),
        ({"a": 1}, {"a": 1}, set()),
        ({"a": 1}, {"a": 2}, {"a"}),
        ({}, {"a": 0}, {"a"}),
        ({}, {"a": False}, {"a"}),
        ({"a": 0}, {}, {"a"}),
        ({}, {"a": None}, set()),
        ({"a": []}, {}, set()),
        ({}, {"a": {}}, set()),
        ({"a": [1, 2]}, {"a": [2, 1]}, {"a"}),
        ({"a": {"x": 1}}, {"a": {"x": 1, "y": 2}}, {"a"}),
        ({"loose": "ABC"}, {"loose": "abc"}, set()),
    ],
)
def test_differences(current, target, different):
    def same(field, one, other):
        return one.lower() == other.lower() if field == "loose" else one == other

    assert reconcile.differences(current, target, same=same) == different


@pytest.mark.parametrize(
    ("current", "wanted", "purge", "target"),
    [
        ({"a": "1"}, None, True, {"a": "1"}),
        ({"a": "1"}, {"b": "2"}, False, {"a": "1", "b": "2"}),
        ({"a": "1"}, {"b": "2"}, True, {"b": "2"}),
        ({"a": "1"}, {"a": "2"}, False, {"a": "2"}),
        ({"a": "1"}, {}, True, {}),
        ({"aws:a": "1"}, {}, True, {"aws:a": "1"}),
        ({}, {"a": 7}, False, {"a": "7"}),
    ],
)
def test_merge_tags(current, wanted, purge, target):
    assert reconcile.merge_tags(current, wanted, purge=purge) == target


def test_client_token_depends_on_operation_body_hour_and_salt():
    noon = datetime(2026, 1, 1, 12, 5, tzinfo=UTC)
    token = api.client_token("create_rule", {"Name": "a", "B": 1}, now=noon)
    assert token == api.client_token("create_rule", {"B": 1, "Name": "a"}, now=noon.replace(minute=55))
    others = {
        api.client_token("create_instance", {"Name": "a", "B": 1}, now=noon),
        api.client_token("create_rule", {"Name": "b", "B": 1}, now=noon),
        api.client_token("create_rule", {"Name": "a", "B": 1}, now=noon.replace(hour=13)),
        api.client_token("create_rule", {"Name": "a", "B": 1}, now=noon, salt=1),
    }
    assert len(others | {token}) == 5


@pytest.mark.parametrize(
    ("value", "id"),
    [
        ("BasicQueue", None),
        ("11111111-1111", None),
        (unique_id(1), unique_id(1)),
        (f"arn:aws:connect:r:a:instance/{unique_id(2)}", unique_id(2)),
        (f"arn:aws:connect:r:a:instance/{unique_id(2)}/queue/{unique_id(1)}", unique_id(1)),
        (f"arn:aws:connect:r:a:phone-number/{unique_id(1)}", unique_id(1)),
        (f"arn:aws:connect:r:a:instance/{unique_id(2)}/contact-flow/{unique_id(1)}:$SAVED", unique_id(1)),
    ],
)
def test_id_of(value, id):
    assert resolve.id_of(value) == id


def test_one_of_a_kind_in_words():
    words = {kind.one for kind in resolve.KINDS.values()}
    assert {"an instance", "a user", "a queue", "hours of operation"} <= words


def test_tag_keys_and_free_text_survive_normalisation():
    model = api.normalise(
        {"QueueId": "1", "QueueArn": "a", "HoursOfOperationId": "h", "Tags": {"CostCentre": "X"}},
        id_key="QueueId",
        arn_key="QueueArn",
    )
    assert model == {"id": "1", "arn": "a", "hours_of_operation_id": "h", "tags": {"CostCentre": "X"}}
    assert api.normalise({"Id": "1"})["tags"] == {}


def test_to_request():
    model = {"outbound_caller_id_name": "x", "outbound_flow_id": None, "nested": {"a_b": 0, "c": {}}}
    assert api.to_request(model) == {"OutboundCallerIdName": "x", "Nested": {"AB": 0}}


def client_error(code, operation="CreateContactFlow", **members):
    return ClientError({"Error": {"Code": code, "Message": members.pop("message", "")}, **members}, operation)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (client_error("AccessDeniedException", message="No."), "Failed to do it: No (AccessDeniedException)"),
        (client_error("InvalidRequestException"), "Failed to do it: InvalidRequestException"),
        (
            client_error("InvalidContactFlowException", problems=[{"message": "Bad branch"}, {"message": "No end"}]),
            "Failed to do it: the flow is not valid: Bad branch; No end",
        ),
        (
            client_error("LimitExceededException", message="Limit"),
            "Failed to do it: quota reached: contact flows of an instance (100). Limit (LimitExceededException)",
        ),
        (ValueError("two\n lines"), "Failed to do it: two lines"),
    ],
)
def test_describe_error(error, text):
    assert errors.describe_error("do it", error).message == text


def test_problems_are_returned_too():
    error = client_error("InvalidContactFlowException", problems=[{"message": "Bad branch"}])
    assert errors.describe_error("do it", error).kwargs["problems"] == ["Bad branch"]
