# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terraform with one running AWS provider: find both on the machine, start the provider, run commands."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROVIDER = "registry.terraform.io/hashicorp/aws"
PROVIDER_VERSION = "5.100.0"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_CONFIGURED = re.compile(
    r'filesystem_mirror\s*{[^}]*?\bpath\s*=\s*"([^"]+)"|^\s*plugin_cache_dir\s*=\s*"([^"]+)"', re.DOTALL | re.MULTILINE
)
_ATTACH = re.compile(r"TF_REATTACH_PROVIDERS='(.*)'")


def find_terraform() -> str | None:
    """Return the path of Terraform, or None."""
    return shutil.which("terraform")


def find_provider() -> Path | None:
    """Return the AWS provider's program of the wanted version, or None.

    Looked for in the folder that TF_PLUGIN_MIRROR names, in the cache and the mirrors of Terraform's own configuration,
    where Terraform itself looks, and below /opt. All hold the provider unpacked, not as an archive.
    """
    machine = platform.machine().lower()
    system = f"{platform.system().lower()}_{_ARCHITECTURES.get(machine, machine)}"
    for mirror in _mirrors():
        for program in mirror.glob(f"{PROVIDER}/{PROVIDER_VERSION}/{system}/terraform-provider-aws*"):
            return program
    return None


def _mirrors() -> Iterator[Path]:
    for name in ("TF_PLUGIN_MIRROR", "TF_PLUGIN_CACHE_DIR"):
        if named := os.environ.get(name):
            yield Path(named)
    home = Path.home()
    for file in (os.environ.get("TF_CLI_CONFIG_FILE"), home / ".terraformrc"):
        if file and Path(file).is_file():
            found = _CONFIGURED.findall(Path(file).read_text())
            yield from (Path(os.path.expandvars(mirror or cache)).expanduser() for mirror, cache in found)
    yield home / ".terraform.d" / "plugins"
    data = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    for folder in (data, *(os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")):
        yield Path(folder) / "terraform" / "plugins"
    yield from sorted(Path("/opt").glob("*/"))


@contextmanager
def running_provider(
    program: Path, environment: dict[str, str], log: Path, start_timeout: float = 120, stop_timeout: float = 30
) -> Iterator[str]:
    """Run the provider for many Terraform commands; yield the value of TF_REATTACH_PROVIDERS.

    A start and the reading of the provider's schemas take more time than most commands. The provider's socket lies in a
    folder of its own with a short name, because the path of a socket may have no more than 108 bytes.

    :param start_timeout: seconds after which a provider that does not tell where it listens has failed
    :param stop_timeout: seconds after which a provider that does not end when asked is killed
    """
    with tempfile.TemporaryDirectory(prefix="tf", dir="/tmp") as sockets, log.open("w") as errors:
        process = subprocess.Popen(
            [str(program), "-debug"],
            env={**environment, "TMPDIR": sockets},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        # Reading a line cannot be limited in time; the end of the process ends it.
        limit = threading.Timer(start_timeout, process.kill)
        limit.start()
        try:
            found = next(filter(None, map(_ATTACH.search, process.stdout)), None)
            limit.cancel()
            assert found, f"The provider did not start (it has {start_timeout} s): {log.read_text()[-2000:]}"
            yield found[1]
        finally:
            limit.cancel()
            process.terminate()
            try:
                process.wait(timeout=stop_timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


@dataclass(frozen=True)
class Plan:
    """A plan, as Terraform prints it in JSON."""

    document: dict[str, Any]

    @property
    def actions(self) -> dict[str, list[str]]:
        """Actions by address of everything that changes, without what is only read."""
        return {
            item["address"]: item["change"]["actions"]
            for item in self.document.get("resource_changes", [])
            if item["mode"] == "managed" and item["change"]["actions"] != ["no-op"]
        }

    @property
    def imported(self) -> set[str]:
        """Addresses of everything that the plan imports."""
        return {item["address"] for item in self.document.get("resource_changes", []) if "importing" in item["change"]}

    def changed_properties(self, address: str) -> dict[str, tuple[Any, Any]]:
        """Return (before, after) by path of every property that the plan changes."""
        (change,) = [item["change"] for item in self.document["resource_changes"] if item["address"] == address]
        return differences(change["before"], change["after"])


def _arguments(switches: dict[str, bool]) -> list[str]:
    return [f"-var={name}={json.dumps(value)}" for name, value in switches.items()]


def differences(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    """Return (before, after) by path of the properties in which two objects of a state differ.

    The values of a property in all blocks of a kind are compared together: blocks may be a set.
    """
    old, new = flatten(before), flatten(after)
    pairs = {path: (old.get(path, []), new.get(path, [])) for path in sorted(old.keys() | new.keys())}
    return {path: pair for path, pair in pairs.items() if sorted(pair[0], key=str) != sorted(pair[1], key=str)}


def flatten(value: Any, path: str = "") -> dict[str, list[Any]]:
    """Return the values by path (``phone_config.phone_type``) of an object; a map of tags is one value."""
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        inner = [flatten(item, path) for item in value]
    elif isinstance(value, dict) and not path.startswith("tags"):
        inner = [flatten(item, f"{path}.{name}".lstrip(".")) for name, item in value.items()]
    else:
        return {} if value in (None, "", [], {}) else {path: [value]}
    flat: dict[str, list[Any]] = {}
    for part in inner:
        for key, found in part.items():
            flat.setdefault(key, []).extend(found)
    return flat


def write_imports(file: Path, ids: dict[str, str]) -> None:
    """Write an import block for every id by address."""
    blocks = [f"import {{\n  to = {address}\n  id = {json.dumps(name)}\n}}\n" for address, name in ids.items()]
    file.write_text("\n".join(blocks))


class Terraform:
    """A folder with a configuration and a state of its own. Methods take values of the configuration's switches."""

    def __init__(self, program: str, folder: Path, environment: dict[str, str]) -> None:
        self._program = program
        self._environment = environment
        self.folder = folder

    def plan(self, *words: str, **switches: bool) -> Plan:
        """Plan and keep the plan for ``apply``; without anything to do the plan is empty (exit code 0)."""
        command = ("plan", "-detailed-exitcode", "-out=plan", *words, *_arguments(switches))
        status = self._run(*command, allowed=(0, 2))
        return Plan(json.loads(self._output("show", "-json", "plan"))) if status else Plan({})

    def apply(self) -> None:
        """Carry out the kept plan."""
        self._run("apply", "plan")

    def create(self, **switches: bool) -> None:
        """Plan and apply at once."""
        self._run("apply", "-auto-approve", *_arguments(switches))

    def destroy(self, *addresses: str, **switches: bool) -> None:
        """Destroy everything, or what is named."""
        targets = [f"-target={address}" for address in addresses]
        self._run("destroy", "-auto-approve", *targets, *_arguments(switches))

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the values of all resources and data sources by address."""
        document = json.loads(self._output("show", "-json"))
        resources = document.get("values", {}).get("root_module", {}).get("resources", [])
        return {item["address"]: item["values"] for item in resources}

    def schemas(self) -> dict[str, Any]:
        """Return the provider's schemas: resource_schemas, data_source_schemas."""
        return json.loads(self._output("providers", "schema", "-json"))["provider_schemas"][PROVIDER]

    def _output(self, *words: str) -> str:
        return self._call(words).stdout

    def _run(self, command: str, *words: str, allowed: tuple[int, ...] = (0,)) -> int:
        return self._call((command, "-input=false", "-no-color", *words), allowed).returncode

    def _call(self, words: tuple[str, ...], allowed: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [self._program, *words],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in allowed, f"terraform {' '.join(words)}:\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done
