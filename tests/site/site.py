# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site on a running local cloud, with the tools of those who look at it: AWS CLI, boto3, playbooks, calls, SAP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.clients import BIN
from tests.clients import ROOT
from tests.clients import client_of
from tests.clients import direct_session
from tests.clients import run_ansible
from tests.local_cloud.launcher import LocalCloud

ALIAS = "sap-connect-poc"
FUNCTION = "poc-lambda-process-contact-lens-event"
MAINTENANCE = "poc-lambda-summary-maintenance"
DEAD_LETTERS = "poc-summary-dead-letters"
CURSOR = "/SAP-C4C-connect-poc/poc/reconcile-cursor"
LOG_GROUP = f"/aws/lambda/{FUNCTION}"
EVENT_RULE = "Connect-poc-CL-eventbridge-rule"
CALLER = "+447700900123"
SUMMARY = "The customer asked when the ordered pump arrives; the agent promised Tuesday."
_TASK = re.compile(r"^TASK \[(?:amazon_connect\.sap\.)?(.*)\] \*+$")
_RESULT = re.compile(r"^(ok|changed|skipping|failed|fatal): \[[^\]]+\](?:.*?=> \(item=(.*)\))?")
_RECAP = re.compile(r"^\S+\s+: (ok=.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """What one task said, of one item when it loops."""

    task: str
    status: str
    item: str | None


@dataclass(frozen=True)
class Run:
    """An ended run of a playbook; ``recap`` counts by word (ok, changed, failed, ...)."""

    status: int
    output: str
    recap: dict[str, int]
    results: list[Result] = field(repr=False)

    def changes(self) -> list[tuple[str, str | None]]:
        """Return (task, item) of everything that changed, or would."""
        return [(result.task, result.item) for result in self.results if result.status == "changed"]


class Site:
    """The site of one account. ``environment`` is what a shell has after sourcing the endpoints and an account."""

    def __init__(self, cloud: LocalCloud, account: str, home: Path) -> None:
        self.account = account
        self.home = home
        self.outputs_directory = home / "outputs"
        self.keys = cloud.account(account)
        self.region = self.keys["AWS_REGION"]
        self.environment = {
            "PATH": f"{BIN}:{os.defpath}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            **self.keys,
        }
        self.http = direct_session()

    # Tools

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a boto3 client of the account's administrator."""
        return client_of(self.keys, service, region)

    def aws(self, *words: str, **options: Any) -> Any:
        """Run AWS CLI and return what it prints: the JSON document, or the text when it is none.

        Options are written with underscores; lists and dictionaries are handed over as JSON, True as a bare flag.
        """
        command = [str(BIN / "aws"), *words]
        for name, value in options.items():
            option = f"--{name.replace('_', '-')}"
            text = value if isinstance(value, str) else json.dumps(value)
            command += [option] if value is True else [option, text]
        done = subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"aws {' '.join(words)}: {done.stderr}"
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout

    def connect(self, operation: str, **options: Any) -> Any:
        """Run ``aws connect`` on the site's instance."""
        return self.aws("connect", operation, instance_id=self.instance_id, **options)

    def playbook(self, *arguments: str, name: str = "site.yml") -> Run:
        """Run a playbook of the collection on the local inventory."""
        done = run_ansible(
            f"--inventory={ROOT / 'inventories/local'}",
            f"--extra-vars=site_outputs_directory={self.outputs_directory}",
            *arguments,
            str(ROOT / "playbooks" / name),
            environment=self.environment,
            cwd=ROOT,
        )
        return parse_run(done.returncode, done.stdout)

    def secrets(self) -> dict[str, str]:
        """Return everything that nobody may find in a log, an output or a diff."""
        names = ("SAP_PASSWORD", "AWS_SECRET_ACCESS_KEY", "CONNECT_ADMIN_PASSWORD", "CONNECT_AGENT_PASSWORD")
        return {name: self.environment[name] for name in names}

    # What the site has

    @property
    def outputs(self) -> dict[str, str]:
        return json.loads((self.outputs_directory / "local.json").read_text())

    @cached_property
    def instance_arn(self) -> str:
        (instance,) = [
            item
            for item in self.aws("connect", "list-instances")["InstanceSummaryList"]
            if item["InstanceAlias"] == ALIAS
        ]
        return instance["Arn"]

    @property
    def instance_id(self) -> str:
        return self.instance_arn.rpartition("/")[2]

    @cached_property
    def recordings_bucket(self) -> str:
        """The name that AWS CLI finds in the instance's storage configuration (guide 1.1)."""
        (config,) = self.connect("list-instance-storage-configs", resource_type="CALL_RECORDINGS")["StorageConfigs"]
        return config["S3Config"]["BucketName"]

    def keys_with(self, text: str) -> list[str]:
        """Return the keys of the recordings bucket that contain a text."""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.recordings_bucket)
        return [item["Key"] for page in pages for item in page.get("Contents", []) if text in item["Key"]]

    # Calls, SAP and logs

    def call(self, **changes: Any) -> dict[str, Any]:
        """Let a customer call the site's number; return what became of it (README of the local cloud)."""
        body = {
            "account": self.account,
            "region": self.region,
            "instance": ALIAS,
            "dialled_number": self.outputs["AmazonConnectPhoneNumber"],
            "caller": CALLER,
            "agent": "agent",
            "duration": 60,
            "summary": SUMMARY,
            **changes,
        }
        answer = self.http.post(f"{self.keys['CONNECT_EMULATOR_URL']}/_emulator/calls", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        assert answer.json()["problems"] == []
        return answer.json()

    def phone_call(self, contact_id: str) -> dict[str, Any] | None:
        """Return SAP's record of a contact."""
        records = self._get(f"{self.keys['SAP_BASE_URL']}/_standin/phone-calls")
        found = [record for record in records if record["externalId"]["displayId"] == contact_id]
        return found[0] if found else None

    def transcript(self, contact_id: str) -> str | None:
        record = self.phone_call(contact_id)
        return record and record.get("transcript")

    def written_transcript(self, contact_id: str) -> str:
        """Wait for the transcript of a contact and return it; fail with the function's log when there is none."""
        try:
            return wait_for(lambda: self.transcript(contact_id))
        except AssertionError as error:
            raise AssertionError(f"No transcript of {contact_id}. The function's log:\n{self.log_text()}") from error

    def updates(self, contact_id: str) -> list[dict[str, Any]]:
        """Return the PATCH requests that SAP got for the record of a contact."""
        record = self.phone_call(contact_id)
        assert record, f"SAP has no record of {contact_id}"
        journal = self._get(f"{self.keys['SAP_BASE_URL']}/_standin/journal")
        return [entry for entry in journal if entry["method"] == "PATCH" and record["id"] in entry["path"]]

    def log_text(self) -> str:
        """Return everything that the summary function has logged."""
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=LOG_GROUP)
        return "\n".join(event["message"].rstrip("\n") for page in pages for event in page["events"])

    def log(self, contact_id: str) -> list[dict[str, Any]]:
        """Return the function's own lines about a contact."""
        lines = [_json(line) for line in self.log_text().splitlines()]
        return [line for line in lines if line.get("contact_id") == contact_id]

    def outcomes(self, contact_id: str) -> list[str]:
        """Return how the function's invocations for a contact ended."""
        return [line["outcome"] for line in self.log(contact_id) if line["step"] == "done"]

    # Journals

    def connect_requests(self) -> list[dict[str, Any]]:
        """Return the requests to Amazon Connect in this account, oldest first."""
        address = f"{self.keys['CONNECT_EMULATOR_URL']}/_emulator/journal"
        return self._get(address, account=self.account)

    def aws_requests(self, since: float) -> list[dict[str, Any]]:
        """Return the requests to AWS in this account since a time (time.time()), Amazon Connect's included."""
        entries = self._get(f"{self.keys['AWS_ENDPOINT_URL']}/_front/journal", account=self.account)
        return [entry for entry in entries if entry["time"] >= since]

    def _get(self, address: str, **query: str) -> Any:
        answer = self.http.get(address, params=query, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()


def parse_run(status: int, output: str) -> Run:
    """Read the output of ansible-playbook for one host."""
    results, task = [], ""
    for line in output.splitlines():
        if found := _TASK.match(line):
            task = found[1]
        elif found := _RESULT.match(line):
            results.append(Result(task, found[1], found[2]))
    counted = _RECAP.findall(output)
    recap = dict(pair.split("=") for pair in counted[0].split()) if counted else {}
    return Run(status, output, {name: int(value) for name, value in recap.items()}, results)


def is_read(operation: str) -> bool:
    """Say whether an operation of Amazon Connect only reads."""
    return operation.startswith(("Describe", "List", "Search", "Get", "BatchGet"))


def by_operation(requests_made: list[dict[str, Any]]) -> str:
    """Return a table of requests to Amazon Connect by operation."""
    counted = Counter(entry["operation"] for entry in requests_made)
    return "\n".join(f"{number:4} {operation}" for operation, number in counted.most_common())


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """Return the condition's first true value; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "It did not happen in time"
        time.sleep(0.2)
    return value


def _json(line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
