# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SearchCriteria and SearchFilter of the Search operations (connect-api 4.2, 8)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from .errors import ConnectError

# A field of a record as text, or as several texts of which one must fit.
Field = Callable[[Any], str | list[str] | None]

_CONTAINS_LENGTH = (2, 25)
_UNKNOWN_CONDITIONS = {"HierarchyGroupCondition", "ListCondition"}
_GROUPS = ("OrConditions", "AndConditions")


def search(
    records: list[Any],
    request: Mapping[str, Any],
    fields: Mapping[str, Field],
    conditions: Mapping[str, str] | None = None,
) -> list[Any]:
    """Return the records that fit SearchCriteria and SearchFilter.

    :param fields: the searchable fields by name, names compared without case (inferred)
    :param conditions: members of SearchCriteria that a property of the record must equal, with the property's name
    :raises ConnectError: InvalidParameterException for an unknown field or a CONTAINS value of not 2 to 25 characters
    """
    criteria = request.get("SearchCriteria") or {}
    chosen = request.get("SearchFilter") or {}
    known = {name.lower(): field for name, field in fields.items()}
    _check(criteria, known)
    tag_filter = chosen.get("TagFilter") or chosen.get("AttributeFilter") or chosen.get("UserAttributeFilter") or {}
    _check_filter(tag_filter)
    equal = conditions or {}
    return [
        record for record in records if _fits(criteria, record, known, equal) and _tags_fit(tag_filter, record.tags)
    ]


def _check(criteria: Mapping[str, Any], known: Mapping[str, Field]) -> None:
    for member in _UNKNOWN_CONDITIONS & criteria.keys():
        raise ConnectError("NotImplementedException", f"The emulator does not search by {member}.")
    for group in _GROUPS:
        for part in criteria.get(group) or []:
            _check(part, known)
    condition = criteria.get("StringCondition")
    if not condition:
        return
    name = condition.get("FieldName", "")
    if name.lower() not in known:
        raise ConnectError("InvalidParameterException", f"Search field {name} is not supported")
    shortest, longest = _CONTAINS_LENGTH
    if condition.get("ComparisonType") == "CONTAINS" and not shortest <= len(condition.get("Value", "")) <= longest:
        raise ConnectError("InvalidParameterException", f"A CONTAINS value has {shortest} to {longest} characters")


def _check_filter(tag_filter: Mapping[str, Any]) -> None:
    parts = [tag_filter, tag_filter.get("AndCondition") or {}, *(tag_filter.get("OrConditions") or [])]
    if any("HierarchyGroupCondition" in part for part in parts):
        raise ConnectError("NotImplementedException", "The emulator does not filter by HierarchyGroupCondition.")


def _fits(criteria: Mapping[str, Any], record: Any, known: Mapping[str, Field], equal: Mapping[str, str]) -> bool:
    parts = [record.data[name] == criteria[member] for member, name in equal.items() if criteria.get(member)]
    if criteria.get("OrConditions"):
        parts.append(any(_fits(part, record, known, equal) for part in criteria["OrConditions"]))
    if criteria.get("AndConditions"):
        parts.append(all(_fits(part, record, known, equal) for part in criteria["AndConditions"]))
    if criteria.get("StringCondition"):
        parts.append(_string_fits(criteria["StringCondition"], record, known))
    return all(parts)


def _string_fits(condition: Mapping[str, Any], record: Any, known: Mapping[str, Field]) -> bool:
    found = known[condition["FieldName"].lower()](record)
    values = found if isinstance(found, list) else [found or ""]
    wanted = condition.get("Value", "")
    kind = condition.get("ComparisonType", "EXACT")
    if kind == "EXACT":
        return wanted in values
    # Partial matches ignore case (inferred).
    lowered = [value.lower() for value in values]
    if kind == "STARTS_WITH":
        return any(value.startswith(wanted.lower()) for value in lowered)
    return any(wanted.lower() in value for value in lowered)


def _tags_fit(tag_filter: Mapping[str, Any], tags: Mapping[str, str]) -> bool:
    parts = []
    if tag_filter.get("OrConditions"):
        parts.append(any(_all_tags_fit(part, tags) for part in tag_filter["OrConditions"]))
    if tag_filter.get("AndConditions"):
        parts.append(_all_tags_fit(tag_filter["AndConditions"], tags))
    if tag_filter.get("AndCondition"):
        parts.append(_all_tags_fit(tag_filter["AndCondition"], tags))
    if tag_filter.get("TagCondition"):
        parts.append(_all_tags_fit([tag_filter["TagCondition"]], tags))
    return all(parts)


def _all_tags_fit(conditions: Any, tags: Mapping[str, str]) -> bool:
    # The users' and rules' filters wrap the list in an object.
    listed = conditions.get("TagConditions") or [] if isinstance(conditions, Mapping) else conditions
    return all(
        part.get("TagKey") in tags and part.get("TagValue", tags[part["TagKey"]]) == tags[part["TagKey"]]
        for part in listed
    )
