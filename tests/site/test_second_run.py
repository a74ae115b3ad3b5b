# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second run changes nothing, and asks Amazon Connect little: it answers two requests a second (connect-api 11)."""

from __future__ import annotations

from collections.abc import Iterator

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


@pytest.fixture
def changed_agent(site: Site) -> Iterator[str]:
    """Let AWS CLI give the agent another name, phone, routing profile and a second security profile; return its id."""
    (agent,) = [user["Id"] for user in site.connect("list-users")["UserSummaryList"] if user["Username"] == "agent"]
    user = site.connect("describe-user", user_id=agent)["User"]
    profiles = site.connect("list-security-profiles")["SecurityProfileSummaryList"]
    (queue,) = [
        item["Id"] for item in site.connect("list-queues")["QueueSummaryList"] if item.get("Name") == "BasicQueue"
    ]
    routing_profile = site.connect(
        "create-routing-profile",
        name="Sales",
        description="Sales",
        default_outbound_queue_id=queue,
        media_concurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )["RoutingProfileId"]
    (second,) = [item["Id"] for item in profiles if item["Name"] == "CallCenterManager"]
    phone = {"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+441514960001", "AfterContactWorkTimeLimit": 30}
    _set_user(
        site,
        agent,
        {"FirstName": "Ada", "LastName": "Jones"},
        phone,
        routing_profile,
        [*user["SecurityProfileIds"], second],
    )
    yield agent
    _set_user(
        site, agent, user["IdentityInfo"], user["PhoneConfig"], user["RoutingProfileId"], user["SecurityProfileIds"]
    )
    site.connect("delete-routing-profile", routing_profile_id=routing_profile)


def _set_user(site: Site, id: str, identity: dict, phone: dict, routing_profile: str, profiles: list[str]) -> None:
    site.connect("update-user-identity-info", user_id=id, identity_info=identity)
    site.connect("update-user-phone-config", user_id=id, phone_config=phone)
    site.connect("update-user-routing-profile", user_id=id, routing_profile_id=routing_profile)
    site.connect("update-user-security-profiles", user_id=id, security_profile_ids=profiles)


def test_what_somebody_else_gave_a_user_stays(site, changed_agent):
    before = site.connect("describe-user", user_id=changed_agent)["User"]
    run = site.playbook("--diff")
    assert run.status == 0, run.output
    assert run.changes() == [], run.output
    assert site.connect("describe-user", user_id=changed_agent)["User"] == before
