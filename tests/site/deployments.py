# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many deployments in one inventory: run a playbook on all of them and read how each one ended."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.clients import BIN
from tests.clients import ROOT
from tests.clients import client_of
from tests.clients import direct_session
from tests.clients import run_ansible
from tests.local_cloud.launcher import LocalCloud

ADMIN_PASSWORD = "Adm1nistrator-Of-Many"
AGENT_PASSWORD = "Ag3nt-Of-Many"
_LINE = re.compile(
    r"^TASK \[(?:amazon_connect\.sap\.)?(?P<task>.*)\] \*+$"
    r"|^(?P<status>fatal|failed): \[(?P<host>[^\]]+)\].*?=> (?=\{)",
    re.MULTILINE,
)
_RECAP = re.compile(r"^(?P<host>\S+) +: ok=\d+ +changed=(?P<changed>\d+) .*failed=(?P<failed>\d+) ", re.MULTILINE)


@dataclass(frozen=True)
class Failure:
    """The task that failed and what it said: the messages of its items when it loops, otherwise its own."""

    task: str
    messages: tuple[str, ...]
    result: dict[str, Any]


@dataclass(frozen=True)
class FleetRun:
    """An ended run. ``failures`` holds the hosts that failed, ``changed`` the number of changes of every host."""

    status: int
    output: str
    failures: dict[str, Failure]
    changed: dict[str, int]


class Fleet:
    """Deployments that share a cloud, each with an account and a profile of its own.

    :param collection: where playbooks and roles are; a checkout or an installed collection
    """

    def __init__(self, cloud: LocalCloud, home: Path, collection: Path = ROOT) -> None:
        self.cloud = cloud
        self.home = home
        self.collection = collection
        self._environment = cloud.environment()
        self._profiles: dict[str, dict[str, str]] = {}
        self._http = direct_session()
        self.environment = {
            "PATH": f"{BIN}:{os.defpath}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "none"),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "4",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            **{name: value for name, value in self._environment.items() if not name.startswith("AWS_")},
        }
        if collection != ROOT:
            self.environment["ANSIBLE_COLLECTIONS_PATH"] = str(collection.parents[2])

    def profile(self, name: str, keys: dict[str, str], endpoint_url: str | None = None) -> str:
        """Remember credentials, and where they are good, as an AWS profile; return its name."""
        self._profiles[name] = {**keys, "AWS_ENDPOINT_URL": endpoint_url or self._environment["AWS_ENDPOINT_URL"]}
        text = "".join(
            f"[profile {profile}]\naws_access_key_id = {values['AWS_ACCESS_KEY_ID']}\n"
            f"aws_secret_access_key = {values['AWS_SECRET_ACCESS_KEY']}\n"
            f"endpoint_url = {values['AWS_ENDPOINT_URL']}\n"
            for profile, values in self._profiles.items()
        )
        (self.home / "config").write_text(text)
        return name

    def deployment(self, account: str, **changes: Any) -> dict[str, Any]:
        """Return the variables of a deployment that is right in every way, but for these changes."""
        if account not in self._profiles:
            self.profile(account, self.cloud.account(account))
        edge_port = self._environment["EDGE_PORT"]
        variables = {
            "site_account_id": account,
            "site_aws_profile": account,
            "site_region": "eu-west-2",
            "site_environment": "poc",
            "site_instance_alias": f"fleet-{account}",
            "site_sap_base_url": self._environment["SAP_BASE_URL"],
            "site_sap_username": self._environment["SAP_USERNAME"],
            "site_sap_password": self._environment["SAP_PASSWORD"],
            "site_outputs_directory": str(self.home / "outputs"),
            "connect_instance_admin_password": ADMIN_PASSWORD,
            "connect_instance_agent_password": AGENT_PASSWORD,
            "cti_hosting_public_url": f"http://{{label}}.cloudfront.localhost:{edge_port}",
            **changes,
        }
        return {name: value for name, value in variables.items() if value is not None}

    def site(self, hosts: dict[str, dict[str, Any]], *arguments: str, **environment: str) -> FleetRun:
        """Run site.yml."""
        return self.run(self.collection / "playbooks" / "site.yml", hosts, *arguments, **environment)

    def run(self, playbook: Path, hosts: dict[str, dict[str, Any]], *arguments: str, **environment: str) -> FleetRun:
        """Run a playbook on these hosts (name -> variables)."""
        common = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        inventory = self.home / "inventory.yml"
        inventory.write_text(yaml.safe_dump({"all": {"vars": common, "hosts": hosts}}))
        everything = {**self.environment, **environment}
        done = run_ansible(f"--inventory={inventory}", *arguments, str(playbook), environment=everything, cwd=self.home)
        return read_run(done.returncode, done.stdout)

    # The cloud

    def client(self, service: str, account: str) -> Any:
        """Return a boto3 client of an account's administrator."""
        return client_of(self.cloud.account(account), service)

    def user(self, account: str, name: str, *statements: dict[str, Any]) -> dict[str, str]:
        """Make an IAM user with these policy statements and return its keys."""
        iam = self.client("iam", account)
        iam.create_user(UserName=name)
        if statements:
            document = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def control(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Send a control request to the Amazon Connect emulator."""
        address = f"{self._environment['CONNECT_EMULATOR_URL']}/_emulator/{path}"
        answer = self._http.request(method, address, json=body, params=query, timeout=30)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def fault(self, account: str, operation: str, error: str, **details: Any) -> None:
        """Let an operation of Amazon Connect fail in this account (README of the emulator)."""
        self.control("POST", "faults", {"account": account, "operation": operation, "error": error, **details})

    def secrets(self) -> set[str]:
        """Return everything that nobody may find in the output of a run."""
        keys = {pair["AWS_SECRET_ACCESS_KEY"] for pair in self._profiles.values()}
        return {ADMIN_PASSWORD, AGENT_PASSWORD, self._environment["SAP_PASSWORD"], *keys}


def read_run(status: int, output: str) -> FleetRun:
    """Read the output of ansible-playbook for many hosts."""
    task, failures = "", {}
    for found in _LINE.finditer(output):
        if found["task"]:
            task = found["task"]
            continue
        # With -vvv a result takes many lines
        result, _end = json.JSONDecoder().raw_decode(output, found.end())
        host, before = found["host"], failures.get(found["host"])
        # A loop fails item by item, and then says once more that it failed
        if before is None:
            failures[host] = Failure(task, (result["msg"],), result)
        elif found["status"] == "failed":
            failures[host] = Failure(task, (*before.messages, result["msg"]), result)
    recap = {found["host"]: int(found["changed"]) for found in _RECAP.finditer(output)}
    return FleetRun(status, output, failures, recap)
