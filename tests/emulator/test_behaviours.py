# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""behaviours.yml accounts for every statement of the Connect API notes, and its tests exist."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENT = yaml.safe_load((ROOT / "tests/local_cloud/connect_emulator/behaviours.yml").read_text())
ENTRIES = DOCUMENT["behaviours"]


@cache
def functions_of(path):
    """Return the names of the test functions in a file."""
    tree = ast.parse((ROOT / path).read_text())
    names = (node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return frozenset(name for name in names if name.startswith("test_"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_entry_is_proved_or_explained(entry):
    assert entry["statement"].strip()
    assert ("test" in entry) != ("not_emulated" in entry)
    assert set(entry) <= {"id", "statement", "test", "not_emulated"}
    if "not_emulated" in entry:
        assert len(entry["not_emulated"].split()) >= 3
        return
    named = entry["test"] if isinstance(entry["test"], list) else [entry["test"]]
    assert named
    for name in named:
        path, _unused, function = name.partition("::")
        assert (ROOT / path).is_file(), f"{path} does not exist"
        assert function in functions_of(path), f"{path} has no {function}"


def test_ids_are_unique():
    assert [name for name, count in Counter(entry["id"] for entry in ENTRIES).items() if count > 1] == []


def test_every_statement_has_an_entry():
    assert Counter(entry["id"].partition("-")[0] for entry in ENTRIES) == DOCUMENT["statements"]
