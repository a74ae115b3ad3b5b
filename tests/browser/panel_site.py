# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bare page with the Streams library, and the emulator's panel with its own sign-in, each under a name of its own."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.browser.emulated_instance import EmulatedInstance
from tests.browser.serving import handler_for
from tests.emulator.call_site import action
from tests.emulator.call_site import document
from tests.emulator.call_site import to_queue

STREAMS = Path(__file__).parents[2] / "node_modules/amazon-connect-streams/release/connect-streams.js"
# Writes down what the library calls back.
PAGE = """<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head>
<body><div id="panel" style="width:400px;height:600px"></div><script src="/streams.js"></script><script>
const told = [];
connect.getLog().setEchoLevel(connect.LogLevel.ERROR);
connect.core.initCCP(document.getElementById("panel"), {
  ccpUrl: "@PANEL@",
  loginPopupAutoClose: true,
  ccpLoadTimeout: 1500,
  softphone: { allowFramedSoftphone: location.search !== "?framed-softphone=no" },
});
connect.core.onAuthFail(() => told.push("auth_fail"));
connect.agent((agent) => {
  window.agent = agent;
  agent.onSoftphoneError(({ errorType }) => told.push(errorType));
  agent.onWebSocketConnectionLost(() => told.push("lost"));
  agent.onWebSocketConnectionGained(() => told.push("gained"));
});
connect.contact((contact) => {
  window.contact = contact;
  "Incoming Connecting Accepted Connected Missed ACW Ended Error Destroy".split(" ").forEach((name) => {
    contact[`on${name}`](() => told.push(`on${name}`));
  });
});
</script></body></html>"""


class PanelSite:
    """Ann Agent can sign in, and a number's flow leads to her queue. The origin of the page is approved."""

    def __init__(self) -> None:
        self.instance = EmulatedInstance()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self.answer))
        self._server.daemon_threads = True
        port = self._server.server_port
        self.page_url = f"http://host.localhost:{port}/"
        self.panel_origin = f"http://{self.instance.alias}.my.connect.localhost:{port}"
        self.instance.approve(self.page_url.rstrip("/"))
        self.instance.publish_flow(
            "Main",
            document(
                action("log", "UpdateFlowLoggingBehavior", "queue", FlowLoggingBehavior="Disabled"),
                *to_queue(self.instance.queue_arn),
            ),
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def ring(self, **request: Any) -> str:
        """Let a customer call, or begin a chat; return the contact's id."""
        request = {"live": True, "region": "eu-west-2", "contact_flow": "Main", "caller": "+442079460999", **request}
        return self.instance.control("POST", "calls", request)["contact_id"]

    def to_agent(self, do: str, **more: Any) -> dict[str, Any]:
        return self.instance.control("POST", "agents", {"user": "ann", "do": do, **more})

    def customer(self, contact_id: str, do: str, **more: Any) -> dict[str, Any]:
        return self.instance.control("POST", f"contacts/{contact_id}", {"do": do, **more})

    def answer(self, host: str, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple:
        if host.endswith(".my.connect"):
            return self.instance.answer(method, target, headers, body)
        if target == "/streams.js":
            return 200, {"Content-Type": "text/javascript"}, STREAMS.read_bytes()
        return 200, {"Content-Type": "text/html"}, PAGE.replace("@PANEL@", f"{self.panel_origin}/ccp-v2/").encode()
