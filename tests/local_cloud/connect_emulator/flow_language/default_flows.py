# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flows that a new instance holds (connect-api 1.5): names and types as documented, contents our own."""

from __future__ import annotations

import json
from typing import Any

from .validator import VERSION

Action = dict[str, Any]

TYPES = {
    "Default agent hold": "AGENT_HOLD",
    "Default agent transfer": "AGENT_TRANSFER",
    "Default agent whisper": "AGENT_WHISPER",
    "Default customer hold": "CUSTOMER_HOLD",
    "Default customer queue": "CUSTOMER_QUEUE",
    "Default customer whisper": "CUSTOMER_WHISPER",
    "Default outbound": "OUTBOUND_WHISPER",
    "Default queue transfer": "QUEUE_TRANSFER",
    "Sample AB test": "CONTACT_FLOW",
    "Sample disconnect flow": "CONTACT_FLOW",
    "Sample inbound flow (first contact experience)": "CONTACT_FLOW",
    "Sample interruptible queue flow with callback": "CUSTOMER_QUEUE",
    "Sample Lambda integration": "CONTACT_FLOW",
    "Sample note for screenpop": "CONTACT_FLOW",
    "Sample queue configurations flow": "CONTACT_FLOW",
    "Sample queue customer": "CONTACT_FLOW",
    "Sample recording behavior": "CONTACT_FLOW",
    # Which of two types this one has is uncertain (inferred).
    "Sample secure input with agent": "QUEUE_TRANSFER",
    "Sample secure input with no agent": "CONTACT_FLOW",
}


def contents(queue: str, prompts: dict[str, str], flows: dict[str, str]) -> dict[str, str]:
    """Return the content of every default flow as JSON text.

    :param queue: ARN of the default queue.
    :param prompts: ARNs of the default prompts by name.
    :param flows: ARNs of the default flows by name, because some of them lead to others.
    """
    apology = [
        _say("apology", "We are sorry, an error occurred. Goodbye.", "end"),
        _action("end", "DisconnectParticipant"),
    ]
    full = {"QueueAtCapacity": "apology", "NoMatchingError": "apology"}
    failed = {"NoMatchingError": "apology"}
    to_queue = [
        _action(
            "queue",
            "UpdateContactTargetQueue",
            {"QueueId": queue},
            _next("transfer", NoMatchingError="apology"),
        ),
        _action("transfer", "TransferContactToQueue", {}, _next("end", **full)),
        *apology,
    ]
    resume = _action("resume", "EndFlowExecution")
    actions: dict[str, list[Action]] = {
        "Default agent hold": [_repeat("hold", {"Text": "The call is on hold."})],
        "Default agent transfer": [_action("transfer", "TransferContactToAgent", {}, {})],
        "Default agent whisper": [_say("whisper", "$.Queue.Name", "resume"), resume],
        "Default customer hold": [_repeat("hold", {"PromptId": prompts["CustomerHold.wav"]})],
        "Default customer queue": [
            _repeat(
                "wait",
                {"Text": "Thank you for calling. The next free agent will take your call."},
                {"PromptId": prompts["CustomerQueue.wav"]},
            )
        ],
        "Default customer whisper": [_prompt("whisper", prompts["Beep.wav"], "resume"), resume],
        "Default outbound": [_say("whisper", "This call is not being recorded.", "resume"), resume],
        "Default queue transfer": [
            _action(
                "transfer",
                "TransferContactToQueue",
                {},
                _next("end", **full),
            ),
            *apology,
        ],
        "Sample AB test": [
            _action(
                "split",
                "DistributeByPercentage",
                {},
                _next("second", {"51": "first"}, operator="NumberLessThan", NoMatchingCondition="second"),
            ),
            _attribute("first", "variant", "A", "queue"),
            _attribute("second", "variant", "B", "queue"),
            *to_queue,
        ],
        "Sample disconnect flow": [
            _action(
                "channel",
                "Compare",
                {"ComparisonValue": "$.Channel"},
                _next("farewell", {"VOICE": "end"}, NoMatchingCondition="farewell"),
            ),
            _say("farewell", "The agent has left. This contact ends now.", "end"),
            _action("end", "DisconnectParticipant"),
        ],
        "Sample inbound flow (first contact experience)": [
            _action("log", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, {"NextAction": "menu"}),
            _menu(
                "menu",
                "Press 1 to be put in a queue, 2 to hear about recording, 3 for a test by chance.",
                {
                    "1": "customer",
                    "2": "recording",
                    "3": "chance",
                },
            ),
            *(
                _action(
                    identifier,
                    "TransferToFlow",
                    {"ContactFlowId": flows[name]},
                    _next("apology", **failed),
                )
                for identifier, name in (
                    ("customer", "Sample queue customer"),
                    ("recording", "Sample recording behavior"),
                    ("chance", "Sample AB test"),
                )
            ),
            *apology,
        ],
        "Sample interruptible queue flow with callback": [
            _action(
                "wait",
                "MessageParticipantIteratively",
                {"Messages": [{"PromptId": prompts["CustomerQueue.wav"]}], "InterruptFrequencySeconds": "20"},
                _next("end", {"MessagesInterrupted": "menu"}, NoMatchingError="end"),
            ),
            _menu("menu", "Press 1 to be called back. Otherwise stay on the line.", {"1": "number"}, otherwise="wait"),
            _action(
                "number",
                "UpdateContactCallbackNumber",
                {"CallbackNumber": "$.CustomerEndpoint.Address"},
                _next("thanks", InvalidCallbackNumber="wait", CallbackNumberNotDialable="wait"),
            ),
            _say("thanks", "We will call you back.", "end"),
            _action("end", "DisconnectParticipant"),
        ],
        "Sample Lambda integration": [
            _action(
                "ask",
                "InvokeLambdaFunction",
                {"LambdaFunctionARN": "$.Attributes.LambdaFunctionARN", "InvocationTimeLimitSeconds": "4"},
                _next("answer", NoMatchingError="apology"),
            ),
            _say("answer", "The function says: $.External.message", "end"),
            *apology,
        ],
        "Sample note for screenpop": [
            _attribute("note", "screenPop", "A note that the agent sees", "queue"),
            *to_queue,
        ],
        "Sample queue configurations flow": [
            _action(
                "waiting",
                "CheckMetricData",
                {"MetricType": "NumberOfContactsInQueue", "QueueId": queue},
                _next(
                    "queue",
                    {"10": "busy"},
                    operator="NumberGreaterThan",
                    NoMatchingCondition="queue",
                    NoMatchingError="apology",
                ),
            ),
            _say("busy", "Many customers are waiting. Please be patient.", "queue"),
            *to_queue,
        ],
        "Sample queue customer": [
            {**to_queue[0], "Transitions": _next("hours", NoMatchingError="apology")},
            _action(
                "hours",
                "CheckHoursOfOperation",
                {},
                _next("closed", {"True": "transfer", "False": "closed"}, NoMatchingError="apology"),
            ),
            _say("closed", "We are closed now. Please call again later.", "end"),
            *to_queue[1:],
        ],
        "Sample recording behavior": [
            _action(
                "record",
                "UpdateContactRecordingBehavior",
                {"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]}},
                {"NextAction": "queue"},
            ),
            *to_queue,
        ],
        "Sample secure input with agent": [_store("ask", "transfer"), *to_queue[1:]],
        "Sample secure input with no agent": [_store("ask", "thanks"), _say("thanks", "Thank you.", "end"), *apology],
    }
    return {name: _document(items) for name, items in actions.items()}


def _document(actions: list[Action]) -> str:
    return json.dumps({"Version": VERSION, "StartAction": actions[0]["Identifier"], "Actions": actions})


def _action(identifier: str, kind: str, parameters: Any = None, transitions: Any = None) -> Action:
    return {
        "Identifier": identifier,
        "Type": kind,
        "Parameters": parameters or {},
        "Transitions": transitions or {},
    }


def _next(
    following: str, branches: dict[str, str] | None = None, operator: str = "Equals", **errors: str
) -> dict[str, Any]:
    return {
        "NextAction": following,
        "Errors": [{"ErrorType": name, "NextAction": target} for name, target in errors.items()],
        "Conditions": [
            {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operand, target in (branches or {}).items()
        ],
    }


def _say(identifier: str, text: str, following: str) -> Action:
    return _action(identifier, "MessageParticipant", {"Text": text}, _next(following, NoMatchingError=following))


def _prompt(identifier: str, prompt: str, following: str) -> Action:
    return _action(identifier, "MessageParticipant", {"PromptId": prompt}, _next(following, NoMatchingError=following))


def _repeat(identifier: str, *messages: dict[str, str]) -> Action:
    return _action(identifier, "MessageParticipantIteratively", {"Messages": list(messages)})


def _attribute(identifier: str, name: str, value: str, following: str) -> Action:
    return _action(
        identifier,
        "UpdateContactAttributes",
        {"Attributes": {name: value}, "TargetContact": "Current"},
        _next(following, NoMatchingError=following),
    )


def _menu(identifier: str, text: str, branches: dict[str, str], otherwise: str = "apology") -> Action:
    errors = {name: otherwise for name in ("NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError")}
    return _action(
        identifier,
        "GetParticipantInput",
        {"Text": text, "StoreInput": "False", "InputTimeLimitSeconds": "8"},
        _next(otherwise, branches, **errors),
    )


def _store(identifier: str, following: str) -> Action:
    return _action(
        identifier,
        "GetParticipantInput",
        {
            "Text": "Please enter your number, then press the pound key.",
            "StoreInput": "True",
            "InputTimeLimitSeconds": "8",
            "InputValidation": {"CustomValidation": {"MaximumLength": "20"}},
        },
        _next(following, NoMatchingError="apology"),
    )
