# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Lambda refuses of dead-letter queues, asynchronous invocation and concurrency, and MiniStack lets through.

Ranges: API reference. That Lambda asks the execution role before it takes a dead-letter queue or a destination:
developer guide, "Adding a dead-letter queue" and "Retaining records". MiniStack lacks UpdateFunctionEventInvokeConfig.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from . import asynchronous
from . import ministack_names as ministack
from .front_state import SETTINGS
from .front_state import note
from .refusals import Refused
from .refusals import json_error

FUNCTION = re.compile(r"/2015-03-31/functions(?:/([^/]+)/configuration)?/?")
INVOKE_CONFIG = re.compile(r"/2019-09-25/functions/([^/]+)/event-invoke-config/?")
CONCURRENCY = re.compile(r"/2017-10-31/functions/([^/]+)/concurrency/?")
SETTING = re.compile(r"/20\d\d-\d\d-\d\d/functions/[^/]+/(concurrency|event-invoke-config)/?")
VERBS = {"GET": "Get", "PUT": "Put", "POST": "Update", "DELETE": "Delete"}
NAMES = {"concurrency": "FunctionConcurrency", "event-invoke-config": "FunctionEventInvokeConfig"}
RANGES = {"MaximumRetryAttempts": (0, 2), "MaximumEventAgeInSeconds": (60, 21600)}
# Of 1000 concurrent executions of an account, 100 stay without reservation.
RESERVABLE = 900
SERVICE_NAMES = {"sqs": "SQS", "sns": "SNS"}


def install() -> None:
    """Stand around MiniStack's Lambda."""
    ministack.wrap_handler("lambda", _wrap)


def iam_action(method: str, path: str) -> str | None:
    """Return the IAM action of a setting's address, None for all others; MiniStack takes every request for a change."""
    found = SETTING.fullmatch(path)
    return f"lambda:{VERBS[method]}{NAMES[found[1]]}" if found and method in VERBS else None


def _wrap(handler: ministack.Handler) -> ministack.Handler:
    async def checked(method: str, path: str, headers: dict, body: bytes, query: dict) -> ministack.Answer:
        if SETTINGS.enabled:
            try:
                method, body = _check(method, unquote(path), body, query)
            except Refused as refused:
                note(refusal=refused.code)
                return json_error(refused)
        return await handler(method, path, headers, body, query)

    return checked


def _check(method: str, path: str, body: bytes, query: dict) -> tuple[str, bytes]:
    """Return method and body for MiniStack."""
    if (found := FUNCTION.fullmatch(path)) and method == ("PUT" if found[1] else "POST"):
        _check_dead_letters(found[1], json.loads(body or b"{}"))
    elif (found := INVOKE_CONFIG.fullmatch(path)) and method in ("PUT", "POST"):
        return _check_invoke_config(method, found[1], body, query)
    elif (found := CONCURRENCY.fullmatch(path)) and method == "PUT":
        _check_concurrency(found[1], json.loads(body or b"{}"))
    return method, body


def _check_dead_letters(name: str | None, request: dict[str, Any]) -> None:
    if "DeadLetterConfig" not in request and "Role" not in request:
        return
    present = _function(name) if name else None
    config = {**(present.config if present else {}), **request}
    target = (config.get("DeadLetterConfig") or {}).get("TargetArn")
    if not target or not config.get("Role"):
        return
    service = target.split(":")[2] if target.count(":") > 4 else ""
    action = asynchronous.ACTIONS.get(service, "")
    config |= {"FunctionArn": present.config["FunctionArn"] if present else _arn(config["FunctionName"])}
    if service in SERVICE_NAMES and not ministack.role_may(config, action, target):
        operation = action.partition(":")[2]
        raise Refused(
            "InvalidParameterValueException",
            f"The provided execution role does not have permissions to call {operation} on {SERVICE_NAMES[service]}",
        )


def _check_invoke_config(method: str, name: str, body: bytes, query: dict) -> tuple[str, bytes]:
    request = json.loads(body or b"{}")
    qualifier = (query.get("Qualifier") or [""])[0]
    function = _function(f"{name}:{qualifier}" if qualifier else name)
    if function is None:
        raise Refused("ResourceNotFoundException", f"Function not found: {_arn(name)}", 404)
    for member, (least, most) in RANGES.items():
        _check_range(member, request.get(member), least, most)
    for kind, destination in (request.get("DestinationConfig") or {}).items():
        target = (destination or {}).get("Destination")
        action = asynchronous.ACTIONS.get(target.split(":")[2]) if target else None
        if action and not ministack.role_may(function.config, action, target):
            raise Refused(
                "InvalidParameterValueException",
                f"The function's execution role does not have permissions to call {action.partition(':')[2]} on "
                f"{target} ({kind})",
            )
    if method == "PUT":
        return method, body
    if not function.invoke_config:
        raise Refused("ResourceNotFoundException", f"The function {_arn(name)} doesn't have an EventInvokeConfig", 404)
    kept = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    present = {member: function.invoke_config[member] for member in kept}
    return "PUT", json.dumps(present | request).encode()


def _check_concurrency(name: str, request: dict[str, Any]) -> None:
    wanted = request.get("ReservedConcurrentExecutions")
    if wanted is None:
        raise Refused(
            "ValidationException",
            "1 validation error detected: Value null at 'reservedConcurrentExecutions' failed to satisfy constraint: "
            "Member must not be null",
        )
    _check_range("ReservedConcurrentExecutions", wanted, 0, None)
    function = _function(name)
    if function and wanted + ministack.reserved_concurrency(except_for=function.config["FunctionName"]) > RESERVABLE:
        raise Refused(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            "below its minimum value of [100].",
        )


def _check_range(member: str, value: Any, least: int, most: int | None) -> None:
    if value is None:
        return
    limit = None
    if value < least:
        limit = f"greater than or equal to {least}"
    elif most is not None and value > most:
        limit = f"less than or equal to {most}"
    if limit:
        name = member[0].lower() + member[1:]
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must have "
            f"value {limit}",
        )


def _function(reference: str) -> ministack.Function | None:
    return ministack.function(reference if reference.startswith("arn:") else _arn(reference))


def _arn(name: str) -> str:
    return f"arn:aws:lambda:{ministack.region()}:{ministack.account_id()}:function:{name}"
