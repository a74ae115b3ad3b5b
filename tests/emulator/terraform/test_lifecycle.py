# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terraform makes, reads, changes, imports and destroys everything that its provider knows of Amazon Connect."""

from __future__ import annotations

from typing import Any

import pytest

from .tool import differences
from .tool import write_imports

STEPS = "Terraform steps"
MAIN = "aws_connect_instance.main"
INSTANCES = {MAIN, "aws_connect_instance.other"}
# What no update takes: the provider replaces the resource instead ("Forces new resource" in its documentation).
REPLACING = {
    "aws_connect_bot_association": {"lex_bot.lex_region", "lex_bot.name"},
    "aws_connect_contact_flow": {"type"},
    "aws_connect_instance": {"directory_id", "identity_management_type", "instance_alias"},
    "aws_connect_instance_storage_config": {"resource_type"},
    "aws_connect_lambda_function_association": {"function_arn"},
    # The service could change the description in place; the provider does not (connect-api 7).
    "aws_connect_phone_number": {"country_code", "description", "prefix", "type"},
    "aws_connect_security_profile": {"name"},
    "aws_connect_user": {"directory_user_id", "name"},
    "aws_connect_user_hierarchy_group": {"parent_group_id"},
    "aws_connect_vocabulary": {"content", "language_code", "name"},
}
# Updatable, with nothing to see of it: KMS is the only type of encryption, and a password is sent on creation only.
UNCHANGING = {
    "aws_connect_instance_storage_config": {
        "storage_config.kinesis_video_stream_config.encryption_config.encryption_type",
        "storage_config.s3_config.encryption_config.encryption_type",
    },
    "aws_connect_user": {"password"},
}
# What a data source leaves out by the provider's own doing: an alias it looks up in ListInstances, which has no tags.
UNTOLD = {"data.aws_connect_instance.main_by_alias": {"tags"}}
# How a client deletes what Terraform made, in an order that the references among them allow.
DELETIONS = {
    "aws_connect_quick_connect": ("delete_quick_connect", {"QuickConnectId": "quick_connect_id"}),
    "aws_connect_user": ("delete_user", {"UserId": "user_id"}),
    "aws_connect_routing_profile": ("delete_routing_profile", {"RoutingProfileId": "routing_profile_id"}),
    "aws_connect_queue": ("delete_queue", {"QueueId": "queue_id"}),
    "aws_connect_hours_of_operation": ("delete_hours_of_operation", {"HoursOfOperationId": "hours_of_operation_id"}),
    "aws_connect_contact_flow": ("delete_contact_flow", {"ContactFlowId": "contact_flow_id"}),
    "aws_connect_contact_flow_module": (
        "delete_contact_flow_module",
        {"ContactFlowModuleId": "contact_flow_module_id"},
    ),
    "aws_connect_security_profile": ("delete_security_profile", {"SecurityProfileId": "security_profile_id"}),
    "aws_connect_user_hierarchy_group": ("delete_user_hierarchy_group", {"HierarchyGroupId": "hierarchy_group_id"}),
    "aws_connect_instance_storage_config": (
        "disassociate_instance_storage_config",
        {"AssociationId": "association_id", "ResourceType": "resource_type"},
    ),
    "aws_connect_lambda_function_association": ("disassociate_lambda_function", {"FunctionArn": "function_arn"}),
    "aws_connect_vocabulary": ("delete_vocabulary", {"VocabularyId": "vocabulary_id"}),
}

LISTS = (
    "list_agent_statuses",
    "list_approved_origins",
    "list_contact_flow_modules",
    "list_contact_flows",
    "list_hours_of_operations",
    "list_lambda_functions",
    "list_lex_bots",
    "list_prompts",
    "list_queues",
    "list_quick_connects",
    "list_routing_profiles",
    "list_security_profiles",
    "list_user_hierarchy_groups",
    "list_users",
    "search_vocabularies",
)
STORED = ("AGENT_EVENTS", "CALL_RECORDINGS", "CONTACT_TRACE_RECORDS", "MEDIA_STREAMS")


def test_small_configuration(terraform, client, exercised):
    """An instance, hours and a queue: made, changed in place and destroyed, each time with nothing left to plan."""
    small = terraform("small")
    addresses = ["aws_connect_hours_of_operation.office", MAIN, "aws_connect_queue.sales"]
    small.create()
    assert small.plan().actions == {}
    change = small.plan(changed=True)
    assert change.actions == dict.fromkeys(addresses, ["update"])
    small.apply()
    assert small.plan(changed=True).actions == {}
    small.destroy(changed=True)
    assert client("connect").list_instances()["InstanceSummaryList"] == []
    for step in ("create", "plan nothing after creation", "change in place", "plan nothing after change", "destroy"):
        for address in addresses:
            exercised.add(STEPS, f"small: {step} {address}")


@pytest.mark.full
def test_whole_configuration(terraform, inputs, client, exercised):
    """Every resource and data source: made, changed in every property, deleted by others, imported, destroyed."""
    connect = client("connect")
    whole = terraform("everything", **inputs)

    def count(step: str, addresses: Any) -> None:
        for address in addresses:
            exercised.add(STEPS, f"{step} {address}")

    schemas = whole.schemas()
    whole.create()
    resources, twins = made(whole.state())
    assert {kind_of(address) for address in resources} == connect_kinds(schemas["resource_schemas"])
    assert {kind_of(address) for address in twins} == connect_kinds(schemas["data_source_schemas"])
    count("create", resources)
    assert_twins_agree(resources, twins)
    count("read", twins)
    assert whole.plan().actions == {}
    count("plan nothing after creation", resources)

    change = whole.plan(changed=True)
    assert set(map(tuple, change.actions.values())) == {("update",)}
    assert_every_property_changes(change, schemas["resource_schemas"])
    whole.apply()
    count("change in place", change.actions)
    changed_resources, twins = made(whole.state())
    assert {address: item["id"] for address, item in changed_resources.items()} == {
        address: item["id"] for address, item in resources.items()
    }
    assert_twins_agree(changed_resources, twins)
    count("read after change", twins)
    assert whole.plan(changed=True).actions == {}
    count("plan nothing after change", resources)

    deleted = delete_behind_its_back(connect, changed_resources)
    plan = whole.plan(changed=True)
    created_again = {address for address, actions in plan.actions.items() if actions == ["create"]}
    assert created_again == deleted
    whole.apply()
    # A new queue is ENABLED, whatever is wanted: CreateQueue has no status, and the provider leaves it at that.
    late = whole.plan(changed=True)
    assert late.actions == {"aws_connect_queue.sales": ["update"]}
    assert late.changed_properties("aws_connect_queue.sales") == {"status": (["ENABLED"], ["DISABLED"])}
    whole.apply()
    assert whole.plan(changed=True).actions == {}
    count("notice deletion by others", deleted)

    # Of all kinds the id in the state is what an import takes.
    copy = terraform("everything", "imported", **inputs)
    resources, _twins = made(whole.state())
    write_imports(copy.folder / "imports.tf", {address: item["id"] for address, item in resources.items()})
    plan = copy.plan(changed=True, unread=False)
    assert plan.imported == set(resources)
    assert plan.actions == {}
    copy.apply()
    count("import", resources)
    assert copy.plan(changed=True, unread=False).actions == {}
    count("plan nothing after import", resources)

    copy.destroy(*sorted(set(resources) - INSTANCES), changed=True, unread=False)
    count("destroy", set(resources) - INSTANCES)
    left = [contents(connect, resources[address]["id"]) for address in sorted(INSTANCES)]
    assert left[0] == left[1]
    assert left[0]["list_queues"] == ["BasicQueue"]
    copy.destroy(changed=True, unread=False)
    assert connect.list_instances()["InstanceSummaryList"] == []
    assert connect.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"] == []
    count("destroy", INSTANCES)
    gone = whole.plan(changed=True)
    assert gone.actions == dict.fromkeys(resources, ["create"])
    count("notice deletion by others", INSTANCES)


def connect_kinds(schemas: dict[str, Any]) -> set[str]:
    return {kind for kind in schemas if kind.startswith("aws_connect_")}


def kind_of(address: str) -> str:
    return address.removeprefix("data.").partition(".")[0]


def made(state: dict[str, dict[str, Any]]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return resources and data sources of a state by address."""
    resources = {address: values for address, values in state.items() if not address.startswith("data.")}
    return resources, {address: values for address, values in state.items() if address not in resources}


def assert_twins_agree(resources: dict[str, dict[str, Any]], twins: dict[str, dict[str, Any]]) -> None:
    """A data source NAME_by_KEY says of the resource NAME what the resource says."""
    unlike = {}
    for address, values in twins.items():
        name, found, _key = address.removeprefix("data.").partition("_by_")
        if found:
            shared = values.keys() & resources[name].keys() - {"id"} - UNTOLD.get(address, set())
            there = {key: resources[name][key] for key in shared}
            unlike[address] = differences(there, {key: values[key] for key in shared})
    assert unlike == dict.fromkeys(unlike, {})


def assert_every_property_changes(plan: Any, schemas: dict[str, Any]) -> None:
    """Every property of every kind of resource changes in the plan, but for those that cannot."""
    seen: dict[str, set[str]] = {}
    for address in plan.actions:
        seen.setdefault(kind_of(address), set()).update(plan.changed_properties(address))
    for kind in connect_kinds(schemas):
        fixed = {"instance_id"} | REPLACING.get(kind, set()) | UNCHANGING.get(kind, set())
        assert settable(schemas[kind]["block"]) - fixed <= seen.get(kind, set()), kind


def settable(block: dict[str, Any], path: str = "") -> set[str]:
    """Return the paths of what a configuration can set in a block of a schema."""
    found = {
        f"{path}{name}"
        for name, attribute in block.get("attributes", {}).items()
        if (attribute.get("required") or attribute.get("optional")) and name not in ("id", "tags_all")
    }
    for name, inner in block.get("block_types", {}).items():
        found |= settable(inner["block"], f"{path}{name}.") if name != "timeouts" else set()
    return found


def delete_behind_its_back(connect: Any, resources: dict[str, dict[str, Any]]) -> set[str]:
    """Delete as another client everything that can be deleted by itself; return the addresses."""
    bot, number = "aws_connect_bot_association.orders", "aws_connect_phone_number.moving"
    deleted = {bot, number}
    (lex_bot,) = resources[bot]["lex_bot"]
    instance = resources[bot]["instance_id"]
    connect.disassociate_lex_bot(InstanceId=instance, BotName=lex_bot["name"], LexRegion=lex_bot["lex_region"])
    connect.release_phone_number(PhoneNumberId=resources[number]["id"])
    for kind, (operation, parameters) in DELETIONS.items():
        # Groups below others first.
        for address, values in sorted(resources.items(), key=lambda item: not item[1].get("parent_group_id")):
            if kind_of(address) == kind:
                members = {member: values[name] for member, name in parameters.items()}
                getattr(connect, operation)(InstanceId=values["instance_id"], **members)
                deleted.add(address)
    return deleted


def contents(connect: Any, instance: str) -> dict[str, list[str]]:
    """Return the names of everything in an instance by the operation that lists it."""
    pages = {name: connect.get_paginator(name).paginate(InstanceId=instance) for name in LISTS}
    for kind in STORED:
        operation = connect.get_paginator("list_instance_storage_configs")
        pages[kind] = operation.paginate(InstanceId=instance, ResourceType=kind)
    return {name: sorted(map(name_of, found.search(found.result_keys[0].expression))) for name, found in pages.items()}


def name_of(item: Any) -> str:
    """Return the name of a listed object; an ARN is its own name, and some have an id only."""
    return item if isinstance(item, str) else item.get("Name") or item.get("Id") or item["AssociationId"]
