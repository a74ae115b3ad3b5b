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

import pytest
import requests
from summary_fakes import CONTACT_ID
from summary_fakes import PASSWORD
from summary_fakes import SUMMARY
from summary_fakes import make_document
from summary_lambda import errors

ROOT = Path(__file__).resolve().parents[3]


class Standin:
    """Its control addresses."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def get(self, name: str) -> list[dict]:
        return requests.get(f"{self.base_url}/_standin/{name}", timeout=60).json()

    def post(self, name: str, document: dict | None = None) -> dict:
        answer = requests.post(f"{self.base_url}/_standin/{name}", json=document or {}, timeout=60)
        answer.raise_for_status()
        return answer.json()


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
        running.stdin.write(json.dumps({"username": "technical-user", "password": PASSWORD}) + "\n")
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
    assert [entry["status"] for entry in standin.get("journal")] == [200, 200, 200]


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
