# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A share of all requests goes wrong, in every way that a client has to live with."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

# Beside these answers: "reset" and "timeout" answer nothing, "412" is another user's change in between.
STATUSES = {"429": 429, "500": 500, "502": 502, "503": 503, "504": 504}
KINDS = (*STATUSES, "reset", "timeout", "412")
# Of these the client cannot know whether the request was carried out: half of them were.
UNCERTAIN = {"500", "502", "503", "504", "reset", "timeout"}
OPERATIONS = ("list", "read", "update", "create")


@dataclass(frozen=True)
class RandomFault:
    """What happens to one request."""

    kind: str
    carried_out: bool
    delay: float
    retry_after: int | None

    @property
    def status(self) -> int | None:
        return STATUSES.get(self.kind)


class RandomFaults:
    """Nothing goes wrong until ``start``; the same seed gives the same faults for the same requests."""

    def __init__(self) -> None:
        self.stop()

    def start(self, document: Any) -> dict[str, Any]:
        """Take ``share``, ``kinds``, ``operations``, ``seed``, ``delay`` (seconds until a time-out's connection ends)
        and ``retry_after`` (seconds that 429 and 503 ask for; null: no such header).

        :raises ValueError: for a member or value that does not exist
        """
        if not isinstance(document, dict):
            raise ValueError("Random faults are an object.")
        known = {"share", "kinds", "operations", "seed", "delay", "retry_after"}
        if document.keys() - known:
            raise ValueError(f"Random faults have no member {', '.join(sorted(document.keys() - known))}.")
        share, kinds = document.get("share", 0.2), document.get("kinds", list(KINDS))
        operations = document.get("operations", ["list", "read", "update"])
        delay, retry_after = document.get("delay", 30), document.get("retry_after", 1)
        if not _is_number(share) or not 0 <= share <= 1:
            raise ValueError("share is between 0 and 1.")
        if not isinstance(kinds, list) or not kinds or not set(kinds) <= set(KINDS):
            raise ValueError(f"kinds is a list out of {', '.join(KINDS)}.")
        if not isinstance(operations, list) or not set(operations) <= set(OPERATIONS):
            raise ValueError(f"operations is a list out of {', '.join(OPERATIONS)}.")
        if not _is_number(delay) or not (retry_after is None or isinstance(retry_after, int)):
            raise ValueError("delay and retry_after are seconds.")
        self._settings = {
            "share": share,
            "kinds": kinds,
            "operations": operations,
            "seed": document.get("seed"),
            "delay": delay,
            "retry_after": retry_after,
        }
        self._random = random.Random(document.get("seed"))
        self._counts = Counter()
        self._requests = 0
        return self.shown()

    def stop(self) -> dict[str, Any] | None:
        """End them; return what they came to."""
        shown = self.shown() if getattr(self, "_settings", None) else None
        self._settings: dict[str, Any] | None = None
        self._random = random.Random()
        self._counts: Counter[str] = Counter()
        self._requests = 0
        return shown

    def shown(self) -> dict[str, Any]:
        return {**(self._settings or {}), "requests": self._requests, "counts": dict(self._counts)}

    def pick(self, operation: str) -> RandomFault | None:
        """Say what happens to the next request."""
        settings = self._settings
        if settings is None or operation not in settings["operations"]:
            return None
        self._requests += 1
        # Four draws for every request: what happens to one does not depend on the kind of those before.
        hit, chosen, carried_out, asks = (self._random.random() for _draw in range(4))
        # Only an update meets the change of another user.
        kinds = [kind for kind in settings["kinds"] if kind != "412" or operation == "update"]
        if hit >= settings["share"] or not kinds:
            return None
        kind = kinds[int(chosen * len(kinds))]
        self._counts[kind] += 1
        return RandomFault(
            kind=kind,
            carried_out=kind in UNCERTAIN and carried_out < 0.5,
            delay=settings["delay"] if kind == "timeout" else 0,
            retry_after=settings["retry_after"] if kind == "429" or (kind == "503" and asks < 0.5) else None,
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
