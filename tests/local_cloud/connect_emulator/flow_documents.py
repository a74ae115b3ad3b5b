# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What contact flows and flow modules have in common: drafts, published content, references (connect-api 6.1)."""

from __future__ import annotations

import hashlib

from . import objects
from .errors import ConnectError
from .flow_language.validator import find_problems
from .search import Field
from .state import Instance
from .state import Record

SAVED = "$SAVED"
SEARCHED: dict[str, Field] = {name: objects.SEARCHED[name] for name in ("name", "description")}
SEARCH_CONDITIONS = {"StateCondition": "State", "StatusCondition": "Status"}

_REFERENCE_KINDS = {
    "queue": "queues",
    "prompt": "prompts",
    "flow": "contact_flows",
    "flow module": "contact_flow_modules",
    "hours of operation": "hours_of_operations",
    "user": "users",
}


class InstanceReferences:
    """Looks up in an instance what a flow names by id or ARN."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def exists(self, kind: str, identifier: str) -> bool:
        """``kind`` as the validator says it. A function's version or alias goes with its association (inferred)."""
        if kind == "Lambda function":
            store = self._instance.store("lambda_functions")
            return any(store.find(name) for name in (identifier, ":".join(identifier.split(":")[:7])))
        return any(
            identifier in (record.id, record.arn)
            for record in self._instance.store(_REFERENCE_KINDS[kind]).everything()
        )


def problems_of(instance: Instance, content: str, flow_type: str) -> list[dict[str, str]]:
    """Return why the content cannot be published, as the exceptions tell it; empty when it can."""
    return [{"message": problem} for problem in find_problems(content, flow_type, InstanceReferences(instance))]


def get(instance: Instance, kind: str, reference: str) -> tuple[Record, str | None]:
    """Return the record and what follows its id or ARN after a colon: $SAVED or nothing."""
    head, slash, tail = reference.rpartition("/")
    identifier, _unused, suffix = tail.partition(":")
    record = instance.store(kind).get(head + slash + identifier)
    if suffix not in ("", SAVED):
        # The operations that make versions are not emulated.
        raise ConnectError("ResourceNotFoundException", f"{identifier} has no version {suffix}.")
    return record, suffix or None


def get_whole(instance: Instance, kind: str, reference: str) -> Record:
    """Return the record for an operation on all of it: a draft alone is no such thing (inferred)."""
    record, suffix = get(instance, kind, reference)
    if suffix is not None:
        raise ConnectError("ResourceNotFoundException", f"This operation does not take {SAVED}.")
    return record


def save(record: Record, content: str) -> None:
    """Write the draft."""
    record.data["_saved"] = content


def publish(record: Record, content: str) -> str:
    """Publish the content and return its hash. How the service forms it is not documented (inferred)."""
    record.data["_published"] = content
    record.data["Status"] = "PUBLISHED"
    return hashlib.sha256(content.encode()).hexdigest()


def read(record: Record, suffix: str | None) -> tuple[str | None, str]:
    """Return content and status of the draft or of the published version, whose content may be None."""
    published = record.data.get("_published")
    if suffix != SAVED:
        return published, "PUBLISHED"
    content = record.data["_saved"]
    return content, "PUBLISHED" if content == published else "SAVED"
