# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of every contact of a soak: delivered, lost, wiped, doubled, misplaced, without summary for a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from .contacts import Planned
from .contacts import Words


@dataclass(frozen=True)
class Placed:
    """A contact that has happened. ``own_text``: what the agent wrote into SAP before the summary came."""

    planned: Planned
    contact_id: str
    own_text: str | None = None


@dataclass
class Account:
    """Contact ids by what became of them; all but the first three must be empty."""

    delivered: list[str] = field(default_factory=list)
    by_reason: Counter[str] = field(default_factory=Counter)
    own_texts_kept: int = 0
    lost: list[str] = field(default_factory=list)
    wiped: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    # contact id -> what was expected, what was found
    unaccounted: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def faultless(self) -> bool:
        return not (self.lost or self.wiped or self.doubled or self.misplaced or self.unaccounted)


def settle(
    placed: list[Placed],
    records: Mapping[str, dict[str, Any]],
    words: Words,
    *,
    find_cause: Callable[[str], str],
) -> Account:
    """Hold every contact against SAP's record and its history of writes.

    :param find_cause: the cause that the trace tells for a contact
    """
    account = Account()
    for contact in placed:
        record = records.get(contact.contact_id) or {}
        transcript, history = record.get("transcript") or "", record.get("history", [])
        _check_writes(account, contact, history)
        if _holds_others(transcript, words, contact.planned.number):
            account.misplaced.append(contact.contact_id)
        times = transcript.count(words.reference(contact.planned.number))
        if times > 1:
            account.doubled.append(contact.contact_id)
        account.own_texts_kept += bool(contact.own_text) and transcript.startswith(contact.own_text or "")
        if contact.planned.kind.has_summary:
            whole = words.summary(contact.planned.number) in transcript
            (account.delivered if whole else account.lost).append(contact.contact_id)
        else:
            _check_reason(account, contact, times, find_cause)
    return account


def _check_writes(account: Account, contact: Placed, history: list[dict[str, Any]]) -> None:
    """No write may leave an empty transcript, or one without what the agent had written."""
    own_text_written = False
    for entry in history:
        if "transcript" not in entry["members"]:
            continue
        text = entry["members"]["transcript"] or ""
        if not text.strip() or (own_text_written and contact.own_text and contact.own_text not in text):
            account.wiped.append(contact.contact_id)
            return
        own_text_written = own_text_written or text == contact.own_text


def _holds_others(transcript: str, words: Words, number: int) -> bool:
    found = transcript.count(f"{words.marker}-")
    return found != transcript.count(words.reference(number))


def _check_reason(account: Account, contact: Placed, times: int, find_cause: Callable[[str], str]) -> None:
    wanted = contact.planned.kind.cause or ""
    found = "summary written" if times else find_cause(contact.contact_id)
    if found == wanted:
        account.by_reason[f"{contact.planned.kind.name}: {wanted}"] += 1
    else:
        account.unaccounted[contact.contact_id] = (wanted, found)
