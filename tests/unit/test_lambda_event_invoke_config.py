# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

NAME = "summary"
ARN = f"arn:aws:lambda:eu-west-2:111122223333:function:{NAME}:$LATEST"
QUEUE = "arn:aws:sqs:eu-west-2:111122223333:failures"
TOPIC = "arn:aws:sns:eu-west-2:111122223333:done"


class LambdaService(FakeService):
    """One function with its configuration, None when it has none."""

    def __init__(self, **config):
        super().__init__()
        self.config = config or None
        self.on("GetFunctionEventInvokeConfig", lambda params: self._get())
        self.on("PutFunctionEventInvokeConfig", self._put)
        self.on("DeleteFunctionEventInvokeConfig", lambda params: self._delete())
        self.on("ListFunctions", {"Functions": [{"FunctionName": NAME}]})

    def _get(self):
        if self.config is None:
            raise ServiceError("ResourceNotFoundException", status=404, message="It doesn't have an EventInvokeConfig")
        return {"FunctionArn": ARN, **self.config}

    def _put(self, params):
        self.config = {name: value for name, value in params.items() if name != "FunctionName"}
        return self._get()

    def _delete(self):
        self.config = None
        return {}


def run(service, **options):
    return run_module("lambda_event_invoke_config", service, function_name=NAME, **options)


def test_create():
    service = LambdaService()
    options = {"maximum_retry_attempts": 1, "maximum_event_age": 3600, "on_failure_arn": QUEUE}
    predicted = run(service, check_mode=True, **options)
    assert predicted["changed"] and service.writes() == []
    made = run(service, **options)
    assert made["changed"] and made["event_invoke_config"] == {
        **predicted["event_invoke_config"],
        "id": NAME,
        "arn": ARN,
    }
    write = {
        "FunctionName": NAME,
        "MaximumRetryAttempts": 1,
        "MaximumEventAgeInSeconds": 3600,
        "DestinationConfig": {"OnFailure": {"Destination": QUEUE}},
    }
    assert service.writes() == [("PutFunctionEventInvokeConfig", write)]
    assert not run(service, check_mode=True, **options)["changed"]
    assert not run(service, **options)["changed"]
    assert len(service.writes()) == 1


@pytest.mark.parametrize(
    ("options", "member", "value"),
    [
        ({"maximum_retry_attempts": 0}, "MaximumRetryAttempts", 0),
        ({"maximum_event_age": 60}, "MaximumEventAgeInSeconds", 60),
        (
            {"on_success_arn": TOPIC},
            "DestinationConfig",
            {"OnSuccess": {"Destination": TOPIC}, "OnFailure": {"Destination": QUEUE}},
        ),
        ({"on_failure_arn": ""}, "DestinationConfig", None),
    ],
)
def test_change_one_property_and_keep_the_others(options, member, value):
    service = LambdaService(
        MaximumRetryAttempts=2,
        MaximumEventAgeInSeconds=7200,
        DestinationConfig={"OnSuccess": {}, "OnFailure": {"Destination": QUEUE}},
    )
    before = {**service.config, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}
    assert run(service, check_mode=True, **options)["changed"] and service.writes() == []
    assert run(service, **options)["changed"]
    wanted = {**before, member: value}
    assert service.config == {name: item for name, item in wanted.items() if item is not None}
    assert not run(service, check_mode=True, **options)["changed"]
    assert not run(service, **options)["changed"]


def test_left_out_options_change_nothing():
    service = LambdaService(MaximumRetryAttempts=1)
    assert not run(service)["changed"] and service.writes() == []


def test_absent():
    service = LambdaService(MaximumRetryAttempts=1)
    assert run(service, state="absent", check_mode=True)["changed"] and service.writes() == []
    assert run(service, state="absent")["event_invoke_config"] is None
    assert service.writes() == [("DeleteFunctionEventInvokeConfig", {"FunctionName": NAME})]
    assert not run(service, state="absent", check_mode=True)["changed"]
    assert not run(service, state="absent")["changed"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"maximum_retry_attempts": 3}, "maximum_retry_attempts is 3, but takes 0 to 2"),
        ({"maximum_event_age": 59}, "maximum_event_age is 59, but takes 60 to 21600"),
    ],
)
def test_wrong_options_are_refused_before_any_request(options, words):
    service = LambdaService()
    result = run(service, **options)
    assert result["failed"] and words in result["msg"] and service.calls == []


def test_refusal_names_the_function():
    service = LambdaService().fail(
        "PutFunctionEventInvokeConfig", "ResourceNotFoundException", status=404, message="Function not found"
    )
    result = run(service, maximum_retry_attempts=1)
    assert result["failed"] and f"'{NAME}'" in result["msg"] and "Function not found" in result["msg"]


def test_info():
    service = LambdaService(MaximumRetryAttempts=1)
    expected = [{"id": NAME, "arn": ARN, "function_name": NAME, "maximum_retry_attempts": 1}]
    for options in ({"function_name": NAME}, {}):
        result = run_module("lambda_event_invoke_config_info", service, **options)
        assert result["event_invoke_configs"] == expected
    service.config = None
    for options in ({"function_name": NAME}, {}):
        assert run_module("lambda_event_invoke_config_info", service, **options)["event_invoke_configs"] == []
