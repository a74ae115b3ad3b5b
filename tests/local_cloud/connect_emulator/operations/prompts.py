# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prompts, the defaults of a new instance only (connect-api 1.5)."""

from __future__ import annotations

from typing import Any

from .. import objects
from ..registry import on_instance_created
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "prompts"
DEFAULT_NAMES = (
    "Beep.wav",
    "CustomerHold.wav",
    "CustomerQueue.wav",
    "Music_Jazz_MyTimetoFly_Inst.wav",
    "Music_Pop_ThisAndThatIsLife_Inst.wav",
    "Music_Pop_ThrowYourselfInFrontOfIt_Inst.wav",
    "Music_Rock_EverywhereTheSunShines_Inst.wav",
)


@on_instance_created
def seed(context: Context, instance: Instance) -> None:
    """Give a new instance its default prompts."""
    for name in DEFAULT_NAMES:
        objects.create(context, instance, KIND, "prompt", name, {"Name": name})


@operation("DescribePrompt")
def describe_prompt(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    record = context.instance(request["InstanceId"]).store(KIND).get(request["PromptId"])
    return {"Prompt": _read(record)}


@operation("ListPrompts")
def list_prompts(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    items, token = context.page(context.instance(request["InstanceId"]).store(KIND).all(), request)
    return {"PromptSummaryList": [objects.summarize(item) for item in items], "NextToken": token}


@operation("SearchPrompts")
def search_prompts(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    return objects.find(context, context.instance(request["InstanceId"]), KIND, request, "Prompts", _read)


def _read(record: Record) -> dict[str, Any]:
    return objects.read(record, "PromptId", "PromptARN")
