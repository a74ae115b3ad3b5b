# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The built artifact holds what a user needs, and nothing else; it installs without Galaxy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

UNWANTED = (
    "tests/",
    ".venv",
    "node_modules",
    ".local",
    ".git",
    ".ci",
    ".cache",
    "__pycache__",
    "extensions/",
    "Makefile",
)
NEEDED = (
    "LICENSE",
    "README.md",
    "meta/runtime.yml",
    "playbooks/site.yml",
    "playbooks/teardown.yml",
    "plugins/modules/connect_instance.py",
    "plugins/module_utils/_connect/reconcile.py",
    "roles/connect_instance/meta/argument_specs.yml",
    "roles/contact_lens/tasks/main.yml",
    "roles/summary_lambda/tasks/main.yml",
    "roles/eventbridge/tasks/main.yml",
    "roles/cti_hosting/tasks/main.yml",
    "files/summary_lambda/dist/function.zip",
    "files/summary_lambda/dist/layer.zip",
    "files/cti_connector/dist/index.html",
    "files/cti_connector/dist/manifest.json",
    "inventories/example/hosts.yml",
)


# What whoever builds may have put into the checkout, and would not publish.
PRIVATE = (
    ".env",
    ".vault_password",
    "inventories/example/group_vars/all/vault.yml",
    "inventories/example/host_vars/britain/vault.yaml",
    "inventories/ours/host_vars/ours.yml",
    "outputs/britain.json",
)


def build(checkout: Path, folder: Path) -> Path:
    command = [BIN / "ansible-galaxy", "collection", "build", "--output-path", folder, checkout]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    (built,) = folder.glob("amazon_connect-sap-*.tar.gz")
    return built


def names_in(archive: Path) -> list[str]:
    with tarfile.open(archive) as opened:
        return opened.getnames()


@pytest.fixture(scope="module")
def artifact(tmp_path_factory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def names(artifact) -> list[str]:
    return names_in(artifact)


@pytest.mark.parametrize("name", NEEDED)
def test_artifact_holds(names, name):
    assert name in names


@pytest.mark.parametrize("part", UNWANTED)
def test_artifact_leaves_out(names, part):
    assert [name for name in names if name.startswith(part) or f"/{part}" in name] == []


def test_artifact_leaves_out_secrets_and_outputs(tmp_path):
    checkout = tmp_path / "checkout"
    for name in (*PRIVATE, "inventories/example/hosts.yml", "inventories/example/group_vars/all/vault.example.yml"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("private\n")
    for name in ("galaxy.yml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, checkout)
    built = names_in(build(checkout, tmp_path))
    assert [name for name in built if name in PRIVATE] == []
    assert {"inventories/example/hosts.yml", "inventories/example/group_vars/all/vault.example.yml"} <= set(built)


def test_artifact_names_only_files_that_its_manifest_lists(artifact, names):
    with tarfile.open(artifact) as archive:
        listed = json.load(archive.extractfile("FILES.json"))["files"]
    assert {entry["name"] for entry in listed} - {"."} == set(names) - {"MANIFEST.json", "FILES.json"}


def test_artifact_installs_without_galaxy_and_shows_its_modules(artifact, tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    install = [BIN / "ansible-galaxy", "collection", "install", "--no-deps", "--offline", "-p", tmp_path, artifact]
    subprocess.run(install, check=True, capture_output=True, cwd=tmp_path, env=environment)
    listed = subprocess.run(
        [BIN / "ansible-doc", "--list", "--type", "module", "--json", "amazon_connect.sap"],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env=environment,
    )
    modules = {path.stem for path in (ROOT / "plugins/modules").glob("*.py")} - {"__init__"}
    assert {name.removeprefix("amazon_connect.sap.") for name in json.loads(listed.stdout)} == modules
