# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import arn
from .harness import run_module
from .harness import unique_id

USER_ID = unique_id(1)
ROUTING_ID, OTHER_ROUTING_ID = unique_id(2), unique_id(3)
AGENT_ID, ADMIN_ID = unique_id(4), unique_id(5)
GROUP_ID = unique_id(6)
PASSWORD = "Sup3rSecretWord"
SOFT_PHONE = {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0}
IDENTITY = {"FirstName": "Agent", "LastName": "One"}


def summaries(**names):
    return [{"Id": id, "Name": name} for name, id in names.items()]


class UserService(FakeService):
    """An instance called `poc` with the user `agent.one`; `user` is None when there is none."""

    def __init__(self, identity_type="CONNECT_MANAGED", **user):
        super().__init__()
        self.user = {
            "Id": USER_ID,
            "Arn": arn("agent", USER_ID),
            "Username": "agent.one",
            "IdentityInfo": IDENTITY,
            "PhoneConfig": SOFT_PHONE,
            "SecurityProfileIds": [AGENT_ID],
            "RoutingProfileId": ROUTING_ID,
            "Tags": {},
            **user,
        }
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("DescribeInstance", {"Instance": {"Id": INSTANCE_ID, "IdentityManagementType": identity_type}})
        self.on("ListUsers", lambda params: {"UserSummaryList": self._summaries()})
        self.on("DescribeUser", lambda params: self._describe())
        profiles = {"Basic": ROUTING_ID, "Sales": OTHER_ROUTING_ID}
        self.on("ListRoutingProfiles", {"RoutingProfileSummaryList": summaries(**profiles)})
        self.on("ListSecurityProfiles", {"SecurityProfileSummaryList": summaries(Agent=AGENT_ID, Admin=ADMIN_ID)})
        self.on("ListUserHierarchyGroups", {"UserHierarchyGroupSummaryList": summaries(Team=GROUP_ID)})
        self.on("CreateUser", self._create)
        for operation in ("IdentityInfo", "PhoneConfig", "RoutingProfile", "SecurityProfiles"):
            self.on(f"UpdateUser{operation}", self._update)
        self.on("UpdateUserHierarchy", self._move)
        self.on("TagResource", lambda params: self.user["Tags"].update(params["tags"]) or {})
        self.on("DeleteUser", lambda params: setattr(self, "user", None) or {})

    def _summaries(self):
        return [{"Id": USER_ID, "Username": self.user["Username"]}] if self.user else []

    def _describe(self):
        if self.user is None:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"User": self.user}

    def _create(self, params):
        ids = {"Id": USER_ID, "Arn": arn("agent", USER_ID)}
        body = {name: value for name, value in params.items() if name not in ("InstanceId", "Password")}
        self.user = {"Tags": {}, **body, **ids}
        return {"UserId": USER_ID, "UserArn": ids["Arn"]}

    def _update(self, params):
        self.user.update({name: value for name, value in params.items() if name not in ("InstanceId", "UserId")})
        return {}

    def _move(self, params):
        self.user.pop("HierarchyGroupId", None)
        return self._update(params)


def empty_service(identity_type="CONNECT_MANAGED"):
    service = UserService(identity_type)
    service.user = None
    return service


def user(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "username": "agent.one", **options}
    return run_module("connect_user", service, check_mode=check_mode, **options)


NEW = {
    "password": PASSWORD,
    "first_name": "Agent",
    "last_name": "One",
    "routing_profile": "Basic",
    "security_profiles": ["Agent"],
}
FULL = {
    **NEW,
    "email": "agent@example.com",
    "secondary_email": "one@example.com",
    "mobile": "+441514960009",
    "phone_type": "DESK_PHONE",
    "auto_accept": True,
    "after_contact_work_time_limit": 30,
    "desk_phone_number": "+441514960001",
    "persistent_connection": True,
    "security_profiles": ["Agent", "Admin"],
    "directory_user_id": "directory-1",
    "hierarchy_group": "Team",
    "tags": {"environment": "poc"},
}


def test_create_sends_all_options():
    service = empty_service()
    result = user(service, **FULL)
    assert service.writes() == [
        (
            "CreateUser",
            {
                "InstanceId": INSTANCE_ID,
                "Username": "agent.one",
                "Password": PASSWORD,
                "IdentityInfo": {
                    **IDENTITY,
                    "Email": "agent@example.com",
                    "SecondaryEmail": "one@example.com",
                    "Mobile": "+441514960009",
                },
                "PhoneConfig": {
                    "PhoneType": "DESK_PHONE",
                    "AutoAccept": True,
                    "AfterContactWorkTimeLimit": 30,
                    "DeskPhoneNumber": "+441514960001",
                    "PersistentConnection": True,
                },
                "SecurityProfileIds": [AGENT_ID, ADMIN_ID],
                "RoutingProfileId": ROUTING_ID,
                "DirectoryUserId": "directory-1",
                "HierarchyGroupId": GROUP_ID,
                "Tags": {"environment": "poc"},
            },
        )
    ]
    assert result["user"]["id"] == USER_ID


@pytest.mark.parametrize("options", [NEW, FULL])
def test_check_mode_predicts_what_create_returns_and_writes_nothing(options):
    planned = empty_service()
    prediction = user(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = empty_service()
    result = user(service, **options)
    assert prediction["changed"] is result["changed"] is True
    assert prediction["user"] == {**result["user"], "id": None, "arn": None}
    assert not user(service, check_mode=True, **options)["changed"]
    assert not user(service, **options)["changed"]


def test_second_run_changes_nothing_in_a_few_requests():
    service = UserService()
    assert not user(service, **NEW)["changed"]
    assert service.operations() == ["ListUsers", "DescribeUser", "ListRoutingProfiles", "ListSecurityProfiles"]


@pytest.mark.parametrize(
    ("before", "options", "operation", "sent"),
    [
        (
            {"IdentityInfo": {**IDENTITY, "Mobile": "+441514960009"}},
            {"email": "agent@example.com"},
            "UpdateUserIdentityInfo",
            {"IdentityInfo": {**IDENTITY, "Mobile": "+441514960009", "Email": "agent@example.com"}},
        ),
        (
            {"IdentityInfo": {**IDENTITY, "Mobile": "+441514960009"}},
            {"mobile": "", "first_name": "Another"},
            "UpdateUserIdentityInfo",
            {"IdentityInfo": {"FirstName": "Another", "LastName": "One"}},
        ),
        ({}, {"last_name": "Two"}, "UpdateUserIdentityInfo", {"IdentityInfo": {**IDENTITY, "LastName": "Two"}}),
        (
            {},
            {"secondary_email": "b@example.com"},
            "UpdateUserIdentityInfo",
            {"IdentityInfo": {**IDENTITY, "SecondaryEmail": "b@example.com"}},
        ),
        ({}, {"auto_accept": True}, "UpdateUserPhoneConfig", {"PhoneConfig": {**SOFT_PHONE, "AutoAccept": True}}),
        (
            {},
            {"after_contact_work_time_limit": 30},
            "UpdateUserPhoneConfig",
            {"PhoneConfig": {**SOFT_PHONE, "AfterContactWorkTimeLimit": 30}},
        ),
        (
            {},
            {"persistent_connection": False},
            "UpdateUserPhoneConfig",
            {"PhoneConfig": {**SOFT_PHONE, "PersistentConnection": False}},
        ),
        (
            {},
            {"phone_type": "DESK_PHONE", "desk_phone_number": "+441514960001"},
            "UpdateUserPhoneConfig",
            {"PhoneConfig": {**SOFT_PHONE, "PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+441514960001"}},
        ),
        (
            {"PhoneConfig": {**SOFT_PHONE, "DeskPhoneNumber": "+441514960001"}},
            {"desk_phone_number": ""},
            "UpdateUserPhoneConfig",
            {"PhoneConfig": SOFT_PHONE},
        ),
        ({}, {"routing_profile": "Sales"}, "UpdateUserRoutingProfile", {"RoutingProfileId": OTHER_ROUTING_ID}),
        (
            {},
            {"security_profiles": ["Admin"], "purge_security_profiles": True},
            "UpdateUserSecurityProfiles",
            {"SecurityProfileIds": [ADMIN_ID]},
        ),
        (
            {},
            {"security_profiles": ["Admin"]},
            "UpdateUserSecurityProfiles",
            {"SecurityProfileIds": [AGENT_ID, ADMIN_ID]},
        ),
        ({}, {"hierarchy_group": "Team"}, "UpdateUserHierarchy", {"HierarchyGroupId": GROUP_ID}),
        ({"HierarchyGroupId": GROUP_ID}, {"hierarchy_group": ""}, "UpdateUserHierarchy", {}),
    ],
)
def test_change_of_one_property_is_one_request(before, options, operation, sent):
    planned = UserService(**before)
    prediction = user(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = UserService(**before)
    result = user(service, **options)
    assert service.writes() == [(operation, {"InstanceId": INSTANCE_ID, "UserId": USER_ID, **sent})]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["user"] == result["user"]
    assert prediction["diff"] == result["diff"]
    assert not user(service, **options)["changed"]


@pytest.mark.parametrize(
    "options",
    [
        {"password": "An0therPassword"},
        {"security_profiles": ["Agent"]},
        {"security_profiles": []},
        {"security_profiles": ["Admin", "Agent"]},
        {"routing_profile": ""},
    ],
)
def test_no_change(options):
    service = UserService(SecurityProfileIds=[ADMIN_ID, AGENT_ID])
    assert not user(service, **options)["changed"]
    assert service.writes() == []


def test_tags():
    service = UserService(Tags={"owner": "ops"})
    assert user(service, tags={"environment": "poc"})["user"]["tags"] == {"owner": "ops", "environment": "poc"}


@pytest.mark.parametrize(
    "password", ["Short1a", "x" * 63 + "A1", "alllowercase1", "ALLUPPERCASE1", "NoDigitsHere", "With blank 1", ""]
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_weak_password_is_refused_before_any_request_and_not_shown(password, check_mode):
    service = empty_service()
    result = user(service, check_mode=check_mode, **{**NEW, "password": password})
    assert result["failed"]
    assert result["msg"] == (
        "Failed to create user 'agent.one': the password needs 8 to 64 characters without blanks, among them a "
        "lower-case letter, an upper-case letter and a digit"
    )
    assert service.calls == []
    assert not password or password not in json.dumps(result)


@pytest.mark.parametrize(
    "run",
    [
        lambda: user(empty_service(), **FULL),
        lambda: user(empty_service(), check_mode=True, **FULL),
        lambda: user(UserService(), **FULL),
        lambda: user(empty_service().fail("CreateUser", "InvalidRequestException", message=f"not {PASSWORD}"), **FULL),
    ],
)
def test_password_is_never_in_the_result(run):
    assert PASSWORD not in json.dumps(run())


@pytest.mark.parametrize(
    "username", ["agent one", "agent@", "agent@home", "a@b@example.com", "agent#1", "ümlaut", "a" * 65]
)
def test_wrong_username_is_refused_before_any_request(username):
    service = empty_service()
    result = user(service, **{**NEW, "username": username})
    assert "a username has up to 20 characters (64 with SAML)" in result["msg"]
    assert service.calls == []


@pytest.mark.parametrize("username", ["a" * 20, "agent_one-2.x", "agent@example.com"])
def test_good_username(username):
    assert user(empty_service(), **{**NEW, "username": username})["changed"]


def test_long_username_needs_saml():
    service = empty_service()
    result = user(service, check_mode=True, **{**NEW, "username": "a" * 21})
    assert result["msg"].endswith("a username has at most 20 characters in an instance without SAML")
    saml = {**{name: value for name, value in NEW.items() if name != "password"}, "username": "a" * 64}
    assert user(empty_service("SAML"), **saml)["changed"]


@pytest.mark.parametrize(
    ("identity_type", "given", "missing"),
    [
        ("CONNECT_MANAGED", {}, "password, first_name, last_name"),
        ("CONNECT_MANAGED", {"first_name": "A", "last_name": "B"}, "password"),
        ("SAML", {}, "first_name, last_name"),
        ("EXISTING_DIRECTORY", {}, "routing_profile, security_profiles"),
    ],
)
def test_new_user_needs_options(identity_type, given, missing):
    result = user(empty_service(identity_type), check_mode=True, **given)
    assert result["msg"] == f"Failed to create user 'agent.one': it does not exist yet, so give {missing}"


@pytest.mark.parametrize("option", ["first_name", "last_name"])
@pytest.mark.parametrize("service", [UserService, empty_service])
def test_an_empty_name_is_refused_before_any_request(service, option):
    users = service()
    result = user(users, **{**NEW, option: ""})
    assert result["msg"] == f"Failed to set user 'agent.one': {option} must not be empty"
    assert users.calls == []


def test_a_user_without_security_profile_is_refused():
    service = UserService()
    assert (
        "a user has at least one security profile"
        in user(service, security_profiles=[], purge_security_profiles=True)["msg"]
    )
    assert service.calls == []


def test_directory_user_id_cannot_be_changed():
    result = user(UserService(DirectoryUserId="directory-1"), directory_user_id="directory-2")
    assert "directory_user_id is 'directory-1' and cannot be changed in place" in result["msg"]


def test_message_of_the_service_about_an_email_comes_through():
    service = empty_service("SAML").fail("CreateUser", "InvalidParameterException", message="Email is the username.")
    result = user(service, **{**NEW, "email": "a@example.com"})
    assert result["msg"] == ("Failed to create user 'agent.one': Email is the username (InvalidParameterException)")


def test_unknown_routing_profile_lists_close_names():
    result = user(UserService(), routing_profile="sale")
    assert result["msg"] == (
        "No routing profile 'sale' in the instance, which user 'agent.one' names (did you mean 'Sales'?)"
    )


def test_a_new_user_may_be_invisible_for_a_while(slept):
    service = empty_service()
    show = service._describe
    lag = iter([ServiceError("ResourceNotFoundException", status=404)] * 2)

    def describe(_params):
        for error in lag:
            raise error
        return show()

    service.on("DescribeUser", describe)
    assert user(service, **NEW)["user"]["id"] == USER_ID
    assert len(slept) == 2


def test_absent():
    service = UserService()
    planned = user(service, check_mode=True, state="absent")
    assert service.writes() == []
    result = user(service, state="absent")
    assert service.writes() == [("DeleteUser", {"InstanceId": INSTANCE_ID, "UserId": USER_ID})]
    assert planned["changed"] is result["changed"] is True
    assert planned["user"] is result["user"] is None
    assert not user(service, state="absent")["changed"]


def test_plan_on_an_empty_account():
    service = UserService().on("ListInstances", {"InstanceSummaryList": []})
    result = user(service, check_mode=True, instance="poc", **FULL)
    assert result["user"]["routing_profile_id"] == "Basic"
    assert "warnings" not in result
    assert service.operations() == ["ListInstances"]


def test_info_returns_one_or_all():
    service = UserService(PhoneConfig={**SOFT_PHONE, "AfterContactWorkTimeLimit": 30})
    found = {**service.user, "PhoneConfig": {**SOFT_PHONE, "AfterContactWorkTimeLimit": 30000}}
    service.on("SearchUsers", {"Users": [found]})
    one = run_module("connect_user_info", service, instance="poc", username="agent.one")["users"]
    every = run_module("connect_user_info", service, instance="poc")["users"]
    assert one == every
    assert one[0]["phone_config"]["after_contact_work_time_limit"] == 30
    assert run_module("connect_user_info", service, instance="poc", username="nobody")["users"] == []


def test_info_of_a_user_without_security_profiles():
    service = FakeService().on("SearchUsers", {"Users": [{"Id": unique_id(1), "Username": "ann"}]})
    (user,) = run_module("connect_user_info", service, instance=INSTANCE_ID)["users"]
    assert user["security_profile_ids"] == []
