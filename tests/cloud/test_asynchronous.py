# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asynchronous invocations: attempts, age, dead letters, destinations, concurrency, and functions that are killed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Cloud
from .functions import LOGS
from .functions import PATIENCE
from .functions import Functions
from .functions import code

ACCOUNT = "222200000501"
# Does what the event says, and lists in a file of its bucket who has run it.
HANDLER = """
import boto3, json, os, time

s3 = boto3.client("s3")

class SapUnavailable(Exception):
    pass

def handler(event, context):
    key = f"runs/{event['id']}/{context.aws_request_id}/{time.time_ns()}"
    s3.put_object(Bucket="runs", Key=key, Body=b"")
    time.sleep(event.get("sleep", 0))
    do = event.get("do")
    if do == "fail":
        raise SapUnavailable(f"SapUnavailable: no answer for {event['id']}")
    if do == "exit":
        os._exit(1)
    return {"id": event["id"]}
"""
S3 = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::runs/*"}


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:eu-west-2:{ACCOUNT}:{name}"


def may_send(name: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue_arn(name)}


class Site(Functions):
    """Functions of the account, one bucket that tells who ran, one dead-letter queue."""

    def runs(self, event: str) -> list[str]:
        """Return the request ids of the runs for an event, in order."""
        found = self.client("s3").list_objects_v2(Bucket="runs", Prefix=f"runs/{event}/").get("Contents", [])
        moments = sorted((item["Key"].split("/")[3], item["Key"].split("/")[2]) for item in found)
        return [request for _moment, request in moments]

    def wait_for_run(self, event: str) -> None:
        """Wait until a run for an event has begun."""
        deadline = time.monotonic() + PATIENCE
        while not self.runs(event):
            assert time.monotonic() < deadline, event
            time.sleep(0.05)


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Iterator[Site]:
    site = Site(cloud, ACCOUNT)
    site.client("s3").create_bucket(Bucket="runs", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    site.make_queue("dead")
    site.make("delivery", HANDLER, S3, LOGS, may_send("dead"), dead_letters=queue_arn("dead"))
    site.make("hasty", HANDLER, S3, LOGS, may_send("dead"), timeout=1, dead_letters=queue_arn("dead"))
    site.make("silent", HANDLER, S3, LOGS)
    yield site
    cloud.front(function_faults=None, asynchronous_pace=0.002)


@pytest.fixture(autouse=True)
def clean(site: Site) -> Iterator[None]:
    yield
    site.cloud.front(function_faults=None)
    functions = site.client("lambda")
    functions.delete_function_concurrency(FunctionName="delivery")
    for name in ("delivery", "hasty", "silent"):
        try:
            functions.delete_function_event_invoke_config(FunctionName=name)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ResourceNotFoundException"
    site.receive("dead")


def test_an_event_that_succeeds_is_run_once(site: Site) -> None:
    answer = site.client("lambda").invoke(
        FunctionName="delivery", InvocationType="Event", Payload=json.dumps({"id": "once"}).encode()
    )
    assert answer["StatusCode"] == 202
    assert site.outcome("delivery")["outcome"] == "succeeded"
    assert len(site.runs("once")) == 1
    assert site.receive("dead") == []


def test_a_failing_event_is_tried_three_times_and_then_a_dead_letter_of_the_form_of_aws(site: Site) -> None:
    event = {"id": "failing", "do": "fail", "detail": {"contactArn": "arn"}}
    outcome = site.send("delivery", event)
    assert (outcome["outcome"], outcome["attempts"]) == ("dead_letter", 3)
    runs = site.runs("failing")
    assert runs == [outcome["request_id"]] * 3
    (message,) = site.receive("dead")
    assert json.loads(message["Body"]) == event
    assert message["MessageAttributes"] == {
        "RequestID": {"DataType": "String", "StringValue": outcome["request_id"]},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "SapUnavailable: no answer for failing"},
    }
    sent = site.cloud.journal(action="sqs:SendMessage", account=ACCOUNT)[-1]
    assert sent["principal"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/delivery/delivery"


@pytest.mark.parametrize(
    ("name", "event", "error"),
    [
        ("hasty", {"sleep": 5}, "Error: Task timed out after 1.00 seconds"),
        ("delivery", {"do": "exit"}, "Error: Runtime exited without providing a reason"),
    ],
)
def test_a_function_that_ends_without_an_answer_has_failed(
    site: Site, name: str, event: dict[str, Any], error: str
) -> None:
    site.put_invoke_config(name, MaximumRetryAttempts=0)
    outcome = site.send(name, {"id": f"ended-{name}", **event})
    assert (outcome["outcome"], outcome["attempts"]) == ("dead_letter", 1)
    (message,) = site.receive("dead")
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"].endswith(error)


def test_the_function_sets_attempts_and_age(site: Site) -> None:
    site.put_invoke_config("delivery", MaximumRetryAttempts=1)
    assert site.send("delivery", {"id": "two", "do": "fail"})["attempts"] == 2
    # The second pause would end after 180 seconds, the first ends after 60.
    site.put_invoke_config("delivery", MaximumRetryAttempts=2, MaximumEventAgeInSeconds=100)
    outcome = site.send("delivery", {"id": "old", "do": "fail"})
    assert (outcome["attempts"], outcome["outcome"]) == (2, "dead_letter")
    assert site.client("lambda").get_function_event_invoke_config(FunctionName="delivery")["MaximumRetryAttempts"] == 2


def test_an_invoke_config_is_updated_in_part(site: Site) -> None:
    functions = site.client("lambda")
    with pytest.raises(ClientError) as error:
        functions.update_function_event_invoke_config(FunctionName="delivery", MaximumRetryAttempts=1)
    assert code(error) == ("ResourceNotFoundException", 404)
    site.put_invoke_config("delivery", MaximumRetryAttempts=0, MaximumEventAgeInSeconds=100)
    functions.update_function_event_invoke_config(FunctionName="delivery", MaximumRetryAttempts=1)
    found = functions.get_function_event_invoke_config(FunctionName="delivery")
    assert (found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]) == (1, 100)


@pytest.mark.parametrize(
    "wrong", [{"MaximumRetryAttempts": 3}, {"MaximumEventAgeInSeconds": 21601}, {"MaximumEventAgeInSeconds": 90000}]
)
def test_an_invoke_config_out_of_range_is_refused(site: Site, wrong: dict[str, int]) -> None:
    with pytest.raises(ClientError) as error:
        site.put_invoke_config("delivery", **wrong)
    assert code(error) == ("ValidationException", 400)


def test_without_dead_letters_the_event_is_dropped(site: Site) -> None:
    site.put_invoke_config("silent", MaximumRetryAttempts=0)
    assert site.send("silent", {"id": "gone", "do": "fail"})["outcome"] == "dropped"


# Permissions of the execution role


def test_a_dead_letter_queue_needs_the_role_to_send(site: Site) -> None:
    site.make_queue("forbidden")
    with pytest.raises(ClientError) as error:
        site.make("hopeful", HANDLER, S3, LOGS, may_send("dead"), dead_letters=queue_arn("forbidden"))
    assert code(error) == ("InvalidParameterValueException", 400)
    assert "does not have permissions to call SendMessage on SQS" in str(error.value)
    with pytest.raises(ClientError) as error:
        site.client("lambda").update_function_configuration(
            FunctionName="silent", DeadLetterConfig={"TargetArn": queue_arn("dead")}
        )
    assert code(error) == ("InvalidParameterValueException", 400)


def test_an_event_is_lost_when_the_role_may_not_send_any_more(site: Site) -> None:
    site.make("revoked", HANDLER, S3, LOGS, may_send("dead"), dead_letters=queue_arn("dead"))
    site.put_invoke_config("revoked", MaximumRetryAttempts=0)
    site.allow("revoked", S3, LOGS)
    outcome = site.send("revoked", {"id": "lost", "do": "fail"})
    assert outcome["outcome"] == "dropped"
    assert "AccessDenied" in outcome["error"]
    assert site.receive("dead") == []
    assert site.metric("AWS/Lambda", "DeadLetterErrors", FunctionName="revoked") == 1


def test_a_destination_needs_the_role_to_send(site: Site) -> None:
    with pytest.raises(ClientError) as error:
        site.put_invoke_config("silent", DestinationConfig={"OnFailure": {"Destination": queue_arn("dead")}})
    assert code(error) == ("InvalidParameterValueException", 400)


def test_nothing_is_logged_when_the_role_may_not(site: Site) -> None:
    for name, statements in (("mute", [S3]), ("loud", [S3, LOGS])):
        site.make(name, HANDLER, *statements)
        site.send(name, {"id": name})
    groups = [group["logGroupName"] for group in site.client("logs").describe_log_groups()["logGroups"]]
    assert "/aws/lambda/loud" in groups
    assert "/aws/lambda/mute" not in groups


# Destinations


def test_destinations_get_the_record_of_the_invocation(site: Site) -> None:
    for name in ("failures", "successes"):
        site.make_queue(name)
    site.make("told", HANDLER, S3, LOGS, may_send("failures"), may_send("successes"))
    site.put_invoke_config(
        "told",
        MaximumRetryAttempts=1,
        DestinationConfig={
            "OnFailure": {"Destination": queue_arn("failures")},
            "OnSuccess": {"Destination": queue_arn("successes")},
        },
    )
    assert site.send("told", {"id": "good"})["outcome"] == "succeeded"
    (message,) = site.receive("successes")
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "Success"
    assert record["responsePayload"] == {"id": "good"}
    outcome = site.send("told", {"id": "bad", "do": "fail"})
    assert outcome["outcome"] == "dead_letter"
    (message,) = site.receive("failures")
    record = json.loads(message["Body"])
    assert "MessageAttributes" not in message
    assert record["requestContext"] == {
        "requestId": outcome["request_id"],
        "functionArn": f"arn:aws:lambda:eu-west-2:{ACCOUNT}:function:told:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 2,
    }
    assert record["requestPayload"] == {"id": "bad", "do": "fail"}
    assert record["responseContext"] == {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled",
    }
    assert record["responsePayload"]["errorType"] == "SapUnavailable"


# Concurrency


def test_reserved_concurrency_zero_sends_events_straight_to_the_dead_letters(site: Site) -> None:
    functions = site.client("lambda")
    functions.put_function_concurrency(FunctionName="delivery", ReservedConcurrentExecutions=0)
    outcome = site.send("delivery", {"id": "paused"})
    assert (outcome["outcome"], outcome["attempts"]) == ("dead_letter", 0)
    assert site.runs("paused") == []
    (message,) = site.receive("dead")
    assert json.loads(message["Body"]) == {"id": "paused"}
    assert message["MessageAttributes"]["ErrorCode"] == {"DataType": "Number", "StringValue": "429"}
    with pytest.raises(ClientError) as error:
        functions.invoke(FunctionName="delivery", Payload=b'{"id": "paused"}')
    assert code(error) == ("TooManyRequestsException", 429)
    functions.delete_function_concurrency(FunctionName="delivery")
    assert site.send("delivery", {"id": "resumed"})["outcome"] == "succeeded"


def test_throttled_events_wait_and_are_no_attempts(site: Site) -> None:
    site.put_invoke_config("delivery", MaximumRetryAttempts=0)
    site.client("lambda").put_function_concurrency(FunctionName="delivery", ReservedConcurrentExecutions=1)
    for number in range(3):
        site.invoke("delivery", {"id": f"queued-{number}", "sleep": 0.2})
    outcomes = [site.outcome("delivery", number)["outcome"] for number in (-3, -2, -1)]
    assert outcomes == ["succeeded"] * 3
    assert site.metric("AWS/Lambda", "Throttles", FunctionName="delivery") >= 1


def test_a_throttled_event_ends_with_its_age(site: Site) -> None:
    functions = site.client("lambda")
    functions.put_function_concurrency(FunctionName="delivery", ReservedConcurrentExecutions=1)
    site.put_invoke_config("delivery", MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60)
    site.invoke("delivery", {"id": "long", "sleep": 4})
    site.wait_for_run("long")
    site.invoke("delivery", {"id": "aged"})
    outcomes = {site.outcome("delivery", number)["outcome"] for number in (-2, -1)}
    assert outcomes == {"succeeded", "dead_letter"}
    (message,) = site.receive("dead")
    assert message["MessageAttributes"]["ErrorCode"]["StringValue"] == "429"


def test_concurrency_that_an_account_does_not_have_is_refused(site: Site) -> None:
    with pytest.raises(ClientError) as error:
        site.client("lambda").put_function_concurrency(FunctionName="delivery", ReservedConcurrentExecutions=901)
    assert code(error) == ("InvalidParameterValueException", 400)


# Answers of functions that fail


def test_an_answer_names_the_exception(site: Site) -> None:
    answer = site.client("lambda").invoke(FunctionName="delivery", Payload=b'{"id": "named", "do": "fail"}')
    body = json.loads(answer["Payload"].read())
    assert answer["FunctionError"] == "Unhandled"
    assert (body["errorType"], body["errorMessage"]) == ("SapUnavailable", "SapUnavailable: no answer for named")
    assert body["requestId"]
    assert "in handler" in body["stackTrace"][0]


def test_functions_are_killed_by_order(site: Site) -> None:
    site.cloud.front(function_faults={"share": 1, "kinds": ["kill"], "function": "delivery", "within": 0.05})
    answer = site.client("lambda").invoke(FunctionName="delivery", Payload=b'{"id": "killed", "sleep": 0.3}')
    body = json.loads(answer["Payload"].read())
    assert (answer["FunctionError"], body["errorType"]) == ("Unhandled", "Runtime.ExitError")
    # The function has done its work when the process ends later: only its answer is lost.
    site.cloud.front(function_faults={"share": 1, "kinds": ["timeout"], "function": "delivery", "within": 900})
    answer = site.client("lambda").invoke(FunctionName="delivery", Payload=b'{"id": "done"}')
    assert json.loads(answer["Payload"].read())["errorType"] == "Sandbox.Timedout"
    assert len(site.runs("done")) == 1
    assert site.cloud.http.get(f"{site.cloud.aws}/_front/function_faults", timeout=10).json() == {"timeout": 1}
    site.cloud.front(function_faults=None)
    assert site.send("delivery", {"id": "alive"})["attempts"] == 1


def test_a_share_of_the_invocations_is_killed(site: Site) -> None:
    site.cloud.front(function_faults={"share": 0.5, "kinds": ["kill"], "seed": 3, "within": 0.01})
    assert site.send("silent", {"id": "share"})["attempts"] > 1


@pytest.mark.parametrize(
    "wrong",
    [{"function_faults": {"share": 2}}, {"function_faults": {"kinds": []}}, {"function_faults": {"rate": 1}},
     {"asynchronous_pace": -1}, {"function_faults": 1}],
)  # fmt: skip
def test_wrong_settings_are_refused(site: Site, wrong: dict[str, Any]) -> None:
    answer = site.cloud.http.post(f"{site.cloud.aws}/_front/settings", json=wrong, timeout=10)
    assert answer.status_code == 400


def test_time_that_passes_ends_the_pauses(site: Site) -> None:
    site.cloud.front(asynchronous_pace=100)
    site.invoke("delivery", {"id": "slow", "do": "fail"})
    site.wait_for_run("slow")
    site.cloud.front(asynchronous_pace=0.002)
    site.pass_time(60)
    assert site.outcome("delivery")["attempts"] == 3
