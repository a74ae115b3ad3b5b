# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

ID = "E2QWRUHAPOMQZL"
CONFIG = {
    "Name": "connector",
    "Description": "",
    "SigningProtocol": "sigv4",
    "SigningBehavior": "always",
    "OriginAccessControlOriginType": "s3",
}


class AccessControlService(FakeService):
    """An account with two pages of origin access controls. `config` is the last one's, None when it is not there."""

    def __init__(self, **config):
        super().__init__()
        self.config = {**CONFIG, **config}
        self.version = 1
        self.on("ListOriginAccessControls", self._list)
        self.on("GetOriginAccessControl", self._get)
        self.on("CreateOriginAccessControl", self._create)
        self.on("UpdateOriginAccessControl", self._update)
        self.on("DeleteOriginAccessControl", self._delete)

    def _list(self, params):
        summaries = [{"Id": "E1", **CONFIG, "Name": "other"}]
        if self.config:
            summaries.append({"Id": ID, **self.config})
        start = int(params.get("Marker", 0))
        page = summaries[start : start + 1]
        more = {"NextMarker": str(start + 1)} if len(summaries) > start + 1 else {}
        return {
            "OriginAccessControlList": {
                "Marker": str(start),
                "MaxItems": 1,
                "IsTruncated": bool(more),
                "Quantity": len(page),
                "Items": page,
                **more,
            }
        }

    def _get(self, params):
        config = {**CONFIG, "Name": "other"} if params["Id"] == "E1" else self.config
        if not config:
            raise ServiceError("NoSuchOriginAccessControl", status=404)
        return {
            "OriginAccessControl": {"Id": params["Id"], "OriginAccessControlConfig": config},
            "ETag": f"V{self.version}",
        }

    def _create(self, params):
        self.config = params["OriginAccessControlConfig"]
        return {"OriginAccessControl": {"Id": ID, "OriginAccessControlConfig": self.config}, "ETag": "V1"}

    def _update(self, params):
        if params["IfMatch"] != f"V{self.version}":
            raise ServiceError("PreconditionFailed", status=412, message="Stale")
        self.config = params["OriginAccessControlConfig"]
        self.version += 1
        return {}

    def _delete(self, params):
        assert params["IfMatch"] == f"V{self.version}"
        self.config = None
        return {}


def empty_service():
    service = AccessControlService()
    service.config = None
    return service


def access_control(service, check_mode=False, **options):
    return run_module(
        "cloudfront_origin_access_control", service, check_mode=check_mode, **{"name": "connector", **options}
    )


def test_create_with_defaults():
    service = empty_service()
    result = access_control(service, description="Reads the bucket")
    wanted = {**CONFIG, "Description": "Reads the bucket"}
    assert service.writes() == [("CreateOriginAccessControl", {"OriginAccessControlConfig": wanted})]
    assert result["origin_access_control"] == {
        "id": ID,
        "name": "connector",
        "description": "Reads the bucket",
        "origin_type": "s3",
        "signing_behavior": "always",
        "signing_protocol": "sigv4",
        "etag": "V1",
    }
    assert not access_control(service, description="Reads the bucket")["changed"]


def test_check_mode_predicts_create_and_writes_nothing():
    service = empty_service()
    predicted = access_control(service, check_mode=True, signing_behavior="never")
    assert service.writes() == []
    real = access_control(empty_service(), signing_behavior="never")["origin_access_control"]
    assert predicted["changed"]
    del real["etag"]
    assert predicted["origin_access_control"] == {**real, "id": None, "arn": None}


@pytest.mark.parametrize(
    ("before", "options", "after"),
    [
        ({}, {"description": "New"}, {"Description": "New"}),
        ({"Description": "Old"}, {"description": ""}, {"Description": ""}),
        ({"Description": "Old"}, {"origin_type": "lambda"}, {"OriginAccessControlOriginType": "lambda"}),
        ({}, {"signing_behavior": "no-override"}, {"SigningBehavior": "no-override"}),
        ({}, {"signing_protocol": "sigv4a"}, {"SigningProtocol": "sigv4a"}),
    ],
)
def test_change_of_one_property_is_one_request(before, options, after):
    planned = AccessControlService(**before)
    prediction = access_control(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = AccessControlService(**before)
    result = access_control(service, **options)
    wanted = {**CONFIG, **before, **after}
    assert service.writes() == [
        ("UpdateOriginAccessControl", {"Id": ID, "IfMatch": "V1", "OriginAccessControlConfig": wanted})
    ]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["diff"] == result["diff"]
    assert not access_control(service, **options)["changed"]


def test_options_that_are_left_out_change_nothing():
    service = AccessControlService(Description="Old", SigningBehavior="never", SigningProtocol="sigv4a")
    assert not access_control(service)["changed"]
    assert service.writes() == []


def test_absent():
    planned = AccessControlService()
    assert access_control(planned, check_mode=True, state="absent")["changed"]
    assert planned.writes() == []
    service = AccessControlService()
    result = access_control(service, state="absent")
    assert result["changed"] and result["origin_access_control"] is None
    assert service.writes() == [("DeleteOriginAccessControl", {"Id": ID, "IfMatch": "V1"})]
    assert not access_control(service, state="absent")["changed"]


@pytest.mark.parametrize(
    ("operation", "code", "options", "message"),
    [
        (
            "DeleteOriginAccessControl",
            "OriginAccessControlInUse",
            {"state": "absent"},
            "Failed to delete origin access control 'connector': OriginAccessControlInUse",
        ),
        (
            "UpdateOriginAccessControl",
            "PreconditionFailed",
            {"description": "New"},
            "Failed to update origin access control 'connector': PreconditionFailed",
        ),
        (
            "CreateOriginAccessControl",
            "TooManyOriginAccessControls",
            {"name": "third"},
            "Failed to create origin access control 'third': quota reached: origin access controls of an account (100)",
        ),
    ],
)
def test_refusals(operation, code, options, message):
    service = AccessControlService().fail(operation, code, status=409)
    result = access_control(service, **options)
    assert result["msg"].startswith(message) and result["error_code"] == code


def test_info_returns_one_or_all():
    service = AccessControlService()
    name = "cloudfront_origin_access_control_info"
    every = run_module(name, service)["origin_access_controls"]
    assert [item["name"] for item in every] == ["other", "connector"]
    assert run_module(name, service, name="connector")["origin_access_controls"] == every[1:]
    assert run_module(name, service, name="none")["origin_access_controls"] == []


@pytest.mark.parametrize("reads", [1, 3])
def test_a_new_control_may_be_invisible_for_a_while(slept, reads):
    service = empty_service()
    lag = iter([ServiceError("NoSuchOriginAccessControl", status=404)] * reads)

    def get(params):
        for error in lag:
            raise error
        return service._get(params)

    service.on("GetOriginAccessControl", get)
    made = run_module("cloudfront_origin_access_control", service, name="connector")
    assert made["origin_access_control"]["id"] == ID
    assert len(slept) == reads
