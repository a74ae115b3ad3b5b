# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private names of MiniStack are where the local cloud expects them."""

from __future__ import annotations

import subprocess

import pytest

from tests.local_cloud.launcher import CHECKOUT
from tests.local_cloud.launcher import CLOUD_PYTHON
from tests.local_cloud.ministack_names import NAMES


def check(*before: str) -> subprocess.CompletedProcess[str]:
    """Run the check of the MiniStack process, after statements that move something."""
    script = "\n".join(
        ["import sys", *before, "sys.argv[1:] = ['--check']", "from tests.local_cloud import ministack_process"]
    )
    return subprocess.run(
        [str(CLOUD_PYTHON), "-c", f"{script}\nsys.exit(ministack_process.main())"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_names_of_this_version_are_all_there() -> None:
    done = check()
    assert (done.returncode, done.stderr) == (0, "")


def test_moved_names_are_all_reported() -> None:
    modules = {name.partition(":")[0] for name in NAMES}
    imports = [f"import {module}" for module in sorted(modules)]
    done = check(*imports, *(f"del {name.replace(':', '.')}" for name in NAMES))
    assert done.returncode == 1
    for name in NAMES:
        assert f"MiniStack is not as expected: {name} does not exist" in done.stderr


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("import ministack.app as m; m.app = lambda environ, start: None", "ministack.app:app takes (environ, start)"),
        ("import importlib.metadata as m; m.version = lambda name: '9.9.9'", "MiniStack is 9.9.9, not 1.5.33"),
    ],
)
def test_other_changes_are_reported(change: str, problem: str) -> None:
    done = check(change)
    assert done.returncode == 1
    assert problem in done.stderr
