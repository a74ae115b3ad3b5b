# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a routing profile (connect-api 8). Private to this collection."""

from __future__ import annotations

from typing import Any

from ..api import compact
from ..api import normalise
from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import still_there
from ..resource import updates

_PER_REQUEST = 10
_DEFAULT_BEHAVIOR = "ROUTE_CURRENT_CHANNEL_ONLY"
# Counters and derived lists are left out: they change by themselves
_FIELDS = (
    "id",
    "arn",
    "name",
    "description",
    "default_outbound_queue_id",
    "agent_availability_timer",
    "tags",
    "last_modified_time",
    "last_modified_region",
)


class RoutingProfile(Resource):
    kind = "routing_profile"
    return_key = "routing_profile"
    plural_key = "routing_profiles"
    required_to_create = ("description", "default_outbound_queue", "media_concurrencies")
    never_empty = ("name", "description", "default_outbound_queue")

    def check_options(self, ctx: Context) -> None:
        channels = [item["channel"] for item in ctx.params["media_concurrencies"] or []]
        twice = sorted({channel for channel in channels if channels.count(channel) > 1})
        if twice:
            raise ConnectError(f"Failed to set {self.label(ctx)}: media_concurrencies has {', '.join(twice)} twice")

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("describe_routing_profile", RoutingProfileId=id)
        if answer is None:
            return None
        return _model(answer["RoutingProfile"], self._queue_configs(ctx, id))

    def read_all(self, ctx: Context) -> list[Model]:
        return still_there(
            lambda profile: _model(profile, self._queue_configs(ctx, profile["RoutingProfileId"])),
            ctx.pages("search_routing_profiles"),
        )

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "description", "agent_availability_timer")
        if queue := ctx.resolve("queue", "default_outbound_queue"):
            desired["default_outbound_queue_id"] = queue
        if ctx.params["media_concurrencies"] is not None:
            present = current["media_concurrencies"] if current else []
            desired["media_concurrencies"] = _merge_concurrencies(present, ctx.params["media_concurrencies"])
        if ctx.params["queue_configs"] is not None:
            wanted = [
                {**item, "queue_id": ctx.resolver.id("queue", item["queue"])} for item in ctx.params["queue_configs"]
            ]
            self._refuse_pairs_given_twice(ctx, wanted)
            present = current["queue_configs"] if current else []
            desired["queue_configs"] = _merge_queues(present, wanted, purge=ctx.params["purge_queue_configs"])
        return desired

    def defaults(self, ctx: Context) -> Model:
        return {"agent_availability_timer": "TIME_SINCE_LAST_ACTIVITY"}

    def create(self, ctx: Context, target: Model) -> str:
        queues = [_queue_request(item) for item in target.get("queue_configs", [])[:_PER_REQUEST]]
        answer = ctx.create(
            "create_routing_profile",
            **compact(
                {
                    "Name": target["name"],
                    "Description": target["description"],
                    "DefaultOutboundQueueId": target["default_outbound_queue_id"],
                    "MediaConcurrencies": [_concurrency_request(item) for item in target["media_concurrencies"]],
                    "QueueConfigs": queues or None,
                    "AgentAvailabilityTimer": target["agent_availability_timer"],
                    "Tags": target["tags"],
                }
            ),
        )
        return answer["RoutingProfileId"]

    @updates("name", "description")
    def update_name(self, ctx: Context, current: Model, target: Model) -> None:
        names = compact({"Name": target["name"], "Description": target.get("description")})
        ctx.write("update_routing_profile_name", RoutingProfileId=current["id"], **names)

    @updates("default_outbound_queue_id")
    def update_default_outbound_queue(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write(
            "update_routing_profile_default_outbound_queue",
            RoutingProfileId=current["id"],
            DefaultOutboundQueueId=target["default_outbound_queue_id"],
        )

    # Queues go before the channel that they need, and come after it

    @updates("queue_configs")
    def remove_queues(self, ctx: Context, current: Model, target: Model) -> None:
        kept = {_pair(item) for item in target["queue_configs"]}
        references = [
            _queue_request(item)["QueueReference"] for item in current["queue_configs"] if _pair(item) not in kept
        ]
        for chunk in _chunks(references):
            ctx.write("disassociate_routing_profile_queues", RoutingProfileId=current["id"], QueueReferences=chunk)

    @updates("media_concurrencies")
    def update_concurrency(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole: what this module does not know, such as limits per type of work, is kept as it is
        profile = ctx.read("describe_routing_profile", RoutingProfileId=current["id"])["RoutingProfile"]
        present = {item["Channel"]: item for item in profile["MediaConcurrencies"]}
        concurrencies = [
            {**present.get(item["channel"], {}), **_concurrency_request(item)} for item in target["media_concurrencies"]
        ]
        ctx.write(
            "update_routing_profile_concurrency", RoutingProfileId=current["id"], MediaConcurrencies=concurrencies
        )

    @updates("queue_configs")
    def set_queues(self, ctx: Context, current: Model, target: Model) -> None:
        present = {_pair(item) for item in current["queue_configs"]}
        changed = [item for item in target["queue_configs"] if item not in current["queue_configs"]]
        for operation, items in (
            ("associate_routing_profile_queues", [item for item in changed if _pair(item) not in present]),
            ("update_routing_profile_queues", [item for item in changed if _pair(item) in present]),
        ):
            for chunk in _chunks([_queue_request(item) for item in items]):
                ctx.write(operation, RoutingProfileId=current["id"], QueueConfigs=chunk)

    @updates("agent_availability_timer")
    def update_agent_availability_timer(self, ctx: Context, current: Model, target: Model) -> None:
        ctx.write(
            "update_routing_profile_agent_availability_timer",
            RoutingProfileId=current["id"],
            AgentAvailabilityTimer=target["agent_availability_timer"],
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_routing_profile", RoutingProfileId=current["id"])

    def _queue_configs(self, ctx: Context, id: str) -> list[Any] | None:
        """Return the queues of a profile, None when nobody asks: it is a request of its own."""
        if ctx.params.get("queue_configs") is None and not ctx.is_info:
            return None
        return ctx.parts("list_routing_profile_queues", RoutingProfileId=id)

    def _refuse_pairs_given_twice(self, ctx: Context, wanted: list[Model]) -> None:
        pairs = [_pair(item) for item in wanted]
        for item in wanted:
            if pairs.count(_pair(item)) > 1:
                raise ConnectError(
                    f"Failed to set {self.label(ctx)}: queue_configs has queue '{item['queue']}' twice for "
                    f"{item['channel']}"
                )


def _model(profile: dict[str, Any], queue_configs: list[Any] | None) -> Model:
    whole = normalise(profile, id_key="RoutingProfileId", arn_key="RoutingProfileArn")
    model = {name: whole[name] for name in _FIELDS if name in whole}
    model["media_concurrencies"] = sorted(
        [
            compact(
                {
                    "channel": item["Channel"],
                    "concurrency": item.get("Concurrency"),
                    "cross_channel_behavior": item.get("CrossChannelBehavior", {}).get(
                        "BehaviorType", _DEFAULT_BEHAVIOR
                    ),
                }
            )
            for item in profile.get("MediaConcurrencies", [])
        ],
        key=lambda item: item["channel"],
    )
    if queue_configs is not None:
        model["queue_configs"] = sorted(
            [
                {
                    "queue_id": item["QueueId"],
                    "channel": item["Channel"],
                    "priority": item["Priority"],
                    "delay": item["Delay"],
                }
                for item in queue_configs
            ],
            key=_pair,
        )
    return model


def _merge_concurrencies(current: list[Model], wanted: list[Model]) -> list[Model]:
    """Return the channels to reach: the wanted ones, each with its present behaviour unless another is asked for."""
    present = {item["channel"]: item for item in current}
    default = {"cross_channel_behavior": _DEFAULT_BEHAVIOR}
    reached = [{**default, **present.get(item["channel"], {}), **compact(item)} for item in wanted]
    return sorted(reached, key=lambda item: item["channel"])


def _merge_queues(current: list[Model], wanted: list[Model], *, purge: bool) -> list[Model]:
    """Return the pairs of queue and channel to reach. A new one has priority 1 and no delay, unless asked for."""
    present = {_pair(item): item for item in current}
    reached = {} if purge else dict(present)
    for item in wanted:
        start = present.get(_pair(item), {"priority": 1, "delay": 0})
        asked = {name: item[name] for name in ("queue_id", "channel", "priority", "delay")}
        reached[_pair(item)] = {**start, **compact(asked)}
    return sorted(reached.values(), key=_pair)


def _pair(item: Model) -> tuple[str, str]:
    return item["queue_id"], item["channel"]


def _concurrency_request(item: Model) -> dict[str, Any]:
    return compact(
        {
            "Channel": item["channel"],
            "Concurrency": item.get("concurrency"),
            "CrossChannelBehavior": {"BehaviorType": item["cross_channel_behavior"]},
        }
    )


def _queue_request(item: Model) -> dict[str, Any]:
    return {
        "QueueReference": {"QueueId": item["queue_id"], "Channel": item["channel"]},
        "Priority": item["priority"],
        "Delay": item["delay"],
    }


def _chunks(items: list[Any]) -> list[list[Any]]:
    return [items[start : start + _PER_REQUEST] for start in range(0, len(items), _PER_REQUEST)]
