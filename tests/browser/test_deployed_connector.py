# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connector as the site serves it: through its distribution, with the panel of its instance.

The address is CloudFrontDistributionURL of .local/outputs/local.json, or CTI_URL for another deployment.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.rendering import read_manifest
from tests.browser.rendering import render_headers
from tests.browser.site import host_page

pytestmark = pytest.mark.site

OUTPUTS = Path(__file__).parents[2] / ".local" / "outputs" / "local.json"
AGENT_DEADLINE = 5_000  # milliseconds


@pytest.fixture(scope="module")
def connector_url() -> str:
    """Address of the connector, with a slash at the end."""
    if "CTI_URL" not in os.environ and not OUTPUTS.exists():
        pytest.fail(f"The site is not deployed: {OUTPUTS} is missing. Run make local, or set CTI_URL")
    url = os.environ.get("CTI_URL") or json.loads(OUTPUTS.read_text())["CloudFrontDistributionURL"]
    return url.rstrip("/") + "/"


@pytest.fixture(scope="module")
def settings(connector_url: str) -> dict:
    """The settings in the deployed config.js."""
    text = get(connector_url, "config.js").text
    return json.loads(text.removeprefix("export default ").rstrip().removesuffix(";"))


def get(connector_url: str, path: str) -> requests.Response:
    """Read a file as a browser does, which knows without asking where names under localhost are."""
    url = urlsplit(urljoin(connector_url, path))
    headers = {"Host": url.netloc}
    if url.hostname.endswith(".localhost"):
        url = url._replace(netloc=f"127.0.0.1:{url.port or 80}")
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url.geturl(), headers=headers, allow_redirects=False, timeout=30)


def test_the_root_object_is_the_page(connector_url: str) -> None:
    root = get(connector_url, "")

    assert root.status_code == 200
    assert root.content == get(connector_url, "index.html").content
    assert root.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("entry", read_manifest()["files"], ids=lambda entry: entry["path"])
def test_every_file_is_served_as_built(connector_url: str, settings: dict, entry: dict) -> None:
    file = get(connector_url, entry["path"])

    assert file.status_code == 200
    assert hashlib.sha256(file.content).hexdigest() == entry["sha256"]
    assert file.headers["Content-Type"] == entry["content_type"]
    assert file.headers["Cache-Control"] == entry["cache_control"]
    assert_response_headers(file, settings)


def test_the_settings_are_those_of_the_site(connector_url: str, settings: dict) -> None:
    file = get(connector_url, "config.js")

    assert file.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert file.headers["Cache-Control"] == "no-cache"
    assert_response_headers(file, settings)
    if "CTI_URL" not in os.environ:
        assert settings["instanceUrl"] == json.loads(OUTPUTS.read_text())["AmazonConnectInstanceURL"].rstrip("/")


def assert_response_headers(file: requests.Response, settings: dict) -> None:
    expected = render_headers(settings)
    assert {name: file.headers.get(name) for name in expected} == expected
    assert "X-Frame-Options" not in file.headers


@pytest.mark.parametrize("path", ["manifest.json", "no-such-file.js", "src/main.js"])
def test_nothing_else_is_served(connector_url: str, path: str) -> None:
    assert get(connector_url, path).status_code in {403, 404}


@pytest.mark.parametrize("framed", [True, False], ids=["in SAP", "by itself"])
def test_the_agent_is_there_within_five_seconds(
    page: Page, connector_url: str, settings: dict, complaints: list[str], framed: bool
) -> None:
    view = page
    if framed:
        frame_from(page, settings["sapOrigins"][0], connector_url)
        view = page.frame_locator("iframe[title=Connector]")
    else:
        page.goto(connector_url)

    expect(view.locator("#status")).to_contain_text("Signed in as ", timeout=AGENT_DEADLINE)

    expect(view.locator(".problem")).to_have_count(0)
    page.wait_for_timeout(1_500)
    assert complaints == []


def test_the_library_calls_back_with_the_agent(open_page: Callable[..., Page], connector_url: str) -> None:
    page = open_page()
    page.goto(connector_url)
    expect(page.locator("main iframe")).to_have_count(1)

    name = page.evaluate("() => new Promise((found) => connect.agent((agent) => found(agent.getName())))")

    expect(page.locator("#status")).to_have_text(f"Signed in as {name}")


def test_a_foreign_page_cannot_frame_the_connector(page: Page, connector_url: str) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        frame_from(page, "http://evil.localhost", connector_url)

    assert page.frames[-1].url != connector_url


def frame_from(page: Page, origin: str, connector_url: str) -> None:
    """Frame the connector in a page of `origin` that the test makes up, whatever that host really serves."""
    # Chromium knows no address of a made-up page and lets it reach this machine only with a permission. Granting one
    # denies the others.
    page.context.grant_permissions(["local-network-access", "microphone"], origin=origin)
    page.route(f"{origin}/", lambda route: route.fulfill(content_type="text/html", body=host_page(connector_url)))
    page.goto(f"{origin}/")
