# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A contact centre for tests of simulated calls: instance, bucket, agent, flow, number, rule, and fakes behind it."""

from __future__ import annotations

import io
import json
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "111111111111"
REGION = "eu-west-2"
BUCKET = "recordings"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:summary"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
RULE_ARN = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/contact-lens"
PATTERN = {"source": ["aws.connect"], "detail-type": ["Contact Lens Post Call Rules Matched"]}
PASSWORD = "Passw0rd-for-tests"


class FakeEvents:
    """The default event bus with its rules and targets; each page holds one entry."""

    def __init__(self) -> None:
        self.rules: list[dict[str, Any]] = []
        self.targets: dict[str, list[dict[str, Any]]] = {}

    def add_rule(
        self, name: str = "contact-lens", *, state: str = "ENABLED", pattern: Any = None, **target: Any
    ) -> None:
        arn = RULE_ARN.replace("contact-lens", name)
        pattern = json.dumps(PATTERN if pattern is None else pattern)
        self.rules.append({"Name": name, "Arn": arn, "State": state, "EventPattern": pattern})
        self.targets[name] = [{"Id": "1", "Arn": FUNCTION, **target}]

    def list_rules(self, NextToken: str = "0") -> dict[str, Any]:
        return _page("Rules", self.rules, NextToken)

    def list_targets_by_rule(self, Rule: str, NextToken: str = "0") -> dict[str, Any]:
        return _page("Targets", self.targets[Rule], NextToken)

    def test_event_pattern(self, EventPattern: str, Event: str) -> dict[str, Any]:
        event = json.loads(Event)
        return {"Result": all(event[name] in allowed for name, allowed in json.loads(EventPattern).items())}


class FakeLambda:
    """Functions by name: their resource policies, their answers, and the invocations they got."""

    def __init__(self) -> None:
        self.statements: dict[str, list[dict[str, Any]]] = {}
        self.answers: dict[str, Any] = {}
        self.invocations: list[tuple[str, str, Any]] = []

    def allow(self, name: str = "summary", service: str = "events.amazonaws.com", source: str = RULE_ARN) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "lambda:InvokeFunction",
            "Resource": FUNCTION,
            "Condition": {"ArnLike": {"AWS:SourceArn": source}},
        }
        self.statements.setdefault(name, []).append(statement)

    def get_policy(self, FunctionName: str) -> dict[str, Any]:
        statements = self.statements.get(FunctionName.rpartition(":")[2])
        if statements is None:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetPolicy")
        return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:
        return {}

    def add_permission(self, **_more: Any) -> dict[str, Any]:
        return {}

    def remove_permission(self, **_more: Any) -> dict[str, Any]:
        return {}

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> dict[str, Any]:
        name = FunctionName.rpartition(":")[2]
        self.invocations.append((name, InvocationType, json.loads(Payload)))
        answer = self.answers.get(name)
        if isinstance(answer, Exception):
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": io.BytesIO(b"{}")}
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}


class FakeQueue:
    """A dead-letter queue with a policy, and the messages that it got."""

    def __init__(self) -> None:
        self.policy = ""
        self.messages: list[dict[str, Any]] = []

    def allow(self, source: str = RULE_ARN) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        self.policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def get_queue_url(self, QueueName: str, QueueOwnerAWSAccountId: str) -> dict[str, Any]:
        return {"QueueUrl": f"https://sqs/{QueueOwnerAWSAccountId}/{QueueName}"}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        return {"Attributes": {"Policy": self.policy}} if self.policy else {}

    def send_message(self, QueueUrl: str, MessageBody: str, MessageAttributes: dict[str, Any]) -> dict[str, Any]:
        attributes = {name: value["StringValue"] for name, value in MessageAttributes.items()}
        self.messages.append({"body": json.loads(MessageBody), **attributes})
        return {}


class CallSite:
    """An instance that can take calls. ``events`` and ``functions`` are the fakes of EventBridge and Lambda."""

    def __init__(self, emulator: Any, connect: Any, instance: str) -> None:
        self.emulator, self.connect, self.instance = emulator, connect, instance
        self.events, self.functions, self.queue_of_dead_letters = FakeEvents(), FakeLambda(), FakeQueue()
        emulator.buckets[BUCKET] = ACCOUNT
        emulator.aws_services |= {
            "events": lambda account, region: self.events,
            "lambda": lambda account, region: self.functions,
            "sqs": lambda account, region: self.queue_of_dead_letters,
        }
        for resource, folder in (("CALL_RECORDINGS", "CallRecordings"), ("CHAT_TRANSCRIPTS", "ChatTranscripts")):
            connect.associate_instance_storage_config(
                InstanceId=instance,
                ResourceType=resource,
                StorageConfig={
                    "StorageType": "S3",
                    "S3Config": {"BucketName": BUCKET, "BucketPrefix": f"connect/test/{folder}"},
                },
            )
        self.arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
        queue = connect.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"][0]
        self.queue, self.queue_arn = queue["Id"], queue["Arn"]
        self.agent = self.make_agent()
        offered = connect.search_available_phone_numbers(
            InstanceId=instance, PhoneNumberCountryCode="GB", PhoneNumberType="DID"
        )
        self.number = offered["AvailableNumbersList"][0]["PhoneNumber"]
        self.number_id = connect.claim_phone_number(InstanceId=instance, PhoneNumber=self.number)["PhoneNumberId"]

    def make_agent(self, name: str = "agent", routing_profile: str = "Basic Routing Profile") -> str:
        """Create a user and return its id."""
        profiles = self.connect.list_routing_profiles(InstanceId=self.instance)["RoutingProfileSummaryList"]
        security = self.connect.list_security_profiles(InstanceId=self.instance)["SecurityProfileSummaryList"]
        return self.connect.create_user(
            InstanceId=self.instance,
            Username=name,
            Password=PASSWORD,
            IdentityInfo={"FirstName": "A", "LastName": "Gent"},
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[next(item["Id"] for item in security if item["Name"] == "Agent")],
            RoutingProfileId=next(item["Id"] for item in profiles if item["Name"] == routing_profile),
        )["UserId"]

    def make_queue(self, name: str, **options: Any) -> tuple[str, str]:
        """Create a queue that is always open; return its id and ARN."""
        hours = self.connect.list_hours_of_operations(InstanceId=self.instance)["HoursOfOperationSummaryList"][0]["Id"]
        made = self.connect.create_queue(InstanceId=self.instance, Name=name, HoursOfOperationId=hours, **options)
        return made["QueueId"], made["QueueArn"]

    def deploy(self, *actions: dict[str, Any], name: str = "Main", kind: str = "CONTACT_FLOW") -> str:
        """Publish a flow, let it answer the number when it is an inbound one, and return its id."""
        content = document(*actions)
        listed = self.connect.list_contact_flows(InstanceId=self.instance)["ContactFlowSummaryList"]
        present = next((item["Id"] for item in listed if item["Name"] == name), None)
        if present:
            self.connect.update_contact_flow_content(InstanceId=self.instance, ContactFlowId=present, Content=content)
        else:
            present = self.connect.create_contact_flow(InstanceId=self.instance, Name=name, Type=kind, Content=content)[
                "ContactFlowId"
            ]
        if kind == "CONTACT_FLOW":
            self.connect.associate_phone_number_contact_flow(
                PhoneNumberId=self.number_id, InstanceId=self.instance, ContactFlowId=present
            )
        return present

    def add_rule(self, name: str = "SAPPostCallAnalytics", *conditions: Any, **options: Any) -> str:
        """Create a rule with both actions; without conditions it matches the default queue. Return its id."""
        source = options.pop("source", "OnPostCallAnalysisAvailable")
        word = {"OnPostCallAnalysisAvailable": "PostCall", "OnPostChatAnalysisAvailable": "PostChat"}.get(
            source, "RealTimeCall"
        )
        conditions = conditions or (
            {
                "Operator": "CONTAINS_ANY",
                "Operands": [self.queue],
                "ComparisonValue": f"$.ContactLens.{word}.Queue.QueueId",
            },
        )
        function = {
            "Version": "2022-11-25",
            "RuleFunction": {"Operator": options.pop("operator", "AND"), "Operands": list(conditions)},
        }
        return self.connect.create_rule(
            InstanceId=self.instance,
            Name=name,
            TriggerEventSource={"EventSourceName": source},
            Function=json.dumps(function),
            Actions=[
                {"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}},
                {"ActionType": "GENERATE_EVENTBRIDGE_EVENT", "EventBridgeAction": {"Name": f"{name}-event"}},
            ],
            PublishStatus=options.pop("status", "PUBLISHED"),
        )["RuleId"]

    def call(self, **request: Any) -> dict[str, Any]:
        """Place a call that the agent takes, unless the request says otherwise."""
        status, answer = self.try_call(**request)
        assert status == 200, answer
        return answer

    def try_call(self, **request: Any) -> tuple[int, dict[str, Any]]:
        """Place a call; return the HTTP status and the answer."""
        defaults = {
            "account": ACCOUNT,
            "region": REGION,
            "instance": self.instance,
            "dialled_number": self.number,
            "caller": "+442079460999",
            "agent": "agent",
            "summary": "The customer asked about an order.",
        }
        given = {name: value for name, value in {**defaults, **request}.items() if value is not ...}
        return self.emulator.control_answer("POST", "calls", given)

    def contact(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Describe the contact of a call."""
        return self.connect.describe_contact(InstanceId=self.instance, ContactId=answer["contact_id"])["Contact"]

    def stored(self, key: str) -> dict[str, Any]:
        """Return a JSON object of the bucket."""
        return json.loads(self.emulator.objects[BUCKET, key])

    def analysis_key(self, answer: dict[str, Any]) -> str:
        """Return the key of the original analysis of a call."""
        return next(key for key in answer["files"] if "_analysis_2" in key)


def _page(name: str, items: list[Any], token: str) -> dict[str, Any]:
    position = int(token)
    following = {"NextToken": str(position + 1)} if position + 1 < len(items) else {}
    return {name: items[position : position + 1], **following}


def document(*actions: dict[str, Any]) -> str:
    """Return the JSON text of a flow that starts at its first action."""
    return json.dumps({"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": list(actions)})


def action(identifier: str, kind: str, following: str | None = None, **parts: Any) -> dict[str, Any]:
    """Return an action. ``errors`` maps error types to actions, ``branches`` operands; all else are parameters."""
    errors, branches = parts.pop("errors", {}), parts.pop("branches", {})
    operator = parts.pop("operator", "Equals")
    transitions: dict[str, Any] = {"NextAction": following} if following else {}
    if errors:
        transitions["Errors"] = [{"ErrorType": name, "NextAction": target} for name, target in errors.items()]
    if branches:
        transitions["Conditions"] = [
            {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operand, target in branches.items()
        ]
    return {"Identifier": identifier, "Type": kind, "Parameters": parts, "Transitions": transitions}


END = action("end", "DisconnectParticipant")


def record(following: str = "queue", *, identifier: str = "record", **analytics: Any) -> dict[str, Any]:
    """Return the block that records and analyses; keyword arguments change or, as None, remove analysis settings."""
    settings = {
        "Enabled": "True",
        "AnalyticsLanguage": "en-GB",
        "ChannelConfiguration": {
            "Chat": {"AnalyticsModes": ["ContactLens"]},
            "Voice": {"AnalyticsModes": ["PostContact"]},
        },
        "SummaryConfiguration": {"SummaryModes": ["PostContact"]},
        **analytics,
    }
    return action(
        identifier,
        "UpdateContactRecordingBehavior",
        following,
        RecordingBehavior={"RecordedParticipants": ["Agent", "Customer"]},
        AnalyticsBehavior={name: value for name, value in settings.items() if value is not None},
    )


def to_queue(queue_arn: str, identifier: str = "queue") -> list[dict[str, Any]]:
    """Return the actions that set a queue and go there, with the end."""
    return [
        action(
            identifier,
            "UpdateContactTargetQueue",
            "transfer",
            QueueId=queue_arn,
            errors={"NoMatchingError": "end"},
        ),
        action(
            "transfer",
            "TransferContactToQueue",
            "end",
            errors={"QueueAtCapacity": "end", "NoMatchingError": "end"},
        ),
        END,
    ]
