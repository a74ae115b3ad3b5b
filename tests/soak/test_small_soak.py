# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small soak: everything fails now and then, and nothing is lost. "make soak-summaries" is the large one."""

from __future__ import annotations

import pytest

from tests.site.site import FUNCTION

from .contacts import KINDS
from .soak import Soak
from .soak import check

CONTACTS = 40


@pytest.fixture(scope="module")
def soak(site, tmp_path_factory):
    return Soak(site, tmp_path_factory.mktemp("run"), contacts=CONTACTS, seed=5)


@pytest.fixture(scope="module")
def figures(soak):
    found = soak.run()
    print("\n".join(found.lines()))
    return found


def test_nothing_is_lost(figures):
    """Also: nothing wiped, doubled, misplaced or told, and everything happened that could have done it."""
    assert check(figures) == [], "\n".join(figures.lines())
    assert figures.lines()[-1] == "0 lost"


def test_every_contact_without_summary_has_its_reason(figures, soak):
    expected = [planned for planned in soak.planned if not planned.kind.has_summary]
    assert sum(figures.account.by_reason.values()) == len(expected) >= 5
    reasons = {name.partition(":")[0] for name in figures.account.by_reason}
    assert reasons == {kind.name for kind in KINDS if not kind.has_summary}


def test_the_scan_has_read_the_logs(figures, site):
    """A scan of nothing finds nothing: the function's log alone has a line for each step of each attempt."""
    assert figures.scanned > 100_000
    assert any(line.get("outcome") == "written" for line in site.lines_of(FUNCTION))
