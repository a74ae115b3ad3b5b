# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where is the summary of this contact? Private to this collection.

`look_at_contact` gathers what is known, `conclude` decides from that alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from .._connect.errors import ConnectError
from .causes import BEFORE_START
from .causes import CAUSES
from .causes import SAP_FAILURES
from .causes import SUMMARY_OFF
from .causes import Cause
from .causes import help_for
from .evidence import Invocation
from .evidence import ask_maintenance
from .evidence import invocations_of
from .links import Links
from .links import Step
from .links import check_links
from .links import look_at_links
from .module import Report
from .module import Services

# How long an analysis may take (40 % of the call's length, connect-api 12.2), and Lambda's own retries (1 + 2 minutes).
_ANALYSIS_MINUTES = 60
_RETRY_MINUTES = 10
# A dead letter lives for 14 days; a search of more of the log than can hold something takes long.
_LONGEST_WAIT = timedelta(days=15)
_MAXIMUM_FLOWS = 50
_CONTACT_ID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})", re.IGNORECASE)
_REASONS = {
    "INSUFFICIENT_CONVERSATION_CONTENT": "too little was said (INSUFFICIENT_CONVERSATION_CONTENT)",
    "QUOTA_EXCEEDED": "the quota of summaries was used up (QUOTA_EXCEEDED)",
    "FAILED_SAFETY_GUIDELINES": "its text failed the safety guidelines (FAILED_SAFETY_GUIDELINES)",
    "RECORDING_FILE_TOO_SMALL": "the recording is too short (RECORDING_FILE_TOO_SMALL)",
}


@dataclass
class Facts:
    """What is known about one contact; what could not be looked at has its reason in `problems`."""

    contact_id: str
    now: datetime
    links: Links
    # Empty: unknown to Amazon Connect
    contact: dict[str, Any] = field(default_factory=dict)
    other_instance: str | None = None
    flows_ask_for_analysis: bool | None = None
    inspection: dict[str, Any] = field(default_factory=dict)
    invocations: list[Invocation] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def connected_at(self) -> datetime | None:
        return (self.contact.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp")

    @property
    def minutes_since_end(self) -> int:
        ended = self.contact.get("DisconnectTimestamp")
        return int((self.now - ended).total_seconds() // 60) if ended else 0

    @property
    def analysis(self) -> dict[str, Any]:
        return self.inspection.get("analysis") or {}

    @property
    def sap(self) -> dict[str, Any]:
        return self.inspection.get("sap") or {}

    @property
    def dead_letters(self) -> list[dict[str, Any]]:
        return (self.inspection.get("dead_letters") or {}).get("messages") or []

    @property
    def arrived(self) -> bool:
        """Whether the event passed the rules: then it does not matter how they are now."""
        return bool(self.invocations or self.dead_letters)


class Trace(Report):
    """The way of one contact's summary."""

    def results(self, services: Services, params: Mapping[str, Any]) -> dict[str, Any]:
        contact_id = contact_id_of(params["contact_id"])
        instance_id = services.instance_id(params["instance"])
        facts = look_at_contact(services, params, instance_id=instance_id, contact_id=contact_id)
        steps = describe_steps(facts)
        cause = conclude(facts, steps)
        return {"trace": _result(facts, steps, cause)}


# Look


def look_at_contact(services: Services, params: Mapping[str, Any], *, instance_id: str, contact_id: str) -> Facts:
    """Gather everything that is known about a contact, as far as the credentials go."""
    names = {"function": params["function_name"], "event_rule": params["event_rule_name"]}
    links = look_at_links(services, instance_id=instance_id, names=names)
    facts = Facts(contact_id=contact_id, now=datetime.now(UTC), links=links)
    facts.contact = _describe_contact(services, instance_id, contact_id) or {}
    if not facts.contact:
        facts.other_instance = _find_elsewhere(services, instance_id, contact_id)
        return facts

    def attempt(part: str, look: Callable[[], None]) -> None:
        try:
            look()
        except ConnectError as error:
            facts.problems[part] = error.message

    attempt("inspection", lambda: _inspect(services, params["maintenance_function_name"], facts))
    attempt("invocation", lambda: _read_invocations(services, facts))
    if facts.analysis.get("state") == "absent":
        attempt("flows", lambda: _read_flows(services, instance_id, facts))
    return facts


def contact_id_of(reference: str) -> str:
    """Return the id of a contact, which SAP may have in capitals and without dashes.

    :raises ConnectError: it looks like none
    """
    found = _CONTACT_ID.fullmatch(reference.strip())
    if found is None:
        raise ConnectError(
            f"'{reference}' is not the id of a contact. One looks like 8f1b6b0e-4a53-4a5f-9d5e-0d2d1e6f7a11, in SAP "
            "also without dashes and in capitals"
        )
    return "-".join(found.groups()).lower()


def _describe_contact(services: Services, instance_id: str, contact_id: str) -> dict[str, Any] | None:
    answer = services["connect"].describe(
        "describe_contact", InstanceId=instance_id, ContactId=contact_id, missing=("InvalidParameterException",)
    )
    return answer and answer["Contact"]


def _find_elsewhere(services: Services, instance_id: str, contact_id: str) -> str | None:
    for instance in services["connect"].pages("list_instances") or []:
        if instance["Id"] != instance_id and _describe_contact(services, instance["Id"], contact_id):
            return instance.get("InstanceAlias") or instance["Id"]
    return None


def _inspect(services: Services, function: str, facts: Facts) -> None:
    answer = ask_maintenance(services, function, {"action": "inspect", "contact_ids": [facts.contact_id]})
    facts.inspection = next((item for item in answer["contacts"] if item["contact_id"] == facts.contact_id), {})


def _read_invocations(services: Services, facts: Facts) -> None:
    since = facts.contact["InitiationTimestamp"] - timedelta(minutes=1)
    until = (facts.contact.get("DisconnectTimestamp") or facts.now) + _LONGEST_WAIT
    facts.invocations = invocations_of(
        services, facts.links.names["function"], facts.contact_id, since=since, until=until
    )


def _read_flows(services: Services, instance_id: str, facts: Facts) -> None:
    """Find out whether any published flow asks for an analysis; a contact does not tell which ones it passed."""
    flows = services["connect"].pages("list_contact_flows", InstanceId=instance_id) or []
    published = [flow for flow in flows if flow.get("ContactFlowStatus") == "PUBLISHED"]
    facts.flows_ask_for_analysis = None if len(published) > _MAXIMUM_FLOWS else False
    # Flows that somebody made come first: the defaults of the instance ask for nothing
    published.sort(key=lambda flow: flow.get("Name", "").startswith(("Default ", "Sample ")))
    for flow in published[:_MAXIMUM_FLOWS]:
        answer = services["connect"].describe("describe_contact_flow", InstanceId=instance_id, ContactFlowId=flow["Id"])
        if answer and '"AnalyticsBehavior"' in answer["ContactFlow"].get("Content", ""):
            facts.flows_ask_for_analysis = True
            return


# Conclude


def describe_steps(facts: Facts) -> list[Step]:
    """Return every part on the way in order, with what is known of it."""
    if not facts.contact:
        return [_contact_step(facts)]
    channel = facts.contact.get("Channel", "VOICE")
    queue_id = (facts.contact.get("QueueInfo") or {}).get("Id")
    links = check_links(facts.links, channel=channel, queue_id=queue_id)
    return [
        _contact_step(facts),
        _analysis_step(facts),
        *(_passed(step) if facts.arrived and step.name != "function" else step for step in links),
        _invocation_step(facts),
        _dead_letter_step(facts),
        _sap_step(facts),
    ]


def conclude(facts: Facts, steps: list[Step]) -> Cause:
    """Decide on the one cause."""
    by_name = {step.name: step for step in steps}
    contact, sap = by_name["contact"], by_name.get("sap")
    if contact.status == "stopped":
        return _cause(contact)
    if sap and facts.sap.get("would") in ("same", "keep"):
        return CAUSES["delivered" if facts.sap["would"] == "same" else "agents_text_kept"]
    if facts.invocations and facts.invocations[-1].reason == BEFORE_START:
        return CAUSES["before_start"]
    if by_name["analysis"].status == "stopped":
        return _cause(by_name["analysis"])
    if facts.invocations and facts.invocations[-1].outcome:
        return _after_success(facts, by_name)
    if facts.links.paused and facts.dead_letters:
        return _cause(by_name["function"])
    if facts.dead_letters or facts.invocations:
        return _after_failure(facts)
    for name in ("rule", "event", "function"):
        if by_name[name].status == "stopped":
            return _cause(by_name[name])
    # What could not be looked at may be what has stopped it
    unknown = [step for step in steps if step.status == "unknown"]
    if unknown:
        return CAUSES["cannot_tell"].filled(reason=unknown[0].text.rstrip("."))
    if sap and sap.cause and sap.status == "stopped":
        return _cause(sap)
    if facts.minutes_since_end < _RETRY_MINUTES:
        return CAUSES["on_its_way"].filled(minutes=facts.minutes_since_end)
    return CAUSES["event_lost"]


def _cause(step: Step) -> Cause:
    return CAUSES[step.cause].filled(**step.details)


def _after_success(facts: Facts, steps: Mapping[str, Step]) -> Cause:
    last = facts.invocations[-1]
    if last.outcome == "skipped":
        return CAUSES["no_summary_made"].filled(reason=_reason(last.reason))
    if last.outcome == "kept":
        return CAUSES["agents_text_kept"]
    if steps["sap"].status == "stopped" and steps["sap"].cause:
        return _cause(steps["sap"])
    if steps["sap"].status == "unknown":
        return CAUSES["delivered"]
    return CAUSES["changed_in_sap"].filled(time=_time(last.at))


def _after_failure(facts: Facts) -> Cause:
    """The function failed, or its dead letter says so: the reason, unless SAP as it is now says it better."""
    last = facts.invocations[-1] if facts.invocations else None
    letter = facts.dead_letters[-1] if facts.dead_letters else None
    error = (letter or {}).get("reason") or (last.error if last else None) or "an unknown error"
    if letter and letter.get("from") == "rule" and error == "NO_PERMISSIONS":
        return CAUSES["permission_missing"].filled(function=facts.links.names["function"])
    # SAP may be well again since
    if letter and error in SAP_FAILURES and facts.sap.get("state") != "found":
        return CAUSES[SAP_FAILURES[error]].filled(error=error)
    if letter:
        return CAUSES["delivery_failed"].filled(error=error, help=help_for(error))
    if last and last.error is None:
        return CAUSES["delivery_under_way"].filled(error="no answer")
    if last and facts.now - last.at < timedelta(minutes=_RETRY_MINUTES):
        died = last.error == "time-out" or str(last.error).startswith("Runtime.")
        return CAUSES["delivery_died" if died else "delivery_under_way"].filled(error=error)
    if error in SAP_FAILURES:
        return CAUSES[SAP_FAILURES[error]].filled(error=error)
    return CAUSES["delivery_failed_for_good"].filled(error=error, help=help_for(error))


# Steps


def _contact_step(facts: Facts) -> Step:
    if facts.other_instance:
        return Step(
            "contact",
            "stopped",
            f"The contact belongs to the instance {facts.other_instance}.",
            "contact_of_another_instance",
            {"other_instance": facts.other_instance},
        )
    if not facts.contact:
        return Step("contact", "stopped", "Amazon Connect knows no such contact.", "contact_unknown")
    kind = {"VOICE": "call", "CHAT": "chat"}.get(facts.contact.get("Channel", ""), "contact")
    ended = facts.contact.get("DisconnectTimestamp")
    if not ended:
        return Step("contact", "stopped", f"The {kind} has not ended yet.", "contact_not_ended")
    if not facts.connected_at:
        return Step(
            "contact",
            "stopped",
            f"The {kind} ended at {_time(ended)} without an agent.",
            "never_reached_an_agent",
        )
    return Step(
        "contact", "ok", f"The {kind} reached an agent at {_time(facts.connected_at)} and ended at {_time(ended)}."
    )


def _analysis_step(facts: Facts) -> Step:
    analysis = facts.analysis
    if "inspection" in facts.problems or analysis.get("state") in (None, "error", "not_asked"):
        return Step("analysis", "unknown", _problem(facts, analysis))
    if analysis["state"] == "absent":
        return _absent_analysis(facts)
    if analysis.get("job_status") == "FAILED" or analysis.get("summary") == "failed":
        reason = _reason(analysis.get("reason"))
        return Step("analysis", "stopped", f"The analysis failed: {reason}.", "analysis_failed", {"reason": reason})
    if analysis.get("reason") == SUMMARY_OFF:
        return Step("analysis", "stopped", "The analysis has no summary.", "summary_not_asked_for")
    if analysis.get("summary") == "skipped":
        reason = _reason(analysis.get("reason"))
        return Step("analysis", "stopped", f"No summary was made: {reason}.", "no_summary_made", {"reason": reason})
    if analysis.get("summary") == "missing":
        return Step("analysis", "stopped", "The analysis has no summary yet.", "summary_not_there_yet")
    return Step("analysis", "ok", f"The analysis of {_moment(analysis.get('modified_at'))} has a summary.")


def _absent_analysis(facts: Facts) -> Step:
    skipped = [item.reason for item in facts.invocations if item.outcome == "skipped"]
    failed = [reason for reason in skipped if reason not in (None, BEFORE_START)]
    if failed:
        reason = _reason(failed[-1])
        return Step("analysis", "stopped", f"The analysis failed: {reason}.", "analysis_failed", {"reason": reason})
    if facts.links.contact_lens is False:
        return Step("analysis", "stopped", "Contact Lens is switched off.", "contact_lens_disabled")
    if facts.flows_ask_for_analysis is False:
        reason = "no published flow of the instance asks for it"
    elif facts.minutes_since_end < _ANALYSIS_MINUTES:
        return Step(
            "analysis",
            "stopped",
            f"No analysis {facts.minutes_since_end} minutes after the end.",
            "analysis_not_there_yet",
            {"minutes": facts.minutes_since_end},
        )
    else:
        reason = (
            "the flows that it passed did not ask for it, or turned recording off, as for a customer who declined it"
        )
    return Step("analysis", "stopped", "There is no analysis.", "analysis_not_asked_for", {"reason": reason})


def _passed(step: Step) -> Step:
    """The contact's event came through, so a part that is broken now was not when it came."""
    return step if step.status == "ok" else Step(step.name, "ok", f"The event came through. Now: {step.text}")


def _invocation_step(facts: Facts) -> Step:
    if "invocation" in facts.problems:
        return Step("invocation", "unknown", facts.problems["invocation"])
    if not facts.invocations:
        text = "The function's log has no line about the contact."
        return Step("invocation", "stopped", text, "event_lost")
    last = facts.invocations[-1]
    number = len(facts.invocations)
    times = f"{number} attempts, the last at {_time(last.at)}" if number > 1 else f"One attempt at {_time(last.at)}"
    if last.outcome:
        reason = f" ({last.reason})" if last.reason else ""
        return Step("invocation", "ok", f"{times}: {last.outcome}{reason}.")
    return Step("invocation", "stopped", f"{times}: {last.error or 'not ended yet'}.")


def _dead_letter_step(facts: Facts) -> Step:
    letters = facts.inspection.get("dead_letters") or {}
    if "inspection" in facts.problems or letters.get("state") in (None, "error"):
        return Step("dead_letters", "unknown", _problem(facts, letters))
    if facts.dead_letters:
        last = facts.dead_letters[-1]
        text = f"The event waits as a dead letter since {_moment(last.get('sent_at'))}: {last.get('reason')}."
        return Step("dead_letters", "stopped", text)
    if not letters.get("complete", True):
        number = letters.get("looked_at")
        text = f"None of the {number} dead letters that were looked at is about the contact; there are more."
        return Step("dead_letters", "unknown", text)
    return Step("dead_letters", "ok", "No dead letter is about the contact.")


def _sap_step(facts: Facts) -> Step:
    sap = facts.sap
    if "inspection" in facts.problems or sap.get("state") in (None, "not_asked"):
        return Step("sap", "unknown", _problem(facts, sap))
    if sap["state"] == "error":
        code = SAP_FAILURES.get(sap.get("error") or "")
        text = f"SAP could not be asked: {sap.get('error')}."
        return Step("sap", "stopped" if code else "unknown", text, code, {"error": sap.get("error")})
    if sap["state"] == "absent":
        return Step("sap", "stopped", "SAP has no phone call with this reference.", "sap_has_no_record")
    said = {
        "same": "has the summary",
        "keep": "has a text that is kept",
        "write": "has no summary yet",
    }.get(sap.get("would") or "", "is there")
    several = f" ({sap['matches']} phone calls have the reference)" if sap.get("matches", 1) > 1 else ""
    status = "ok" if sap.get("would") in ("same", "keep") else "stopped"
    return Step("sap", status, f"The phone call {said}{several}.")


def _problem(facts: Facts, part: Mapping[str, Any]) -> str:
    if "inspection" in facts.problems:
        return facts.problems["inspection"]
    if part.get("error"):
        return f"It could not be looked at: {part['error']}."
    return "It was not looked at."


def _reason(code: str | None) -> str:
    return _REASONS.get(code or "", code or "Contact Lens gives no reason")


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _moment(text: str | None) -> str:
    return (text or "an unknown time").replace("T", " ")


def _result(facts: Facts, steps: list[Step], cause: Cause) -> dict[str, Any]:
    return {
        "contact_id": facts.contact_id,
        "cause": cause.code,
        "sentence": cause.sentence,
        "remedy": cause.remedy,
        "steps": [{name: value for name, value in asdict(step).items() if name in _SHOWN} for step in steps],
        "lines": [
            f"Contact {facts.contact_id}",
            *(f"{_MARKS[step.status]:8} {step.name.replace('_', ' '):13} {step.text}" for step in steps),
            f"Cause: {cause.sentence}",
            f"What to do: {cause.remedy}",
        ],
    }


_SHOWN = ("name", "status", "text")
_MARKS = {"ok": "ok", "stopped": "STOPPED", "unknown": "unknown"}
