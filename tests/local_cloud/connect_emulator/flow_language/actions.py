# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action types of the flow language and what the service accepts in each (connect-api 6.2).

Parameter checks are functions ``check(value, path, references) -> list of problems``. Types that the emulator does
not play (cases, profiles, views, ...) are known by name only: their parameters are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

NUMBER_OPERATORS = ("NumberGreaterThan", "NumberGreaterOrEqualTo", "NumberLessThan", "NumberLessOrEqualTo")
OPERATORS = ("Equals", "TextStartsWith", "TextEndsWith", "TextContains", *NUMBER_OPERATORS)

STEP = r"\.[A-Za-z_][\w-]*|\[(?:\d+|'[^']+')\]"
PATH = re.compile(rf"\$(?:{STEP})+")
LAMBDA_ARN = re.compile(r"^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,140}(:[\w$-]+)?$")

MESSAGES = ("Text", "SSML", "PromptId", "Media")
METRICS = (
    "NumberOfAgentsAvailable",
    "NumberOfAgentsStaffed",
    "NumberOfAgentsOnline",
    "OldestContactInQueueAgeSeconds",
    "NumberOfContactsInQueue",
)
EVENT_HOOKS = (
    "AgentHold",
    "AgentWhisper",
    "CustomerHold",
    "CustomerQueue",
    "CustomerRemaining",
    "CustomerWhisper",
    "DefaultAgentUI",
    "DisconnectAgentUI",
    "PauseContact",
    "ResumeContact",
)

# Not a type of flow: stands for the content of a flow module where an action asks what it is in.
MODULE = "MODULE"
# A flow of one of these types has a customer who is not queued yet (connect-api 6.2, UpdateContactTargetQueue). A
# module runs inside a flow of type CONTACT_FLOW and may have what that may have (inferred).
INBOUND_AND_TRANSFER = ("CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER", MODULE)

Check = Callable[[Any, str, Any], list[str]]


def missing(path: str) -> str:
    return f"Action is missing required property. Path: {path}"


def bad_name(path: str) -> str:
    return f"Invalid Action property name. Path: {path}"


def bad_value(path: str) -> str:
    return f"Invalid Action property value. Path: {path}"


def is_path(value: Any) -> bool:
    """Say whether a value is wholly one JSONPath identifier, the only dynamic form most parameters take."""
    return isinstance(value, str) and bool(PATH.fullmatch(value))


def one_of(*values: str, dynamic: bool = False) -> Check:
    def check(value: Any, path: str, references: Any) -> list[str]:
        return [] if value in values or (dynamic and is_path(value)) else [bad_value(path)]

    return check


def text(value: Any, path: str, references: Any) -> list[str]:
    """Free text: static, or with JSONPath identifiers anywhere in it."""
    return [] if isinstance(value, str) and value else [bad_value(path)]


def static_text(value: Any, path: str, references: Any) -> list[str]:
    return [] if isinstance(value, str) and value and not value.startswith("$.") else [bad_value(path)]


def static_or_path(value: Any, path: str, references: Any) -> list[str]:
    """A value that is either static or one JSONPath identifier, never a mixture."""
    fine = isinstance(value, str) and value and (not value.startswith("$.") or is_path(value))
    return [] if fine else [bad_value(path)]


def json_path(value: Any, path: str, references: Any) -> list[str]:
    return [] if is_path(value) else [bad_value(path)]


def number(minimum: int, maximum: int, *, dynamic: bool = True, text_only: bool = True) -> Check:
    def check(value: Any, path: str, references: Any) -> list[str]:
        if dynamic and is_path(value):
            return []
        if isinstance(value, bool) or not isinstance(value, (str, int)) or (text_only and not isinstance(value, str)):
            return [bad_value(path)]
        fine = re.fullmatch(r"-?\d+", str(value)) and minimum <= int(value) <= maximum
        return [] if fine else [bad_value(path)]

    return check


def reference(kind: str) -> Check:
    """An id or ARN of an object of this instance (inferred: an unknown one is refused when publishing)."""

    def check(value: Any, path: str, references: Any) -> list[str]:
        if is_path(value):
            return []
        if not isinstance(value, str) or not value or value.startswith("$"):
            return [bad_value(path)]
        if references is not None and not references.exists(kind, value):
            return [f"{bad_value(path)}. The {kind} does not exist in this instance"]
        return []

    return check


def string_map(value: Any, path: str, references: Any) -> list[str]:
    """A map whose values are static or dynamic strings."""
    if not isinstance(value, dict):
        return [bad_value(path)]
    return [bad_value(f"{path}.{key}") for key, item in value.items() if not isinstance(item, str)]


def string_list(*allowed: str) -> Check:
    def check(value: Any, path: str, references: Any) -> list[str]:
        if not isinstance(value, list):
            return [bad_value(path)]
        return [bad_value(f"{path}[{n}]") for n, item in enumerate(value) if item not in allowed]

    return check


def static_list(value: Any, path: str, references: Any) -> list[str]:
    fine = isinstance(value, list) and all(isinstance(item, str) and not item.startswith("$.") for item in value)
    return [] if fine else [bad_value(path)]


def anything(value: Any, path: str, references: Any) -> list[str]:
    return []


def structure(members: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    def check(value: Any, path: str, references: Any) -> list[str]:
        if not isinstance(value, dict):
            return [bad_value(path)]
        problems = [missing(f"{path}.{name}") for name in required if name not in value]
        for name, item in value.items():
            if name not in members:
                problems.append(bad_name(f"{path}.{name}"))
            else:
                problems += members[name](item, f"{path}.{name}", references)
        return problems

    return check


def lambda_function(value: Any, path: str, references: Any) -> list[str]:
    if is_path(value):
        return []
    if not isinstance(value, str) or not LAMBDA_ARN.match(value):
        return [bad_value(path)]
    if references is not None and not references.exists("Lambda function", value):
        return [f"{bad_value(path)}. The Lambda function is not associated with this instance"]
    return []


def messages(value: Any, path: str, references: Any) -> list[str]:
    """A list of messages, each of which is one of text, SSML, prompt and media."""
    if not isinstance(value, list) or not value:
        return [bad_value(path)]
    problems = []
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if not isinstance(item, dict) or len(item) != 1:
            problems.append(bad_value(here))
        else:
            problems += structure(MESSAGE_PARAMETERS)(item, here, references)
    return problems


def flow_attributes(value: Any, path: str, references: Any) -> list[str]:
    """A map of names to ``{"Value": static or dynamic}``."""
    if not isinstance(value, dict):
        return [bad_value(path)]
    check = structure({"Value": text}, required=("Value",))
    return [problem for name, item in value.items() for problem in check(item, f"{path}.{name}", references)]


def event_hooks(value: Any, path: str, references: Any) -> list[str]:
    if not isinstance(value, dict) or len(value) != 1:
        return [bad_value(path)]
    (name, flow), *_unused = value.items()
    if name not in EVENT_HOOKS:
        return [bad_name(f"{path}.{name}")]
    return reference("flow")(flow, f"{path}.{name}", references)


RECORDING = structure(
    {
        "RecordedParticipants": string_list("Agent", "Customer"),
        "ScreenRecordedParticipants": string_list("Agent"),
        "IVRRecordingBehavior": one_of("Enabled", "Disabled"),
    }
)
SUMMARY = structure({"SummaryModes": string_list("PostContact", "AutomatedInteraction")})
SENTIMENT = structure({"Enabled": one_of("True", "False")})
# connect-api 13b: the language is static in the older action and may be dynamic in the newer one.
ANALYTICS = structure(
    {
        "Enabled": one_of("True", "False"),
        "AnalyticsLanguage": static_text,
        "AnalyticsRedactionBehavior": one_of("Enabled", "Disabled"),
        "AnalyticsRedactionResults": one_of("RedactedAndOriginal", "RedactedOnly", dynamic=True),
        "AnalyticsRedactionMaskMode": one_of("EntityType", "PII"),
        "AnalyticsRedactionEntities": static_list,
        "AnalyticsCustomVocabulary": static_or_path,
        "ChannelConfiguration": structure(
            {
                "Chat": structure({"AnalyticsModes": string_list("ContactLens")}),
                "Voice": structure({"AnalyticsModes": string_list("PostContact", "RealTime", "AutomatedInteraction")}),
            }
        ),
        "SummaryConfiguration": SUMMARY,
        "SentimentConfiguration": SENTIMENT,
    },
    required=("Enabled",),
)
REDACTION = structure(
    {
        "Enabled": one_of("True", "False"),
        "RedactionResults": one_of("RedactedAndOriginal", "RedactedOnly", dynamic=True),
        "RedactionMaskMode": one_of("EntityType", "PII"),
        "RedactionEntities": static_list,
    }
)


def _analytics_behavior(modes: Check) -> dict[str, Check]:
    return {
        "Enabled": one_of("True", "False"),
        "AnalyticsLanguage": static_or_path,
        "ConversationalAnalyticsRedactionConfiguration": REDACTION,
        "AnalyticsModes": modes,
        "SentimentConfiguration": SENTIMENT,
        "SummaryConfiguration": SUMMARY,
        "AnalyticsCustomVocabulary": static_or_path,
        "RulesConfiguration": anything,
    }


VOICE_BEHAVIOR = structure(
    {
        "VoiceRecordingBehavior": RECORDING,
        "VoiceAnalyticsBehavior": structure(
            _analytics_behavior(string_list("PostContact", "RealTime", "AutomatedInteraction")), required=("Enabled",)
        ),
    }
)
CHAT_BEHAVIOR = structure(
    {
        "ChatAnalyticsBehavior": structure(
            {
                **_analytics_behavior(string_list("ContactLens", "PostContact")),
                "InFlightChatRedactionConfiguration": anything,
            },
            required=("Enabled",),
        ),
    }
)


@dataclass(frozen=True)
class ActionType:
    """What one action type accepts.

    ``parameters`` None means unchecked. ``message``: exactly one of Text, SSML, PromptId, Media. ``errors`` must all
    be present, ``optional_errors`` may be. ``operands`` None means any operand. ``next_action`` is "required",
    "optional" or "none" (terminal: no transitions at all).
    """

    parameters: Mapping[str, Check] | None = None
    required: tuple[str, ...] = ()
    at_most_one: tuple[str, ...] = ()
    message: bool = False
    errors: tuple[str, ...] = ()
    optional_errors: tuple[str, ...] | None = ()
    operators: tuple[str, ...] = ()
    operands: tuple[str, ...] | None = None
    next_action: str = "required"
    flow_types: tuple[str, ...] | None = None
    extra: Callable[[dict[str, Any], str], list[str]] = field(default=lambda parameters, path: [])


def _recorded_for_analysis(parameters: dict[str, Any], path: str) -> list[str]:
    analytics = parameters.get("AnalyticsBehavior")
    if not isinstance(analytics, dict) or analytics.get("Enabled") != "True":
        return []
    channels = analytics.get("ChannelConfiguration")
    if isinstance(channels, dict) and not (channels.get("Voice") or {}).get("AnalyticsModes"):
        return []
    return _both_recorded(parameters.get("RecordingBehavior"), f"{path}.AnalyticsBehavior")


def _both_recorded(recording: Any, path: str) -> list[str]:
    recorded = recording.get("RecordedParticipants") if isinstance(recording, dict) else None
    if isinstance(recorded, list) and {"Agent", "Customer"} <= {item for item in recorded if isinstance(item, str)}:
        return []
    return [f"{bad_value(path)}. Analytics needs both Agent and Customer to be recorded"]


def _one_channel(parameters: dict[str, Any], path: str) -> list[str]:
    behaviors = [name for name in ("VoiceBehavior", "ChatBehavior") if name in parameters]
    if len(behaviors) > 1:
        return [bad_name(f"{path}.ChatBehavior")]
    if not behaviors and "ScreenRecordingBehavior" not in parameters:
        return [missing(f"{path}.VoiceBehavior")]
    voice = parameters.get("VoiceBehavior")
    analytics = voice.get("VoiceAnalyticsBehavior") if isinstance(voice, dict) else None
    if isinstance(analytics, dict) and analytics.get("Enabled") == "True":
        return _both_recorded(voice.get("VoiceRecordingBehavior"), f"{path}.VoiceBehavior.VoiceAnalyticsBehavior")
    return []


CATCH_ALL = ("NoMatchingError",)
MEDIA = structure(
    {"Uri": static_or_path, "SourceType": one_of("S3"), "MediaType": one_of("Audio")},
    required=("Uri", "SourceType", "MediaType"),
)
MESSAGE_PARAMETERS: dict[str, Check] = {"Text": text, "SSML": text, "PromptId": reference("prompt"), "Media": MEDIA}
QUEUE_OR_AGENT: dict[str, Check] = {"QueueId": reference("queue"), "AgentId": reference("user")}

INPUT_PARAMETERS: dict[str, Check] = {
    **MESSAGE_PARAMETERS,
    "StoreInput": one_of("True", "False"),
    "InputTimeLimitSeconds": number(1, 180),
}
INPUT_MENU = ActionType(
    INPUT_PARAMETERS,
    required=("InputTimeLimitSeconds",),
    message=True,
    errors=("NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError"),
    operators=("Equals",),
    operands=tuple("0123456789*#"),
    next_action="optional",
    flow_types=(*INBOUND_AND_TRANSFER, "CUSTOMER_QUEUE"),
)
INPUT_STORE = ActionType(
    {
        **INPUT_PARAMETERS,
        "InputValidation": anything,
        "InputEncryption": structure(
            {"EncryptionKeyId": static_or_path, "Key": static_or_path}, required=("EncryptionKeyId", "Key")
        ),
        "DTMFConfiguration": structure(
            {
                "DisableCancelKey": one_of("True", "False"),
                "InputTerminationSequence": static_or_path,
                "InterdigitTimeLimitSeconds": number(1, 20),
            }
        ),
    },
    required=("InputTimeLimitSeconds", "InputValidation"),
    message=True,
    errors=CATCH_ALL,
    flow_types=INPUT_MENU.flow_types,
)
INPUT_VALIDATION = {
    "CustomValidation": structure({"MaximumLength": number(1, 250)}, required=("MaximumLength",)),
    "PhoneNumberValidation": structure(
        {"NumberFormat": one_of("Local", "E164"), "CountryCode": static_or_path}, required=("NumberFormat",)
    ),
}


def input_type(parameters: dict[str, Any]) -> ActionType:
    """Pick the form of GetParticipantInput: a menu branches on one key, a store keeps what was keyed."""
    if parameters.get("StoreInput") != "True":
        return INPUT_MENU
    validation = parameters.get("InputValidation")
    if not isinstance(validation, dict):
        return INPUT_STORE
    phone = "PhoneNumberValidation" in validation
    return replace(
        INPUT_STORE,
        parameters={**(INPUT_STORE.parameters or {}), "InputValidation": _input_validation},
        optional_errors=("InvalidPhoneNumber",) if phone else (),
    )


def _input_validation(value: Any, path: str, references: Any) -> list[str]:
    if len(value) != 1:
        return [bad_value(path)]
    return structure(INPUT_VALIDATION)(value, path, references)


def _known(**options: Any) -> ActionType:
    return ActionType(None, optional_errors=None, operators=OPERATORS, next_action="optional", **options)


ACTION_TYPES: dict[str, ActionType] = {
    "Compare": ActionType(
        {"ComparisonValue": json_path},
        required=("ComparisonValue",),
        errors=("NoMatchingCondition",),
        operators=OPERATORS,
        next_action="optional",
    ),
    "CheckHoursOfOperation": ActionType(
        {"HoursOfOperationId": reference("hours of operation")},
        errors=CATCH_ALL,
        operators=("Equals",),
        operands=("True", "False"),
        next_action="optional",
    ),
    "CheckMetricData": ActionType(
        {"MetricType": one_of(*METRICS), **QUEUE_OR_AGENT, "QueueChannel": one_of("Voice", "Chat")},
        required=("MetricType",),
        at_most_one=("QueueId", "AgentId"),
        errors=("NoMatchingCondition", "NoMatchingError"),
        operators=("Equals", *NUMBER_OPERATORS),
        next_action="optional",
        flow_types=(*INBOUND_AND_TRANSFER, "CUSTOMER_QUEUE"),
    ),
    "DequeueContactAndTransferToQueue": ActionType(
        QUEUE_OR_AGENT,
        at_most_one=("QueueId", "AgentId"),
        errors=("QueueAtCapacity", "NoMatchingError"),
        next_action="optional",
        flow_types=("CUSTOMER_QUEUE",),
    ),
    "DisconnectParticipant": ActionType({}, next_action="none"),
    "DistributeByPercentage": ActionType(
        {}, errors=("NoMatchingCondition",), operators=("NumberLessThan",), next_action="optional"
    ),
    "EndFlowExecution": ActionType({}, next_action="none"),
    # Returns from a module and is in no flow (inferred).
    "EndFlowModuleExecution": ActionType(None, next_action="none", flow_types=(MODULE,)),
    "GetMetricData": ActionType(
        {**QUEUE_OR_AGENT, "QueueChannel": one_of("Voice", "Chat", "Task", dynamic=True)},
        at_most_one=("QueueId", "AgentId"),
        errors=CATCH_ALL,
    ),
    "GetParticipantInput": INPUT_MENU,
    # Only inbound flows may have it, so no module invokes another one; the conditions are the results that the module's
    # settings name (inferred).
    "InvokeFlowModule": ActionType(
        {"FlowModuleId": reference("flow module")},
        required=("FlowModuleId",),
        errors=CATCH_ALL,
        operators=("Equals",),
        flow_types=("CONTACT_FLOW",),
    ),
    "InvokeLambdaFunction": ActionType(
        {
            "LambdaFunctionARN": lambda_function,
            # A text in the documents, but deployed flows have numbers too.
            "InvocationTimeLimitSeconds": number(1, 8, dynamic=False, text_only=False),
            "InvocationType": one_of("SYNCHRONOUS", "ASYNCHRONOUS"),
            "LambdaInvocationAttributes": string_map,
            "ResponseValidation": structure({"ResponseType": one_of("STRING_MAP", "JSON")}, required=("ResponseType",)),
        },
        required=("LambdaFunctionARN", "InvocationTimeLimitSeconds"),
        errors=CATCH_ALL,
    ),
    "Loop": ActionType(
        {"LoopCount": number(0, 100)},
        required=("LoopCount",),
        optional_errors=CATCH_ALL,
        operators=("Equals",),
        operands=("ContinueLooping", "DoneLooping"),
        next_action="optional",
    ),
    # The published sample flow leaves the error out in some blocks (connect-api 6.2).
    "MessageParticipant": ActionType(MESSAGE_PARAMETERS, message=True, optional_errors=CATCH_ALL),
    "MessageParticipantIteratively": ActionType(
        {"Messages": messages, "InterruptFrequencySeconds": number(1, 1000)},
        required=("Messages",),
        optional_errors=CATCH_ALL,
        operators=("Equals",),
        operands=("MessagesInterrupted",),
        next_action="optional",
        flow_types=("CUSTOMER_QUEUE", "CUSTOMER_HOLD", "AGENT_HOLD"),
    ),
    "TransferContactToQueue": ActionType(
        {},
        errors=("QueueAtCapacity", "NoMatchingError"),
        next_action="optional",
        flow_types=INBOUND_AND_TRANSFER,
    ),
    "TransferToFlow": ActionType(
        {"ContactFlowId": reference("flow")}, required=("ContactFlowId",), errors=CATCH_ALL, next_action="optional"
    ),
    "UpdateContactAttributes": ActionType(
        {"Attributes": string_map, "TargetContact": one_of("Current", "Related")},
        required=("Attributes",),
        errors=CATCH_ALL,
    ),
    "UpdateContactCallbackNumber": ActionType(
        {"CallbackNumber": static_or_path},
        required=("CallbackNumber",),
        errors=("InvalidCallbackNumber", "CallbackNumberNotDialable"),
    ),
    "UpdateContactData": ActionType(None, errors=CATCH_ALL),
    "UpdateContactEventHooks": ActionType({"EventHooks": event_hooks}, required=("EventHooks",), errors=CATCH_ALL),
    "UpdateContactRecordingAndAnalyticsBehavior": ActionType(
        {
            "VoiceBehavior": VOICE_BEHAVIOR,
            "ChatBehavior": CHAT_BEHAVIOR,
            "ScreenRecordingBehavior": structure({"ScreenRecordedParticipants": string_list("Agent")}),
        },
        errors=("NoMatchingError", "ChannelMismatch"),
        extra=_one_channel,
    ),
    "UpdateContactRecordingBehavior": ActionType(
        {"RecordingBehavior": RECORDING, "AnalyticsBehavior": ANALYTICS},
        required=("RecordingBehavior",),
        extra=_recorded_for_analysis,
    ),
    "UpdateContactRoutingBehavior": ActionType(
        {
            "QueuePriority": number(1, 2**31, dynamic=False, text_only=False),
            "QueueTimeAdjustmentSeconds": number(-(2**31), 2**31, dynamic=False, text_only=False),
        },
        at_most_one=("QueuePriority", "QueueTimeAdjustmentSeconds"),
    ),
    "UpdateContactTargetQueue": ActionType(
        QUEUE_OR_AGENT,
        at_most_one=("QueueId", "AgentId"),
        errors=CATCH_ALL,
        flow_types=INBOUND_AND_TRANSFER,
        extra=lambda parameters, path: [] if {"QueueId", "AgentId"} & set(parameters) else [missing(f"{path}.QueueId")],
    ),
    # The action page asks for the error, the service and the console do not.
    "UpdateContactTextToSpeechVoice": ActionType(
        {
            "TextToSpeechVoice": static_or_path,
            "TextToSpeechEngine": one_of("Standard", "Neural", "Generative", dynamic=True),
            "TextToSpeechStyle": static_or_path,
        },
        required=("TextToSpeechVoice",),
        optional_errors=CATCH_ALL,
    ),
    "UpdateFlowAttributes": ActionType(
        {"FlowAttributes": flow_attributes}, required=("FlowAttributes",), errors=CATCH_ALL
    ),
    "UpdateFlowLoggingBehavior": ActionType(
        {"FlowLoggingBehavior": one_of("Enabled", "Disabled")}, required=("FlowLoggingBehavior",)
    ),
    "Wait": ActionType(
        {
            "TimeLimitSeconds": number(1, 604800),
            "Events": string_list("CustomerReturned", "BotParticipantDisconnected"),
        },
        required=("TimeLimitSeconds",),
        errors=CATCH_ALL,
        optional_errors=("ParticipantNotFound",),
        operators=("Equals",),
        operands=("WaitCompleted", "CustomerReturned", "BotParticipantDisconnected"),
        next_action="optional",
    ),
    "CheckOutboundCallStatus": _known(errors=CATCH_ALL),
    "ConnectParticipantWithLexBot": _known(errors=CATCH_ALL),
    "ShowView": _known(errors=("NoMatchingCondition", "NoMatchingError", "TimeLimitExceeded")),
    "TagContact": _known(errors=CATCH_ALL),
    "UnTagContact": _known(errors=CATCH_ALL),
    **{
        name: _known()
        for name in (
            "AssociateContactToCustomerProfile",
            "AuthenticateParticipant",
            "CheckVoiceId",
            "CompleteOutboundCall",
            "CreateCallbackContact",
            "CreateCase",
            "CreateCustomerProfile",
            "CreatePersistentContactAssociation",
            "CreateTask",
            "CreateWisdomSession",
            "EvaluateDataTableValues",
            "GetCalculatedAttributesForCustomerProfile",
            "GetCase",
            "GetCustomerProfile",
            "GetCustomerProfileObject",
            "LoadContactContent",
            "ResumeContact",
            "StartOutboundChatContact",
            "StartVoiceIdStream",
            "TransferContactToAgent",
            "TransferParticipantToThirdParty",
            "UpdateCase",
            "UpdateContactMediaProcessing",
            "UpdateContactMediaStreamingBehavior",
            "UpdateContactRoutingCriteria",
            "UpdateCustomerProfile",
            "UpdatePreviousContactParticipantState",
            "UpdateRoutingCriteria",
        )
    },
}


def action_type(action: dict[str, Any]) -> ActionType | None:
    """The description that an action is checked against, None for a type that the service does not know."""
    name, parameters = action.get("Type"), action.get("Parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if name == "GetParticipantInput":
        return input_type(parameters)
    if name == "UpdateContactRecordingAndAnalyticsBehavior" and "ChatBehavior" in parameters:
        known = ACTION_TYPES[name]
        return replace(known, errors=(*known.errors, "InFlightRedactionConfigurationFailed"))
    if name == "UpdateContactTextToSpeechVoice" and "TextToSpeechEngine" in parameters:
        # Inferred (connect-api 6.2).
        return replace(ACTION_TYPES[name], errors=CATCH_ALL)
    return ACTION_TYPES.get(name) if isinstance(name, str) else None
