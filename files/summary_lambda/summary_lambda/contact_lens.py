# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Connect's side: the contact and its Contact Lens files (connect-api 12.2 and 12.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any

from .aws import missing
from .aws import translated
from .errors import ContactNotFound
from .errors import EventInvalid

if TYPE_CHECKING:
    from botocore.client import BaseClient

FOLDERS = {"VOICE": "Analysis/Voice", "CHAT": "Analysis/Chat", "EMAIL": "Analysis/Email"}
_OUTPUTS = {"original": "", "redacted": "/Redacted"}
_KEY = re.compile(
    r"Analysis/(?P<channel>Voice|Chat|Email)(?P<redacted>/Redacted)?/(?P<day>\d{4}/\d\d/\d\d)/"
    r"(?P<contact>[\w-]+?)_analysis_[^/]*\.json",
    re.ASCII,
)
_SUMMARY_FEATURE = "POST_CONTACT_SUMMARY"
# Nothing that a JSON text can hold but a form field of SAP may refuse: control characters, half surrogate pairs.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REASON_CODE = re.compile(r"\w{1,64}", re.ASCII)


@dataclass(frozen=True)
class Contact:
    """What DescribeContact tells of a contact; times are in UTC."""

    contact_id: str
    channel: str
    connected_at: datetime | None
    initiated_at: datetime | None
    disconnected_at: datetime | None

    @property
    def days(self) -> tuple[date, ...]:
        """The days in whose folders the files may be, the likeliest first.

        The folder's day is that of ConnectedToAgentTimestamp in UTC, not that of the event or of the call's beginning.
        Its neighbours stand in for a service that means another moment of the call; without an agent the days from the
        beginning to the end are all there is to go by (both inferred).
        """
        if self.connected_at:
            day = self.connected_at.date()
            return (day, day + timedelta(days=1), day - timedelta(days=1))
        known = [moment.date() for moment in (self.initiated_at, self.disconnected_at) if moment]
        return tuple(dict.fromkeys(known))

    def began_before(self, moment: datetime | None) -> bool:
        """Tell whether the contact is from before a moment; None is before everything."""
        began = self.initiated_at or self.connected_at
        return bool(moment and began and began < moment)


@dataclass(frozen=True)
class AnalysisFile:
    """An object with an analysis, and when it was written."""

    key: str
    modified: datetime


@dataclass(frozen=True)
class Analysis:
    """A file that was read. ``document`` is empty when there is no JSON object in it."""

    file: AnalysisFile
    document: dict[str, Any]


@dataclass(frozen=True)
class KeyParts:
    """What the key of an analysis file tells."""

    contact_id: str
    channel: str
    output: str
    day: date


def describe_contact(connect: BaseClient, *, instance_id: str, contact_id: str) -> Contact:
    """:raises ContactNotFound: there is no such contact
    :raises EventInvalid: it is on a channel that Contact Lens summarises nothing of
    """
    with translated("DescribeContact"):
        try:
            answer = connect.describe_contact(InstanceId=instance_id, ContactId=contact_id)["Contact"]
        except connect.exceptions.ResourceNotFoundException:
            raise ContactNotFound(f"Amazon Connect has no contact {contact_id}") from None
    channel = answer.get("Channel")
    if channel not in FOLDERS:
        raise EventInvalid(f"Contact {contact_id} is on channel {channel}, none of {', '.join(FOLDERS)}")
    return Contact(
        contact_id=contact_id,
        channel=channel,
        connected_at=_utc((answer.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp")),
        initiated_at=_utc(answer.get("InitiationTimestamp")),
        disconnected_at=_utc(answer.get("DisconnectTimestamp")),
    )


def folders(day: date, outputs: tuple[str, ...]) -> list[str]:
    """Return the folders of all channels for one day."""
    return [_folder(channel, output, day) for channel in FOLDERS for output in outputs]


def parse_key(key: str) -> KeyParts | None:
    """Take a key apart; None when it is not that of an analysis file."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    try:
        day = datetime.strptime(match["day"], "%Y/%m/%d").date()
    except ValueError:
        return None
    output = "redacted" if match["redacted"] else "original"
    return KeyParts(match["contact"], match["channel"].upper(), output, day)


def find_file(s3: BaseClient, bucket: str, contact: Contact, outputs: tuple[str, ...]) -> AnalysisFile | None:
    """Find the newest analysis file in the first folder that has one: day by day, in the order of ``outputs``."""
    for day in contact.days:
        for output in outputs:
            prefix = f"{_folder(contact.channel, output, day)}{contact.contact_id}_analysis_"
            files = [file for file in _list(s3, bucket, prefix) if file.key.endswith(".json")]
            if files:
                # The time in the name does not tell which analysis is the newest: it is that of the call.
                return max(files, key=lambda file: (file.modified, file.key))
    return None


def read_analysis(s3: BaseClient, bucket: str, file: AnalysisFile) -> Analysis | None:
    """Read a file; None when it is gone by now."""
    with translated("GetObject"):
        try:
            content = s3.get_object(Bucket=bucket, Key=file.key)["Body"].read()
        except s3.exceptions.ClientError as error:
            if missing(error):
                return None
            raise
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    return Analysis(file, document if isinstance(document, dict) else {})


def find_summary(document: dict[str, Any]) -> str | None:
    """Return the summary, from any of the places that are known."""
    for content in _summaries(document):
        text = content.get("Content")
        cleaned = _UNWANTED.sub("", text).strip() if isinstance(text, str) else ""
        if cleaned:
            return cleaned
    return None


def find_reason(document: dict[str, Any]) -> str | None:
    """Return why there will never be a summary; None when the file does not say so.

    Files have an entry in JobDetails.SkippedAnalysis. A FAILED status of the summary is the API's form, and a FAILED
    job without such an entry is not described: both are inferred.
    """
    skipped = _member(document, "JobDetails").get("SkippedAnalysis")
    for entry in skipped if isinstance(skipped, list) else []:
        if isinstance(entry, dict) and entry.get("Feature") == _SUMMARY_FEATURE:
            return _reason_code(entry.get("ReasonCode"))
    for content in _summaries(document):
        if content.get("Status") == "FAILED":
            return _reason_code(content.get("FailureCode"))
    if document.get("JobStatus") == "FAILED":
        return "ANALYSIS_FAILED"
    return None


def _folder(channel: str, output: str, day: date) -> str:
    return f"{FOLDERS[channel]}{_OUTPUTS[output]}/{day:%Y/%m/%d}/"


def _list(s3: BaseClient, bucket: str, prefix: str) -> Iterator[AnalysisFile]:
    """One page is enough: the prefix holds the contact's id, and there are few analyses of one contact."""
    with translated("ListObjectsV2"):
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return (AnalysisFile(file["Key"], file["LastModified"]) for file in listed)


def _summaries(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """AutoGenerated was seen by one observer only; ContactChainSummary is that of an e-mail."""
    summary = _member(_member(document, "ConversationCharacteristics"), "ContactSummary")
    yield _member(summary, "PostContactSummary")
    yield _member(_member(summary, "AutoGenerated"), "PostContactSummary")
    yield _member(summary, "ContactChainSummary")


def _member(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _reason_code(value: Any) -> str:
    return value if isinstance(value, str) and _REASON_CODE.fullmatch(value) else "UNKNOWN"


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
