# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics of CloudWatch that AWS records by itself, and those in log lines (embedded metric format).

MiniStack counts an asynchronous invocation when it is accepted, a throttled one twice, and reads no metrics in logs.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import ministack_names as ministack

MAXIMUM_DIMENSIONS = 30
MAXIMUM_VALUES = 100


@dataclass(frozen=True)
class Embedded:
    """One value that a log line embeds."""

    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]


def install() -> None:
    """Take the metrics and the logs of functions over from MiniStack."""
    ministack.replace_function_metrics(count_invocation)
    ministack.wrap_function_log(_write_function_log)
    ministack.wrap_handler("logs", _wrap_logs)


def count(account: str, region: str, namespace: str, name: str, value: float, unit: str, **dimensions: str) -> None:
    """Record one value of a metric now."""
    with ministack.request_scope(account, region):
        ministack.record_metric(namespace, name, value, unit, dimensions)


def sample_queues(account: str, region: str) -> None:
    """Record what Amazon SQS records every minute of queues, as of now."""
    now = time.time()
    for queue in ministack.queues(account, region):
        visible, hidden = ministack.count_messages(queue)
        # The age counts from the first sending, also of messages that somebody has received and not deleted.
        ages = [now - message["sent_at"] for message in queue["messages"]]
        name = queue["attributes"]["QueueArn"].rpartition(":")[2]
        for metric, value, unit in (
            ("ApproximateNumberOfMessagesVisible", visible, "Count"),
            (
                "ApproximateNumberOfMessagesNotVisible",
                hidden,
                "Count",
            ),
            ("ApproximateAgeOfOldestMessage", max(ages, default=0), "Seconds"),
        ):
            count(account, region, "AWS/SQS", metric, value, unit, QueueName=name)


def advance(account: str, region: str, seconds: float) -> None:
    """Make all values so far older."""
    for _namespace, _name, points in ministack.metric_points(account, region):
        for point in points:
            point["Timestamp"] -= seconds


def embedded(line: str) -> list[Embedded]:
    """Return the metrics that a log line embeds; none for any other line, and for one that breaks the format.

    Source: CloudWatch user guide, "Specification: Embedded metric format".
    """
    if '"_aws"' not in line:
        return []
    try:
        document = json.loads(line[line.index("{") :])
        directives = document["_aws"]["CloudWatchMetrics"]
        if not isinstance(document["_aws"]["Timestamp"], int):
            return []
        return [found for directive in directives for found in _of_directive(document, directive)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _of_directive(document: dict[str, Any], directive: dict[str, Any]) -> Iterable[Embedded]:
    for names in directive["Dimensions"]:
        dimensions = {name: document[name] for name in names}
        if len(dimensions) > MAXIMUM_DIMENSIONS or not all(isinstance(value, str) for value in dimensions.values()):
            raise ValueError("A dimension is no text")
        for metric in directive["Metrics"]:
            values = document[metric["Name"]]
            for value in _numbers(values if isinstance(values, list) else [values]):
                yield Embedded(directive["Namespace"], metric["Name"], value, metric.get("Unit", "None"), dimensions)


def _numbers(values: list[Any]) -> list[float]:
    wrong = [value for value in values if isinstance(value, bool) or not isinstance(value, int | float)]
    if wrong or len(values) > MAXIMUM_VALUES or not all(math.isfinite(value) for value in values):
        raise ValueError("A value is no number")
    return [float(value) for value in values]


def _record_embedded(account: str, region: str, lines: Iterable[str]) -> None:
    for line in lines:
        for found in embedded(line):
            count(account, region, found.namespace, found.name, found.value, found.unit, **found.dimensions)


def count_invocation(name: str, milliseconds: float, failed: bool, throttled: bool) -> None:
    """Count an invocation of the account being served.

    MiniStack tells an asynchronous one when it is accepted, without a duration, and a throttled synchronous one a
    second time with a duration.
    """
    dimensions = {"FunctionName": name}
    if throttled:
        if not milliseconds:
            ministack.record_metric("AWS/Lambda", "Throttles", 1, "Count", dimensions)
        return
    if milliseconds:
        ministack.record_metric("AWS/Lambda", "Invocations", 1, "Count", dimensions)
        ministack.record_metric("AWS/Lambda", "Errors", int(failed), "Count", dimensions)
        ministack.record_metric("AWS/Lambda", "Throttles", 0, "Count", dimensions)
        ministack.record_metric("AWS/Lambda", "Duration", milliseconds, "Milliseconds", dimensions)


def _write_function_log(write: Callable[[], None], config: dict, request_id: str, text: str) -> None:
    """Write the log of an invocation, if the execution role of the function may."""
    account, region = ministack.scope_of(config["FunctionArn"])
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    arn = f"arn:aws:logs:{region}:{account}:log-group:{group}"
    with ministack.request_scope(account, region):
        needed = {} if ministack.log_group_exists(group) else {"logs:CreateLogGroup": arn}
    stream = f"{arn}:log-stream:{request_id}"
    needed |= {"logs:CreateLogStream": stream, "logs:PutLogEvents": stream}
    if all(ministack.role_may(config, action, resource) for action, resource in needed.items()):
        write()
        _record_embedded(account, region, text.splitlines())


def _wrap_logs(handler: ministack.Handler) -> ministack.Handler:
    """Read the metrics in the lines that somebody puts into a log."""

    async def handle(method: str, path: str, headers: dict, body: bytes, query: dict) -> ministack.Answer:
        answer = await handler(method, path, headers, body, query)
        if headers.get("x-amz-target", "").endswith(".PutLogEvents") and answer[0] == 200:
            lines = [event["message"] for event in json.loads(body).get("logEvents", [])]
            _record_embedded(ministack.account_id(), ministack.region(), lines)
        return answer

    return handle
