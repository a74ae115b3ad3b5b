# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
import requests

OUTPUTS = Path(__file__).parents[3] / ".local/molecule/outputs/deployment.json"
SUMMARY = "The customer asked for a spare part."
EMULATOR = os.environ.get("CONNECT_EMULATOR_URL", "")
SAP = os.environ.get("SAP_BASE_URL", "")


@pytest.fixture(scope="module")
def outputs():
    return json.loads(OUTPUTS.read_text())


def transcript_of(contact_id, *, seconds=60):
    """Return the text that SAP has for the call, as soon as it has one."""
    deadline = time.monotonic() + seconds
    while True:
        calls = requests.get(f"{SAP}/_standin/phone-calls", timeout=10).json()
        found = [call for call in calls if contact_id in json.dumps(call) and call.get("transcript")]
        if found or time.monotonic() > deadline:
            return found[0]["transcript"] if found else None
        time.sleep(0.5)


@pytest.mark.skipif("ALL_SCENARIOS" not in os.environ, reason="only a run of all scenarios can share a cloud")
def test_one_cloud_serves_all_scenarios(account):
    journal = requests.get(f"{EMULATOR}/_emulator/journal", timeout=10).json()
    scenarios_before = {f"2222{number:08d}" for number in range(1, 10)} & {entry["account"] for entry in journal}
    assert len(scenarios_before - {account}) >= 3, "every scenario started a cloud of its own: shared_state is off"


def test_outputs_are_the_three_of_the_guide_and_hold_no_secret(outputs):
    assert set(outputs) == {"AmazonConnectInstanceURL", "AmazonConnectPhoneNumber", "CloudFrontDistributionURL"}
    assert outputs["AmazonConnectInstanceURL"].startswith("http://molecule-site.my.connect.localhost:")
    assert outputs["AmazonConnectPhoneNumber"].startswith("+1")
    assert ".cloudfront.localhost:" in outputs["CloudFrontDistributionURL"]


def test_connector_is_served_and_knows_the_instance(outputs):
    proxies = {"http": os.environ["HTTP_PROXY"]}
    answer = requests.get(f"{outputs['CloudFrontDistributionURL']}/config.js", proxies=proxies, timeout=10)
    assert answer.status_code == 200
    assert outputs["AmazonConnectInstanceURL"] in answer.text


def test_origins_are_approved(client, instance, outputs):
    origins = client("connect").list_approved_origins(InstanceId=instance["Id"])["Origins"]
    assert set(origins) == {outputs["CloudFrontDistributionURL"], SAP}


def test_summary_of_a_call_comes_to_sap(account, region, instance, outputs):
    call = {
        "account": account,
        "region": region,
        "instance": instance["Id"],
        "dialled_number": outputs["AmazonConnectPhoneNumber"],
        "caller": "+447700900123",
        "agent": "agent",
        "channel": "VOICE",
        "duration": 60,
        "summary": SUMMARY,
        "inputs": ["1", "4711"],
    }
    answer = requests.post(f"{EMULATOR}/_emulator/calls", json=call, timeout=60)
    assert answer.ok, answer.text
    contact = answer.json()
    assert contact["attributes"].items() >= {"Channel": "VOICE", "ANI": "+447700900123", "CustomerUUID": "4711"}.items()
    assert contact["matched_rules"] == ["SAPPostCallAnalytics"]
    assert transcript_of(contact["contact_id"]) == SUMMARY
