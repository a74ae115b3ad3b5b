# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The soak's own parts: what it counts as lost, wiped or doubled, and what it finds in logs. Needs no cloud."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from . import log_scan
from .accounting import Placed
from .accounting import settle
from .contacts import BY_NAME
from .contacts import KINDS
from .contacts import Planned
from .contacts import Words
from .contacts import plan
from .contacts import request

WORDS = Words("quendxyz")
OWN_TEXT = WORDS.own_text(7)
SUMMARY = WORDS.summary(7)


def account_of(kind="call", transcript=None, history=(), own_text=None, cause="delivered"):
    placed = Placed(Planned(7, BY_NAME[kind]), "c-7", own_text)
    record = {"transcript": transcript, "history": [{"members": {"transcript": text}} for text in history]}
    return settle([placed], {"c-7": record}, WORDS, find_cause=lambda _contact_id: cause)


def test_delivered():
    account = account_of(transcript=SUMMARY, history=[SUMMARY])
    assert account.faultless and account.delivered == ["c-7"]


@pytest.mark.parametrize("transcript", [None, "", WORDS.reference(7), "something else"])
def test_lost(transcript):
    account = account_of(transcript=transcript)
    assert account.lost == ["c-7"] and not account.faultless


def test_doubled():
    account = account_of(transcript=f"{SUMMARY}\n\n{SUMMARY}")
    assert account.doubled == ["c-7"] and not account.faultless


@pytest.mark.parametrize(
    "history",
    [[SUMMARY, ""], [SUMMARY, None], [OWN_TEXT, SUMMARY], [OWN_TEXT, "", f"{OWN_TEXT}\n\n{SUMMARY}"]],
    ids=["empty", "removed", "own text overwritten", "empty in between"],
)
def test_wiped(history):
    account = account_of(
        "with the agent's own text", transcript=f"{OWN_TEXT}\n\n{SUMMARY}", history=history, own_text=OWN_TEXT
    )
    assert account.wiped == ["c-7"] and not account.faultless


def test_own_text_before_the_summary():
    whole = f"{OWN_TEXT}\n\n{SUMMARY}"
    account = account_of("with the agent's own text", transcript=whole, history=[OWN_TEXT, whole], own_text=OWN_TEXT)
    assert account.faultless and account.own_texts_kept == 1


def test_own_text_after_the_summary():
    whole = f"{OWN_TEXT}\n\n{SUMMARY}"
    account = account_of("with the agent's own text", transcript=whole, history=[SUMMARY, whole], own_text=OWN_TEXT)
    assert account.faultless and account.own_texts_kept == 1


def test_in_a_wrong_record():
    account = account_of(transcript=f"{SUMMARY} {WORDS.summary(8)}")
    assert account.misplaced == ["c-7"] and not account.faultless


def test_without_summary_for_the_right_reason():
    account = account_of("too short", cause="no_summary_made")
    assert account.faultless and dict(account.by_reason) == {"too short: no_summary_made": 1}


def test_without_summary_for_another_reason():
    account = account_of("too short", cause="event_lost")
    assert account.unaccounted == {"c-7": ("no_summary_made", "event_lost")} and not account.faultless


def test_a_summary_that_should_not_be():
    assert account_of("too short", transcript=SUMMARY, cause="no_summary_made").unaccounted


def test_the_plan_follows_from_its_seed():
    forced = {"dropped": 2, "killed": 1}
    first = plan(40, seed=5, forced=forced)
    assert first == plan(40, seed=5, forced=forced)
    assert [planned.number for planned in first] == list(range(40))
    assert [planned.fault for planned in first[:4]] == ["dropped", "dropped", "killed", None]
    assert {planned.kind for planned in first[3:]} == set(KINDS)


@pytest.mark.parametrize("minute", [0, 5, 6, 700])
def test_no_contact_ends_in_the_future(minute):
    now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
    for kind, number in ((kind, number) for kind in KINDS for number in (0, 239)):
        members = request(Planned(number, kind), WORDS, number="+442079460001", now=now)
        if "started_at" in members:
            seconds = members["duration"] + members.get("queue_seconds", 5) + 5
            assert datetime.fromisoformat(members["started_at"]) + timedelta(seconds=seconds) < now


def test_the_marker_is_in_everything_that_was_said():
    said = [SUMMARY, OWN_TEXT, *(text for _role, text in WORDS.said()[1:])]
    assert all(WORDS.marker in text.lower() for text in said)


def test_leaks_are_found(tmp_path):
    """In any case, in JSON, in any log; and the finding does not repeat what it found."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "front.log").write_text(f"took {WORDS.caller(3)}")
    (tmp_path / "endpoints.env").write_text("pass'word")
    journal = [{"path": "/x", "body": SUMMARY, "error": "of user pa\u00dfword"}]
    logs = [
        ("function", f'{{"message": "{OWN_TEXT}"}}'),
        *log_scan.files_of(tmp_path),
        *log_scan.journal("journal", journal, without=("body",)),
        ("edge", "sent Authorization: Bearer 0123456789abcdef0123"),
        ("clean", "nothing"),
    ]
    needles = {**WORDS.secrets(), "password": "pa\u00dfword"}
    leaks, looked_at = log_scan.find_leaks(iter(logs), needles)
    assert [(leak.log, leak.what) for leak in leaks] == [
        ("function", "summary, own text or what was said"),
        ("front.log", "phone number of a customer"),
        ("journal", "password"),
        ("edge", "header or answer with credentials"),
    ]
    assert looked_at == sum(len(text) for _name, text in logs)
    assert not any(needle in str(leak) for leak in leaks for needle in needles.values())
