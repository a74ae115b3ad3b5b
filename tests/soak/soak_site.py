# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site of a soak, and the controls of its local cloud: faults, schedules, simulated time."""

from __future__ import annotations

import json
import time
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from tests.clients import ROOT
from tests.clients import run_ansible
from tests.local_cloud.launcher import LocalCloud
from tests.site.site import ALIAS
from tests.site.site import DEAD_LETTERS
from tests.site.site import Run
from tests.site.site import Site
from tests.site.site import parse_run

from .contacts import CONSENT_FLOW
from .contacts import MAIN_FLOW
from .contacts import SILENT_FLOW
from .log_scan import events_of

ACCOUNT = "444400000001"
PHONE_CALLS = "/sap/c4c/api/v1/phone-service/phoneCalls"
SAP_KINDS = ("429", "500", "502", "503", "reset", "timeout", "412")
# Longer than the function waits for SAP, which is what its own time-out leaves
SAP_SILENCE = 12
_TEMPLATE = "main_flow.json.j2"
VARIABLES: dict[str, Any] = {
    "site_triggers": ["post_call", "post_chat", "analysis_failed"],
    "connect_instance_contact_flows": [
        {"name": MAIN_FLOW, "template": _TEMPLATE},
        {"name": CONSENT_FLOW, "template": _TEMPLATE, "settings": {"recording_consent": "opt_in"}},
        {"name": SILENT_FLOW, "template": _TEMPLATE, "settings": {"summary_enabled": False}},
    ],
    # Files cannot be made older here, so the function has to take each for one that is through
    "summary_lambda_settle_minutes": 0,
    "summary_lambda_timeout": 10,
    "summary_lambda_redrive_rate": 20,
}


class SoakSite(Site):
    """What a soak needs of a site."""

    def __init__(self, cloud: LocalCloud, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        super().__init__(cloud, ACCOUNT, home)
        self.cloud_home = cloud.home

    def deploy(self) -> Run:
        """Run the roles that summaries need; again, when they are there already, with nothing to do."""
        variables = self.home / "variables.json"
        variables.write_text(json.dumps(VARIABLES))
        done = run_ansible(
            f"--inventory={ROOT / 'inventories/local'}",
            f"--extra-vars=@{variables}",
            str(Path(__file__).parent / "deploy.yml"),
            environment=self.environment,
            cwd=ROOT,
        )
        return parse_run(done.returncode, done.stdout)

    def number(self) -> str:
        """Return the phone number that was claimed."""
        (claimed,) = self.client("connect").list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]
        return claimed["PhoneNumber"]

    # Contacts

    def place(self, session: requests.Session, members: dict[str, Any]) -> dict[str, Any]:
        """Let a contact happen; return what became of it."""
        body = {"account": self.account, "region": self.region, "instance": ALIAS, **members}
        answer = session.post(f"{self.keys['CONNECT_EMULATOR_URL']}/_emulator/calls", json=body, timeout=120)
        if answer.status_code != 200:
            raise AssertionError(f"The contact could not be placed: {answer.text}")
        return answer.json()

    def write_own_text(self, session: requests.Session, call_id: str, text: str) -> None:
        """Write into the phone call as its agent does, however often SAP fails meanwhile.

        SAP may fail for so long that the summary is there before: the agent then writes above it.
        """
        address = f"{self.keys['SAP_BASE_URL']}{PHONE_CALLS}/{call_id}"
        sign_in = (self.keys["SAP_USERNAME"], self.keys["SAP_PASSWORD"])
        for _unused in range(50):
            try:
                record = session.get(address, auth=sign_in, timeout=SAP_SILENCE + 20).json()["value"]
                present = record.get("transcript") or ""
                if text in present:
                    return
                session.patch(
                    address,
                    auth=sign_in,
                    headers={"If-Match": record["adminData"]["updatedOn"]},
                    json={"transcript": f"{text}\n\n{present}" if present else text},
                    timeout=SAP_SILENCE + 20,
                )
            except (requests.RequestException, ValueError, KeyError):
                continue
        raise AssertionError("The agent could not write into the phone call")

    # Faults

    def lose_events(self, share: float) -> None:
        self._post("CONNECT_EMULATOR_URL", "_emulator/settings", {"lost_events": {"share": share, "seed": 7}})

    def let_sap_fail(self, share: float, kinds: tuple[str, ...] = SAP_KINDS, seed: int = 1) -> None:
        faults = {"share": share, "kinds": list(kinds), "seed": seed, "delay": SAP_SILENCE}
        self._post("SAP_BASE_URL", "_standin/random_faults", faults)

    def heal_sap(self) -> dict[str, Any]:
        """End the faults of SAP; return what there was since they began."""
        address = f"{self.keys['SAP_BASE_URL']}/_standin/random_faults"
        answer = self.http.delete(address, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def kill_functions(
        self, share: float, kinds: tuple[str, ...] = ("kill", "timeout"), seed: int = 3
    ) -> dict[str, int]:
        """Let functions be killed from now on; return how many were since the last call of this."""
        found = self._get(f"{self.keys['AWS_ENDPOINT_URL']}/_front/function_faults")
        faults = {"share": share, "kinds": list(kinds), "seed": seed} if share else None
        self._post("AWS_ENDPOINT_URL", "_front/settings", {"function_faults": faults})
        return found

    # Time

    def wait_until_idle(self, seconds: float = 600) -> None:
        """Wait until no asynchronous invocation runs or waits for its next attempt."""
        deadline = time.monotonic() + seconds
        while self._get(f"{self.keys['AWS_ENDPOINT_URL']}/_front/asynchronous", account=self.account)["pending"]:
            if time.monotonic() > deadline:
                raise AssertionError("The invocations do not end")
            time.sleep(0.2)

    def pass_time(self, seconds: int) -> list[dict[str, Any]]:
        """Let simulated time pass; return which schedules fired."""
        body = {"account": self.account, "region": self.region, "advance": seconds}
        return self._post("AWS_ENDPOINT_URL", "_front/schedules", body, seconds=1200)["fired"]

    def fire_schedules(self) -> list[dict[str, Any]]:
        body = {"account": self.account, "region": self.region}
        return self._post("AWS_ENDPOINT_URL", "_front/schedules", body, seconds=1200)["fired"]

    def evaluate_alarms(self) -> set[str]:
        """Let the alarms look at their metrics; return the names of those that are in ALARM."""
        body = {"account": self.account, "region": self.region}
        alarms = self._post("AWS_ENDPOINT_URL", "_front/alarms", body)["alarms"]
        return {alarm["name"] for alarm in alarms if alarm["state"] == "ALARM"}

    # What there is

    def invocations(self) -> list[dict[str, Any]]:
        """Return the asynchronous invocations with how often they were tried and how they ended."""
        return self._get(f"{self.keys['AWS_ENDPOINT_URL']}/_front/asynchronous", account=self.account)["events"]

    def dead_letters(self) -> int:
        sqs = self.client("sqs")
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        url = sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def phone_calls(self) -> dict[str, dict[str, Any]]:
        """Return SAP's records with the history of their writes, by the contact's id."""
        records = self._get(f"{self.keys['SAP_BASE_URL']}/_standin/phone-calls", history="1")
        return {record["externalId"]["displayId"]: record for record in records}

    def lines_of(self, function: str) -> list[dict[str, Any]]:
        """Return the lines that a function wrote."""
        lines = []
        for event in events_of(self.client("logs"), f"/aws/lambda/{function}"):
            try:
                line = json.loads(event["message"])
            except ValueError:
                continue
            if isinstance(line, dict):
                lines.append(line)
        return lines

    def journals(self) -> dict[str, list[dict[str, Any]]]:
        """Return the journals of the local cloud."""
        return {
            "journal of Amazon Connect": self.connect_requests(),
            "journal of the front": self._get(f"{self.keys['AWS_ENDPOINT_URL']}/_front/journal", account=self.account),
            "journal of SAP": self._get(f"{self.keys['SAP_BASE_URL']}/_standin/journal"),
        }

    def _post(self, base: str, path: str, body: Any, *, seconds: float = 60) -> Any:
        answer = self.http.post(f"{self.keys[base]}/{path}", json=body, timeout=seconds)
        assert answer.status_code < 300, answer.text
        return answer.json()


def utc_now() -> datetime:
    return datetime.now(UTC)
