# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the pages of a test complain of: errors, policy violations and uncaught exceptions in the console."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext


class Complaints:
    """What pages write to the console as errors; a test says beforehand what must come."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._foreseen: list[str] = []
        self._contexts: list[BrowserContext] = []

    def listen(self, context: BrowserContext) -> BrowserContext:
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        self._contexts.append(context)
        return context

    def foresee(self, pattern: str) -> None:
        """Say that an error like this is part of the scenario."""
        self._foreseen.append(pattern)

    def stop(self) -> None:
        """Hear no more: what comes now is of a site that goes away under its pages."""
        for context in self._contexts:
            context.remove_listener("console", self._hear)
            context.remove_listener("weberror", self._catch)
        self._contexts.clear()

    def unforeseen(self) -> list[str]:
        self.stop()
        return [text for text in self._seen if not any(re.search(pattern, text) for pattern in self._foreseen)]

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self._seen.append(f"{message.text} ({message.location.get('url')})")

    def _catch(self, error: Any) -> None:
        self._seen.append(f"exception: {getattr(error.error, 'stack', error.error)}")
