# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of an instance in steps (instance_life.yml), to be carried out by clients of any kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import jmespath
import yaml
from botocore import xform_name

from tests.local_cloud.connect_emulator.model import operations

ACCOUNT = "111111111111"
CALL = "call"
_REFERENCE = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Step:
    """One request; instance_life.yml explains the members."""

    do: str
    input: dict[str, Any] = field(default_factory=dict)
    keep: dict[str, str] = field(default_factory=dict)
    expect: dict[str, Any] = field(default_factory=dict)
    items: int | None = None
    error: str | None = None


@cache
def phases() -> dict[str, list[Step]]:
    """Return the steps by phase: furnish, look, change, dismantle."""
    document = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return {
        phase: [
            Step(**{("input" if name == "with" else name): value for name, value in step.items()}) for step in steps
        ]
        for phase, steps in document.items()
    }


@cache
def paginators() -> dict[str, dict[str, Any]]:
    """Return botocore's paginators of the service by operation."""
    return botocore.session.get_session().get_paginator_model("connect")._paginator_config


def paged_step(operation: str) -> Step:
    """Return the step that looks at the list of an operation and says how many elements it has."""
    counted = [step for step in phases()["look"] if step.do == operation and step.items is not None]
    assert counted, f"The phase `look` of tests/emulator/instance_life.yml does not count what {operation} gives"
    return counted[0]


class Life:
    """The values that steps have kept so far, and what they make of the next step.

    :param call: places a simulated call and returns what the control address answers
    """

    def __init__(self, call: Callable[[dict[str, Any]], Any]) -> None:
        self._call = call
        self.known: dict[str, str] = {}

    def resolve(self, value: Any) -> Any:
        """Return the value with kept values for their names; an unknown name raises KeyError."""
        if isinstance(value, dict):
            return {name: self.resolve(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        return _REFERENCE.sub(lambda found: self.known[found[1]], value) if isinstance(value, str) else value

    def request(self, step: Step) -> dict[str, Any]:
        """Return the input of a step, with the first instance where one is required and none is given."""
        shape = operations()[step.do].model.input_shape
        given = self.resolve(step.input)
        return {"InstanceId": self.known["instance"], **given} if "InstanceId" in shape.required_members else given

    def dial(self, step: Step) -> None:
        """Carry out a step `call`."""
        answer = self._call(
            {
                "account": ACCOUNT,
                "region": "eu-west-2",
                "instance": self.known["instance"],
                "dialled_number": self.known["number"],
                "caller": "+442079460994",
            }
        )
        self.note(step, answer)

    def note(self, step: Step, answer: Mapping[str, Any]) -> None:
        """Keep what the step keeps and check its answer."""
        for name, path in step.keep.items():
            self.known[name] = jmespath.search(path, answer)
            assert isinstance(self.known[name], str), f"{step.do}: no {path} in {answer}"
        check(self.resolve(step.expect), answer, step.do)
        if step.items is not None:
            assert len(listed(step.do, answer)) == step.items, f"{step.do}: {answer}"


def send(connect: Any, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """Call the method of a boto3 client for an operation."""
    return getattr(connect, xform_name(operation))(**request)


def furnish(connect: Any, life: Life) -> None:
    """Carry out the steps that make the instance."""
    for step in phases()["furnish"]:
        if step.do == CALL:
            life.dial(step)
        else:
            life.note(step, send(connect, step.do, life.request(step)))


def listed(operation: str, answer: Mapping[str, Any]) -> list[Any]:
    """Return the list that a paged answer is about; one without elements may be left out."""
    return answer.get(paginators()[operation]["result_key"], [])


def check(expected: Any, found: Any, where: str) -> None:
    """Check that what is expected is a part of what was found."""
    if isinstance(expected, dict):
        assert isinstance(found, Mapping), f"{where}: {found}"
        for name, value in expected.items():
            assert name in found, f"{where}: no {name} in {found}"
            check(value, found[name], f"{where}.{name}")
    elif isinstance(expected, list):
        for value in expected:
            assert any(_is_part(value, item) for item in found), f"{where}: no {value} in {found}"
    else:
        assert found == expected, where


def _is_part(expected: Any, found: Any) -> bool:
    try:
        check(expected, found, "")
    except AssertionError:
        return False
    return True
