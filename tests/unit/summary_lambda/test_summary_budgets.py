# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the function may cost: the start of a container, and the requests of an event in a warm one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from summary_fakes import CONTACT_ID
from summary_fakes import ENVIRONMENT
from summary_fakes import REGION
from summary_fakes import SUMMARY

FOLDER = Path(__file__).resolve().parents[3] / "files" / "summary_lambda"
ROUNDS = 5
START_BUDGET = 300
EMPTY = "import boto3"
# The clients are part of it, although the first event makes them: whoever waits for it does not care.
WHOLE = """
import boto3, summary_lambda
from summary_lambda.runtime import get_runtime
for service in ("connect", "s3", "ssm", "secretsmanager"):
    get_runtime().client(service)
"""


def start_milliseconds(code: str) -> float:
    """Return the processor time that a fresh interpreter takes: other programs on this machine do not count."""
    measured = f"import time\nbegan = time.process_time()\n{code}\nprint((time.process_time() - began) * 1000)"
    finished = subprocess.run(
        [sys.executable, "-c", measured],
        check=True,
        capture_output=True,
        text=True,
        env={
            **ENVIRONMENT,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(FOLDER),
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        },
    )
    return float(finished.stdout)


def test_a_start_costs_at_most_300_ms_more_than_an_empty_handler_with_boto3(record_property):
    pairs = [(start_milliseconds(EMPTY), start_milliseconds(WHOLE)) for _unused in range(ROUNDS)]
    # The least of each: what else runs on the machine can only add.
    empty, whole = (min(values) for values in zip(*pairs, strict=True))
    more = whole - empty
    told = f"start: the summary function {whole:.0f} ms, an empty one with boto3 {empty:.0f} ms, {more:.0f} more"
    record_property("figures", told)
    assert more <= START_BUDGET


@pytest.mark.parametrize("before", [None, "written by the agent", SUMMARY])
def test_a_warm_event_costs_few_requests(ready, sap, handle, record_property, before):
    sap.add("another contact", "call-0")
    record = sap.add()
    # As SAP shows an empty member: not at all. The first event finds out that its lists leave nothing else out.
    del record["transcript"]
    handle()
    del record["transcript"]
    if before:
        record["transcript"] = before
    ready.calls.clear()
    sap.requests.clear()
    handle()
    asked = ready.called()
    counts = {
        "SAP": len(sap.requests),
        "DescribeContact": asked.count("DescribeContact"),
        "S3": asked.count("ListObjectsV2") + asked.count("GetObject"),
        "SSM and Secrets Manager": asked.count("GetParameters") + asked.count("GetSecretValue"),
    }
    record_property("figures", f"a warm event: {json.dumps(counts)}")
    assert counts["SAP"] <= 2
    assert counts["DescribeContact"] == 1
    assert counts["S3"] in (1, 2)
    assert counts["SSM and Secrets Manager"] == 0
    assert len(asked) == counts["DescribeContact"] + counts["S3"]
    assert SUMMARY in sap.records["call-1"]["transcript"]
    assert ready.contacts.keys() == {CONTACT_ID}
