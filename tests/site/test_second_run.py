# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second run changes nothing, and asks Amazon Connect little: it answers two requests a second (connect-api 11)."""

from __future__ import annotations

import pytest

from .site import Run
from .site import Site
from .site import by_operation
from .site import is_read

MAXIMUM_CONNECT_REQUESTS = 30


@pytest.fixture(scope="module")
def second_run(site: Site) -> tuple[Run, list[dict]]:
    """Run the playbook again; return the run and its requests to Amazon Connect."""
    before = len(site.connect_requests())
    run = site.playbook("--diff")
    return run, site.connect_requests()[before:]


def test_nothing_changes(second_run):
    run, _requests = second_run
    assert run.status == 0, run.output
    assert run.changes() == [], run.output
    assert (run.recap["changed"], run.recap["failed"], run.recap["unreachable"]) == (0, 0, 0)


def test_amazon_connect_is_asked_little(second_run):
    _run, requests = second_run
    print(f"{len(requests)} requests to Amazon Connect:\n{by_operation(requests)}")
    assert 0 < len(requests) <= MAXIMUM_CONNECT_REQUESTS, by_operation(requests)


def test_nothing_is_written_to_amazon_connect(second_run):
    _run, requests = second_run
    assert [entry["operation"] for entry in requests if not is_read(entry["operation"])] == []


def test_a_plan_predicts_no_change(site):
    """``--check`` agrees on the deployed account."""
    before = len(site.connect_requests())
    run = site.playbook("--check", "--diff")
    assert run.status == 0, run.output
    assert run.changes() == [], run.output
    assert (run.recap["changed"], run.recap["failed"]) == (0, 0)
    requests = site.connect_requests()[before:]
    assert [entry["operation"] for entry in requests if not is_read(entry["operation"])] == []
