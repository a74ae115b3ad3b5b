# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a transcript: by example, and for thousands of texts."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import seed
from hypothesis import settings
from hypothesis import strategies as st
from summary_fakes import ENVIRONMENT
from summary_fakes import SUMMARY
from summary_fakes import make_document
from summary_lambda.contact_lens import Analysis
from summary_lambda.contact_lens import AnalysisFile
from summary_lambda.errors import AnalysisInvalid
from summary_lambda.errors import SummaryNotReady
from summary_lambda.settings import Environment
from summary_lambda.text import Decision
from summary_lambda.text import Rendered
from summary_lambda.text import compare
from summary_lambda.text import cut
from summary_lambda.text import holds
from summary_lambda.text import render

MODES = ("append", "replace", "only_if_empty")
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
LONG = "The customer asked for an invoice. " * 20
NOTE = "[No contact summary: QUOTA_EXCEEDED]"


def environment(mode: str = "append", limit: int = 0, **variables: str) -> Environment:
    return Environment.read({**ENVIRONMENT, "TRANSCRIPT_MODE": mode, "TRANSCRIPT_LIMIT": str(limit), **variables})


def decide(transcript: str | None, text: str, mode: str = "append", limit: int = 0) -> Decision:
    return compare(transcript, Rendered(text), environment(mode, limit))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("transcript", [None, "", " \n"])
def test_an_empty_transcript_becomes_exactly_the_summary(transcript, mode):
    assert decide(transcript, SUMMARY, mode) == Decision("write", SUMMARY)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "transcript",
    [
        SUMMARY,
        f"written by the agent\n\n{SUMMARY}",
        f"{SUMMARY}\r\n\r\nadded by the agent",
        f"  {SUMMARY.replace(' ', '  ')}  ",
    ],
)
def test_a_transcript_that_holds_the_summary_stays_in_every_mode(transcript, mode):
    assert decide(transcript, SUMMARY, mode) == Decision("same")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("before", ["", "written by the agent\n\n"])
@pytest.mark.parametrize("after", ["", "\n\nadded by the agent"])
def test_a_summary_that_was_cut_stays_in_every_mode(mode, before, after):
    assert decide(before + cut(LONG, 200) + after, LONG, mode, 200) == Decision("same")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "transcript",
    [
        SUMMARY.replace("Grace Hopper", "[NAME]").replace("grace@example.com", "[EMAIL]"),
        SUMMARY.replace("Grace Hopper", "G. Hopper"),
        f"Called back. {SUMMARY.replace('copy', 'duplicate')} Done.",
    ],
)
def test_a_summary_that_was_corrected_or_redacted_is_recognised(transcript, mode):
    assert decide(transcript, SUMMARY, mode) == Decision("same")
    assert decide(SUMMARY, SUMMARY.replace("Grace Hopper", "[NAME]"), mode) == Decision("same")


def test_a_long_conversation_with_the_words_of_the_summary_does_not_hold_it():
    conversation = "\n".join(f"AGENT: well {word} and so on" for word in SUMMARY.split() * 50)
    assert decide(conversation, SUMMARY).transcript == f"{conversation}\n\n{SUMMARY}"


def test_short_summaries_that_differ_in_a_number_are_different():
    assert decide("The customer ordered 20 pieces again.", "The customer ordered 30 pieces again.").action == "write"


def test_a_sentence_of_the_summary_is_not_the_summary():
    part = SUMMARY.partition(";")[0]
    assert decide(part, SUMMARY) == Decision("write", f"{part}\n\n{SUMMARY}")


@pytest.mark.parametrize("transcript", ["The [...]", "[...]", "x [...]"])
def test_an_agents_own_dots_are_no_cut_summary(transcript):
    assert decide(transcript, SUMMARY).action == "write"


def test_texts_of_agents_are_never_cut_for_a_summary():
    agent = "a" * 190
    assert decide(agent, LONG, limit=200) == Decision("keep", reason="NO_ROOM")
    assert decide(agent, "Short.", limit=200) == Decision("write", f"{agent}\n\nShort.")
    assert decide(agent, LONG, limit=300).transcript.startswith(f"{agent}\n\nThe customer")


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("one two three", 13, "one two three"),
        ("one two three four", 13, "one two [...]"),
        ("one two three", 12, "one [...]"),
        ("unbroken" * 10, 20, "unbrokenunbrok [...]"),
        ("a " + "unbroken" * 10, 20, "a unbrokenunbr [...]"),
    ],
)
def test_a_text_is_cut_on_a_words_end_with_the_mark(text, limit, expected):
    assert cut(text, limit) == expected


def analysis(document: dict, minutes: float = 0) -> Analysis:
    return Analysis(AnalysisFile("key", NOW - timedelta(minutes=minutes)), document)


def test_a_note_is_rendered_only_where_one_is_wanted():
    document = {
        "JobDetails": {"SkippedAnalysis": [{"Feature": "POST_CONTACT_SUMMARY", "ReasonCode": "QUOTA_EXCEEDED"}]}
    }
    assert render(analysis(document), environment(), now=NOW) == Rendered(None, "QUOTA_EXCEEDED")
    noted = render(analysis(document), environment(MISSING_SUMMARY="note"), now=NOW)
    assert noted == Rendered(NOTE, "QUOTA_EXCEEDED")
    assert compare(None, noted, environment()) == Decision("write", NOTE)
    assert compare(NOTE, noted, environment()) == Decision("same")
    assert compare(SUMMARY, noted, environment()) == Decision("keep")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("transcript", "expected"), [(NOTE, SUMMARY), (f"mine\n{NOTE}", None), ("[No contact summary: X]\n", SUMMARY)]
)
def test_a_summary_takes_the_place_of_a_note(mode, transcript, expected):
    expected = expected or {"append": f"mine\n\n{SUMMARY}", "replace": SUMMARY, "only_if_empty": None}[mode]
    assert decide(transcript, SUMMARY, mode).transcript == expected


def test_a_file_without_summary_is_waited_for_and_then_settled():
    for document in ({}, make_document(None)):
        with pytest.raises(SummaryNotReady):
            render(analysis(document, 14.9), environment(), now=NOW)
    assert render(analysis(make_document(None), 15), environment(), now=NOW) == Rendered(None, "SUMMARY_OFF")
    with pytest.raises(AnalysisInvalid):
        render(analysis({}, 15), environment(), now=NOW)


TEXT = st.text(st.sampled_from("ab .[]\n\r\t\u00a0\u2028\U0001f600"), max_size=500)
SUMMARIES = TEXT.map(str.strip).filter(bool)


def check_twice(transcript: str, summary: str, mode: str, limit: int) -> None:
    first = decide(transcript, summary, mode, limit)
    if first.action != "write":
        return
    written = first.transcript
    assert limit == 0 or len(written) <= max(limit, len(transcript))
    assert mode == "replace" or written.startswith(transcript.strip())
    assert written.strip()
    for given_back in (written, written.replace("\n", "\r\n"), written.strip(), written + "\n\nadded"):
        assert decide(given_back, summary, mode, limit).action == "same"


@seed(20260310)
@settings(max_examples=500, deadline=None, database=None)
@given(TEXT, SUMMARIES, st.sampled_from(MODES), st.sampled_from([0, 200, 300]))
def test_a_summary_that_was_written_is_recognised(transcript, summary, mode, limit):
    """The same summary twice changes nothing: in every mode, cut or whole, with the agent's text before or after it."""
    check_twice(transcript, summary, mode, limit)


@seed(20260310)
@settings(max_examples=300, deadline=None, database=None)
@given(TEXT, SUMMARIES)
def test_only_whole_lines_count_as_held(transcript, summary):
    if holds(transcript, summary) and " [...]" not in transcript:
        assert "".join(summary.split()) in "".join(transcript.split())
