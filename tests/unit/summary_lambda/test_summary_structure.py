# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault of the published sample has its tests, and nothing of one account is built into the function."""

from __future__ import annotations

import ast
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PACKAGE = FOLDER.parents[2] / "files" / "summary_lambda" / "summary_lambda"
FAULTS = range(1, 19)
# A Region, an account.
PLACES = re.compile(r"\b[a-z]{2}(-[a-z]+)+-\d\b|(?<!-)\b\d{12}\b")


def test_fault_18_every_fault_has_tests_that_name_it():
    """Fault 18: there were none."""
    named: dict[int, int] = {}
    for path in FOLDER.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            found = isinstance(node, ast.FunctionDef) and re.match(r"test_fault_(\d+)_", node.name)
            if found:
                number = int(found[1])
                named[number] = named.get(number, 0) + 1
                assert (ast.get_docstring(node) or "").startswith(f"Fault {number}:"), node.name
    assert sorted(named) == list(FAULTS)


def test_fault_18_it_serves_any_instance_in_any_region():
    """Fault 18: the sample worked with an instance that it had made itself, and not in every Region."""
    for path in sorted(PACKAGE.rglob("*.py")):
        assert not PLACES.search(path.read_text()), path.name


def test_every_error_says_whether_a_retry_helps_and_is_explained():
    """The README tells of each error what to do; the dead letters name nothing else."""
    tree = ast.parse((PACKAGE / "errors.py").read_text())
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    readme = (PACKAGE.parent / "README.md").read_text()
    for name in set(classes) - {"SummaryError", "RetryableError"}:
        assert f"| `{name}` |" in readme, name
