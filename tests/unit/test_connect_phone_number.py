# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import arn
from .harness import run_module
from .harness import unique_id

MAIN_ID = unique_id(51)
OTHER_ID = unique_id(52)
FLOWS = {"Main": MAIN_ID, "Other": OTHER_ID}
OTHER_INSTANCE_ARN = f"arn:aws:connect:eu-west-2:111122223333:instance/{unique_id(99)}"
MEMBERS = {"country_code": "PhoneNumberCountryCode", "type": "PhoneNumberType", "description": "PhoneNumberDescription"}


def number_arn(id):
    return f"arn:aws:connect:eu-west-2:111122223333:phone-number/{id}"


class NumberService(FakeService):
    """An instance with numbers, an inventory, and a queue of statuses that each new claim goes through."""

    def __init__(self, *numbers):
        super().__init__()
        self.numbers = {}
        self.flows = {}
        self.offers = [f"+44207946000{digit}" for digit in range(10)]
        self.taken_by_others = []
        self.claim_statuses = ["IN_PROGRESS", "CLAIMED"]
        self.claim_message = "The quota is used up."
        for number in numbers:
            self.add(**number)
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListPhoneNumbersV2", self._list)
        self.on("DescribePhoneNumber", self._describe)
        summaries = [{"Id": id, "Arn": arn("contact-flow", id), "Name": name} for name, id in FLOWS.items()]
        self.on("ListContactFlows", {"ContactFlowSummaryList": summaries})
        self.on("ListFlowAssociations", self._associations)
        self.on("SearchAvailablePhoneNumbers", self._search)
        self.on("ClaimPhoneNumber", self._claim)
        self.on("UpdatePhoneNumberMetadata", self._update)
        self.on("AssociatePhoneNumberContactFlow", self._associate)
        self.on("DisassociatePhoneNumberContactFlow", lambda params: self.flows.pop(params["PhoneNumberId"]) and {})
        self.on("ReleasePhoneNumber", lambda params: self.numbers.pop(params["PhoneNumberId"]) and {})
        self.on("TagResource", self._tag)
        self.on("UntagResource", self._untag)

    def add(self, phone_number="+442079460100", *, flow=None, target=INSTANCE_ARN, status="CLAIMED", **details):
        id = unique_id(len(self.numbers) + 1)
        self.numbers[id] = {
            "PhoneNumberId": id,
            "PhoneNumberArn": number_arn(id),
            "PhoneNumber": phone_number,
            "PhoneNumberCountryCode": "GB",
            "PhoneNumberType": "DID",
            "TargetArn": target,
            "Tags": dict(details.pop("tags", {})),
            **{MEMBERS[name]: value for name, value in details.items()},
            "statuses": [status] if isinstance(status, str) else list(status),
        }
        if flow:
            self.flows[id] = arn("contact-flow", FLOWS[flow])
        return id

    def _list(self, params):
        listed = [
            {name: value for name, value in number.items() if name not in ("Tags", "statuses")}
            for number in self.numbers.values()
            if params.get("InstanceId", "") in number["TargetArn"]
            and number["PhoneNumber"].startswith(params.get("PhoneNumberPrefix", ""))
        ]
        return {"ListPhoneNumbersSummaryList": listed}

    def _describe(self, params):
        number = self._get(params)
        statuses = number["statuses"]
        status = {"Status": statuses.pop(0) if len(statuses) > 1 else statuses[0]}
        if status["Status"] == "FAILED":
            status["Message"] = self.claim_message
        shown = {name: value for name, value in number.items() if name != "statuses"}
        return {"ClaimedPhoneNumberSummary": {**shown, "PhoneNumberStatus": status}}

    def _get(self, params):
        if params["PhoneNumberId"] not in self.numbers:
            raise ServiceError("ResourceNotFoundException", status=404, message="Not found")
        return self.numbers[params["PhoneNumberId"]]

    def _associations(self, params):
        assert params["ResourceType"] == "VOICE_PHONE_NUMBER"
        links = [
            {"ResourceId": number_arn(id), "FlowId": flow, "ResourceType": params["ResourceType"]}
            for id, flow in self.flows.items()
        ]
        return {"FlowAssociationSummaryList": links}

    def _search(self, params):
        assert params["MaxResults"] <= 10
        return {"AvailableNumbersList": [{"PhoneNumber": number} for number in self.offers]}

    def _claim(self, params):
        number = params["PhoneNumber"]
        assert str(uuid.UUID(params["ClientToken"])) == params["ClientToken"]
        self.offers.remove(number)
        if number in self.taken_by_others:
            message = f"Phone number not available: {number}"
            raise ServiceError("InvalidParameterException", message=message)
        id = self.add(number, status=self.claim_statuses, tags=params.get("Tags", {}))
        if "PhoneNumberDescription" in params:
            self.numbers[id]["PhoneNumberDescription"] = params["PhoneNumberDescription"]
        return {"PhoneNumberId": id, "PhoneNumberArn": number_arn(id)}

    def _update(self, params):
        self._get(params)["PhoneNumberDescription"] = params["PhoneNumberDescription"]
        return {}

    def _associate(self, params):
        if self._get(params)["statuses"][0] != "CLAIMED":
            raise ServiceError("ResourceNotFoundException", status=404)
        self.flows[params["PhoneNumberId"]] = arn("contact-flow", params["ContactFlowId"])
        return {}

    def _tagged(self, params):
        return self.numbers[params["resourceArn"].rpartition("/")[2]]["Tags"]

    def _tag(self, params):
        self._tagged(params).update(params["tags"])
        return {}

    def _untag(self, params):
        for key in params["tagKeys"]:
            del self._tagged(params)[key]
        return {}


def phone_number(service, check_mode=False, **options):
    return run_module("connect_phone_number", service, check_mode=check_mode, **{"instance": INSTANCE_ARN, **options})


def written(service):
    return [
        (name, {key: value for key, value in params.items() if key not in ("InstanceId", "ClientToken")})
        for name, params in service.writes()
    ]


FULL = {
    "description": "Main line",
    "country_code": "gb",
    "type": "DID",
    "prefix": "+4420",
    "contact_flow": "Main",
    "tags": {"environment": "poc"},
}
MAIN_LINE = {"description": "Main line", "flow": "Main", "tags": {"environment": "poc"}}


def test_claim_waits_and_then_sets_the_flow():
    service = NumberService()
    result = phone_number(service, **FULL)
    assert written(service) == [
        (
            "ClaimPhoneNumber",
            {
                "PhoneNumber": "+442079460000",
                "PhoneNumberDescription": "Main line",
                "Tags": {"environment": "poc"},
            },
        ),
        ("AssociatePhoneNumberContactFlow", {"PhoneNumberId": unique_id(1), "ContactFlowId": MAIN_ID}),
    ]
    (search,) = [params for name, params in service.calls if name == "SearchAvailablePhoneNumbers"]
    assert search == {
        "InstanceId": INSTANCE_ID,
        "PhoneNumberCountryCode": "GB",
        "PhoneNumberType": "DID",
        "PhoneNumberPrefix": "+4420",
        "MaxResults": 10,
    }
    assert result["phone_number"]["phone_number"] == "+442079460000"
    assert result["phone_number"]["status"] == "CLAIMED"
    assert result["phone_number"]["contact_flow_arn"] == arn("contact-flow", MAIN_ID)


def test_second_run_changes_nothing_in_three_requests():
    service = NumberService()
    phone_number(service, **FULL)
    service.calls.clear()
    assert not phone_number(service, **{**FULL, "contact_flow": arn("contact-flow", MAIN_ID)})["changed"]
    assert service.operations() == ["ListPhoneNumbersV2", "DescribePhoneNumber", "ListFlowAssociations"]


def test_check_mode_predicts_the_claim_and_writes_nothing():
    service = NumberService()
    predicted = phone_number(service, check_mode=True, **FULL)
    assert service.writes() == []
    real = phone_number(NumberService(), **FULL)["phone_number"]
    assert predicted["changed"]
    for name in ("country_code", "type", "description", "status", "tags"):
        assert predicted["phone_number"][name] == real[name]
    assert [predicted["phone_number"][name] for name in ("id", "arn", "phone_number")] == [None] * 3


@pytest.mark.parametrize("statuses", [["CLAIMED"], ["IN_PROGRESS", "IN_PROGRESS", "CLAIMED"]])
def test_number_of_a_killed_run_is_found_and_finished(statuses):
    service = NumberService({"description": "Main line", "status": statuses})
    result = phone_number(service, **FULL)
    assert [name for name, _sent in written(service)] == ["AssociatePhoneNumberContactFlow", "TagResource"]
    assert result["phone_number"]["status"] == "CLAIMED"
    assert not phone_number(service, **FULL)["changed"]


def test_number_that_is_claimed_without_waiting():
    service = NumberService()
    result = phone_number(service, description="Main line", country_code="GB", wait=False)
    assert result["phone_number"]["status"] == "IN_PROGRESS"
    assert len(service.writes()) == 1


def test_flow_is_retried_until_the_claim_has_settled(slept):
    service = NumberService({"description": "Main line"})
    answers = [ServiceError("ResourceNotFoundException", status=404)] * 2
    service.on("AssociatePhoneNumberContactFlow", *answers, service._associate)
    assert phone_number(service, **FULL)["phone_number"]["contact_flow_arn"] == arn("contact-flow", MAIN_ID)
    assert len(slept) == 2


def test_race_for_a_number_is_run_again():
    service = NumberService()
    service.taken_by_others = service.offers[:2]
    result = phone_number(service, **FULL)
    assert result["phone_number"]["phone_number"] == "+442079460002"
    assert service.operations().count("SearchAvailablePhoneNumbers") == 3
    assert service.operations().count("ClaimPhoneNumber") == 3


def test_race_ends_after_the_attempts():
    service = NumberService()
    service.taken_by_others = list(service.offers)
    result = phone_number(service, claim_attempts=2, **FULL)
    assert "2 offered numbers were taken" in result["msg"] and "+442079460000, +442079460001" in result["msg"]
    assert service.operations().count("ClaimPhoneNumber") == 2


def test_nothing_offered():
    service = NumberService()
    service.offers = []
    result = phone_number(service, **FULL)
    assert "none of type DID in GB that start with +4420 is offered" in result["msg"]
    assert service.writes() == []


def test_failed_claim_gives_the_reason_and_advice():
    service = NumberService()
    service.claim_statuses = ["IN_PROGRESS", "FAILED"]
    result = phone_number(service, **FULL)
    assert "FAILED: The quota is used up. Mostly" in result["msg"]
    assert f"released after a day, with phone_number {unique_id(1)}" in result["msg"]
    assert service.operations().count("ClaimPhoneNumber") == 1
    again = phone_number(service, **FULL)
    assert "FAILED: The quota is used up." in again["msg"]
    assert service.operations().count("ClaimPhoneNumber") == 1
    released = phone_number(service, description="Main line", state="absent", release=True)
    assert released["changed"] and not service.numbers


def test_claim_that_takes_too_long():
    service = NumberService()
    service.claim_statuses = ["IN_PROGRESS"]
    result = phone_number(service, wait_timeout=30, **FULL)
    assert "not done after 30 seconds, its status is IN_PROGRESS" in result["msg"]


def test_number_that_never_shows_is_not_claimed_twice():
    service = NumberService().fail("DescribePhoneNumber", "ResourceNotFoundException", status=404)
    result = phone_number(service, **FULL)
    assert "does not show it" in result["msg"]
    assert service.operations().count("ClaimPhoneNumber") == 1


@pytest.mark.parametrize(
    ("before", "options", "operation", "sent"),
    [
        ({}, {"description": "New"}, "UpdatePhoneNumberMetadata", {"PhoneNumberDescription": "New"}),
        (
            {"description": "Old"},
            {"description": ""},
            "UpdatePhoneNumberMetadata",
            {"PhoneNumberDescription": ""},
        ),
        ({}, {"contact_flow": "Main"}, "AssociatePhoneNumberContactFlow", {"ContactFlowId": MAIN_ID}),
        (
            {"flow": "Other"},
            {"contact_flow": MAIN_ID},
            "AssociatePhoneNumberContactFlow",
            {"ContactFlowId": MAIN_ID},
        ),
        ({"flow": "Other"}, {"contact_flow": ""}, "DisassociatePhoneNumberContactFlow", {}),
    ],
)
def test_change_of_one_property_is_one_request(before, options, operation, sent):
    options = {"phone_number": "+442079460100", **options}
    planned = NumberService(before)
    prediction = phone_number(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = NumberService(before)
    result = phone_number(service, **options)
    assert written(service) == [(operation, {"PhoneNumberId": unique_id(1), **sent})]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["phone_number"] == result["phone_number"]
    assert prediction["diff"] == result["diff"]
    assert not phone_number(service, **options)["changed"]


def test_tags_are_added_and_purged():
    options = {"phone_number": number_arn(unique_id(1)), "tags": {"environment": "poc"}}
    service = NumberService({"tags": {"owner": "x"}})
    assert phone_number(service, **options)["phone_number"]["tags"] == {"owner": "x", "environment": "poc"}
    assert phone_number(service, purge_tags=True, **options)["phone_number"]["tags"] == {"environment": "poc"}


DESK = {"phone_number": "+442079460101", "description": "Desk"}


@pytest.mark.parametrize(
    ("numbers", "options", "found"),
    [
        ([DESK, MAIN_LINE], {"description": "Main line"}, 2),
        ([DESK, {}], {"phone_number": "+442079460100"}, 2),
        ([DESK, {}], {"phone_number": unique_id(2)}, 2),
        ([DESK, {"tags": {"a": "1", "b": "2"}}], {"tags": {"a": 1}}, 2),
        ([{"tags": {"a": "1"}, "flow": "Main"}, {"tags": {"a": "1"}}], {"tags": {"a": "1"}, "contact_flow": "Main"}, 1),
        (
            [{"tags": {"a": "1"}, "flow": "Other"}, {"tags": {"a": "1"}}],
            {"tags": {"a": "1"}, "contact_flow": "Main"},
            2,
        ),
        ([DESK, {"flow": "Main"}], {"contact_flow": "Main"}, 2),
        ([{"flow": "Main"}], {"contact_flow": "Main", "tags": {"a": "1"}}, 1),
        ([{"flow": "Main"}], {"contact_flow": "Main", "description": "Main line", "country_code": "GB"}, 1),
        ([{**MAIN_LINE, "country_code": "US"}, MAIN_LINE], {"description": "Main line", "country_code": "GB"}, 2),
    ],
)
def test_what_number_is_meant(numbers, options, found):
    service = NumberService(*numbers)
    assert phone_number(service, **options)["phone_number"]["id"] == unique_id(found)
    assert "ClaimPhoneNumber" not in service.operations()


@pytest.mark.parametrize(
    ("numbers", "options"),
    [
        ([{**DESK, "flow": "Main"}], {"contact_flow": "Main", "description": "Main line"}),
        ([{"flow": "Main", "tags": {"name": "desk"}}], {"contact_flow": "Main", "tags": {"name": "main"}}),
        ([{"flow": "Main", "country_code": "US"}], {"contact_flow": "Main"}),
        ([{"tags": {"a": "1"}, "type": "TOLL_FREE"}], {"tags": {"a": "1"}, "type": "DID"}),
    ],
)
def test_number_of_something_else_is_left_alone(numbers, options):
    service = NumberService(*numbers)
    result = phone_number(service, country_code="GB", **options)
    assert result["phone_number"]["phone_number"] == "+442079460000"


@pytest.mark.parametrize(
    ("numbers", "options", "message"),
    [
        (
            [{}, DESK],
            {"contact_flow": "Main"},
            "Failed to claim phone number: it does not exist yet, so give country_code",
        ),
        (
            [MAIN_LINE, {**MAIN_LINE, "phone_number": "+442079460101"}],
            {"description": "Main line"},
            "2 phone numbers of the instance fit (+442079460100, +442079460101): give phone_number",
        ),
        (
            [{"tags": {"a": "1"}, "flow": "Other"}],
            {"tags": {"a": "1"}, "contact_flow": "Main"},
            "but another contact flow answers it",
        ),
        ([MAIN_LINE], {"description": "Main line", "country_code": "US"}, "country_code is 'GB' and cannot be changed"),
        ([MAIN_LINE], {"description": "Main line", "type": "TOLL_FREE"}, "type is 'DID' and cannot be changed"),
        ([], {"description": "Main line"}, "Failed to claim phone number 'Main line': it does not exist yet, so give"),
        ([], {"contact_flow": "None", "country_code": "GB"}, "No contact flow 'None' in the instance"),
        ([{"target": OTHER_INSTANCE_ARN}], {"phone_number": "+442079460100"}, f"belongs to {OTHER_INSTANCE_ARN}"),
        ([{"target": OTHER_INSTANCE_ARN}], {"phone_number": unique_id(1)}, f"belongs to {OTHER_INSTANCE_ARN}"),
    ],
)
def test_doubts_are_errors_and_nothing_is_claimed(numbers, options, message):
    service = NumberService(*numbers)
    result = phone_number(service, **options)
    assert result["failed"] and message in result["msg"]
    assert service.writes() == []


def test_named_number_is_claimed():
    service = NumberService()
    options = {"phone_number": "+442079460005", "contact_flow": "Main", "country_code": "US"}
    assert phone_number(service, **options)["changed"]
    assert "SearchAvailablePhoneNumbers" not in service.operations()
    assert not phone_number(service, **options)["changed"]
    service.taken_by_others = ["+442079460006"]
    result = phone_number(service, phone_number="+442079460006")
    assert "Phone number not available: +442079460006" in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"phone_number": "442079460000"}, "is no phone number"),
        ({"phone_number": "+44 20 7946 0000"}, "is no phone number"),
        ({"description": "x", "country_code": "UK"}, "'UK' is no country code"),
        ({"description": "x", "country_code": "GB", "prefix": "4420"}, "is no prefix"),
        ({"country_code": "GB"}, "Give phone_number, description, tags or contact_flow"),
        ({"contact_flow": "Main", "state": "absent"}, "Give phone_number, description or tags"),
    ],
)
def test_wrong_options_are_refused_before_any_request(options, message):
    service = NumberService()
    assert message in phone_number(service, **{"instance": "poc", **options})["msg"]
    assert service.calls == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_absent_needs_release(check_mode):
    service = NumberService(MAIN_LINE)
    result = phone_number(service, check_mode=check_mode, description="Main line", state="absent")
    assert "Give release true" in result["msg"] and "+442079460100" in result["msg"]
    assert service.writes() == []


def test_absent_releases_when_asked():
    options = {"description": "Main line", "state": "absent", "release": True}
    planned = NumberService(MAIN_LINE)
    assert phone_number(planned, check_mode=True, **options)["changed"]
    assert planned.writes() == []
    service = NumberService(MAIN_LINE)
    result = phone_number(service, **options)
    assert result["changed"] and result["phone_number"] is None
    assert written(service) == [("ReleasePhoneNumber", {"PhoneNumberId": unique_id(1)})]
    assert not phone_number(service, **options)["changed"]
    assert not phone_number(service, phone_number="+442079460100", state="absent")["changed"]


def test_number_in_use_is_not_released():
    service = NumberService(MAIN_LINE).fail(
        "ReleasePhoneNumber", "ResourceInUseException", status=409, message="In use"
    )
    result = phone_number(service, description="Main line", state="absent", release=True)
    assert result["msg"].startswith("Failed to release phone number 'Main line': In use")


def test_plan_for_an_instance_that_does_not_exist():
    service = NumberService().on("ListInstances", {"InstanceSummaryList": []})
    result = phone_number(service, check_mode=True, **{**FULL, "instance": "poc", "contact_flow": "New"})
    assert result["changed"]
    assert service.operations() == ["ListInstances"]


def test_plan_for_a_flow_that_does_not_exist():
    service = NumberService(MAIN_LINE)
    result = phone_number(service, check_mode=True, description="Main line", contact_flow="New")
    assert result["changed"] and service.writes() == []
    assert any("No contact flow 'New'" in warning for warning in result["warnings"])


def test_info_returns_one_or_all():
    service = NumberService(MAIN_LINE, {**DESK, "target": OTHER_INSTANCE_ARN})
    one = run_module("connect_phone_number_info", service, instance=INSTANCE_ID, phone_number="Main line")
    every = run_module("connect_phone_number_info", service, instance=INSTANCE_ID)
    assert one["phone_numbers"] == every["phone_numbers"]
    assert one["phone_numbers"][0]["contact_flow_arn"] == arn("contact-flow", MAIN_ID)
    for value in (unique_id(2), unique_id(3), "+442079460101"):
        none = run_module("connect_phone_number_info", service, instance=INSTANCE_ID, phone_number=value)
        assert none["phone_numbers"] == []


@pytest.mark.parametrize("options", [{"description": "Main line"}, {"tags": {"a": "1"}}])
def test_listed_number_that_is_not_found_yet_is_waited_for(slept, options):
    service = NumberService({"description": "Main line", "tags": {"a": "1"}})
    not_found = ServiceError("ResourceNotFoundException", status=404)
    service.on("DescribePhoneNumber", not_found, not_found, service._describe)
    result = phone_number(service, country_code="GB", **options)
    assert result["changed"] is False and result["phone_number"]["id"] == unique_id(1)
    assert len(slept) == 2


def test_listed_number_that_is_not_found_is_not_claimed_again():
    service = NumberService({"description": "Main line"})
    service.fail("DescribePhoneNumber", "ResourceNotFoundException", status=404)
    result = phone_number(service, country_code="GB", description="Main line")
    assert result["msg"] == "Failed to read phone number 'Main line': it disappeared during the run"
    released = phone_number(service, description="Main line", state="absent", release=True)
    assert released["changed"] is False
    assert service.writes() == []
