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

QUEUE_ID = unique_id(1)
HOURS_ID = unique_id(2)
OTHER_HOURS_ID = unique_id(3)
NUMBER_ID = unique_id(4)
FLOW_ID = unique_id(5)


def summaries(kind, **names):
    return [{"Id": id, "Arn": arn(kind, id), "Name": name} for name, id in names.items()]


class QueueService(FakeService):
    """A small instance with one queue; `queue` is None when there is none."""

    def __init__(self, **queue):
        super().__init__()
        self.queue = {
            "Name": "Sales",
            "QueueId": QUEUE_ID,
            "QueueArn": arn("queue", QUEUE_ID),
            "HoursOfOperationId": HOURS_ID,
            "Status": "ENABLED",
            "Tags": {},
            **queue,
        }
        self.quick_connects = []
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on(
            "ListQueues", lambda params: {"QueueSummaryList": summaries("queue", Sales=QUEUE_ID) if self.queue else []}
        )
        self.on("DescribeQueue", lambda params: self._describe())
        hours = {"Basic Hours": HOURS_ID, "Night Hours": OTHER_HOURS_ID}
        self.on("ListHoursOfOperations", {"HoursOfOperationSummaryList": summaries("operating-hours", **hours)})
        number = {"PhoneNumberId": NUMBER_ID, "PhoneNumber": "+441514960001", "PhoneNumberDescription": "Main line"}
        self.on("ListPhoneNumbersV2", {"ListPhoneNumbersSummaryList": [number]})
        flows = {"Default outbound": FLOW_ID}
        self.on("ListContactFlows", {"ContactFlowSummaryList": summaries("contact-flow", **flows)})
        helpers = {f"Colleague {number}": unique_id(100 + number) for number in range(60)}
        self.on("ListQuickConnects", {"QuickConnectSummaryList": summaries("transfer-destination", **helpers)})
        self.on(
            "ListQueueQuickConnects",
            lambda params: {"QuickConnectSummaryList": [{"Id": id} for id in self.quick_connects]},
        )
        self.on("CreateQueue", self._create)
        self.on("UpdateQueueName", self._update)
        self.on("UpdateQueueStatus", self._update)
        self.on("UpdateQueueHoursOfOperation", self._update)
        self.on("UpdateQueueMaxContacts", self._update)
        self.on("UpdateQueueOutboundCallerConfig", self._update)
        self.on("AssociateQueueQuickConnects", self._associate)
        self.on("DisassociateQueueQuickConnects", self._disassociate)
        self.on("TagResource", lambda params: self.queue["Tags"].update(params["tags"]) or {})
        self.on("UntagResource", lambda params: [self.queue["Tags"].pop(key) for key in params["tagKeys"]] and {})
        self.on("DeleteQueue", lambda params: {})

    def _describe(self):
        if self.queue is None:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"Queue": {name: value for name, value in self.queue.items() if value is not None}}

    def _create(self, params):
        body = {name: value for name, value in params.items() if name not in ("InstanceId", "QuickConnectIds")}
        self.quick_connects = list(params.get("QuickConnectIds", []))
        ids = {"QueueId": QUEUE_ID, "QueueArn": arn("queue", QUEUE_ID)}
        self.queue = {"Status": "ENABLED", "Tags": {}, **body, **ids}
        return ids

    def _update(self, params):
        self.queue.update({name: value for name, value in params.items() if name not in ("InstanceId", "QueueId")})
        return {}

    def _associate(self, params):
        self.quick_connects += params["QuickConnectIds"]
        return {}

    def _disassociate(self, params):
        self.quick_connects = [id for id in self.quick_connects if id not in params["QuickConnectIds"]]
        return {}


def empty_service():
    service = QueueService()
    service.queue = None
    return service


def queue(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "name": "Sales", **options}
    return run_module("connect_queue", service, check_mode=check_mode, **options)


def only_write(service):
    (write,) = service.writes()
    return write


FULL = {
    "description": "Calls to sales",
    "hours_of_operation": "Basic Hours",
    "status": "DISABLED",
    "max_contacts": 20,
    "outbound_caller_id_name": "Example Ltd",
    "outbound_caller_id_number": "Main line",
    "outbound_flow": "Default outbound",
    "tags": {"environment": "poc"},
}


def test_create_sends_all_options_and_then_the_status():
    service = empty_service()
    result = queue(service, **FULL)
    assert result["changed"]
    assert service.writes() == [
        (
            "CreateQueue",
            {
                "InstanceId": INSTANCE_ID,
                "Name": "Sales",
                "Description": "Calls to sales",
                "HoursOfOperationId": HOURS_ID,
                "MaxContacts": 20,
                "OutboundCallerConfig": {
                    "OutboundCallerIdName": "Example Ltd",
                    "OutboundCallerIdNumberId": NUMBER_ID,
                    "OutboundFlowId": FLOW_ID,
                },
                "Tags": {"environment": "poc"},
            },
        ),
        ("UpdateQueueStatus", {"InstanceId": INSTANCE_ID, "QueueId": QUEUE_ID, "Status": "DISABLED"}),
    ]
    assert result["queue"]["id"] == QUEUE_ID
    assert result["queue"]["status"] == "DISABLED"
    assert result["diff"]["before"] == {}
    assert result["diff"]["after"]["max_contacts"] == 20


def test_check_mode_predicts_what_create_returns_and_writes_nothing():
    service = empty_service()
    predicted = queue(service, check_mode=True, **FULL)
    assert service.writes() == []
    real = queue(empty_service(), **FULL)
    assert predicted["changed"] is real["changed"] is True
    assert predicted["queue"] == {**real["queue"], "id": None, "arn": None}


def test_second_run_changes_nothing_in_a_few_requests():
    service = empty_service()
    queue(service, **FULL)
    service.calls.clear()
    result = queue(service, **FULL)
    assert not result["changed"]
    assert "diff" not in result
    assert service.operations() == [
        "ListQueues",
        "DescribeQueue",
        "ListHoursOfOperations",
        "ListPhoneNumbersV2",
        "ListContactFlows",
    ]


def test_ids_and_arns_need_no_look_up():
    service = QueueService()
    queue(service, name=QUEUE_ID, hours_of_operation=arn("operating-hours", HOURS_ID))
    assert service.operations() == ["DescribeQueue"]


CALLER = {"OutboundCallerIdName": "Example Ltd", "OutboundCallerIdNumberId": NUMBER_ID}


@pytest.mark.parametrize(
    ("before", "options", "operation", "sent"),
    [
        ({}, {"description": "New"}, "UpdateQueueName", {"Name": "Sales", "Description": "New"}),
        ({}, {"status": "DISABLED"}, "UpdateQueueStatus", {"Status": "DISABLED"}),
        ({}, {"max_contacts": 0}, "UpdateQueueMaxContacts", {"MaxContacts": 0}),
        (
            {},
            {"hours_of_operation": "Night Hours"},
            "UpdateQueueHoursOfOperation",
            {"HoursOfOperationId": OTHER_HOURS_ID},
        ),
        (
            {"OutboundCallerConfig": CALLER},
            {"outbound_flow": "Default outbound"},
            "UpdateQueueOutboundCallerConfig",
            {"OutboundCallerConfig": {**CALLER, "OutboundFlowId": FLOW_ID}},
        ),
        (
            {"OutboundCallerConfig": CALLER},
            {"outbound_caller_id_name": ""},
            "UpdateQueueOutboundCallerConfig",
            {"OutboundCallerConfig": {"OutboundCallerIdNumberId": NUMBER_ID}},
        ),
        (
            {},
            {"quick_connects": ["Colleague 1"]},
            "AssociateQueueQuickConnects",
            {"QuickConnectIds": [unique_id(101)]},
        ),
    ],
)
def test_change_of_one_property_is_one_request(before, options, operation, sent):
    planned = QueueService(**before)
    prediction = queue(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = QueueService(**before)
    result = queue(service, **options)
    assert only_write(service) == (operation, {"InstanceId": INSTANCE_ID, "QueueId": QUEUE_ID, **sent})
    assert prediction["changed"] is result["changed"] is True
    assert prediction["queue"] == result["queue"]
    assert prediction["diff"] == result["diff"]
    assert not queue(service, **options)["changed"]


def test_a_number_read_back_as_arn_is_the_same_number():
    service = QueueService(
        OutboundCallerConfig={"OutboundCallerIdNumberId": f"arn:aws:connect:r:a:phone-number/{NUMBER_ID}"}
    )
    assert not queue(service, outbound_caller_id_number="+441514960001")["changed"]


def test_more_than_fifty_quick_connects_go_in_portions():
    service = empty_service()
    queue(service, hours_of_operation=HOURS_ID, quick_connects=[f"Colleague {number}" for number in range(60)])
    sizes = [(name, len(params["QuickConnectIds"])) for name, params in service.writes()]
    assert sizes == [("CreateQueue", 50), ("AssociateQueueQuickConnects", 10)]


@pytest.mark.parametrize(("purge", "left"), [(False, 2), (True, 1)])
def test_quick_connects_are_added_and_only_purged_when_asked(purge, left):
    service = QueueService()
    service.quick_connects = [unique_id(100)]
    queue(service, quick_connects=["Colleague 1"], purge_quick_connects=purge)
    assert len(service.quick_connects) == left


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({}, {"owner": "ops", "aws:made-by": "x"}),
        ({"tags": {"environment": "poc"}}, {"owner": "ops", "aws:made-by": "x", "environment": "poc"}),
        ({"tags": {"environment": "poc"}, "purge_tags": True}, {"aws:made-by": "x", "environment": "poc"}),
    ],
)
def test_tags_of_others_stay_unless_purged(options, left):
    service = QueueService(Tags={"owner": "ops", "aws:made-by": "x"})
    result = queue(service, **options)
    assert result["queue"]["tags"] == service.queue["Tags"] == left


def test_absent():
    service = QueueService()
    planned = queue(service, check_mode=True, state="absent")
    assert service.writes() == []
    result = queue(service, state="absent")
    assert only_write(service) == ("DeleteQueue", {"InstanceId": INSTANCE_ID, "QueueId": QUEUE_ID})
    assert planned["changed"] is result["changed"] is True
    assert planned["queue"] is result["queue"] is None
    assert result["diff"]["after"] == {}


def test_absent_is_content_when_nothing_is_there():
    assert not queue(empty_service(), state="absent")["changed"]


def test_absent_is_content_when_the_instance_is_not_there():
    service = QueueService().on("ListInstances", {"InstanceSummaryList": []})
    assert not queue(service, instance="poc", state="absent")["changed"]


def test_instance_by_alias():
    service = QueueService()
    assert not queue(service, instance="poc")["changed"]
    assert service.calls[0] == ("ListInstances", {"MaxResults": 10})


def test_plan_on_an_empty_account():
    service = QueueService().on("ListInstances", {"InstanceSummaryList": []})
    result = queue(service, instance="poc", check_mode=True, hours_of_operation="Night Hours")
    assert result["changed"]
    assert result["queue"]["hours_of_operation_id"] == "Night Hours"
    assert "warnings" not in result
    assert service.operations() == ["ListInstances"]


def test_missing_instance():
    service = QueueService().on("ListInstances", {"InstanceSummaryList": []})
    result = queue(service, instance="poc")
    assert result["msg"] == "The instance 'poc' does not exist in this account and Region"
    service = QueueService().fail("ListQueues", "ResourceNotFoundException", status=404)
    assert queue(service)["msg"] == f"The instance '{INSTANCE_ARN}' does not exist in this account and Region"


def test_unknown_reference_lists_close_names():
    result = queue(QueueService(), hours_of_operation="night hour")
    assert result["failed"]
    assert result["msg"] == (
        "No hours of operation 'night hour' in the instance, which queue 'Sales' names "
        "(did you mean 'Night Hours' or 'Basic Hours'?)"
    )


def test_unknown_reference_in_check_mode_is_a_warning():
    result = queue(QueueService(), check_mode=True, hours_of_operation="Later Hours")
    assert result["changed"]
    (warning,) = result["warnings"]
    assert warning.startswith("No hours of operation 'Later Hours' in the instance")


def test_arn_of_another_kind_or_instance_is_refused():
    result = queue(QueueService(), hours_of_operation=arn("queue", QUEUE_ID))
    assert "is not the ARN of hours of operation" in result["msg"]
    other = f"arn:aws:connect:eu-west-2:111122223333:instance/{unique_id(9)}/operating-hours/{HOURS_ID}"
    assert "belongs to another instance" in queue(QueueService(), hours_of_operation=other)["msg"]
    result = queue(QueueService(), instance=arn("queue", QUEUE_ID))
    assert "is not the ARN of an instance" in result["msg"]


def test_new_queue_needs_hours():
    result = queue(empty_service(), check_mode=True)
    assert result["msg"] == "Failed to create queue 'Sales': it does not exist yet, so give hours_of_operation"


@pytest.mark.parametrize("option", ["name", "description", "hours_of_operation"])
def test_what_the_service_keeps_for_ever_cannot_be_emptied(option):
    service = QueueService(Description="Calls to sales")
    result = queue(service, **{option: ""})
    assert result["failed"] and result["msg"].endswith(f": {option} must not be empty")
    assert service.calls == []


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_null_is_no_value_of_a_tag(check_mode):
    service = QueueService()
    result = queue(service, check_mode=check_mode, tags={"owner": None, "environment": ""})
    assert result["msg"] == ("Failed to tag queue 'Sales': null is no value of a tag (owner). An empty text is one")
    assert service.calls == []


def test_quota_stop_is_one_request_and_names_the_quota(slept):
    service = empty_service().fail("CreateQueue", "LimitExceededException", status=429, message="Too many")
    result = queue(service, hours_of_operation=HOURS_ID)
    assert [name for name, _params in service.writes()] == ["CreateQueue"]
    assert slept == []
    assert result["msg"] == (
        "Failed to create queue 'Sales': quota reached: queues of an instance (50). Too many (LimitExceededException)"
    )
    assert result["error_code"] == "LimitExceededException"


@pytest.mark.parametrize("code", ["ThrottlingException", "TooManyRequestsException"])
def test_throttling_is_retried_with_jitter(code, slept):
    service = QueueService()
    answer = {"QueueSummaryList": summaries("queue", Sales=QUEUE_ID)}
    service.on("ListQueues", ServiceError(code, status=429), ServiceError(code, status=429), answer)
    assert not queue(service)["changed"]
    assert len(slept) == 2


def test_refused_delete_says_why():
    message = "The queue is used by a routing profile"
    service = QueueService().fail("DeleteQueue", "ResourceInUseException", status=409, message=message)
    result = queue(service, state="absent")
    assert result["msg"] == f"Failed to delete queue 'Sales': {message} (ResourceInUseException)"


def test_a_new_queue_may_be_invisible_for_a_while(slept):
    service = empty_service()
    show = service._describe
    lag = iter([ServiceError("ResourceNotFoundException", status=404)] * 2)

    def describe(_params):
        for error in lag:
            raise error
        return show()

    service.on("DescribeQueue", describe)
    result = queue(service, hours_of_operation=HOURS_ID)
    assert result["queue"]["id"] == QUEUE_ID
    assert len(slept) == 2


def test_a_breakdown_is_not_repeated_for_a_create_without_token(slept):
    service = empty_service().fail("CreateQueue", "InternalServiceException", status=500, message="Oops")
    assert queue(service, hours_of_operation=HOURS_ID)["failed"]
    assert len(service.writes()) == 1


def test_info_returns_one_or_all():
    service = QueueService()
    service.on("SearchQueues", {"Queues": [service.queue]})
    one = run_module("connect_queue_info", service, instance=INSTANCE_ID, name="Sales")
    every = run_module("connect_queue_info", service, instance=INSTANCE_ID)
    assert one["queues"] == every["queues"]
    assert one["queues"][0]["hours_of_operation_id"] == HOURS_ID
    assert run_module("connect_queue_info", service, instance=INSTANCE_ID, name="Other")["queues"] == []


def test_info_on_an_empty_account():
    service = QueueService().on("ListInstances", {"InstanceSummaryList": []})
    assert run_module("connect_queue_info", service, check_mode=True, instance="poc")["queues"] == []
    assert run_module("connect_queue_info", service, instance="poc")["failed"]
