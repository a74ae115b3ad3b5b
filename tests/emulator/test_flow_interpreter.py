# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each action of a flow does to a simulated contact (connect-api 6.2)."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest

from tests.local_cloud.connect_emulator.world import is_open

from .call_site import ACCOUNT
from .call_site import END
from .call_site import REGION
from .call_site import CallSite
from .call_site import action
from .call_site import document
from .call_site import record
from .call_site import to_queue

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
CATCH_ALL = {"NoMatchingError": "failed"}
FAILED = action("failed", "DisconnectParticipant")
MENU = {"Text": "Press 1 or 2", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
STORE = {"Text": "Key it", "StoreInput": "True", "InputTimeLimitSeconds": "5"}


@pytest.fixture
def site(emulator, connect, instance):
    return CallSite(emulator, connect, instance)


def run(site, *actions, **request):
    """Deploy a flow and place a call to it."""
    site.deploy(*actions)
    return site.call(**request)


def branch(kind, *operands, errors, **parts):
    """Return an action `ask` that leads to an end named after the operand that fits."""
    ends = [action(f"is-{operand}", "DisconnectParticipant") for operand in operands]
    branches = {operand: f"is-{operand}" for operand in operands}
    return [action("ask", kind, branches=branches, errors=errors, **parts), *ends, FAILED]


def keep(value, following="end"):
    """Return an action that keeps a value as an attribute."""
    return action(
        "keep", "UpdateContactAttributes", following, Attributes={"kept": value}, errors={"NoMatchingError": following}
    )


# Attributes and identifiers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("$.Channel", "VOICE"),
        ("$.CustomerEndpoint.Address", "+442079460999"),
        ("$.Attributes.given", "x"),
        ("$.Attributes['with blank']", "y"),
        ("$.Attributes.missing", ""),
        ("$.Queue.Name", ""),
        ("Hello $.Attributes.given, from $.CustomerEndpoint.Address.", "Hello x, from +442079460999."),
        ("$.InitiationMethod", "INBOUND"),
        ("$.AwsRegion", REGION),
    ],
)
def test_values_static_and_dynamic(site, value, expected):
    answer = run(site, keep(value), END, attributes={"given": "x", "with blank": "y"})
    assert answer["attributes"]["kept"] == expected


def test_the_dialled_number_and_the_contact(site):
    answer = run(site, keep("$.SystemEndpoint.Address $.ContactId $.InstanceARN"), END)
    assert answer["attributes"]["kept"] == f"{site.number} {answer['contact_id']} {site.arn}"


def test_too_many_attributes_take_the_error(site):
    big = keep("x" * 33000)
    big["Transitions"]["Errors"][0]["NextAction"] = "failed"
    answer = run(site, big, END, FAILED)
    assert answer["path"] == ["keep", "failed"]
    assert answer["attributes"] == {}


def test_details_of_the_contact(site):
    details = action("data", "UpdateContactData", "keep", Name="Order", CustomerId="4711", errors=CATCH_ALL)
    answer = run(site, details, keep("$.Name $.CustomerId"), END, FAILED)
    assert answer["attributes"]["kept"] == "Order 4711"
    assert site.contact(answer)["Name"] == "Order"


def test_attributes_of_the_flow_end_with_it(site):
    other = site.deploy(keep("$.FlowAttributes.x"), END, name="Other")
    flow_attributes = action(
        "set", "UpdateFlowAttributes", "note", FlowAttributes={"x": {"Value": "1"}}, errors=CATCH_ALL
    )
    note = action(
        "note",
        "UpdateContactAttributes",
        "go",
        Attributes={"here": "$.FlowAttributes.x"},
        errors={"NoMatchingError": "go"},
    )
    go = action("go", "TransferToFlow", ContactFlowId=other, errors=CATCH_ALL)
    answer = run(site, flow_attributes, note, go, FAILED)
    assert answer["attributes"] == {"here": "1", "kept": ""}
    assert answer["path"] == ["set", "note", "go", "keep", "end"]


# Branches


@pytest.mark.parametrize(
    ("operator", "operand", "fits"),
    [
        ("Equals", "ABC-12", True),
        ("Equals", "abc-12", False),
        ("TextStartsWith", "ABC", True),
        ("TextStartsWith", "BC", False),
        ("TextEndsWith", "-12", True),
        ("TextEndsWith", "ABC", False),
        ("TextContains", "C-1", True),
        ("TextContains", "X", False),
        ("NumberGreaterThan", "1", False),
    ],
)
def test_comparisons_of_text(site, operator, operand, fits):
    assert _compare(site, operator, operand, "ABC-12") is fits


@pytest.mark.parametrize(
    ("operator", "operand", "fits"),
    [
        ("NumberGreaterThan", "9", True),
        ("NumberGreaterThan", "10", False),
        ("NumberGreaterOrEqualTo", "10", True),
        ("NumberLessThan", "10", False),
        ("NumberLessThan", "10.5", True),
        ("NumberLessOrEqualTo", "10", True),
        ("NumberLessOrEqualTo", "9", False),
        ("NumberLessThan", "many", False),
    ],
)
def test_comparisons_of_numbers(site, operator, operand, fits):
    assert _compare(site, operator, operand, "10") is fits


def _compare(site, operator, operand, value):
    compare = action(
        "ask",
        "Compare",
        ComparisonValue="$.Attributes.value",
        branches={operand: "end"},
        operator=operator,
        errors={"NoMatchingCondition": "failed"},
    )
    return run(site, compare, END, FAILED, attributes={"value": value})["path"][-1] == "end"


def test_the_first_condition_that_fits_wins(site):
    compare = action(
        "ask",
        "Compare",
        ComparisonValue="$.Channel",
        branches={"V": "end", "VO": "failed"},
        operator="TextStartsWith",
        errors={"NoMatchingCondition": "failed"},
    )
    assert run(site, compare, END, FAILED)["path"][-1] == "end"


def test_a_menu_is_answered_in_order_from_the_request(site):
    again = {"NoMatchingCondition": "ask", "InputTimeLimitExceeded": "failed", "NoMatchingError": "failed"}
    menu = branch("GetParticipantInput", "1", "2", errors=again, **MENU)
    assert run(site, *menu, inputs=["2"])["path"] == ["ask", "is-2"]
    assert site.call(inputs=["7", "1"])["path"] == ["ask", "ask", "is-1"]
    assert site.call(inputs=[None, "1"])["path"] == ["ask", "failed"]
    assert site.call(inputs=[])["path"] == ["ask", "failed"]
    assert site.call(inputs=["1"])["messages"] == ["Press 1 or 2"]


@pytest.mark.parametrize(
    ("validation", "keyed", "stored"),
    [
        ({"CustomValidation": {"MaximumLength": "4"}}, "123456", "1234"),
        ({"CustomValidation": {"MaximumLength": "20"}}, "123456", "123456"),
        ({"CustomValidation": {"MaximumLength": "20"}}, None, "Timeout"),
        ({"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}}, "2065550123", "+12065550123"),
        ({"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "GB"}}, "02079460999", "+442079460999"),
        ({"PhoneNumberValidation": {"NumberFormat": "E164"}}, "442079460999", "+442079460999"),
    ],
)
def test_stored_input(site, validation, keyed, stored):
    ask = action("ask", "GetParticipantInput", "keep", errors=CATCH_ALL, **STORE, InputValidation=validation)
    answer = run(site, ask, keep("$.StoredCustomerInput"), END, FAILED, inputs=[keyed])
    assert answer["attributes"]["kept"] == stored


def test_a_phone_number_that_is_none(site):
    ask = action(
        "ask",
        "GetParticipantInput",
        "keep",
        errors={"NoMatchingError": "keep", "InvalidPhoneNumber": "failed"},
        **STORE,
        InputValidation={"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}},
    )
    assert run(site, ask, keep("x"), END, FAILED, inputs=["12"])["path"] == ["ask", "failed"]


def test_encrypted_input_cannot_be_read(site):
    ask = action(
        "ask",
        "GetParticipantInput",
        "keep",
        errors=CATCH_ALL,
        **STORE,
        InputValidation={"CustomValidation": {"MaximumLength": "20"}},
        InputEncryption={"EncryptionKeyId": "k", "Key": "certificate"},
    )
    kept = run(site, ask, keep("$.StoredCustomerInput"), END, FAILED, inputs=["4711"])["attributes"]["kept"]
    assert kept
    assert "4711" not in kept


def test_a_chat_cannot_key(site):
    errors = {"NoMatchingCondition": "end", "InputTimeLimitExceeded": "end", "NoMatchingError": "failed"}
    flow = site.deploy(*branch("GetParticipantInput", "1", errors=errors, **MENU), END)
    assert site.call(channel="CHAT", contact_flow=flow, inputs=["1"])["path"] == ["ask", "failed"]


def test_hours_of_the_queue_and_named_hours(site):
    nights = site.connect.create_hours_of_operation(
        InstanceId=site.instance,
        Name="Sundays",
        TimeZone="Europe/London",
        Config=[{"Day": "SUNDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 30}}],
    )["HoursOfOperationId"]
    named = branch("CheckHoursOfOperation", "True", "False", errors=CATCH_ALL, HoursOfOperationId=nights)
    assert run(site, *named, started_at="2026-03-01T10:00:00Z")["path"][-1] == "is-True"
    assert site.call(started_at="2026-03-02T10:00:00Z")["path"][-1] == "is-False"
    # British Summer Time: 17:00 in London.
    assert site.call(started_at="2026-06-07T16:00:00Z")["path"][-1] == "is-True"
    assert site.call(started_at="2026-06-07T17:00:00Z")["path"][-1] == "is-False"
    of_queue = branch("CheckHoursOfOperation", "True", "False", errors=CATCH_ALL)
    assert run(site, *of_queue)["path"][-1] == "failed"
    set_queue = to_queue(site.queue_arn)[0]
    set_queue["Transitions"]["NextAction"] = "ask"
    assert run(site, set_queue, *of_queue, END)["path"][-1] == "is-True"


def test_hours_until_midnight_and_all_day():
    def open_at(start, end, hour):
        entry = {"Day": "MONDAY", "StartTime": {"Hours": start, "Minutes": 0}, "EndTime": {"Hours": end, "Minutes": 0}}
        return is_open({"TimeZone": "UTC", "Config": [entry]}, datetime(2026, 3, 2, hour, tzinfo=UTC))

    assert open_at(0, 0, 0)
    assert open_at(0, 0, 23)
    assert open_at(8, 0, 23)
    assert not open_at(8, 0, 7)
    assert not open_at(8, 12, 12)


def test_metrics_count_waiting_contacts_and_agents(site):
    metric = branch(
        "CheckMetricData",
        "0",
        "1",
        "2",
        errors={"NoMatchingCondition": "failed", "NoMatchingError": "failed"},
        MetricType="NumberOfContactsInQueue",
        QueueId=site.queue_arn,
    )
    waiting = site.deploy(*to_queue(site.queue_arn))
    site.call(started_at="2026-03-01T10:00:00Z", duration=600, agent=...)
    site.call(started_at="2026-03-01T10:01:00Z", duration=30, agent=...)
    assert waiting
    assert run(site, *metric, started_at="2026-03-01T10:01:10Z")["path"][-1] == "is-2"
    assert site.call(started_at="2026-03-01T10:05:00Z")["path"][-1] == "is-1"
    assert site.call(started_at="2026-03-01T11:00:00Z")["path"][-1] == "is-0"
    assert site.call(metrics={"NumberOfContactsInQueue": 2})["path"][-1] == "is-2"
    metric[0]["Parameters"]["MetricType"] = "NumberOfAgentsAvailable"
    assert run(site, *metric)["path"][-1] == "is-1"
    site.make_agent("second")
    assert site.call()["path"][-1] == "is-2"


def test_loaded_metrics_can_be_read(site):
    load = action("load", "GetMetricData", "keep", QueueId=site.queue_arn, errors=CATCH_ALL)
    kept = keep("$.Metrics.Queue.Size $.Metrics.Agents.Available.Count")
    assert run(site, load, kept, END, FAILED, metrics={"NumberOfContactsInQueue": 3})["attributes"]["kept"] == "3 1"


def test_a_split_by_chance_takes_both_ways(site):
    split = action(
        "split",
        "DistributeByPercentage",
        branches={"51": "end"},
        operator="NumberLessThan",
        errors={"NoMatchingCondition": "failed"},
    )
    site.deploy(split, END, FAILED)
    assert {site.call()["path"][-1] for _unused in range(40)} == {"end", "failed"}


def test_a_loop_counts_and_starts_again(site):
    loop = action("loop", "Loop", LoopCount="2", branches={"ContinueLooping": "say", "DoneLooping": "end"})
    say = action("say", "MessageParticipant", "loop", Text="Again")
    assert run(site, loop, say, END)["path"] == ["loop", "say", "loop", "say", "loop", "end"]


def test_another_flow_counts_its_loops_anew(site):
    loop = action("loop", "Loop", LoopCount="1", branches={"ContinueLooping": "say", "DoneLooping": "end"})
    say = action("say", "MessageParticipant", "loop", Text="Again")
    other = site.deploy(loop, say, END, name="Other")
    first = action("loop", "Loop", LoopCount="1", branches={"ContinueLooping": "go", "DoneLooping": "failed"})
    go = action("go", "TransferToFlow", ContactFlowId=other, errors=CATCH_ALL)
    assert run(site, first, go, FAILED)["path"] == ["loop", "go", "loop", "say", "loop", "end"]


def test_an_endless_flow_is_ended(site):
    say = action("say", "MessageParticipant", "say", Text="Again")
    answer = run(site, say)
    assert len(answer["path"]) == 1000
    assert answer["disconnect_reason"] == "CONTACT_FLOW_DISCONNECT"


# Settings


def test_messages_are_heard_and_prompts_must_exist(site):
    prompt = site.connect.list_prompts(InstanceId=site.instance)["PromptSummaryList"][0]["Arn"]
    say = action("say", "MessageParticipant", "end", PromptId="$.Attributes.prompt", errors=CATCH_ALL)
    assert run(site, say, END, FAILED, attributes={"prompt": prompt})["path"] == ["say", "end"]
    assert site.call(attributes={"prompt": "gone"})["path"] == ["say", "failed"]


def test_a_callback_number_must_be_one(site):
    back = action(
        "back",
        "UpdateContactCallbackNumber",
        "keep",
        CallbackNumber="$.Attributes.number",
        errors={"InvalidCallbackNumber": "failed", "CallbackNumberNotDialable": "failed"},
    )
    answer = run(
        site, back, keep("$.CustomerCallbackNumber.Address"), END, FAILED, attributes={"number": "+442079460111"}
    )
    assert answer["attributes"]["kept"] == "+442079460111"
    assert site.call(attributes={"number": "12"})["path"] == ["back", "failed"]


def test_the_queue_priority_is_kept(site):
    first = action("first", "UpdateContactRoutingBehavior", "queue", QueuePriority="1")
    assert site.contact(run(site, first, *to_queue(site.queue_arn)))["QueuePriority"] == 1


def test_recording_settings_of_the_older_block(site):
    answer = run(
        site,
        record(
            AnalyticsRedactionBehavior="Enabled",
            AnalyticsRedactionResults="RedactedOnly",
            AnalyticsRedactionMaskMode="EntityType",
        ),
        *to_queue(site.queue_arn),
    )
    assert answer["recording_analysis"] == {
        "participants": ["Agent", "Customer"],
        "ivr": False,
        "screen": False,
        "analytics": True,
        "language": "en-GB",
        "modes": ["PostContact"],
        "redaction": True,
        "redaction_results": "RedactedOnly",
        "mask_mode": "EntityType",
        "redaction_entities": [],
        "summary_modes": ["PostContact"],
    }


def test_recording_settings_of_the_newer_block(site):
    block = action(
        "record",
        "UpdateContactRecordingAndAnalyticsBehavior",
        "queue",
        VoiceBehavior={
            "VoiceRecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]},
            "VoiceAnalyticsBehavior": {
                "Enabled": "True",
                "AnalyticsLanguage": "$.Attributes.language",
                "AnalyticsModes": ["RealTime"],
                "SummaryConfiguration": {"SummaryModes": ["PostContact"]},
            },
        },
        errors={"NoMatchingError": "failed", "ChannelMismatch": "mismatch"},
    )
    mismatch = action("mismatch", "DisconnectParticipant")
    flow = site.deploy(block, *to_queue(site.queue_arn), FAILED, mismatch)
    settings = site.call(attributes={"language": "de-DE"})["recording_analysis"]
    assert (settings["analytics"], settings["language"], settings["modes"]) == (True, "de-DE", ["RealTime"])
    assert site.call(channel="CHAT", contact_flow=flow)["path"] == ["record", "mismatch"]


# Going elsewhere


def test_a_queue_that_does_not_exist_takes_the_error(site):
    dynamic = to_queue("$.Attributes.queue")
    dynamic[0]["Transitions"]["Errors"] = [{"ErrorType": "NoMatchingError", "NextAction": "failed"}]
    assert run(site, *dynamic, FAILED, attributes={"queue": site.queue_arn})["queue"] == "BasicQueue"
    assert site.call(attributes={"queue": "gone"})["path"] == ["queue", "failed"]
    assert site.call()["path"] == ["queue", "failed"]


def test_a_transfer_without_a_queue_takes_the_error(site):
    transfer = action(
        "transfer",
        "TransferContactToQueue",
        "end",
        errors={"QueueAtCapacity": "end", "NoMatchingError": "failed"},
    )
    assert run(site, transfer, END, FAILED)["path"] == ["transfer", "failed"]


def test_a_flow_that_is_only_saved_cannot_be_gone_to(site):
    draft = site.connect.create_contact_flow(
        InstanceId=site.instance, Name="Draft", Type="CONTACT_FLOW", Content="{}", Status="SAVED"
    )["ContactFlowId"]
    go = action("go", "TransferToFlow", ContactFlowId=draft, errors=CATCH_ALL)
    assert run(site, go, FAILED)["path"] == ["go", "failed"]


@pytest.fixture
def invoke(site):
    """Deploy a module and return the action that invokes it."""

    def deploy(*actions):
        module = site.connect.create_contact_flow_module(
            InstanceId=site.instance, Name="Module", Content=document(*actions)
        )["Id"]
        return action("invoke", "InvokeFlowModule", "after", FlowModuleId=module, errors=CATCH_ALL)

    return deploy


def test_a_module_returns_to_the_flow_that_invoked_it(site, invoke):
    attributes = {"keyed": "$.StoredCustomerInput", "flow": "$.FlowAttributes.x"}
    before = action("before", "UpdateFlowAttributes", "invoke", FlowAttributes={"x": {"Value": "1"}}, errors=CATCH_ALL)
    ask = action(
        "ask",
        "GetParticipantInput",
        "seen",
        **STORE,
        InputValidation={"CustomValidation": {"MaximumLength": "4"}},
        errors={"NoMatchingError": "seen"},
    )
    seen = action("seen", "UpdateContactAttributes", "back", Attributes=attributes, errors={"NoMatchingError": "back"})
    module = invoke(ask, seen, action("back", "EndFlowModuleExecution"))
    after = {"keyedAfter": "$.StoredCustomerInput", "flowAfter": "$.FlowAttributes.x"}
    report = action("after", "UpdateContactAttributes", "end", Attributes=after, errors=CATCH_ALL)
    answer = run(site, before, module, report, END, FAILED, inputs=["4711"])
    assert answer["path"] == ["before", "invoke", "ask", "seen", "back", "after", "end"]
    assert answer["attributes"] == {"keyed": "4711", "flow": "", "keyedAfter": "", "flowAfter": "1"}


def test_a_module_that_disconnects_does_not_return(site, invoke):
    answer = run(site, invoke(action("bye", "DisconnectParticipant")), action("after", "EndFlowExecution"), FAILED)
    assert answer["path"] == ["invoke", "bye"]


def test_a_module_that_is_gone_takes_the_error(site, invoke):
    block = invoke(action("back", "EndFlowModuleExecution"))
    flow = site.deploy(block, action("after", "EndFlowExecution"), FAILED)
    module = block["Parameters"]["FlowModuleId"]
    site.connect.delete_contact_flow_module(InstanceId=site.instance, ContactFlowModuleId=module)
    assert site.call(contact_flow=flow)["path"] == ["invoke", "failed"]


def test_the_end_of_a_flow_before_the_queue_ends_the_contact(site):
    answer = run(site, action("stop", "EndFlowExecution"))
    assert answer["disconnect_reason"] == "CONTACT_FLOW_DISCONNECT"
    assert "QueueInfo" not in site.contact(answer)


def test_actions_that_are_not_played_take_their_error(site):
    task = action("task", "CreateTask", "end", errors=CATCH_ALL)
    assert run(site, task, END, FAILED)["path"] == ["task", "failed"]


def test_a_contact_changes_the_queue_while_it_waits(site):
    leave = site.deploy(
        action(
            "where",
            "Compare",
            ComparisonValue="$.Queue.Name",
            branches={"Other": "change"},
            errors={"NoMatchingCondition": "wait"},
        ),
        action(
            "change",
            "DequeueContactAndTransferToQueue",
            QueueId=site.queue_arn,
            errors={"QueueAtCapacity": "wait", "NoMatchingError": "wait"},
        ),
        action("wait", "MessageParticipantIteratively", Messages=[{"Text": "Please wait"}]),
        name="Leave",
        kind="CUSTOMER_QUEUE",
    )
    _queue, other = site.make_queue("Other")
    hook = action("hook", "UpdateContactEventHooks", "queue", EventHooks={"CustomerQueue": leave}, errors=CATCH_ALL)
    answer = run(site, hook, *to_queue(other), FAILED)
    assert answer["hook_paths"]["CustomerQueue"] == ["where", "change", "where", "wait"]
    assert (answer["queue"], answer["agent"]) == ("BasicQueue", "agent")


# Functions


@pytest.fixture
def asking(site):
    """A site whose flow asks a function that is associated and may be invoked."""
    site.connect.associate_lambda_function(InstanceId=site.instance, FunctionArn=FUNCTION)
    site.functions.allow("f", "connect.amazonaws.com", site.arn)
    site.functions.answers["f"] = {"name": "Ann", "level": 3}
    ask = action(
        "ask",
        "InvokeLambdaFunction",
        "keep",
        LambdaFunctionARN=FUNCTION,
        InvocationTimeLimitSeconds="4",
        LambdaInvocationAttributes={"caller": "$.CustomerEndpoint.Address", "fixed": "x"},
        errors=CATCH_ALL,
    )
    site.deploy(ask, keep("$.External.name $.External.level"), END, FAILED)
    return site


def test_a_function_is_asked_and_its_answer_used(asking):
    answer = asking.call(attributes={"a": "b"})
    assert answer["attributes"]["kept"] == "Ann 3"
    ((name, kind, event),) = asking.functions.invocations
    assert (name, kind) == ("f", "RequestResponse")
    assert event["Name"] == "ContactFlowEvent"
    assert event["Details"]["Parameters"] == {"caller": "+442079460999", "fixed": "x"}
    data = event["Details"]["ContactData"]
    assert data["ContactId"] == answer["contact_id"]
    assert data["Attributes"] == {"a": "b"}
    assert data["InstanceARN"] == asking.arn
    assert data["CustomerEndpoint"] == {"Address": "+442079460999", "Type": "TELEPHONE_NUMBER"}
    assert data["Queue"] is None


@pytest.mark.parametrize("answer", [ValueError("broken"), "text", None, {"nested": {"a": 1}}])
def test_a_function_that_fails_or_answers_otherwise_takes_the_error(asking, answer):
    asking.functions.answers["f"] = answer
    assert asking.call()["path"] == ["ask", "failed"]


def test_a_function_without_permission_or_association_takes_the_error(asking):
    asking.functions.statements.clear()
    assert asking.call()["path"] == ["ask", "failed"]
    asking.functions.allow("f", "events.amazonaws.com", asking.arn)
    assert asking.call()["path"] == ["ask", "failed"]
    asking.functions.allow("f", "connect.amazonaws.com", asking.arn)
    assert asking.call()["path"][-1] == "end"
    asking.functions.remove_permission = lambda **_more: {}
    asking.connect.disassociate_lambda_function(InstanceId=asking.instance, FunctionArn=FUNCTION)
    assert asking.call()["path"] == ["ask", "failed"]
