# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maintenance function may do what its calls take, and no more; test_call.py says it of the summary function."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from .permissions import Permissions
from .permissions import fresh_container
from .permissions import invoke
from .site import CURSOR
from .site import DEAD_LETTERS
from .site import MAINTENANCE
from .site import Site
from .site import wait_for

# The function's own calls: Sid -> (IAM action, operation that AWS refuses without it, request that needs it).
OWN_CALLS = {
    "ReadParameters": ("ssm:GetParameters", "GetParameters", "probe"),
    "ReadSecret": ("secretsmanager:GetSecretValue", "GetSecretValue", "probe"),
    "ReadCursor": ("ssm:GetParameter", "GetParameter", "probe"),
    "CountDeadLetters": ("sqs:GetQueueAttributes", "GetQueueAttributes", "probe"),
    "DescribeContact": ("connect:DescribeContact", "DescribeContact", "inspect"),
    "FindAnalysis": ("s3:ListBucket", "ListObjectsV2", "inspect"),
    "ReadAnalysis": ("s3:GetObject", "GetObject", "inspect"),
    "SearchContacts": ("connect:SearchContacts", "SearchContacts", "reconcile"),
    "MoveCursor": ("ssm:PutParameter", "PutParameter", "reconcile"),
    "SeePause": ("lambda:GetFunctionConcurrency", "GetFunctionConcurrency", "redrive"),
    "ReceiveDeadLetters": ("sqs:ReceiveMessage", "ReceiveMessage", "redrive"),
    "Deliver": ("lambda:InvokeFunction", "Invoke", "redrive"),
    "DeleteDeadLetters": ("sqs:DeleteMessage", "DeleteMessage", "redrive"),
    "ReturnDeadLetters": ("sqs:ChangeMessageVisibility", "ChangeMessageVisibility", "dry redrive"),
}
QUICK = {"SearchContacts", "Deliver", "DeleteDeadLetters"}


@pytest.fixture(scope="module")
def permissions(site: Site) -> Permissions:
    return Permissions(site, MAINTENANCE)


@pytest.fixture(scope="module")
def beginning() -> datetime:
    """When the first call of this file comes: those of other files are not for the reconciliation to look at."""
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def delivered_call(site: Site, beginning: datetime) -> dict[str, Any]:
    """A call whose summary SAP has: to send its event again changes nothing."""
    call = site.call()
    assert site.written_transcript(call["contact_id"])
    # The reconciliation goes by whole seconds, and leaves the present one and the one before alone.
    wait_for(lambda: datetime.now(UTC) > beginning + timedelta(seconds=3))
    return call


@pytest.fixture(scope="module")
def no_settling(site: Site) -> Iterator[None]:
    """Let the reconciliation look at files that were just written."""
    functions = site.client("lambda")
    before = functions.get_function_configuration(FunctionName=MAINTENANCE)["Environment"]["Variables"]

    def change(variables: dict[str, str]) -> None:
        functions.update_function_configuration(FunctionName=MAINTENANCE, Environment={"Variables": variables})
        functions.get_waiter("function_updated_v2").wait(FunctionName=MAINTENANCE, WaiterConfig={"Delay": 1})

    change({**before, "SETTLE_MINUTES": "0"})
    yield
    change(before)


@pytest.fixture
def requests(
    site: Site, delivered_call: dict[str, Any], beginning: datetime, no_settling: None
) -> Iterator[dict[str, dict[str, Any]]]:
    """Requests to the function that together need all of its rights; a dead letter and a cursor to move lie ready."""
    sqs = site.client("sqs")
    queue = sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
    put_letter(site, queue, delivered_call)
    put_cursor(site, beginning)
    yield {
        "probe": {"action": "probe"},
        "inspect": {"action": "inspect", "contact_ids": [delivered_call["contact_id"]]},
        "reconcile": {"action": "reconcile"},
        "dry redrive": {"action": "redrive", "dry_run": True},
        "redrive": {"action": "redrive"},
    }
    sqs.purge_queue(QueueUrl=queue)
    site.client("ssm").delete_parameter(Name=CURSOR)


def put_cursor(site: Site, moment: datetime) -> None:
    """Say how far the reconciliation has come."""
    content = json.dumps({"cursor": moment.isoformat(), "without_summary": 0})
    site.client("ssm").put_parameter(Name=CURSOR, Value=content, Type="String", Overwrite=True)


def put_letter(site: Site, queue: str, call: dict[str, Any]) -> None:
    """Put the event of a call into the queue as Lambda does."""
    (event,) = call["events"]
    attributes = {"RequestID": "1", "ErrorCode": "200", "ErrorMessage": "SapUnavailable: SAP answered 503 to a GET"}
    site.client("sqs").send_message(
        QueueUrl=queue,
        MessageBody=json.dumps(event),
        MessageAttributes={
            name: {"DataType": "Number" if name == "ErrorCode" else "String", "StringValue": value}
            for name, value in attributes.items()
        },
    )


def test_the_policy_is_what_the_function_calls_and_its_log(site, permissions):
    """Lambda writes the log in the function's name; it has no dead letters of its own."""
    assert sorted(permissions.sids) == sorted(["Logs", *OWN_CALLS])
    assert permissions.statement("Logs") == {
        "Sid": "Logs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:eu-west-2:{site.account}:log-group:/aws/lambda/{MAINTENANCE}:*",
    }
    for statement in permissions.document["Statement"]:
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert all(resource.count(":") >= 5 and resource != "*" for resource in resources), statement
    attached = site.client("iam").list_attached_role_policies(RoleName=permissions.role)["AttachedPolicies"]
    assert attached == []


def test_the_function_asks_for_all_of_it_and_nothing_else(site, permissions, requests):
    fresh_container(site, MAINTENANCE)
    began = time.time()
    for request in requests.values():
        error, answer = invoke(site, MAINTENANCE, request)
        assert error is None and "when calling" not in json.dumps(answer), answer
    asked = [entry for entry in site.aws_requests(since=began) if entry["principal"] == permissions.session]
    assert {entry["action"] for entry in asked} == {action for action, _operation, _request in OWN_CALLS.values()}
    assert {entry["status"] for entry in asked} <= {200, 204}


@pytest.mark.parametrize("sid", [pytest.param(s, marks=[] if s in QUICK else [pytest.mark.full]) for s in OWN_CALLS])
def test_each_statement_is_needed(site, permissions, requests, delivered_call, beginning, sid):
    """Without it AWS refuses that very call, and the same request succeeds with it."""
    action, operation, name = OWN_CALLS[sid]
    assert permissions.statement(sid)["Action"] == action
    began = time.time()
    with permissions.without(sid):
        _error, answer = invoke(site, MAINTENANCE, requests[name])
        assert f"when calling the {operation} operation" in json.dumps(answer)
        asked = [entry for entry in site.aws_requests(since=began) if entry["principal"] == permissions.session]
        assert {entry["action"] for entry in asked if entry["status"] in (400, 403)} == {action}
    # What could not be given back is still hidden, and the cursor has moved
    put_cursor(site, beginning)
    put_letter(site, site.client("sqs").get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"], delivered_call)
    error, answer = invoke(site, MAINTENANCE, requests[name])
    assert error is None and "when calling" not in json.dumps(answer), answer
