# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment variables that only this function has; see ../settings.py for those of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..errors import SettingsInvalid
from ..settings import read_not_before


@dataclass(frozen=True)
class MaintenanceSettings:
    """``maximum_age`` in hours and ``absence_minimum`` in calls: 0 means none."""

    delivery_function: str
    queue_url: str
    cursor_parameter: str
    not_before: datetime | None
    rate: float
    maximum_age: float
    absence_minimum: int

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> MaintenanceSettings:
        """:raises SettingsInvalid: names the variable that is missing or has an impossible value"""
        rate = _number(variables, "REDRIVE_RATE", 1)
        if not rate:
            raise SettingsInvalid("The environment variable REDRIVE_RATE is not above 0")
        return cls(
            delivery_function=_text(variables, "DELIVERY_FUNCTION"),
            queue_url=_text(variables, "DEAD_LETTER_QUEUE_URL"),
            cursor_parameter=_text(variables, "CURSOR_PARAMETER"),
            not_before=read_not_before(variables),
            rate=rate,
            maximum_age=_number(variables, "REDRIVE_MAXIMUM_AGE", 72),
            absence_minimum=int(_number(variables, "ABSENCE_MINIMUM", 5)),
        )


def _text(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise SettingsInvalid(f"The environment variable {name} is not set")
    return value


def _number(variables: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(variables.get(name) or default)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise SettingsInvalid(f"The environment variable {name} is not a number from 0 on")
    return value
