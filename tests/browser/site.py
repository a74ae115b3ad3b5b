# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A web server for the connector, the page that frames it and the emulator's panel, each under a name of its own.

Browsers resolve every name under localhost to this machine, so the names are real, different origins.
"""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.browser.emulated_instance import EmulatedInstance
from tests.browser.rendering import DIST
from tests.browser.rendering import read_manifest
from tests.browser.rendering import render_config
from tests.browser.rendering import render_headers
from tests.browser.serving import handler_for
from tests.emulator.call_site import document
from tests.emulator.call_site import to_queue

CUSTOMER = "+442079460999"
DELEGATED = "microphone; autoplay; clipboard-write; identity-credentials-get"
# Like the real one it says nothing to the page around it.
SIGN_IN_PAGE = """<!doctype html><html lang="en"><head><title>Sign-in</title><link rel="icon" href="data:,"></head>
<body><a href="/sign-in">Sign in</a></body></html>"""


def host_page(connector_url: str, *, allow: str = DELEGATED) -> str:
    """Return a page that frames the connector as SAP does, and keeps what it is told in `messages`."""
    return f"""<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head>
<body style="margin:0"><script>const messages = []; onmessage = ({{data}}) => messages.push(data);</script>
<iframe title="Connector" allow="{allow}" src="{connector_url}"
 style="border:0;width:100vw;height:100vh"></iframe></body></html>"""


class Site:
    """Started at once; its attributes may be changed at any time. Connector and SAP are approved origins at first."""

    def __init__(self, *, approved: tuple[str, ...] = ("connector", "sap")) -> None:
        self.signed_in = True
        self._instance = EmulatedInstance()
        self._session = self._instance.sign_in()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self.answer))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.settings = {
            "instanceUrl": self.origin(f"{self._instance.alias}.my.connect"),
            "region": "eu-west-2",
            "sapOrigins": [self.origin("sap")],
        }
        self.config_js: str | None = None
        self.missing: set[str] = set()
        for name in approved:
            self._instance.approve(self.origin(name))
        self._instance.publish_flow("Main", document(*to_queue(self._instance.queue_arn)))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def origin(self, name: str) -> str:
        """Return the origin of `name` on this server, such as http://sap.localhost:40000."""
        return f"http://{name}.localhost:{self.port}"

    @property
    def connector_url(self) -> str:
        return self.origin("connector") + "/"

    def ring(self, **request: Any) -> str:
        """Let a customer call, or begin a chat; return the contact's id."""
        request = {"live": True, "region": "eu-west-2", "contact_flow": "Main", "caller": CUSTOMER, **request}
        return self._instance.control("POST", "calls", request)["contact_id"]

    def to_agent(self, do: str, **more: Any) -> dict[str, Any]:
        """Let something happen to Ann Agent, or let her do it elsewhere."""
        return self._instance.control("POST", "agents", {"user": "ann", "do": do, **more})

    def customer(self, contact_id: str, do: str, **more: Any) -> dict[str, Any]:
        """Let the customer do something."""
        return self._instance.control("POST", f"contacts/{contact_id}", {"do": do, **more})

    def answer(
        self, host: str, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for a request to `host`, a name before .localhost."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if host == "connector":
            return self._answer_connector(path)
        if host.endswith(".my.connect"):
            return self._answer_panel(method, target, headers, body)
        page = host_page(self.connector_url, allow=query.get("allow", [DELEGATED])[0])
        return 200, {"Content-Type": "text/html"}, page.encode()

    def _answer_connector(self, path: str) -> tuple[int, dict[str, str], bytes]:
        name = path.removeprefix("/") or "index.html"
        manifest = read_manifest()
        entry = next((entry for entry in manifest["files"] + manifest["rendered"] if entry["path"] == name), None)
        if entry is None or name in self.missing:
            return 404, {"Content-Type": "text/plain"}, b"not found"
        headers = render_headers(self.settings)
        headers |= {"Content-Type": entry["content_type"], "Cache-Control": entry["cache_control"]}
        if name == "config.js":
            return 200, headers, (self.config_js or render_config(self.settings)).encode()
        return 200, headers, (DIST / name).read_bytes()

    def _answer_panel(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer as the instance, to a browser that is signed in once the link of the sign-in page was clicked."""
        if target == "/sign-in":
            self.signed_in = True
            target = "/ccp-v2/"
        if not self.signed_in:
            return 200, {"Content-Type": "text/html"}, SIGN_IN_PAGE.encode()
        return self._instance.answer(method, target, {**headers, "Cookie": self._session}, body)
