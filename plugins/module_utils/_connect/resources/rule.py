# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a rule. Private to this collection.

Actions have two forms: the API's, and that of the option `actions`. The read model has the latter, with ids for names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ..api import compact
from ..api import normalise
from ..errors import ConnectError
from ..resolve import id_of
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_NAME = re.compile(r"[0-9a-zA-Z._-]{1,200}")
_REFERENCE_PATH = re.compile(r"\$\.ContactLens\.[^.]+\.(Queue\.QueueId|Agent\.AgentId)")
_REFERENCE_KINDS = {"Queue.QueueId": "queue", "Agent.AgentId": "user"}
_ANALYSIS_SOURCES = (
    "OnPostCallAnalysisAvailable",
    "OnRealTimeCallAnalysisAvailable",
    "OnRealTimeChatAnalysisAvailable",
    "OnPostChatAnalysisAvailable",
)
_EVENT_SOURCES = (*_ANALYSIS_SOURCES, "OnContactEvaluationSubmit", "OnMetricDataUpdate")
_TICKET_SOURCES = ("OnZendeskTicketCreate", "OnZendeskTicketStatusUpdate", "OnSalesforceCaseCreate")

# For each type of action: the API's member, the suboptions that it needs, and those that it takes.
_ACTIONS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ASSIGN_CONTACT_CATEGORY": ("AssignContactCategoryAction", (), ()),
    "ASSIGN_SLA": ("AssignSlaAction", ("case_sla",), ()),
    "CREATE_CASE": ("CreateCaseAction", ("template_id", "fields"), ()),
    "CREATE_TASK": ("TaskAction", ("name", "contact_flow"), ("description", "references")),
    "END_ASSOCIATED_EMAILS": ("EndAssociatedEmailsAction", (), ()),
    "END_ASSOCIATED_TASKS": ("EndAssociatedTasksAction", (), ()),
    "EXTRACT_INFORMATION": ("ExtractInformationAction", ("extraction_definitions",), ()),
    "GENERATE_EVENTBRIDGE_EVENT": ("EventBridgeAction", ("name",), ()),
    "SEND_IN_APP_NOTIFICATION": (
        "SendInAppNotificationAction",
        ("content", "recipient"),
        ("exclusion", "priority"),
    ),
    "SEND_NOTIFICATION": ("SendNotificationAction", ("content", "recipient"), ("subject", "exclusion")),
    "SUBMIT_AUTO_EVALUATION": ("SubmitAutoEvaluationAction", ("evaluation_form_id",), ()),
    "UPDATE_CASE": ("UpdateCaseAction", ("fields",), ()),
}
# Members with the only value that the API knows.
_CONSTANTS = {
    "ASSIGN_SLA": {"SlaAssignmentType": "CASES"},
    "SEND_NOTIFICATION": {"DeliveryMethod": "EMAIL", "ContentType": "PLAIN_TEXT"},
}
_MEMBERS = {
    "case_sla": "CaseSlaConfiguration",
    "contact_flow": "ContactFlowId",
    "content": "Content",
    "description": "Description",
    "evaluation_form_id": "EvaluationFormId",
    "exclusion": "Exclusion",
    "extraction_definitions": "RulesExtractionDefinitions",
    "fields": "Fields",
    "name": "Name",
    "priority": "Priority",
    "recipient": "Recipient",
    "references": "References",
    "subject": "Subject",
    "template_id": "TemplateId",
}


class Rule(Resource):
    kind = "rule"
    return_key = "rule"
    plural_key = "rules"
    immutable = ("trigger_event_source", "integration_association_id")
    required_to_create = ("trigger_event_source", "function", "actions")
    whole = ("function",)
    volatile = ("created_time", "last_updated_time", "last_updated_by")

    def check_options(self, ctx: Context) -> None:
        name = ctx.params["name"]
        if not id_of(name) and not _NAME.fullmatch(name):
            raise ConnectError(
                f"'{name}' is no name of a rule: it has 1 to 200 letters, digits, dots, underscores, hyphens"
            )
        if ctx.params["function"] is not None:
            _check_function(self.label(ctx), _text(ctx.params["function"]))
        for action in ctx.params["actions"] or []:
            _check_action(self.label(ctx), action)
        if ctx.params["actions"] is not None and ctx.params["trigger_event_source"]:
            _check_source(self.label(ctx), ctx.params["trigger_event_source"], ctx.params["actions"])

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_rule", RuleId=id)
        return _model(answer["Rule"]) if answer else None

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "trigger_event_source", "integration_association_id", "publish_status")
        if ctx.params["function"] is not None:
            desired["function"] = _resolve_names(ctx, json.loads(_text(ctx.params["function"])))
        if ctx.params["actions"] is not None:
            if current:
                _check_source(self.label(ctx), current["trigger_event_source"], ctx.params["actions"])
            desired["actions"] = [_given_action(ctx, action) for action in ctx.params["actions"]]
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {"publish_status": "PUBLISHED"}

    def same(self, field: str, current: Any, wanted: Any) -> bool:
        if field == "actions":
            return _in_order(current) == _in_order(wanted)
        return current == wanted

    def create(self, ctx: Context, target: Model) -> str:
        source = {
            "EventSourceName": target["trigger_event_source"],
            "IntegrationAssociationId": target.get("integration_association_id"),
        }
        answer = ctx.create(
            "create_rule",
            Name=target["name"],
            TriggerEventSource=compact(source),
            Function=_function_text(ctx, target["function"]),
            Actions=[_to_api(action) for action in target["actions"]],
            PublishStatus=target["publish_status"],
        )
        return answer["RuleId"]

    @updates("function", "actions", "publish_status")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole (connect-api 9): what was not asked for goes back as it came
        rule = ctx.read("describe_rule", RuleId=current["id"])["Rule"]
        function, actions = rule["Function"], rule["Actions"]
        if not self.same("function", current["function"], target["function"]):
            function = _function_text(ctx, target["function"])
        if not self.same("actions", current["actions"], target["actions"]):
            actions = [_to_api(action) for action in target["actions"]]
        kept = {name: rule[name] for name in ("PreEvaluationFilters",) if name in rule}
        ctx.write(
            "update_rule",
            RuleId=current["id"],
            Name=current["name"],
            Function=function,
            Actions=actions,
            PublishStatus=target["publish_status"],
            **kept,
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_rule", RuleId=current["id"])


def _model(rule: Mapping[str, Any]) -> Model:
    special = ("TriggerEventSource", "Function", "Actions", "PreEvaluationFilters")
    model = normalise(
        {name: value for name, value in rule.items() if name not in special}, id_key="RuleId", arn_key="RuleArn"
    )
    source = rule["TriggerEventSource"]
    model["trigger_event_source"] = source["EventSourceName"]
    if "IntegrationAssociationId" in source:
        model["integration_association_id"] = source["IntegrationAssociationId"]
    model["function"] = _parse(rule["Function"])
    model["actions"] = [_from_api(action) for action in rule["Actions"]]
    return model


# The function


def _text(function: Any) -> str:
    return function if isinstance(function, str) else json.dumps(function)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _check_function(label: str, text: str) -> None:
    try:
        function = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConnectError(
            f"Failed to parse {label}: function is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from error
    if not isinstance(function, dict) or not isinstance(function.get("RuleFunction"), dict):
        raise ConnectError(f"Failed to parse {label}: function is no dictionary with Version and RuleFunction")


def _function_text(ctx: Context, function: Any) -> str:
    """Return the text to send: the user's own, unless names in it had to become ids."""
    text = _text(ctx.params["function"])
    return text if json.loads(text) == function else json.dumps(function)


def _resolve_names(ctx: Context, part: Any) -> Any:
    """Return a function, or a part of it, with ids in place of the names of queues and agents in its conditions."""
    if isinstance(part, list):
        return [_resolve_names(ctx, item) for item in part]
    if not isinstance(part, dict):
        return part
    path = _REFERENCE_PATH.fullmatch(str(part.get("ComparisonValue")))
    if path and isinstance(part.get("Operands"), list):
        kind = _REFERENCE_KINDS[path.group(1)]
        return {**part, "Operands": [ctx.resolver.id(kind, str(value)) for value in part["Operands"]]}
    return {name: _resolve_names(ctx, value) for name, value in part.items()}


# Actions


def _check_action(label: str, action: Model) -> None:
    kind = action["type"]
    _member, needed, further = _ACTIONS[kind]
    given = {name for name, value in action.items() if value is not None and name != "type"}
    if missing := [name for name in needed if name not in given]:
        raise ConnectError(f"Failed to read the actions of {label}: {kind} needs {', '.join(missing)}")
    if unknown := sorted(given - {*needed, *further}):
        raise ConnectError(f"Failed to read the actions of {label}: {kind} does not take {', '.join(unknown)}")


def _check_source(label: str, source: str, actions: list[Model]) -> None:
    """Raise ConnectError when the event source does not go with the actions (connect-api 9)."""
    kinds = {action["type"] for action in actions}
    for sources, kind in ((_ANALYSIS_SOURCES, "ASSIGN_CONTACT_CATEGORY"), (_TICKET_SOURCES, "CREATE_TASK")):
        if source in sources and kind not in kinds:
            raise ConnectError(f"The actions of {label} lack {kind}: every rule with the source {source} needs it")
    if "GENERATE_EVENTBRIDGE_EVENT" in kinds and source not in _EVENT_SOURCES:
        raise ConnectError(
            f"The actions of {label} have GENERATE_EVENTBRIDGE_EVENT, which the source {source} does not allow. "
            f"Sources that do are {', '.join(_EVENT_SOURCES)}"
        )


def _given_action(ctx: Context, action: Model) -> Model:
    """Return an action of the options in the read model's form: with ids, in its order, without what was left out."""
    given = compact(action)
    if "contact_flow" in given:
        given["contact_flow"] = ctx.resolver.id("contact_flow", given["contact_flow"])
    for name in ("recipient", "exclusion"):
        if users := given.get(name, {}).get("users"):
            # A path such as $.ContactLens.ContactEvaluation.Agent.AgentId is filled in by the service
            ids = [user if user.startswith("$.") else ctx.resolver.id("user", user) for user in users]
            given[name] = {**given[name], "users": ids}
    # There and back, so that order and types make no difference
    return _from_api(_to_api(given))


def _in_order(actions: list[Model]) -> list[str]:
    return sorted(json.dumps(action, sort_keys=True) for action in actions)


def _to_api(action: Model) -> dict[str, Any]:
    kind = action["type"]
    member = _ACTIONS[kind][0]
    body = {
        _MEMBERS[name]: _TO_API[name](value) if name in _TO_API else value
        for name, value in action.items()
        if name != "type"
    }
    return {"ActionType": kind, member: {**_CONSTANTS.get(kind, {}), **body}}


def _from_api(action: Mapping[str, Any]) -> Model:
    kind = action["ActionType"]
    if kind not in _ACTIONS:
        return {"type": kind, **{name: value for name, value in action.items() if name != "ActionType"}}
    member, needed, further = _ACTIONS[kind]
    body = action.get(member, {})
    model = {}
    for name in (*needed, *further):
        value = body.get(_MEMBERS[name])
        if value not in (None, "", {}, []):
            model[name] = _FROM_API[name](value) if name in _FROM_API else value
    return {"type": kind, **compact(model)}


def _people_to_api(people: Model) -> dict[str, Any]:
    tags = {key: str(value) for key, value in (people.get("user_tags") or {}).items()}
    return compact({"UserIds": people.get("users") or None, "UserTags": tags})


def _people_from_api(people: Mapping[str, Any]) -> Model:
    return compact({"users": sorted(people.get("UserIds") or []) or None, "user_tags": people.get("UserTags")})


def _value_to_api(value: Any) -> dict[str, Any]:
    if value is None:
        return {"EmptyValue": {}}
    if isinstance(value, bool):
        return {"BooleanValue": value}
    if isinstance(value, int | float):
        return {"DoubleValue": float(value)}
    return {"StringValue": str(value)}


def _value_from_api(value: Mapping[str, Any]) -> Any:
    return None if "EmptyValue" in value else next(iter(value.values()), None)


def _fields_to_api(fields: list[Model]) -> list[dict[str, Any]]:
    return [{"Id": field["id"], "Value": _value_to_api(field.get("value"))} for field in fields]


def _fields_from_api(fields: list[Mapping[str, Any]]) -> list[Model]:
    found = [{"id": field["Id"], "value": _value_from_api(field["Value"])} for field in fields]
    return sorted(found, key=lambda field: field["id"])


def _sla_to_api(sla: Model) -> dict[str, Any]:
    values = sla.get("target_field_values")
    return compact(
        {
            "Name": sla["name"],
            "Type": "CaseField",
            "FieldId": sla.get("field_id"),
            "TargetFieldValues": None if values is None else [_value_to_api(value) for value in values],
            "TargetSlaMinutes": sla["target_minutes"],
        }
    )


def _sla_from_api(sla: Mapping[str, Any]) -> Model:
    values = sla.get("TargetFieldValues")
    return compact(
        {
            "name": sla["Name"],
            "field_id": sla.get("FieldId"),
            "target_field_values": [_value_from_api(value) for value in values] if values else None,
            "target_minutes": sla["TargetSlaMinutes"],
        }
    )


def _references_to_api(references: Mapping[str, Model]) -> dict[str, Any]:
    return {name: {"Type": ref["type"], "Value": str(ref.get("value", ""))} for name, ref in references.items()}


def _references_from_api(references: Mapping[str, Mapping[str, Any]]) -> Model:
    return {name: {"type": ref["Type"], "value": ref.get("Value", "")} for name, ref in references.items()}


_TO_API: dict[str, Callable[[Any], Any]] = {
    "case_sla": _sla_to_api,
    "exclusion": _people_to_api,
    "extraction_definitions": lambda ids: [{"Identifier": id} for id in ids],
    "fields": _fields_to_api,
    "recipient": _people_to_api,
    "references": _references_to_api,
}
_FROM_API: dict[str, Callable[[Any], Any]] = {
    "case_sla": _sla_from_api,
    "contact_flow": lambda flow: id_of(flow) or flow,
    "exclusion": _people_from_api,
    "extraction_definitions": lambda items: sorted(item["Identifier"] for item in items),
    "fields": _fields_from_api,
    "recipient": _people_from_api,
    "references": _references_from_api,
}
