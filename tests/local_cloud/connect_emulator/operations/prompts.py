# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prompts, with the defaults of a new instance (connect-api 1.5). Their files are looked for and not kept."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from botocore.exceptions import ParamValidationError

from .. import objects
from ..errors import ConnectError
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


@operation("CreatePrompt")
async def create_prompt(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Make a prompt of a file in S3."""
    instance = context.instance(request["InstanceId"])
    await _check_file(context, request["S3Uri"])
    objects.check_name(instance, KIND, request["Name"])
    objects.check_room(instance, KIND)
    data = objects.pick(request, "Name", "Description")
    record = objects.create(context, instance, KIND, "prompt", request["Name"], data, request.get("Tags"))
    return {"PromptARN": record.arn, "PromptId": record.id}


@operation("UpdatePrompt")
async def update_prompt(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Duplicate is not declared for this operation: a used name gives InvalidRequest (inferred)."""
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["PromptId"])
    if "S3Uri" in request:
        await _check_file(context, request["S3Uri"])
    objects.rename(context, instance, KIND, record, request, "InvalidRequestException")
    return {"PromptARN": record.arn, "PromptId": record.id}


@operation("DeletePrompt")
def delete_prompt(context: Context, request: dict[str, Any]) -> None:
    """Remove a prompt, also one that a flow plays: the operation has no error for that (inferred)."""
    context.instance(request["InstanceId"]).store(KIND).delete(request["PromptId"])


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


async def _check_file(context: Context, uri: str) -> None:
    """Refuse a file that is no .wav, told by its name, or that the service cannot read (the error is inferred)."""
    if not uri.lower().endswith(".wav"):
        raise ConnectError("InvalidParameterException", f"The file {uri} is not a .wav file.")
    bucket, _unused, key = uri.removeprefix("s3://").partition("/")
    try:
        await context.call_aws("s3", "head_object", Bucket=bucket, Key=key)
    except (ClientError, ParamValidationError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] not in ("403", "404"):
            raise
        raise ConnectError("InvalidParameterException", f"The file {uri} cannot be read.") from None
