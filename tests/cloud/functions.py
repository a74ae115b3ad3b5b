# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions, queues and metrics of one account, for tests of what becomes of events."""

from __future__ import annotations

import json
import time
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Cloud
from .conftest import archive

REGION = "eu-west-2"
PATIENCE = 60.0  # seconds
LOGS = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


def code(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    return error.value.response["Error"]["Code"], error.value.response["ResponseMetadata"]["HTTPStatusCode"]


class Functions:
    """What a test does with the functions of an account."""

    def __init__(self, cloud: Cloud, account: str) -> None:
        self.cloud = cloud
        self.account = account
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.cloud.client(service, self.account)
        return self._clients[service]

    def make(
        self, name: str, source: str, *statements: dict[str, Any], timeout: int = 10, dead_letters: str | None = None
    ) -> str:
        """Make a function with a role of its own that has these statements; return its ARN."""
        role = self.cloud.lambda_role(self.account, name, *statements)
        before = self.cloud.front()["role_delay"]
        self.cloud.front(role_delay=0)
        try:
            return self.client("lambda").create_function(
                FunctionName=name,
                Runtime="python3.13",
                Role=role,
                Handler="index.handler",
                Code={"ZipFile": archive(source)},
                Timeout=timeout,
                **({"DeadLetterConfig": {"TargetArn": dead_letters}} if dead_letters else {}),
            )["FunctionArn"]
        finally:
            self.cloud.front(role_delay=before)

    def allow(self, name: str, *statements: dict[str, Any]) -> None:
        """Replace what the role of a function may do."""
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        self.client("iam").put_role_policy(RoleName=name, PolicyName="test", PolicyDocument=json.dumps(document))

    def make_queue(self, name: str, **attributes: str) -> str:
        return self.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def put_invoke_config(self, name: str, **options: Any) -> None:
        self.client("lambda").put_function_event_invoke_config(FunctionName=name, **options)

    def invoke(self, name: str, event: Any) -> None:
        self.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event).encode())

    def send(self, name: str, event: Any) -> dict[str, Any]:
        """Invoke a function asynchronously and return what became of the event."""
        self.invoke(name, event)
        return self.outcome(name)

    def outcome(self, name: str, number: int = -1) -> dict[str, Any]:
        """Wait until the events for a function are done; return what became of the last, or another one."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = self.cloud.http.get(
                f"{self.cloud.aws}/_front/asynchronous",
                params={"account": self.account, "function": name},
                timeout=10,
            ).json()
            if not found["pending"] and found["events"]:
                return found["events"][number]
            assert time.monotonic() < deadline, found
            time.sleep(0.02)

    def receive(self, queue: str) -> list[dict[str, Any]]:
        """Take all messages out of a queue."""
        sqs, found = self.client("sqs"), []
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        while True:
            messages = sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
            ).get("Messages", [])
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if not messages:
                return found
            found += messages

    def metric(self, namespace: str, name: str, statistic: str = "Sum", **dimensions: str) -> float:
        """Return a statistic of a metric over the last hours; 0 when it has no data."""
        now = datetime.now(UTC)
        points = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now - timedelta(hours=6),
            EndTime=now + timedelta(minutes=1),
            Period=86400,
            Statistics=[statistic],
        )["Datapoints"]
        return sum(point[statistic] for point in points) if statistic == "Sum" else max(p[statistic] for p in points)

    def pass_time(self, seconds: float | None = None) -> dict[str, Any]:
        """Let simulated time pass for the account, or fire every schedule once."""
        order = {"account": self.account, "region": REGION} | ({} if seconds is None else {"advance": seconds})
        answer = self.cloud.http.post(f"{self.cloud.aws}/_front/schedules", json=order, timeout=120)
        assert answer.ok, answer.text
        return answer.json()
