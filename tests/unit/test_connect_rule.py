# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import UTC
from datetime import datetime

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import arn
from .harness import run_module
from .harness import unique_id

RULE_ID = unique_id(1)
QUEUES = {"BasicQueue": unique_id(11), "Sales": unique_id(12)}
USERS = {"agent.one": unique_id(21), "agent.two": unique_id(22)}
FLOW_ID = unique_id(31)
POST_CALL = "OnPostCallAnalysisAvailable"


def function(queues=("BasicQueue",), agents=(), word="PostCall"):
    conditions = [
        {"Operator": "CONTAINS_ANY", "ComparisonValue": f"$.ContactLens.{word}.{field}", "Operands": list(names)}
        for field, names in (("Queue.QueueId", queues), ("Agent.AgentId", agents))
        if names
    ]
    return {"Version": "2022-11-25", "RuleFunction": {"Operator": "OR", "Operands": conditions}}


FUNCTION = function(queues=[QUEUES["BasicQueue"]])
ACTIONS = [
    {"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}},
    {"ActionType": "GENERATE_EVENTBRIDGE_EVENT", "EventBridgeAction": {"Name": "Analysed"}},
]
CATEGORY = {"type": "ASSIGN_CONTACT_CATEGORY"}
EVENT = {"type": "GENERATE_EVENTBRIDGE_EVENT", "name": "Analysed"}


class RuleService(FakeService):
    """An instance with one rule; `rule` is None when there is none."""

    def __init__(self, **rule):
        super().__init__()
        self.rule = self._complete(
            {
                "Name": "Analysed",
                "TriggerEventSource": {"EventSourceName": POST_CALL},
                "Function": json.dumps(FUNCTION, indent=1),
                "Actions": ACTIONS,
                "PublishStatus": "PUBLISHED",
                **rule,
            }
        )
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListRules", lambda params: {"RuleSummaryList": self._summaries()})
        self.on("DescribeRule", lambda params: self._describe())
        queues = [{"Id": id, "Arn": arn("queue", id), "Name": name} for name, id in QUEUES.items()]
        self.on("ListQueues", {"QueueSummaryList": queues})
        users = [{"Id": id, "Arn": arn("agent", id), "Username": name} for name, id in USERS.items()]
        self.on("ListUsers", {"UserSummaryList": users})
        flows = [{"Id": FLOW_ID, "Arn": arn("contact-flow", FLOW_ID), "Name": "Tasks"}]
        self.on("ListContactFlows", {"ContactFlowSummaryList": flows})
        self.on("CreateRule", self._create)
        self.on("UpdateRule", self._update)
        self.on("DeleteRule", lambda params: self._delete())
        self.on("TagResource", lambda params: self.rule["Tags"].update(params["tags"]) or {})
        self.on("UntagResource", lambda params: [self.rule["Tags"].pop(key) for key in params["tagKeys"]] and {})

    def _complete(self, rule):
        now = datetime.now(UTC)
        changes = {"CreatedTime": now, "LastUpdatedTime": now, "LastUpdatedBy": "arn:aws:iam::111122223333:user/a"}
        return {"Tags": {}, **rule, **changes, "RuleId": RULE_ID, "RuleArn": arn("rule", RULE_ID)}

    def _summaries(self):
        names = ("Name", "RuleId", "RuleArn", "PublishStatus", "CreatedTime", "LastUpdatedTime")
        if not self.rule:
            return []
        return [{**{name: self.rule[name] for name in names}, "EventSourceName": POST_CALL, "ActionSummaries": []}]

    def _describe(self):
        if not self.rule:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"Rule": self.rule}

    def _create(self, params):
        body = {name: value for name, value in params.items() if name not in ("InstanceId", "ClientToken")}
        self.rule = self._complete(body)
        return {"RuleId": RULE_ID, "RuleArn": arn("rule", RULE_ID)}

    def _update(self, params):
        body = {name: value for name, value in params.items() if name not in ("InstanceId", "RuleId")}
        kept = {name: self.rule[name] for name in ("TriggerEventSource", "Tags")}
        self.rule = self._complete({**kept, **body})
        return {}

    def _delete(self):
        self.rule = None
        return {}


def empty_service():
    service = RuleService()
    service.rule = None
    return service


def rule(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "name": "Analysed", **options}
    return run_module("connect_rule", service, check_mode=check_mode, **options)


def written(service):
    return [
        (name, {key: value for key, value in params.items() if key not in ("InstanceId", "ClientToken")})
        for name, params in service.writes()
    ]


FULL = {
    "trigger_event_source": POST_CALL,
    "function": FUNCTION,
    "actions": [EVENT, CATEGORY],
    "publish_status": "DRAFT",
    "tags": {"environment": "poc"},
}


def test_create_and_then_tag():
    service = empty_service()
    result = rule(service, **FULL)
    assert written(service) == [
        (
            "CreateRule",
            {
                "Name": "Analysed",
                "TriggerEventSource": {"EventSourceName": POST_CALL},
                "Function": json.dumps(FUNCTION),
                "Actions": [ACTIONS[1], ACTIONS[0]],
                "PublishStatus": "DRAFT",
            },
        ),
        ("TagResource", {"resourceArn": arn("rule", RULE_ID), "tags": {"environment": "poc"}}),
    ]
    assert result["rule"]["id"] == RULE_ID
    assert result["rule"]["actions"] == [EVENT, CATEGORY]
    service.calls.clear()
    again = rule(service, **{**FULL, "actions": [CATEGORY, EVENT], "function": json.dumps(FUNCTION, indent=3)})
    assert not again["changed"]
    assert service.operations() == ["ListRules", "DescribeRule"]


def test_check_mode_predicts_what_create_returns_and_writes_nothing():
    service = empty_service()
    predicted = rule(service, check_mode=True, **FULL)
    assert service.writes() == []
    real = rule(empty_service(), **FULL)
    assert predicted["changed"] is real["changed"] is True
    changes = ("created_time", "last_updated_time", "last_updated_by")
    shown = {name: value for name, value in real["rule"].items() if name not in changes}
    assert predicted["rule"] == {**shown, "id": None, "arn": None}


def test_new_rule_is_published_and_names_its_integration():
    service = empty_service()
    task = {"type": "CREATE_TASK", "name": "Ticket", "contact_flow": FLOW_ID}
    source = {"trigger_event_source": "OnZendeskTicketCreate", "integration_association_id": "zendesk"}
    rule(service, function=FUNCTION, actions=[task], **source)
    ((_operation, sent),) = written(service)
    assert sent["PublishStatus"] == "PUBLISHED"
    assert sent["TriggerEventSource"] == {
        "EventSourceName": "OnZendeskTicketCreate",
        "IntegrationAssociationId": "zendesk",
    }


OTHER_TEXT = json.dumps(function(queues=[QUEUES["Sales"]]), indent=2)


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"publish_status": "DRAFT"}, {"PublishStatus": "DRAFT"}),
        ({"function": OTHER_TEXT}, {"Function": OTHER_TEXT}),
        ({"actions": [CATEGORY]}, {"Actions": ACTIONS[:1]}),
        (
            {"actions": [CATEGORY, {**EVENT, "name": "Other"}]},
            {"Actions": [ACTIONS[0], {**ACTIONS[1], "EventBridgeAction": {"Name": "Other"}}]},
        ),
    ],
)
def test_change_of_one_property_sends_the_rest_as_it_was(options, sent):
    filters = {
        "AndConditions": [
            {
                "ResourceType": "CONTACT",
                "FilterType": "TAG",
                "FilterKey": "team",
                "FilterValue": "x",
                "Operator": "EQUALS",
            }
        ]
    }
    planned = RuleService(PreEvaluationFilters=filters)
    prediction = rule(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = RuleService(PreEvaluationFilters=filters)
    same = {name: service.rule[name] for name in ("Name", "Function", "Actions", "PublishStatus")}
    result = rule(service, **options)
    wanted = {**same, "PreEvaluationFilters": filters, **sent}
    assert written(service) == [("UpdateRule", {"RuleId": RULE_ID, **wanted})]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["diff"] == result["diff"]
    assert not rule(service, **options)["changed"]


def test_tags_alone_need_no_update_of_the_rule():
    service = RuleService(Tags={"owner": "x"})
    result = rule(service, tags={"environment": "poc"}, purge_tags=True)
    assert [name for name, _sent in written(service)] == ["UntagResource", "TagResource"]
    assert result["rule"]["tags"] == {"environment": "poc"}


@pytest.mark.parametrize("as_text", [False, True])
def test_names_of_queues_and_agents_become_ids(as_text):
    wanted = function(queues=["BasicQueue", arn("queue", QUEUES["Sales"])], agents=["agent.one", USERS["agent.two"]])
    service = RuleService()
    options = {"function": json.dumps(wanted) if as_text else wanted}
    rule(service, **options)
    ((_operation, sent),) = written(service)
    assert json.loads(sent["Function"]) == function(queues=QUEUES.values(), agents=USERS.values())
    assert not rule(service, **options)["changed"]


def test_names_in_nested_conditions_and_no_other_operands():
    group = {"Operator": "AND", "Operands": function(queues=["Sales"])["RuleFunction"]["Operands"]}
    words = {
        "Operator": "CONTAINS_ANY",
        "ComparisonValue": "$.ContactLens.PostCall.ExactMatch.Transcript",
        "Operands": ["Sales", "Refund"],
    }
    no_queue = {"Operator": "EQUALS", "ComparisonValue": "$.ContactLens.PostCall.Queue.QueueId", "Operands": []}
    service = RuleService()
    top = {"Operator": "OR", "Operands": [group, words, no_queue]}
    result = rule(service, function={"Version": "2022-11-25", "RuleFunction": top})
    reached = result["rule"]["function"]["RuleFunction"]["Operands"]
    assert reached[0]["Operands"][0]["Operands"] == [QUEUES["Sales"]]
    assert reached[1:] == [words, no_queue]


def test_unknown_queue():
    service = RuleService()
    result = rule(service, function=function(queues=["Basicqueue"]))
    assert (
        "No queue 'Basicqueue' in the instance, which rule 'Analysed' names (did you mean 'BasicQueue'?)"
        in result["msg"]
    )
    planned = rule(service, check_mode=True, function=function(queues=["New"]))
    assert planned["changed"] and "No queue 'New'" in planned["warnings"][0]
    assert service.writes() == []


PEOPLE = {
    "users": ["agent.two", "agent.one", "$.ContactLens.ContactEvaluation.Agent.AgentId"],
    "user_tags": {"Team": 1},
}
PEOPLE_SENT = {"UserIds": ["$.ContactLens.ContactEvaluation.Agent.AgentId", *USERS.values()], "UserTags": {"Team": "1"}}
FIELDS = [
    {"id": "b", "value": True},
    {"id": "a", "value": "text"},
    {"id": "c", "value": 5},
    {"id": "d"},
]
FIELDS_SENT = [
    {"Id": "a", "Value": {"StringValue": "text"}},
    {"Id": "b", "Value": {"BooleanValue": True}},
    {"Id": "c", "Value": {"DoubleValue": 5.0}},
    {"Id": "d", "Value": {"EmptyValue": {}}},
]


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        (
            {
                "type": "CREATE_TASK",
                "name": "Call back",
                "contact_flow": "Tasks",
                "description": "Soon",
                "references": {"My Page": {"type": "URL", "value": "https://example.com"}},
            },
            {
                "TaskAction": {
                    "Name": "Call back",
                    "ContactFlowId": FLOW_ID,
                    "Description": "Soon",
                    "References": {"My Page": {"Type": "URL", "Value": "https://example.com"}},
                }
            },
        ),
        (
            {
                "type": "SEND_NOTIFICATION",
                "content": "Hello",
                "subject": "A call",
                "recipient": PEOPLE,
                "exclusion": {"users": ["agent.one"]},
            },
            {
                "SendNotificationAction": {
                    "DeliveryMethod": "EMAIL",
                    "ContentType": "PLAIN_TEXT",
                    "Content": "Hello",
                    "Subject": "A call",
                    "Recipient": PEOPLE_SENT,
                    "Exclusion": {"UserIds": [USERS["agent.one"]]},
                }
            },
        ),
        (
            {
                "type": "SEND_IN_APP_NOTIFICATION",
                "content": {"en_US": "Hello"},
                "recipient": PEOPLE,
                "priority": "HIGH",
            },
            {
                "SendInAppNotificationAction": {
                    "Content": {"en_US": "Hello"},
                    "Recipient": PEOPLE_SENT,
                    "Priority": "HIGH",
                }
            },
        ),
        (
            {"type": "CREATE_CASE", "template_id": "T1", "fields": FIELDS},
            {"CreateCaseAction": {"TemplateId": "T1", "Fields": FIELDS_SENT}},
        ),
        ({"type": "UPDATE_CASE", "fields": FIELDS}, {"UpdateCaseAction": {"Fields": FIELDS_SENT}}),
        (
            {
                "type": "ASSIGN_SLA",
                "case_sla": {
                    "name": "Fast",
                    "target_minutes": 5,
                    "field_id": "status",
                    "target_field_values": ["closed"],
                },
            },
            {
                "AssignSlaAction": {
                    "SlaAssignmentType": "CASES",
                    "CaseSlaConfiguration": {
                        "Name": "Fast",
                        "Type": "CaseField",
                        "FieldId": "status",
                        "TargetFieldValues": [{"StringValue": "closed"}],
                        "TargetSlaMinutes": 5,
                    },
                }
            },
        ),
        ({"type": "END_ASSOCIATED_TASKS"}, {"EndAssociatedTasksAction": {}}),
        ({"type": "END_ASSOCIATED_EMAILS"}, {"EndAssociatedEmailsAction": {}}),
        (
            {"type": "SUBMIT_AUTO_EVALUATION", "evaluation_form_id": "F1"},
            {"SubmitAutoEvaluationAction": {"EvaluationFormId": "F1"}},
        ),
        (
            {"type": "EXTRACT_INFORMATION", "extraction_definitions": ["b", "a"]},
            {"ExtractInformationAction": {"RulesExtractionDefinitions": [{"Identifier": "a"}, {"Identifier": "b"}]}},
        ),
    ],
    ids=lambda value: value.get("type", "") if isinstance(value, dict) else "",
)
def test_every_type_of_action_there_and_back(action, sent):
    service = RuleService()
    options = {"actions": [CATEGORY, action]}
    prediction = rule(service, check_mode=True, **options)
    result = rule(service, **options)
    ((_operation, request),) = written(service)
    assert request["Actions"] == [ACTIONS[0], {"ActionType": action["type"], **sent}]
    assert prediction["rule"]["actions"] == result["rule"]["actions"]
    assert not rule(service, **options)["changed"]
    assert not rule(service, actions=result["rule"]["actions"])["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"actions": [EVENT]}, "lack ASSIGN_CONTACT_CATEGORY: every rule with the source OnPostCallAnalysisAvailable"),
        (
            {"actions": [EVENT], "trigger_event_source": "OnZendeskTicketCreate"},
            "lack CREATE_TASK: every rule with the source OnZendeskTicketCreate",
        ),
        (
            {"actions": [EVENT], "trigger_event_source": "OnCaseCreate"},
            "GENERATE_EVENTBRIDGE_EVENT, which the source OnCaseCreate does not allow",
        ),
        ({"actions": [{"type": "GENERATE_EVENTBRIDGE_EVENT"}]}, "GENERATE_EVENTBRIDGE_EVENT needs name"),
        ({"actions": [{**CATEGORY, "subject": "x"}]}, "ASSIGN_CONTACT_CATEGORY does not take subject"),
        ({"function": "{"}, "function is not JSON"),
        ({"function": [1]}, "function is no dictionary with Version and RuleFunction"),
        ({"name": "SAP Post Call"}, "'SAP Post Call' is no name of a rule"),
    ],
)
def test_wrong_options_are_refused_before_any_request(options, message):
    service = RuleService()
    result = rule(service, **{"instance": "poc", "trigger_event_source": POST_CALL, **options})
    assert message in result["msg"]
    assert service.calls == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trigger_event_source": "OnPostChatAnalysisAvailable"}, "trigger_event_source is 'OnPostCallAnalysisAvail"),
        ({"actions": [EVENT]}, "lack ASSIGN_CONTACT_CATEGORY"),
    ],
)
def test_what_does_not_go_with_the_existing_rule(options, message):
    service = RuleService()
    assert message in rule(service, **options)["msg"]
    assert service.writes() == []


def test_new_rule_needs_its_parts():
    result = rule(empty_service(), check_mode=True)
    assert "so give trigger_event_source, function, actions" in result["msg"]


@pytest.mark.parametrize(
    ("operation", "code", "status", "message"),
    [
        ("CreateRule", "ResourceConflictException", 409, "Failed to create rule 'Analysed': No (ResourceConflict"),
        ("CreateRule", "ServiceQuotaExceededException", 402, "quota reached: rules of an event source (500). No"),
        ("CreateRule", "InvalidRequestException", 400, "Failed to create rule 'Analysed': No (InvalidRequest"),
    ],
)
def test_refusals(operation, code, status, message):
    service = empty_service().fail(operation, code, status=status, message="No.")
    assert message in rule(service, **FULL)["msg"]


def test_absent():
    planned = RuleService()
    assert rule(planned, check_mode=True, state="absent")["changed"]
    assert planned.writes() == []
    service = RuleService()
    result = rule(service, state="absent")
    assert result["changed"] and result["rule"] is None
    assert written(service) == [("DeleteRule", {"RuleId": RULE_ID})]
    assert not rule(service, state="absent")["changed"]


def test_action_of_a_type_to_come_is_kept():
    future = {"ActionType": "CREATE_POEM"}
    service = RuleService(Actions=[*ACTIONS, future])
    result = rule(service, publish_status="DRAFT")
    assert service.writes()[0][1]["Actions"] == [*ACTIONS, future]
    assert result["rule"]["actions"][2] == {"type": "CREATE_POEM"}


def test_plan_for_an_instance_that_does_not_exist():
    service = RuleService().on("ListInstances", {"InstanceSummaryList": []})
    result = rule(service, check_mode=True, **{**FULL, "instance": "poc", "function": function()})
    assert result["changed"]
    assert service.operations() == ["ListInstances"]


def test_info_returns_one_or_all():
    service = RuleService()
    one = run_module("connect_rule_info", service, instance=INSTANCE_ID, name="Analysed")
    every = run_module("connect_rule_info", service, instance=INSTANCE_ID)
    assert one["rules"] == every["rules"]
    assert one["rules"][0]["function"] == FUNCTION
    assert run_module("connect_rule_info", service, instance=INSTANCE_ID, name="None")["rules"] == []
