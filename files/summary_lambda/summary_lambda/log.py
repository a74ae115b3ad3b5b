# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One JSON object per line and step: contact id, duration, outcome. Never the event, a SAP record or a summary."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .errors import SummaryError

_LOGGER = logging.getLogger(__name__)


class _StandardOutput(logging.Handler):
    """Writes to whatever sys.stdout is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")
        sys.stdout.flush()


def configure(level: str) -> None:
    """Set the level of this function's own lines.

    The root logger stays as it is: at DEBUG botocore and urllib3 would write whole requests, secrets included.
    """
    _LOGGER.setLevel(level)


# Pure JSON lines, where the runtime's own handler prefixes text or does not exist.
_LOGGER.addHandler(_StandardOutput())
_LOGGER.propagate = False


def write_always(line: dict[str, Any]) -> None:
    """Write a line whatever the level is."""
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


class InvocationLog:
    """The log of one invocation."""

    def __init__(self, request_id: str | None) -> None:
        self.contact_id: str | None = None
        self._request_id = request_id
        self._started = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Time a step and log it with what the caller puts into the yielded dictionary; log an error and pass it on."""
        started = time.monotonic()
        details: dict[str, Any] = {}
        try:
            yield details
        except Exception as error:
            failure = {"error": type(error).__name__, "retryable": getattr(error, "retryable", True)}
            if isinstance(error, SummaryError):
                # Of any other error nobody has looked at what the message may hold.
                failure["message"] = str(error)
            self._write(logging.ERROR, name, started, {**details, **failure})
            raise
        self._write(logging.INFO, name, started, details)

    def finish(self, outcome: str, **details: Any) -> None:
        """Log the outcome with the duration of the whole invocation."""
        self._write(logging.INFO, "done", self._started, {"outcome": outcome, **details})

    def _write(self, level: int, step: str, started: float, details: dict[str, Any]) -> None:
        line = {
            "level": logging.getLevelName(level),
            "step": step,
            "contact_id": self.contact_id,
            "request_id": self._request_id,
            "duration_ms": round((time.monotonic() - started) * 1000),
        }
        _LOGGER.log(level, "%s", json.dumps({**line, **details}))
