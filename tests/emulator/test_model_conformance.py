# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every constraint of the model, violated once per operation, is refused with a declared error (connect-api 0.1)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.requests_by_model import EXAMPLES
from tests.local_cloud.connect_emulator.model import operations
from tests.local_cloud.connect_emulator.registry import OPERATIONS
from tests.local_cloud.connect_emulator.validation import compile_pattern

# A pattern of the model that no text breaks.
ANY_TEXT = r"^[\W\S_]*"
LARGEST = 300_000


def valid(shape: Any) -> Any:
    """Return a small value that the shape allows."""
    kind, rules = shape.type_name, shape.metadata
    if kind == "structure":
        names = list(shape.required_members)
        if rules.get("union") and not names:
            names = [next(iter(shape.members))]
        return {name: valid(shape.members[name]) for name in names}
    if kind == "list":
        return [valid(shape.member)] * rules.get("min", 0)
    if kind == "map":
        return {_key(shape, number): valid(shape.value) for number in range(rules.get("min", 0))}
    if kind == "string":
        return _text(rules)
    if kind == "boolean":
        return True
    return max(rules.get("min", 0), 0)


def _text(rules: dict[str, Any]) -> str:
    if rules.get("enum"):
        return rules["enum"][0]
    low, high = rules.get("min", 0), rules.get("max", 10**9)
    pattern = compile_pattern(rules.get("pattern", "(?s).*"))
    candidates = [*EXAMPLES, "a" * low]
    return next(text for text in candidates if low <= len(text) <= high and pattern.fullmatch(text))


def _key(shape: Any, number: int) -> str:
    enum = shape.key.metadata.get("enum")
    return enum[number] if enum else f"{_text(shape.key.metadata)}{number or ''}"


def violations(shape: Any, ancestors: tuple[str, ...] = ()) -> Any:
    """Yield (where, value) with one broken constraint each."""
    kind, rules = shape.type_name, shape.metadata
    if shape.name in ancestors and kind == "structure":
        return
    ancestors += (shape.name,)
    yield "", {"string": 1, "list": "a", "map": "a", "structure": "a"}.get(kind, "a")
    if kind == "structure":
        whole = valid(shape)
        for name in shape.required_members:
            yield name, {key: value for key, value in whole.items() if key != name}
        for name, member in shape.members.items():
            base = {} if rules.get("union") else whole
            for where, value in violations(member, ancestors):
                yield f"{name}.{where}", {**base, name: value}
        if rules.get("union") and len(shape.members) > 1:
            yield "", {name: valid(shape.members[name]) for name in list(shape.members)[:2]}
    elif kind == "list":
        yield from _sizes(rules, lambda size: [valid(shape.member)] * size)
        for where, value in violations(shape.member, ancestors):
            yield where, [value] * max(1, rules.get("min", 1))
    elif kind == "map":
        yield from _sizes(rules, lambda size: {_key(shape, number): valid(shape.value) for number in range(size)})
        for _where, key in violations(shape.key, ancestors):
            if isinstance(key, str):
                yield "(key)", {key: valid(shape.value)}
        for where, value in violations(shape.value, ancestors):
            yield where, {_key(shape, number): value for number in range(max(1, rules.get("min", 1)))}
    elif kind == "string":
        yield from _broken_texts(rules)
    elif kind in ("integer", "long", "float", "double"):
        if "min" in rules:
            yield "", rules["min"] - 1
        if "max" in rules:
            yield "", rules["max"] + 1


def _sizes(rules: dict[str, Any], make: Any) -> Any:
    if rules.get("min", 0) > 0:
        yield "", make(rules["min"] - 1)
    if rules.get("max", 10**9) <= LARGEST:
        yield "", make(rules["max"] + 1)


def _broken_texts(rules: dict[str, Any]) -> Any:
    if rules.get("enum"):
        yield "", "NO_SUCH_VALUE"
        return
    yield from _sizes(rules, lambda size: "a" * size)
    if rules.get("pattern", ANY_TEXT) == ANY_TEXT:
        return
    pattern, low, high = compile_pattern(rules["pattern"]), rules.get("min", 0), rules.get("max", 100)
    texts = ("\u0001", "~ ~", "aws:a", "short", "a ", " ", "~" * low)
    broken = [text for text in texts if not pattern.fullmatch(text) and low <= len(text) <= high]
    yield "", broken[0]


def valid_request(operation: Any) -> dict[str, Any]:
    """Return the required members of an operation."""
    return valid(operation.model.input_shape) if operation.model.input_shape else {}


def request_of(operation: Any, request: dict[str, Any]) -> tuple[str, str, Any, dict[str, Any]]:
    """Return method, path, body and query of a request; path members must be strings."""
    path, query, body = [], {}, {}
    places = {}
    for name, shape in operation.members.items():
        key = shape.serialization.get("name", name)
        location = shape.serialization.get("location")
        if location == "uri":
            places[key] = str(request.get(name, ""))
        elif name in request and location == "querystring":
            value = request[name]
            query[key] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
        elif name in request and location is None:
            body[key] = request[name]
    for part in operation.template:
        path.append(quote(places[part.strip("{}+")], safe="") if part.startswith("{") else part)
    return operation.method, "/" + "/".join(path), body, query


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_constraint_is_checked(emulator, exercised, name):
    operation = operations()[name]
    base, count = valid_request(operation), 0
    for member, shape in operation.members.items():
        location = shape.serialization.get("location")
        if member in operation.model.input_shape.required_members and location != "uri":
            count += 1
            _expect_refusal(emulator, operation, {key: base[key] for key in base if key != member}, member)
            exercised.add("constraints", f"{name} {member} missing")
        for where, value in violations(shape):
            if location and not _can_be_sent(shape, value):
                continue
            count += 1
            _expect_refusal(emulator, operation, {**base, member: value}, member, where)
            exercised.add("constraints", f"{name} {member}.{where} {str(value)[:200]}")
    assert count or all(_takes_any_text(shape) for shape in operation.members.values())


def _can_be_sent(shape: Any, value: Any) -> bool:
    """In a path or query all is text, an empty segment is another route and an empty list is nothing."""
    if shape.type_name == "string":
        return isinstance(value, str) and value != ""
    if shape.type_name == "list":
        return isinstance(value, list) and value != [] and all(isinstance(item, str) for item in value)
    return True


def _takes_any_text(shape: Any) -> bool:
    return shape.type_name == "string" and not {"enum", "pattern", "max"} & shape.metadata.keys()


def _expect_refusal(emulator: Any, operation: Any, request: dict, member: str, where: str = "") -> None:
    status, headers, answer = emulator.raw(*request_of(operation, request))
    told = f"{operation.name} {member} {where} {str(request.get(member))[:200]}: {status} {answer}"
    assert status == 400, told
    assert headers["x-amzn-ErrorType"] in operation.errors, told
    assert re.search(rf"'{member}\b", answer["Message"]), told
    last = where.rstrip(".").rpartition(".")[2]
    assert last in answer["Message"], told


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_smallest_request_does_not_break_the_emulator(emulator, instance, name):
    operation = operations()[name]
    request = valid_request(operation)
    if "InstanceId" in operation.members and operation.members["InstanceId"].metadata.get("max", 100) >= len(instance):
        request["InstanceId"] = instance
    status, headers, answer = emulator.raw(*request_of(operation, request))
    assert status < 500, answer
    assert status == 200 or headers["x-amzn-ErrorType"] in operation.errors
