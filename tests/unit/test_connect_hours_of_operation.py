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

HOURS_ID = unique_id(1)


def period(day, start, end):
    return {"day": day, "start_time": start, "end_time": end}


def sent(day, start, end):
    return {
        "Day": day,
        "StartTime": {"Hours": start[0], "Minutes": start[1]},
        "EndTime": {"Hours": end[0], "Minutes": end[1]},
    }


class HoursService(FakeService):
    """An instance called `poc` with the hours `Office`; `hours` is None when there are none."""

    def __init__(self, **hours):
        super().__init__()
        self.hours = {
            "HoursOfOperationId": HOURS_ID,
            "HoursOfOperationArn": arn("operating-hours", HOURS_ID),
            "Name": "Office",
            "Description": "Old",
            "TimeZone": "UTC",
            "Config": [sent("TUESDAY", (9, 0), (17, 30)), sent("MONDAY", (9, 0), (17, 30))],
            "Tags": {},
            **hours,
        }
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListHoursOfOperations", lambda params: {"HoursOfOperationSummaryList": self._summaries()})
        self.on("DescribeHoursOfOperation", lambda params: self._describe())
        self.on("SearchHoursOfOperations", lambda params: {"HoursOfOperations": [self.hours] if self.hours else []})
        self.on("CreateHoursOfOperation", self._create)
        self.on("UpdateHoursOfOperation", self._update)
        self.on("TagResource", lambda params: self.hours["Tags"].update(params["tags"]) or {})
        self.on("DeleteHoursOfOperation", lambda params: setattr(self, "hours", None) or {})

    def _summaries(self):
        return [{"Id": HOURS_ID, "Name": self.hours["Name"]}] if self.hours else []

    def _describe(self):
        if self.hours is None:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"HoursOfOperation": self.hours}

    def _create(self, params):
        ids = {"HoursOfOperationId": HOURS_ID, "HoursOfOperationArn": arn("operating-hours", HOURS_ID)}
        self.hours = {"Tags": {}, **{k: v for k, v in params.items() if k != "InstanceId"}, **ids}
        return ids

    def _update(self, params):
        self.hours.update({k: v for k, v in params.items() if k not in ("InstanceId", "HoursOfOperationId")})
        if not self.hours["Description"]:
            del self.hours["Description"]
        return {}


def empty_service():
    service = HoursService()
    service.hours = None
    return service


def hours(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "name": "Office", **options}
    return run_module("connect_hours_of_operation", service, check_mode=check_mode, **options)


FULL = {
    "description": "When we work",
    "time_zone": "Europe/London",
    "config": [
        period("SUNDAY", "00:00", "00:00"),
        period("MONDAY", "13:00", "17:05"),
        period("MONDAY", "8:00", "12:00"),
    ],
    "tags": {"environment": "poc"},
}


def test_create():
    planned = empty_service()
    prediction = hours(planned, check_mode=True, **FULL)
    assert planned.writes() == []
    service = empty_service()
    result = hours(service, **FULL)
    assert service.writes() == [
        (
            "CreateHoursOfOperation",
            {
                "InstanceId": INSTANCE_ID,
                "Name": "Office",
                "Description": "When we work",
                "TimeZone": "Europe/London",
                "Config": [
                    sent("MONDAY", (8, 0), (12, 0)),
                    sent("MONDAY", (13, 0), (17, 5)),
                    sent("SUNDAY", (0, 0), (0, 0)),
                ],
                "Tags": {"environment": "poc"},
            },
        )
    ]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["hours_of_operation"] == {**result["hours_of_operation"], "id": None, "arn": None}
    assert not hours(service, check_mode=True, **FULL)["changed"]
    assert not hours(service, **FULL)["changed"]


def test_hours_that_are_never_open():
    service = empty_service()
    assert hours(service, time_zone="UTC", config=[])["hours_of_operation"]["config"] == []
    assert not hours(service, config=[])["changed"]


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ({"description": "New"}, {"Description": "New"}),
        ({"description": ""}, {"Description": ""}),
        ({"time_zone": "Europe/Berlin"}, {"TimeZone": "Europe/Berlin"}),
        ({"config": [period("MONDAY", "09:00", "17:30")]}, {"Config": [sent("MONDAY", (9, 0), (17, 30))]}),
        ({"config": []}, {"Config": []}),
    ],
)
def test_update_sends_everything(options, changed):
    planned = HoursService()
    prediction = hours(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = HoursService()
    result = hours(service, **options)
    present = {
        "Name": "Office",
        "Description": "Old",
        "TimeZone": "UTC",
        "Config": [sent("MONDAY", (9, 0), (17, 30)), sent("TUESDAY", (9, 0), (17, 30))],
    }
    ids = {"InstanceId": INSTANCE_ID, "HoursOfOperationId": HOURS_ID}
    assert service.writes() == [("UpdateHoursOfOperation", {**ids, **present, **changed})]
    assert prediction["hours_of_operation"] == result["hours_of_operation"]
    assert prediction["diff"] == result["diff"]
    assert not hours(service, **options)["changed"]


@pytest.mark.parametrize(
    "config",
    [
        [period("MONDAY", "09:00", "17:30"), period("TUESDAY", "09:00", "17:30")],
        [period("TUESDAY", "9:00", "17:30"), period("MONDAY", "09:00", "17:30"), period("MONDAY", "9:00", "17:30")],
    ],
)
def test_order_and_spelling_make_no_difference(config):
    service = HoursService()
    assert not hours(service, config=config)["changed"]
    assert service.operations() == ["ListHoursOfOperations", "DescribeHoursOfOperation"]


@pytest.mark.parametrize("time", ["1050", "24:00", "12:60", "12", "noon", "", "12:00:00"])
@pytest.mark.parametrize("option", ["start_time", "end_time"])
def test_what_is_no_time_is_refused_before_any_request(option, time):
    service = HoursService()
    result = hours(service, config=[{**period("MONDAY", "09:00", "17:30"), option: time}])
    assert result["msg"] == (
        f"Failed to set hours of operation 'Office': {option} '{time}' of MONDAY is no time "
        'from "00:00" to "23:59", written in quotes'
    )
    assert service.calls == []


def test_new_hours_need_a_zone_and_periods():
    result = hours(empty_service(), check_mode=True)
    assert result["msg"].endswith("it does not exist yet, so give time_zone, config")


def test_tags():
    service = HoursService(Tags={"owner": "ops"})
    result = hours(service, tags={"environment": "poc"})
    assert service.operations()[2:3] == ["TagResource"]
    assert result["hours_of_operation"]["tags"] == {"owner": "ops", "environment": "poc"}


def test_absent():
    service = HoursService()
    planned = hours(service, check_mode=True, state="absent")
    assert service.writes() == []
    result = hours(service, state="absent")
    assert service.writes() == [("DeleteHoursOfOperation", {"InstanceId": INSTANCE_ID, "HoursOfOperationId": HOURS_ID})]
    assert planned["changed"] is result["changed"] is True
    assert planned["hours_of_operation"] is result["hours_of_operation"] is None
    assert not hours(service, state="absent")["changed"]


def test_refusals_name_verb_and_thing():
    service = HoursService().fail("UpdateHoursOfOperation", "InvalidParameterException", message="No such zone")
    assert hours(service, time_zone="Nowhere")["msg"] == (
        "Failed to update hours of operation 'Office': No such zone (InvalidParameterException)"
    )
    service = HoursService().fail("DeleteHoursOfOperation", "InvalidRequestException", message="Used by a queue")
    assert hours(service, state="absent")["msg"].startswith("Failed to delete hours of operation 'Office': Used by")


def test_info_returns_one_or_all():
    service = HoursService()
    one = run_module("connect_hours_of_operation_info", service, instance="poc", name="Office")["hours_of_operations"]
    every = run_module("connect_hours_of_operation_info", service, instance="poc")["hours_of_operations"]
    assert one == every
    assert one[0]["config"][0] == period("MONDAY", "09:00", "17:30")
    assert run_module("connect_hours_of_operation_info", service, instance="poc", name="X")["hours_of_operations"] == []


def test_info_of_hours_without_a_period():
    hours = {"HoursOfOperationId": unique_id(1), "Name": "Closed", "TimeZone": "UTC"}
    service = FakeService().on("SearchHoursOfOperations", {"HoursOfOperations": [hours]})
    (found,) = run_module("connect_hours_of_operation_info", service, instance=INSTANCE_ID)["hours_of_operations"]
    assert found["config"] == []
