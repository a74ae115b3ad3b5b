# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The maintenance function in its small world."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from maintenance_fakes import VARIABLES
from maintenance_fakes import Context
from maintenance_fakes import World
from summary_lambda import maintenance
from summary_lambda.maintenance import reconcile
from summary_lambda.maintenance import redrive


@pytest.fixture(autouse=True)
def slept(monkeypatch) -> list[float]:
    """Make waiting instant: time moves on by what was slept."""
    seconds: list[float] = []
    real = time.monotonic
    monkeypatch.setattr(time, "sleep", seconds.append)
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(seconds))
    return seconds


@pytest.fixture
def world(monkeypatch) -> World:
    made = World()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return made.now

    monkeypatch.setattr(maintenance.boto3, "client", made.client)
    for module in (redrive, reconcile):
        monkeypatch.setattr(module, "datetime", Clock)
    return made


@pytest.fixture
def run(monkeypatch, world) -> Callable[..., dict[str, Any]]:
    """Run the handler; members of the request by keyword, ``variables`` and ``environment`` change the function's."""

    def call(
        action: str,
        *,
        seconds: float = 900,
        variables: dict[str, str] | None = None,
        environment: dict[str, Any] | None = None,
        **request: Any,
    ) -> dict[str, Any]:
        for name, value in {**VARIABLES, **(variables or {})}.items():
            monkeypatch.setenv(name, value)
        runtime = world.runtime(**(environment or {}))
        monkeypatch.setattr(maintenance, "get_runtime", lambda: runtime)
        if "period" in request:
            request["from"], request["to"] = request.pop("period")
        return maintenance.handler({"action": action, **request}, Context(seconds))

    return call
