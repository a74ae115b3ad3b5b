# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security profiles (connect-api 5, defaults of 1.5, names of appendix B)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import refused

CCP = ["BasicAgentAccess", "OutboundCallAccess"]
SCENARIO = [
    "BasicAgentAccess",
    "OutboundCallAccess",
    "RealtimeContactLens.View",
    "AudioDeviceSettings.Access",
    "VideoContact.Access",
    "VoiceId.Access",
    "ContactSearch.View",
    "MyContacts.View",
    "GraphTrends.View",
    "ContactLensPostContactSummary.View",
    "CallRecordings.Unredacted.Access",
    "CallRecordings.Redacted.Access",
    "CallRecordings.Unredacted.DownloadButton",
    "CallRecordings.Redacted.DownloadButton",
    "DeleteCallRecordings",
    "ContactTranscripts.Unredacted.Access",
    "ContactTranscripts.Redacted.Access",
    "ContactTranscripts.Unredacted.DownloadButton",
    "Rules.Create",
    "Rules.View",
    "Rules.Edit",
    "Rules.Delete",
    "RulesGenerativeAI.Create",
    "AccessMetrics.RealTimeMetrics.Access",
    "RealTimeMetrics.Access",
    "SelfAssignContacts.Access",
    "OutboundEmail.Create",
    "RestrictTaskCreation.Access",
    "RestrictPhoneTypeSettings.Access",
    "ScreenRecording.View",
    "AutomatedVoiceInteraction.View",
]
LEGACY = ["DownloadCallRecordings", "ListenCallRecordings", "RedactedData.View"]


@pytest.fixture
def defaults(connect, instance):
    return Defaults(connect, instance)


@pytest.fixture
def create(connect, instance):
    """Create a security profile and return its id."""

    def run(name="SAP agent", **more):
        answer = connect.create_security_profile(InstanceId=instance, SecurityProfileName=name, **more)
        return answer["SecurityProfileId"]

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda profile: connect.describe_security_profile(InstanceId=instance, SecurityProfileId=profile)[
        "SecurityProfile"
    ]


@pytest.fixture
def permissions(connect, instance):
    """Return the permissions of a profile, all pages."""

    def run(profile):
        pages = connect.get_paginator("list_security_profile_permissions").paginate(
            InstanceId=instance, SecurityProfileId=profile
        )
        return [item for page in pages for item in page["Permissions"]]

    return run


def test_new_instance_has_the_four_default_profiles(defaults):
    assert set(defaults.security_profiles) == {"Admin", "Agent", "CallCenterManager", "QualityAnalyst"}


def test_default_agent_profile_grants_ccp_access_and_no_administration(defaults, permissions):
    granted = permissions(defaults.security_profiles["Agent"])
    assert "BasicAgentAccess" in granted
    assert not [name for name in granted if name.startswith(("Users.", "SecurityProfiles.", "ContactFlows."))]


def test_default_admin_profile_grants_administration(defaults, permissions):
    assert {"Users.Create", "SecurityProfiles.Edit", "Rules.Delete"} <= set(
        permissions(defaults.security_profiles["Admin"])
    )


def test_describe_shows_neither_permissions_nor_applications(create, describe):
    application = {"Namespace": "sap", "ApplicationPermissions": ["ACCESS"]}
    profile = describe(create(Description="For SAP", Permissions=CCP, Applications=[application], Tags={"a": "b"}))
    assert (profile["SecurityProfileName"], profile["Description"]) == ("SAP agent", "For SAP")
    assert profile["Tags"] == {"a": "b"}
    assert not {"Permissions", "Applications"} & set(profile)


def test_permissions_are_listed_by_a_call_of_their_own(create, permissions):
    assert sorted(permissions(create(Permissions=CCP))) == CCP


def test_permissions_page_takes_1000_at_most(connect, instance, create):
    listing = connect.list_security_profile_permissions
    wanted = {"InstanceId": instance, "SecurityProfileId": create(Permissions=CCP)}
    assert len(listing(**wanted, MaxResults=1000)["Permissions"]) == 2
    refused("InvalidParameterException", listing, **wanted, MaxResults=1001)


def test_applications_are_listed_by_a_call_of_their_own(connect, instance, create):
    application = {"Namespace": "sap", "ApplicationPermissions": ["ACCESS"]}
    identifier = create(Applications=[application])
    listed = connect.list_security_profile_applications(InstanceId=instance, SecurityProfileId=identifier)
    assert listed["Applications"] == [application]


def test_flow_modules_are_listed_by_a_call_of_their_own(connect, instance, create):
    module = {"Type": "MCP", "FlowModuleId": UNKNOWN}
    identifier = create(AllowedFlowModules=[module])
    listed = connect.list_security_profile_flow_modules(InstanceId=instance, SecurityProfileId=identifier)
    assert listed["AllowedFlowModules"] == [module]


def test_permissions_of_the_scenario_are_known(create, permissions):
    assert sorted(permissions(create(Permissions=SCENARIO))) == sorted(SCENARIO)


def test_names_of_appendix_b_are_known(create, permissions):
    names = ["RoutingPolicies.Create", "ChatTestMode", "ManagerListenIn", "ReportSchedules.View", "Wisdom.View"]
    assert sorted(permissions(create(Permissions=names))) == sorted(names)


def test_legacy_names_are_taken_and_kept(create, permissions):
    assert sorted(permissions(create(Permissions=LEGACY))) == LEGACY


def test_unknown_permission_is_refused(connect, instance, create, permissions):
    refused("InvalidParameterException", create, Permissions=[*CCP, "EverythingAccess"])
    identifier = create(Permissions=CCP)
    refused(
        "InvalidParameterException",
        connect.update_security_profile,
        InstanceId=instance,
        SecurityProfileId=identifier,
        Permissions=["basicagentaccess"],
    )
    assert sorted(permissions(identifier)) == CCP


def test_same_name_is_a_duplicate(create):
    refused("DuplicateResourceException", create, name="Agent")


@pytest.mark.parametrize("name", ["a" * 128, "SAP/agent", "Straße"])
def test_name_has_127_plain_characters_at_most(create, name):
    refused("InvalidParameterException", create, name=name)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("Description", "d" * 251),
        ("Permissions", ["BasicAgentAccess"] * 501),
        ("AllowedAccessControlTags", {str(key): "v" for key in range(5)}),
        ("TagRestrictedResources", ["User"] * 11),
        ("Applications", [{"Namespace": "a", "ApplicationPermissions": ["ACCESS"]}] * 11),
        ("AllowedFlowModules", [{"Type": "MCP", "FlowModuleId": "a"}] * 11),
    ],
)
def test_limits_of_the_properties(create, member, value):
    refused("InvalidParameterException", create, **{member: value})


def test_update_replaces_the_whole_set_of_permissions(connect, instance, create, permissions):
    identifier = create(Permissions=CCP)
    connect.update_security_profile(
        InstanceId=instance, SecurityProfileId=identifier, Permissions=["MyContacts.View", "BasicAgentAccess"]
    )
    assert sorted(permissions(identifier)) == ["BasicAgentAccess", "MyContacts.View"]


def test_order_and_repetition_of_permissions_do_not_matter(create, permissions):
    forward = permissions(create("One", Permissions=CCP))
    assert permissions(create("Two", Permissions=[*reversed(CCP), CCP[0]])) == forward


def test_update_leaves_alone_what_is_left_out(connect, instance, create, describe, permissions):
    identifier = create(Description="For SAP", Permissions=CCP, AllowedAccessControlTags={"team": "sap"})
    connect.update_security_profile(InstanceId=instance, SecurityProfileId=identifier, Description="Other")
    assert sorted(permissions(identifier)) == CCP
    assert describe(identifier)["Description"] == "Other"
    assert describe(identifier)["AllowedAccessControlTags"] == {"team": "sap"}


def test_update_cannot_change_the_name(emulator, instance, create, describe):
    identifier = create()
    body = {"SecurityProfileName": "Other", "Description": "New"}
    assert emulator.raw("POST", f"/security-profiles/{instance}/{identifier}", body)[0] == 200
    assert describe(identifier)["SecurityProfileName"] == "SAP agent"


def test_profile_of_a_user_is_in_use(connect, instance, defaults):
    user = connect.create_user(InstanceId=instance, **defaults.user())["UserId"]
    wanted = {"InstanceId": instance, "SecurityProfileId": defaults.security_profiles["Agent"]}
    answer = refused("ResourceInUseException", connect.delete_security_profile, **wanted)
    assert (answer["ResourceType"], answer["ResourceId"].rpartition("/")[2]) == ("USER", user)


def test_deleted_profile_is_not_found(connect, instance, create, describe):
    identifier = create()
    connect.delete_security_profile(InstanceId=instance, SecurityProfileId=identifier)
    refused("ResourceNotFoundException", describe, profile=identifier)


def test_search_by_name(connect, instance, create):
    create(Permissions=CCP)
    criteria = {"StringCondition": {"FieldName": "name", "ComparisonType": "CONTAINS", "Value": "sap"}}
    answer = connect.search_security_profiles(InstanceId=instance, SearchCriteria=criteria)
    assert [item["SecurityProfileName"] for item in answer["SecurityProfiles"]] == ["SAP agent"]


def test_quota_of_100_is_a_limit_error(create):
    for number in range(96):
        create(f"Profile {number}")
    answer = refused("LimitExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
