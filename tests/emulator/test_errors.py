# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""errors.yml accounts for every error that an operation declares, and the errors that all have in common come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.declared_errors import DECLARED
from tests.emulator.declared_errors import ENTRIES
from tests.emulator.declared_errors import assigned
from tests.emulator.declared_errors import entry_of
from tests.emulator.named_tests import is_test
from tests.emulator.test_model_conformance import request_of
from tests.emulator.test_model_conformance import valid_request
from tests.local_cloud.connect_emulator.model import operations

UNKNOWN = "00000000-0000-4000-8000-000000000000"
CONSTRAINTS = "tests/emulator/test_model_conformance.py::test_every_constraint_is_checked"


def operations_for(test: str) -> list[str]:
    """Return the operations that errors.yml assigns to a test of this file."""
    return [name for name, _error in assigned(f"tests/emulator/test_errors.py::{test}")]


@pytest.mark.parametrize("name, error", DECLARED)
def test_error_is_provoked_or_explained(name, error):
    entry, _pattern = entry_of(name, error)
    assert entry is not None, "no entry of errors.yml fits"
    if "reason" in entry:
        assert len(entry["reason"].split()) >= 3
        # What the constraints of a request give is provoked by breaking one.
        assert not (error == "InvalidRequestException" and operations()[name].invalid_code == error)
        return
    # That it provokes the error is checked when it has run: see the fixture `emulator`.
    assert is_test(entry["test"])
    if entry["test"] == CONSTRAINTS:
        assert operations()[name].invalid_code == error


def test_no_entry_dangles():
    used = {(error, *(entry_of(name, error)[1:])) for name, error in DECLARED}
    patterns = {
        (error, pattern) for error, items in ENTRIES.items() for item in items for pattern in item["operations"]
    }
    assert patterns - used == set()
    for items in ENTRIES.values():
        for item in items:
            assert item.keys() in ({"operations", "test"}, {"operations", "reason"})


def answer_of(emulator: Any, name: str, **members: Any) -> tuple[int, str, dict[str, Any]]:
    """Send the smallest request of an operation with these members; return status, error code and body."""
    operation = operations()[name]
    known = {key: value for key, value in members.items() if key in operation.members}
    status, headers, body = emulator.raw(*request_of(operation, {**valid_request(operation), **known}))
    return status, headers.get("x-amzn-ErrorType", ""), body


@pytest.mark.parametrize("name", operations_for("test_throttled"))
def test_throttled(emulator, name):
    emulator.control("POST", "settings", {"throttle": {"enabled": True, "burst": 1, "rate": 0.001}})
    assert answer_of(emulator, name)[1] != "ThrottlingException"
    assert answer_of(emulator, name)[:2] == (429, "ThrottlingException")


@pytest.mark.parametrize("name", operations_for("test_injected_fault"))
def test_injected_fault(emulator, name):
    emulator.control("POST", "faults", {"operation": name, "error": "InternalServiceException"})
    assert answer_of(emulator, name)[:2] == (500, "InternalServiceException")
    assert answer_of(emulator, name)[0] != 500


@pytest.mark.parametrize("name", operations_for("test_nothing_has_the_id"))
def test_nothing_has_the_id(emulator, name):
    assert answer_of(emulator, name, InstanceId=UNKNOWN)[:2] == (404, "ResourceNotFoundException")


@pytest.mark.parametrize("name", operations_for("test_body_that_is_no_object"))
def test_body_that_is_no_object(emulator, name):
    operation = operations()[name]
    method, path, _body, query = request_of(operation, valid_request(operation))
    status, headers, _answer = emulator.raw(method, path, b"[1", query)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


@pytest.mark.parametrize("name", operations_for("test_token_of_another_request"))
def test_token_of_another_request(emulator, connect, instance, name):
    """The second request differs from the first in the number, or where that is all there is in something else."""
    offered = connect.search_available_phone_numbers(
        InstanceId=instance, PhoneNumberCountryCode="GB", PhoneNumberType="DID"
    )["AvailableNumbersList"]
    first, second, third = (item["PhoneNumber"] for item in offered[:3])
    ids = [
        connect.claim_phone_number(InstanceId=instance, PhoneNumber=number)["PhoneNumberId"]
        for number in (first, second)
    ]
    token = "1b2c3d4e-0000-4000-8000-000000000000"
    numbers = (third, first)
    for index, wanted in ((0, 200), (1, 409)):
        status, code, _body = answer_of(
            emulator,
            name,
            PhoneNumberId=ids[index],
            PhoneNumber=numbers[index],
            InstanceId=instance,
            ClientToken=token,
        )
        assert status == wanted
    assert code == "IdempotencyException"
