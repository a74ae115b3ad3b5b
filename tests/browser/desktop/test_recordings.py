# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The button of a recording opens the contact at Amazon Connect."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import expect

from .conftest import sign_in
from .deployment import AGENT
from .deployment import Deployment
from .desk import Desk

OpenDesk = Callable[..., Desk]


@pytest.mark.parametrize("key", ["RecordingId", "InteractionId"])
@pytest.mark.parametrize("reference", ["contact_id", pytest.param("compact", marks=pytest.mark.full)])
def test_the_contact_is_shown_in_a_tab(open_desk: OpenDesk, deployment: Deployment, key: str, reference: str) -> None:
    desk = open_desk(desktop={"recordingKey": key}, referenceFormat=reference)
    customer = deployment.ring()
    desk.press("Accept")
    desk.press("Hang up")
    with desk.page.context.expect_page() as opened:
        desk.page.get_by_role("button", name="Play recording").click()

    zone = desk.page.evaluate("encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)")
    tab = opened.value
    expect(tab).to_have_url(f"{deployment.instance_url}/contact-trace-records/details/{customer.contact_id}?tz={zone}")
    expect(tab.locator("body")).to_contain_text(customer.contact_id)
    assert tab.evaluate("window.opener") is None
    tab.close()


@pytest.mark.full
def test_a_blocked_tab_leaves_a_link(
    open_desk: OpenDesk, deployment: Deployment, launch: Callable[..., BrowserContext]
) -> None:
    context = sign_in(launch(popups=False), deployment, AGENT)
    desk = open_desk(browser=context)
    # Playwright looks at a page as a person who touches it, and for five seconds a touched page may open windows.
    desk.page.wait_for_timeout(6_000)
    message = f"{{RecordingId: '{deployment.site.instance_id}'}}"
    expression = f"document.querySelector('iframe').contentWindow.postMessage({message}, '*')"
    context.new_cdp_session(desk.page).send("Runtime.evaluate", {"expression": expression})
    desk.page.wait_for_timeout(500)
    expect(desk.problem("recording_blocked").get_by_role("link")).to_be_visible()
    context.close()


def test_what_is_no_contact_is_not_opened(desk: Desk) -> None:
    pages = len(desk.page.context.pages)
    for identifier in ("../../logout", "1", "", "javascript:alert(1)"):
        desk.post(f"{{RecordingId: {identifier!r}}}")
    desk.page.wait_for_timeout(500)

    assert len(desk.page.context.pages) == pages
