# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the maintenance function and the log of the delivery function tell. Private to this collection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

from .._connect.errors import ConnectError
from .module import Services

# A page may be empty: it shows how far CloudWatch has searched
_MAXIMUM_PAGES = 300


@dataclass(frozen=True)
class Invocation:
    """An attempt of the delivery function for a contact. Without outcome and error it was ended from outside."""

    request_id: str
    at: datetime
    outcome: str | None
    error: str | None
    reason: str | None


def ask_maintenance(services: Services, function: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer of the maintenance function to a request that changes nothing.

    It signs in to SAP as the delivery function does, so nobody who asks needs SAP's credentials.
    """
    answer = services["lambda"].write("invoke", FunctionName=function, Payload=json.dumps(dict(request)).encode())
    document = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError") or not isinstance(document, dict):
        kind = document.get("errorType") if isinstance(document, dict) else "no answer"
        raise ConnectError(f"The function {function} failed: {kind}")
    return document


def read_log(services: Services, function: str, *, since: datetime, until: datetime, text: str) -> list[dict[str, Any]]:
    """Return the log's events of a period that contain a text, oldest first.

    :raises ConnectError: also when the log is too long to be searched to its end
    """
    request: dict[str, Any] = {
        "logGroupName": f"/aws/lambda/{function}",
        "startTime": int(since.timestamp() * 1000),
        "endTime": int(until.timestamp() * 1000),
        "filterPattern": f'"{text}"',
    }
    found: list[dict[str, Any]] = []
    for _unused in range(_MAXIMUM_PAGES):
        page = services["logs"].describe("filter_log_events", **request)
        if page is None:
            return []
        found += page.get("events", [])
        if not page.get("nextToken"):
            return sorted(found, key=lambda event: event["timestamp"])
        request["nextToken"] = page["nextToken"]
    raise ConnectError(f"The log of the function {function} is too long to be searched from {since:%Y-%m-%d %H:%M}Z on")


def invocations_of(
    services: Services, function: str, contact_id: str, *, since: datetime, until: datetime
) -> list[Invocation]:
    """Return the attempts for a contact, oldest first. Lambda's own lines tell why one was ended."""
    attempts: list[dict[str, Any]] = []
    for at, line in own_lines(read_log(services, function, since=since, until=until, text=contact_id)):
        if line.get("contact_id") != contact_id:
            continue
        request_id = line.get("request_id") or ""
        # Two may run side by side, and a retry of Lambda has the request id of the first attempt
        attempt = next((item for item in attempts if item["request_id"] == request_id and not is_over(item)), None)
        if attempt is None:
            attempt = {"request_id": request_id, "at": at}
            attempts.append(attempt)
        attempt |= {name: line[name] for name in ("outcome", "error", "reason") if line.get(name)}
    for attempt in attempts:
        if not is_over(attempt) and attempt["request_id"]:
            ended = read_log(services, function, since=since, until=until, text=attempt["request_id"])
            attempt["error"] = next(filter(None, (_end(event["message"]) for event in reversed(ended))), None)
    return [
        Invocation(
            attempt["request_id"], attempt["at"], attempt.get("outcome"), attempt.get("error"), attempt.get("reason")
        )
        for attempt in attempts
    ]


def own_lines(events: list[dict[str, Any]]) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Yield time and content of the lines that the function itself wrote about its steps."""
    for event in events:
        try:
            line = json.loads(event["message"])
        except ValueError:
            continue
        # Lines with metrics belong to no step of an invocation
        if isinstance(line, dict) and "step" in line and "_aws" not in line:
            yield datetime.fromtimestamp(event["timestamp"] / 1000, UTC), line


def is_over(attempt: Mapping[str, Any]) -> bool:
    return bool(attempt.get("outcome") or attempt.get("error"))


def _end(message: str) -> str | None:
    """Return what Lambda says about an invocation that it ended."""
    for text, error in (
        ("Task timed out", "time-out"),
        ("Status: timeout", "time-out"),
        ("Runtime exited", "Runtime.ExitError"),
        ("Runtime.ExitError", "Runtime.ExitError"),
        ("OutOfMemory", "Runtime.OutOfMemory"),
    ):
        if text in message:
            return error
    return None
