# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send dead letters through the delivery function again.

A message is deleted when its event succeeded, and at no other time: whatever ends this early, the message is still
there and the worst that happens is that an event is delivered twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from ..errors import SummaryError
from .dead_letters import DeadLetter
from .dead_letters import DeadLetterQueue
from .delivery import Delivery
from .errors import DeliveryStopped
from .pace import Budget
from .report import Report
from .request import Request

# Every further contact would get the same answer, and a refused sign-in too often locks the user.
_STOP_AT_ONCE = ("SapThrottled", "SapUnauthorized", "SettingsInvalid")
# May be one contact's or one moment's misfortune: after so many in a row SAP itself is asked.
_ASK_SAP_AFTER = ("SapUnavailable", "SapAnswerInvalid")
_SAP_FAILURES = 3
_FUNCTION_FAILS = ("FunctionTimedOut", "FunctionKilled", "NoAnswer", "UnknownAnswer")
_FUNCTION_FAILURES = 10
# Longer than the invocation lives: a message comes back only when this run cannot be working on it any more.
_HIDDEN_BEYOND = 30


class Redrive:
    """One run over the queue.

    What must not be tried a second time goes with ``next`` from answer to answer: the contacts that failed, and the
    messages that were left where they are. Nothing is deleted on the word of ``next``: it may be older than a message,
    or made up.
    """

    def __init__(
        self,
        request: Request,
        *,
        queue: DeadLetterQueue,
        delivery: Delivery,
        budget: Budget,
        maximum_age: float,
        ask_sap: Callable[[], object],
    ) -> None:
        """:param ask_sap: raises an error of errors.py when SAP is not there"""
        self.report = Report(
            request,
            "received",
            "delivered",
            "duplicates",
            "failed",
            "would_send",
            "too_old",
            "not_matching",
            "not_an_event",
            "left",
        )
        self._request = request
        self._queue = queue
        self._delivery = delivery
        self._budget = budget
        hours = request.get("maximum_age")
        self._maximum_age = timedelta(hours=maximum_age if hours is None else hours)
        self._delivered = set(request.position.get("delivered", [])) if request.dry_run else set()
        self._failed = set(request.position.get("failed", []))
        self._left = set(request.position.get("left", []))
        self._hidden: dict[str, DeadLetter] = {}
        self._ask_sap = ask_sap
        self._sap_failures = self._function_failures = 0

    def run(self) -> Report:
        try:
            if not self._request.dry_run:
                self._delivery.check()
            self._walk()
        except DeliveryStopped as stop:
            self.report.stop(stop.why, type(stop).__name__)
        finally:
            self._queue.give_back(list(self._hidden.values()))
        return self.report

    def _walk(self) -> None:
        while self._budget.is_left():
            letters = self._queue.receive(self._budget.until_killed() + _HIDDEN_BEYOND)
            if not letters:
                return
            # Whatever happens from here on, those that are not deleted are given back.
            self._hidden |= {letter.message_id: letter for letter in letters}
            for letter in letters:
                if not self._budget.is_left() or self.report.stopped:
                    break
                self._handle(letter)
            if self.report.stopped:
                return
        self.report.go_on_from(
            {
                **({"delivered": sorted(self._delivered)} if self._request.dry_run else {}),
                "failed": sorted(self._failed),
                "left": sorted(self._left),
            }
        )

    def _handle(self, letter: DeadLetter) -> None:
        if _short(letter.message_id) in self._left:
            return
        self.report.count("received")
        if letter.event is None or letter.contact_id is None:
            self._leave(letter, "not_an_event", reason=letter.reason)
        elif not self._matches(letter):
            self._leave(letter, "not_matching", listed=False)
        elif self._maximum_age and datetime.now(UTC) - letter.sent_at > self._maximum_age:
            self._leave(letter, "too_old", reason=letter.reason)
        elif _turn(letter) in self._failed:
            self._leave(letter, None, listed=False)
        elif _turn(letter) in self._delivered:
            self._remove_duplicate(letter)
        elif self._request.dry_run:
            self._delivered.add(_turn(letter))
            self._leave(letter, "would_send", reason=letter.reason)
        else:
            self._deliver(letter, letter.contact_id, letter.event)

    def _matches(self, letter: DeadLetter) -> bool:
        """Say whether a message fits all filters that were given."""
        ids, reasons = self._request.get("contact_ids"), self._request.get("reasons")
        after, before = self._request.get("sent_after"), self._request.get("sent_before")
        return (
            (ids is None or str(letter.contact_id).lower() in ids)
            and (reasons is None or letter.reason in reasons)
            and (after is None or letter.sent_at >= after)
            and (before is None or letter.sent_at < before)
        )

    def _deliver(self, letter: DeadLetter, contact_id: str, event: dict[str, Any]) -> None:
        result = self._delivery.deliver(event)
        if result.error is None:
            self._delete(letter)
            self._delivered.add(_turn(letter))
            self._sap_failures = self._function_failures = 0
            self.report.count("delivered")
            self.report.add_contact(contact_id, "delivered", result.outcome)
            return
        self._failed.add(_turn(letter))
        self._leave(letter, "failed", reason=result.error)
        self._consider_stop(result.error)

    def _consider_stop(self, error: str) -> None:
        """Stop when every further contact would fail as well; one that fails by itself must not hold up the rest."""
        self._sap_failures = self._sap_failures + 1 if error in _ASK_SAP_AFTER else 0
        self._function_failures = self._function_failures + 1 if error in _FUNCTION_FAILS else 0
        if error in _STOP_AT_ONCE:
            self.report.stop("SapDown" if error.startswith("Sap") else "DeliveryFails", error)
        elif self._function_failures == _FUNCTION_FAILURES:
            self.report.stop("DeliveryFails", error)
        elif self._sap_failures == _SAP_FAILURES:
            self._sap_failures = 0
            try:
                self._ask_sap()
            except SummaryError as failure:
                self.report.stop("SapDown", type(failure).__name__)

    def _remove_duplicate(self, letter: DeadLetter) -> None:
        """The delivery looks at the contact as it is, not at the event: one event has done the work of the others."""
        if self._request.dry_run:
            self._leave(letter, "duplicates", listed=False)
        else:
            self._delete(letter)
            self.report.count("duplicates")

    def _delete(self, letter: DeadLetter) -> None:
        self._queue.delete(letter)
        del self._hidden[letter.message_id]

    def _leave(
        self, letter: DeadLetter, outcome: str | None, *, reason: str | None = None, listed: bool = True
    ) -> None:
        self._left.add(_short(letter.message_id))
        self.report.count("left")
        if outcome:
            self.report.count(outcome)
            if listed:
                self.report.add_contact(letter.contact_id, outcome, reason, sent_at=_iso(letter.sent_at))


def _turn(letter: DeadLetter) -> str:
    """Name what is done once in a run. The event of a failed analysis is no stand-in for one of a later, good one."""
    return _short(f"{letter.contact_id}{'/failed' if letter.kind == 'failed' else ''}")


def _short(name: str) -> str:
    """Shorten an id, for a token that may hold thousands."""
    return hashlib.sha256(name.lower().encode()).hexdigest()[:12]


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
