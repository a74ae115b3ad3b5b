# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults of the published sample's function (sap-cti 4.2): each shows that this one has it not."""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from email.utils import format_datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from summary_fakes import CONTACT_ID
from summary_fakes import DROPPED
from summary_fakes import ENVIRONMENT
from summary_fakes import INSTANCE_ARN
from summary_fakes import PASSWORD
from summary_fakes import PREFIX
from summary_fakes import SILENT
from summary_fakes import SUMMARY
from summary_fakes import Context
from summary_fakes import make_document
from summary_fakes import make_event
from summary_fakes import make_failure
from summary_lambda import errors
from summary_lambda import runtime as runtime_module
from summary_lambda import sap as sap_module
from summary_lambda.authentication import make_authentication
from summary_lambda.deadline import Deadline
from summary_lambda.settings import Environment
from summary_lambda.settings import Settings

SERVICE_PATH = "sap/c4c/api/v1/phone-service"


def make_client(sap):
    settings = Settings("b", sap.base_url, SERVICE_PATH, "technical-user", {"password": PASSWORD})
    signing = make_authentication(Environment.read(ENVIRONMENT), settings)
    session = requests.Session()
    signing.mount(session)
    return sap_module.SapClient(sign_in=lambda **_options: (settings, signing, session), deadline=Deadline(Context()))


def test_a_call_ends_with_its_summary_as_transcript(ready, sap, handle):
    sap.add()
    assert handle() == {"contact_id": CONTACT_ID, "outcome": "written", "phone_call_id": "call-1"}
    assert sap.records["call-1"]["transcript"] == SUMMARY
    (patch,) = sap.sent("PATCH")
    assert json.loads(patch.body) == {"transcript": SUMMARY}
    assert patch.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "status", "error"),
    [
        ("GET", 302, errors.SapRefused),
        ("GET", 400, errors.SapRefused),
        ("GET", 401, errors.SapUnauthorized),
        ("GET", 404, errors.SapRefused),
        ("GET", 408, errors.SapUnavailable),
        ("GET", 429, errors.SapThrottled),
        ("GET", 503, errors.SapUnavailable),
        ("PATCH", 403, errors.SapRefused),
        ("PATCH", 412, errors.SapConflict),
        ("PATCH", 428, errors.SapConflict),
        ("PATCH", 429, errors.SapThrottled),
        ("PATCH", 500, errors.SapUnavailable),
    ],
)
def test_fault_1_every_failing_answer_leaves_the_handler(ready, sap, handle, method, status, error):
    """Fault 1: failures were returned, and so counted as success; the summary was lost."""
    sap.add()
    for _unused in range(20):
        sap.answer(method, status)
    with pytest.raises(error) as raised:
        handle()
    assert raised.value.retryable == (status in (408, 412, 428, 429, 500, 503))
    assert sap.records["call-1"]["transcript"] is None


def test_fault_1_a_silent_sap_leaves_the_handler(ready, sap, handle, monkeypatch):
    """Fault 1: a time-out was reported as success."""
    monkeypatch.setattr(sap_module, "_READ_TIMEOUT", 0.05)
    for _unused in range(4):
        sap.answer("GET", SILENT)
    with pytest.raises(errors.SapUnavailable, match="ReadTimeout"):
        handle()


def test_fault_1_an_unreachable_sap_leaves_the_handler(cloud, sap, handle):
    """Fault 1: a refused connection was reported as success."""
    sap.server_close()
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document())
    with pytest.raises(errors.SapUnavailable, match="ConnectionError"):
        handle()


@pytest.mark.parametrize(
    ("operation", "code", "status", "error"),
    [
        ("DescribeContact", "ResourceNotFoundException", 404, errors.ContactNotFound),
        ("DescribeContact", "AccessDeniedException", 403, errors.AwsRefused),
        ("ListObjectsV2", "NoSuchBucket", 404, errors.AwsRefused),
        ("GetObject", "AccessDenied", 403, errors.AwsRefused),
        ("GetParameters", "ExpiredTokenException", 400, errors.AwsUnavailable),
        ("GetSecretValue", "ResourceNotFoundException", 400, errors.AwsRefused),
    ],
)
def test_fault_1_an_aws_error_leaves_the_handler(cloud, sap, handle, operation, code, status, error):
    """Fault 1: so does what AWS refuses, with the operation and the code, and without its message."""
    cloud.settings(sap.base_url)
    cloud.errors.append((operation, code, status))
    cloud.contact()
    cloud.analysis(make_document())
    with pytest.raises(error) as raised:
        handle()
    assert code in str(raised.value) or error is errors.ContactNotFound
    assert "said by AWS" not in str(raised.value)
    assert sap.requests == []


@pytest.mark.parametrize("kind", ["post_call", "post_chat"])
def test_fault_2_without_a_file_sap_is_not_asked(cloud, sap, handle, kind):
    """Fault 2: without a file, SAP was asked for the call named "body"."""
    cloud.settings(sap.base_url)
    cloud.contact(channel={"post_call": "VOICE", "post_chat": "CHAT"}[kind])
    with pytest.raises(errors.AnalysisNotFound, match=CONTACT_ID) as raised:
        handle()
    assert raised.value.retryable
    assert sap.requests == []


@pytest.mark.parametrize("content", [None, "", " \n\t"])
def test_fault_3_an_empty_summary_is_never_written(cloud, sap, handle, content):
    """Fault 3: after two minutes of sleep the text in SAP was replaced by nothing."""
    sap.add(transcript="written by the agent")
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document(content))
    with pytest.raises(errors.SummaryNotReady):
        handle()
    assert sap.requests == []
    assert sap.records["call-1"]["transcript"] == "written by the agent"


def test_fault_3_a_late_summary_is_waited_for_shortly_and_read_anew(cloud, sap, handle, slept):
    """Fault 3: the object was read once, however often it was waited for."""
    sap.add()
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document(""))
    reads = []

    def arrive(operation: str) -> None:
        reads.append(operation)
        if reads.count("GetObject") == 2:
            cloud.analysis(make_document())

    cloud.on_call = arrive
    assert handle()["outcome"] == "written"
    assert reads.count("GetObject") == 2
    assert slept == [2]


def test_fault_3_a_file_that_comes_late_is_found(cloud, sap, handle, slept):
    """Fault 3: nor was the folder listed again."""
    sap.add()
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.on_call = lambda operation: cloud.analysis(make_document()) if len(slept) == 2 else None
    assert handle()["outcome"] == "written"


def test_fault_3_waiting_takes_seconds_and_is_bounded_by_the_time_left(cloud, sap, handle, slept):
    """Fault 3: two minutes were slept through and paid for; the next attempt is Lambda's."""
    cloud.settings(sap.base_url)
    cloud.contact()
    with pytest.raises(errors.AnalysisNotFound):
        handle()
    assert sum(slept) <= 10
    slept.clear()
    with pytest.raises(errors.AnalysisNotFound):
        handle(seconds=6)
    assert slept == [2]


SKIPPED = [{"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "QUOTA_EXCEEDED"}]


def test_fault_4_a_skipped_summary_ends_without_asking_sap(cloud, sap, handle, lines):
    """Fault 4: a summary that never comes was waited for; nobody needs to be told, but the reason is kept."""
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis({**make_document(None), "JobDetails": {"SkippedAnalysis": SKIPPED}})
    assert handle() == {"contact_id": CONTACT_ID, "outcome": "skipped", "reason": "QUOTA_EXCEEDED"}
    assert sap.requests == []
    done, metrics = lines()[-2:]
    assert done["reason"] == "QUOTA_EXCEEDED"
    assert (metrics["ContactsSkipped"], metrics["Reason"]) == (1, "QUOTA_EXCEEDED")


def test_fault_4_a_note_tells_the_agent_why_there_is_no_summary(cloud, sap, handle):
    """Fault 4: what to do then is a setting."""
    record = sap.add()
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis({**make_document(None), "JobDetails": {"SkippedAnalysis": SKIPPED}})
    for _unused in range(2):
        outcome = handle(MISSING_SUMMARY="note")
        assert outcome == {
            "contact_id": CONTACT_ID,
            "outcome": "skipped",
            "reason": "QUOTA_EXCEEDED",
            "phone_call_id": "call-1",
        }
        assert record["transcript"] == "[No contact summary: QUOTA_EXCEEDED]"
    assert len(sap.sent("PATCH")) == 1
    cloud.analysis(make_document())
    assert handle(MISSING_SUMMARY="note")["outcome"] == "written"
    assert record["transcript"] == SUMMARY


@pytest.mark.parametrize("mode", ["append", "replace", "only_if_empty"])
def test_fault_4_a_note_never_takes_the_place_of_a_text(cloud, sap, handle, mode):
    """Fault 4: not even where a summary would."""
    record = sap.add(transcript="written by the agent")
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis({**make_document(None), "JobDetails": {"SkippedAnalysis": SKIPPED}})
    assert handle(MISSING_SUMMARY="note", TRANSCRIPT_MODE=mode)["outcome"] == "skipped"
    assert record["transcript"] == "written by the agent"


@pytest.mark.parametrize(("missing", "transcript"), [("nothing", None), ("note", "[No contact summary: {}]")])
def test_fault_4_a_failed_analysis_is_told_by_its_event(cloud, sap, handle, missing, transcript):
    """Fault 4: there is no file at all then, and none is looked for."""
    record = sap.add()
    cloud.settings(sap.base_url)
    outcome = handle(make_failure("RECORDING_FILE_TOO_SMALL"), MISSING_SUMMARY=missing)
    assert (outcome["outcome"], outcome["reason"]) == ("skipped", "RECORDING_FILE_TOO_SMALL")
    assert record.get("transcript") == (transcript and transcript.format("RECORDING_FILE_TOO_SMALL"))
    assert "DescribeContact" not in cloud.called()


def test_fault_4_an_old_file_without_summary_is_one_of_a_flow_that_asks_for_none(cloud, sap, handle):
    """Fault 4: the feature was off; the event must not come back for ever."""
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document(None), modified=datetime.now(UTC) - timedelta(minutes=16))
    assert handle()["reason"] == "SUMMARY_OFF"
    with pytest.raises(errors.SummaryNotReady):
        handle(SETTLE_MINUTES="20", fresh=True)


@pytest.mark.parametrize(
    ("connected", "day"),
    [
        (datetime(2026, 3, 9, 23, 59, 30, tzinfo=UTC), "2026/03/09"),
        (datetime(2026, 3, 10, 8, 30, tzinfo=timezone(timedelta(hours=9))), "2026/03/09"),
        (datetime(2026, 2, 28, 20, 0, tzinfo=timezone(-timedelta(hours=5))), "2026/03/01"),
    ],
)
def test_fault_5_the_folder_is_the_utc_day_of_reaching_the_agent(cloud, sap, handle, connected, day):
    """Fault 5: the day of the event was taken, and calls over midnight were never found."""
    sap.add()
    cloud.settings(sap.base_url)
    cloud.contact(connected=connected)
    cloud.analysis(make_document(), prefix=f"Analysis/Voice/{day}/{CONTACT_ID}_analysis")
    assert handle()["outcome"] == "written"
    assert cloud.listed() == [f"Analysis/Voice/{day}/{CONTACT_ID}_analysis_"]


@pytest.mark.parametrize("day", ["2026/03/09", "2026/03/11"])
def test_fault_5_the_days_beside_it_are_looked_through_too(cloud, sap, handle, day):
    """Fault 5: should the service mean another moment of a call over midnight."""
    sap.add()
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document(), prefix=f"Analysis/Voice/{day}/{CONTACT_ID}_analysis")
    assert handle()["outcome"] == "written"


def test_fault_5_without_an_agent_the_days_of_the_contact_are_looked_through(cloud, sap, handle):
    """Fault 5: and no other day is made up."""
    sap.add()
    cloud.settings(sap.base_url)
    begin = datetime(2026, 3, 9, 23, 50, tzinfo=UTC)
    cloud.contact(connected=None, initiated=begin, disconnected=begin + timedelta(minutes=20))
    cloud.analysis(make_document())
    assert handle()["outcome"] == "written"
    assert [prefix.split("/", 2)[2][:10] for prefix in cloud.listed() if "Redacted" not in prefix] == [
        "2026/03/09",
        "2026/03/10",
    ]


@pytest.mark.parametrize(("channel", "folder"), [("VOICE", "Voice"), ("CHAT", "Chat"), ("EMAIL", "Email")])
@pytest.mark.parametrize("inner", ["", "/Redacted"])
def test_fault_6_every_channel_original_or_redacted(cloud, sap, handle, channel, folder, inner):
    """Fault 6: only original voice files were looked for."""
    sap.add()
    cloud.settings(sap.base_url)
    cloud.contact(channel=channel)
    cloud.analysis(make_document(), prefix=f"Analysis/{folder}{inner}/2026/03/10/{CONTACT_ID}_analysis")
    assert handle()["outcome"] == "written"


def test_fault_6_the_newest_file_is_read(cloud, sap, handle):
    """Fault 6: the first of the list was read."""
    record = sap.add()
    cloud.settings(sap.base_url)
    cloud.contact()
    for name, hour, text in (("a", 14, "old"), ("b", 18, "new"), ("c", 15, "middle")):
        content = json.dumps(make_document(text)).encode()
        cloud.file(f"{PREFIX}_{name}.json", content, datetime(2026, 3, 10, hour, tzinfo=UTC))
    cloud.file(f"{PREFIX}_d.json.tmp", b"{}", datetime(2026, 3, 11, tzinfo=UTC))
    handle()
    assert record["transcript"] == "new"


@pytest.mark.parametrize("missing", ["id", "updatedOn", "adminData"])
def test_fault_8_a_record_without_id_or_etag_is_not_updated(ready, sap, handle, missing):
    """Fault 8: without updatedOn the address "phoneCalls/None" was patched, with no If-Match."""
    record = sap.add()
    (record["adminData"] if missing == "updatedOn" else record).pop(missing)
    with pytest.raises(errors.SapAnswerInvalid):
        handle()
    assert sap.sent("PATCH") == []


@pytest.mark.parametrize("answer", [(200, True), (200, False), (204, False), (202, False)])
def test_fault_10_an_empty_answer_to_the_update_is_success(ready, sap, handle, answer):
    """Fault 10: an answer without a body was taken for a failure after the update had succeeded."""
    sap.add()
    sap.patch_answer = answer
    assert handle()["outcome"] == "written"
    assert len(sap.sent("PATCH")) == 1


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "path", ["/sap/c4c/api/v1/phone-service/", "sap/c4c/api/v1/phone-service", "/sap/c4c/api/v1/phone-service"]
)
def test_fault_11_base_and_path_join_with_or_without_slashes(cloud, sap, handle, slash, path):
    """Fault 11: a path without its last slash gave "/phone-servicephoneCalls"."""
    sap.add()
    cloud.settings(sap.base_url + slash, **{"c4c-phone-service-endpoint-path": path})
    cloud.contact()
    cloud.analysis(make_document())
    handle()
    assert {request.path for request in sap.requests} == {sap.path, f"{sap.path}/call-1"}


def test_fault_11_the_filter_is_encoded_and_its_quotes_doubled(sap):
    """Fault 11: the reference went into the filter as it came."""
    hostile = "x' or transcript ne '&$top=1"
    sap.add("somebody else's", "call-2", transcript="private")
    sap.add(hostile, "call-3")
    assert [call.call_id for call in make_client(sap).find(hostile)] == ["call-3"]
    (request,) = sap.requests
    assert urlsplit(request.target).query == (
        "$filter=externalId.displayId%20eq%20%27x%27%27%20or%20transcript%20ne%20%27%27%26%24top%3D1%27&$top=50"
    )


def test_fault_11_the_record_id_is_one_path_segment(ready, sap, handle):
    """Fault 11: nor may an id change the address."""
    sap.add(call_id="a/../b?c")
    handle()
    assert sap.sent("PATCH")[0].target == f"{sap.path}/a%2F..%2Fb%3Fc"


def test_fault_15_parameters_secret_and_clients_serve_a_whole_container(cloud, sap, handle):
    """Fault 15: four SSM calls, one secret and new clients per call, and no connection used twice."""
    sap.add()
    cloud.settings(sap.base_url)
    cloud.contact()
    cloud.analysis(make_document())
    assert [handle()["outcome"] for _unused in range(3)] == ["written", "unchanged", "unchanged"]
    assert (cloud.called().count("GetParameters"), cloud.called().count("GetSecretValue")) == (1, 1)
    assert sorted(cloud.made) == ["connect", "s3", "secretsmanager", "ssm"]
    assert (len(sap.requests), sap.connections) == (6, 1)


def test_fault_15_parameters_are_read_again_after_a_quarter_of_an_hour(ready, sap, handle, monkeypatch):
    """Fault 15: SAP goes on to accept the credentials where a site has moved to another tenant."""
    sap.add()
    now = time.monotonic()
    for minutes, reads in ((0, 1), (14, 1), (16, 2), (17, 2)):
        monkeypatch.setattr(runtime_module.time, "monotonic", lambda minutes=minutes: now + minutes * 60)
        handle()
        assert ready.called().count("GetParameters") == reads


def test_fault_15_a_changed_password_is_read_on_the_first_refusal(ready, sap, handle):
    """Fault 15: the other side of keeping the secret; a rotation must not need a new container."""
    sap.add()
    assert handle()["outcome"] == "written"
    sap.password = "rotated"
    ready.settings(sap.base_url, password='{"password": "rotated"}')
    assert [handle()["outcome"] for _unused in range(2)] == ["unchanged", "unchanged"]
    assert ready.called().count("GetSecretValue") == 2
    assert [request.method for request in sap.requests] == ["GET", "GET", "PATCH", "GET", "GET", "GET", "GET"]


def test_fault_15_the_same_password_is_not_tried_twice(ready, sap, handle):
    """Fault 15: each refused log-in counts towards locking the technical user."""
    sap.password = "rotated"
    with pytest.raises(errors.SapUnauthorized):
        handle()
    assert len(sap.requests) == 1


def test_fault_7_a_missing_phone_call_is_tried_again_later(ready, sap, handle):
    """Fault 7: SAP's record may be made after the event."""
    with pytest.raises(errors.PhoneCallNotFound) as raised:
        handle()
    assert raised.value.retryable


def test_fault_9_a_conflict_is_read_again_and_written_with_the_new_etag(ready, sap, handle, slept):
    """Fault 9: no update after a parallel change."""
    record = sap.add()
    changes = [1, 2]

    def change() -> None:
        if changes:
            changes.pop()
            sap.touch(record)

    sap.before_patch = change
    assert handle()["outcome"] == "written"
    methods = [request.method for request in sap.requests]
    assert methods == ["GET", "GET", "PATCH", "GET", "PATCH", "GET", "PATCH", "GET"]
    assert len({request.headers["If-Match"] for request in sap.sent("PATCH")}) == 3
    assert record["transcript"] == SUMMARY


def test_fault_9_conflicts_without_end_are_given_up(ready, sap, handle):
    """Fault 9: the bound."""
    record = sap.add()
    sap.before_patch = lambda: sap.touch(record)
    with pytest.raises(errors.SapConflict):
        handle()
    assert len(sap.sent("PATCH")) == 5


def test_fault_9_a_lost_answer_to_the_update_is_no_second_write(ready, sap, handle):
    """Fault 9: the update arrived, its answer did not; the conflict that follows shows the text already there."""
    record = sap.add()
    sap.answer("PATCH", DROPPED)
    sap.before_patch = lambda: (record.update(transcript=SUMMARY), sap.touch(record))
    assert handle()["outcome"] == "written"
    assert record["transcript"] == SUMMARY


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_fault_9_retry_after_in_seconds_is_honoured(ready, sap, handle, slept, method):
    """Fault 9: 429 lost the summary."""
    sap.add()
    sap.answer(method, 429, {"Retry-After": "17"})
    assert handle()["outcome"] == "written"
    assert slept == [17]


def test_fault_9_retry_after_as_a_date_is_honoured(ready, sap, handle, slept, monkeypatch):
    """Fault 9: the header's other form."""
    now = datetime(2026, 3, 10, 14, 41, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return now

    monkeypatch.setattr(sap_module, "datetime", Clock)
    sap.add()
    sap.answer("PATCH", 503, {"Retry-After": format_datetime(now + timedelta(seconds=30), usegmt=True)})
    assert handle()["outcome"] == "written"
    assert slept == [30]


@pytest.mark.parametrize("header", ["soon", "", "-1"])
def test_fault_9_without_a_readable_retry_after_the_pauses_grow(ready, sap, handle, slept, header):
    """Fault 9: 5xx and 429 are tried again a few times."""
    sap.add()
    for _unused in range(3):
        sap.answer("GET", 502, {"Retry-After": header})
    assert handle()["outcome"] == "written"
    assert [0.5 * 2**n <= pause <= 2**n for n, pause in enumerate(slept)] == [True] * 3


def test_fault_9_a_pause_longer_than_the_time_left_raises_at_once(ready, sap, handle, slept):
    """Fault 9: the sample could sleep longer than its own time-out."""
    sap.add()
    sap.answer("GET", 429, {"Retry-After": "3600"})
    with pytest.raises(errors.SapThrottled):
        handle(seconds=60)
    assert slept == []


def test_fault_9_the_time_outs_fit_into_the_time_left(ready, sap, handle, monkeypatch):
    """Fault 9: two time-outs of two minutes did not fit into five minutes with a sleep of two."""
    asked = []

    def send(self, request, timeout, **_options):
        asked.append(timeout)
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    for seconds, longest in ((300, 25), (10, 8), (3, 1)):
        asked.clear()
        with pytest.raises(errors.SapUnavailable):
            handle(seconds=seconds)
        assert 0 < max(sum(timeout) for timeout in asked) <= longest


def test_fault_9_without_time_left_sap_is_not_asked(ready, sap, handle):
    """Fault 9: the reserve is for raising and logging."""
    with pytest.raises(errors.SapUnavailable, match="No time"):
        handle(seconds=1)
    assert sap.requests == []


def test_fault_12_the_same_text_is_not_written_twice(ready, sap, handle):
    """Fault 12: EventBridge may deliver an event more than once."""
    sap.add(transcript=SUMMARY)
    assert handle()["outcome"] == "unchanged"
    assert sap.sent("PATCH") == []


@pytest.mark.parametrize(
    ("mode", "transcript"),
    [
        ("append", f"written by the agent\n\n{SUMMARY}"),
        ("replace", SUMMARY),
        ("only_if_empty", "written by the agent"),
    ],
)
def test_fault_12_an_agents_own_text_is_overwritten_only_on_demand(ready, sap, handle, lines, mode, transcript):
    """Fault 12: it was lost, whatever it was."""
    record = sap.add(transcript="written by the agent")
    results = [handle(TRANSCRIPT_MODE=mode) for _unused in range(3)]
    outcomes = [result["outcome"] for result in results]
    assert outcomes == (["kept"] * 3 if mode == "only_if_empty" else ["written", "unchanged", "unchanged"])
    assert record["transcript"] == transcript
    if mode == "only_if_empty":
        assert results[0]["reason"] == lines()[-1]["Reason"] == "TEXT_PRESENT"


def test_fault_12_by_default_nothing_of_an_agent_is_lost(ready, sap, handle):
    """Fault 12: also with what is written while the function works."""
    record = sap.add()
    changes = ["the agent wrote this meanwhile"]

    def change() -> None:
        if changes:
            record["transcript"] = changes.pop()
            sap.touch(record)

    sap.before_patch = change
    assert handle()["outcome"] == "written"
    assert record["transcript"] == f"the agent wrote this meanwhile\n\n{SUMMARY}"


@pytest.mark.parametrize("hidden", ["left out", "null"])
def test_fault_12_a_text_that_lists_leave_out_is_not_lost(ready, sap, handle, hidden):
    """Fault 12: what the list does not show is looked for in the record itself."""
    sap.lists_hide_transcripts = hidden
    record = sap.add(transcript="written by the agent")
    assert [handle()["outcome"] for _unused in range(2)] == ["written", "unchanged"]
    assert record["transcript"] == f"written by the agent\n\n{SUMMARY}"


def test_fault_12_lists_that_show_texts_are_believed_once_that_is_seen(ready, sap, handle):
    """Fault 12: the record is read by itself until then only."""
    methods = []
    for number in range(2):
        sap.records.clear()
        sap.requests.clear()
        sap.add(call_id=f"call-{number}")
        assert handle()["outcome"] == "written"
        methods.append([request.method for request in sap.requests])
    assert methods == [["GET", "GET", "PATCH", "GET"], ["GET", "PATCH"]]


def test_fault_12_of_several_records_the_newest_open_one_is_taken_and_told(ready, sap, handle, lines):
    """Fault 12: the first of any order was taken."""
    for number, (created, status) in enumerate(
        [
            ("2026-03-10T14:31:00Z", "OPEN"),
            ("2026-03-10T16:39:00+02:00", "OPEN"),
            ("2026-03-10T14:35:00Z", "OPEN"),
            ("2026-03-10T14:50:00Z", "COMPLETED"),
        ]
    ):
        record = sap.add(call_id=f"call-{number}", status=status)
        record["adminData"]["createdOn"] = created
    assert handle()["phone_call_id"] == "call-1"
    (found,) = [line for line in lines() if line["step"] == "phone_call"]
    assert found["matches"] == 4
    sap.records["call-1"]["status"] = "COMPLETED"
    assert handle() == {"contact_id": CONTACT_ID, "outcome": "unchanged", "phone_call_id": "call-1"}
    assert len(sap.sent("PATCH")) == 1


def test_fault_12_records_beyond_the_first_page_are_seen(ready, sap, handle):
    """Fault 12: there was no paging."""
    for number in range(120):
        sap.add(call_id=f"call-{number}")["adminData"]["createdOn"] = f"2026-03-10T14:{number % 60:02d}:00Z"
    sap.records["call-119"]["adminData"]["createdOn"] = "2026-03-10T16:00:00Z"
    sap.records["call-1"]["transcript"] = "shows that lists have it"
    assert handle()["phone_call_id"] == "call-119"
    assert len(sap.sent("GET")) == 3


@pytest.mark.parametrize("external", ["another", "absent beside another"])
def test_fault_12_a_record_of_another_reference_is_never_written(ready, sap, handle, external):
    """Fault 12: whatever SAP answers to the filter."""
    answered = [sap.add("somebody else's"), sap.add("third", "call-2")]
    if external != "another":
        del answered[0]["externalId"]
    sap.answer("GET", 200, {}, json.dumps({"value": answered}).encode())
    with pytest.raises(errors.SapAnswerInvalid):
        handle()
    assert sap.sent("PATCH") == []


def test_fault_13_other_instances_are_ignored(cloud, sap, handle):
    """Fault 13: the sample answered for every instance of the account."""
    other = INSTANCE_ARN.replace("1a2b3c4d", "ffffffff")
    assert handle(CONNECT_INSTANCE_ARN=f"{other}, {other}0") == {"contact_id": CONTACT_ID, "outcome": "ignored"}
    assert sap.requests == []


def test_fault_13_its_own_instance_is_served(ready, sap, handle):
    """Fault 13: the check lets the right events through, of one instance or of several."""
    sap.add()
    assert handle(CONNECT_INSTANCE_ARN=f"{INSTANCE_ARN}0,{INSTANCE_ARN}")["outcome"] == "written"


def test_fault_13_the_rules_name_does_not_matter_and_a_chat_has_its_event(ready, sap, handle):
    """Fault 13: one name of a rule was built in, and chats were not subscribed to."""
    sap.add()
    event = make_event(ruleName="OurOwnRule")
    assert handle({**event, "detail-type": "Contact Lens Post Chat Rules Matched"})["outcome"] == "written"


def test_fault_13_a_realtime_event_waits_for_the_end_of_the_contact(ready, sap, handle):
    """Fault 13: there is no summary before it."""
    sap.add()
    event = {**make_event(), "detail-type": "Contact Lens Realtime Rules Matched"}
    with pytest.raises(errors.ContactNotEnded) as raised:
        handle(event)
    assert raised.value.retryable
    ready.contact(disconnected=datetime(2026, 3, 10, 14, 40, tzinfo=UTC))
    assert handle(event)["outcome"] == "written"


def wanted(reason):
    detail = {"instanceArn": INSTANCE_ARN, "contactArn": f"{INSTANCE_ARN}/contact/{CONTACT_ID}", "reason": reason}
    return {"source": "amazon_connect.sap", "detail-type": "Summary Wanted", "detail": detail}


@pytest.mark.parametrize("reason", ["reconcile", "backfill"])
def test_fault_13_a_contact_found_missing_is_handled_like_its_event(ready, sap, handle, lines, reason):
    """Fault 13: whichever way the contact is named."""
    sap.add()
    ready.contact(disconnected=datetime.now(UTC) - timedelta(seconds=90))
    assert handle(wanted(reason))["outcome"] == "written"
    metrics = lines()[-1]
    assert metrics["SummariesDelivered"] == 1
    # Old contacts say nothing about how quick the service is.
    assert ("SummaryDelaySeconds" in metrics) == (reason == "reconcile")


@pytest.mark.parametrize("kind", ["rule", "reconcile", "backfill"])
@pytest.mark.parametrize(("not_before", "outcome"), [("2026-03-10T14:28:31Z", "skipped"), ("2026-03-10", "written")])
def test_a_contact_from_before_the_consent_gets_no_summary_whatever_asks_for_it(
    ready, sap, handle, kind, not_before, outcome
):
    sap.add()
    ready.contact(initiated=datetime(2026, 3, 10, 14, 28, 30, tzinfo=UTC))
    event = make_event() if kind == "rule" else wanted(kind)
    assert handle(event, NOT_BEFORE=not_before)["outcome"] == outcome
    assert ("GetObject" in ready.called()) == (outcome == "written")
    assert bool(sap.sent("PATCH")) == (outcome == "written")


@pytest.mark.parametrize(
    ("not_before", "reason", "transcript"),
    [
        ("2026-03-10T14:28:31Z", "BEFORE_START", None),
        ("2026-03-10", "RECORDING_FILE_TOO_SMALL", "[No contact summary: RECORDING_FILE_TOO_SMALL]"),
    ],
)
def test_a_failed_analysis_from_before_the_consent_gets_no_note(ready, sap, handle, not_before, reason, transcript):
    record = sap.add()
    ready.contact(initiated=datetime(2026, 3, 10, 14, 28, 30, tzinfo=UTC))
    event = make_failure("RECORDING_FILE_TOO_SMALL")
    outcome = handle(event, MISSING_SUMMARY="note", NOT_BEFORE=not_before)
    assert (outcome["outcome"], outcome["reason"]) == ("skipped", reason)
    assert record["transcript"] == transcript


def test_a_conversation_from_before_the_consent_is_settled_while_it_goes_on(ready, handle):
    ready.contact(initiated=datetime(2026, 3, 10, 14, 28, 30, tzinfo=UTC))
    event = {**make_event(), "detail-type": "Contact Lens Realtime Rules Matched"}
    assert handle(event, NOT_BEFORE="2026-03-11")["reason"] == "BEFORE_START"


def test_fault_14_no_personal_data_is_logged(ready, sap, handle, lines):
    """Fault 14: event, record and summary were printed."""
    sap.add(transcript="older words", customer={"name": "Grace Hopper"})
    handle(make_event(agentArn=f"{INSTANCE_ARN}/agent/secret-agent"))
    logged = lines()
    text = json.dumps(logged)
    for private in (SUMMARY, "Grace", "older words", PASSWORD, "technical-user", "secret-agent"):
        assert private not in text
    steps, (metrics,) = logged[:-1], logged[-1:]
    assert [line["step"] for line in steps] == [
        "event",
        "settings",
        "contact",
        "summary",
        "phone_call",
        "transcript",
        "done",
    ]
    assert {(line["contact_id"], line["request_id"]) for line in steps} == {(CONTACT_ID, "request-1")}
    assert [steps[3]["found"], steps[4]["matches"]] == [True, 1]
    assert all(isinstance(line["duration_ms"], int) for line in steps)
    assert steps[-1]["outcome"] == "written"
    assert metrics["contact_id"] == CONTACT_ID


def test_the_runtime_does_not_write_the_lines_a_second_time(ready, sap, handle, monkeypatch):
    again = []
    monkeypatch.setattr(logging.getLogger(), "handlers", [SimpleNamespace(level=0, handle=again.append)])
    sap.add()
    handle()
    assert again == []


def test_the_level_keeps_the_steps_of_a_good_call_out_of_the_log(ready, sap, handle, lines):
    sap.add()
    handle(LOG_LEVEL="ERROR")
    assert [line["step"] for line in lines()] == ["metrics"]


def test_fault_14_an_error_is_logged_with_its_kind_and_without_sap_message(ready, sap, handle, lines):
    """Fault 14: SAP's error message may quote the record; its code tells enough."""
    sap.add()
    sap.answer("PATCH", 400, {}, b'{"error":{"code":"crm.phone.invalid","message":"Grace Hopper is locked"}}')
    with pytest.raises(errors.SapRefused, match="crm.phone.invalid") as raised:
        handle()
    assert "Grace" not in str(raised.value)
    last, metrics = lines()[-2:]
    assert (metrics["DeliveryFailures"], metrics["SapRefusals"], metrics["Reason"]) == (1, 1, "SapRefused")
    assert (last["step"], last["level"], last["error"], last["retryable"]) == (
        "transcript",
        "ERROR",
        "SapRefused",
        False,
    )


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_fault_14_no_personal_data_in_what_the_runtime_logs_of_an_error(ready, sap, handle, lines, method):
    """Fault 14: Lambda writes the traceback of whatever leaves the handler."""
    private = (
        b'{"error":{"code":"Grace Hopper","message":"Grace Hopper +447700900987"},"value":[{"id":"Grace Hopper"}]}'
    )
    sap.add(transcript="Grace Hopper")
    for status in (200, 302, 400, 401, 403, 409, 429, 500):
        sap.script.clear()
        for _unused in range(5):
            sap.answer(method, status, {"Retry-After": "Grace Hopper", "Location": "/Grace-Hopper"}, private)
        try:
            handle()
        except errors.SummaryError as error:
            text = "".join(traceback.format_exception(error))
            for word in ("Grace", "447700900987", SUMMARY, PASSWORD, "technical-user"):
                assert word not in text
    assert "Grace" not in json.dumps(lines())


def test_a_redirect_is_not_followed(ready, sap, handle):
    sap.add()
    sap.answer("PATCH", 302, {"Location": f"{sap.path}/call-1"})
    with pytest.raises(errors.SapRefused, match="302"):
        handle()
    assert sap.requests[-1].method == "PATCH"


def test_a_log_in_page_in_place_of_an_answer_is_an_error(ready, sap, handle):
    sap.answer("GET", 200, {"Content-Type": "text/html"}, b"<html>Maintenance</html>")
    with pytest.raises(errors.SapAnswerInvalid):
        handle()


def test_the_compact_reference_is_what_the_connector_sends(ready, sap, handle):
    sap.add(CONTACT_ID.replace("-", "").upper())
    assert handle(REFERENCE_FORMAT="compact")["outcome"] == "written"
