# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditions that only users can be searched by: their hierarchy group and their proficiencies (service model)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from .errors import ConnectError
from .operations import user_hierarchy
from .search import Field
from .search import Leaf
from .search import check_string
from .search import string_fits
from .state import Instance
from .state import Record

MOST_TAG_CONDITIONS = 25
MOST_GROUP_CONDITIONS = 20
_PROFICIENCY_FIELDS: dict[str, Field] = {
    "name": lambda item: item["AttributeName"],
    "value": lambda item: item["AttributeValue"],
}
# Which of MinValue and MaxValue a comparison takes, and that the ends belong to a range, is inferred.
_COMPARISONS: dict[str, Callable[[float, Any, Any], bool]] = {
    "GREATER_OR_EQUAL": lambda level, low, _high: level >= low,
    "GREATER": lambda level, low, _high: level > low,
    "LESSER_OR_EQUAL": lambda level, _low, high: level <= high,
    "LESSER": lambda level, _low, high: level < high,
    "EQUAL": lambda level, low, _high: level == low,
    "NOT_EQUAL": lambda level, low, _high: level != low,
    "RANGE": lambda level, low, high: low <= level <= high,
}
_BOUNDS = {"LESSER_OR_EQUAL": ("MaxValue",), "LESSER": ("MaxValue",), "RANGE": ("MinValue", "MaxValue")}


def leaves(instance: Instance) -> dict[str, Leaf]:
    """Return the conditions by member of UserSearchCriteria and of UserAttributeFilter."""

    def in_group(user: Record, condition: Mapping[str, Any]) -> bool:
        """A group that does not exist has no users; without a match type the group itself is meant (inferred)."""
        path = [group.id for group in user_hierarchy.path(instance, user.data["HierarchyGroupId"])]
        fitting = path if condition.get("HierarchyGroupMatchType") == "WITH_CHILD_GROUPS" else path[-1:]
        return condition.get("Value") in fitting

    return {
        "HierarchyGroupCondition": Leaf(check=lambda condition: None, fits=in_group),
        "ListCondition": Leaf(check=_check_list, fits=_has_proficiency),
    }


def check_attribute_filter(chosen: Mapping[str, Any]) -> None:
    """Refuse more than one field, and more conditions than the model's text allows (the error is inferred)."""
    if len(chosen) > 1:
        raise ConnectError("InvalidParameterException", "UserAttributeFilter takes only one field")
    parts = [chosen, chosen.get("AndCondition") or {}, *(chosen.get("OrConditions") or [])]
    tags = sum(len(part.get("TagConditions") or []) for part in parts)
    groups = sum("HierarchyGroupCondition" in part for part in parts)
    if tags > MOST_TAG_CONDITIONS or groups > MOST_GROUP_CONDITIONS:
        message = f"At most {MOST_TAG_CONDITIONS} tag and {MOST_GROUP_CONDITIONS} hierarchy group conditions are taken"
        raise ConnectError("InvalidParameterException", message)


def _check_list(condition: Mapping[str, Any]) -> None:
    if "TargetListType" not in condition:
        # Inferred, as are the other refusals here.
        raise ConnectError("InvalidParameterException", "A ListCondition needs its TargetListType")
    for part in condition.get("Conditions") or []:
        if "StringCondition" in part:
            check_string(part["StringCondition"], _PROFICIENCY_FIELDS)
        if "NumberCondition" in part:
            _check_number(part["NumberCondition"])


def _check_number(condition: Mapping[str, Any]) -> None:
    name = condition.get("FieldName", "")
    if name.lower() != "limit":
        raise ConnectError("InvalidParameterException", f"Search field {name} is not supported")
    comparison = condition.get("ComparisonType", "EQUAL")
    for bound in _BOUNDS.get(comparison, ("MinValue",)):
        if bound not in condition:
            raise ConnectError("InvalidParameterException", f"{comparison} needs {bound}")


def _has_proficiency(user: Record, condition: Mapping[str, Any]) -> bool:
    """One proficiency must fit all conditions (inferred)."""
    conditions = condition.get("Conditions") or []
    return any(all(_proficiency_fits(part, item) for part in conditions) for item in user.data["_proficiencies"])


def _proficiency_fits(condition: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    if "StringCondition" in condition and not string_fits(condition["StringCondition"], item, _PROFICIENCY_FIELDS):
        return False
    number = condition.get("NumberCondition")
    if number is None:
        return True
    compare = _COMPARISONS[number.get("ComparisonType", "EQUAL")]
    return compare(item["Level"], number.get("MinValue"), number.get("MaxValue"))
