# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the function is asked to do: events of Amazon Connect (connect-api 12.1), and one of our own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .errors import EventInvalid

# Sent by the maintenance function for a contact whose summary SAP has not.
WANTED_SOURCE = "amazon_connect.sap"
WANTED_TYPE = "Summary Wanted"
FAILED_TYPE = "Contact Lens Analysis State Change"
RULE_TYPES = {
    "Contact Lens Post Call Rules Matched": "post_call",
    "Contact Lens Post Chat Rules Matched": "post_chat",
    "Contact Lens Realtime Rules Matched": "realtime",
    "Contact Lens Realtime Chat Rules Matched": "realtime",
    "Contact Lens Email Rules Matched": "email",
}
_WANTED_REASONS = ("reconcile", "backfill")
_INSTANCE = r"(?P<instance>arn:[\w-]+:connect:[\w-]+:\d{12}:instance/(?P<instance_id>[\w-]+))"
_INSTANCE_ARN = re.compile(_INSTANCE, re.ASCII)
_CONTACT_ARN = re.compile(_INSTANCE + r"/contact/(?P<id>[\w-]+)", re.ASCII)
_CONTACT_ID = re.compile(r"[\w-]+", re.ASCII)
_REASON_CODE = re.compile(r"\w{1,64}", re.ASCII)


@dataclass(frozen=True)
class ContactEvent:
    """Which contact an event is about.

    ``kind`` is ``post_call``, ``post_chat``, ``realtime`` or ``email`` (a rule matched), ``failed`` (there will be no
    analysis, for the reason in ``failure``), ``reconcile`` or ``backfill`` (the summary was found missing in SAP).
    """

    instance_arn: str
    instance_id: str
    contact_id: str
    kind: str
    failure: str | None = None


def parse_event(event: Any) -> ContactEvent:
    """Find the contact in an event.

    ``contactArn`` alone is enough: ``agentArn``, ``queueArn`` and ``instanceArn`` may be missing.

    :raises EventInvalid: another kind of event, or no ARN of a contact in it
    """
    detail = event.get("detail") if isinstance(event, dict) else None
    if not isinstance(detail, dict):
        raise EventInvalid("The event has no detail object")
    detail_type = event.get("detail-type")
    if event.get("source") == WANTED_SOURCE and detail_type == WANTED_TYPE:
        reason = detail.get("reason")
        return _at_contact(detail.get("contactArn"), reason if reason in _WANTED_REASONS else "reconcile")
    if detail_type == FAILED_TYPE:
        return _parse_failure(detail)
    kind = RULE_TYPES.get(detail_type) if isinstance(detail_type, str) else None
    if kind is None:
        known = ", ".join([*RULE_TYPES, FAILED_TYPE, WANTED_TYPE])
        raise EventInvalid(f"The event's detail-type is none of: {known}")
    return _at_contact(detail.get("contactArn"), kind)


def _at_contact(arn: Any, kind: str, failure: str | None = None) -> ContactEvent:
    match = _CONTACT_ARN.fullmatch(arn) if isinstance(arn, str) else None
    if match is None:
        raise EventInvalid("The event's detail.contactArn is not the ARN of a contact")
    return ContactEvent(match["instance"], match["instance_id"], match["id"], kind, failure)


def _parse_failure(detail: dict[str, Any]) -> ContactEvent:
    """Its members are named otherwise than those of rule events; a bare contact id is accepted too (inferred)."""
    if detail.get("state") != "FAILED":
        raise EventInvalid("The state change of the analysis is not FAILED")
    code = detail.get("reasonCode")
    failure = code if isinstance(code, str) and _REASON_CODE.fullmatch(code) else "UNKNOWN"
    contact, instance = detail.get("contact"), detail.get("instance")
    if isinstance(contact, str) and _CONTACT_ID.fullmatch(contact):
        if not isinstance(instance, str) or not _INSTANCE_ARN.fullmatch(instance):
            raise EventInvalid("The event's detail.instance is not the ARN of an instance")
        contact = f"{instance}/contact/{contact}"
    return _at_contact(contact, "failed", failure)
