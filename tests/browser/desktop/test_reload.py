# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SAP page is loaded again in every state, or is away when something happens: each message still comes once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .deployment import Deployment
from .desk import Desk
from .forms import in_all_forms

OpenDesk = Callable[..., Desk]
END = "CALL UPDATEACTIVITY END"


def reload(desk: Desk) -> None:
    desk.page.reload()
    desk.expect_ready()


def test_idle(desk: Desk, deployment: Deployment) -> None:
    reload(desk)
    deployment.ring()

    desk.expect_messages("CALL INBOUND NOTIFY")


def test_ringing(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    desk.expect_messages("CALL INBOUND NOTIFY")
    reload(desk)
    desk.press("Accept")

    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    desk.expect_messages("CALL INBOUND ACCEPT")


@in_all_forms
def test_connected(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    customer = deployment.ring()
    desk.press("Accept")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
    reload(desk)
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(END)


def test_on_hold(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    desk.press("Accept")
    desk.press("Hold")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
    reload(desk)
    desk.press("Resume")
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(END)


def test_after_contact_work(desk: Desk, deployment: Deployment) -> None:
    deployment.ring()
    desk.press("Accept")
    desk.press("Hang up")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT", END)
    reload(desk)
    desk.press("Close contact")

    expect(desk.panel.get_by_role("button", name="Close contact")).to_have_count(0)
    desk.expect_messages()


def test_an_outbound_call_goes_on(desk: Desk, deployment: Deployment) -> None:
    desk.dial("+44 20 7946 0123")
    desk.expect_messages("CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT")
    reload(desk)
    desk.press("Hang up")

    desk.expect_messages(END)
    expect(desk.timeline).to_contain_text("Completed")


def test_the_call_ends_while_the_page_is_away(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    desk.press("Accept")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
    desk.page.goto("about:blank")
    customer.do("hang_up")
    customer.reach("ended")
    desk.page.go_back()
    desk.expect_ready()

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(END)


@pytest.mark.full
def test_the_contact_is_gone_when_the_page_comes_back(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    desk.press("Accept")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
    desk.page.goto("about:blank")
    deployment.agent("hang_up")
    deployment.agent("close")
    customer.reach("ended")
    desk.page.go_back()
    desk.expect_ready()

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(END)
