# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look for what no log may hold, in every log of a run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Files of the local cloud's home that hold keys by their nature; nobody but their owner may read them.
_KEY_FILES = ("endpoints.env", "cloud.json")
# Credentials in the form in which they travel, whatever their value
_TRAVELLING = re.compile(r"\b(Basic|Bearer)\s+[\w.~+/-]{16,}|access_token|x-sap-crm-token", re.IGNORECASE)
_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True)
class Leak:
    """Something that a log holds. What it is stays out of the message: that would be the next leak."""

    log: str
    what: str

    def __str__(self) -> str:
        return f"{self.log} holds a {self.what}"


def find_leaks(logs: Iterator[tuple[str, str]], needles: Mapping[str, str]) -> tuple[list[Leak], int]:
    """Return the leaks in logs (name, text), and how many characters were looked at.

    :param needles: what it is -> the text, whose case does not matter. It is also found as JSON writes it.
    """
    patterns = {
        what: re.compile("|".join({re.escape(text), re.escape(json.dumps(text)[1:-1])}), re.IGNORECASE)
        for what, text in needles.items()
        if text
    }
    patterns["header or answer with credentials"] = _TRAVELLING
    leaks, looked_at = [], 0
    for name, text in logs:
        looked_at += len(text)
        leaks += [Leak(name, what) for what, pattern in patterns.items() if pattern.search(text)]
    return leaks, looked_at


def files_of(home: Path) -> Iterator[tuple[str, str]]:
    """Yield the logs that the processes of a local cloud wrote."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix in (".log", ".out", ".err", ".txt") and path.name not in _KEY_FILES:
            yield path.name, path.read_text(errors="replace")


def log_groups(logs: Any) -> Iterator[tuple[str, str]]:
    """Yield everything in CloudWatch Logs, group by group, in parts."""
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name, part, size = group["logGroupName"], [], 0
            for event in events_of(logs, name):
                part.append(event["message"])
                size += len(event["message"])
                if size > _CHUNK:
                    yield name, "\n".join(part)
                    part, size = [], 0
            yield name, "\n".join(part)


def events_of(logs: Any, group: str) -> Iterator[dict[str, Any]]:
    """Yield every event of a log group, stream by stream.

    MiniStack's FilterLogEvents ends after 10,000 events and does not say that there are more.
    """
    for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=group):
        for stream in page["logStreams"]:
            which = {"logGroupName": group, "logStreamName": stream["logStreamName"], "startFromHead": True}
            answer = logs.get_log_events(**which)
            while answer["events"]:
                yield from answer["events"]
                answer = logs.get_log_events(**which, nextToken=answer["nextForwardToken"])


def journal(name: str, entries: list[dict[str, Any]], *, without: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield a journal of the local cloud.

    :param without: members that are the very request or answer, such as the text that SAP was asked to keep
    """
    yield name, json.dumps([{key: value for key, value in entry.items() if key not in without} for entry in entries])
