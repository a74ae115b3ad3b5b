# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table at the end of a run counts each item once, whichever worker met it."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
from tests.emulator import exercised

def pytest_configure(config):
    config.pluginmanager.register(exercised)
"""
TESTS = """
import pytest

@pytest.mark.parametrize("operation", ["CreateQueue", "CreateUser", "DeleteUser"])
def test_of_operations(exercised, operation):
    exercised.add("operations", operation)
    exercised.add("error codes", "InvalidRequestException")
"""


@pytest.fixture(autouse=True)
def importable(monkeypatch, pytestconfig):
    monkeypatch.setenv("PYTHONPATH", str(pytestconfig.rootpath))


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_distinct_items_are_told_by_category(pytester, workers):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    result = pytester.runpytest(*workers)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*= exercised =*", "     1 error codes", "     3 operations"])


def test_nothing_is_told_where_nothing_was_exercised(pytester):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*= exercised =*")
