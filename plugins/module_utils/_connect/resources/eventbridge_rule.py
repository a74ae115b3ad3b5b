# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of an EventBridge rule with its targets. Private to this collection.

amazon.aws.cloudwatchevent_rule has no check mode, no tags, no retry policy and no dead-letter queue of a target.
"""

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

_TARGET_MEMBERS = {
    "id": ("Id",),
    "arn": ("Arn",),
    "role_arn": ("RoleArn",),
    "input": ("Input",),
    "dead_letter_arn": ("DeadLetterConfig", "Arn"),
    "maximum_retry_attempts": ("RetryPolicy", "MaximumRetryAttempts"),
    "maximum_event_age": ("RetryPolicy", "MaximumEventAgeInSeconds"),
}
_MEMBERS = ("Name", "Arn", "Description", "ScheduleExpression", "State")
_INPUTS = ("Input", "InputPath", "InputTransformer")
_UNKNOWN = ("RoleArn",)


class EventBridgeRule(Resource):
    kind = "eventbridge_rule"
    return_key = "rule"
    plural_key = "rules"
    service = "events"
    needs_instance = False
    whole = ("event_pattern",)

    def find(self, ctx: Context) -> str | None:
        return ctx.params["name"]

    def require_options(self, ctx: Context) -> None:
        if not ctx.params.get("event_pattern") and not ctx.params.get("schedule_expression"):
            raise ConnectError(
                f"Failed to create {self.label(ctx)}: it does not exist yet, "
                "so give event_pattern or schedule_expression"
            )

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_rule", Name=id)
        if answer is None:
            return None
        model = normalise({name: answer.get(name) for name in _MEMBERS})
        model["event_pattern"] = json.loads(answer.get("EventPattern") or "{}")
        model["id"] = model["name"]
        model["targets"] = [_target(item) for item in ctx.parts("list_targets_by_rule", Rule=id)]
        tags = ctx.read("list_tags_for_resource", ResourceARN=answer["Arn"])["Tags"]
        model["tags"] = {tag["Key"]: tag["Value"] for tag in tags}
        return model

    def ids(self, ctx: Context) -> list[str]:
        return [item["Name"] for item in ctx.pages("list_rules")]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "description", "event_pattern", "schedule_expression")
        if ctx.params.get("enabled") is not None:
            desired["state"] = "ENABLED" if ctx.params["enabled"] else "DISABLED"
        if ctx.params.get("targets") is not None:
            desired["targets"] = _merge_targets(
                current["targets"] if current else [], ctx.params["targets"], purge=ctx.params["purge_targets"]
            )
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {"state": "ENABLED", "event_pattern": {}}

    def create(self, ctx: Context, target: Model) -> str:
        tags = [{"Key": key, "Value": value} for key, value in target["tags"].items()]
        ctx.create("put_rule", **_rule_request(target), **({"Tags": tags} if tags else {}))
        return target["name"]

    @updates("description", "event_pattern", "schedule_expression", "state")
    def update_rule(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole: PutRule clears what is left out, what this module does not know included
        answer = ctx.read("describe_rule", Name=current["id"])
        unknown = {name: answer[name] for name in _UNKNOWN if answer.get(name)}
        ctx.write("put_rule", **unknown, **_rule_request(target))

    @updates("targets")
    def update_targets(self, ctx: Context, current: Model, target: Model) -> None:
        kept = {item["id"] for item in target["targets"]}
        removed = [item["id"] for item in current["targets"] if item["id"] not in kept]
        if removed:
            self._remove_targets(ctx, removed)
        changed = [item for item in target["targets"] if item not in current["targets"]]
        if changed:
            # Sent whole: what this module does not know, such as an input transformer, is kept as it is
            present = {item["Id"]: item for item in ctx.parts("list_targets_by_rule", Rule=target["name"])}
            targets = [_laid_over(present.get(item["id"], {}), _target_request(item)) for item in changed]
            self._refuse_failed_entries(ctx, "put", ctx.write("put_targets", Rule=target["name"], Targets=targets))

    def apply_tags(self, ctx: Context, current: Model, to_set: Mapping[str, str], to_remove: list[str]) -> None:
        if to_remove:
            ctx.write("untag_resource", ResourceARN=current["arn"], TagKeys=sorted(to_remove))
        if to_set:
            tags = [{"Key": key, "Value": value} for key, value in to_set.items()]
            ctx.write("tag_resource", ResourceARN=current["arn"], Tags=tags)

    def delete(self, ctx: Context, current: Model) -> None:
        ids = [item["id"] for item in current["targets"]]
        if ids:
            self._remove_targets(ctx, ids)
        ctx.delete("delete_rule", Name=current["name"])

    def _remove_targets(self, ctx: Context, ids: list[str]) -> None:
        self._refuse_failed_entries(ctx, "remove", ctx.write("remove_targets", Rule=ctx.params["name"], Ids=ids))

    def _refuse_failed_entries(self, ctx: Context, verb: str, answer: Mapping[str, Any]) -> None:
        """Raise ConnectError for targets that were refused: the request as a whole succeeds all the same."""
        reasons = [
            f"'{entry.get('TargetId')}': {entry.get('ErrorMessage', '').rstrip('.')} ({entry.get('ErrorCode')})"
            for entry in answer.get("FailedEntries", [])
        ]
        if reasons:
            raise ConnectError(f"Failed to {verb} targets of {self.label(ctx)}: {'; '.join(reasons)}")


def _rule_request(model: Model) -> dict[str, Any]:
    return compact(
        {
            "Name": model["name"],
            "Description": model.get("description"),
            # A rule with a schedule may have none
            "EventPattern": json.dumps(model["event_pattern"], sort_keys=True) if model["event_pattern"] else None,
            "ScheduleExpression": model.get("schedule_expression"),
            "State": model["state"],
        }
    )


def _target(item: Mapping[str, Any]) -> Model:
    """Flatten a target of the API."""
    model = {}
    for name, path in _TARGET_MEMBERS.items():
        value: Any = item
        for member in path:
            value = (value or {}).get(member)
        if value is not None:
            model[name] = value
    return model


def _target_request(model: Model) -> dict[str, Any]:
    request: dict[str, Any] = {}
    for name, path in _TARGET_MEMBERS.items():
        if model.get(name) is not None:
            owner = request
            for member in path[:-1]:
                owner = owner.setdefault(member, {})
            owner[path[-1]] = model[name]
    return request


def _laid_over(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the target as it is with the wanted members. It takes one kind of input, so another kind goes."""
    dropped = _INPUTS if any(name in wanted for name in _INPUTS) else ()
    return {**{name: value for name, value in present.items() if name not in dropped}, **wanted}


def _merge_targets(current: list[Model], wanted: list[Model], *, purge: bool) -> list[Model]:
    """Return the targets to reach, in a stable order.

    A wanted target without an id is the present one with the same ARN, whatever id somebody gave it: a second target
    with this ARN would call it twice for each event.
    """
    by_id = {item["id"]: item for item in current}
    by_arn = {item["arn"]: item for item in current}
    reached = {}
    for item in wanted:
        present = by_id.get(item["id"]) if item.get("id") else by_arn.get(item["arn"])
        id = item.get("id") or (present or {}).get("id") or item["arn"].rpartition(":")[2][-64:]
        reached[id] = {**(present or {}), **compact(item), "id": id}
    kept = {} if purge else {id: item for id, item in by_id.items() if id not in reached}
    order = [*by_id, *(id for id in reached if id not in by_id)]
    return [{**kept, **reached}[id] for id in order if id in kept or id in reached]
