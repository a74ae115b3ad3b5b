# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the READMEs run as they are written.

A fenced block has a comment above it: `<!-- test: local -->`, or `<!-- test: none, <why> -->`.
Blocks of commands run on the deployed site, in a folder that looks like a checkout whose local cloud is up.
The roles' plays run in the account and Region that they name.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.clients import ROOT

from .deployments import Fleet
from .site import Site

READMES = [ROOT / "README.md", *sorted(ROOT.glob("roles/*/README.md"))]
# The order in which one role's example makes what the next one's names
ROLES = ["connect_instance", "contact_lens", "summary_lambda", "eventbridge", "cti_hosting"]
EXAMPLE_ACCOUNT = "111122223333"
_BLOCK = re.compile(
    r"^(?:<!-- test: (?P<marker>.+?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a README with the marker above it (None without one)."""

    readme: Path
    number: int
    marker: str | None
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.readme.relative_to(ROOT)}-{self.number}"


def blocks_of(readme: Path) -> list[Block]:
    return [
        Block(readme, number, found["marker"], found["language"], found["text"])
        for number, found in enumerate(_BLOCK.finditer(readme.read_text()), start=1)
    ]


BLOCKS = [block for readme in READMES for block in blocks_of(readme)]
COMMANDS = [block for block in BLOCKS if block.marker == "local" and block.language == "console"]
PLAYS = [block for block in BLOCKS if block.marker == "local" and block.language == "yaml"]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_block_runs_or_says_why_not(block):
    assert block.marker, "The block has no marker above it"
    if block.marker != "local":
        assert re.fullmatch(r"none, \w.{10,}", block.marker), "The marker does not say why the block is not run"
    else:
        assert block in COMMANDS + PLAYS, f"Nothing runs a block of {block.language}"


def test_the_readme_has_commands_and_every_role_has_one_play():
    assert {block.readme for block in COMMANDS} == {ROOT / "README.md"}
    assert sorted(block.readme.parent.name for block in PLAYS) == sorted(ROLES)
    assert sorted(ROLES) == sorted(path.name for path in (ROOT / "roles").iterdir())


@pytest.fixture(scope="module")
def checkout(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a checkout after `make local`, with the test's site in `.local`."""
    folder = tmp_path_factory.mktemp("checkout")
    local = folder / ".local"
    local.mkdir()
    shutil.copytree(ROOT / "inventories", folder / "inventories")
    shutil.copy(ROOT / "ansible.cfg", folder)
    for name in (".venv", "playbooks", "roles", "files"):
        (folder / name).symlink_to(ROOT / name)
    (local / "collections").symlink_to(ROOT / ".local" / "collections")
    shutil.copytree(site.outputs_directory, local / "outputs")
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in site.keys.items()]
    (local / "endpoints.env").write_text("".join(lines))
    return folder


@pytest.mark.full
@pytest.mark.parametrize("block", COMMANDS, ids=str)
def test_commands_run(site, checkout, block):
    environment = {
        "PATH": os.defpath,
        "HOME": str(site.home),
        "LANG": "C.UTF-8",
        "AWS_PAGER": "",
        "ANSIBLE_NOCOLOR": "1",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()
    assert not [name for name, secret in site.secrets().items() if secret in done.stdout + done.stderr]
    # "Run the playbook again and nothing changes"
    runs = block.text.count("ansible-playbook ")
    assert re.findall(r"^\S+ +: ok=\d+ +changed=(\d+)", done.stdout, re.MULTILINE) == ["0"] * runs


@pytest.mark.full
def test_plays_of_the_roles_run(cloud, tmp_path):
    fleet = Fleet(cloud, tmp_path)
    plays = {block.readme.parent.name: yaml.safe_load(block.text) for block in PLAYS}
    playbook = tmp_path / "examples.yml"
    playbook.write_text(yaml.safe_dump([play for role in ROLES for play in plays[role]], sort_keys=False))
    run = fleet.run(playbook, {}, **cloud.account(EXAMPLE_ACCOUNT))
    assert (run.status, run.failures) == (0, {}), run.output
    assert run.changed["localhost"] > 0
    for play in plays.values():
        (task,) = play[0]["tasks"]
        assert f"TASK [{task['ansible.builtin.import_role']['name']} : " in run.output
