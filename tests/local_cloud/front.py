# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front: every request to the local AWS passes here.

It stands for TLS, writes the journal, opens distributions and instances by their names, and answers the control
addresses ``/_front/...`` and ``/_emulator/...``. It refuses web pages from elsewhere. Turned off (settings,
``enabled``), all other requests reach MiniStack as sent.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import quote

from . import alarms
from . import asynchronous
from . import connect_service
from . import function_faults
from . import function_settings
from . import ministack_names as ministack
from . import schedules
from .front_state import CURRENT
from .front_state import JOURNAL
from .front_state import RAW_PATH
from .front_state import SETTINGS
from .front_state import note
from .hosts import DISTRIBUTION_HOST
from .hosts import FOREIGN_PAGE
from .hosts import INSTANCE_HOST
from .hosts import LOOPBACK_HOST
from .hosts import host_of
from .hosts import is_foreign_page

SIGNED_SERVICE = re.compile(rb"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/")
ACCOUNT = re.compile(r"\d{12}")
JSON_HEADERS = {"Content-Type": "application/json"}
# Ours and MiniStack's, which answers them under every name.
CONTROL_PATHS = "/_"


def note_authorization() -> None:
    """Let MiniStack's authorization write the IAM action into the journal and read Connect's from its own model."""

    def wrap_action(extract: Callable[..., str | None]) -> Callable[..., str | None]:
        def extract_action(service: str, method: str, path: str, *rest: Any) -> str | None:
            if service == connect_service.NAME:
                action = connect_service.iam_action(method, RAW_PATH.get() or path)
            else:
                setting = function_settings.iam_action(method, path) if service == "lambda" else None
                action = setting or extract(service, method, path, *rest)
            if service == "sqs" and action:
                # A batch takes the right to do it once (service authorization reference of Amazon SQS)
                action = action.removesuffix("Batch")
            note(service=service, action=action)
            return action

        return extract_action

    def wrap_resource(extract: Callable[..., str]) -> Callable[..., str]:
        def extract_resource(
            service: str, method: str, path: str, headers: dict, body: bytes, query: dict, region: str, account: str
        ) -> str:
            if service == connect_service.NAME:
                return connect_service.resource_arn(method, RAW_PATH.get() or path, body, region, account)
            if service == "ssm" and (names := _parameter_names(body)):
                prefix = f"arn:aws:ssm:{region}:{account}:parameter/"
                resources = [name if name.startswith("arn:") else prefix + name.lstrip("/") for name in names]
                action = f"ssm:{headers.get('x-amz-target', '').rpartition('.')[2]}"
                # AWS asks the policies about each parameter, MiniStack about one resource: give it one that is refused.
                refused = (
                    arn for arn in resources if ministack.is_denied(service, action, arn, region, headers, query)
                )
                return next(refused, resources[0])
            return extract(service, method, path, headers, body, query, region, account)

        return extract_resource

    ministack.wrap_authorization(wrap_action, wrap_resource)


def _parameter_names(body: bytes) -> list[str]:
    """Return the names of a request about several parameters (GetParameters, DeleteParameters)."""
    try:
        names = json.loads(body).get("Names")
    except (ValueError, AttributeError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


async def app(scope: dict, receive: Callable, send: Callable) -> None:
    """Serve one ASGI connection."""
    if scope["type"] == "lifespan":
        await ministack.app(scope, receive, send)
        return
    if _is_foreign(scope):
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            # A request that is not read to its end breaks the connection off, and with it the next one on it.
            await _read(receive)
            await _send(send, scope["method"], *_json(403, {"message": FOREIGN_PAGE}))
        return
    if scope["type"] == "websocket":
        await ministack.app(scope, receive, send)
        return
    answer = await _own_answer(scope, receive)
    if answer is not None:
        await _send(send, scope["method"], *answer)
        return
    await _pass_on(scope, receive, send)


def _is_foreign(scope: dict) -> bool:
    """Tell whether a browser sends this for a page that is not on this machine, or under a name that was bent to it.

    MiniStack lets every page read its answers, takes account numbers for keys, and runs functions on this machine:
    without this, any page that is open while the local cloud runs could run a program here.
    """
    host = _host(scope)
    if DISTRIBUTION_HOST.fullmatch(host) or INSTANCE_HOST.fullmatch(host):
        if not scope["path"].startswith(CONTROL_PATHS):
            return False
    elif not LOOPBACK_HOST.fullmatch(host):
        return True
    origin, fetch_site = (_header(scope, name) for name in (b"origin", b"sec-fetch-site"))
    return is_foreign_page(origin, fetch_site)


async def _own_answer(scope: dict, receive: Callable) -> tuple[int, dict, bytes] | None:
    path = scope["path"]
    if path == "/_front" or path.startswith("/_front/"):
        return await _control(scope["method"], path, _query(scope), await _read(receive))
    if path.startswith("/_emulator/"):
        return await connect_service.control(scope["method"], path, _query(scope), await _read(receive))
    if instance := INSTANCE_HOST.fullmatch(_host(scope)):
        query = scope.get("query_string", b"").decode("latin-1")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _read(receive)
        target = f"{path}?{query}" if query else path
        return await connect_service.page(instance.group(1), scope["method"], target, headers, body)
    return None


async def _pass_on(scope: dict, receive: Callable, send: Callable) -> None:
    raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
    RAW_PATH.set(raw_path.decode("latin-1"))
    entry = _new_entry(scope)
    CURRENT.set(entry)
    if SETTINGS.enabled:
        if distribution := DISTRIBUTION_HOST.fullmatch(_host(scope)):
            refusal = _enter_distribution(distribution.group(1))
            if refusal:
                JOURNAL.entries.append(entry | {"status": refusal[0]})
                await _send(send, scope["method"], *refusal)
                return
        else:
            # AWS is reached by TLS alone; without this MiniStack's aws:SecureTransport is false for everybody.
            scope = scope | {"headers": _with_header(scope["headers"], b"x-forwarded-proto", b"https")}
    JOURNAL.entries.append(entry)

    async def send_and_note(message: dict) -> None:
        if message["type"] == "http.response.start":
            entry["status"] = message["status"]
            entry["account"] = ministack.account_id()
            entry["region"] = ministack.region()
            if entry["action"]:
                entry["principal"] = ministack.caller_arn()
        await send(message)

    await ministack.app(scope, receive, send_and_note)


def _new_entry(scope: dict) -> dict[str, Any]:
    headers = dict(scope["headers"])
    signed = SIGNED_SERVICE.search(headers.get(b"authorization", b""))
    return {
        "time": time.time(),
        "method": scope["method"],
        "host": headers.get(b"host", b"").decode("latin-1"),
        "path": scope["path"],
        "service": signed.group(1).decode("latin-1") if signed else None,
        "action": None,
        "account": None,
        "region": None,
        "principal": None,
        "status": None,
        "refusal": None,
    }


def _enter_distribution(label: str) -> tuple[int, dict, bytes] | None:
    """Serve on in the account that owns the distribution; MiniStack cannot know it for an unsigned request."""
    for account, distribution in ministack.distributions():
        if distribution["DomainName"].partition(".")[0] == label:
            if not distribution["enabled"]:
                return 403, {"Content-Type": "text/plain"}, f"The distribution {label} is disabled.\n".encode()
            ministack.serve_as_account(account)
            return None
    return 403, {"Content-Type": "text/plain"}, f"No distribution has the domain label {label}.\n".encode()


async def _control(method: str, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, dict, bytes]:
    name = path.removeprefix("/_front").strip("/")
    filters = {key: values[0] for key, values in query.items()}
    if (method, name) == ("GET", "health"):
        return _json(200, {"auth": ministack.auth_enabled()})
    if (method, name) == ("GET", "journal"):
        return _json(200, JOURNAL.select(filters))
    if (method, name) == ("DELETE", "journal"):
        JOURNAL.entries.clear()
        return _json(200, {})
    if (method, name) == ("GET", "settings"):
        return _json(200, vars(SETTINGS))
    if (method, name) == ("GET", "asynchronous"):
        return _json(200, asynchronous.QUEUE.shown(filters))
    if (method, name) == ("GET", "function_faults"):
        return _json(200, dict(function_faults.FAULTS.counts))
    orders = {"settings": _change_settings, "schedules": _let_time_pass, "alarms": _evaluate_alarms}
    if method != "POST" or name not in orders:
        return _json(404, {"message": f"No control address answers {method} {path}"})
    try:
        document = json.loads(body)
        if not isinstance(document, dict):
            raise ValueError("The body is not a JSON object.")
        return _json(200, await orders[name](document))
    except json.JSONDecodeError:
        return _json(400, {"message": "The body is not a JSON object."})
    except ValueError as error:
        return _json(400, {"message": str(error)})


async def _change_settings(changes: dict[str, Any]) -> dict[str, Any]:
    wrong = [name for name, value in changes.items() if not _fits(name, value)]
    if wrong:
        raise ValueError(f"Unknown setting, or a value of the wrong type: {', '.join(wrong)}")
    if "function_faults" in changes:
        changes["function_faults"] = function_faults.complete(changes["function_faults"])
    for name, value in changes.items():
        setattr(SETTINGS, name, value)
    return vars(SETTINGS)


def _fits(name: str, value: Any) -> bool:
    if name in ("role_delay", "asynchronous_pace"):
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if name == "function_faults":
        return value is None or isinstance(value, dict)
    return name == "enabled" and isinstance(value, bool)


async def _let_time_pass(order: dict[str, Any]) -> dict[str, Any]:
    account, region = _scope(order, "advance")
    seconds = order.get("advance")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0):
        raise ValueError("advance is a number of seconds")
    return await schedules.CLOCK.advance(account, region, seconds)


async def _evaluate_alarms(order: dict[str, Any]) -> dict[str, Any]:
    return alarms.evaluate(*_scope(order))


def _scope(order: dict[str, Any], *more: str) -> tuple[str, str]:
    unknown = sorted(set(order) - {"account", "region", *more})
    if unknown:
        raise ValueError(f"Unknown members: {', '.join(unknown)}")
    account, region = order.get("account"), order.get("region")
    if not (isinstance(account, str) and ACCOUNT.fullmatch(account) and isinstance(region, str) and region):
        raise ValueError("account is twelve digits, region the name of a Region")
    return account, region


def _header(scope: dict, name: bytes) -> str | None:
    value = dict(scope["headers"]).get(name)
    return None if value is None else value.decode("latin-1")


def _host(scope: dict) -> str:
    return host_of(_header(scope, b"host") or "")


def _with_header(headers: Any, name: bytes, value: bytes) -> list[tuple[bytes, bytes]]:
    return [(key, kept) for key, kept in headers if key.lower() != name] + [(name, value)]


def _query(scope: dict) -> dict[str, list[str]]:
    return parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)


async def _read(receive: Callable) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _json(status: int, document: Any) -> tuple[int, dict, bytes]:
    return status, JSON_HEADERS, json.dumps(document).encode()


async def _send(send: Callable, method: str, status: int, headers: dict, body: bytes) -> None:
    if isinstance(body, str):
        body = body.encode()
    sent = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    sent.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
