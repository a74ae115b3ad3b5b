# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever valid request comes, the answer is what the model declares: its output or a declared error."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlencode

import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.validate import ParamValidator
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import example
from hypothesis import given
from hypothesis import seed
from hypothesis import settings

from tests.emulator.conftest import start_emulator
from tests.emulator.declared_errors import explained_away
from tests.emulator.filled_instance import BOTS
from tests.emulator.filled_instance import FLOW
from tests.emulator.filled_instance import FUNCTION
from tests.emulator.filled_instance import MODULE
from tests.emulator.filled_instance import PHRASES
from tests.emulator.filled_instance import RULE_FUNCTION
from tests.emulator.filled_instance import SOUND
from tests.emulator.filled_instance import fill
from tests.emulator.requests_by_model import UNKNOWN
from tests.emulator.requests_by_model import Requests
from tests.emulator.requests_by_model import faults
from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.model import Operation
from tests.local_cloud.connect_emulator.model import operations
from tests.local_cloud.connect_emulator.registry import OPERATIONS

ACCOUNT = "111111111111"
FEW, MANY = 2, 60
READS = ("Describe", "Get", "List", "Search")
# Errors that the service gives though the operation does not declare them.
UNDECLARED = {
    ("SearchUsers", "AccessDeniedException"): "told for two filters at once (connect-api 4.2)",
    ("UpdateInstanceAttribute", "AccessDeniedException"): "told for USE_CUSTOM_TTS_VOICES (connect-api 2)",
}
# Operations that no generated request gets to succeed, with the reason.
NEVER_SUCCEED = {"GetFlowAssociation": "it has no resource type for telephone numbers, the only ones with flows here"}

SERIALIZER = create_serializer("rest-json")
PARSER = create_parser("rest-json")


class FilledEmulator:
    """A filled instance that is as new for each request."""

    def __init__(self) -> None:
        emulator = start_emulator()
        connect = emulator.client()
        instance = connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias="test",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )["Id"]
        fill(emulator, connect, instance)
        self._state = emulator.state
        self._regions = self._copy(self._state.regions)
        self._changed = False
        self.requests = Requests(self._values(instance), always=frozenset({"Password", "IdentityInfo"}))
        # What few or no generated requests are: for a success, or for an error of UNDECLARED.
        kept = {"InstanceId": instance, "ResourceType": "CONTACT_TRACE_RECORDS"}
        (storage,) = connect.list_instance_storage_configs(**kept)["StorageConfigs"]
        rule = connect.list_rules(InstanceId=instance)["RuleSummaryList"][0]
        self.more_requests = {
            "AssociateBot": {"InstanceId": instance, "LexBot": {**BOTS[0], "Name": "new"}},
            "UpdateUserHierarchyStructure": {
                "InstanceId": instance,
                "HierarchyStructure": {
                    f"Level{number}": {"Name": name}
                    for number, name in (("One", "country"), ("Two", "team"), ("Three", "desk"))
                },
            },
            "SearchUsers": {
                "InstanceId": instance,
                "SearchFilter": {
                    "TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "one"}},
                    "UserAttributeFilter": {"TagCondition": {"TagKey": "team", "TagValue": "one"}},
                },
            },
            "UpdateInstanceAttribute": {
                "InstanceId": instance,
                "AttributeType": "USE_CUSTOM_TTS_VOICES",
                "Value": "true",
            },
            "UpdateRule": {
                "InstanceId": instance,
                "RuleId": rule["RuleId"],
                "Name": rule["Name"],
                "Function": RULE_FUNCTION,
                "Actions": [{"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}],
                "PublishStatus": "PUBLISHED",
            },
            "DescribeInstanceStorageConfig": {**kept, "AssociationId": storage["AssociationId"]},
            "SearchAvailablePhoneNumbers": {
                "InstanceId": instance,
                "PhoneNumberCountryCode": "GB",
                "PhoneNumberType": "DID",
            },
        }

    def _copy(self, regions: Any) -> Any:
        return copy.deepcopy(regions, {id(self._state): self._state})

    def _values(self, instance_id: str) -> dict[str, list[Any]]:
        """Return by member name what exists, and texts that mean something."""
        region = self._state.region(ACCOUNT, "eu-west-2")
        instance = region.instances[instance_id]
        numbers = region.phone_numbers.everything()
        values: dict[str, list[Any]] = {
            "InstanceId": [*[instance.id] * 5, instance.arn],
            "TargetArn": [instance.arn],
            "resourceArn": [instance.arn, *(item.arn for item in numbers)],
            "PhoneNumberId": [item.id for item in numbers],
            "ResourceId": [item.arn for item in numbers],
            "OutboundCallerIdNumberId": [item.id for item in numbers],
            "Username": ["new", "one"],
            "Password": ["Passw0rd"],
            "IdentityInfo": [{"FirstName": "Ada", "LastName": "Agent", "Email": "ada@example.com"}],
            "PhoneConfig": [{"PhoneType": "SOFT_PHONE", "AutoAccept": True}],
            "StorageConfig": [
                {"StorageType": "S3", "S3Config": {"BucketName": "recordings", "BucketPrefix": "connect/test"}}
            ],
            "ResourceType": ["SCHEDULED_REPORTS", "CALL_RECORDINGS", "CHAT_TRANSCRIPTS", "VOICE_PHONE_NUMBER"],
            "MediaConcurrencies": [[{"Channel": "VOICE", "Concurrency": 1}, {"Channel": "CHAT", "Concurrency": 3}]],
            "QuickConnectConfig": [
                {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+442079460000"}},
                {"QuickConnectType": "USER", "UserConfig": {"UserId": UNKNOWN, "ContactFlowId": UNKNOWN}},
            ],
            "TimeZone": ["Europe/London"],
            "Permissions": [["BasicAgentAccess", "OutboundCallAccess"]],
            "Permission": ["BasicAgentAccess", "OutboundCallAccess"],
            "Content": [FLOW, MODULE, PHRASES],
            "LanguageCode": ["en-GB"],
            "S3Uri": [f"s3://{'/'.join(SOUND)}"],
            "LexBot": [*BOTS, {**BOTS[0], "Name": "new"}],
            "BotName": [bot["Name"] for bot in BOTS],
            "LexRegion": ["eu-west-2"],
            "Function": [RULE_FUNCTION],
            "Actions": [[{"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}]],
            "TriggerEventSource": [{"EventSourceName": "OnPostCallAnalysisAvailable"}],
            "FieldName": ["name", "Username"],
            "PhoneNumber": ["+442079460001", numbers[0].name],
            "PhoneNumberCountryCode": ["GB"],
            "Value": ["true"],
            "Name": ["one", "new", "draft"],
            "Origin": ["https://one.example", "https://new.example"],
            "FunctionArn": [FUNCTION + "one", FUNCTION + "new"],
            "SearchCriteria": [{}],
            "SearchFilter": [{}],
        }
        for store in instance.stores():
            found = store.everything()
            member = _member(store.kind)
            # The last ones, because the default flows cannot be deleted.
            values.setdefault(member, []).extend(item.id for item in found[-4:])
            values["resourceArn"] += [item.arn for item in found[:1] if item.arn]
        for member, kind in (
            ("AssociationId", "StorageConfigId"),
            ("ParentGroupId", "HierarchyGroupId"),
            ("InitialContactId", "ContactId"),
            ("OutboundFlowId", "ContactFlowId"),
            ("DefaultOutboundQueueId", "QueueId"),
        ):
            values[member] = values[kind]
        return values

    def send(self, operation: Operation, request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """Send a request to the instance as it was filled."""
        if self._changed:
            self._state.regions = self._copy(self._regions)
            self._state.retired_aliases.clear()
            self._state.instance_churn.clear()
        sent = SERIALIZER.serialize_to_request(request, operation.model)
        query = parse_qs(urlencode(sent["query_string"], doseq=True), keep_blank_values=True)
        body = sent["body"].encode() if isinstance(sent["body"], str) else sent["body"]
        answer = asyncio.run(
            service.handle(
                sent["method"], sent["url_path"], sent["headers"], body, query, account=ACCOUNT, region="eu-west-2"
            )
        )
        self._changed = answer[0] == 200 and not operation.name.startswith(READS)
        return answer


def _member(kind: str) -> str:
    """Return the member that names a record of a store: queues -> QueueId."""
    if kind.startswith("use_cases_of_"):
        return "UseCaseId"
    if kind == "vocabularies":
        return "VocabularyId"
    word = kind.removesuffix("es") if kind.endswith("statuses") else kind.removesuffix("s")
    return "".join(part.capitalize() for part in word.split("_")) + "Id"


@pytest.fixture(scope="module")
def filled():
    """One for all tests here, because filling it takes longer than most of them."""
    return FilledEmulator()


def check_answer(operation: Operation, request: dict[str, Any], answer: tuple[int, dict[str, str], bytes]) -> str:
    """Check one answer by the model; return its error code, or nothing for a success."""
    status, headers, body = answer
    told = f"{operation.name} {request}: {status} {body[:500]!r}"
    output = operation.model.output_shape
    parsed = PARSER.parse({"status_code": status, "headers": HeadersDict(headers), "body": body}, output)
    if status == 200:
        document = json.loads(body)
        assert list(faults(output, document, "answer") if output else document) == [], told
        assert set(parsed) - {"ResponseMetadata"} == set(document), told
        return ""
    assert status < 500, told
    code = headers["x-amzn-ErrorType"]
    assert code in operation.errors or (operation.name, code) in UNDECLARED, told
    shape = next((shape for shape in operation.model.error_shapes if shape.name == code), None)
    if shape:
        assert status == shape.metadata["error"]["httpStatusCode"], told
        assert list(faults(shape, json.loads(body), "error")) == [], told
    assert parsed["Error"]["Code"] == code, told
    assert not explained_away(operation.name, code), f"errors.yml says that this never comes: {told}"
    return code


def try_requests(filled: FilledEmulator, exercised: Any, name: str, examples: int) -> set[str]:
    """Send that many generated requests of an operation; return the error codes, with nothing for a success."""
    operation = operations()[name]
    codes: set[str] = set()

    # One run is like the other, whatever the text of the function is, and begins with the simplest request: required
    # members, with the first known values.
    @seed(1)
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(request=filled.requests.of(operation))
    def every_answer_is_declared(request: dict[str, Any]) -> None:
        if operation.model.input_shape:
            assert not ParamValidator().validate(request, operation.model.input_shape).has_errors()
        code = check_answer(operation, request, filled.send(operation, request))
        codes.add(code)
        exercised.add("answers by generated requests", f"{name} {code}")

    if name in filled.more_requests:
        every_answer_is_declared = example(request=filled.more_requests[name])(every_answer_is_declared)
    every_answer_is_declared()
    return codes


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_answers_are_declared(filled, exercised, name):
    codes = try_requests(filled, exercised, name, FEW)
    if name.startswith(READS):
        assert ("" in codes) == (name not in NEVER_SUCCEED)


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_many_answers_are_declared(filled, exercised, name):
    codes = try_requests(filled, exercised, name, MANY)
    assert ("" in codes) == (name not in NEVER_SUCCEED)
    assert {code for operation, code in UNDECLARED if operation == name} <= codes, "UNDECLARED has more than comes"


def test_tables_name_operations():
    """The runs look up in these tables what they need, and would not notice the rest."""
    assert {*NEVER_SUCCEED, *(name for name, _code in UNDECLARED)} <= OPERATIONS.keys()
    assert [item for item in UNDECLARED if item[1] in operations()[item[0]].errors] == []
