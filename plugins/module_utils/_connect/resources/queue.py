# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a queue. Private to this collection."""

from __future__ import annotations

from ..api import compact
from ..api import normalise
from ..api import to_request
from ..resolve import id_of
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_QUICK_CONNECTS_PER_REQUEST = 50


class Queue(Resource):
    kind = "queue"
    return_key = "queue"
    plural_key = "queues"
    required_to_create = ("hours_of_operation",)
    never_empty = ("name", "description", "hours_of_operation")

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_queue", QueueId=id)
        if answer is None:
            return None
        model = _model(answer["Queue"])
        if ctx.params.get("quick_connects") is not None:
            items = ctx.parts("list_queue_quick_connects", QueueId=id)
            model["quick_connect_ids"] = sorted(item["Id"] for item in items)
        return model

    def read_all(self, ctx: Context) -> list[Model]:
        # One request per 500 queues instead of one per queue
        return [_model(item) for item in ctx.pages("search_queues")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = {
            **ctx.given("name", "description", "status", "max_contacts"),
            **ctx.references(hours_of_operation_id=("hours_of_operation", "hours_of_operation")),
            "outbound_caller_config": {
                **ctx.given(outbound_caller_id_name="outbound_caller_id_name"),
                **ctx.references(
                    outbound_caller_id_number_id=("phone_number", "outbound_caller_id_number"),
                    outbound_flow_id=("contact_flow", "outbound_flow"),
                ),
            },
        }
        quick_connects = ctx.resolve_all("quick_connect", "quick_connects")
        if quick_connects is not None:
            kept = [] if ctx.params["purge_quick_connects"] or not current else current["quick_connect_ids"]
            desired["quick_connect_ids"] = sorted({*quick_connects, *kept})
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {"status": "ENABLED"}

    def create(self, ctx: Context, target: Model) -> str:
        answer = ctx.create(
            "create_queue",
            **compact(
                {
                    "Name": target["name"],
                    "Description": target.get("description"),
                    "HoursOfOperationId": target["hours_of_operation_id"],
                    "MaxContacts": target.get("max_contacts"),
                    "OutboundCallerConfig": to_request(target.get("outbound_caller_config", {})),
                    "QuickConnectIds": target.get("quick_connect_ids", [])[:_QUICK_CONNECTS_PER_REQUEST] or None,
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["QueueId"]

    @updates("name", "description")
    def update_name(self, ctx: Context, current: Model, target: Model) -> None:
        names = compact({"Name": target["name"], "Description": target.get("description")})
        ctx.write("update_queue_name", QueueId=current["id"], **names)

    @updates("hours_of_operation_id")
    def update_hours_of_operation(self, ctx: Context, current: Model, target: Model) -> None:
        hours = target["hours_of_operation_id"]
        ctx.write("update_queue_hours_of_operation", QueueId=current["id"], HoursOfOperationId=hours)

    @updates("max_contacts")
    def update_max_contacts(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write("update_queue_max_contacts", QueueId=current["id"], MaxContacts=target["max_contacts"])

    @updates("outbound_caller_config")
    def update_outbound_caller_config(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole: a member that is left out is cleared (connect-api 8)
        config = to_request(target["outbound_caller_config"])
        ctx.write("update_queue_outbound_caller_config", QueueId=current["id"], OutboundCallerConfig=config)

    @updates("quick_connect_ids")
    def update_quick_connects(self, ctx: Context, current: Model, target: Model) -> None:
        before, after = set(current["quick_connect_ids"]), set(target["quick_connect_ids"])
        for operation, ids in (
            ("associate_queue_quick_connects", sorted(after - before)),
            ("disassociate_queue_quick_connects", sorted(before - after)),
        ):
            for start in range(0, len(ids), _QUICK_CONNECTS_PER_REQUEST):
                chunk = ids[start : start + _QUICK_CONNECTS_PER_REQUEST]
                ctx.write(operation, QueueId=current["id"], QuickConnectIds=chunk)

    @updates("status")
    def update_status(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write("update_queue_status", QueueId=current["id"], Status=target["status"])

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_queue", QueueId=current["id"])


def _model(queue: Model) -> Model:
    model = normalise(queue, id_key="QueueId", arn_key="QueueArn")
    config = model.get("outbound_caller_config", {})
    # The number may be given, and so come back, as an ARN (connect-api 8)
    for name in ("outbound_caller_id_number_id", "outbound_flow_id"):
        if config.get(name):
            config[name] = id_of(config[name]) or config[name]
    return model
