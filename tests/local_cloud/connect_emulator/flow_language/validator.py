# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Amazon Connect refuses when a flow is published (connect-api 6.1 and 6.2).

The message texts known from live services are reproduced; the others are inferred.
"""

from __future__ import annotations

import json
from typing import Any
from typing import Protocol

from . import actions
from .actions import ActionType

VERSION = "2019-10-30"
MAXIMUM_ACTIONS = 250
MAXIMUM_IDENTIFIER = 50
MAXIMUM_PROBLEMS = 50
MAXIMUM_MESSAGE = 256
MAXIMUM_CONDITIONS = 50
ILLEGAL_IDENTIFIER_CHARACTERS = frozenset("%:(\\/)=$,;[]{}")
RESERVED_IDENTIFIERS = frozenset(
    {
        "__proto__",
        "constructor",
        "__defineGetter__",
        "__defineSetter__",
        "toString",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "valueOf",
    }
)


class References(Protocol):
    """Answers whether an object that a flow names exists in the instance."""

    def exists(self, kind: str, identifier: str) -> bool:
        """``kind``: queue, prompt, flow, flow module, hours of operation, user, Lambda function."""


def find_problems(content: str, flow_type: str, references: References | None = None) -> list[str]:
    """List what is wrong with a flow, in document order; empty when it may be published.

    :param content: the JSON text.
    :param flow_type: CONTACT_FLOW, CUSTOMER_QUEUE, ... or MODULE: some actions are bound to certain types.
    :param references: None skips the look-ups of queues, prompts, flows, hours and functions.
    """
    return [problem[:MAXIMUM_MESSAGE] for problem in _find_problems(content, flow_type, references)][:MAXIMUM_PROBLEMS]


def _find_problems(content: str, flow_type: str, references: References | None) -> list[str]:
    try:
        flow = json.loads(content)
    except ValueError:
        return ["Invalid JSON in contact flow content"]
    if not isinstance(flow, dict):
        return ["Invalid JSON in contact flow content"]
    problems = _document_problems(flow)
    if problems:
        return problems
    documents = flow["Actions"]
    identifiers = [action.get("Identifier") for action in documents if isinstance(action, dict)]
    known = {identifier for identifier in identifiers if isinstance(identifier, str)}
    if flow["StartAction"] not in known:
        problems.append("Invalid StartAction. Path: StartAction")
    for index, action in enumerate(documents):
        if not isinstance(action, dict):
            problems.append(f"Invalid Action. Path: Actions[{index}]")
            continue
        problems += _identifier_problems(action, index, identifiers)
        problems += _action_problems(action, index, flow_type, known, references)
    return problems


def _document_problems(flow: dict[str, Any]) -> list[str]:
    problems = []
    if flow.get("Version") != VERSION:
        problems.append("Invalid Version. Path: Version")
    if not isinstance(flow.get("StartAction"), str):
        problems.append("JSON field is missing or null for field name: StartAction")
    documents = flow.get("Actions")
    if not isinstance(documents, list) or not documents:
        problems.append("JSON field is missing or null for field name: Actions")
    elif len(documents) > MAXIMUM_ACTIONS:
        problems.append(f"Too many Actions: {len(documents)}, the maximum is {MAXIMUM_ACTIONS}. Path: Actions")
    return problems


def _identifier_problems(action: dict[str, Any], index: int, identifiers: list[Any]) -> list[str]:
    identifier = action.get("Identifier")
    path = f"Actions[{index}].Identifier"
    if not isinstance(identifier, str) or not identifier:
        return [actions.missing(path)]
    if (
        len(identifier) > MAXIMUM_IDENTIFIER
        or ILLEGAL_IDENTIFIER_CHARACTERS & set(identifier)
        or identifier in RESERVED_IDENTIFIERS
    ):
        return [f"Invalid Action identifier. Path: {path}"]
    if identifiers.index(identifier) != index:
        return [f"Duplicate Action identifier. Path: {path}"]
    return []


def _action_problems(
    action: dict[str, Any], index: int, flow_type: str, known: set[str], references: References | None
) -> list[str]:
    path = f"Actions[{index}]"
    description = actions.action_type(action)
    if description is None:
        return [f"Invalid Action type. Type: {action.get('Type')}, Path: {path}.Type"]
    if description.flow_types is not None and flow_type not in description.flow_types:
        place = "a flow module" if flow_type == actions.MODULE else f"a flow of type {flow_type}"
        return [f"Invalid Action type. Type: {action['Type']} is not supported in {place}, Path: {path}.Type"]
    parameters = action.get("Parameters", {})
    if not isinstance(parameters, dict):
        return [actions.bad_value(f"{path}.Parameters")]
    transitions = action.get("Transitions", {})
    if not isinstance(transitions, dict):
        return [f"Invalid Action transitions. Path: {path}.Transitions"]
    return _parameter_problems(description, parameters, f"{path}.Parameters", references) + _transition_problems(
        description, transitions, index, known
    )


def _parameter_problems(
    description: ActionType, parameters: dict[str, Any], path: str, references: References | None
) -> list[str]:
    if description.parameters is None:
        return []
    problems = [actions.missing(f"{path}.{name}") for name in description.required if name not in parameters]
    for name, value in parameters.items():
        check = description.parameters.get(name)
        problems += check(value, f"{path}.{name}", references) if check else [actions.bad_name(f"{path}.{name}")]
    if description.message:
        given = [name for name in actions.MESSAGES if name in parameters]
        if not given:
            problems.append(actions.missing(f"{path}.Text"))
        problems += [actions.bad_name(f"{path}.{name}") for name in given[1:]]
    given = [name for name in description.at_most_one if name in parameters]
    problems += [actions.bad_name(f"{path}.{name}") for name in given[1:]]
    return problems + description.extra(parameters, path)


def _transition_problems(
    description: ActionType, transitions: dict[str, Any], index: int, known: set[str]
) -> list[str]:
    path = f"Actions[{index}].Transitions"
    if description.next_action == "none":
        return [f"Action does not support transitions. Path: {path}"] if any(transitions.values()) else []
    problems = []
    if "NextAction" in transitions:
        problems += _target_problems(transitions["NextAction"], f"{path}.NextAction", known)
    elif description.next_action == "required":
        problems.append(actions.missing(f"{path}.NextAction"))
    return (
        problems
        + _error_problems(description, transitions.get("Errors", []), index, known)
        + _condition_problems(description, transitions.get("Conditions", []), index, known)
    )


def _target_problems(target: Any, path: str, known: set[str]) -> list[str]:
    return [] if isinstance(target, str) and target in known else [f"Invalid NextAction. Path: {path}"]


def _error_problems(description: ActionType, errors: Any, index: int, known: set[str]) -> list[str]:
    path = f"Actions[{index}].Transitions.Errors"
    if not isinstance(errors, list) or not all(isinstance(error, dict) for error in errors):
        return [f"Invalid Action error. Path: {path}"]
    types = [error.get("ErrorType") for error in errors]
    problems = [
        f"Action is missing required error. Error: {name}, Path: Actions[{index}]"
        for name in description.errors
        if name not in types
    ]
    for position, error in enumerate(errors):
        name = error.get("ErrorType")
        unknown = description.optional_errors is not None and name not in (
            *description.errors,
            *description.optional_errors,
        )
        if unknown or not isinstance(name, str) or types.index(name) != position:
            problems.append(f"Invalid Action error. Error: {name}, Path: Actions[{index}]")
        problems += _target_problems(error.get("NextAction"), f"{path}[{position}].NextAction", known)
    return problems


def _condition_problems(description: ActionType, conditions: Any, index: int, known: set[str]) -> list[str]:
    path = f"Actions[{index}].Transitions.Conditions"
    if not isinstance(conditions, list):
        return [f"Invalid Action condition. Path: {path}"]
    if conditions and not description.operators:
        return [f"Action does not support conditions. Path: {path}"]
    if len(conditions) > MAXIMUM_CONDITIONS:
        return [f"Too many conditions: {len(conditions)}, the maximum is {MAXIMUM_CONDITIONS}. Path: {path}"]
    problems = []
    for position, branch in enumerate(conditions):
        here = f"{path}[{position}]"
        condition = branch.get("Condition") if isinstance(branch, dict) else None
        if not isinstance(condition, dict):
            problems.append(f"Invalid Action condition. Path: {here}")
            continue
        problems += _target_problems(branch.get("NextAction"), f"{here}.NextAction", known)
        if condition.get("Operator") not in description.operators:
            problems.append(f"Invalid Action condition operator. Path: {here}.Condition.Operator")
        operands = condition.get("Operands")
        if not isinstance(operands, list) or len(operands) != 1 or not isinstance(operands[0], str):
            problems.append(f"Invalid Action condition operands. Path: {here}.Condition.Operands")
        elif not operands[0]:
            problems.append(f"Invalid branch. Path: {index}.Evaluate")
        elif description.operands is not None and operands[0] not in description.operands:
            problems.append(f"Invalid Action condition operands. Path: {here}.Condition.Operands")
    return problems
