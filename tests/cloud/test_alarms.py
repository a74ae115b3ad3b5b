# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms: evaluation, missing data, notifications; dashboards and alarms that CloudWatch refuses."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Cloud
from .functions import PATIENCE
from .functions import REGION
from .functions import Functions
from .functions import code

ACCOUNT = "222200000505"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:told"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"
ALARM = {
    "Namespace": "Shop",
    "MetricName": "Failures",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 2.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "AlarmActions": [TOPIC],
    "OKActions": [TOPIC],
}


class Site(Functions):
    """Alarms that notify a topic with a queue."""

    def put_alarm(self, name: str, **changes: Any) -> None:
        wanted = {**ALARM, "AlarmName": name, **changes}
        self.client("cloudwatch").put_metric_alarm(**{key: value for key, value in wanted.items() if value is not ...})

    def put(self, value: float, minutes_ago: float = 0, metric: str = "Failures", **dimensions: str) -> None:
        datum = {
            "MetricName": metric,
            "Value": value,
            "Timestamp": datetime.now(UTC) - timedelta(minutes=minutes_ago),
            "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()],
        }
        self.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=[datum])

    def evaluate(self) -> dict[str, dict[str, Any]]:
        answer = self.cloud.http.post(
            f"{self.cloud.aws}/_front/alarms", json={"account": self.account, "region": REGION}, timeout=30
        )
        assert answer.ok, answer.text
        return {alarm["name"]: alarm for alarm in answer.json()["alarms"]}

    def state(self, name: str) -> str:
        self.evaluate()
        (alarm,) = self.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return alarm["StateValue"]

    def told(self) -> list[dict[str, Any]]:
        """Return the notifications in the queue, oldest first."""
        bodies = [json.loads(message["Body"]) for message in self.receive("inbox")]
        return [json.loads(body["Message"]) for body in bodies]


def deny_without_tls(action: str, resource: str) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@pytest.fixture(scope="module")
def site(cloud: Cloud) -> Site:
    site = Site(cloud, ACCOUNT)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement, deny_without_tls("sqs:*", QUEUE)]}
    site.make_queue("inbox", Policy=json.dumps(policy))
    may_publish = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    policy = {"Version": "2012-10-17", "Statement": [may_publish, deny_without_tls("sns:Publish", TOPIC)]}
    site.client("sns").create_topic(Name="told", Attributes={"Policy": json.dumps(policy)})
    site.client("sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE)
    return site


@pytest.fixture(autouse=True)
def no_alarms(site: Site) -> Iterator[None]:
    yield
    site.pass_time(7200)
    alarms = site.client("cloudwatch").describe_alarms()["MetricAlarms"]
    if alarms:
        site.client("cloudwatch").delete_alarms(AlarmNames=[alarm["AlarmName"] for alarm in alarms])
    site.receive("inbox")


def test_an_alarm_rings_once_and_tells_when_it_is_over(site: Site) -> None:
    site.put_alarm("failures", AlarmDescription="Look into the dead letters")
    assert site.state("failures") == "OK"
    site.told()
    site.put(2)
    assert site.state("failures") == "OK"
    site.put(1)
    assert site.evaluate()["failures"]["notified"] == [TOPIC]
    assert site.evaluate()["failures"]["notified"] == []
    (message,) = site.told()
    assert (message["AlarmName"], message["OldStateValue"], message["NewStateValue"]) == ("failures", "OK", "ALARM")
    assert message["AlarmDescription"] == "Look into the dead letters"
    assert message["AWSAccountId"] == ACCOUNT
    assert message["Trigger"]["MetricName"] == "Failures"
    assert "[3]" in message["NewStateReason"]
    site.pass_time(300)
    assert site.state("failures") == "OK"
    assert [item["NewStateValue"] for item in site.told()] == ["OK"]


def test_dimensions_tell_metrics_apart(site: Site) -> None:
    site.put_alarm("poc", Dimensions=[{"Name": "Environment", "Value": "poc"}])
    site.put(9)
    site.put(9, Environment="prod")
    site.put(9, Environment="poc", Reason="SapUnavailable")
    assert site.state("poc") == "OK"
    site.put(9, Environment="poc")
    assert site.state("poc") == "ALARM"


@pytest.mark.parametrize(
    ("statistic", "state"),
    [("Sum", "ALARM"), ("Average", "OK"), ("Minimum", "OK"), ("Maximum", "ALARM"), ("SampleCount", "OK")],
)
def test_statistics(site: Site, statistic: str, state: str) -> None:
    site.put_alarm("statistic", Statistic=statistic)
    for value in (1, 3):
        site.put(value)
    assert site.state("statistic") == state


@pytest.mark.parametrize(("needed", "state"), [(3, "OK"), (2, "ALARM")])
def test_so_many_of_the_periods_must_breach(site: Site, needed: int, state: str) -> None:
    site.put_alarm("periods", EvaluationPeriods=3, DatapointsToAlarm=needed)
    for minutes in (2, 12):
        site.put(5, minutes)
    site.put(1, 7)
    assert site.state("periods") == state


@pytest.mark.parametrize(
    ("missing", "state"),
    [("notBreaching", "OK"), ("breaching", "ALARM"), ("missing", "INSUFFICIENT_DATA"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_missing_data(site: Site, missing: str, state: str) -> None:
    site.put_alarm("missing", TreatMissingData=missing)
    assert site.state("missing") == state


def test_an_alarm_that_lasts_and_has_no_data_is_ignored(site: Site) -> None:
    site.put_alarm("lasting", TreatMissingData="ignore")
    site.put(5)
    assert site.state("lasting") == "ALARM"
    site.pass_time(600)
    assert site.state("lasting") == "ALARM"


def test_queues_are_measured_when_alarms_are_evaluated(site: Site) -> None:
    queue = [{"Name": "QueueName", "Value": "waiting"}]
    more = {"Namespace": "AWS/SQS", "Statistic": "Maximum", "Dimensions": queue}
    site.put_alarm("any", MetricName="ApproximateNumberOfMessagesVisible", Threshold=0, **more)
    site.put_alarm("old", MetricName="ApproximateAgeOfOldestMessage", Threshold=3600, **more)
    url = site.make_queue("waiting")
    assert {alarm["state"] for alarm in site.evaluate().values()} == {"OK"}
    site.client("sqs").send_message(QueueUrl=url, MessageBody="one")
    assert {name: alarm["state"] for name, alarm in site.evaluate().items()} == {"any": "ALARM", "old": "OK"}
    site.pass_time(3700)
    assert {name: alarm["state"] for name, alarm in site.evaluate().items()} == {"any": "ALARM", "old": "ALARM"}


def test_actions_can_be_off(site: Site) -> None:
    site.put_alarm("quiet", ActionsEnabled=False)
    site.put(9)
    alarm = site.evaluate()["quiet"]
    assert (alarm["state"], alarm["notified"]) == ("ALARM", [])
    assert site.told() == []


def test_a_topic_that_does_not_allow_cloudwatch_is_not_told(site: Site) -> None:
    sns = site.client("sns")
    topic = sns.create_topic(Name="closed")["TopicArn"]
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish",
                 "Resource": topic}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    site.put_alarm("closed", AlarmActions=[topic])
    site.put(9)
    alarm = site.evaluate()["closed"]
    assert (alarm["state"], alarm["notified"]) == ("ALARM", [])


def test_an_address_on_this_machine_can_subscribe(site: Site) -> None:
    got: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_unused: Any) -> None:
            pass

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(got) < count:
            assert time.monotonic() < deadline, got
            time.sleep(0.02)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        sns = site.client("sns")
        topic = sns.create_topic(Name="web")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{server.server_port}/alarm")
        wait_for(1)
        sns.confirm_subscription(TopicArn=topic, Token=got[0]["Token"])
        site.put_alarm("web", AlarmActions=[topic], OKActions=[])
        site.put(9)
        site.evaluate()
        wait_for(2)
        assert json.loads(got[1]["Message"])["NewStateValue"] == "ALARM"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Period": 45}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"Period": 3000, "EvaluationPeriods": 30}, "EvaluationPeriods * Period must be <= 86400"),
        ({"DatapointsToAlarm": 2}, "DatapointsToAlarm"),
        ({"TreatMissingData": "nothing"}, "TreatMissingData"),
        ({"AlarmActions": ["told"]}, "Invalid arn syntax: told"),
        ({"OKActions": [TOPIC.replace(REGION, "us-east-1")]}, "Invalid region us-east-1 specified."),
        ({"Statistic": "Median"}, "statistic"),
        ({"Statistic": ..., "ExtendedStatistic": "p99"}, "does not evaluate ExtendedStatistic"),
        ({"MetricName": ...}, "MetricName"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "compares"),
    ],
)
def test_alarms_that_are_refused(site: Site, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError) as error:
        site.put_alarm("wrong", **changes)
    assert code(error) == ("ValidationError", 400)
    assert message in str(error.value)


# Dashboards

METRIC = {"metrics": [["Shop", "Failures", "Environment", "poc", {"stat": "Sum"}]], "region": REGION}
WIDGET = {"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6, "properties": METRIC}


def test_a_dashboard_is_kept_as_it_is(site: Site) -> None:
    widgets = [
        WIDGET,
        {"type": "text", "properties": {"markdown": "# Summaries"}},
        {"type": "log", "properties": {"query": "SOURCE '/aws/lambda/x' | fields @message", "region": REGION}},
        {"type": "alarm", "properties": {"alarms": [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:a"]}},
        {"type": "metric", "properties": {"metrics": [[{"expression": "SUM(METRICS())"}]], "region": REGION}},
        {"type": "metric", "properties": {"annotations": {"alarms": ["arn"]}}},
    ]
    body = json.dumps({"widgets": widgets})
    site.client("cloudwatch").put_dashboard(DashboardName="summaries", DashboardBody=body)
    assert site.client("cloudwatch").get_dashboard(DashboardName="summaries")["DashboardBody"] == body


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "not valid JSON"),
        ({}, "widgets"),
        ({"widgets": [{**WIDGET, "type": "picture"}]}, "/widgets/0/type"),
        ({"widgets": [WIDGET, {**WIDGET, "width": 25}]}, "/widgets/1/width"),
        ({"widgets": [{**WIDGET, "x": "left"}]}, "Should be integer"),
        ({"widgets": [{"type": "text", "properties": {}}]}, "'markdown'"),
        ({"widgets": [{"type": "text"}]}, "'properties'"),
        ({"widgets": [{**WIDGET, "properties": {"metrics": METRIC["metrics"]}}]}, "'region'"),
        ({"widgets": [{**WIDGET, "properties": {"region": REGION}}]}, "there are 3 validation errors"),
        ({"widgets": [{**WIDGET, "properties": {**METRIC, "metrics": ["Shop"]}}]}, "Should be array"),
        ({"widgets": [{**WIDGET, "properties": {**METRIC, "metrics": [["Shop", 1]]}}]}, "array of strings"),
        ({"widgets": [{**WIDGET, "properties": {**METRIC, "metrics": [["Shop", "F", "Environment"]]}}]}, "pairs"),
    ],
)
def test_dashboards_that_are_refused(site: Site, body: Any, message: str) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    with pytest.raises(ClientError) as error:
        site.client("cloudwatch").put_dashboard(DashboardName="wrong", DashboardBody=text)
    assert code(error) == ("InvalidParameterInput", 400)
    assert message in str(error.value)
