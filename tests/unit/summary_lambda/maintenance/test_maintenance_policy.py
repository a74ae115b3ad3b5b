# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's policy: exactly what the function calls, on exactly what it needs."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.template import trust_as_template
from maintenance_fakes import NOW

TEMPLATE = Path(__file__).resolve().parents[4] / "files" / "summary_lambda" / "maintenance_policy.json.j2"
PLACE = "eu-west-2:111122223333"
QUEUE = f"arn:aws:sqs:{PLACE}:poc-summary-dead-letters"
FUNCTION = f"arn:aws:lambda:{PLACE}:function:poc-lambda-process-contact-lens-event"
CURSOR = f"arn:aws:ssm:{PLACE}:parameter/SAP-C4C-connect-poc/poc/reconcile-cursor"
SETTINGS = {
    "region": "eu-west-2",
    "account_id": "111122223333",
    "instance_ids": ["I", "J"],
    "bucket_name": "recordings",
    "analysis_outputs": ["original", "redacted"],
    "parameter_names": ["/SAP-C4C-connect-poc/poc/c4c-base-url", "/SAP-C4C-connect-poc/poc/c4c-username"],
    "secret_name": "Secret-c4c-password",
    "log_group_name": "/aws/lambda/poc-lambda-summary-maintenance",
    "delivery_function_name": "poc-lambda-process-contact-lens-event",
    "dead_letter_queue_name": "poc-summary-dead-letters",
    "cursor_parameter": "/SAP-C4C-connect-poc/poc/reconcile-cursor",
}
# Sid -> (action, resources)
STATEMENTS: dict[str, tuple[Any, Any]] = {
    "DescribeContact": (
        "connect:DescribeContact",
        [f"arn:aws:connect:{PLACE}:instance/I/contact/*", f"arn:aws:connect:{PLACE}:instance/J/contact/*"],
    ),
    "SearchContacts": (
        "connect:SearchContacts",
        [f"arn:aws:connect:{PLACE}:instance/I", f"arn:aws:connect:{PLACE}:instance/J"],
    ),
    "FindAnalysis": ("s3:ListBucket", "arn:aws:s3:::recordings"),
    "ReadAnalysis": (
        "s3:GetObject",
        [f"arn:aws:s3:::recordings/Analysis/{channel}/*" for channel in ("Voice", "Chat", "Email")],
    ),
    "ReadParameters": (
        "ssm:GetParameters",
        [f"arn:aws:ssm:{PLACE}:parameter{name}" for name in SETTINGS["parameter_names"]],
    ),
    "ReadSecret": (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{PLACE}:secret:Secret-c4c-password-??????",
    ),
    "ReadCursor": ("ssm:GetParameter", CURSOR),
    "MoveCursor": ("ssm:PutParameter", CURSOR),
    "Deliver": ("lambda:InvokeFunction", FUNCTION),
    "SeePause": ("lambda:GetFunctionConcurrency", FUNCTION),
    "ReceiveDeadLetters": ("sqs:ReceiveMessage", QUEUE),
    "DeleteDeadLetters": ("sqs:DeleteMessage", QUEUE),
    "ReturnDeadLetters": ("sqs:ChangeMessageVisibility", QUEUE),
    "CountDeadLetters": ("sqs:GetQueueAttributes", QUEUE),
    "Logs": (
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        f"arn:aws:logs:{PLACE}:log-group:/aws/lambda/poc-lambda-summary-maintenance:*",
    ),
}
FOR_AWS = {"Logs"}
# What the settings cost is the delivery's own test: the runtime is the same.
SETTINGS_STATEMENTS = {"ReadParameters", "ReadSecret"}
OPERATIONS = {
    "ListObjectsV2": "s3:ListBucket",
    "GetObject": "s3:GetObject",
    "DescribeContact": "connect:DescribeContact",
    "SearchContacts": "connect:SearchContacts",
    "GetParameter": "ssm:GetParameter",
    "PutParameter": "ssm:PutParameter",
    "Invoke": "lambda:InvokeFunction",
    "GetFunctionConcurrency": "lambda:GetFunctionConcurrency",
    "ReceiveMessage": "sqs:ReceiveMessage",
    "DeleteMessage": "sqs:DeleteMessage",
    "ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
}


def render(**changes: Any) -> dict[str, Any]:
    templar = Templar(DataLoader(), variables={"maintenance": {**SETTINGS, **changes}})
    policy = json.loads(templar.template(trust_as_template(TEMPLATE.read_text())))
    assert policy["Version"] == "2012-10-17"
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_the_policy_is_this_and_nothing_else():
    statements = render()
    assert {sid: (item["Action"], item["Resource"]) for sid, item in statements.items()} == STATEMENTS
    assert {item["Effect"] for item in statements.values()} == {"Allow"}
    assert statements["FindAnalysis"]["Condition"] == {
        "StringLike": {"s3:prefix": ["Analysis/Voice/*", "Analysis/Chat/*", "Analysis/Email/*"]}
    }
    assert [sid for sid, item in statements.items() if "Condition" in item] == ["FindAnalysis"]


def test_the_function_calls_what_the_policy_allows_and_nothing_else(world, run):
    """An action that is not called is one too many."""
    world.parameter = json.dumps({"cursor": (NOW - timedelta(hours=1)).isoformat(), "without_summary": 0})
    world.letter(world.event(world.contact(1)))
    world.letter("no event")
    run("redrive")
    world.contact(2)
    run("reconcile")
    run("probe")
    called = {OPERATIONS[name] for name in world.service.operations()}
    own = {
        action
        for sid, (action, _resource) in STATEMENTS.items()
        if sid not in FOR_AWS and sid not in SETTINGS_STATEMENTS
    }
    assert called == own


@pytest.mark.parametrize(
    ("sid", "member", "service"),
    [
        ("DecryptAnalysis", "bucket_key_arn", "s3"),
        ("DecryptSecret", "secret_key_arn", "secretsmanager"),
        ("DecryptDeadLetters", "queue_key_arn", "sqs"),
    ],
)
def test_a_customer_managed_key_is_granted_through_its_service_only(sid, member, service):
    assert render(**{member: "arn:aws:kms:key"})[sid] == {
        "Sid": sid,
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:key",
        "Condition": {"StringEquals": {"kms:ViaService": f"{service}.eu-west-2.amazonaws.com"}},
    }


def test_redacted_only_cannot_read_the_originals():
    statements = render(analysis_outputs=["redacted"])
    prefixes = [f"Analysis/{channel}/Redacted/*" for channel in ("Voice", "Chat", "Email")]
    assert statements["ReadAnalysis"]["Resource"] == [f"arn:aws:s3:::recordings/{prefix}" for prefix in prefixes]
    assert statements["FindAnalysis"]["Condition"]["StringLike"]["s3:prefix"] == prefixes


def test_another_partition_reaches_every_resource():
    for statement in render(partition="aws-us-gov").values():
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert all(arn.startswith("arn:aws-us-gov:") for arn in resources)
