# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One module_defaults entry, group/amazon_connect.sap.aws, reaches every AWS module that the collection uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ansible_collections.amazon.aws
import pytest
import yaml

from tests.clients import ROOT

from .deployments import Fleet

OURS = "amazon_connect.sap"
COLLECTIONS = Path(ansible_collections.amazon.aws.__path__[0]).parents[1]
ACCOUNT = "444400000003"
UNREACHABLE = "http://127.0.0.1:1"
ASK = {
    "amazon_connect.sap.connect_instance_info": {},
    "amazon.aws.aws_caller_info": {},
    "community.aws.sns_topic_info": {},
}


def group_members(group: str) -> set[str]:
    """Return the full names of the modules of an action group (collection.group), of the groups it extends too."""
    namespace, name, group_name = group.split(".")
    folder = ROOT if f"{namespace}.{name}" == OURS else COLLECTIONS / namespace / name
    entries = yaml.safe_load((folder / "meta" / "runtime.yml").read_text())["action_groups"][group_name]
    members = {f"{namespace}.{name}.{entry}" for entry in entries if isinstance(entry, str)}
    for entry in entries:
        if isinstance(entry, dict):
            members |= {member for other in entry["metadata"]["extend_group"] for member in group_members(other)}
    return members


def modules_in(tasks: Any) -> Iterator[str]:
    """Yield the modules of AWS collections in a list of tasks or plays, blocks included."""
    if isinstance(tasks, list):
        for task in tasks:
            yield from modules_in(task)
    elif isinstance(tasks, dict):
        for key, value in tasks.items():
            if key.startswith(("amazon.aws.", "community.aws.", f"{OURS}.")):
                yield key
            elif key in ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks", "handlers"):
                yield from modules_in(value)


def test_every_aws_module_of_roles_and_playbooks_is_in_the_group():
    files = [*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("roles/*/handlers/*.yml"), *ROOT.glob("playbooks/**/*.yml")]
    used = {module: path for path in files for module in modules_in(yaml.safe_load(path.read_text()))}
    assert {module.rpartition(".")[0] for module in used} == {OURS, "amazon.aws", "community.aws"}
    members = group_members(f"{OURS}.aws")
    assert {module: str(path.relative_to(ROOT)) for module, path in used.items() if module not in members} == {}


def test_the_group_has_every_module_of_the_collection():
    modules = {f"{OURS}.{path.stem}" for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert {member for member in group_members(f"{OURS}.aws") if member.startswith(OURS)} == modules


@pytest.fixture(scope="module")
def answers(cloud, tmp_path_factory) -> dict[str, dict[str, dict[str, Any]]]:
    """What a module of each collection answers with the group's defaults of a host, which are all it has to go by."""
    fleet = Fleet(cloud, tmp_path_factory.mktemp("group"))
    keys = cloud.account(ACCOUNT)
    right = {
        "endpoint_url": keys["AWS_ENDPOINT_URL"],
        "region": keys["AWS_REGION"],
        "access_key": keys["AWS_ACCESS_KEY_ID"],
        "secret_key": keys["AWS_SECRET_ACCESS_KEY"],
    }
    hosts = {
        "right": right,
        "other-endpoint": {**right, "endpoint_url": UNREACHABLE},
        "other-secret": {**right, "secret_key": "x" * 40},
    }
    ask = [
        {"name": f"Ask {module}", module: options, "register": f"answer_{number}", "ignore_errors": True}
        for number, (module, options) in enumerate(ASK.items())
    ]
    results = "{{ " + f"[{', '.join(f'answer_{number}' for number in range(len(ASK)))}]" + " | to_json }}"
    keep = {"name": "Keep the answers", "ansible.builtin.copy": {"dest": "{{ answers }}", "content": results}}
    play = {
        "name": "Ask one module of each collection",
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": {f"group/{OURS}.aws": {name: f"{{{{ {name} }}}}" for name in right}},
        "tasks": [*ask, keep],
    }
    playbook = fleet.home / "group.yml"
    playbook.write_text(yaml.safe_dump([play], sort_keys=False))
    files = {name: fleet.home / f"{name}.json" for name in hosts}
    run = fleet.run(playbook, {name: {**values, "answers": str(files[name])} for name, values in hosts.items()})
    assert run.status == 0, run.output
    return {name: dict(zip(ASK, json.loads(file.read_text()), strict=True)) for name, file in files.items()}


@pytest.mark.parametrize("module", ASK)
def test_group_defaults_reach_each_collection(answers, module):
    right, elsewhere, stranger = (answers[name][module] for name in ("right", "other-endpoint", "other-secret"))
    assert not right["failed"], right
    assert UNREACHABLE in elsewhere["msg"]
    assert stranger["failed"] and UNREACHABLE not in stranger["msg"]


def test_credentials_of_the_group_decide_who_asks(answers):
    assert answers["right"]["amazon.aws.aws_caller_info"]["account"] == ACCOUNT
