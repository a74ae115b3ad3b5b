# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import json

import pytest
from botocore.exceptions import ReadTimeoutError

from .harness import FakeService
from .harness import run_module

FUNCTION = "poc-lambda-summary-maintenance"
PERIOD = {"start": "2026-11-01", "end": "2026-12-01", "not_before": "2026-11-09"}


def answer(counts=None, *, contacts=(), next=None, stopped=None, stopped_by=None, **members):
    return {
        "action": "redrive",
        "dry_run": False,
        "counts": counts or {},
        "reasons": {},
        "contacts": list(contacts),
        "stopped": stopped,
        "stopped_by": stopped_by,
        "next": next,
        **members,
    }


class Maintenance(FakeService):
    """The function: one document per invocation, in turn; `requests` holds what it was asked."""

    def __init__(self, *documents, error=None):
        super().__init__()
        self.requests = []
        left = list(documents)

        def invoke(params):
            assert params["FunctionName"] == FUNCTION
            self.requests.append(json.loads(params["Payload"]))
            document = left.pop(0) if len(left) > 1 else left[0]
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            failed = {"FunctionError": "Unhandled"} if error or b"errorType" in content else {}
            return {"StatusCode": 200, "Payload": io.BytesIO(content), **failed}

        self.on("Invoke", invoke)


def run(service, action="redrive", **options):
    return run_module("summary_maintenance", service, function_name=FUNCTION, action=action, **options)


def test_answers_are_asked_for_until_nothing_is_left():
    service = Maintenance(
        answer({"delivered": 2, "failed": 1}, contacts=[{"contact_id": "a"}], next="one"),
        answer({"delivered": 3, "failed": 0}, contacts=[{"contact_id": "b"}], next="two", reasons={"X": 1}),
        answer({"delivered": 1, "failed": 0}, reasons={"X": 1, "Y": 2}),
    )
    result = run(service, reasons=["SapUnavailable"], rate=2.5)
    assert result["changed"] is True
    assert result["report"]["counts"] == {"delivered": 6, "failed": 1}
    assert result["report"]["reasons"] == {"X": 2, "Y": 2}
    assert result["report"]["contacts"] == [{"contact_id": "a"}, {"contact_id": "b"}]
    first = {"action": "redrive", "dry_run": False, "reasons": ["SapUnavailable"], "rate": 2.5, "seconds": 240}
    assert service.requests == [first, {**first, "next": "one"}, {**first, "next": "two"}]


def test_check_mode_asks_for_a_dry_run():
    service = Maintenance(answer({"would_send": 1}, dry_run=True))
    result = run(service, check_mode=True)
    assert (result["changed"], service.requests[0]["dry_run"]) == (True, True)


def test_nothing_to_do_is_no_change():
    assert run(Maintenance(answer({"received": 4, "left": 4})))["changed"] is False


def test_every_option_of_a_redrive_reaches_the_function():
    service = Maintenance(answer())
    options = {
        "contact_ids": ["c"],
        "reasons": ["NO_PERMISSIONS"],
        "sent_after": "2026-11-01",
        "sent_before": "2026-11-02",
        "maximum_age": 0.0,
        "rate": 1.0,
        "next": "token",
    }
    run(service, **options)
    assert service.requests == [{"action": "redrive", "dry_run": False, "seconds": 240, **options}]


def test_a_backfill_names_its_period():
    service = Maintenance(answer({"sent": 1}))
    assert run(service, "backfill", **PERIOD)["changed"] is True
    assert service.requests == [
        {
            "action": "backfill",
            "dry_run": False,
            "seconds": 240,
            "from": "2026-11-01",
            "to": "2026-12-01",
            "not_before": "2026-11-09",
        }
    ]


@pytest.mark.parametrize("missing", ["start", "end", "not_before"])
def test_a_backfill_without_its_period_is_refused_before_any_request(missing):
    service = Maintenance(answer())
    result = run(service, "backfill", **{name: value for name, value in PERIOD.items() if name != missing})
    assert result["failed"] and missing in result["msg"]
    assert service.calls == []


def test_the_maximum_holds_for_the_whole_run():
    service = Maintenance(answer({"sent": 3}, next="one"), answer({"sent": 2}, next="two"))
    result = run(service, "backfill", maximum=5, **PERIOD)
    assert [request["maximum"] for request in service.requests] == [5, 2]
    assert (result["report"]["counts"], result["report"]["next"]) == ({"sent": 5}, "two")


def test_a_stop_is_a_failure_with_the_report():
    service = Maintenance(
        answer({"delivered": 2, "failed": 0}, next="one"),
        answer({"delivered": 1, "failed": 3}, stopped="SapDown", stopped_by="SapUnavailable", next="two"),
    )
    result = run(service)
    assert result["failed"] is True
    assert result["msg"] == (
        "Failed to redrive everything, because SAP is not there or refuses to sign in (SapUnavailable): "
        "3 delivered, 3 failed"
    )
    assert (result["report"]["counts"], result["report"]["next"]) == ({"delivered": 3, "failed": 3}, "two")
    assert len(service.requests) == 2


def test_a_failure_in_the_middle_keeps_the_report():
    failure = {"errorType": "SettingsInvalid", "errorMessage": "SettingsInvalid: No value in the SSM parameters: /x"}
    result = run(Maintenance(answer({"delivered": 2}, next="one"), failure))
    assert result["msg"] == "Failed to redrive: No value in the SSM parameters: /x"
    assert (result["report"]["counts"], result["report"]["next"]) == ({"delivered": 2}, "one")


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (
            {
                "errorType": "MaintenanceRequestInvalid",
                "errorMessage": "MaintenanceRequestInvalid: rate is not above 0",
            },
            "Failed to redrive: rate is not above 0",
        ),
        (
            {"errorType": "AwsRefused", "errorMessage": "AwsRefused: AWS answered NoQueue"},
            "Failed to redrive: AWS answered NoQueue. Something that site.yml makes is missing or changed: run it",
        ),
        (
            {"errorType": "KeyError", "errorMessage": "'Grace Hopper'"},
            "Failed to redrive: it failed with KeyError, see its log",
        ),
        (
            {"errorType": "Sandbox.Timedout", "errorMessage": "2026 r Task timed out after 900.00 seconds"},
            "Failed to redrive: 2026 r Task timed out after 900.00 seconds",
        ),
        (b"<html>", f"Failed to redrive: the answer of function '{FUNCTION}' is not one of its own"),
        ([], f"Failed to redrive: the answer of function '{FUNCTION}' is not one of its own"),
    ],
)
def test_a_failure_is_named_without_foreign_texts(document, text):
    service = Maintenance(document)
    result = run(service)
    assert (result["failed"], result["msg"]) == (True, text)
    assert len(service.requests) == 1


def test_a_function_that_is_missing_is_named():
    service = FakeService().fail("Invoke", "ResourceNotFoundException", status=404)
    result = run(service)
    assert result["msg"] == f"Failed to redrive: there is no function '{FUNCTION}' in this account and Region"


@pytest.mark.parametrize("code", ["TooManyRequestsException", "AccessDeniedException", "ServiceException"])
def test_no_request_is_sent_a_second_time(code):
    service = FakeService().fail("Invoke", code, status=500 if code == "ServiceException" else 400, message="no")
    result = run(service)
    assert result["msg"] == f"Failed to invoke function '{FUNCTION}': no ({code})"
    assert service.operations() == ["Invoke"]


def test_an_answer_that_does_not_come_is_not_asked_for_again():
    service = FakeService()
    calls = []

    def time_out(_params):
        calls.append(1)
        raise ReadTimeoutError(endpoint_url="https://lambda")

    service.on("Invoke", time_out)
    assert "Read timeout" in run(service)["msg"]
    assert len(calls) == 1


def test_a_function_that_gets_no_further_ends_the_run():
    result = run(Maintenance(answer(next="same")), "reconcile")
    assert result["msg"] == f"Failed to reconcile: function '{FUNCTION}' gets no further"


def test_a_look_is_no_change_and_takes_no_page():
    service = Maintenance(answer(steps=[{"step": "settings", "state": "ok"}]))
    result = run(service, "probe")
    assert (result["changed"], service.requests) == (False, [{"action": "probe"}])
    assert result["report"]["steps"] == [{"step": "settings", "state": "ok"}]
    service = Maintenance(answer({"contacts": 1}, contacts=[{"contact_id": "c"}]))
    assert run(service, "inspect", contact_ids=["c"])["changed"] is False
    assert service.requests == [{"action": "inspect", "contact_ids": ["c"]}]
