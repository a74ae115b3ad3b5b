# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grammar of a rule's Function (connect-api 9). Evaluation is in rule_evaluation."""

from __future__ import annotations

import json
from typing import Any

VERSION = "2022-11-25"
GROUP_OPERATORS = ("AND", "OR")
NUMBER_OPERATORS = ("NumberLessOrEqualTo", "NumberGreaterOrEqualTo")
OPERATORS = ("CONTAINS_ANY", "EQUALS", *NUMBER_OPERATORS)
MAX_CONDITIONS = 20
MAX_ENTRIES = 100

# The word in a ComparisonValue that belongs to each Contact Lens source.
SOURCE_WORDS = {
    "OnPostCallAnalysisAvailable": "PostCall",
    "OnRealTimeCallAnalysisAvailable": "RealTimeCall",
    "OnPostChatAnalysisAvailable": "PostChat",
    "OnRealTimeChatAnalysisAvailable": "RealTimeChat",
    "OnContactEvaluationSubmit": "ContactEvaluation",
}

_CONDITION_KEYS = {"Operator", "Operands", "ComparisonValue", "FilterClause", "Negate"}
_LIMITED_FIELDS = ("Queue.QueueId", "Agent.AgentId")
_ANY = ("CONTAINS_ANY",)
_ANALYSIS_WORDS = {word for word in SOURCE_WORDS.values() if word != "ContactEvaluation"}

# Fields below $.ContactLens.<word>. of the four call and chat sources, with the operators that each takes.
_FIELDS: dict[str, tuple[str, ...]] = {
    "Queue.QueueId": ("CONTAINS_ANY", "EQUALS"),
    "Agent.AgentId": _ANY,
    "Agent.RoutingProfile": _ANY,
    "Agent.HierarchyGroup.ARN": _ANY,
    "Agent.AfterContactWorkDurationSecs": NUMBER_OPERATORS,
    "Agent.AgentInteractionDurationSecs": NUMBER_OPERATORS,
    "Agent.CustomerHoldDurationPct": NUMBER_OPERATORS,
    "Agent.CustomerHoldDurationSecs": NUMBER_OPERATORS,
    "Agent.LongestHoldDurationSecs": NUMBER_OPERATORS,
    "Agent.NonTalkTimePct": NUMBER_OPERATORS,
    "Agent.NumberOfHolds": NUMBER_OPERATORS,
    "AiAgent.IdWithVersion": _ANY,
    "DisconnectReason": _ANY,
    "ExactMatch.Transcript": _ANY,
    "InitiationMethod": _ANY,
    "Interruptions.Instances": NUMBER_OPERATORS,
    "Loudness.HighestLoudnessScore": NUMBER_OPERATORS,
    "NonTalkTime.LongestTimeSecs": NUMBER_OPERATORS,
    "NonTalkTime.TotalTimeSecs": NUMBER_OPERATORS,
    "PatternMatch.Transcript": _ANY,
    "PotentialDisconnectIssue": ("CONTAINS_ANY", "EQUALS"),
    "SemanticMatch.Phrase": ("EQUALS",),
    "SemanticMatch.Transcript": _ANY,
    "Sentiment.OverallScore": NUMBER_OPERATORS,
    "Sentiment.Score.Beginning": NUMBER_OPERATORS,
    "Sentiment.Score.End": NUMBER_OPERATORS,
    "Sentiment.State": ("EQUALS",),
    "TalkTime.TotalTimeSecs": NUMBER_OPERATORS,
}
_KEYED_FIELDS: dict[str, tuple[str, ...]] = {
    "ContactAttribute.": ("EQUALS",),
    "SegmentAttributes.UserDefined.": _ANY,
}


def parse(text: str, event_source: str | None = None) -> dict[str, Any]:
    """Return the function as a dictionary; a fault raises ValueError that says where and what.

    :param text: the JSON text of the member Function
    :param event_source: EventSourceName of the rule; given, Contact Lens paths must be of that source (inferred)
    """
    try:
        function = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"Function is not JSON: {error.msg} at character {error.pos}") from None
    _require(isinstance(function, dict), "Function", "must be an object")
    _require(set(function) == {"Version", "RuleFunction"}, "Function", "needs exactly Version and RuleFunction")
    _require(function["Version"] == VERSION, "Version", f"must be {VERSION}")
    top = function["RuleFunction"]
    _require(isinstance(top, dict), "RuleFunction", "must be an object")
    _require(top.get("Operator") in GROUP_OPERATORS, "RuleFunction.Operator", "must be AND or OR")
    count = _check_group(top, "RuleFunction", SOURCE_WORDS.get(event_source or ""))
    _require(count <= MAX_CONDITIONS, "RuleFunction", f"has {count} conditions, more than {MAX_CONDITIONS}")
    return function


def _require(fact: bool, where: str, what: str) -> None:
    if not fact:
        raise ValueError(f"{where} {what}")


def _check_group(group: dict[str, Any], where: str, word: str | None) -> int:
    """Check a list of conditions and return how many it holds, nested ones included."""
    _require(set(group) == {"Operator", "Operands"}, where, "needs exactly Operator and Operands")
    operands = group["Operands"]
    _require(isinstance(operands, list) and bool(operands), f"{where}.Operands", "must be a list that is not empty")
    count = 0
    for index, operand in enumerate(operands):
        place = f"{where}.Operands[{index}]"
        _require(isinstance(operand, dict), place, "must be an object")
        if operand.get("Operator") in GROUP_OPERATORS:
            count += _check_group(operand, place, word)
        else:
            _check_condition(operand, place, word)
            count += 1
    return count


def _check_condition(condition: dict[str, Any], where: str, word: str | None) -> None:
    unknown = sorted(set(condition) - _CONDITION_KEYS)
    _require(not unknown, where, f"has unknown members {', '.join(unknown)}")
    operator = condition.get("Operator")
    _require(operator in OPERATORS, f"{where}.Operator", f"must be one of {', '.join(OPERATORS)}")
    path = condition.get("ComparisonValue")
    _require(isinstance(path, str) and path.startswith("$."), f"{where}.ComparisonValue", "must be a path from $.")
    _require(isinstance(condition.get("Negate", False), bool), f"{where}.Negate", "must be true or false")
    field = _check_path(path, operator, f"{where}.ComparisonValue", word)
    _check_operands(condition.get("Operands", []), operator, field, f"{where}.Operands")
    if "FilterClause" in condition:
        _check_filter(condition["FilterClause"], f"{where}.FilterClause")


def _check_path(path: str, operator: str, where: str, word: str | None) -> str | None:
    """Return the field of a call or chat analysis that the path names, or None for another kind of path."""
    steps = path.split(".", 3)
    if steps[1] != "ContactLens":
        _require(word is None, where, f"{path} is not of $.ContactLens.{word}")
        return None
    _require(len(steps) == 4, where, f"{path} names no field")
    _require(word in (None, steps[2]), where, f"{path} is not of $.ContactLens.{word}")
    if steps[2] not in _ANALYSIS_WORDS:
        return None
    field = steps[3]
    allowed = _FIELDS.get(field)
    for prefix, operators in _KEYED_FIELDS.items():
        if field.startswith(prefix) and len(field) > len(prefix):
            allowed = operators
    _require(allowed is not None, where, f"{path} is unknown")
    _require(operator in (allowed or ()), where, f"{path} does not go with {operator}")
    return field


def _check_operands(operands: Any, operator: str, field: str | None, where: str) -> None:
    _require(isinstance(operands, list), where, "must be a list")
    if operator in NUMBER_OPERATORS:
        numbers = [item for item in operands if isinstance(item, (int, float)) and not isinstance(item, bool)]
        _require(len(operands) == len(numbers) == 1, where, "must hold one number")
    elif operator == "EQUALS":
        if field == "Queue.QueueId":
            _require(not operands, where, "must be empty: it means that the contact was in no queue")
        else:
            _require(len(operands) == 1, where, "must hold one value")
    else:
        _require(bool(operands), where, "must not be empty")
        wanted = dict if field == "PatternMatch.Transcript" else str
        _require(all(isinstance(item, wanted) and item for item in operands), where, f"must hold {wanted.__name__}s")
        limited = field in _LIMITED_FIELDS
        _require(not limited or len(operands) <= MAX_ENTRIES, where, f"has more than {MAX_ENTRIES} entries")


def _check_filter(clause: Any, where: str) -> None:
    _require(isinstance(clause, dict), where, "must be an object")
    _require(clause.get("LogicOperator") == "AND", f"{where}.LogicOperator", "must be AND")
    filters = clause.get("Filters")
    _require(isinstance(filters, list) and bool(filters), f"{where}.Filters", "must be a list that is not empty")
    for index, item in enumerate(filters):
        place = f"{where}.Filters[{index}]"
        _require(isinstance(item, dict) and set(item) == {"Type", "Data"}, place, "needs exactly Type and Data")
