# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control addresses of the emulator."""

from __future__ import annotations

import asyncio
import datetime
import json
import sys
import time
import types

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.connect_emulator.state import Emulator
from tests.local_cloud.connect_emulator.state import Record

SECRET = "Very-secret-1"


def test_journal_has_one_object_per_request(emulator, connect, instance):
    connect.list_approved_origins(InstanceId=instance, MaxResults=3)
    journal = emulator.control("GET", "journal")
    assert [entry["operation"] for entry in journal] == ["CreateInstance", "ListApprovedOrigins"]
    entry = journal[-1]
    assert set(entry) == {"account", "region", "operation", "parameters", "status", "error", "injected", "time"}
    assert (entry["account"], entry["region"], entry["status"], entry["error"]) == (
        "111111111111",
        "eu-west-2",
        200,
        None,
    )
    assert entry["parameters"] == {"InstanceId": instance, "MaxResults": "3"}
    assert datetime.datetime.fromisoformat(entry["time"]).tzinfo


def test_latency_holds_the_answer_back(emulator, connect, instance):
    emulator.control("POST", "settings", {"latency": 0.05})
    began = time.monotonic()
    connect.list_approved_origins(InstanceId=instance)
    assert time.monotonic() - began >= 0.05


def test_journal_notes_refusals(emulator, connect):
    with pytest.raises(ClientError):
        connect.describe_instance(InstanceId="nope")
    emulator.raw("PUT", "/instance", {})
    assert [(entry["status"], entry["error"]) for entry in emulator.control("GET", "journal")] == [
        (404, "ResourceNotFoundException"),
        (400, "InvalidRequestException"),
    ]


def test_journal_has_the_parameters_of_throttled_requests(emulator, connect, instance):
    emulator.control("POST", "settings", {"throttle": {"enabled": True, "burst": 0}})
    with pytest.raises(ClientError):
        connect.describe_instance(InstanceId=instance)
    entry = emulator.control("GET", "journal")[-1]
    assert (entry["error"], entry["parameters"]) == ("ThrottlingException", {"InstanceId": instance})


def test_journal_is_filtered(emulator, connect):
    for client in (connect, emulator.client("222222222222"), emulator.client(region="us-east-1")):
        client.list_instances()
    assert len(emulator.control("GET", "journal?account=111111111111")) == 2
    assert len(emulator.control("GET", "journal?account=111111111111&region=us-east-1")) == 1
    assert emulator.control("GET", "journal?operation=CreateInstance") == []


def test_journal_masks_secrets(emulator):
    body = {
        "Username": "jane",
        "Password": SECRET,
        "IdentityInfo": {"FirstName": "Jane", "LastName": "Doe", "Email": "jane@site.example"},
        "SecurityProfileIds": ["s"],
        "RoutingProfileId": "r",
    }
    emulator.raw("PUT", "/users/nope", body)
    journal = emulator.control("GET", "journal")
    assert journal[-1]["parameters"]["Username"] == "jane"
    for secret in (SECRET, "Doe", "jane@site.example"):
        assert secret not in json.dumps(journal)


def test_refused_secret_is_not_repeated(emulator):
    body = {"Username": "j", "Password": "short-secret", "SecurityProfileIds": ["s"], "RoutingProfileId": "r"}
    status, _headers, answer = emulator.raw("PUT", "/users/nope", body)
    assert status == 400 and "Password" in answer["Message"]
    assert "short-secret" not in json.dumps([answer, emulator.control("GET", "journal")])


def test_reset_forgets_all_but_settings(emulator, connect, instance):
    emulator.control("POST", "settings", {"lag": 1})
    assert emulator.control("POST", "reset", {}) == {}
    assert connect.list_instances()["InstanceSummaryList"] == []
    assert emulator.control("GET", "settings")["lag"] == 1


def test_reset_of_one_account(emulator, connect, instance):
    other = emulator.client("222222222222")
    other.create_instance(
        IdentityManagementType="SAML", InstanceAlias="other", InboundCallsEnabled=True, OutboundCallsEnabled=True
    )
    emulator.control("POST", "reset", {"account": "111111111111"})
    assert connect.list_instances()["InstanceSummaryList"] == []
    assert len(other.list_instances()["InstanceSummaryList"]) == 1


def test_reset_of_one_region(emulator, connect, instance):
    emulator.control("POST", "reset", {"account": "111111111111", "region": "us-east-1"})
    assert len(connect.list_instances()["InstanceSummaryList"]) == 1


def test_settings_are_changed_one_by_one(emulator):
    before = emulator.control("GET", "settings")
    after = emulator.control("POST", "settings", {"throttle": {"rate": 3}, "claim_delay": 4})
    assert after == {**before, "claim_delay": 4, "throttle": {**before["throttle"], "rate": 3}}


@pytest.mark.parametrize(
    "values", [{"nonsense": 1}, {"lag": "much"}, {"throttle": True}, {"throttle": {"x": 1}}, {"lag": 1, "x": 1}, []]
)
def test_wrong_settings_are_refused(emulator, values):
    before = emulator.control("GET", "settings")
    status, answer = emulator.control_answer("POST", "settings", values)
    assert status == 400 and answer["message"]
    assert emulator.control("GET", "settings") == before


def codes(call, times):
    seen = []
    for _time in range(times):
        try:
            call()
            seen.append(None)
        except ClientError as error:
            seen.append(error.response["Error"]["Code"])
    return seen


def test_faults_by_operation_times_and_after(emulator, connect, instance):
    fault = {"operation": "ListInstances", "error": "InternalServiceException", "times": 2, "after": 1}
    emulator.control("POST", "faults", fault)
    assert connect.describe_instance(InstanceId=instance)
    wanted = [None, "InternalServiceException", "InternalServiceException", None]
    assert codes(connect.list_instances, 4) == wanted
    assert emulator.control("GET", "faults") == []


def test_faults_with_status_and_message(emulator, connect):
    fault = {"operation": "*", "error": "ServiceUnavailable", "status": 503, "message": "Come back"}
    emulator.control("POST", "faults", [fault])
    with pytest.raises(ClientError) as caught:
        connect.list_instances()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert caught.value.response["Error"] == {"Code": "ServiceUnavailable", "Message": "Come back"}


def test_fault_after_the_work_was_done(emulator, connect, instance):
    fault = {"operation": "AssociateApprovedOrigin", "error": "InternalServiceException", "carried_out": True}
    emulator.control("POST", "faults", fault)
    call = {"InstanceId": instance, "Origin": "https://a.example", "ClientToken": "t"}
    assert codes(lambda: connect.associate_approved_origin(**call), 2) == ["InternalServiceException", None]
    assert connect.list_approved_origins(InstanceId=instance)["Origins"] == ["https://a.example"]


def test_fault_of_one_account(emulator, connect):
    fault = {"operation": "ListInstances", "error": "InternalServiceException", "account": "222222222222"}
    emulator.control("POST", "faults", fault)
    assert codes(connect.list_instances, 1) == [None]
    assert codes(emulator.client("222222222222").list_instances, 1) == ["InternalServiceException"]


def test_faults_are_cleared(emulator, connect):
    emulator.control("POST", "faults", {"operation": "ListInstances", "error": "InternalServiceException"})
    assert emulator.control("DELETE", "faults") == []
    assert codes(connect.list_instances, 1) == [None]


@pytest.mark.parametrize("fault", [{}, {"operation": "ListInstances"}, {"operation": "Brew", "error": "X"}, ["x"]])
def test_wrong_faults_are_refused(emulator, fault):
    assert emulator.control_answer("POST", "faults", fault)[0] == 400
    assert emulator.control("GET", "faults") == []


@pytest.mark.parametrize("method, path", [("GET", "nonsense"), ("PUT", "reset"), ("GET", "contacts"), ("GET", "")])
def test_unknown_control_address(emulator, method, path):
    assert emulator.control_answer(method, path)[0] == 404


@pytest.mark.parametrize("path", ["reset", "settings", "calls"])
def test_body_must_be_an_object(emulator, path):
    assert emulator.control_answer("POST", path, ["a"])[0] == 400


def test_body_must_be_json(emulator):
    from tests.local_cloud.connect_emulator import control

    status, _headers, answer = asyncio.run(control.handle("POST", "/_emulator/settings", {}, b"{"))
    assert status == 400 and b"message" in answer


def test_calls_are_handed_on(emulator, monkeypatch):
    async def place_call(request):
        return {"contact_id": "c", "asked": request}

    module = types.ModuleType("calls")
    module.place_call = place_call
    monkeypatch.setitem(sys.modules, "tests.local_cloud.connect_emulator.calls", module)
    monkeypatch.setattr("tests.local_cloud.connect_emulator.calls", module, raising=False)
    assert emulator.control("POST", "calls", {"caller": "+44"}) == {"contact_id": "c", "asked": {"caller": "+44"}}


def test_contacts_are_shown(emulator, instance):
    state = emulator.state.region("111111111111", "eu-west-2").instances[instance]
    state.store("contacts").create(Record(id="c", arn="arn:c", data={"Id": "c", "Channel": "VOICE"}))
    assert emulator.control("GET", "contacts/c") == {"Id": "c", "Channel": "VOICE"}
    assert emulator.control_answer("GET", "contacts/other")[0] == 404


def test_other_services_are_called_on_the_local_cloud_only(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(RuntimeError, match="AWS_ENDPOINT_URL"):
        Emulator().client_factory("s3", "111111111111", "eu-west-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    client = Emulator().client_factory("s3", "111111111111", "eu-west-2")
    assert client.meta.endpoint_url == "http://127.0.0.1:9"
