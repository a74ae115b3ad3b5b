# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudWatch refuses of alarms, dashboards and metrics, and MiniStack lets through.

Alarms: API reference, PutMetricAlarm. Dashboards: "Dashboard body structure and syntax"; the texts are those of the
service as people have quoted them. What the local cloud does not evaluate (metric math, percentiles) is refused.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from . import alarms
from . import ministack_names as ministack
from .front_state import SETTINGS
from .front_state import note
from .refusals import Refused

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
MISSING_DATA = ("missing", "notBreaching", "breaching", "ignore")
SHORT_PERIODS = (10, 20, 30)
DAY = 86400
REQUIRED = ("MetricName", "Namespace", "EvaluationPeriods", "ComparisonOperator")
NOT_EVALUATED = ("Metrics", "ExtendedStatistic", "ThresholdMetricId", "EvaluationWindow", "EvaluationCriteria")
# Which properties a widget must have, by its type.
WIDGETS: dict[str, tuple[str, ...]] = {
    "alarm": ("alarms",),
    "explorer": ("metrics", "labels"),
    "log": ("query", "region"),
    "metric": (),
    "text": ("markdown",),
}
PLACES = {"x": (0, 23), "y": (0, 10_000), "width": (1, 24), "height": (1, 1000)}


def install() -> None:
    """Stand around MiniStack's CloudWatch."""
    ministack.wrap_handler("monitoring", _wrap)


def _wrap(handler: ministack.Handler) -> ministack.Handler:
    async def checked(method: str, path: str, headers: dict, body: bytes, query: dict) -> ministack.Answer:
        if SETTINGS.enabled:
            try:
                _check(headers, body)
            except Refused as refused:
                note(refusal=refused.code)
                return ministack.cloudwatch_error(refused.code, refused.message, headers)
        return await handler(method, path, headers, body, query)

    return checked


def _check(headers: dict, body: bytes) -> None:
    action, request = _decode(headers, body)
    if action == "PutDashboard":
        _check_dashboard(str(request.get("DashboardBody") or ""))
    elif action == "PutMetricAlarm":
        _check_alarm(request)
    elif action == "PutMetricData" and str(request.get("Namespace")).startswith("AWS/"):
        raise Refused("InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid.")


def _decode(headers: dict, body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the operation and its members; of the query protocol only those that are no lists.

    MiniStack answers the third protocol of CloudWatch, CBOR, with a package only that the local cloud does not have.
    """
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2], json.loads(body or b"{}")
    members = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    numbers = ("Period", "EvaluationPeriods", "DatapointsToAlarm", "EvaluationInterval")
    return members.get("Action", ""), {
        name: int(value) if name in numbers and value.isdigit() else value for name, value in members.items()
    }


def _check_alarm(alarm: dict[str, Any]) -> None:
    for name in NOT_EVALUATED:
        if alarm.get(name):
            raise Refused("ValidationError", f"The local cloud does not evaluate {name} of an alarm.")
    for name in REQUIRED:
        if alarm.get(name) in (None, ""):
            raise Refused("ValidationError", f"The parameter {name} is required.")
    if alarm.get("Statistic") not in STATISTICS:
        raise Refused("ValidationError", "The alarm has no statistic.")
    if alarm.get("Threshold") is None or alarm["ComparisonOperator"] not in alarms.COMPARISONS:
        raise Refused("ValidationError", "The alarm has no threshold, or compares in no way known.")
    if alarm.get("TreatMissingData", "missing") not in MISSING_DATA:
        raise Refused("ValidationError", f"The value {alarm['TreatMissingData']} of TreatMissingData is invalid.")
    period, periods = alarm.get("Period") or 0, alarm["EvaluationPeriods"]
    if period not in SHORT_PERIODS and (period < 60 or period % 60):
        raise Refused("ValidationError", "Period must be 10, 20, 30 or a multiple of 60")
    most = DAY if period < 3600 else 7 * DAY
    if period * periods > most:
        words = "a day" if most == DAY else "7 days"
        raise Refused(
            "ValidationError",
            f"Metrics cannot be checked across more than {words} (EvaluationPeriods * Period must be <= {most})",
        )
    if (alarm.get("DatapointsToAlarm") or 0) > periods:
        raise Refused("ValidationError", "DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    for arn in [arn for name in alarms.ACTIONS.values() for arn in alarm.get(name) or []]:
        _check_action(arn)


def _check_action(arn: str) -> None:
    parts = arn.split(":")
    if len(parts) < 6 or parts[0] != "arn":
        raise Refused("ValidationError", f"Invalid arn syntax: {arn}")
    if parts[2] == "sns" and parts[3] != ministack.region():
        raise Refused(
            "ValidationError", f"Invalid region {parts[3]} specified. Only {ministack.region()} is supported."
        )


def _check_dashboard(text: str) -> None:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        _refuse_dashboard([{"dataPath": "", "message": "The dashboard body is not valid JSON"}])
    problems: list[dict[str, str]] = []
    widgets = body.get("widgets")
    if not isinstance(widgets, list):
        problems.append({"dataPath": "", "message": "Should have required property 'widgets'"})
        widgets = []
    for number, widget in enumerate(widgets):
        problems += [
            {"dataPath": f"/widgets/{number}{where}", "message": message}
            for where, message in _problems_of_widget(widget)
        ]
    if problems:
        _refuse_dashboard(problems)


def _refuse_dashboard(problems: list[dict[str, str]]) -> None:
    told = json.dumps(problems, indent=2)
    raise Refused(
        "InvalidParameterInput", f"The dashboard body is invalid, there are {len(problems)} validation errors:\n{told}"
    )


def _problems_of_widget(widget: Any) -> list[tuple[str, str]]:
    if not isinstance(widget, dict):
        return [("", "Should be object")]
    kind, properties = widget.get("type"), widget.get("properties")
    if kind not in WIDGETS:
        return [("/type", f"Should be equal to one of the allowed values: {', '.join(WIDGETS)}")]
    problems = []
    for name, (least, most) in PLACES.items():
        value = widget.get(name, least)
        if isinstance(value, bool) or not isinstance(value, int):
            problems.append((f"/{name}", "Should be integer"))
        elif not least <= value <= most:
            problems.append((f"/{name}", f"Should be >= {least} and <= {most}"))
    if not isinstance(properties, dict):
        return [*problems, ("", "Should have required property 'properties'")]
    problems += [
        ("/properties", f"Should have required property '{name}'")
        for name in WIDGETS[kind]
        if properties.get(name) in (None, "", [])
    ]
    return problems + (_problems_of_metric_widget(properties) if kind == "metric" else [])


def _problems_of_metric_widget(properties: dict[str, Any]) -> list[tuple[str, str]]:
    found = properties.get("metrics")
    alarmed = (properties.get("annotations") or {}).get("alarms")
    if not found and not alarmed:
        messages = (
            "Should have required property 'metrics'",
            "The metric widget should have specified a region and a data source or an alarm annotation",
            "Should have required property 'annotations'",
        )
        return [("/properties", message) for message in messages]
    problems = []
    if found and not properties.get("region"):
        problems.append(("/properties", "Should have required property 'region'"))
    for number, metric in enumerate(found or []):
        where = f"/properties/metrics/{number}"
        if not isinstance(metric, list) or not metric:
            problems.append((where, "Should be array"))
            continue
        names, last = metric[:-1], metric[-1]
        options = last if isinstance(last, dict) else {}
        names = names if isinstance(last, dict) else metric
        if not all(isinstance(name, str) for name in names):
            problems.append(
                (
                    where,
                    'Field "metrics" has to be an array of array of strings, with an optional '
                    "metricRenderer object as last element",
                )
            )
        elif "expression" not in options and (len(names) < 2 or len(names) % 2):
            problems.append((where, "A metric has a namespace, a name and pairs of dimension and value"))
    return problems
