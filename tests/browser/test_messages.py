# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What SAP is told by the built connector, with the real Streams library and contacts of the Connect emulator.

The rows of MESSAGES.md are tested one by one without a browser, and on the whole local cloud in tests/browser/desktop;
these tests show that the real library reports what the fakes of the former say it does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.site import CUSTOMER
from tests.browser.site import Site

ACTIVITY = "0a1b2c3d-0000-4111-8222-333344445555"


@pytest.fixture
def page(open_page: Callable[..., Page], site: Site) -> Page:
    """A page whose microphone may be used, with an agent who takes contacts."""
    page = open_page()
    for origin in (site.origin("sap"), site.settings["instanceUrl"]):
        page.context.grant_permissions(["microphone"], origin=origin)
    site.to_agent("set_state", state="Available")
    return page


def open_desk(page: Page, site: Site) -> tuple[FrameLocator, FrameLocator]:
    """Open SAP; return the connector and the panel in it."""
    page.goto(site.origin("sap"))
    connector = page.frame_locator("iframe[title=Connector]")
    expect(connector.locator("#status")).to_have_text("Signed in as Ann Agent")
    return connector, connector.frame_locator("#ccp iframe")


def press(panel: FrameLocator, *names: str) -> None:
    for name in names:
        panel.get_by_role("button", name=name, exact=True).click()


def wait_for_messages(page: Page, count: int) -> list[dict]:
    page.wait_for_function("(count) => messages.length >= count", arg=count)
    # One too many would come at once.
    page.wait_for_timeout(300)
    told = page.evaluate("messages")
    assert len(told) == count, told
    return [message["payload"] if isinstance(message, dict) else message for message in told]


def actions(told: list[dict]) -> list[tuple]:
    return [(message["EventType"], message.get("Action")) for message in told]


COURSE = [("INBOUND", "NOTIFY"), ("INBOUND", "ACCEPT"), ("UPDATEACTIVITY", "END")]


def test_an_inbound_call(page: Page, site: Site) -> None:
    _connector, panel = open_desk(page, site)
    contact_id = site.ring(attributes={"CustomerUUID": '<b>&"4711"</b>', "TicketID": "8000"})
    press(panel, "Accept", "Hold", "Resume", "Hang up", "Close contact")

    notify, accept, end = wait_for_messages(page, 3)
    common = {"Type": "CALL", "EventType": "INBOUND", "ANI": CUSTOMER, "ExternalReferenceID": contact_id}
    attributes = {"Custom_1": '<b>&"4711"</b>', "Custom_2": "8000"}
    assert notify == {**common, **attributes, "Action": "NOTIFY"}
    assert accept == {**common, **attributes, "Action": "ACCEPT"}
    assert end == {
        "Type": "CALL",
        "EventType": "UPDATEACTIVITY",
        "Action": "END",
        "ExternalReferenceID": contact_id,
        "RecordingId": contact_id,
    }


def test_the_support_log_of_a_call_names_nobody(page: Page, site: Site) -> None:
    connector, panel = open_desk(page, site)
    contact_id = site.ring(attributes={"CustomerUUID": "Confidential-4711"})
    press(panel, "Accept", "Hang up", "Close contact")
    wait_for_messages(page, 3)
    with page.expect_download() as download:
        connector.get_by_role("button", name="Save support log").click()

    log = Path(download.value.path()).read_text()
    fields = "Type EventType Action ANI ExternalReferenceID Custom_1"
    assert f"sent id={contact_id} event=INBOUND action=ACCEPT fields={fields}\n" in log
    assert log.count(" sent ") == 3
    assert not [word for word in (CUSTOMER.removeprefix("+44"), "Confidential", "Ann") if word in log]


def test_a_call_that_sap_dials_for_live_activity(page: Page, site: Site) -> None:
    site.settings |= {"ctiType": "liveActivity", "payloadFormat": "xml"}
    _connector, panel = open_desk(page, site)
    request = {"Direction": "OUT", "PhoneNumber": "+44 (0)20 7946 0999", "ActivityUUID": ACTIVITY}
    click = "(request) => document.querySelector('iframe').contentWindow.postMessage(request, '*')"
    page.evaluate(click, request)
    page.evaluate(click, request)
    wait_for_messages(page, 1)
    press(panel, "Hang up", "Close contact")

    update, end = wait_for_messages(page, 2)
    assert f"<EventType>UPDATEACTIVITY</EventType><ANI>{CUSTOMER}</ANI>" in update
    assert f"<ActivityUUID>{ACTIVITY}</ActivityUUID>" in update
    assert "<Action>" not in update
    assert "<Action>END</Action>" in end


@pytest.mark.full
@pytest.mark.parametrize("how", ["Reject", "the customer gives up"])
def test_a_call_that_nobody_answers(page: Page, site: Site, how: str) -> None:
    site.settings["declineMissed"] = True
    _connector, panel = open_desk(page, site)
    contact_id = site.ring()
    wait_for_messages(page, 1)
    if how == "Reject":
        press(panel, "Reject")
    else:
        site.customer(contact_id, "hang_up")

    notify, decline = wait_for_messages(page, 2)
    assert decline == {**notify, "Action": "DECLINE"}


@pytest.mark.full
def test_a_queue_callback(page: Page, site: Site) -> None:
    _connector, panel = open_desk(page, site)
    site.ring(callback=True)
    (notify,) = wait_for_messages(page, 1)
    press(panel, "Accept")
    wait_for_messages(page, 2)
    press(panel, "Hang up", "Close contact")

    told = wait_for_messages(page, 3)
    assert actions(told) == COURSE
    assert notify["ANI"] == CUSTOMER


@pytest.mark.full
def test_a_chat_with_its_text(page: Page, site: Site) -> None:
    _connector, panel = open_desk(page, site)
    site.ring(channel="CHAT", customer_name="Bob", message="Hello", attributes={"Email": "bob@example.com"})
    press(panel, "Accept")
    panel.get_by_label("Message", exact=True).fill("Hi <Bob>")
    press(panel, "Send", "Hang up")

    told = wait_for_messages(page, 3)
    assert actions(told) == COURSE
    assert [message.get("Email") for message in told] == ["bob@example.com", "bob@example.com", None]
    assert told[2]["Transcript"].splitlines()[0] == "Bob : Hello"
    assert told[2]["Transcript"].endswith(" : Hi <Bob>")


@pytest.mark.full
def test_a_text_message(page: Page, site: Site) -> None:
    _connector, panel = open_desk(page, site)
    contact_id = site.ring(channel="CHAT", subtype="connect:SMS", message="Hello")
    press(panel, "Accept")

    told = wait_for_messages(page, 2)
    assert {(message["Type"], message["ANI"]) for message in told} == {("MESSAGE", CUSTOMER)}
    assert told[1]["ExternalOriginalReferenceID"] == contact_id


@pytest.mark.parametrize(
    "state",
    [
        "in the call",
        pytest.param("ringing", marks=pytest.mark.full),
        pytest.param("in after-contact work", marks=pytest.mark.full),
    ],
)
def test_a_reload(page: Page, site: Site, state: str) -> None:
    _connector, panel = open_desk(page, site)
    site.ring()
    steps = ["Accept", "Hang up", "Close contact"]
    done = {"ringing": 0, "in the call": 1, "in after-contact work": 2}[state]
    press(panel, *steps[:done])
    before = wait_for_messages(page, 1 + done)
    _connector, panel = open_desk(page, site)
    press(panel, *steps[done:])

    told = before + wait_for_messages(page, 2 - done)
    assert actions(told) == COURSE


def test_two_tabs_tell_once(page: Page, site: Site) -> None:
    _connector, panel = open_desk(page, site)
    second = page.context.new_page()
    open_desk(second, site)
    site.ring()
    press(panel, "Accept", "Hang up", "Close contact")

    everything = "() => messages.length"
    for _attempt in range(300):
        counts = [each.evaluate(everything) for each in (page, second)]
        if sum(counts) >= 3:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(2_000)
    assert sorted(each.evaluate(everything) for each in (page, second)) == [0, 3]
