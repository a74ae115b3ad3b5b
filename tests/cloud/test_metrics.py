# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that AWS records, metrics in log lines, and logs of functions that can be filtered."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Cloud
from .functions import LOGS
from .functions import Functions
from .functions import code

ACCOUNT = "222200000504"
HANDLER = """
import json
def handler(event, context):
    for line in event["lines"]:
        print(line if isinstance(line, str) else json.dumps(line))
    if event.get("fail"):
        raise ValueError("failed")
"""


def emf(values: dict[str, Any], *dimensions: dict[str, str], **changes: Any) -> dict[str, Any]:
    """Return a line in embedded metric format."""
    directive = {
        "Namespace": "AmazonConnectSAP",
        "Dimensions": [list(names) for names in dimensions],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in values],
    }
    members = {key: value for names in dimensions for key, value in names.items()}
    about = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    return {"_aws": about, **members, **values, **changes}


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Functions:
    site = Functions(cloud, ACCOUNT)
    site.make("writer", HANDLER, LOGS)
    return site


def test_a_function_embeds_metrics_in_its_log(site: Functions) -> None:
    poc, reason = {"Environment": "poc"}, {"Environment": "poc", "Reason": "SapUnavailable"}
    lines = [
        emf({"DeliveryFailures": 1}, poc, reason),
        emf({"DeliveryFailures": 1}, poc, reason),
        emf({"SummaryDelaySeconds": [60, 90, 120]}, poc),
    ]
    site.send("writer", {"lines": lines})
    assert site.metric("AmazonConnectSAP", "DeliveryFailures", **poc) == 2
    assert site.metric("AmazonConnectSAP", "DeliveryFailures", **reason) == 2
    assert site.metric("AmazonConnectSAP", "SummaryDelaySeconds", **poc) == 270
    assert site.metric("AmazonConnectSAP", "SummaryDelaySeconds", "Maximum", **poc) == 120


@pytest.mark.parametrize(
    "line",
    [
        emf({"Wrong": 1}, {"Environment": "bad"}, Environment=5),
        emf({"Wrong": "many"}, {"Environment": "bad"}),
        emf({"Wrong": True}, {"Environment": "bad"}),
        {"Wrong": 1, "Environment": "bad"},
        {"_aws": {"CloudWatchMetrics": []}, "Wrong": 1},
        '{"_aws": broken',
    ],
)
def test_a_line_that_breaks_the_format_is_a_line(site: Functions, line: Any) -> None:
    assert site.send("writer", {"lines": [line]})["outcome"] == "succeeded"
    assert site.metric("AmazonConnectSAP", "Wrong", Environment="bad") == 0


def test_lines_that_somebody_puts_embed_metrics_too(site: Functions) -> None:
    logs = site.client("logs")
    logs.create_log_group(logGroupName="/own")
    logs.create_log_stream(logGroupName="/own", logStreamName="one")
    message = json.dumps(emf({"SilentPeriods": 1}, {"Environment": "own"}))
    event = {"timestamp": int(time.time() * 1000), "message": message}
    logs.put_log_events(logGroupName="/own", logStreamName="one", logEvents=[event])
    assert site.metric("AmazonConnectSAP", "SilentPeriods", Environment="own") == 1


def test_invocations_are_counted_once(site: Functions) -> None:
    def counted() -> dict[str, float]:
        names = ("Invocations", "Errors", "Throttles", "AsyncEventsReceived", "AsyncEventsDropped")
        return {name: site.metric("AWS/Lambda", name, FunctionName="counted") for name in names}

    site.make("counted", HANDLER, LOGS)
    functions = site.client("lambda")
    functions.invoke(FunctionName="counted", Payload=b'{"lines": []}')
    functions.invoke(FunctionName="counted", Payload=b'{"lines": [], "fail": true}')
    zeros = dict.fromkeys(("Throttles", "AsyncEventsReceived", "AsyncEventsDropped"), 0)
    assert counted() == {"Invocations": 2, "Errors": 1, **zeros}
    site.send("counted", {"lines": [], "fail": True})
    assert counted() == {
        "Invocations": 5,
        "Errors": 4,
        "Throttles": 0,
        "AsyncEventsReceived": 1,
        "AsyncEventsDropped": 1,
    }
    functions.put_function_concurrency(FunctionName="counted", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError):
        functions.invoke(FunctionName="counted", Payload=b'{"lines": []}')
    assert counted()["Throttles"] == 1
    assert counted()["Invocations"] == 5


def test_namespaces_of_aws_are_its_own(site: Functions) -> None:
    with pytest.raises(ClientError) as error:
        site.client("cloudwatch").put_metric_data(
            Namespace="AWS/Lambda", MetricData=[{"MetricName": "Errors", "Value": 1}]
        )
    assert code(error) == ("InvalidParameterValue", 400)


# Logs


def test_the_log_of_a_function_keeps_its_retention(site: Functions) -> None:
    logs = site.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/keeper")
    logs.put_retention_policy(logGroupName="/aws/lambda/keeper", retentionInDays=14)
    site.make("keeper", HANDLER, LOGS)
    site.send("keeper", {"lines": ["kept"]})
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/keeper")["logGroups"]
    assert group["retentionInDays"] == 14


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ('"contact-7"', ["json", "text"]),
        ("Nothing", []),
        ('"two words"', ["text"]),
        ('"words two"', []),
        ('"contact-7" -"two words"', ["json"]),
        ('?"contact-8" ?"contact-7"', ["json", "other", "text"]),
        ('"CONTACT-7"', []),
        ("two -contact_id", ["text"]),
        ('{ $.contact_id = "contact-7" }', ["json"]),
        ('{ $.contact_id = "contact-*" }', ["json", "other"]),
        ('{ $.contact_id != "contact-7" }', ["other"]),
        ("{ $.tries > 2 }", ["json"]),
        ('{ $.tries >= 1 && $.contact_id = "contact-8" }', ["other"]),
        ('{ ($.tries = 9) || ($.step.name = "find") }', ["json"]),
        ("{ $.step NOT EXISTS }", ["other"]),
        ("{ $.step.name IS NULL }", []),
        ("{ $.list[1] = 5 }", ["other"]),
        ("%contact-[78]%", ["json", "other", "text"]),
    ],
)
def test_lines_are_filtered_by_patterns(site: Functions, pattern: str, found: list[str]) -> None:
    logs = site.client("logs")
    if not logs.describe_log_groups(logGroupNamePrefix="/lines")["logGroups"]:
        logs.create_log_group(logGroupName="/lines")
        logs.create_log_stream(logGroupName="/lines", logStreamName="one")
        lines = [
            {"mark": "json", "contact_id": "contact-7", "tries": 3, "step": {"name": "find"}},
            {"mark": "other", "contact_id": "contact-8", "tries": 1, "list": [4, 5]},
        ]
        messages = [*(json.dumps(line) for line in lines), '"mark": "text" contact-7 in two words']
        stamp = int(time.time() * 1000)
        events = [{"timestamp": stamp, "message": message} for message in messages]
        logs.put_log_events(logGroupName="/lines", logStreamName="one", logEvents=events)
    events = logs.filter_log_events(logGroupName="/lines", filterPattern=pattern)["events"]
    marks = [mark for event in events for mark in ("json", "other", "text") if f'"mark": "{mark}"' in event["message"]]
    # A JSON pattern fits no line that is not JSON, and a message without the field fits neither = nor !=.
    assert sorted(marks) == found


@pytest.mark.parametrize(
    "pattern",
    [
        "contact-7",
        "?contact-7 ?Nothing",
        '"contact-7',
        "[first, second]",
        "%contact-(7|8)%",
        "%[%",
        "{ $.contact_id = }",
        '{ $.contact_id = "contact-7"',
        "{ contact_id = 7 }",
    ],
)
def test_what_is_no_pattern_is_refused(site: Functions, pattern: str) -> None:
    """An id with hyphens needs quotes, as everything that has more than letters, digits and underscores."""
    with pytest.raises(ClientError) as error:
        site.client("logs").filter_log_events(logGroupName="/any", filterPattern=pattern)
    assert code(error) == ("InvalidParameterException", 400)
