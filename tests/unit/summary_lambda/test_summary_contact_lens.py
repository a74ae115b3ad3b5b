# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event, the contact, the choice of its analysis file and what is read from it."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest
from summary_fakes import BUCKET
from summary_fakes import CONTACT_ID
from summary_fakes import INSTANCE_ARN
from summary_fakes import INSTANCE_ID
from summary_fakes import PREFIX
from summary_fakes import SUMMARY
from summary_fakes import make_document
from summary_fakes import make_event
from summary_fakes import make_failure
from summary_lambda.contact_lens import Analysis
from summary_lambda.contact_lens import AnalysisFile
from summary_lambda.contact_lens import KeyParts
from summary_lambda.contact_lens import describe_contact
from summary_lambda.contact_lens import find_file
from summary_lambda.contact_lens import find_reason
from summary_lambda.contact_lens import find_summary
from summary_lambda.contact_lens import folders
from summary_lambda.contact_lens import parse_key
from summary_lambda.contact_lens import read_analysis
from summary_lambda.errors import EventInvalid
from summary_lambda.events import ContactEvent
from summary_lambda.events import parse_event

REDACTED_PREFIX = PREFIX.replace("Analysis/Voice", "Analysis/Voice/Redacted")
BOTH = ("original", "redacted")
CONTACT_ARN = f"{INSTANCE_ARN}/contact/{CONTACT_ID}"


def find(cloud, outputs=BOTH) -> AnalysisFile | None:
    contact = describe_contact(cloud.clients["connect"], instance_id=INSTANCE_ID, contact_id=CONTACT_ID)
    return find_file(cloud.clients["s3"], BUCKET, contact, outputs)


@pytest.mark.parametrize(
    ("detail_type", "kind"),
    [
        ("Contact Lens Post Call Rules Matched", "post_call"),
        ("Contact Lens Post Chat Rules Matched", "post_chat"),
        ("Contact Lens Realtime Rules Matched", "realtime"),
        ("Contact Lens Realtime Chat Rules Matched", "realtime"),
        ("Contact Lens Email Rules Matched", "email"),
    ],
)
def test_the_contact_arn_of_a_rule_event_is_enough(detail_type, kind):
    event = {"detail-type": detail_type, "detail": {"contactArn": f"{INSTANCE_ARN}/contact/c"}}
    assert parse_event(event) == ContactEvent(INSTANCE_ARN, INSTANCE_ID, "c", kind)


@pytest.mark.parametrize("contact", [CONTACT_ARN, CONTACT_ID])
def test_a_failed_analysis_tells_its_reason(contact):
    event = make_failure("RECORDING_FILE_EMPTY")
    event["detail"]["contact"] = contact
    assert parse_event(event) == ContactEvent(INSTANCE_ARN, INSTANCE_ID, CONTACT_ID, "failed", "RECORDING_FILE_EMPTY")


@pytest.mark.parametrize("code", [None, "", 7, "said by the customer"])
def test_an_unreadable_reason_of_a_failed_analysis_is_unknown(code):
    assert parse_event(make_failure(code)).failure == "UNKNOWN"


@pytest.mark.parametrize(("reason", "kind"), [("backfill", "backfill"), ("reconcile", "reconcile"), (7, "reconcile")])
def test_our_own_event_names_a_contact_that_is_missing(reason, kind):
    event = {"source": "amazon_connect.sap", "detail-type": "Summary Wanted"}
    event["detail"] = {"contactArn": CONTACT_ARN, "reason": reason}
    assert parse_event(event) == ContactEvent(INSTANCE_ARN, INSTANCE_ID, CONTACT_ID, kind)


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "text",
        {},
        {**make_event(), "detail": None},
        {**make_event(), "detail-type": "Amazon Connect Contact Event"},
        {**make_event(), "detail-type": ["Contact Lens Post Call Rules Matched"]},
        {**make_event(), "detail-type": "Summary Wanted"},
        make_event(contactArn=None),
        make_event(contactArn=7),
        make_event(contactArn=INSTANCE_ARN),
        make_event(contactArn=f"{INSTANCE_ARN}/contact/"),
        make_event(contactArn=f"{INSTANCE_ARN}/contact/a/b"),
        make_event(contactArn=f"{INSTANCE_ARN}/contact/a' or 1 eq 1"),
        make_event(contactArn=f"{INSTANCE_ARN}/agent/a"),
        {**make_failure("X"), "detail": {**make_failure("X")["detail"], "state": "STARTED"}},
        {**make_failure("X"), "detail": {**make_failure("X")["detail"], "contact": None}},
        {**make_failure("X"), "detail": {**make_failure("X")["detail"], "contact": "c", "instance": "i"}},
    ],
)
def test_other_events_are_errors(event):
    with pytest.raises(EventInvalid):
        parse_event(event)


@pytest.mark.parametrize(
    ("channel", "outputs", "expected"),
    [
        ("VOICE", BOTH, ["Analysis/Voice", "Analysis/Voice/Redacted"]),
        ("CHAT", BOTH, ["Analysis/Chat", "Analysis/Chat/Redacted"]),
        ("EMAIL", ("original",), ["Analysis/Email"]),
        ("VOICE", ("redacted",), ["Analysis/Voice/Redacted"]),
        ("CHAT", ("redacted", "original"), ["Analysis/Chat/Redacted", "Analysis/Chat"]),
    ],
)
def test_channel_and_outputs_choose_the_folders_and_the_agents_day_comes_first(cloud, channel, outputs, expected):
    cloud.contact(channel=channel)
    assert find(cloud, outputs) is None
    days = ["2026/03/10", "2026/03/11", "2026/03/09"]
    assert cloud.listed() == [f"{folder}/{day}/{CONTACT_ID}_analysis_" for day in days for folder in expected]


def test_other_channels_are_errors(cloud):
    cloud.contact(channel="TASK")
    with pytest.raises(EventInvalid, match="TASK"):
        find(cloud)


def test_of_files_of_one_second_the_later_name_is_taken(cloud):
    modified = datetime(2026, 3, 10, 14, 40, tzinfo=UTC)
    cloud.contact()
    for name in ("b", "a"):
        cloud.file(f"{PREFIX}_{name}.json", b"{}", modified)
    assert find(cloud) == AnalysisFile(f"{PREFIX}_b.json", modified)


def test_the_original_is_preferred_also_to_a_newer_redacted_one(cloud):
    cloud.contact()
    key = cloud.analysis(make_document(), modified=datetime.now(UTC) - timedelta(hours=1))
    cloud.analysis(make_document(), prefix=REDACTED_PREFIX)
    assert find(cloud).key == key


def test_another_contact_whose_id_begins_alike_is_not_taken(cloud):
    cloud.contact()
    cloud.file(f"{PREFIX.removesuffix('_analysis')}0_analysis_x.json", b"{}")
    cloud.file(f"{PREFIX}x.json", b"{}")
    assert find(cloud) is None


def test_a_file_that_is_gone_when_it_is_read_counts_as_not_there(cloud):
    file = AnalysisFile(f"{PREFIX}_a.json", datetime.now(UTC))
    assert read_analysis(cloud.clients["s3"], BUCKET, file) is None


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"7", b"[" * 100_000])
def test_an_unreadable_file_is_an_empty_document(cloud, content):
    file = AnalysisFile(f"{PREFIX}_a.json", datetime.now(UTC))
    cloud.file(file.key, content)
    assert read_analysis(cloud.clients["s3"], BUCKET, file) == Analysis(file, {})


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        (f"{PREFIX}_2026-03-10T14:30:00Z.json", KeyParts(CONTACT_ID, "VOICE", "original", date(2026, 3, 10))),
        (
            f"{REDACTED_PREFIX}_redacted_2026-03-10T14:30:00Z.json",
            KeyParts(CONTACT_ID, "VOICE", "redacted", date(2026, 3, 10)),
        ),
        (
            f"Analysis/Email/2026/03/10/{CONTACT_ID}_analysis_20260310T22:35_UTC.json",
            KeyParts(CONTACT_ID, "EMAIL", "original", date(2026, 3, 10)),
        ),
        (f"Analysis/Voice/2026/13/10/{CONTACT_ID}_analysis_x.json", None),
        (f"{REDACTED_PREFIX.removesuffix('_analysis')}_call_recording_redacted_2026-03-10T14:30:00Z.wav", None),
        (f"connect/alias/CallRecordings/2026/03/10/{CONTACT_ID}_20260310T14:30_UTC.wav", None),
        (f"{PREFIX}_x.json/y", None),
    ],
)
def test_the_key_of_a_file_tells_its_contact(key, parts):
    assert parse_key(key) == parts


def test_a_day_has_a_folder_for_each_channel_and_output():
    assert folders(date(2026, 3, 1), BOTH) == [
        "Analysis/Voice/2026/03/01/",
        "Analysis/Voice/Redacted/2026/03/01/",
        "Analysis/Chat/2026/03/01/",
        "Analysis/Chat/Redacted/2026/03/01/",
        "Analysis/Email/2026/03/01/",
        "Analysis/Email/Redacted/2026/03/01/",
    ]


@pytest.mark.parametrize(
    "summary",
    [
        {"PostContactSummary": {"Content": SUMMARY}},
        {"AutoGenerated": {"PostContactSummary": {"Content": f" {SUMMARY}\n"}}},
        {"PostContactSummary": {"Content": ""}, "AutoGenerated": {"PostContactSummary": {"Content": SUMMARY}}},
        {"ContactChainSummary": {"Content": SUMMARY}},
        {"PostContactSummary": {"Content": f"\x00{SUMMARY}\ud800"}},
    ],
)
def test_the_summary_is_found_in_every_known_place(summary):
    """Both fields of connect-api 12.3, and that of an e-mail."""
    assert find_summary({"ConversationCharacteristics": {"ContactSummary": summary}}) == SUMMARY


def skipped(*entries) -> dict:
    return {**make_document(None), "JobDetails": {"SkippedAnalysis": list(entries)}}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            skipped(
                {"Feature": "SENTIMENT", "ReasonCode": "OTHER"},
                {"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "INSUFFICIENT_CONVERSATION_CONTENT"},
            ),
            "INSUFFICIENT_CONVERSATION_CONTENT",
        ),
        (skipped({"Feature": "POST_CONTACT_SUMMARY"}), "UNKNOWN"),
        (skipped({"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "Grace Hopper said"}), "UNKNOWN"),
        (
            {
                "ConversationCharacteristics": {
                    "ContactSummary": {
                        "PostContactSummary": {"Status": "FAILED", "FailureCode": "FAILED_SAFETY_GUIDELINES"}
                    }
                }
            },
            "FAILED_SAFETY_GUIDELINES",
        ),
        ({"JobStatus": "FAILED"}, "ANALYSIS_FAILED"),
    ],
)
def test_a_summary_that_never_comes_is_told(document, reason):
    assert find_summary(document) is None
    assert find_reason(document) == reason


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"ConversationCharacteristics": None},
        {"ConversationCharacteristics": {"ContactSummary": []}},
        {"ConversationCharacteristics": {"ContactSummary": {"PostContactSummary": "text"}}},
        {"ConversationCharacteristics": {"ContactSummary": {"PostContactSummary": {"Content": 7}}}},
        {"JobDetails": {"SkippedAnalysis": ["POST_CONTACT_SUMMARY"]}},
        {"JobDetails": {"SkippedAnalysis": [{"Feature": "SENTIMENT"}]}},
    ],
)
def test_any_other_file_tells_nothing(document):
    assert (find_summary(document), find_reason(document)) == (None, None)
