# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answer of every action: how many, which contacts, and where to go on. No personal data."""

from __future__ import annotations

from typing import Any

from .request import Request
from .request import make_token


class Report:
    """Collects what became of the contacts of one run.

    ``contacts`` holds those that somebody may want to look at, not those that are in order; ``reasons`` counts why
    contacts rightly have no summary.
    """

    def __init__(self, request: Request, *counted: str) -> None:
        self._request = request
        self.counts = dict.fromkeys(counted, 0)
        self.reasons: dict[str, int] = {}
        self.contacts: list[dict[str, Any]] = []
        self.stopped: str | None = None
        self.stopped_by: str | None = None
        self.next: str | None = None

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] += number

    def give_reason(self, reason: str) -> None:
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def add_contact(self, contact_id: str | None, outcome: str, reason: str | None = None, **details: Any) -> None:
        self.contacts.append({"contact_id": contact_id, "outcome": outcome, "reason": reason, **details})

    def stop(self, why: str, reason: str) -> None:
        """Say that the run ended early: ``why`` in one word, and the error that showed it."""
        self.stopped, self.stopped_by = why, reason

    def go_on_from(self, position: dict[str, Any]) -> None:
        self.next = make_token(self._request.action, position)

    def answer(self) -> dict[str, Any]:
        return {
            "action": self._request.action,
            "dry_run": self._request.dry_run,
            "counts": self.counts,
            "reasons": self.reasons,
            "contacts": self.contacts,
            "stopped": self.stopped,
            "stopped_by": self.stopped_by,
            "next": self.next,
        }
