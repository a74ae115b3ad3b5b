# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Metrics, as lines of the log in CloudWatch's embedded metric format: no call, no permission, no dependency.

All have the dimension Environment; failures and skipped contacts a second time with Reason.
"""

from __future__ import annotations

import time
from typing import Any

from . import log
from .settings import Environment

_UNITS = {"SummaryDelaySeconds": "Seconds"}


def emit(
    environment: Environment,
    values: dict[str, float],
    *,
    reason: str | None = None,
    contact_id: str | None = None,
) -> None:
    """Write one line with the values. The contact's id is no dimension: it is there to be searched for."""
    sets = [["Environment"]] + ([["Environment", "Reason"]] if reason else [])
    directive = {
        "Namespace": environment.metrics_namespace,
        "Dimensions": sets,
        "Metrics": [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in values],
    }
    line: dict[str, Any] = {
        "level": "INFO",
        "step": "metrics",
        "_aws": {"Timestamp": round(time.time() * 1000), "CloudWatchMetrics": [directive]},
        "Environment": environment.name,
    }
    if reason:
        line["Reason"] = reason
    if contact_id:
        line["contact_id"] = contact_id
    log.write_always({**line, **values})
