# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of the reserved concurrency of a Lambda function. Private to this collection.

amazon.aws.lambda sets no reserved concurrency.
"""

from __future__ import annotations

from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates


class LambdaConcurrency(Resource):
    kind = "lambda_concurrency"
    return_key = "concurrency"
    plural_key = "concurrencies"
    name_option = "function_name"
    service = "lambda"
    needs_instance = False
    taggable = False
    never_empty = ("function_name",)
    blank: Model = {"reserved": None}

    def check_options(self, ctx: Context) -> None:
        reserved = ctx.params.get("reserved")
        if reserved is not None and reserved < 0:
            raise ConnectError(
                f"Failed to set {self.label(ctx)}: reserved is {reserved}, but takes 0 or more. "
                "State absent removes the reservation"
            )

    def find(self, ctx: Context) -> str | None:
        return ctx.params["function_name"]

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("get_function_concurrency", FunctionName=id)
        if answer is not None:
            return _model(id, answer.get("ReservedConcurrentExecutions"))
        if ctx.is_info:
            return None
        # A plan comes before the function; what is gone has no reservation
        if ctx.check_mode or ctx.params["state"] == "absent":
            return _model(id, None)
        raise ConnectError(f"Failed to set {self.label(ctx)}: the function '{id}' does not exist")

    def ids(self, ctx: Context) -> list[str]:
        return [item["FunctionName"] for item in ctx.pages("list_functions")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        paused = (current or {}).get("reserved") == 0
        if paused and not ctx.params["lift_pause"]:
            return {}
        if ctx.params["state"] == "absent":
            return {"reserved": None}
        return ctx.given("reserved")

    @updates("reserved")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        if target.get("reserved") is None:
            ctx.delete("delete_function_concurrency", FunctionName=current["id"])
        else:
            ctx.write(
                "put_function_concurrency",
                FunctionName=current["id"],
                ReservedConcurrentExecutions=target["reserved"],
            )

    def result(self, model: Model | None) -> Model:
        return {self.return_key: model and {"reserved": None, **model}}


def _model(name: str, reserved: int | None) -> Model:
    return {"id": name, "function_name": name, "reserved": reserved}
