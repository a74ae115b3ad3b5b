# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that customers make: the messages of every course, and what SAP shows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .deployment import CALLER
from .deployment import COLLEAGUE
from .deployment import Deployment
from .desk import Desk
from .forms import in_all_forms
from .forms import is_agent_desktop
from .forms import without

OpenDesk = Callable[..., Desk]
ANSWERED = ("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT", "CALL UPDATEACTIVITY END")


def take_and_end(desk: Desk) -> None:
    """Accept the call that rings, hang up and close it."""
    desk.press("Accept")
    desk.press("Hang up")
    desk.press("Close contact")


@in_all_forms
def test_an_answered_call(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    customer = deployment.ring()
    expect(desk.ringing).to_contain_text("Incoming call: Brightwater Pumps Ltd")
    expect(desk.customer).to_contain_text("Olivia Hart")
    expect(desk.timeline).to_have_count(0)

    desk.press("Accept")
    activity = desk.activity(customer.contact_id)
    expect(activity).to_contain_text("Open")
    expect(activity).to_contain_text("Incoming call: Brightwater Pumps Ltd")
    expect(desk.ringing).to_have_count(0)
    desk.press("Hang up")

    expect(activity).to_contain_text("Completed")
    expect(activity.get_by_role("button", name="Play recording")).to_be_visible()
    desk.press("Close contact")
    desk.expect_messages(*ANSWERED)
    reference = {"ExternalReferenceID": customer.contact_id}
    notify, accept, end = desk.messages()
    attributes = without(accept, "Type", "EventType", "Action", "ANI", "ExternalReferenceID")
    call = {"Type": "CALL", "EventType": "INBOUND", "ANI": CALLER, **attributes}
    assert notify == call | {"Action": "NOTIFY"} | (reference if is_agent_desktop(form) else {})
    assert accept == call | {"Action": "ACCEPT"} | reference
    recording = {"RecordingId": customer.contact_id}
    assert end == {"Type": "CALL", "EventType": "UPDATEACTIVITY", "Action": "END", **reference, **recording}


@in_all_forms
def test_accepting_without_action(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form, acceptAction=False)
    customer = deployment.ring()
    desk.press("Accept")

    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND")
    assert "Action" not in desk.messages()[1]


@in_all_forms
def test_compact_references(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form, referenceFormat="compact")
    customer = deployment.ring()
    take_and_end(desk)

    compact = customer.contact_id.replace("-", "").upper()
    expect(desk.activity(compact)).to_contain_text("Completed")
    desk.expect_messages(*ANSWERED)
    assert {message["ExternalReferenceID"] for message in desk.messages()[1:]} == {compact}


def test_the_customer_hangs_up(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    desk.press("Accept")
    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    customer.do("hang_up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(*ANSWERED)


def test_no_recordings_by_setting(open_desk: OpenDesk, deployment: Deployment) -> None:
    desk = open_desk(recordings=False)
    customer = deployment.ring()
    take_and_end(desk)

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    expect(desk.page.get_by_role("button", name="Play recording")).to_have_count(0)
    assert "RecordingId" not in desk.messages()[2]


@in_all_forms
def test_an_anonymous_caller(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    customer = deployment.ring(caller=None)
    expect(desk.ringing).to_contain_text("Unknown caller")
    expect(desk.customer).to_contain_text("Withheld")
    take_and_end(desk)

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(*ANSWERED)
    assert [message.get("ANI") for message in desk.messages()] == [None, None, None]


def test_an_unknown_number(desk: Desk, deployment: Deployment) -> None:
    deployment.ring(caller="+442079460888")

    expect(desk.ringing).to_contain_text("Unknown caller")
    expect(desk.customer).to_contain_text("+442079460888")


def test_a_number_of_several_customers(desk: Desk, deployment: Deployment) -> None:
    deployment.ring(caller="+441134960750")
    expect(desk.ringing).to_contain_text("2 customers fit")

    desk.page.get_by_role("button", name="Lindgren Holding", exact=True).click()

    expect(desk.customer).to_contain_text("office@lindgren.example")


@in_all_forms
def test_contact_attributes_become_fields(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    fields = {"Custom_4": "OrderNumber", "BP": "Account", "Serial": "Machine", "Subject": "Reason"}
    desk = open_desk(**form, attributeFields=fields)
    attributes = {"OrderNumber": "4711", "Account": "1000002", "Machine": "P-9", "Reason": "A leak", "Unmapped": "x"}
    deployment.ring(attributes=attributes)

    expect(desk.ringing).to_contain_text("Kestrel Instruments")
    (notify,) = desk.messages()
    found = {name: value for name, value in notify.items() if name in fields}
    assert found == {"Custom_4": "4711", "BP": "1000002", "Serial": "P-9", "Subject": "A leak"}
    assert "x" not in notify.values()


@in_all_forms
def test_a_missed_call(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    # Long enough for the page to hear of it on a busy machine
    deployment.emulator("POST", "settings", {"live": {"ring_seconds": 5}})
    desk = open_desk(**form)
    customer = deployment.ring()
    expect(desk.ringing).to_have_count(1)
    customer.reach("missed", "queued")

    expect(desk.timeline).to_have_count(0)
    desk.expect_messages("CALL INBOUND NOTIFY")


@in_all_forms
def test_a_rejected_call(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    customer = deployment.ring()
    desk.press("Reject")
    customer.reach("rejected", "queued", "missed")

    expect(desk.timeline).to_have_count(0)
    desk.expect_messages("CALL INBOUND NOTIFY")


@in_all_forms
def test_a_rejected_call_is_declined_by_setting(
    open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]
) -> None:
    desk = open_desk(**form, declineMissed=True)
    deployment.ring()
    expect(desk.ringing).to_have_count(1)
    desk.press("Reject")

    expect(desk.ringing).to_have_count(0)
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND DECLINE")
    notify, decline = desk.messages()
    assert decline == notify | {"Action": "DECLINE"}


def test_a_customer_who_gives_up(desk: Desk, deployment: Deployment) -> None:
    customer = deployment.ring()
    expect(desk.ringing).to_have_count(1)
    customer.do("hang_up")
    customer.reach("ended")

    expect(desk.panel.get_by_role("button", name="Accept")).to_have_count(0)
    desk.expect_messages("CALL INBOUND NOTIFY")
    expect(desk.timeline).to_have_count(0)


@in_all_forms
def test_a_queue_callback(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    customer = deployment.ring(callback=True)
    expect(desk.ringing).to_contain_text("Incoming call: Brightwater Pumps Ltd")
    desk.press("Accept")
    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages(*ANSWERED)
    assert [message.get("ANI") for message in desk.messages()] == [CALLER, CALLER, None]


def test_hold_and_mute_send_nothing(desk: Desk, deployment: Deployment) -> None:
    deployment.ring()
    desk.press("Accept")
    desk.expect_messages(*ANSWERED[:2])
    for name in ("Hold", "Resume", "Mute", "Unmute"):
        desk.press(name)

    desk.press("Hang up")
    desk.expect_messages(*ANSWERED)


def test_listening_to_a_colleague_sends_nothing(desk: Desk, deployment: Deployment) -> None:
    deployment.agent("sign_in", user=COLLEAGUE)
    deployment.agent("set_state", user=COLLEAGUE, state="Available")
    customer = deployment.ring(agent=COLLEAGUE)
    deployment.agent("accept", user=COLLEAGUE)
    customer.reach("connected")
    deployment.agent("monitor", contact_id=customer.contact_id)
    expect(desk.panel.locator("body")).to_contain_text(CALLER)
    deployment.agent("hang_up", user=COLLEAGUE)
    customer.reach("ended")

    expect(desk.timeline).to_have_count(0)
    desk.expect_messages()


def test_the_next_call_comes_with_its_own_reference(desk: Desk, deployment: Deployment) -> None:
    first = deployment.ring()
    take_and_end(desk)
    desk.expect_messages(*ANSWERED)
    second = deployment.ring(caller="+447700900123")
    take_and_end(desk)

    desk.expect_messages(*ANSWERED, *ANSWERED)
    references = [message["ExternalReferenceID"] for message in desk.messages()]
    assert references == [first.contact_id] * 3 + [second.contact_id] * 3


@pytest.mark.full
def test_a_call_that_came_before_the_page(open_desk: OpenDesk, deployment: Deployment) -> None:
    open_desk().page.close()
    customer = deployment.ring()
    customer.reach("connecting")
    deployment.agent("accept")
    desk = open_desk()

    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    desk.expect_messages("CALL INBOUND ACCEPT")
