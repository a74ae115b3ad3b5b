# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""errors.yml: which test provokes an error that an operation declares, or why none does."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.model import operations

ENTRIES: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "errors.yml").read_text())
IMPLEMENTED = service.implemented()
DECLARED = [(name, error) for name in IMPLEMENTED for error in sorted(operations()[name].errors)]


# Asked for every error after every test.
@cache
def entry_of(name: str, error: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the entry that holds for an error of an operation, and its pattern that fits."""
    for entry in ENTRIES.get(error, []):
        for pattern in entry["operations"]:
            if fnmatchcase(name, pattern):
                return entry, pattern
    return None, None


@cache
def assigned(test: str) -> list[tuple[str, str]]:
    """Return the operations with the error that a test is to provoke.

    :param test: path of the file, two colons, name of the function
    """
    return [(name, error) for name, error in DECLARED if (entry_of(name, error)[0] or {}).get("test") == test]


def explained_away(name: str, error: str | None) -> bool:
    """Tell whether errors.yml has a reason why an operation never gives an error."""
    return error is not None and "reason" in (entry_of(name, error)[0] or {})
