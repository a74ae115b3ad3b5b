# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What reconcile and backfill do with each contact: compare, and send what SAP has not."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from ..errors import AwsUnavailable
from ..errors import SapAnswerInvalid
from ..errors import SapRefused
from ..errors import SapThrottled
from ..errors import SapUnauthorized
from ..errors import SapUnavailable
from ..errors import SummaryError
from ..runtime import Runtime
from ..sap import SapClient
from .analysis_files import AnalysedContact
from .comparison import Finding
from .comparison import ask_sap
from .comparison import compare_contact
from .comparison import find_owner
from .dead_letters import DeadLetterQueue
from .delivery import Delivery
from .delivery import make_event
from .errors import DeliveryStopped
from .pace import Budget
from .report import Report
from .request import Request

_SAP_DOWN = (SapUnavailable, SapThrottled, SapUnauthorized)
# One contact's own, or everybody's: SAP is asked which.
_DOUBTFUL = (SapUnavailable, SapAnswerInvalid, SapRefused)
COUNTED = (
    "contacts",
    "same",
    "kept",
    "skipped",
    "not_ready",
    "no_record",
    "waiting",
    "other_instance",
    "no_agent",
    "before",
    "sent",
    "would_send",
)
# In order, or nothing that anybody could do something about: counted, not listed.
_UNLISTED = ("same", "not_ready", "waiting", "other_instance", "before")


class Sweep:
    """Goes through contacts, each once, until the time, the number or SAP's patience ends."""

    def __init__(
        self,
        request: Request,
        report: Report,
        *,
        runtime: Runtime,
        sap: SapClient,
        queue: DeadLetterQueue,
        delivery: Delivery,
        budget: Budget,
        not_before: datetime | None,
        send_without_record: bool,
    ) -> None:
        self._request = request
        self._report = report
        self._runtime = runtime
        self._sap = sap
        self._queue = queue
        self._delivery = delivery
        self._budget = budget
        self._not_before = not_before
        self._send_without_record = send_without_record
        self._handled: set[str] = set()

    def can_go_on(self) -> bool:
        return self._budget.is_left() and self._report.stopped is None

    def handle(self, contact: AnalysedContact) -> bool:
        """Do what the contact needs; return False when it could not be done now, and ``stopped`` says why."""
        if contact.contact_id in self._handled:
            return True
        try:
            outcome, reason = self._outcome(contact)
        except _SAP_DOWN as error:
            self._report.stop("SapDown", type(error).__name__)
            return False
        except AwsUnavailable as error:
            self._report.stop("AwsUnavailable", type(error).__name__)
            return False
        except DeliveryStopped as error:
            self._report.stop(error.why, type(error).__name__)
            return False
        self._handled.add(contact.contact_id)
        self._report.count("contacts")
        self._report.count(outcome)
        if outcome == "skipped":
            self._report.give_reason(reason or "UNKNOWN")
        if outcome not in _UNLISTED:
            self._report.add_contact(contact.contact_id, outcome, reason)
        return True

    def _outcome(self, contact: AnalysedContact) -> tuple[str, str | None]:
        finding = self._compare(contact)
        wanted = ("missing", "no_record") if self._send_without_record else ("missing",)
        if finding.outcome not in wanted:
            return finding.outcome, finding.reason
        if contact.contact_id in self._waiting:
            return "waiting", finding.reason
        owner = find_owner(contact.contact_id, runtime=self._runtime, not_before=self._not_before)
        if owner.instance_arn is None:
            return owner.refusal or "other_instance", None
        if self._request.dry_run:
            return "would_send", finding.reason
        self._delivery.send(make_event(owner.instance_arn, contact.contact_id, self._request.action))
        return "sent", finding.reason

    def _compare(self, contact: AnalysedContact) -> Finding:
        """Compare; what SAP has against this one contact must not hold up the others, and delivery will tell of it.

        :raises SapUnavailable: SAP has something against everybody
        """
        try:
            return compare_contact(contact, runtime=self._runtime, sap=self._sap)
        except _DOUBTFUL as error:
            try:
                ask_sap(self._sap)
            except SummaryError as failure:
                raise SapUnavailable(f"SAP does not list either: {type(failure).__name__}") from error
            return Finding("missing", type(error).__name__)

    @cached_property
    def _waiting(self) -> set[str | None]:
        """The contacts that have a dead letter: redrive sends them, and to send them from here would make another."""
        letters, _complete = self._queue.peek(self._budget)
        return {letter.contact_id for letter in letters}
