# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Streams library is shown of an agent (its model of the service behind the panel, sap-cti 3.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..state import EMULATOR
from ..world import find
from . import chats
from . import course
from . import outbound
from .floor import Agent
from .floor import Connection
from .floor import Floor
from .floor import Leg
from .floor import Status


def snapshot(agent: Agent) -> dict[str, Any]:
    """Return the agent's state and contacts."""
    return {
        "state": _status(agent.status),
        "nextState": _status(agent.next_status) if agent.next_status else None,
        "agentAvailabilityState": {"state": agent.status.name, "timeStamp": _text(agent.status.since)},
        "contacts": [_contact(leg) for leg in agent.legs],
        "skew": 0,
        "snapshotTimestamp": _text(EMULATOR.now()),
    }


def configuration(floor: Floor, agent: Agent) -> dict[str, Any]:
    """Return what holds for the agent as long as no administrator changes it."""
    user = agent.user
    phone = user.data["PhoneConfig"]
    identity = user.data.get("IdentityInfo") or {}
    return {
        "name": " ".join(identity.get(part, "") for part in ("FirstName", "LastName")).strip() or user.name,
        "username": user.name,
        "agentARN": user.arn,
        "softphoneEnabled": phone.get("PhoneType") == "SOFT_PHONE",
        "softphoneAutoAccept": bool(phone.get("AutoAccept")),
        "extension": phone.get("DeskPhoneNumber"),
        "permissions": permissions(floor, agent),
        "agentStates": statuses(floor),
        "dialableCountries": sorted(outbound.DIALABLE),
        "agentPreferences": {},
        "routingProfile": routing_profile(floor, agent),
    }


def permissions(floor: Floor, agent: Agent) -> list[str]:
    return ["outboundCall"] if outbound.may_dial(floor, agent) else []


def statuses(floor: Floor) -> list[dict[str, Any]]:
    """Return the statuses that the agent can choose."""
    found = [floor.status(record.name) for record in floor.instance.store("agent_statuses").all()]
    return [{"agentStateARN": item.arn, "name": item.name, "type": item.type} for item in found if item]


def routing_profile(floor: Floor, agent: Agent) -> dict[str, Any]:
    profile = find(floor.instance, "routing_profiles", agent.user.data["RoutingProfileId"])
    own = f"{floor.instance.arn}/queue/agent/{agent.user.id}"
    served = dict.fromkeys(entry["QueueId"] for entry in profile.data["_queues"])
    queues = [queue for queue in (_queue(floor, queue_id) for queue_id in served) if queue]
    return {
        "name": profile.name,
        "routingProfileARN": profile.arn,
        "routingProfileId": profile.arn,
        "queues": [*queues, {"queueARN": own, "queueId": own, "name": None}],
        "defaultOutboundQueue": _queue(floor, profile.data["DefaultOutboundQueueId"]),
        "channelConcurrencyMap": {
            media["Channel"]: media["Concurrency"] for media in profile.data["MediaConcurrencies"]
        },
    }


def _queue(floor: Floor, queue_id: str) -> dict[str, Any] | None:
    record = find(floor.instance, "queues", queue_id)
    return {"queueARN": record.arn, "queueId": record.arn, "name": record.name} if record else None


def _status(status: Status) -> dict[str, Any]:
    return {
        "agentStateARN": status.arn,
        "name": status.name,
        "type": status.type,
        "startTimestamp": _text(status.since),
    }


def _contact(leg: Leg) -> dict[str, Any]:
    contact, call = leg.contact, leg.contact.call
    queue = call.contact.queue
    attributes = contact.record.data["Attributes"]
    shown_attributes = {name: {"name": name, "value": value} for name, value in attributes.items()}
    shown = {
        "contactId": contact.id,
        "initialContactId": call.initial_contact_id,
        "relatedContactId": None,
        "contactAssociationId": call.initial_contact_id or contact.id,
        "type": contact.kind,
        "state": {"type": leg.state, "timestamp": _text(leg.since)},
        "queue": {"queueARN": queue.arn, "queueId": queue.arn, "name": queue.name} if queue else None,
        "queueTimestamp": _text(call.enqueued_at) if call.enqueued_at else None,
        "connections": [_connection(leg, connection) for connection in leg.connections],
        # A supervisor sees none (sap-cti 3.3).
        "attributes": None if leg.listening else shown_attributes,
        "contactDuration": str(int((EMULATOR.now() - leg.since).total_seconds() * 1000)),
        "name": call.contact.details.get("Name"),
        "description": call.contact.details.get("Description"),
        "references": {},
        "initiationMethod": call.contact.initiation_method.lower(),
        "contactFeatures": {"attachmentsEnabled": False, "multiPartyConferenceEnabled": False},
        "channelContext": None,
        "segmentAttributes": {"connect:Subtype": {"ValueString": contact.subtype or "connect:Telephony"}},
        "customerEndpoint": course.customer_endpoint(contact),
        "connectSystemEndpoint": {"type": "phone_number", "phoneNumber": call.contact.system_address},
    }
    if contact.kind == "chat":
        # For the panel itself; Streams hands it to nobody.
        shown["messages"] = contact.messages
    return shown


def _connection(leg: Leg, connection: Connection) -> dict[str, Any]:
    contact = leg.contact
    shown: dict[str, Any] = {
        "connectionId": connection.id,
        "initial": connection.initial,
        "type": connection.type,
        "state": {"type": connection.state, "timestamp": _text(connection.since)},
        "endpoint": connection.endpoint,
        "quickConnectName": connection.quick_connect,
        "mute": connection.mute,
        "forcedMute": False,
    }
    if contact.kind == "chat":
        shown["chatMediaInfo"] = {
            "chatAutoAccept": False,
            "customerName": contact.customer_name,
            "agentName": leg.agent.user.name,
            "connectionData": chats.connection_data(leg.chat_token) if connection is leg.own else None,
        }
    elif connection is leg.own and leg.agent.user.data["PhoneConfig"].get("PhoneType") == "SOFT_PHONE":
        shown["softphoneMediaInfo"] = {
            "callType": "audio_only",
            "autoAccept": bool(leg.agent.user.data["PhoneConfig"].get("AutoAccept")),
        }
    return shown


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
