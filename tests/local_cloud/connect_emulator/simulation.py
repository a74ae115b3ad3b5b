# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated contact, played at once or live: the request it comes from, and its way through the flows."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from . import contact_lens
from . import events
from .errors import ConnectError
from .flow_language import interpreter
from .flow_language.interpreter import FlowContact
from .flow_language.interpreter import Outcome
from .model import operation_model
from .operations import phone_numbers
from .state import EMULATOR
from .state import Context
from .state import Instance
from .state import Record
from .world import World
from .world import concurrency
from .world import find
from .world import served

# Members of a request for a contact, at once or live.
MEMBERS = frozenset(
    {
        "account",
        "agent",
        "analysis_delay",
        "analysis_failure",
        "attributes",
        "caller",
        "channel",
        "contact_flow",
        "dialled_number",
        "duration",
        "file_delay",
        "inputs",
        "instance",
        "region",
        "summary",
        "summary_delay",
        "summary_failure",
        "transcript",
    }
)
DELAYS = ("analysis_delay", "file_delay", "summary_delay")
DEFAULT_DURATION = 60.0
WRAP_UP_SECONDS = 10.0
DEFAULT_FLOWS = {
    "CustomerQueue": "Default customer queue",
    "AgentWhisper": "Default agent whisper",
    "CustomerWhisper": "Default customer whisper",
    "OutboundWhisper": "Default outbound",
}


@dataclass
class Call:
    """One simulated contact with everything that it leaves behind."""

    context: Context
    instance: Instance
    request: dict[str, Any]
    contact: FlowContact
    agent: Record | None
    started_at: datetime
    path: list[str] = field(default_factory=list)
    hook_paths: dict[str, list[str]] = field(default_factory=dict)
    enqueued_at: datetime | None = None
    connected_at: datetime | None = None
    disconnected_at: datetime | None = None
    disconnect_reason: str = "CUSTOMER_DISCONNECT"
    accepted_at: datetime | None = None
    # None until the agent has closed the contact.
    wrap_up_seconds: float | None = WRAP_UP_SECONDS
    hold_seconds: list[float] = field(default_factory=list)
    initial_contact_id: str | None = None
    previous_contact_id: str | None = None
    transcript: list[tuple[str, str]] = field(default_factory=list)

    @property
    def duration(self) -> float:
        return seconds_of(self.request, "duration", DEFAULT_DURATION)

    @property
    def connected(self) -> bool:
        return self.connected_at is not None

    def after(self, seconds: float) -> datetime:
        return self.started_at + timedelta(seconds=seconds)


def prepare(request: dict[str, Any], known: frozenset[str]) -> tuple[Call, dict[str, Any]]:
    """Check a request for a contact; return the contact, which begins now, and the document of its first flow.

    :param known: members that the request may have
    :raises ValueError: for a request that makes no sense (HTTP 400)
    :raises ConnectError: ResourceNotFoundException for an unknown number, instance, flow or user (HTTP 404)
    """
    unknown = sorted(set(request) - known)
    if unknown:
        raise ValueError(f"Unknown members: {', '.join(unknown)}")
    channel = request.get("channel", "VOICE")
    if channel not in contact_lens.STORAGE:
        raise ValueError("channel is VOICE or CHAT")
    if request.get("analysis_failure") not in (None, *events.ANALYSIS_FAILURES):
        raise ValueError(f"analysis_failure is one of {', '.join(events.ANALYSIS_FAILURES)}")
    for name in DELAYS:
        seconds_of(request, name, 0.0)
    account = str(request.get("account") or "")
    number = _number(account, request)
    region = request.get("region") or (number[0] if number else os.environ.get("AWS_REGION", ""))
    context = context_of(account, region)
    instance = _instance(context, request, number[1] if number else None)
    agent = instance.store("users").find(request["agent"]) if request.get("agent") else None
    if request.get("agent") and agent is None:
        raise ConnectError("ResourceNotFoundException", f"The instance has no user {request['agent']}")
    if channel == "VOICE" and instance.attributes.get("INBOUND_CALLS") != "true":
        raise ValueError("The instance takes no inbound calls")
    flow = _flow_record(instance, request, number[1] if number else None)
    if flow.data.get("_published") is None:
        raise ValueError(f"The contact flow {flow.name} has not been published")
    contact = FlowContact(
        id=context.new_id(),
        channel=channel,
        instance_arn=instance.arn,
        region=region,
        initiation_method="INBOUND" if channel == "VOICE" else "API",
        customer_address=request.get("caller"),
        system_address=number[1].name if number else None,
        attributes=dict(request.get("attributes") or {}),
        inputs=list(request.get("inputs") or []),
    )
    call = Call(context, instance, request, contact, agent, started_at=context.now())
    return call, json.loads(flow.data["_published"])


def context_of(account: str, region: str) -> Context:
    """Return what the emulator itself works with in an account and Region."""
    return Context(
        emulator=EMULATOR,
        operation=operation_model("DescribeContact"),
        account=account,
        region=region,
        principal_arn=f"arn:aws:iam::{account}:root",
    )


def seconds_of(request: dict[str, Any], name: str, default: float) -> float:
    """Return a number of seconds of the request.

    :raises ValueError: when it is none
    """
    value = request.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise ValueError(f"{name} is a number of seconds")
    return float(value)


def moment_of(text: Any) -> datetime:
    """Return the time that ``started_at`` names."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("started_at is a time in ISO 8601") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _number(account: str, request: dict[str, Any]) -> tuple[str, Record] | None:
    """Return the Region and the record of the number that was dialled."""
    wanted = request.get("dialled_number")
    if not wanted:
        return None
    for (owner, region), state in EMULATOR.regions.items():
        for record in state.phone_numbers.everything():
            if record.name == wanted and owner == account and request.get("region") in (None, region):
                return region, record
    raise ConnectError("ResourceNotFoundException", f"Account {account} has no phone number {wanted}")


def _instance(context: Context, request: dict[str, Any], number: Record | None) -> Instance:
    wanted = request.get("instance") or (number.data["TargetArn"] if number else None)
    for instance in context.region_state.instances.values():
        if wanted and wanted in (instance.id, instance.arn, instance.alias) and instance.status == "ACTIVE":
            if number and number.data["TargetArn"] != instance.arn:
                raise ValueError(f"The phone number {number.name} belongs to another instance")
            return instance
    raise ConnectError(
        "ResourceNotFoundException", f"Account {context.account} has no instance {wanted} in {context.region}"
    )


def _flow_record(instance: Instance, request: dict[str, Any], number: Record | None) -> Record:
    wanted = request.get("contact_flow")
    if not wanted:
        if number is None:
            raise ValueError("dialled_number is required, or contact_flow for a chat")
        if phone_numbers.status_at(EMULATOR.now(), number)["Status"] != "CLAIMED" or not number.data["_flow"]:
            raise ValueError(f"The phone number {number.name} has no contact flow")
        wanted = number.data["_flow"]
    for record in instance.store("contact_flows").everything():
        if wanted in (record.id, record.arn, record.name):
            return record
    raise ConnectError("ResourceNotFoundException", f"The instance has no contact flow {wanted}")


async def run_hook(call: Call, world: World, hook: str) -> Outcome:
    """Run the flow that is set for a step of the contact, else the instance's default for it."""
    reference = call.contact.hooks.get(hook)
    if reference is None:
        default = call.instance.store("contact_flows").find(DEFAULT_FLOWS[hook])
        reference = default.id if default else ""
    document = world.flow(reference)
    if document is None:
        return Outcome.ENDED
    return await interpreter.run(call.contact, document, world, call.hook_paths.setdefault(hook, []))


def agent_serves(call: Call) -> bool:
    """Say whether the call's agent takes it."""
    return call.agent is not None and serves(call, call.agent)


def serves(call: Call, agent: Record) -> bool:
    """Say whether an agent's routing profile takes contacts of the queue and channel."""
    queue = call.contact.queue
    if queue is None:
        return False
    profile = find(call.instance, "routing_profiles", agent.data["RoutingProfileId"])
    if profile is None or not concurrency(profile, call.contact.channel):
        return False
    if queue.agent_id:
        return queue.agent_id == agent.id
    return (queue.id, call.contact.channel) in served(profile)
