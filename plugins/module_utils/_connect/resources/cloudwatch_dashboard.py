# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a CloudWatch dashboard. Private to this collection.

No module of amazon.aws or community.aws knows dashboards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates


class CloudWatchDashboard(Resource):
    kind = "cloudwatch_dashboard"
    return_key = "dashboard"
    plural_key = "dashboards"
    service = "cloudwatch"
    needs_instance = False
    taggable = False
    required_to_create = ("body",)
    whole = ("body",)

    def find(self, ctx: Context) -> str | None:
        return ctx.params["name"]

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("get_dashboard", DashboardName=id)
        if answer is None:
            return None
        return {
            "id": id,
            "arn": answer["DashboardArn"],
            "name": answer["DashboardName"],
            "body": json.loads(answer["DashboardBody"]),
        }

    def ids(self, ctx: Context) -> list[str]:
        return [item["DashboardName"] for item in ctx.pages("list_dashboards")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        return ctx.given("name", "body")

    def create(self, ctx: Context, target: Model) -> str:
        self._put(ctx, target)
        return target["name"]

    @updates("body")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        self._put(ctx, target)

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_dashboards", DashboardNames=[current["name"]])

    def _put(self, ctx: Context, target: Model) -> None:
        body = json.dumps(target["body"], sort_keys=True)
        answer = ctx.write("put_dashboard", DashboardName=target["name"], DashboardBody=body)
        problems = answer.get("DashboardValidationMessages", [])
        if problems:
            # The dashboard is stored all the same, without what CloudWatch does not understand
            ctx.warn(f"CloudWatch says about the {self.label(ctx)}: {_sentences(problems)}")


def _sentences(problems: list[Mapping[str, Any]]) -> str:
    return "; ".join(f"{item.get('DataPath', '')} {item.get('Message', '')}".strip() for item in problems)
