# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The handler between a fake SAP and stubbed AWS clients."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "files" / "summary_lambda"))

import summary_lambda  # noqa: E402
from summary_fakes import ENVIRONMENT  # noqa: E402
from summary_fakes import Cloud  # noqa: E402
from summary_fakes import Context  # noqa: E402
from summary_fakes import FakeSap  # noqa: E402
from summary_fakes import make_document  # noqa: E402
from summary_fakes import make_event  # noqa: E402
from summary_lambda import deadline  # noqa: E402
from summary_lambda import log  # noqa: E402
from summary_lambda import runtime  # noqa: E402

OPTIONAL_VARIABLES = (
    "ANALYSIS_OUTPUTS",
    "CONNECT_INSTANCE_ARN",
    "METRICS_NAMESPACE",
    "MISSING_SUMMARY",
    "NOT_BEFORE",
    "REFERENCE_FORMAT",
    "SAP_AUTHENTICATION",
    "SAP_TOKEN_URL",
    "SETTLE_MINUTES",
    "TRANSCRIPT_LIMIT",
    "TRANSCRIPT_MODE",
)


@pytest.fixture
def sap() -> Iterator[FakeSap]:
    with FakeSap() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """The seconds that the function would have slept. All other clocks go on: the fake SAP needs them."""
    seconds: list[float] = []
    monkeypatch.setattr(deadline, "sleep", seconds.append)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return seconds


@pytest.fixture
def cloud(monkeypatch) -> Iterator[Cloud]:
    with Cloud() as cloud:
        monkeypatch.setattr(runtime.boto3, "Session", cloud.make_session)
        yield cloud


@pytest.fixture
def handle(monkeypatch, slept, cloud):
    """The handler in a container of its own; keyword arguments are environment variables, read by the first call."""
    monkeypatch.setattr(runtime, "_runtime", None)
    log.configure("INFO")
    for name in OPTIONAL_VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def call(event: Any = None, *, seconds: float = 300, fresh: bool = False, **variables: str) -> dict[str, Any]:
        if fresh:
            monkeypatch.setattr(runtime, "_runtime", None)
        for name, value in {**ENVIRONMENT, **variables}.items():
            monkeypatch.setenv(name, value)
        return summary_lambda.handler(make_event() if event is None else event, Context(seconds))

    return call


@pytest.fixture
def ready(cloud, sap) -> Cloud:
    """Everything is there: settings, the contact, its analysis; SAP has still to get its record."""
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document())
    return cloud


@pytest.fixture
def lines(capsys):
    """The log lines so far, parsed."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
