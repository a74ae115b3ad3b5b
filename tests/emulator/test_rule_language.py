# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grammar of a rule's function (connect-api 9)."""

from __future__ import annotations

import json

import pytest

from tests.local_cloud.connect_emulator.rule_language import parse

QUEUE = {
    "Operator": "CONTAINS_ANY",
    "Operands": ["11111111-2222-4333-8444-555555555555"],
    "ComparisonValue": "$.ContactLens.PostCall.Queue.QueueId",
    "Negate": False,
}
SHIFT = {
    "Operator": "NumberGreaterOrEqualTo",
    "Operands": [2],
    "ComparisonValue": "$.ContactLens.PostCall.Sentiment.Score.Beginning",
    "FilterClause": {"LogicOperator": "AND", "Filters": [{"Type": "ParticipantRole", "Data": "AGENT"}]},
}


def condition(operator, operands, field, source="PostCall"):
    return {"Operator": operator, "Operands": operands, "ComparisonValue": f"$.ContactLens.{source}.{field}"}


def text(*conditions, operator="OR", version="2022-11-25"):
    return json.dumps({"Version": version, "RuleFunction": {"Operator": operator, "Operands": list(conditions)}})


@pytest.mark.parametrize(
    "valid",
    [
        QUEUE,
        SHIFT,
        {"Operator": "AND", "Operands": [SHIFT, {**SHIFT, "Operands": [-1.5]}]},
        condition("EQUALS", [], "Queue.QueueId"),
        {"Operator": "EQUALS", "ComparisonValue": "$.ContactLens.PostCall.Queue.QueueId"},
        condition("CONTAINS_ANY", ["a"], "Agent.AgentId"),
        condition("CONTAINS_ANY", ["arn"], "Agent.RoutingProfile"),
        condition("CONTAINS_ANY", ["arn"], "Agent.HierarchyGroup.ARN"),
        condition("CONTAINS_ANY", ["refund"], "ExactMatch.Transcript"),
        condition("CONTAINS_ANY", ["refund"], "SemanticMatch.Transcript"),
        condition("CONTAINS_ANY", [{"Pattern": "x"}], "PatternMatch.Transcript"),
        condition("EQUALS", ["gold"], "ContactAttribute.customer.level"),
        condition("EQUALS", ["NEGATIVE"], "Sentiment.State"),
        condition("NumberLessOrEqualTo", [-2], "Sentiment.OverallScore"),
        condition("NumberGreaterOrEqualTo", [30], "NonTalkTime.TotalTimeSecs"),
        condition("NumberGreaterOrEqualTo", [3], "Interruptions.Instances"),
        condition("NumberGreaterOrEqualTo", [3], "Agent.NumberOfHolds"),
        condition("CONTAINS_ANY", ["INBOUND"], "InitiationMethod"),
        condition("CONTAINS_ANY", ["AGENT_DISCONNECT"], "DisconnectReason"),
        condition("EQUALS", ["f"], "Form.FormId", source="ContactEvaluation"),
    ],
    ids=lambda item: f"{item['Operator']} {item.get('ComparisonValue', '')}",
)
def test_valid_conditions(valid):
    source = text(valid)
    assert parse(source) == json.loads(source)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("not JSON", "not JSON"),
        ("[]", "must be an object"),
        (json.dumps({"Version": "2022-11-25"}), "needs exactly Version and RuleFunction"),
        (text(QUEUE, version="2019-10-30"), "Version must be 2022-11-25"),
        (text(QUEUE, operator="CONTAINS_ANY"), "must be AND or OR"),
        (text(), "not empty"),
        (text("x"), r"Operands\[0\] must be an object"),
        (text({**QUEUE, "Operator": "LIKE"}), "must be one of"),
        (text({**QUEUE, "Colour": "red"}), "unknown members Colour"),
        (text({**QUEUE, "ComparisonValue": "Queue"}), r"a path from \$\."),
        (text({**QUEUE, "Negate": "no"}), "true or false"),
        (text({**QUEUE, "Operands": []}), "must not be empty"),
        (text({**QUEUE, "Operands": "id"}), "must be a list"),
        (text({**QUEUE, "Operands": [7]}), "must hold strs"),
        (text({**QUEUE, "Operator": "EQUALS"}), "in no queue"),
        (text({**SHIFT, "Operands": ["2"]}), "one number"),
        (text({**SHIFT, "Operands": [True]}), "one number"),
        (text({**SHIFT, "Operands": [1, 2]}), "one number"),
        (text({**SHIFT, "FilterClause": {"LogicOperator": "OR", "Filters": []}}), "must be AND"),
        (text({**SHIFT, "FilterClause": {"LogicOperator": "AND", "Filters": []}}), "not empty"),
        (text({**SHIFT, "FilterClause": {"LogicOperator": "AND", "Filters": [{}]}}), "Type and Data"),
        (text(condition("EQUALS", ["a", "b"], "ContactAttribute.level")), "one value"),
        (text(condition("EQUALS", ["a"], "ContactAttribute.")), "is unknown"),
        (text(condition("CONTAINS_ANY", ["a"], "Queue.Name")), "is unknown"),
        (text(condition("NumberLessOrEqualTo", [1], "Queue.QueueId")), "does not go with"),
        (text({"Operator": "AND", "Operands": [QUEUE], "Negate": True}), "needs exactly Operator and Operands"),
    ],
)
def test_faults_are_named(broken, reason):
    with pytest.raises(ValueError, match=reason):
        parse(broken)


def test_path_must_be_of_the_rules_source():
    parse(text(QUEUE), "OnPostCallAnalysisAvailable")
    parse(text(QUEUE), None)
    with pytest.raises(ValueError, match=r"not of \$\.ContactLens\.RealTimeCall"):
        parse(text(QUEUE), "OnRealTimeCallAnalysisAvailable")


def test_paths_of_other_sources_are_taken_as_they_are():
    other = {"Operator": "EQUALS", "Operands": ["open"], "ComparisonValue": "$.Case.Fields.status"}
    assert parse(text(other), "OnCaseUpdate")


def test_20_conditions_at_most():
    parse(text(*[QUEUE] * 20))
    with pytest.raises(ValueError, match="21 conditions"):
        parse(text(*[QUEUE] * 19, {"Operator": "AND", "Operands": [SHIFT, SHIFT]}))


@pytest.mark.parametrize("field", ["Queue.QueueId", "Agent.AgentId"])
def test_100_entries_in_a_queue_or_agent_condition_at_most(field):
    parse(text(condition("CONTAINS_ANY", ["id"] * 100, field)))
    with pytest.raises(ValueError, match="more than 100 entries"):
        parse(text(condition("CONTAINS_ANY", ["id"] * 101, field)))
