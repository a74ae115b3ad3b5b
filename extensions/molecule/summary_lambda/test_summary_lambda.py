# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

FUNCTION = "poc-lambda-process-contact-lens-event"
MAINTENANCE = "poc-lambda-summary-maintenance"
QUEUE = "poc-summary-dead-letters"
DIST = Path(__file__).parents[3] / "files/summary_lambda/dist"
PARAMETERS = {
    "connect-bucket-name": "amazon-connect-recordings",
    "c4c-base-url": os.environ.get("SAP_BASE_URL"),
    "c4c-phone-service-endpoint-path": "/sap/c4c/api/v1/phone-service/",
    "c4c-username": os.environ.get("SAP_USERNAME"),
}


def tags_of(items):
    return {item["Key"]: item["Value"] for item in items}


@pytest.fixture(scope="module")
def function(client):
    return client("lambda").get_function(FunctionName=FUNCTION)


@pytest.fixture(scope="module")
def maintenance(client):
    return client("lambda").get_function(FunctionName=MAINTENANCE)


@pytest.fixture(scope="module")
def queue(client):
    """The queue's attributes, with its address."""
    sqs = client("sqs")
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    return {"url": url, **sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameter(client, site_tags, name):
    ssm = client("ssm")
    path = f"/SAP-C4C-connect-poc/poc/{name}"
    parameter = ssm.get_parameter(Name=path)["Parameter"]
    assert (parameter["Type"], parameter["Value"]) == ("String", PARAMETERS[name])
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=path)["TagList"]
    assert tags_of(tags) == site_tags


def test_password(client, site_tags):
    secrets = client("secretsmanager")
    assert secrets.get_secret_value(SecretId="Secret-c4c-password")["SecretString"] == os.environ["SAP_PASSWORD"]
    assert tags_of(secrets.describe_secret(SecretId="Secret-c4c-password")["Tags"]) == site_tags


def test_function_is_as_the_guide_says(function, site_tags):
    configuration = function["Configuration"]
    assert configuration["Runtime"] == "python3.13"
    assert configuration["Architectures"] == ["x86_64"]
    assert configuration["Timeout"] == 300
    guide = {
        "ENVIRONMENT_NAME": "poc",
        "LOG_LEVEL": "INFO",
        "SECRET_PARAM_C4C_PASSWORD": "Secret-c4c-password",
        "SSM_PARAM_BUCKET_NAME": "connect-bucket-name",
        "SSM_PARAM_C4C_BASE_URL": "c4c-base-url",
        "SSM_PARAM_C4C_PHONE_SERVICE_ENDPOINT_PATH": "c4c-phone-service-endpoint-path",
        "SSM_PARAM_C4C_USERNAME": "c4c-username",
        "SSM_PARAM_ROOT_NAME": "SAP-C4C-connect-poc",
    }
    assert configuration["Environment"]["Variables"].items() >= guide.items()
    assert function["Tags"] == site_tags


def test_function_runs_what_was_built(client, function):
    digest = base64.b64encode(hashlib.sha256((DIST / "function.zip").read_bytes()).digest()).decode()
    assert function["Configuration"]["CodeSha256"] == digest
    (layer,) = function["Configuration"]["Layers"]
    name, version = layer["Arn"].split(":")[-2:]
    assert (name, version) == ("poc_lambda_layer", "1"), "the layer is published once, not on every run"
    published = client("lambda").get_layer_version(LayerName=name, VersionNumber=int(version))
    assert published["CompatibleRuntimes"] == ["python3.13"]
    content = base64.b64encode(hashlib.sha256((DIST / "layer.zip").read_bytes()).digest()).decode()
    assert published["Content"]["CodeSha256"] == content


def test_dead_letters_are_kept_for_a_fortnight_and_come_from_one_rule(client, queue, account, region, site_tags):
    assert queue["MessageRetentionPeriod"] == str(14 * 86400)
    assert int(queue["VisibilityTimeout"]) > 900
    assert queue.get("SqsManagedSseEnabled", "true") == "true"
    rule, tls = json.loads(queue["Policy"])["Statement"]
    assert (rule["Effect"], rule["Principal"]) == ("Allow", {"Service": "events.amazonaws.com"})
    assert (rule["Action"], rule["Resource"]) == ("sqs:SendMessage", queue["QueueArn"])
    source = f"arn:aws:events:{region}:{account}:rule/Connect-poc-CL-eventbridge-rule"
    assert rule["Condition"] == {"ArnEquals": {"aws:SourceArn": source}}
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert client("sqs").list_queue_tags(QueueUrl=queue["url"])["Tags"] == site_tags


def test_events_that_fail_for_good_go_to_the_queue(client, function, queue):
    assert function["Configuration"]["DeadLetterConfig"] == {"TargetArn": queue["QueueArn"]}
    config = client("lambda").get_function_event_invoke_config(FunctionName=FUNCTION)
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (1, 3600)
    assert function["Concurrency"] == {"ReservedConcurrentExecutions": 5}


def test_maintenance_function_runs_the_same_code(client, function, maintenance, account, region):
    configuration = maintenance["Configuration"]
    assert configuration["Handler"] == "summary_lambda.maintenance.handler"
    assert configuration["CodeSha256"] == function["Configuration"]["CodeSha256"]
    assert [layer["Arn"] for layer in configuration["Layers"]] == [
        layer["Arn"] for layer in function["Configuration"]["Layers"]
    ]
    assert not configuration.get("DeadLetterConfig", {}).get("TargetArn")
    config = client("lambda").get_function_event_invoke_config(FunctionName=MAINTENANCE)
    assert config["MaximumRetryAttempts"] == 0
    delivery = function["Configuration"]["Environment"]["Variables"]
    assert (delivery["TRANSCRIPT_LIMIT"], delivery["NOT_BEFORE"]) == ("8000", "2026-01-31")
    assert configuration["Environment"]["Variables"] == {
        **delivery,
        "DELIVERY_FUNCTION": FUNCTION,
        "DEAD_LETTER_QUEUE_URL": f"https://sqs.{region}.amazonaws.com/{account}/{QUEUE}",
        "CURSOR_PARAMETER": "/SAP-C4C-connect-poc/poc/reconcile-cursor",
        "REDRIVE_RATE": "1",
        "REDRIVE_MAXIMUM_AGE": "72",
        "ABSENCE_MINIMUM": "5",
    }
    assert configuration["Role"] != function["Configuration"]["Role"]


@pytest.mark.parametrize("action", ["redrive", "reconcile"])
def test_the_clock_calls_the_maintenance_function(client, maintenance, account, region, site_tags, action):
    events, name = client("events"), f"poc-summary-{action}"
    rule = events.describe_rule(Name=name)
    # Never at the same time: whoever looks into the queue hides its messages from the other
    minute = {"redrive": 0, "reconcile": 7}[action]
    assert (rule["State"], rule["ScheduleExpression"]) == ("ENABLED", f"cron({minute}/15 * * * ? *)")
    (target,) = events.list_targets_by_rule(Rule=name)["Targets"]
    assert (target["Arn"], json.loads(target["Input"])) == (
        maintenance["Configuration"]["FunctionArn"],
        {"action": action},
    )
    assert tags_of(events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]) == site_tags
    statements = json.loads(client("lambda").get_policy(FunctionName=MAINTENANCE)["Policy"])["Statement"]
    (allowed,) = [statement for statement in statements if statement["Sid"] == name]
    assert allowed["Condition"] == {"ArnLike": {"AWS:SourceArn": f"arn:aws:events:{region}:{account}:rule/{name}"}}


def test_alarms_go_to_a_topic_with_its_subscriber(client, account, region, site_tags):
    topic = f"arn:aws:sns:{region}:{account}:poc-summary-alarms"
    sns = client("sns")
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "duty@example.com")
    assert tags_of(sns.list_tags_for_resource(ResourceArn=topic)["Tags"]) == site_tags
    alarms = {item["AlarmName"]: item for item in client("cloudwatch").describe_alarms()["MetricAlarms"]}
    measured = {
        name: (item["Namespace"], item["MetricName"], item["Dimensions"][0]["Value"]) for name, item in alarms.items()
    }
    assert measured == {
        "poc-summary-dead-letters": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", QUEUE),
        "poc-summary-dead-letter-age": ("AWS/SQS", "ApproximateAgeOfOldestMessage", QUEUE),
        "poc-summary-given-up": ("AWS/Lambda", "AsyncEventsDropped", FUNCTION),
        "poc-summary-throttles": ("AWS/Lambda", "Throttles", FUNCTION),
        "poc-summary-sap-refusals": ("AmazonConnectSAP", "SapRefusals", "poc"),
        "poc-summary-silence": ("AmazonConnectSAP", "SilentPeriods", "poc"),
        "poc-summary-maintenance-errors": ("AWS/Lambda", "Errors", MAINTENANCE),
        "poc-summary-maintenance-idle": ("AWS/Lambda", "Invocations", MAINTENANCE),
        "poc-summary-undelivered-events": (
            "AWS/Events",
            "InvocationsFailedToBeSentToDlq",
            "Connect-poc-CL-eventbridge-rule",
        ),
    }
    assert all(item["AlarmActions"] == item["OKActions"] == [topic] for item in alarms.values())
    by_absence = {name for name, item in alarms.items() if item["TreatMissingData"] == "breaching"}
    assert by_absence == {"poc-summary-maintenance-idle"}


def test_dashboard_is_there(client, region):
    answer = client("cloudwatch").get_dashboard(DashboardName=f"poc-summaries-{region}")
    titles = {widget["properties"]["title"] for widget in json.loads(answer["DashboardBody"])["widgets"]}
    assert titles >= {"Calls and summaries", "From hang-up to SAP", "Failures by reason", "Dead letters"}


@pytest.mark.parametrize("name", [FUNCTION, MAINTENANCE])
def test_role_has_one_policy_without_wildcard_actions(client, name):
    iam = client("iam")
    role = client("lambda").get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    statements = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert not any("*" in action for action in actions)
        assert "*" not in resources
    assert "amazon-connect-recordings" in json.dumps(statements)


@pytest.mark.parametrize("name", [FUNCTION, MAINTENANCE])
def test_logs_are_kept_for_a_limited_time(client, site_tags, name):
    logs = client("logs")
    (group,) = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
    assert group["retentionInDays"] == 90
    assert logs.list_tags_log_group(logGroupName=group["logGroupName"])["tags"] == site_tags
