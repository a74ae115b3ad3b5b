# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the promise that no summary is lost: send dead letters again, find what never came, and tell where things are.

Lambda's entry point is ``summary_lambda.maintenance.handler``. It writes nothing into SAP and decides nothing about
texts: it hands events to the delivery function, which does. MAINTENANCE.md has its actions and answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from ..deadline import Deadline
from ..errors import SettingsInvalid
from ..log import InvocationLog
from ..runtime import Runtime
from ..runtime import get_runtime
from ..sap import SapClient
from . import backfill
from . import inspect
from . import reconcile
from .comparison import ask_sap
from .cursor import Cursor
from .dead_letters import DeadLetterQueue
from .delivery import Delivery
from .errors import DeliveryStopped
from .pace import Budget
from .pace import Pace
from .probe import probe
from .redrive import Redrive
from .report import Report
from .request import Request
from .request import parse_request
from .settings import MaintenanceSettings
from .sweep import Sweep

# A delivery takes up to its own time-out, which may be Lambda's longest. None is repeated here: the message stays.
_INVOKE_CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=910, tcp_keepalive=True)


class Workplace:
    """What the actions work with, for one invocation."""

    def __init__(self, request: Request, context: Any) -> None:
        self.request = request
        self.settings = MaintenanceSettings.read(os.environ)
        self.runtime: Runtime = get_runtime()
        self.budget = Budget(context, request.get("seconds"))
        self._deadline = Deadline(context)

    @cached_property
    def sap(self) -> SapClient:
        return self.runtime.sap(self._deadline)

    def find_sap(self) -> SapClient:
        return self.sap

    def ask_sap(self) -> None:
        """:raises SapUnavailable: or another of SAP's errors"""
        ask_sap(self.sap)

    @cached_property
    def queue(self) -> DeadLetterQueue:
        return DeadLetterQueue(self.runtime.client("sqs"), self.settings.queue_url)

    @cached_property
    def delivery(self) -> Delivery:
        pace = Pace(self.request.get("rate") or self.settings.rate)
        return Delivery(boto3.client("lambda", config=_INVOKE_CONFIG), self.settings.delivery_function, pace)

    @cached_property
    def cursor(self) -> Cursor:
        return Cursor(self.runtime.client("ssm"), self.settings.cursor_parameter)


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Carry out one request.

    :return: the report; of ``inspect`` and ``probe`` what they found
    :raises MaintenanceRequestInvalid: see errors.py
    :raises SummaryError: what no part of the report could tell: settings, or AWS refuses a call
    """
    log = InvocationLog(getattr(context, "aws_request_id", None))
    request = parse_request(event)
    with log.step(request.action) as details:
        answer = _ACTIONS[request.action](Workplace(request, context))
        details["dry_run"] = request.dry_run
        details.update({name: answer[name] for name in ("counts", "stopped", "stopped_by") if name in answer})
    return answer


def _redrive(place: Workplace) -> dict[str, Any]:
    run = Redrive(
        place.request,
        queue=place.queue,
        delivery=place.delivery,
        budget=place.budget,
        maximum_age=place.settings.maximum_age,
        ask_sap=place.ask_sap,
    )
    return run.run().answer()


def _reconcile(place: Workplace) -> dict[str, Any]:
    report = reconcile.make_report(place.request)
    if _may_send(place, report):
        not_before = place.settings.not_before
        reconcile.reconcile(
            place.request,
            report,
            runtime=place.runtime,
            sweep=_make_sweep(place, report, not_before=not_before, send_without_record=True),
            cursor=place.cursor,
            not_before=not_before,
            absence_minimum=place.settings.absence_minimum,
        )
    return report.answer()


def _backfill(place: Workplace) -> dict[str, Any]:
    report = backfill.make_report(place.request)
    if _may_send(place, report):
        not_before = max(filter(None, (place.request.get("not_before"), place.settings.not_before)))
        sweep = _make_sweep(place, report, not_before=not_before, send_without_record=False)
        backfill.backfill(place.request, report, runtime=place.runtime, sweep=sweep)
    else:
        report.go_on_from(place.request.position)
    return report.answer()


def _inspect(place: Workplace) -> dict[str, Any]:
    report = inspect.make_report(place.request)
    inspect.inspect(
        place.request,
        report,
        runtime=place.runtime,
        find_sap=place.find_sap,
        queue=place.queue,
        budget=place.budget,
    )
    return report.answer()


def _probe(place: Workplace) -> dict[str, Any]:
    found = probe(
        runtime=place.runtime,
        find_sap=place.find_sap,
        queue=place.queue,
        cursor=place.cursor,
        budget=place.budget,
    )
    return {**Report(place.request).answer(), **found}


def _may_send(place: Workplace, report: Report) -> bool:
    """Check what no contact can be handled without; a plan sends nothing and needs less."""
    if not place.runtime.environment.instance_arns:
        raise SettingsInvalid("The environment variable CONNECT_INSTANCE_ARN names no instance")
    if place.request.dry_run:
        return True
    try:
        place.delivery.check()
    except DeliveryStopped as stop:
        report.stop(stop.why, type(stop).__name__)
    return report.stopped is None


def _make_sweep(place: Workplace, report: Report, *, not_before: datetime | None, send_without_record: bool) -> Sweep:
    return Sweep(
        place.request,
        report,
        runtime=place.runtime,
        sap=place.sap,
        queue=place.queue,
        delivery=place.delivery,
        budget=place.budget,
        not_before=not_before,
        send_without_record=send_without_record,
    )


_ACTIONS: dict[str, Callable[[Workplace], dict[str, Any]]] = {
    "redrive": _redrive,
    "reconcile": _reconcile,
    "backfill": _backfill,
    "inspect": _inspect,
    "probe": _probe,
}
