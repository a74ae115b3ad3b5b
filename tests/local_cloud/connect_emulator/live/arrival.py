# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How live contacts come: a customer calls or writes, and flows bring the contact into a queue. Flows take no time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import simulation
from ..flow_language import interpreter
from ..flow_language.interpreter import Outcome
from ..state import EMULATOR
from ..world import World
from . import course
from . import floor as people
from .floor import LiveContact

MEMBERS = simulation.MEMBERS | {"callback", "customer_name", "live", "message", "subtype"}
SUBTYPES = ("connect:Chat", "connect:SMS", "connect:WhatsApp")
MAXIMUM_QUEUES = 10


async def start(request: dict[str, Any]) -> LiveContact:
    """Let a customer call, or begin a chat, and bring the contact through its flow into a queue.

    :raises ValueError: for a request that makes no sense
    :raises ConnectError: for something that the instance does not have
    """
    channel, subtype = request.get("channel", "VOICE"), request.get("subtype")
    if channel == "VOICE" and {"subtype", "message", "customer_name"} & set(request):
        raise ValueError("subtype, message and customer_name are for chats")
    if subtype not in (None, *SUBTYPES):
        raise ValueError(f"subtype is one of {', '.join(SUBTYPES)}")
    if request.get("callback") and channel != "VOICE":
        raise ValueError("callback is for calls")
    if "duration" in request:
        simulation.seconds_of(request, "duration", 0)
    call, document = simulation.prepare(request, MEMBERS)
    contact = course.enter(call, "chat" if channel == "CHAT" else "voice", subtype=subtype or SUBTYPES[0])
    contact.customer_name = request.get("customer_name")
    if request.get("message"):
        contact.say("CUSTOMER", str(request["message"]))
    await run_flow(contact, document)
    if request.get("callback") and contact.waiting:
        return await call_back(contact)
    if contact.waiting:
        course.route(people.floor_of(call.instance))
    return contact


async def run_flow(contact: LiveContact, document: dict[str, Any]) -> None:
    """Run the contact's flow and then, when it leads to a queue, the queue's flow."""
    call = contact.call
    outcome = await interpreter.run(call.contact, document, World(call), call.path)
    for _unused in range(MAXIMUM_QUEUES):
        if outcome is not Outcome.QUEUED:
            break
        call.enqueued_at = call.enqueued_at or EMULATOR.now()
        call.contact.patience = 0.0
        outcome = await simulation.run_hook(call, World(call), "CustomerQueue")
    contact.record.data["Attributes"] = dict(call.contact.attributes)
    if call.enqueued_at is None or outcome is Outcome.DISCONNECTED:
        course.finish(contact, "CONTACT_FLOW_DISCONNECT")
        return
    contact.waiting = True
    contact.record.data["QueueInfo"] = {"Id": call.contact.queue.id, "EnqueueTimestamp": call.enqueued_at}
    course.set_patience(contact)


async def call_back(contact: LiveContact) -> LiveContact:
    """Let the customer go and put the call back into the queue instead; the flow would have asked for it."""
    floor, call = people.floor_of(contact.call.instance), contact.call
    successor = replace(
        call,
        contact=replace(call.contact, id=call.context.new_id(), initiation_method="CALLBACK", messages=[]),
        started_at=EMULATOR.now(),
        path=[],
        hook_paths={},
        enqueued_at=EMULATOR.now(),
        initial_contact_id=contact.id,
        previous_contact_id=contact.id,
        hold_seconds=[],
        transcript=[],
    )
    course.finish(contact, "CUSTOMER_DISCONNECT")
    made = course.enter(successor, "queue_callback")
    made.record.data["QueueInfo"] = {"Id": call.contact.queue.id, "EnqueueTimestamp": successor.enqueued_at}
    made.waiting = True
    course.route(floor)
    return made
