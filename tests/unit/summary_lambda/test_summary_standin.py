# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The function against the SAP stand-in of the local cloud: both must read the same rules out of sap-cti 2."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from summary_fakes import CONTACT_ID
from summary_fakes import INSTANCE_ARN
from summary_fakes import PASSWORD
from summary_fakes import PREFIX
from summary_fakes import SUMMARY
from summary_fakes import make_document
from summary_fakes import make_event
from summary_lambda import deadline
from summary_lambda import errors

from tests.local_cloud.certificates import make_certificates

ROOT = Path(__file__).resolve().parents[3]


class Standin:
    """Its control addresses."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def get(self, name: str) -> Any:
        return requests.get(f"{self.base_url}/_standin/{name}", timeout=60).json()

    def post(self, name: str, document: dict | None = None) -> dict:
        answer = requests.post(f"{self.base_url}/_standin/{name}", json=document or {}, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def delete(self, name: str) -> None:
        requests.delete(f"{self.base_url}/_standin/{name}", timeout=60).raise_for_status()


@pytest.fixture(scope="module")
def process() -> Iterator[Standin]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        running = subprocess.Popen(
            [ROOT / ".venv-cloud/bin/python", "-m", "tests.local_cloud.sap_standin", "--fd", str(listener.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            cwd=ROOT,
            text=True,
        )
    with running:
        given = {"username": "technical-user", "password": PASSWORD, "tls": make_certificates("technical-user")}
        running.stdin.write(json.dumps(given) + "\n")
        running.stdin.flush()
        yield Standin(f"http://127.0.0.1:{port}")
        running.terminate()


@pytest.fixture
def standin(process, cloud, monkeypatch) -> Standin:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    process.post("reset")
    cloud.settings(process.base_url)
    cloud.contact()
    cloud.analysis(make_document())
    return process


def transcripts(standin: Standin) -> list[str | None]:
    return [call.get("transcript") for call in standin.get("phone-calls")]


def test_the_record_of_the_call_gets_the_summary(standin, cloud, handle):
    standin.post("phone-calls", {"externalId": "another contact"})
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    assert handle()["outcome"] == "written"
    assert transcripts(standin) == [None, SUMMARY]
    cloud.contact()
    cloud.analysis(make_document())
    assert handle()["outcome"] == "unchanged"
    # Of the first event: list, record, update, and the list again; of the second one: list.
    assert [entry["method"] for entry in standin.get("journal")] == ["GET", "GET", "PATCH", "GET", "GET"]


def test_without_a_record_the_event_is_kept(standin, handle):
    with pytest.raises(errors.PhoneCallNotFound):
        handle()


@pytest.mark.parametrize(
    "fault",
    [
        {"operation": "list", "status": 429, "retry_after": 3},
        {"operation": "update", "status": 503},
        {"operation": "update", "status": 412},
        {"operation": "update", "status": 428},
        {"operation": "update", "drop": True},
    ],
)
def test_a_passing_fault_costs_nothing(standin, handle, slept, fault):
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    standin.post("faults", fault)
    assert handle()["outcome"] == "written"
    assert transcripts(standin) == [SUMMARY]
    assert len(slept) == 1


def test_an_update_whose_answer_is_lost_is_recognised(standin, handle):
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    standin.post("faults", {"operation": "update", "drop": True, "carried_out": True})
    assert handle()["outcome"] == "written"
    assert transcripts(standin) == [SUMMARY]


def test_the_compact_reference_finds_its_record(standin, handle):
    standin.post("phone-calls", {"externalId": CONTACT_ID.replace("-", "").upper()})
    assert handle(REFERENCE_FORMAT="compact")["outcome"] == "written"


def test_of_duplicates_the_later_record_gets_the_summary(standin, handle):
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    handle()
    assert transcripts(standin) == [None, SUMMARY]


def test_every_page_of_a_list_is_read(standin, handle):
    for _unused in range(60):
        standin.post("phone-calls", {"externalId": CONTACT_ID})
    assert handle()["outcome"] == "written"
    assert [call.get("transcript") for call in standin.get("phone-calls")] == [None] * 59 + [SUMMARY]


def test_an_update_without_an_answer_body_is_success(standin, handle):
    standin.post("settings", {"update_answer": 204})
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    assert handle()["outcome"] == "written"


def test_a_summary_longer_than_the_field_is_cut_to_it(standin, cloud, handle):
    standin.post("settings", {"transcript_limit": 200})
    standin.post("phone-calls", {"externalId": CONTACT_ID})
    cloud.analysis(make_document("word " * 100))
    with pytest.raises(errors.SapRefused, match="400"):
        handle()
    assert [handle(TRANSCRIPT_LIMIT="200", fresh=True)["outcome"] for _unused in range(2)] == ["written", "unchanged"]
    (written,) = transcripts(standin)
    assert written.endswith("word [...]")
    assert 190 < len(written) <= 200


def test_a_user_without_the_right_is_told(standin, handle):
    standin.post("settings", {"forbidden": True})
    with pytest.raises(errors.SapRefused, match="403"):
        handle()


@pytest.fixture
def signed_in(standin, cloud, handle):
    """Give the function what one way to sign in needs, and let SAP accept no other one."""

    def prepare(way: str) -> dict[str, str]:
        known = standin.post("sign_in", {"accepted": [way]})
        secret: dict[str, str] = {"password": PASSWORD}
        variables = {"SAP_AUTHENTICATION": way}
        base_url = standin.base_url
        if way == "oauth":
            secret = {name: known[name] for name in ("client_id", "client_secret")}
            variables["SAP_TOKEN_URL"] = standin.base_url + known["token_path"]
        if way == "certificate":
            secret = {name: known[name] for name in ("certificate", "private_key", "authority")}
            base_url = known["certificate_base_url"]
        cloud.settings(base_url, password=json.dumps(secret))
        standin.post("phone-calls", {"externalId": CONTACT_ID})
        return variables

    return prepare


WAYS = ("basic", "token", "certificate", "oauth")


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_sign_in(standin, signed_in, handle, way):
    variables = signed_in(way)
    assert [handle(**variables)["outcome"] for _unused in range(2)] == ["written", "unchanged"]
    assert transcripts(standin) == [SUMMARY]
    paths = [entry["path"] for entry in standin.get("journal")]
    # A token serves a whole container.
    assert len([path for path in paths if "token" in path]) == (1 if way in ("token", "oauth") else 0)


@pytest.mark.parametrize("way", WAYS)
def test_a_way_that_sap_has_closed_is_a_final_error(standin, signed_in, handle, way):
    variables = signed_in(way)
    standin.post("sign_in", {"accepted": []})
    with pytest.raises(errors.SapUnauthorized):
        handle(**variables)
    assert len(standin.get("journal")) == 1


@pytest.mark.parametrize("way", ["token", "oauth"])
def test_a_token_that_sap_does_not_know_any_more_is_renewed(standin, signed_in, cloud, handle, way):
    variables = signed_in(way)
    handle(**variables)
    standin.delete("tokens")
    standin.delete("journal")
    assert handle(**variables)["outcome"] == "unchanged"
    assert [entry["status"] for entry in standin.get("journal")] == [401, 200, 200]
    assert cloud.called().count("GetSecretValue") == 1


def test_a_token_is_renewed_before_its_end(standin, signed_in, handle):
    variables = signed_in("token")
    standin.post("sign_in", {"lifetime": 61})
    handle(**variables)
    standin.delete("journal")
    handle(**variables)
    standin.post("sign_in", {"lifetime": 30})
    standin.delete("tokens")
    handle(**variables)
    standin.delete("journal")
    handle(**variables)
    assert [entry["path"].rsplit("/", 1)[1] for entry in standin.get("journal")] == ["token", "phoneCalls"]


@pytest.mark.parametrize("way", ["token", "oauth"])
def test_a_token_that_sap_never_accepts_is_not_renewed_for_ever(standin, signed_in, handle, way):
    variables = signed_in(way)
    standin.post("sign_in", {"lifetime": 0})
    with pytest.raises(errors.SapUnauthorized):
        handle(**variables)
    assert [entry["status"] for entry in standin.get("journal")] == [200, 401, 200, 401]


def test_a_changed_client_secret_is_read_again(standin, signed_in, cloud, handle):
    variables = signed_in("oauth")
    right = cloud.secret
    cloud.settings(standin.base_url, password='{"client_id": "connect-client", "client_secret": "old"}')
    cloud.on_call = lambda operation: cloud.secret.update(right) if cloud.called().count(operation) == 2 else None
    assert handle(**variables)["outcome"] == "written"
    assert cloud.called().count("GetSecretValue") == 2


def test_without_the_certificate_there_is_no_connection(standin, signed_in, cloud, handle):
    signed_in("certificate")
    secret = json.loads(cloud.secret["SecretString"])
    stranger = make_certificates("technical-user")
    wrong = {**stranger, "authority": secret["authority"]}
    cloud.secret = {"SecretString": json.dumps(wrong)}
    with pytest.raises(errors.SapUnavailable):
        handle(SAP_AUTHENTICATION="certificate")


def test_a_server_of_another_authority_is_not_trusted(standin, signed_in, cloud, handle):
    signed_in("certificate")
    secret = json.loads(cloud.secret["SecretString"])
    del secret["authority"]
    cloud.secret = {"SecretString": json.dumps(secret)}
    with pytest.raises(errors.SapUnavailable, match="trusted"):
        handle(SAP_AUTHENTICATION="certificate")
    assert standin.get("journal") == []


@pytest.mark.parametrize("mode", ["append", "replace", "only_if_empty"])
def test_whatever_goes_wrong_each_summary_arrives_once(standin, cloud, handle, monkeypatch, mode):
    """A third of all requests fails, in every way; each contact's event comes until it is done, and once more."""
    monkeypatch.setattr(deadline, "sleep", lambda seconds: None)
    for number in range(40):
        standin.post("phone-calls", {"externalId": CONTACT_ID.replace("0f1e2d3c", f"{number:08x}")})
    kinds = ["429", "500", "502", "503", "504", "reset", "412"]
    standin.post("random_faults", {"share": 0.35, "kinds": kinds, "seed": 7})
    for number in range(40):
        contact = CONTACT_ID.replace("0f1e2d3c", f"{number:08x}")
        cloud.contacts[contact] = {**cloud.contacts[CONTACT_ID], "Id": contact}
        cloud.analysis(make_document(f"Summary {number}."), prefix=PREFIX.replace(CONTACT_ID, contact))
        event = make_event(contactArn=f"{INSTANCE_ARN}/contact/{contact}")
        done = 0
        while done < 2:
            try:
                handle(event, TRANSCRIPT_MODE=mode)
                done += 1
            except errors.RetryableError:
                pass
    assert set(standin.get("random_faults")["counts"]) == set(kinds)
    standin.delete("random_faults")
    calls = standin.get("phone-calls?history=1")
    assert [call["transcript"] for call in calls] == [f"Summary {number}." for number in range(40)]
    written = [[write for write in call["history"] if "transcript" in write["members"]] for call in calls]
    assert {len(writes) for writes in written} == {1}
