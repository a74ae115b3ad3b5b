# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contact flows: drafts, publishing, default flows (connect-api 6.1, defaults of 1.5)."""

from __future__ import annotations

import hashlib
from typing import Any

from .. import objects
from ..errors import ConnectError
from ..flow_language import default_flows
from ..flow_language.validator import find_problems
from ..registry import on_instance_created
from ..registry import operation
from ..search import search
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "contact_flows"
QUOTA = 100
MAXIMUM_CONTENT = 256000
SAVED = "$SAVED"

_SUMMARY = {"ContactFlowType": "Type", "ContactFlowState": "State", "ContactFlowStatus": "Status"}
_SEARCH_FIELDS = {
    "name": lambda record: record.name,
    "description": lambda record: record.data.get("Description"),
}
_REFERENCE_KINDS = {
    "queue": "queues",
    "prompt": "prompts",
    "flow": KIND,
    "hours of operation": "hours_of_operations",
    "user": "users",
}


class InstanceReferences:
    """Looks up in an instance what a flow names by id or ARN."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def exists(self, kind: str, identifier: str) -> bool:
        """``kind`` as the validator says it. A function's version or alias goes with its association (inferred)."""
        if kind == "Lambda function":
            store = self._instance.store("lambda_functions")
            return any(store.find(name) for name in (identifier, ":".join(identifier.split(":")[:7])))
        return any(
            identifier in (record.id, record.arn)
            for record in self._instance.store(_REFERENCE_KINDS[kind]).everything()
        )


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance its default flows, published."""
    arns = {name: context.new_id() for name in default_flows.TYPES}
    queue = instance.store("queues").find("BasicQueue")
    texts = default_flows.contents(
        queue=queue.arn if queue else "",
        prompts={record.name: record.arn for record in instance.store("prompts").everything()},
        flows={name: context.arn(instance, "contact-flow", identifier) for name, identifier in arns.items()},
    )
    for name, kind in default_flows.TYPES.items():
        # The descriptions are inferred.
        record = _new_record(context, instance, arns[name], {"Name": name, "Type": kind, "Description": name})
        record.data["_default"] = True
        _save(record, texts[name])
        _publish(record, texts[name])
        instance.store(KIND).create(record)


@operation("CreateContactFlow")
def create_contact_flow(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Store a flow; content is validated unless it is only saved."""
    instance = context.instance(request["InstanceId"])
    content = _check_size(context, request["Content"])
    objects.check_name(instance, KIND, request["Name"])
    if len(instance.store(KIND)) >= QUOTA:
        raise ConnectError("LimitExceededException", f"The instance has its {QUOTA} contact flows")
    published = request.get("Status", "PUBLISHED") == "PUBLISHED"
    if published:
        _validate(instance, content, request["Type"])
    data = objects.pick(request, "Name", "Type", "Description")
    record = _new_record(context, instance, context.new_id(), data)
    record.tags = dict(request.get("Tags") or {})
    _save(record, content)
    if published:
        _publish(record, content)
    instance.store(KIND).create(record)
    # A draft has no hash: it is of the published content.
    return {
        "ContactFlowId": record.id,
        "ContactFlowArn": record.arn,
        "FlowContentSha256": record.data.get("FlowContentSha256"),
    }


@operation("DescribeContactFlow")
def describe_contact_flow(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show the published version, or with ``:$SAVED`` the draft."""
    instance = context.instance(request["InstanceId"])
    record, suffix = _get(instance, request["ContactFlowId"])
    if suffix == SAVED:
        content = record.data["_saved"]
        status = "PUBLISHED" if content == record.data.get("_published") else "SAVED"
    else:
        content, status = record.data.get("_published"), "PUBLISHED"
        if content is None:
            raise ConnectError("ContactFlowNotPublishedException", f"Contact flow {record.id} has not been published.")
    return {"ContactFlow": {**objects.read(record), "Status": status, "Content": content}}


@operation("ListContactFlows")
def list_contact_flows(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List flows, without content."""
    instance = context.instance(request["InstanceId"])
    wanted = request.get("ContactFlowTypes") or []
    records = [record for record in instance.store(KIND).all() if not wanted or record.data["Type"] in wanted]
    page, token = context.page(records, request)
    return {"ContactFlowSummaryList": [_summarize(record) for record in page], "NextToken": token}


@operation("SearchContactFlows")
def search_contact_flows(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Find flows by name, description, type, state, status and tags; they come without content (inferred)."""
    instance = context.instance(request["InstanceId"])
    criteria = request.get("SearchCriteria") or {}
    chosen = request.get("SearchFilter") or {}
    found = [
        record
        for record in search(instance.store(KIND).all(), {"SearchFilter": chosen}, _SEARCH_FIELDS)
        if _fits(criteria, record) and _attributes_fit(chosen.get("FlowAttributeFilter") or {}, record)
    ]
    page, token = context.page(found, request)
    return {
        "ContactFlows": [objects.read(record) for record in page],
        "NextToken": token,
        "ApproximateTotalCount": len(found),
    }


@operation("UpdateContactFlowContent")
def update_contact_flow_content(context: Context, request: dict[str, Any]) -> None:
    """Validate and publish; with ``:$SAVED`` write the draft only (partly inferred)."""
    instance = context.instance(request["InstanceId"])
    record, suffix = _get(instance, request["ContactFlowId"])
    content = _check_size(context, request["Content"])
    if suffix is None:
        _validate(instance, content, record.data["Type"])
        _publish(record, content)
    elif suffix != SAVED:
        raise context.invalid("A version of a contact flow cannot be changed.")
    _save(record, content)
    context.touch(record)


@operation("UpdateContactFlowMetadata")
def update_contact_flow_metadata(context: Context, request: dict[str, Any]) -> None:
    """Change name, description and state; what is left out stays."""
    instance = context.instance(request["InstanceId"])
    record, _suffix = _get(instance, request["ContactFlowId"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")
    if "ContactFlowState" in request:
        record.data["State"] = request["ContactFlowState"]


@operation("UpdateContactFlowName")
def update_contact_flow_name(context: Context, request: dict[str, Any]) -> None:
    """Change name and description; what is left out stays."""
    instance = context.instance(request["InstanceId"])
    record, _suffix = _get(instance, request["ContactFlowId"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")


@operation("DeleteContactFlow")
def delete_contact_flow(context: Context, request: dict[str, Any]) -> None:
    """Remove a flow; default flows are refused, links from numbers go with it (both inferred)."""
    instance = context.instance(request["InstanceId"])
    record, _suffix = _get(instance, request["ContactFlowId"])
    if record.data.get("_default"):
        raise ConnectError("InvalidRequestException", f"The default contact flow {record.name} cannot be deleted.")
    instance.store(KIND).delete(record.id)
    for number in context.region_state.phone_numbers.everything():
        if number.data.get("_flow") == record.arn:
            number.data["_flow"] = None


def _new_record(context: Context, instance: Instance, identifier: str, data: dict[str, Any]) -> Record:
    record = Record(
        id=identifier,
        arn=context.arn(instance, "contact-flow", identifier),
        name=data["Name"],
        data={**data, "State": "ACTIVE", "Status": "SAVED"},
    )
    context.touch(record)
    return record


def _save(record: Record, content: str) -> None:
    record.data["_saved"] = content


def _publish(record: Record, content: str) -> None:
    record.data["_published"] = content
    record.data["Status"] = "PUBLISHED"
    # How the service forms its hash is not documented (inferred).
    record.data["FlowContentSha256"] = hashlib.sha256(content.encode()).hexdigest()


def _check_size(context: Context, content: str) -> str:
    if not 1 <= len(content) <= MAXIMUM_CONTENT:
        raise context.invalid(f"Content has 1 to {MAXIMUM_CONTENT} characters")
    return content


def _validate(instance: Instance, content: str, flow_type: str) -> None:
    problems = find_problems(content, flow_type, InstanceReferences(instance))
    if problems:
        raise ConnectError("InvalidContactFlowException", problems=[{"message": problem} for problem in problems])


def _get(instance: Instance, reference: str) -> tuple[Record, str | None]:
    """Return the flow and what follows its id or ARN after a colon: $SAVED, a version or nothing."""
    head, slash, tail = reference.rpartition("/")
    identifier, _unused, suffix = tail.partition(":")
    record = instance.store(KIND).get(head + slash + identifier)
    if suffix not in ("", SAVED):
        # Versions can be made of campaign flows only, which the emulator does not do.
        raise ConnectError("ResourceNotFoundException", f"Contact flow {identifier} has no version {suffix}.")
    return record, suffix or None


def _summarize(record: Record) -> dict[str, Any]:
    named = {member: record.data[name] for member, name in _SUMMARY.items()}
    return {"Id": record.id, "Arn": record.arn, "Name": record.name, **named}


def _fits(criteria: dict[str, Any], record: Record) -> bool:
    simple = {"TypeCondition": "Type", "StateCondition": "State", "StatusCondition": "Status"}
    parts = [record.data[name] == criteria[member] for member, name in simple.items() if criteria.get(member)]
    if criteria.get("StringCondition"):
        text = {"SearchCriteria": {"StringCondition": criteria["StringCondition"]}}
        parts.append(bool(search([record], text, _SEARCH_FIELDS)))
    if criteria.get("OrConditions"):
        parts.append(any(_fits(part, record) for part in criteria["OrConditions"]))
    if criteria.get("AndConditions"):
        parts.append(all(_fits(part, record) for part in criteria["AndConditions"]))
    return all(parts)


def _attributes_fit(chosen: dict[str, Any], record: Record) -> bool:
    def part_fits(part: dict[str, Any]) -> bool:
        wanted = (part.get("ContactFlowTypeCondition") or {}).get("ContactFlowType")
        tags = list(part.get("TagConditions") or [])
        if part.get("TagCondition"):
            tags.append(part["TagCondition"])
        fitting = (record.tags.get(tag.get("TagKey")) == tag.get("TagValue") for tag in tags)
        return wanted in (None, record.data["Type"]) and all(fitting)

    alternatives = chosen.get("OrConditions") or []
    return (
        part_fits(chosen)
        and part_fits(chosen.get("AndCondition") or {})
        and (not alternatives or any(part_fits(part) for part in alternatives))
    )
