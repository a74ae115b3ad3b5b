# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asynchronous invocations as Lambda does them: a queue, retries, the age of an event, dead letters, destinations.

MiniStack retries too, but its dead letters are not of AWS's form, it asks no role for permission, and counts a
throttled event as an attempt. What happens here is in the Lambda developer guide ("How Lambda handles errors and
retries with asynchronous invocation", "Reserved concurrency"). Times are those of AWS; the front's setting
``asynchronous_pace`` tells how many seconds really pass for one of them.
"""

from __future__ import annotations

import contextlib
import contextvars
import heapq
import itertools
import json
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from functools import lru_cache
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from . import metrics
from . import ministack_names as ministack
from .front_state import SETTINGS

DEFAULT_RETRIES = 2
DEFAULT_AGE = 21600
RETRY_PAUSES = (60.0, 120.0)
LONGEST_THROTTLE_PAUSE = 300.0
# A function that is busy needs real time to become free, however short AWS's pauses are made.
SHORTEST_THROTTLE_PAUSE = 0.05
WORKERS = 8
MESSAGE_LENGTH = 1024
HISTORY_LENGTH = 20_000
THROTTLED = "Rate Exceeded."
# The action that the execution role needs, by the service of a dead-letter target or destination.
ACTIONS = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}

_CLIENT_LOCK = threading.Lock()


@dataclass
class Event:
    """An event that waits for its function, or what became of it."""

    arn: str
    payload: Any
    context: contextvars.Context
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    age: float = 0.0  # seconds of AWS that it has waited
    attempts: int = 0
    throttles: int = 0
    outcome: str = "pending"
    error: str | None = None

    def shown(self) -> dict[str, Any]:
        account, region = ministack.scope_of(self.arn)
        return {
            "request_id": self.request_id,
            "account": account,
            "region": region,
            "function": self.arn.split(":")[6],
            "attempts": self.attempts,
            "outcome": self.outcome,
            "error": self.error,
        }


class Queue:
    """All events of the cloud that wait, and the threads that run them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Event]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._history: deque[Event] = deque(maxlen=HISTORY_LENGTH)

    def accept(self, record: dict, payload: Any) -> None:
        """Take an event for a function; its context goes along, as MiniStack counts loops of functions in it."""
        event = Event(record["config"]["FunctionArn"], payload, contextvars.copy_context())
        _count(event, "AsyncEventsReceived", 1)
        with self._changed:
            self._history.append(event)
            while len(self._threads) < WORKERS:
                thread = threading.Thread(target=self._work, daemon=True, name="asynchronous-invocation")
                self._threads.append(thread)
                thread.start()
        self._put(event, 0)

    def shown(self, filters: dict[str, str]) -> dict[str, Any]:
        """Return the events that the filters fit, oldest first, and how many of them are not done."""
        with self._changed:
            events = [event.shown() for event in self._history]
        events = [event for event in events if all(str(event.get(name)) == value for name, value in filters.items())]
        return {"pending": sum(event["outcome"] == "pending" for event in events), "events": events}

    def is_busy(self, account: str, region: str) -> bool:
        """Tell whether an event of the account waits or runs."""
        with self._changed:
            return any(
                event.outcome == "pending" and ministack.scope_of(event.arn) == (account, region)
                for event in self._history
            )

    def advance(self, account: str, region: str, seconds: float) -> None:
        """Let time pass for the events of an account: they grow older, and those that wait are due."""
        with self._changed:
            for number, (_due, order, event) in enumerate(self._waiting):
                if ministack.scope_of(event.arn) == (account, region):
                    event.age += seconds
                    self._waiting[number] = (0.0, order, event)
            heapq.heapify(self._waiting)
            self._changed.notify_all()

    def forget(self) -> None:
        """Forget all events, with MiniStack's reset."""
        with self._changed:
            self._waiting.clear()
            self._history.clear()

    def _put(self, event: Event, pause: float) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + pause, next(self._numbers), event))
            self._changed.notify()

    def _work(self) -> None:
        while True:
            event = self._next()
            try:
                pause = event.context.run(_attempt, event)
            except Exception as error:
                # A mistake of this file must not look like an event that still waits.
                event.outcome, event.error = "dropped", f"The local cloud failed: {error!r}"
                continue
            if pause is not None:
                self._put(event, pause)

    def _next(self) -> Event:
        with self._changed:
            while True:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)


QUEUE = Queue()


def install() -> None:
    """Take asynchronous invocations over from MiniStack."""
    ministack.replace_asynchronous_invocation(QUEUE.accept)
    ministack.on_reset(QUEUE.forget)


def _attempt(event: Event) -> float | None:
    """Run the function; return the real seconds after which it is tried again, None when the event is done."""
    function = ministack.function(event.arn)
    if function is None:
        event.outcome, event.error = "dropped", "The function does not exist any more"
        return None
    longest = function.invoke_config.get("MaximumEventAgeInSeconds") or DEFAULT_AGE
    if function.reserved_concurrency == 0:
        event.error = THROTTLED
        return _give_up(event, function, "RetriesExhausted", 429, None)
    _count(event, "AsyncEventAge", event.age * 1000, "Milliseconds")
    result = _run(event, function)
    if result is None:
        event.error = THROTTLED
        return _wait_for_concurrency(event, function, longest)
    event.attempts += 1
    if not result.get("error"):
        event.error = None
        _tell_destination(event, function, "OnSuccess", "Success", 200, result.get("body"))
        event.outcome = "succeeded"
        return None
    body = result.get("body")
    event.error = body.get("errorMessage", "") if isinstance(body, dict) else str(body)
    retries = function.invoke_config.get("MaximumRetryAttempts")
    if event.attempts > (DEFAULT_RETRIES if retries is None else retries):
        return _give_up(event, function, "RetriesExhausted", 200, body)
    pause = RETRY_PAUSES[min(event.attempts, len(RETRY_PAUSES)) - 1]
    event.age += pause
    if event.age > longest:
        return _give_up(event, function, "EventAgeExceeded", 200, body)
    return pause * SETTINGS.asynchronous_pace


def _run(event: Event, function: ministack.Function) -> dict | None:
    started = time.monotonic()
    result = ministack.run_function(function.record, event.payload, event.request_id)
    milliseconds = (time.monotonic() - started) * 1000
    with ministack.request_scope(*ministack.scope_of(event.arn)):
        if result is None:
            metrics.count_invocation(function.config["FunctionName"], 0, False, True)
        else:
            failed = bool(result.get("error"))
            metrics.count_invocation(function.config["FunctionName"], milliseconds, failed, False)
    return result


def _wait_for_concurrency(event: Event, function: ministack.Function, longest: float) -> float | None:
    pause = min(2.0**event.throttles, LONGEST_THROTTLE_PAUSE)
    event.throttles += 1
    event.age += pause
    if event.age > longest:
        return _give_up(event, function, "EventAgeExceeded", 429, None)
    return max(pause * SETTINGS.asynchronous_pace, SHORTEST_THROTTLE_PAUSE)


def _give_up(event: Event, function: ministack.Function, condition: str, status: int, answer: Any) -> None:
    """Send the event to the dead letters and to the destination for failures, whichever are set."""
    sent = _tell_destination(event, function, "OnFailure", condition, status, answer)
    target = (function.config.get("DeadLetterConfig") or {}).get("TargetArn")
    if target:
        sent = _send_dead_letter(event, function, target, status) or sent
    _count(event, "AsyncEventsDropped", 1)
    event.outcome = "dead_letter" if sent else "dropped"


def _send_dead_letter(event: Event, function: ministack.Function, target: str, status: int) -> bool:
    """Send the event as it came, with three attributes (inferred: the error of a throttled event is that of Invoke)."""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": event.request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": str(status)},
        "ErrorMessage": {"DataType": "String", "StringValue": (event.error or "")[:MESSAGE_LENGTH] or "null"},
    }
    with _counted_failure(event, "DeadLetterErrors") as sending:
        _send(function, target, json.dumps(event.payload), attributes)
        sending.append(True)
    return bool(sending)


def _tell_destination(
    event: Event, function: ministack.Function, kind: str, condition: str, status: int, answer: Any
) -> bool:
    """Send the record of an invocation to the destination for successes or failures; False when none got it."""
    configured = function.invoke_config.get("DestinationConfig") or {}
    target = (configured.get(kind) or {}).get("Destination")
    if not target:
        return False
    arn = event.arn if event.arn.count(":") > 6 else f"{event.arn}:$LATEST"
    response: dict[str, Any] = {"statusCode": status, "executedVersion": "$LATEST"}
    if kind == "OnFailure" and status == 200:
        response["functionError"] = "Unhandled"
    envelope = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": arn,
            "condition": condition,
            "approximateInvokeCount": event.attempts,
        },
        "requestPayload": event.payload,
        "responseContext": response,
        "responsePayload": answer,
    }
    with _counted_failure(event, "DestinationDeliveryFailures") as sending:
        _send(function, target, json.dumps(envelope), {})
        sending.append(True)
    return bool(sending)


@contextlib.contextmanager
def _counted_failure(event: Event, metric: str) -> Iterator[list[bool]]:
    """Count what could not be sent; Lambda tells nobody else."""
    try:
        yield []
    except (BotoCoreError, ClientError) as error:
        event.error = f"{event.error}; not sent: {error}"
        _count(event, metric, 1)


def _send(function: ministack.Function, target: str, body: str, attributes: dict[str, Any]) -> None:
    """Send in the name of the function's execution role, through the front like any other request."""
    service, (account, region) = target.split(":")[2], ministack.scope_of(target)
    client = _client(service, region, *ministack.role_credentials(function.record["config"]).values())
    if service == "sqs":
        url = f"{os.environ['AWS_ENDPOINT_URL']}/{account}/{target.rpartition(':')[2]}"
        client.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    elif service == "sns":
        client.publish(TopicArn=target, Message=body, MessageAttributes=attributes)
    elif service == "lambda":
        client.invoke(FunctionName=target, InvocationType="Event", Payload=body.encode())
    else:
        entry = {
            "Source": "lambda",
            "DetailType": "Lambda Function Invocation Result",
            "Detail": body,
            "EventBusName": target,
        }
        client.put_events(Entries=[entry])


def _client(service: str, region: str, key: str, secret: str, token: str) -> Any:
    # A client may be shared by threads, but not be made in two at once.
    with _CLIENT_LOCK:
        return _made_client(service, region, key, secret, token)


@lru_cache(maxsize=64)
def _made_client(service: str, region: str, key: str, secret: str, token: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=os.environ["AWS_ENDPOINT_URL"],
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


def _count(event: Event, name: str, value: float, unit: str = "Count") -> None:
    account, region = ministack.scope_of(event.arn)
    metrics.count(account, region, "AWS/Lambda", name, value, unit, FunctionName=event.arn.split(":")[6])
