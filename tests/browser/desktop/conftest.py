# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One local cloud with one deployed site, one browser in which the agent is signed in, and pages that may not complain.

Starting a browser takes as long as a whole scenario, so scenarios share one and open a tab each. Those that change what
belongs to the browser (its storage, its pop-ups, who is signed in) start one of their own with ``open_page``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Playwright

from tests.browser.complaints import Complaints
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.conftest import write_preferences
from tests.local_cloud.launcher import LocalCloud
from tests.site.site import Site

from .deployment import AGENT
from .deployment import Deployment
from .desk import Desk

ACCOUNT = "333300000009"
KEPT = "BROWSER_SITE"
# The connector would end the calls that a test before left open. Once for a tab: what a test itself leaves must stay.
FORGET = """
try {
  if (origin === "%s" && !sessionStorage.getItem("forgotten")) {
    localStorage.clear();
    sessionStorage.setItem("forgotten", "yes");
  }
} catch {
  // Storage is blocked, so there is nothing to forget.
}
"""
# A sound that Chromium makes up, and a person who allows the microphone.
SOUND_FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of cloud and site: BROWSER_SITE names one that stays, with both running, for the next run."""
    kept = os.environ.get(KEPT)
    return Path(kept).resolve() if kept else tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def cloud(home: Path) -> Iterator[LocalCloud]:
    launcher = LocalCloud(home / "cloud")
    launcher.start()
    yield launcher
    if KEPT not in os.environ:
        launcher.stop()


@pytest.fixture(scope="session")
def deployment(cloud: LocalCloud, home: Path) -> Iterator[Deployment]:
    site = Site(cloud, ACCOUNT, home)
    if not (site.outputs_directory / "local.json").exists():
        run = site.playbook()
        assert run.status == 0, run.output
    deployment = Deployment(site)
    yield deployment
    deployment.restore()


@pytest.fixture(scope="session")
def launch(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that starts a browser with a profile of its own; options are those of Playwright's launch."""
    contexts: list[BrowserContext] = []

    def launch(*, third_party_storage: bool = True, popups: bool = True, **options: Any) -> BrowserContext:
        profile = tmp_path_factory.mktemp("profile")
        write_preferences(profile, third_party_storage=third_party_storage)
        if not popups:
            options["ignore_default_args"] = ["--disable-popup-blocking"]
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=[*CHROMIUM_FLAGS, *SOUND_FLAGS], **options
        )
        contexts.append(context)
        return context

    yield launch
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def signed_in(launch: Callable[..., BrowserContext], deployment: Deployment) -> BrowserContext:
    """The agent's browser."""
    return sign_in(launch(), deployment, AGENT)


def sign_in(context: BrowserContext, deployment: Deployment, user: str) -> BrowserContext:
    """Sign a user in as single sign-on would, and leave the first tab empty."""
    path = deployment.agent("sign_in", user=user)["path"]
    page = context.pages[0]
    page.goto(deployment.instance_url + path)
    page.goto("about:blank")
    return context


@pytest.fixture
def open_desk(
    request: pytest.FixtureRequest, deployment: Deployment, complaints: Complaints
) -> Iterator[Callable[..., Desk]]:
    """Return a function that opens the SAP page in a new tab.

    Its options are settings of the connector; ``desktop`` holds more settings of the SAP page, ``browser`` a browser
    other than the agent's, ``ready`` tells to wait for the agent. Everything is as it was deployed before, and in the
    end no message may have violated the contract.
    """
    desks: list[Desk] = []
    deployment.restore()

    def open_desk(
        *,
        browser: BrowserContext | None = None,
        ready: bool = True,
        desktop: dict[str, Any] | None = None,
        **settings: Any,
    ) -> Desk:
        context = browser or request.getfixturevalue("signed_in")
        first = context not in [desk.page.context for desk in desks]
        if settings or desktop or not desks:
            deployment.configure(desktop=desktop, **settings)
        desk = Desk(context.new_page())
        desks.append(desk)
        if first and browser is None and not deployment.agent_state()["signed_in"]:
            sign_in(context, deployment, AGENT)
        if first:
            complaints.listen(context)
            desk.page.add_init_script(FORGET % deployment.connector_url.rstrip("/"))
        desk.page.goto(deployment.sap_url)
        if ready:
            desk.expect_ready()
        return desk

    yield open_desk
    open_ones = [desk for desk in desks if not desk.page.is_closed()]
    violations = [text for desk in open_ones for text in desk.violations.all_text_contents()]
    for desk in open_ones:
        desk.page.close()
    assert violations == []


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """The SAP page with everything as it was deployed."""
    return open_desk()
