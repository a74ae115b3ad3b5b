# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request: an action, its options, and where an earlier answer ended."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any

from ..settings import parse_moment
from .errors import MaintenanceRequestInvalid

_CONTACT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOST_INSPECTED = 20


@dataclass(frozen=True)
class Request:
    """``options`` holds what was given, in its own type; ``position`` what the last answer's ``next`` stands for."""

    action: str
    dry_run: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    position: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        return self.options.get(name)


def parse_request(event: Any) -> Request:
    """Read a request strictly: a filter with a spelling mistake would match everything.

    :raises MaintenanceRequestInvalid: names the option
    """
    if not isinstance(event, dict):
        raise MaintenanceRequestInvalid("The request is not an object")
    action = event.get("action")
    if not isinstance(action, str) or action not in _ACTIONS:
        raise MaintenanceRequestInvalid(f"action is one of {', '.join(_ACTIONS)}")
    readers, required = _ACTIONS[action]
    given = {name: value for name, value in event.items() if value is not None}
    unknown = sorted(str(name) for name in set(given) - {"action", "dry_run", "next", *readers})
    if unknown:
        raise MaintenanceRequestInvalid(f"{action} does not know {', '.join(unknown)}")
    missing = [name for name in required if name not in given]
    if missing:
        raise MaintenanceRequestInvalid(f"{action} needs {', '.join(missing)}")
    dry_run = given.get("dry_run", False)
    if not isinstance(dry_run, bool):
        raise MaintenanceRequestInvalid("dry_run is true or false")
    options = {name: reader(name, given[name]) for name, reader in readers.items() if name in given}
    return Request(action, dry_run, options, read_token(action, given.get("next")))


def make_token(action: str, position: dict[str, Any]) -> str:
    """Pack a position for the answer's ``next``."""
    content = json.dumps({"action": action, **position}, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode()


def read_token(action: str, token: Any) -> dict[str, Any]:
    """:raises MaintenanceRequestInvalid: this is no ``next`` of an answer to the same action"""
    if token is None:
        return {}
    try:
        position = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (TypeError, ValueError):
        position = None
    if not isinstance(position, dict) or position.pop("action", None) != action:
        raise MaintenanceRequestInvalid(f"next does not come from an answer to {action}")
    return position


def read_moment(name: str, value: Any) -> datetime:
    """Read a date or time in ISO 8601; one without an offset is in UTC, a date begins at midnight."""
    try:
        return parse_moment(value)
    except (TypeError, ValueError):
        raise MaintenanceRequestInvalid(f"{name} is not a date or time in ISO 8601") from None


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise MaintenanceRequestInvalid(f"{name} is not a number from 0 on")
    return float(value)


def _positive(name: str, value: Any) -> float:
    number = _number(name, value)
    if not number:
        raise MaintenanceRequestInvalid(f"{name} is not above 0")
    return number


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise MaintenanceRequestInvalid(f"{name} is not a list of texts")
    return value


def _contact_ids(name: str, value: Any) -> list[str]:
    ids = _texts(name, value)
    if not all(_CONTACT_ID.fullmatch(item) for item in ids):
        raise MaintenanceRequestInvalid(f"{name} is not a list of contact ids")
    return list(dict.fromkeys(item.lower() for item in ids))


def _few_contact_ids(name: str, value: Any) -> list[str]:
    ids = _contact_ids(name, value)
    if len(ids) > _MOST_INSPECTED:
        raise MaintenanceRequestInvalid(f"{name} holds more than {_MOST_INSPECTED} contact ids")
    return ids


_Reader = Callable[[str, Any], Any]
_PAGED: dict[str, _Reader] = {"rate": _positive, "seconds": _positive}
# action: the readers of its options, and which of these it needs
_ACTIONS: dict[str, tuple[dict[str, _Reader], tuple[str, ...]]] = {
    "redrive": (
        {
            **_PAGED,
            "contact_ids": _contact_ids,
            "reasons": _texts,
            "sent_after": read_moment,
            "sent_before": read_moment,
            "maximum_age": _number,
        },
        (),
    ),
    "reconcile": (_PAGED, ()),
    "backfill": (
        {**_PAGED, "from": read_moment, "to": read_moment, "not_before": read_moment, "maximum": _positive},
        ("from", "to", "not_before"),
    ),
    "inspect": ({"contact_ids": _few_contact_ids}, ("contact_ids",)),
    "probe": ({}, ()),
}
