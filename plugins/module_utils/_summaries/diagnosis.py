# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why are there no summaries since a time? Private to this collection.

`look_around` gathers figures and the state of every part, `first_broken_link` decides from that alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from .._connect.errors import ConnectError
from .causes import CAUSES
from .causes import SAP_FAILURES
from .causes import SUMMARY_OFF
from .causes import Cause
from .causes import help_for
from .changes import find_changes
from .evidence import ask_maintenance
from .figures import count_analysed
from .figures import count_contacts
from .figures import reasons_of
from .figures import sum_metrics
from .links import CHANNELS
from .links import Links
from .links import Step
from .links import check_links
from .links import look_at_links
from .module import Report
from .module import Services

_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
# What was changed shortly before is what one looks for
_BEFORE = timedelta(hours=24)
_NO_BREAK = ("all_in_order", "no_contacts")
_KINDS = {"VOICE": "calls", "CHAT": "chats"}


@dataclass
class Findings:
    """What is known; what could not be looked at has its reason in `problems`."""

    since: datetime
    now: datetime
    links: Links
    ended: dict[str, int] = field(default_factory=dict)
    analysed: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    probe: dict[str, Any] = field(default_factory=dict)
    disabled_schedules: list[str] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def channels(self) -> list[str]:
        """The channels that are to have summaries: those that a rule of Contact Lens serves, or else calls."""
        return [channel for channel in CHANNELS if any(rule.channel == channel for rule in self.links.rules)] or [
            "VOICE"
        ]

    def probed(self) -> dict[str, list[Step]]:
        """Return for each channel whether the event of a contact that ends now would pass."""
        return {channel: check_links(self.links, channel=channel) for channel in self.channels}


class Diagnosis(Report):
    """The way of all summaries since a time."""

    def results(self, services: Services, params: Mapping[str, Any]) -> dict[str, Any]:
        now = datetime.now(UTC)
        since = moment_of(params["since"], now)
        instance_id = services.instance_id(params["instance"])
        findings = look_around(services, params, instance_id=instance_id, since=since, now=now)
        return {"diagnosis": _result(findings, first_broken_link(findings))}


def moment_of(text: str, now: datetime) -> datetime:
    """Read a time of day, the last one there was, or a moment in ISO 8601; both in UTC unless it says otherwise."""
    if found := _TIME_OF_DAY.fullmatch(text.strip()):
        moment = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        return moment if moment <= now else moment - timedelta(days=1)
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise ConnectError(f"Failed to read since: '{text}' is neither HH:MM nor ISO 8601") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment > now:
        raise ConnectError(f"Failed to diagnose: {_text(moment)} is still to come")
    return moment


# Look


def look_around(
    services: Services, params: Mapping[str, Any], *, instance_id: str, since: datetime, now: datetime
) -> Findings:
    """Gather figures, the state of every part and what was changed, as far as the credentials go."""
    names = {"function": params["function_name"], "event_rule": params["event_rule_name"]}
    links = look_at_links(services, instance_id=instance_id, names=names)
    findings = Findings(since=since, now=now, links=links)

    def attempt(part: str, look: Callable[[], None]) -> None:
        try:
            look()
        except ConnectError as error:
            findings.problems[part] = error.message

    def ended() -> None:
        findings.ended = count_contacts(services, instance_id, since=since, now=now)

    def analysed() -> None:
        findings.analysed = count_analysed(services, instance_id, since=since, now=now)

    def probe() -> None:
        findings.probe = ask_maintenance(services, params["maintenance_function_name"], {"action": "probe"})

    attempt("contacts", ended)
    attempt("analyses", analysed)
    attempt("figures", lambda: _read_figures(services, findings))
    attempt("sap", probe)
    for name in params["schedule_rule_names"]:
        attempt(name, lambda name=name: _look_at_schedule(services, name, findings))
    findings.changes = find_changes(
        services, links, instance_id=instance_id, since=since - _BEFORE, problems=findings.problems
    )
    return findings


def _read_figures(services: Services, findings: Findings) -> None:
    names = findings.links.names
    variables = (findings.links.function.get("Environment") or {}).get("Variables", {})
    namespace = variables.get("METRICS_NAMESPACE") or "AmazonConnectSAP"
    environment = variables.get("ENVIRONMENT_NAME") or ""
    own = {"Environment": environment}
    metrics: dict[str, tuple[str, str, dict[str, str]]] = {
        "events": ("AWS/Events", "Invocations", {"RuleName": names["event_rule"]}),
        "events_failed": ("AWS/Events", "FailedInvocations", {"RuleName": names["event_rule"]}),
        "invocations": ("AWS/Lambda", "Invocations", {"FunctionName": names["function"]}),
        "errors": ("AWS/Lambda", "Errors", {"FunctionName": names["function"]}),
        "throttles": ("AWS/Lambda", "Throttles", {"FunctionName": names["function"]}),
        "delivered": (namespace, "SummariesDelivered", own),
        "skipped": (namespace, "ContactsSkipped", own),
        "failures": (namespace, "DeliveryFailures", own),
        "found_missing": (namespace, "SummariesMissing", own),
    }
    findings.figures = sum_metrics(services, metrics, since=findings.since, now=findings.now)
    for metric, found in (("DeliveryFailures", findings.failures), ("ContactsSkipped", findings.skipped)):
        by_reason = {
            reason: (namespace, metric, {**own, "Reason": reason})
            for reason in reasons_of(services, namespace, metric, environment)
        }
        sums = sum_metrics(services, by_reason, since=findings.since, now=findings.now)
        found |= {reason: number for reason, number in sums.items() if number}


def _look_at_schedule(services: Services, name: str, findings: Findings) -> None:
    rule = services["events"].describe("describe_rule", Name=name)
    if rule is None or rule.get("State") == "DISABLED":
        findings.disabled_schedules.append(name)


# Conclude


def first_broken_link(findings: Findings) -> Cause:
    """Decide on the first part, in the order of the way, that lets nothing pass."""
    links, probed = findings.links, findings.probed()
    if links.contact_lens is False:
        return CAUSES["contact_lens_disabled"]
    ended = sum(findings.ended.get(channel, 0) for channel in findings.channels)
    analysed = sum(findings.analysed.get(channel, 0) for channel in findings.channels)
    if ended and not analysed and "analyses" not in findings.problems:
        return CAUSES["nothing_analysed"].filled(ended=ended)
    for channel in findings.channels:
        for step in probed[channel]:
            if step.status == "stopped" and step.cause:
                return CAUSES[step.cause].filled(**step.details)
    return _behind_the_function(findings, ended=ended, analysed=analysed)


def _behind_the_function(findings: Findings, *, ended: int, analysed: int) -> Cause:
    figures, probe = findings.figures, findings.probe
    # Not the runs of the function: reconciliation runs it too
    if analysed and figures and not figures["events"]:
        return CAUSES["no_events"].filled(analysed=analysed)
    failed = next((step for step in probe.get("steps", []) if step["state"] == "error"), None)
    error = (probe.get("sap") or {}).get("error") or (failed or {}).get("error")
    if error in SAP_FAILURES:
        return CAUSES[SAP_FAILURES[error]].filled(error=error)
    if failed and failed["step"] == "settings":
        return CAUSES["settings_wrong"].filled(error=failed.get("message") or error)
    if findings.problems.get("sap"):
        return CAUSES["cannot_tell"].filled(reason=findings.problems["sap"].rstrip("."))
    if findings.failures and not figures["delivered"]:
        worst = max(findings.failures, key=lambda reason: findings.failures[reason])
        failures = sum(findings.failures.values())
        # Of one contact it is known whether SAP has a phone call by now, of many it is not
        no_record = worst == "PhoneCallNotFound"
        remedy = CAUSES["sap_has_no_record"].remedy if no_record else help_for(worst)
        return CAUSES["deliveries_fail"].filled(failures=failures, error=worst, help=remedy)
    if findings.skipped.get(SUMMARY_OFF) and not figures["delivered"]:
        return CAUSES["summaries_off"].filled(number=findings.skipped[SUMMARY_OFF])
    if queue := next(
        (step for step in probe.get("steps", []) if (step["step"], step["state"]) == ("queue", "error")), None
    ):
        return CAUSES["queue_out_of_reach"].filled(error=queue["error"])
    if findings.disabled_schedules:
        return CAUSES["schedule_disabled"].filled(schedule=findings.disabled_schedules[0])
    if findings.problems:
        return CAUSES["cannot_tell"].filled(reason=next(iter(findings.problems.values())).rstrip("."))
    if not ended and "contacts" not in findings.problems:
        return CAUSES["no_contacts"]
    return CAUSES["all_in_order"]


# Say


def _result(findings: Findings, cause: Cause) -> dict[str, Any]:
    waiting = findings.probe.get("dead_letters") or {}
    counts = {
        "ended": findings.ended,
        "analysed": findings.analysed,
        **findings.figures,
        "dead_letters": waiting.get("count"),
    }
    probed = {
        channel: [{"name": step.name, "status": step.status, "text": step.text} for step in steps]
        for channel, steps in findings.probed().items()
    }
    return {
        "since": findings.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "cause": cause.code,
        "sentence": cause.sentence,
        "remedy": cause.remedy,
        "counts": counts,
        "failures": findings.failures,
        "skipped": findings.skipped,
        "waiting": waiting.get("reasons") or {},
        "probe": probed,
        "sap": (findings.probe.get("sap") or {}).get("state", "unknown"),
        "changes": findings.changes,
        "problems": sorted(set(findings.problems.values()) | set(findings.links.problems.values())),
        "lines": _lines(findings, cause, waiting),
    }


def _lines(findings: Findings, cause: Cause, waiting: Mapping[str, Any]) -> list[str]:
    lines = [f"Since {_text(findings.since)}"]
    for text, counts in (("reached an agent", findings.ended), ("analysed by Contact Lens", findings.analysed)):
        numbers = ", ".join(f"{number} {_KINDS[channel]}" for channel, number in counts.items()) or "unknown"
        lines.append(f"{text}: {numbers}")
    for text, name in (
        ("events handed to the function", "events"),
        ("runs of the function", "invocations"),
        ("summaries delivered", "delivered"),
        ("contacts without a summary, for a reason", "skipped"),
        ("failed deliveries", "failures"),
        ("found missing by the reconciliation", "found_missing"),
    ):
        lines.append(f"{text}: {findings.figures.get(name, 'unknown')}{_reasons(findings, name)}")
    lines.append(f"dead letters that wait: {_known(waiting.get('count'))}{_listed(waiting.get('reasons') or {})}")
    lines += _part_lines(findings)
    lines += [f"Changed {change['at']}: {change['what']}" for change in findings.changes]
    none = "none. " if cause.code in _NO_BREAK else ""
    return [*lines, f"First broken link: {none}{cause.sentence}", f"What to do: {cause.remedy}"]


def _reasons(findings: Findings, name: str) -> str:
    return _listed({"failures": findings.failures, "skipped": findings.skipped}.get(name, {}))


def _known(count: int | None) -> str:
    return "unknown" if count is None else str(count)


def _listed(reasons: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{number} {reason}' for reason, number in sorted(reasons.items()))})" if reasons else ""


def _part_lines(findings: Findings) -> list[str]:
    lines = [
        f"Probe of {_KINDS[channel]}: {step.text}"
        for channel, steps in findings.probed().items()
        for step in steps
        if step.status != "ok"
    ]
    for step in findings.probe.get("steps", []):
        if step["state"] == "error":
            lines.append(f"Probe of SAP: {step['step'].replace('_', ' ')} failed with {step.get('error')}")
    kinds = " and ".join(_KINDS[channel] for channel in findings.channels)
    return lines or [f"Probe of {kinds}: every part would let them pass"]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
