# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long an invocation may still take."""

from __future__ import annotations

from time import sleep
from typing import Any

# For raising, logging and what an AWS call in between takes.
_RESERVE = 2.0


class Deadline:
    """The seconds until Lambda ends the invocation, less a reserve."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def remaining(self) -> float:
        return self._context.get_remaining_time_in_millis() / 1000 - _RESERVE

    def pause(self, seconds: float) -> bool:
        """Sleep; return False at once when there is not that much time."""
        if seconds >= self.remaining():
            return False
        sleep(seconds)
        return True
