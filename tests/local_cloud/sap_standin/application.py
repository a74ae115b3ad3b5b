# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SAP stand-in's addresses: the phone service (sap-cti 2.1, 2.2) and, under /_standin, its control.

Where the reference is silent the answer is marked *inferred*.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
import time
from collections import deque
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import unquote

from ..hosts import FOREIGN_PAGE
from ..hosts import LOOPBACK_HOST
from ..hosts import host_of
from ..hosts import is_foreign_page
from ..http_server import Exchange
from .desktop import Desktop
from .phone_calls import READ_ONLY
from .phone_calls import PhoneCalls
from .query import BadQuery
from .query import select

COLLECTION = "/sap/c4c/api/v1/phone-service/phoneCalls"
STALE = "Data has been changed in a parallel session. Please refresh and try again."
CONTENT_TYPES = {"application/json", "application/merge-patch+json"}
JOURNAL_LENGTH = 5_000
# Members of a fault and their types; "operation" is list, read, create, update or *.
FAULT_MEMBERS: dict[str, type | tuple[type, ...]] = {
    "operation": str,
    "status": int,
    "message": str,
    "retry_after": int,
    "delay": (int, float),
    "drop": bool,
    "carried_out": bool,
    "times": int,
    "after": int,
}
OPERATIONS = {
    ("GET", False): "list",
    ("POST", False): "create",
    ("GET", True): "read",
    ("PATCH", True): "update",
}


class Refusal(Exception):
    """An error answer of SAP."""

    def __init__(self, status: int, message: str, target: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.target = target
        self.headers = headers or {}

    def document(self) -> dict[str, Any]:
        """Return the error body; the codes are inferred, their place is not."""
        code = f"phone-service.{self.status}"
        detail = {"code": code, "message": self.message, "target": self.target}
        return {"error": {**detail, "details": [detail]}}


class Standin:
    """One tenant."""

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._credentials = f"{username}:{password}".encode()
        self._phone_calls = PhoneCalls()
        self._desktop = Desktop(self._phone_calls, username)
        self._faults: list[dict[str, Any]] = []
        self._journal: deque[dict[str, Any]] = deque(maxlen=JOURNAL_LENGTH)

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        path, _unused, query = exchange.target.decode("latin-1").partition("?")
        body = await exchange.body()
        if path.startswith("/_standin/"):
            if _is_foreign(exchange):
                await exchange.answer_json(403, {"message": FOREIGN_PAGE})
                return
            await self._control(exchange, path, body)
            return
        if page := self._desktop.page(exchange.method, path, query):
            await exchange.answer(*page)
            return
        entry = {
            "time": time.time(),
            "method": exchange.method,
            "path": path,
            "query": unquote(query.replace("+", " ")),
            "if_match": exchange.header("If-Match"),
            "content_type": exchange.header("Content-Type"),
            "body": _parsed(body),
            "status": None,
            "fault": None,
        }
        self._journal.append(entry)
        await self._serve(exchange, path, query, body, entry)

    async def _serve(self, exchange: Exchange, path: str, query: str, body: bytes, entry: dict[str, Any]) -> None:
        identifier = None
        try:
            self._authenticate(exchange)
            operation, identifier = _route(exchange.method, path)
            fault = self._due_fault(operation)
            entry["fault"] = fault
            if fault:
                await asyncio.sleep(fault.get("delay", 0))
            answer = None
            if not fault or fault.get("carried_out") or not (fault.get("drop") or "status" in fault):
                answer = self._carry_out(operation, identifier, exchange, query, body)
            if fault and fault.get("drop"):
                exchange.drop()
                return
            if fault and "status" in fault:
                raise _fault_refusal(fault)
            status, document, headers = answer[0], answer[1], {}
        except BadQuery as bad:
            refusal = Refusal(400, str(bad), bad.target)
            status, document, headers = 400, refusal.document(), {}
        except Refusal as refusal:
            status, document, headers = refusal.status, refusal.document(), refusal.headers
        entry["status"] = status
        await exchange.answer_json(status, document, headers)

    def _authenticate(self, exchange: Exchange) -> None:
        scheme, _unused, encoded = (exchange.header("Authorization") or "").partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
        except binascii.Error:
            given = b""
        if not hmac.compare_digest(given, self._credentials):
            raise Refusal(401, "Authentication failed.", headers={"WWW-Authenticate": 'Basic realm="SAP"'})

    def _carry_out(
        self, operation: str, identifier: str | None, exchange: Exchange, query: str, body: bytes
    ) -> tuple[int, dict[str, Any]]:
        if operation == "list":
            options = parse_qs(query, keep_blank_values=True)
            count, page = select(self._phone_calls.all(), options)
            counted = {} if options.get("$count") == ["false"] else {"count": count}
            return 200, {**counted, "value": page}
        if operation == "create":
            return 201, {"value": self._phone_calls.create(_members(exchange, body), self._username)}
        record = self._phone_calls.get(identifier)
        if record is None:
            raise Refusal(404, f"Phone call {identifier} does not exist.", identifier)
        if operation == "update":
            _check_version(exchange.header("If-Match"), record["adminData"]["updatedOn"])
            self._phone_calls.merge(record, _members(exchange, body), self._username)
        return 200, {"value": record}

    def _due_fault(self, operation: str) -> dict[str, Any] | None:
        for fault in self._faults:
            if fault["operation"] not in (operation, "*"):
                continue
            if fault.get("after", 0) > 0:
                fault["after"] -= 1
                continue
            fault["times"] = fault.get("times", 1) - 1
            if fault["times"] <= 0:
                self._faults.remove(fault)
            return fault
        return None

    async def _control(self, exchange: Exchange, path: str, body: bytes) -> None:
        name = path.removeprefix("/_standin/").strip("/")
        handlers = {
            ("GET", "health"): lambda document: {},
            ("GET", "journal"): lambda document: list(self._journal),
            ("DELETE", "journal"): lambda document: self._journal.clear(),
            ("POST", "reset"): self._reset,
            ("GET", "faults"): lambda document: self._faults,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): lambda document: self._faults.clear(),
            ("GET", "phone-calls"): lambda document: self._phone_calls.all(),
            ("POST", "phone-calls"): self._accept,
            **self._desktop.handlers(),
        }
        handler = handlers.get((exchange.method, name))
        if handler is None:
            await exchange.answer_json(404, {"message": f"No control address answers {exchange.method} {path}"})
            return
        try:
            answer = handler(json.loads(body or b"{}"))
        except ValueError as error:
            await exchange.answer_json(400, {"message": str(error)})
            return
        await exchange.answer_json(200, {} if answer is None else answer)

    def _reset(self, document: Any) -> None:
        self._phone_calls.clear()
        self._desktop.clear()
        self._faults.clear()
        self._journal.clear()

    def _add_faults(self, document: Any) -> list[dict[str, Any]]:
        added = document if isinstance(document, list) else [document]
        for fault in added:
            _check_fault(fault)
        self._faults += added
        return self._faults

    def _accept(self, document: Any) -> dict[str, Any]:
        """Make the record that SAP makes when an agent accepts a call (externalId: the widget's external reference)."""
        reference = document.get("externalId") if isinstance(document, dict) else None
        reference = reference.get("displayId") if isinstance(reference, dict) else reference
        if not isinstance(reference, str) or not reference:
            raise ValueError("externalId is missing: the id of the contact.")
        return self._phone_calls.create({**document, "externalId": {"displayId": reference}}, self._username)


def _is_foreign(exchange: Exchange) -> bool:
    """Tell whether a page from elsewhere asks, or one under a name that was bent to this machine."""
    if not LOOPBACK_HOST.fullmatch(host_of(exchange.header("Host") or "")):
        return True
    return is_foreign_page(exchange.header("Origin"), exchange.header("Sec-Fetch-Site"))


def _route(method: str, path: str) -> tuple[str, str | None]:
    base, _unused, identifier = path.rstrip("/").rpartition("/")
    if path.rstrip("/") == COLLECTION:
        identifier = None
    elif base != COLLECTION:
        raise Refusal(404, f"No resource {path}.")
    operation = OPERATIONS.get((method, identifier is not None))
    if operation is None:
        raise Refusal(405, f"Method {method} is not allowed here.")
    return operation, identifier and unquote(identifier)


def _members(exchange: Exchange, body: bytes) -> dict[str, Any]:
    """Return the object in the body.

    :raises Refusal: 400 (which members SAP refuses beyond the read-only ones is unknown: inferred)
    """
    content_type = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
    if content_type not in CONTENT_TYPES:
        raise Refusal(400, f"Content type '{content_type}' is not supported.", "Content-Type")
    document = _parsed(body)
    if not isinstance(document, dict):
        raise Refusal(400, "The request body is not a JSON object.")
    for name in READ_ONLY & document.keys():
        raise Refusal(400, f"Property {name} cannot be set.", name)
    if not isinstance(document.get("transcript", ""), str | None):
        raise Refusal(400, "Property transcript is a text.", "transcript")
    external = document.get("externalId", {})
    if not isinstance(external, dict) or not isinstance(external.get("displayId", ""), str):
        raise Refusal(400, "Property externalId is an object with the text displayId.", "externalId")
    return document


def _check_version(if_match: str | None, current: str) -> None:
    if if_match is None:
        raise Refusal(428, "The request needs the header If-Match.", "If-Match")
    given = if_match.strip().strip('"')
    if given != current and _instant(given) != _instant(current):
        raise Refusal(412, STALE, "If-Match")


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _fault_refusal(fault: dict[str, Any]) -> Refusal:
    headers = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else {}
    return Refusal(fault["status"], fault.get("message", "Injected fault."), headers=headers)


def _check_fault(fault: Any) -> None:
    if not isinstance(fault, dict):
        raise ValueError("A fault is an object.")
    for name, value in fault.items():
        if name not in FAULT_MEMBERS:
            raise ValueError(f"A fault has no member {name}.")
        if not isinstance(value, FAULT_MEMBERS[name]):
            raise ValueError(f"Member {name} of a fault has a value of the wrong type.")
    fault.setdefault("operation", "*")
    if fault["operation"] not in {*OPERATIONS.values(), "*"}:
        raise ValueError(f"There is no operation {fault['operation']}.")
    if not 400 <= fault.get("status", 400) <= 599:
        raise ValueError("The status of a fault is between 400 and 599.")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
