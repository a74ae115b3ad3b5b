# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far reconciliation has come: one parameter, written in one request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ..aws import translated
from ..errors import SettingsInvalid
from .errors import MaintenanceRequestInvalid
from .request import read_moment

if TYPE_CHECKING:
    from botocore.client import BaseClient


@dataclass(frozen=True)
class Progress:
    """Analysis files up to ``cursor`` are compared. ``without_summary``: see reconcile."""

    cursor: datetime
    without_summary: int = 0


class Cursor:
    def __init__(self, ssm: BaseClient, name: str) -> None:
        self._ssm = ssm
        self._name = name

    def read(self) -> Progress | None:
        """Return None before the first run.

        :raises SettingsInvalid: somebody has put something else there
        """
        with translated("GetParameter"):
            try:
                value = self._ssm.get_parameter(Name=self._name)["Parameter"]["Value"]
            except self._ssm.exceptions.ParameterNotFound:
                return None
        try:
            content = json.loads(value)
            return Progress(read_moment("cursor", content["cursor"]), int(content["without_summary"]))
        except (KeyError, TypeError, ValueError, MaintenanceRequestInvalid):
            raise SettingsInvalid(f"The SSM parameter {self._name} holds no cursor; delete it to begin anew") from None

    def write(self, progress: Progress) -> None:
        content = {
            "cursor": progress.cursor.isoformat().replace("+00:00", "Z"),
            "without_summary": progress.without_summary,
        }
        with translated("PutParameter"):
            self._ssm.put_parameter(Name=self._name, Value=json.dumps(content), Type="String", Overwrite=True)
