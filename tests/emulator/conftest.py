# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator in the test's own process, reached by boto3 without a network."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.exceptions import ParamValidationError
from botocore.handlers import VALID_BUCKET

from tests.emulator import exercised as exercised_plugin
from tests.emulator.declared_errors import DECLARED
from tests.emulator.declared_errors import IMPLEMENTED
from tests.emulator.declared_errors import assigned
from tests.emulator.declared_errors import explained_away
from tests.emulator.exercised import Exercised
from tests.local_cloud.connect_emulator import control
from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.registry import OPERATIONS
from tests.local_cloud.connect_emulator.settings import Settings
from tests.local_cloud.connect_emulator.state import EMULATOR

from .call_site import FakeEvents
from .instance_life import ACCOUNT
from .instance_life import Life
from .instance_life import furnish

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/connect/")
# Building a client takes 0.3 s.
_CLIENTS: dict[tuple[str, str, str], Any] = {}
# Furnishing an instance takes 0.2 s.
_FURNISHED: dict[str, Any] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(exercised_plugin)


class FakeS3:
    """As much of S3 as the emulator calls: buckets that exist, objects put into them."""

    def __init__(self, account: str, buckets: dict[str, str], objects: dict[tuple[str, str], bytes]) -> None:
        self._account = account
        self._buckets = buckets
        self._objects = objects

    def head_bucket(self, *, Bucket: str) -> dict[str, Any]:
        if not VALID_BUCKET.search(Bucket):
            # As boto3 does, before it sends anything.
            raise ParamValidationError(report=f'Invalid bucket name "{Bucket}"')
        owner = self._buckets.get(Bucket)
        if owner == self._account:
            return {}
        code = "404" if owner is None else "403"
        status = {"HTTPStatusCode": int(code)}
        raise ClientError({"Error": {"Code": code}, "ResponseMetadata": status}, "HeadBucket")

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        self.head_bucket(Bucket=Bucket)
        if (Bucket, Key) in self._objects:
            return {}
        raise ClientError({"Error": {"Code": "404"}, "ResponseMetadata": {"HTTPStatusCode": 404}}, "HeadObject")

    def put_object(self, *, Bucket: str, Key: str, Body: bytes | str, **more: Any) -> dict[str, Any]:
        self.head_bucket(Bucket=Bucket)
        self._objects[Bucket, Key] = Body.encode() if isinstance(Body, str) else Body
        return {}


class FakeKms:
    """As much of KMS as the emulator calls: the kinds of the keys that exist, by their ARNs."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._keys = keys

    def describe_key(self, *, KeyId: str) -> dict[str, Any]:
        if KeyId not in self._keys:
            raise ClientError({"Error": {"Code": "NotFoundException"}}, "DescribeKey")
        return {"KeyMetadata": {"Arn": KeyId, "KeySpec": self._keys[KeyId]}}


class FakeLambda:
    """As much of Lambda as the emulator calls: statements of the policies of functions that exist."""

    def __init__(self, functions: dict[str, dict[str, Any]]) -> None:
        self._functions = functions

    def _policy(self, operation: str, function: str) -> dict[str, Any]:
        if function not in self._functions:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, operation)
        return self._functions[function]

    def add_permission(self, *, FunctionName: str, StatementId: str, **statement: Any) -> dict[str, Any]:
        self._policy("AddPermission", FunctionName)[StatementId] = statement
        return {}

    def remove_permission(self, *, FunctionName: str, StatementId: str) -> dict[str, Any]:
        del self._policy("RemovePermission", FunctionName)[StatementId]
        return {}


class EmulatorFixture:
    """The running emulator as a test sees it.

    `buckets` maps the buckets that exist to their accounts, `objects` holds what the emulator put into them,
    `keys` maps the ARNs of the KMS keys that exist to their kinds (KeySpec),
    `functions` maps the ARNs of the Lambda functions that exist to the statements of their policies by id, and
    `aws_services` maps the name of another AWS service to a function (account, region) that returns its fake client.
    """

    def __init__(self) -> None:
        self.state = EMULATOR
        self.buckets: dict[str, str] = {}
        self.objects: dict[tuple[str, str], bytes] = {}
        self.keys: dict[str, str] = {}
        self.functions: dict[str, dict[str, Any]] = {}
        event_bus = FakeEvents()
        self.aws_services: dict[str, Any] = {
            "events": lambda account, region: event_bus,
            "s3": lambda account, region: FakeS3(account, self.buckets, self.objects),
            "kms": lambda account, region: FakeKms(self.keys),
            "lambda": lambda account, region: FakeLambda(self.functions),
        }

    @property
    def settings(self) -> Settings:
        return EMULATOR.settings

    def client(self, account: str = "111111111111", region: str = "eu-west-2", retries: dict | None = None) -> Any:
        """Return a boto3 client that sends its requests straight into the emulator, each once unless told."""
        key = (account, region, json.dumps(retries))
        if key not in _CLIENTS:
            _CLIENTS[key] = boto3.session.Session().client(
                "connect",
                region_name=region,
                endpoint_url="http://connect.test",
                aws_access_key_id=account,
                aws_secret_access_key="secret",
                config=Config(retries=retries or {"total_max_attempts": 1}),
            )
            _CLIENTS[key].meta.events.register("before-send.connect", _send)
        return _CLIENTS[key]

    def raw(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: dict[str, Any] | None = None,
        account: str = "111111111111",
        region: str = "eu-west-2",
    ) -> tuple[int, dict[str, str], Any]:
        """Send a request that boto3 would refuse to build; return status, headers and the JSON of the answer."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        status, headers, answer = asyncio.run(
            service.handle(method, path, {}, content, query or {}, account=account, region=region)
        )
        return status, headers, json.loads(answer)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Send a control request, path without or with /_emulator; return the JSON of the answer."""
        return self.control_answer(method, path, body)[1]

    def control_answer(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a control request; return status and JSON."""
        parts = urlsplit(path if path.startswith("/_emulator") else "/_emulator/" + path.lstrip("/"))
        content = json.dumps(body).encode() if body is not None else b""
        status, _headers, answer = asyncio.run(control.handle(method, parts.path, parse_qs(parts.query), content))
        return status, json.loads(answer)

    def advance(self, seconds: float) -> None:
        """Let that much of the emulator's time pass."""
        self.settings.clock_offset += seconds


def _send(request: Any, **_more: Any) -> AWSResponse:
    account, region = CREDENTIAL.search(_text(request.headers["Authorization"])).groups()
    parts = urlsplit(request.url)
    status, headers, body = asyncio.run(
        service.handle(
            request.method,
            parts.path,
            {name: _text(value) for name, value in request.headers.items()},
            _bytes(request.body),
            parse_qs(parts.query, keep_blank_values=True),
            account=account,
            region=region,
        )
    )
    return AWSResponse(request.url, status, headers, _Raw(body))


class _Raw(io.BytesIO):
    def stream(self, amt: int = 1024, decode_content: bool | None = None) -> Any:
        yield self.read()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    return value.encode() if isinstance(value, str) else value


def start_emulator() -> EmulatorFixture:
    """Empty the emulator of this process, take its delays away and give it fakes of the other services."""
    EMULATOR.reset()
    EMULATOR.settings = Settings(creation_delay=0.0, claim_delay=0.0)
    running = EmulatorFixture()
    EMULATOR.client_factory = lambda name, account, region: running.aws_services[name](account, region)
    return running


@pytest.fixture
def emulator(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    exercised: Exercised,
) -> Iterator[EmulatorFixture]:
    """An empty emulator without delays, whose clock stands still until it is advanced.

    A test that errors.yml names must have provoked the errors it is named for, and no test an error for which
    errors.yml has a reason why it never comes, unless it ordered the error as a fault.
    """
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CONNECT"):
        monkeypatch.delenv(name, raising=False)
    operations = dict(OPERATIONS)
    running = start_emulator()
    start = EMULATOR.now()
    monkeypatch.setattr(EMULATOR, "now", lambda: start + timedelta(seconds=EMULATOR.settings.clock_offset))
    yield running
    for entry in EMULATOR.journal:
        # Tests may stand in for operations that are not implemented, and for errors that are not declared.
        if entry["error"] is None and entry["operation"] in IMPLEMENTED:
            exercised.add("operations", entry["operation"])
        if (entry["operation"], entry["error"]) in DECLARED:
            exercised.add("error codes of operations", f"{entry['operation']} {entry['error']}")
    provoked = {(entry["operation"], entry["error"]) for entry in EMULATOR.journal}
    promised = assigned(request.node.nodeid.partition("[")[0])
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    promised = [item for item in promised if item[0] == parameters.get("name", item[0])]
    assert [item for item in promised if item not in provoked] == [], "errors.yml says that this test provokes these"
    own = {
        (entry["operation"], entry["error"])
        for entry in EMULATOR.journal
        # A test may stand in for an operation; `monkeypatch` takes that back after this.
        if not entry["injected"] and OPERATIONS.get(entry["operation"]) is operations.get(entry["operation"])
    }
    assert [item for item in own if explained_away(*item)] == [], "errors.yml says that these never come"


@pytest.fixture
def connect(emulator: EmulatorFixture) -> Any:
    """A client of account 111111111111 in eu-west-2."""
    return emulator.client()


@pytest.fixture
def refused() -> Any:
    """Return the context manager that expects an error answer of the service: `with refused("Code") as caught`."""

    @contextlib.contextmanager
    def expect(code: str, text: str = "") -> Any:
        with pytest.raises(ClientError) as caught:
            yield caught
        assert caught.value.response["Error"]["Code"] == code, caught.value
        assert text in caught.value.response["Error"]["Message"]

    return expect


@pytest.fixture
def instance(connect: Any) -> str:
    """The id of an ACTIVE instance with the alias `test`."""
    answer = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="test",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    return answer["Id"]


@pytest.fixture
def life(emulator: EmulatorFixture) -> Life:
    """The life of an instance before its first step, with what it needs of other services."""
    emulator.buckets["recordings"] = ACCOUNT
    emulator.objects["recordings", "hello.wav"] = b""
    for name in ("first", "second"):
        emulator.functions[f"arn:aws:lambda:eu-west-2:{ACCOUNT}:function:{name}"] = {}
    return Life(lambda request: emulator.control("POST", "calls", request))


@pytest.fixture
def furnished(emulator: EmulatorFixture, connect: Any, life: Life) -> Life:
    """The life of an instance that holds all that its phase `furnish` makes; a test must not change anything in it."""
    if not _FURNISHED:
        furnish(connect, life)
        _FURNISHED.update(regions=emulator.state.regions, known=life.known)
    emulator.state.regions, life.known = _FURNISHED["regions"], dict(_FURNISHED["known"])
    return life
