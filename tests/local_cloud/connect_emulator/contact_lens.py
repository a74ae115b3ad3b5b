# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recordings and Contact Lens files of an ended contact (connect-api 12.2 and 12.3)."""

from __future__ import annotations

import io
import json
import re
import wave
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any

from .flow_language.interpreter import Recording
from .state import Context
from .state import Instance
from .state import Record

STORAGE = {"VOICE": "CALL_RECORDINGS", "CHAT": "CHAT_TRANSCRIPTS"}
VERSIONS = {"VOICE": "1.1.0", "CHAT": "CHAT-2022-11-30"}
DEFAULT_LANGUAGE = "en-US"
SUMMARY_FEATURE = "POST_CONTACT_SUMMARY"
_SENSITIVE = {
    "EMAIL": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "PHONE": re.compile(r"\+\d[\d ()-]{6,}\d"),
    "NUMBER": re.compile(r"\b\d{4,}\b"),
}


@dataclass(frozen=True)
class Conversation:
    """A contact that an agent had. ``summary`` None: the service could not write one, for the reason given.

    ``summary_pending``: the file comes before the summary and has neither it nor a reason: inferred, connect-api 12.3.
    """

    contact_id: str
    channel: str
    account: str
    connected_at: datetime
    seconds: float
    recording: Recording
    summary: str | None = None
    summary_failure: str = "INSUFFICIENT_CONVERSATION_CONTENT"
    summary_pending: bool = False
    transcript: tuple[tuple[str, str], ...] = ()


@dataclass
class StoredFile:
    """An object for the bucket."""

    key: str
    body: bytes
    content_type: str
    metadata: dict[str, str] = field(default_factory=dict)


def storage_config(instance: Instance, channel: str) -> dict[str, Any] | None:
    """Return the S3Config where recordings or transcripts of a channel go, None when none is set."""
    record: Record | None = instance.store("storage_configs").find(STORAGE[channel])
    return record.data.get("S3Config") if record else None


def is_analysed(instance: Instance, conversation: Conversation) -> bool:
    """Say whether Contact Lens analyses the contact: asked for by the flow, allowed by the instance, recorded."""
    recording = conversation.recording
    if not recording.analytics or instance.attributes.get("CONTACT_LENS") != "true":
        return False
    return conversation.channel != "VOICE" or {"Agent", "Customer"} <= set(recording.participants)


def recording_files(conversation: Conversation, prefix: str) -> list[StoredFile]:
    """Return the recording of a call, or the transcript of a chat, under the prefix of the storage configuration.

    With redaction to RedactedOnly the original is not kept.
    """
    day = conversation.connected_at.strftime("%Y/%m/%d")
    stamp = conversation.connected_at.strftime("%Y%m%dT%H:%M_UTC")
    stem = "/".join(part for part in (prefix.strip("/"), day, f"{conversation.contact_id}_{stamp}") if part)
    if _only_redacted(conversation.recording):
        return []
    if conversation.channel == "CHAT":
        return [StoredFile(f"{stem}.json", _json(_chat_transcript(conversation)), "application/json")]
    if not conversation.recording.participants:
        return []
    return [StoredFile(f"{stem}.wav", _silence(), "audio/wav")]


def analysis_files(conversation: Conversation, categories: list[str]) -> list[StoredFile]:
    """Return the analysis, original or redacted or both; they lie at the root of the bucket, not under the prefix."""
    folder = f"Analysis/{conversation.channel.title()}"
    day = conversation.connected_at.strftime("%Y/%m/%d")
    stamp = conversation.connected_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    files = []
    if not _only_redacted(conversation.recording):
        key = f"{folder}/{day}/{conversation.contact_id}_analysis_{stamp}.json"
        files.append(StoredFile(key, _json(analysis(conversation, categories)), "application/json"))
    if conversation.recording.redaction:
        stem = f"{folder}/Redacted/{day}/{conversation.contact_id}"
        redacted = _json(analysis(conversation, categories, redacted=True))
        files.append(StoredFile(f"{stem}_analysis_redacted_{stamp}.json", redacted, "application/json"))
        if conversation.channel == "VOICE":
            files.append(StoredFile(f"{stem}_call_recording_redacted_{stamp}.wav", _silence(), "audio/wav"))
    return files


def analysis(conversation: Conversation, categories: list[str], redacted: bool = False) -> dict[str, Any]:
    """Return the document of the analysis file."""
    recording = conversation.recording

    def shown(text: str) -> str:
        return _redact(text, recording.mask_mode) if redacted else text

    milliseconds = int(conversation.seconds * 1000)
    step = milliseconds // max(len(conversation.transcript), 1)
    characteristics: dict[str, Any] = {
        "TotalConversationDurationMillis": milliseconds,
        "Sentiment": {"OverallSentiment": {"AGENT": 0, "CUSTOMER": 0}},
        "Interruptions": {"InterruptionsByInterrupter": {}, "TotalCount": 0, "TotalTimeMillis": 0},
        "NonTalkTime": {"TotalTimeMillis": 0, "Instances": []},
        "TalkSpeed": {"DetailsByParticipant": {role: {"AverageWordsPerMinute": 120} for role in ("AGENT", "CUSTOMER")}},
        "TalkTime": {"TotalTimeMillis": milliseconds, "DetailsByParticipant": {}},
    }
    document: dict[str, Any] = {
        "Version": VERSIONS[conversation.channel],
        "AccountId": conversation.account,
        "Channel": conversation.channel,
        "ContentMetadata": {"Output": "Redacted", "RedactionTypes": ["PII"]} if redacted else {"Output": "Raw"},
        "JobStatus": "COMPLETED",
        "LanguageCode": recording.language or DEFAULT_LANGUAGE,
        "Participants": [{"ParticipantId": role, "ParticipantRole": role} for role in ("AGENT", "CUSTOMER")],
        "Categories": {
            "MatchedCategories": categories,
            "MatchedDetails": {name: {"PointsOfInterest": []} for name in categories},
        },
        "ConversationCharacteristics": characteristics,
        "CustomModels": [],
        "Transcript": [
            {
                "Id": f"{conversation.contact_id}-{position}",
                "ParticipantId": role,
                "Content": shown(text),
                "BeginOffsetMillis": position * step,
                "EndOffsetMillis": (position + 1) * step,
                "Sentiment": "NEUTRAL",
                "LoudnessScore": [70],
            }
            for position, (role, text) in enumerate(conversation.transcript)
        ],
    }
    if "PostContact" in recording.summary_modes and not conversation.summary_pending:
        if conversation.summary is None:
            skipped = {"Feature": SUMMARY_FEATURE, "ReasonCode": conversation.summary_failure, "SkippedEntities": []}
            document["JobDetails"] = {"SkippedAnalysis": [skipped]}
        else:
            summary = {"PostContactSummary": {"Content": shown(conversation.summary)}}
            characteristics["ContactSummary"] = summary
    return document


async def store(context: Context, config: dict[str, Any], files: list[StoredFile]) -> None:
    """Put files into the bucket of a storage configuration, encrypted as it says."""
    encryption = config.get("EncryptionConfig")
    options = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": encryption["KeyId"]} if encryption else {}
    for file in files:
        await context.call_aws(
            "s3",
            "put_object",
            Bucket=config["BucketName"],
            Key=file.key,
            Body=file.body,
            ContentType=file.content_type,
            **options,
        )


def _only_redacted(recording: Recording) -> bool:
    return recording.analytics and recording.redaction and recording.redaction_results == "RedactedOnly"


def _redact(text: str, mask_mode: str) -> str:
    for entity, pattern in _SENSITIVE.items():
        text = pattern.sub(f"[{entity}]" if mask_mode == "EntityType" else "[PII]", text)
    return text


def _chat_transcript(conversation: Conversation) -> dict[str, Any]:
    messages = [
        {"ParticipantId": role, "ParticipantRole": role, "Type": "MESSAGE", "Content": text}
        for role, text in conversation.transcript
    ]
    return {"Version": "2019-08-26", "ContactId": conversation.contact_id, "Transcript": messages}


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def _silence() -> bytes:
    """Return a fifth of a second of silence, longer than the service's minimum of 105 ms (connect-api 12.1)."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 1600)
    return target.getvalue()
