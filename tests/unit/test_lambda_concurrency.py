# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

NAME = "summary"
BUSY = "The function is currently in the following state: Pending"


class LambdaService(FakeService):
    """One function and its reservation; `exists` is false when there is no function."""

    def __init__(self, reserved=None, *, exists=True):
        super().__init__()
        self.reserved = reserved
        self.exists = exists
        self.on("GetFunctionConcurrency", lambda params: self._get())
        self.on("PutFunctionConcurrency", self._put)
        self.on("DeleteFunctionConcurrency", lambda params: self._delete())
        self.on("ListFunctions", {"Functions": [{"FunctionName": NAME}]})

    def _get(self):
        if not self.exists:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {} if self.reserved is None else {"ReservedConcurrentExecutions": self.reserved}

    def _put(self, params):
        self.reserved = params["ReservedConcurrentExecutions"]
        return {"ReservedConcurrentExecutions": self.reserved}

    def _delete(self):
        self.reserved = None
        return {}


def run(service, **options):
    return run_module("lambda_concurrency", service, function_name=NAME, **options)


@pytest.mark.parametrize(("before", "wanted"), [(None, 5), (None, 0), (3, 5), (3, 0), (0, 3)])
def test_reserve(before, wanted):
    service = LambdaService(before)
    predicted = run(service, reserved=wanted, check_mode=True)
    assert predicted["changed"] and predicted["concurrency"]["reserved"] == wanted
    assert service.writes() == []
    made = run(service, reserved=wanted)
    assert made["changed"] and made["concurrency"] == predicted["concurrency"]
    write = ("PutFunctionConcurrency", {"FunctionName": NAME, "ReservedConcurrentExecutions": wanted})
    assert service.writes() == [write]
    assert not run(service, reserved=wanted, check_mode=True)["changed"]
    assert not run(service, reserved=wanted)["changed"]
    assert service.writes() == [write]


@pytest.mark.parametrize("reserved", [None, 0, 5])
def test_left_out_option_changes_nothing_and_tells_what_is(reserved):
    service = LambdaService(reserved)
    result = run(service)
    assert not result["changed"] and service.writes() == []
    assert result["concurrency"] == {"id": NAME, "function_name": NAME, "reserved": reserved}


@pytest.mark.parametrize("options", [{"reserved": 5}, {"state": "absent"}, {}])
def test_a_pause_stays_unless_it_may_be_lifted(options):
    service = LambdaService(0)
    result = run(service, lift_pause=False, **options)
    assert not result["changed"] and result["concurrency"]["reserved"] == 0
    assert service.writes() == []


def test_a_function_that_is_not_paused_gets_its_reservation_although_no_pause_may_be_lifted():
    service = LambdaService(3)
    assert run(service, lift_pause=False, reserved=5)["changed"]
    assert service.reserved == 5


def test_absent_takes_the_reservation_back():
    service = LambdaService(0)
    assert run(service, state="absent", check_mode=True)["changed"] and service.writes() == []
    result = run(service, state="absent")
    assert result["changed"] and result["concurrency"]["reserved"] is None
    assert service.writes() == [("DeleteFunctionConcurrency", {"FunctionName": NAME})]
    assert not run(service, state="absent")["changed"]
    assert not run(service, state="absent", check_mode=True)["changed"]


def test_a_plan_comes_before_the_function():
    service = LambdaService(exists=False)
    assert run(service, reserved=5, check_mode=True)["changed"]
    assert not run(service, check_mode=True)["changed"]
    assert not run(service, state="absent")["changed"]
    result = run(service, reserved=5)
    assert result["failed"] and result["msg"] == (
        f"Failed to set lambda concurrency '{NAME}': the function '{NAME}' does not exist"
    )
    assert service.writes() == []


@pytest.mark.parametrize(("options", "words"), [({"reserved": -1}, "reserved is -1"), ({"function_name": ""}, "empty")])
def test_wrong_options_are_refused_before_any_request(options, words):
    service = LambdaService()
    result = run_module("lambda_concurrency", service, **{"function_name": NAME, **options})
    assert result["failed"] and words in result["msg"]
    assert service.calls == []


def test_a_function_that_is_being_made_is_waited_for(slept):
    service = LambdaService()
    answers = [ServiceError("ResourceConflictException", status=409, message=BUSY)] * 2
    service.on("PutFunctionConcurrency", *answers, service._put)
    assert run(service, reserved=5)["changed"]
    assert service.reserved == 5 and slept


def test_refusal_names_the_function():
    service = LambdaService().fail(
        "PutFunctionConcurrency",
        "InvalidParameterValueException",
        message="Specified ReservedConcurrentExecutions for function decreases account's unreserved below [100].",
    )
    result = run(service, reserved=5)
    assert result["failed"] and f"'{NAME}'" in result["msg"] and "[100]" in result["msg"]


def test_info():
    service = LambdaService(5)
    expected = [{"id": NAME, "function_name": NAME, "reserved": 5}]
    assert run_module("lambda_concurrency_info", service, function_name=NAME)["concurrencies"] == expected
    assert run_module("lambda_concurrency_info", service)["concurrencies"] == expected
    service.exists = False
    assert run_module("lambda_concurrency_info", service, function_name=NAME)["concurrencies"] == []


def test_info_reads_all_pages():
    pages = [{"Functions": [{"FunctionName": "a"}], "NextMarker": "2"}, {"Functions": [{"FunctionName": "b"}]}]
    service = LambdaService().on("ListFunctions", *pages)
    found = run_module("lambda_concurrency_info", service)["concurrencies"]
    assert [item["function_name"] for item in found] == ["a", "b"]
    assert [params for name, params in service.calls if name == "ListFunctions"] == [{}, {"Marker": "2"}]
