# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SAP stand-in's desktop page: its files, its settings, and what becomes of a connector's messages (sap-cti 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import FOREIGN_HOSTS
from .conftest import FOREIGN_PAGES
from .conftest import Cloud

CONNECTOR = "https://d111111abcdef8.cloudfront.net/"
REFERENCE = "11111111-2222-4333-8444-555555555555"
ACCEPT = {
    "Type": "CALL",
    "EventType": "INBOUND",
    "Action": "ACCEPT",
    "ANI": "+442079460123",
    "ExternalReferenceID": REFERENCE,
}
END = {"Type": "CALL", "EventType": "UPDATEACTIVITY", "Action": "END", "ExternalReferenceID": REFERENCE}


class Desktop:
    """A client of the page's addresses."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        answer = self._cloud.http.request(method, f"{self._cloud.sap}{path}", timeout=10, **options)
        assert answer.status_code == status, answer.text
        return answer

    def set_up(self, status: int = 200, **settings: Any) -> dict[str, Any]:
        return self.ask("POST", "/_standin/desktop", status, json=settings).json()

    def send(self, **message: str) -> dict[str, Any]:
        return self.ask("POST", "/_standin/desktop-messages", json={"message": message}).json()

    def dial(self, number: str, customer: str | None = None) -> dict[str, Any]:
        body = {"number": number, "customer": customer}
        return self.ask("POST", "/_standin/desktop-dials", json=body).json()

    def activities(self) -> list[dict[str, Any]]:
        return self.ask("GET", "/_standin/activities").json()


@pytest.fixture
def desktop(cloud: Cloud) -> Iterator[Desktop]:
    client = Desktop(cloud)
    client.ask("POST", "/_standin/reset")
    yield client
    client.ask("POST", "/_standin/reset")


def test_the_page_and_its_files_are_served(desktop: Desktop) -> None:
    page = desktop.ask("GET", "/")

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    files = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    modules = re.findall(r'from "\./([^"]+)"', desktop.ask("GET", "/desktop/main.js").text)
    assert len(files) >= 4
    assert len(modules) >= 4
    for path in {*files, *(f"/desktop/{module}" for module in modules)}:
        assert desktop.ask("GET", path).headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_frames_the_connector_alone(desktop: Desktop) -> None:
    assert "frame-src 'none';" in desktop.ask("GET", "/").headers["Content-Security-Policy"]

    assert desktop.set_up(connector=CONNECTOR)["connector"] == CONNECTOR

    policy = desktop.ask("GET", "/").headers["Content-Security-Policy"]
    assert f"frame-src {CONNECTOR.rstrip('/')};" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_address_bar_chooses_another_connector(desktop: Desktop) -> None:
    page = desktop.ask("GET", "/?connector=http://d2.cloudfront.localhost:8080/")

    assert "frame-src http://d2.cloudfront.localhost:8080;" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "connector", ["http://example.com/", "https://x;script-src */", "javascript:alert(1)", "https://[/", "", 1]
)
def test_what_is_no_address_of_a_connector_is_refused(desktop: Desktop, connector: Any) -> None:
    assert "connector is the address" in desktop.set_up(400, connector=connector)["message"]

    policy = desktop.ask("GET", "/", params={"connector": connector}).headers["Content-Security-Policy"]
    assert "frame-src 'none';" in policy


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"flavour": "agent_desktop"}, "flavour is one of agentDesktop, liveActivity."),
        ({"format": None}, "format is one of json, xml."),
        ({"acceptAction": 1}, "acceptAction is one of True, False."),
        ({"allow": True}, "allow is the text"),
        ({"colour": "blue"}, "The page has no setting colour."),
        ({"customers": [{"id": "1"}]}, "A customer has contact, email, id, name, phone."),
        ({"customers": "nobody"}, "A customer has"),
    ],
)
def test_wrong_settings_are_refused(desktop: Desktop, settings: dict[str, Any], reason: str) -> None:
    before = desktop.ask("GET", "/_standin/desktop").json()

    assert reason in desktop.set_up(400, **settings)["message"]

    assert desktop.ask("GET", "/_standin/desktop").json() == before


def test_settings_stay_until_the_reset(desktop: Desktop) -> None:
    desktop.set_up(flavour="liveActivity", format="xml")
    assert desktop.set_up(acceptAction=False) | {"customers": []} == {
        "connector": None,
        "allow": "microphone; autoplay; clipboard-write; identity-credentials-get",
        "flavour": "liveActivity",
        "format": "xml",
        "acceptAction": False,
        "referenceFormat": "contact_id",
        "recordingKey": "RecordingId",
        "objectKey": "ActivityUUID",
        "customers": [],
    }

    desktop.ask("POST", "/_standin/reset")

    assert desktop.ask("GET", "/_standin/desktop").json()["flavour"] == "agentDesktop"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, *FOREIGN_HOSTS])
def test_foreign_pages_choose_no_connector(desktop: Desktop, headers: dict[str, str]) -> None:
    """A link from elsewhere would frame a page of its own choice, with the microphone, inside the desktop."""
    desktop.ask("GET", f"/?connector={CONNECTOR}", 403, headers=headers)
    desktop.ask("GET", f"/?connector={CONNECTOR}", headers={"Sec-Fetch-Site": "none"})


@pytest.mark.parametrize("headers", FOREIGN_PAGES)
def test_foreign_pages_have_no_access(desktop: Desktop, headers: dict[str, str]) -> None:
    for method, name in [("GET", "activities"), ("POST", "desktop"), ("POST", "desktop-messages")]:
        desktop.ask(method, f"/_standin/{name}", 403, headers=headers)


def test_an_activity_is_made_on_accept_and_completed_at_the_end(desktop: Desktop) -> None:
    rung = desktop.send(**ACCEPT | {"Action": "NOTIFY"})
    assert [customer["name"] for customer in rung["customers"]] == ["Brightwater Pumps Ltd"]
    assert rung["activity"] is None
    assert desktop.activities() == []

    desktop.send(**ACCEPT, Custom_1="C-1")

    (activity,) = desktop.activities()
    assert activity["externalId"] == {"displayId": REFERENCE}
    assert activity["customer"] == {"id": "1000001", "name": "Brightwater Pumps Ltd"}
    assert (activity["type"], activity["direction"], activity["status"]) == ("CALL", "INBOUND", "OPEN")
    assert activity["attributes"] == {"Custom_1": "C-1"}

    desktop.send(**END, RecordingId=REFERENCE)

    (activity,) = desktop.activities()
    assert (activity["status"], activity["recordingId"]) == ("COMPLETED", REFERENCE)
    assert activity["endedOn"] >= activity["startedOn"]


def test_the_phone_service_has_the_activity(desktop: Desktop, cloud: Cloud) -> None:
    desktop.send(**ACCEPT)

    auth = (cloud.environment["SAP_USERNAME"], cloud.environment["SAP_PASSWORD"])
    path = f"/sap/c4c/api/v1/phone-service/phoneCalls?$filter=externalId.displayId eq '{REFERENCE}'"
    assert desktop.ask("GET", path, auth=auth).json()["count"] == 1


def test_accepting_without_action_is_accepting(desktop: Desktop) -> None:
    desktop.send(**{name: value for name, value in ACCEPT.items() if name != "Action"})

    assert len(desktop.activities()) == 1


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([END], "There is no activity of"),
        ([ACCEPT, ACCEPT], "There is an activity of"),
        ([ACCEPT, END, END], "has ended already"),
        ([ACCEPT | {"ActivityUUID": REFERENCE}], "No activity"),
        ([{"Type": "CALL"}], "lacks EventType, ExternalReferenceID"),
    ],
)
def test_what_contradicts_the_records_is_refused(desktop: Desktop, messages: list[dict[str, str]], reason: str) -> None:
    for message in messages[:-1]:
        assert "refused" not in desktop.send(**message)

    assert reason in desktop.send(**messages[-1])["refused"]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"ANI": "+447700900123"}, ["Kestrel Instruments"]),
        ({"ANI": "447700900123"}, []),
        ({"ANI": "+441134960750"}, ["Lindgren & Sons", "Lindgren Holding"]),
        ({"ANI": "+441134960750", "BP": "1000004"}, ["Lindgren Holding"]),
        ({"Email": "Olivia.Hart@brightwater.example"}, ["Brightwater Pumps Ltd"]),
        ({"Email": ""}, []),
        ({}, []),
    ],
)
def test_customers_are_found_by_what_identifies_them(
    desktop: Desktop, fields: dict[str, str], names: list[str]
) -> None:
    message = {"Type": "CALL", "EventType": "INBOUND", "Action": "NOTIFY", "ExternalReferenceID": REFERENCE}

    assert [customer["name"] for customer in desktop.send(**message, **fields)["customers"]] == names


def test_the_activity_of_a_dialled_number_is_the_one_made_before(desktop: Desktop) -> None:
    planned = desktop.dial("+44 20 7946 0123", "1000001")
    assert planned["customer"] == {"id": "1000001", "name": "Brightwater Pumps Ltd"}
    assert desktop.activities() == []

    desktop.send(**ACCEPT | {"EventType": "OUTBOUND", "ActivityUUID": planned["id"]})

    (activity,) = desktop.activities()
    assert (activity["id"], activity["direction"]) == (planned["id"], "OUTBOUND")
    other = REFERENCE.replace("1", "2")
    again = desktop.send(**ACCEPT | {"ActivityUUID": planned["id"], "ExternalReferenceID": other})
    assert "waits for a call" in again["refused"]


def test_live_activity_binds_a_dialled_call_by_an_update(desktop: Desktop) -> None:
    planned = desktop.dial("+44 20 7946 0123")
    update = {name: value for name, value in ACCEPT.items() if name != "Action"}

    desktop.send(**update | {"EventType": "UPDATEACTIVITY", "ActivityUUID": planned["id"]})

    (activity,) = desktop.activities()
    assert (activity["id"], activity["direction"]) == (planned["id"], "OUTBOUND")


def test_a_chat_leaves_its_transcript(desktop: Desktop) -> None:
    desktop.send(Type="CHAT", EventType="INBOUND", ExternalReferenceID=REFERENCE, Email="maja@lindgren.example")
    desktop.send(**END | {"Type": "CHAT"}, Transcript="Maja : Hello\nAgent : Good morning")

    (activity,) = desktop.activities()
    assert (activity["type"], activity["customer"]["name"]) == ("CHAT", "Lindgren & Sons")
    assert activity["transcript"] == "Maja : Hello\nAgent : Good morning"


@pytest.mark.parametrize("body", [[], {}, {"message": []}, {"message": {"Type": 1}}, {"number": 1}])
def test_what_is_no_message_is_refused(desktop: Desktop, body: Any) -> None:
    desktop.ask("POST", "/_standin/desktop-messages", 400, json=body)
    desktop.ask("POST", "/_standin/desktop-dials", 400, json=body)
