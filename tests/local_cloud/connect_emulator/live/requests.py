# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a panel asks for: the methods of the Streams library's client, and what only the panel itself needs."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable
from collections.abc import Callable
from typing import Any

from . import chats
from . import course
from . import outbound
from . import snapshots
from . import transfers
from .floor import Agent
from .floor import Connection
from .floor import Floor
from .floor import Leg
from .refusals import Refusal
from .refusals import access_denied
from .refusals import bad_endpoint
from .refusals import bad_request
from .refusals import invalid_state
from .refusals import not_found

# How long a contact that was accepted waits for the microphone.
SOFTPHONE_SECONDS = 5.0
PAUSE = 0.03
DEFAULT_PAGE = 100
MAXIMUM_PAGE = 500
DIGITS = re.compile(r"[0-9*#,]{1,50}")

Parameters = dict[str, Any]
Method = Callable[[Floor, Agent, Parameters], Awaitable[dict[str, Any]]]


async def perform(floor: Floor, agent: Agent, method: str, parameters: Parameters) -> dict[str, Any]:
    """Carry out a request of the agent's panel.

    :raises Refusal: when it cannot be done
    """
    handler = METHODS.get(method)
    if handler is None:
        raise Refusal("NotImplementedException", f"The emulator does not implement {method}.", 501)
    return await handler(floor, agent, parameters)


def _leg(agent: Agent, parameters: Parameters, *, listening: bool = False) -> Leg:
    wanted = parameters.get("contactId")
    if not isinstance(wanted, str):
        raise bad_request("contactId is required.")
    for leg in agent.legs:
        if leg.contact.id == wanted:
            if leg.listening and not listening:
                raise invalid_state("The agent only listens to the contact.")
            return leg
    raise not_found("The agent has no such contact.")


def _connection(leg: Leg, parameters: Parameters) -> Connection:
    wanted = parameters.get("connectionId")
    for connection in leg.connections:
        if connection.id == wanted:
            return connection
    raise not_found("The contact has no such connection.")


# The agent


async def _get_snapshot(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return {"snapshot": snapshots.snapshot(agent), "nextToken": str(agent.version)}


async def _get_configuration(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return {"configuration": snapshots.configuration(floor, agent)}


async def _get_permissions(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return {"permissions": snapshots.permissions(floor, agent), "nextToken": None}


async def _get_states(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return {"states": snapshots.statuses(floor), "nextToken": None}


async def _get_countries(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return {"countryCodes": sorted(outbound.DIALABLE), "nextToken": None}


async def _get_queues(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return {"queues": snapshots.routing_profile(floor, agent)["queues"], "nextToken": None}


async def _put_state(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    state = parameters.get("state")
    if not isinstance(state, dict):
        raise bad_request("state is required.")
    course.choose_status(floor, agent, state.get("name"), enqueue=parameters.get("enqueueNextState") is True)
    return {}


async def _update_configuration(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """Change the agent's phone; everything else of the configuration is the administrator's."""
    wanted = parameters.get("configuration")
    if not isinstance(wanted, dict):
        raise bad_request("configuration is required.")
    phone = agent.user.data["PhoneConfig"]
    if "softphoneEnabled" in wanted:
        phone["PhoneType"] = "SOFT_PHONE" if wanted["softphoneEnabled"] else "DESK_PHONE"
    if wanted.get("extension"):
        phone["DeskPhoneNumber"] = wanted["extension"]
    agent.tell()
    return {}


async def _get_endpoints(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    queues, size = parameters.get("queueARNs"), parameters.get("maxResults") or DEFAULT_PAGE
    if not isinstance(queues, list) or not all(isinstance(queue, str) for queue in queues):
        raise bad_request("queueARNs is a list of queues.")
    if not isinstance(size, int) or not 0 < size <= MAXIMUM_PAGE:
        raise bad_request(f"maxResults is at most {MAXIMUM_PAGE}.")
    token = parameters.get("nextToken") or "0"
    if not str(token).isdigit():
        raise bad_request("nextToken is not one of this list.")
    found, start = transfers.quick_connects(floor, queues), int(token)
    page = [transfers.endpoint(floor, record) for record in found[start : start + size]]
    return {"endpoints": page, "nextToken": str(start + size) if start + size < len(found) else None}


# Contacts


async def _dial(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    endpoint = parameters.get("endpoint")
    if not isinstance(endpoint, dict):
        raise bad_request("endpoint is required.")
    if endpoint.get("type") != "phone_number":
        raise bad_endpoint("Only phone numbers can be dialled.")
    contact = await outbound.dial(floor, agent, endpoint.get("phoneNumber"), parameters.get("queueARN"))
    return {"contactId": contact.id}


async def _accept(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """Connect a contact that rings.

    A panel says that the contact needs a softphone. Without one in any of the agent's windows the call fails, as in a
    frame that Streams does not allow one (sap-cti 3.4).
    """
    leg = _leg(agent, parameters)
    if parameters.get("needsSoftphone") is True and not await _has_softphone(leg):
        if leg.state in ("incoming", "connecting"):
            course.fail(floor, leg)
            tell_softphone_error(agent, "signalling_connection_failure")
        return {}
    await course.accept(floor, leg)
    return {}


async def _has_softphone(leg: Leg) -> bool:
    give_up = time.monotonic() + SOFTPHONE_SECONDS
    while not leg.softphone and leg.state in ("incoming", "connecting") and time.monotonic() < give_up:
        await asyncio.sleep(PAUSE)
    return leg.softphone


async def _reject(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg = _leg(agent, parameters)
    if leg.state not in ("incoming", "connecting") or leg.own.state != "connecting":
        raise invalid_state("The contact is not ringing.")
    course.turn_away(floor, leg, "rejected", "MissedCallAgent")
    return {}


async def _close(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    course.close(floor, _leg(agent, parameters))
    return {}


async def _complete(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """End a contact that has not ended, and its after-contact work too."""
    leg = _leg(agent, parameters)
    if leg.state == "connected":
        transfers.destroy(floor, leg, leg.own)
    course.close(floor, leg)
    return {}


async def _destroy_connection(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg = _leg(agent, parameters, listening=True)
    connection = _connection(leg, parameters)
    if leg.listening:
        course.stop_listening(leg)
    else:
        transfers.destroy(floor, leg, connection)
    return {}


async def _hold(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg = _leg(agent, parameters)
    course.hold(leg, _connection(leg, parameters))
    transfers.mirror(leg)
    return {}


async def _resume(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg = _leg(agent, parameters)
    course.resume(leg, _connection(leg, parameters))
    transfers.mirror(leg)
    return {}


async def _mute(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return _set_mute(agent, parameters, True)


async def _unmute(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    return _set_mute(agent, parameters, False)


def _set_mute(agent: Agent, parameters: Parameters, mute: bool) -> dict[str, Any]:
    leg = _leg(agent, parameters)
    connection = _connection(leg, parameters)
    if leg.state != "connected" or not connection.active:
        raise invalid_state("The party is not connected.")
    connection.mute = mute
    agent.tell("agent::mute_toggle", {"muted": mute} if connection is leg.own else None)
    return {}


async def _send_digits(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg = _leg(agent, parameters)
    if _connection(leg, parameters).state != "connected":
        raise invalid_state("The party is not connected.")
    if not DIGITS.fullmatch(str(parameters.get("digits"))):
        raise bad_request("digits are those of a telephone.")
    return {}


async def _add_connection(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg, endpoint = _leg(agent, parameters), parameters.get("endpoint")
    if not isinstance(endpoint, dict):
        raise bad_request("endpoint is required.")
    await transfers.add(floor, leg, endpoint)
    return {}


async def _transfer(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """Ask a third party and leave at once."""
    await _add_connection(floor, agent, parameters)
    leg = _leg(agent, parameters)
    if leg.third:
        transfers.hand_over(leg)
    return {}


async def _swap(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    leg = _leg(agent, parameters)
    _connection(leg, parameters)
    transfers.swap(leg)
    return {}


async def _conference(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    transfers.conference(_leg(agent, parameters))
    return {}


# Of the panel itself


async def _softphone_ready(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """Note that the agent can be heard. The contact may be gone by now: the panel asks the browser first."""
    wanted = parameters.get("contactId")
    for leg in agent.legs:
        if leg.contact.id == wanted:
            leg.softphone = True
    return {}


async def _softphone_failed(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """End the contact that the panel cannot carry, and tell the pages around all panels why."""
    leg, kind = _leg(agent, parameters), parameters.get("errorType")
    if kind not in SOFTPHONE_ERRORS:
        raise bad_request(f"errorType is one of {', '.join(SOFTPHONE_ERRORS)}.")
    course.fail(floor, leg)
    tell_softphone_error(agent, kind)
    return {}


def tell_softphone_error(agent: Agent, kind: str) -> None:
    agent.tell("agent::softphone_error", {"errorType": kind, "errorMessage": kind.replace("_", " "), "endPointUrl": ""})


async def _say(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    chats.say(_leg(agent, parameters), parameters.get("text"))
    return {}


async def _create_transport(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """Open the way to a chat; sound and its signalling have none here."""
    if parameters.get("transportType") != "chat_token":
        raise Refusal("NotImplementedException", "The emulator opens ways to chats only.", 501)
    leg = _leg(agent, parameters)
    if leg.contact.kind != "chat" or parameters.get("participantId") != leg.own.id or leg.own.state == "connecting":
        raise access_denied("The agent takes no part in this chat.")
    made = chats.new_token(floor, leg)
    return {"chatTokenTransport": {"participantToken": made["token"], "expiry": made["expiry"]}}


async def _nothing(floor: Floor, agent: Agent, parameters: Parameters) -> dict[str, Any]:
    """Take what the library reports about itself, and keep none of it."""
    return {}


SOFTPHONE_ERRORS = (
    "unsupported_browser",
    "microphone_not_shared",
    "signalling_handshake_failure",
    "signalling_connection_failure",
    "ice_collection_timeout",
    "user_busy_error",
    "webrtc_error",
    "realtime_communication_error",
    "vdi_strategy_not_supported",
    "vdi_redir_not_supported",
    "other",
)

METHODS: dict[str, Method] = {
    "acceptContact": _accept,
    "clearContact": _close,
    "completeContact": _complete,
    "conferenceConnections": _conference,
    "createAdditionalConnection": _add_connection,
    "createOutboundContact": _dial,
    "createTransport": _create_transport,
    "destroyConnection": _destroy_connection,
    "getAgentConfiguration": _get_configuration,
    "getAgentPermissions": _get_permissions,
    "getAgentSnapshot": _get_snapshot,
    "getAgentStates": _get_states,
    "getDialableCountryCodes": _get_countries,
    "getEndpoints": _get_endpoints,
    "getRoutingProfileQueues": _get_queues,
    "holdConnection": _hold,
    "muteParticipant": _mute,
    "notifyContactIssue": _nothing,
    "putAgentState": _put_state,
    "rejectContact": _reject,
    "resumeConnection": _resume,
    "sendClientLogs": _nothing,
    "sendDigits": _send_digits,
    "sendSoftphoneCallMetrics": _nothing,
    "sendSoftphoneCallReport": _nothing,
    "toggleActiveConnections": _swap,
    "transferContact": _transfer,
    "unmuteParticipant": _unmute,
    "updateAgentConfiguration": _update_configuration,
    # Not of the library.
    "sendMessage": _say,
    "softphoneFailed": _softphone_failed,
    "softphoneReady": _softphone_ready,
}
