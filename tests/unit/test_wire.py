# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes over the wire: botocore's own retries included, which the harness's fake service is above of."""

from __future__ import annotations

import io
import json

import pytest
from botocore.awsrequest import AWSResponse

from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import arn
from .harness import run_module
from .harness import unique_id


class Wire(FakeService):
    """Answers HTTP requests with an error, below botocore's retries, and counts them."""

    def __init__(self, status, code):
        super().__init__()
        self.requests = 0
        self._status, self._code = status, code

    def attach(self, client):
        client.meta.events.register("before-send.*.*", self._send)
        return client

    def _send(self, request, **_kwargs):
        self.requests += 1
        body = json.dumps({"message": "no"}).encode()
        raw = io.BytesIO(body)
        raw.stream = lambda **_kwargs: iter([body])
        return AWSResponse(request.url, self._status, {"x-amzn-ErrorType": self._code}, raw)


@pytest.mark.parametrize(
    ("status", "code", "requests"),
    [
        (429, "LimitExceededException", 1),
        (402, "ServiceQuotaExceededException", 1),
        (400, "InvalidRequestException", 1),
        (429, "ThrottlingException", 15),
        (500, "InternalServiceException", 5),
        (503, "ServiceUnavailable", 5),
        (409, "ResourceNotReadyException", 15),
        (400, "ConcurrentModificationException", 15),
    ],
)
def test_number_of_requests_of_a_failing_read(status, code, requests):
    wire = Wire(status, code)
    result = run_module("connect_queue", wire, instance=INSTANCE_ID, name=arn("queue", unique_id(1)))
    assert result["failed"] and result["error_code"] == code
    assert wire.requests == requests


def test_a_service_that_broke_down_gets_seconds_to_recover(slept):
    run_module("connect_queue", Wire(500, "InternalServiceException"), instance=INSTANCE_ID, name=INSTANCE_ID)
    # With jitter each pause is between nothing and its limit
    assert len(slept) == 4
    assert all(0 <= pause <= limit for pause, limit in zip(slept, (1, 2, 4, 8), strict=True))


def test_no_secret_in_a_failure():
    wire = Wire(403, "AccessDeniedException")
    result = run_module(
        "connect_queue", wire, instance=INSTANCE_ID, name="Sales", secret_key="s3cr3t-k3y", access_key="A"
    )
    assert "s3cr3t-k3y" not in json.dumps(result)
