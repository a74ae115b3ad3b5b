# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several SAP tabs: each message is sent by one of them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from .deployment import Deployment
from .desk import Desk

OpenDesk = Callable[..., Desk]
COURSE = ["CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT", "CALL UPDATEACTIVITY END"]


def titles(*desks: Desk) -> list[list[str]]:
    """Return what each tab has got, the oldest message first."""
    return [desk.page.locator("#messages > li > strong").all_text_contents()[::-1] for desk in desks]


def test_two_tabs_send_each_message_once(open_desk: OpenDesk, deployment: Deployment) -> None:
    first, second = open_desk(), open_desk()
    customer = deployment.ring()
    second.press("Accept")
    second.press("Hang up")
    expect(second.activity(customer.contact_id)).to_contain_text("Completed")
    expect(first.activity(customer.contact_id)).to_contain_text("Completed")
    # A tab waits for a second and a half before it steps in for another one.
    first.page.wait_for_timeout(2_000)

    assert sorted(titles(first, second)) == [[], COURSE]


def test_another_tab_ends_the_call_of_a_closed_one(open_desk: OpenDesk, deployment: Deployment) -> None:
    first, second = open_desk(), open_desk()
    customer = deployment.ring()
    second.press("Accept")
    expect(first.activity(customer.contact_id)).to_contain_text("Open")
    (owner,) = [desk for desk in (first, second) if desk.page.locator("#messages > li").count()]
    other = second if owner is first else first
    other.page.bring_to_front()
    owner.page.close()
    other.press("Hang up")

    expect(other.activity(customer.contact_id)).to_contain_text("Completed")
    assert titles(other) == [COURSE[2:]]


def test_a_call_belongs_to_the_tab_that_dialled(open_desk: OpenDesk, deployment: Deployment) -> None:
    first, second = open_desk(), open_desk()
    first.page.bring_to_front()
    first.dial("+44 20 7946 0123")
    first.expect_messages("CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT")
    second.page.bring_to_front()
    second.press("Hang up")
    expect(first.timeline).to_contain_text("Completed")

    assert titles(first, second) == [["CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT", COURSE[2]], []]
