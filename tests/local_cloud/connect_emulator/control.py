# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses under /_emulator: look into the emulator and steer it."""

from __future__ import annotations

import json
from typing import Any

from . import events
from . import timers
from .errors import ConnectError
from .live import control as live
from .live.refusals import Refusal
from .model import operations
from .state import EMULATOR
from .state import Record

Answer = tuple[int, dict[str, str], bytes]


async def handle(method: str, path: str, query: dict[str, Any], body: bytes | str | None) -> Answer:
    """Answer a control request in JSON.

    ValueError in a handler becomes 400, ConnectError 404 or 400; both with `message`.

    :param path: a path that starts with /_emulator/
    :param query: value or list of values by name
    """
    name, _unused, rest = path.strip("/").removeprefix("_emulator").strip("/").partition("/")
    routes = {
        ("GET", "journal"): _journal,
        ("POST", "reset"): _reset,
        ("GET", "settings"): _settings,
        ("POST", "settings"): _change_settings,
        ("GET", "faults"): _faults,
        ("POST", "faults"): _add_faults,
        ("DELETE", "faults"): _clear_faults,
        ("POST", "calls"): _place_call,
        ("GET", "contacts"): _contact,
        ("POST", "contacts"): _act_as_customer,
        ("POST", "events"): _send_event,
        ("GET", "agents"): _agent,
        ("POST", "agents"): _act_on_agent,
    }
    handler = routes.get((method.upper(), name))
    if handler is None or bool(rest) != (name == "contacts"):
        return _json(404, {"message": f"No control address answers {method} {path}"})
    values = {key: value[0] if isinstance(value, list) else value for key, value in (query or {}).items()}
    try:
        if name != "reset":
            await timers.run_due()
        document = json.loads(body) if body else {}
        if not isinstance(document, (dict, list) if name == "faults" else dict):
            raise ValueError("The body is not an object")
        return _json(200, await handler(rest, values, document))
    except ValueError as error:
        return _json(400, {"message": str(error)})
    except Refusal as error:
        return _json(error.status, {"type": error.type, "message": error.message})
    except ConnectError as error:
        return _json(404 if "NotFound" in error.code else 400, {"message": error.message})


def _json(status: int, document: Any) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(document, default=str).encode()


async def _journal(rest: str, query: dict[str, str], body: Any) -> list[dict[str, Any]]:
    wanted = {name: query[name] for name in ("account", "region", "operation") if query.get(name)}
    return [entry for entry in EMULATOR.journal if all(entry[name] == value for name, value in wanted.items())]


async def _reset(rest: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    EMULATOR.reset(body.get("account"), body.get("region"))
    return {}


async def _settings(rest: str, query: dict[str, str], body: Any) -> dict[str, Any]:
    return EMULATOR.settings.as_dict()


async def _change_settings(rest: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    EMULATOR.settings.update(body)
    return EMULATOR.settings.as_dict()


async def _faults(rest: str, query: dict[str, str], body: Any) -> list[dict[str, Any]]:
    return EMULATOR.faults


async def _add_faults(rest: str, query: dict[str, str], body: Any) -> list[dict[str, Any]]:
    faults = body if isinstance(body, list) else [body]
    for fault in faults:
        if not isinstance(fault, dict) or not fault.get("operation") or not fault.get("error"):
            raise ValueError("A fault needs operation and error")
        if fault["operation"] not in {"*", *operations()}:
            raise ValueError(f"The model has no operation {fault['operation']}")
    EMULATOR.faults.extend(dict(fault) for fault in faults)
    return EMULATOR.faults


async def _clear_faults(rest: str, query: dict[str, str], body: Any) -> list[dict[str, Any]]:
    EMULATOR.faults.clear()
    return EMULATOR.faults


async def _place_call(rest: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    from .calls import place_call

    if body.get("live") not in (None, True, False):
        raise ValueError("live is true or false")
    return await (live.place_call(body) if body.get("live") else place_call(body))


async def _send_event(rest: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    if set(body) - {"contact_id", "detail_type", "rule", "action"}:
        raise ValueError("An event takes contact_id, detail_type, rule and action")
    rule = str(body.get("rule") or "By hand")
    return await events.send_by_hand(
        _record(body.get("contact_id")),
        detail_type=str(body.get("detail_type")),
        rule_name=rule,
        action_name=str(body.get("action") or rule),
    )


async def _contact(rest: str, query: dict[str, str], body: Any) -> dict[str, Any]:
    contact = live.find_contact(rest)
    return {**_record(rest).data, **(live.show_contact(contact) if contact else {})}


def _record(contact_id: Any) -> Record:
    for region in EMULATOR.regions.values():
        for instance in region.instances.values():
            for record in instance.store("contacts").everything():
                if record.id == contact_id:
                    return record
    raise ConnectError("ResourceNotFoundException", f"No contact {contact_id}")


async def _act_as_customer(rest: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    return live.act_as_customer(rest, body)


async def _agent(rest: str, query: dict[str, str], body: Any) -> dict[str, Any]:
    return live.show_agent(query)


async def _act_on_agent(rest: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    return await live.act_on_agent(body)
