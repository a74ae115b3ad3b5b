# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulated calls on a whole local cloud: S3, EventBridge, Lambda and SAP are those of the cloud, nothing is faked."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of
from tests.clients import direct_session
from tests.local_cloud.launcher import LocalCloud

from .call_site import END
from .call_site import PASSWORD
from .call_site import action
from .call_site import document
from .call_site import record
from .call_site import to_queue

ACCOUNT = "333300000001"
REGION = "eu-west-2"
AWS = Path(sys.executable).with_name("aws")
ROOT = Path(__file__).parents[2]
BUCKET = "calls-end-to-end"
HANDLER = """
import json, os, boto3

def handler(event, context):
    key = os.environ["PREFIX"] + context.aws_request_id + ".json"
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=key, Body=json.dumps(event))
    return {"greeting": "Hello " + event.get("Details", {}).get("Parameters", {}).get("name", "")}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class Site:
    """A contact centre on the running cloud."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.environment = cloud.environment()
        self.keys = cloud.account(ACCOUNT)
        self.http = direct_session()
        self.http.post(f"{self.environment['AWS_ENDPOINT_URL']}/_front/settings", json={"role_delay": 0}, timeout=10)
        self.connect = self.client("connect")
        self.s3, self.functions, self.events = self.client("s3"), self.client("lambda"), self.client("events")
        self._build()

    def client(self, service: str) -> Any:
        return client_of(self.keys, service)

    def _build(self) -> None:
        connect = self.connect
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        made = connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias="calls-end-to-end",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )
        self.instance, self.arn = made["Id"], made["Arn"]
        wait_for(lambda: connect.describe_instance(InstanceId=self.instance)["Instance"]["InstanceStatus"] == "ACTIVE")
        for resource, folder in (("CALL_RECORDINGS", "CallRecordings"), ("CHAT_TRANSCRIPTS", "ChatTranscripts")):
            connect.associate_instance_storage_config(
                InstanceId=self.instance,
                ResourceType=resource,
                StorageConfig={
                    "StorageType": "S3",
                    "S3Config": {"BucketName": BUCKET, "BucketPrefix": f"connect/site/{folder}"},
                },
            )
        queue = connect.list_queues(InstanceId=self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"][0]
        self.queue, self.queue_arn = queue["Id"], queue["Arn"]
        profile = connect.list_routing_profiles(InstanceId=self.instance)["RoutingProfileSummaryList"][0]["Id"]
        security = connect.list_security_profiles(InstanceId=self.instance)["SecurityProfileSummaryList"]
        self.agent = connect.create_user(
            InstanceId=self.instance,
            Username="agent",
            Password=PASSWORD,
            IdentityInfo={"FirstName": "A", "LastName": "Gent"},
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[next(item["Id"] for item in security if item["Name"] == "Agent")],
            RoutingProfileId=profile,
        )["UserId"]
        self.number = connect.search_available_phone_numbers(
            InstanceId=self.instance, PhoneNumberCountryCode="GB", PhoneNumberType="DID"
        )["AvailableNumbersList"][0]["PhoneNumber"]
        claimed = connect.claim_phone_number(InstanceId=self.instance, PhoneNumber=self.number)["PhoneNumberId"]
        wait_for(
            lambda: (
                connect.describe_phone_number(PhoneNumberId=claimed)["ClaimedPhoneNumberSummary"]["PhoneNumberStatus"][
                    "Status"
                ]
                == "CLAIMED"
            )
        )
        self.flow = connect.create_contact_flow(
            InstanceId=self.instance,
            Name="Main",
            Type="CONTACT_FLOW",
            Content=document(record(), *to_queue(self.queue_arn)),
        )["ContactFlowId"]
        connect.associate_phone_number_contact_flow(
            PhoneNumberId=claimed, InstanceId=self.instance, ContactFlowId=self.flow
        )
        function = {
            "Version": "2022-11-25",
            "RuleFunction": {
                "Operator": "OR",
                "Operands": [
                    {
                        "Operator": "CONTAINS_ANY",
                        "Operands": [self.queue],
                        "ComparisonValue": "$.ContactLens.PostCall.Queue.QueueId",
                    }
                ],
            },
        }
        connect.create_rule(
            InstanceId=self.instance,
            Name="Analytics",
            TriggerEventSource={"EventSourceName": "OnPostCallAnalysisAvailable"},
            Function=json.dumps(function),
            Actions=[
                {"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}},
                {"ActionType": "GENERATE_EVENTBRIDGE_EVENT", "EventBridgeAction": {"Name": "Analytics"}},
            ],
            PublishStatus="PUBLISHED",
        )
        self.function_arn = self._make_function()
        self.rule_arn = self._make_rule("contact-lens")

    def _make_function(self) -> str:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as code:
            code.writestr("index.py", HANDLER)
        iam = self.client("iam")
        role = iam.create_role(RoleName="seen", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/seen/*"}
        iam.put_role_policy(
            RoleName="seen",
            PolicyName="put",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        return self.functions.create_function(
            FunctionName="seen",
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Timeout=30,
            Code={"ZipFile": archive.getvalue()},
            Environment={"Variables": {"BUCKET": BUCKET, "PREFIX": "seen/"}},
        )["FunctionArn"]

    def _make_rule(self, name: str) -> str:
        arn = self.events.put_rule(
            Name=name,
            EventPattern=json.dumps(
                {"source": ["aws.connect"], "detail-type": ["Contact Lens Post Call Rules Matched"]}
            ),
        )["RuleArn"]
        self.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": self.function_arn}])
        self.functions.add_permission(
            FunctionName="seen",
            StatementId=name,
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=arn,
        )
        return arn

    def aws(self, *arguments: str) -> None:
        """Run AWS CLI as somebody who edits the site by hand."""
        environment = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "AWS_ENDPOINT_URL": self.environment["AWS_ENDPOINT_URL"],
            "AWS_ACCESS_KEY_ID": self.keys["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": self.keys["AWS_SECRET_ACCESS_KEY"],
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }
        done = subprocess.run(
            [AWS, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr

    def publish(self, tmp_path: Path, *actions: dict[str, Any]) -> None:
        """Publish new content of the flow with AWS CLI."""
        content = tmp_path / "flow.json"
        content.write_text(document(*actions))
        self.aws(
            "connect",
            "update-contact-flow-content",
            f"--instance-id={self.instance}",
            f"--contact-flow-id={self.flow}",
            f"--content=file://{content}",
        )

    def call(self, **request: Any) -> dict[str, Any]:
        """Place a call and return the answer of the control address."""
        body = {
            "account": ACCOUNT,
            "region": REGION,
            "instance": self.arn,
            "dialled_number": self.number,
            "caller": "+442079460999",
            "agent": "agent",
            "summary": "The customer asked about an order.",
            **request,
        }
        answer = self.http.post(f"{self.environment['CONNECT_EMULATOR_URL']}/_emulator/calls", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def keys_under(self, prefix: str) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [item["Key"] for item in listed.get("Contents", [])]

    def read(self, key: str) -> dict[str, Any]:
        return json.load(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"])

    def seen(self, contact_id: str) -> list[dict[str, Any]]:
        """Return the events of a contact that the function has got."""
        events = [self.read(key) for key in self.keys_under("seen/")]
        return [event for event in events if contact_id in json.dumps(event)]


def wait_for(condition: Any, seconds: float = 60) -> Any:
    """Return the condition's first true value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            assert value
            return value
        time.sleep(0.1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One cloud and one contact centre for all tests of this file."""
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield Site(cloud)


@pytest.fixture
def main(site: Site) -> Site:
    """The site with its first flow."""
    site.connect.update_contact_flow_content(
        InstanceId=site.instance,
        ContactFlowId=site.flow,
        Content=document(record(), *to_queue(site.queue_arn)),
    )
    return site


def test_a_call_comes_to_the_function_and_to_sap(main):
    answer = main.call()
    assert answer["problems"] == []
    assert [item["status"] for item in answer["deliveries"]] == ["delivered"]
    (event,) = wait_for(lambda: main.seen(answer["contact_id"]))
    assert event == answer["events"][0]
    for key in answer["files"]:
        assert key in main.keys_under(key)
    analysis = main.read(next(key for key in answer["files"] if key.startswith("Analysis/")))
    summary = analysis["ConversationCharacteristics"]["ContactSummary"]["PostContactSummary"]["Content"]
    assert summary == "The customer asked about an order."
    calls = main.http.get(f"{main.environment['SAP_BASE_URL']}/_standin/phone-calls", timeout=10).json()
    (made,) = [item for item in calls if item["externalId"]["displayId"] == answer["contact_id"]]
    assert made["id"] == answer["sap_phone_call_id"]


def test_a_flow_edited_with_aws_cli_changes_the_next_call(main, tmp_path):
    hours = main.connect.list_hours_of_operations(InstanceId=main.instance)["HoursOfOperationSummaryList"][0]["Id"]
    main.aws(
        "connect",
        "create-queue",
        f"--instance-id={main.instance}",
        "--name=Second",
        f"--hours-of-operation-id={hours}",
    )
    queues = main.connect.list_queues(InstanceId=main.instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
    second = next(queue for queue in queues if queue["Name"] == "Second")
    profile = main.connect.list_routing_profiles(InstanceId=main.instance)["RoutingProfileSummaryList"][0]["Id"]

    # Another queue, which the agent does not serve: nobody answers, nothing is analysed.
    main.publish(tmp_path, record(), *to_queue(second["Arn"]))
    answer = main.call()
    assert (answer["queue"], answer["agent"], answer["files"], answer["events"]) == ("Second", None, [], [])
    contact = main.connect.describe_contact(InstanceId=main.instance, ContactId=answer["contact_id"])["Contact"]
    assert contact["QueueInfo"]["Id"] == second["Id"]
    assert "AgentInfo" not in contact

    # Now the agent serves it; the rule asks for the first queue, so there is a file and no event.
    main.aws(
        "connect",
        "associate-routing-profile-queues",
        f"--instance-id={main.instance}",
        f"--routing-profile-id={profile}",
        f"--queue-configs=QueueReference={{QueueId={second['Id']},Channel=VOICE}},Priority=1,Delay=0",
    )
    answer = main.call()
    assert (answer["queue"], answer["agent"]) == ("Second", "agent")
    analysis = main.read(next(key for key in answer["files"] if key.startswith("Analysis/")))
    assert analysis["Categories"]["MatchedCategories"] == []
    assert answer["events"] == []

    # An extra branch: a menu that sets an attribute or goes to the first queue.
    main.publish(
        tmp_path,
        record("menu"),
        action(
            "menu",
            "GetParticipantInput",
            "queue",
            Text="Press 1 for an order",
            StoreInput="False",
            InputTimeLimitSeconds="5",
            branches={"1": "note"},
            errors={"NoMatchingCondition": "queue", "InputTimeLimitExceeded": "queue", "NoMatchingError": "queue"},
        ),
        action(
            "note",
            "UpdateContactAttributes",
            "queue",
            Attributes={"Reason": "order", "ANI": "$.CustomerEndpoint.Address"},
            errors={"NoMatchingError": "queue"},
        ),
        *to_queue(main.queue_arn),
    )
    answer = main.call(inputs=["1"])
    assert answer["path"] == ["record", "menu", "note", "queue", "transfer"]
    attributes = main.connect.get_contact_attributes(InstanceId=main.instance, InitialContactId=answer["contact_id"])[
        "Attributes"
    ]
    assert attributes == {"Reason": "order", "ANI": "+442079460999"}
    assert main.call(inputs=["7"])["attributes"] == {}
    event = wait_for(lambda: main.seen(answer["contact_id"]))[0]
    assert event["detail"]["queueArn"] == main.queue_arn

    # Analysis off: a recording, but no analysis and no event.
    main.publish(tmp_path, record(Enabled="False"), *to_queue(main.queue_arn))
    answer = main.call()
    assert [key.rpartition(".")[2] for key in answer["files"]] == ["wav"]
    assert answer["events"] == []

    # Disconnect first: no queue, no agent, no file.
    main.publish(tmp_path, END)
    answer = main.call()
    assert (answer["path"], answer["queue"], answer["agent"], answer["files"]) == (["end"], None, None, [])
    assert answer["disconnect_reason"] == "CONTACT_FLOW_DISCONNECT"
    assert main.keys_under("Analysis/Voice") and not [
        key for key in main.keys_under("Analysis/") if answer["contact_id"] in key
    ]


def test_a_rule_that_is_disabled_with_aws_cli_gets_nothing(main):
    main.aws("events", "disable-rule", "--name=contact-lens")
    answer = main.call()
    assert [item["reason"] for item in answer["deliveries"]] == ["The rule is disabled"]
    main.aws("events", "enable-rule", "--name=contact-lens")
    assert [item["status"] for item in main.call()["deliveries"]] == ["delivered"]


def test_without_the_functions_permission_nothing_is_delivered(main):
    main.functions.remove_permission(FunctionName="seen", StatementId="contact-lens")
    answer = main.call()
    (delivery,) = answer["deliveries"]
    assert delivery["status"] == "not delivered"
    assert "policy" in delivery["reason"]
    main.functions.add_permission(
        FunctionName="seen",
        StatementId="contact-lens",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=main.rule_arn,
    )
    assert [item["status"] for item in main.call()["deliveries"]] == ["delivered"]


def test_an_input_transformer_shapes_what_the_function_gets(main):
    main.events.put_targets(
        Rule="contact-lens",
        Targets=[
            {
                "Id": "1",
                "Arn": main.function_arn,
                "InputTransformer": {
                    "InputPathsMap": {"contact": "$.detail.contactArn"},
                    "InputTemplate": '{"contact": <contact>, "text": "Contact <contact>"}',
                },
            }
        ],
    )
    answer = main.call()
    (event,) = wait_for(lambda: main.seen(answer["contact_id"]))
    arn = f"{main.arn}/contact/{answer['contact_id']}"
    assert event == {"contact": arn, "text": f"Contact {arn}"}
    main.events.put_targets(Rule="contact-lens", Targets=[{"Id": "1", "Arn": main.function_arn}])


def test_an_undeliverable_event_goes_to_the_dead_letter_queue(main):
    queue = main.client("sqs").create_queue(QueueName="undelivered")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:undelivered"
    gone = main.function_arn.replace(":seen", ":gone")
    # Without the detail type it would get the contact events too.
    pattern = {"source": ["aws.connect"], "detail-type": ["Contact Lens Post Call Rules Matched"]}
    rule = main.events.put_rule(Name="broken", EventPattern=json.dumps(pattern))["RuleArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    main.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    main.events.put_targets(Rule="broken", Targets=[{"Id": "1", "Arn": gone, "DeadLetterConfig": {"Arn": arn}}])
    answer = main.call()
    main.events.remove_targets(Rule="broken", Ids=["1"])
    main.events.delete_rule(Name="broken")
    assert {item["rule"]: item["status"] for item in answer["deliveries"]} == {
        "broken": "not delivered",
        "contact-lens": "delivered",
    }
    (message,) = main.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert json.loads(message["Body"]) == answer["events"][0]


def test_a_flow_asks_a_function(main):
    main.connect.associate_lambda_function(InstanceId=main.instance, FunctionArn=main.function_arn)
    ask = action(
        "ask",
        "InvokeLambdaFunction",
        "say",
        LambdaFunctionARN=main.function_arn,
        InvocationTimeLimitSeconds="8",
        LambdaInvocationAttributes={"name": "$.CustomerEndpoint.Address"},
        errors={"NoMatchingError": "end"},
    )
    say = action("say", "MessageParticipant", "end", Text="$.External.greeting!", errors={"NoMatchingError": "end"})
    main.connect.update_contact_flow_content(
        InstanceId=main.instance, ContactFlowId=main.flow, Content=document(ask, say, END)
    )
    answer = main.call()
    assert answer["path"] == ["ask", "say", "end"]
    assert answer["messages"] == ["Hello +442079460999!"]


def test_a_chat_leaves_its_transcript_and_analysis(main):
    answer = main.call(channel="CHAT", contact_flow="Main")
    assert answer["agent"] == "agent"
    folders = sorted("/".join(key.split("/")[:3]) for key in answer["files"])
    assert [folder.split("/")[:2] for folder in folders] == [["Analysis", "Chat"], ["connect", "site"]]
    assert main.read(next(key for key in answer["files"] if key.startswith("Analysis/")))["Channel"] == "CHAT"


def test_the_edge_serves_the_panel_of_the_instance(main):
    main.connect.associate_approved_origin(InstanceId=main.instance, Origin="https://site.example")
    host = {"Host": f"calls-end-to-end.my.connect.localhost:{main.environment['EDGE_PORT']}"}
    edge = main.environment["EDGE_URL"]
    form = {"username": "agent", "password": PASSWORD, "landat": "/ccp-v2/"}
    signed_in = main.http.post(f"{edge}/connect/login", data=form, headers=host, timeout=10, allow_redirects=False)
    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/ccp-v2/")
    host["Cookie"] = signed_in.headers["Set-Cookie"].partition(";")[0]
    answer = main.http.get(f"{edge}/ccp-v2/", headers=host, timeout=10)
    assert answer.status_code == 200
    assert "frame-ancestors 'self' https://site.example" in answer.headers["Content-Security-Policy"]
    update = main.http.get(f"{edge}/ccp-v2/api/updates?since=", headers=host, timeout=10).json()
    assert update["configuration"]["username"] == "agent"


def test_a_live_call_comes_to_the_function(main):
    """Without a panel: the process of the local cloud goes on with the contact by itself."""
    agent = {"account": ACCOUNT, "instance": "calls-end-to-end", "user": "agent"}
    control = f"{main.environment['CONNECT_EMULATOR_URL']}/_emulator"

    def do(what: str, **more: str) -> None:
        answer = main.http.post(f"{control}/agents", json={**agent, "do": what, **more}, timeout=10)
        assert answer.status_code == 200, answer.text

    do("sign_in")
    do("set_state", state="Available")
    contact_id = main.call(live=True)["contact_id"]
    for what in ("accept", "hang_up", "close"):
        do(what)
    (event,) = wait_for(lambda: main.seen(contact_id))
    assert event["detail"]["contactArn"] == f"{main.arn}/contact/{contact_id}"
    outcome = wait_for(lambda: main.http.get(f"{control}/contacts/{contact_id}", timeout=10).json()["outcome"])
    assert [item["status"] for item in outcome["deliveries"]] == ["delivered"]
    assert outcome["problems"] == []
    calls = main.http.get(f"{main.environment['SAP_BASE_URL']}/_standin/phone-calls", timeout=10).json()
    assert contact_id not in [item["externalId"]["displayId"] for item in calls]
