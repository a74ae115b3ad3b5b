# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of one event: contact, analysis file, text, SAP."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

from . import text
from .contact_lens import Analysis
from .contact_lens import Contact
from .contact_lens import describe_contact
from .contact_lens import find_file
from .contact_lens import read_analysis
from .deadline import Deadline
from .errors import AnalysisNotFound
from .errors import ContactNotEnded
from .errors import PhoneCallNotFound
from .errors import SapConflict
from .errors import SummaryError
from .errors import SummaryNotReady
from .events import ContactEvent
from .log import InvocationLog
from .runtime import Runtime
from .sap import PhoneCall
from .sap import SapClient
from .settings import Environment
from .text import Decision
from .text import Rendered

# A reason of our own: the conversation is from before the time that the settings name.
BEFORE_START = "BEFORE_START"
# Between looks for a file or a summary that is late. Longer waits are Lambda's own: a minute, then two.
_WAITS = (2.0, 5.0)
_CONFLICT_ATTEMPTS = 5
_MOST_READ = 5


@dataclass(frozen=True)
class Outcome:
    """How an event ended.

    ``outcome`` is ``written``, ``unchanged`` (SAP has the summary already), ``kept`` (a text in SAP stands against it),
    ``skipped`` (there is no summary and never will be) or ``ignored`` (a contact of another instance). ``reason`` tells
    why it was kept or skipped.
    """

    outcome: str
    reason: str | None = None
    phone_call_id: str | None = None
    # Seconds from hang-up to SAP; of a written summary only.
    delay: float | None = None

    def shown(self) -> dict[str, Any]:
        """Return what the log and the invoker get to see."""
        shown = {"outcome": self.outcome, "reason": self.reason, "phone_call_id": self.phone_call_id}
        return {name: value for name, value in shown.items() if value is not None}


def deliver(event: ContactEvent, runtime: Runtime, *, deadline: Deadline, log: InvocationLog) -> Outcome:
    """Bring the summary of the event's contact into SAP, or tell why there is nothing to bring.

    :raises SummaryError: it is neither done nor settled; see errors.py
    """
    environment = runtime.environment
    if environment.instance_arns and event.instance_arn not in environment.instance_arns:
        return Outcome("ignored")
    with log.step("settings"):
        runtime.prepare()
    contact = None
    # The event of a failed analysis tells all but when its contact began.
    if not event.failure or environment.not_before:
        with log.step("contact"):
            contact = describe_contact(runtime.connect, instance_id=event.instance_id, contact_id=event.contact_id)
            too_early = contact.began_before(environment.not_before)
            if event.kind == "realtime" and contact.disconnected_at is None and not too_early:
                raise ContactNotEnded(f"Contact {event.contact_id} goes on")
        if too_early:
            return Outcome("skipped", BEFORE_START)
    if event.failure:
        rendered = text.render_reason(event.failure, environment)
    else:
        with log.step("summary") as details:
            rendered = _await_summary(contact, runtime, deadline)
            details["found"] = rendered.reason is None
    if rendered.text is None:
        return Outcome("skipped", rendered.reason)

    sap = runtime.sap(deadline)
    with log.step("phone_call") as details:
        calls = sap.find(reference_of(event.contact_id, environment))
        details["matches"] = len(calls)
        if not calls:
            raise PhoneCallNotFound(f"SAP has no phone call of contact {event.contact_id}")
        call, decision = judge(with_transcripts(calls, sap, runtime), rendered, environment)
        details["phone_call_id"] = call.call_id
    with log.step("transcript") as details:
        outcome, kept = _settle(sap, call, decision, rendered, environment=environment, deadline=deadline)
        details["result"] = outcome
        if outcome == "written" and runtime.lists_show_transcripts is None:
            _learn(call, sap, runtime)
    if rendered.reason is not None:
        return Outcome("skipped", rendered.reason, call.call_id)
    return Outcome(outcome, kept, call.call_id, _delay(contact) if outcome == "written" else None)


def reference_of(contact_id: str, environment: Environment) -> str:
    """Form the ExternalReferenceID as the CTI connector does: both must use one format (sap-cti 1.2)."""
    return contact_id.replace("-", "").upper() if environment.reference_format == "compact" else contact_id


def locate(contact: Contact, runtime: Runtime) -> Analysis | None:
    """Look once for the contact's analysis, and read it."""
    bucket = runtime.settings.bucket_name
    file = find_file(runtime.s3, bucket, contact, runtime.environment.analysis_outputs)
    return read_analysis(runtime.s3, bucket, file) if file else None


def judge(calls: Sequence[PhoneCall], rendered: Rendered, environment: Environment) -> tuple[PhoneCall, Decision]:
    """Choose among the phone calls of one reference: one that has the text already, else the first.

    So a repeated event comes to the same end, also when the calls have changed their order since.
    """
    decisions = [(call, text.compare(call.transcript, rendered, environment)) for call in calls]
    return next((pair for pair in decisions if pair[1].action == text.SAME), decisions[0])


def with_transcripts(calls: list[PhoneCall], sap: SapClient, runtime: Runtime) -> list[PhoneCall]:
    """Read the records by themselves, the first few of them, unless lists are known to show transcripts.

    Whether this service's lists leave texts out is not known. An agent's text would be taken for none, and be lost.
    A member without a text in it shows nothing: a list may have it for all records alike.
    """
    if any(call.transcript for call in calls):
        runtime.lists_show_transcripts = True
    if runtime.lists_show_transcripts:
        return calls
    return [sap.read(call) for call in calls[:_MOST_READ]]


def _learn(call: PhoneCall, sap: SapClient, runtime: Runtime) -> None:
    """See whether the list shows the transcript just written: if so, later events need not read single records."""
    try:
        listed = [found for found in sap.find(call.reference) if found.call_id == call.call_id]
    except SummaryError:
        return
    if listed:
        runtime.lists_show_transcripts = bool(listed[0].transcript)


def _await_summary(contact: Contact, runtime: Runtime, deadline: Deadline) -> Rendered:
    """Look for the summary, and after short waits again: each time for the newest file, which is read anew.

    :raises AnalysisNotFound: there is still no file
    :raises SummaryNotReady: there is still no summary in it
    """
    waits = iter(_WAITS)
    while True:
        try:
            analysis = locate(contact, runtime)
            if analysis is None:
                raise AnalysisNotFound(f"Contact {contact.contact_id} has no analysis file yet")
            return text.render(analysis, runtime.environment)
        except (AnalysisNotFound, SummaryNotReady):
            wait = next(waits, None)
            if wait is None or not deadline.pause(wait):
                raise


def _settle(
    sap: SapClient,
    call: PhoneCall,
    decision: Decision,
    rendered: Rendered,
    *,
    environment: Environment,
    deadline: Deadline,
) -> tuple[str, str | None]:
    """Carry the decision out, and return the outcome with its reason.

    After a conflict the record is read and judged again: an agent may have written into it.
    """
    conflicts = 0
    while decision.action == text.WRITE:
        try:
            sap.write(call, decision.transcript or "")
            return "written", None
        except SapConflict:
            conflicts += 1
            if conflicts == _CONFLICT_ATTEMPTS or not deadline.pause(random.uniform(0.2, 0.6) * conflicts):
                raise
        call = sap.read(call)
        decision = text.compare(call.transcript, rendered, environment)
    if decision.action == text.KEEP:
        return "kept", decision.reason
    # The update had arrived, only its answer had not; the conflict came from the next try.
    return "written" if conflicts else "unchanged", None


def _delay(contact: Contact | None) -> float | None:
    ended = contact.disconnected_at if contact else None
    return max(0.0, (datetime.now(UTC) - ended).total_seconds()) if ended else None
