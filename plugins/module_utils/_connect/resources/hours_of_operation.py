# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of hours of operation (connect-api 8). Private to this collection."""

from __future__ import annotations

import re
from typing import Any

from ..api import compact
from ..api import normalise
from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class HoursOfOperation(Resource):
    kind = "hours_of_operation"
    return_key = "hours_of_operation"
    plural_key = "hours_of_operations"
    required_to_create = ("time_zone", "config")
    never_empty = ("name", "time_zone")

    def check_options(self, ctx: Context) -> None:
        for period in ctx.params["config"] or []:
            for option in ("start_time", "end_time"):
                if not _TIME.fullmatch(period[option]):
                    # YAML reads 17:30 without quotes as the number 1050
                    raise ConnectError(
                        f"Failed to set {self.label(ctx)}: {option} '{period[option]}' of {period['day']} is no time "
                        'from "00:00" to "23:59", written in quotes'
                    )

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_hours_of_operation", HoursOfOperationId=id)
        return answer and _model(answer["HoursOfOperation"])

    def read_all(self, ctx: Context) -> list[Model]:
        return [_model(item) for item in ctx.pages("search_hours_of_operations")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "description", "time_zone")
        if ctx.params["config"] is not None:
            desired["config"] = _sorted(
                [
                    {
                        "day": period["day"],
                        "start_time": _text(_slice(period["start_time"])),
                        "end_time": _text(_slice(period["end_time"])),
                    }
                    for period in ctx.params["config"]
                ]
            )
        return desired

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create(
            "create_hours_of_operation",
            **compact(
                {
                    "Name": target["name"],
                    "Description": target.get("description"),
                    "TimeZone": target["time_zone"],
                    "Config": [_period_request(item) for item in target["config"]],
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["HoursOfOperationId"]

    @updates("name", "description", "time_zone", "config")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write(
            "update_hours_of_operation",
            HoursOfOperationId=current["id"],
            Name=target["name"],
            Description=target.get("description", ""),
            TimeZone=target["time_zone"],
            Config=[_period_request(item) for item in target["config"]],
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_hours_of_operation", HoursOfOperationId=current["id"])


def _model(hours: dict[str, Any]) -> Model:
    model = normalise(hours, id_key="HoursOfOperationId", arn_key="HoursOfOperationArn")
    if not model.get("description"):
        model.pop("description", None)
    model["config"] = _sorted(
        [
            {"day": period["Day"], "start_time": _text(period["StartTime"]), "end_time": _text(period["EndTime"])}
            for period in hours.get("Config", [])
        ]
    )
    return model


def _sorted(config: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the periods in the order of the week, each once: their order means nothing to the service."""
    unique = {tuple(period.values()): period for period in config}
    return sorted(unique.values(), key=lambda period: (_DAYS.index(period["day"]), *period.values()))


def _period_request(period: dict[str, str]) -> dict[str, Any]:
    return {"Day": period["day"], "StartTime": _slice(period["start_time"]), "EndTime": _slice(period["end_time"])}


def _text(time: dict[str, int]) -> str:
    return f"{time['Hours']:02d}:{time['Minutes']:02d}"


def _slice(text: str) -> dict[str, int]:
    hours, minutes = text.split(":")
    return {"Hours": int(hours), "Minutes": int(minutes)}
