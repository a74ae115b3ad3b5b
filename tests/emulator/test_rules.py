# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules (connect-api 9)."""

from __future__ import annotations

import json

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused

CATEGORY = {"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}
EVENT = {"ActionType": "GENERATE_EVENTBRIDGE_EVENT", "EventBridgeAction": {"Name": "SAPPostCallAnalytics"}}
POST_CALL = "OnPostCallAnalysisAvailable"
WORDS = {
    POST_CALL: "PostCall",
    "OnRealTimeCallAnalysisAvailable": "RealTimeCall",
    "OnRealTimeChatAnalysisAvailable": "RealTimeChat",
    "OnPostChatAnalysisAvailable": "PostChat",
}


def function(queue=UNKNOWN, word="PostCall"):
    condition = {
        "Operator": "CONTAINS_ANY",
        "Operands": [queue],
        "ComparisonValue": f"$.ContactLens.{word}.Queue.QueueId",
        "Negate": False,
    }
    return json.dumps({"Version": "2022-11-25", "RuleFunction": {"Operator": "OR", "Operands": [condition]}})


OTHER_FUNCTION = json.dumps(
    {
        "Version": "2022-11-25",
        "RuleFunction": {
            "Operator": "AND",
            "Operands": [{"Operator": "EQUALS", "Operands": ["x"], "ComparisonValue": "$.ThirdParty.Field"}],
        },
    }
)


@pytest.fixture
def create(connect, instance):
    """Create a rule and return its id."""

    def run(name="SAPPostCallAnalytics", source=POST_CALL, integration=None, **more):
        trigger = {"EventSourceName": source}
        if integration:
            trigger["IntegrationAssociationId"] = integration
        wanted = {"Function": function(), "Actions": [CATEGORY, EVENT], "PublishStatus": "PUBLISHED", **more}
        return connect.create_rule(InstanceId=instance, Name=name, TriggerEventSource=trigger, **wanted)["RuleId"]

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda rule: connect.describe_rule(InstanceId=instance, RuleId=rule)["Rule"]


@pytest.fixture
def update(connect, instance):
    """Send a full update of a rule, with the given members changed."""

    def run(rule, **more):
        wanted = {
            "Name": "SAPPostCallAnalytics",
            "Function": function(),
            "Actions": [CATEGORY, EVENT],
            "PublishStatus": "PUBLISHED",
            **more,
        }
        connect.update_rule(InstanceId=instance, RuleId=rule, **wanted)

    return run


def names(connect, instance, **filters):
    return [item["Name"] for item in connect.list_rules(InstanceId=instance, **filters)["RuleSummaryList"]]


def test_created_rule_is_described(connect, instance, create, describe):
    queue = Defaults(connect, instance).queue
    identifier = create(Function=function(queue))
    rule = describe(identifier)
    assert rule["RuleArn"].endswith(f"instance/{instance}/rule/{identifier}")
    assert (rule["Name"], rule["PublishStatus"]) == ("SAPPostCallAnalytics", "PUBLISHED")
    assert rule["TriggerEventSource"] == {"EventSourceName": POST_CALL}
    assert rule["Function"] == function(queue)
    assert rule["Actions"] == [CATEGORY, EVENT]
    assert rule["LastUpdatedBy"].startswith("arn:aws:")


@pytest.mark.parametrize("missing", ["Name", "TriggerEventSource", "Function", "Actions", "PublishStatus"])
def test_all_members_of_a_rule_are_required(emulator, instance, missing):
    body = {
        "Name": "Rule",
        "TriggerEventSource": {"EventSourceName": POST_CALL},
        "Function": function(),
        "Actions": [CATEGORY],
        "PublishStatus": "DRAFT",
    }
    assert emulator.raw("POST", f"/rules/{instance}", body)[0] == 200
    del body[missing]
    body["Name"] = body.get("Name") and "Other"
    status, headers, _unused = emulator.raw("POST", f"/rules/{instance}", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


@pytest.mark.parametrize("name", ["two words", "a" * 201, "ümlaut"])
def test_name_has_200_plain_characters_at_most(create, name):
    refused("InvalidRequestException", create, name=name)


def test_same_name_is_a_conflict(create):
    create()
    answer = refused("ResourceConflictException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_same_token_and_request_is_one_rule(connect, instance, create):
    token = "11111111-2222-4333-8444-555555555555"
    assert create(ClientToken=token) == create(ClientToken=token)
    assert names(connect, instance) == ["SAPPostCallAnalytics"]


def test_tags_come_by_tag_resource_only(emulator, connect, instance, create, describe):
    body = {
        "Name": "Tagged",
        "TriggerEventSource": {"EventSourceName": POST_CALL},
        "Function": function(),
        "Actions": [CATEGORY],
        "PublishStatus": "DRAFT",
        "Tags": {"a": "b"},
    }
    answer = emulator.raw("POST", f"/rules/{instance}", body)[2]
    assert describe(answer["RuleId"])["Tags"] == {}
    connect.tag_resource(resourceArn=answer["RuleArn"], tags={"team": "sap"})
    assert describe(answer["RuleId"])["Tags"] == {"team": "sap"}


@pytest.mark.parametrize(("source", "word"), WORDS.items())
def test_category_action_is_mandatory_for_call_and_chat_analysis(create, source, word):
    refused("InvalidRequestException", create, source=source, Function=function(word=word), Actions=[EVENT])
    create(source=source, Function=function(word=word), Actions=[EVENT, CATEGORY])


@pytest.mark.parametrize("source", ["OnContactEvaluationSubmit", "OnMetricDataUpdate"])
def test_event_action_goes_with_evaluations_and_metrics_without_category(create, source):
    other = OTHER_FUNCTION.replace("$.ThirdParty", "$.ContactLens.ContactEvaluation")
    create(source=source, Function=other, Actions=[EVENT])
    refused("InvalidRequestException", create, name="Other", source=source, Function=other, Actions=[CATEGORY])


@pytest.mark.parametrize("source", ["OnCaseCreate", "OnCaseUpdate", "OnSlaBreach", "OnSchedulePublish"])
def test_event_action_is_refused_for_other_sources(create, source):
    refused("InvalidRequestException", create, source=source, Function=OTHER_FUNCTION, Actions=[EVENT])


def test_action_needs_the_member_of_its_type_and_no_other(create):
    for wrong in (
        {"ActionType": "GENERATE_EVENTBRIDGE_EVENT"},
        {**EVENT, "AssignContactCategoryAction": {}},
        {"ActionType": "GENERATE_EVENTBRIDGE_EVENT", "AssignContactCategoryAction": {}},
    ):
        refused("InvalidRequestException", create, Actions=[CATEGORY, wrong])


def test_event_name_has_1_to_100_characters(create):
    long = {**EVENT, "EventBridgeAction": {"Name": "a" * 101}}
    refused("InvalidRequestException", create, Actions=[CATEGORY, long])


def test_task_action_needs_an_existing_flow(connect, instance, create):
    flows = ids(connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"])
    task = {"Name": "Call back", "ContactFlowId": flows["Default queue transfer"]}
    create(Actions=[CATEGORY, {"ActionType": "CREATE_TASK", "TaskAction": task}])
    task["ContactFlowId"] = UNKNOWN
    refused(
        "ResourceNotFoundException",
        create,
        name="Other",
        Actions=[CATEGORY, {"ActionType": "CREATE_TASK", "TaskAction": task}],
    )


def test_ticket_sources_need_an_integration_and_a_task(connect, instance, create):
    flows = ids(connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"])
    action = {
        "ActionType": "CREATE_TASK",
        "TaskAction": {"Name": "T", "ContactFlowId": flows["Default queue transfer"]},
    }
    wanted = {"source": "OnZendeskTicketCreate", "Function": OTHER_FUNCTION}
    refused("InvalidRequestException", create, **wanted, Actions=[action])
    refused("InvalidRequestException", create, **wanted, integration=UNKNOWN, Actions=[CATEGORY])
    create(**wanted, integration=UNKNOWN, Actions=[action])
    refused("InvalidRequestException", create, name="Other", integration=UNKNOWN)


@pytest.mark.parametrize(
    "bad", ["{}", "not JSON", function().replace("CONTAINS_ANY", "LIKE"), function(word="PostChat")]
)
def test_bad_function_is_an_invalid_request_that_says_why(create, bad):
    answer = refused("InvalidRequestException", create, Function=bad)
    assert answer["Error"]["Message"].startswith("Invalid rule function: ")


def test_update_is_a_full_replacement(emulator, connect, instance, create, describe, update):
    identifier = create()
    before = describe(identifier)
    emulator.advance(60)
    update(identifier, Function=function("other"), Actions=[CATEGORY], PublishStatus="DRAFT")
    after = describe(identifier)
    assert (after["Function"], after["Actions"], after["PublishStatus"]) == (function("other"), [CATEGORY], "DRAFT")
    assert after["CreatedTime"] == before["CreatedTime"]
    assert after["LastUpdatedTime"] > before["LastUpdatedTime"]


@pytest.mark.parametrize("missing", ["Name", "Function", "Actions", "PublishStatus"])
def test_update_requires_all_members(emulator, instance, create, missing):
    body = {"Name": "SAPPostCallAnalytics", "Function": function(), "Actions": [CATEGORY], "PublishStatus": "DRAFT"}
    del body[missing]
    status, headers, _unused = emulator.raw("PUT", f"/rules/{instance}/{create()}", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


def test_update_checks_function_and_actions(create, describe, update):
    identifier = create()
    refused("InvalidRequestException", update, rule=identifier, Function="{}")
    refused("InvalidRequestException", update, rule=identifier, Actions=[EVENT])
    assert describe(identifier)["Actions"] == [CATEGORY, EVENT]


def test_source_cannot_change(emulator, instance, create, describe):
    identifier = create()
    body = {
        "Name": "SAPPostCallAnalytics",
        "TriggerEventSource": {"EventSourceName": "OnPostChatAnalysisAvailable"},
        "Function": function(),
        "Actions": [CATEGORY],
        "PublishStatus": "DRAFT",
    }
    assert emulator.raw("PUT", f"/rules/{instance}/{identifier}", body)[0] == 200
    assert describe(identifier)["TriggerEventSource"] == {"EventSourceName": POST_CALL}


def test_name_changes_for_ticket_sources_only(connect, instance, create, describe, update):
    refused("InvalidRequestException", update, rule=create(), Name="Other")
    flows = ids(connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"])
    action = {
        "ActionType": "CREATE_TASK",
        "TaskAction": {"Name": "T", "ContactFlowId": flows["Default queue transfer"]},
    }
    ticket = {"Function": OTHER_FUNCTION, "Actions": [action]}
    identifier = create("Ticket", source="OnSalesforceCaseCreate", integration=UNKNOWN, **ticket)
    update(identifier, Name="Renamed", **ticket)
    assert describe(identifier)["Name"] == "Renamed"
    refused("ResourceConflictException", update, rule=identifier, Name="SAPPostCallAnalytics", **ticket)


def test_list_filters_by_status_and_source(connect, instance, create):
    create("Published")
    create("Draft", PublishStatus="DRAFT")
    create("Chat", source="OnPostChatAnalysisAvailable", Function=function(word="PostChat"))
    assert names(connect, instance) == ["Published", "Draft", "Chat"]
    assert names(connect, instance, PublishStatus="DRAFT") == ["Draft"]
    assert names(connect, instance, EventSourceName=POST_CALL) == ["Published", "Draft"]


def test_summaries_lack_function_and_whole_actions(connect, instance, create):
    create()
    (summary,) = connect.list_rules(InstanceId=instance)["RuleSummaryList"]
    assert not {"Function", "Actions"} & set(summary)
    assert summary["ActionSummaries"] == [{"ActionType": CATEGORY["ActionType"]}, {"ActionType": EVENT["ActionType"]}]
    assert summary["EventSourceName"] == POST_CALL


def test_list_page_is_200_at_most(connect, instance, create):
    for number in range(201):
        create(f"Rule{number}")
    first = connect.list_rules(InstanceId=instance, MaxResults=200)
    assert len(first["RuleSummaryList"]) == 200
    assert len(names(connect, instance, MaxResults=200, NextToken=first["NextToken"])) == 1
    refused("InvalidRequestException", connect.list_rules, InstanceId=instance, MaxResults=201)


def test_deleted_rule_is_not_found(connect, instance, create, describe):
    identifier = create()
    connect.delete_rule(InstanceId=instance, RuleId=identifier)
    refused("ResourceNotFoundException", describe, rule=identifier)
    refused("ResourceNotFoundException", connect.delete_rule, InstanceId=instance, RuleId=identifier)


def test_500_rules_per_event_source_is_a_service_quota(create):
    for number in range(500):
        create(f"Rule{number}")
    answer = refused("ServiceQuotaExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 402
    create("Chat", source="OnPostChatAnalysisAvailable", Function=function(word="PostChat"))
