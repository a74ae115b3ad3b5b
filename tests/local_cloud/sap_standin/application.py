# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SAP stand-in's addresses: the phone service (sap-cti 2.1, 2.2) and, under /_standin, its control.

Where the reference is silent the answer is marked *inferred*.
"""

from __future__ import annotations

import asyncio
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
from ..http_server import serve_more
from .authentication import OAUTH_PATH
from .authentication import TOKEN_PATH
from .authentication import SignIn
from .desktop import Desktop
from .phone_calls import READ_ONLY
from .phone_calls import PhoneCalls
from .query import BadQuery
from .query import select
from .random_faults import RandomFault
from .random_faults import RandomFaults

COLLECTION = "/sap/c4c/api/v1/phone-service/phoneCalls"
STALE = "Data has been changed in a parallel session. Please refresh and try again."
CONTENT_TYPES = {"application/json", "application/merge-patch+json"}
JOURNAL_LENGTH = 5_000
ANOTHER_USER = "ANOTHER_USER"
# update_answer: 200 with the record, or 204 without (sap-cti 2.2 knows both); forbidden: the user lacks the right;
# transcript_limit: characters that the field takes, null for any number.
SETTINGS: dict[str, Any] = {"update_answer": 200, "forbidden": False, "transcript_limit": None}
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

    def __init__(self, username: str, password: str, tls: dict[str, str] | None = None) -> None:
        self._username = username
        self._sign_in = SignIn(username, password, tls)
        self._phone_calls = PhoneCalls()
        self._desktop = Desktop(self._phone_calls, username)
        self._random_faults = RandomFaults()
        self._settings = dict(SETTINGS)
        self._faults: list[dict[str, Any]] = []
        self._journal: deque[dict[str, Any]] = deque(maxlen=JOURNAL_LENGTH)

    async def handle(self, exchange: Exchange) -> None:
        """Answer one request."""
        path, _unused, query = exchange.target.decode("latin-1").partition("?")
        body = await exchange.body()
        page = self._desktop.page(exchange.method, path, query)
        # The page too: its address says which connector it frames, and hands the microphone to.
        if (page or path.startswith("/_standin/")) and _is_foreign(exchange):
            await exchange.answer_json(403, {"message": FOREIGN_PAGE})
            return
        if page:
            await exchange.answer(*page)
            return
        if path.startswith("/_standin/"):
            await self._control(exchange, path, query, body)
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

    async def _listen_for_certificates(self) -> None:
        """Open the listener that only the holder of the client certificate comes through, once somebody asks for it."""
        context = None if self._sign_in.tls_port else self._sign_in.tls_context()
        if context:
            self._sign_in.tls_port = await serve_more(self.handle, context)

    async def _serve(self, exchange: Exchange, path: str, query: str, body: bytes, entry: dict[str, Any]) -> None:
        identifier = None
        try:
            if path in (TOKEN_PATH, OAUTH_PATH):
                status, document = self._token(exchange, path, body)
                entry["body"] = None
                entry["status"] = status
                await exchange.answer_json(status, document)
                return
            user = self._authenticate(exchange)
            operation, identifier = _route(exchange.method, path)
            fault = self._due_fault(operation) or self._random_fault(operation, identifier)
            entry["fault"] = fault
            if fault:
                await asyncio.sleep(fault.get("delay", 0))
            answer = None
            if not fault or fault.get("carried_out") or not (fault.get("drop") or "status" in fault):
                answer = self._carry_out(operation, identifier, exchange, query, body, user)
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
        if status == 204:
            await exchange.answer(204, headers, b"")
            return
        await exchange.answer_json(status, document, headers)

    def _authenticate(self, exchange: Exchange) -> str:
        user = self._sign_in.user(exchange)
        if user is None:
            raise Refusal(401, "Authentication failed.", headers={"WWW-Authenticate": 'Basic realm="SAP"'})
        if self._settings["forbidden"]:
            raise Refusal(403, f"User {user} has no right to phone calls.")
        return user

    def _token(self, exchange: Exchange, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer a request for a token; a GET for SAP's own, a POST for OAuth's."""
        if path == OAUTH_PATH and exchange.method == "POST":
            return self._sign_in.oauth_token(exchange, body)
        if path == TOKEN_PATH and exchange.method == "GET":
            document = self._sign_in.token(exchange)
            if document is None:
                raise Refusal(401, "Authentication failed.", headers={"WWW-Authenticate": 'Basic realm="SAP"'})
            return 200, document
        raise Refusal(405, f"Method {exchange.method} is not allowed here.")

    def _random_fault(self, operation: str, identifier: str | None) -> dict[str, Any] | None:
        """Return the random fault that is due in the form of a fault; let another user change the record for a 412."""
        due = self._random_faults.pick(operation)
        if due is None:
            return None
        record = identifier and self._phone_calls.get(identifier)
        if due.kind == "412" and record:
            self._phone_calls.touch(record, ANOTHER_USER)
        return _random_fault(due)

    def _carry_out(
        self, operation: str, identifier: str | None, exchange: Exchange, query: str, body: bytes, user: str
    ) -> tuple[int, dict[str, Any]]:
        if operation == "list":
            options = parse_qs(query, keep_blank_values=True)
            count, page = select(self._phone_calls.all(), options)
            counted = {} if options.get("$count") == ["false"] else {"count": count}
            return 200, {**counted, "value": page}
        if operation == "create":
            members = self._checked(_members(exchange, body))
            return 201, {"value": self._phone_calls.create(members, user)}
        record = self._phone_calls.get(identifier)
        if record is None:
            raise Refusal(404, f"Phone call {identifier} does not exist.", identifier)
        if operation == "update":
            _check_version(exchange.header("If-Match"), record["adminData"]["updatedOn"])
            self._phone_calls.merge(record, self._checked(_members(exchange, body)), user)
            return self._settings["update_answer"], {"value": record}
        return 200, {"value": record}

    def _checked(self, members: dict[str, Any]) -> dict[str, Any]:
        """Return the members; refuse a transcript that is longer than the field (its length is a setting: unknown)."""
        limit = self._settings["transcript_limit"]
        if limit is not None and len(members.get("transcript") or "") > limit:
            raise Refusal(400, f"Property transcript has more than {limit} characters.", "transcript")
        return members

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

    async def _control(self, exchange: Exchange, path: str, query: str, body: bytes) -> None:
        name = path.removeprefix("/_standin/").strip("/")
        if name == "sign_in":
            await self._listen_for_certificates()
        handlers = {
            ("GET", "health"): lambda document: {},
            ("GET", "journal"): lambda document: list(self._journal),
            ("DELETE", "journal"): lambda document: self._journal.clear(),
            ("POST", "reset"): self._reset,
            ("GET", "faults"): lambda document: self._faults,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): lambda document: self._faults.clear(),
            ("GET", "phone-calls"): lambda document: self._phone_calls.all(),
            ("GET", "phone-calls?history=1"): lambda document: self._phone_calls.all_with_history(),
            ("POST", "phone-calls"): self._accept,
            **self._desktop.handlers(),
            ("GET", "random_faults"): lambda document: self._random_faults.shown(),
            ("POST", "random_faults"): self._random_faults.start,
            ("DELETE", "random_faults"): lambda document: self._random_faults.stop(),
            ("GET", "sign_in"): lambda document: self._sign_in.settings(),
            ("POST", "sign_in"): self._sign_in.change,
            ("DELETE", "tokens"): lambda document: self._sign_in.end_tokens(),
            ("GET", "settings"): lambda document: self._settings,
            ("POST", "settings"): self._change_settings,
        }
        handler = handlers.get((exchange.method, f"{name}?{query}")) or handlers.get((exchange.method, name))
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
        self._random_faults.stop()
        self._sign_in.reset()
        self._settings = dict(SETTINGS)
        self._faults.clear()
        self._journal.clear()

    def _add_faults(self, document: Any) -> list[dict[str, Any]]:
        added = document if isinstance(document, list) else [document]
        for fault in added:
            _check_fault(fault)
        self._faults += added
        return self._faults

    def _change_settings(self, document: Any) -> dict[str, Any]:
        if not isinstance(document, dict) or document.keys() - SETTINGS.keys():
            raise ValueError(f"The settings are {', '.join(SETTINGS)}.")
        changed = {**self._settings, **document}
        if changed["update_answer"] not in (200, 204):
            raise ValueError("update_answer is 200 or 204.")
        if not isinstance(changed["forbidden"], bool):
            raise ValueError("forbidden is true or false.")
        if not isinstance(changed["transcript_limit"], int | None):
            raise ValueError("transcript_limit is a number of characters, or null.")
        self._settings = changed
        return changed

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


def _random_fault(due: RandomFault) -> dict[str, Any]:
    fault: dict[str, Any] = {"random": due.kind, "carried_out": due.carried_out, "delay": due.delay}
    if due.kind in ("reset", "timeout"):
        fault["drop"] = True
    if due.status:
        fault["status"] = due.status
    if due.retry_after is not None:
        fault["retry_after"] = due.retry_after
    return fault


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
