# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metric alarms, evaluated when somebody asks for it, and their notifications.

Source: CloudWatch user guide, "Using Amazon CloudWatch alarms" (evaluation, missing data, actions). The periods end now
and not at full minutes, and no more than the evaluation range is looked at: both are simpler than AWS.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from typing import Any

from . import metrics
from . import ministack_names as ministack

COMPARISONS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "GreaterThanOrEqualToThreshold": ("greater than or equal to", lambda value, limit: value >= limit),
    "GreaterThanThreshold": ("greater than", lambda value, limit: value > limit),
    "LessThanThreshold": ("less than", lambda value, limit: value < limit),
    "LessThanOrEqualToThreshold": ("less than or equal to", lambda value, limit: value <= limit),
}
ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
SERVICE = "cloudwatch.amazonaws.com"


def install() -> None:
    """Take the evaluation of alarms over from MiniStack."""
    ministack.stop_alarm_evaluation()


def evaluate(account: str, region: str) -> dict[str, Any]:
    """Evaluate all metric alarms of an account and Region, and notify those who wait for what changed."""
    return ministack.as_service(account, region, lambda: _evaluate(account, region))


def _evaluate(account: str, region: str) -> dict[str, Any]:
    metrics.sample_queues(account, region)
    points = list(ministack.metric_points(account, region))
    now = time.time()
    shown = []
    for alarm in sorted(ministack.alarms(account, region), key=lambda alarm: alarm["AlarmName"]):
        name, before = alarm["AlarmName"], alarm["StateValue"]
        state, reason = _judge(alarm, _values(alarm, points, now))
        notified = [] if state == before else _change(alarm, state, reason, account, region)
        shown.append({"name": name, "state": state, "previous": before, "reason": reason, "notified": notified})
    return {"alarms": shown}


def _values(alarm: dict[str, Any], points: list[tuple[str, str, list[dict]]], now: float) -> list[float | None]:
    """Return the statistic of each period of the evaluation range, newest first; None where there is no data."""
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    mine = [
        point
        for namespace, name, found in points
        if (namespace, name) == (alarm["Namespace"], alarm["MetricName"])
        for point in found
        if point["Dimensions"] == dimensions and alarm.get("Unit") in (None, point["Unit"])
    ]
    values: list[float | None] = []
    for number in range(alarm["EvaluationPeriods"]):
        end = now - number * alarm["Period"]
        inside = [point for point in mine if end - alarm["Period"] < point["Timestamp"] <= end]
        values.append(_statistic(alarm["Statistic"], inside) if inside else None)
    return values


def _statistic(statistic: str, points: list[dict]) -> float:
    weighted = [(point["Value"], point.get("Count", 1.0)) for point in points]
    total, count = sum(value * weight for value, weight in weighted), sum(weight for _value, weight in weighted)
    found = {
        "Sum": total,
        "SampleCount": count,
        "Average": total / count,
        "Minimum": min(value for value, _weight in weighted),
        "Maximum": max(value for value, _weight in weighted),
    }
    return found[statistic]


def _judge(alarm: dict[str, Any], values: list[float | None]) -> tuple[str, str]:
    words, breaches = COMPARISONS[alarm["ComparisonOperator"]]
    limit, wanted = alarm["Threshold"], alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"]
    missing = alarm["TreatMissingData"]
    present = [value for value in values if value is not None]
    absent = len(values) - len(present)
    if not present and missing == "missing":
        return "INSUFFICIENT_DATA", f"Insufficient Data: {absent} datapoints were unknown."
    if not present and missing == "ignore":
        return alarm["StateValue"], alarm["StateReason"]
    breaching = sum(breaches(value, limit) for value in present) + (absent if missing == "breaching" else 0)
    state = "ALARM" if breaching >= wanted else "OK"
    shown = ", ".join(f"{value:g}" for value in present) or "no datapoint"
    more = f" {absent} missing datapoints were treated as [{missing}]." if absent else ""
    told = f"{breaching} out of {len(values)} datapoints [{shown}] were {words} {limit:g}."
    return state, f"Threshold Crossed: {told}{more}"


def _change(alarm: dict[str, Any], state: str, reason: str, account: str, region: str) -> list[str]:
    """Set the state of an alarm; return the topics that were notified."""
    before = alarm["StateValue"]
    alarm |= {"StateValue": state, "StateReason": reason, "StateUpdatedTimestamp": int(time.time())}
    ministack.note_alarm_state(alarm["AlarmName"], before, state, reason)
    if not alarm["ActionsEnabled"]:
        return []
    message = json.dumps(_notification(alarm, before, account, region))
    subject = f'{state}: "{alarm["AlarmName"]}" in {region}'[:100]
    return [
        topic
        for topic in alarm[ACTIONS[state]]
        if topic.split(":")[2] == "sns"
        and ministack.topic_allows(topic, SERVICE, alarm["AlarmArn"], account)
        and ministack.publish(topic, message, subject)
    ]


def _notification(alarm: dict[str, Any], before: str, account: str, region: str) -> dict[str, Any]:
    """Return what CloudWatch publishes; AWS gives the Region its long name there."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
    trigger = ("MetricName", "Namespace", "Unit", "Period", "EvaluationPeriods", "ComparisonOperator", "Threshold")
    return {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm["AlarmDescription"] or None,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": now,
        "NewStateValue": alarm["StateValue"],
        "NewStateReason": alarm["StateReason"],
        "StateChangeTime": now,
        "Region": region,
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": before,
        **{name: alarm[name] for name in ACTIONS.values()},
        "Trigger": {
            **{name: alarm.get(name) for name in trigger},
            "StatisticType": "Statistic",
            "Statistic": alarm["Statistic"].upper(),
            "Dimensions": [{"name": item["Name"], "value": item["Value"]} for item in alarm["Dimensions"]],
            "TreatMissingData": alarm["TreatMissingData"],
        },
    }
