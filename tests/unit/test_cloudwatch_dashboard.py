# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

NAME = "poc-summaries-eu-west-2"
ARN = f"arn:aws:cloudwatch::111122223333:dashboard/{NAME}"
BODY = {"widgets": [{"type": "text", "properties": {"markdown": "One"}}]}
OTHER = {"widgets": []}


class CloudWatchService(FakeService):
    """At most one dashboard, as the text that CloudWatch keeps."""

    def __init__(self, text=None, *, missing="ResourceNotFound"):
        super().__init__()
        self.text = text
        self.missing = missing
        self.on("GetDashboard", lambda params: self._get())
        self.on("PutDashboard", self._put)
        self.on("DeleteDashboards", lambda params: self._delete())
        self.on("ListDashboards", lambda params: {"DashboardEntries": [{"DashboardName": NAME}] if self.text else []})

    def _get(self):
        if self.text is None:
            raise ServiceError(self.missing, status=404)
        return {"DashboardArn": ARN, "DashboardName": NAME, "DashboardBody": self.text}

    def _put(self, params):
        self.text = params["DashboardBody"]
        return {}

    def _delete(self):
        self.text = None
        return {}


def run(service, **options):
    return run_module("cloudwatch_dashboard", service, name=NAME, **options)


@pytest.mark.parametrize("missing", ["ResourceNotFound", "DashboardNotFoundError"])
def test_create(missing):
    service = CloudWatchService(missing=missing)
    predicted = run(service, check_mode=True, body=BODY)
    assert predicted["changed"] and predicted["dashboard"]["body"] == BODY
    assert service.writes() == []
    made = run(service, body=BODY)
    assert made["changed"] and made["dashboard"] == {"id": NAME, "arn": ARN, "name": NAME, "body": BODY}
    ((operation, params),) = service.writes()
    assert (operation, params["DashboardName"], json.loads(params["DashboardBody"])) == ("PutDashboard", NAME, BODY)
    assert not run(service, check_mode=True, body=BODY)["changed"]
    assert not run(service, body=BODY)["changed"]
    assert len(service.writes()) == 1


def test_body_is_replaced_as_a_whole():
    service = CloudWatchService(json.dumps({"start": "-PT6H", **BODY}))
    assert run(service, check_mode=True, body=OTHER)["changed"] and service.writes() == []
    assert run(service, body=OTHER)["changed"]
    assert json.loads(service.text) == OTHER
    assert not run(service, check_mode=True, body=OTHER)["changed"]
    assert not run(service, body=OTHER)["changed"]


def test_spelling_of_the_body_makes_no_difference():
    service = CloudWatchService(json.dumps(BODY, indent=4))
    assert not run(service, body=BODY)["changed"] and service.writes() == []


def test_left_out_body_changes_nothing():
    service = CloudWatchService(json.dumps(BODY))
    assert not run(service)["changed"] and service.writes() == []


def test_new_dashboard_needs_a_body():
    service = CloudWatchService()
    result = run(service)
    assert result["failed"] and "body" in result["msg"] and service.writes() == []


def test_what_cloudwatch_does_not_understand_is_a_warning():
    message = {"DataPath": "/widgets/0", "Message": "Unknown widget type"}
    service = CloudWatchService()
    service.on("PutDashboard", lambda params: {**service._put(params), "DashboardValidationMessages": [message]})
    result = run(service, body=BODY)
    assert result["changed"]
    (warning,) = result["warnings"]
    assert NAME in warning and "/widgets/0 Unknown widget type" in warning


def test_absent():
    service = CloudWatchService(json.dumps(BODY))
    assert run(service, state="absent", check_mode=True)["changed"] and service.writes() == []
    assert run(service, state="absent")["dashboard"] is None
    assert service.writes() == [("DeleteDashboards", {"DashboardNames": [NAME]})]
    assert not run(service, state="absent", check_mode=True)["changed"]
    assert not run(service, state="absent")["changed"]


def test_refusal_names_the_dashboard():
    service = CloudWatchService().fail("PutDashboard", "InvalidParameterInput", message="The body is not valid.")
    result = run(service, body=BODY)
    assert result["failed"] and f"'{NAME}'" in result["msg"] and "The body is not valid" in result["msg"]


def test_info():
    service = CloudWatchService(json.dumps(BODY))
    expected = [{"id": NAME, "arn": ARN, "name": NAME, "body": BODY}]
    assert run_module("cloudwatch_dashboard_info", service, name=NAME)["dashboards"] == expected
    assert run_module("cloudwatch_dashboard_info", service)["dashboards"] == expected
    service.text = None
    assert run_module("cloudwatch_dashboard_info", service, name=NAME)["dashboards"] == []
    assert run_module("cloudwatch_dashboard_info", service)["dashboards"] == []
