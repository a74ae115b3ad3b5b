# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person does and sees on the SAP page, in the connector inside it and in the panel inside that."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from playwright.sync_api import Frame
from playwright.sync_api import FrameLocator
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

ONE_TOO_MANY = 300  # milliseconds in which a message too many would come
SIGNED_IN = re.compile("^Signed in as ")


class Desk:
    """One tab with the SAP page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.connector: FrameLocator = page.frame_locator("iframe[title=Connector]")
        self.panel: FrameLocator = self.connector.frame_locator("iframe[name='Amazon Connect CCP']")
        self.status: Locator = self.connector.locator("#status")
        self.timeline: Locator = page.locator("#timeline > li[data-reference]")
        self.customer: Locator = page.locator("#customer")
        self.ringing: Locator = page.locator("#ringing .ring")
        self.violations: Locator = page.locator("#violations li")

    def expect_ready(self) -> None:
        expect(self.status).to_have_text(SIGNED_IN)

    # In the panel

    def press(self, name: str) -> None:
        """Press a button of the panel."""
        self.panel.get_by_role("button", name=name, exact=True).click()

    def dial_in_panel(self, number: str) -> None:
        self.panel.get_by_label("Phone number").fill(number)
        self.press("Dial")

    def transfer(self, name: str) -> None:
        """Ask the colleague behind a quick connect into the call."""
        self.panel.get_by_label("Quick connect").select_option(name)
        self.press("Transfer")

    # In SAP

    def dial(self, number: str) -> None:
        """Click on a number of the directory, or have any other number dialled."""
        known = self.page.get_by_role("button", name=f"Call {number}").first
        if known.count():
            known.click()
        else:
            self.page.get_by_label("Another number").fill(number)
            self.page.get_by_role("button", name="Call this number").click()

    def post(self, expression: str) -> None:
        """Post what the JavaScript expression gives to the connector, from the SAP page itself."""
        self.page.evaluate(
            f"document.querySelector('iframe').contentWindow.postMessage({expression}, '*')",
        )

    def activity(self, reference: str) -> Locator:
        return self.page.locator(f"#timeline > li[data-reference='{reference}']")

    # Messages

    def expect_messages(self, *titles: str) -> None:
        """Wait until these messages have come in this order, and see that no other follows at once."""
        messages = self.page.locator("#messages > li > strong")
        expect(messages).to_have_text(list(reversed(titles)))
        self.page.wait_for_timeout(ONE_TOO_MANY)
        expect(messages).to_have_text(list(reversed(titles)))

    def messages(self) -> list[dict[str, str]]:
        """Return the fields of the messages, the oldest first."""
        texts = self.page.locator("#messages > li > code").all_text_contents()
        return [read_message(text) for text in reversed(texts)]

    # In the connector

    def problem(self, name: str) -> Locator:
        return self.connector.locator(f"[data-problem={name}]")

    def connector_frame(self) -> Frame:
        return next(frame for frame in self.page.frames if frame.parent_frame == self.page.main_frame)

    def panel_frame(self) -> Frame:
        return next(frame for frame in self.page.frames if frame.parent_frame == self.connector_frame())


def read_message(text: str) -> dict[str, Any]:
    """Return the fields of a message in either format, as the SAP page wrote it down."""
    if text.startswith("<"):
        return {element.tag: element.text or "" for element in ElementTree.fromstring(text)}
    return json.loads(text)["payload"]
