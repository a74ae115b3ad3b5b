# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests that a file of ours names: do they exist?"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    names = (node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return frozenset(name for name in names if name.startswith("test_"))


def is_test(name: str) -> bool:
    """Tell whether there is a test of that name: path of the file, two colons, name of the function."""
    path, _unused, function = name.partition("::")
    return (ROOT / path).is_file() and function in _tests_of(path)
