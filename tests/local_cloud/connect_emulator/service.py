# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entry of the emulator: one HTTP request in, one HTTP answer out."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import logging
import uuid
from datetime import timedelta
from typing import Any

from . import operations as _operations  # noqa: F401  (registers the operations)
from . import throttle
from . import timers
from .errors import ConnectError
from .model import Operation
from .model import match
from .model import operations
from .model import service_model
from .registry import OPERATIONS
from .state import EMULATOR
from .state import Context
from .validation import AnswerError
from .validation import parse_request
from .validation import serialise
from .validation import serialise_answer

LOG = logging.getLogger(__name__)
REPLAY_LIFETIME = timedelta(hours=24)
ALWAYS_ALLOWED = frozenset(
    {"AccessDeniedException", "ThrottlingException", "TooManyRequestsException", "InternalServiceException"}
)
MASK = "********"

Answer = tuple[int, dict[str, str], bytes]


async def handle(
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    query_params: dict[str, Any],
    *,
    account: str,
    region: str,
    principal_arn: str | None = None,
) -> Answer:
    """Answer one request of an account in a Region.

    :param path: path without query, percent-encoded or already decoded
    :param query_params: value or list of values by name, decoded
    :return: HTTP status, headers, body
    """
    found = match(method, path)
    if found is None:
        return _error(404, "UnknownOperationException", {"message": f"No operation answers {method} {path}"})
    operation, path_members = found
    entry = {
        "account": account,
        "region": region,
        "operation": operation.name,
        "parameters": {},
        "status": 0,
        "error": None,
        "injected": False,
        "time": EMULATOR.now().isoformat(),
    }
    EMULATOR.journal.append(entry)
    await timers.run_due()
    context = Context(
        emulator=EMULATOR,
        operation=operation,
        account=account,
        region=region,
        principal_arn=principal_arn or f"arn:aws:iam::{account}:root",
    )
    query = {name: value if isinstance(value, list) else [value] for name, value in (query_params or {}).items()}
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    status, code, document = await _answer(context, entry, path_members, query, lowered, body)
    entry["status"], entry["error"] = status, code
    if EMULATOR.settings.latency:
        await asyncio.sleep(EMULATOR.settings.latency)
    if code is None:
        return status, _headers(), json.dumps(document).encode()
    return _error(status, code, document)


async def _answer(context: Context, entry: dict, *request: Any) -> tuple[int, str | None, dict[str, Any]]:
    """Return HTTP status, error code or None, and body."""
    name = context.operation.name
    message = ""
    try:
        try:
            return 200, None, await _run(context, entry, *request)
        except ConnectError as error:
            entry["injected"] = error.injected
            return *_refused(context.operation, error), _error_body(error)
    except AnswerError as error:
        LOG.error("Wrong answer of %s: %s", name, error)
        message = str(error)
    except Exception as error:
        LOG.exception("%s failed", name)
        message = f"{type(error).__name__} in the emulator's {name}"
    return 500, "InternalServiceException", {"Message": message}


async def _run(context: Context, entry: dict, path: dict, query: dict, headers: dict, body: bytes) -> dict[str, Any]:
    operation = context.operation
    document = _parse_body(operation, body)
    entry["parameters"] = _masked_request(operation, path, query, headers, document)
    handler = OPERATIONS.get(operation.name)
    if handler is None:
        raise ConnectError("NotImplementedException", f"The emulator does not implement {operation.name}.")
    if not throttle.take(
        EMULATOR.buckets,
        context.settings.throttle,
        account=context.account,
        region=context.region,
        operation=operation.name,
        now=context.now(),
    ):
        raise ConnectError("ThrottlingException", "Rate exceeded")
    fault = _take_fault(context)
    if fault and not fault.get("carried_out"):
        raise _fault_error(fault)
    request = parse_request(operation, path, query, headers, document)
    answer = await _once(context, handler, request)
    if fault:
        raise _fault_error(fault)
    return answer


async def _once(context: Context, handler: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Carry out the operation, or repeat the answer when its token was used before (connect-api 0.1, 1.1)."""
    operation = context.operation
    token = request.get(operation.token_member) if operation.token_member else None
    if token is None:
        return await _carry_out(context, handler, request)
    replays = context.region_state.replays
    rest = {name: value for name, value in request.items() if name != operation.token_member}
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest()
    made_at, known, answer = replays.get((operation.name, token), (None, None, None))
    if made_at is not None and context.now() - made_at < REPLAY_LIFETIME:
        if known == digest:
            return answer
        message = "The client token was used before with other parameters."
        if "IdempotencyException" in operation.errors:
            raise ConnectError("IdempotencyException", message)
        raise context.invalid(message)
    answer = await _carry_out(context, handler, request)
    context.region_state.replays[operation.name, token] = (context.now(), digest, answer)
    return answer


async def _carry_out(context: Context, handler: Any, request: dict[str, Any]) -> dict[str, Any]:
    answer = handler(context, request)
    if inspect.isawaitable(answer):
        answer = await answer
    return serialise_answer(context.operation, answer)


def _parse_body(operation: Operation, body: bytes) -> Any:
    if not body:
        return {}
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        # No single parameter is wrong then; that this code tells it where both are declared is inferred.
        code = "InvalidRequestException" if "InvalidRequestException" in operation.errors else operation.invalid_code
        raise ConnectError(code, "The body of the request is not a JSON object.")
    return document


def _take_fault(context: Context) -> dict[str, Any] | None:
    """Return the injected fault that is due for this request.

    One whose error is no exception name (FAILED, CREATION_FAILED) goes to the operation as `context.fault`.
    """
    for fault in list(EMULATOR.faults):
        if fault["operation"] not in (context.operation.name, "*"):
            continue
        if fault.get("account", context.account) != context.account:
            continue
        if fault.get("after", 0) > 0:
            fault["after"] -= 1
            continue
        fault["times"] = fault.get("times", 1) - 1
        if fault["times"] <= 0:
            EMULATOR.faults.remove(fault)
        if fault["error"].isupper():
            context.fault = fault
            return None
        return fault
    return None


def _fault_error(fault: dict[str, Any]) -> ConnectError:
    error = ConnectError(fault["error"], fault.get("message", "Injected fault"), **fault.get("members", {}))
    error.injected, error.status = True, fault.get("status")
    return error


def _refused(operation: Operation, error: ConnectError) -> tuple[int, str]:
    """Return status and code of an error that the operation may answer; another one raises AnswerError."""
    if error.code == "NotImplementedException":
        return 501, error.code
    shape = _error_shape(error.code)
    if not error.injected:
        if shape is None:
            raise AnswerError(f"{operation.name} raised {error.code}, which the model does not have")
        if error.code not in operation.errors | ALWAYS_ALLOWED:
            raise AnswerError(f"{operation.name} raised {error.code}, which it does not declare: {error.message}")
    status = error.status or (shape.metadata["error"]["httpStatusCode"] if shape else 500)
    return status, error.code


def _error_shape(code: str) -> Any:
    return next((shape for shape in service_model().error_shapes if shape.name == code), None)


def _error_body(error: ConnectError) -> dict[str, Any]:
    """Return the members of the exception's shape; `problems` and `Problems` stand for a message (connect-api 0.2)."""
    shape = _error_shape(error.code)
    if shape is None:
        return {"message": error.message}
    members = dict(error.members)
    if "Message" in shape.members:
        members["Message"] = error.message
    for name in {"problems", "Problems"} & shape.members.keys():
        members.setdefault(name, [{"message": error.message}])
    return serialise(shape, members, error.code)


def _headers() -> dict[str, str]:
    # In the spelling of MiniStack, which adds its own to an answer that has none.
    return {"Content-Type": "application/json", "x-amzn-requestid": str(uuid.uuid4())}


def _error(status: int, code: str, body: dict[str, Any]) -> Answer:
    return status, {**_headers(), "x-amzn-ErrorType": code}, json.dumps(body).encode()


def _masked_request(operation: Operation, path: dict, query: dict, headers: dict, body: dict) -> dict[str, Any]:
    masked: dict[str, Any] = {}
    for name, shape in operation.members.items():
        location = shape.serialization.get("location")
        key = shape.serialization.get("name", name)
        source = {"uri": path, "querystring": query, "header": headers}.get(location, body)
        value = source.get(key.lower() if location == "header" else key)
        if value is not None:
            if location == "querystring" and shape.type_name != "list":
                value = value[0]
            masked[name] = _masked(shape, value)
    return masked


def _masked(shape: Any, value: Any) -> Any:
    if shape.metadata.get("sensitive"):
        return MASK
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _masked(member, value[name]) for name, member in shape.members.items() if name in value}
    if shape.type_name == "list" and isinstance(value, list):
        return [_masked(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _masked(shape.value, item) for key, item in value.items()}
    return value


def implemented() -> list[str]:
    """Return the names of the operations that answer."""
    return sorted(OPERATIONS.keys() & operations().keys())
