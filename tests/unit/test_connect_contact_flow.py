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

FLOW_ID = unique_id(1)
CONTENT = {
    "Version": "2019-10-30",
    "StartAction": "end",
    "Actions": [{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}],
}
OTHER = {**CONTENT, "StartAction": "other"}
TEXT = json.dumps(CONTENT, indent=1)
OTHER_TEXT = json.dumps(OTHER, indent=2)


class FlowService(FakeService):
    """An instance with one flow: `published` and `saved` are texts, `published` is None for a draft."""

    def __init__(self, published=TEXT, saved=None, **flow):
        super().__init__()
        self.published = published
        self.saved = saved or published
        self.flow = {
            "Id": FLOW_ID,
            "Arn": arn("contact-flow", FLOW_ID),
            "Name": "Main",
            "Type": "CONTACT_FLOW",
            "State": "ACTIVE",
            "Tags": {},
            **flow,
        }
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListContactFlows", lambda params: {"ContactFlowSummaryList": self._summaries()})
        self.on("DescribeContactFlow", self._describe)
        self.on("CreateContactFlow", self._create)
        self.on("UpdateContactFlowContent", self._update_content)
        self.on("UpdateContactFlowMetadata", self._update_metadata)
        self.on("TagResource", lambda params: self.flow["Tags"].update(params["tags"]) or {})
        self.on("UntagResource", lambda params: [self.flow["Tags"].pop(key) for key in params["tagKeys"]] and {})
        self.on("DeleteContactFlow", lambda params: self._delete())

    def _summaries(self):
        return [{name: self.flow[name] for name in ("Id", "Arn", "Name")}] if self.flow else []

    def _describe(self, params):
        if not self.flow:
            raise ServiceError("ResourceNotFoundException", status=404)
        draft = params["ContactFlowId"] == f"{FLOW_ID}:$SAVED"
        if not draft and self.published is None:
            raise ServiceError("ContactFlowNotPublishedException", status=404)
        status = "SAVED" if draft and self.saved != self.published else "PUBLISHED"
        return {"ContactFlow": {**self.flow, "Status": status, "Content": self.saved if draft else self.published}}

    def _create(self, params):
        self.saved = params["Content"]
        self.published = self.saved if params.get("Status", "PUBLISHED") == "PUBLISHED" else None
        given = {name: params[name] for name in ("Name", "Type", "Description", "Tags") if name in params}
        ids = {"Id": FLOW_ID, "Arn": arn("contact-flow", FLOW_ID)}
        self.flow = {"State": "ACTIVE", "Tags": {}, **given, **ids}
        return {"ContactFlowId": FLOW_ID, "ContactFlowArn": ids["Arn"]}

    def _update_content(self, params):
        self.saved = params["Content"]
        if params["ContactFlowId"] == FLOW_ID:
            self.published = self.saved
        return {}

    def _update_metadata(self, params):
        if "ContactFlowState" in params:
            self.flow["State"] = params["ContactFlowState"]
        if "Description" in params:
            self.flow["Description"] = params["Description"]
        return {}

    def _delete(self):
        self.flow = None
        return {}


def empty_service():
    service = FlowService()
    service.flow = None
    return service


def flow(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "name": "Main", **options}
    return run_module("connect_contact_flow", service, check_mode=check_mode, **options)


def written(service):
    return [
        (name, {key: value for key, value in params.items() if key != "InstanceId"})
        for name, params in service.writes()
    ]


FULL = {
    "type": "CUSTOMER_HOLD",
    "description": "Music",
    "content": OTHER_TEXT,
    "contact_flow_state": "ARCHIVED",
    "tags": {"environment": "poc"},
}


def test_create_sends_text_untouched_and_then_the_state():
    service = empty_service()
    result = flow(service, **FULL)
    assert written(service) == [
        (
            "CreateContactFlow",
            {
                "Name": "Main",
                "Type": "CUSTOMER_HOLD",
                "Description": "Music",
                "Content": OTHER_TEXT,
                "Status": "PUBLISHED",
                "Tags": {"environment": "poc"},
            },
        ),
        ("UpdateContactFlowMetadata", {"ContactFlowId": FLOW_ID, "ContactFlowState": "ARCHIVED"}),
    ]
    assert result["contact_flow"]["id"] == FLOW_ID
    assert result["contact_flow"]["content"] == OTHER
    service.calls.clear()
    assert not flow(service, **FULL)["changed"]
    assert service.operations() == ["ListContactFlows", "DescribeContactFlow"]


def test_check_mode_predicts_what_create_returns_and_writes_nothing():
    service = empty_service()
    predicted = flow(service, check_mode=True, **FULL)
    assert service.writes() == []
    real = flow(empty_service(), **FULL)
    assert predicted["changed"] is real["changed"] is True
    assert predicted["contact_flow"] == {**real["contact_flow"], "id": None, "arn": None}


def test_create_with_defaults_from_a_file(tmp_path):
    path = tmp_path / "main.json"
    path.write_text(TEXT)
    service = empty_service()
    flow(service, path=str(path))
    ((operation, sent),) = written(service)
    assert operation == "CreateContactFlow"
    assert sent == {"Name": "Main", "Type": "CONTACT_FLOW", "Content": TEXT, "Status": "PUBLISHED"}


def test_dictionary_is_sent_as_json():
    service = empty_service()
    flow(service, content=CONTENT)
    assert json.loads(written(service)[0][1]["Content"]) == CONTENT


@pytest.mark.parametrize(
    "content",
    [
        CONTENT,
        TEXT,
        json.dumps(dict(reversed(CONTENT.items())), separators=(",", ":")),
        {**CONTENT, "Metadata": {"entryPointPosition": {"x": 1, "y": 2}}},
    ],
    ids=["dictionary", "text", "other order and blanks", "metadata"],
)
def test_content_of_the_same_meaning_is_no_change(content):
    service = FlowService(published=json.dumps({**CONTENT, "Metadata": {"name": "from the designer"}}))
    assert not flow(service, content=content)["changed"]
    assert service.writes() == []


@pytest.mark.parametrize(
    ("before", "options", "operation", "sent"),
    [
        ({}, {"content": OTHER_TEXT}, "UpdateContactFlowContent", {"ContactFlowId": FLOW_ID, "Content": OTHER_TEXT}),
        (
            {},
            {"content": OTHER_TEXT, "status": "PUBLISHED"},
            "UpdateContactFlowContent",
            {"ContactFlowId": FLOW_ID, "Content": OTHER_TEXT},
        ),
        (
            {},
            {"content": OTHER_TEXT, "status": "SAVED"},
            "UpdateContactFlowContent",
            {"ContactFlowId": f"{FLOW_ID}:$SAVED", "Content": OTHER_TEXT},
        ),
        (
            {"published": None, "saved": TEXT},
            {"content": OTHER_TEXT},
            "UpdateContactFlowContent",
            {"ContactFlowId": f"{FLOW_ID}:$SAVED", "Content": OTHER_TEXT},
        ),
        (
            {"published": None, "saved": TEXT},
            {"content": CONTENT, "status": "PUBLISHED"},
            "UpdateContactFlowContent",
            {"ContactFlowId": FLOW_ID, "Content": json.dumps(CONTENT)},
        ),
        (
            {"published": None, "saved": TEXT},
            {"status": "PUBLISHED"},
            "UpdateContactFlowContent",
            {"ContactFlowId": FLOW_ID, "Content": TEXT},
        ),
        ({}, {"description": "New"}, "UpdateContactFlowMetadata", {"ContactFlowId": FLOW_ID, "Description": "New"}),
        (
            {"Description": "Old"},
            {"description": ""},
            "UpdateContactFlowMetadata",
            {"ContactFlowId": FLOW_ID, "Description": ""},
        ),
        (
            {"Description": "Old"},
            {"contact_flow_state": "ARCHIVED"},
            "UpdateContactFlowMetadata",
            {"ContactFlowId": FLOW_ID, "ContactFlowState": "ARCHIVED"},
        ),
        (
            {"Tags": {"owner": "x"}},
            {"tags": {"environment": "poc"}},
            "TagResource",
            {"resourceArn": arn("contact-flow", FLOW_ID), "tags": {"environment": "poc"}},
        ),
    ],
)
def test_change_of_one_property_is_one_request(before, options, operation, sent):
    planned = FlowService(**before)
    prediction = flow(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = FlowService(**before)
    result = flow(service, **options)
    assert written(service) == [(operation, sent)]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["contact_flow"] == result["contact_flow"]
    assert prediction["diff"] == result["diff"]
    assert not flow(service, **options)["changed"]


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ({"published": TEXT, "saved": OTHER_TEXT}, {"content": CONTENT, "status": "PUBLISHED"}),
        ({"published": TEXT, "saved": OTHER_TEXT}, {"status": "PUBLISHED"}),
        ({"published": TEXT, "saved": OTHER_TEXT}, {"content": OTHER, "status": "SAVED"}),
        ({"published": TEXT}, {"content": CONTENT, "status": "SAVED"}),
        ({"published": TEXT}, {"status": "SAVED"}),
        ({"published": None, "saved": TEXT}, {"content": CONTENT}),
        ({"published": None, "saved": TEXT}, {"content": CONTENT, "status": "SAVED"}),
        ({"published": None, "saved": "no JSON yet"}, {"description": ""}),
    ],
)
def test_drafts_beside_what_is_asked_for_are_no_change(before, options):
    service = FlowService(**before)
    assert not flow(service, **options)["changed"]
    assert service.writes() == []


def test_new_draft():
    service = empty_service()
    result = flow(service, content=CONTENT, status="SAVED")
    assert written(service)[0][1]["Status"] == "SAVED"
    assert len(service.writes()) == 1
    assert result["contact_flow"]["status"] == "SAVED"


def test_id_is_no_new_name():
    service = FlowService()
    assert not flow(service, name=FLOW_ID, content=CONTENT)["changed"]
    assert service.operations() == ["DescribeContactFlow"]


def test_type_cannot_be_changed():
    service = FlowService()
    result = flow(service, type="AGENT_HOLD", description="New")
    assert "type is 'CONTACT_FLOW' and cannot be changed in place to 'AGENT_HOLD'" in result["msg"]
    assert service.writes() == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{\n oops", "content is not a JSON object: Expecting property name enclosed in double quotes in line 2"),
        ("[1]", "content is not a JSON object"),
        ([1], "content is not a JSON object"),
        ("", "content is not a JSON object"),
    ],
)
def test_content_that_is_no_json_object_is_refused_before_any_request(content, message):
    service = FlowService()
    result = flow(service, instance="poc", content=content)
    assert message in result["msg"] and "contact flow 'Main'" in result["msg"]
    assert service.calls == []


def test_missing_file_is_refused_before_any_request(tmp_path):
    service = FlowService()
    result = flow(service, instance="poc", path=str(tmp_path / "none.json"))
    assert "none.json" in result["msg"]
    assert service.calls == []


def test_new_flow_needs_content():
    result = flow(empty_service(), check_mode=True)
    assert result["msg"] == "Failed to create contact flow 'Main': it does not exist yet, so give content or path"


def test_problems_of_a_refused_flow():
    problems = [{"message": "Invalid branch"}, {"message": "Invalid Action type"}]
    service = empty_service().fail("CreateContactFlow", "InvalidContactFlowException", problems=problems)
    result = flow(service, content=CONTENT)
    assert result["problems"] == ["Invalid branch", "Invalid Action type"]
    assert (
        result["msg"]
        == "Failed to create contact flow 'Main': the flow is not valid: Invalid branch; Invalid Action type"
    )
    service = FlowService().fail("UpdateContactFlowContent", "InvalidContactFlowException", problems=problems)
    assert flow(service, content=OTHER)["msg"].startswith("Failed to update content of contact flow 'Main'")


def test_absent():
    planned = FlowService()
    assert flow(planned, check_mode=True, state="absent")["changed"]
    assert planned.writes() == []
    service = FlowService()
    result = flow(service, state="absent")
    assert result["changed"] and result["contact_flow"] is None
    assert written(service) == [("DeleteContactFlow", {"ContactFlowId": FLOW_ID})]
    assert not flow(service, state="absent")["changed"]


def test_damaged_flow_is_named_and_can_be_deleted():
    service = FlowService().fail("DescribeContactFlow", "InternalServiceException", status=500, message="Oops")
    result = flow(service, content=CONTENT)
    assert "contact flow 'Main'" in result["msg"] and "delete the flow" in result["msg"]
    assert flow(service, state="absent")["changed"]
    assert [name for name, _sent in written(service)] == ["DeleteContactFlow"]


def test_plan_for_an_instance_that_does_not_exist():
    service = FlowService().on("ListInstances", {"InstanceSummaryList": []})
    result = flow(service, check_mode=True, instance="poc", content=CONTENT)
    assert result["changed"] and result["contact_flow"]["status"] == "PUBLISHED"
    assert service.operations() == ["ListInstances"]


def test_info_returns_one_or_all():
    service = FlowService(saved=OTHER_TEXT)
    one = run_module("connect_contact_flow_info", service, instance=INSTANCE_ID, name="Main")
    every = run_module("connect_contact_flow_info", service, instance=INSTANCE_ID)
    assert one["contact_flows"] == every["contact_flows"]
    assert one["contact_flows"][0]["content"] == CONTENT
    draft = run_module("connect_contact_flow_info", service, instance=INSTANCE_ID, name="Main", status="SAVED")
    assert draft["contact_flows"][0]["content"] == OTHER
    assert draft["contact_flows"][0]["status"] == "SAVED"
    assert run_module("connect_contact_flow_info", service, instance=INSTANCE_ID, name="None")["contact_flows"] == []
