# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import arn
from .harness import run_module
from .harness import unique_id

PROFILE_ID = unique_id(1)


class ProfileService(FakeService):
    """An instance called `poc` with the security profile `Agent`; `profile` is None when there is none."""

    def __init__(self, *permissions, **profile):
        super().__init__()
        self.permissions = list(permissions)
        self.profile = {
            "Id": PROFILE_ID,
            "Arn": arn("security-profile", PROFILE_ID),
            "OrganizationResourceId": INSTANCE_ID,
            "SecurityProfileName": "Agent",
            "Tags": {},
            **profile,
        }
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListSecurityProfiles", lambda params: {"SecurityProfileSummaryList": self._summaries()})
        self.on("DescribeSecurityProfile", lambda params: self._describe())
        self.on("ListSecurityProfilePermissions", lambda params: {"Permissions": list(self.permissions)})
        self.on("CreateSecurityProfile", self._create)
        self.on("UpdateSecurityProfile", self._update)
        self.on("TagResource", lambda params: self.profile["Tags"].update(params["tags"]) or {})
        self.on("UntagResource", lambda params: [self.profile["Tags"].pop(key) for key in params["tagKeys"]] and {})
        self.on("DeleteSecurityProfile", lambda params: setattr(self, "profile", None) or {})

    def _summaries(self):
        return [{"Id": PROFILE_ID, "Name": self.profile["SecurityProfileName"]}] if self.profile else []

    def _describe(self):
        if self.profile is None:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"SecurityProfile": self.profile}

    def _create(self, params):
        self.profile = {
            "Id": PROFILE_ID,
            "Arn": arn("security-profile", PROFILE_ID),
            "SecurityProfileName": params["SecurityProfileName"],
            "Tags": {},
        }
        self._update(params)
        return {"SecurityProfileId": PROFILE_ID, "SecurityProfileArn": self.profile["Arn"]}

    def _update(self, params):
        self.permissions = list(params.get("Permissions", self.permissions))
        self.profile.update({name: params[name] for name in ("Description", "Tags") if name in params})
        return {}


def empty_service():
    service = ProfileService()
    service.profile = None
    return service


def profile(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "name": "Agent", **options}
    return run_module("connect_security_profile", service, check_mode=check_mode, **options)


FULL = {
    "description": "Agents",
    "permissions": ["OutboundCallAccess", "BasicAgentAccess"],
    "tags": {"environment": "poc"},
}


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        (
            FULL,
            {
                "Description": "Agents",
                "Permissions": ["BasicAgentAccess", "OutboundCallAccess"],
                "Tags": {"environment": "poc"},
            },
        ),
        ({}, {"Permissions": []}),
    ],
)
def test_create(options, sent):
    planned = empty_service()
    prediction = profile(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = empty_service()
    result = profile(service, **options)
    create = {"InstanceId": INSTANCE_ID, "SecurityProfileName": "Agent", **sent}
    assert service.writes() == [("CreateSecurityProfile", create)]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["security_profile"] == {**result["security_profile"], "id": None, "arn": None}
    assert not profile(service, check_mode=True, **options)["changed"]
    assert not profile(service, **options)["changed"]


@pytest.mark.parametrize(
    ("options", "description", "permissions"),
    [
        ({"description": "New"}, "New", ["A.View", "B.View"]),
        ({"description": ""}, "", ["A.View", "B.View"]),
        ({"permissions": ["C.View", "A.View"]}, "Old", ["A.View", "B.View", "C.View"]),
        ({"permissions": ["C.View", "A.View"], "purge_permissions": True}, "Old", ["A.View", "C.View"]),
        ({"permissions": [], "purge_permissions": True}, "Old", []),
    ],
)
def test_update_sends_the_whole_set(options, description, permissions):
    planned = ProfileService("B.View", "A.View", Description="Old")
    prediction = profile(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = ProfileService("B.View", "A.View", Description="Old")
    result = profile(service, **options)
    assert service.writes() == [
        (
            "UpdateSecurityProfile",
            {
                "InstanceId": INSTANCE_ID,
                "SecurityProfileId": PROFILE_ID,
                "Description": description,
                "Permissions": permissions,
            },
        )
    ]
    assert prediction["security_profile"] == result["security_profile"]
    assert prediction["diff"] == result["diff"]
    assert not profile(service, **options)["changed"]


@pytest.mark.parametrize("options", [{}, {"permissions": ["B.View"]}, {"permissions": []}, {"description": "Old"}])
def test_no_change_in_three_requests(options):
    service = ProfileService("B.View", "A.View", Description="Old")
    assert not profile(service, **options)["changed"]
    assert service.operations() == [
        "ListSecurityProfiles",
        "DescribeSecurityProfile",
        "ListSecurityProfilePermissions",
    ]


LEGACY = [
    ("ListenCallRecordings", "CallRecordings.Unredacted.Access"),
    ("DownloadCallRecordings", "CallRecordings.Unredacted.DownloadButton"),
    ("RedactedData.View", "CallRecordings.Redacted.Access"),
]


@pytest.mark.parametrize("purge", [False, True])
@pytest.mark.parametrize("pair", LEGACY + [pair[::-1] for pair in LEGACY])
def test_old_and_new_name_of_a_permission_are_the_same(pair, purge):
    present, given = pair
    service = ProfileService(present)
    result = profile(service, permissions=[given], purge_permissions=purge)
    assert not result["changed"]
    assert result["security_profile"]["permissions"] == [present]


def test_a_permission_that_is_there_under_another_name_keeps_it():
    service = ProfileService("CallRecordings.Unredacted.Access")
    profile(service, permissions=["ListenCallRecordings", "GraphTrends.View"])
    assert service.permissions == ["CallRecordings.Unredacted.Access", "GraphTrends.View"]


def test_purge_takes_an_old_name_away():
    service = ProfileService("ListenCallRecordings", "GraphTrends.View")
    profile(service, permissions=["GraphTrends.View"], purge_permissions=True)
    assert service.permissions == ["GraphTrends.View"]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"tags": {"environment": "poc"}}, {"owner": "ops", "environment": "poc"}),
        ({"tags": {"environment": "poc"}, "purge_tags": True}, {"environment": "poc"}),
    ],
)
def test_tags(options, left):
    service = ProfileService(Tags={"owner": "ops"})
    assert profile(service, check_mode=True, **options)["security_profile"]["tags"] == left
    assert service.writes() == []
    assert profile(service, **options)["security_profile"]["tags"] == service.profile["Tags"] == left
    assert not profile(service, **options)["changed"]


def test_absent():
    service = ProfileService()
    planned = profile(service, check_mode=True, state="absent")
    assert service.writes() == []
    result = profile(service, state="absent")
    assert service.writes() == [("DeleteSecurityProfile", {"InstanceId": INSTANCE_ID, "SecurityProfileId": PROFILE_ID})]
    assert planned["changed"] is result["changed"] is True
    assert planned["security_profile"] is result["security_profile"] is None
    assert not profile(service, state="absent")["changed"]


def test_unknown_permission():
    service = ProfileService().fail("UpdateSecurityProfile", "InvalidParameterException", message="No.View is unknown.")
    assert profile(service, permissions=["No.View"])["msg"] == (
        "Failed to update security profile 'Agent': No.View is unknown (InvalidParameterException)"
    )


def test_profile_in_use():
    service = ProfileService().fail("DeleteSecurityProfile", "ResourceInUseException", status=409, message="Used by x")
    result = profile(service, state="absent")
    assert result["msg"] == "Failed to delete security profile 'Agent': Used by x (ResourceInUseException)"


def test_plan_on_an_empty_account():
    service = ProfileService().on("ListInstances", {"InstanceSummaryList": []})
    result = profile(service, check_mode=True, instance="poc", **FULL)
    assert result["security_profile"]["permissions"] == ["BasicAgentAccess", "OutboundCallAccess"]
    assert service.operations() == ["ListInstances"]


def test_info_returns_one_or_all():
    service = ProfileService("A.View")
    one = run_module("connect_security_profile_info", service, instance="poc", name="Agent")["security_profiles"]
    every = run_module("connect_security_profile_info", service, instance="poc")["security_profiles"]
    assert one == every
    assert one[0]["permissions"] == ["A.View"] and one[0]["name"] == "Agent"
    assert run_module("connect_security_profile_info", service, instance="poc", name="X")["security_profiles"] == []


NOT_FOUND = ServiceError("ResourceNotFoundException", status=404)


@pytest.mark.parametrize("options", [{"permissions": ["A.View"]}, {"state": "absent"}])
def test_permissions_of_a_new_profile_may_not_be_known_yet(slept, options):
    service = ProfileService("A.View")
    service.on("ListSecurityProfilePermissions", NOT_FOUND, NOT_FOUND, {"Permissions": ["A.View"]})
    assert profile(service, **options)["changed"] == ("state" in options)
    assert len(slept) == 2


@pytest.mark.parametrize("options", [{"permissions": ["A.View"]}, {"state": "absent"}, {"check_mode": True}])
def test_a_profile_that_disappears_is_named(options):
    service = ProfileService().on("ListSecurityProfilePermissions", NOT_FOUND)
    gone = "Failed to read security profile 'Agent': it disappeared during the run"
    assert profile(service, **options)["msg"] == gone
    assert run_module("connect_security_profile_info", service, instance="poc", name="Agent")["msg"] == gone
    assert service.writes() == []


def test_info_leaves_out_what_was_deleted_since_it_was_listed():
    service = ProfileService().on("ListSecurityProfilePermissions", NOT_FOUND)
    assert run_module("connect_security_profile_info", service, instance="poc")["security_profiles"] == []
