# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter patterns of CloudWatch Logs, which MiniStack reads in part and takes JSON patterns for "everything".

Source: CloudWatch Logs user guide, "Filter pattern syntax". Terms and quoted phrases (case matters), ``-term``,
``?term``, ``%regex%``, and JSON patterns with ``=``, ``!=``, comparisons, ``IS NULL``, ``NOT EXISTS``, ``&&``, ``||``.
What is no pattern is refused, as a term without quotes that has more than letters, digits and underscores.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable
from typing import Any

from . import ministack_names as ministack
from .front_state import SETTINGS
from .front_state import note
from .refusals import Refused
from .refusals import json_error

Matcher = Callable[[str], bool]
_TERM = re.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_BARE = re.compile(r"\w+", re.ASCII)
_REGEX = re.compile(r"[\w#=@/;,:\-^$?\[\]{}|\\*+.]+", re.ASCII)
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<regex>%[^%]*%)|(?P<symbol>&&|\|\||<=|>=|!=|[=<>()])|(?P<word>[^\s=<>!()&|"]+))"""
)


class PatternError(ValueError):
    """The pattern is none."""


def install() -> None:
    """Read filter patterns in MiniStack's place."""
    ministack.replace_filter_patterns(_matcher)
    ministack.wrap_handler("logs", _wrap)


def _wrap(handler: ministack.Handler) -> ministack.Handler:
    async def checked(method: str, path: str, headers: dict, body: bytes, query: dict) -> ministack.Answer:
        if SETTINGS.enabled and headers.get("x-amz-target", "").endswith(".FilterLogEvents"):
            try:
                compile_pattern(str(json.loads(body or b"{}").get("filterPattern") or ""))
            except PatternError as error:
                refused = Refused("InvalidParameterException", f"Invalid filter pattern: {error}")
                note(refusal=refused.code)
                return json_error(refused)
        return await handler(method, path, headers, body, query)

    return checked


def _matcher(pattern: str) -> Matcher:
    """Do as ``compile_pattern``; a pattern that is none fits nothing."""
    try:
        return compile_pattern(pattern)
    except PatternError:
        return lambda message: False


def compile_pattern(pattern: str) -> Matcher:
    """Return what tells whether a pattern fits a message.

    :raises PatternError: when it is none
    """
    pattern = pattern.strip()
    return _json_matcher(pattern) if pattern.startswith("{") else _text_matcher(pattern)


def _text_matcher(pattern: str) -> Matcher:
    if pattern.startswith("%") and pattern.endswith("%") and len(pattern) > 2:
        expression = _regex(pattern)
        return lambda message: bool(expression.search(message))
    needed, barred, alternatives = [], [], []
    for sign, quoted, bare in _TERM.findall(pattern):
        if not quoted and not _BARE.fullmatch(bare):
            raise PatternError(f"Invalid character(s) in term '{bare}'")
        target = {"-": barred, "?": alternatives}.get(sign, needed)
        target.append(re.sub(r"\\(.)", r"\1", quoted) if quoted else bare)

    def matches(message: str) -> bool:
        return (
            all(term in message for term in needed)
            and not any(term in message for term in barred)
            and (not alternatives or any(term in message for term in alternatives))
        )

    return matches


def _regex(text: str) -> re.Pattern[str]:
    """Read an expression between its percent signs."""
    try:
        if _REGEX.fullmatch(text[1:-1]):
            return re.compile(text[1:-1])
    except re.error:
        pass
    raise PatternError(f"Invalid regular expression {text}")


def _json_matcher(pattern: str) -> Matcher:
    if not pattern.endswith("}"):
        raise PatternError("If a filter pattern starts with '{' it must end with '}'")
    parser = _Parser(pattern[1:-1])
    condition = parser.any_of()
    if parser.peek() is not None:
        raise PatternError(pattern)

    def matches(message: str) -> bool:
        try:
            document = json.loads(message)
        except ValueError:
            return False
        return condition(document)

    return matches


class _Parser:
    """Conditions of a JSON pattern, from weak to strong: ``||``, ``&&``, comparison."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found or found.end() == position:
                raise PatternError(text)
            self._tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            position = found.end()

    def peek(self) -> str | None:
        return self._tokens[0][1] if self._tokens else None

    def _take(self) -> tuple[str, str]:
        if not self._tokens:
            raise PatternError("The pattern ends early")
        return self._tokens.pop(0)

    def any_of(self) -> Callable[[Any], bool]:
        parts = [self._all_of()]
        while self.peek() == "||":
            self._take()
            parts.append(self._all_of())
        return lambda document: any(part(document) for part in parts)

    def _all_of(self) -> Callable[[Any], bool]:
        parts = [self._one()]
        while self.peek() == "&&":
            self._take()
            parts.append(self._one())
        return lambda document: all(part(document) for part in parts)

    def _one(self) -> Callable[[Any], bool]:
        _kind, token = self._take()
        if token == "(":
            inside = self.any_of()
            if self._take()[1] != ")":
                raise PatternError("A parenthesis is not closed")
            return inside
        if not token.startswith("$."):
            raise PatternError(token)
        path = token[2:]
        operator = self._take()[1]
        if operator in ("IS", "NOT"):
            return _existence(path, operator, self._take()[1])
        kind, value = self._take()
        return _comparison(path, operator, kind, value)


def _existence(path: str, operator: str, word: str) -> Callable[[Any], bool]:
    if (operator, word) == ("NOT", "EXISTS"):
        return lambda document: not _found(document, path)
    wanted = {"NULL": None, "TRUE": True, "FALSE": False}
    if operator != "IS" or word not in wanted:
        raise PatternError(f"{operator} {word}")
    return lambda document: any(value is wanted[word] for value in _found(document, path))


def _comparison(path: str, operator: str, kind: str, value: str) -> Callable[[Any], bool]:
    if operator in ("=", "!="):
        equal = _equality(kind, value)

        def matches(document: Any) -> bool:
            found = _found(document, path)
            return bool(found) and any(equal(item) for item in found) == (operator == "=")

        return matches
    compare = {
        "<": lambda left, right: left < right,
        "<=": lambda left, right: left <= right,
        ">": lambda left, right: left > right,
        ">=": lambda left, right: left >= right,
    }.get(operator)
    try:
        limit = float(value)
    except ValueError:
        raise PatternError(value) from None
    if compare is None:
        raise PatternError(operator)
    return lambda document: any(
        isinstance(item, int | float) and not isinstance(item, bool) and compare(item, limit)
        for item in _found(document, path)
    )


def _equality(kind: str, value: str) -> Callable[[Any], bool]:
    if kind == "regex":
        expression = _regex(value)
        return lambda item: isinstance(item, str) and bool(expression.search(item))
    if kind == "text":
        text = json.loads(value)
        return lambda item: isinstance(item, str) and fnmatch.fnmatchcase(item, text.replace("[", "[[]"))
    try:
        number = float(value)
    except ValueError:
        return lambda item: isinstance(item, str) and fnmatch.fnmatchcase(item, value)
    return lambda item: isinstance(item, int | float) and not isinstance(item, bool) and item == number


def _found(document: Any, path: str) -> list[Any]:
    """Return what lies at ``a.b[0].c``; empty when nothing does."""
    value = document
    for name in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return []
    return [value]
