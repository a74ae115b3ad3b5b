# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Transfer, consult and conference: two agents, each with a browser and the SAP page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import expect

from tests.site.site import wait_for

from .conftest import sign_in
from .deployment import COLLEAGUE
from .deployment import Deployment
from .desk import Desk
from .forms import in_all_forms
from .forms import is_agent_desktop

OpenDesk = Callable[..., Desk]
ACCEPTED = ("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
END = "CALL UPDATEACTIVITY END"


@pytest.fixture(scope="module")
def colleagues_browser(launch: Callable[..., BrowserContext], deployment: Deployment) -> BrowserContext:
    return sign_in(launch(), deployment, COLLEAGUE)


def consult(desk: Desk, colleague: Desk, deployment: Deployment) -> None:
    """Take a call and let the colleague answer a question while the customer is on hold."""
    deployment.ring()
    desk.press("Accept")
    desk.expect_messages(*ACCEPTED)
    desk.transfer(COLLEAGUE)
    colleague.press("Accept")
    wait_for(lambda: deployment.agent_state(COLLEAGUE)["state"] == "Busy", 30)


@in_all_forms
def test_a_transfer(
    open_desk: OpenDesk, deployment: Deployment, colleagues_browser: BrowserContext, form: dict[str, Any]
) -> None:
    desk, colleague = open_desk(**form), open_desk(browser=colleagues_browser)
    consult(desk, colleague, deployment)
    desk.press("Hang up")
    desk.expect_messages(*ACCEPTED, END)
    # With the customer on the line the call is the colleague's own.
    expect(colleague.timeline).to_have_count(2)
    colleague.press("Hang up")

    first = desk.messages()[1]["ExternalReferenceID"]
    expect(desk.activity(first)).to_contain_text("Completed")
    accepts = [message for message in colleague.messages() if message.get("Action") == "ACCEPT"]
    assert [message["ExternalOriginalReferenceID"] for message in accepts] == [first]
    second = accepts[0]["ExternalReferenceID"]
    assert second != first
    expect(colleague.activity(second)).to_contain_text(f"Follows {first}")
    expect(colleague.activity(second)).to_contain_text("Completed")
    assert len(deployment.sap("GET", "activities")) == 2


def test_a_consultation_leaves_no_activity(
    open_desk: OpenDesk, deployment: Deployment, colleagues_browser: BrowserContext
) -> None:
    desk, colleague = open_desk(), open_desk(browser=colleagues_browser)
    consult(desk, colleague, deployment)
    colleague.press("Hang up")
    wait_for(lambda: deployment.agent_state(COLLEAGUE)["state"] != "Busy", 30)

    assert [message for message in colleague.messages() if message.get("Action") in ("ACCEPT", "END")] == []
    desk.expect_messages(*ACCEPTED)
    assert len(deployment.sap("GET", "activities")) == 1


def test_a_conference_leaves_one_activity(
    open_desk: OpenDesk, deployment: Deployment, colleagues_browser: BrowserContext
) -> None:
    desk, colleague = open_desk(), open_desk(browser=colleagues_browser)
    consult(desk, colleague, deployment)
    desk.press("Conference")
    colleague.press("Hang up")
    wait_for(lambda: deployment.agent_state(COLLEAGUE)["state"] != "Busy", 30)
    desk.expect_messages(*ACCEPTED)
    desk.press("Hang up")

    desk.expect_messages(*ACCEPTED, END)
    assert len(deployment.sap("GET", "activities")) == 1


@pytest.mark.full
def test_consulting_somebody_outside_sends_nothing(open_desk: OpenDesk, deployment: Deployment) -> None:
    desk = open_desk()
    deployment.ring()
    desk.press("Accept")
    desk.transfer("outside")
    expect(desk.panel.get_by_role("button", name="Conference", exact=True)).to_be_visible()

    desk.expect_messages(*ACCEPTED)


@pytest.mark.full
def test_live_activity_hears_of_a_transfer_without_references(
    open_desk: OpenDesk, deployment: Deployment, colleagues_browser: BrowserContext
) -> None:
    form = {"payloadFormat": "json", "ctiType": "liveActivity"}
    assert not is_agent_desktop(form)
    desk, colleague = open_desk(**form), open_desk(browser=colleagues_browser)
    consult(desk, colleague, deployment)
    desk.press("Hang up")
    expect(colleague.timeline).to_have_count(2)

    for message in colleague.messages():
        if message.get("Action") == "NOTIFY":
            assert not [name for name in message if name.startswith("External")]
