# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes and shapes of Amazon Connect, read from botocore's service model (connect-api 0.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.model import OperationModel
from botocore.model import ServiceModel


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    """Return botocore's model of the service."""
    return botocore.session.Session().get_service_model("connect")


@dataclass(frozen=True)
class Operation:
    """One operation of the model with what the emulator asks of it."""

    model: OperationModel

    @property
    def name(self) -> str:
        return self.model.name

    @cached_property
    def method(self) -> str:
        return self.model.http["method"]

    @cached_property
    def template(self) -> list[str]:
        return self.model.http["requestUri"].split("?")[0].strip("/").split("/")

    @cached_property
    def errors(self) -> frozenset[str]:
        """Names of the declared exceptions."""
        return frozenset(shape.name for shape in self.model.error_shapes)

    @cached_property
    def members(self) -> dict[str, Any]:
        return dict(self.model.input_shape.members) if self.model.input_shape else {}

    @cached_property
    def token_member(self) -> str | None:
        """Name of the input member that makes the operation idempotent."""
        for name, shape in self.members.items():
            if shape.metadata.get("idempotencyToken") or name == "ClientToken":
                return name
        return None

    @cached_property
    def invalid_code(self) -> str:
        """The declared exception for a bad value; which one is used where both are declared is inferred."""
        return "InvalidParameterException" if "InvalidParameterException" in self.errors else "InvalidRequestException"

    @cached_property
    def page_maximum(self) -> int | None:
        """Largest MaxResults that the model takes (connect-api appendix A, "pg")."""
        shape = self.members.get("MaxResults")
        return shape.metadata.get("max") if shape else None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Path pattern; an ARN may hold slashes because some servers decode the path before routing."""
        parts = ["(arn:.+|[^/]+)" if part.startswith("{") else re.escape(part) for part in self.template]
        return re.compile("/".join(parts))

    @cached_property
    def placeholders(self) -> list[str]:
        """Location names of the path members, in order."""
        return [part.strip("{}+") for part in self.template if part.startswith("{")]


@lru_cache(maxsize=1)
def operations() -> dict[str, Operation]:
    """Return all operations of the model by name."""
    model = service_model()
    return {name: Operation(model.operation_model(name)) for name in model.operation_names}


def operation_model(name: str) -> Operation:
    """Return one operation; a name that the model lacks raises KeyError."""
    return operations()[name]


@lru_cache(maxsize=1)
def _routes() -> dict[str, list[Operation]]:
    routes: dict[str, list[Operation]] = {}
    for item in operations().values():
        routes.setdefault(item.method, []).append(item)
    for items in routes.values():
        items.sort(key=lambda item: (sum(part.startswith("{") for part in item.template), item.name))
    return routes


def match(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """Find the operation of a request and its path members by location name.

    :param path: percent-encoded path without the query; segments are decoded after splitting
    """
    segments = path.strip("/").split("/")
    candidates = _routes().get(method.upper(), [])
    for item in candidates:
        if len(item.template) == len(segments) and _fits(item.template, segments):
            values = [unquote(s) for part, s in zip(item.template, segments, strict=True) if part.startswith("{")]
            return item, dict(zip(item.placeholders, values, strict=True))
    for item in sorted(candidates, key=lambda item: -len(item.template)):
        found = item.pattern.fullmatch(path.strip("/")) if "arn:" in path else None
        if found:
            return item, dict(zip(item.placeholders, map(unquote, found.groups()), strict=True))
    return None


def _fits(template: list[str], segments: list[str]) -> bool:
    return all(
        bool(segment) if part.startswith("{") else part == segment
        for part, segment in zip(template, segments, strict=True)
    )
