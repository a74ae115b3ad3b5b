# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send what SAP has not of all contacts of some days, day by day and in the order of their ids."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

from ..runtime import Runtime
from .analysis_files import AnalysedContact
from .analysis_files import list_contacts
from .errors import MaintenanceRequestInvalid
from .report import Report
from .request import Request
from .sweep import COUNTED
from .sweep import Sweep


def make_report(request: Request) -> Report:
    return Report(request, *COUNTED)


def backfill(request: Request, report: Report, *, runtime: Runtime, sweep: Sweep) -> None:
    """Walk the days; stop where the time or the number ends, with the position in ``next``.

    :raises MaintenanceRequestInvalid: a period or position that makes no sense
    """
    begin, end = max(request.get("from"), request.get("not_before")), request.get("to")
    if request.get("to") <= request.get("from"):
        raise MaintenanceRequestInvalid("the end of the period is not after its start")
    day, after = _position(request, begin.date())
    maximum = request.get("maximum")
    while datetime(day.year, day.month, day.day, tzinfo=UTC) < end:
        for contact in _contacts(runtime, day):
            if contact.contact_id <= after or not _is_within(contact, begin, end):
                continue
            enough = maximum is not None and report.counts["sent"] + report.counts["would_send"] >= maximum
            if enough or not sweep.can_go_on() or not sweep.handle(contact):
                report.go_on_from({"day": day.isoformat(), "after": after})
                return
            after = contact.contact_id
        day, after = day + timedelta(days=1), ""


def _position(request: Request, first: date) -> tuple[date, str]:
    """Return the day and the contact after which to go on."""
    position = request.position
    if not position:
        return first, ""
    try:
        return date.fromisoformat(position["day"]), str(position["after"])
    except (KeyError, TypeError, ValueError):
        raise MaintenanceRequestInvalid("next does not come from an answer to backfill") from None


def _contacts(runtime: Runtime, day: date) -> list[AnalysedContact]:
    return list_contacts(runtime.s3, runtime.settings.bucket_name, day, outputs=runtime.environment.analysis_outputs)


def _is_within(contact: AnalysedContact, begin: datetime, end: datetime) -> bool:
    """Say whether the agent answered in the period. Without a time in the file's name, the day has to do."""
    connected_at = contact.connected_at
    if connected_at is None:
        return begin.date() <= contact.day <= end.date()
    return begin <= connected_at < end
