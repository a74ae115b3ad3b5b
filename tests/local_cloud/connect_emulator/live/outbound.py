# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that agents make: who may dial which number, and in whose name."""

from __future__ import annotations

import re

from .. import simulation
from ..flow_language.interpreter import FlowContact
from ..flow_language.interpreter import Outcome
from ..flow_language.interpreter import Queue
from ..operations import phone_numbers
from ..simulation import Call
from ..state import EMULATOR
from ..world import World
from ..world import find
from . import course
from .floor import Agent
from .floor import Connection
from .floor import Floor
from .floor import Leg
from .floor import LiveContact
from .floor import Status
from .refusals import Refusal
from .refusals import access_denied
from .refusals import bad_endpoint
from .refusals import invalid_state

E164 = re.compile(r"\+[1-9]\d{6,14}")
# Countries that agents of a new instance may dial, with their calling codes; the list of the service is longer.
DIALABLE = {"au": "61", "ca": "1", "de": "49", "fr": "33", "gb": "44", "ie": "353", "jp": "81", "nl": "31", "us": "1"}
OUTBOUND_PERMISSION = "OutboundCallAccess"


async def dial(floor: Floor, agent: Agent, number: str, queue_arn: str | None) -> LiveContact:
    """Let an agent call a customer."""
    check_dialling(floor, agent, number)
    if agent.busy("voice"):
        raise invalid_state("The agent has a voice contact already.")
    if agent.status.type == "system":
        raise invalid_state(f"The agent is {agent.status.name}.")
    queue = _outbound_queue(floor, agent, queue_arn)
    call = _outbound_call(floor, agent, number, queue)
    contact = course.enter(call, "voice")
    contact.record.data["QueueInfo"] = {"Id": queue.id}
    customer = Connection("outbound", True, "connecting", course.customer_endpoint(contact))
    leg = Leg(contact, agent, "connecting", [customer, course.own_connection("connected")])
    course.take(leg)
    agent.become(Status("CallingCustomer", "system"))
    outcome = await simulation.run_hook(call, World(call), "OutboundWhisper")
    contact.record.data["Attributes"] = dict(call.contact.attributes)
    if outcome is Outcome.DISCONNECTED:
        course.end(leg, "CONTACT_FLOW_DISCONNECT")
    else:
        course.expect_answer(floor, leg)
    return contact


def check_dialling(floor: Floor, agent: Agent, number: str) -> None:
    """Refuse a number that the agent cannot dial."""
    if floor.instance.attributes.get("OUTBOUND_CALLS") != "true":
        raise access_denied("The instance makes no outbound calls.")
    if not may_dial(floor, agent):
        raise access_denied("The agent has no permission to make outbound calls.")
    if not isinstance(number, str) or not E164.fullmatch(number):
        raise bad_endpoint("The phone number is not in E.164 form.")
    if not any(number.startswith(f"+{code}") for code in DIALABLE.values()):
        raise Refusal("UnDialableNumberException", "Numbers of this country cannot be dialled.", 400)


def may_dial(floor: Floor, agent: Agent) -> bool:
    return any(
        record.id in agent.user.data["SecurityProfileIds"] and OUTBOUND_PERMISSION in record.data["_Permissions"]
        for record in floor.instance.store("security_profiles").all()
    )


def _outbound_queue(floor: Floor, agent: Agent, queue_arn: str | None) -> Queue:
    """Return the queue in whose name the agent calls: the profile's own choice, or one that it serves (inferred)."""
    profile = find(floor.instance, "routing_profiles", agent.user.data["RoutingProfileId"])
    allowed = {profile.data["DefaultOutboundQueueId"], *(entry["QueueId"] for entry in profile.data["_queues"])}
    wanted = queue_arn or profile.data["DefaultOutboundQueueId"]
    record = find(floor.instance, "queues", wanted)
    if record is None or record.id not in allowed:
        raise bad_endpoint("The agent's routing profile has no such queue.")
    return Queue(record.id, record.arn, record.name or "")


def _outbound_call(floor: Floor, agent: Agent, number: str, queue: Queue) -> Call:
    instance = floor.instance
    account, region = instance.arn.split(":")[4], instance.arn.split(":")[3]
    context = simulation.context_of(account, region)
    caller = find(instance, "queues", queue.id).data.get("OutboundCallerConfig") or {}
    numbers = {record.id: record.name for record in phone_numbers.numbers_of(context, instance)}
    hooks = {"OutboundWhisper": caller["OutboundFlowId"]} if caller.get("OutboundFlowId") else {}
    contact = FlowContact(
        id=context.new_id(),
        channel="VOICE",
        instance_arn=instance.arn,
        region=region,
        initiation_method="OUTBOUND",
        customer_address=number,
        system_address=numbers.get(caller.get("OutboundCallerIdNumberId")),
        queue=queue,
        enqueued=True,
        hooks=hooks,
    )
    summary = EMULATOR.settings.live.outbound_summary or None
    return Call(context, instance, {"summary": summary}, contact, agent.user, started_at=context.now())
