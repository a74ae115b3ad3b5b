# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the AWS provider is looked for, how it starts and ends, and how two states are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import tool

PROGRAM = "terraform-provider-aws_v5.100.0_x5"


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A mirror with the provider for a machine of our own making, and no other place to look."""
    monkeypatch.setattr("platform.system", lambda: "Plan9")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("TF_PLUGIN_MIRROR", "TF_PLUGIN_CACHE_DIR", "TF_CLI_CONFIG_FILE", "XDG_DATA_HOME", "XDG_DATA_DIRS"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "mirror"
    program = folder / tool.PROVIDER / tool.PROVIDER_VERSION / "plan9_amd64" / PROGRAM
    program.parent.mkdir(parents=True)
    program.touch()
    return folder, program


@pytest.mark.parametrize("name", ["TF_PLUGIN_MIRROR", "TF_PLUGIN_CACHE_DIR"])
def test_provider_of_a_named_mirror(mirror, monkeypatch, name):
    folder, program = mirror
    assert tool.find_provider() is None
    monkeypatch.setenv(name, str(folder))
    assert tool.find_provider() == program


@pytest.mark.parametrize(
    "configuration",
    [
        'provider_installation {\n  filesystem_mirror {\n    path = "$MIRROR"\n  }\n  direct {}\n}\n',
        'disable_checkpoint = true\nplugin_cache_dir = "$MIRROR"\n',
    ],
)
def test_provider_of_a_configured_mirror(mirror, monkeypatch, tmp_path, configuration):
    folder, program = mirror
    file = tmp_path / "user.tfrc"
    file.write_text(configuration)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(file))
    monkeypatch.setenv("MIRROR", str(folder))
    assert tool.find_provider() == program


def test_provider_where_terraform_looks_by_itself(mirror, monkeypatch):
    folder, program = mirror
    plugins = folder / "terraform" / "plugins"
    plugins.mkdir(parents=True)
    (folder / "registry.terraform.io").rename(plugins / "registry.terraform.io")
    monkeypatch.setenv("XDG_DATA_DIRS", f"/nowhere:{folder}")
    assert tool.find_provider() == plugins / program.relative_to(folder)


def test_provider_for_another_machine_is_none(mirror, monkeypatch):
    monkeypatch.setenv("TF_PLUGIN_MIRROR", str(mirror[0]))
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert tool.find_provider() is None


@pytest.fixture
def provider(tmp_path):
    """Return a function that writes a program to stand in for the provider, a shell script."""

    def make(script):
        program = tmp_path / "provider"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        return program

    return make


def run(program, tmp_path, **limits):
    """Run the stand-in; return what it attaches."""
    with tool.running_provider(program, {"PATH": "/usr/bin:/bin"}, tmp_path / "log", **limits) as attach:
        return attach


def test_socket_of_the_provider_has_a_short_path(provider, tmp_path):
    attach = run(provider("""echo "TF_REATTACH_PROVIDERS='$TMPDIR'"; exec sleep 60"""), tmp_path)
    assert len(attach) < 40
    assert not Path(attach).exists()


def test_provider_that_hangs_at_its_start_fails(provider, tmp_path):
    with pytest.raises(AssertionError, match=r"did not start \(it has 0.5 s\): loading"):
        run(provider("echo loading >&2; exec sleep 60"), tmp_path, start_timeout=0.5)


def test_provider_that_ends_at_its_start_fails(provider, tmp_path):
    with pytest.raises(AssertionError, match="no such flag"):
        run(provider("echo no such flag >&2"), tmp_path)


def test_provider_that_does_not_end_is_killed(provider, tmp_path):
    program = provider("""trap '' TERM; echo "TF_REATTACH_PROVIDERS='$$'"; while :; do sleep 0.1; done""")
    process = run(program, tmp_path, stop_timeout=0.5)
    assert not Path(f"/proc/{process}").exists()


def test_differences():
    before = {"name": "a", "tags": {"x": "1"}, "days": [{"day": "MON", "to": 5}, {"day": "TUE", "to": 6}], "text": ""}
    after = {"name": "a", "tags": {"x": "2"}, "days": [{"day": "TUE", "to": 6}, {"day": "MON", "to": 7}], "text": None}
    assert tool.differences(before, after) == {"days.to": ([5, 6], [6, 7]), "tags": ([{"x": "1"}], [{"x": "2"}])}
