# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated time: rules with a schedule, ages and visibility of messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from .conftest import Cloud
from .functions import LOGS
from .functions import REGION
from .functions import Functions

ACCOUNT = "222200000503"
HANDLER = """
import json
def handler(event, context):
    print("fired " + json.dumps(event))
"""


class Site(Functions):
    """Rules with a schedule that invoke one function."""

    def schedule(self, name: str, expression: str, state: str = "ENABLED", **target: Any) -> None:
        rule = self.client("events").put_rule(Name=name, ScheduleExpression=expression, State=state)["RuleArn"]
        function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:clerk"
        self.client("lambda").add_permission(
            FunctionName="clerk",
            StatementId=name,
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=rule,
        )
        self.client("events").put_targets(Rule=name, Targets=[{"Id": "1", "Arn": function, **target}])

    def unschedule(self) -> None:
        for rule in self.client("events").list_rules()["Rules"]:
            self.client("events").remove_targets(Rule=rule["Name"], Ids=["1"])
            self.client("events").delete_rule(Name=rule["Name"])
            self.client("lambda").remove_permission(FunctionName="clerk", StatementId=rule["Name"])

    def fired(self, seconds: float | None) -> list[tuple[str, str]]:
        """Let time pass; return the rules that fired and when."""
        answer = self.pass_time(seconds)
        assert {item["status"] for item in answer["fired"]} <= {"delivered"}, answer
        return [(item["rule"], item["time"]) for item in answer["fired"]]

    def events(self) -> list[Any]:
        """Return what the function got, in order."""
        group = "/aws/lambda/clerk"
        found = self.client("logs").filter_log_events(logGroupName=group, filterPattern="fired")["events"]
        return [json.loads(event["message"].removeprefix("fired ")) for event in found]


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Site:
    site = Site(cloud, ACCOUNT)
    site.make("clerk", HANDLER, LOGS)
    return site


@pytest.fixture(autouse=True)
def no_rules(site: Site) -> Iterator[None]:
    yield
    site.unschedule()


def moments(fired: list[tuple[str, str]]) -> list[datetime]:
    return [datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) for _rule, time in fired]


def test_a_rate_fires_as_often_as_it_fits_into_the_time(site: Site) -> None:
    site.schedule("redrive", "rate(15 minutes)", Input='{"action": "redrive"}')
    before = len(site.events()) if site.client("logs").describe_log_groups()["logGroups"] else 0
    fired = site.fired(7200)
    assert [rule for rule, _time in fired] == ["redrive"] * 8
    steps = [later - earlier for earlier, later in zip(moments(fired), moments(fired)[1:], strict=False)]
    assert set(steps) == {timedelta(minutes=15)}
    assert site.events()[before:] == [{"action": "redrive"}] * 8
    assert site.fired(600) == []
    assert len(site.fired(300)) == 1


def test_several_rules_fire_in_the_order_of_their_times(site: Site) -> None:
    site.schedule("often", "rate(10 minutes)")
    site.schedule("seldom", "rate(25 minutes)")
    assert [rule for rule, _time in site.fired(1800)] == ["often", "often", "seldom", "often"]


def test_a_cron_fires_at_its_time(site: Site) -> None:
    site.schedule("nightly", "cron(30 2 * * ? *)")
    (moment,) = moments(site.fired(86400))
    assert (moment.hour, moment.minute) == (2, 30)
    event = site.events()[-1]
    assert event["time"] == moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (event["source"], event["detail-type"], event["detail"]) == ("aws.events", "Scheduled Event", {})
    assert event["resources"] == [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/nightly"]


def test_without_a_time_every_enabled_schedule_fires_once(site: Site) -> None:
    site.schedule("daily", "rate(1 day)")
    site.schedule("hourly", "rate(1 hour)")
    site.schedule("paused", "rate(1 hour)", state="DISABLED")
    assert sorted(rule for rule, _time in site.fired(None)) == ["daily", "hourly"]


def test_a_disabled_rule_does_not_fire(site: Site) -> None:
    site.schedule("paused", "rate(15 minutes)", state="DISABLED")
    assert site.fired(3600) == []
    site.client("events").enable_rule(Name="paused")
    assert len(site.fired(900)) == 1


def test_a_function_that_does_not_allow_the_rule_is_not_invoked(site: Site) -> None:
    site.schedule("forbidden", "rate(15 minutes)")
    site.client("lambda").remove_permission(FunctionName="clerk", StatementId="forbidden")
    (delivery,) = site.pass_time(900)["fired"]
    assert delivery["status"] == "not delivered"
    site.client("lambda").add_permission(
        FunctionName="clerk", StatementId="forbidden", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )


def test_messages_grow_older(site: Site) -> None:
    url = site.make_queue("letters", VisibilityTimeout="1800", MessageRetentionPeriod="86400")
    sqs = site.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="one")
    (first,) = sqs.receive_message(QueueUrl=url, AttributeNames=["SentTimestamp"])["Messages"]
    site.pass_time(1700)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    site.pass_time(200)
    (again,) = sqs.receive_message(QueueUrl=url, AttributeNames=["SentTimestamp"])["Messages"]
    older = int(first["Attributes"]["SentTimestamp"]) - int(again["Attributes"]["SentTimestamp"])
    assert older == 1900 * 1000
    site.pass_time(86400)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"account": ACCOUNT},
        {"account": ACCOUNT, "region": REGION, "advance": -1},
        {"account": ACCOUNT, "region": REGION, "advance": "1 hour"},
        {"account": ACCOUNT, "region": REGION, "until": 1},
        [],
    ],
)
def test_an_order_that_makes_no_sense_is_refused(site: Site, order: Any) -> None:
    assert site.cloud.http.post(f"{site.cloud.aws}/_front/schedules", json=order, timeout=10).status_code == 400
