# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control addresses of live contacts: the customers' side, and agents without a panel."""

from __future__ import annotations

import secrets
from typing import Any

from .. import simulation
from ..errors import ConnectError
from ..state import EMULATOR
from ..state import Instance
from ..state import Record
from . import arrival
from . import course
from . import customers
from . import requests
from .floor import AVAILABLE
from .floor import Agent
from .floor import Floor
from .floor import Leg
from .floor import LiveContact
from .floor import floor_of
from .refusals import bad_request
from .refusals import invalid_state


async def place_call(request: dict[str, Any]) -> dict[str, Any]:
    """Let a customer call or write; return where the contact is by then."""
    contact = await arrival.start(request)
    call = contact.call
    return {
        "contact_id": contact.id,
        "state": contact.state,
        "path": call.path,
        "queue": call.contact.queue.name if call.contact.queue and call.contact.enqueued else None,
        "messages": call.contact.messages,
        "problems": [],
    }


def find_contact(identifier: str) -> LiveContact | None:
    """Return a live contact of any instance, also one that is over."""
    for instance in _instances():
        if instance.floor and identifier in instance.floor.contacts:
            return instance.floor.contacts[identifier]
    return None


def show_contact(contact: LiveContact) -> dict[str, Any]:
    """Return what a contact has besides its record."""
    leg = contact.leg or contact.closing
    connections = [
        {
            "type": connection.type,
            "state": connection.state,
            "endpoint": connection.endpoint,
            "user": leg.agent.user.name if connection is leg.own else None,
        }
        for connection in (leg.connections if leg else ())
    ]
    return {
        "state": contact.state,
        "connections": connections,
        "messages_exchanged": [{name: said[name] for name in ("role", "text", "time")} for said in contact.messages],
        "outcome": contact.outcome,
    }


def act_as_customer(identifier: str, body: dict[str, Any]) -> dict[str, Any]:
    """Do what the customer, or a third party outside the instance, does."""
    contact = find_contact(identifier)
    if contact is None:
        raise ConnectError("ResourceNotFoundException", f"No live contact {identifier}")
    wanted, party = body.get("do"), body.get("party")
    if wanted == "hang_up":
        if party == "third":
            customers.leave(contact)
        else:
            customers.hang_up(contact)
    elif wanted == "say" and isinstance(body.get("text"), str):
        customers.say(contact, body["text"])
    elif wanted in ("answer", "refuse", "ignore"):
        getattr(customers, wanted)(contact, party)
    elif wanted == "attributes" and isinstance(body.get("attributes"), dict):
        set_attributes(contact, body["attributes"])
    else:
        raise bad_request("do is hang_up, say (with text), answer, refuse, ignore or attributes (with attributes)")
    return {"contact_id": contact.id, **show_contact(contact)}


def set_attributes(contact: LiveContact, attributes: dict[str, Any]) -> None:
    """Change contact attributes while the contact goes on, as a flow does."""
    known = contact.record.data["Attributes"]
    contact.record.data["Attributes"] = {**known, **{name: str(value) for name, value in attributes.items()}}
    floor_of(contact.call.instance).tell_agent(contact.id)


def show_agent(query: dict[str, str]) -> dict[str, Any]:
    """Return what an agent is doing."""
    return _show(*_find_agent(query))


async def act_on_agent(body: dict[str, Any]) -> dict[str, Any]:
    """Do something to an agent, or as one."""
    floor, agent = _find_agent(body)
    handler = ACTIONS.get(str(body.get("do")))
    if handler is None:
        raise bad_request(f"do is one of {', '.join(sorted(ACTIONS))}")
    answer = await handler(floor, agent, body)
    return {**_show(floor, agent), **(answer or {})}


def _show(floor: Floor, agent: Agent) -> dict[str, Any]:
    return {
        "user": agent.user.name,
        "signed_in": floor.signed_in(agent),
        "state": agent.status.name,
        "contacts": [
            {"contact_id": leg.contact.id, "type": leg.contact.kind, "state": leg.state} for leg in agent.legs
        ],
    }


def _find_agent(query: dict[str, Any]) -> tuple[Floor, Agent]:
    instance, name = _find_instance(query), query.get("user")
    user: Record | None = instance.store("users").find(name) if name else None
    if user is None:
        raise ConnectError("ResourceNotFoundException", f"The instance has no user {name}")
    floor = floor_of(instance)
    return floor, floor.agent(user)


def _find_instance(query: dict[str, Any]) -> Instance:
    wanted = query.get("instance")
    for (account, region), state in EMULATOR.regions.items():
        if account != str(query.get("account")) or query.get("region") not in (None, region):
            continue
        for instance in state.instances.values():
            if wanted and wanted in (instance.id, instance.arn, instance.alias) and instance.status == "ACTIVE":
                return instance
    raise ConnectError("ResourceNotFoundException", f"Account {query.get('account')} has no instance {wanted}")


def _instances() -> list[Instance]:
    return [instance for region in EMULATOR.regions.values() for instance in region.instances.values()]


# What can be done


async def _sign_in(floor: Floor, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
    """Open a session; `path` opens another one in a browser, once."""
    code = secrets.token_urlsafe(16)
    floor.codes[code] = agent.user.id
    return {"cookie": f"lily-auth={floor.sign_in(agent.user)}", "path": f"/connect/sso?code={code}", "signed_in": True}


async def _sign_out(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    floor.sign_out(agent, "signed_out")


async def _terminate(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    """End the sessions as the agent does in one of several panels."""
    floor.sign_out(agent, "terminated")


async def _set_state(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    course.choose_status(floor, agent, body.get("state"))


async def _lose_connection(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    agent.reachable = False
    agent.tell()


async def _reconnect(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    agent.reachable = True
    agent.tell()


async def _deny(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    agent.allowed = False
    agent.tell()


async def _allow(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    agent.allowed = True
    agent.tell()


async def _softphone_error(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    """Report a softphone error; a voice contact that rings fails with it."""
    kind = str(body.get("error"))
    if kind not in requests.SOFTPHONE_ERRORS:
        raise bad_request(f"error is one of {', '.join(requests.SOFTPHONE_ERRORS)}")
    for leg in agent.busy("voice"):
        if leg.state in ("incoming", "connecting"):
            course.fail(floor, leg)
            break
    requests.tell_softphone_error(agent, kind)


async def _monitor(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    """Let the user listen to a contact of another agent."""
    contact = floor.contacts.get(str(body.get("contact_id")))
    if contact is None:
        raise ConnectError("ResourceNotFoundException", f"No live contact {body.get('contact_id')}")
    course.monitor(contact, agent)


async def _report(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    if not isinstance(body.get("event"), str):
        raise bad_request("event is required")
    agent.tell(body["event"], body.get("data"))


async def _reset(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
    """Make the agent idle and available: contacts are dropped as if they had never been."""
    for leg in [leg for leg in agent.legs if leg.listening]:
        course.stop_listening(leg)
    gone = {leg.contact.id for leg in agent.legs}
    gone |= {item.contact.id for leg in agent.legs for item in leg.connections if item.contact}
    gone |= {item.id for item in floor.contacts.values() if item.waiting and simulation.serves(item.call, agent.user)}
    for contact in [floor.contacts[name] for name in gone if name in floor.contacts]:
        contact.waiting, contact.over = False, True
        for leg in filter(None, (contact.leg, contact.closing)):
            _remove(leg)
        for leg in list(contact.listeners):
            course.stop_listening(leg)
        contact.leg = contact.closing = None
        if contact.patience:
            contact.patience.cancel()
    for leg in agent.legs:
        _remove(leg)
    agent.reachable = agent.allowed = True
    agent.next_status = None
    agent.chosen = floor.status(AVAILABLE)
    agent.become(agent.chosen)


def _remove(leg: Leg) -> None:
    for timer in leg.timers:
        timer.cancel()
    leg.agent.legs = [item for item in leg.agent.legs if item is not leg]
    course.restore(leg.agent)
    leg.agent.tell()


def _method(name: str, *states: str) -> Any:
    async def call(floor: Floor, agent: Agent, body: dict[str, Any]) -> None:
        fitting = [
            leg for leg in agent.legs if leg.state in states and body.get("contact_id") in (None, leg.contact.id)
        ]
        if not fitting:
            raise invalid_state(f"The agent has no contact that is {' or '.join(states)}.")
        leg = fitting[0]
        await requests.perform(floor, agent, name, {"contactId": leg.contact.id, "connectionId": leg.own.id})

    return call


ACTIONS = {
    "accept": _method("acceptContact", "incoming", "connecting"),
    "allow": _allow,
    "close": _method("clearContact", "ended", "missed", "rejected", "error"),
    "deny": _deny,
    "hang_up": _method("destroyConnection", "connecting", "connected"),
    "lose_connection": _lose_connection,
    "monitor": _monitor,
    "reconnect": _reconnect,
    "reject": _method("rejectContact", "incoming", "connecting"),
    "report": _report,
    "reset": _reset,
    "set_state": _set_state,
    "sign_in": _sign_in,
    "sign_out": _sign_out,
    "softphone_error": _softphone_error,
    "terminate": _terminate,
}
