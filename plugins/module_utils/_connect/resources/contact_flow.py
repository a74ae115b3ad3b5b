# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a contact flow. Private to this collection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..api import compact
from ..api import normalise
from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_NOT_PUBLISHED = "ContactFlowNotPublishedException"
_BROKEN = "InternalServiceException"
_DRAFT = "$SAVED"
_METADATA = "Metadata"


class ContactFlow(Resource):
    """A flow is seen as its published version, or as its draft when the draft is asked for or is all there is."""

    kind = "contact_flow"
    return_key = "contact_flow"
    plural_key = "contact_flows"
    immutable = ("type",)
    whole = ("content",)
    volatile = (*Resource.volatile, "flow_content_sha256", "version")

    def check_options(self, ctx: Context) -> None:
        text = _given_text(ctx)
        if text is not None and not isinstance(_parse(text), dict):
            source = f"the file {ctx.params['path']}" if ctx.params.get("path") else "content"
            raise ConnectError(f"Failed to parse {self.label(ctx)}: {source} is not a JSON object{_json_fault(text)}")

    def require_options(self, ctx: Context) -> None:
        if _given_text(ctx) is None:
            raise ConnectError(f"Failed to create {self.label(ctx)}: it does not exist yet, so give content or path")

    def read(self, ctx: Context, id: str) -> Model | None:
        wants_draft = ctx.params.get("status") == "SAVED"
        published = draft = None
        try:
            if not wants_draft:
                published = ctx.describe("describe_contact_flow", missing=(_NOT_PUBLISHED,), ContactFlowId=id)
            if published is None:
                draft = ctx.describe("describe_contact_flow", ContactFlowId=f"{id}:{_DRAFT}")
        except ConnectError as error:
            if error.kwargs.get("error_code") != _BROKEN:
                raise
            if ctx.params.get("state") == "absent":
                return {"id": id, "name": ctx.params["name"]}
            # A damaged flow answers so for ever (connect-api 13)
            raise ConnectError(f"{error.message}. If this stays so, delete the flow and make it again") from error
        if published is not None:
            return {**_model(published["ContactFlow"], id), "status": "PUBLISHED"}
        if draft is None:
            return None
        model = _model(draft["ContactFlow"], id)
        return model if wants_draft else {**model, "status": "SAVED"}

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "type", "description", "contact_flow_state", "status")
        text = _given_text(ctx)
        changed = text is not None and (current is None or not _same_content(current["content"], _parse(text)))
        if text is not None:
            desired["content"] = _parse(text)
        if changed:
            # What it will be is the service's secret (connect-api 6.1)
            desired["flow_content_sha256"] = None
        elif current is not None and desired.get("status") == "SAVED":
            # The draft is as it should be. A published version beside it does not matter and cannot be withdrawn
            del desired["status"]
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {"type": "CONTACT_FLOW", "status": "PUBLISHED", "contact_flow_state": "ACTIVE"}

    def same(self, field: str, current: Any, wanted: Any) -> bool:
        return _same_content(current, wanted) if field == "content" else current == wanted

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create(
            "create_contact_flow",
            **compact(
                {
                    "Name": target["name"],
                    "Type": target["type"],
                    "Description": target.get("description"),
                    "Content": _given_text(ctx),
                    "Status": target["status"],
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["ContactFlowId"]

    @updates("description", "contact_flow_state")
    def update_metadata(self, ctx: Context, current: Model, target: Model) -> None:
        wanted = {"Description": target.get("description") or "", "ContactFlowState": target["contact_flow_state"]}
        present = {"Description": current.get("description") or "", "ContactFlowState": current["contact_flow_state"]}
        changes = {name: value for name, value in wanted.items() if value != present[name]}
        ctx.write("update_contact_flow_metadata", ContactFlowId=current["id"], **changes)

    @updates("content", "status")
    def update_content(self, ctx: Context, current: Model, target: Model) -> None:
        # Without the suffix this publishes: there is no other operation for that (connect-api 6.1)
        draft = f"{current['id']}:{_DRAFT}"
        text = _given_text(ctx)
        if text is None:
            text = ctx.read("describe_contact_flow", ContactFlowId=draft)["ContactFlow"]["Content"]
        written = draft if target["status"] == "SAVED" else current["id"]
        ctx.write("update_contact_flow_content", ContactFlowId=written, Content=text)

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_contact_flow", ContactFlowId=current["id"])


def _model(flow: Mapping[str, Any], id: str) -> Model:
    model = normalise({name: value for name, value in flow.items() if name != "Content"})
    model["id"] = id
    model["contact_flow_state"] = model.pop("state", None)
    if not model.get("description"):
        model.pop("description", None)
    model["content"] = _parse(flow["Content"])
    return model


def _given_text(ctx: Context) -> str | None:
    """Return the content that the options give: a text or a file as it is, a dictionary as JSON."""
    if ctx.params.get("path") is not None:
        try:
            with open(ctx.params["path"], encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise ConnectError(f"Failed to read the contact flow's file {ctx.params['path']}: {error}") from error
    content = ctx.params.get("content")
    return content if content is None or isinstance(content, str) else json.dumps(content)


def _parse(text: str) -> Any:
    """Return the content as a dictionary. A draft need not be JSON (inferred): then it stays a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json_fault(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f": {error.msg} in line {error.lineno}, column {error.colno}"
    return ""


def _same_content(one: Any, other: Any) -> bool:
    """Compare without Metadata, which the console's editor adds: positions, display names (connect-api 6.1)."""
    return _without_metadata(one) == _without_metadata(other)


def _without_metadata(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {name: value for name, value in content.items() if name != _METADATA}
