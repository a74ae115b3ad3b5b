# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real HTTP server in SAP's place, and stubbed AWS clients."""

from __future__ import annotations

import base64
import io
import json
import re
import time
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import unquote
from urllib.parse import urlsplit

import boto3
from botocore.response import StreamingBody

# In place of an HTTP code: what a broken server does.
SILENT = 0
DROPPED = 1
REGION = "eu-west-2"
INSTANCE_ID = "1a2b3c4d-0000-4000-8000-000000000001"
INSTANCE_ARN = f"arn:aws:connect:{REGION}:111122223333:instance/{INSTANCE_ID}"
CONTACT_ID = "0f1e2d3c-4b5a-4697-8899-aabbccddeeff"
BUCKET = "recordings"
SUMMARY = "The customer Grace Hopper asked for an invoice copy; the agent sent it to grace@example.com."
PREFIX = f"Analysis/Voice/2026/03/10/{CONTACT_ID}_analysis"
CONNECTED = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
PARAMETER_FOLDER = "/SAP-C4C-connect-poc/poc"
PASSWORD = "geheim-€-1"
ENVIRONMENT = {
    "ENVIRONMENT_NAME": "poc",
    "LOG_LEVEL": "INFO",
    "SECRET_PARAM_C4C_PASSWORD": "Secret-c4c-password",
    "SSM_PARAM_BUCKET_NAME": "connect-bucket-name",
    "SSM_PARAM_C4C_BASE_URL": "c4c-base-url",
    "SSM_PARAM_C4C_PHONE_SERVICE_ENDPOINT_PATH": "c4c-phone-service-endpoint-path",
    "SSM_PARAM_C4C_USERNAME": "c4c-username",
    "SSM_PARAM_ROOT_NAME": "SAP-C4C-connect-poc",
}


class FakeSap(ThreadingHTTPServer):
    """The phone service as far as the function uses it.

    ``script`` holds answers ``(method, status, headers, body)`` that are given, each once, instead of the real one
    (``SILENT``: none until the client gives up; ``DROPPED``: the connection is closed); ``before_patch`` runs before
    each PATCH, to change records at the worst moment.
    """

    daemon_threads = True
    path = "/sap/c4c/api/v1/phone-service/phoneCalls"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _FakeSapHandler)
        self.base_url = f"http://127.0.0.1:{self.server_address[1]}"
        self.password = PASSWORD
        self.records: dict[str, dict[str, Any]] = {}
        self.requests: list[SimpleNamespace] = []
        self.script: list[tuple[str, int, dict[str, str], bytes]] = []
        self.before_patch = lambda: None
        self.patch_answer = (200, True)
        self.connections = 0
        # Either "left out" or "null".
        self.lists_hide_transcripts = ""
        self._changes = 0

    def add(self, reference: str = CONTACT_ID, call_id: str = "call-1", **members: Any) -> dict[str, Any]:
        record = {
            "id": call_id,
            "externalId": {"displayId": reference},
            "adminData": {"createdOn": "2026-03-10T14:30:01.000Z"},
            "transcript": None,
            **members,
        }
        self.touch(record)
        self.records[call_id] = record
        return record

    def touch(self, record: dict[str, Any]) -> None:
        self._changes += 1
        record["adminData"]["updatedOn"] = f"2026-03-10T14:35:00.{self._changes:03d}Z"

    def answer(self, method: str, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.script.append((method, status, headers or {}, body))

    def sent(self, method: str) -> list[SimpleNamespace]:
        return [request for request in self.requests if request.method == method]


class _FakeSapHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    server: FakeSap

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._handle("GET")

    def do_PATCH(self) -> None:
        self._handle("PATCH")

    def _handle(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        # self.path is not what was sent: a double slash at its start is gone.
        target = self.requestline.split()[1]
        path = target.partition("?")[0]
        self.server.requests.append(
            SimpleNamespace(method=method, target=target, path=path, headers=dict(self.headers), body=body)
        )
        for scripted in self.server.script:
            if scripted[0] == method:
                self.server.script.remove(scripted)
                _unused, status, headers, content = scripted
                if status in (SILENT, DROPPED):
                    if status == SILENT:
                        self.rfile.read(1)
                    self.close_connection = True
                    return
                self._send(status, content, headers)
                return
        self._send(*self._answer(method, parts, body))

    def _answer(self, method: str, parts: Any, body: bytes) -> tuple[int, bytes]:
        sap = self.server
        expected = base64.b64encode(f"technical-user:{sap.password}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {expected}":
            return 401, b""
        if not parts.path.startswith(sap.path):
            return 404, b""
        call_id = unquote(parts.path.removeprefix(sap.path).strip("/"))
        if not call_id:
            expression = parse_qs(parts.query)["$filter"][0]
            literal = re.fullmatch(r"externalId\.displayId eq '((?:[^']|'')*)'", expression)
            if literal is None:
                return 400, b""
            wanted = literal[1].replace("''", "'")
            found = [record for record in sap.records.values() if record["externalId"]["displayId"] == wanted]
            options = {name: int(values[0]) for name, values in parse_qs(parts.query).items() if name != "$filter"}
            page = found[options.get("$skip", 0) :][: options.get("$top", 100)]
            if sap.lists_hide_transcripts:
                page = [{name: value for name, value in record.items() if name != "transcript"} for record in page]
            if sap.lists_hide_transcripts == "null":
                page = [{**record, "transcript": None} for record in page]
            return 200, json.dumps({"count": len(found), "value": page}).encode()
        record = sap.records[call_id]
        if method == "PATCH":
            sap.before_patch()
            if self.headers.get("If-Match") != record["adminData"].get("updatedOn"):
                return 412, b'{"error":{"code":"412","message":"Data has been changed"}}'
            record.update(json.loads(body))
            sap.touch(record)
            status, with_body = sap.patch_answer
            return status, json.dumps({"value": record}).encode() if with_body else b""
        return 200, json.dumps({"value": record}).encode()

    def _send(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@cache
def _client(name: str) -> Any:
    return boto3.client(name, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")


class Cloud:
    """AWS as far as the function uses it, behind real clients: botocore checks every request.

    ``errors`` maps an operation to the code (and HTTP status) that it answers instead, each given once.
    """

    def __init__(self) -> None:
        self.clients = {name: _client(name) for name in ("connect", "s3", "ssm", "secretsmanager")}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.made: list[str] = []
        self.errors: list[tuple[str, str, int]] = []
        self.parameters: dict[str, str] = {}
        self.secret: dict[str, Any] = {}
        self.contacts: dict[str, dict[str, Any]] = {}
        self.files: dict[str, tuple[datetime, bytes]] = {}
        # Called with the operation before each answer: to change things while the function waits.
        self.on_call: Callable[[str], None] = lambda operation: None

    def make_session(self) -> SimpleNamespace:
        return SimpleNamespace(client=self._make_client)

    def _make_client(self, name: str, **_options: Any) -> Any:
        self.made.append(name)
        return self.clients[name]

    def __enter__(self) -> Cloud:
        for name, client in self.clients.items():
            client.meta.events.register_first("before-call.*.*", self._answer, unique_id=f"cloud-{name}")
            client.meta.events.register_first("provide-client-params.*.*", self._note, unique_id=f"note-{name}")
        return self

    def __exit__(self, *_error: object) -> None:
        for name, client in self.clients.items():
            client.meta.events.unregister("before-call.*.*", unique_id=f"cloud-{name}")
            client.meta.events.unregister("provide-client-params.*.*", unique_id=f"note-{name}")

    def settings(self, base_url: str, *, password: str = PASSWORD, **parameters: str) -> None:
        values = {
            "connect-bucket-name": BUCKET,
            "c4c-base-url": base_url,
            "c4c-phone-service-endpoint-path": "/sap/c4c/api/v1/phone-service/",
            "c4c-username": "technical-user",
            **parameters,
        }
        self.parameters = {f"{PARAMETER_FOLDER}/{name}": value for name, value in values.items() if value}
        self.secret = {"SecretString": password}

    def contact(
        self,
        *,
        connected: datetime | None = CONNECTED,
        initiated: datetime | None = None,
        disconnected: datetime | None = None,
        channel: str = "VOICE",
    ) -> None:
        contact: dict[str, Any] = {"Id": CONTACT_ID, "Channel": channel}
        if connected:
            contact["AgentInfo"] = {"Id": "agent", "ConnectedToAgentTimestamp": connected}
        if initiated:
            contact["InitiationTimestamp"] = initiated
        if disconnected:
            contact["DisconnectTimestamp"] = disconnected
        self.contacts[CONTACT_ID] = contact

    def file(self, key: str, content: bytes, modified: datetime | None = None) -> None:
        self.files[key] = (modified or datetime.now(UTC), content)

    def analysis(self, document: Any, *, prefix: str = PREFIX, modified: datetime | None = None) -> str:
        """Put one file; return its key."""
        key = f"{prefix}_2026-03-10T14:30:00Z.json"
        self.file(key, json.dumps(document).encode(), modified)
        return key

    def called(self) -> list[str]:
        return [operation for operation, _parameters in self.calls]

    def listed(self) -> list[str]:
        return [parameters["Prefix"] for operation, parameters in self.calls if operation == "ListObjectsV2"]

    def _note(self, params: dict[str, Any], model: Any, **_event: Any) -> None:
        self.calls.append((model.name, params))

    def _answer(self, model: Any, **_event: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        self.on_call(model.name)
        parameters = self.calls[-1][1]
        for error in self.errors:
            if error[0] == model.name:
                self.errors.remove(error)
                return _error(*error[1:])
        return getattr(self, f"_{model.name}")(parameters)

    def _DescribeContact(self, parameters: dict[str, Any]) -> tuple[SimpleNamespace, dict[str, Any]]:
        contact = self.contacts.get(parameters["ContactId"])
        if contact is None or parameters["InstanceId"] != INSTANCE_ID:
            return _error("ResourceNotFoundException", 404)
        return _success({"Contact": contact})

    def _ListObjectsV2(self, parameters: dict[str, Any]) -> tuple[SimpleNamespace, dict[str, Any]]:
        assert parameters["Bucket"] == BUCKET
        contents = [
            {"Key": key, "LastModified": modified}
            for key, (modified, _content) in sorted(self.files.items())
            if key.startswith(parameters["Prefix"])
        ]
        return _success({"Contents": contents} if contents else {})

    def _GetObject(self, parameters: dict[str, Any]) -> tuple[SimpleNamespace, dict[str, Any]]:
        if parameters["Key"] not in self.files:
            return _error("NoSuchKey", 404)
        content = self.files[parameters["Key"]][1]
        return _success({"Body": StreamingBody(io.BytesIO(content), len(content))})

    def _GetParameters(self, parameters: dict[str, Any]) -> tuple[SimpleNamespace, dict[str, Any]]:
        named = [name for name in parameters["Names"] if name in self.parameters]
        return _success({"Parameters": [{"Name": name, "Value": self.parameters[name]} for name in named]})

    def _GetSecretValue(self, parameters: dict[str, Any]) -> tuple[SimpleNamespace, dict[str, Any]]:
        assert parameters == {"SecretId": "Secret-c4c-password"}
        return _success(self.secret)


def _success(answer: dict[str, Any]) -> tuple[SimpleNamespace, dict[str, Any]]:
    return SimpleNamespace(status_code=200), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}


def _error(code: str, status: int) -> tuple[SimpleNamespace, dict[str, Any]]:
    error = {"Code": code, "Message": "said by AWS"}
    return SimpleNamespace(status_code=status), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}


class Context:
    aws_request_id = "request-1"

    def __init__(self, seconds: float = 300) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self._end - time.monotonic()) * 1000)


def make_event(**detail: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "source": "aws.connect",
        "detail-type": "Contact Lens Post Call Rules Matched",
        "time": "2026-03-10T14:41:00Z",
        "resources": [INSTANCE_ARN],
        "detail": {
            "version": "1.0",
            "ruleName": "SAPPostCallAnalytics",
            "actionName": "SAPPostCallAnalytics",
            "instanceArn": INSTANCE_ARN,
            "contactArn": f"{INSTANCE_ARN}/contact/{CONTACT_ID}",
            **detail,
        },
    }


def make_failure(code: str) -> dict[str, Any]:
    return {
        "source": "aws.connect",
        "detail-type": "Contact Lens Analysis State Change",
        "detail": {
            "instance": INSTANCE_ARN,
            "contact": f"{INSTANCE_ARN}/contact/{CONTACT_ID}",
            "channel": "VOICE",
            "state": "FAILED",
            "reasonCode": code,
        },
    }


def make_document(content: str | None = SUMMARY) -> dict[str, Any]:
    characteristics = {} if content is None else {"ContactSummary": {"PostContactSummary": {"Content": content}}}
    return {"Version": "1.1.0", "JobStatus": "COMPLETED", "ConversationCharacteristics": characteristics}
