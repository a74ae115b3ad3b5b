# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chats and text messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .deployment import CALLER
from .deployment import Customer
from .deployment import Deployment
from .desk import Desk
from .forms import in_all_forms
from .forms import is_agent_desktop

OpenDesk = Callable[..., Desk]
EMAIL = "samuel.okoro@kestrel.example"


def begin_chat(deployment: Deployment, **members: Any) -> Customer:
    flow = "Sample queue customer"
    return deployment.ring(channel="CHAT", contact_flow=flow, caller=members.pop("caller", None), **members)


@in_all_forms
def test_a_chat(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form)
    customer = begin_chat(deployment, attributes={"Email": EMAIL}, customer_name="Samuel", message="Hello")
    expect(desk.ringing).to_contain_text("Incoming chat: Kestrel Instruments")
    desk.press("Accept")
    expect(desk.activity(customer.contact_id)).to_contain_text("Incoming chat: Kestrel Instruments")
    customer.do("say", text="Where is my order?")
    desk.panel.get_by_role("textbox", name="Message").fill("It is on its way.")
    desk.press("Send")
    desk.press("Hang up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    desk.expect_messages("CHAT INBOUND NOTIFY", "CHAT INBOUND ACCEPT", "CHAT UPDATEACTIVITY END")
    assert [message.get("Email") for message in desk.messages()] == [EMAIL, EMAIL, None]
    assert [message.get("ANI") for message in desk.messages()] == [None, None, None]


def test_a_chat_without_an_address_invents_none(desk: Desk, deployment: Deployment) -> None:
    begin_chat(deployment, customer_name="Somebody")
    desk.press("Accept")

    desk.expect_messages("CHAT INBOUND NOTIFY", "CHAT INBOUND ACCEPT")
    assert [message.get("Email") for message in desk.messages()] == [None, None]


@pytest.mark.parametrize("subtype", ["connect:SMS", pytest.param("connect:WhatsApp", marks=pytest.mark.full)])
@in_all_forms
def test_a_text_message(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any], subtype: str) -> None:
    desk = open_desk(**form)
    customer = begin_chat(deployment, subtype=subtype, caller=CALLER, message="Hello")
    expect(desk.ringing).to_contain_text("Brightwater Pumps Ltd")
    desk.press("Accept")
    expect(desk.activity(customer.contact_id)).to_contain_text("Open")
    customer.do("hang_up")

    expect(desk.activity(customer.contact_id)).to_contain_text("Completed")
    kind = "MESSAGE" if is_agent_desktop(form) else "CHAT"
    desk.expect_messages(f"{kind} INBOUND NOTIFY", f"{kind} INBOUND ACCEPT", f"{kind} UPDATEACTIVITY END")
    assert [message.get("ANI") for message in desk.messages()] == [CALLER, CALLER, None]
    if is_agent_desktop(form):
        assert desk.messages()[1]["ExternalOriginalReferenceID"] == customer.contact_id
