# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS CLI as a foreign client of the emulator, over HTTP: every operation, and every list in small pages.

Most commands share a process (aws_commands.py), because a process of its own takes 0.7 s of CPU each.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from botocore import xform_name

from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.registry import OPERATIONS

from .instance_life import CALL
from .instance_life import Life
from .instance_life import Step
from .instance_life import listed
from .instance_life import paged_step
from .instance_life import paginators
from .instance_life import phases

AWS = Path(sys.executable).with_name("aws")
SCOPE = re.compile(r"Credential=(\d+)/\d+/([^/]+)/connect/")
ALWAYS_PAGED = {"ListInstances", "ListInstanceAttributes", "ListPhoneNumbersV2", "SearchUsers"}
NEVER_SUCCEEDS = {"GetFlowAssociation": "the emulator has none of the resources that this operation takes"}

Outcome = tuple[int, Any, str]


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
                parse_qs(parts.query, keep_blank_values=True),
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


class CommandLine:
    """`aws connect`: call it with arguments for exit code, JSON and error text."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._commands = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("aws_commands.py"))],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str) -> Outcome:
        """Run a command in the process that all commands share."""
        print(json.dumps(["connect", *arguments]), file=self._commands.stdin, flush=True)
        code, output, error = json.loads(self._commands.stdout.readline())
        return code, json.loads(output or "null"), error

    def process(self, *arguments: str) -> Outcome:
        """Run a command as a process of its own."""
        done = subprocess.run(
            [str(AWS), "connect", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, json.loads(done.stdout or "null"), done.stderr

    def operation(self, name: str, request: dict[str, Any], *options: str) -> Outcome:
        """Run the command of an operation with the request as --cli-input-json."""
        return self(xform_name(name, "-"), "--cli-input-json", json.dumps(request), *options)

    def close(self) -> None:
        """End the process that the commands share."""
        self._commands.stdin.close()
        assert self._commands.wait(60) == 0
        self._commands.stdout.close()


@pytest.fixture(scope="module")
def shared_aws(tmp_path_factory) -> Iterator[CommandLine]:
    """The CLI with an environment that leads to the emulator of this process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = tmp_path_factory.mktemp("home")
    # Version 1 of the CLI would fetch an option's value that is a URL.
    (home / "config").write_text("[default]\ncli_follow_urlparam = false\n")
    aws = CommandLine(
        {
            "AWS_CONFIG_FILE": str(home / "config"),
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "111111111111",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "eu-west-2",
            "AWS_MAX_ATTEMPTS": "1",
        }
    )
    yield aws
    aws.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def aws(emulator, shared_aws) -> CommandLine:
    """The CLI and an empty emulator."""
    return shared_aws


def test_every_operation_has_a_step():
    done = {step.do for steps in phases().values() for step in steps} - {CALL}
    assert done == OPERATIONS.keys(), "tests/emulator/instance_life.yml says how each operation is called"


def test_life_of_an_instance(emulator, aws, life, exercised):
    for step in [step for steps in phases().values() for step in steps]:
        if step.do == CALL:
            life.dial(step)
        else:
            carry_out(aws, life, step)
            exercised.add("operations by AWS CLI", step.do)
    answered = {entry["operation"] for entry in emulator.state.journal if entry["status"] == 200}
    assert OPERATIONS.keys() - answered == NEVER_SUCCEEDS.keys()


def carry_out(aws: CommandLine, life: Life, step: Step) -> None:
    """Carry out a step by --cli-input-json and check what it answers."""
    code, answer, error = aws.operation(step.do, life.request(step))
    if step.error:
        assert code != 0, f"{step.do}: {answer}"
        assert f"({step.error}) when calling the {step.do} operation" in error
    else:
        assert (code, error) == (0, ""), step
        life.note(step, answer or {})


@pytest.mark.parametrize(
    "operation",
    [
        operation if operation in ALWAYS_PAGED else pytest.param(operation, marks=pytest.mark.full)
        for operation in sorted(OPERATIONS.keys() & paginators().keys())
    ],
)
def test_small_pages_are_the_whole(emulator, aws, furnished, exercised, operation):
    step = paged_step(operation)
    request = furnished.request(step)
    whole = aws.operation(operation, request)
    furnished.note(step, whole[1])
    before = len(emulator.state.journal)
    assert aws.operation(operation, request, "--page-size", "1") == whole
    assert len(emulator.state.journal) - before == step.items
    half, found, start = math.ceil(step.items / 2), [], []
    while start is not None:
        code, answer, error = aws.operation(operation, request, "--page-size", "1", "--max-items", str(half), *start)
        assert (code, error) == (0, "")
        part = listed(operation, answer)
        assert 0 < len(part) <= half
        found += part
        start = ["--starting-token", answer["NextToken"]] if "NextToken" in answer else None
    assert found == listed(operation, whole[1])
    exercised.add("lists in small pages by AWS CLI", operation)


def test_options_instead_of_json(emulator, aws):
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


def test_pages_asked_for_by_hand(aws, instance):
    code, first, _error = aws("list-prompts", f"--instance-id={instance}", "--max-results=5")
    assert (code, len(first["PromptSummaryList"])) == (0, 5)
    _code, last, _error = aws("list-prompts", f"--instance-id={instance}", "--next-token", first["NextToken"])
    assert (len(last["PromptSummaryList"]), "NextToken" in last) == (2, False)
    code, _answer, error = aws("list-prompts", f"--instance-id={instance}", "--next-token=garbled")
    assert code != 0
    assert "(InvalidParameterException) when calling the ListPrompts operation" in error


def test_errors_are_told(aws):
    code, _answer, error = aws("describe-instance", "--instance-id=nope")
    assert code != 0
    assert "(ResourceNotFoundException) when calling the DescribeInstance operation: Instance not found" in error


def test_process_of_its_own_answers_the_same(aws, instance):
    for command in (
        ("list-instance-attributes", "--cli-input-json", json.dumps({"InstanceId": instance}), "--page-size=3"),
        ("describe-instance", "--instance-id=nope"),
    ):
        assert aws.process(*command) == aws(*command)
