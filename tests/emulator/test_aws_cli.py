# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS CLI as a foreign client of the emulator, over HTTP."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from tests.local_cloud.connect_emulator import service

AWS = Path(sys.executable).with_name("aws")
SCOPE = re.compile(r"Credential=(\d+)/\d+/([^/]+)/connect/")


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        parts = urlsplit(self.path)
        account, region = SCOPE.search(self.headers["Authorization"]).groups()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, content = asyncio.run(
            service.handle(
                self.command,
                parts.path,
                dict(self.headers),
                body,
                parse_qs(parts.query),
                account=account,
                region=region,
            )
        )
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *_parts: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def aws(emulator, tmp_path):
    """Return a function that runs `aws connect` with the arguments and returns exit code, JSON and error text."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Version 1 of the CLI would fetch an option's value that is a URL.
    configuration = tmp_path / "config"
    configuration.write_text("[default]\ncli_follow_urlparam = false\n")
    environment = {
        "AWS_CONFIG_FILE": str(configuration),
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "111111111111",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_MAX_ATTEMPTS": "1",
    }

    def run(*arguments):
        done = subprocess.run(
            [str(AWS), "connect", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, json.loads(done.stdout or "null"), done.stderr

    yield run
    server.shutdown()
    server.server_close()


def test_instance_origins_and_tags(emulator, aws):
    code, created, error = aws(
        "create-instance",
        "--identity-management-type=CONNECT_MANAGED",
        "--instance-alias=cli",
        "--inbound-calls-enabled",
        "--no-outbound-calls-enabled",
    )
    assert (code, error) == (0, "")
    instance = ["--instance-id", created["Id"]]
    assert aws("associate-approved-origin", *instance, "--origin=https://site.example") == (0, None, "")
    assert aws("list-approved-origins", *instance)[1] == {"Origins": ["https://site.example"]}
    arn = ["--resource-arn", created["Arn"]]
    assert aws("tag-resource", *arn, "--tags=owner=me")[0] == 0
    assert aws("list-tags-for-resource", *arn)[1] == {"tags": {"owner": "me"}}
    described = aws("describe-instance", *instance)[1]["Instance"]
    assert (described["OutboundCallsEnabled"], described["Tags"]) == (False, {"owner": "me"})
    assert len(aws("list-instance-attributes", *instance)[1]["Attributes"]) > 7


def test_errors_are_told(emulator, aws):
    code, _answer, error = aws("describe-instance", "--instance-id=nope")
    assert code != 0
    assert "(ResourceNotFoundException) when calling the DescribeInstance operation: Instance not found" in error
