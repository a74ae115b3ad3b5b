# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Delivery of events that somebody puts: policies of function and dead-letter queue, and what targets may be."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Cloud
from .functions import LOGS
from .functions import PATIENCE
from .functions import Functions
from .functions import code

ACCOUNT = "222200000502"
HANDLER = """
def handler(event, context):
    print("got " + event["detail"]["id"])
    if event["detail"].get("fail"):
        raise ValueError("refused " + event["detail"]["id"])
"""


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:eu-west-2:{ACCOUNT}:{rest}"


RULE = arn("events", "rule/orders")
FUNCTION = arn("lambda", "function:taker")
QUEUE = arn("sqs", "dead")


class Site(Functions):
    """A rule whose target is a function, with a dead-letter queue."""

    def put_target(self, **target: Any) -> None:
        wanted = {"Id": "1", "Arn": FUNCTION, "DeadLetterConfig": {"Arn": QUEUE}} | target
        self.client("events").put_targets(Rule="orders", Targets=[wanted])

    def put(self, **detail: Any) -> None:
        entry = {"Source": "shop", "DetailType": "Order", "Detail": json.dumps(detail)}
        assert self.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0

    def allow_queue(self, source: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        url = self.client("sqs").get_queue_url(QueueName="dead")["QueueUrl"]
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """Wait until a metric of the rule counts more than before the block."""

        def count() -> float:
            return self.metric("AWS/Events", name, RuleName="orders")

        before = count()
        yield
        deadline = time.monotonic() + PATIENCE
        while count() == before:
            assert time.monotonic() < deadline, name
            time.sleep(0.02)


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Iterator[Site]:
    site = Site(cloud, ACCOUNT)
    site.make_queue("dead")
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}
    site.make("taker", HANDLER, LOGS, send, dead_letters=QUEUE)
    site.client("events").put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))
    site.put_target()
    yield site


@pytest.fixture
def permission(site: Site) -> Iterator[None]:
    functions = site.client("lambda")
    functions.add_permission(
        FunctionName="taker",
        StatementId="orders",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=RULE,
    )
    yield
    functions.remove_permission(FunctionName="taker", StatementId="orders")


def test_the_function_needs_to_allow_the_rule(site: Site) -> None:
    site.allow_queue(RULE)
    with site.counted("InvocationsSentToDlq"):
        site.put(id="forbidden")
    (message,) = site.receive("dead")
    event = json.loads(message["Body"])
    assert (event["source"], event["detail-type"], event["detail"]) == ("shop", "Order", {"id": "forbidden"})
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert attributes.pop("ERROR_MESSAGE")
    assert attributes == {
        "RULE_ARN": RULE,
        "TARGET_ARN": FUNCTION,
        "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "0",
    }


def test_an_event_reaches_the_function_that_allows_it(site: Site, permission: None) -> None:
    with site.counted("Invocations"):
        site.put(id="taken")
    assert site.outcome("taker")["outcome"] == "succeeded"
    events = site.client("logs").filter_log_events(logGroupName="/aws/lambda/taker", filterPattern='"got taken"')
    assert [event["message"] for event in events["events"]] == ["got taken"]


def test_a_function_that_fails_has_dead_letters_of_its_own(site: Site, permission: None) -> None:
    with site.counted("Invocations"):
        site.put(id="failing", fail=True)
    assert site.outcome("taker")["attempts"] == 3
    (message,) = site.receive("dead")
    assert json.loads(message["Body"])["detail"] == {"id": "failing", "fail": True}
    assert set(message["MessageAttributes"]) == {"RequestID", "ErrorCode", "ErrorMessage"}


def test_a_queue_that_does_not_allow_the_rule_gets_nothing(site: Site) -> None:
    site.allow_queue(RULE.replace("orders", "another"))
    with site.counted("InvocationsFailedToBeSentToDlq"):
        site.put(id="lost")
    assert site.receive("dead") == []


def test_a_rule_that_is_put_again_is_replaced(site: Site) -> None:
    """All but its targets and its tags: tags are for new rules only."""
    events, pattern = site.client("events"), json.dumps({"source": ["bakery"]})
    tags = [{"Key": "project", "Value": "tests"}]
    events.put_rule(Name="bread", EventPattern=pattern, State="DISABLED", Description="Loaves", Tags=tags)
    rule = events.put_rule(Name="bread", EventPattern=pattern, Tags=[{"Key": "project", "Value": "other"}])["RuleArn"]
    found = events.describe_rule(Name="bread")
    assert (found["State"], found.get("Description"), found["EventPattern"]) == ("ENABLED", None, pattern)
    assert events.list_tags_for_resource(ResourceARN=rule)["Tags"] == tags
    with pytest.raises(ClientError) as error:
        events.put_rule(Name="bread", State="DISABLED")
    assert code(error) == ("ValidationException", 400)
    events.delete_rule(Name="bread")


def test_a_rule_with_targets_is_not_deleted(site: Site) -> None:
    with pytest.raises(ClientError) as error:
        site.client("events").delete_rule(Name="orders")
    assert code(error) == ("ValidationException", 400)
    assert site.client("events").describe_rule(Name="orders")["State"] == "ENABLED"


@pytest.mark.parametrize("operation", ["enable_rule", "disable_rule"])
def test_a_rule_that_does_not_exist_is_not_switched(site: Site, operation: str) -> None:
    with pytest.raises(ClientError) as error:
        getattr(site.client("events"), operation)(Name="nobody")
    assert code(error) == ("ResourceNotFoundException", 400)


@pytest.mark.parametrize(
    "wrong",
    [
        {"RetryPolicy": {"MaximumRetryAttempts": 186}},
        {"RetryPolicy": {"MaximumEventAgeInSeconds": 86401}},
        {"DeadLetterConfig": {"Arn": f"{QUEUE}.fifo"}},
        {"DeadLetterConfig": {"Arn": QUEUE.replace("eu-west-2", "us-east-1")}},
    ],
)
def test_a_target_out_of_range_is_refused(site: Site, wrong: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        site.put_target(**wrong)
    assert code(error) == ("ValidationException", 400)
