# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hypothesis strategies for requests that the service model allows, and the check of answers against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator
from hypothesis import strategies

from tests.local_cloud.connect_emulator.model import Operation
from tests.local_cloud.connect_emulator.validation import compile_pattern

UNKNOWN = "00000000-0000-4000-8000-000000000000"
LONGEST_TEXT = 40
LONGEST_LIST = 3
DEEPEST = 6
# Texts tried where a pattern asks for more than letters.
EXAMPLES = (
    "a",
    UNKNOWN,
    "+442079460958",
    "+44",
    "d-0123456789",
    "Passw0rd!",
    "a@b.example",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "s3://bucket/key",
    "eu-west-2",
    "12:30",
    "a" * 64,
    f"arn:aws:connect:eu-west-2:111111111111:instance/{UNKNOWN}",
)


class Requests:
    """Strategies for valid requests of operations.

    :param values: what a member of that name should rather be, most often: ids that exist, texts with a meaning
    :param always: names of members that are sent though the model does not require them
    """

    def __init__(self, values: dict[str, list[Any]], always: frozenset[str]) -> None:
        self._values = values
        self._always = always

    def of(self, operation: Operation) -> strategies.SearchStrategy[dict[str, Any]]:
        """Return a strategy for the input members of an operation."""
        if operation.model.input_shape is None:
            return strategies.just({})
        return self._structure(operation.model.input_shape, 0)

    def _value(self, name: str, shape: Shape, depth: int) -> strategies.SearchStrategy[Any]:
        generated = self._generated(name, shape, depth)
        known = [value for value in self._values.get(name, []) if _is_of(shape, value)]
        if not known:
            return generated
        # Most often what exists, so that most requests get further than to an unknown id.
        return strategies.sampled_from(range(8)).flatmap(
            lambda number: generated if number == 7 else strategies.sampled_from(known)
        )

    def _generated(self, name: str, shape: Shape, depth: int) -> strategies.SearchStrategy[Any]:
        kind, rules = shape.type_name, shape.metadata
        if kind == "structure":
            return self._structure(shape, depth + 1)
        if kind == "list":
            low = rules.get("min", 0)
            high = max(low, min(rules.get("max", LONGEST_LIST), LONGEST_LIST))
            return strategies.lists(self._value(_singular(name), shape.member, depth + 1), min_size=low, max_size=high)
        if kind == "map":
            low = rules.get("min", 0)
            high = max(low, min(rules.get("max", LONGEST_LIST), LONGEST_LIST))
            return strategies.dictionaries(
                _text(shape.key), self._value("", shape.value, depth + 1), min_size=low, max_size=high
            )
        if kind == "string":
            return _text(shape)
        if kind == "boolean":
            return strategies.booleans()
        if kind in ("integer", "long"):
            low = rules.get("min", 0)
            return strategies.integers(low, rules.get("max", low + 100))
        if kind in ("float", "double"):
            low = rules.get("min", 0)
            return strategies.floats(low, rules.get("max", low + 100), allow_nan=False)
        if kind == "timestamp":
            return strategies.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=strategies.just(UTC))
        raise NotImplementedError(f"{name} is a {kind}")

    def _structure(self, shape: Shape, depth: int) -> strategies.SearchStrategy[dict[str, Any]]:
        members = {
            name: strategies.deferred(lambda name=name, member=member: self._value(name, member, depth))
            for name, member in shape.members.items()
        }
        sent = [name for name in shape.members if name in shape.required_members or name in self._always]
        required = {name: members.pop(name) for name in sent}
        if depth > DEEPEST:
            members = {name: member for name, member in members.items() if shape.members[name].type_name == "string"}
        if shape.metadata.get("union"):
            return strategies.one_of(*(strategies.fixed_dictionaries({n: m}) for n, m in members.items()))
        return strategies.fixed_dictionaries(required, optional=members)


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _is_of(shape: Shape, value: Any) -> bool:
    """Tell whether the value, that has the right name, is what the shape takes."""
    rules = shape.metadata
    if shape.type_name == "structure":
        declared = isinstance(value, dict) and value.keys() <= shape.members.keys()
        return declared and not ParamValidator().validate(value, shape).has_errors()
    if shape.type_name == "list":
        return isinstance(value, list) and all(_is_of(shape.member, item) for item in value)
    if shape.type_name != "string" or not isinstance(value, str):
        return False
    return (
        rules.get("min", 0) <= len(value) <= rules.get("max", 10**9)
        and (not rules.get("enum") or value in rules["enum"])
        and bool(compile_pattern(rules.get("pattern", "(?s).*")).fullmatch(value))
    )


def _text(shape: Shape) -> strategies.SearchStrategy[str]:
    rules = shape.metadata
    if rules.get("enum"):
        return strategies.sampled_from(rules["enum"])
    low = rules.get("min", 0)
    high = max(low, min(rules.get("max", LONGEST_TEXT), LONGEST_TEXT))
    # An empty text in a path is another address.
    low = max(low, 1) if shape.serialization.get("location") == "uri" else low
    if "pattern" not in rules:
        return strategies.text(min_size=low, max_size=high)
    pattern = compile_pattern(rules["pattern"])
    fitting = [text for text in (*EXAMPLES, "a" * low) if _is_of(shape, text) and len(text) >= low]
    letters = strategies.text("abcXYZ019 -_.", min_size=low, max_size=high).filter(pattern.fullmatch)
    simple = all(pattern.fullmatch(text * max(low, 1)) for text in ("a", "Z"))
    return strategies.one_of(strategies.sampled_from(fitting), letters) if simple else strategies.sampled_from(fitting)


def faults(shape: Shape, document: Any, where: str) -> Iterator[str]:
    """Yield in words where the JSON of an answer is not what the model declares."""
    kind, rules = shape.type_name, shape.metadata
    wanted = {
        "structure": dict,
        "map": dict,
        "list": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "long": int,
        "float": (int, float),
        "double": (int, float),
        "timestamp": (int, float, str),
        "blob": str,
    }[kind]
    if not isinstance(document, wanted) or (isinstance(document, bool) and kind != "boolean"):
        yield f"{where} is no {kind} but {type(document).__name__}"
        return
    if kind == "structure":
        yield from _structure_faults(shape, document, where)
    elif kind == "list":
        for number, item in enumerate(document):
            yield from faults(shape.member, item, f"{where}[{number}]")
    elif kind == "map":
        for key, item in document.items():
            yield from faults(shape.value, item, f"{where}.{key}")
    elif rules.get("enum") and document not in rules["enum"]:
        yield f"{where} is {document}, none of {', '.join(rules['enum'])}"
    elif kind == "timestamp" and isinstance(document, str) and not re.match(r"\d{4}-\d\d-\d\dT", document):
        yield f"{where} is no point in time"


def _structure_faults(shape: Shape, document: dict[str, Any], where: str) -> Iterator[str]:
    members = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    for key in document.keys() - members.keys():
        yield f"{where}.{key} is not declared"
    given = {members[key][0] for key in document if key in members}
    for name in set(shape.required_members) - given:
        yield f"{where}.{name} is required and missing"
    for key, item in document.items():
        if key in members:
            yield from faults(members[key][1], item, f"{where}.{key}")
