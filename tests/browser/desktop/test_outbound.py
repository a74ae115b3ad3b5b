# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that agents make, in the panel or from SAP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.complaints import Complaints
from tests.site.site import wait_for

from .deployment import AGENT
from .deployment import CALLER
from .deployment import Customer
from .deployment import Deployment
from .desk import Desk
from .forms import in_all_forms
from .forms import is_agent_desktop

OpenDesk = Callable[..., Desk]
NUMBER = "+44 20 7946 0123"
COURSE = ("CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT", "CALL UPDATEACTIVITY END")
# Live Activity hears of an outbound call when it is answered.
COURSE_OF_LIVE_ACTIVITY = COURSE[1:]
DIALLED_IN_LIVE_ACTIVITY = ("CALL UPDATEACTIVITY", "CALL UPDATEACTIVITY END")


def dialled_customer(deployment: Deployment) -> Customer:
    """Wait for the contact that the agent's call makes."""
    contacts = wait_for(lambda: deployment.agent_state(AGENT)["contacts"], 30)
    return deployment.customer_of(contacts[0]["contact_id"] if isinstance(contacts[0], dict) else contacts[0])


@in_all_forms
def test_a_call_dialled_in_the_panel(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    desk.dial_in_panel(CALLER)
    customer = dialled_customer(deployment)
    expect(desk.activity(customer.contact_id)).to_contain_text("Outgoing call: Brightwater Pumps Ltd")
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(*(COURSE if is_agent_desktop(form) else COURSE_OF_LIVE_ACTIVITY))
    for message in desk.messages()[:-1]:
        assert (message["ANI"], message["ExternalReferenceID"]) == (CALLER, customer.contact_id)


@pytest.mark.parametrize("key", ["ActivityUUID", pytest.param("ObjectUUID", marks=pytest.mark.full)])
@in_all_forms
def test_a_call_dialled_from_sap(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any], key: str) -> None:
    desk = open_desk(**form, desktop={"objectKey": key})
    desk.dial(NUMBER)
    customer = dialled_customer(deployment)
    expect(desk.activity(customer.contact_id)).to_contain_text("Outgoing call: Brightwater Pumps Ltd")
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(*(COURSE if is_agent_desktop(form) else DIALLED_IN_LIVE_ACTIVITY))
    (record,) = deployment.sap("GET", "activities")
    bound = [message for message in desk.messages() if "ActivityUUID" in message]
    # SAP made this activity before the call, and there is no other.
    assert {message["ActivityUUID"] for message in bound} == {record["id"]}
    assert len(bound) == (2 if is_agent_desktop(form) else 1)


@in_all_forms
def test_a_call_that_nobody_answers(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    deployment.emulator("POST", "settings", {"live": {"outbound_answer": "manual"}})
    desk = open_desk(**form)
    desk.dial(NUMBER)
    customer = dialled_customer(deployment)
    customer.do("refuse")
    customer.reach("ended", "missed", "error", "rejected")

    desk.expect_messages(*(COURSE[:1] if is_agent_desktop(form) else ()))
    expect(desk.timeline).to_have_count(0)


def test_a_call_that_is_answered_later(open_desk: OpenDesk, deployment: Deployment) -> None:
    deployment.emulator("POST", "settings", {"live": {"outbound_answer": "manual"}})
    desk = open_desk()
    desk.dial_in_panel(CALLER)
    customer = dialled_customer(deployment)
    desk.expect_messages(*COURSE[:1])
    expect(desk.timeline).to_have_count(0)
    customer.do("answer")

    desk.expect_messages(*COURSE[:2])
    expect(desk.activity(customer.contact_id)).to_contain_text("Open")


@pytest.mark.parametrize(
    "number",
    [
        "020 7946 0123",
        *(
            pytest.param(number, marks=pytest.mark.full)
            for number in ("0044 (0)20 7946-0123", "tel:+442079460123", "+44.20.7946.0123")
        ),
    ],
)
def test_numbers_as_people_write_them(open_desk: OpenDesk, number: str) -> None:
    desk = open_desk(countries=["GB"])
    desk.dial(number)

    desk.expect_messages(*COURSE[:2])
    assert desk.messages()[0]["ANI"] == CALLER


def test_numbers_that_cannot_be_dialled_are_refused(open_desk: OpenDesk, deployment: Deployment) -> None:
    desk = open_desk(countries=["GB"])
    for number in ("12", "call me", "+999 123 456", "+46 8 1234 5678"):
        desk.dial(number)
        expect(desk.problem("dial_refused")).to_contain_text(number)

    assert deployment.agent_state(AGENT)["contacts"] == []
    desk.expect_messages()


def test_dialling_in_a_call_is_refused(desk: Desk, deployment: Deployment) -> None:
    deployment.ring()
    desk.press("Accept")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT")
    desk.dial(NUMBER)

    expect(desk.problem("dial_refused")).to_be_visible()
    assert len(deployment.agent_state(AGENT)["contacts"]) == 1


def test_clicking_twice_dials_once(desk: Desk, deployment: Deployment) -> None:
    button = desk.page.get_by_role("button", name=f"Call {NUMBER}")
    button.dblclick()

    desk.expect_messages(*COURSE[:2])
    assert len(deployment.agent_state(AGENT)["contacts"]) == 1
    assert len(deployment.sap("GET", "activities")) == 1


def test_a_refusal_of_amazon_connect_is_told(
    open_desk: OpenDesk, deployment: Deployment, complaints: Complaints
) -> None:
    """It knows better what it can do, here that the agent does not serve the queue in whose name the call would be."""
    complaints.foresee("400")
    no_queue = f"{deployment.site.instance_arn}/queue/00000000-0000-4000-8000-000000000000"
    desk = open_desk(outboundQueueArn=no_queue)
    desk.dial(NUMBER)

    expect(desk.problem("dial_refused")).to_contain_text("The agent's routing profile has no such queue.")
    assert deployment.agent_state(AGENT)["contacts"] == []
    desk.expect_messages()


def test_an_empty_number_is_refused(desk: Desk) -> None:
    desk.post("{Direction: 'OUT', PhoneNumber: ''}")

    expect(desk.problem("dial_refused")).to_be_visible()
    desk.expect_messages()
