# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terraform and our modules on one instance, in turn: neither sees a difference that is not there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients import BIN
from tests.clients import ROOT
from tests.clients import run_ansible

from .tool import differences
from .tool import write_imports

STEPS = "Terraform steps"
ADDRESSES = {
    "instance": "aws_connect_instance.main",
    "storage_config": "aws_connect_instance_storage_config.recordings",
    "hours_of_operation": "aws_connect_hours_of_operation.office",
    "phone_number": "aws_connect_phone_number.main",
    "contact_flow": "aws_connect_contact_flow.main",
    "queue": "aws_connect_queue.sales",
    "routing_profile": "aws_connect_routing_profile.sales",
    "security_profile": "aws_connect_security_profile.agent",
    "user": "aws_connect_user.agent",
}
# One property of each object: how the playbook names its change, and how Terraform and the module call it.
CHANGES = {
    "instance": ("contact_flow_logs", False),
    "storage_config": ("bucket_prefix", "calls"),
    "hours_of_operation": ("time_zone", "Europe/London"),
    "phone_number": ("phone_number_stage", "changed"),
    "contact_flow": ("greeting", "Good morning"),
    "queue": ("max_contacts", 20),
    "routing_profile": ("chats", 3),
    "security_profile": ("permission", "MyContacts.View"),
    "user": ("last_name", "Agente"),
}
IN_TERRAFORM = {
    "instance": {"contact_flow_logs_enabled"},
    "storage_config": {"storage_config.s3_config.bucket_prefix"},
    "hours_of_operation": {"time_zone"},
    "phone_number": {"tags", "tags_all"},
    "contact_flow": {"content"},
    "queue": {"max_contacts"},
    "routing_profile": {"media_concurrencies.concurrency"},
    "security_profile": {"permissions"},
    "user": {"identity_info.last_name"},
}
IN_MODULES = {
    "instance": {"attributes.CONTACTFLOW_LOGS"},
    "storage_config": {"s3.bucket_prefix"},
    "hours_of_operation": {"time_zone"},
    "phone_number": {"tags"},
    "contact_flow": {"content.Actions.Parameters.Text"},
    "queue": {"max_contacts"},
    "routing_profile": {"media_concurrencies.concurrency"},
    "security_profile": {"permissions"},
    "user": {"identity_info.last_name"},
}

Playbook = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def playbook(account: dict[str, str], inputs: dict[str, Any], tmp_path: Path) -> Playbook:
    """Return a function that runs the playbook beside the shared configuration and returns what each module said."""
    environment = {
        "PATH": f"{BIN}:{os.defpath}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        **account,
    }

    def run(*options: str, **variables: Any) -> dict[str, dict[str, Any]]:
        results = tmp_path / "results.json"
        results.unlink(missing_ok=True)
        given = tmp_path / "variables.json"
        given.write_text(json.dumps({**inputs, **variables, "results_file": str(results)}))
        playbook = Path(__file__).parent / "shared" / "playbook.yml"
        done = run_ansible(
            "--diff", f"--extra-vars=@{given}", *options, str(playbook), environment=environment, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout
        return json.loads(results.read_text())

    return run


@pytest.mark.full
def test_terraform_first(terraform, playbook, inputs, exercised):
    """Terraform makes everything; our modules see nothing to do, change one property each, Terraform takes it back."""
    shared = terraform("shared", alias="terraform-first", **inputs)
    shared.create()
    assert changed(playbook(alias="terraform-first")) == set()
    assert changed(playbook("--check", alias="terraform-first")) == set()
    assert shared.plan().actions == {}

    changes = dict(CHANGES.values())
    assert changed(playbook(alias="terraform-first", changes=changes)) == set(ADDRESSES)
    plan = shared.plan()
    assert plan.actions == dict.fromkeys(ADDRESSES.values(), ["update"])
    assert {kind: set(plan.changed_properties(address)) for kind, address in ADDRESSES.items()} == IN_TERRAFORM
    shared.apply()
    said = playbook("--check", alias="terraform-first", changes=changes)
    assert changed(said) == set(ADDRESSES)
    assert {kind: properties_in_diff(said[kind]) for kind in ADDRESSES} == IN_MODULES
    assert changed(playbook("--check", alias="terraform-first")) == set()
    shared.destroy()
    for address in ADDRESSES.values():
        exercised.add(STEPS, f"in turn with our modules: {address}")


@pytest.mark.full
def test_modules_first(terraform, playbook, inputs, exercised):
    """What our modules make Terraform takes over by an import, with nothing to plan."""
    said = playbook(alias="modules-first")
    assert changed(said) == set(ADDRESSES)
    assert changed(playbook("--check", alias="modules-first")) == set()
    shared = terraform("shared", alias="modules-first", **inputs)
    instance = said["instance"]["instance"]["id"]
    ids = {kind: f"{instance}:{said[kind][kind]['id']}" for kind in ADDRESSES}
    ids |= {
        "instance": instance,
        "storage_config": f"{ids['storage_config']}:CALL_RECORDINGS",
        "phone_number": said["phone_number"]["phone_number"]["id"],
    }
    write_imports(shared.folder / "imports.tf", {ADDRESSES[kind]: name for kind, name in ids.items()})
    plan = shared.plan(unread=False)
    assert plan.imported == set(ADDRESSES.values())
    assert plan.actions == {}
    shared.apply()
    assert shared.plan(unread=False).actions == {}
    assert changed(playbook("--check", alias="modules-first")) == set()
    shared.destroy(unread=False)
    for address in ADDRESSES.values():
        exercised.add(STEPS, f"take over from our modules: {address}")


def changed(said: dict[str, dict[str, Any]]) -> set[str]:
    """Return the names of the objects that changed."""
    return {kind for kind, result in said.items() if result["changed"]}


def properties_in_diff(result: dict[str, Any]) -> set[str]:
    """Return the paths of the properties that a module's diff shows."""
    return set(differences(result["diff"]["before"], result["diff"]["after"]))
