# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the distribution serves: every file as it was built, with the headers that protect it, and nothing else."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.rendering import read_manifest
from tests.browser.rendering import render_headers

from .deployment import Deployment
from .desk import Desk

AGENT_DEADLINE = 5_000  # milliseconds


def get(deployment: Deployment, path: str) -> requests.Response:
    """Read a file as a browser does, which knows without asking where names under localhost are."""
    url = urlsplit(deployment.connector_url + path)
    address = url._replace(netloc=f"127.0.0.1:{url.port}").geturl()
    return deployment.site.http.get(address, headers={"Host": url.netloc}, allow_redirects=False, timeout=30)


def assert_response_headers(file: requests.Response, deployment: Deployment) -> None:
    expected = render_headers(deployment.settings)
    assert {name: file.headers.get(name) for name in expected} == expected
    assert "X-Frame-Options" not in file.headers


def test_the_root_object_is_the_page(deployment: Deployment) -> None:
    root = get(deployment, "")

    assert root.status_code == 200
    assert root.content == get(deployment, "index.html").content
    assert root.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("entry", read_manifest()["files"], ids=lambda entry: entry["path"])
def test_every_file_is_served_as_built(deployment: Deployment, entry: dict) -> None:
    file = get(deployment, entry["path"])

    assert file.status_code == 200
    assert hashlib.sha256(file.content).hexdigest() == entry["sha256"]
    assert file.headers["Content-Type"] == entry["content_type"]
    assert file.headers["Cache-Control"] == entry["cache_control"]
    assert_response_headers(file, deployment)


def test_the_settings_are_those_of_the_site(deployment: Deployment) -> None:
    deployment.restore()
    file = get(deployment, "config.js")

    assert file.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert file.headers["Cache-Control"] == "no-cache"
    assert_response_headers(file, deployment)
    assert deployment.settings["instanceUrl"] == deployment.instance_url
    assert deployment.sap_url.rstrip("/") in deployment.settings["sapOrigins"]


@pytest.mark.parametrize("path", ["manifest.json", "no-such-file.js", "src/main.js"])
def test_nothing_else_is_served(deployment: Deployment, path: str) -> None:
    assert get(deployment, path).status_code in {403, 404}


def test_the_agent_is_there_within_five_seconds(desk: Desk) -> None:
    desk.page.reload()
    expect(desk.status).to_contain_text("Signed in as ", timeout=AGENT_DEADLINE)

    expect(desk.connector.locator(".problem")).to_have_count(0)
    # The library keeps on talking to the panel; what it complains of comes with the first exchanges.
    desk.page.wait_for_timeout(1_500)


def test_the_library_calls_back_with_the_agent(desk: Desk) -> None:
    name = desk.connector_frame().evaluate(
        "() => new Promise((found) => connect.agent((agent) => found(agent.getName())))"
    )

    expect(desk.status).to_have_text(f"Signed in as {name}")
