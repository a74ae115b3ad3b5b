# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals of the service behind the panel; their names are inferred, as it has no public model of errors."""

from __future__ import annotations


class Refusal(Exception):
    """What a panel or a customer asked for cannot be done.

    :param type: the name that Streams hands to the caller
    :param status: status of HTTP
    """

    def __init__(self, type: str, message: str, status: int) -> None:
        super().__init__(message)
        self.type = type
        self.message = message
        self.status = status


def invalid_state(message: str) -> Refusal:
    """Return the refusal of what does not fit the state of the agent or contact."""
    return Refusal("InvalidStateException", message, 409)


def bad_request(message: str) -> Refusal:
    return Refusal("ValidationException", message, 400)


def bad_endpoint(message: str) -> Refusal:
    return Refusal("BadEndpointException", message, 400)


def not_found(message: str) -> Refusal:
    return Refusal("ResourceNotFoundException", message, 404)


def access_denied(message: str) -> Refusal:
    return Refusal("AccessDeniedException", message, 403)
