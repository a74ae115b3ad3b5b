# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small world for the maintenance function: queue, delivery function, bucket, contacts, parameter, SAP.

Requests and answers are checked by botocore's own model (tests/unit/harness.py). Everything counts its steps, so that a
test can kill the function before or after any of them.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
from botocore.response import StreamingBody
from summary_lambda import errors
from summary_lambda.runtime import Runtime
from summary_lambda.sap import PhoneCall
from summary_lambda.settings import Environment
from summary_lambda.settings import Settings

from tests.unit.harness import FakeService
from tests.unit.harness import ServiceError

REGION = "eu-west-2"
INSTANCE_ID = "1a2b3c4d-0000-4000-8000-000000000001"
INSTANCE_ARN = f"arn:aws:connect:{REGION}:111122223333:instance/{INSTANCE_ID}"
QUEUE_URL = "https://sqs.eu-west-2.amazonaws.com/111122223333/poc-summary-dead-letters"
FUNCTION = "poc-lambda-process-contact-lens-event"
CURSOR = "/SAP-C4C-connect-poc/poc/reconcile-cursor"
BUCKET = "recordings"
NO_CONTACT = "00000000-0000-0000-0000-000000000000"
SUMMARY = "The customer Grace Hopper asked for an invoice copy."
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
VARIABLES = {
    "DELIVERY_FUNCTION": FUNCTION,
    "DEAD_LETTER_QUEUE_URL": QUEUE_URL,
    "CURSOR_PARAMETER": CURSOR,
    "REDRIVE_RATE": "100",
}
_SESSION = boto3.Session("testing", "testing", region_name=REGION)


class _Switch(FakeService):
    """The clients of all tests, as they take long to make, talk to the world of the present one."""

    service: FakeService

    def _record(self, *arguments: Any, **options: Any) -> None:
        self.service._record(*arguments, **options)

    def _answer(self, *arguments: Any, **options: Any) -> Any:
        return self.service._answer(*arguments, **options)


_SWITCH = _Switch()


@cache
def _client(name: str) -> Any:
    return _SWITCH.attach(_SESSION.client(name, endpoint_url="https://aws.invalid"))


class Killed(BaseException):
    """Lambda ends the process: nothing of the function runs any more, ``finally`` included."""


class Context:
    aws_request_id = "request-1"

    def __init__(self, seconds: float = 900) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds * 1000)


@dataclass
class Message:
    message_id: str
    body: str
    attributes: dict[str, str]
    sent_at: datetime
    visible_at: datetime = datetime.min.replace(tzinfo=UTC)
    receives: int = 0
    receipt: str = ""


@dataclass
class Phones:
    """SAP's phone service: reference -> transcript. ``error`` is its answer instead, ``errors`` that for references.

    With ``lists_hide`` only a record by itself has its transcript.
    """

    transcripts: dict[str, str | None] = field(default_factory=dict)
    error: Exception | None = None
    errors: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    lists_hide: bool = False

    def find(self, reference: str) -> list[PhoneCall]:
        self.asked.append(reference)
        if error := self.error or self.errors.get(reference):
            raise error
        if reference not in self.transcripts:
            return []
        call = self._call(reference)
        return [replace(call, transcript=None) if self.lists_hide else call]

    def read(self, call: PhoneCall) -> PhoneCall:
        return self._call(call.reference)

    def _call(self, reference: str) -> PhoneCall:
        updated_on = "2026-03-10T14:35:00.001Z"
        return PhoneCall(f"call-{reference[:8]}", reference, updated_on, self.transcripts[reference], updated_on)


class World:
    """``step`` counts the requests; ``kill`` is (step, carried out) at which the function dies."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget everything."""
        self.service = _SWITCH.service = FakeService()
        self.now = NOW
        self.messages: list[Message] = []
        self.phones = Phones()
        self.files: dict[str, tuple[datetime, bytes]] = {}
        self.contacts: dict[str, dict[str, Any]] = {}
        self.parameter: str | None = None
        self.invoked: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.results: dict[str, Any] = {}
        self.concurrency: int | None = None
        self.steps: list[str] = []
        self.kill: tuple[int, bool] | None = None
        self.dead = False
        self.page = 1000
        for operation, answer in {
            "ReceiveMessage": self._receive,
            "DeleteMessage": self._delete,
            "ChangeMessageVisibilityBatch": self._show,
            "GetQueueAttributes": self._attributes,
            "GetFunctionConcurrency": self._get_concurrency,
            "Invoke": self._invoke,
            "ListObjectsV2": self._list,
            "GetObject": self._get_object,
            "DescribeContact": self._describe,
            "SearchContacts": self._search,
            "GetParameter": self._get_parameter,
            "PutParameter": self._put_parameter,
        }.items():
            self.service.on(operation, self._counted(operation, answer))

    # What there is

    def contact(
        self,
        number: int,
        *,
        summary: str | None = SUMMARY,
        document: Any = None,
        record: str | None = "",
        ended: datetime | None = None,
        analysed_after: float = 300,
        agent: bool = True,
        channel: str = "VOICE",
        output: str = "original",
        file: bool = True,
    ) -> str:
        """Add a contact with its file; ``record`` is SAP's transcript, None: SAP has no record."""
        contact_id = f"{number:08x}-4b5a-4697-8899-aabbccddeeff"
        ended = ended or NOW - timedelta(minutes=30)
        connected = ended - timedelta(minutes=2)
        self.contacts[contact_id] = {
            "Id": contact_id,
            "Channel": channel,
            "InitiationTimestamp": connected - timedelta(minutes=1),
            "DisconnectTimestamp": ended,
            **({"AgentInfo": {"Id": "agent", "ConnectedToAgentTimestamp": connected}} if agent else {}),
        }
        if record is not None:
            self.phones.transcripts[contact_id] = record
        if file:
            self.add_file(
                contact_id, connected, ended + timedelta(seconds=analysed_after), channel, output, summary, document
            )
        return contact_id

    def add_file(
        self,
        contact_id: str,
        connected: datetime,
        modified: datetime,
        channel: str = "VOICE",
        output: str = "original",
        summary: str | None = SUMMARY,
        document: Any = None,
    ) -> str:
        folder = f"Analysis/{channel.title()}{'/Redacted' if output == 'redacted' else ''}"
        middle = "analysis_redacted" if output == "redacted" else "analysis"
        key = f"{folder}/{connected:%Y/%m/%d}/{contact_id}_{middle}_{connected:%Y-%m-%dT%H:%M:%SZ}.json"
        content = {"ContactSummary": {"PostContactSummary": {"Content": summary}}} if summary else {}
        whole = {"JobStatus": "COMPLETED", "ConversationCharacteristics": content} if document is None else document
        self.files[key] = (modified, json.dumps(whole).encode())
        return key

    def event(self, contact_id: str, instance_arn: str = INSTANCE_ARN) -> dict[str, Any]:
        return {
            "source": "aws.connect",
            "detail-type": "Contact Lens Post Call Rules Matched",
            "detail": {"instanceArn": instance_arn, "contactArn": f"{instance_arn}/contact/{contact_id}"},
        }

    def letter(
        self,
        body: Any,
        *,
        form: str = "function",
        error: str = "SapUnavailable: SAP answered 503 to a GET",
        age: timedelta = timedelta(minutes=20),
    ) -> Message:
        """Put a dead letter into the queue, in AWS's form."""
        attributes = {
            "function": {"RequestID": "r-1", "ErrorCode": "200", "ErrorMessage": error},
            "rule": {
                "RULE_ARN": f"arn:aws:events:{REGION}:111122223333:rule/calls",
                "TARGET_ARN": f"arn:aws:lambda:{REGION}:111122223333:function:{FUNCTION}",
                "ERROR_CODE": "NO_PERMISSIONS",
                "ERROR_MESSAGE": "User: events.amazonaws.com is not authorized",
                "RETRY_ATTEMPTS": "0",
            },
            "none": {},
        }[form]
        text = body if isinstance(body, str) else json.dumps(body)
        message = Message(f"message-{len(self.messages)}", text, attributes, self.now - age)
        self.messages.append(message)
        return message

    def later(self, **delta: float) -> None:
        """Let time go by: what was hidden becomes visible."""
        self.now += timedelta(**delta)

    def visible(self) -> list[Message]:
        return [message for message in self.messages if message.visible_at <= self.now]

    def bodies(self) -> list[str]:
        return [message.body for message in self.messages]

    # How the function gets at it

    def client(self, name: str, **_options: Any) -> Any:
        return _client(name)

    def runtime(self, **environment: Any) -> Runtime:
        runtime = FakeRuntime(
            Environment(
                name="poc",
                parameter_names={},
                secret_id="secret",
                **{"instance_arns": (INSTANCE_ARN,), **environment},
            )
        )
        runtime.world = self
        return runtime

    def _counted(self, operation: str, answer: Any) -> Any:
        def count(params: dict[str, Any]) -> Any:
            if self.dead:
                raise Killed
            step, (at, carried_out) = len(self.steps), self.kill or (None, False)
            self.steps.append(operation)
            if step == at:
                self.dead = True
                if carried_out:
                    answer(params)
                raise Killed
            return answer(params)

        return count

    # SQS

    def _receive(self, params: dict[str, Any]) -> dict[str, Any]:
        taken = self.visible()[: params["MaxNumberOfMessages"]]
        for message in taken:
            message.receives += 1
            message.receipt = f"{message.message_id}/{message.receives}"
            message.visible_at = self.now + timedelta(seconds=params["VisibilityTimeout"])
        return {
            "Messages": [
                {
                    "MessageId": message.message_id,
                    "ReceiptHandle": message.receipt,
                    "Body": message.body,
                    "Attributes": {
                        "SentTimestamp": str(int(message.sent_at.timestamp() * 1000)),
                        "ApproximateReceiveCount": str(message.receives),
                    },
                    "MessageAttributes": {
                        name: {"DataType": "String", "StringValue": value} for name, value in message.attributes.items()
                    },
                }
                for message in taken
            ]
        }

    def _delete(self, params: dict[str, Any]) -> dict[str, Any]:
        self.messages = [message for message in self.messages if message.receipt != params["ReceiptHandle"]]
        return {}

    def _show(self, params: dict[str, Any]) -> dict[str, Any]:
        assert len(params["Entries"]) <= 10
        for entry in params["Entries"]:
            for message in self.messages:
                if message.receipt == entry["ReceiptHandle"]:
                    message.visible_at = self.now + timedelta(seconds=entry["VisibilityTimeout"])
        return {"Successful": [], "Failed": []}

    def _attributes(self, _params: dict[str, Any]) -> dict[str, Any]:
        visible = len(self.visible())
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(visible),
                "ApproximateNumberOfMessagesNotVisible": str(len(self.messages) - visible),
            }
        }

    # Lambda

    def _get_concurrency(self, _params: dict[str, Any]) -> dict[str, Any]:
        return {} if self.concurrency is None else {"ReservedConcurrentExecutions": self.concurrency}

    def _invoke(self, params: dict[str, Any]) -> dict[str, Any]:
        assert params["FunctionName"] == FUNCTION
        event = json.loads(params["Payload"])
        contact_id = event["detail"]["contactArn"].rpartition("/")[2]
        if params["InvocationType"] == "Event":
            self.sent.append(event)
            self._write(contact_id)
            return {"StatusCode": 202}
        result = self.results.get(contact_id, self.results.get("*"))
        if isinstance(result, Exception) and not isinstance(result, errors.SummaryError):
            raise result
        self.invoked.append(contact_id)
        if result is None:
            self._write(contact_id)
            return _answer({"contact_id": contact_id, "outcome": "written"})
        if isinstance(result, str):
            return _answer({"statusCode": 500, "body": result})
        if isinstance(result, errors.SummaryError):
            failure = {"errorType": type(result).__name__, "errorMessage": str(result)}
            return {**_answer(failure), "FunctionError": "Unhandled"}
        return {**_answer(result), "FunctionError": "Unhandled"}

    def _write(self, contact_id: str) -> None:
        if contact_id in self.phones.transcripts:
            self.phones.transcripts[contact_id] = SUMMARY

    # S3

    def _list(self, params: dict[str, Any]) -> dict[str, Any]:
        keys = sorted(key for key in self.files if key.startswith(params["Prefix"]))
        begin = int(params.get("ContinuationToken", "0"))
        shown, more = keys[begin : begin + self.page], begin + self.page < len(keys)
        return {
            "Contents": [{"Key": key, "LastModified": self.files[key][0]} for key in shown],
            "IsTruncated": more,
            **({"NextContinuationToken": str(begin + self.page)} if more else {}),
        }

    def _get_object(self, params: dict[str, Any]) -> dict[str, Any]:
        if params["Key"] not in self.files:
            raise ServiceError("NoSuchKey", status=404)
        content = self.files[params["Key"]][1]
        return {"Body": StreamingBody(io.BytesIO(content), len(content))}

    # Amazon Connect

    def _describe(self, params: dict[str, Any]) -> dict[str, Any]:
        if params["InstanceId"] != INSTANCE_ID or params["ContactId"] not in self.contacts:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"Contact": self.contacts[params["ContactId"]]}

    def _search(self, params: dict[str, Any]) -> dict[str, Any]:
        times = params["TimeRange"]
        assert times["Type"] == "DISCONNECT_TIMESTAMP"
        found = [
            contact
            for contact in self.contacts.values()
            if times["StartTime"] <= contact["DisconnectTimestamp"] <= times["EndTime"]
            and contact["Channel"] in params["SearchCriteria"]["Channels"]
        ]
        return {"Contacts": found, "TotalCount": len(found)}

    # Systems Manager

    def _get_parameter(self, params: dict[str, Any]) -> dict[str, Any]:
        assert params["Name"] == CURSOR
        if self.parameter is None:
            raise ServiceError("ParameterNotFound")
        return {"Parameter": {"Name": CURSOR, "Value": self.parameter}}

    def _put_parameter(self, params: dict[str, Any]) -> dict[str, Any]:
        assert params["Overwrite"] is True
        self.parameter = params["Value"]
        return {"Version": 2}


class FakeRuntime(Runtime):
    """The runtime with this world's clients and SAP."""

    world: World

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.world.client(service)
        return self._clients[service]

    @property
    def settings(self) -> Settings:
        return Settings(BUCKET, "https://sap.example.com", "/phone", "user", {"password": "unused"})

    def sap(self, deadline: Any) -> Any:
        return self.world.phones


def _answer(content: dict[str, Any]) -> dict[str, Any]:
    payload = json.dumps(content).encode()
    return {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(payload), len(payload))}
