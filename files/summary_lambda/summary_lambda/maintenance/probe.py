# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does the way to SAP work, step by step, and how do things stand? Signs in and lists once, and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ..errors import SapUnauthorized
from ..errors import SummaryError
from ..runtime import Runtime
from ..sap import SapClient
from .comparison import ask_sap
from .cursor import Cursor
from .dead_letters import DeadLetterQueue
from .inspect import show_time
from .pace import Budget

Step = dict[str, Any]


def probe(
    *,
    runtime: Runtime,
    find_sap: Callable[[], SapClient],
    queue: DeadLetterQueue,
    cursor: Cursor,
    budget: Budget,
) -> dict[str, Any]:
    """Return the steps, and what diagnosis wants to know besides."""
    steps = [_step("settings", lambda: runtime.settings)]
    steps += _ask_sap(find_sap) if steps[0]["state"] == "ok" else [_not_asked("sign_in"), _not_asked("list")]
    answer: dict[str, Any] = {"steps": steps}
    broken = next((step for step in steps if step["state"] == "error"), None)
    answer["sap"] = {"state": "error" if broken else "ok", "error": broken and broken["error"]}
    steps.append(_step("queue", lambda: answer.update(dead_letters=_dead_letters(queue, budget))))
    steps.append(_step("cursor", lambda: answer.update(_cursor(cursor))))
    answer.setdefault("dead_letters", {"state": "error", "count": None, "oldest_at": None, "reasons": {}})
    return {"cursor": None, "without_summary": None, **answer}


def _step(name: str, act: Callable[[], Any]) -> Step:
    try:
        act()
    except SummaryError as error:
        return {"step": name, "state": "error", "error": type(error).__name__, "message": str(error)}
    return {"step": name, "state": "ok", "error": None, "message": None}


def _not_asked(name: str) -> Step:
    return {"step": name, "state": "not_asked", "error": None, "message": None}


def _ask_sap(find_sap: Callable[[], SapClient]) -> list[Step]:
    """One request does both: whoever may list has signed in."""
    listed = _step("list", lambda: ask_sap(find_sap()))
    if listed["error"] == SapUnauthorized.__name__:
        return [{**listed, "step": "sign_in"}, _not_asked("list")]
    return [{**_not_asked("sign_in"), "state": "ok" if listed["state"] == "ok" else "not_asked"}, listed]


def _dead_letters(queue: DeadLetterQueue, budget: Budget) -> dict[str, Any]:
    letters, complete = queue.peek(budget)
    oldest = min((letter.sent_at for letter in letters), default=None)
    return {
        "state": "ok",
        "count": queue.count(),
        "oldest_at": show_time(oldest),
        "reasons": dict(Counter(letter.reason for letter in letters)),
        "complete": complete,
    }


def _cursor(cursor: Cursor) -> dict[str, Any]:
    progress = cursor.read()
    return {
        "cursor": show_time(progress.cursor) if progress else None,
        "without_summary": progress.without_summary if progress else 0,
    }
