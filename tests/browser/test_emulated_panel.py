# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Connect emulator's contact control panel, as the Streams library in a browser sees it (sap-cti 3.5)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.site import Site
from tests.local_cloud.connect_emulator import ccp
from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.settings import Settings
from tests.local_cloud.connect_emulator.state import EMULATOR

ALIAS = "panel"
AGENT_DEADLINE = 5_000  # milliseconds


def connect(method: str, path: str, body: dict) -> dict:
    """Send a request to Amazon Connect, from a thread because Playwright runs an event loop in this one."""
    request = service.handle(
        method, path, {}, json.dumps(body).encode(), {}, account="111111111111", region="eu-west-2"
    )
    with ThreadPoolExecutor(1) as thread:
        status, _headers, answer = thread.submit(asyncio.run, request).result()
    assert status == 200, answer
    return json.loads(answer)


class EmulatedSite(Site):
    """The connector's site, whose panel is the emulator's."""

    def answer(self, host: str, path: str, query: dict) -> tuple[int, dict[str, str], bytes]:
        if host == f"{ALIAS}.my.connect" and path.startswith("/ccp-v2"):
            return ccp.page(ALIAS)
        return super().answer(host, path, query)


@pytest.fixture
def instance() -> str:
    """Id of an instance with one agent."""
    EMULATOR.reset()
    EMULATOR.settings = Settings(creation_delay=0)
    made = connect(
        "PUT",
        "/instance",
        {
            "IdentityManagementType": "CONNECT_MANAGED",
            "InstanceAlias": ALIAS,
            "InboundCallsEnabled": True,
            "OutboundCallsEnabled": True,
        },
    )["Id"]
    profile = connect("GET", f"/routing-profiles-summary/{made}", {})["RoutingProfileSummaryList"][0]["Id"]
    security = connect("GET", f"/security-profiles-summary/{made}", {})["SecurityProfileSummaryList"][0]["Id"]
    connect(
        "PUT",
        f"/users/{made}",
        {
            "Username": "ann",
            "Password": "Passw0rd-for-tests",
            "IdentityInfo": {"FirstName": "Ann", "LastName": "Agent"},
            "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
            "SecurityProfileIds": [security],
            "RoutingProfileId": profile,
        },
    )
    return made


@pytest.fixture
def emulated(instance: str, site: Site) -> Iterator[Site]:
    """A site with the connector and the emulator's panel; no origin is approved yet."""
    emulated = EmulatedSite()
    emulated.settings["instanceUrl"] = emulated.origin(f"{ALIAS}.my.connect")
    yield emulated
    emulated.close()


def approve(instance: str, *origins: str) -> None:
    for origin in origins:
        connect("PUT", f"/instance/{instance}/approved-origin", {"Origin": origin})


def test_the_agent_connects(instance: str, emulated: Site, page: Page, complaints: list[str]) -> None:
    approve(instance, emulated.origin("connector"))
    page.goto(emulated.connector_url)

    expect(page.locator("#status")).to_have_text("Signed in as Ann Agent", timeout=AGENT_DEADLINE)
    assert complaints == []


def test_a_page_around_the_connector_must_be_approved_too(instance: str, emulated: Site, page: Page) -> None:
    approve(instance, emulated.origin("connector"))
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(emulated.origin("sap"))


def test_a_panel_is_not_framed_by_an_origin_that_is_not_approved(instance: str, emulated: Site, page: Page) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(emulated.connector_url)
