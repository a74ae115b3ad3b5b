# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps an agent from working, and what the page says about it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.complaints import Complaints

from .conftest import sign_in
from .deployment import AGENT
from .deployment import Deployment
from .desk import SIGNED_IN
from .desk import Desk

OpenDesk = Callable[..., Desk]


@pytest.fixture
def stranger(launch: Callable[..., BrowserContext]) -> Iterator[BrowserContext]:
    """A browser of a test's own, in which nobody is signed in. Its clock can be changed: that holds for all tabs."""
    context = launch()
    yield context
    context.close()


def fill_sign_in(popup: Page, password: str) -> None:
    popup.get_by_label("Username").fill(AGENT)
    popup.get_by_label("Password").fill(password)
    popup.get_by_role("button", name="Sign in").click()


def popup_of(desk: Desk) -> Page:
    """Return the window that the library opens."""
    others = [page for page in desk.page.context.pages if page.opener() is not None]
    return others[0] if others else desk.page.context.wait_for_event("page")


@pytest.mark.full
def test_signing_in_by_the_window(
    open_desk: OpenDesk, deployment: Deployment, stranger: BrowserContext, complaints: Complaints
) -> None:
    # The library looks whether the session is good before it asks for another.
    complaints.foresee("frame-ancestors|Refused to display|Framing")
    desk = open_desk(browser=stranger, ready=False)
    expect(desk.problem("sign_in")).to_be_visible()
    fill_sign_in(popup_of(desk), deployment.password())

    desk.expect_ready()
    expect(desk.connector.locator(".problem")).to_have_count(0)


def test_a_wrong_password_and_then_the_right_one(
    open_desk: OpenDesk, deployment: Deployment, stranger: BrowserContext, complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors|Refused to display|Framing")
    complaints.foresee("401")
    desk = open_desk(browser=stranger, ready=False)
    expect(desk.problem("sign_in")).to_be_visible()
    popup = popup_of(desk)
    fill_sign_in(popup, "Wr0ng-password")
    expect(popup.get_by_role("alert")).to_be_visible()
    expect(desk.status).to_have_text("Sign-in needed")
    fill_sign_in(popup, deployment.password())

    desk.expect_ready()


def test_a_blocked_window_leaves_a_link(
    open_desk: OpenDesk, deployment: Deployment, launch: Callable[..., BrowserContext], complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors|Refused to display|Framing|popup|pop-up")
    context = launch(popups=False)
    desk = open_desk(browser=context, ready=False)
    # Playwright looks at a page as a person who touches it, and a touched page may open windows.
    desk.page.wait_for_timeout(7_000)
    expect(desk.problem("popup_blocked")).to_be_visible()
    with context.expect_page() as popup:
        desk.connector.get_by_role("link", name="Sign in").click()
    fill_sign_in(popup.value, deployment.password())

    desk.expect_ready()
    context.close()


def test_the_session_ends(open_desk: OpenDesk, deployment: Deployment, complaints: Complaints) -> None:
    complaints.foresee("401")
    desk = open_desk()
    deployment.agent("terminate")

    expect(desk.problem("signed_out")).to_be_visible()
    expect(desk.status).to_have_text("Sign-in needed")


def test_no_access(open_desk: OpenDesk, deployment: Deployment, complaints: Complaints) -> None:
    complaints.foresee("403")
    desk = open_desk()
    deployment.agent("deny")

    expect(desk.problem("access_denied")).to_be_visible()
    deployment.agent("allow")


def test_a_lost_connection_comes_back(desk: Desk, deployment: Deployment, complaints: Complaints) -> None:
    complaints.foresee("503")
    customer = deployment.ring()
    desk.press("Accept")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
    deployment.agent("lose_connection")
    expect(desk.problem("connection_lost")).to_be_visible()
    deployment.agent("reconnect")
    expect(desk.problem("connection_lost")).to_have_count(0)
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT", "CALL UPDATEACTIVITY END")


def test_the_connector_is_no_approved_origin(
    open_desk: OpenDesk, deployment: Deployment, stranger: BrowserContext, complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors|Refused to frame|Framing")
    sign_in(stranger, deployment, AGENT)
    with deployment.without_approval():
        desk = open_desk(browser=stranger, ready=False)
        desk.page.clock.install()
        desk.page.reload()
        expect(desk.connector.locator("#ccp iframe")).to_have_count(1)
        desk.page.clock.run_for(30_000)
        expect(desk.problem("not_answering")).to_contain_text(deployment.connector_url.rstrip("/"))
        desk.page.clock.run_for(90_000)

        expect(desk.problem("retries_exhausted")).to_contain_text(deployment.connector_url.rstrip("/"))


def test_the_panel_cannot_be_reached(
    open_desk: OpenDesk, deployment: Deployment, stranger: BrowserContext, complaints: Complaints
) -> None:
    complaints.foresee("ERR_CONNECTION_REFUSED")
    desk = open_desk(browser=sign_in(stranger, deployment, AGENT))
    desk.page.route(f"{deployment.instance_url}/**", lambda route: route.abort("connectionrefused"))
    desk.page.clock.install()
    desk.page.reload()
    expect(desk.connector.locator("#ccp iframe")).to_have_count(1)
    desk.page.clock.run_for(30_000)

    expect(desk.problem("unreachable")).to_contain_text(deployment.instance_url)
    desk.page.unroute_all()


def test_storage_is_blocked(open_desk: OpenDesk, launch: Callable[..., BrowserContext]) -> None:
    context = launch(third_party_storage=False)
    desk = open_desk(browser=context, ready=False)

    expect(desk.problem("storage_blocked")).to_be_visible()
    context.close()


def test_the_microphone_is_denied(open_desk: OpenDesk, deployment: Deployment, stranger: BrowserContext) -> None:
    sign_in(stranger, deployment, AGENT)
    page = stranger.pages[0]
    cdp = stranger.new_cdp_session(page)
    # A permission is that of the page in the address bar, which delegates it.
    origin = deployment.sap_url.rstrip("/")
    permission = {"permission": {"name": "microphone"}, "origin": origin}
    cdp.send("Browser.setPermission", permission | {"setting": "denied"})
    desk = open_desk(browser=stranger)

    expect(desk.problem("microphone_denied")).to_be_visible()
    cdp.send("Browser.setPermission", permission | {"setting": "granted"})
    expect(desk.problem("microphone_denied")).to_have_count(0)


def test_the_panel_reports_a_missing_microphone(desk: Desk, deployment: Deployment) -> None:
    deployment.agent("softphone_error", error="microphone_not_shared")

    expect(desk.problem("microphone_denied")).to_be_visible()


def test_sap_does_not_pass_the_microphone_on(open_desk: OpenDesk) -> None:
    desk = open_desk(desktop={"allow": "autoplay"}, softphoneWindow="never")

    expect(desk.problem("microphone_not_delegated")).to_be_visible()
    assert SIGNED_IN.match(desk.status.text_content())
