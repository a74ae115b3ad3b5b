# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be delivered is kept, somebody is told, and the clock sends it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .site import DEAD_LETTERS
from .site import EVENT_RULE
from .site import FUNCTION
from .site import SUMMARY
from .site import Site
from .site import wait_for

TOPIC = "poc-summary-alarms"
DUTY = "duty-of-the-tests"
REDRIVE, RECONCILE = "poc-summary-redrive", "poc-summary-reconcile"
QUARTER = 900


class Night:
    """The site with the queue of its dead letters, its alarms and its clock, and a colleague on duty."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.place = {"account": site.account, "region": site.region}
        self.sqs = site.client("sqs")
        self.dead_letters = self.sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
        self.duty = self._subscribe()
        self._come_to_rest()

    def _come_to_rest(self) -> None:
        """Forget what other tests of this site left: alarms tell only what changes."""
        wait_for(lambda: self._front("GET", "asynchronous")["pending"] == 0)
        self.sqs.purge_queue(QueueUrl=self.dead_letters)
        self.let_pass(QUARTER)
        states = self.alarms()
        self.notices()
        assert states["poc-summary-dead-letters"] == states["poc-summary-given-up"] == "OK"

    def _subscribe(self) -> str:
        """Subscribe a queue to the topic of the alarms."""
        topic = f"arn:aws:sns:{self.site.region}:{self.site.account}:{TOPIC}"
        arn = f"arn:aws:sqs:{self.site.region}:{self.site.account}:{DUTY}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        url = self.sqs.create_queue(QueueName=DUTY, Attributes={"Policy": policy})["QueueUrl"]
        subscribed = self.site.client("sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
        )
        self._subscription = subscribed["SubscriptionArn"]
        return url

    def end(self) -> None:
        self.site.client("sns").unsubscribe(SubscriptionArn=self._subscription)
        self.sqs.delete_queue(QueueUrl=self.duty)
        self.sqs.purge_queue(QueueUrl=self.dead_letters)

    def undelivered_call(self) -> dict[str, Any]:
        """Let a customer call, and wait until Lambda has done with the event."""
        call = self.site.call()
        wait_for(lambda: self._front("GET", "asynchronous")["pending"] == 0)
        return call

    def letters(self) -> list[dict[str, Any]]:
        """Look at the dead letters without hiding them."""
        answer = self.sqs.receive_message(
            QueueUrl=self.dead_letters, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
        )
        return answer.get("Messages", [])

    def alarms(self) -> dict[str, str]:
        """Let CloudWatch look now; return the state of each alarm."""
        return {item["name"]: item["state"] for item in self._front("POST", "alarms")["alarms"]}

    def notices(self) -> dict[str, str]:
        """Take what the colleague on duty was sent: alarm -> its new state, the last one of each."""
        told: dict[str, str] = {}
        while messages := self.sqs.receive_message(QueueUrl=self.duty, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                notice = json.loads(json.loads(message["Body"])["Message"])
                told[notice["AlarmName"]] = notice["NewStateValue"]
                self.sqs.delete_message(QueueUrl=self.duty, ReceiptHandle=message["ReceiptHandle"])
        return told

    def let_pass(self, seconds: int) -> list[str]:
        """Let time pass; return the schedules that fired."""
        return [item["rule"] for item in self._front("POST", "schedules", advance=seconds)["fired"]]

    @contextmanager
    def sap_down(self) -> Iterator[None]:
        address = f"{self.site.keys['SAP_BASE_URL']}/_standin/random_faults"
        self.site.http.post(address, json={"share": 1.0, "kinds": ["503"], "seed": 1}, timeout=10).raise_for_status()
        try:
            yield
        finally:
            self.site.http.delete(address, timeout=10).raise_for_status()

    def _front(self, method: str, path: str, **body: Any) -> Any:
        address = f"{self.site.keys['AWS_ENDPOINT_URL']}/_front/{path}"
        content = {"params": self.place} if method == "GET" else {"json": {**self.place, **body}}
        answer = self.site.http.request(method, address, timeout=120, **content)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def night(site: Site) -> Iterator[Night]:
    made = Night(site)
    yield made
    made.end()


def test_nothing_is_lost_while_sap_is_down(site, night):
    """SAP fails, the event becomes a dead letter, the duty is told, and the clock repairs it when SAP is back."""
    with night.sap_down():
        call = night.undelivered_call()
        (letter,) = night.letters()
        attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
        assert json.loads(letter["Body"]) == call["events"][0]
        assert attributes["ErrorCode"] == "200" and attributes["ErrorMessage"].startswith("SapUnavailable: ")
        assert site.transcript(call["contact_id"]) is None

        states = night.alarms()
        assert states["poc-summary-dead-letters"] == states["poc-summary-given-up"] == "ALARM"
        assert night.notices().items() >= {("poc-summary-dead-letters", "ALARM"), ("poc-summary-given-up", "ALARM")}

        assert REDRIVE in night.let_pass(QUARTER)
        assert len(night.letters()) == 1, "A dead letter is kept while SAP is down"
    assert REDRIVE in night.let_pass(QUARTER)
    assert site.written_transcript(call["contact_id"]) == SUMMARY
    assert night.letters() == []
    night.let_pass(QUARTER)
    assert night.alarms()["poc-summary-dead-letters"] == "OK"
    assert night.notices()["poc-summary-dead-letters"] == "OK"


def test_an_event_that_cannot_be_delivered_is_kept_by_the_rule(site, night):
    """The function no longer lets the rule call it: EventBridge itself writes the dead letter."""
    functions = site.client("lambda")
    functions.remove_permission(FunctionName=FUNCTION, StatementId=EVENT_RULE)
    rule = f"arn:aws:events:{site.region}:{site.account}:rule/{EVENT_RULE}"
    try:
        call = night.undelivered_call()
        (letter,) = wait_for(night.letters)
    finally:
        functions.add_permission(
            FunctionName=FUNCTION,
            StatementId=EVENT_RULE,
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=rule,
        )
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    function = f"arn:aws:lambda:{site.region}:{site.account}:function:{FUNCTION}"
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"]) == (rule, function)
    assert attributes["ERROR_CODE"] == "NO_PERMISSIONS"
    night.let_pass(QUARTER)
    assert site.written_transcript(call["contact_id"]) == SUMMARY
    assert night.letters() == []


def test_only_our_rule_may_write_dead_letters(site, night):
    """The queue's policy names the rule; another rule of the account loses its event."""
    policy = json.loads(
        night.sqs.get_queue_attributes(QueueUrl=night.dead_letters, AttributeNames=["Policy"])["Attributes"]["Policy"]
    )
    allowed = [statement for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    assert [statement["Condition"] for statement in allowed] == [
        {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:{site.region}:{site.account}:rule/{EVENT_RULE}"}}
    ]
    denied = [statement for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    assert [statement["Condition"] for statement in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


@pytest.fixture
def pause(site: Site) -> Iterator[None]:
    functions, events = site.client("lambda"), site.client("events")
    functions.put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=0)
    for rule in (REDRIVE, RECONCILE):
        events.disable_rule(Name=rule)
    yield
    functions.delete_function_concurrency(FunctionName=FUNCTION)
    for rule in (REDRIVE, RECONCILE):
        events.enable_rule(Name=rule)


def test_a_pause_keeps_events(site, night, pause):
    """A paused function gets nothing, and what comes meanwhile waits in the queue."""
    call = night.undelivered_call()
    (letter,) = night.letters()
    assert letter["MessageAttributes"]["ErrorCode"]["StringValue"] == "429"
    assert night.let_pass(QUARTER) == []
    assert site.transcript(call["contact_id"]) is None


def test_what_waited_arrives_after_the_pause(site, night):
    (letter,) = night.letters()
    contact = json.loads(letter["Body"])["detail"]["contactArn"].rpartition("/")[2]
    assert REDRIVE in night.let_pass(QUARTER)
    assert site.written_transcript(contact) == SUMMARY
    assert night.letters() == []


@pytest.mark.full
def test_a_run_of_the_playbook_leaves_a_pause_alone(site, pause):
    run = site.playbook("--diff")
    assert run.status == 0, run.output
    assert run.changes() == []
    reserved = site.client("lambda").get_function_concurrency(FunctionName=FUNCTION)["ReservedConcurrentExecutions"]
    assert reserved == 0
    events = site.client("events")
    assert {events.describe_rule(Name=rule)["State"] for rule in (REDRIVE, RECONCILE)} == {"DISABLED"}
