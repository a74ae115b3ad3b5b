# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every statement of behaviours.yml names tests that exist, or a reason, and none is lost.

That the statements are all that the Connect API notes hold cannot be tested: the notes are no part of the repository.
"""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from tests.emulator.named_tests import ROOT
from tests.emulator.named_tests import is_test

DOCUMENT = yaml.safe_load((ROOT / "tests/local_cloud/connect_emulator/behaviours.yml").read_text())
ENTRIES = DOCUMENT["behaviours"]


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
    assert [name for name in named if not is_test(name)] == []


def test_ids_are_unique():
    assert [name for name, count in Counter(entry["id"] for entry in ENTRIES).items() if count > 1] == []


def test_no_statement_is_lost():
    """Whoever deletes one or adds one, in a merge for example, says so in `statements` too."""
    assert Counter(entry["id"].partition("-")[0] for entry in ENTRIES) == DOCUMENT["statements"]
