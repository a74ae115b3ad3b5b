# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules (connect-api 9)."""

from __future__ import annotations

from typing import Any

from .. import objects
from .. import rule_language
from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "rules"
ACTION_MEMBERS = {
    "CREATE_TASK": "TaskAction",
    "ASSIGN_CONTACT_CATEGORY": "AssignContactCategoryAction",
    "GENERATE_EVENTBRIDGE_EVENT": "EventBridgeAction",
    "SEND_NOTIFICATION": "SendNotificationAction",
    "CREATE_CASE": "CreateCaseAction",
    "UPDATE_CASE": "UpdateCaseAction",
    "ASSIGN_SLA": "AssignSlaAction",
    "END_ASSOCIATED_TASKS": "EndAssociatedTasksAction",
    "END_ASSOCIATED_EMAILS": "EndAssociatedEmailsAction",
    "SUBMIT_AUTO_EVALUATION": "SubmitAutoEvaluationAction",
    "EXTRACT_INFORMATION": "ExtractInformationAction",
    "SEND_IN_APP_NOTIFICATION": "SendInAppNotificationAction",
}
_ANALYSIS_SOURCES = {
    "OnPostCallAnalysisAvailable",
    "OnRealTimeCallAnalysisAvailable",
    "OnRealTimeChatAnalysisAvailable",
    "OnPostChatAnalysisAvailable",
}
_TICKET_SOURCES = {"OnZendeskTicketCreate", "OnZendeskTicketStatusUpdate", "OnSalesforceCaseCreate"}
# The sources that each action is for; an action that is not named goes with all.
_ALLOWED_SOURCES = {
    "ASSIGN_CONTACT_CATEGORY": _ANALYSIS_SOURCES | _TICKET_SOURCES,
    "GENERATE_EVENTBRIDGE_EVENT": _ANALYSIS_SOURCES | {"OnContactEvaluationSubmit", "OnMetricDataUpdate"},
    "SEND_NOTIFICATION": _ANALYSIS_SOURCES | {"OnContactEvaluationSubmit", "OnMetricDataUpdate"},
    "CREATE_CASE": {"OnPostCallAnalysisAvailable", "OnPostChatAnalysisAvailable"},
    "UPDATE_CASE": {"OnCaseCreate", "OnCaseUpdate"},
    "END_ASSOCIATED_TASKS": {"OnCaseUpdate"},
    "END_ASSOCIATED_EMAILS": {"OnCaseUpdate"},
}


@operation("CreateRule")
def create_rule(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Tags cannot be given here: they come by TagResource (inferred)."""
    instance = context.instance(request["InstanceId"])
    source = request["TriggerEventSource"]
    if (source["EventSourceName"] in _TICKET_SOURCES) != ("IntegrationAssociationId" in source):
        message = "IntegrationAssociationId is required with Zendesk and Salesforce sources, and only there"
        raise ConnectError("InvalidRequestException", message)
    data = {"TriggerEventSource": source, **_definition(instance, request, source["EventSourceName"])}
    objects.check_name(instance, KIND, request["Name"], code="ResourceConflictException")
    alike = [item for item in instance.store(KIND).everything() if _source(item) == source["EventSourceName"]]
    if len(alike) >= objects.RULES_PER_EVENT_SOURCE:
        message = f"The instance has its {objects.RULES_PER_EVENT_SOURCE} rules of {source['EventSourceName']}"
        raise ConnectError("ServiceQuotaExceededException", message)
    record = objects.create(context, instance, KIND, "rule", request["Name"], data)
    record.data["_updated_by"] = context.principal_arn
    return {"RuleId": record.id, "RuleArn": record.arn}


@operation("DescribeRule")
def describe_rule(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """The function comes back as it was sent (inferred)."""
    record = _rule(context, request)[1]
    members = ("TriggerEventSource", "Function", "Actions", "PublishStatus", "PreEvaluationFilters")
    return {
        "Rule": {
            **_summary(record, *members),
            "LastUpdatedBy": record.data["_updated_by"],
            "Tags": record.tags,
        }
    }


@operation("ListRules")
def list_rules(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Summaries have neither function nor whole actions."""
    found = [
        item
        for item in context.instance(request["InstanceId"]).store(KIND).all()
        if request.get("PublishStatus") in (None, item.data["PublishStatus"])
        and request.get("EventSourceName") in (None, _source(item))
    ]
    items, token = context.page(found, request)
    shown = [
        {
            **_summary(item, "PublishStatus"),
            "EventSourceName": _source(item),
            "ActionSummaries": _action_summaries(item),
        }
        for item in items
    ]
    return {"RuleSummaryList": shown, "NextToken": token}


@operation("UpdateRule")
def update_rule(context: Context, request: dict[str, Any]) -> None:
    """A full replacement. The source cannot change, the name only for Zendesk and Salesforce sources."""
    instance, record = _rule(context, request)
    if request["Name"] != record.name and _source(record) not in _TICKET_SOURCES:
        raise ConnectError("InvalidRequestException", f"The name of a rule of {_source(record)} cannot be changed")
    objects.check_name(instance, KIND, request["Name"], own=record, code="ResourceConflictException")
    definition = _definition(instance, request, _source(record))
    record.data.pop("PreEvaluationFilters", None)
    record.data.update(definition)
    record.name = request["Name"]
    record.data["_updated_by"] = context.principal_arn
    context.touch(record)


@operation("DeleteRule")
def delete_rule(context: Context, request: dict[str, Any]) -> None:
    instance, record = _rule(context, request)
    instance.store(KIND).delete(record.id)


def _rule(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store(KIND).get(request["RuleId"])


def _source(record: Record) -> str:
    return record.data["TriggerEventSource"]["EventSourceName"]


def _summary(record: Record, *members: str) -> dict[str, Any]:
    return {
        "Name": record.name,
        "RuleId": record.id,
        "RuleArn": record.arn,
        "CreatedTime": record.created_at,
        "LastUpdatedTime": record.updated_at,
        **objects.pick(record.data, *members),
    }


def _action_summaries(record: Record) -> list[dict[str, str]]:
    return [{"ActionType": action["ActionType"]} for action in record.data["Actions"]]


def _definition(instance: Instance, request: dict[str, Any], source: str) -> dict[str, Any]:
    """Return what Create and Update have in common, checked (the kind of error for a bad function is inferred)."""
    try:
        rule_language.parse(request["Function"], source)
    except ValueError as error:
        raise ConnectError("InvalidRequestException", f"Invalid rule function: {error}") from None
    _check_actions(instance, request["Actions"], source)
    return objects.pick(request, "Name", "Function", "Actions", "PublishStatus", "PreEvaluationFilters")


def _check_actions(instance: Instance, actions: list[dict[str, Any]], source: str) -> None:
    kinds = [action["ActionType"] for action in actions]
    if source in _ANALYSIS_SOURCES and "ASSIGN_CONTACT_CATEGORY" not in kinds:
        raise ConnectError("InvalidRequestException", f"AssignContactCategoryAction is required for {source}")
    if source in _TICKET_SOURCES and "CREATE_TASK" not in kinds:
        raise ConnectError("InvalidRequestException", f"TaskAction is required for {source}")
    for action in actions:
        kind = action["ActionType"]
        member = ACTION_MEMBERS[kind]
        if set(action) != {"ActionType", member}:
            raise ConnectError("InvalidRequestException", f"An action {kind} takes {member} and no other")
        if source not in _ALLOWED_SOURCES.get(kind, {source}):
            raise ConnectError("InvalidRequestException", f"{member} is not supported for {source}")
        if kind == "CREATE_TASK":
            instance.store("contact_flows").get(action[member]["ContactFlowId"])
