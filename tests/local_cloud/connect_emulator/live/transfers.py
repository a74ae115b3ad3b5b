# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Third parties: quick connects, consultation, swap, conference and transfer.

A transfer to an agent or a queue is a contact of its own for the agent who is asked (connect-api 12.3): it runs the
quick connect's flow, rings, and shows the asking agent as a party. The asking agent's contact ends when he leaves;
the customer then stays with the other one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any

from .. import timers
from ..flow_language.interpreter import Queue
from ..flow_language.interpreter import Recording
from ..state import EMULATOR
from ..state import Record
from ..world import find
from . import arrival
from . import course
from . import outbound
from .floor import Agent
from .floor import Connection
from .floor import Floor
from .floor import Leg
from .floor import LiveContact
from .refusals import bad_endpoint
from .refusals import invalid_state

KINDS = {"USER": "agent", "QUEUE": "queue", "PHONE_NUMBER": "phone_number"}


def quick_connects(floor: Floor, queue_arns: list[str]) -> list[Record]:
    """Return the quick connects that the agents of these queues are offered, each once, by name."""
    wanted: dict[str, Record] = {}
    for arn in queue_arns:
        queue = find(floor.instance, "queues", arn)
        for identifier in queue.data["_quick_connects"] if queue else ():
            record = find(floor.instance, "quick_connects", identifier)
            if record and record.data["QuickConnectConfig"]["QuickConnectType"] in KINDS:
                wanted[record.id] = record
    return sorted(wanted.values(), key=lambda record: record.name or "")


def endpoint(floor: Floor, record: Record) -> dict[str, Any]:
    """Return a quick connect as Streams shows it."""
    config = record.data["QuickConnectConfig"]
    kind = KINDS[config["QuickConnectType"]]
    shown: dict[str, Any] = {
        "endpointARN": record.arn,
        "endpointId": record.arn,
        "type": kind,
        "name": record.name,
        "phoneNumber": None,
        "agentLogin": None,
        "queue": None,
    }
    if kind == "phone_number":
        shown["phoneNumber"] = config["PhoneConfig"]["PhoneNumber"]
    elif kind == "agent":
        user = find(floor.instance, "users", config["UserConfig"]["UserId"])
        shown["agentLogin"] = user.name if user else None
    else:
        queue = find(floor.instance, "queues", config["QueueConfig"]["QueueId"])
        shown["queue"] = {"queueARN": queue.arn, "queueId": queue.arn, "name": queue.name} if queue else None
    return shown


async def add(floor: Floor, leg: Leg, wanted: dict[str, Any]) -> None:
    """Ask a third party to the contact; the customer goes on hold. A chat goes over at once."""
    if leg.state != "connected":
        raise invalid_state("The contact is not connected.")
    if leg.third:
        raise invalid_state("The contact has a third party already.")
    if wanted.get("type") == "phone_number" and not wanted.get("endpointARN"):
        _dial(floor, leg, wanted.get("phoneNumber"), None)
        return
    record = _quick_connect(floor, leg.agent, wanted.get("endpointARN"))
    config = record.data["QuickConnectConfig"]
    if config["QuickConnectType"] == "PHONE_NUMBER":
        _dial(floor, leg, config["PhoneConfig"]["PhoneNumber"], record.name)
    else:
        await _ask(floor, leg, record, config)


def _quick_connect(floor: Floor, agent: Agent, arn: Any) -> Record:
    profile = find(floor.instance, "routing_profiles", agent.user.data["RoutingProfileId"])
    queues = [entry["QueueId"] for entry in profile.data["_queues"]] + [profile.data["DefaultOutboundQueueId"]]
    for record in quick_connects(floor, queues):
        if record.arn == arn:
            return record
    raise bad_endpoint("The agent's queues have no such quick connect.")


def _dial(floor: Floor, leg: Leg, number: Any, name: str | None) -> None:
    if leg.contact.kind == "chat":
        raise bad_endpoint("A chat cannot be transferred to a phone number.")
    outbound.check_dialling(floor, leg.agent, number)
    third = Connection("outbound", False, "connecting", {"type": "phone_number", "phoneNumber": number, "name": name})
    third.quick_connect = name
    _put_customer_on_hold(leg)
    leg.connections.append(third)
    leg.agent.tell()
    settings = EMULATOR.settings.live
    if settings.outbound_answer == "auto":
        leg.timers.append(timers.schedule(floor.instance, settings.answer_seconds, partial(_answer, leg, third)))


async def _answer(leg: Leg, third: Connection) -> None:
    if third.state == "connecting":
        third.become("connected")
        leg.agent.tell()


def _put_customer_on_hold(leg: Leg) -> None:
    if leg.contact.kind != "chat" and leg.customer.state == "connected":
        course.hold(leg, leg.customer)


async def _ask(floor: Floor, leg: Leg, record: Record, config: dict[str, Any]) -> None:
    """Begin the contact of the agent or queue that is asked."""
    kind = KINDS[config["QuickConnectType"]]
    details = config["UserConfig" if kind == "agent" else "QueueConfig"]
    flow = find(floor.instance, "contact_flows", details["ContactFlowId"])
    if flow is None or flow.data.get("_published") is None:
        raise bad_endpoint("The flow of the quick connect has not been published.")
    contact = _new_contact(floor, leg, kind, details)
    third = Connection("outbound", False, "connecting", endpoint(floor, record), contact=contact)
    third.quick_connect = record.name
    _put_customer_on_hold(leg)
    leg.connections.append(third)
    leg.agent.tell()
    await arrival.run_flow(contact, json.loads(flow.data["_published"]))
    if contact.over:
        third.become("disconnected")
        leg.agent.tell()
        return
    if contact.kind == "chat":
        hand_over(leg)
    course.route(floor)


def _new_contact(floor: Floor, leg: Leg, kind: str, details: dict[str, Any]) -> LiveContact:
    call = leg.contact.call
    if kind == "agent":
        user = find(floor.instance, "users", details["UserId"])
        if user is None:
            raise bad_endpoint("The user of the quick connect is gone.")
        queue = Queue(user.id, call.context.arn(floor.instance, "queue/agent", user.id), user.name or "", user.id)
    else:
        found = find(floor.instance, "queues", details["QueueId"])
        queue = Queue(found.id, found.arn, found.name or "")
    flow_contact = replace(
        call.contact,
        id=call.context.new_id(),
        initiation_method="TRANSFER",
        attributes=dict(leg.contact.record.data["Attributes"]),
        queue=queue,
        enqueued=False,
        # Each contact of a chain needs the analytics block in its own flow (connect-api 12.3).
        recording=Recording(),
        hooks={},
        messages=[],
    )
    request = {name: value for name, value in call.request.items() if name not in ("agent", "duration")}
    asked = replace(
        call,
        request=request,
        contact=flow_contact,
        agent=None,
        started_at=EMULATOR.now(),
        path=[],
        hook_paths={},
        enqueued_at=None,
        connected_at=None,
        disconnected_at=None,
        accepted_at=None,
        hold_seconds=[],
        initial_contact_id=call.initial_contact_id or call.contact.id,
        previous_contact_id=call.contact.id,
        transcript=[],
    )
    contact = course.enter(asked, leg.contact.kind, subtype=leg.contact.subtype)
    contact.customer_name, contact.said, contact.origin = leg.contact.customer_name, list(leg.contact.said), leg
    return contact


def swap(leg: Leg) -> None:
    """Talk to the one who is on hold, and put the other one on hold."""
    third = leg.third
    if leg.state != "connected" or third is None or third.state == "connecting" or not leg.customer.active:
        raise invalid_state("There are no two parties to swap.")
    first, second = (leg.customer, third) if leg.customer.state == "hold" else (third, leg.customer)
    if first.state == "hold":
        course.resume(leg, first)
    if second.state == "connected":
        course.hold(leg, second)
    mirror(leg)


def conference(leg: Leg) -> None:
    """Let all parties talk to each other."""
    third = leg.third
    if leg.state != "connected" or third is None or third.state == "connecting" or not leg.customer.active:
        raise invalid_state("There are no two parties to join.")
    for connection in (leg.customer, third):
        if connection.state == "hold":
            course.resume(leg, connection)
    mirror(leg)


def mirror(leg: Leg) -> None:
    """Show the agent at the other end of a transfer whether the customer is on the line."""
    for connection in leg.thirds:
        other = connection.contact.leg if connection.contact else None
        if other and connection.active and other.customer.active and other.customer.state != leg.customer.state:
            other.customer.become(leg.customer.state)
            other.agent.tell()


def destroy(floor: Floor, leg: Leg, connection: Connection) -> None:
    """Hang up on a party, or leave."""
    if not connection.active:
        raise invalid_state("The party has left already.")
    if connection is leg.own:
        _leave(leg)
    elif connection.initial:
        _drop_customer(leg)
    else:
        _drop_third(floor, leg, connection)


def _leave(leg: Leg) -> None:
    if leg.customer.type == "inbound" and leg.state in ("incoming", "connecting"):
        raise invalid_state("The contact is ringing: reject it.")
    if leg.third and leg.contact.origin is None:
        hand_over(leg)
        return
    for connection in leg.thirds:
        _part(leg, connection)
    course.end(leg, "AGENT_DISCONNECT")


def hand_over(leg: Leg) -> None:
    """Leave the customer to the third party."""
    third = leg.third
    if third.contact:
        third.contact.origin = None
        other = third.contact.leg
        if other:
            for connection in other.thirds:
                connection.become("disconnected")
            if other.customer.active:
                other.customer.become("connected")
            other.agent.tell()
            course.settle(other)
    course.end(leg, "AGENT_DISCONNECT")


def _part(leg: Leg, connection: Connection) -> None:
    """Tell the agent at the other end that this one is gone."""
    other = connection.contact.leg if connection.contact else None
    if other and any(item.contact is leg.contact for item in other.connections):
        course.drop_party(other, leg.contact)


def _drop_customer(leg: Leg) -> None:
    customer_left(leg.contact)
    leg.customer.become("disconnected")
    if leg.third is None:
        course.end(leg, "AGENT_DISCONNECT")
    leg.agent.tell()


def _drop_third(floor: Floor, leg: Leg, connection: Connection) -> None:
    connection.become("disconnected")
    leg.agent.tell()
    contact = connection.contact
    if contact and contact is not (leg.contact.origin and leg.contact.origin.contact):
        other = contact.leg
        if other is None:
            course.finish(contact, "OTHER")
        elif other.state == "connected":
            for item in other.thirds:
                item.become("disconnected")
            course.end(other, "OTHER")
        else:
            course.withdraw(other)
            course.finish(contact, "OTHER")
            course.route(floor)
    if not leg.customer.active:
        course.end(leg, "AGENT_DISCONNECT")


def customer_left(contact: LiveContact) -> None:
    """Show agents at the other end of a transfer that the customer is gone."""
    linked = [item.contact.leg for item in (contact.leg.thirds if contact.leg else ()) if item.contact]
    if contact.origin:
        linked.append(contact.origin)
    for leg in filter(None, linked):
        if leg.customer.active:
            leg.customer.become("disconnected")
            leg.agent.tell()
