# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query options of a list request: $filter, $orderby, $top, $skip, $count (sap-cti 2.2).

The filter language is the part of OData that its users are known to send: comparisons joined by ``and``. Anything
else is refused, so that a client never takes an unfiltered list for a filtered one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

OPTIONS = {"$filter", "$orderby", "$top", "$skip", "$count"}
DEFAULT_TOP = 100  # inferred
MAXIMUM_TOP = 1000  # inferred
FILTERABLE = {"id", "externalId.displayId", "adminData.createdOn", "adminData.updatedOn"}
TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_][\w./]*)|(?P<other>\S))", re.ASCII)
COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "ne": lambda value, wanted: value != wanted,
    "gt": lambda value, wanted: value > wanted,
    "ge": lambda value, wanted: value >= wanted,
    "lt": lambda value, wanted: value < wanted,
    "le": lambda value, wanted: value <= wanted,
}


class BadQuery(Exception):
    """A query option that cannot be understood; ``target`` names it."""

    def __init__(self, target: str, message: str) -> None:
        super().__init__(message)
        self.target = target


def select(records: list[dict[str, Any]], options: dict[str, list[str]]) -> tuple[int, list[dict[str, Any]]]:
    """Return how many records fit, and the page of them that was asked for.

    :raises BadQuery: for an unknown option or a value that is not understood
    """
    for name, values in options.items():
        if name not in OPTIONS:
            raise BadQuery(name, f"Query option {name} is not supported.")
        if len(values) > 1:
            raise BadQuery(name, f"Query option {name} is given more than once.")
    given = {name: values[0] for name, values in options.items()}
    if "$filter" in given:
        fits = parse_filter(given["$filter"])
        records = [record for record in records if fits(record)]
    if "$orderby" in given:
        records = _ordered(records, given["$orderby"])
    skip = _number(given, "$skip", 0, None)
    top = _number(given, "$top", DEFAULT_TOP, MAXIMUM_TOP)
    if given.get("$count", "true") not in ("true", "false"):
        raise BadQuery("$count", "$count is true or false.")
    return len(records), records[skip : skip + top]


def parse_filter(text: str) -> Callable[[dict[str, Any]], bool]:
    """Return a predicate for a filter like ``externalId.displayId eq 'it''s'``.

    :raises BadQuery: when it is not comparisons of known fields with quoted texts, joined by ``and``
    """
    tokens = list(_tokens(text))
    comparisons = []
    while True:
        if len(tokens) < 3:
            raise BadQuery("$filter", "Filter expression is incomplete.")
        (kind, field), (_unused, operator), (value_kind, value) = tokens[:3]
        field = field.replace("/", ".")
        if kind != "word" or field not in FILTERABLE:
            raise BadQuery("$filter", f"Property {field} cannot be used in $filter.")
        if operator not in COMPARISONS:
            raise BadQuery("$filter", f"Operator {operator} is not supported.")
        if value_kind != "text":
            raise BadQuery("$filter", f"A quoted text is expected after {field} {operator}.")
        comparisons.append((field, COMPARISONS[operator], value[1:-1].replace("''", "'")))
        if len(tokens) == 3:
            break
        if tokens[3] != ("word", "and"):
            raise BadQuery("$filter", f"Unexpected {tokens[3][1]} in the filter expression.")
        tokens = tokens[4:]

    def fits(record: dict[str, Any]) -> bool:
        for field, compare, wanted in comparisons:
            value = member(record, field)
            if value is None or not compare(str(value), wanted):
                return False
        return True

    return fits


def member(record: dict[str, Any], path: str) -> Any:
    """Return the member at a dotted path, None when there is none."""
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = TOKEN.match(text, position)
        if found.lastgroup == "other":
            raise BadQuery("$filter", f"Unexpected {found.group('other')} at position {found.start('other')}.")
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        position = found.end()
    return tokens


def _ordered(records: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    field, _unused, direction = text.strip().partition(" ")
    field = field.replace("/", ".")
    if field not in FILTERABLE or direction.strip() not in ("", "asc", "desc"):
        raise BadQuery("$orderby", f"$orderby {text} is not supported.")
    return sorted(records, key=lambda record: str(member(record, field) or ""), reverse=direction.strip() == "desc")


def _number(given: dict[str, str], name: str, default: int, maximum: int | None) -> int:
    text = given.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise BadQuery(name, f"{name} is not a whole number.")
    return int(text) if maximum is None else min(int(text), maximum)
