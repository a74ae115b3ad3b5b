# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to an instance's access URL.

The panel and what it asks for need a session; without one a browser is sent to the sign-in page, which nobody may
frame. Only approved origins may frame the panel (connect-api 10). A panel learns of changes by one request that waits
until there is something new.
"""

from __future__ import annotations

import asyncio
import html
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import quote
from urllib.parse import urlsplit

from .. import timers
from ..live import chats
from ..live import requests
from ..live import snapshots
from ..live.floor import Agent
from ..live.floor import Floor
from ..live.floor import floor_of
from ..live.refusals import Refusal
from ..operations import users
from ..state import EMULATOR
from ..state import Instance
from . import contact_pages
from . import sessions

FOLDER = Path(__file__).parent
LONGEST_WAIT = 5.0
PAUSE = 0.03
PANEL = "/ccp-v2/"
PANEL_PATHS = ("/", "/ccp-v2", PANEL, "/connect/ccp-v2", "/connect/ccp-v2/")
SIGN_IN = "/connect/login"
FILES = {
    "/ccp-v2/panel.js": ("panel.js", "text/javascript; charset=utf-8"),
    "/ccp-v2/controls.js": ("controls.js", "text/javascript; charset=utf-8"),
    "/ccp-v2/style.css": ("style.css", "text/css; charset=utf-8"),
}
COMMON = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Answer = tuple[int, dict[str, str], bytes]


async def handle(alias: str, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """Answer one request to an instance.

    :param alias: of the instance, as in its host name
    :param target: path with query
    :param headers: names in any case
    """
    await timers.run_due()
    instance = _instance(alias)
    if instance is None:
        return _text(404, f"No instance {alias}\n")
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    lowered = {name.lower(): value for name, value in headers.items()}
    request = (method.upper(), parts.path)
    floor = floor_of(instance)
    if request[0] == "GET" and parts.path in PANEL_PATHS:
        return _panel(floor, lowered)
    if request[0] == "GET" and parts.path in FILES:
        name, content_type = FILES[parts.path]
        return 200, {**COMMON, "Content-Type": content_type}, (FOLDER / name).read_bytes()
    if parts.path == SIGN_IN:
        return _sign_in(floor, request[0], query, body)
    if request == ("GET", "/connect/logout"):
        return _sign_out(floor, lowered)
    if request == ("GET", "/connect/sso"):
        return _sign_in_by_code(floor, query)
    if parts.path.startswith("/participant/"):
        return _participant(floor, request[0], parts.path.removeprefix("/participant/"), lowered, body)
    if parts.path.startswith("/ccp-v2/api/"):
        return await _api(floor, request[0], parts.path.removeprefix("/ccp-v2/api/"), query, lowered, body)
    contact_id = contact_pages.contact_of(parts.path)
    if contact_id and request[0] == "GET":
        if sessions.agent_of(floor, lowered) is None:
            return _redirect(f"{SIGN_IN}?landat={quote(target, safe='')}")
        return contact_pages.page(floor, contact_id, query.get("tz", "UTC"))
    return _text(404, "Not found\n")


def _instance(alias: str) -> Instance | None:
    for region in EMULATOR.regions.values():
        for instance in region.instances.values():
            if instance.alias and instance.alias.lower() == alias.lower() and instance.status == "ACTIVE":
                return instance
    return None


# The panel


def _panel(floor: Floor, headers: dict[str, str]) -> Answer:
    if sessions.agent_of(floor, headers) is None:
        return _redirect(f"{SIGN_IN}?landat={quote(PANEL, safe='')}")
    return (
        200,
        {
            **COMMON,
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": _panel_policy(floor.instance),
        },
        (FOLDER / "panel.html").read_bytes(),
    )


def _panel_policy(instance: Instance) -> str:
    """Let only approved origins frame the panel; each frame around it up to the top must be one."""
    origins = " ".join(["'self'", *(record.id for record in instance.store("approved_origins").all())])
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            f"frame-ancestors {origins}",
        )
    )


async def _api(
    floor: Floor, method: str, name: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> Answer:
    try:
        if (method, name) == ("GET", "updates"):
            return _json(200, await _updates(floor, headers, query.get("since", "")))
        if method != "POST":
            return _json(405, {"type": "MethodNotAllowed", "message": "Requests are posted."})
        _check_page(headers)
        agent = _agent(floor, headers)
        if name == "signOut":
            floor.end_session(sessions.token_of(headers), "terminated")
            return _json(200, {})
        return _json(200, await requests.perform(floor, agent, name, _parameters(body)))
    except Refusal as refusal:
        return _json(refusal.status, {"type": refusal.type, "message": refusal.message})


def _check_page(headers: dict[str, str]) -> None:
    """Take requests of the panel's own page only; the cookie alone would let any page on the web act for the agent."""
    origin = headers.get("origin")
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refusal("ValidationException", "A request is JSON.", 415)
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise Refusal("AccessDeniedException", "The request comes from another page.", 403)


def _agent(floor: Floor, headers: dict[str, str]) -> Agent:
    agent = sessions.agent_of(floor, headers)
    if agent is None:
        reason = floor.ended.get(sessions.token_of(headers) or "", "signed_out")
        raise Refusal(reason, "Nobody is signed in.", 401)
    if not sessions.may_use_panel(floor, agent):
        raise Refusal("AccessDeniedException", "The agent may not use the panel.", 403)
    if not agent.reachable:
        raise Refusal("ServiceUnavailable", "The connection is lost.", 503)
    return agent


def _parameters(body: bytes) -> dict[str, Any]:
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict):
        raise Refusal("ValidationException", "The body is not a JSON object.", 400)
    return parameters


async def _updates(floor: Floor, headers: dict[str, str], since: str) -> dict[str, Any]:
    """Wait until the agent's panels have something new to show, or for a while."""
    known = int(since) if since.isdigit() else None
    give_up = time.monotonic() + LONGEST_WAIT
    while True:
        agent = _agent(floor, headers)
        if agent.version != known or time.monotonic() >= give_up:
            events = [{"event": event, "data": data} for number, event, data in agent.events if number > (known or 0)]
            return {
                "version": agent.version,
                "events": events if known is not None else [],
                "snapshot": snapshots.snapshot(agent),
                "configuration": snapshots.configuration(floor, agent),
            }
        await asyncio.sleep(PAUSE)
        await timers.run_due()


def _participant(floor: Floor, method: str, action: str, headers: dict[str, str], body: bytes) -> Answer:
    """Answer as the participant service, which has a name of its own in reality; pages of any origin may ask it."""
    shared = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "content-type, x-amz-bearer, x-amz-user-agent, x-amzn-request-id",
    }
    if method == "OPTIONS":
        return 204, {**COMMON, **shared}, b""
    try:
        if method != "POST":
            raise Refusal("ValidationException", "Requests are posted.", 405)
        status, document = 200, chats.perform(floor, action, headers.get("x-amz-bearer"), _parameters(body))
    except Refusal as refusal:
        status, document = refusal.status, {"__type": refusal.type, "Message": refusal.message}
    answer = _json(status, document)
    return answer[0], {**answer[1], **shared}, answer[2]


# Sign-in


def _sign_in(floor: Floor, method: str, query: dict[str, str], body: bytes) -> Answer:
    if method != "POST":
        return _sign_in_page(200, _landing(query.get("landat")), "")
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    landing = _landing(form.get("landat"))
    user = users.find_by_password(floor.instance, form.get("username", ""), form.get("password", ""))
    if user is None:
        return _sign_in_page(401, landing, "The username or the password is wrong.")
    return _redirect(landing, sessions.set_cookie(floor.sign_in(user)))


def _sign_in_by_code(floor: Floor, query: dict[str, str]) -> Answer:
    """Take a code that stands for a sign-in elsewhere, once."""
    wanted = floor.codes.pop(query.get("code", ""), None)
    user = next((user for user in floor.instance.store("users").all() if user.id == wanted), None)
    if user is None:
        return _sign_in_page(401, PANEL, "This sign-in has been used or was never given.")
    return _redirect(_landing(query.get("landat")), sessions.set_cookie(floor.sign_in(user)))


def _sign_out(floor: Floor, headers: dict[str, str]) -> Answer:
    floor.end_session(sessions.token_of(headers), "terminated")
    return _redirect(f"{SIGN_IN}?landat={quote(PANEL, safe='')}", sessions.clear_cookie())


def _landing(wanted: str | None) -> str:
    """Return a page of this instance to go to; never one elsewhere."""
    if wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and _is_header_text(wanted):
        return wanted
    return PANEL


def _is_header_text(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _sign_in_page(status: int, landing: str, problem: str) -> Answer:
    text = (FOLDER / "sign_in.html").read_text(encoding="utf-8")
    shown = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    content = text.replace("@PROBLEM@", shown).replace("@LANDING@", html.escape(landing))
    headers = {
        **COMMON,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
    }
    return status, headers, content.encode()


# Answers


def _redirect(location: str, cookie: str | None = None) -> Answer:
    headers = {**COMMON, "Location": location}
    return 302, headers | ({"Set-Cookie": cookie} if cookie else {}), b""


def _text(status: int, text: str) -> Answer:
    return status, {**COMMON, "Content-Type": "text/plain; charset=utf-8"}, text.encode()


def _json(status: int, document: Any) -> Answer:
    return status, {**COMMON, "Content-Type": "application/json"}, json.dumps(document).encode()
