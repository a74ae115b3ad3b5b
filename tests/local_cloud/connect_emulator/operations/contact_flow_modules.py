# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flow modules: flows that other flows invoke. What is not said otherwise here is as with flows (connect-api 0.2, 13).

Versions and aliases are not emulated. All behaviour that the notes do not state is inferred.
"""

from __future__ import annotations

import json
from typing import Any

from .. import flow_documents
from .. import objects
from ..errors import ConnectError
from ..flow_language.actions import MODULE
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "contact_flow_modules"
_SHOWN = ("Name", "Description", "State", "FlowModuleContentSha256", "ExternalInvocationConfiguration")


@operation("CreateContactFlowModule")
def create_contact_flow_module(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Store a module and publish it at once: the operation has no status, and Describe no error for a mere draft."""
    instance = context.instance(request["InstanceId"])
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    settings = _settings(context, request)
    _validate(instance, request["Content"])
    data = {**objects.pick(request, "Name", "Description", "ExternalInvocationConfiguration"), "State": "ACTIVE"}
    record = objects.create(context, instance, KIND, "flow-module", request["Name"], data, request.get("Tags"))
    record.data["_saved_settings"] = settings
    flow_documents.save(record, request["Content"])
    _publish(record)
    return {"Id": record.id, "Arn": record.arn}


@operation("DescribeContactFlowModule")
def describe_contact_flow_module(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show the published content, or with ``:$SAVED`` the draft."""
    instance = context.instance(request["InstanceId"])
    record, suffix = flow_documents.get(instance, KIND, request["ContactFlowModuleId"])
    content, status = flow_documents.read(record, suffix)
    settings = record.data["_saved_settings" if suffix else "_published_settings"]
    return {"ContactFlowModule": {**_show(record), "Status": status, "Content": content, "Settings": settings}}


@operation("ListContactFlowModules")
def list_contact_flow_modules(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List modules, of one state when it is given, without content."""
    wanted = request.get("ContactFlowModuleState")
    records = context.instance(request["InstanceId"]).store(KIND).all()
    page, token = context.page([item for item in records if wanted in (None, item.data["State"])], request)
    return {"ContactFlowModulesSummaryList": [_summarize(record) for record in page], "NextToken": token}


@operation("SearchContactFlowModules")
def search_contact_flow_modules(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Find modules by name, description, state, status and tags; they come without content."""
    return objects.find(
        context,
        context.instance(request["InstanceId"]),
        KIND,
        request,
        "ContactFlowModules",
        lambda record: {**_show(record), "Status": record.data["Status"]},
        flow_documents.SEARCHED,
        flow_documents.SEARCH_CONDITIONS,
    )


@operation("UpdateContactFlowModuleContent")
def update_contact_flow_module_content(context: Context, request: dict[str, Any]) -> None:
    """Validate and publish; with ``:$SAVED`` write the draft only. What is left out stays."""
    instance = context.instance(request["InstanceId"])
    record, suffix = flow_documents.get(instance, KIND, request["ContactFlowModuleId"])
    content = request.get("Content", record.data["_saved"])
    settings = _settings(context, request) or record.data["_saved_settings"]
    if suffix is None:
        _validate(instance, content)
    flow_documents.save(record, content)
    record.data["_saved_settings"] = settings
    if suffix is None:
        _publish(record)
    context.touch(record)


@operation("UpdateContactFlowModuleMetadata")
def update_contact_flow_module_metadata(context: Context, request: dict[str, Any]) -> None:
    """Change name, description and state; what is left out stays."""
    instance = context.instance(request["InstanceId"])
    record = flow_documents.get_whole(instance, KIND, request["ContactFlowModuleId"])
    objects.rename(context, instance, KIND, record, request, "DuplicateResourceException")
    if "State" in request:
        record.data["State"] = request["State"]


@operation("DeleteContactFlowModule")
def delete_contact_flow_module(context: Context, request: dict[str, Any]) -> None:
    """Remove a module, also one that a flow names: the operation has no error for that."""
    instance = context.instance(request["InstanceId"])
    record = flow_documents.get_whole(instance, KIND, request["ContactFlowModuleId"])
    instance.store(KIND).delete(record.id)


def _validate(instance: Instance, content: str) -> None:
    if problems := flow_documents.problems_of(instance, content, MODULE):
        raise ConnectError("InvalidContactFlowModuleException", Problems=problems)


def _settings(context: Context, request: dict[str, Any]) -> str | None:
    settings = request.get("Settings")
    try:
        if settings is None or isinstance(json.loads(settings), dict):
            return settings
    except ValueError:
        pass
    raise context.invalid("Settings is not a JSON object.")


def _publish(record: Record) -> None:
    record.data["FlowModuleContentSha256"] = flow_documents.publish(record, record.data["_saved"])
    record.data["_published_settings"] = record.data["_saved_settings"]


def _show(record: Record) -> dict[str, Any]:
    return {"Id": record.id, "Arn": record.arn, **objects.pick(record.data, *_SHOWN), "Tags": dict(record.tags)}


def _summarize(record: Record) -> dict[str, Any]:
    return {"Id": record.id, "Arn": record.arn, "Name": record.name, "State": record.data["State"]}
