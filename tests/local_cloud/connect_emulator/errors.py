# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that operations raise; HTTP codes and members come from the service model."""

from __future__ import annotations

from typing import Any


class ConnectError(Exception):
    """An error answer of the service.

    `injected` marks a fault that somebody ordered: it need not be declared, and `status` may replace its HTTP code.

    :param code: name of an exception of the model, declared by the operation that raises it
    :param message: text for people
    :param members: further members of the exception's shape (problems, Reason, ResourceType, ...)
    """

    def __init__(self, code: str, message: str = "", **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members
        self.injected = False
        self.status: int | None = None
