# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SAP does with the messages of a connector: it finds customers and makes, binds and ends activities.

An activity is a record of the phone service, made when the agent accepts and found by its reference for updates
(sap-cti 1.2, 1.3). Of its members only ``externalId.displayId`` and ``transcript`` are known; the others are inferred.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC
from datetime import datetime
from typing import Any

from .phone_calls import PhoneCalls

ATTRIBUTES = ("DNIS", "Email", "BP", "TicketID", "Serial", "Custom_1", "Custom_2", "Custom_3", "Custom_4")
# Made up, with numbers that are kept for such use.
CUSTOMERS = [
    {
        "id": "1000001",
        "name": "Brightwater Pumps Ltd",
        "contact": "Olivia Hart",
        "phone": "+44 20 7946 0123",
        "email": "olivia.hart@brightwater.example",
    },
    {
        "id": "1000002",
        "name": "Kestrel Instruments",
        "contact": "Samuel Okoro",
        "phone": "+44 7700 900123",
        "email": "samuel.okoro@kestrel.example",
    },
    {
        "id": "1000003",
        "name": "Lindgren & Sons",
        "contact": "Maja Lindgren",
        "phone": "+44 113 496 0750",
        "email": "maja@lindgren.example",
    },
    {
        "id": "1000004",
        "name": "Lindgren Holding",
        "contact": "Maja Lindgren",
        "phone": "+44 113 496 0750",
        "email": "office@lindgren.example",
    },
]
CUSTOMER_MEMBERS = {"id", "name", "contact", "phone", "email"}


class Activities:
    """The activities of one tenant, and its directory of customers."""

    def __init__(self, phone_calls: PhoneCalls, user: str) -> None:
        self._phone_calls = phone_calls
        self._user = user
        # Made by a click on a number, waiting for the call: id -> members.
        self._planned: dict[str, dict[str, Any]] = {}
        self.customers: list[dict[str, str]] = list(CUSTOMERS)

    def clear(self) -> None:
        """Forget what is planned and bring the directory back; the records belong to the phone service."""
        self._planned.clear()
        self.customers = list(CUSTOMERS)

    def all(self) -> list[dict[str, Any]]:
        """Return the records, the newest first."""
        return self._phone_calls.all()[::-1]

    def identify(self, message: dict[str, str]) -> list[dict[str, str]]:
        """Return the customers that a message fits: by business partner, else number, else e-mail address.

        A number without ``+`` finds nobody (KBA 3705829).
        """
        if "BP" in message:
            return [customer for customer in self.customers if customer["id"] == message["BP"]]
        number = message.get("ANI", "")
        if number.startswith("+"):
            return [customer for customer in self.customers if _digits(customer["phone"]) == _digits(number)]
        address = message.get("Email", "").lower()
        return [customer for customer in self.customers if address and customer["email"].lower() == address]

    def plan(self, customer: str | None, number: str) -> dict[str, Any]:
        """Make the activity that SAP makes when an agent clicks on a number, before there is a call."""
        identifier = str(uuid.uuid4())
        known = next((entry for entry in self.customers if entry["id"] == customer), None)
        self._planned[identifier] = {"customer": _shown(known), "phoneNumber": number}
        return {"id": identifier, "customer": _shown(known)}

    def receive(self, message: dict[str, str]) -> dict[str, Any]:
        """Carry out a message that keeps to the contract.

        :returns: ``customers`` that it fits and ``activity`` that it made or changed (None when it only announces)
        :raises ValueError: when it contradicts the records
        """
        action = message.get("Action")
        needed = {"Type", "EventType"} | (set() if action in ("NOTIFY", "DECLINE") else {"ExternalReferenceID"})
        if missing := sorted(needed - message.keys()):
            raise ValueError(f"The message lacks {', '.join(missing)}.")
        activity = None
        if action == "END":
            activity = self._end(message)
        elif action not in ("NOTIFY", "DECLINE"):
            activity = self._begin(message)
        return {"customers": self.identify(message), "activity": activity}

    def _begin(self, message: dict[str, str]) -> dict[str, Any]:
        reference = message["ExternalReferenceID"]
        if self._find(reference):
            raise ValueError(f"There is an activity of {reference} already; SAP would now show two.")
        planned, identifier = {}, message.get("ActivityUUID")
        if identifier is not None:
            if identifier not in self._planned:
                raise ValueError(f"No activity {identifier} waits for a call.")
            planned = self._planned.pop(identifier)
        found = self.identify(message)
        outbound = message["EventType"] == "OUTBOUND" or identifier is not None
        members = {
            "type": message["Type"],
            "direction": "OUTBOUND" if outbound else "INBOUND",
            "status": "OPEN",
            "subject": message.get("Subject"),
            "text": message.get("Text"),
            "phoneNumber": message.get("ANI"),
            "customer": planned.get("customer") or (_shown(found[0]) if len(found) == 1 else None),
            "externalId": {"displayId": reference},
            "originalReference": message.get("ExternalOriginalReferenceID"),
            "attributes": {name: message[name] for name in ATTRIBUTES if name in message},
            "startedOn": _now(),
        }
        return self._phone_calls.create(members, self._user, identifier)

    def _end(self, message: dict[str, str]) -> dict[str, Any]:
        reference = message["ExternalReferenceID"]
        record = self._find(reference)
        if record is None:
            raise ValueError(f"There is no activity of {reference} to end.")
        if record.get("status") == "COMPLETED":
            raise ValueError(f"The activity of {reference} has ended already.")
        changes = {"status": "COMPLETED", "endedOn": _now()}
        if "RecordingId" in message:
            changes["recordingId"] = message["RecordingId"]
        if "Transcript" in message:
            changes["transcript"] = message["Transcript"]
        self._phone_calls.merge(record, changes, self._user)
        return record

    def _find(self, reference: str) -> dict[str, Any] | None:
        return next(
            (record for record in self._phone_calls.all() if record["externalId"]["displayId"] == reference), None
        )


def check_customers(customers: Any) -> list[dict[str, str]]:
    """Return a directory that was given.

    :raises ValueError: when it is none
    """
    entries = customers if isinstance(customers, list) else [None]
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != CUSTOMER_MEMBERS:
            raise ValueError(f"A customer has {', '.join(sorted(CUSTOMER_MEMBERS))}.")
        if not all(isinstance(value, str) and value for value in entry.values()):
            raise ValueError("The members of a customer are texts.")
    return entries


def _shown(customer: dict[str, str] | None) -> dict[str, str] | None:
    return {"id": customer["id"], "name": customer["name"]} if customer else None


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
