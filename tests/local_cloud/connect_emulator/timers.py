# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens later: steps that wait for the emulator's clock.

Every request to the emulator first runs the steps that are due, so a test that moves ``clock_offset`` needs no waiting.
Where the emulator lives on, in the process of the local cloud, a task runs them too (``keep_running``).
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Awaitable
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta

from .state import EMULATOR
from .state import Instance

LOG = logging.getLogger(__name__)
PAUSE = 0.05
_NUMBERS = itertools.count()
_task: asyncio.Task | None = None

Step = Callable[[], Awaitable[object]]


@dataclass(order=True)
class Timer:
    """A step that waits; steps of the same moment run in the order in which they were scheduled."""

    due: datetime
    number: int
    step: Step = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


def schedule(instance: Instance, seconds: float, step: Step) -> Timer:
    """Run a step once, when so many seconds have passed; it is forgotten together with the instance."""
    timer = Timer(EMULATOR.now() + timedelta(seconds=seconds), next(_NUMBERS), step)
    heapq.heappush(instance.timers, timer)
    return timer


async def run_due() -> None:
    """Run the steps whose time has come; one that fails is logged and hinders no other."""
    now = EMULATOR.now()
    for region in list(EMULATOR.regions.values()):
        for instance in list(region.instances.values()):
            while instance.timers and instance.timers[0].due <= now:
                timer = heapq.heappop(instance.timers)
                if timer.cancelled:
                    continue
                try:
                    await timer.step()
                except Exception:
                    LOG.exception("A step that was scheduled for %s failed", timer.due)


def keep_running() -> None:
    """Run steps in the running event loop from now on, also while no request comes."""
    global _task
    loop = asyncio.get_running_loop()
    if _task is None or _task.get_loop() is not loop:
        _task = loop.create_task(_run_for_ever())


async def _run_for_ever() -> None:
    while True:
        await run_due()
        await asyncio.sleep(PAUSE)
