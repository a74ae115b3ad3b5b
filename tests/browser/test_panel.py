# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's control panel as the real Streams library sees it (sap-cti 3.4, 3.5)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.complaints import Complaints
from tests.browser.panel_site import PanelSite

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def panel_site(complaints: Complaints) -> Iterator[PanelSite]:
    site = PanelSite()
    yield site
    complaints.stop()
    site.close()


@pytest.fixture
def page(open_page: Callable[..., Page], panel_site: PanelSite) -> Page:
    page = open_page()
    page.context.grant_permissions(["microphone"], origin=panel_site.panel_origin)
    return page


def panel_of(page: Page) -> FrameLocator:
    return page.frame_locator("#panel iframe")


def sign_in(page: Page, site: PanelSite) -> None:
    page.goto(site.panel_origin + site.to_agent("sign_in")["path"])
    site.to_agent("set_state", state="Available")
    page.goto(site.page_url)
    expect(panel_of(page).locator("#status")).to_have_text("Ann Agent is signed in: Available")


def expect_told(page: Page, *names: str) -> None:
    page.wait_for_function("(count) => told.length >= count", arg=len(names))
    assert page.evaluate("told") == list(names)


def test_a_call_is_accepted_and_ended_in_the_panel(page: Page, panel_site: PanelSite) -> None:
    sign_in(page, panel_site)
    contact_id = panel_site.ring(attributes={"TicketID": "4711"})
    panel_of(page).get_by_role("button", name="Accept").click()
    panel_of(page).get_by_role("button", name="Hang up").click()
    panel_of(page).get_by_role("button", name="Close contact").click()

    expect_told(page, "onConnecting", "onConnected", "onACW", "onEnded", "onDestroy")
    assert page.evaluate("contact.getContactId()") == contact_id
    expect(panel_of(page).locator("#status")).to_have_text("Ann Agent is signed in: Available")


def test_a_page_answers_and_a_second_one_keeps_in_step(page: Page, panel_site: PanelSite) -> None:
    sign_in(page, panel_site)
    second = page.context.new_page()
    second.goto(panel_site.page_url)
    expect(panel_of(second).locator("#status")).to_have_text("Ann Agent is signed in: Available")
    contact_id = panel_site.ring(attributes={"TicketID": "4711"})
    page.wait_for_function("told.includes('onConnecting')")
    assert page.evaluate("contact.isInbound()") is True
    assert page.evaluate("contact.getAttributes().TicketID.value") == "4711"
    assert page.evaluate("contact.getInitialConnection().getEndpoint().phoneNumber") == "+442079460999"
    page.evaluate("contact.accept()")
    for each in (page, second):
        each.wait_for_function("told.includes('onConnected')")
        assert sorted(each.evaluate("told")) == ["onAccepted", "onConnected", "onConnecting"]
    panel_site.customer(contact_id, "hang_up")
    second.wait_for_function("told.includes('onEnded')")
    page.close()
    # The page that asked the service for news is gone: the other one does it now.
    panel_site.to_agent("close")
    second.wait_for_function("told.includes('onDestroy')")


def test_signing_in_by_the_window_that_the_library_opens(
    page: Page, panel_site: PanelSite, complaints: Complaints
) -> None:
    # The library looks whether there is a session before it asks for one.
    complaints.foresee("frame-ancestors|401")
    with page.expect_popup() as popup:
        page.goto(panel_site.page_url)
    window = popup.value
    window.get_by_label("Username").fill("ann")
    window.get_by_label("Password").fill("wrong")
    window.get_by_role("button", name="Sign in").click()
    expect(window.get_by_role("alert")).to_have_text("The username or the password is wrong.")
    window.get_by_label("Username").fill("ann")
    window.get_by_label("Password").fill("Passw0rd-for-tests")
    with window.expect_event("close"):
        window.get_by_role("button", name="Sign in").click()
    expect(panel_of(page).locator("#status")).to_have_text("Ann Agent is signed in: Offline")
    panel_of(page).get_by_label("Status", exact=True).select_option("Available")
    page.wait_for_function("agent.getState().name === 'Available'")


def test_the_panel_can_be_used_without_seeing_it(page: Page, panel_site: PanelSite) -> None:
    """By the rules of axe, while a call goes on and a chat rings."""
    page.goto(panel_site.panel_origin + "/connect/login")
    assert violations(page) == []
    page.goto(panel_site.panel_origin + panel_site.to_agent("sign_in")["path"])
    panel_site.to_agent("set_state", state="Available")
    panel_site.ring(channel="CHAT", caller=None, customer_name="Ada", message="Hello")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    panel_site.ring(channel="CHAT", caller=None)
    expect(page.get_by_role("button", name="Reject")).to_be_visible()
    assert violations(page) == []


def test_the_text_of_a_chat_can_be_read_with_the_librarys_token(page: Page, panel_site: PanelSite) -> None:
    sign_in(page, panel_site)
    contact_id = panel_site.ring(channel="CHAT", caller=None, customer_name="Ada", message="Hello")
    panel_of(page).get_by_role("button", name="Accept").click()
    panel_of(page).get_by_label("Message", exact=True).fill("How can I help you?")
    panel_of(page).get_by_role("button", name="Send").click()
    expect(panel_of(page).get_by_role("listitem")).to_have_text(["CUSTOMER: Hello", "AGENT: How can I help you?"])
    panel_site.customer(contact_id, "hang_up")
    page.wait_for_function("told.includes('onEnded')")

    answer = page.evaluate(
        """async (origin) => {
            const { chatTokenTransport } = await contact.getAgentConnection().getConnectionToken();
            const answer = await fetch(`${origin}/participant/transcript`, {
                method: "POST",
                headers: { "Content-Type": "application/json", "X-Amz-Bearer": chatTokenTransport.participantToken },
                body: JSON.stringify({ MaxResults: 100, ScanDirection: "BACKWARD", SortOrder: "ASCENDING" }),
            });
            return answer.json();
        }""",
        panel_site.panel_origin,
    )

    said = [(item["DisplayName"], item["Content"]) for item in answer["Transcript"] if item["Type"] == "MESSAGE"]
    assert said == [("Ada", "Hello"), ("ann", "How can I help you?")]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    return page.evaluate("async () => (await axe.run()).violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`)")


def test_troubles_reach_the_library(page: Page, panel_site: PanelSite, complaints: Complaints) -> None:
    complaints.foresee("401|503")
    sign_in(page, panel_site)
    panel_site.to_agent("lose_connection")
    page.wait_for_function("told.includes('lost')")
    panel_site.to_agent("reconnect")
    page.wait_for_function("told.includes('gained')")
    panel_site.to_agent("softphone_error", error="webrtc_error")
    page.wait_for_function("told.includes('webrtc_error')")
    panel_site.to_agent("sign_out")
    page.wait_for_function("told.includes('auth_fail')")
    assert page.evaluate("told") == ["lost", "gained", "webrtc_error", "auth_fail"]


def test_without_the_microphone_a_call_fails(page: Page, panel_site: PanelSite) -> None:
    page.context.clear_permissions()
    cdp = page.context.new_cdp_session(page)
    cdp.send(
        "Browser.setPermission",
        {"permission": {"name": "microphone"}, "origin": panel_site.page_url, "setting": "denied"},
    )
    cdp.send(
        "Browser.setPermission",
        {"permission": {"name": "microphone"}, "origin": panel_site.panel_origin, "setting": "denied"},
    )
    sign_in(page, panel_site)
    panel_site.ring()
    page.wait_for_function("told.includes('microphone_not_shared')")
    page.wait_for_function("told.includes('onMissed')")
    assert page.evaluate("agent.getState().name") == "FailedConnectAgent"


def test_a_frame_without_softphone_needs_a_window_with_one(page: Page, panel_site: PanelSite) -> None:
    sign_in(page, panel_site)
    page.goto(panel_site.page_url + "?framed-softphone=no")
    window = page.context.new_page()
    window.goto(panel_site.panel_origin + "/ccp-v2/")
    expect(window.locator("#status")).to_have_text("Ann Agent is signed in: Available")
    panel_site.ring()
    panel_of(page).get_by_role("button", name="Accept").click()
    page.wait_for_function("told.includes('onConnected')")
    panel_site.to_agent("reset")
    window.close()
    panel_site.ring()
    panel_of(page).get_by_role("button", name="Accept").click()
    page.wait_for_function("told.includes('signalling_connection_failure')")
    assert page.evaluate("agent.getState().name") == "FailedConnectAgent"
