# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names, ids and ARNs: turn whatever a user writes into the id that the API wants. Private to this collection."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from .api import ConnectApi
from .errors import ConnectError

_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


@dataclass(frozen=True)
class Kind:
    """How one kind of object is listed and recognised."""

    words: str
    arn_part: str
    operation: str
    names: tuple[str, ...] = ("Name",)
    id_key: str = "Id"
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def one(self) -> str:
        """Return the words for one of its kind: "a queue", "an instance", but "hours of operation"."""
        if self.words == "hours of operation":
            return self.words
        return f"{'an' if self.words[0] in 'aeio' else 'a'} {self.words}"


KINDS = {
    "instance": Kind("instance", "instance", "list_instances", names=("InstanceAlias",)),
    "contact_flow": Kind("contact flow", "contact-flow", "list_contact_flows"),
    "hierarchy_group": Kind("hierarchy group", "agent-group", "list_user_hierarchy_groups"),
    "hours_of_operation": Kind("hours of operation", "operating-hours", "list_hours_of_operations"),
    "phone_number": Kind(
        "phone number",
        "phone-number",
        "list_phone_numbers_v2",
        names=("PhoneNumber", "PhoneNumberDescription"),
        id_key="PhoneNumberId",
    ),
    # Without the filter the list also holds one nameless queue per agent (connect-api 8)
    "queue": Kind("queue", "queue", "list_queues", params={"QueueTypes": ["STANDARD"]}),
    "quick_connect": Kind("quick connect", "transfer-destination", "list_quick_connects"),
    "routing_profile": Kind("routing profile", "routing-profile", "list_routing_profiles"),
    "rule": Kind("rule", "rule", "list_rules", id_key="RuleId"),
    "security_profile": Kind("security profile", "security-profile", "list_security_profiles"),
    "user": Kind("user", "agent", "list_users", names=("Username",)),
}


def id_of(value: str) -> str | None:
    """Return the id in an id or ARN, None for a name."""
    if value.startswith("arn:"):
        return value.rpartition("/")[2].split(":")[0]
    return value if _UUID.match(value) else None


class MissingInstance(ConnectError):
    """The instance that was given by id or ARN does not exist."""

    def __init__(self) -> None:
        super().__init__("The instance does not exist in this account and Region")


class Disappeared(ConnectError):
    """A thing that was found, and that the service no longer knows."""

    def __init__(self, thing: str) -> None:
        super().__init__(f"Failed to read {thing}: it disappeared during the run")


class Resolver:
    """Look-ups of one module run. `instance_id` is None while the instance does not exist (check mode only)."""

    def __init__(self, api: ConnectApi, *, warn: Callable[[str], Any], check_mode: bool) -> None:
        self.api = api
        self.instance_id: str | None = None
        self._warn = warn
        self._check_mode = check_mode

    def find_instance(self, value: str) -> str | None:
        """Return the id of the instance with this alias, id or ARN, or None when no alias matches.

        An instance whose creation failed stays listed for a day and does not count (connect-api 1.2).
        """
        if known := self._known_id("instance", value):
            return known
        match = [item for item in self.living_instances() if item.get("InstanceAlias") == value]
        return match[0]["Id"] if match else None

    def living_instances(self) -> list[dict[str, Any]]:
        """Return the summaries of all instances except failed ones."""
        instances = self.api.pages("list_instances") or []
        return [item for item in instances if item.get("InstanceStatus") != "CREATION_FAILED"]

    def find(self, kind: str, value: str) -> str | None:
        """Return the id for a name, id or ARN, or None when no object of the instance has that name.

        An id or ARN costs no request.
        """
        if known := self._known_id(kind, value):
            return known
        ids = [item[KINDS[kind].id_key] for item in self.items(kind) if value in self._names(kind, item)]
        if len(ids) > 1:
            raise ConnectError(
                f"{len(ids)} {KINDS[kind].words} objects are called '{value}': give an id or ARN instead"
            )
        return ids[0] if ids else None

    def id(self, kind: str, value: str) -> str:
        """Return the id that an option refers to; raise ConnectError that lists close names when there is none.

        In check mode the object may be made by an earlier task that only predicted it: then the name itself is
        returned, with a warning when the instance exists.
        """
        found = None if self.instance_id is None else self.find(kind, value)
        if found:
            return found
        _kind, thing = self.api.subject
        named_by = f", which {thing} names" if thing else ""
        message = f"No {KINDS[kind].words} '{value}' in the instance{named_by}{self._close_names(kind, value)}"
        if not self._check_mode:
            raise ConnectError(message)
        if self.instance_id is not None:
            self._warn(f"{message}. Check mode goes on as if it existed")
        return value

    def items(self, kind: str) -> list[dict[str, Any]]:
        """Return the List summaries of a kind (one request per page, once per run)."""
        how = KINDS[kind]
        items = self.api.pages(how.operation, InstanceId=self.instance_id, **how.params)
        if items is None:
            raise MissingInstance()
        return items

    def _known_id(self, kind: str, value: str) -> str | None:
        if value.startswith("arn:"):
            parts = value.split(":", 5)[-1].split("/")
            # Pairs of kind and id, the instance's first: the last one says what it is the ARN of
            if parts[:-1:2][-1:] != [KINDS[kind].arn_part]:
                raise ConnectError(f"'{value}' is not the ARN of {KINDS[kind].one}")
            if kind != "instance" and parts[0] == "instance" and self.instance_id not in (None, parts[1]):
                raise ConnectError(f"'{value}' belongs to another instance")
        return id_of(value)

    def _names(self, kind: str, item: dict[str, Any]) -> list[str]:
        return [item[name] for name in KINDS[kind].names if item.get(name)]

    def _close_names(self, kind: str, value: str) -> str:
        if self.instance_id is None:
            return ""
        names = [name for item in self.items(kind) for name in self._names(kind, item)]
        by_lower = {name.lower(): name for name in names}
        close = [by_lower[name] for name in difflib.get_close_matches(value.lower(), by_lower, n=3, cutoff=0.5)]
        return f" (did you mean {' or '.join(repr(name) for name in close)}?)" if close else ""
