# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated contacts: a call or chat that runs the deployed flow from dialling to the last event.

``place_call`` is behind ``POST /_emulator/calls``. It plays the contact at once, whatever its duration: the times in
the contact's record are those of a real one.
"""

from __future__ import annotations

import asyncio
import json
import os
import urllib.request
from datetime import timedelta
from typing import Any

from . import aftermath
from . import simulation
from .flow_language import interpreter
from .flow_language.interpreter import Outcome
from .simulation import Call
from .world import World

MEMBERS = simulation.MEMBERS | {"ivr_seconds", "live", "metrics", "queue_seconds", "started_at", "transferred_from"}
DEFAULT_IVR_SECONDS = 5.0
DEFAULT_QUEUE_SECONDS = 5.0
MAXIMUM_QUEUES = 10


async def place_call(request: dict[str, Any]) -> dict[str, Any]:
    """Play a contact and return what became of it.

    Request: ``account``, ``region``, ``instance`` (id, ARN or alias; may be left out for a number that is claimed),
    ``dialled_number`` or, for a chat, ``contact_flow`` (name, id or ARN), ``caller``, ``agent`` (user name; left out,
    nobody answers), ``channel`` VOICE or CHAT, ``duration`` (seconds with the agent, or waiting for one), ``summary``
    (text or null), ``summary_failure`` (reason code), ``analysis_failure`` (reason code: no analysis comes),
    ``inputs`` (list of what the customer keys at each question, null for nothing), ``attributes``,
    ``started_at`` (ISO 8601; default: so that the contact ends now),
    ``ivr_seconds``, ``queue_seconds``, ``transcript`` (list of [role, text]), ``metrics`` (real-time metrics of queues
    by MetricType, to stand for other contacts and agents), ``transferred_from`` (id of the contact whose agent passed
    the customer on: a transfer makes a new contact, connect-api 12.2).

    :return: ``contact_id, path, hook_paths, attributes, queue, agent, disconnect_reason, recording_analysis, files,
        bucket, matched_rules, events, deliveries, contact_events, messages, sap_phone_call_id,
        problems``
    :raises ValueError: for a request that makes no sense (HTTP 400)
    :raises ConnectError: ResourceNotFoundException for an unknown number, instance, flow or user (HTTP 404)
    """
    call, document = simulation.prepare(request, MEMBERS)
    call.contact.seconds = simulation.seconds_of(request, "ivr_seconds", DEFAULT_IVR_SECONDS)
    if request.get("started_at"):
        call.started_at = simulation.moment_of(request["started_at"])
    else:
        queue_seconds = simulation.seconds_of(request, "queue_seconds", DEFAULT_QUEUE_SECONDS)
        call.started_at -= timedelta(seconds=call.contact.seconds + queue_seconds + call.duration)
    if request.get("transferred_from"):
        _continue(call, request["transferred_from"])
    record = aftermath.new_record(call)
    await _play(call, document)
    answer = await aftermath.end(call, record)
    if call.connected_at:
        await _make_phone_call_record(call, answer)
        await aftermath.keep(call, record, answer)
    return answer


def _continue(call: Call, contact_id: Any) -> None:
    """Make the contact the next leg of another one."""
    previous = call.instance.store("contacts").get(str(contact_id))
    call.previous_contact_id = previous.id
    call.initial_contact_id = previous.data["InitialContactId"]
    call.contact.initiation_method = "TRANSFER"


async def _play(call: Call, document: dict[str, Any]) -> None:
    contact, world = call.contact, World(call)
    outcome = await interpreter.run(contact, document, world, call.path)
    if outcome is not Outcome.QUEUED:
        call.disconnect_reason = "CONTACT_FLOW_DISCONNECT"
        call.disconnected_at = call.after(contact.seconds)
        return
    call.enqueued_at = call.after(contact.seconds)
    left = await _wait_in_queue(call, world)
    if left:
        call.disconnect_reason = "CONTACT_FLOW_DISCONNECT"
    if left or not simulation.agent_serves(call):
        call.disconnected_at = call.after(contact.seconds)
        return
    for hook in ("AgentWhisper", "CustomerWhisper"):
        # A chat has whispers only when the flow sets them.
        if contact.channel == "VOICE" or hook in contact.hooks:
            await simulation.run_hook(call, world, hook)
    call.connected_at = call.after(contact.seconds)
    call.disconnected_at = call.connected_at + timedelta(seconds=call.duration)


async def _wait_in_queue(call: Call, world: World) -> bool:
    """Run the queue's flow until an agent is there or the customer gives up; return True when the flow ended it."""
    contact = call.contact
    for _unused in range(MAXIMUM_QUEUES):
        serves = simulation.agent_serves(call)
        waiting = (
            simulation.seconds_of(call.request, "queue_seconds", DEFAULT_QUEUE_SECONDS) if serves else call.duration
        )
        contact.patience = waiting
        outcome = await simulation.run_hook(call, world, "CustomerQueue")
        contact.seconds += waiting
        if outcome is not Outcome.QUEUED:
            return outcome is Outcome.DISCONNECTED
    return True


async def _make_phone_call_record(call: Call, answer: dict[str, Any]) -> None:
    """Make the record that SAP makes when the agent accepts the contact in its desktop."""
    base = os.environ.get("SAP_STANDIN_URL")
    if not base:
        return
    body = json.dumps({"externalId": {"displayId": call.contact.id}}).encode()
    request = urllib.request.Request(
        f"{base.rstrip('/')}/_standin/phone-calls",
        data=body,
        headers={"Content-Type": "application/json"},
        method="POST",
    )

    def send() -> Any:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    try:
        made = await asyncio.to_thread(send)
    except (OSError, ValueError) as error:
        answer["problems"].append(f"The SAP stand-in made no phone call record: {error}")
        return
    answer["sap_phone_call_id"] = made.get("id")
