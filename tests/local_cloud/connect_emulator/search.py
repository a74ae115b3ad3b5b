# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SearchCriteria and SearchFilter of the Search operations (connect-api 4.2, 8)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import ConnectError

# A field of a record as text, or as several texts of which one must fit.
Field = Callable[[Any], str | list[str] | None]

_CONTAINS_LENGTH = (2, 25)
_GROUPS = ("OrConditions", "AndConditions")
_FILTERS = ("TagFilter", "AttributeFilter", "UserAttributeFilter", "FlowAttributeFilter")


@dataclass(frozen=True)
class Leaf:
    """A condition that is no text, number or tag of the record: `check` raises when it is wrong."""

    check: Callable[[Mapping[str, Any]], None]
    fits: Callable[[Any, Mapping[str, Any]], bool]


def search(
    records: list[Any],
    request: Mapping[str, Any],
    fields: Mapping[str, Field],
    conditions: Mapping[str, str] | None = None,
    leaves: Mapping[str, Leaf] | None = None,
) -> list[Any]:
    """Return the records that fit SearchCriteria and SearchFilter.

    :param fields: the searchable fields by name, names compared without case (inferred)
    :param conditions: members of SearchCriteria that a property of the record must equal, with the property's name
    :param leaves: further conditions by their member of SearchCriteria or of a filter
    :raises ConnectError: InvalidParameterException for an unknown field or a CONTAINS value of not 2 to 25 characters
    """
    criteria = request.get("SearchCriteria") or {}
    chosen = request.get("SearchFilter") or {}
    known = {name.lower(): field for name, field in fields.items()}
    own = leaves or {}
    _check(criteria, known, own)
    filters = [chosen[name] for name in _FILTERS if name in chosen]
    equal = conditions or {}
    return [
        record
        for record in records
        if _fits(criteria, record, known, equal, own) and all(_filter_fits(item, record, own) for item in filters)
    ]


def _check(criteria: Mapping[str, Any], known: Mapping[str, Field], leaves: Mapping[str, Leaf]) -> None:
    for group in _GROUPS:
        for part in criteria.get(group) or []:
            _check(part, known, leaves)
    for member in leaves.keys() & criteria.keys():
        leaves[member].check(criteria[member])
    if criteria.get("StringCondition"):
        check_string(criteria["StringCondition"], known)


def check_string(condition: Mapping[str, Any], known: Mapping[str, Field]) -> None:
    """Refuse an unknown field, and a CONTAINS value that is too short or too long.

    :param known: the searchable fields by name in lower case
    """
    name = condition.get("FieldName", "")
    if name.lower() not in known:
        raise ConnectError("InvalidParameterException", f"Search field {name} is not supported")
    shortest, longest = _CONTAINS_LENGTH
    if condition.get("ComparisonType") == "CONTAINS" and not shortest <= len(condition.get("Value", "")) <= longest:
        raise ConnectError("InvalidParameterException", f"A CONTAINS value has {shortest} to {longest} characters")


def _fits(
    criteria: Mapping[str, Any],
    record: Any,
    known: Mapping[str, Field],
    equal: Mapping[str, str],
    leaves: Mapping[str, Leaf],
) -> bool:
    parts = [record.data[name] == criteria[member] for member, name in equal.items() if criteria.get(member)]
    if criteria.get("OrConditions"):
        parts.append(any(_fits(part, record, known, equal, leaves) for part in criteria["OrConditions"]))
    if criteria.get("AndConditions"):
        parts.append(all(_fits(part, record, known, equal, leaves) for part in criteria["AndConditions"]))
    if criteria.get("StringCondition"):
        parts.append(string_fits(criteria["StringCondition"], record, known))
    parts += _leaves_fit(criteria, record, leaves)
    return all(parts)


def string_fits(condition: Mapping[str, Any], record: Any, known: Mapping[str, Field]) -> bool:
    """Say whether a field of the record fits a condition that check_string() took."""
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


def _leaves_fit(part: Mapping[str, Any], record: Any, leaves: Mapping[str, Leaf]) -> list[bool]:
    return [leaf.fits(record, part[member]) for member, leaf in leaves.items() if member in part]


def _filter_fits(tag_filter: Mapping[str, Any], record: Any, leaves: Mapping[str, Leaf]) -> bool:
    parts = _leaves_fit(tag_filter, record, leaves)
    if tag_filter.get("OrConditions"):
        parts.append(any(_all_fit(part, record, leaves) for part in tag_filter["OrConditions"]))
    if tag_filter.get("AndConditions"):
        parts.append(_all_fit(tag_filter["AndConditions"], record, leaves))
    if tag_filter.get("AndCondition"):
        parts.append(_all_fit(tag_filter["AndCondition"], record, leaves))
    if tag_filter.get("TagCondition"):
        parts.append(_all_fit([tag_filter["TagCondition"]], record, leaves))
    return all(parts)


def _all_fit(conditions: Any, record: Any, leaves: Mapping[str, Leaf]) -> bool:
    # The users' and rules' filters wrap the list in an object.
    wrapped = conditions if isinstance(conditions, Mapping) else {"TagConditions": conditions}
    tags, listed = record.tags, wrapped.get("TagConditions") or []
    return all(_leaves_fit(wrapped, record, leaves)) and all(
        part.get("TagKey") in tags and part.get("TagValue", tags[part["TagKey"]]) == tags[part["TagKey"]]
        for part in listed
    )
