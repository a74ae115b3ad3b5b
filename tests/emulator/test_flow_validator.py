# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is refused when a flow is published (connect-api 6.1, 6.2)."""

from __future__ import annotations

import copy
import json

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.connect_emulator.flow_language.actions import ACTION_TYPES
from tests.local_cloud.connect_emulator.flow_language.actions import MODULE
from tests.local_cloud.connect_emulator.flow_language.actions import OPERATORS
from tests.local_cloud.connect_emulator.flow_language.validator import RESERVED_IDENTIFIERS
from tests.local_cloud.connect_emulator.flow_language.validator import find_problems

from .call_site import END
from .call_site import CallSite
from .call_site import action
from .call_site import document
from .call_site import record
from .call_site import to_queue

QUEUE = "arn:aws:connect:eu-west-2:111111111111:instance/i/queue/q"
FUNCTION = "arn:aws:lambda:eu-west-2:111111111111:function:f"
CATCH_ALL = {"NoMatchingError": "end"}
MENU_ERRORS = {"NoMatchingCondition": "end", "InputTimeLimitExceeded": "end", "NoMatchingError": "end"}
FULL = {"QueueAtCapacity": "end", "NoMatchingError": "end"}
NO_MATCH = {"NoMatchingCondition": "end"}
BOTH = {"NoMatchingCondition": "end", "NoMatchingError": "end"}
RECORDED = {"RecordedParticipants": ["Agent", "Customer"]}
CHANNELS = {"NoMatchingError": "end", "ChannelMismatch": "end"}
VOICE = {
    "VoiceRecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"], "IVRRecordingBehavior": "Disabled"},
    "VoiceAnalyticsBehavior": {
        "Enabled": "True",
        "AnalyticsLanguage": "$.Attributes.language",
        "AnalyticsModes": ["PostContact"],
        "ConversationalAnalyticsRedactionConfiguration": {
            "Enabled": "True",
            "RedactionResults": "RedactedAndOriginal",
            "RedactionMaskMode": "PII",
            "RedactionEntities": [],
        },
        "SummaryConfiguration": {"SummaryModes": ["PostContact"]},
        "SentimentConfiguration": {"Enabled": "True"},
    },
}
STORE = {
    "Text": "Please key your number",
    "StoreInput": "True",
    "InputTimeLimitSeconds": "5",
    "InputValidation": {"CustomValidation": {"MaximumLength": "10"}},
}
MENU = {"Text": "Press 1", "StoreInput": "False", "InputTimeLimitSeconds": "5"}

# One accepted action of every type whose parameters are known.
ACCEPTED = {
    "Compare": action("a", "Compare", "end", ComparisonValue="$.Channel", branches={"VOICE": "end"}, errors=NO_MATCH),
    "CheckHoursOfOperation": action(
        "a", "CheckHoursOfOperation", branches={"True": "end", "False": "end"}, errors=CATCH_ALL
    ),
    "CheckMetricData": action(
        "a",
        "CheckMetricData",
        MetricType="NumberOfContactsInQueue",
        QueueId=QUEUE,
        branches={"5": "end"},
        operator="NumberGreaterThan",
        errors=BOTH,
    ),
    "DisconnectParticipant": action("a", "DisconnectParticipant"),
    "DistributeByPercentage": action(
        "a", "DistributeByPercentage", branches={"51": "end"}, operator="NumberLessThan", errors=NO_MATCH
    ),
    "EndFlowExecution": action("a", "EndFlowExecution"),
    "GetMetricData": action("a", "GetMetricData", "end", errors=CATCH_ALL),
    "GetParticipantInput": action("a", "GetParticipantInput", branches={"1": "end"}, errors=MENU_ERRORS, **MENU),
    "InvokeLambdaFunction": action(
        "a",
        "InvokeLambdaFunction",
        "end",
        LambdaFunctionARN=FUNCTION,
        InvocationTimeLimitSeconds="8",
        LambdaInvocationAttributes={"a": "$.Channel", "b": "c"},
        ResponseValidation={"ResponseType": "JSON"},
        errors=CATCH_ALL,
    ),
    "Loop": action("a", "Loop", LoopCount="3", branches={"ContinueLooping": "end", "DoneLooping": "end"}),
    "MessageParticipant": action("a", "MessageParticipant", "end", Text="Hello $.Attributes.name"),
    "TransferContactToQueue": action("a", "TransferContactToQueue", errors=FULL),
    "TransferToFlow": action("a", "TransferToFlow", ContactFlowId="$.Attributes.flow", errors=CATCH_ALL),
    "UpdateContactAttributes": action(
        "a",
        "UpdateContactAttributes",
        "end",
        Attributes={"x": "1", "y": "$.Channel"},
        TargetContact="Current",
        errors=CATCH_ALL,
    ),
    "InvokeFlowModule": action("a", "InvokeFlowModule", "end", FlowModuleId="m", errors=CATCH_ALL),
    "UpdateContactCallbackNumber": action(
        "a",
        "UpdateContactCallbackNumber",
        "end",
        CallbackNumber="$.StoredCustomerInput",
        errors={"InvalidCallbackNumber": "end", "CallbackNumberNotDialable": "end"},
    ),
    "UpdateContactData": action("a", "UpdateContactData", "end", Name="n", errors=CATCH_ALL),
    "UpdateContactEventHooks": action(
        "a", "UpdateContactEventHooks", "end", EventHooks={"CustomerQueue": "f"}, errors=CATCH_ALL
    ),
    "UpdateContactRecordingAndAnalyticsBehavior": action(
        "a", "UpdateContactRecordingAndAnalyticsBehavior", "end", VoiceBehavior=VOICE, errors=CHANNELS
    ),
    "UpdateContactRecordingBehavior": record("end", identifier="a"),
    "UpdateContactRoutingBehavior": action("a", "UpdateContactRoutingBehavior", "end", QueuePriority="1"),
    "UpdateContactTargetQueue": action("a", "UpdateContactTargetQueue", "end", QueueId=QUEUE, errors=CATCH_ALL),
    "UpdateContactTextToSpeechVoice": action("a", "UpdateContactTextToSpeechVoice", "end", TextToSpeechVoice="Amy"),
    "UpdateFlowAttributes": action(
        "a", "UpdateFlowAttributes", "end", FlowAttributes={"x": {"Value": "1"}}, errors=CATCH_ALL
    ),
    "UpdateFlowLoggingBehavior": action("a", "UpdateFlowLoggingBehavior", "end", FlowLoggingBehavior="Enabled"),
    "Wait": action("a", "Wait", TimeLimitSeconds="30", branches={"WaitCompleted": "end"}, errors=CATCH_ALL),
}
IN_QUEUE = {
    "DequeueContactAndTransferToQueue": action("a", "DequeueContactAndTransferToQueue", QueueId=QUEUE, errors=FULL),
    "MessageParticipantIteratively": action("a", "MessageParticipantIteratively", Messages=[{"Text": "Wait"}]),
}


def problems(first, kind="CONTACT_FLOW"):
    return find_problems(document(first, END), kind)


def changed(name, **parts):
    """Return an accepted action with other parameters; None removes one."""
    changed = copy.deepcopy(ACCEPTED[name])
    parameters = {**changed["Parameters"], **parts}
    changed["Parameters"] = {key: value for key, value in parameters.items() if value is not None}
    return changed


def without_error(name, error):
    changed = copy.deepcopy(ACCEPTED[name])
    changed["Transitions"]["Errors"] = [item for item in changed["Transitions"]["Errors"] if item["ErrorType"] != error]
    return changed


# The document


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "null"])
def test_content_is_a_json_object(content):
    assert find_problems(content, "CONTACT_FLOW") == ["Invalid JSON in contact flow content"]


@pytest.mark.parametrize("version", ["2019-10-31", "1", None])
def test_the_only_version(version):
    flow = {**json.loads(document(END)), "Version": version}
    assert find_problems(json.dumps(flow), "CONTACT_FLOW") == ["Invalid Version. Path: Version"]


def test_the_start_action_exists():
    flow = {**json.loads(document(END)), "StartAction": "nowhere"}
    assert find_problems(json.dumps(flow), "CONTACT_FLOW") == ["Invalid StartAction. Path: StartAction"]


@pytest.mark.parametrize("name", ["StartAction", "Actions"])
def test_start_action_and_actions_are_required(name):
    flow = json.loads(document(END))
    del flow[name]
    assert find_problems(json.dumps(flow), "CONTACT_FLOW") == [f"JSON field is missing or null for field name: {name}"]


def test_metadata_is_free():
    flow = {**json.loads(document(END)), "Metadata": {"entryPointPosition": {"x": 1}}}
    assert find_problems(json.dumps(flow), "CONTACT_FLOW") == []


def test_at_most_250_actions():
    actions = [action(f"a{number}", "DisconnectParticipant") for number in range(251)]
    assert find_problems(document(*actions[:250]), "CONTACT_FLOW") == []
    assert len(find_problems(document(*actions), "CONTACT_FLOW")) == 1


# Identifiers


@pytest.mark.parametrize("identifier", ["a b", "ü-1_x.y#!?", "x" * 50])
def test_legal_identifiers(identifier):
    assert find_problems(document(action(identifier, "DisconnectParticipant")), "CONTACT_FLOW") == []


@pytest.mark.parametrize(
    "identifier", [*(f"a{sign}b" for sign in "%:(\\/)=$,;[]{}"), "x" * 51, *sorted(RESERVED_IDENTIFIERS)]
)
def test_illegal_identifiers(identifier):
    found = find_problems(document(action(identifier, "DisconnectParticipant")), "CONTACT_FLOW")
    assert found == ["Invalid Action identifier. Path: Actions[0].Identifier"]


def test_identifiers_are_unique():
    assert find_problems(document(END, END), "CONTACT_FLOW") == [
        "Duplicate Action identifier. Path: Actions[1].Identifier"
    ]


# Types


def test_every_type_with_known_parameters_has_an_example():
    checked = {name for name, kind in ACTION_TYPES.items() if kind.parameters is not None} | {"UpdateContactData"}
    assert checked == set(ACCEPTED) | set(IN_QUEUE)


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_actions(name):
    assert problems(ACCEPTED[name]) == []


@pytest.mark.parametrize("name", IN_QUEUE)
def test_actions_of_queue_flows(name):
    assert problems(IN_QUEUE[name], "CUSTOMER_QUEUE") == []
    assert problems(IN_QUEUE[name])[0].startswith("Invalid Action type. ")


@pytest.mark.parametrize(
    "name",
    [
        "PlayPrompt",
        "TransferToQueue",
        "SetRecordingBehavior",
        "CheckContactAttributes",
        "Disconnect",
        "SetWorkingQueue",
        "GetUserInput",
        "",
        None,
    ],
)
def test_guessed_names_of_types_are_refused(name):
    (problem,) = problems(action("a", name, "end"))
    assert problem.startswith("Invalid Action type. ")
    assert problem.endswith("Path: Actions[0].Type")


@pytest.mark.parametrize("name", ["UpdateContactTargetQueue", "TransferContactToQueue", "GetParticipantInput"])
def test_actions_bound_to_inbound_and_transfer_flows(name):
    for kind in ("CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER"):
        assert problems(ACCEPTED[name], kind) == []
    for kind in ("CUSTOMER_WHISPER", "AGENT_WHISPER", "OUTBOUND_WHISPER", "CUSTOMER_HOLD", "AGENT_HOLD"):
        assert problems(ACCEPTED[name], kind)[0].startswith("Invalid Action type. ")


def test_modules_have_what_inbound_flows_have():
    in_module = {name: problems(example, MODULE) for name, example in ACCEPTED.items()}
    (refused_there,) = in_module.pop("InvokeFlowModule")
    assert refused_there.startswith("Invalid Action type. Type: InvokeFlowModule is not supported in a flow module,")
    assert not any(in_module.values())
    for example in IN_QUEUE.values():
        assert problems(example, MODULE)[0].startswith("Invalid Action type. ")


def test_only_modules_return_and_only_inbound_flows_invoke_them():
    back = action("back", "EndFlowModuleExecution")
    assert find_problems(document(back), MODULE) == []
    (problem,) = find_problems(document(back), "CONTACT_FLOW")
    assert problem.startswith("Invalid Action type. Type: EndFlowModuleExecution is not supported in a flow of type")
    for kind in ("CUSTOMER_QUEUE", "AGENT_TRANSFER", "QUEUE_TRANSFER", "CUSTOMER_WHISPER"):
        assert problems(ACCEPTED["InvokeFlowModule"], kind)[0].startswith("Invalid Action type. ")


# Parameters


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, required) for name, kind in ACTION_TYPES.items() if name in ACCEPTED for required in kind.required],
)
def test_required_parameters(name, parameter):
    expected = f"Action is missing required property. Path: Actions[0].Parameters.{parameter}"
    assert expected in problems(changed(name, **{parameter: None}))


@pytest.mark.parametrize("name", [name for name in ACCEPTED if name != "UpdateContactData"])
def test_unknown_parameters(name):
    expected = "Invalid Action property name. Path: Actions[0].Parameters.Guess"
    assert expected in problems(changed(name, Guess="x"))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enable"}),
        ("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "$.Attributes.log"}),
        ("UpdateContactRecordingBehavior", {"RecordingBehavior": {"RecordedParticipants": ["Everyone"]}}),
        ("UpdateContactAttributes", {"Attributes": {"x": 1}}),
        ("UpdateContactAttributes", {"TargetContact": "Other"}),
        ("UpdateContactTargetQueue", {"QueueId": "$.Attributes.queue and more"}),
        ("UpdateContactTargetQueue", {"QueueId": {"QueueId": QUEUE}}),
        ("Compare", {"ComparisonValue": "VOICE"}),
        ("Compare", {"ComparisonValue": "$.Channel or so"}),
        ("CheckMetricData", {"MetricType": "AgentsAvailable"}),
        ("GetParticipantInput", {"InputTimeLimitSeconds": 5}),
        ("InvokeLambdaFunction", {"InvocationTimeLimitSeconds": "9"}),
        ("InvokeLambdaFunction", {"LambdaFunctionARN": "summary"}),
        ("InvokeLambdaFunction", {"ResponseValidation": {"ResponseType": "JSON_OBJECT"}}),
        ("UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "f", "AgentHold": "g"}}),
        ("UpdateContactTextToSpeechVoice", {"TextToSpeechEngine": "Loud"}),
        ("Loop", {"LoopCount": "many"}),
        ("MessageParticipant", {"Text": ""}),
        ("UpdateContactRoutingBehavior", {"QueuePriority": "0"}),
    ],
)
def test_bad_values(name, parts):
    assert any(problem.startswith("Invalid Action property value. ") for problem in problems(changed(name, **parts)))


def test_voice_needs_its_error_when_the_engine_is_set():
    voice = changed("UpdateContactTextToSpeechVoice", TextToSpeechEngine="Neural")
    assert problems(voice) == ["Action is missing required error. Error: NoMatchingError, Path: Actions[0]"]
    voice["Transitions"]["Errors"] = [{"ErrorType": "NoMatchingError", "NextAction": "end"}]
    assert problems(voice) == []


def test_queue_or_agent_but_not_both():
    assert problems(changed("UpdateContactTargetQueue", QueueId=None, AgentId="agent")) == []
    assert problems(changed("UpdateContactTargetQueue", QueueId=None))
    assert problems(changed("UpdateContactTargetQueue", AgentId="agent")) == [
        "Invalid Action property name. Path: Actions[0].Parameters.AgentId"
    ]


@pytest.mark.parametrize("name", ["MessageParticipant", "GetParticipantInput"])
def test_exactly_one_message(name):
    assert problems(changed(name, SSML="<speak/>", Text=None)) == []
    assert problems(changed(name, Text=None)) == [
        "Action is missing required property. Path: Actions[0].Parameters.Text"
    ]
    assert problems(changed(name, SSML="<speak/>")) == [
        "Invalid Action property name. Path: Actions[0].Parameters.SSML"
    ]


def test_media_of_a_message():
    media = {"Uri": "https://bucket/prompt.wav", "SourceType": "S3", "MediaType": "Audio"}
    assert problems(changed("MessageParticipant", Text=None, Media=media)) == []
    assert problems(changed("MessageParticipant", Text=None, Media={**media, "SourceType": "Web"}))


@pytest.mark.parametrize("listed", [[], "Wait", ["Wait"], [{}], [{"Text": "a", "SSML": "b"}], [{"Sound": "a"}]])
def test_bad_lists_of_messages(listed):
    assert problems(action("a", "MessageParticipantIteratively", Messages=listed), "CUSTOMER_QUEUE")


@pytest.mark.parametrize("attributes", ["x", {"x": "1"}, {"x": {}}, {"x": {"Value": 1}}])
def test_bad_attributes_of_a_flow(attributes):
    assert problems(changed("UpdateFlowAttributes", FlowAttributes=attributes))


# Recording and analysis


def test_the_language_is_static_in_the_older_block_and_may_be_dynamic_in_the_newer():
    assert problems(record("end", identifier="a", AnalyticsLanguage="$.Attributes.language")) == [
        "Invalid Action property value. Path: Actions[0].Parameters.AnalyticsBehavior.AnalyticsLanguage"
    ]
    newer = ACCEPTED["UpdateContactRecordingAndAnalyticsBehavior"]
    assert newer["Parameters"]["VoiceBehavior"]["VoiceAnalyticsBehavior"]["AnalyticsLanguage"].startswith("$.")
    assert problems(newer) == []


def test_redaction_results_may_be_dynamic():
    assert problems(record("end", identifier="a", AnalyticsRedactionResults="$.Attributes.results")) == []
    assert problems(record("end", identifier="a", AnalyticsRedactionResults="Everything"))


@pytest.mark.parametrize("participants", [[], ["Agent"], ["Customer"]])
def test_voice_analysis_needs_both_participants_recorded(participants):
    recording = {"RecordedParticipants": participants}
    older = changed("UpdateContactRecordingBehavior", RecordingBehavior=recording)
    newer = changed(
        "UpdateContactRecordingAndAnalyticsBehavior", VoiceBehavior={**VOICE, "VoiceRecordingBehavior": recording}
    )
    for block in (older, newer):
        (problem,) = problems(block)
        assert "both Agent and Customer" in problem
    chat_only = {**older["Parameters"]["AnalyticsBehavior"]}
    chat_only["ChannelConfiguration"] = {"Chat": {"AnalyticsModes": ["ContactLens"]}}
    assert (
        problems(changed("UpdateContactRecordingBehavior", RecordingBehavior=recording, AnalyticsBehavior=chat_only))
        == []
    )


def test_recording_alone_may_be_switched_off():
    assert (
        problems(
            changed(
                "UpdateContactRecordingBehavior", RecordingBehavior={"RecordedParticipants": []}, AnalyticsBehavior=None
            )
        )
        == []
    )


def test_one_channel_per_recording_and_analytics_block():
    name = "UpdateContactRecordingAndAnalyticsBehavior"
    chat = {"ChatAnalyticsBehavior": {"Enabled": "True", "AnalyticsLanguage": "en-GB"}}
    assert problems(changed(name, VoiceBehavior=None, ChatBehavior=chat)) == [
        "Action is missing required error. Error: InFlightRedactionConfigurationFailed, Path: Actions[0]"
    ]
    errors = {**CHANNELS, "InFlightRedactionConfigurationFailed": "end"}
    assert problems(action("a", name, "end", ChatBehavior=chat, errors=errors)) == []
    assert problems(action("a", name, "end", ChatBehavior=chat, VoiceBehavior=VOICE, errors=errors)) == [
        "Invalid Action property name. Path: Actions[0].Parameters.ChatBehavior"
    ]
    assert problems(changed(name, VoiceBehavior=None)) == [
        "Action is missing required property. Path: Actions[0].Parameters.VoiceBehavior"
    ]


@pytest.mark.parametrize("error", ["NoMatchingError", "ChannelMismatch"])
def test_both_errors_of_recording_and_analytics_are_required(error):
    (problem,) = problems(without_error("UpdateContactRecordingAndAnalyticsBehavior", error))
    assert problem == f"Action is missing required error. Error: {error}, Path: Actions[0]"


def test_blocks_without_errors_refuse_them():
    for name in ("UpdateFlowLoggingBehavior", "UpdateContactRecordingBehavior"):
        wrong = copy.deepcopy(ACCEPTED[name])
        wrong["Transitions"]["Errors"] = [{"ErrorType": "NoMatchingError", "NextAction": "end"}]
        assert problems(wrong) == ["Invalid Action error. Error: NoMatchingError, Path: Actions[0]"]


# Keyed input


def test_a_menu_takes_no_keypad_settings():
    assert problems(changed("GetParticipantInput", DTMFConfiguration={"DisableCancelKey": "False"})) == [
        "Invalid Action property name. Path: Actions[0].Parameters.DTMFConfiguration"
    ]


@pytest.mark.parametrize("error", sorted(MENU_ERRORS))
def test_all_errors_of_a_menu_are_required(error):
    assert problems(without_error("GetParticipantInput", error)) == [
        f"Action is missing required error. Error: {error}, Path: Actions[0]"
    ]


def test_a_menu_branches_on_one_key():
    for operand in ("0", "9", "*", "#"):
        assert problems(action("a", "GetParticipantInput", branches={operand: "end"}, errors=MENU_ERRORS, **MENU)) == []
    for operand in ("11", "a"):
        assert problems(action("a", "GetParticipantInput", branches={operand: "end"}, errors=MENU_ERRORS, **MENU))


@pytest.mark.parametrize(
    "validation",
    [
        {"CustomValidation": {"MaximumLength": "10"}},
        {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}},
        {"PhoneNumberValidation": {"NumberFormat": "E164"}},
    ],
)
def test_stored_input_is_validated(validation):
    store = {**STORE, "InputValidation": validation, "DTMFConfiguration": {"InputTerminationSequence": "#"}}
    assert problems(action("a", "GetParticipantInput", "end", errors=CATCH_ALL, **store)) == []


@pytest.mark.parametrize(
    "validation", [{}, {"CustomValidation": {}}, {"PhoneNumberValidation": {"NumberFormat": "US"}}]
)
def test_bad_validation_of_stored_input(validation):
    assert problems(
        action("a", "GetParticipantInput", "end", errors=CATCH_ALL, **{**STORE, "InputValidation": validation})
    )


def test_stored_input_has_no_conditions_and_other_errors():
    assert problems(action("a", "GetParticipantInput", "end", branches={"1": "end"}, errors=CATCH_ALL, **STORE)) == [
        "Action does not support conditions. Path: Actions[0].Transitions.Conditions"
    ]
    errors = {**CATCH_ALL, "InvalidPhoneNumber": "end"}
    phone = {**STORE, "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}}}
    assert problems(action("a", "GetParticipantInput", "end", errors=errors, **phone)) == []
    assert problems(action("a", "GetParticipantInput", "end", errors=errors, **STORE)) == [
        "Invalid Action error. Error: InvalidPhoneNumber, Path: Actions[0]"
    ]


# Transitions


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (name, error["ErrorType"])
        for name, example in ACCEPTED.items()
        for error in example["Transitions"].get("Errors", [])
    ],
)
def test_errors_that_are_mandatory(name, error):
    assert f"Action is missing required error. Error: {error}, Path: Actions[0]" in problems(without_error(name, error))


def test_unknown_and_repeated_errors():
    wrong = copy.deepcopy(ACCEPTED["Compare"])
    wrong["Transitions"]["Errors"].append({"ErrorType": "NoMatchingError", "NextAction": "end"})
    assert problems(wrong) == ["Invalid Action error. Error: NoMatchingError, Path: Actions[0]"]
    wrong["Transitions"]["Errors"][1]["ErrorType"] = "NoMatchingCondition"
    assert problems(wrong) == ["Invalid Action error. Error: NoMatchingCondition, Path: Actions[0]"]


def test_a_message_may_go_without_its_error():
    assert problems(action("a", "MessageParticipant", "end", Text="Hello")) == []
    assert problems(action("a", "MessageParticipant", "end", Text="Hello", errors=CATCH_ALL)) == []


@pytest.mark.parametrize("place", ["NextAction", "Errors", "Conditions"])
def test_every_way_on_leads_to_an_action(place):
    wrong = copy.deepcopy(ACCEPTED["Compare"])
    if place == "NextAction":
        wrong["Transitions"]["NextAction"] = "nowhere"
    else:
        wrong["Transitions"][place][0]["NextAction"] = "nowhere"
    (problem,) = problems(wrong)
    assert problem.startswith("Invalid NextAction. ")


def test_an_action_without_branches_needs_a_next_action():
    assert problems(action("a", "UpdateFlowLoggingBehavior", FlowLoggingBehavior="Enabled")) == [
        "Action is missing required property. Path: Actions[0].Transitions.NextAction"
    ]


@pytest.mark.parametrize("name", ["DisconnectParticipant", "EndFlowExecution"])
def test_terminal_actions_have_no_transitions(name):
    assert problems(action("a", name, "end")) == ["Action does not support transitions. Path: Actions[0].Transitions"]


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_operators_of_compare(operator):
    assert problems({**ACCEPTED["Compare"], **_branches(operator, "1")}) == []


@pytest.mark.parametrize("operator", ["NotEquals", "equals", "And", None])
def test_unknown_operators(operator):
    (problem,) = problems({**ACCEPTED["Compare"], **_branches(operator, "1")})
    assert problem.startswith("Invalid Action condition operator. ")


def test_operands_are_one_text():
    compare = ACCEPTED["Compare"]
    assert problems({**compare, **_branches("Equals", "")}) == ["Invalid branch. Path: 0.Evaluate"]
    for operands in ([], ["a", "b"], [1], "a"):
        wrong = {**compare, **_branches("Equals", "x")}
        wrong["Transitions"]["Conditions"][0]["Condition"]["Operands"] = operands
        assert problems(wrong)[0].startswith("Invalid Action condition operands. ")


def test_at_most_fifty_conditions():
    branches = {str(number): "end" for number in range(51)}
    assert problems(action("a", "Compare", ComparisonValue="$.Channel", branches=branches, errors=NO_MATCH))


def test_conditions_only_where_they_are_allowed():
    for name in ("UpdateContactAttributes", "MessageParticipant", "TransferToFlow"):
        wrong = {**ACCEPTED[name], **_branches("Equals", "1")}
        assert "Action does not support conditions. Path: Actions[0].Transitions.Conditions" in problems(wrong)
    wrong = {**ACCEPTED["CheckHoursOfOperation"], **_branches("Equals", "Open")}
    assert problems(wrong)


def _branches(operator, operand):
    condition = {"Operator": operator, "Operands": [operand]}
    errors = [{"ErrorType": name, "NextAction": "end"} for name in ("NoMatchingCondition",)]
    if operand == "Open":
        errors = [{"ErrorType": "NoMatchingError", "NextAction": "end"}]
    conditions = [{"NextAction": "end", "Condition": condition}]
    return {"Transitions": {"NextAction": "end", "Errors": errors, "Conditions": conditions}}


# The problems


def test_all_problems_are_told_up_to_fifty():
    actions = [action(f"a{number}", "PlayPrompt", "end") for number in range(60)]
    found = find_problems(document(*actions), "CONTACT_FLOW")
    assert len(found) == 50
    assert all(len(problem) <= 256 for problem in found)


def test_long_problems_are_cut():
    (problem,) = problems(action("a", "x" * 400, "end"))
    assert len(problem) == 256


# References


@pytest.fixture
def site(emulator, connect, instance):
    return CallSite(emulator, connect, instance)


def refused(site, *actions):
    """Publish a flow; return the problems of a refusal."""
    with pytest.raises(ClientError) as caught:
        site.deploy(*actions)
    assert caught.value.response["Error"]["Code"] == "InvalidContactFlowException"
    return [problem["message"] for problem in caught.value.response["problems"]]


def test_queues_prompts_flows_and_hours_must_exist(site):
    good = site.deploy(*to_queue(site.queue_arn))
    site.deploy(*to_queue(site.queue))
    other = site.queue_arn[:-1] + ("0" if site.queue_arn[-1] != "0" else "1")
    assert "does not exist" in refused(site, *to_queue(other))[0]
    for wrong in (
        action("a", "MessageParticipant", "end", PromptId="nowhere"),
        action("a", "TransferToFlow", ContactFlowId="nowhere", errors=CATCH_ALL),
        action("a", "InvokeFlowModule", "end", FlowModuleId="nowhere", errors=CATCH_ALL),
        action("a", "CheckHoursOfOperation", "end", HoursOfOperationId="nowhere", errors=CATCH_ALL),
        action("a", "UpdateContactEventHooks", "end", EventHooks={"AgentHold": "nowhere"}, errors=CATCH_ALL),
        action("a", "UpdateContactTargetQueue", "end", AgentId="nowhere", errors=CATCH_ALL),
    ):
        assert "does not exist" in refused(site, wrong, END)[0]
    site.deploy(action("a", "TransferToFlow", ContactFlowId=good, errors=CATCH_ALL), END, name="Other")


def test_functions_must_be_associated(site):
    ask = ACCEPTED["InvokeLambdaFunction"]
    assert "not associated" in refused(site, ask, END)[0]
    site.connect.associate_lambda_function(InstanceId=site.instance, FunctionArn=FUNCTION)
    site.deploy(ask, END)


def test_dynamic_references_are_not_looked_up(site):
    site.deploy(*to_queue("$.Attributes.queue"))
