# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module's main() in this process against a recording service that botocore's own model checks.

>>> service = FakeService()
>>> service.on("DescribeQueue", {"Queue": {...}})            # a fixed answer
>>> service.on("ListQueues", lambda params: {...})            # or computed
>>> service.fail("CreateQueue", "LimitExceededException", status=429)
>>> result = run_module("connect_queue", service, instance=INSTANCE_ID, name="Sales")
>>> service.writes()                                          # [("UpdateQueueStatus", {...})]
"""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Callable
from contextlib import ExitStack
from contextlib import redirect_stdout
from typing import Any
from unittest import mock

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from botocore.awsrequest import AWSResponse
from botocore.validate import ParamValidator

MODULES = "ansible_collections.amazon_connect.sap.plugins.modules"
INSTANCE_ID = "11111111-1111-4111-8111-111111111111"
INSTANCE_ARN = f"arn:aws:connect:eu-west-2:111122223333:instance/{INSTANCE_ID}"
_READS = ("List", "Describe", "Search", "Get", "BatchGet")

Params = dict[str, Any]
Answer = Params | Callable[[Params], Params] | Exception


class ServiceError(Exception):
    """An error answer of the service: code, HTTP status, message and members beside it."""

    def __init__(self, code: str, *, status: int = 400, message: str = "", **members: Any) -> None:
        super().__init__(code)
        self.code, self.status, self.message, self.members = code, status, message, members


def unique_id(number: int) -> str:
    """Return a made-up id in the service's form."""
    return f"{number:08d}-0000-4000-8000-000000000000"


def arn(kind: str, id: str) -> str:
    """Return the ARN of an object of the instance: arn("queue", id)."""
    return f"{INSTANCE_ARN}/{kind}/{id}"


class FakeService:
    """Answers requests of one client and records them as (operation, parameters) in `calls`.

    Requests and answers are validated by botocore's model. An operation without an answer fails the test.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, Params]] = []
        self._answers: dict[str, list[Answer]] = {}

    def on(self, operation: str, *answers: Answer) -> FakeService:
        """Answer an operation: one answer per request in turn, the last one for ever."""
        self._answers[operation] = list(answers)
        return self

    def fail(self, operation: str, code: str, **kwargs: Any) -> FakeService:
        """Answer an operation with an error."""
        return self.on(operation, ServiceError(code, **kwargs))

    def operations(self) -> list[str]:
        """Return the names of all operations requested, in order."""
        return [name for name, _params in self.calls]

    def writes(self) -> list[tuple[str, Params]]:
        """Return the changes requested, in order."""
        return [(name, params) for name, params in self.calls if not name.startswith(_READS)]

    def attach(self, client: Any) -> Any:
        """Make a boto3 client talk to this service instead of the network."""
        client.meta.events.register_last("before-parameter-build.*.*", self._record)
        client.meta.events.register("before-call.*.*", self._answer)
        return client

    def _record(self, params: Params, model: Any, **_kwargs: Any) -> None:
        self.calls.append((model.name, dict(params)))

    def _answer(self, model: Any, **_kwargs: Any) -> tuple[AWSResponse, Params]:
        if model.name not in self._answers:
            raise AssertionError(f"The test has no answer for {model.name}: {self.calls[-1][1]}")
        answers = self._answers[model.name]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        try:
            parsed = answer(self.calls[-1][1]) if callable(answer) else answer
            if isinstance(parsed, Exception):
                raise parsed
        except ServiceError as error:
            body = {"Error": {"Code": error.code, "Message": error.message}, **error.members}
            return _response(error.status), {**body, "ResponseMetadata": {"HTTPStatusCode": error.status}}
        if model.output_shape:
            problems = ParamValidator().validate(parsed, model.output_shape).generate_report()
            assert not problems, f"The test's answer to {model.name} does not fit the model: {problems}"
        return _response(200), {**parsed, "ResponseMetadata": {"HTTPStatusCode": 200}}


def run_module(module_name: str, service: FakeService, /, *, check_mode: bool = False, **options: Any) -> Params:
    """Run a module's main() with these options and return what it exits with (`failed` is true for a failure).

    Warnings are in the result's `warnings`, as a user would see them.
    """
    make_client = AnsibleAWSModule.client
    warnings: list[str] = []
    arguments = {**options, "_ansible_check_mode": check_mode, "_ansible_diff": True}
    module = importlib.import_module(f"{MODULES}.{module_name}")

    def client(self: AnsibleAWSModule, *args: Any, **kwargs: Any) -> Any:
        return service.attach(make_client(self, *args, **kwargs))

    def warn(_self: AnsibleModule, text: str, **_kwargs: Any) -> None:
        warnings.append(text)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(AnsibleAWSModule, "client", client))
        # In one process with Ansible's controller, warnings would go to its display instead of the result
        stack.enter_context(
            mock.patch.object(AnsibleModule, "warn", lambda _self, text, **_kwargs: warnings.append(text))
        )
        stack.enter_context(patch_module_args(arguments))
        output = stack.enter_context(redirect_stdout(io.StringIO()))
        try:
            module.main()
        except SystemExit:
            pass
    result = json.loads(output.getvalue())
    return {**result, "warnings": warnings} if warnings else result


def _response(status: int) -> AWSResponse:
    return AWSResponse("https://connect.invalid", status, {}, None)
