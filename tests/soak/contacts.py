# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contacts of a soak: what kinds there are, and which one is the how many-th. All of it follows from the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

MAIN_FLOW = "1 - MainFlow"
CONSENT_FLOW = "2 - Consent"
SILENT_FLOW = "3 - No summaries"
# What the agent writes into SAP before the summary comes
OWN_TEXT = "wants to be called back before noon"
LONG_AGO = timedelta(hours=3)
LONGEST = timedelta(minutes=6)


@dataclass(frozen=True)
class Kind:
    """A kind of contact. ``cause`` is what the trace has to say when there is no summary to come."""

    name: str
    weight: int
    cause: str | None = None

    @property
    def has_summary(self) -> bool:
        return self.cause is None


KINDS = (
    Kind("call", 28),
    Kind("chat", 14),
    Kind("late file", 6),
    Kind("late summary", 6),
    Kind("over midnight", 6),
    Kind("answered after midnight", 4),
    Kind("transferred", 6),
    Kind("with the agent's own text", 6),
    Kind("too short", 6, "no_summary_made"),
    Kind("analysis failed", 5, "analysis_failed"),
    Kind("recording declined", 6, "analysis_not_asked_for"),
    Kind("summaries off", 3, "summary_not_asked_for"),
    Kind("never answered", 4, "never_reached_an_agent"),
)
BY_NAME = {kind.name: kind for kind in KINDS}
# Faults that have to happen are made to calls and chats of these kinds
PLAIN = ("call", "chat")


@dataclass(frozen=True)
class Planned:
    """A contact to be placed: its number, kind and, for one that has to suffer it, the forced fault."""

    number: int
    kind: Kind
    fault: str | None = None


@dataclass(frozen=True)
class Words:
    """What nobody may find in a log. Every text and number of the run holds the marker of its kind."""

    marker: str

    def summary(self, number: int) -> str:
        return (
            f"{self.reference(number)} The customer asked when the ordered pump arrives, and {self.marker} the agent"
            f" promised Tuesday and a call. {self.marker} end of {number:05d}."
        )

    def reference(self, number: int) -> str:
        return f"{self.marker}-{number:05d}:"

    def own_text(self, number: int) -> str:
        return f"{self.marker.upper()} {number:05d} {OWN_TEXT}"

    def caller(self, number: int) -> str:
        """A number of the range that the British regulator keeps for fiction, where none can be a real one."""
        return f"+447700{900000 + number % 1000:06d}"

    def said(self) -> list[list[str]]:
        return [["AGENT", "Good morning."], ["CUSTOMER", f"My name is {self.marker.title()}."]]

    def secrets(self) -> dict[str, str]:
        """Return what a log may hold nothing of, by what it is; the comparison ignores the case."""
        return {"summary, own text or what was said": self.marker, "phone number of a customer": "+447700900"}


def plan(number: int, *, seed: int, forced: dict[str, int]) -> list[Planned]:
    """Return the contacts of a run in the order in which they come.

    Every kind comes at least once. Forced faults (name -> how many) go to plain calls and chats, which come first,
    fault by fault, because each holds for all contacts at that time.
    """
    faults = [fault for fault, times in forced.items() for _unused in range(times)]
    first = [Planned(index, BY_NAME[PLAIN[index % 2]], fault) for index, fault in enumerate(faults)]
    chance = random.Random(seed)
    more = max(0, number - len(first) - len(KINDS))
    kinds = [*KINDS, *chance.choices(KINDS, [kind.weight for kind in KINDS], k=more)]
    chance.shuffle(kinds)
    return first + [Planned(len(first) + index, kind) for index, kind in enumerate(kinds)]


def request(planned: Planned, words: Words, *, number: str, now: datetime) -> dict[str, Any]:
    """Return what the emulator is asked for (README of the emulator); a transfer has a second leg after this one."""
    members: dict[str, Any] = {
        "agent": "agent",
        "caller": words.caller(planned.number),
        "dialled_number": number,
        "duration": 60 + planned.number % 240,
        "summary": words.summary(planned.number),
        "transcript": words.said(),
    }
    # The last one that a contact around it has had the time to end after
    midnight = (now - LONGEST).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    long_ago = {"started_at": (now - LONG_AGO).isoformat()}
    changes: dict[str, dict[str, Any]] = {
        "call": {},
        "chat": {"channel": "CHAT", "dialled_number": None, "contact_flow": MAIN_FLOW},
        "late file": {"file_delay": 2 + planned.number % 3},
        "late summary": {"summary_delay": 1 + planned.number % 3},
        "over midnight": {"started_at": (midnight - timedelta(seconds=60)).isoformat(), "duration": 300},
        "answered after midnight": {"started_at": (midnight - timedelta(seconds=8)).isoformat(), "queue_seconds": 9},
        "transferred": {},
        "with the agent's own text": {"analysis_delay": 3},
        "too short": {"summary": None, "summary_failure": "INSUFFICIENT_CONVERSATION_CONTENT", "duration": 4},
        "analysis failed": {"analysis_failure": "RECORDING_FILE_TOO_SMALL", **long_ago},
        "recording declined": {"contact_flow": CONSENT_FLOW, "inputs": ["2"], **long_ago},
        "summaries off": {"contact_flow": SILENT_FLOW},
        "never answered": {"agent": None},
    }
    members |= changes[planned.kind.name]
    return {name: value for name, value in members.items() if value is not None or name == "summary"}
