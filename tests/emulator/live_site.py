# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A contact centre for tests of live contacts: customers, and agents with panels reached as a browser reaches them."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlencode

from tests.local_cloud.connect_emulator import ccp

from .call_site import ACCOUNT
from .call_site import PASSWORD
from .call_site import CallSite
from .call_site import record
from .call_site import to_queue

ALIAS = "test"
HOST = f"{ALIAS}.my.connect.localhost:1234"
CALLER = "+442079460999"


class Panel:
    """The panel of one agent in one browser."""

    def __init__(self, site: LiveSite, name: str) -> None:
        self.site, self.name = site, name
        self.cookie: str | None = None
        self.version: int | None = None

    def request(self, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        sent = {"Host": HOST, **({"Cookie": self.cookie} if self.cookie else {}), **headers}
        return asyncio.run(ccp.handle(ALIAS, method, target, sent, body))

    def sign_in(self, password: str = PASSWORD, landat: str = "/ccp-v2/") -> tuple[int, dict[str, str], str]:
        """Fill the form of the sign-in page in; return status, headers and page."""
        form = urlencode({"username": self.name, "password": password, "landat": landat}).encode()
        content_type = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, body = self.request("POST", "/connect/login", form, **content_type)
        if "Set-Cookie" in headers:
            self.cookie = headers["Set-Cookie"].partition(";")[0]
        return status, headers, body.decode()

    def ask(self, method: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        """Send a request of the panel's; return status and JSON."""
        content = {"Content-Type": "application/json", "Origin": f"http://{HOST}"}
        status, _headers, body = self.request(
            "POST", f"/ccp-v2/api/{method}", json.dumps(parameters).encode(), **content
        )
        return status, json.loads(body)

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a request that is granted."""
        status, answer = self.ask(method, **parameters)
        assert status == 200, answer
        return answer

    def refused(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Send a request that is refused; return status and type."""
        status, answer = self.ask(method, **parameters)
        assert status != 200, answer
        assert set(answer) == {"type", "message"}
        return status, answer["type"]

    def updates(self, since: int | None = None) -> tuple[int, dict[str, Any]]:
        status, _headers, body = self.request("GET", f"/ccp-v2/api/updates?since={'' if since is None else since}")
        return status, json.loads(body)

    def look(self) -> dict[str, Any]:
        """Return what the panel shows now."""
        status, document = self.updates()
        assert status == 200, document
        return document

    @property
    def state(self) -> str:
        return self.look()["snapshot"]["state"]["name"]

    @property
    def contacts(self) -> list[dict[str, Any]]:
        return self.look()["snapshot"]["contacts"]

    @property
    def contact(self) -> dict[str, Any]:
        (contact,) = self.contacts
        return contact

    @property
    def states(self) -> list[str]:
        """Return the states of all contacts."""
        return [contact["state"]["type"] for contact in self.contacts]

    def connection(self, kind: str) -> dict[str, Any]:
        """Return the connection of the customer, the agent or the third party."""
        return next(item for item in self.contact["connections"] if role_of(item, self.contact) == kind)

    def parties(self) -> dict[str, str]:
        """Return the states of the connections by role."""
        contact = self.contact
        return {role_of(item, contact): item["state"]["type"] for item in contact["connections"]}

    def act(self, method: str, kind: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a request about the only contact, and about one of its connections."""
        connection = {"connectionId": self.connection(kind)["connectionId"]} if kind else {}
        return self.do(method, contactId=self.contact["contactId"], **connection, **parameters)

    def refused_for(self, method: str, kind: str | None = None, **parameters: Any) -> tuple[int, str]:
        connection = {"connectionId": self.connection(kind)["connectionId"]} if kind else {}
        return self.refused(method, contactId=self.contact["contactId"], **connection, **parameters)

    def be(self, status: str) -> None:
        self.do("putAgentState", state={"name": status})


def role_of(connection: dict[str, Any], contact: dict[str, Any]) -> str:
    if connection["initial"]:
        return "customer"
    return "agent" if connection["type"] == "agent" else "third"


class LiveSite(CallSite):
    """An instance whose agents sign in and wait for contacts."""

    def take_recorded_calls(self) -> None:
        """Deploy a flow that records calls and queues them, and the way of their events to the function."""
        self.deploy(record(), *to_queue(self.queue_arn))
        self.add_rule()
        self.events.add_rule()
        self.functions.allow()

    def open_panel(self, name: str = "agent", status: str | None = "Available") -> Panel:
        """Sign an existing agent in and let him be available."""
        panel = Panel(self, name)
        panel.sign_in()
        if status:
            panel.be(status)
        return panel

    def ring(self, **request: Any) -> str:
        """Let a customer call; return the contact's id."""
        return self.call(live=True, agent=..., **request)["contact_id"]

    def look_at(self, contact_id: str) -> dict[str, Any]:
        return self.emulator.control("GET", f"contacts/{contact_id}")

    def customer(self, contact_id: str, do: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Let the customer do something; return HTTP status and JSON."""
        return self.emulator.control_answer("POST", f"contacts/{contact_id}", {"do": do, **more})

    def to_agent(self, do: str, user: str = "agent", **more: Any) -> dict[str, Any]:
        """Do something to an agent from outside."""
        body = {"account": ACCOUNT, "instance": ALIAS, "user": user, "do": do, **more}
        status, answer = self.emulator.control_answer("POST", "agents", body)
        assert status == 200, answer
        return answer

    def wait(self, seconds: float = 0) -> None:
        """Let time pass, and all that was to happen in it."""
        self.emulator.advance(seconds)
        self.emulator.control("GET", "settings")


def directive(headers: dict[str, str], name: str) -> list[str]:
    """Return the values of a directive of the content security policy."""
    found = re.search(rf"(?:^|; ){name} ([^;]*)", headers["Content-Security-Policy"])
    return found[1].split() if found else []
