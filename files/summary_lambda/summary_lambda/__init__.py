# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the summary that Contact Lens made of a contact into the SAP phone call of that contact.

Lambda's entry point is ``summary_lambda.handler``. It returns only when there is nothing left to do; see errors.py.
"""

from __future__ import annotations

from typing import Any

from . import metrics
from .deadline import Deadline
from .delivery import Outcome
from .delivery import deliver
from .errors import SapRefused
from .errors import SapThrottled
from .errors import SapUnauthorized
from .events import parse_event
from .log import InvocationLog
from .runtime import get_runtime
from .settings import Environment

_REFUSALS = (SapRefused, SapThrottled, SapUnauthorized)


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Handle one event (events.py).

    :return: ``contact_id`` and ``outcome``, and ``reason`` and ``phone_call_id`` if there are any (delivery.Outcome)
    :raises SummaryError: see errors.py
    """
    runtime = get_runtime()
    invocation = InvocationLog(getattr(context, "aws_request_id", None))
    kind = None
    try:
        with invocation.step("event") as details:
            parsed = parse_event(event)
            invocation.contact_id, kind = parsed.contact_id, parsed.kind
            details["kind"] = kind
        outcome = deliver(parsed, runtime, deadline=Deadline(context), log=invocation)
    except Exception as error:
        _count_failure(error, runtime.environment, invocation.contact_id)
        raise
    invocation.finish(**outcome.shown())
    _count(outcome, kind, runtime.environment, invocation.contact_id)
    return {"contact_id": invocation.contact_id, **outcome.shown()}


def _count(outcome: Outcome, kind: str | None, environment: Environment, contact_id: str | None) -> None:
    if outcome.outcome in ("skipped", "kept"):
        metrics.emit(environment, {"ContactsSkipped": 1}, reason=outcome.reason, contact_id=contact_id)
    elif outcome.outcome == "written":
        values: dict[str, float] = {"SummariesDelivered": 1}
        # The age of old contacts that are brought in says nothing about how quick the service is.
        if outcome.delay is not None and kind != "backfill":
            values["SummaryDelaySeconds"] = round(outcome.delay, 1)
        metrics.emit(environment, values, contact_id=contact_id)


def _count_failure(error: Exception, environment: Environment, contact_id: str | None) -> None:
    values: dict[str, float] = {"DeliveryFailures": 1}
    if isinstance(error, _REFUSALS):
        values["SapRefusals"] = 1
    metrics.emit(environment, values, reason=type(error).__name__, contact_id=contact_id)
