# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unit tests import `ansible_collections.amazon_connect.sap` from the checkout, through the link of `make link`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
from botocore.loaders import create_loader

_LOADER = create_loader()
_COLLECTIONS = Path(__file__).parents[2] / ".local" / "collections"


def _install_collection_finder() -> None:
    if not (_COLLECTIONS / "ansible_collections" / "amazon_connect" / "sap" / "galaxy.yml").is_file():
        raise pytest.UsageError(f"{_COLLECTIONS} does not hold the collection: run 'make link' first")
    # Older finders, such as the one of pytest-ansible, give way: the checkout must win
    _AnsibleCollectionFinder._remove()
    _AnsibleCollectionFinder(paths=[str(_COLLECTIONS)])._install()


_install_collection_finder()


@pytest.fixture(autouse=True)
def aws_environment(monkeypatch):
    """Give every test made-up credentials and a Region, and no way to an AWS account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CONNECT", "AWS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def shared_loader(monkeypatch):
    """Load the large service model once for all tests, not once per client."""
    monkeypatch.setattr(botocore.session, "create_loader", lambda _search_path: _LOADER)


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    """Make waiting instant: time moves on by what was slept. Returns the list of the seconds slept."""
    seconds: list[float] = []
    real = time.monotonic
    monkeypatch.setattr(time, "sleep", seconds.append)
    monkeypatch.setattr(time, "monotonic", lambda: real() + sum(seconds))
    return seconds


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests have measured: their property "figures", which also comes from other processes."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    figures = [value for report in reports for name, value in report.user_properties if name == "figures"]
    if figures:
        terminalreporter.section("figures")
        for line in sorted(figures):
            terminalreporter.write_line(line)
