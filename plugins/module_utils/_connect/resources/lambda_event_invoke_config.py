# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of how Lambda treats asynchronous invocations of a function. Private to this collection.

No module of amazon.aws or community.aws sets attempts, age or destinations of asynchronous invocations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..api import compact
from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_LIMITS = {"maximum_retry_attempts": (0, 2), "maximum_event_age": (60, 21600)}
_FIELDS = ("maximum_retry_attempts", "maximum_event_age", "on_success_arn", "on_failure_arn")


class LambdaEventInvokeConfig(Resource):
    kind = "lambda_event_invoke_config"
    return_key = "event_invoke_config"
    plural_key = "event_invoke_configs"
    name_option = "function_name"
    service = "lambda"
    needs_instance = False
    taggable = False
    never_empty = ("function_name",)

    def check_options(self, ctx: Context) -> None:
        for option, (least, most) in _LIMITS.items():
            value = ctx.params.get(option)
            if value is not None and not least <= value <= most:
                raise ConnectError(f"Failed to set {self.label(ctx)}: {option} is {value}, but takes {least} to {most}")

    def find(self, ctx: Context) -> str | None:
        return ctx.params["function_name"]

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("get_function_event_invoke_config", FunctionName=id)
        return answer and _model(id, answer)

    def ids(self, ctx: Context) -> list[str]:
        return [item["FunctionName"] for item in ctx.pages("list_functions")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        return ctx.given("function_name", *_FIELDS)

    def create(self, ctx: Context, target: Model) -> str:
        self._put(ctx, target)
        return target["function_name"]

    @updates(*_FIELDS)
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        self._put(ctx, target)

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_function_event_invoke_config", FunctionName=current["id"])

    def _put(self, ctx: Context, target: Model) -> None:
        # Sent whole: PutFunctionEventInvokeConfig clears what is left out
        destinations = {"OnSuccess": target.get("on_success_arn"), "OnFailure": target.get("on_failure_arn")}
        ctx.write(
            "put_function_event_invoke_config",
            **compact(
                {
                    "FunctionName": target["function_name"],
                    "MaximumRetryAttempts": target.get("maximum_retry_attempts"),
                    "MaximumEventAgeInSeconds": target.get("maximum_event_age"),
                    "DestinationConfig": {name: {"Destination": arn} for name, arn in destinations.items() if arn},
                }
            ),
        )


def _model(name: str, answer: Mapping[str, Any]) -> Model:
    destinations = answer.get("DestinationConfig") or {}
    return compact(
        {
            "id": name,
            "arn": answer.get("FunctionArn"),
            "function_name": name,
            "maximum_retry_attempts": answer.get("MaximumRetryAttempts"),
            "maximum_event_age": answer.get("MaximumEventAgeInSeconds"),
            "on_success_arn": (destinations.get("OnSuccess") or {}).get("Destination"),
            "on_failure_arn": (destinations.get("OnFailure") or {}).get("Destination"),
        }
    )
