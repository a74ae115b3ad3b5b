# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recordings and Contact Lens files of simulated contacts (connect-api 12.2, 12.3)."""

from __future__ import annotations

import io
import wave

import pytest

from .call_site import BUCKET
from .call_site import CallSite
from .call_site import action
from .call_site import record
from .call_site import to_queue

START = "2026-03-01T10:00:00Z"


@pytest.fixture
def site(emulator, connect, instance):
    return CallSite(emulator, connect, instance)


def call(site, block=None, **request):
    """Deploy a flow with a recording block and place a call."""
    site.deploy(block or record(), *to_queue(site.queue_arn))
    return site.call(started_at=START, **request)


def redacted(results):
    return record(AnalyticsRedactionBehavior="Enabled", AnalyticsRedactionResults=results)


def kinds(answer):
    """Return the keys without what is of the contact."""
    return {key.replace(answer["contact_id"], "ID") for key in answer["files"]}


RECORDING = "connect/test/CallRecordings/2026/03/01/ID_20260301T10:00_UTC.wav"
ORIGINAL = "Analysis/Voice/2026/03/01/ID_analysis_2026-03-01T10:00:10Z.json"
REDACTED = "Analysis/Voice/Redacted/2026/03/01/ID_analysis_redacted_2026-03-01T10:00:10Z.json"
REDACTED_RECORDING = "Analysis/Voice/Redacted/2026/03/01/ID_call_recording_redacted_2026-03-01T10:00:10Z.wav"


def test_the_analysis_lies_at_the_root_and_the_recording_under_the_prefix(site):
    assert kinds(call(site)) == {RECORDING, ORIGINAL}


def test_original_and_redacted(site):
    assert kinds(call(site, redacted("RedactedAndOriginal"))) == {RECORDING, ORIGINAL, REDACTED, REDACTED_RECORDING}


def test_redacted_only(site):
    assert kinds(call(site, redacted("RedactedOnly"))) == {REDACTED, REDACTED_RECORDING}


def test_results_without_redaction_mean_nothing(site):
    block = record(AnalyticsRedactionBehavior="Disabled", AnalyticsRedactionResults="RedactedOnly")
    assert kinds(call(site, block)) == {RECORDING, ORIGINAL}


def test_without_analysis_there_is_only_the_recording(site):
    assert kinds(call(site, record(Enabled="False"))) == {RECORDING}
    only_recording = action(
        "record",
        "UpdateContactRecordingBehavior",
        "queue",
        RecordingBehavior={"RecordedParticipants": ["Agent", "Customer"]},
    )
    assert kinds(call(site, only_recording)) == {RECORDING}


def test_a_flow_that_does_not_record_leaves_nothing(site):
    nothing = action(
        "record", "UpdateContactRecordingBehavior", "queue", RecordingBehavior={"RecordedParticipants": []}
    )
    assert call(site, nothing)["files"] == []
    site.deploy(*to_queue(site.queue_arn))
    assert site.call()["files"] == []


def test_an_instance_without_contact_lens_analyses_nothing(site):
    site.connect.update_instance_attribute(InstanceId=site.instance, AttributeType="CONTACT_LENS", Value="false")
    assert kinds(call(site)) == {RECORDING}


def test_without_storage_there_is_nothing(site):
    config = site.connect.list_instance_storage_configs(InstanceId=site.instance, ResourceType="CALL_RECORDINGS")
    site.connect.disassociate_instance_storage_config(
        InstanceId=site.instance,
        AssociationId=config["StorageConfigs"][0]["AssociationId"],
        ResourceType="CALL_RECORDINGS",
    )
    answer = call(site)
    assert (answer["agent"], answer["files"], answer["bucket"]) == ("agent", [], None)


def test_a_bucket_that_is_gone_is_a_problem_and_stops_the_rules(site):
    site.add_rule()
    site.deploy(record(), *to_queue(site.queue_arn))
    del site.emulator.buckets[BUCKET]
    answer = site.call()
    assert answer["files"] == answer["matched_rules"] == answer["events"] == []
    assert BUCKET in answer["problems"][0]


def test_the_analysis_document(site):
    answer = call(site, duration=40)
    document = site.stored(site.analysis_key(answer))
    assert document["Version"] == "1.1.0"
    assert document["AccountId"] == "111111111111"
    assert document["Channel"] == "VOICE"
    assert document["ContentMetadata"] == {"Output": "Raw"}
    assert document["JobStatus"] == "COMPLETED"
    assert document["LanguageCode"] == "en-GB"
    assert {item["ParticipantRole"] for item in document["Participants"]} == {"AGENT", "CUSTOMER"}
    assert document["Categories"] == {"MatchedCategories": [], "MatchedDetails": {}}
    assert document["CustomModels"] == []
    characteristics = document["ConversationCharacteristics"]
    assert characteristics["TotalConversationDurationMillis"] == 40000
    assert {"Sentiment", "Interruptions", "NonTalkTime", "TalkSpeed", "TalkTime"} <= set(characteristics)
    summary = {"PostContactSummary": {"Content": "The customer asked about an order."}}
    assert characteristics["ContactSummary"] == summary
    assert "JobDetails" not in document
    first = document["Transcript"][0]
    assert {"Id", "ParticipantId", "Content", "BeginOffsetMillis", "EndOffsetMillis"} <= set(first)
    assert document["Transcript"][-1]["EndOffsetMillis"] == 40000


def test_the_transcript_of_the_request(site):
    answer = call(site, transcript=[["AGENT", "Hello"], ["CUSTOMER", "Bye"]])
    spoken = site.stored(site.analysis_key(answer))["Transcript"]
    assert [(item["ParticipantId"], item["Content"]) for item in spoken] == [("AGENT", "Hello"), ("CUSTOMER", "Bye")]


def test_no_summary_was_asked_for(site):
    document = site.stored(site.analysis_key(call(site, record(SummaryConfiguration=None))))
    assert "ContactSummary" not in document["ConversationCharacteristics"]
    assert "JobDetails" not in document


def test_a_summary_that_could_not_be_written_is_told_in_the_job_details(site):
    document = site.stored(site.analysis_key(call(site, summary=None)))
    assert "ContactSummary" not in document["ConversationCharacteristics"]
    (skipped,) = document["JobDetails"]["SkippedAnalysis"]
    assert skipped["Feature"] == "POST_CONTACT_SUMMARY"
    assert skipped["ReasonCode"] == "INSUFFICIENT_CONVERSATION_CONTENT"
    document = site.stored(site.analysis_key(call(site, summary=None, summary_failure="QUOTA_EXCEEDED")))
    assert document["JobDetails"]["SkippedAnalysis"][0]["ReasonCode"] == "QUOTA_EXCEEDED"


@pytest.mark.parametrize(("mode", "mask"), [("PII", "[PII]"), ("EntityType", "[EMAIL]")])
def test_redacted_words_are_masked(site, mode, mask):
    block = record(
        AnalyticsRedactionBehavior="Enabled",
        AnalyticsRedactionResults="RedactedAndOriginal",
        AnalyticsRedactionMaskMode=mode,
    )
    text = "Write to ann@example.com"
    answer = call(site, block, summary=text, transcript=[["CUSTOMER", text]])
    original = site.stored(site.analysis_key(answer))
    masked = site.stored(next(key for key in answer["files"] if "_analysis_redacted_" in key))
    assert original["Transcript"][0]["Content"] == text
    assert masked["Transcript"][0]["Content"] == f"Write to {mask}"
    assert masked["ContentMetadata"] == {"Output": "Redacted", "RedactionTypes": ["PII"]}
    characteristics = masked["ConversationCharacteristics"]
    assert characteristics["ContactSummary"]["PostContactSummary"]["Content"] == f"Write to {mask}"


def test_matched_rules_are_the_categories(site):
    site.add_rule("First")
    site.add_rule("Second")
    categories = site.stored(site.analysis_key(call(site)))["Categories"]
    assert categories["MatchedCategories"] == ["First", "Second"]
    assert set(categories["MatchedDetails"]) == {"First", "Second"}


def test_a_recording_is_sound_that_is_long_enough(site):
    answer = call(site)
    with wave.open(io.BytesIO(site.emulator.objects[BUCKET, answer["files"][0]])) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.105


def test_a_chat_goes_to_the_storage_of_transcripts(site):
    flow = site.deploy(record(), *to_queue(site.queue_arn))
    answer = site.call(channel="CHAT", contact_flow=flow, started_at=START)
    assert kinds(answer) == {
        "connect/test/ChatTranscripts/2026/03/01/ID_20260301T10:00_UTC.json",
        "Analysis/Chat/2026/03/01/ID_analysis_2026-03-01T10:00:10Z.json",
    }
    document = site.stored(site.analysis_key(answer))
    assert document["Channel"] == "CHAT"
    assert "PostContactSummary" in document["ConversationCharacteristics"]["ContactSummary"]
    transcript = site.stored(next(key for key in answer["files"] if "ChatTranscripts" in key))
    assert transcript["ContactId"] == answer["contact_id"]
    only_voice = record(ChannelConfiguration={"Voice": {"AnalyticsModes": ["PostContact"]}})
    site.deploy(only_voice, *to_queue(site.queue_arn))
    answer = site.call(channel="CHAT", contact_flow=flow, started_at=START)
    assert not any(key.startswith("Analysis/") for key in answer["files"])


def test_a_chat_has_a_redacted_file_too(site):
    flow = site.deploy(redacted("RedactedOnly"), *to_queue(site.queue_arn))
    answer = site.call(channel="CHAT", contact_flow=flow, started_at=START)
    assert kinds(answer) == {"Analysis/Chat/Redacted/2026/03/01/ID_analysis_redacted_2026-03-01T10:00:10Z.json"}


def test_files_are_encrypted_as_the_storage_says(site, monkeypatch):
    key = "arn:aws:kms:eu-west-2:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    site.emulator.keys[key] = "SYMMETRIC_DEFAULT"
    config = site.connect.list_instance_storage_configs(InstanceId=site.instance, ResourceType="CALL_RECORDINGS")
    site.connect.update_instance_storage_config(
        InstanceId=site.instance,
        AssociationId=config["StorageConfigs"][0]["AssociationId"],
        ResourceType="CALL_RECORDINGS",
        StorageConfig={
            "StorageType": "S3",
            "S3Config": {
                "BucketName": BUCKET,
                "BucketPrefix": "p",
                "EncryptionConfig": {"EncryptionType": "KMS", "KeyId": key},
            },
        },
    )
    seen = []
    s3 = site.emulator.aws_services["s3"]("111111111111", "eu-west-2")
    monkeypatch.setattr(s3, "put_object", lambda **request: seen.append(request))
    site.emulator.aws_services["s3"] = lambda account, region: s3
    call(site)
    assert {(item["ServerSideEncryption"], item["SSEKMSKeyId"]) for item in seen} == {("aws:kms", key)}
