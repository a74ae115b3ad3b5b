# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Summaries whose event never came are found and sent, once, and the cursor never jumps over one."""

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from maintenance_fakes import INSTANCE_ARN
from maintenance_fakes import NO_CONTACT
from maintenance_fakes import NOW
from maintenance_fakes import SUMMARY
from maintenance_fakes import Killed
from summary_lambda import errors

from tests.unit.harness import ServiceError

OTHER_ARN = "arn:aws:connect:eu-west-2:111122223333:instance/1a2b3c4d-0000-4000-8000-000000000002"
SKIPPED = {
    "JobStatus": "COMPLETED",
    "JobDetails": {
        "SkippedAnalysis": [{"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "INSUFFICIENT_CONVERSATION_CONTENT"}]
    },
}
# A file's time is in whole seconds, so a run ends one second early.
SECOND = timedelta(seconds=1)


def put_cursor(world, moment=NOW - timedelta(hours=1), without_summary=0):
    world.parameter = json.dumps({"cursor": moment.isoformat(), "without_summary": without_summary})


def cursor(world):
    content = json.loads(world.parameter)
    return datetime.fromisoformat(content["cursor"]), content["without_summary"]


def counted(answer):
    return {name: number for name, number in answer["counts"].items() if number}


def outcomes(answer):
    return {item["contact_id"]: (item["outcome"], item["reason"]) for item in answer["contacts"]}


def metrics(capsys):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = ("ContactsEnded", "ContactsAnalysed", "SummariesMissing", "SilentPeriods")
    return [{name: line[name] for name in names} for line in lines if "_aws" in line]


def test_the_first_run_sets_the_cursor_and_sends_nothing(world, run):
    """Calls from before the deployment are left alone."""
    world.contact(1)
    answer = run("reconcile")
    assert (counted(answer), world.sent, cursor(world)) == ({}, [], (NOW - SECOND, 0))
    assert world.phones.asked == []


def test_not_before_moves_the_first_cursor_and_later_ones(world, run):
    later = NOW + timedelta(days=2)
    run("reconcile", variables={"NOT_BEFORE": later.isoformat()})
    assert cursor(world) == (later, 0)
    world.contact(1)
    put_cursor(world)
    assert run("reconcile", variables={"NOT_BEFORE": NOW.isoformat()})["counts"]["contacts"] == 0


def test_a_lost_event_is_found_and_sent_once(world, run, capsys):
    put_cursor(world)
    lost, fine = world.contact(1), world.contact(2, record=f"Called back.\n\n{SUMMARY}")
    answer = run("reconcile")
    assert outcomes(answer) == {lost: ("sent", None)}
    assert counted(answer) == {"contacts": 2, "same": 1, "sent": 1, "ended": 2, "analysed": 2}
    assert world.sent == [
        {
            "source": "amazon_connect.sap",
            "detail-type": "Summary Wanted",
            "detail": {
                "instanceArn": INSTANCE_ARN,
                "contactArn": f"{INSTANCE_ARN}/contact/{lost}",
                "reason": "reconcile",
            },
        }
    ]
    assert cursor(world) == (NOW - timedelta(minutes=15) - SECOND, 0)
    assert metrics(capsys) == [
        {"ContactsEnded": 2, "ContactsAnalysed": 2, "SummariesMissing": 1, "SilentPeriods": 0},
    ]
    world.later(minutes=15)
    assert counted(run("reconcile")) == {}
    assert fine in world.phones.asked and len(world.phones.asked) == 2


def test_a_summary_that_lists_leave_out_is_not_sent_again(world, run):
    put_cursor(world)
    world.phones.lists_hide = True
    world.contact(1, record=SUMMARY)
    lost = world.contact(2)
    assert outcomes(run("reconcile")) == {lost: ("sent", None)}


def test_a_file_of_the_second_in_which_the_cursor_stood_is_found(world, run):
    """S3 shows a file of 15:00:00.9 as one of 15:00:00."""
    world.now = NOW.replace(microsecond=500000)
    run("reconcile")
    contact = world.contact(1, ended=NOW, analysed_after=0)
    world.later(minutes=16)
    assert list(outcomes(run("reconcile"))) == [contact]


def test_a_file_is_looked_at_when_it_has_settled(world, run):
    put_cursor(world)
    contact = world.contact(1, ended=NOW - timedelta(minutes=12))
    assert run("reconcile")["counts"]["contacts"] == 0
    world.later(minutes=15)
    assert outcomes(run("reconcile")) == {contact: ("sent", None)}


@pytest.mark.parametrize("channel", ["VOICE", "CHAT", "EMAIL"])
@pytest.mark.parametrize("output", ["original", "redacted"])
def test_files_of_every_kind_are_found_over_pages(world, run, channel, output):
    world.page = 2
    put_cursor(world)
    contacts = [world.contact(number, channel=channel, output=output) for number in range(5)]
    assert sorted(outcomes(run("reconcile"))) == contacts


def test_redacted_only_looks_at_nothing_else(world, run):
    put_cursor(world)
    world.contact(1)
    contact = world.contact(2, output="redacted")
    assert list(outcomes(run("reconcile", environment={"analysis_outputs": ("redacted",)}))) == [contact]


def test_of_two_outputs_the_one_that_delivery_reads_counts(world, run):
    put_cursor(world)
    contact = world.contact(1, record="The short text.")
    ended = NOW - timedelta(minutes=30)
    world.add_file(
        contact, ended - timedelta(minutes=2), ended + timedelta(minutes=6), "VOICE", "redacted", "The short text."
    )
    answer = run("reconcile", environment={"analysis_outputs": ("redacted", "original")})
    assert counted(answer) == {"contacts": 1, "same": 1, "ended": 1, "analysed": 1}


@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_call_around_midnight_is_found_under_its_day(world, run, days):
    ended = datetime(2026, 3, 10, 0, 1, tzinfo=UTC)
    world.now = ended + timedelta(days=days, minutes=20)
    put_cursor(world, world.now - timedelta(minutes=30))
    contact = world.contact(1, ended=ended, analysed_after=days * 86400)
    assert list(world.files)[0].startswith("Analysis/Voice/2026/03/09/")
    assert list(outcomes(run("reconcile"))) == [contact]


def test_contacts_that_rightly_have_none_are_counted_by_reason(world, run):
    put_cursor(world)
    world.contact(1, document=SKIPPED)
    world.contact(2, document={"JobStatus": "FAILED"})
    world.contact(3, summary=None)
    world.contact(4, agent=False)
    elsewhere = world.contact(5)
    del world.contacts[elsewhere]
    world.contact(6, record="The agent's own words.")
    answer = run("reconcile", environment={"transcript_mode": "only_if_empty"})
    assert answer["reasons"] == {
        "INSUFFICIENT_CONVERSATION_CONTENT": 1,
        "ANALYSIS_FAILED": 1,
        "SUMMARY_OFF": 1,
    }
    assert counted(answer) == {
        "contacts": 6,
        "skipped": 3,
        "no_agent": 1,
        "other_instance": 1,
        "kept": 1,
        "ended": 4,
        "analysed": 6,
    }
    assert world.sent == []


def test_a_contact_of_the_second_instance_is_sent_with_its_arn(world, run):
    put_cursor(world)
    world.contact(1)
    run("reconcile", environment={"instance_arns": (OTHER_ARN, INSTANCE_ARN)})
    assert [event["detail"]["instanceArn"] for event in world.sent] == [INSTANCE_ARN]


def test_without_an_instance_nothing_is_guessed(world, run):
    with pytest.raises(errors.SettingsInvalid, match="CONNECT_INSTANCE_ARN"):
        run("reconcile", environment={"instance_arns": ()})


def test_what_waits_as_a_dead_letter_is_left_to_redrive(world, run):
    put_cursor(world)
    contact = world.contact(1)
    world.letter(world.event(contact))
    assert counted(run("reconcile")) == {"contacts": 1, "waiting": 1, "ended": 1, "analysed": 1}
    assert (world.sent, len(world.visible())) == ([], 1)


def test_without_a_record_in_sap_the_delivery_tells_somebody(world, run):
    """It fails there too, and the event becomes a dead letter: a contact without a trace is not an answer."""
    put_cursor(world)
    contact = world.contact(1, record=None)
    assert outcomes(run("reconcile")) == {contact: ("sent", "PhoneCallNotFound")}


@pytest.mark.parametrize(
    "error", [errors.SapRefused("400"), errors.SapAnswerInvalid("x"), errors.SapUnavailable("500")]
)
def test_what_sap_has_against_one_contact_does_not_hold_up_the_others(world, run, error):
    """Delivery fails with it, and keeps it as a dead letter."""
    put_cursor(world)
    contacts = [world.contact(number) for number in range(3)]
    world.phones.errors[contacts[1]] = error
    answer = run("reconcile")
    assert outcomes(answer)[contacts[1]] == ("sent", type(error).__name__)
    assert (answer["counts"]["sent"], answer["stopped"]) == (3, None)


@pytest.mark.parametrize("error", [errors.SapRefused("404"), errors.SapAnswerInvalid("log-in page")])
def test_what_sap_has_against_everybody_stops_the_run(world, run, error):
    put_cursor(world)
    kept = world.parameter
    world.contact(1)
    world.phones.error = error
    answer = run("reconcile")
    assert (answer["stopped"], answer["stopped_by"], world.sent) == ("SapDown", "SapUnavailable", [])
    assert json.loads(world.parameter)["cursor"][:19] == json.loads(kept)["cursor"][:19]


@pytest.mark.parametrize("error", [errors.SapUnavailable("503"), errors.SapThrottled("x"), errors.SapUnauthorized("x")])
def test_a_sap_that_is_down_stops_the_run_and_the_cursor(world, run, error):
    put_cursor(world)
    contacts = [world.contact(number, ended=NOW - timedelta(minutes=50 - number)) for number in range(4)]
    world.phones.errors = dict.fromkeys([contacts[2], NO_CONTACT], error)
    answer = run("reconcile")
    assert (answer["stopped"], answer["stopped_by"]) == ("SapDown", type(error).__name__)
    assert answer["next"]
    assert cursor(world)[0] == NOW - timedelta(minutes=44)
    world.phones.errors = {}
    assert list(outcomes(run("reconcile"))) == contacts[2:]
    assert cursor(world)[0] == NOW - timedelta(minutes=15) - SECOND


def test_a_run_that_stops_at_once_asks_for_no_contacts_of_no_time(world, run):
    put_cursor(world)
    kept = cursor(world)
    world.contact(1)
    world.phones.error = errors.SapUnavailable("503")
    assert run("reconcile")["stopped"] == "SapDown"
    assert ("SearchContacts" in world.steps, cursor(world)) == (False, kept)


def test_files_of_one_second_are_all_handled_before_the_cursor_moves(world, run):
    """LastModified has whole seconds."""
    before = NOW - timedelta(hours=1)
    put_cursor(world, before)
    contacts = [world.contact(number) for number in range(4)]
    world.phones.errors = dict.fromkeys([contacts[2], NO_CONTACT], errors.SapUnavailable("503"))
    run("reconcile")
    assert cursor(world)[0] == before
    world.phones.errors = {}
    run("reconcile")
    assert {event["detail"]["contactArn"].rpartition("/")[2] for event in world.sent} == set(contacts)


def test_a_pause_stops_it_before_it_begins(world, run):
    put_cursor(world)
    kept = world.parameter
    world.contact(1)
    world.concurrency = 0
    assert run("reconcile")["stopped"] == "DeliveryPaused"
    assert (world.parameter, world.sent) == (kept, [])


def test_a_dry_run_moves_nothing(world, run, capsys):
    put_cursor(world)
    kept = world.parameter
    contact = world.contact(1)
    assert outcomes(run("reconcile", dry_run=True)) == {contact: ("would_send", None)}
    assert (world.parameter, world.sent, metrics(capsys)) == (kept, [], [])


def test_time_that_runs_out_leaves_the_rest_for_the_next_run(world, run):
    put_cursor(world)
    contacts = [world.contact(number, ended=NOW - timedelta(minutes=50 - number)) for number in range(9)]
    answer = run("reconcile", rate=1, seconds=3)
    assert answer["next"] and 1 < len(world.sent) < 9
    while answer["next"]:
        answer = run("reconcile", rate=1, seconds=3, next=answer["next"])
    assert [event["detail"]["contactArn"].rpartition("/")[2] for event in world.sent] == contacts


@pytest.mark.parametrize(
    ("calls", "minimum", "silent"), [(5, "5", 1), (4, "5", 0), (9, "0", 0)], ids=["silent", "too few", "off"]
)
def test_calls_without_any_analysis_are_a_silent_period(world, run, capsys, calls, minimum, silent):
    """Contact Lens that is switched off or a flow that was replaced makes no error: only nothing."""
    put_cursor(world)
    for number in range(calls):
        world.contact(number, file=False)
    world.contact(99, file=False, agent=False)
    run("reconcile", variables={"ABSENCE_MINIMUM": minimum})
    assert metrics(capsys) == [
        {"ContactsEnded": calls, "ContactsAnalysed": 0, "SummariesMissing": 0, "SilentPeriods": silent}
    ]
    assert cursor(world)[1] == calls


def test_silence_adds_up_until_a_summary_comes_by_itself(world, run, capsys):
    """A centre with few calls is never silent in one period, but it is over a day."""
    put_cursor(world)
    for number in range(3):
        world.contact(number, file=False)
    run("reconcile")
    for number in range(3, 6):
        world.contact(number, file=False, ended=world.now)
    world.later(minutes=30)
    run("reconcile")
    assert [line["SilentPeriods"] for line in metrics(capsys)] == [0, 1]
    world.contact(7, ended=world.now - timedelta(minutes=6), record=SUMMARY)
    world.later(minutes=15)
    run("reconcile")
    assert ([line["SilentPeriods"] for line in metrics(capsys)], cursor(world)[1]) == ([0], 0)


@pytest.mark.parametrize(
    ("analysed", "count"),
    [
        ({}, 6),
        ({"summary": None}, 6),
        ({"document": SKIPPED}, 3),
        ({"record": SUMMARY}, 0),
    ],
    ids=["no event came", "summaries are off", "too little was said", "it came"],
)
def test_a_rule_or_summaries_that_are_off_are_silence_too(world, run, capsys, analysed, count):
    """Everything is analysed then, and reconciliation sends it all: without the alarm nobody would know."""
    put_cursor(world, without_summary=3)
    for number in range(3):
        world.contact(number, **analysed)
    run("reconcile")
    assert (cursor(world)[1], metrics(capsys)[0]["SilentPeriods"]) == (count, int(count >= 5))


def test_what_waits_as_a_dead_letter_is_no_silence(world, run):
    """Its event came, and another alarm tells of it."""
    put_cursor(world, without_summary=7)
    world.letter(world.event(world.contact(1)))
    world.contact(2)
    run("reconcile")
    assert cursor(world)[1] == 0


def test_calls_that_cannot_be_counted_hold_up_no_summary(world, run):
    """There may be more of them after a long pause than a run can ask for: the next one must not begin anew."""
    put_cursor(world)
    world.contact(1)
    world.service.on("SearchContacts", ServiceError("TooManyRequestsException", status=429))
    with pytest.raises(errors.AwsUnavailable):
        run("reconcile")
    assert (len(world.sent), cursor(world)[0] > NOW - timedelta(hours=1)) == (1, True)


@pytest.mark.parametrize("value", ["2026-03-10T14:00:00Z", "{}", '{"cursor": "yesterday", "without_summary": 0}'])
def test_a_parameter_that_is_no_cursor_is_named(world, run, value):
    world.parameter = value
    with pytest.raises(errors.SettingsInvalid, match="reconcile-cursor holds no cursor"):
        run("reconcile")


def test_killed_anywhere_no_contact_is_jumped_over(world, run):
    total, step = None, 0
    while total is None or step < total:
        for carried_out in (False, True):
            world.begin()
            put_cursor(world)
            contacts = [world.contact(number, ended=NOW - timedelta(minutes=50 - number)) for number in range(3)]
            world.kill = (step, carried_out) if total is not None else None
            try:
                run("reconcile")
            except Killed:
                assert world.kill
            total = total or len(world.steps)
            world.kill, world.dead = None, False
            world.later(minutes=15)
            run("reconcile")
            assert [world.phones.transcripts[contact] for contact in contacts] == [SUMMARY] * 3
        step += 1
    assert step > 20
