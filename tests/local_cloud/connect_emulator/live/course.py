# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The course of a live contact: queue, ringing, conversation, after-contact work, and what it leaves behind.

After-contact work ends when the agent closes the contact or the user's limit is over.
The analysis begins after it, as in the service (connect-api 12.2). Names of agent states are those of the Streams
library; which of them follows which event is inferred where the library's documentation does not say so.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from .. import aftermath
from .. import simulation
from .. import timers
from ..simulation import Call
from ..state import EMULATOR
from ..world import World
from ..world import concurrency
from ..world import find
from . import chats
from . import floor as people
from .floor import Agent
from .floor import Connection
from .floor import Floor
from .floor import Leg
from .floor import LiveContact
from .floor import Status
from .refusals import Refusal
from .refusals import invalid_state

AUTO_ACCEPT_SECONDS = 0.5
ANONYMOUS = "anonymous"


# Before an agent has it


def enter(call: Call, kind: str, subtype: str | None = None) -> LiveContact:
    """Keep a new contact of the instance."""
    call.wrap_up_seconds = None
    contact = LiveContact(call, aftermath.new_record(call), kind, subtype if kind == "chat" else None)
    people.floor_of(call.instance).contacts[contact.id] = contact
    return contact


def set_patience(contact: LiveContact) -> None:
    """Let the customer hang up after the time that the request says, if it says one."""
    if contact.patience:
        contact.patience.cancel()
    if "duration" in contact.call.request:
        leave = partial(_lose_patience, contact)
        contact.patience = timers.schedule(contact.call.instance, float(contact.call.request["duration"]), leave)


async def _lose_patience(contact: LiveContact) -> None:
    from .customers import hang_up

    if not contact.over:
        hang_up(contact)


# From the queue to an agent


def route(floor: Floor) -> None:
    """Offer the contacts that wait to the agents who are free: by priority, then the longest wait first."""
    waiting = [contact for contact in floor.contacts.values() if contact.waiting]
    for contact in sorted(waiting, key=lambda item: (item.call.contact.priority, item.call.enqueued_at)):
        agent = _choose(floor, contact)
        if agent:
            offer(floor, contact, agent)


def _choose(floor: Floor, contact: LiveContact) -> Agent | None:
    """Return the agent who has been available for longest."""
    call = contact.call
    wanted = call.request.get("agent") if call.contact.initiation_method != "TRANSFER" else None
    fitting = [
        agent
        for agent in floor.agents.values()
        if wanted in (None, agent.user.name)
        and agent.status.type == "routable"
        and floor.signed_in(agent)
        and _has_room(floor, agent, contact.kind)
        and simulation.serves(call, agent.user)
    ]
    return min(fitting, key=lambda agent: agent.status.since, default=None)


def _has_room(floor: Floor, agent: Agent, kind: str) -> bool:
    """A voice contact takes an agent whole; chats share one as far as the routing profile allows."""
    if kind != "chat":
        return not agent.busy()
    profile = find(floor.instance, "routing_profiles", agent.user.data["RoutingProfileId"])
    return not agent.busy("voice") and len(agent.busy("chat")) < concurrency(profile, "CHAT")


def offer(floor: Floor, contact: LiveContact, agent: Agent) -> None:
    """Let a contact ring at an agent."""
    contact.waiting = False
    callback = contact.kind == "queue_callback"
    customer = Connection(
        "outbound" if callback else "inbound", True, "init" if callback else "connected", customer_endpoint(contact)
    )
    if contact.origin:
        customer.state = contact.origin.customer.state
    leg = Leg(contact, agent, "incoming" if callback else "connecting", [customer, own_connection("connecting")])
    if contact.origin:
        leg.connections.append(_other_agent(contact.origin))
    if contact.kind == "chat":
        leg.chat_token = chats.new_token(floor, leg, "participant")["token"]
    take(leg)
    if contact.kind != "chat":
        agent.become(Status("PendingBusy", "system"))
    seconds = EMULATOR.settings.live.ring_seconds
    leg.timers.append(timers.schedule(floor.instance, seconds, partial(_miss, floor, leg)))
    if agent.user.data["PhoneConfig"].get("AutoAccept") and contact.kind == "voice":
        leg.timers.append(timers.schedule(floor.instance, AUTO_ACCEPT_SECONDS, partial(_auto_accept, floor, leg)))


def take(leg: Leg) -> None:
    """Show a contact in an agent's panel, in place of what was left there of the same contact."""
    agent, contact = leg.agent, leg.contact
    agent.legs = [*(item for item in agent.legs if item.contact is not contact), leg]
    contact.leg, contact.state = leg, leg.state
    contact.call.agent = agent.user
    agent.tell()


def own_connection(state: str) -> Connection:
    return Connection("agent", False, state, {"type": "agent"})


def _other_agent(origin: Leg) -> Connection:
    """Return the agent who asks for the transfer, as the agent who is asked sees him."""
    endpoint = {"type": "agent", "name": origin.agent.user.name, "agentLogin": origin.agent.user.name}
    return Connection("inbound", False, "connected", endpoint, contact=origin.contact)


def customer_endpoint(contact: LiveContact) -> dict[str, Any]:
    """Return the customer's address; a chat that came from no phone has no number."""
    number = contact.call.contact.customer_address
    return {"type": "phone_number", "phoneNumber": number or (None if contact.kind == "chat" else ANONYMOUS)}


async def _auto_accept(floor: Floor, leg: Leg) -> None:
    if leg.own.state == "connecting" and leg.state == "connecting":
        await accept(floor, leg)


async def _miss(floor: Floor, leg: Leg) -> None:
    if leg.own.state == "connecting" and leg.state in ("incoming", "connecting"):
        turn_away(floor, leg, "missed", "MissedCallAgent")


def turn_away(floor: Floor, leg: Leg, state: str, error: str) -> None:
    """End the ringing at an agent who does not take the contact. The customer waits on."""
    _stop(leg, state)
    leg.agent.become(Status(error, "error"))
    contact = leg.contact
    contact.leg, contact.state = None, "queued"
    if contact.origin and contact.call.contact.queue.agent_id:
        # A transfer to one agent ends with this agent's refusal.
        drop_party(contact.origin, contact)
        finish(contact, "OTHER")
        return
    contact.waiting = True
    route(floor)


def withdraw(leg: Leg) -> None:
    """Take a contact that rings out of an agent's panel, as the customer or the asking agent is gone."""
    _cancel_timers(leg)
    agent = leg.agent
    agent.legs.remove(leg)
    leg.contact.leg = None
    restore(agent)
    agent.tell()


# With an agent


async def accept(floor: Floor, leg: Leg) -> None:
    """Connect a contact that rings, or dial the customer of a callback."""
    if leg.state not in ("incoming", "connecting") or leg.own.state != "connecting":
        raise invalid_state("The contact is not ringing.")
    _cancel_timers(leg)
    leg.contact.call.accepted_at = EMULATOR.now()
    leg.own.become("connected")
    if leg.contact.kind == "queue_callback":
        leg.become("connecting")
        leg.contact.state = "connecting"
        leg.customer.become("connecting")
        leg.agent.become(Status("CallingCustomer", "system"))
        expect_answer(floor, leg)
        return
    await _whisper(leg.contact, "AgentWhisper", "CustomerWhisper")
    connect(leg)


async def _whisper(contact: LiveContact, *hooks: str) -> None:
    call = contact.call
    call.contact.attributes = dict(contact.record.data["Attributes"])
    for hook in hooks:
        # A chat has whispers only when the flow sets them.
        if call.contact.channel == "VOICE" or hook in call.contact.hooks:
            await simulation.run_hook(call, World(call), hook)
    contact.record.data["Attributes"] = dict(call.contact.attributes)


def connect(leg: Leg) -> None:
    """Let agent and customer talk, unless the customer is on hold at the agent who transfers."""
    contact, call = leg.contact, leg.contact.call
    call.connected_at = EMULATOR.now()
    leg.become("connected")
    contact.state = "connected"
    for connection in (leg.own, leg.customer):
        if connection.state not in ("connected", "hold"):
            connection.become("connected")
    if contact.kind == "chat":
        contact.say("AGENT", None, chats.JOINED)
    else:
        leg.agent.become(Status("Busy", "system"))
    contact.record.data["AgentInfo"] = {"Id": leg.agent.user.id, "ConnectedToAgentTimestamp": call.connected_at}
    set_patience(contact)
    if contact.origin:
        party_of(contact.origin, contact).become("connected")
        contact.origin.agent.tell()
    leg.agent.tell()


def hold(leg: Leg, connection: Connection) -> None:
    """Put a party on hold."""
    if leg.state != "connected" or connection.state != "connected" or connection is leg.own:
        raise invalid_state("Only a party that is connected can be put on hold.")
    connection.become("hold")
    if connection.initial:
        leg.contact.hold_since = EMULATOR.now()
    leg.agent.tell()


def resume(leg: Leg, connection: Connection) -> None:
    """Take a party off hold."""
    if leg.state != "connected" or connection.state != "hold":
        raise invalid_state("The party is not on hold.")
    connection.become("connected")
    if connection.initial:
        _count_hold(leg.contact)
    leg.agent.tell()


def _count_hold(contact: LiveContact) -> None:
    if contact.hold_since:
        contact.call.hold_seconds.append((EMULATOR.now() - contact.hold_since).total_seconds())
        contact.hold_since = None


def fail(floor: Floor, leg: Leg) -> None:
    """End what the agent's softphone cannot carry, as without a microphone: the customer waits on."""
    if leg.state not in ("incoming", "connecting"):
        raise invalid_state("The contact is past connecting.")
    if leg.customer.type == "outbound" and leg.contact.kind == "voice":
        unanswered(leg, "FailedConnectAgent")
    else:
        turn_away(floor, leg, "error", "FailedConnectAgent")


# To the customer


def expect_answer(floor: Floor, leg: Leg) -> None:
    """Let the customer answer by himself, if the settings say so."""
    settings = EMULATOR.settings.live
    if settings.outbound_answer == "auto":
        leg.timers.append(timers.schedule(floor.instance, settings.answer_seconds, partial(_answer, leg)))


async def _answer(leg: Leg) -> None:
    if leg.state == "connecting":
        answered(leg)


def answered(leg: Leg) -> None:
    """Connect the customer who was dialled."""
    _cancel_timers(leg)
    connect(leg)


def unanswered(leg: Leg, error: str) -> None:
    """Give up the call to a customer who does not answer, or whose line is engaged."""
    _stop(leg, "error")
    leg.agent.become(Status(error, "error"))
    leg.contact.leg = None
    finish(leg.contact, {"LineEngagedCustomer": "OUTBOUND_DESTINATION_ENDPOINT_ERROR"}.get(error, "OTHER"))


# Supervisors


def monitor(contact: LiveContact, agent: Agent) -> None:
    """Let a supervisor listen to an agent's contact."""
    if contact.leg is None or contact.leg.state != "connected" or contact.kind == "chat":
        raise invalid_state("Only calls that are connected can be monitored here.")
    if agent.busy():
        raise invalid_state("The supervisor has a contact.")
    customer = Connection(contact.leg.customer.type, True, "connected", customer_endpoint(contact))
    own = Connection("monitoring", False, "connected", {"type": "agent"})
    leg = Leg(contact, agent, "connected", [customer, own], listening=True)
    contact.listeners.append(leg)
    agent.legs.append(leg)
    agent.become(Status("Busy", "system"))


def stop_listening(leg: Leg) -> None:
    """Let a supervisor go."""
    leg.contact.listeners.remove(leg)
    leg.agent.legs = [item for item in leg.agent.legs if item is not leg]
    restore(leg.agent)
    leg.agent.tell()


# The end


def end(leg: Leg, reason: str) -> None:
    """End the contact of an agent, who goes on with after-contact work."""
    contact = leg.contact
    _count_hold(contact)
    _stop(leg, "ended")
    contact.leg = None
    if contact.kind != "chat":
        leg.agent.become(Status("AfterCallWork", "system"))
    limit = leg.agent.user.data["PhoneConfig"].get("AfterContactWorkTimeLimit")
    if limit:
        leg.timers.append(timers.schedule(contact.call.instance, limit, partial(_time_is_over, leg)))
    leg.agent.tell()
    finish(contact, reason)
    contact.closing = leg


async def _time_is_over(leg: Leg) -> None:
    if leg in leg.agent.legs:
        close(people.floor_of(leg.contact.call.instance), leg)


def close(floor: Floor, leg: Leg) -> None:
    """End the after-contact work: the contact leaves the panel, and its analysis begins."""
    if leg.state in people.ACTIVE:
        raise invalid_state("The contact has not ended.")
    _cancel_timers(leg)
    agent = leg.agent
    agent.legs.remove(leg)
    restore(agent)
    agent.tell()
    if leg.contact.closing is leg:
        leg.contact.closing = None
        _begin_analysis(leg.contact)
    route(floor)


def restore(agent: Agent) -> None:
    """Give an agent who has no contact of the kind any more the status back that he chose himself."""
    if agent.status.type not in ("system", "error") or agent.busy("voice"):
        return
    if agent.next_status:
        agent.chosen, agent.next_status = agent.next_status, None
    agent.become(replace(agent.chosen, since=EMULATOR.now()))


def choose_status(floor: Floor, agent: Agent, name: Any, enqueue: bool = False) -> None:
    """Change what the agent does: at once, or when the contact that goes on has ended.

    What is left of contacts that have ended is closed then.
    """
    status = floor.status(name) if isinstance(name, str) else None
    if status is None:
        raise Refusal("ValidationException", "The instance has no such status.", 400)
    if any(leg.state in people.ACTIVE for leg in agent.busy("voice")):
        if not enqueue:
            raise invalid_state("The agent has a contact.")
        agent.next_status = status
        agent.tell()
        return
    agent.chosen, agent.next_status = status, None
    for leg in agent.legs:
        if leg.state not in people.ACTIVE and (leg.contact.kind != "chat" or leg.state != "ended"):
            close(floor, leg)
    agent.become(status)
    route(floor)


def finish(contact: LiveContact, reason: str) -> None:
    """Write the end of a contact down and tell its events. Without an agent nothing more comes of it."""
    call = contact.call
    if contact.patience:
        contact.patience.cancel()
    for leg in list(contact.listeners):
        stop_listening(leg)
    contact.waiting, contact.over, contact.state = False, True, "ended"
    call.disconnected_at, call.disconnect_reason = EMULATOR.now(), reason
    if contact.kind == "chat":
        contact.say("SYSTEM", None, chats.ENDED)
    call.transcript = [(item["role"], item["text"]) for item in contact.messages]
    call.contact.attributes = dict(contact.record.data["Attributes"])
    aftermath.finish_record(call, contact.record)
    timers.schedule(call.instance, 0, partial(_tell_end, contact))


async def _tell_end(contact: LiveContact) -> None:
    contact.told = await aftermath.end(contact.call, contact.record)
    if not contact.call.connected:
        contact.outcome = contact.told
    elif contact.analysis_wanted:
        _schedule_analysis(contact)


def _begin_analysis(contact: LiveContact) -> None:
    call = contact.call
    call.wrap_up_seconds = (EMULATOR.now() - call.disconnected_at).total_seconds()
    aftermath.finish_record(call, contact.record)
    if not call.connected:
        return
    contact.analysis_wanted = True
    if contact.told is not None:
        _schedule_analysis(contact)


def _schedule_analysis(contact: LiveContact) -> None:
    delay = contact.call.request.get("analysis_delay", EMULATOR.settings.live.analysis_delay)
    timers.schedule(contact.call.instance, delay, partial(_analyse, contact))


async def _analyse(contact: LiveContact) -> None:
    outcome = contact.told
    await aftermath.analyse(contact.call, contact.record, outcome)
    contact.outcome = outcome


def _stop(leg: Leg, state: str) -> None:
    _cancel_timers(leg)
    leg.become(state)
    for connection in leg.connections:
        if connection.active or connection.state == "init":
            connection.become("disconnected")


def _cancel_timers(leg: Leg) -> None:
    for timer in leg.timers:
        timer.cancel()
    leg.timers = []


# Parties of a transfer


def party_of(leg: Leg, contact: LiveContact) -> Connection:
    """Return the party of an agent's contact that another contact stands for."""
    return next(connection for connection in leg.connections if connection.contact is contact)


def drop_party(leg: Leg, contact: LiveContact) -> None:
    """Tell an agent that the other one is gone."""
    connection = party_of(leg, contact)
    if connection.active:
        connection.become("disconnected")
        leg.agent.tell()
    settle(leg)


def settle(leg: Leg) -> None:
    """End the contact of an agent with whom nobody is left."""
    if leg.state == "connected" and not leg.customer.active and leg.third is None:
        end(leg, "OTHER")
