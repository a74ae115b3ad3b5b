# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the summaries whose event never came: EventBridge takes Amazon Connect's events as best it can, no more.

Each analysis file is compared with SAP once, some time after it was written, when its own event has had its turn. The
cursor moves past what was done and no further: a run that dies is repeated, which costs requests and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from ..aws import translated
from ..metrics import emit
from ..runtime import Runtime
from ..text import SUMMARY_OFF
from .analysis_files import AnalysedContact
from .analysis_files import list_contacts
from .cursor import Cursor
from .cursor import Progress
from .report import Report
from .request import Request
from .sweep import COUNTED
from .sweep import Sweep

# The folder is that of the day on which the agent answered; an analysis may come after midnight, or late.
_DAYS_BACK = 2
_PAGE = 100
# SearchContacts takes at most eight weeks.
_LONGEST_SEARCH = timedelta(days=50)


def make_report(request: Request) -> Report:
    return Report(request, *COUNTED, "ended", "analysed")


def reconcile(
    request: Request,
    report: Report,
    *,
    runtime: Runtime,
    sweep: Sweep,
    cursor: Cursor,
    not_before: datetime | None,
    absence_minimum: int,
) -> None:
    """Go from the cursor to the files that have settled, or as far as the time allows."""
    # S3 counts whole seconds: of the present one there may be more to come.
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    progress = cursor.read()
    if progress is None:
        if not request.dry_run:
            # Calls from before the deployment are nobody's business.
            cursor.write(Progress(max(now, not_before or now)))
        return
    since = max(progress.cursor, not_before or progress.cursor)
    until = now - timedelta(minutes=runtime.environment.settle_minutes)
    if until <= since:
        return
    contacts = _modified_since(runtime, since)
    settled = [contact for contact in contacts if contact.modified <= until]
    reached = _walk(sweep, settled, since=since, until=until)
    report.count("analysed", sum(contact.modified <= reached for contact in settled))
    if not contacts:
        report.count("ended", _count_ended(runtime, since, reached))
    without_summary = _without_summary(progress.without_summary, report, analysed=bool(contacts))
    if not request.dry_run:
        cursor.write(Progress(reached, without_summary))
    if contacts:
        # Only now: there is a page for every hundred of them, and after a long pause that may outlast the run. With the
        # cursor where it was, every further run would begin and end in the same place.
        report.count("ended", _count_ended(runtime, since, reached))
    if not request.dry_run:
        _emit(runtime, report, silent=0 < absence_minimum <= without_summary)
    if reached < until:
        report.go_on_from({})


def _without_summary(before: int, report: Report, *, analysed: bool) -> int:
    """Count on the conversations since the last one whose summary came by itself.

    What is switched off or replaced makes no error: a setting of the instance or a flow (no analysis comes), the flow's
    summaries (none is in it), a rule of Contact Lens or of EventBridge (no event comes, and all is sent from here).
    """
    counts = report.counts
    if counts["same"] or counts["kept"] or counts["waiting"]:
        return 0
    if not analysed:
        return before + counts["ended"]
    return before + counts["sent"] + report.reasons.get(SUMMARY_OFF, 0)


def _walk(sweep: Sweep, contacts: list[AnalysedContact], *, since: datetime, until: datetime) -> datetime:
    """Handle the contacts in the order of their files; return up to which time all of them are done."""
    reached = since
    for number, contact in enumerate(contacts):
        if not sweep.can_go_on() or not sweep.handle(contact):
            # Others with the same time may still be to come.
            done = [before.modified for before in contacts[:number] if before.modified < contact.modified]
            return max([reached, *done])
    return until


def _modified_since(runtime: Runtime, since: datetime) -> list[AnalysedContact]:
    """Return the contacts with an analysis file that was written after a time, the oldest first."""
    day, found = since.date() - timedelta(days=_DAYS_BACK), []
    while day <= datetime.now(UTC).date():
        listed = list_contacts(
            runtime.s3, runtime.settings.bucket_name, day, outputs=runtime.environment.analysis_outputs
        )
        found += [contact for contact in listed if contact.modified > since]
        day += timedelta(days=1)
    return sorted(found, key=lambda contact: (contact.modified, contact.contact_id))


def _count_ended(runtime: Runtime, since: datetime, until: datetime) -> int:
    """Count the calls and chats with an agent that ended in a period, analysed or not."""
    if until <= since:
        # A run that stopped at once. SearchContacts need not take a time range without any time in it
        return 0
    since = max(since, until - _LONGEST_SEARCH)
    return sum(
        (contact.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp") is not None
        and since < contact["DisconnectTimestamp"] <= until
        for arn in runtime.environment.instance_arns
        for contact in _search(runtime, arn, since, until)
    )


def _search(runtime: Runtime, instance_arn: str, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    question = {
        "InstanceId": instance_arn.rpartition("/")[2],
        "TimeRange": {"Type": "DISCONNECT_TIMESTAMP", "StartTime": since, "EndTime": until},
        "SearchCriteria": {"Channels": ["VOICE", "CHAT"]},
        "MaxResults": _PAGE,
    }
    with translated("SearchContacts"):
        for page in runtime.connect.get_paginator("search_contacts").paginate(**question):
            yield from page["Contacts"]


def _emit(runtime: Runtime, report: Report, *, silent: bool) -> None:
    emit(
        runtime.environment,
        {
            "ContactsEnded": report.counts["ended"],
            "ContactsAnalysed": report.counts["analysed"],
            "SummariesMissing": report.counts["sent"],
            "SilentPeriods": int(silent),
        },
    )
