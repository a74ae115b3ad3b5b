# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does a rule match a contact? (connect-api 9; the grammar is rule_language's.)"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from .rule_language import GROUP_OPERATORS
from .rule_language import SOURCE_WORDS


@dataclass(frozen=True)
class Facts:
    """What is known of an analysed contact.

    ``fields`` holds, by the name after the source in a ComparisonValue (Queue.QueueId, ContactAttribute.Team, ...), a
    list of texts or a number. ``transcript`` holds (participant role, text) in order.
    """

    fields: dict[str, list[str] | float] = field(default_factory=dict)
    transcript: tuple[tuple[str, str], ...] = ()


def matches(function: str, source: str, facts: Facts) -> bool:
    """Evaluate the JSON text of a rule's Function for an event source, e.g. OnPostCallAnalysisAvailable."""
    return _holds(json.loads(function)["RuleFunction"], f"$.ContactLens.{SOURCE_WORDS[source]}.", facts)


def _holds(condition: dict[str, Any], prefix: str, facts: Facts) -> bool:
    operator = condition["Operator"]
    if operator in GROUP_OPERATORS:
        parts = (_holds(part, prefix, facts) for part in condition["Operands"])
        return all(parts) if operator == "AND" else any(parts)
    path = condition["ComparisonValue"]
    held = path.startswith(prefix) and _compare(condition, path.removeprefix(prefix), facts)
    return held != condition.get("Negate", False)


def _compare(condition: dict[str, Any], name: str, facts: Facts) -> bool:
    operator, operands = condition["Operator"], condition.get("Operands", [])
    if name in ("ExactMatch.Transcript", "SemanticMatch.Transcript", "SemanticMatch.Phrase", "PatternMatch.Transcript"):
        # The emulator takes words literally: meaning and patterns of words are beyond it.
        spoken = " \n ".join(_spoken(condition.get("FilterClause"), facts)).lower()
        return any(phrase.lower() in spoken for operand in operands for phrase in _phrases(operand))
    value = facts.fields.get(name, [])
    if operator == "NumberLessOrEqualTo":
        return isinstance(value, (int, float)) and value <= operands[0]
    if operator == "NumberGreaterOrEqualTo":
        return isinstance(value, (int, float)) and value >= operands[0]
    known = value if isinstance(value, list) else [str(value)]
    if operator == "EQUALS" and not operands:
        return not known
    return any(operand in known for operand in operands)


def _phrases(operand: Any) -> list[str]:
    """Return the texts in an operand, which for a pattern is an object."""
    if isinstance(operand, str):
        return [operand]
    nested = operand.values() if isinstance(operand, dict) else operand if isinstance(operand, list) else []
    return [phrase for item in nested for phrase in _phrases(item)]


def _spoken(clause: dict[str, Any] | None, facts: Facts) -> list[str]:
    """Return what was said, by the participant that the filter names, if it names one (its form is inferred)."""
    named = json.dumps((clause or {}).get("Filters", [])).upper()
    roles = [role for role in ("AGENT", "CUSTOMER") if f'"{role}"' in named]
    return [text for role, text in facts.transcript if not roles or role in roles]
