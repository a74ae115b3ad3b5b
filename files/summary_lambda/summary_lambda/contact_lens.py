# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Connect's side: the event, the contact and its Contact Lens files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from .errors import ContactNotConnected
from .errors import EventInvalid
from .errors import SummaryNotReady

if TYPE_CHECKING:
    from botocore.client import BaseClient

_CONTACT_ARN = re.compile(
    r"(?P<instance>arn:[^:]+:connect:[^:]+:\d{12}:instance/(?P<instance_id>[^/]+))/contact/(?P<id>[^/]+)"
)
_DETAIL_TYPES = ("Contact Lens Post Call Rules Matched", "Contact Lens Post Chat Rules Matched")
_FOLDERS = {"VOICE": "Analysis/Voice", "CHAT": "Analysis/Chat"}
_SUMMARY_FEATURE = "POST_CONTACT_SUMMARY"


@dataclass(frozen=True)
class ContactReference:
    """Which contact an event is about."""

    instance_arn: str
    instance_id: str
    contact_id: str


@dataclass(frozen=True)
class Summary:
    """Exactly one of both is set: the text, or why there will never be one."""

    text: str | None = None
    skipped: str | None = None


def parse_event(event: Any) -> ContactReference:
    """Find the contact in a post-call or post-chat rule event (connect-api 12.1).

    ``contactArn`` alone is enough: ``agentArn``, ``queueArn`` and ``instanceArn`` may be missing.

    :raises EventInvalid: another kind of event, or no ARN of a contact in it
    """
    detail = event.get("detail") if isinstance(event, dict) else None
    if not isinstance(detail, dict):
        raise EventInvalid("The event has no detail object")
    if event.get("detail-type") not in _DETAIL_TYPES:
        raise EventInvalid(f"The event's detail-type is none of: {', '.join(_DETAIL_TYPES)}")
    arn = detail.get("contactArn")
    match = _CONTACT_ARN.fullmatch(arn) if isinstance(arn, str) else None
    if match is None:
        raise EventInvalid("The event's detail.contactArn is not the ARN of a contact")
    return ContactReference(match["instance"], match["instance_id"], match["id"])


def describe_prefixes(connect: BaseClient, contact: ContactReference, *, outputs: tuple[str, ...]) -> list[str]:
    """Tell where the contact's analysis files are, in the order of ``outputs`` (``original``, ``redacted``).

    The date is that of ConnectedToAgentTimestamp in UTC, not that of the event or of the call's beginning
    (connect-api 12.2).

    :raises EventInvalid: neither a voice nor a chat contact
    :raises ContactNotConnected: no agent was connected, as far as Amazon Connect knows by now
    """
    answer = connect.describe_contact(InstanceId=contact.instance_id, ContactId=contact.contact_id)["Contact"]
    folder = _FOLDERS.get(answer.get("Channel"))
    if folder is None:
        raise EventInvalid(f"Contact {contact.contact_id} is on channel {answer.get('Channel')}, not on VOICE or CHAT")
    connected: datetime | None = (answer.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp")
    if connected is None:
        raise ContactNotConnected(f"Contact {contact.contact_id} has no ConnectedToAgentTimestamp")
    day = connected.astimezone(UTC).strftime("%Y/%m/%d")
    inner = {"original": "", "redacted": "/Redacted"}
    return [f"{folder}{inner[output]}/{day}/{contact.contact_id}_analysis" for output in outputs]


def read_summary(s3: BaseClient, bucket: str, prefixes: list[str], *, contact_id: str) -> Summary:
    """Read the summary from the newest analysis file under the first prefix that has one.

    :raises SummaryNotReady: no file, or no file with a summary or the reason why there will be none
    """
    skipped = None
    files = 0
    for document in _documents(s3, bucket, prefixes):
        files += 1
        contents = list(_post_contact_summaries(document))
        for content in contents:
            text = content.get("Content")
            if isinstance(text, str) and text.strip():
                return Summary(text=text.strip())
        skipped = skipped or _skip_reason(document, contents)
    if skipped:
        return Summary(skipped=skipped)
    reason = "has an analysis file without a summary" if files else "has no analysis file yet"
    raise SummaryNotReady(f"Contact {contact_id} {reason}")


def _documents(s3: BaseClient, bucket: str, prefixes: list[str]) -> Iterator[dict[str, Any]]:
    for prefix in prefixes:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        files = [file for file in listed if file["Key"].endswith(".json")]
        if files:
            # The time in the name does not tell which analysis is the newest: it is that of the call.
            newest = max(files, key=lambda file: (file["LastModified"], file["Key"]))
            yield _parse(s3.get_object(Bucket=bucket, Key=newest["Key"])["Body"].read())


def _parse(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _post_contact_summaries(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Both places that are known (connect-api 12.3); AutoGenerated is unconfirmed."""
    summary = _member(_member(document, "ConversationCharacteristics"), "ContactSummary")
    yield _member(summary, "PostContactSummary")
    yield _member(_member(summary, "AutoGenerated"), "PostContactSummary")


def _skip_reason(document: dict[str, Any], contents: list[dict[str, Any]]) -> str | None:
    """Files have an entry in JobDetails.SkippedAnalysis; a FAILED status is the API's form, inferred for files."""
    skipped = _member(document, "JobDetails").get("SkippedAnalysis")
    for entry in skipped if isinstance(skipped, list) else []:
        if isinstance(entry, dict) and entry.get("Feature") == _SUMMARY_FEATURE:
            return str(entry.get("ReasonCode") or "UNKNOWN")
    for content in contents:
        if content.get("Status") == "FAILED":
            return str(content.get("FailureCode") or "UNKNOWN")
    return None


def _member(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}
