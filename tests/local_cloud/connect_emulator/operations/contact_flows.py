# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contact flows: drafts, publishing, default flows (connect-api 6.1, defaults of 1.5)."""

from __future__ import annotations

from typing import Any

from .. import flow_documents
from .. import objects
from ..errors import ConnectError
from ..flow_language import default_flows
from ..registry import on_instance_created
from ..registry import operation
from ..search import Leaf
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "contact_flows"
MAXIMUM_CONTENT = 256000

_SUMMARY = {"ContactFlowType": "Type", "ContactFlowState": "State", "ContactFlowStatus": "Status"}
_OF_TYPE = Leaf(
    check=lambda condition: None,
    fits=lambda record, condition: condition.get("ContactFlowType") in (None, record.data["Type"]),
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
        flow_documents.save(record, texts[name])
        _publish(record, texts[name])
        instance.store(KIND).create(record)


@operation("CreateContactFlow")
def create_contact_flow(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Store a flow; content is validated unless it is only saved."""
    instance = context.instance(request["InstanceId"])
    content = _check_size(context, request["Content"])
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    published = request.get("Status", "PUBLISHED") == "PUBLISHED"
    if published:
        _validate(instance, content, request["Type"])
    data = objects.pick(request, "Name", "Type", "Description")
    record = _new_record(context, instance, context.new_id(), data)
    record.tags = dict(request.get("Tags") or {})
    flow_documents.save(record, content)
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
    record, suffix = flow_documents.get(instance, KIND, request["ContactFlowId"])
    content, status = flow_documents.read(record, suffix)
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
    return objects.find(
        context,
        context.instance(request["InstanceId"]),
        KIND,
        request,
        "ContactFlows",
        objects.read,
        flow_documents.SEARCHED,
        {"TypeCondition": "Type", **flow_documents.SEARCH_CONDITIONS},
        leaves={"ContactFlowTypeCondition": _OF_TYPE},
    )


@operation("UpdateContactFlowContent")
def update_contact_flow_content(context: Context, request: dict[str, Any]) -> None:
    """Validate and publish; with ``:$SAVED`` write the draft only (partly inferred)."""
    instance = context.instance(request["InstanceId"])
    record, suffix = flow_documents.get(instance, KIND, request["ContactFlowId"])
    content = _check_size(context, request["Content"])
    if suffix is None:
        _validate(instance, content, record.data["Type"])
        _publish(record, content)
    flow_documents.save(record, content)
    context.touch(record)


@operation("UpdateContactFlowMetadata")
def update_contact_flow_metadata(context: Context, request: dict[str, Any]) -> None:
    """Change name, description and state; what is left out stays."""
    instance = context.instance(request["InstanceId"])
    record = flow_documents.get_whole(instance, KIND, request["ContactFlowId"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")
    if "ContactFlowState" in request:
        record.data["State"] = request["ContactFlowState"]


@operation("UpdateContactFlowName")
def update_contact_flow_name(context: Context, request: dict[str, Any]) -> None:
    """Change name and description; what is left out stays."""
    instance = context.instance(request["InstanceId"])
    record = flow_documents.get_whole(instance, KIND, request["ContactFlowId"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")


@operation("DeleteContactFlow")
def delete_contact_flow(context: Context, request: dict[str, Any]) -> None:
    """Remove a flow; default flows are refused, links from numbers go with it (both inferred)."""
    instance = context.instance(request["InstanceId"])
    record = flow_documents.get_whole(instance, KIND, request["ContactFlowId"])
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


def _publish(record: Record, content: str) -> None:
    record.data["FlowContentSha256"] = flow_documents.publish(record, content)


def _check_size(context: Context, content: str) -> str:
    if not 1 <= len(content) <= MAXIMUM_CONTENT:
        raise context.invalid(f"Content has 1 to {MAXIMUM_CONTENT} characters")
    return content


def _validate(instance: Instance, content: str, flow_type: str) -> None:
    if problems := flow_documents.problems_of(instance, content, flow_type):
        raise ConnectError("InvalidContactFlowException", problems=problems)


def _summarize(record: Record) -> dict[str, Any]:
    named = {member: record.data[name] for member, name in _SUMMARY.items()}
    return {"Id": record.id, "Arn": record.arn, "Name": record.name, **named}
