# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of tests exercised: distinct items by category, told in one table at its end.

Pytest plugin that conftest.py registers. Workers of xdist hand their items to the controller, which prints.
"""

from __future__ import annotations

from typing import Any

import pytest

_WORKER_OUTPUT = "exercised"


class Exercised:
    """Distinct items by category, for example `add("operations", "CreateQueue")`."""

    def __init__(self) -> None:
        self._items: dict[str, set[str]] = {}

    def add(self, category: str, item: str) -> None:
        """Count the item under the category, once however often it is added."""
        self._items.setdefault(category, set()).add(item)

    def merge(self, items: dict[str, list[str]]) -> None:
        """Add what `as_lists` of another process gave."""
        for category, found in items.items():
            self._items.setdefault(category, set()).update(found)

    def as_lists(self) -> dict[str, list[str]]:
        """Return {category: sorted items}, which a worker can send."""
        return {category: sorted(items) for category, items in self._items.items()}

    def table(self) -> list[str]:
        """Return one line for each category: number of distinct items, category."""
        return [f"{len(items):6} {category}" for category, items in sorted(self._items.items())]


_EXERCISED = pytest.StashKey[Exercised]()


def _of(config: pytest.Config) -> Exercised:
    return config.stash.setdefault(_EXERCISED, Exercised())


@pytest.fixture(scope="session")
def exercised(pytestconfig: pytest.Config) -> Exercised:
    """Collect what the tests exercised: `exercised.add(category, item)`; add when it has passed."""
    return _of(pytestconfig)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the items of a worker to the controller."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_WORKER_OUTPUT] = _of(session.config).as_lists()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the items of a worker; one that crashed has no output."""
    _of(node.config).merge(getattr(node, "workeroutput", {}).get(_WORKER_OUTPUT, {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table, when there is something to tell."""
    lines = _of(terminalreporter.config).table()
    if lines:
        terminalreporter.section("exercised")
        for line in lines:
            terminalreporter.write_line(line)
