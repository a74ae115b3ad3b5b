# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a claimed phone number. Private to this collection.

A number costs money, and a released one does not come back (connect-api 7): the number that is meant is looked for with
care, and nothing is claimed while that is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..api import compact
from ..api import normalise
from ..errors import ConnectError
from ..resolve import Disappeared
from ..resolve import id_of
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates
from ..waiters import wait_for

_E164 = re.compile(r"^\+[1-9][0-9]{1,14}$")
_PREFIX = re.compile(r"^\+[0-9]{1,11}$")
_PREFIX_LENGTH = 12
_OFFERS = 10

Item = Mapping[str, Any]


class PhoneNumber(Resource):
    kind = "phone_number"
    return_key = "phone_number"
    plural_key = "phone_numbers"
    name_option = "phone_number"
    immutable = ("country_code", "type")
    volatile = ("status", "status_message")
    # A second claim could be a second number
    create_again = False

    def label(self, ctx: Context) -> str:
        name = ctx.params.get("phone_number") or ctx.params.get("description")
        return f"phone number '{name}'" if name else "phone number"

    def check_options(self, ctx: Context) -> None:
        params = ctx.params
        number, country, prefix = params["phone_number"], params["country_code"], params["prefix"]
        if number and not id_of(number) and not _E164.match(number):
            raise ConnectError(
                f"'{number}' is no phone number: write it in E.164 form, without blanks and in quotes, "
                "for example '+442079460000'"
            )
        if country and country.upper() not in ctx.api.enum("PhoneNumberCountryCode"):
            raise ConnectError(f"'{country}' is no country code: use ISO 3166-1 alpha-2, for example GB")
        if prefix and not _PREFIX.match(prefix):
            raise ConnectError(
                f"'{prefix}' is no prefix: write it with the plus sign and in quotes, for example '+4420'"
            )
        absent = params["state"] == "absent"
        if not any(params[name] for name in ("phone_number", "description", "tags")) and (
            absent or not params["contact_flow"]
        ):
            names = "phone_number, description or tags" if absent else "phone_number, description, tags or contact_flow"
            raise ConnectError(f"Give {names}: one of them has to tell which phone number of the instance is meant")

    def require_options(self, ctx: Context) -> None:
        if not (ctx.params["phone_number"] or ctx.params["country_code"]):
            raise ConnectError(f"Failed to claim {self.label(ctx)}: it does not exist yet, so give country_code")

    def find(self, ctx: Context) -> str | None:
        if ctx.is_info:
            return super().find(ctx)
        number = ctx.params["phone_number"]
        if number and id_of(number):
            return super().find(ctx)
        id = _find_number(ctx, number) if number else _find_meant(ctx)
        if id and ctx.params["state"] == "present" and _describe(ctx, id) is None:
            # Listed, so it may be there all the same: no reason to claim another one
            raise Disappeared(self.label(ctx))
        return id

    def read(self, ctx: Context, id: str) -> Model | None:
        number = _describe(ctx, id)
        if number is None:
            return None
        model = _model(number)
        if ctx.instance_id not in model["target_arn"]:
            if ctx.is_info:
                return None
            raise _elsewhere(model["phone_number"], model["target_arn"])
        # DescribePhoneNumber does not show the flow (connect-api 7)
        if ctx.is_info or ctx.params["contact_flow"] is not None:
            flow = _links(ctx).get(id)
            model |= {"contact_flow_arn": flow} if flow else {}
        return model

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("phone_number", "description")
        if not ctx.params["phone_number"]:
            desired |= _kind(ctx)
        if ctx.params["contact_flow"] is not None:
            flow = ctx.resolve("contact_flow", "contact_flow")
            desired["contact_flow_arn"] = flow and _flow_arn(ctx, flow, current)
        return desired

    def defaults(self, ctx: Context) -> Model:
        searched = {} if ctx.params["phone_number"] else {"phone_number": None, "type": "DID"}
        return {**searched, "status": "CLAIMED"}

    def same(self, field: str, current: Any, wanted: Any) -> bool:
        return id_of(current) == id_of(wanted) if field == "contact_flow_arn" else current == wanted

    def create(self, ctx: Context, target: Model) -> str:
        details = compact({"PhoneNumberDescription": target.get("description"), "Tags": target["tags"]})
        taken: list[str] = []
        while len(taken) < ctx.params["claim_attempts"]:
            number = ctx.params["phone_number"] or _search(ctx, target, taken)
            try:
                return ctx.create("claim_phone_number", PhoneNumber=number, **details)["PhoneNumberId"]
            except ConnectError as error:
                # Somebody else was faster since the search (connect-api 7)
                if ctx.params["phone_number"] or "not available" not in error.message:
                    raise
                taken.append(number)
        raise ConnectError(
            f"Failed to claim {self.label(ctx)}: {len(taken)} offered numbers were taken by somebody else since the "
            f"search ({', '.join(taken)}). Run again, or raise claim_attempts"
        )

    @updates("description")
    def update_description(self, ctx: Context, current: Model, target: Model) -> None:
        description = target.get("description") or ""
        ctx.write("update_phone_number_metadata", PhoneNumberId=current["id"], PhoneNumberDescription=description)

    @updates("contact_flow_arn")
    def update_contact_flow(self, ctx: Context, current: Model, target: Model) -> None:
        flow = target.get("contact_flow_arn")
        if not flow:
            ctx.write("disassociate_phone_number_contact_flow", PhoneNumberId=current["id"])
            return
        # Not found until the claim has settled (connect-api 7)
        ctx.api.expect(current["id"])
        ctx.write("associate_phone_number_contact_flow", PhoneNumberId=current["id"], ContactFlowId=id_of(flow))

    def check_delete(self, ctx: Context, current: Model) -> None:
        if not ctx.params["release"]:
            raise ConnectError(
                f"Failed to release phone number '{current['phone_number']}': a released number does not come back. "
                "Give release true to give it up"
            )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("release_phone_number", PhoneNumberId=current["id"])

    def is_ready(self, model: Model) -> bool:
        return model["status"] == "CLAIMED"

    def wait_until_ready(self, ctx: Context, model: Model) -> None:
        action = f"claim phone number '{model['phone_number']}'"
        if model["status"] == "FAILED":
            if ctx.params["state"] == "absent":
                return
            raise _failed_claim(f"Failed to {action}: FAILED: {model.get('status_message')}", model["id"])
        try:
            wait_for(
                ctx.api,
                "phone_number_claimed",
                action=action,
                timeout=ctx.params["wait_timeout"],
                PhoneNumberId=model["id"],
            )
        except ConnectError as error:
            if ": FAILED" not in error.message:
                raise
            raise _failed_claim(error.message, model["id"]) from error


def _model(number: Item) -> Model:
    status = number.get("PhoneNumberStatus", {})
    names = ("PhoneNumberId", "PhoneNumberArn", "PhoneNumber", "TargetArn", "Tags")
    return {
        **normalise(
            {name: number[name] for name in names if name in number},
            id_key="PhoneNumberId",
            arn_key="PhoneNumberArn",
        ),
        **compact(
            {
                "country_code": number.get("PhoneNumberCountryCode"),
                "type": number.get("PhoneNumberType"),
                "description": number.get("PhoneNumberDescription") or None,
                "status": status.get("Status"),
                "status_message": status.get("Message") or None,
            }
        ),
    }


def _describe(ctx: Context, id: str) -> Item | None:
    answer = ctx.describe("describe_phone_number", PhoneNumberId=id)
    return answer and answer["ClaimedPhoneNumberSummary"]


def _items(ctx: Context) -> list[Item]:
    """Return the numbers of the instance. Describe may not know a listed one yet (connect-api 0.3)."""
    items = ctx.resolver.items("phone_number")
    for item in items:
        ctx.api.expect(item["PhoneNumberId"])
    return items


def _find_number(ctx: Context, number: str) -> str | None:
    for item in _items(ctx):
        if item["PhoneNumber"] == number:
            return item["PhoneNumberId"]
    if ctx.params["state"] == "absent":
        return None
    # The account may hold it for another instance; who may not look there learns it from the claim
    answer = ctx.api.describe(
        "list_phone_numbers_v2", missing=("AccessDeniedException",), PhoneNumberPrefix=number[:_PREFIX_LENGTH]
    )
    for item in (answer or {}).get("ListPhoneNumbersSummaryList", []):
        if item["PhoneNumber"] == number:
            raise _elsewhere(number, item["TargetArn"])
    return None


def _find_meant(ctx: Context) -> str | None:
    """Find the number by its description, or else by its tags, or else by the flow that answers it.

    What a run claimed before it was killed is found by description or tags, also while the claim is in progress.
    """
    description, tags = ctx.params["description"], ctx.params["tags"]
    flow = ctx.resolve("contact_flow", "contact_flow")
    items = _items(ctx)
    found: list[Item] = []
    if description:
        found = [item for item in items if item.get("PhoneNumberDescription") == description]
    elif tags:
        found = [item for item in items if _fits(ctx, item) and _has_tags(ctx, item)]
        found = _answered(ctx, found, flow) if flow and found else found
    if not found and flow and ctx.params["state"] == "present":
        # Made by hand: neither a description of its own nor other values of the tags speak against it
        found = [
            item
            for item in items
            if _fits(ctx, item)
            and _links(ctx).get(item["PhoneNumberId"], "").endswith(f"/{flow}")
            and not (description and item.get("PhoneNumberDescription"))
            and not _has_other_tags(ctx, item)
        ]
    if len(found) > 1:
        found = [item for item in found if _fits(ctx, item)]
    if len(found) > 1:
        numbers = ", ".join(item["PhoneNumber"] for item in found)
        raise ConnectError(f"{len(found)} phone numbers of the instance fit ({numbers}): give phone_number to choose")
    return found[0]["PhoneNumberId"] if found else None


def _answered(ctx: Context, items: list[Item], flow: str) -> list[Item]:
    """Of the numbers with the wanted tags, choose those that the wanted flow answers, or else those that none does."""
    links = _links(ctx)
    ours = [item for item in items if links.get(item["PhoneNumberId"], "").endswith(f"/{flow}")]
    free = [item for item in items if item["PhoneNumberId"] not in links]
    if ours or free:
        return ours or free
    numbers = ", ".join(item["PhoneNumber"] for item in items)
    raise ConnectError(
        f"A phone number with these tags exists ({numbers}), but another contact flow answers it. Give phone_number to "
        "change its flow, or a description or tags of its own to claim one more"
    )


def _fits(ctx: Context, item: Item) -> bool:
    kind = {"country_code": item.get("PhoneNumberCountryCode"), "type": item.get("PhoneNumberType")}
    return _kind(ctx).items() <= kind.items()


def _kind(ctx: Context) -> Model:
    """Return the country and type that the options ask for."""
    kind = ctx.given("country_code", "type")
    if "country_code" in kind:
        kind["country_code"] = kind["country_code"].upper()
    return kind


def _has_tags(ctx: Context, item: Item) -> bool:
    wanted = {key: str(value) for key, value in ctx.params["tags"].items()}
    return wanted.items() <= _tags(ctx, item).items()


def _has_other_tags(ctx: Context, item: Item) -> bool:
    wanted = ctx.params["tags"] or {}
    return any(key in wanted and str(wanted[key]) != value for key, value in _tags(ctx, item).items())


def _tags(ctx: Context, item: Item) -> dict[str, str]:
    return (_describe(ctx, item["PhoneNumberId"]) or {}).get("Tags", {})


def _links(ctx: Context) -> dict[str | None, str]:
    """Return the ARN of the flow that answers each number, by the number's id."""
    links = ctx.pages("list_flow_associations", ResourceType="VOICE_PHONE_NUMBER")
    return {id_of(link["ResourceId"]): link["FlowId"] for link in links}


def _flow_arn(ctx: Context, flow: str, current: Model | None) -> str:
    """Return the ARN of a flow by its id, or the id itself while nothing tells the ARN."""
    given = ctx.params["contact_flow"]
    if given.startswith("arn:"):
        return given
    if current and id_of(flow):
        return f"{current['target_arn']}/contact-flow/{flow}"
    return flow


def _search(ctx: Context, target: Model, taken: list[str]) -> str:
    """Return a number that is offered now."""
    query = {
        "PhoneNumberCountryCode": target["country_code"],
        "PhoneNumberType": target["type"],
        "PhoneNumberPrefix": ctx.params["prefix"] or None,
    }
    answer = ctx.read("search_available_phone_numbers", MaxResults=_OFFERS, **compact(query))
    for offer in answer.get("AvailableNumbersList", []):
        if offer["PhoneNumber"] not in taken:
            return offer["PhoneNumber"]
    prefix = f" that start with {ctx.params['prefix']}" if ctx.params["prefix"] else ""
    raise ConnectError(
        f"Failed to claim phone number: none of type {target['type']} in {target['country_code']}{prefix} is offered. "
        "Numbers of many countries need documents and a support case first"
    )


def _failed_claim(reason: str, id: str) -> ConnectError:
    return ConnectError(
        f"{reason.rstrip('.')}. Mostly the quota of phone numbers is used up: have it raised before the next run. "
        f"The failed number can be released after a day, with phone_number {id}, state absent and release true"
    )


def _elsewhere(number: str, target_arn: str) -> ConnectError:
    return ConnectError(
        f"The phone number {number} belongs to {target_arn}, not to this instance. It is not moved: "
        "move it in Amazon Connect first, or release it there"
    )
