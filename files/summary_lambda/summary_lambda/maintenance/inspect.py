# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a contact's summary is: every place on its way, each with its own error. Nothing is changed, no text shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..contact_lens import Analysis
from ..contact_lens import Contact
from ..contact_lens import describe_contact
from ..delivery import judge
from ..delivery import locate
from ..delivery import reference_of
from ..delivery import with_transcripts
from ..errors import ContactNotFound
from ..errors import SummaryError
from ..errors import SummaryNotReady
from ..runtime import Runtime
from ..sap import PhoneCall
from ..sap import SapClient
from ..text import Rendered
from ..text import holds
from ..text import render
from .dead_letters import DeadLetter
from .dead_letters import DeadLetterQueue
from .pace import Budget
from .report import Report
from .request import Request

Part = dict[str, Any]


def make_report(request: Request) -> Report:
    return Report(request, "contacts")


def inspect(
    request: Request,
    report: Report,
    *,
    runtime: Runtime,
    find_sap: Callable[[], SapClient],
    queue: DeadLetterQueue,
    budget: Budget,
) -> None:
    """Report each of the contacts."""
    letters = _part(lambda: _peek(queue, budget))
    for contact_id in request.get("contact_ids"):
        item = _inspect_one(contact_id, runtime=runtime, find_sap=find_sap)
        item["dead_letters"] = _letters_of(contact_id, letters)
        report.count("contacts")
        report.contacts.append(item)


def show_time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def _part(look: Callable[[], Part]) -> Part:
    """Look at one place; an error there is that place's answer."""
    try:
        return look()
    except SummaryError as error:
        return {"state": "error", "error": type(error).__name__, "message": str(error)}


def _inspect_one(contact_id: str, *, runtime: Runtime, find_sap: Callable[[], SapClient]) -> Part:
    found: dict[str, Any] = {}

    def look_at_contact() -> Part:
        contact, arn = _find_contact(contact_id, runtime)
        if contact is None:
            return {"state": "unknown", "error": None}
        found["contact"] = contact
        return {
            "state": "found" if contact.connected_at else "not_connected",
            "error": None,
            "channel": contact.channel,
            "initiated_at": show_time(contact.initiated_at),
            "connected_at": show_time(contact.connected_at),
            "disconnected_at": show_time(contact.disconnected_at),
            "instance_arn": arn,
        }

    def look_at_analysis() -> Part:
        if "contact" not in found:
            return {"state": "not_asked", "error": None}
        analysis = locate(found["contact"], runtime)
        if analysis is None:
            return {"state": "absent", "error": None, "files": []}
        return {"state": "found", "error": None, **_show_analysis(analysis, runtime, found)}

    def look_at_sap() -> Part:
        sap = find_sap()
        calls = with_transcripts(sap.find(reference_of(contact_id, runtime.environment)), sap, runtime)
        return {"error": None, **_show_calls(calls, runtime, found.get("rendered"))}

    item: Part = {"contact_id": contact_id, "outcome": "none", "reason": None}
    item["contact"] = _part(look_at_contact)
    item["analysis"] = _part(look_at_analysis)
    item["sap"] = _part(look_at_sap)
    item["outcome"] = item["sap"].get("would") or "none"
    errors = [item[part].get("error") for part in ("contact", "analysis", "sap")]
    item["reason"] = next((error for error in errors if error), item["analysis"].get("reason"))
    return item


def _find_contact(contact_id: str, runtime: Runtime) -> tuple[Contact | None, str | None]:
    for arn in runtime.environment.instance_arns:
        try:
            instance_id = arn.rpartition("/")[2]
            return describe_contact(runtime.connect, instance_id=instance_id, contact_id=contact_id), arn
        except ContactNotFound:
            continue
    return None, None


def _show_analysis(analysis: Analysis, runtime: Runtime, found: dict[str, Any]) -> Part:
    status = analysis.document.get("JobStatus")
    part: Part = {
        "files": [analysis.file.key],
        "modified_at": show_time(analysis.file.modified),
        "job_status": status if status in ("COMPLETED", "FAILED") else None,
        "summary": "missing",
        "reason": None,
        "characters": 0,
    }
    try:
        rendered = render(analysis, runtime.environment)
    except SummaryNotReady:
        return part
    except SummaryError as error:
        return {**part, "summary": "failed", "reason": type(error).__name__}
    found["rendered"] = rendered
    if rendered.reason:
        return {**part, "summary": "failed" if status == "FAILED" else "skipped", "reason": rendered.reason}
    return {**part, "summary": "present", "characters": len(rendered.text or "")}


def _show_calls(calls: list[PhoneCall], runtime: Runtime, rendered: Rendered | None) -> Part:
    records = [
        {
            "id": call.call_id,
            "status": "open" if call.is_open else "closed",
            "created_at": call.created_on or None,
            "updated_at": call.updated_on,
            "characters": len(call.transcript or ""),
            "transcript": _show_transcript(call, rendered),
        }
        for call in calls
    ]
    if not calls:
        return {"state": "absent", "matches": 0, "records": [], "transcript": None, "updated_at": None, "would": None}
    chosen, would = calls[0], None
    if rendered and rendered.text:
        chosen, decision = judge(calls, rendered, runtime.environment)
        would = decision.action
    shown = records[calls.index(chosen)]
    return {
        "state": "found",
        "matches": len(calls),
        "records": records,
        "transcript": shown["transcript"],
        "updated_at": shown["updated_at"],
        "would": would,
    }


def _show_transcript(call: PhoneCall, rendered: Rendered | None) -> str:
    text = (call.transcript or "").strip()
    if not text:
        return "empty"
    if rendered and rendered.text:
        if text == rendered.text:
            return "same"
        if holds(text, rendered.text):
            return "contains"
    return "other"


def _peek(queue: DeadLetterQueue, budget: Budget) -> Part:
    letters, complete = queue.peek(budget)
    return {"state": "found", "error": None, "letters": letters, "complete": complete}


def _letters_of(contact_id: str, looked: Part) -> Part:
    if looked["state"] == "error":
        return {**looked, "looked_at": 0, "complete": False, "messages": []}
    messages = [_show_letter(letter) for letter in looked["letters"] if (letter.contact_id or "").lower() == contact_id]
    return {
        "state": "found" if messages else "none",
        "error": None,
        "looked_at": len(looked["letters"]),
        "complete": looked["complete"],
        "messages": messages,
    }


def _show_letter(letter: DeadLetter) -> Part:
    return {
        "from": letter.came_from,
        "event": letter.kind,
        "reason": letter.reason,
        "message": letter.message,
        "sent_at": show_time(letter.sent_at),
        "receives": letter.receives,
    }
