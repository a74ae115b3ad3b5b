# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of the front share: settings, journal, and the request being served."""

from __future__ import annotations

from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field
from typing import Any

JOURNAL_LENGTH = 20_000


@dataclass
class Settings:
    """What a test may turn."""

    enabled: bool = True
    # Seconds for which Lambda cannot assume a new role. AWS names no figure; inferred from the retries of its clients.
    role_delay: float = 3.0
    # Real seconds for one second of the pauses between the attempts of asynchronous invocations.
    asynchronous_pace: float = 0.002
    # Functions that are killed: share, kinds, seed, function, within (function_faults.py); None for no faults.
    function_faults: dict[str, Any] | None = None


@dataclass
class Journal:
    """The last requests, oldest first, without bodies and query strings."""

    entries: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=JOURNAL_LENGTH))

    def select(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        """Return the entries whose fields equal the filters, as text."""
        return [
            entry for entry in self.entries if all(str(entry.get(name)) == value for name, value in filters.items())
        ]


SETTINGS = Settings()
JOURNAL = Journal()
# The journal entry and the percent-encoded path of the request being served; MiniStack hands on a decoded path.
CURRENT: ContextVar[dict[str, Any] | None] = ContextVar("front_entry", default=None)
RAW_PATH: ContextVar[str] = ContextVar("front_raw_path", default="")


def note(**facts: Any) -> None:
    """Add facts to the journal entry of the request being served."""
    entry = CURRENT.get()
    if entry is not None:
        entry |= facts
