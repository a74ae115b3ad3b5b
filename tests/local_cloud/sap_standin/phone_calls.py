# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phone call records: made, read, found and changed as the phone service does."""

from __future__ import annotations

import copy
import uuid
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

# Members that SAP sets by itself.
READ_ONLY = {"id", "adminData"}
USER_ID = "11ea0000-0000-4000-8000-00000000c001"


class PhoneCalls:
    """All records, in the order of their making."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Any]] = {}
        self._history: dict[str, list[dict[str, Any]]] = {}
        self._last_change = datetime.min.replace(tzinfo=UTC)

    def all(self) -> list[dict[str, Any]]:
        return list(self._records.values())

    def all_with_history(self) -> list[dict[str, Any]]:
        """Return all records, each with its writes: when, by whom, and which members."""
        return [{**record, "history": self._history[record["id"]]} for record in self._records.values()]

    def get(self, identifier: str) -> dict[str, Any] | None:
        return self._records.get(identifier)

    def create(self, members: dict[str, Any], user: str, identifier: str | None = None) -> dict[str, Any]:
        """Make a record; its adminData comes from here, and its id unless SAP gave it one before."""
        now = self._tick()
        record = {
            "id": identifier or str(uuid.uuid4()),
            **{name: value for name, value in members.items() if name not in READ_ONLY and value is not None},
            "adminData": {
                "createdOn": now,
                "createdBy": USER_ID,
                "createdByName": user,
                "updatedOn": now,
                "updatedBy": USER_ID,
                "updatedByName": user,
            },
        }
        self._records[record["id"]] = record
        self._history[record["id"]] = [{"time": now, "user": user, "members": copy.deepcopy(members)}]
        return record

    def merge(self, record: dict[str, Any], patch: dict[str, Any], user: str) -> None:
        """Apply a merge patch (RFC 7396): null removes a member, objects are merged, all else replaces."""
        _merge(record, patch)
        self._stamp(record, patch, user)

    def touch(self, record: dict[str, Any], user: str) -> None:
        """Let somebody write a record without a change that is seen: it has another version then."""
        self._stamp(record, {}, user)

    def clear(self) -> None:
        self._records.clear()
        self._history.clear()

    def _stamp(self, record: dict[str, Any], members: dict[str, Any], user: str) -> None:
        now = self._tick()
        record["adminData"] |= {"updatedOn": now, "updatedBy": USER_ID, "updatedByName": user}
        self._history[record["id"]].append({"time": now, "user": user, "members": copy.deepcopy(members)})

    def _tick(self) -> str:
        """Return the time, later than at any earlier change: it is the records' ETag."""
        now = datetime.now(UTC)
        # Milliseconds as SAP writes them.
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last_change = max(now, self._last_change + timedelta(milliseconds=1))
        return self._last_change.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _merge(target: dict[str, Any], patch: dict[str, Any]) -> None:
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict):
            member = target.get(name)
            target[name] = member if isinstance(member, dict) else {}
            _merge(target[name], value)
        else:
            target[name] = value
