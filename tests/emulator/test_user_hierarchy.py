# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The users' hierarchy (connect-api 4.2)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import Defaults
from .objects_kit import ids
from .objects_kit import refused


@pytest.fixture
def create(connect, instance):
    """Create a group in a hierarchy of two levels and return its id."""
    connect.update_user_hierarchy_structure(
        InstanceId=instance,
        HierarchyStructure={"LevelOne": {"Name": "Country"}, "LevelTwo": {"Name": "Team"}},
    )

    def run(name="Germany", **more):
        return connect.create_user_hierarchy_group(InstanceId=instance, Name=name, **more)["HierarchyGroupId"]

    return run


def test_structure_keeps_the_ids_of_levels_that_stay(connect, instance, create):
    before = connect.describe_user_hierarchy_structure(InstanceId=instance)["HierarchyStructure"]
    assert {name: level["Name"] for name, level in before.items()} == {"LevelOne": "Country", "LevelTwo": "Team"}
    connect.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Region"}})
    after = connect.describe_user_hierarchy_structure(InstanceId=instance)["HierarchyStructure"]
    assert list(after) == ["LevelOne"]
    assert (after["LevelOne"]["Id"], after["LevelOne"]["Name"]) == (before["LevelOne"]["Id"], "Region")


def test_levels_without_gap(connect, instance):
    update = connect.update_user_hierarchy_structure
    gap = {"LevelOne": {"Name": "Country"}, "LevelThree": {"Name": "Team"}}
    refused("InvalidParameterException", update, InstanceId=instance, HierarchyStructure=gap)


def test_names_have_50_or_100_characters_at_most(connect, instance, create):
    structure, rename = connect.update_user_hierarchy_structure, connect.update_user_hierarchy_group_name
    structure(InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "n" * 50}})
    too_long = {"LevelOne": {"Name": "n" * 51}}
    refused("InvalidParameterException", structure, InstanceId=instance, HierarchyStructure=too_long)
    group = create("n" * 100)
    refused("InvalidParameterException", create, name="n" * 101)
    refused("InvalidParameterException", rename, InstanceId=instance, HierarchyGroupId=group, Name="n" * 101)


def test_names_have_a_character_at_least(connect, instance, create):
    structure, rename = connect.update_user_hierarchy_structure, connect.update_user_hierarchy_group_name
    group = create()
    refused("InvalidParameterException", structure, InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": ""}})
    refused("InvalidParameterException", create, name="")
    refused("InvalidParameterException", rename, InstanceId=instance, HierarchyGroupId=group, Name="")


def test_two_levels_of_one_name_are_refused(connect, instance, create):
    structure = connect.update_user_hierarchy_structure
    twice = {"LevelOne": {"Name": "Region"}, "LevelTwo": {"Name": "Region"}}
    refused("InvalidParameterException", structure, InstanceId=instance, HierarchyStructure=twice)
    levels = connect.describe_user_hierarchy_structure(InstanceId=instance)["HierarchyStructure"]
    assert [level["Name"] for level in levels.values()] == ["Country", "Team"]
    # Names may change places.
    swapped = {"LevelOne": {"Name": "Team"}, "LevelTwo": {"Name": "Country"}}
    structure(InstanceId=instance, HierarchyStructure=swapped)


def test_quota_of_500_groups_is_a_limit_error(create):
    parent = create()
    for number in range(499):
        create(f"Team {number}", ParentGroupId=parent)
    refused("LimitExceededException", create, name="One more")


def test_level_with_groups_is_in_use(connect, instance, create):
    create()
    update = connect.update_user_hierarchy_structure
    refused("ResourceInUseException", update, InstanceId=instance, HierarchyStructure={})


def test_group_is_described_with_its_path(connect, instance, create):
    parent = create()
    child = create("Sales", ParentGroupId=parent, Tags={"a": "b"})
    group = connect.describe_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=child)["HierarchyGroup"]
    assert (group["Name"], group["Tags"]) == ("Sales", {"a": "b"})
    assert group["Arn"].endswith(f"instance/{instance}/agent-group/{child}")
    assert {name: item["Id"] for name, item in group["HierarchyPath"].items()} == {
        "LevelOne": parent,
        "LevelTwo": child,
    }
    listed = connect.list_user_hierarchy_groups(InstanceId=instance)["UserHierarchyGroupSummaryList"]
    assert ids(listed) == {"Germany": parent, "Sales": child}


def test_group_needs_a_level(create):
    child = create("Sales", ParentGroupId=create())
    refused("InvalidRequestException", create, name="Day shift", ParentGroupId=child)


def test_same_name_below_one_parent_is_a_duplicate(connect, instance, create):
    parent = create()
    create("Germany", ParentGroupId=parent)
    refused("DuplicateResourceException", create)
    other = create("France")
    rename = connect.update_user_hierarchy_group_name
    refused("DuplicateResourceException", rename, InstanceId=instance, HierarchyGroupId=other, Name="Germany")
    rename(InstanceId=instance, HierarchyGroupId=other, Name="Italy")
    assert "Italy" in ids(connect.list_user_hierarchy_groups(InstanceId=instance)["UserHierarchyGroupSummaryList"])


def test_group_with_groups_or_users_is_in_use(connect, instance, create):
    parent = create()
    child = create("Sales", ParentGroupId=parent)
    delete = connect.delete_user_hierarchy_group
    refused("ResourceInUseException", delete, InstanceId=instance, HierarchyGroupId=parent)
    user = connect.create_user(InstanceId=instance, **Defaults(connect, instance).user(HierarchyGroupId=child))[
        "UserId"
    ]
    refused("ResourceInUseException", delete, InstanceId=instance, HierarchyGroupId=child)
    connect.update_user_hierarchy(InstanceId=instance, UserId=user)
    delete(InstanceId=instance, HierarchyGroupId=child)
    delete(InstanceId=instance, HierarchyGroupId=parent)
    refused("ResourceNotFoundException", delete, InstanceId=instance, HierarchyGroupId=UNKNOWN)


@pytest.mark.parametrize(
    ("field", "comparison", "value", "names"),
    [
        ("name", "STARTS_WITH", "ger", ["Germany"]),
        ("name", "CONTAINS", "al", ["Sales", "Italy"]),
        ("name", "EXACT", "sales", []),
        ("parentId", "EXACT", "parent", ["Sales"]),
        ("levelId", "EXACT", "level", ["Germany", "Italy"]),
        ("resourceID", "EXACT", "parent", ["Germany"]),
    ],
)
def test_groups_are_searched(connect, instance, create, field, comparison, value, names):
    parent = create()
    create("Sales", ParentGroupId=parent)
    create("Italy")
    levels = connect.describe_user_hierarchy_structure(InstanceId=instance)["HierarchyStructure"]
    value = {"parent": parent, "level": levels["LevelOne"]["Id"]}.get(value, value)
    condition = {"StringCondition": {"FieldName": field, "ComparisonType": comparison, "Value": value}}
    answer = connect.search_user_hierarchy_groups(InstanceId=instance, SearchCriteria=condition)
    assert [group["Name"] for group in answer["UserHierarchyGroups"]] == names
    assert answer["ApproximateTotalCount"] == len(names)


def test_search_shows_groups_as_describe_does(connect, instance, create):
    parent = create(Tags={"team": "a"})
    create("Sales", ParentGroupId=parent)
    pages = list(
        connect.get_paginator("search_user_hierarchy_groups").paginate(
            InstanceId=instance, PaginationConfig={"PageSize": 1}
        )
    )
    found = [group for page in pages for group in page["UserHierarchyGroups"]]
    assert len(pages) == len(found) == 2
    for group in found:
        shown = connect.describe_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=group["Id"])
        assert group == shown["HierarchyGroup"]
    tagged = connect.search_user_hierarchy_groups(
        InstanceId=instance,
        SearchFilter={"AttributeFilter": {"TagCondition": {"TagKey": "team", "TagValue": "a"}}},
    )
    assert [group["Id"] for group in tagged["UserHierarchyGroups"]] == [parent]


def test_unknown_search_field_of_groups(connect, instance):
    condition = {"StringCondition": {"FieldName": "colour", "ComparisonType": "EXACT", "Value": "red"}}
    search = connect.search_user_hierarchy_groups
    refused("InvalidParameterException", search, InstanceId=instance, SearchCriteria=condition)
