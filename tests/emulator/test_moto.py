# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""moto's Amazon Connect and the emulator answer the same requests alike, but for the differences that are listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.connect.responses import ConnectResponse

from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.model import operations

ACCOUNT = "123456789012"
REGION = "eu-west-2"
UNKNOWN = "0c5e0d3a-0000-4000-8000-000000000000"
UNKNOWN_ARN = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/{UNKNOWN}"
NEW = {"IdentityManagementType": "SAML", "InboundCallsEnabled": True, "OutboundCallsEnabled": False}

# Name, operation, and what is sent: a function of the earlier answers by name.
Step = tuple[str, str, Callable[[dict[str, Any]], dict[str, Any]]]
STEPS: list[Step] = [
    ("no instance yet", "ListInstances", lambda known: {}),
    ("create", "CreateInstance", lambda known: {**NEW, "InstanceAlias": "first", "Tags": {"a": "1"}}),
    ("describe", "DescribeInstance", lambda known: {"InstanceId": known["create"]["Id"]}),
    ("list", "ListInstances", lambda known: {}),
    ("create another", "CreateInstance", lambda known: {**NEW, "InstanceAlias": "second"}),
    ("describe the other", "DescribeInstance", lambda known: {"InstanceId": known["create another"]["Id"]}),
    ("first page", "ListInstances", lambda known: {"MaxResults": 1}),
    ("second page", "ListInstances", lambda known: {"MaxResults": 1, "NextToken": known["first page"]["NextToken"]}),
    ("page too large", "ListInstances", lambda known: {"MaxResults": 11}),
    ("token of nobody", "ListInstances", lambda known: {"NextToken": "garbled"}),
    ("create with its alias", "CreateInstance", lambda known: {**NEW, "InstanceAlias": "first"}),
    ("create without alias", "CreateInstance", lambda known: NEW),
    (
        "create without directory",
        "CreateInstance",
        lambda known: {**NEW, "IdentityManagementType": "EXISTING_DIRECTORY", "InstanceAlias": "third"},
    ),
    ("create one too many", "CreateInstance", lambda known: {**NEW, "InstanceAlias": "fourth"}),
    ("describe an unknown one", "DescribeInstance", lambda known: {"InstanceId": UNKNOWN}),
    ("delete an unknown one", "DeleteInstance", lambda known: {"InstanceId": UNKNOWN}),
    ("tags of creation", "ListTagsForResource", lambda known: {"resourceArn": known["create"]["Arn"]}),
    ("tag", "TagResource", lambda known: {"resourceArn": known["create"]["Arn"], "tags": {"a": "2", "b": "3"}}),
    ("tags", "ListTagsForResource", lambda known: {"resourceArn": known["create"]["Arn"]}),
    ("describe with tags", "DescribeInstance", lambda known: {"InstanceId": known["create"]["Id"]}),
    ("untag", "UntagResource", lambda known: {"resourceArn": known["create"]["Arn"], "tagKeys": ["a", "absent"]}),
    ("tags left", "ListTagsForResource", lambda known: {"resourceArn": known["create"]["Arn"]}),
    ("tag of the service", "TagResource", lambda known: {"resourceArn": known["create"]["Arn"], "tags": {"aws:a": ""}}),
    ("tag an unknown one", "TagResource", lambda known: {"resourceArn": UNKNOWN_ARN, "tags": {"a": "1"}}),
    ("untag an unknown one", "UntagResource", lambda known: {"resourceArn": UNKNOWN_ARN, "tagKeys": ["a"]}),
    ("tags of an unknown one", "ListTagsForResource", lambda known: {"resourceArn": UNKNOWN_ARN}),
    ("delete", "DeleteInstance", lambda known: {"InstanceId": known["create"]["Id"]}),
    ("describe the deleted", "DescribeInstance", lambda known: {"InstanceId": known["create"]["Id"]}),
    ("delete again", "DeleteInstance", lambda known: {"InstanceId": known["create"]["Id"]}),
    ("tags of the deleted", "ListTagsForResource", lambda known: {"resourceArn": known["create"]["Arn"]}),
    ("delete the other", "DeleteInstance", lambda known: {"InstanceId": known["create another"]["Id"]}),
    ("list after all", "ListInstances", lambda known: {}),
]

# Pattern of steps, pattern of places in the answer where the two differ, and why the emulator's answer is right.
# Where the status differs the rest of the answer differs anyway and is not compared.
DIFFERENCES: dict[tuple[str, str], str] = {
    ("*", "*.ServiceRole"): "the name of a service-linked role of Connect ends in a suffix (connect-api 1.3)",
    ("describe the other", "Instance.Tags"): "moto leaves tags out where there are none, the emulator tells none",
    ("describe with tags", "Instance.Tags.*"): "moto describes the tags of the creation for ever",
    ("page too large", "Status"): "a page holds 10 instances at most (connect-api 1.3); moto does not check",
    (
        "token of nobody",
        "Error.*",
    ): "moto's InvalidToken is not declared; a bad token is a 400",
    (
        "create with its alias",
        "Status",
    ): "an alias is unique (connect-api 1.1); moto does not check",
    ("create without alias", "Status"): "an alias or a directory is required (connect-api 1.1); moto does not check",
    ("create without directory", "Status"): "the directory's id is required (connect-api 1.1); moto does not check",
    ("create one too many", "Status"): "an account has two instances by default (connect-api 1.4); moto has no quota",
    ("* unknown one", "Error.Message"): "the text is AWS's (connect-api 1.2), not moto's",
    ("describe the deleted", "Error.Message"): "the text is AWS's (connect-api 1.2), not moto's",
    ("delete again", "Error.Message"): "the text is AWS's (connect-api 1.2), not moto's",
    ("tag of the service", "Status"): "the model's pattern keeps keys of aws: from callers; moto does not check",
    ("*tag* unknown one", "Status"): "moto keeps tags of ARNs that nothing has",
    ("tags of the deleted", "Status"): "moto keeps the tags of what is deleted",
    ("list after all", "InstanceSummaryList"): "moto still has the instances that the emulator refused to create",
}

# Operations that moto has and the emulator has not.
ONLY_MOTO: dict[str, str] = {
    "AssociateAnalyticsDataSet": "sharing analytics data with a data lake is no part of the integration",
    "DisassociateAnalyticsDataSet": "sharing analytics data with a data lake is no part of the integration",
    "ListAnalyticsDataAssociations": "sharing analytics data with a data lake is no part of the integration",
}


def run(client: Any) -> dict[str, dict[str, Any]]:
    """Send all steps; return the answers by step, an error as its code, status and message."""
    known: dict[str, dict[str, Any]] = {}
    for name, operation, parameters in STEPS:
        try:
            known[name] = getattr(client, xform_name(operation))(**parameters(known))
        except ClientError as error:
            known[name] = error.response
    return {name: _plain(answer, _names_of_ids(known)) for name, answer in known.items()}


def _names_of_ids(known: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {answer["Id"]: f"<id of {name}>" for name, answer in known.items() if "Id" in answer}


def _plain(answer: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return an answer with its status, without what is random: ids by their steps, any time, any token."""
    text = json.dumps(
        {**answer, "Status": answer["ResponseMetadata"]["HTTPStatusCode"]},
        default=lambda value: "<time>" if isinstance(value, datetime) else str(value),
    )
    for identifier, name in names.items():
        text = text.replace(identifier, name)
    plain = json.loads(text)
    del plain["ResponseMetadata"]
    if "NextToken" in plain:
        plain["NextToken"] = "<token>"
    # botocore gives the message of an error twice.
    plain.pop("Message", None)
    plain.pop("message", None)
    return plain


def differences(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Yield the places where two values differ: only Status where it differs, lists without positions."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.get("Status") != other.get("Status"):
            yield "Status"
            return
        for name in sorted({*one, *other}):
            yield from differences(one.get(name), other.get(name), f"{where}.{name}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from differences(left, right, f"{where}[]")
    elif one != other:
        yield where


def _fits(key: tuple[str, str], pattern: tuple[str, str]) -> bool:
    return all(fnmatchcase(text, wanted) for text, wanted in zip(key, pattern, strict=True))


@pytest.fixture
def answers(emulator):
    with mock_aws():
        of_moto = run(boto3.client("connect", region_name=REGION))
    return of_moto, run(emulator.client(ACCOUNT, REGION))


def test_answers_differ_where_it_is_explained_and_nowhere_else(answers, exercised):
    of_moto, of_emulator = answers
    found = {
        (name, where): (of_moto[name], of_emulator[name])
        for name, _operation, _parameters in STEPS
        for where in differences(of_moto[name], of_emulator[name])
    }
    explained = {pattern: [key for key in found if _fits(key, pattern)] for pattern in DIFFERENCES}
    assert {key: told for key, told in found.items() if key not in sum(explained.values(), [])} == {}
    assert [pattern for pattern, keys in explained.items() if not keys] == [], "these differences are no more"
    for name, operation, _parameters in STEPS:
        exercised.add("requests compared with moto's answer", f"{operation} {name}")


def test_every_operation_that_both_have_is_compared():
    known = {xform_name(name): name for name in operations()}
    of_moto = {known[name] for name in vars(ConnectResponse) if name in known}
    assert of_moto & set(service.implemented()) == {operation for _name, operation, _parameters in STEPS}
    assert of_moto - set(service.implemented()) == ONLY_MOTO.keys()
