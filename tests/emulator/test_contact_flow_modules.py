# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flow modules (connect-api 0.2, 13; the rest is inferred)."""

from __future__ import annotations

import hashlib
import json

import pytest

from .call_site import END
from .call_site import action
from .call_site import document
from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused

BACK = action("back", "EndFlowModuleExecution")
SETTINGS = json.dumps({"resultData": {}, "transitions": {"results": [{"name": "Found", "description": ""}]}})


def content(text="Hello"):
    return document(action("hello", "MessageParticipant", "back", Text=text), BACK)


INVALID = document(action("hello", "Say", "nowhere"))


@pytest.fixture
def create(connect, instance):
    def run(name="Lookup", **more):
        return connect.create_contact_flow_module(InstanceId=instance, Name=name, **{"Content": content(), **more})

    return run


@pytest.fixture
def describe(connect, instance):
    def run(module, suffix=""):
        answer = connect.describe_contact_flow_module(InstanceId=instance, ContactFlowModuleId=module + suffix)
        return answer["ContactFlowModule"]

    return run


@pytest.fixture
def update(connect, instance):
    def run(module, what="content", **more):
        call = getattr(connect, f"update_contact_flow_module_{what}")
        return call(InstanceId=instance, ContactFlowModuleId=module, **more)

    return run


def test_module_is_published_as_it_is_created(instance, create, describe):
    created = create(Description="Asks the shop", Tags={"team": "a"}, Settings=SETTINGS)
    assert created["Arn"].endswith(f":instance/{instance}/flow-module/{created['Id']}")
    for reference in (created["Id"], created["Arn"]):
        assert describe(reference) == {
            "Id": created["Id"],
            "Arn": created["Arn"],
            "Name": "Lookup",
            "Description": "Asks the shop",
            "Content": content(),
            "Settings": SETTINGS,
            "State": "ACTIVE",
            "Status": "PUBLISHED",
            "FlowModuleContentSha256": hashlib.sha256(content().encode()).hexdigest(),
            "Tags": {"team": "a"},
        }


def test_invalid_content_is_refused_with_its_problems(connect, instance, create):
    answer = refused("InvalidContactFlowModuleException", create, Content=INVALID)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert any(problem["message"].startswith("Invalid Action type. ") for problem in answer["Problems"])
    assert connect.list_contact_flow_modules(InstanceId=instance)["ContactFlowModulesSummaryList"] == []


def test_content_is_that_of_a_module(create):
    create(Content=document(END))
    invoke = action("a", "InvokeFlowModule", "end", FlowModuleId=UNKNOWN, errors={"NoMatchingError": "end"})
    answer = refused("InvalidContactFlowModuleException", create, name="Other", Content=document(invoke, END))
    assert "InvokeFlowModule is not supported in a flow module" in answer["Problems"][0]["message"]


@pytest.mark.parametrize("settings", ["", "{", "[]"])
def test_settings_are_a_json_object(create, settings):
    refused("InvalidParameterException", create, Settings=settings)


def test_names_are_unique(create, update):
    first = create()["Id"]
    refused("DuplicateResourceException", create)
    other = create("Other")["Id"]
    refused("DuplicateResourceException", update, module=other, what="metadata", Name="Lookup")
    update(first, "metadata", Name="Lookup", Description="Same name")


@pytest.mark.full
def test_two_hundred_modules_at_most(create):
    for number in range(200):
        create(f"Module {number}")
    answer = refused("LimitExceededException", create, name="One more")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_repeated_token_makes_no_second_module(connect, instance, create):
    first = create(ClientToken="token")
    assert create(ClientToken="token")["Id"] == first["Id"]
    refused("IdempotencyException", create, name="Other", ClientToken="token")
    assert len(connect.list_contact_flow_modules(InstanceId=instance)["ContactFlowModulesSummaryList"]) == 1


def test_update_publishes_and_with_the_suffix_keeps_a_draft(create, describe, update):
    module = create(Settings=SETTINGS)["Id"]
    update(module + ":$SAVED", Content=INVALID, Settings="{}")
    published, draft = describe(module), describe(module, ":$SAVED")
    assert (published["Content"], published["Settings"], published["Status"]) == (content(), SETTINGS, "PUBLISHED")
    assert (draft["Content"], draft["Settings"], draft["Status"]) == (INVALID, "{}", "SAVED")
    refused("InvalidContactFlowModuleException", update, module=module, Content=INVALID)
    update(module, Content=content("Bye"))
    for suffix in ("", ":$SAVED"):
        shown = describe(module, suffix)
        assert (shown["Content"], shown["Settings"], shown["Status"]) == (content("Bye"), "{}", "PUBLISHED")
    assert describe(module)["FlowModuleContentSha256"] != published["FlowModuleContentSha256"]


def test_draft_alone_is_neither_renamed_nor_deleted(connect, instance, create, describe, update):
    module = create()["Id"]
    draft = module + ":$SAVED"
    refused("ResourceNotFoundException", update, module=draft, what="metadata", Name="New")
    delete = connect.delete_contact_flow_module
    refused("ResourceNotFoundException", delete, InstanceId=instance, ContactFlowModuleId=draft)
    assert describe(module)["Name"] == "Lookup"


def test_metadata_left_out_stays(create, describe, update):
    module = create(Description="Old")["Id"]
    update(module, "metadata", Name="New")
    update(module, "metadata", State="ARCHIVED")
    shown = describe(module)
    assert (shown["Name"], shown["Description"], shown["State"]) == ("New", "Old", "ARCHIVED")


def test_modules_are_listed_by_state_and_in_pages(connect, instance, create, update):
    modules = {name: create(name)["Id"] for name in ("a", "b", "c")}
    update(modules["b"], "metadata", State="ARCHIVED")
    listed = connect.list_contact_flow_modules(InstanceId=instance)["ContactFlowModulesSummaryList"]
    assert ids(listed) == modules
    archived = connect.list_contact_flow_modules(InstanceId=instance, ContactFlowModuleState="ARCHIVED")
    assert [item["Name"] for item in archived["ContactFlowModulesSummaryList"]] == ["b"]
    pages = connect.get_paginator("list_contact_flow_modules").paginate(
        InstanceId=instance, PaginationConfig={"PageSize": 1}
    )
    assert [[item["Name"] for item in page["ContactFlowModulesSummaryList"]] for page in pages] == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["shop", "stock"]),
        ({"SearchCriteria": {"StateCondition": "ARCHIVED"}}, ["stock"]),
        ({"SearchCriteria": {"StatusCondition": "SAVED"}}, []),
        (
            {"SearchCriteria": {"AndConditions": [{"StateCondition": "ACTIVE"}, {"StatusCondition": "PUBLISHED"}]}},
            ["shop"],
        ),
        (
            {"SearchCriteria": {"StringCondition": {"FieldName": "name", "ComparisonType": "EXACT", "Value": "shop"}}},
            ["shop"],
        ),
        (
            {
                "SearchCriteria": {
                    "StringCondition": {"FieldName": "description", "ComparisonType": "CONTAINS", "Value": "ask"}
                }
            },
            ["stock"],
        ),
        ({"SearchFilter": {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "a"}}}}, ["shop"]),
    ],
)
def test_modules_are_searched(connect, instance, create, update, query, names):
    create("shop", Tags={"team": "a"})
    update(create("stock", Description="Asks SAP")["Id"], "metadata", State="ARCHIVED")
    answer = connect.search_contact_flow_modules(InstanceId=instance, **query)
    assert [module["Name"] for module in answer["ContactFlowModules"]] == names
    assert answer["ApproximateTotalCount"] == len(names)
    assert not any("Content" in module for module in answer["ContactFlowModules"])


def test_tags(connect, create, describe):
    created = create(Tags={"a": "1"})
    connect.tag_resource(resourceArn=created["Arn"], tags={"b": "2"})
    connect.untag_resource(resourceArn=created["Arn"], tagKeys=["a"])
    assert describe(created["Id"])["Tags"] == {"b": "2"}


def test_deleted_module_is_gone(connect, instance, create, describe, update):
    created = create()
    connect.delete_contact_flow_module(InstanceId=instance, ContactFlowModuleId=created["Id"])
    refused("ResourceNotFoundException", describe, module=created["Id"])
    refused("ResourceNotFoundException", update, module=created["Id"], Content=content())
    refused("ResourceNotFoundException", update, module=created["Id"], what="metadata", Name="x")
    refused("ResourceNotFoundException", connect.list_tags_for_resource, resourceArn=created["Arn"])
    delete = connect.delete_contact_flow_module
    refused("ResourceNotFoundException", delete, InstanceId=instance, ContactFlowModuleId=created["Id"])
    create()


def test_young_module_is_not_found_until_the_lag_has_passed(emulator, create, describe):
    emulator.settings.lag = 5.0
    module = create()["Id"]
    refused("ResourceNotFoundException", describe, module=module)
    emulator.advance(5)
    assert describe(module)["Id"] == module


def test_versions_are_not_there(create, describe):
    refused("ResourceNotFoundException", describe, module=create()["Id"], suffix=":1")


def test_flows_invoke_modules_by_id_and_arn(connect, instance, create):
    created = create()
    for number, reference in enumerate((created["Id"], created["Arn"])):
        invoke = action("a", "InvokeFlowModule", "end", FlowModuleId=reference, errors={"NoMatchingError": "end"})
        connect.create_contact_flow(
            InstanceId=instance, Name=f"Flow {number}", Type="CONTACT_FLOW", Content=document(invoke, END)
        )


def test_queue_of_a_module_is_in_use(connect, instance, create):
    queue = connect.create_queue(
        InstanceId=instance, Name="Sales", HoursOfOperationId=Defaults(connect, instance).hours
    )["QueueId"]
    errors = {"NoMatchingError": "back"}
    module = create(
        Content=document(action("a", "UpdateContactTargetQueue", "back", QueueId=queue, errors=errors), BACK)
    )
    answer = refused("ResourceInUseException", connect.delete_queue, InstanceId=instance, QueueId=queue)
    assert answer["ResourceId"] == module["Arn"]
    connect.delete_contact_flow_module(InstanceId=instance, ContactFlowModuleId=module["Id"])
    connect.delete_queue(InstanceId=instance, QueueId=queue)
