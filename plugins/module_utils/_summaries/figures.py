# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers from CloudWatch, Amazon Connect and the bucket since a time. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta
from typing import Any

from .links import CHANNELS
from .module import Services

_FOLDERS = {"VOICE": "Analysis/Voice", "CHAT": "Analysis/Chat"}
_STORAGE = {"VOICE": "CALL_RECORDINGS", "CHAT": "CHAT_TRANSCRIPTS"}
_ANALYSIS = re.compile(r"/(?P<contact>[0-9a-f-]{36})_analysis_")
_MAXIMUM_PAGES = 20
_MAXIMUM_DAYS = 14
# In one request
_MAXIMUM_QUERIES = 500


def count_contacts(services: Services, instance_id: str, *, since: datetime, now: datetime) -> dict[str, int]:
    """Return how many contacts of each channel reached an agent."""
    counts = {}
    for channel in CHANNELS:
        answer = services["connect"].read(
            "search_contacts",
            InstanceId=instance_id,
            TimeRange={"Type": "CONNECTED_TO_AGENT_TIMESTAMP", "StartTime": since, "EndTime": now},
            SearchCriteria={"Channels": [channel]},
            MaxResults=1,
        )
        counts[channel] = answer.get("TotalCount", 0)
    return counts


def count_analysed(services: Services, instance_id: str, *, since: datetime, now: datetime) -> dict[str, int]:
    """Return how many contacts of each channel have an analysis file that was written since then.

    The folder is that of the day on which the agent took the contact, which may be the one before.
    """
    return {
        channel: len(set(_analysed_contacts(services, instance_id, channel, since=since, now=now)))
        for channel in CHANNELS
    }


def _analysed_contacts(
    services: Services, instance_id: str, channel: str, *, since: datetime, now: datetime
) -> Iterator[str]:
    configs = services["connect"].pages(
        "list_instance_storage_configs", InstanceId=instance_id, ResourceType=_STORAGE[channel]
    )
    buckets = {config["S3Config"]["BucketName"] for config in configs or [] if "S3Config" in config}
    first = max(since - timedelta(days=1), now - timedelta(days=_MAXIMUM_DAYS))
    days = [first + timedelta(days=number) for number in range((now.date() - first.date()).days + 1)]
    for bucket in buckets:
        for day in days:
            for folder in (_FOLDERS[channel], f"{_FOLDERS[channel]}/Redacted"):
                for item in _objects(services, bucket, f"{folder}/{day:%Y/%m/%d}/"):
                    found = _ANALYSIS.search(item["Key"])
                    if found and item["LastModified"] >= since:
                        yield found["contact"]


def _objects(services: Services, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    request: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
    for _unused in range(_MAXIMUM_PAGES):
        page = services["s3"].read("list_objects_v2", **request)
        yield from page.get("Contents", [])
        if not page.get("NextContinuationToken"):
            return
        request["ContinuationToken"] = page["NextContinuationToken"]


def sum_metrics(
    services: Services, metrics: dict[str, tuple[str, str, dict[str, str]]], *, since: datetime, now: datetime
) -> dict[str, int]:
    """Return the sums of metrics since a time.

    :param metrics: name in the result -> namespace, metric, dimensions
    """
    if not metrics:
        return {}
    names = sorted(metrics)[:_MAXIMUM_QUERIES]
    period = _period(now - since)
    request: dict[str, Any] = {
        "StartTime": since,
        "EndTime": now,
        "MetricDataQueries": [_query(f"m{number}", *metrics[name], period=period) for number, name in enumerate(names)],
    }
    sums = dict.fromkeys(names, 0)
    for _unused in range(_MAXIMUM_PAGES):
        page = services["cloudwatch"].read("get_metric_data", **request)
        for result in page["MetricDataResults"]:
            sums[names[int(result["Id"][1:])]] += round(sum(result.get("Values", [])))
        if not page.get("NextToken"):
            break
        request["NextToken"] = page["NextToken"]
    return sums


def _period(length: timedelta) -> int:
    """Return seconds that give few values; CloudWatch keeps those of a minute for 15 days, of an hour for 15 months."""
    if length <= timedelta(hours=3):
        return 60
    return 300 if length <= timedelta(days=5) else 3600


def _query(id: str, namespace: str, metric: str, dimensions: dict[str, str], *, period: int) -> dict[str, Any]:
    return {
        "Id": id,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            },
            "Period": period,
            "Stat": "Sum",
        },
    }


def reasons_of(services: Services, namespace: str, metric: str, environment: str) -> list[str]:
    """Return the reasons by which a metric is told apart."""
    metrics = services["cloudwatch"].pages(
        "list_metrics",
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": "Environment", "Value": environment}],
    )
    dimensions = [{item["Name"]: item["Value"] for item in metric["Dimensions"]} for metric in metrics or []]
    return sorted({item["Reason"] for item in dimensions if "Reason" in item})
