# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The participant service of chats, as far as an agent's page needs it (its public model: connectparticipant).

A page has the agent's token from Streams (createTransport, chat_token) and uses it as it is, as the library
amazon-connect-chatjs does, or exchanges the participant token of the contact's media information for one. A token ends
with the agent's after-contact work (inferred).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..state import EMULATOR
from .floor import Floor
from .floor import Leg
from .refusals import access_denied
from .refusals import bad_request
from .refusals import invalid_state
from .refusals import not_found

TOKEN_LIFETIME = timedelta(hours=24)
MESSAGE_TYPES = ("text/plain", "text/markdown", "application/json")
EVENT_TYPES = (
    "application/vnd.amazonaws.connect.event.typing",
    "application/vnd.amazonaws.connect.event.connection.acknowledged",
    "application/vnd.amazonaws.connect.event.message.delivered",
    "application/vnd.amazonaws.connect.event.message.read",
)
LONGEST_MESSAGE = 1024
DEFAULT_PAGE = 15
MAXIMUM_PAGE = 100
JOINED = "application/vnd.amazonaws.connect.event.participant.joined"
ENDED = "application/vnd.amazonaws.connect.event.chat.ended"


@dataclass(frozen=True)
class Token:
    """What a page may do in a chat: as a participant only ask for a connection, as a connection all the rest."""

    leg: Leg
    kind: str


def new_token(floor: Floor, leg: Leg, kind: str = "connection") -> dict[str, str]:
    """Return a token for the agent's part in a chat, and when it expires."""
    token = secrets.token_urlsafe(24)
    floor.chat_tokens[token] = Token(leg, kind)
    expiry = (EMULATOR.now() + TOKEN_LIFETIME).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"token": token, "expiry": expiry}


def perform(floor: Floor, action: str, token: str | None, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out a request to the participant service.

    :raises Refusal: when it cannot be done
    """
    handlers = {
        "transcript": _get_transcript,
        "message": _send_message,
        "event": _send_event,
        "disconnect": _disconnect,
    }
    known = floor.chat_tokens.get(token or "")
    if action == "connection":
        return _connect(floor, known, request)
    if action not in handlers:
        raise not_found(f"The participant service has no {action}.")
    if known is None or known.kind != "connection" or known.leg not in known.leg.agent.legs:
        raise access_denied("The token is not valid.")
    return handlers[action](floor, known.leg, request)


def _connect(floor: Floor, known: Token | None, request: dict[str, Any]) -> dict[str, Any]:
    """Exchange a participant token; the connection by web socket is not emulated."""
    if known is None or known.kind != "participant" or known.leg not in known.leg.agent.legs:
        raise access_denied("The token is not valid.")
    if request.get("Type") != ["CONNECTION_CREDENTIALS"]:
        raise bad_request("The emulator gives CONNECTION_CREDENTIALS only.")
    made = new_token(floor, known.leg)
    return {"ConnectionCredentials": {"ConnectionToken": made["token"], "Expiry": made["expiry"]}}


def _get_transcript(floor: Floor, leg: Leg, request: dict[str, Any]) -> dict[str, Any]:
    """Show what was said, a page at a time, from the end or from the beginning."""
    size = request.get("MaxResults", DEFAULT_PAGE)
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= MAXIMUM_PAGE:
        raise bad_request(f"MaxResults is at most {MAXIMUM_PAGE}.")
    direction, order = request.get("ScanDirection", "BACKWARD"), request.get("SortOrder", "DESCENDING")
    if direction not in ("FORWARD", "BACKWARD") or order not in ("ASCENDING", "DESCENDING"):
        raise bad_request("ScanDirection is FORWARD or BACKWARD, SortOrder ASCENDING or DESCENDING.")
    if request.get("ContactId") not in (None, leg.contact.id):
        raise access_denied("The token is for another contact.")
    items = [_item(leg, said) for said in leg.contact.said]
    if direction == "BACKWARD":
        items.reverse()
    token = request.get("NextToken") or "0"
    if not str(token).isdigit():
        raise bad_request("NextToken is not one of this transcript.")
    start = int(token)
    page, rest = items[start : start + size], len(items) > start + size
    if (direction == "BACKWARD") == (order == "ASCENDING"):
        page.reverse()
    answer = {
        "InitialContactId": leg.contact.call.initial_contact_id or leg.contact.id,
        "Transcript": page,
    }
    return answer | ({"NextToken": str(start + size)} if rest else {})


def _item(leg: Leg, said: dict[str, Any]) -> dict[str, Any]:
    role = said["role"]
    name = leg.contact.customer_name or "Customer" if role == "CUSTOMER" else leg.agent.user.name
    return {
        "Id": said["id"],
        "AbsoluteTime": said["time"],
        "Type": "MESSAGE" if said["content_type"] in MESSAGE_TYPES else "EVENT",
        "ContentType": said["content_type"],
        "Content": said["text"],
        "ParticipantId": leg.own.id if role == "AGENT" else leg.customer.id,
        "ParticipantRole": role,
        "DisplayName": name,
    }


def _send_message(floor: Floor, leg: Leg, request: dict[str, Any]) -> dict[str, Any]:
    content_type, content = request.get("ContentType"), request.get("Content")
    if content_type not in MESSAGE_TYPES:
        raise bad_request(f"ContentType is one of {', '.join(MESSAGE_TYPES)}.")
    said = say(leg, content, content_type)
    return {"Id": said["id"], "AbsoluteTime": said["time"]}


def say(leg: Leg, text: Any, content_type: str = "text/plain") -> dict[str, Any]:
    """Let the agent write to the customer."""
    if leg.contact.kind != "chat" or leg.state != "connected":
        raise invalid_state("The contact is no chat that is connected.")
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_MESSAGE:
        raise bad_request(f"A message has 1 to {LONGEST_MESSAGE} characters.")
    said = leg.contact.say("AGENT", text, content_type)
    leg.agent.tell()
    return said


def _send_event(floor: Floor, leg: Leg, request: dict[str, Any]) -> dict[str, Any]:
    """Take what a page tells about itself, such as that the agent types; nobody sees it here."""
    if request.get("ContentType") not in EVENT_TYPES:
        raise bad_request(f"ContentType is one of {', '.join(EVENT_TYPES)}.")
    return {"Id": secrets.token_hex(8), "AbsoluteTime": EMULATOR.now().isoformat()}


def _disconnect(floor: Floor, leg: Leg, request: dict[str, Any]) -> dict[str, Any]:
    from . import transfers

    transfers.destroy(floor, leg, leg.own)
    return {}


def connection_data(token: str) -> str:
    """Return the media information of an agent's connection, in which Streams finds the participant token."""
    return json.dumps({"ConnectionAuthenticationToken": token})
