# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the browser tests: a browser, a site to open in it, and pages that remember what the console said."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import Playwright
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright

from tests.browser.complaints import Complaints
from tests.browser.rendering import DIST
from tests.browser.site import Site

# A closed network makes Chromium's own requests fail and fill the log; root cannot use its sandbox.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    # As long as all other waits of Playwright; the library itself waits for seconds before it asks to sign in.
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    return subprocess.run(
        [Path(__file__).with_name("find_chromium")], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def site(complaints: Complaints) -> Iterator[Site]:
    if not (DIST / "manifest.json").exists():
        pytest.fail("The connector is not built: run make build")
    site = Site()
    yield site
    complaints.stop()
    site.close()


@pytest.fixture(autouse=True)
def complaints() -> Iterator[Complaints]:
    """No scenario may leave an error or a refused policy in the console."""
    complaints = Complaints()
    yield complaints
    assert complaints.unforeseen() == []


@pytest.fixture
def open_page(
    playwright: Playwright, chromium: str, complaints: Complaints, tmp_path: Path
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a new browser; options are those of Playwright's launch.

    The browser gets a profile on disk. Chromium blocks third-party storage, and with it every framed panel, in the
    private windows that Playwright's usual contexts are, and Debian's does so everywhere unless told otherwise.
    """
    contexts: list[BrowserContext] = []

    def open_page(*, third_party_storage: bool = True, popups: bool = True, **options: object) -> Page:
        profile = tmp_path / f"profile-{len(contexts)}"
        write_preferences(profile, third_party_storage=third_party_storage)
        if not popups:
            options["ignore_default_args"] = ["--disable-popup-blocking"]
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=CHROMIUM_FLAGS, **options
        )
        contexts.append(context)
        complaints.listen(context)
        return context.pages[0]

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


def write_preferences(profile: Path, *, third_party_storage: bool) -> None:
    """Write the settings that a person would make in the browser, as Chromium keeps them."""
    preferences = {"profile": {"cookie_controls_mode": 0 if third_party_storage else 1}}
    folder = profile / "Default"
    folder.mkdir(parents=True)
    (folder / "Preferences").write_text(json.dumps(preferences))
