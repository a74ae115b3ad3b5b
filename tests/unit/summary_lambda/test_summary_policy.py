# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's policy: exactly what the function calls, on exactly what it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.template import trust_as_template

TEMPLATE = Path(__file__).resolve().parents[3] / "files" / "summary_lambda" / "policy.json.j2"
PLACE = "eu-west-2:111122223333"
POLICY = {
    "region": "eu-west-2",
    "account_id": "111122223333",
    "instance_id": "I",
    "bucket_name": "recordings",
    "analysis_outputs": ["original", "redacted"],
    "parameter_names": ["/SAP-C4C-connect-poc/poc/c4c-base-url", "/SAP-C4C-connect-poc/poc/c4c-username"],
    "secret_name": "Secret-c4c-password",
    "log_group_name": "/aws/lambda/poc-lambda-process-contact-lens-event",
}
OWN_STATEMENTS = [
    {
        "Sid": "DescribeContact",
        "Effect": "Allow",
        "Action": "connect:DescribeContact",
        "Resource": f"arn:aws:connect:{PLACE}:instance/I/contact/*",
    },
    {
        "Sid": "FindAnalysis",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::recordings",
        "Condition": {"StringLike": {"s3:prefix": ["Analysis/Voice/*", "Analysis/Chat/*", "Analysis/Email/*"]}},
    },
    {
        "Sid": "ReadAnalysis",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
            "arn:aws:s3:::recordings/Analysis/Voice/*",
            "arn:aws:s3:::recordings/Analysis/Chat/*",
            "arn:aws:s3:::recordings/Analysis/Email/*",
        ],
    },
    {
        "Sid": "ReadParameters",
        "Effect": "Allow",
        "Action": "ssm:GetParameters",
        "Resource": [
            f"arn:aws:ssm:{PLACE}:parameter/SAP-C4C-connect-poc/poc/c4c-base-url",
            f"arn:aws:ssm:{PLACE}:parameter/SAP-C4C-connect-poc/poc/c4c-username",
        ],
    },
    {
        "Sid": "ReadSecret",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": f"arn:aws:secretsmanager:{PLACE}:secret:Secret-c4c-password-??????",
    },
]
STATEMENTS_FOR_AWS = [
    {
        "Sid": "Logs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{PLACE}:log-group:/aws/lambda/poc-lambda-process-contact-lens-event:*",
    },
]
ACTIONS = {
    "DescribeContact": "connect:DescribeContact",
    "ListObjectsV2": "s3:ListBucket",
    "GetObject": "s3:GetObject",
    "GetParameters": "ssm:GetParameters",
    "GetSecretValue": "secretsmanager:GetSecretValue",
}


def render(**changes: Any) -> dict[str, Any]:
    templar = Templar(DataLoader(), variables={"policy": {**POLICY, **changes}})
    rendered = templar.template(trust_as_template(TEMPLATE.read_text()))
    policy = json.loads(rendered)
    assert policy["Version"] == "2012-10-17"
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_fault_16_the_policy_is_this_and_nothing_else():
    """Fault 16: the whole bucket, every parameter of the account, and an action of no use were allowed."""
    assert list(render().values()) == OWN_STATEMENTS + STATEMENTS_FOR_AWS


def test_fault_16_the_function_calls_what_the_policy_allows_and_nothing_else(ready, sap, handle):
    """Fault 16: an action that is not called is one too many."""
    sap.add()
    handle()
    assert {ACTIONS[name] for name in ready.called()} == {statement["Action"] for statement in OWN_STATEMENTS}


def test_fault_16_a_customer_managed_key_is_granted_through_its_service_only():
    """Fault 16: with such a key on the bucket the function could not read."""
    statements = render(bucket_key_arn="arn:aws:kms:bucket", secret_key_arn="arn:aws:kms:secret")
    for sid, service, key in (("DecryptAnalysis", "s3", "bucket"), ("DecryptSecret", "secretsmanager", "secret")):
        assert statements[sid] == {
            "Sid": sid,
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": f"arn:aws:kms:{key}",
            "Condition": {"StringEquals": {"kms:ViaService": f"{service}.eu-west-2.amazonaws.com"}},
        }


def test_dead_letters_go_to_the_one_queue_and_through_its_key():
    queue, key = f"arn:aws:sqs:{PLACE}:poc-summary-dead-letters", "arn:aws:kms:queue"
    assert "EncryptDeadLetters" not in render(dead_letter_queue_arn=queue)
    statements = render(dead_letter_queue_arn=queue, queue_key_arn=key)
    assert statements["DeadLetters"] == {
        "Sid": "DeadLetters",
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    assert statements["EncryptDeadLetters"] == {
        "Sid": "EncryptDeadLetters",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": key,
        "Condition": {"StringEquals": {"kms:ViaService": "sqs.eu-west-2.amazonaws.com"}},
    }


def test_contacts_of_all_instances_can_be_described():
    assert render(instance_ids=["I"])["DescribeContact"] == OWN_STATEMENTS[0]
    resources = render(instance_ids=["I", "J"])["DescribeContact"]["Resource"]
    assert resources == [f"arn:aws:connect:{PLACE}:instance/{id}/contact/*" for id in "IJ"]


def test_redacted_only_cannot_read_the_originals():
    statements = render(analysis_outputs=["redacted"])
    assert statements["ReadAnalysis"]["Resource"] == [
        "arn:aws:s3:::recordings/Analysis/Voice/Redacted/*",
        "arn:aws:s3:::recordings/Analysis/Chat/Redacted/*",
        "arn:aws:s3:::recordings/Analysis/Email/Redacted/*",
    ]
    assert statements["FindAnalysis"]["Condition"]["StringLike"]["s3:prefix"] == [
        "Analysis/Voice/Redacted/*",
        "Analysis/Chat/Redacted/*",
        "Analysis/Email/Redacted/*",
    ]


def test_another_partition_reaches_every_resource():
    statements = render(partition="aws-us-gov")
    resources = [statement["Resource"] for statement in statements.values()]
    flat = [arn for resource in resources for arn in (resource if isinstance(resource, list) else [resource])]
    assert all(arn.startswith("arn:aws-us-gov:") for arn in flat)
