# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Others try to make the connector dial, to read what it sends, or to bring markup into SAP."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.complaints import Complaints

from .deployment import AGENT
from .deployment import Deployment
from .desk import Desk
from .forms import in_all_forms

OpenDesk = Callable[..., Desk]
DIAL = "{Direction: 'OUT', PhoneNumber: '+44 20 7946 0123', ActivityUUID: 'aaaaaaaa-0000-4000-8000-000000000000'}"
PATIENCE = 500  # milliseconds in which something forbidden would have happened


class Evil:
    """A web site of somebody else, which shows what it is told to."""

    def __init__(self) -> None:
        self.body = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://evil.localhost:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        evil = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                head = "<!doctype html><title>Evil</title><link rel='icon' href='data:,'>"
                body = (head + evil.body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test output free of requests."""

        return Handler


@pytest.fixture
def evil() -> Iterator[Evil]:
    site = Evil()
    yield site
    site.close()


def expect_nothing(desk: Desk, deployment: Deployment) -> None:
    """See that nothing was dialled, opened or said, and that the connector still works."""
    desk.page.wait_for_timeout(PATIENCE)
    assert deployment.agent_state(AGENT)["contacts"] == []
    expect(desk.connector.locator(".problem")).to_have_count(0)
    desk.expect_messages()
    desk.dial("+44 20 7946 0123")
    desk.expect_messages("CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT")


def test_another_frame_of_the_sap_page_cannot_dial(desk: Desk, deployment: Deployment) -> None:
    """Its origin is SAP's, but it is not the page around the connector."""
    desk.page.evaluate("document.body.append(document.createElement('iframe'))")
    frame = next(frame for frame in desk.page.frames if frame.url == "about:blank")
    frame.evaluate(f"parent.frames[0].postMessage({DIAL}, '*')")

    expect_nothing(desk, deployment)


def test_a_frame_inside_the_connector_cannot_dial(desk: Desk, deployment: Deployment) -> None:
    desk.panel_frame().evaluate(f"parent.postMessage({DIAL}, '*')")

    expect_nothing(desk, deployment)


def test_a_page_that_opened_sap_cannot_dial(open_desk: OpenDesk, deployment: Deployment, evil: Evil) -> None:
    desk = open_desk()
    page = desk.page.context.new_page()
    page.goto(evil.url)
    with page.expect_popup() as opened:
        page.evaluate("() => { window.sap = open() }")
    # The edge answers no page that is not of this machine; a person who types the address comes through.
    opened.value.goto(deployment.sap_url)
    assert opened.value.evaluate("window.opener !== null")
    victim = Desk(opened.value)
    victim.expect_ready()
    page.evaluate(f"sap.frames[0].postMessage({DIAL}, '*')")
    page.evaluate("sap.postMessage({payload: {Type: 'CALL'}}, '*')")
    victim.page.wait_for_timeout(PATIENCE)

    assert deployment.agent_state(AGENT)["contacts"] == []
    victim.expect_messages()
    assert victim.violations.count() == 0
    victim.page.close()
    page.close()


def test_a_page_that_opened_the_connector_cannot_dial(open_desk: OpenDesk, deployment: Deployment, evil: Evil) -> None:
    desk = open_desk()
    page = desk.page.context.new_page()
    page.goto(evil.url)
    with page.expect_popup() as opened:
        page.evaluate("url => { window.connector = open(url) }", deployment.connector_url)
    expect(opened.value.locator("[data-problem=host_none]")).to_be_visible()
    page.evaluate(f"connector.postMessage({DIAL}, '*')")

    expect_nothing(desk, deployment)
    opened.value.close()
    page.close()


def test_a_foreign_site_cannot_frame_the_connector(
    open_desk: OpenDesk, deployment: Deployment, evil: Evil, complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors")
    desk = open_desk()
    evil.body = f"<iframe src='{deployment.connector_url}'></iframe>"
    page = desk.page.context.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(evil.url)

    assert page.frames[-1].url != deployment.connector_url
    page.close()


def test_a_foreign_site_inside_sap_cannot_frame_the_connector(
    open_desk: OpenDesk, deployment: Deployment, evil: Evil, complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors")
    desk = open_desk()
    evil.body = f"<iframe src='{deployment.connector_url}'></iframe>"
    with desk.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        desk.page.goto(f"{deployment.sap_url}?connector={evil.url}")

    assert all(frame.url != deployment.connector_url for frame in desk.page.frames)


@pytest.mark.full
def test_a_foreign_site_cannot_frame_sap(
    open_desk: OpenDesk, deployment: Deployment, evil: Evil, complaints: Complaints
) -> None:
    complaints.foresee("frame-ancestors|403")
    desk = open_desk()
    evil.body = f"<iframe src='{deployment.sap_url}'></iframe>"
    page = desk.page.context.new_page()
    page.goto(evil.url)
    page.wait_for_timeout(PATIENCE)

    # Nothing of SAP is there, least of all the connector in it.
    assert page.frame_locator("iframe").locator("#timeline, iframe").count() == 0
    page.close()


STRANGE_MESSAGES = [
    "null",
    "'OUT'",
    "1e308",
    f"[{DIAL}]",
    "new Map(Object.entries({Direction: 'OUT', PhoneNumber: '+442079460123'}))",
    """JSON.parse('{"__proto__": {"Direction": "OUT", "PhoneNumber": "+442079460123"}}')""",
    """JSON.parse('{"constructor": {"prototype": {"Direction": "OUT"}}}')""",
    "{Direction: 'IN', PhoneNumber: '+442079460123'}",
    "{Direction: 'OUT', PhoneNumber: {toString: '+442079460123'}}",
    "{Direction: 'OUT', PhoneNumber: ['+442079460123']}",
    "{Direction: 'OUT', PhoneNumber: '+44' + '1'.repeat(1e6)}",
    "Object.fromEntries(Array.from({length: 1e5}, (_, i) => ['k' + i, i]))",
    "{event: 'agent::update', data: {snapshot: {contacts: []}}}",
]


def test_strange_messages_of_sap_dial_nothing(desk: Desk, deployment: Deployment, complaints: Complaints) -> None:
    # The library stumbles over a message that is nothing (sap-cti 3.5).
    complaints.foresee(r"reading 'type'\)[\s\S]*connect-streams\.min\.js")
    for message in STRANGE_MESSAGES:
        desk.post(message)

    desk.page.wait_for_timeout(PATIENCE)
    assert deployment.agent_state(AGENT)["contacts"] == []
    desk.expect_messages()
    assert desk.connector_frame().evaluate("({}).Direction === undefined && ({}).PhoneNumber === undefined")
    desk.dial("+44 20 7946 0123")
    desk.expect_messages("CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT")


@pytest.mark.parametrize(
    "activity",
    [
        "'<BP>1</BP>'",
        pytest.param("'a'.repeat(1e6)", marks=pytest.mark.full),
        pytest.param("{id: 1}", marks=pytest.mark.full),
    ],
    ids=["markup", "long", "object"],
)
def test_what_is_no_activity_is_not_sent_back(desk: Desk, activity: str) -> None:
    desk.post(f"{{Direction: 'OUT', PhoneNumber: '+442079460123', ActivityUUID: {activity}}}")
    desk.expect_messages("CALL OUTBOUND NOTIFY", "CALL OUTBOUND ACCEPT")

    assert all("ActivityUUID" not in message for message in desk.messages())


VALUES = {
    "Custom_1": "</Custom_1><BP>1000002</BP><script>alert(1)</script><img src=x onerror=alert(1)> & &amp; ]]>",
    "Custom_2": "\"double\" 'single' `back\\slash` {{ 7 * 7 }} ${x} %00",
    "Custom_3": "Gr\u00fc\u00dfe \u65e5\u672c \U0001f4de " + "x" * 10_000,
    "Custom_4": "first\nsecond\tthird",
}


@in_all_forms
def test_values_arrive_as_they_are(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form, attributeFields={field: f"Remark{field}" for field in VALUES})
    customer = deployment.ring(attributes={f"Remark{field}": value for field, value in VALUES.items()})
    desk.press("Accept")
    expect(desk.activity(customer.contact_id)).to_contain_text("Open")

    for message in desk.messages():
        assert {name: value for name, value in message.items() if name in VALUES} == VALUES
    (record,) = deployment.sap("GET", "activities")
    assert record["attributes"] == VALUES
    assert desk.page.locator("#timeline script, #timeline img").count() == 0


@in_all_forms
def test_control_characters_are_taken_out(open_desk: OpenDesk, deployment: Deployment, form: dict[str, Any]) -> None:
    desk = open_desk(**form, attributeFields={"Custom_1": "Remark"})
    deployment.ring(attributes={"Remark": "a\u0000b\u0007c\u001b[31md\ufffee"})
    expect(desk.ringing).to_have_count(1)

    assert desk.messages()[0]["Custom_1"] == "abc[31mde"


def test_nothing_personal_is_in_the_console(open_desk: OpenDesk, deployment: Deployment) -> None:
    desk = open_desk(attributeFields={"Custom_1": "Remark"})
    texts: list[str] = []
    desk.page.on("console", lambda message: texts.append(message.text))
    deployment.ring(attributes={"Remark": "Confidential-4711"})
    desk.press("Accept")
    desk.press("Hang up")
    desk.expect_messages("CALL INBOUND NOTIFY", "CALL INBOUND ACCEPT", "CALL UPDATEACTIVITY END")

    assert texts == []
