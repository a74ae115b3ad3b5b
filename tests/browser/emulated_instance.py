# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An instance with one agent, in the Connect emulator in this very process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.emulator.call_site import FakeEvents
from tests.local_cloud.connect_emulator import ccp
from tests.local_cloud.connect_emulator import control
from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.settings import Settings
from tests.local_cloud.connect_emulator.state import EMULATOR

ACCOUNT = "111111111111"


class EmulatedInstance:
    """It has the user Ann Agent, and no origin is approved yet. There is one at a time."""

    alias = "example"

    def __init__(self) -> None:
        EMULATOR.reset()
        EMULATOR.settings = Settings(creation_delay=0)
        # The only other service that a contact without recording reaches.
        EMULATOR.client_factory = lambda service, account, region: FakeEvents()
        self._id = _request(
            "PUT",
            "/instance",
            {
                "IdentityManagementType": "CONNECT_MANAGED",
                "InstanceAlias": self.alias,
                "InboundCallsEnabled": True,
                "OutboundCallsEnabled": True,
            },
        )["Id"]
        profile = _request("GET", f"/routing-profiles-summary/{self._id}")["RoutingProfileSummaryList"][0]["Id"]
        security = _request("GET", f"/security-profiles-summary/{self._id}")["SecurityProfileSummaryList"][0]["Id"]
        _request(
            "PUT",
            f"/users/{self._id}",
            {
                "Username": "ann",
                "Password": "Passw0rd-for-tests",
                "IdentityInfo": {"FirstName": "Ann", "LastName": "Agent"},
                "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
                "SecurityProfileIds": [security],
                "RoutingProfileId": profile,
            },
        )

    @property
    def queue_arn(self) -> str:
        return _request("GET", f"/queues-summary/{self._id}")["QueueSummaryList"][0]["Arn"]

    def publish_flow(self, name: str, content: str) -> None:
        """Create a flow that contacts can begin with."""
        _request("PUT", f"/contact-flows/{self._id}", {"Name": name, "Type": "CONTACT_FLOW", "Content": content})

    def approve(self, origin: str) -> None:
        """Let pages of this origin frame the panel."""
        _request("PUT", f"/instance/{self._id}/approved-origin", {"Origin": origin})

    def sign_in(self) -> str:
        """Return the cookie of a new session of Ann Agent."""
        return self.control("POST", "agents", {"user": "ann", "do": "sign_in"})["cookie"]

    def control(self, method: str, path: str, body: dict) -> dict:
        """Send a control request about this instance."""
        body = {"account": ACCOUNT, "instance": self.alias, **body}
        status, _headers, answer = _run(control.handle(method, f"/_emulator/{path}", {}, json.dumps(body).encode()))
        assert status == 200, answer
        return json.loads(answer)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, dict, bytes]:
        """Answer a browser: HTTP status, headers, body."""
        return _run(ccp.handle(self.alias, method, target, headers, body))


def _request(method: str, path: str, body: dict | None = None) -> dict:
    """Send a request to Amazon Connect."""
    status, _headers, answer = _run(
        service.handle(method, path, {}, json.dumps(body or {}).encode(), {}, account=ACCOUNT, region="eu-west-2")
    )
    assert status == 200, answer
    return json.loads(answer)


def _run(request: Coroutine) -> Any:
    """Wait for an answer, in a thread because Playwright runs an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, request).result()
