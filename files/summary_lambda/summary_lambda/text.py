# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What SAP's transcript becomes: the text to write, and what it does to a text that is there already.

Texts are compared line by line, without blank lines and with single blanks: SAP may give back other line ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from difflib import SequenceMatcher

from .contact_lens import Analysis
from .contact_lens import find_reason
from .contact_lens import find_summary
from .errors import AnalysisInvalid
from .errors import SummaryNotReady
from .settings import Environment

SAME = "same"
WRITE = "write"
KEEP = "keep"
# After the last word of a summary that was cut. Plain characters: the mark must come back from SAP as it went.
MARK = " [...]"
SEPARATOR = "\n\n"
# Reasons of our own, beside those of Contact Lens.
SUMMARY_OFF = "SUMMARY_OFF"
TEXT_PRESENT = "TEXT_PRESENT"
NO_ROOM = "NO_ROOM"
_NOTE = "[No contact summary: {reason}]"
_NOTE_LINE = re.compile(r"\[No contact summary: \w+\]", re.ASCII)
_FEWEST_WORDS = 10
_PIECE = 3
_MOST = 0.6
# A remainder below this is not worth writing; of a text that was cut at least half of it is there.
_SHORTEST = 20
_SHORTEST_CUT = (_SHORTEST - len(MARK)) // 2


@dataclass(frozen=True)
class Rendered:
    """``text`` alone: a summary. With ``reason``: a note that tells it. ``reason`` alone: there is nothing to write."""

    text: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Decision:
    """``action`` is ``same`` (SAP has the text), ``write`` (``transcript`` is the whole new text) or ``keep``.

    ``reason`` tells why a text of SAP stands against a summary.
    """

    action: str
    transcript: str | None = None
    reason: str | None = None


def render(analysis: Analysis, environment: Environment, *, now: datetime | None = None) -> Rendered:
    """Return what an analysis file gives to write.

    A file with neither summary nor reason may be late (connect-api 12.3, inferred) or that of a flow that asks for no
    summary: after ``settle_minutes`` it is taken for the latter.

    :raises SummaryNotReady: it may still come
    :raises AnalysisInvalid: it would have come by now, and the file cannot be read
    """
    summary = find_summary(analysis.document)
    if summary:
        return Rendered(summary)
    reason = find_reason(analysis.document)
    if reason:
        return render_reason(reason, environment)
    age = (now or datetime.now(UTC)) - analysis.file.modified
    if age < timedelta(minutes=environment.settle_minutes):
        raise SummaryNotReady("The analysis file holds no summary yet")
    if not analysis.document:
        raise AnalysisInvalid("The analysis file is not a JSON object")
    return render_reason(SUMMARY_OFF, environment)


def render_reason(reason: str, environment: Environment) -> Rendered:
    """Return the note that there is no summary, if one is wanted."""
    note = _NOTE.format(reason=reason) if environment.missing_summary == "note" else None
    return Rendered(note, reason)


def compare(transcript: str | None, rendered: Rendered, environment: Environment) -> Decision:
    """Decide what becomes of a transcript.

    In every mode a text that holds the summary already stays as it is, also if that was cut, corrected or added to
    since. A note never stands in for a text: it is written only where there is nothing, or an older note.
    """
    if rendered.text is None:
        return Decision(KEEP)
    current = transcript or ""
    if holds(current, rendered.text) or resembles(current, rendered.text):
        return Decision(SAME)
    own = _without_notes(current)
    if rendered.reason is not None and own:
        return Decision(KEEP)
    if own and environment.transcript_mode == "only_if_empty":
        return Decision(KEEP, reason=TEXT_PRESENT)
    before = own + SEPARATOR if own and environment.transcript_mode == "append" else ""
    return _fitted(before, rendered.text, environment.transcript_limit)


def holds(transcript: str, text: str) -> bool:
    """Tell whether the text, or a beginning of it that ends in the mark, is a run of lines of the transcript."""
    lines, wanted = _lines(transcript), _lines(text)
    return any(_runs(lines[start:], wanted) for start in range(len(lines)))


def resembles(transcript: str, text: str) -> bool:
    """Tell whether the transcript holds most of the text, in pieces of some words each.

    So a summary is recognised that an agent has corrected, or whose redacted version came first. In a long conversation
    single words of any text would be found; and what few words say, a few others say differently.
    """
    words, wanted = transcript.split(), text.split()
    if len(wanted) < _FEWEST_WORDS:
        return False
    pieces = SequenceMatcher(None, words, wanted, autojunk=False).get_matching_blocks()
    return sum(piece.size for piece in pieces if piece.size >= _PIECE) >= _MOST * len(wanted)


def cut(text: str, limit: int) -> str:
    """Shorten a text to the limit: on a word's end, unless that leaves less than half, with the mark after it."""
    if len(text) <= limit:
        return text
    room = limit - len(MARK)
    boundary = max((position for position, letter in enumerate(text[: room + 1]) if letter.isspace()), default=0)
    kept = text[:boundary].rstrip()
    return (kept if len(kept) * 2 >= room else text[:room]) + MARK


def _fitted(before: str, text: str, limit: int) -> Decision:
    """What stands there is never cut for the sake of the summary."""
    if not limit:
        return Decision(WRITE, before + text)
    room = limit - len(before)
    if room < min(len(text), _SHORTEST):
        return Decision(KEEP, reason=NO_ROOM)
    return Decision(WRITE, before + cut(text, room))


def _runs(lines: list[str], wanted: list[str]) -> bool:
    mark = MARK.strip()
    length = 0
    for position, line in enumerate(wanted):
        if position >= len(lines):
            return False
        found = lines[position]
        if found != line:
            stem = found.removesuffix(mark).rstrip()
            return found.endswith(mark) and line.startswith(stem) and length + len(stem) >= _SHORTEST_CUT
        length += len(line)
    return bool(wanted)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _without_notes(transcript: str) -> str:
    """Return the transcript as it is, or without notes of this function if it has any."""
    lines = transcript.splitlines(keepends=True)
    kept = [line for line in lines if not _NOTE_LINE.fullmatch(line.strip())]
    text = transcript if len(kept) == len(lines) else "".join(kept)
    return text.strip()
