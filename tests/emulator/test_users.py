# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users (connect-api 4, 13b)."""

from __future__ import annotations

import json
import pickle

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import refused


@pytest.fixture
def defaults(connect, instance):
    return Defaults(connect, instance)


@pytest.fixture
def create(connect, instance, defaults):
    """Create a user of the CONNECT_MANAGED instance and return its id."""
    return lambda username="agent", **more: connect.create_user(InstanceId=instance, **defaults.user(username, **more))[
        "UserId"
    ]


@pytest.fixture
def describe(connect, instance):
    return lambda user: connect.describe_user(InstanceId=instance, UserId=user)["User"]


class OtherIdentity:
    """An instance of another identity management type with its defaults."""

    def __init__(self, connect, kind, **more):
        self.connect = connect
        self.instance = connect.create_instance(
            IdentityManagementType=kind,
            InstanceAlias=kind.lower().replace("_", "-"),
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
            **more,
        )["Id"]
        self.defaults = Defaults(connect, self.instance)

    def create(self, username="agent", **more):
        wanted = {**self.defaults.user(username), **more}
        wanted.pop("Password") if "Password" not in more else None
        wanted = {name: value for name, value in wanted.items() if value is not None}
        return self.connect.create_user(InstanceId=self.instance, **wanted)["UserId"]


@pytest.fixture
def saml(connect):
    return OtherIdentity(connect, "SAML")


@pytest.fixture
def directory(connect):
    return OtherIdentity(connect, "EXISTING_DIRECTORY", DirectoryId="d-0123456789")


def test_new_instance_has_no_users(connect, instance):
    assert connect.list_users(InstanceId=instance)["UserSummaryList"] == []


def test_created_user_is_described_without_password(instance, defaults, create, describe):
    identifier = create(Tags={"team": "sap"}, IdentityInfo={"FirstName": "A", "LastName": "B", "Email": "a@b.example"})
    user = describe(identifier)
    assert user["Arn"].endswith(f"instance/{instance}/agent/{identifier}")
    assert (user["Username"], user["Tags"]) == ("agent", {"team": "sap"})
    assert user["IdentityInfo"] == {"FirstName": "A", "LastName": "B", "Email": "a@b.example"}
    assert user["RoutingProfileId"] == defaults.routing_profile
    assert user["SecurityProfileIds"] == [defaults.security_profiles["Agent"]]
    assert "Password" not in user


def test_password_is_kept_nowhere(emulator, create):
    create(Password="Topsecret1")
    region = emulator.state.region("111111111111", "eu-west-2")
    kept = [record.data for store in next(iter(region.instances.values())).stores() for record in store.everything()]
    assert b"Topsecret1" not in pickle.dumps(kept)
    assert b"Topsecret1" not in pickle.dumps(region.replays)
    assert "Topsecret1" not in json.dumps(emulator.control("GET", "journal"))


@pytest.mark.parametrize("password", ["Passw0r", "passw0rd", "PASSW0RD", "Passwords", "Pass w0rd", "P1" + "a" * 63])
def test_password_policy(create, password):
    answer = refused("InvalidParameterException", create, Password=password)
    assert password not in answer["Error"]["Message"]


def test_password_is_required_with_connect_managed(connect, instance, defaults):
    wanted = defaults.user()
    del wanted["Password"]
    refused("InvalidParameterException", connect.create_user, InstanceId=instance, **wanted)


def test_password_is_refused_with_saml_and_directory(saml, directory):
    for other in (saml, directory):
        refused("InvalidParameterException", other.create, Password="Passw0rd")
        assert other.create()


@pytest.mark.parametrize("username", ["a" * 21, "two words", "ümlaut", "user@", "a/b", "@home"])
def test_username_of_20_plain_characters_at_most(create, username):
    refused("InvalidParameterException", create, username=username)


@pytest.mark.parametrize("username", ["a" * 20, "a.b_c-1", "a@example.com"])
def test_username_of_letters_digits_and_as_an_email_address(create, describe, username):
    assert describe(create(username))["Username"] == username


def test_saml_username_has_64_characters_at_most(saml):
    saml.create("a" * 64)
    refused("InvalidParameterException", saml.create, username="a" * 65)


def test_saml_usernames_differ_by_case(saml):
    assert saml.create("agent") != saml.create("Agent")


def test_same_username_is_a_duplicate(create):
    create()
    answer = refused("DuplicateResourceException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert "The user agent is already associated with the Amazon Connect instance" in answer["Error"]["Message"]


def test_security_profiles_are_1_to_10(emulator, instance, defaults, create):
    refused("InvalidParameterException", create, SecurityProfileIds=[UNKNOWN] * 11)
    body = {**defaults.user(), "SecurityProfileIds": []}
    status, headers, _unused = emulator.raw("PUT", f"/users/{instance}", body)
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")


def test_unknown_routing_or_security_profile_is_not_found(create):
    refused("ResourceNotFoundException", create, RoutingProfileId=UNKNOWN)
    refused("ResourceNotFoundException", create, SecurityProfileIds=[UNKNOWN])


@pytest.mark.parametrize("identity", [{}, {"FirstName": "Ada"}, {"LastName": "Agent"}])
def test_names_are_required_with_connect_managed_and_saml(create, saml, identity):
    refused("InvalidParameterException", create, IdentityInfo=identity)
    refused("InvalidParameterException", saml.create, IdentityInfo=identity)


def test_names_are_not_required_with_a_directory(directory):
    assert directory.create(IdentityInfo=None, DirectoryUserId="S-1-5-21")


def test_email_is_refused_with_saml(saml):
    identity = {"FirstName": "Ada", "LastName": "Agent", "Email": "ada@example.com"}
    refused("InvalidParameterException", saml.create, IdentityInfo=identity)
    user = saml.create()
    update = saml.connect.update_user_identity_info
    refused("InvalidParameterException", update, InstanceId=saml.instance, UserId=user, IdentityInfo=identity)


def test_email_must_be_an_address(create):
    identity = {"FirstName": "Ada", "LastName": "Agent", "Email": "nobody"}
    refused("InvalidParameterException", create, IdentityInfo=identity)


def test_mobile_must_be_in_e164_form(create, describe):
    identity = {"FirstName": "Ada", "LastName": "Agent", "Mobile": "0171"}
    refused("InvalidParameterException", create, IdentityInfo=identity)
    identifier = create(IdentityInfo={**identity, "Mobile": "+491710000000"})
    assert describe(identifier)["IdentityInfo"]["Mobile"] == "+491710000000"


def test_directory_user_id_is_refused_with_saml(saml):
    refused("InvalidParameterException", saml.create, DirectoryUserId="S-1-5-21")


def test_phone_config_is_optional(create, describe):
    assert describe(create())["PhoneConfig"]["PhoneType"] == "SOFT_PHONE"


def test_desk_phone_needs_a_number_in_e164_form(create, describe):
    refused("InvalidParameterException", create, PhoneConfig={"PhoneType": "DESK_PHONE"})
    config = {"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "1632"}
    refused("InvalidParameterException", create, PhoneConfig=config)
    config["DeskPhoneNumber"] = "+441632960000"
    assert describe(create(PhoneConfig=config))["PhoneConfig"]["DeskPhoneNumber"] == "+441632960000"


def test_after_contact_work_is_0_to_2000000_seconds(create, describe):
    config = {"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 2_000_001}
    refused("InvalidParameterException", create, PhoneConfig=config)
    identifier = create(PhoneConfig={**config, "AfterContactWorkTimeLimit": 0})
    assert describe(identifier)["PhoneConfig"]["AfterContactWorkTimeLimit"] == 0


@pytest.mark.parametrize(
    ("phone", "channels"),
    [
        ({"AutoAccept": True}, {"AutoAcceptConfigs": [{"Channel": "VOICE", "AutoAccept": True}]}),
        (
            {"AfterContactWorkTimeLimit": 5},
            {
                "AfterContactWorkConfigs": [
                    {"Channel": "VOICE", "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 5}}
                ]
            },
        ),
        ({"PhoneType": "SOFT_PHONE"}, {"PhoneNumberConfigs": [{"Channel": "VOICE", "PhoneType": "SOFT_PHONE"}]}),
        (
            {"PersistentConnection": True},
            {"PersistentConnectionConfigs": [{"Channel": "VOICE", "PersistentConnection": True}]},
        ),
    ],
    ids=lambda value: next(iter(value)),
)
def test_phone_config_clashes_with_the_channels_settings(create, describe, phone, channels):
    refused("InvalidParameterException", create, PhoneConfig=phone, **channels)
    member, configs = next(iter(channels.items()))
    user = describe(create(**channels))
    assert user[member] == configs
    assert phone.items() <= user["PhoneConfig"].items()


def test_identity_info_is_replaced_whole(connect, instance, create, describe):
    identifier = create(IdentityInfo={"FirstName": "A", "LastName": "B", "Email": "a@b.example"})
    wanted = {"FirstName": "Eve", "LastName": "Agent"}
    connect.update_user_identity_info(InstanceId=instance, UserId=identifier, IdentityInfo=wanted)
    assert describe(identifier)["IdentityInfo"] == wanted


def test_identity_info_of_a_directory_cannot_be_changed(directory):
    user = directory.create()
    update = directory.connect.update_user_identity_info
    wanted = {"InstanceId": directory.instance, "UserId": user}
    refused("InvalidRequestException", update, **wanted, IdentityInfo={"FirstName": "Eve"})
    update(**wanted, IdentityInfo={"Mobile": "+491710000000"})
    described = directory.connect.describe_user(**wanted)["User"]["IdentityInfo"]
    assert described == {"FirstName": "Ada", "LastName": "Agent", "Mobile": "+491710000000"}


def test_phone_config_is_set_for_all_channels(connect, instance, create, describe):
    identifier = create(AutoAcceptConfigs=[{"Channel": "CHAT", "AutoAccept": True}])
    config = {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 30}
    connect.update_user_phone_config(InstanceId=instance, UserId=identifier, PhoneConfig=config)
    user = describe(identifier)
    assert user["PhoneConfig"] == config
    assert "AutoAcceptConfigs" not in user


def test_user_config_changes_one_channel_and_one_list(connect, instance, create, describe):
    identifier = create(AutoAcceptConfigs=[{"Channel": "CHAT", "AutoAccept": True}])
    work = [{"Channel": "VOICE", "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 60}}]
    update = connect.update_user_config
    update(InstanceId=instance, UserId=identifier, AfterContactWorkConfigs=work)
    user = describe(identifier)
    assert user["AfterContactWorkConfigs"] == work
    assert user["AutoAcceptConfigs"] == [{"Channel": "CHAT", "AutoAccept": True}]
    assert user["PhoneConfig"]["AfterContactWorkTimeLimit"] == 60
    twice = {"InstanceId": instance, "UserId": identifier, "AfterContactWorkConfigs": work + work}
    refused("InvalidParameterException", update, **twice)


def test_routing_profile_changes(connect, instance, defaults, create, describe):
    identifier = create()
    other = connect.create_routing_profile(
        InstanceId=instance,
        Name="Sales",
        Description="Sales",
        DefaultOutboundQueueId=defaults.queue,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )["RoutingProfileId"]
    update = connect.update_user_routing_profile
    update(InstanceId=instance, UserId=identifier, RoutingProfileId=other)
    assert describe(identifier)["RoutingProfileId"] == other
    refused("ResourceNotFoundException", update, InstanceId=instance, UserId=identifier, RoutingProfileId=UNKNOWN)


def test_security_profiles_are_replaced_whole(connect, instance, defaults, create, describe):
    identifier = create()
    wanted = [defaults.security_profiles["Admin"], defaults.security_profiles["QualityAnalyst"]]
    update = connect.update_user_security_profiles
    update(InstanceId=instance, UserId=identifier, SecurityProfileIds=wanted)
    assert set(describe(identifier)["SecurityProfileIds"]) == set(wanted)
    refused("ResourceNotFoundException", update, InstanceId=instance, UserId=identifier, SecurityProfileIds=[UNKNOWN])
    refused(
        "InvalidParameterException", update, InstanceId=instance, UserId=identifier, SecurityProfileIds=[UNKNOWN] * 11
    )


def test_hierarchy_group_left_out_is_removed(connect, instance, create, describe):
    connect.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Team"}})
    group = connect.create_user_hierarchy_group(InstanceId=instance, Name="Sales")["HierarchyGroupId"]
    identifier = create(HierarchyGroupId=group)
    assert describe(identifier)["HierarchyGroupId"] == group
    update = connect.update_user_hierarchy
    refused("ResourceNotFoundException", update, InstanceId=instance, UserId=identifier, HierarchyGroupId=UNKNOWN)
    update(InstanceId=instance, UserId=identifier)
    assert "HierarchyGroupId" not in describe(identifier)


def test_proficiencies_are_associated_updated_and_disassociated(connect, instance, create):
    wanted = {"InstanceId": instance, "UserId": create()}
    german = {"AttributeName": "language", "AttributeValue": "German"}
    english = {"AttributeName": "language", "AttributeValue": "English"}
    connect.associate_user_proficiencies(**wanted, UserProficiencies=[{**german, "Level": 3.0}])
    connect.update_user_proficiencies(**wanted, UserProficiencies=[{**german, "Level": 5.0}])
    assert connect.list_user_proficiencies(**wanted)["UserProficiencyList"] == [{**german, "Level": 5.0}]
    update = connect.update_user_proficiencies
    refused("InvalidParameterException", update, **wanted, UserProficiencies=[{**english, "Level": 1.0}])
    connect.disassociate_user_proficiencies(**wanted, UserProficiencies=[german])
    assert connect.list_user_proficiencies(**wanted)["UserProficiencyList"] == []


def test_tags_change_by_the_tag_operations(connect, instance, create, describe):
    identifier = create(Tags={"a": "1", "b": "2"})
    arn = describe(identifier)["Arn"]
    connect.tag_resource(resourceArn=arn, tags={"c": "3"})
    connect.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert describe(identifier)["Tags"] == {"b": "2", "c": "3"}


def test_list_shows_id_arn_and_username_only(connect, instance, create):
    create()
    (summary,) = connect.list_users(InstanceId=instance)["UserSummaryList"]
    assert set(summary) - {"LastModifiedTime", "LastModifiedRegion"} == {"Id", "Arn", "Username"}


def test_list_page_is_100_by_default_and_1000_at_most(connect, instance, create):
    for number in range(101):
        create(f"agent{number}")
    first = connect.list_users(InstanceId=instance)
    assert len(first["UserSummaryList"]) == 100
    rest = connect.list_users(InstanceId=instance, NextToken=first["NextToken"])
    assert len(rest["UserSummaryList"]) == 1
    assert "NextToken" not in rest
    assert len(connect.list_users(InstanceId=instance, MaxResults=1000)["UserSummaryList"]) == 101
    refused("InvalidParameterException", connect.list_users, InstanceId=instance, MaxResults=1001)


def test_new_user_is_not_found_until_the_lag_has_passed(emulator, create, describe):
    emulator.settings.lag = 10.0
    identifier = create()
    refused("ResourceNotFoundException", describe, user=identifier)
    emulator.advance(11)
    assert describe(identifier)["Username"] == "agent"


def found(connect, instance, **criteria):
    answer = connect.search_users(InstanceId=instance, SearchCriteria=criteria)
    return sorted(item["Username"] for item in answer["Users"])


def condition(field, value, comparison="EXACT"):
    return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}


def test_search_by_names_and_profiles(connect, instance, defaults, create):
    agent = create("agent")
    create("boss", SecurityProfileIds=[defaults.security_profiles["Admin"]])
    assert found(connect, instance, **condition("Username", "agent")) == ["agent"]
    assert found(connect, instance, **condition("FirstName", "Ada")) == ["agent", "boss"]
    assert found(connect, instance, **condition("LastName", "Age", "STARTS_WITH")) == ["agent", "boss"]
    assert found(connect, instance, **condition("RoutingProfileId", defaults.routing_profile)) == ["agent", "boss"]
    assert found(connect, instance, **condition("SecurityProfileId", defaults.security_profiles["Admin"])) == ["boss"]
    assert found(connect, instance, **condition("ResourceId", agent)) == ["agent"]


def test_search_with_both_filters_is_access_denied(connect, instance):
    tag = {"TagCondition": {"TagKey": "a", "TagValue": "b"}}
    filters = {"TagFilter": tag, "UserAttributeFilter": tag}
    refused("AccessDeniedException", connect.search_users, InstanceId=instance, SearchFilter=filters)


def test_search_by_tag(connect, instance, create):
    create("agent", Tags={"team": "sap"})
    create("other")
    tag = {"TagCondition": {"TagKey": "team", "TagValue": "sap"}}
    for name in ("TagFilter", "UserAttributeFilter"):
        answer = connect.search_users(InstanceId=instance, SearchFilter={name: tag})
        assert [item["Username"] for item in answer["Users"]] == ["agent"]


@pytest.fixture
def grouped(connect, instance, create):
    """Three users: of a group, of the group below it, of none; return the ids of the two groups."""
    connect.update_user_hierarchy_structure(
        InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "country"}, "LevelTwo": {"Name": "team"}}
    )
    make = connect.create_user_hierarchy_group
    upper = make(InstanceId=instance, Name="Germany")["HierarchyGroupId"]
    lower = make(InstanceId=instance, Name="Sales", ParentGroupId=upper)["HierarchyGroupId"]
    create("upper", HierarchyGroupId=upper)
    create("lower", HierarchyGroupId=lower, Tags={"team": "sap"})
    create("none")
    return upper, lower


def of_group(group, match="EXACT"):
    return {"HierarchyGroupCondition": {"Value": group, "HierarchyGroupMatchType": match}}


def test_search_by_hierarchy_group(connect, instance, grouped):
    upper, lower = grouped
    assert found(connect, instance, **of_group(upper)) == ["upper"]
    assert found(connect, instance, **of_group(upper, "WITH_CHILD_GROUPS")) == ["lower", "upper"]
    assert found(connect, instance, **of_group(lower, "WITH_CHILD_GROUPS")) == ["lower"]
    assert found(connect, instance, **of_group(UNKNOWN, "WITH_CHILD_GROUPS")) == []
    both = [of_group(lower), condition("Username", "none")]
    assert found(connect, instance, OrConditions=both) == ["lower", "none"]
    assert found(connect, instance, AndConditions=both) == []


def test_filter_by_hierarchy_group(connect, instance, grouped):
    upper, lower = grouped
    with_children = of_group(upper, "WITH_CHILD_GROUPS")
    tags = {"TagConditions": [{"TagKey": "team", "TagValue": "sap"}]}
    for chosen, names in (
        (with_children, ["lower", "upper"]),
        ({"AndCondition": {**tags, **with_children}}, ["lower"]),
        ({"AndCondition": {**tags, **of_group(upper)}}, []),
        ({"OrConditions": [of_group(upper), {**tags, **of_group(lower)}]}, ["lower", "upper"]),
    ):
        answer = connect.search_users(InstanceId=instance, SearchFilter={"UserAttributeFilter": chosen})
        assert sorted(item["Username"] for item in answer["Users"]) == names


@pytest.mark.parametrize(
    "chosen",
    [
        {**of_group(UNKNOWN), "TagCondition": {"TagKey": "a", "TagValue": "b"}},
        {"OrConditions": [of_group(UNKNOWN)] * 21},
        {"AndCondition": {"TagConditions": [{"TagKey": "a", "TagValue": "b"}] * 26}},
    ],
)
def test_attribute_filter_has_one_field_and_so_many_conditions(connect, instance, chosen):
    search = connect.search_users
    refused("InvalidParameterException", search, InstanceId=instance, SearchFilter={"UserAttributeFilter": chosen})


def proficiency(*conditions):
    return {"ListCondition": {"TargetListType": "PROFICIENCIES", "Conditions": list(conditions)}}


def level(comparison, **bounds):
    return {"NumberCondition": {"FieldName": "limit", "ComparisonType": comparison, **bounds}}


@pytest.fixture
def skilled(connect, instance, create):
    """Users with proficiencies: `two` languages, `one` language, and `none`."""
    for name, levels in (("two", {"German": 2, "French": 5}), ("one", {"German": 4}), ("none", {})):
        user = create(name)
        for language, number in levels.items():
            connect.associate_user_proficiencies(
                InstanceId=instance,
                UserId=user,
                UserProficiencies=[{"AttributeName": "language", "AttributeValue": language, "Level": number}],
            )


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ([], ["one", "two"]),
        ([condition("name", "language")], ["one", "two"]),
        ([condition("name", "Language")], []),
        ([condition("value", "fre", "STARTS_WITH")], ["two"]),
        ([condition("value", "German"), level("GREATER_OR_EQUAL", MinValue=4)], ["one"]),
        ([condition("value", "German"), level("GREATER", MinValue=2)], ["one"]),
        ([condition("value", "German"), level("LESSER_OR_EQUAL", MaxValue=2)], ["two"]),
        ([condition("value", "German"), level("LESSER", MaxValue=4)], ["two"]),
        ([condition("value", "German"), level("EQUAL", MinValue=4)], ["one"]),
        ([condition("value", "German"), level("NOT_EQUAL", MinValue=4)], ["two"]),
        ([level("RANGE", MinValue=2, MaxValue=4)], ["one", "two"]),
        ([level("RANGE", MinValue=3, MaxValue=4)], ["one"]),
        # No single proficiency is both.
        ([condition("value", "German"), level("EQUAL", MinValue=5)], []),
    ],
)
def test_search_by_proficiency(connect, instance, skilled, conditions, names):
    assert found(connect, instance, **proficiency(*conditions)) == names
    assert found(connect, instance, AndConditions=[proficiency(*conditions), condition("Username", "one")]) == [
        name for name in names if name == "one"
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ListCondition": {"Conditions": []}},
        proficiency(condition("limit", "3")),
        proficiency(level("EQUAL", FieldName="level", MinValue=3)),
        proficiency(level("GREATER", MaxValue=3)),
        proficiency(level("LESSER", MinValue=3)),
        proficiency(level("RANGE", MinValue=3)),
    ],
)
def test_condition_of_a_list_is_checked(connect, instance, wrong):
    search = connect.search_users
    refused("InvalidParameterException", search, InstanceId=instance, SearchCriteria=wrong)
    refused("InvalidParameterException", search, InstanceId=instance, SearchCriteria={"OrConditions": [wrong]})


def test_search_shows_after_contact_work_in_milliseconds(connect, instance, create, describe):
    identifier = create(PhoneConfig={"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 30})
    (user,) = connect.search_users(InstanceId=instance)["Users"]
    assert user["PhoneConfig"]["AfterContactWorkTimeLimit"] == 30000
    assert describe(identifier)["PhoneConfig"]["AfterContactWorkTimeLimit"] == 30


def test_deleted_user_is_not_found_and_its_name_is_free(connect, instance, create, describe):
    identifier = create()
    connect.delete_user(InstanceId=instance, UserId=identifier)
    refused("ResourceNotFoundException", describe, user=identifier)
    refused("ResourceNotFoundException", connect.delete_user, InstanceId=instance, UserId=identifier)
    assert create() != identifier


def test_quick_connect_of_a_deleted_user_stays_and_dangles(connect, instance, create):
    identifier = create()
    flows = connect.list_contact_flows(InstanceId=instance, ContactFlowTypes=["AGENT_TRANSFER"])
    user_config = {"UserId": identifier, "ContactFlowId": flows["ContactFlowSummaryList"][0]["Id"]}
    quick_connect = connect.create_quick_connect(
        InstanceId=instance,
        Name="Agent",
        QuickConnectConfig={"QuickConnectType": "USER", "UserConfig": user_config},
    )["QuickConnectId"]
    connect.delete_user(InstanceId=instance, UserId=identifier)
    described = connect.describe_quick_connect(InstanceId=instance, QuickConnectId=quick_connect)
    assert described["QuickConnect"]["QuickConnectConfig"]["UserConfig"]["UserId"] == identifier


def test_quota_of_500_is_a_limit_error(create):
    for number in range(500):
        create(f"agent{number}")
    answer = refused("LimitExceededException", create)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
