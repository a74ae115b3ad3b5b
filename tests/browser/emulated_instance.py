# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An instance with one agent, in the Connect emulator in this very process."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from tests.local_cloud.connect_emulator import ccp
from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.settings import Settings
from tests.local_cloud.connect_emulator.state import EMULATOR


class EmulatedInstance:
    """Its user Ann Agent is signed in; no origin is approved yet. There is one at a time."""

    alias = "example"

    def __init__(self) -> None:
        EMULATOR.reset()
        EMULATOR.settings = Settings(creation_delay=0)
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

    def approve(self, origin: str) -> None:
        """Let pages of this origin frame the panel."""
        _request("PUT", f"/instance/{self._id}/approved-origin", {"Origin": origin})

    def panel(self) -> tuple[int, dict[str, str], bytes]:
        """Return the contact control panel: HTTP status, headers, body."""
        return ccp.page(self.alias)


def _request(method: str, path: str, body: dict | None = None) -> dict:
    """Send a request to Amazon Connect, from a thread because Playwright runs an event loop in this one."""
    request = service.handle(
        method, path, {}, json.dumps(body or {}).encode(), {}, account="111111111111", region="eu-west-2"
    )
    with ThreadPoolExecutor(1) as thread:
        status, _headers, answer = thread.submit(asyncio.run, request).result()
    assert status == 200, answer
    return json.loads(answer)
