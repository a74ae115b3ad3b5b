# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sites of the browser tests have in common: each answers in the test's own process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

# host, method, target, headers, body -> status, headers, body
Answer = Callable[[str, str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]


def handler_for(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].rpartition(":")[0].removesuffix(".localhost")
            sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, headers, body = answer(host, self.command, self.path, dict(self.headers), sent)
            # A panel that is closed no longer waits for news.
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        do_POST = do_OPTIONS = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test output free of requests."""

    return Handler
