# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that are killed in the middle of their work, by chance from a seed.

A killed process is what Lambda tells as ``Runtime.ExitError``; a time-out is told apart by its message alone. When the
function has finished before its moment comes, its work is done and its answer is lost: the hardest case for a caller.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from . import ministack_names as ministack
from .front_state import SETTINGS

KINDS = ("kill", "timeout")
WITHIN = 0.3  # seconds


class Faults:
    """The faults that the front's setting ``function_faults`` orders."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: dict[str, Any] | None = None
        self._random = random.Random()
        self.counts: Counter[str] = Counter()

    def next(self, function: str) -> tuple[str, float] | None:
        """Return kind and moment of the fault of the next invocation of a function; None for no fault."""
        ordered = SETTINGS.function_faults
        with self._lock:
            if ordered is not self._ordered:
                self._ordered, self.counts = ordered, Counter()
                self._random = random.Random(ordered["seed"] if ordered else None)
            if not ordered or ordered["function"] not in (None, function):
                return None
            chance, kind = self._random.random(), self._random.choice(ordered["kinds"])
            moment = self._random.uniform(0, ordered["within"])
            if chance >= ordered["share"]:
                return None
            self.counts[kind] += 1
            return kind, moment


FAULTS = Faults()


def install() -> None:
    """Stand around every run of a function in MiniStack."""
    ministack.tell_errors_as_lambda_does(_run)


def complete(value: Any) -> dict[str, Any] | None:
    """Return the setting with its defaults.

    :raises ValueError: when it makes no sense
    """
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) - {"share", "kinds", "seed", "function", "within"}:
        raise ValueError("function_faults takes share, kinds, seed, function and within")
    whole = {"share": 0.0, "kinds": list(KINDS), "seed": 0, "function": None, "within": WITHIN} | value
    for name, most in (("share", 1.0), ("within", 900.0)):
        number = whole[name]
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= most:
            raise ValueError(f"{name} is a number from 0 to {most:g}")
    if not isinstance(whole["kinds"], list) or not whole["kinds"] or set(whole["kinds"]) - set(KINDS):
        raise ValueError(f"kinds is a list of {', '.join(KINDS)}")
    return whole


def _run(invocation: Callable[[], dict], worker: Any, config: dict) -> dict:
    fault = FAULTS.next(config["FunctionName"])
    if fault is None:
        return invocation()
    kind, moment = fault
    timer = threading.Timer(moment, ministack.kill_worker, [worker])
    timer.start()
    try:
        result = invocation()
    except Exception:
        # The process was killed before it was ready, which MiniStack raises.
        result = {}
    finally:
        timer.cancel()
        ministack.kill_worker(worker)
    error = "Runtime exited with error: signal: killed"
    if kind == "timeout":
        error = f"Task timed out after {config.get('Timeout', 3)}.00 seconds"
    return {"status": "error", "error": error, "log": result.get("log", "")}
