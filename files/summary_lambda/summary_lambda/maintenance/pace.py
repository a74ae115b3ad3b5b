# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast, and for how long."""

from __future__ import annotations

import time
from typing import Any

_RESERVE = 60.0
_RESERVED_SHARE = 0.2


class Budget:
    """The time of one invocation, less a reserve for what has been begun and for the report.

    :param seconds: end earlier, so that whoever waits for the answer hears something
    """

    def __init__(self, context: Any, seconds: float | None = None) -> None:
        available = context.get_remaining_time_in_millis() / 1000
        usable = available - min(_RESERVE, available * _RESERVED_SHARE)
        self._end = time.monotonic() + (usable if seconds is None else min(usable, seconds))
        self._last_end = time.monotonic() + available

    def is_left(self) -> bool:
        return time.monotonic() < self._end

    def until_killed(self) -> float:
        """Return the seconds after which this invocation cannot be running any more."""
        return max(0.0, self._last_end - time.monotonic())


class Pace:
    """At most so many in a second."""

    def __init__(self, rate: float) -> None:
        self._pause = 1 / rate
        self._next = 0.0

    def wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self._pause
