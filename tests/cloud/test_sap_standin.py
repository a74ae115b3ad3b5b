# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SAP stand-in's phone service (sap-cti 2.1, 2.2) and its control addresses."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.clients import direct_session
from tests.local_cloud.sap_standin import phone_calls

from .conftest import FOREIGN_HOSTS
from .conftest import FOREIGN_PAGES
from .conftest import Cloud

PATH = "/sap/c4c/api/v1/phone-service/phoneCalls"
MERGE = "application/merge-patch+json"


class Sap:
    """A client that signs in."""

    def __init__(self, cloud: Cloud) -> None:
        self.base = cloud.sap
        self._cloud = cloud
        self.password = cloud.environment["SAP_PASSWORD"]
        self._auth = (cloud.environment["SAP_USERNAME"], self.password)

    def call(self, method: str, path: str = PATH, **options: Any) -> requests.Response:
        return self._cloud.http.request(method, self.base + path, **{"auth": self._auth, "timeout": 10} | options)

    def control(self, method: str, name: str, **options: Any) -> requests.Response:
        return self.call(method, f"/_standin/{name}", auth=None, **options)

    def accept(self, contact: str) -> dict[str, Any]:
        return self.control("POST", "phone-calls", json={"externalId": contact}).json()

    def find(self, expression: str) -> requests.Response:
        return self.call("GET", f"{PATH}?$filter={quote(expression)}")

    def patch(self, identifier: str, version: str | None, body: Any = None, **headers: str) -> requests.Response:
        sent = {"Content-Type": MERGE, **({"If-Match": version} if version else {}), **headers}
        data = {"transcript": "Summary"} if body is None else body
        options = {"data": data} if isinstance(data, str) else {"json": data}
        return self.call("PATCH", f"{PATH}/{identifier}", headers=sent, **options)


@pytest.fixture
def sap(cloud: Cloud) -> Iterator[Sap]:
    client = Sap(cloud)
    client.control("POST", "reset")
    yield client
    client.control("POST", "reset")


def version(record: dict[str, Any]) -> str:
    return record["adminData"]["updatedOn"]


def assert_error(response: requests.Response, status: int, text: str = "") -> None:
    assert response.status_code == status
    error = response.json()["error"]
    assert error.keys() == {"code", "message", "target", "details"}
    assert error["details"][0].keys() == {"code", "message", "target"}
    assert text in error["message"]


@pytest.mark.parametrize("auth", [None, ("AMAZON_CONNECT", "wrong"), ("somebody", "x")])
def test_sign_in_is_needed(sap: Sap, auth: tuple[str, str] | None) -> None:
    response = sap.call("GET", auth=auth)
    assert_error(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Bearer abc", "Basic w7w="])
def test_malformed_sign_in_is_refused(sap: Sap, header: str) -> None:
    assert_error(sap.call("GET", auth=None, headers={"Authorization": header}), 401)


def test_record_is_found_by_its_external_id(sap: Sap) -> None:
    for contact in ("contact-1", "contact-2"):
        sap.accept(contact)
    found = sap.find("externalId.displayId eq 'contact-2'").json()
    assert found["count"] == 1
    (record,) = found["value"]
    assert record["externalId"] == {"displayId": "contact-2"}
    assert record["adminData"]["createdOn"] == version(record)
    read = sap.call("GET", f"{PATH}/{record['id']}")
    assert read.json() == {"value": record}
    assert sap.find("externalId.displayId eq 'contact-3'").json() == {"count": 0, "value": []}


def test_quotes_are_doubled(sap: Sap) -> None:
    for contact in ("it's", "a' or externalId.displayId eq 'b", "b"):
        sap.accept(contact)
    assert [r["externalId"]["displayId"] for r in sap.find("externalId.displayId eq 'it''s'").json()["value"]] == [
        "it's"
    ]
    doubled = "a'' or externalId.displayId eq ''b"
    assert sap.find(f"externalId.displayId eq '{doubled}'").json()["count"] == 1
    assert_error(sap.find("externalId.displayId eq 'it's'"), 400)


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ("externalId/displayId eq 'one'", 1),
        ("  externalId.displayId   eq   'one'  ", 1),
        ("externalId.displayId ne 'one'", 2),
        ("externalId.displayId eq 'one' and adminData.createdOn gt '2020-01-01'", 1),
        ("externalId.displayId eq 'one' and adminData.createdOn lt '2020-01-01'", 0),
        ("externalId.displayId eq ''", 0),
    ],
)
def test_filters(sap: Sap, expression: str, count: int) -> None:
    for contact in ("one", "two", "three"):
        sap.accept(contact)
    assert sap.find(expression).json()["count"] == count


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "externalId.displayId",
        "externalId.displayId eq",
        "externalId.displayId eq one",
        "externalId.displayId eq 'one",
        "externalId.displayId like 'one'",
        "externalId.displayId eq 'one' or externalId.displayId eq 'two'",
        "externalId.displayId eq 'one' and",
        "unknown eq 'one'",
        "contains(externalId.displayId, 'one')",
        "'one' eq externalId.displayId",
        "externalId.displayId eq 'one';",
    ],
)
def test_unsupported_filters_are_refused(sap: Sap, expression: str) -> None:
    response = sap.find(expression)
    assert_error(response, 400)
    assert response.json()["error"]["target"] == "$filter"


def test_pages_and_order(sap: Sap) -> None:
    for contact in ("b", "c", "a"):
        sap.accept(contact)

    def ids(query: str) -> list[str]:
        return [record["externalId"]["displayId"] for record in sap.call("GET", f"{PATH}?{query}").json()["value"]]

    assert ids("$top=2") == ["b", "c"]
    assert ids("$skip=2&$top=2") == ["a"]
    assert ids("$orderby=externalId.displayId") == ["a", "b", "c"]
    assert ids("$orderby=adminData.createdOn%20desc&$top=1") == ["a"]
    assert ids("$top=0") == []
    assert sap.call("GET", f"{PATH}?$top=1").json()["count"] == 3
    assert "count" not in sap.call("GET", f"{PATH}?$count=false").json()


@pytest.mark.parametrize(
    "query", ["$top=many", "$skip=-1", "$orderby=colour", "$count=yes", "$expand=x", "top=1", "$top=1&$top=2"]
)
def test_wrong_query_options_are_refused(sap: Sap, query: str) -> None:
    assert_error(sap.call("GET", f"{PATH}?{query}"), 400)


def test_create_and_read(sap: Sap) -> None:
    made = sap.call("POST", json={"externalId": {"displayId": "x"}, "subject": "Call"})
    assert made.status_code == 201
    record = made.json()["value"]
    assert record["adminData"]["createdByName"] == "AMAZON_CONNECT"
    assert sap.call("GET", f"{PATH}/{record['id']}").json()["value"] == record
    assert sap.control("GET", "phone-calls").json() == [record]


@pytest.mark.parametrize(
    "body", ["[]", "x", "", '{"id": "1"}', '{"adminData": {}}', '{"transcript": 1}', '{"externalId": "x"}']
)
def test_bad_bodies_are_refused(sap: Sap, body: str) -> None:
    record = sap.accept("x")
    headers = {"Content-Type": "application/json"}
    assert_error(sap.call("POST", data=body, headers=headers), 400)
    assert_error(
        sap.call("PATCH", f"{PATH}/{record['id']}", data=body, headers={**headers, "If-Match": version(record)}), 400
    )
    assert sap.control("GET", "phone-calls").json() == [record]


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", MERGE])
def test_patch_writes_the_transcript(sap: Sap, content_type: str) -> None:
    record = sap.accept("x")
    answer = sap.patch(record["id"], version(record), **{"Content-Type": content_type})
    assert answer.status_code == 200
    changed = answer.json()["value"]
    assert changed["transcript"] == "Summary"
    assert changed["externalId"] == record["externalId"]
    assert version(changed) > version(record)
    assert changed["adminData"]["createdOn"] == record["adminData"]["createdOn"]


def test_patch_merges(sap: Sap) -> None:
    record = sap.call("POST", json={"externalId": {"displayId": "x", "type": "t"}, "subject": "Call"}).json()["value"]
    changed = sap.patch(record["id"], version(record), {"externalId": {"displayId": "y"}, "subject": None}).json()[
        "value"
    ]
    assert changed["externalId"] == {"displayId": "y", "type": "t"}
    assert "subject" not in changed


def test_patch_needs_the_current_version(sap: Sap) -> None:
    record = sap.accept("x")
    assert_error(sap.patch(record["id"], None), 428)
    assert sap.patch(record["id"], version(record)).status_code == 200
    for stale in (version(record), "2020-01-01T00:00:00.000Z", "*", "nonsense"):
        assert_error(
            sap.patch(record["id"], stale, {"transcript": "late"}),
            412,
            "Data has been changed in a parallel session. Please refresh and try again.",
        )
    (kept,) = sap.control("GET", "phone-calls").json()
    assert kept["transcript"] == "Summary"
    # The same instant, written otherwise.
    assert sap.patch(record["id"], f'"{version(kept).replace("Z", "+00:00")}"').status_code == 200


def test_each_write_is_a_new_version(sap: Sap) -> None:
    record = sap.accept("x")
    versions = [version(record)]
    for _unused in range(10):
        record = sap.patch(record["id"], versions[-1]).json()["value"]
        versions.append(version(record))
    assert len(set(versions)) == 11
    assert versions == sorted(versions)


def test_version_grows_although_the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr(phone_calls, "datetime", Stopped)
    records = phone_calls.PhoneCalls()
    record = records.create({}, "user")
    first = version(record)
    records.merge(record, {}, "user")
    assert (first, version(record)) == ("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.001Z")


def test_unknown_records_methods_and_addresses(sap: Sap) -> None:
    record = sap.accept("x")
    assert_error(sap.call("GET", f"{PATH}/unknown"), 404)
    assert_error(sap.patch("unknown", "x"), 404)
    assert_error(sap.call("DELETE", f"{PATH}/{record['id']}"), 405)
    assert_error(sap.call("PATCH"), 405)
    assert_error(sap.call("GET", "/sap/c4c/api/v1/other-service/things"), 404)
    assert_error(sap.patch(record["id"], version(record), **{"Content-Type": "text/plain"}), 400)


def test_throttle_and_failure_are_injected(sap: Sap) -> None:
    record = sap.accept("x")
    faults = [
        {"operation": "update", "status": 429, "retry_after": 7, "times": 2},
        {"operation": "list", "status": 503, "message": "Down for maintenance.", "after": 1},
    ]
    assert sap.control("POST", "faults", json=faults).status_code == 200
    for _unused in range(2):
        response = sap.patch(record["id"], version(record))
        assert_error(response, 429)
        assert response.headers["Retry-After"] == "7"
    assert sap.call("GET").status_code == 200
    assert_error(sap.call("GET"), 503, "Down for maintenance.")
    assert sap.control("GET", "faults").json() == []
    assert sap.patch(record["id"], version(record)).status_code == 200


def test_delay_is_injected(sap: Sap) -> None:
    sap.control("POST", "faults", json={"operation": "read", "delay": 0.4})
    record = sap.accept("x")
    before = time.monotonic()
    assert sap.call("GET", f"{PATH}/{record['id']}").status_code == 200
    assert time.monotonic() - before >= 0.4


@pytest.mark.parametrize("carried_out", [False, True])
def test_connection_is_dropped(sap: Sap, carried_out: bool) -> None:
    record = sap.accept("x")
    sap.control("POST", "faults", json={"operation": "update", "drop": True, "carried_out": carried_out})
    with pytest.raises(requests.ConnectionError):
        sap.patch(record["id"], version(record))
    (kept,) = sap.control("GET", "phone-calls").json()
    assert ("transcript" in kept) is carried_out


def test_failure_after_the_change(sap: Sap) -> None:
    record = sap.accept("x")
    sap.control("POST", "faults", json={"operation": "update", "status": 500, "carried_out": True})
    assert_error(sap.patch(record["id"], version(record)), 500)
    assert_error(sap.patch(record["id"], version(record)), 412)


@pytest.mark.parametrize(
    "fault",
    [
        {"colour": "red"},
        {"operation": "fly"},
        {"status": 200},
        {"status": "500"},
        {"delay": "long"},
        "x",
    ],
)
def test_wrong_faults_are_refused(sap: Sap, fault: Any) -> None:
    assert sap.control("POST", "faults", json=fault).status_code == 400
    assert sap.control("GET", "faults").json() == []


def test_faults_can_be_cleared(sap: Sap) -> None:
    sap.control("POST", "faults", json={"status": 500, "times": 100})
    assert sap.call("GET").status_code == 500
    assert sap.control("DELETE", "faults").status_code == 200
    assert sap.call("GET").status_code == 200


def test_journal_tells_what_came_and_no_credentials(cloud: Cloud, sap: Sap) -> None:
    record = sap.accept("x")
    sap.find("externalId.displayId eq 'x'")
    sap.patch(record["id"], version(record), {"transcript": "Summary"})
    answer = sap.control("GET", "journal")
    found, changed = answer.json()
    assert (found["method"], found["query"], found["status"]) == ("GET", "$filter=externalId.displayId eq 'x'", 200)
    assert (changed["method"], changed["if_match"], changed["status"]) == ("PATCH", version(record), 200)
    assert changed["content_type"] == MERGE
    assert changed["body"] == {"transcript": "Summary"}
    assert cloud.environment["SAP_PASSWORD"] not in answer.text
    assert sap.control("DELETE", "journal").status_code == 200
    assert sap.control("GET", "journal").json() == []


def test_wrong_control_requests(sap: Sap) -> None:
    assert sap.control("GET", "nothing").status_code == 404
    assert sap.control("POST", "phone-calls", json={}).status_code == 400
    assert sap.control("POST", "phone-calls", data="x").status_code == 400
    assert sap.control("POST", "phone-calls", json={"externalId": {"displayId": "y"}}).json()["externalId"] == {
        "displayId": "y"
    }


@pytest.mark.parametrize("headers", [*FOREIGN_PAGES, *FOREIGN_HOSTS], ids=str)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_control_is_closed_to_web_pages_from_elsewhere(sap: Sap, method: str, headers: dict[str, str]) -> None:
    answer = sap.control(method, "faults", headers=headers, data="{}")
    assert answer.status_code == 403
    assert "Web pages from elsewhere" in answer.text
    assert sap.control("GET", "faults").json() == []


def test_control_is_open_to_pages_of_this_machine(sap: Sap) -> None:
    assert sap.control("GET", "faults", headers={"Origin": "http://sap.localhost:8080"}).ok


FAULT_KINDS = ["429", "500", "502", "503", "504", "reset", "timeout", "412"]


def test_random_faults_are_the_same_for_the_same_seed(sap: Sap) -> None:
    def statuses() -> list[int]:
        sap.control("POST", "random_faults", json={"share": 0.5, "kinds": ["500", "429"], "seed": 3})
        return [sap.call("GET").status_code for _unused in range(20)]

    first = statuses()
    assert statuses() == first
    assert set(first) == {200, 429, 500}
    shown = sap.control("GET", "random_faults").json()
    assert (shown["share"], shown["requests"]) == (0.5, 20)
    assert shown["counts"] == {"500": first.count(500), "429": first.count(429)}
    assert sap.control("DELETE", "random_faults").json() == shown
    assert {sap.call("GET").status_code for _unused in range(20)} == {200}


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_each_kind_of_random_fault(sap: Sap, kind: str) -> None:
    """Of the uncertain ones some were carried out; a 412 is another user's change, and 429 says how long to wait."""
    records = [sap.accept(f"contact-{number}") for number in range(12)]
    wanted = {"share": 1, "kinds": [kind], "seed": 1, "delay": 0.05, "operations": ["update"]}
    sap.control("POST", "random_faults", json=wanted)
    for record in records:
        if kind in ("reset", "timeout"):
            with pytest.raises(requests.ConnectionError):
                sap.patch(record["id"], version(record))
        else:
            response = sap.patch(record["id"], version(record))
            assert_error(response, int(kind))
            assert ("Retry-After" in response.headers) or kind != "429"
    calls = sap.control("GET", "phone-calls?history=1").json()
    written = [call for call in calls if "transcript" in call]
    assert 0 < len(written) < 12 if kind not in ("412", "429") else written == []
    changes = {user for call in calls for user in (write["user"] for write in call["history"][1:])}
    assert changes == {"ANOTHER_USER"} if kind == "412" else changes <= {"AMAZON_CONNECT"}


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"colour": "red"},
        {"share": 2},
        {"share": "half"},
        {"kinds": ["418"]},
        {"kinds": []},
        {"operations": ["fly"]},
        {"delay": "long"},
        {"retry_after": "soon"},
    ],
)
def test_wrong_random_faults_are_refused(sap: Sap, document: Any) -> None:
    assert sap.control("POST", "random_faults", json=document).status_code == 400
    assert sap.call("GET").status_code == 200


def test_the_history_tells_every_write(sap: Sap) -> None:
    record = sap.accept("x")
    changed = sap.patch(record["id"], version(record)).json()["value"]
    sap.patch(record["id"], version(changed), {"transcript": None})
    (call,) = sap.control("GET", "phone-calls?history=1").json()
    assert [write["members"] for write in call["history"]] == [
        {"externalId": {"displayId": "x"}},
        {"transcript": "Summary"},
        {"transcript": None},
    ]
    assert "history" not in sap.control("GET", "phone-calls").json()[0]


def test_an_update_is_answered_as_set(sap: Sap) -> None:
    record = sap.accept("x")
    assert sap.control("POST", "settings", json={"update_answer": 204, "transcript_limit": 7}).status_code == 200
    answer = sap.patch(record["id"], version(record))
    assert (answer.status_code, answer.content) == (204, b"")
    (kept,) = sap.control("GET", "phone-calls").json()
    assert_error(sap.patch(record["id"], version(kept), {"transcript": "Summary."}), 400, "7 characters")
    sap.control("POST", "settings", json={"forbidden": True})
    assert_error(sap.call("GET"), 403)


@pytest.mark.parametrize("settings", [[], {"colour": 1}, {"update_answer": 500}, {"forbidden": 1}])
def test_wrong_settings_are_refused(sap: Sap, settings: Any) -> None:
    assert sap.control("POST", "settings", json=settings).status_code == 400


TOKEN_PATH = "/sap/c4c/api/v1/iam-service/token"


@pytest.mark.parametrize("header", ["Authorization", "x-sap-crm-token"])
def test_a_token_signs_in_until_its_end(sap: Sap, header: str) -> None:
    def sign_in(lifetime: int) -> requests.Response:
        sap.control("POST", "sign_in", json={"lifetime": lifetime})
        token = sap.call("GET", TOKEN_PATH).json()["value"]
        assert token["expires_in"] == lifetime
        words = f"Bearer {token['access_token']}" if header == "Authorization" else token["access_token"]
        return sap.call("GET", auth=None, headers={header: words})

    assert sign_in(3600).status_code == 200
    assert_error(sign_in(0), 401)


def test_tokens_are_given_for_the_right_credentials_only(sap: Sap) -> None:
    known = sap.control("GET", "sign_in").json()
    assert_error(sap.call("GET", TOKEN_PATH, auth=("AMAZON_CONNECT", "wrong")), 401)
    assert_error(sap.call("POST", TOKEN_PATH), 405)
    client = (known["client_id"], known["client_secret"])
    granted = sap.call("POST", known["token_path"], auth=client, data={"grant_type": "client_credentials"})
    assert granted.json()["token_type"] == "Bearer"
    assert sap.call("POST", known["token_path"], data={"grant_type": "client_credentials"}).status_code == 401
    assert sap.call("POST", known["token_path"], auth=client, data={"grant_type": "password"}).status_code == 400
    sap.control("POST", "sign_in", json={"accepted": ["basic"]})
    bearer = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    assert_error(sap.call("GET", auth=None, headers=bearer), 401)


def test_the_certificate_listener_lets_in_its_client_only(sap: Sap, tmp_path: Path) -> None:
    known = sap.control("GET", "sign_in").json()
    files = {}
    for name in ("certificate", "private_key", "authority"):
        files[name] = tmp_path / name
        files[name].write_text(known[name])
    address, trust = known["certificate_base_url"] + PATH, {"verify": str(files["authority"]), "timeout": 10}
    pair = (str(files["certificate"]), str(files["private_key"]))
    session = direct_session()
    assert session.get(address, cert=pair, **trust).status_code == 200
    with pytest.raises(requests.ConnectionError):
        direct_session().get(address, auth=("AMAZON_CONNECT", sap.password), **trust)
