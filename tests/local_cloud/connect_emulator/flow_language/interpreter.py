# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a flow for a contact, action by action (connect-api 6.2).

The interpreter knows the language; everything outside a flow (queues, hours, functions, other flows) it asks of a
``World``. Actions that the emulator does not play (bots, tasks, cases, profiles, ...) take their NoMatchingError
branch, as they do where the service behind them is not set up (inferred).
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Awaitable
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from enum import Enum
from typing import Any
from typing import Protocol

from .actions import PATH
from .actions import STEP
from .actions import is_path

MAXIMUM_STEPS = 1000
MAXIMUM_ATTRIBUTES_BYTES = 32 * 1024
PHONE_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
LOCAL_DATA = ("external", "metrics", "flow_attributes", "stored_input")
CALLING_CODES = {"US": "1", "CA": "1", "GB": "44", "DE": "49", "AU": "61", "FR": "33", "JP": "81", "NL": "31"}


class Outcome(Enum):
    """How the run of a flow ended."""

    QUEUED = "queued"
    DISCONNECTED = "disconnected"
    ENDED = "ended"
    WAITED = "waited"
    RETURNED = "returned"


@dataclass(frozen=True)
class Queue:
    """A queue as flows see it; ``agent_id`` is set for the queue that every user has."""

    id: str
    arn: str
    name: str
    agent_id: str | None = None


@dataclass(frozen=True)
class Recording:
    """Recording and analysis as the last block that ran has set them."""

    participants: tuple[str, ...] = ()
    ivr: bool = False
    screen: bool = False
    analytics: bool = False
    language: str | None = None
    modes: tuple[str, ...] = ()
    redaction: bool = False
    redaction_results: str = "RedactedAndOriginal"
    mask_mode: str = "PII"
    redaction_entities: tuple[str, ...] = ()
    summary_modes: tuple[str, ...] = ()


@dataclass
class FlowContact:
    """A contact while flows run for it. ``inputs`` are the answers that the customer will key, in order."""

    id: str
    channel: str
    instance_arn: str
    region: str
    initiation_method: str
    customer_address: str | None
    system_address: str | None
    attributes: dict[str, str] = field(default_factory=dict)
    inputs: list[str | None] = field(default_factory=list)
    queue: Queue | None = None
    enqueued: bool = False
    recording: Recording = field(default_factory=Recording)
    hooks: dict[str, str] = field(default_factory=dict)
    logging: bool = False
    stored_input: str | None = None
    external: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    flow_attributes: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    callback_number: str | None = None
    priority: int = 5
    messages: list[str] = field(default_factory=list)
    seconds: float = 0.0
    patience: float | None = None

    def data(self) -> dict[str, Any]:
        """Return what JSONPath identifiers in flows refer to."""
        queue = {"Name": self.queue.name, "ARN": self.queue.arn} if self.queue else {}
        size, oldest = self.metrics.get("NumberOfContactsInQueue"), self.metrics.get("OldestContactInQueueAgeSeconds")
        return {
            "Channel": self.channel,
            "ContactId": self.id,
            "InitialContactId": self.id,
            "InstanceARN": self.instance_arn,
            "AwsRegion": self.region,
            "InitiationMethod": self.initiation_method,
            "CustomerEndpoint": _endpoint(self.customer_address),
            "SystemEndpoint": _endpoint(self.system_address),
            "CustomerCallbackNumber": {"Address": self.callback_number or self.customer_address},
            "Queue": queue,
            "Attributes": self.attributes,
            "External": self.external,
            "FlowAttributes": self.flow_attributes,
            "StoredCustomerInput": self.stored_input,
            "Metrics": {
                "Queue": {"Size": size, "OldestContactAge": oldest, **queue},
                "Agents": {
                    "Available": {"Count": self.metrics.get("NumberOfAgentsAvailable")},
                    "Online": {"Count": self.metrics.get("NumberOfAgentsOnline")},
                    "Staffed": {"Count": self.metrics.get("NumberOfAgentsStaffed")},
                },
            },
            **self.details,
        }

    def look_up(self, path: str) -> Any:
        """Return the value of a JSONPath identifier, None where there is none."""
        value: Any = self.data()
        for step in re.findall(STEP, path):
            name = step.strip(".[]'")
            if isinstance(value, list) and name.isdigit() and int(name) < len(value):
                value = value[int(name)]
            elif isinstance(value, dict) and name in value:
                value = value[name]
            else:
                return None
        return value

    def resolve(self, value: Any) -> str:
        """Return a parameter as text with its JSONPath identifiers filled in; what is missing is empty."""
        if is_path(value):
            return _text(self.look_up(value))
        return PATH.sub(lambda found: _text(self.look_up(found[0])), str(value))


class World(Protocol):
    """What a flow reaches outside itself. A look-up that finds nothing returns None."""

    def flow(self, reference: str) -> dict[str, Any] | None:
        """Return the published document of a flow."""

    def module(self, reference: str) -> dict[str, Any] | None:
        """Return the published document of a flow module."""

    def queue(self, reference: str) -> Queue | None: ...

    def agent_queue(self, reference: str) -> Queue | None: ...

    def prompt_exists(self, reference: str) -> bool: ...

    def is_open(self, hours: str | None, queue: Queue | None, seconds: float) -> bool | None:
        """Say whether hours, else the queue's, are open so many seconds after the contact began."""

    def metrics(self, queue: Queue, seconds: float) -> dict[str, float]: ...

    def can_enqueue(self, queue: Queue, seconds: float) -> str | None:
        """Return None, or the error that a transfer to the queue takes."""

    def invoke(self, arn: str, event: dict[str, Any], parameters: dict[str, Any]) -> Awaitable[dict[str, Any] | None]:
        """Run a function and return its answer, None when it failed."""


@dataclass(frozen=True)
class Step:
    """What an action came to: a result to compare, an error, or the end of the flow."""

    result: Any = None
    error: str | None = None
    end: Outcome | None = None
    flow: dict[str, Any] | None = None


FINE = Step()
FAILED = Step(error="NoMatchingError")


async def run(contact: FlowContact, document: dict[str, Any], world: World, path: list[str]) -> Outcome:
    """Run a flow from its start; ``path`` receives the identifiers of the actions that ran.

    A flow that comes to an action without a way on, or that goes round for ever, ends (connect-api does not say how
    the service breaks an endless flow: inferred).
    """
    counters: dict[str, int] = {}
    actions = _actions_of(document)
    identifier = document["StartAction"]
    for _unused in range(MAXIMUM_STEPS):
        action = actions.get(identifier or "")
        if action is None:
            return Outcome.ENDED
        path.append(action["Identifier"])
        step = await _perform(contact, action, world, counters, path)
        if step.end is not None:
            return step.end
        if step.flow is not None:
            contact.flow_attributes = {}
            counters = {}
            actions, identifier = _actions_of(step.flow), step.flow["StartAction"]
        else:
            identifier = _next_action(action, step)
    return Outcome.ENDED


def _actions_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {action["Identifier"]: action for action in document["Actions"]}


async def _perform(
    contact: FlowContact, action: dict[str, Any], world: World, counters: dict[str, int], path: list[str]
) -> Step:
    parameters = action.get("Parameters") or {}
    kind = action["Type"]
    if kind == "Loop":
        return _loop(contact, parameters, action["Identifier"], counters)
    if kind == "InvokeLambdaFunction":
        return await _invoke_lambda(contact, parameters, world)
    if kind == "InvokeFlowModule":
        return await _invoke_module(contact, parameters, world, path)
    handler = HANDLERS.get(kind)
    return handler(contact, parameters, world) if handler else FAILED


def _next_action(action: dict[str, Any], step: Step) -> str | None:
    transitions = action.get("Transitions") or {}
    errors = {error["ErrorType"]: error["NextAction"] for error in transitions.get("Errors") or []}
    if step.error is not None:
        return errors.get(step.error) or errors.get("NoMatchingError") or transitions.get("NextAction")
    conditions = transitions.get("Conditions") or []
    if step.result is None:
        return transitions.get("NextAction")
    for branch in conditions:
        condition = branch["Condition"]
        if _holds(condition["Operator"], condition["Operands"][0], _text(step.result)):
            return branch["NextAction"]
    return errors.get("NoMatchingCondition") or transitions.get("NextAction")


def _holds(operator: str, operand: str, value: str) -> bool:
    if operator.startswith("Number"):
        try:
            left, right = float(value), float(operand)
        except ValueError:
            return False
        return {
            "NumberGreaterThan": left > right,
            "NumberGreaterOrEqualTo": left >= right,
            "NumberLessThan": left < right,
            "NumberLessOrEqualTo": left <= right,
        }[operator]
    return {
        "Equals": value == operand,
        "TextStartsWith": value.startswith(operand),
        "TextEndsWith": value.endswith(operand),
        "TextContains": operand in value,
    }[operator]


# Talking to the customer


def _message(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    if "PromptId" in parameters and not world.prompt_exists(contact.resolve(parameters["PromptId"])):
        return FAILED
    contact.messages += [contact.resolve(parameters[name]) for name in ("Text", "SSML") if name in parameters]
    return FINE


def _repeat_messages(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    for message in parameters["Messages"]:
        _message(contact, message, world)
    frequency = parameters.get("InterruptFrequencySeconds")
    if frequency is None or contact.patience is None or contact.patience <= float(frequency):
        return Step(end=Outcome.WAITED)
    contact.patience -= float(frequency)
    return Step(result="MessagesInterrupted")


def _get_input(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    if contact.channel != "VOICE":
        # Keyed input is for calls; on other channels both blocks take the error branch.
        return FAILED
    if _message(contact, parameters, world) is FAILED:
        return FAILED
    keyed = contact.inputs.pop(0) if contact.inputs else None
    if parameters.get("StoreInput") == "True":
        return _store_input(contact, parameters, keyed)
    return Step(result=keyed) if keyed else Step(error="InputTimeLimitExceeded")


def _store_input(contact: FlowContact, parameters: dict[str, Any], keyed: str | None) -> Step:
    if not keyed:
        # No input is no error: the flow goes on and finds this word.
        contact.stored_input = "Timeout"
        return FINE
    validation = parameters.get("InputValidation") or {}
    if "PhoneNumberValidation" in validation:
        number = _phone_number(contact, validation["PhoneNumberValidation"], keyed)
        if number is None:
            return Step(error="InvalidPhoneNumber")
        contact.stored_input = number
        return FINE
    length = (validation.get("CustomValidation") or {}).get("MaximumLength")
    stored = keyed[: int(contact.resolve(length))] if length else keyed
    if "InputEncryption" in parameters:
        # The real value is encrypted with the customer's key; here it only has to be unreadable.
        stored = hashlib.sha256(stored.encode()).hexdigest()
    contact.stored_input = stored
    return FINE


def _phone_number(contact: FlowContact, validation: dict[str, Any], keyed: str) -> str | None:
    if validation["NumberFormat"] == "E164":
        number = keyed if keyed.startswith("+") else f"+{keyed}"
    else:
        code = CALLING_CODES.get(contact.resolve(validation.get("CountryCode", "US")), "1")
        number = f"+{code}{keyed.removeprefix('0')}"
    national = {"1": 10}.get(number[1:2])
    valid = PHONE_NUMBER.fullmatch(number) and (national is None or len(number) == 2 + national)
    return number if valid else None


# The contact's settings


def _set_logging(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    contact.logging = parameters["FlowLoggingBehavior"] == "Enabled"
    return FINE


def _set_recording(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    recording = parameters["RecordingBehavior"]
    analytics = parameters.get("AnalyticsBehavior") or {}
    channel = (analytics.get("ChannelConfiguration") or {}).get("Chat" if contact.channel == "CHAT" else "Voice")
    # Before modes existed the block had none and meant after the contact (inferred).
    modes = ["PostContact"] if channel is None and contact.channel == "VOICE" else (channel or {}).get("AnalyticsModes")
    contact.recording = Recording(
        participants=tuple(recording.get("RecordedParticipants") or ()),
        ivr=recording.get("IVRRecordingBehavior") == "Enabled",
        screen=bool(recording.get("ScreenRecordedParticipants")),
        analytics=analytics.get("Enabled") == "True" and bool(modes),
        language=analytics.get("AnalyticsLanguage"),
        modes=tuple(modes or ()),
        redaction=analytics.get("AnalyticsRedactionBehavior") == "Enabled",
        redaction_results=contact.resolve(analytics.get("AnalyticsRedactionResults", "RedactedAndOriginal")),
        mask_mode=analytics.get("AnalyticsRedactionMaskMode", "PII"),
        redaction_entities=tuple(analytics.get("AnalyticsRedactionEntities") or ()),
        summary_modes=tuple((analytics.get("SummaryConfiguration") or {}).get("SummaryModes") or ()),
    )
    return FINE


def _set_recording_and_analytics(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    screen = bool((parameters.get("ScreenRecordingBehavior") or {}).get("ScreenRecordedParticipants"))
    wanted = {"VOICE": "VoiceBehavior", "CHAT": "ChatBehavior"}.get(contact.channel)
    given = {"VoiceBehavior", "ChatBehavior"} & set(parameters)
    if not given:
        contact.recording = replace(contact.recording, screen=screen)
        return FINE
    if wanted not in given:
        return Step(error="ChannelMismatch")
    behavior = parameters[wanted]
    recording = behavior.get("VoiceRecordingBehavior") or {}
    analytics = behavior.get("VoiceAnalyticsBehavior") or behavior.get("ChatAnalyticsBehavior") or {}
    redaction = analytics.get("ConversationalAnalyticsRedactionConfiguration") or {}
    default_modes = ["PostContact"] if contact.channel == "VOICE" else ["ContactLens"]
    contact.recording = Recording(
        participants=tuple(recording.get("RecordedParticipants") or ()),
        ivr=recording.get("IVRRecordingBehavior") == "Enabled",
        screen=screen,
        analytics=analytics.get("Enabled") == "True",
        language=contact.resolve(analytics["AnalyticsLanguage"]) if "AnalyticsLanguage" in analytics else None,
        modes=tuple(analytics.get("AnalyticsModes") or default_modes),
        redaction=redaction.get("Enabled") == "True",
        redaction_results=contact.resolve(redaction.get("RedactionResults", "RedactedAndOriginal")),
        mask_mode=redaction.get("RedactionMaskMode", "PII"),
        redaction_entities=tuple(redaction.get("RedactionEntities") or ()),
        summary_modes=tuple((analytics.get("SummaryConfiguration") or {}).get("SummaryModes") or ()),
    )
    return FINE


def _set_attributes(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    attributes = {**contact.attributes}
    for name, value in parameters["Attributes"].items():
        attributes[name] = contact.resolve(value)
    if len(json.dumps(attributes).encode()) > MAXIMUM_ATTRIBUTES_BYTES:
        return FAILED
    contact.attributes = attributes
    return FINE


def _set_flow_attributes(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    for name, value in parameters["FlowAttributes"].items():
        contact.flow_attributes[name] = contact.resolve(value["Value"])
    return FINE


def _set_data(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    for name in ("Name", "Description", "CustomerId", "LanguageCode"):
        if name in parameters:
            contact.details[name] = contact.resolve(parameters[name])
    return FINE


def _set_voice(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    contact.details["TextToSpeechVoiceId"] = contact.resolve(parameters["TextToSpeechVoice"])
    return FINE


def _set_hooks(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    resolved = {name: contact.resolve(flow) for name, flow in parameters["EventHooks"].items()}
    if any(world.flow(flow) is None for flow in resolved.values()):
        return FAILED
    contact.hooks.update(resolved)
    return FINE


def _set_callback_number(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    number = contact.resolve(parameters["CallbackNumber"])
    if not PHONE_NUMBER.fullmatch(number):
        return Step(error="InvalidCallbackNumber")
    contact.callback_number = number
    return FINE


def _set_priority(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    if "QueuePriority" in parameters:
        contact.priority = int(parameters["QueuePriority"])
    return FINE


# Branches


def _compare(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    return Step(result=contact.resolve(parameters["ComparisonValue"]))


def _distribute(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    return Step(result=random.randint(1, 100))


def _check_hours(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    hours = parameters.get("HoursOfOperationId")
    is_open = world.is_open(contact.resolve(hours) if hours else None, contact.queue, contact.seconds)
    return FAILED if is_open is None else Step(result=str(is_open))


def _check_metric(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    if _load_metrics(contact, parameters, world) is FAILED:
        return FAILED
    return Step(result=contact.metrics[parameters["MetricType"]])


def _load_metrics(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    queue = _named_queue(contact, parameters, world) if {"QueueId", "AgentId"} & set(parameters) else contact.queue
    if queue is None:
        return FAILED
    contact.metrics = world.metrics(queue, contact.seconds)
    return FINE


def _loop(contact: FlowContact, parameters: dict[str, Any], identifier: str, counters: dict[str, int]) -> Step:
    done = counters.get(identifier, 0)
    try:
        count = int(contact.resolve(parameters["LoopCount"]))
    except ValueError:
        return FAILED
    if done < count:
        counters[identifier] = done + 1
        return Step(result="ContinueLooping")
    counters[identifier] = 0
    return Step(result="DoneLooping")


def _wait(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    try:
        contact.seconds += float(contact.resolve(parameters["TimeLimitSeconds"]))
    except ValueError:
        return FAILED
    return Step(result="WaitCompleted")


async def _invoke_lambda(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    data = contact.data()
    event = {
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": dict(contact.attributes),
                "Channel": contact.channel,
                "ContactId": contact.id,
                "CustomerEndpoint": data["CustomerEndpoint"] or None,
                "CustomerId": contact.details.get("CustomerId"),
                "Description": contact.details.get("Description"),
                "InitialContactId": contact.id,
                "InitiationMethod": contact.initiation_method,
                "InstanceARN": contact.instance_arn,
                "LanguageCode": contact.details.get("LanguageCode", "en-US"),
                "MediaStreams": {"Customer": {"Audio": None}},
                "Name": contact.details.get("Name"),
                "PreviousContactId": contact.id,
                "Queue": data["Queue"] or None,
                "References": {},
                "RelatedContactId": None,
                "SegmentAttributes": {},
                "SystemEndpoint": data["SystemEndpoint"] or None,
                "Tags": {},
            },
            "Parameters": {
                name: contact.resolve(value)
                for name, value in (parameters.get("LambdaInvocationAttributes") or {}).items()
            },
        },
    }
    answer = await world.invoke(contact.resolve(parameters["LambdaFunctionARN"]), event, parameters)
    if answer is None:
        return FAILED
    kind = (parameters.get("ResponseValidation") or {}).get("ResponseType", "STRING_MAP")
    if kind == "STRING_MAP" and any(isinstance(value, (dict, list)) for value in answer.values()):
        return FAILED
    contact.external = answer
    return FINE


async def _invoke_module(contact: FlowContact, parameters: dict[str, Any], world: World, path: list[str]) -> Step:
    """Run a module until it returns. It neither sees nor changes the invoking flow's local data (inferred)."""
    document = world.module(contact.resolve(parameters["FlowModuleId"]))
    if document is None:
        return FAILED
    local = {name: getattr(contact, name) for name in LOCAL_DATA}
    contact.external, contact.metrics, contact.flow_attributes, contact.stored_input = {}, {}, {}, None
    outcome = await run(contact, document, world, path)
    if outcome is not Outcome.RETURNED:
        return Step(end=outcome)
    for name, value in local.items():
        setattr(contact, name, value)
    return FINE


# Where the contact goes


def _named_queue(contact: FlowContact, parameters: dict[str, Any], world: World) -> Queue | None:
    if "QueueId" in parameters:
        return world.queue(contact.resolve(parameters["QueueId"]))
    return world.agent_queue(contact.resolve(parameters["AgentId"]))


def _set_queue(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    queue = _named_queue(contact, parameters, world)
    if queue is None:
        return FAILED
    contact.queue = queue
    return FINE


def _transfer_to_queue(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    if contact.queue is None or contact.enqueued:
        return FAILED
    error = world.can_enqueue(contact.queue, contact.seconds)
    if error:
        return Step(error=error)
    contact.enqueued = True
    return Step(end=Outcome.QUEUED)


def _transfer_to_agent(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    """Go to the agent whom a quick connect has chosen."""
    if contact.queue is None or contact.queue.agent_id is None:
        return FAILED
    return _transfer_to_queue(contact, parameters, world)


def _change_queue(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    """Go to another queue from the queue's flow. The emulator keeps the contact, the service starts a new segment."""
    queue = _named_queue(contact, parameters, world) if parameters else contact.queue
    if queue is None:
        return FAILED
    error = world.can_enqueue(queue, contact.seconds)
    if error:
        return Step(error=error)
    contact.queue = queue
    return Step(end=Outcome.QUEUED)


def _transfer_to_flow(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    document = world.flow(contact.resolve(parameters["ContactFlowId"]))
    return FAILED if document is None else Step(flow=document)


def _disconnect(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    return Step(end=Outcome.DISCONNECTED)


def _return(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    return Step(end=Outcome.RETURNED)


def _end(contact: FlowContact, parameters: dict[str, Any], world: World) -> Step:
    return Step(end=Outcome.ENDED)


HANDLERS: dict[str, Callable[[FlowContact, dict[str, Any], World], Step]] = {
    "CheckHoursOfOperation": _check_hours,
    "CheckMetricData": _check_metric,
    "Compare": _compare,
    "DequeueContactAndTransferToQueue": _change_queue,
    "DisconnectParticipant": _disconnect,
    "DistributeByPercentage": _distribute,
    "EndFlowExecution": _end,
    "EndFlowModuleExecution": _return,
    "GetMetricData": _load_metrics,
    "GetParticipantInput": _get_input,
    "MessageParticipant": _message,
    "MessageParticipantIteratively": _repeat_messages,
    "TransferContactToAgent": _transfer_to_agent,
    "TransferContactToQueue": _transfer_to_queue,
    "TransferToFlow": _transfer_to_flow,
    "UpdateContactAttributes": _set_attributes,
    "UpdateContactCallbackNumber": _set_callback_number,
    "UpdateContactData": _set_data,
    "UpdateContactEventHooks": _set_hooks,
    "UpdateContactRecordingAndAnalyticsBehavior": _set_recording_and_analytics,
    "UpdateContactRecordingBehavior": _set_recording,
    "UpdateContactRoutingBehavior": _set_priority,
    "UpdateContactTargetQueue": _set_queue,
    "UpdateContactTextToSpeechVoice": _set_voice,
    "UpdateFlowAttributes": _set_flow_attributes,
    "UpdateFlowLoggingBehavior": _set_logging,
    "Wait": _wait,
}


def _endpoint(address: str | None) -> dict[str, str]:
    return {"Address": address, "Type": "TELEPHONE_NUMBER"} if address else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
