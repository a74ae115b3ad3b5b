# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the ring to the summary: everything that was deployed has its part in it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.local_cloud.demo_call import ring
from tests.local_cloud.demo_call import set_up_desktop
from tests.site.site import SUMMARY
from tests.site.site import wait_for

from .deployment import AGENT
from .deployment import Deployment
from .desk import Desk

OpenDesk = Callable[..., Desk]


def test_a_call_ends_as_a_summary_in_the_timeline(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    desk.press("Accept")
    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    desk.press("Hang up")
    desk.press("Close contact")
    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")

    # Contact Lens file, rule, event, function and SAP's phone service.
    expect(desk.activity(customer.contact_id).locator(".transcript")).to_contain_text(SUMMARY)
    outcome = customer.outcome()
    assert any("/Analysis/Voice/" in key or key.startswith("Analysis/Voice/") for key in outcome["files"])
    assert outcome["matched_rules"]
    assert [delivery["status"] for delivery in outcome["deliveries"]] == ["delivered"]
    # The log comes after the summary
    assert wait_for(lambda: deployment.site.outcomes(customer.contact_id)) == ["written"]


def test_the_commands_of_the_readme_set_the_page_up_and_ring(desk: Desk, deployment: Deployment) -> None:
    site = deployment.site
    outputs = site.outputs_directory / "local.json"
    told = set_up_desktop(site.keys, outputs, site.home / "endpoints.env")
    assert deployment.sap_url in told
    assert f"Sign in as {AGENT} with CONNECT_AGENT_PASSWORD" in told

    assert f"until {AGENT} is Available" in ring(site.keys, outputs, "+447700900123")

    expect(desk.ringing).to_contain_text("Incoming call: Kestrel Instruments")
