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
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError
from dateutil.zoneinfo import get_zonefile_instance

from . import contact_lens
from . import events
from . import function_policy
from . import rule_evaluation
from .errors import ConnectError
from .flow_language import interpreter
from .flow_language.actions import METRICS
from .flow_language.interpreter import FlowContact
from .flow_language.interpreter import Outcome
from .flow_language.interpreter import Queue
from .model import operation_model
from .operations import phone_numbers
from .state import EMULATOR
from .state import Context
from .state import Instance
from .state import Record

SERVICE = "connect.amazonaws.com"
DEFAULT_DURATION = 60.0
DEFAULT_IVR_SECONDS = 5.0
DEFAULT_QUEUE_SECONDS = 5.0
WRAP_UP_SECONDS = 10.0
MAXIMUM_QUEUES = 10
MAXIMUM_TIMEOUT = 8.0
DEFAULT_TRANSCRIPT = (
    ("AGENT", "Thank you for calling. How can I help you?"),
    ("CUSTOMER", "I have a question about my order."),
    ("AGENT", "I have found it. It is on its way."),
    ("CUSTOMER", "Thank you, goodbye."),
)
DEFAULT_FLOWS = {
    "CustomerQueue": "Default customer queue",
    "AgentWhisper": "Default agent whisper",
    "CustomerWhisper": "Default customer whisper",
}
_KNOWN = {
    "account",
    "agent",
    "analysis_failure",
    "attributes",
    "caller",
    "channel",
    "contact_flow",
    "dialled_number",
    "duration",
    "inputs",
    "instance",
    "ivr_seconds",
    "metrics",
    "queue_seconds",
    "region",
    "started_at",
    "summary",
    "summary_failure",
    "transcript",
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

    @property
    def duration(self) -> float:
        return _seconds(self.request, "duration", DEFAULT_DURATION)

    @property
    def connected(self) -> bool:
        return self.connected_at is not None

    def after(self, seconds: float) -> datetime:
        return self.started_at + timedelta(seconds=seconds)


async def place_call(request: dict[str, Any]) -> dict[str, Any]:
    """Play a contact and return what became of it.

    Request: ``account``, ``region``, ``instance`` (id, ARN or alias; may be left out for a number that is claimed),
    ``dialled_number`` or, for a chat, ``contact_flow`` (name, id or ARN), ``caller``, ``agent`` (user name; left out,
    nobody answers), ``channel`` VOICE or CHAT, ``duration`` (seconds with the agent, or waiting for one), ``summary``
    (text or null), ``summary_failure`` (reason code), ``analysis_failure`` (reason code: no analysis comes),
    ``inputs`` (list of what the customer keys at each question, null for nothing), ``attributes``,
    ``started_at`` (ISO 8601; default: so that the contact ends now),
    ``ivr_seconds``, ``queue_seconds``, ``transcript`` (list of [role, text]), ``metrics`` (real-time metrics of queues
    by MetricType, to stand for other contacts and agents).

    :return: ``contact_id, path, hook_paths, attributes, queue, agent, disconnect_reason, recording_analysis, files,
        bucket, matched_rules, events, deliveries, contact_events, messages, sap_phone_call_id,
        problems``
    :raises ValueError: for a request that makes no sense (HTTP 400)
    :raises ConnectError: ResourceNotFoundException for an unknown number, instance, flow or user (HTTP 404)
    """
    call, document = _prepare(request)
    record = _new_record(call)
    await _play(call, document)
    _finish_record(call, record)
    answer: dict[str, Any] = {
        "contact_id": call.contact.id,
        "path": call.path,
        "hook_paths": call.hook_paths,
        "attributes": call.contact.attributes,
        "queue": call.contact.queue.name if call.contact.queue and call.contact.enqueued else None,
        "agent": call.agent.name if call.agent and call.connected else None,
        "disconnect_reason": call.disconnect_reason,
        "recording_analysis": asdict(call.contact.recording),
        "messages": call.contact.messages,
        "files": [],
        "bucket": None,
        "matched_rules": [],
        "events": [],
        "deliveries": [],
        "contact_events": await _tell_steps(call, record),
        "sap_phone_call_id": None,
        "problems": [],
    }
    if call.connected_at:
        await _make_phone_call_record(call, answer)
        await _keep(call, record, answer, _conversation(call, call.connected_at))
    return answer


def _prepare(request: dict[str, Any]) -> tuple[Call, dict[str, Any]]:
    unknown = sorted(set(request) - _KNOWN)
    if unknown:
        raise ValueError(f"Unknown members: {', '.join(unknown)}")
    channel = request.get("channel", "VOICE")
    if channel not in contact_lens.STORAGE:
        raise ValueError("channel is VOICE or CHAT")
    if request.get("analysis_failure") not in (None, *events.ANALYSIS_FAILURES):
        raise ValueError(f"analysis_failure is one of {', '.join(events.ANALYSIS_FAILURES)}")
    account = str(request.get("account") or "")
    number = _number(account, request)
    region = request.get("region") or (number[0] if number else os.environ.get("AWS_REGION", ""))
    context = Context(
        emulator=EMULATOR,
        operation=operation_model("DescribeContact"),
        account=account,
        region=region,
        principal_arn=f"arn:aws:iam::{account}:root",
    )
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
        seconds=_seconds(request, "ivr_seconds", DEFAULT_IVR_SECONDS),
    )
    call = Call(context, instance, request, contact, agent, started_at=context.now())
    if request.get("started_at"):
        call.started_at = _moment(request["started_at"])
    else:
        queue_seconds = _seconds(request, "queue_seconds", DEFAULT_QUEUE_SECONDS)
        call.started_at -= timedelta(seconds=contact.seconds + queue_seconds + call.duration)
    return call, json.loads(flow.data["_published"])


def _seconds(request: dict[str, Any], name: str, default: float) -> float:
    value = request.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise ValueError(f"{name} is a number of seconds")
    return float(value)


def _moment(text: Any) -> datetime:
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


# The course of the contact


async def _play(call: Call, document: dict[str, Any]) -> None:
    contact, world = call.contact, _World(call)
    outcome = await interpreter.run(contact, document, world, call.path)
    if outcome is not Outcome.QUEUED:
        call.disconnect_reason = "CONTACT_FLOW_DISCONNECT"
        call.disconnected_at = call.after(contact.seconds)
        return
    call.enqueued_at = call.after(contact.seconds)
    left = await _wait_in_queue(call, world)
    if left:
        call.disconnect_reason = "CONTACT_FLOW_DISCONNECT"
    if left or not _agent_serves(call):
        call.disconnected_at = call.after(contact.seconds)
        return
    for hook in ("AgentWhisper", "CustomerWhisper"):
        # A chat has whispers only when the flow sets them.
        if contact.channel == "VOICE" or hook in contact.hooks:
            await _run_hook(call, world, hook)
    call.connected_at = call.after(contact.seconds)
    call.disconnected_at = call.connected_at + timedelta(seconds=call.duration)


async def _wait_in_queue(call: Call, world: _World) -> bool:
    """Run the queue's flow until an agent is there or the customer gives up; return True when the flow ended it."""
    contact = call.contact
    for _unused in range(MAXIMUM_QUEUES):
        serves = _agent_serves(call)
        waiting = _seconds(call.request, "queue_seconds", DEFAULT_QUEUE_SECONDS) if serves else call.duration
        contact.patience = waiting
        outcome = await _run_hook(call, world, "CustomerQueue")
        contact.seconds += waiting
        if outcome is not Outcome.QUEUED:
            return outcome is Outcome.DISCONNECTED
    return True


async def _run_hook(call: Call, world: _World, hook: str) -> Outcome:
    reference = call.contact.hooks.get(hook)
    if reference is None:
        default = call.instance.store("contact_flows").find(DEFAULT_FLOWS[hook])
        reference = default.id if default else ""
    document = world.flow(reference)
    if document is None:
        return Outcome.ENDED
    return await interpreter.run(call.contact, document, world, call.hook_paths.setdefault(hook, []))


def _agent_serves(call: Call) -> bool:
    """Say whether the agent's routing profile takes contacts of the queue and channel."""
    queue, agent = call.contact.queue, call.agent
    if queue is None or agent is None:
        return False
    profile = _find(call.instance, "routing_profiles", agent.data["RoutingProfileId"])
    if profile is None or not _concurrency(profile, call.contact.channel):
        return False
    if queue.agent_id:
        return queue.agent_id == agent.id
    return (queue.id, call.contact.channel) in _served(profile)


def _concurrency(profile: Record, channel: str) -> int:
    for media in profile.data["MediaConcurrencies"]:
        if media["Channel"] == channel:
            return media["Concurrency"]
    return 0


def _served(profile: Record) -> set[tuple[str, str]]:
    return {(entry["QueueId"], entry["Channel"]) for entry in profile.data["_queues"]}


def _find(instance: Instance, kind: str, reference: str) -> Record | None:
    for record in instance.store(kind).everything():
        if reference in (record.id, record.arn):
            return record
    return None


class _World:
    """The instance as the interpreter sees it."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._instance = call.instance

    def flow(self, reference: str) -> dict[str, Any] | None:
        return self._published("contact_flows", reference)

    def module(self, reference: str) -> dict[str, Any] | None:
        return self._published("contact_flow_modules", reference)

    def _published(self, kind: str, reference: str) -> dict[str, Any] | None:
        record = _find(self._instance, kind, reference)
        published = record.data.get("_published") if record else None
        return json.loads(published) if published else None

    def queue(self, reference: str) -> Queue | None:
        record = _find(self._instance, "queues", reference)
        return Queue(record.id, record.arn, record.name or "") if record else None

    def agent_queue(self, reference: str) -> Queue | None:
        user = _find(self._instance, "users", reference)
        if user is None:
            return None
        arn = self._call.context.arn(self._instance, "queue/agent", user.id)
        return Queue(user.id, arn, user.name or "", agent_id=user.id)

    def prompt_exists(self, reference: str) -> bool:
        return _find(self._instance, "prompts", reference) is not None

    def is_open(self, hours: str | None, queue: Queue | None, seconds: float) -> bool | None:
        if hours is None:
            record = _find(self._instance, "queues", queue.id) if queue else None
            if record is None:
                return None
            hours = record.data["HoursOfOperationId"]
        found = _find(self._instance, "hours_of_operations", hours)
        return is_open(found.data, self._call.after(seconds)) if found else None

    def metrics(self, queue: Queue, seconds: float) -> dict[str, float]:
        """Count the contacts that wait at that time, and the users whose routing profile has the queue."""
        now = self._call.after(seconds)
        waiting = [record.data["QueueInfo"]["EnqueueTimestamp"] for record in self._waiting(queue, now)]
        profiles = {record.id: _served(record) for record in self._instance.store("routing_profiles").everything()}
        channel = self._call.contact.channel
        users = self._instance.store("users").everything()
        serving = sum((queue.id, channel) in profiles.get(user.data["RoutingProfileId"], ()) for user in users)
        counted = {name: float(serving) for name in METRICS}
        counted["NumberOfContactsInQueue"] = float(len(waiting))
        counted["OldestContactInQueueAgeSeconds"] = max(((now - then).total_seconds() for then in waiting), default=0.0)
        return counted | {name: float(value) for name, value in (self._call.request.get("metrics") or {}).items()}

    def can_enqueue(self, queue: Queue, seconds: float) -> str | None:
        """A queue that is disabled takes the general error (inferred)."""
        if queue.agent_id:
            return None
        record = _find(self._instance, "queues", queue.id)
        if record is None or record.data["Status"] != "ENABLED":
            return "NoMatchingError"
        most = record.data.get("MaxContacts")
        size = self.metrics(queue, seconds)["NumberOfContactsInQueue"]
        return "QueueAtCapacity" if most is not None and size >= most else None

    async def invoke(self, arn: str, event: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any] | None:
        """Run a function that is associated with the instance and lets it do so, within the time that the flow sets."""
        context = self._call.context
        associated = self._instance.store("lambda_functions")
        if not any(associated.find(name) for name in (arn, ":".join(arn.split(":")[:7]))):
            return None
        asynchronous = parameters.get("InvocationType") == "ASYNCHRONOUS"
        limit = min(float(parameters["InvocationTimeLimitSeconds"]), MAXIMUM_TIMEOUT)
        try:
            if await function_policy.refusal(context, arn, service=SERVICE, source_arn=self._instance.arn):
                return None
            answer = await asyncio.wait_for(
                context.call_aws(
                    "lambda",
                    "invoke",
                    FunctionName=arn,
                    InvocationType="Event" if asynchronous else "RequestResponse",
                    Payload=json.dumps(event).encode(),
                ),
                timeout=limit,
            )
        except (TimeoutError, BotoCoreError, ClientError):
            return None
        if asynchronous:
            return {}
        if answer.get("FunctionError"):
            return None
        value = json.loads(answer["Payload"].read() or b"null")
        return value if isinstance(value, dict) else None

    def _waiting(self, queue: Queue, now: datetime) -> list[Record]:
        found = []
        for record in self._instance.store("contacts").everything():
            info = record.data.get("QueueInfo") or {}
            left = (record.data.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp")
            left = left or record.data.get("DisconnectTimestamp")
            if info.get("Id") == queue.id and info["EnqueueTimestamp"] <= now and (left is None or now < left):
                found.append(record)
        return found


def is_open(hours: dict[str, Any], moment: datetime) -> bool:
    """Say whether hours of operation are open at a time; 00:00 as an end is midnight, 00:00 to 00:00 all day."""
    local = moment.astimezone(get_zonefile_instance().get(hours["TimeZone"]))
    day, minute = local.strftime("%A").upper(), local.hour * 60 + local.minute
    for entry in hours["Config"]:
        start = entry["StartTime"]["Hours"] * 60 + entry["StartTime"]["Minutes"]
        end = entry["EndTime"]["Hours"] * 60 + entry["EndTime"]["Minutes"] or 24 * 60
        if entry["Day"] == day and start <= minute < end:
            return True
    return False


# What the contact leaves behind


def _new_record(call: Call) -> Record:
    contact = call.contact
    arn = call.context.arn(call.instance, "contact", contact.id)
    data = {
        "InitialContactId": contact.id,
        "InitiationMethod": contact.initiation_method,
        "Channel": contact.channel,
        "InitiationTimestamp": call.started_at,
        "ConnectedToSystemTimestamp": call.started_at,
        "LastUpdateTimestamp": call.started_at,
        "Attributes": dict(contact.attributes),
        "CustomerEndpoint": _endpoint(contact.customer_address),
        "SystemEndpoint": _endpoint(contact.system_address),
    }
    return call.instance.store("contacts").create(Record(id=contact.id, arn=arn, data=data))


def _endpoint(address: str | None) -> dict[str, str] | None:
    return {"Type": "TELEPHONE_NUMBER", "Address": address} if address else None


def _finish_record(call: Call, record: Record) -> None:
    contact = call.contact
    record.data |= {
        "Attributes": dict(contact.attributes),
        "DisconnectTimestamp": call.disconnected_at,
        "LastUpdateTimestamp": call.disconnected_at,
        "DisconnectReason": call.disconnect_reason,
        **{name: value for name, value in contact.details.items() if name in ("Name", "Description", "CustomerId")},
    }
    if call.enqueued_at and contact.queue:
        record.data["QueueInfo"] = {"Id": contact.queue.id, "EnqueueTimestamp": call.enqueued_at}
        record.data["QueuePriority"] = contact.priority
    if call.connected and call.agent and call.disconnected_at:
        record.data["AgentInfo"] = {
            "Id": call.agent.id,
            "AcceptedByAgentTimestamp": call.connected_at,
            "ConnectedToAgentTimestamp": call.connected_at,
            "AfterContactWorkStartTimestamp": call.disconnected_at,
            "AfterContactWorkEndTimestamp": call.disconnected_at + timedelta(seconds=WRAP_UP_SECONDS),
            "AfterContactWorkDuration": int(WRAP_UP_SECONDS),
            "AgentInitiatedHoldDuration": 0,
        }


async def _tell_steps(call: Call, record: Record) -> list[dict[str, Any]]:
    """Send the contact events; return each with what became of it as ``{event, deliveries}``."""
    found = events.contact_events(call.context, call.instance, record, call.contact.queue)
    return [{"event": event, "deliveries": await events.deliver(call.context, event)} for event in found]


async def _keep(call: Call, record: Record, answer: dict[str, Any], conversation: contact_lens.Conversation) -> None:
    """Write recording and analysis, evaluate the rules and deliver their events."""
    config = contact_lens.storage_config(call.instance, conversation.channel)
    if config is None:
        return
    answer["bucket"] = config["BucketName"]
    recordings = contact_lens.recording_files(conversation, config.get("BucketPrefix") or "")
    record.data["Recordings"] = [
        {
            "StorageType": "S3",
            "Location": f"{config['BucketName']}/{file.key}",
            "MediaStreamType": "AUDIO",
            "ParticipantType": "ALL",
            "StartTimestamp": call.connected_at,
            "StopTimestamp": call.disconnected_at,
            "Status": "AVAILABLE",
        }
        for file in recordings
        if file.content_type == "audio/wav"
    ]
    files, matched = recordings, []
    analysed, failure = contact_lens.is_analysed(call.instance, conversation), call.request.get("analysis_failure")
    if analysed and not failure:
        matched = _matched_rules(call, conversation)
        files = files + contact_lens.analysis_files(conversation, [rule.name or "" for rule in matched])
    try:
        await contact_lens.store(call.context, config, files)
    except (BotoCoreError, ClientError) as error:
        # Without its recording a contact is not analysed, and no rule sees it.
        answer["problems"].append(f"Nothing could be stored in {config['BucketName']}: {error}")
        return
    answer["files"] = [file.key for file in files]
    answer["matched_rules"] = [rule.name for rule in matched]
    if analysed and failure:
        await _send(call, events.analysis_failed_event(call.context, call.instance, record, failure), answer)
    for rule in matched:
        await _act(call, rule, answer)


def _conversation(call: Call, connected_at: datetime) -> contact_lens.Conversation:
    transcript = call.request.get("transcript") or DEFAULT_TRANSCRIPT
    return contact_lens.Conversation(
        contact_id=call.contact.id,
        channel=call.contact.channel,
        account=call.context.account,
        connected_at=connected_at,
        seconds=call.duration,
        recording=call.contact.recording,
        summary=call.request.get("summary"),
        summary_failure=call.request.get("summary_failure", contact_lens.Conversation.summary_failure),
        transcript=tuple((role, text) for role, text in transcript),
    )


def _matched_rules(call: Call, conversation: contact_lens.Conversation) -> list[Record]:
    facts = _facts(call, conversation)
    sources = _sources(conversation)
    return [
        rule
        for rule in call.instance.store("rules").everything()
        if rule.data["PublishStatus"] == "PUBLISHED"
        and rule.data["TriggerEventSource"]["EventSourceName"] in sources
        and rule_evaluation.matches(rule.data["Function"], rule.data["TriggerEventSource"]["EventSourceName"], facts)
    ]


def _sources(conversation: contact_lens.Conversation) -> set[str]:
    """Return the event sources of the analysis: in real time also means after the contact."""
    if conversation.channel == "CHAT":
        return {"OnPostChatAnalysisAvailable", "OnRealTimeChatAnalysisAvailable"}
    real_time = {"OnRealTimeCallAnalysisAvailable"} if "RealTime" in conversation.recording.modes else set()
    return {"OnPostCallAnalysisAvailable"} | real_time


def _facts(call: Call, conversation: contact_lens.Conversation) -> rule_evaluation.Facts:
    contact, agent = call.contact, call.agent
    fields: dict[str, list[str] | float] = {
        "InitiationMethod": [contact.initiation_method],
        "DisconnectReason": [call.disconnect_reason],
        "Agent.AfterContactWorkDurationSecs": WRAP_UP_SECONDS,
        "Agent.AgentInteractionDurationSecs": conversation.seconds,
        "Agent.CustomerHoldDurationPct": 0.0,
        "Agent.CustomerHoldDurationSecs": 0.0,
        "Agent.LongestHoldDurationSecs": 0.0,
        "Agent.NonTalkTimePct": 0.0,
        "Agent.NumberOfHolds": 0.0,
        "Interruptions.Instances": 0.0,
        "Loudness.HighestLoudnessScore": 70.0,
        "NonTalkTime.LongestTimeSecs": 0.0,
        "NonTalkTime.TotalTimeSecs": 0.0,
        "Sentiment.OverallScore": 0.0,
        "Sentiment.Score.Beginning": 0.0,
        "Sentiment.Score.End": 0.0,
        "Sentiment.State": ["NEUTRAL"],
        "TalkTime.TotalTimeSecs": conversation.seconds,
    }
    if contact.queue and contact.enqueued:
        fields["Queue.QueueId"] = [contact.queue.id]
    if agent:
        profile = _find(call.instance, "routing_profiles", agent.data["RoutingProfileId"])
        fields["Agent.AgentId"] = [agent.id]
        fields["Agent.RoutingProfile"] = [profile.id, profile.arn] if profile else []
    fields |= {f"ContactAttribute.{name}": [value] for name, value in contact.attributes.items()}
    return rule_evaluation.Facts(fields=fields, transcript=conversation.transcript)


async def _act(call: Call, rule: Record, answer: dict[str, Any]) -> None:
    for action in rule.data["Actions"]:
        if action["ActionType"] != "GENERATE_EVENTBRIDGE_EVENT":
            continue
        event = events.rule_matched_event(
            call.context,
            call.instance,
            rule=rule,
            action_name=action["EventBridgeAction"]["Name"],
            contact_id=call.contact.id,
            agent_id=call.agent.id if call.agent else None,
            queue=call.contact.queue,
        )
        await _send(call, event, answer)


async def _send(call: Call, event: dict[str, Any], answer: dict[str, Any]) -> None:
    answer["events"].append(event)
    answer["deliveries"] += await events.deliver(call.context, event)


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
