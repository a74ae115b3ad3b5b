# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a request against the model and writes an answer in the model's shape (connect-api 0.1)."""

from __future__ import annotations

import base64
import re
from datetime import UTC
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from botocore.model import Shape

from .errors import ConnectError
from .model import Operation

# The service takes values that the model lacks (connect-api 2).
UNLISTED_VALUES = {"InstanceAttributeType": ("AUTOMATED_INTERACTION_LOG",)}
_SPACES = r" \u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_VISIBLE = r"\u0020-\u007e\u00a0-\U0010ffff"
_CONTROL = r"\u0000-\u001f\u007f-\u009f"


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern of the model for a match of the whole value.

    The model writes some patterns with doubled backslashes, one between slashes, and some with Unicode classes that
    Python lacks (\p{L} becomes \w, which also takes the underscore). Whole-value matching is inferred.
    """
    if pattern.startswith("/") and pattern.endswith("/"):
        pattern = pattern[1:-1]
    for written, translation in (
        ("\\\\", "\\"),
        (r"\p{L}", r"\w"),
        (r"\p{N}", r"\d"),
        (r"\p{Z}", _SPACES),
        (r"[^\p{C}]", f"[^{_CONTROL}]"),
        (r"[\P{C}", f"[{_VISIBLE}"),
        (r"\P{C}", f"[{_VISIBLE}]"),
    ):
        pattern = pattern.replace(written, translation)
    return re.compile(pattern)


def parse_request(operation: Operation, path: dict, query: dict, headers: dict, body: Any) -> dict[str, Any]:
    """Merge path, query, header and body members under their member names and check them all.

    :param path: path members by location name, decoded
    :param query: lists of values by name
    :param headers: values by lower-case name
    :param body: the parsed JSON object
    """
    request: dict[str, Any] = {}
    for name, shape in operation.members.items():
        location = shape.serialization.get("location")
        key = shape.serialization.get("name", name)
        if location == "uri":
            raw = path.get(key)
        elif location == "querystring":
            raw = query.get(key)
        elif location == "header":
            raw = headers.get(key.lower())
        else:
            if isinstance(body, dict) and body.get(key) is not None:
                request[name] = body[key]
            continue
        if raw is not None:
            request[name] = _from_text(operation, name, shape, raw)
    if operation.model.input_shape:
        return _check(operation, operation.model.input_shape, request, "")
    return {}


def _from_text(operation: Operation, name: str, shape: Shape, raw: Any) -> Any:
    if shape.type_name == "list":
        values = raw if isinstance(raw, list) else [raw]
        return [_from_text(operation, name, shape.member, value) for value in values]
    text = raw[0] if isinstance(raw, list) else raw
    if shape.type_name in ("integer", "long"):
        if not re.fullmatch(r"-?\d+", text):
            raise _refusal(operation, name, "must be a whole number")
        return int(text)
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if shape.type_name == "timestamp" and shape.serialization["location"] == "header":
        try:
            return parsedate_to_datetime(text)
        except ValueError:
            raise _refusal(operation, name, "must be a date of HTTP") from None
    return text


def _refusal(operation: Operation, where: str, reason: str) -> ConnectError:
    return ConnectError(operation.invalid_code, f"Value at '{where}' is not valid: it {reason}.")


def _check(operation: Operation, shape: Shape, value: Any, where: str) -> Any:
    check = _CHECKS.get(shape.type_name)
    return check(operation, shape, value, where) if check else value


def _check_structure(operation: Operation, shape: Shape, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refusal(operation, where, "must be an object")
    for name in shape.required_members:
        if value.get(name) is None:
            raise _refusal(operation, _join(where, name), "is required and missing")
    checked = {}
    for name, member in shape.members.items():
        if value.get(name) is not None:
            checked[name] = _check(operation, member, value[name], _join(where, name))
    if shape.metadata.get("union") and len(checked) != 1:
        raise _refusal(operation, where, "must have exactly one member")
    return checked


def _check_list(operation: Operation, shape: Shape, value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _refusal(operation, where, "must be a list")
    _check_size(operation, shape, len(value), where, "entries")
    return [_check(operation, shape.member, item, f"{where}[{index}]") for index, item in enumerate(value)]


def _check_map(operation: Operation, shape: Shape, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refusal(operation, where, "must be an object")
    _check_size(operation, shape, len(value), where, "entries")
    return {
        _check(operation, shape.key, key, f"{where} (key)"): _check(operation, shape.value, item, f"{where}.{key}")
        for key, item in value.items()
    }


def _check_string(operation: Operation, shape: Shape, value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _refusal(operation, where, "must be a string")
    if not _is_listed(shape, value):
        raise _refusal(operation, where, f"must be one of {', '.join(shape.metadata['enum'])}")
    _check_size(operation, shape, len(value), where, "characters")
    pattern = shape.metadata.get("pattern")
    if pattern and not compile_pattern(pattern).fullmatch(value):
        raise _refusal(operation, where, f"must match the pattern {pattern}")
    return value


def _is_listed(shape: Shape, value: str) -> bool:
    enum = shape.metadata.get("enum")
    return not enum or value in enum or value in UNLISTED_VALUES.get(shape.name, ())


def _check_number(operation: Operation, shape: Shape, value: Any, where: str) -> int | float:
    kinds = (int,) if shape.type_name in ("integer", "long") else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise _refusal(operation, where, "must be a number" if float in kinds else "must be a whole number")
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and value < low) or (high is not None and value > high):
        raise _refusal(operation, where, f"must be {_range(low, high)}")
    return value


def _check_boolean(operation: Operation, shape: Shape, value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _refusal(operation, where, "must be true or false")
    return value


def _check_timestamp(operation: Operation, shape: Shape, value: Any, where: str) -> datetime:
    return _timestamp(operation, where, value)


def _check_size(operation: Operation, shape: Shape, size: int, where: str, unit: str) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if (low is not None and size < low) or (high is not None and size > high):
        raise _refusal(operation, where, f"must have {_range(low, high)} {unit}")


_CHECKS = {
    "structure": _check_structure,
    "list": _check_list,
    "map": _check_map,
    "string": _check_string,
    "integer": _check_number,
    "long": _check_number,
    "float": _check_number,
    "double": _check_number,
    "boolean": _check_boolean,
    "timestamp": _check_timestamp,
}


def _timestamp(operation: Operation, where: str, value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        parsed = datetime.fromisoformat(value)
        return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        raise _refusal(operation, where, "must be a point in time") from None


def _range(low: Any, high: Any) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low} to {high}"


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


class AnswerError(Exception):
    """An operation answered something that its output shape does not have: a mistake in the emulator."""


def serialise_answer(operation: Operation, answer: dict[str, Any] | None) -> dict[str, Any]:
    """Return the JSON body of an answer; a member too many, too few or of a wrong type raises AnswerError."""
    shape = operation.model.output_shape
    if shape is None:
        if answer:
            raise AnswerError(f"{operation.name} has no output, got {sorted(answer)}")
        return {}
    return serialise(shape, answer or {}, operation.name)


def serialise(shape: Shape, value: Any, where: str) -> Any:
    """Return a value as JSON by its shape. Members that are None are left out."""
    kind = shape.type_name
    if kind == "structure":
        return _serialise_structure(shape, value, where)
    if kind == "list":
        _expect(isinstance(value, (list, tuple)), where, "a list", value)
        return [serialise(shape.member, item, f"{where}[{index}]") for index, item in enumerate(value)]
    if kind == "map":
        _expect(isinstance(value, dict), where, "an object", value)
        return {key: serialise(shape.value, item, f"{where}.{key}") for key, item in value.items()}
    if kind == "timestamp":
        _expect(isinstance(value, datetime), where, "a datetime", value)
        if shape.serialization.get("timestampFormat") == "iso8601":
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return round(value.timestamp(), 3)
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind == "boolean":
        _expect(isinstance(value, bool), where, "a boolean", value)
    elif kind == "string":
        _expect(isinstance(value, str), where, "a string", value)
        _expect(_is_listed(shape, value), where, "a value of its list", value)
    elif kind in ("integer", "long", "float", "double"):
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), where, "a number", value)
    return value


def _serialise_structure(shape: Shape, value: Any, where: str) -> dict[str, Any]:
    _expect(isinstance(value, dict), where, "an object", value)
    given = {name: item for name, item in value.items() if item is not None}
    unknown = given.keys() - shape.members.keys()
    if unknown:
        raise AnswerError(f"{where} has no member {', '.join(sorted(unknown))}")
    missing = [name for name in shape.required_members if name not in given]
    if missing:
        raise AnswerError(f"{where} misses {', '.join(missing)}")
    return {
        shape.members[name].serialization.get("name", name): serialise(shape.members[name], item, _join(where, name))
        for name, item in given.items()
    }


def _expect(condition: bool, where: str, wanted: str, value: Any) -> None:
    if not condition:
        raise AnswerError(f"{where} must be {wanted}, not {type(value).__name__}")
