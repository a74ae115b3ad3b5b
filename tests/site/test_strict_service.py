# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site on a service that is as slow, forgetful and stingy as Amazon Connect can be (connect-api 0.3, 7, 11)."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.local_cloud.launcher import LocalCloud

from .site import Run
from .site import Site

pytestmark = pytest.mark.full

ACCOUNT = "333300000003"
SETTINGS = {
    "creation_delay": 8,
    "claim_delay": 6,
    "lag": 3,
    "throttle": {"enabled": True, "rate": 2, "burst": 5, "scope": "account"},
}


@pytest.fixture(scope="module")
def strict_site(own_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that nobody has deployed."""
    site = Site(own_cloud, ACCOUNT, tmp_path_factory.mktemp("strict"))
    control = f"{site.keys['CONNECT_EMULATOR_URL']}/_emulator"
    site.http.post(f"{control}/settings", json=SETTINGS, timeout=30).raise_for_status()
    # A slow machine may never ask faster than the rate or the lag allows
    for operation, error in (
        ("CreateUser", "ThrottlingException"),
        ("ListInstanceAttributes", "ResourceNotFoundException"),
        ("ClaimPhoneNumber", "TAKEN"),
    ):
        fault = {"account": ACCOUNT, "operation": operation, "error": error}
        site.http.post(f"{control}/faults", json=fault, timeout=30).raise_for_status()
    return site


@pytest.fixture(scope="module")
def runs(strict_site: Site) -> tuple[Run, Run]:
    return strict_site.playbook(), strict_site.playbook()


def test_the_site_is_deployed_although_requests_are_throttled_and_reads_lag(runs: tuple[Run, Run], strict_site: Site):
    first, _second = runs
    assert first.status == 0, first.output
    created = [item["status"] for item in strict_site.connect_requests() if item["operation"] == "CreateUser"]
    assert 429 in created, "nothing was throttled: this test proves nothing"


def test_an_active_instance_that_is_not_found_yet_is_waited_for(runs: tuple[Run, Run], strict_site: Site):
    asked = [item for item in strict_site.connect_requests() if item["operation"] == "ListInstanceAttributes"]
    assert asked[0]["status"] == 404, "the instance was known at once: this test proves nothing"


def test_the_number_that_somebody_else_took_was_replaced_by_another(runs: tuple[Run, Run], strict_site: Site):
    claims = [item for item in strict_site.connect_requests() if item["operation"] == "ClaimPhoneNumber"]
    assert [item["status"] for item in claims if item["status"] != 429] == [400, 200]
    assert len(strict_site.aws("connect", "list-phone-numbers-v2")["ListPhoneNumbersSummaryList"]) == 1


def test_the_second_run_changes_nothing(runs: tuple[Run, Run]):
    _first, second = runs
    assert (second.status, second.recap["changed"]) == (0, 0), second.changes()


def test_nothing_was_made_twice(runs: tuple[Run, Run], strict_site: Site):
    made = Counter(
        request["operation"]
        for request in strict_site.connect_requests()
        if request["status"] < 300 and request["operation"].startswith("Create")
    )
    assert made == {"CreateInstance": 1, "CreateUser": 2, "CreateContactFlow": 1, "CreateRule": 1}
