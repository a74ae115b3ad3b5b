# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which contacts a rule matches (connect-api 9)."""

from __future__ import annotations

import json

import pytest

from tests.local_cloud.connect_emulator.rule_evaluation import Facts
from tests.local_cloud.connect_emulator.rule_evaluation import matches

from .call_site import CallSite
from .call_site import record
from .call_site import to_queue

SOURCE = "OnPostCallAnalysisAvailable"
FACTS = Facts(
    fields={
        "Queue.QueueId": ["q1"],
        "Agent.AgentId": ["a1"],
        "Agent.RoutingProfile": ["r1"],
        "ContactAttribute.Team": ["north"],
        "InitiationMethod": ["INBOUND"],
        "Agent.AgentInteractionDurationSecs": 60.0,
    },
    transcript=(("AGENT", "How can I help you?"), ("CUSTOMER", "I want to CANCEL my order")),
)


def condition(field, *operands, operator="CONTAINS_ANY", word="PostCall", **more):
    return {
        "Operator": operator,
        "Operands": list(operands),
        "ComparisonValue": f"$.ContactLens.{word}.{field}",
        **more,
    }


def group(operator, *operands):
    return {"Operator": operator, "Operands": list(operands)}


def held(*conditions, operator="AND", facts=FACTS):
    function = {"Version": "2022-11-25", "RuleFunction": group(operator, *conditions)}
    return matches(json.dumps(function), SOURCE, facts)


YES, NO = condition("Queue.QueueId", "q1"), condition("Queue.QueueId", "q2")


def test_and_or():
    assert held(YES, YES)
    assert not held(YES, NO)
    assert held(YES, NO, operator="OR")
    assert not held(NO, NO, operator="OR")


def test_nested_groups():
    assert held(YES, group("OR", NO, YES))
    assert not held(YES, group("AND", NO, YES))


@pytest.mark.parametrize(
    ("field", "operand"),
    [
        ("Queue.QueueId", "q1"),
        ("Agent.AgentId", "a1"),
        ("Agent.RoutingProfile", "r1"),
        ("InitiationMethod", "INBOUND"),
    ],
)
def test_contains_any(field, operand):
    assert held(condition(field, "other", operand))
    assert not held(condition(field, "other"))
    assert not held(condition(field, operand), facts=Facts())


def test_negate():
    assert held({**NO, "Negate": True})
    assert not held({**YES, "Negate": True})


def test_no_queue_at_all():
    nothing = condition("Queue.QueueId", operator="EQUALS")
    assert not held(nothing)
    assert held(nothing, facts=Facts())


def test_attributes_of_the_contact():
    assert held(condition("ContactAttribute.Team", "north", operator="EQUALS"))
    assert not held(condition("ContactAttribute.Team", "south", operator="EQUALS"))
    assert not held(condition("ContactAttribute.Other", "north", operator="EQUALS"))


@pytest.mark.parametrize("field", ["ExactMatch.Transcript", "SemanticMatch.Transcript"])
def test_words_of_the_transcript(field):
    assert held(condition(field, "refund", "cancel my order"))
    assert not held(condition(field, "refund"))


def test_words_of_one_participant():
    clause = {"LogicOperator": "AND", "Filters": [{"Type": "ParticipantRole", "Data": {"ParticipantRole": "AGENT"}}]}
    assert held(condition("ExactMatch.Transcript", "help you", FilterClause=clause))
    assert not held(condition("ExactMatch.Transcript", "cancel", FilterClause=clause))


def test_patterns_are_taken_literally():
    assert held(condition("PatternMatch.Transcript", {"Text": "cancel"}))
    assert not held(condition("PatternMatch.Transcript", {"Text": "refund"}))


def test_numbers():
    field = "Agent.AgentInteractionDurationSecs"
    assert held(condition(field, 60, operator="NumberGreaterOrEqualTo"))
    assert held(condition(field, 60, operator="NumberLessOrEqualTo"))
    assert not held(condition(field, 61, operator="NumberGreaterOrEqualTo"))
    assert not held(condition(field, 59, operator="NumberLessOrEqualTo"))
    assert not held(condition("Agent.NumberOfHolds", 5, operator="NumberLessOrEqualTo"))


def test_a_condition_of_another_source_does_not_hold():
    assert not held(condition("Queue.QueueId", "q1", word="RealTimeCall"))


# Rules that are deployed


@pytest.fixture
def site(emulator, connect, instance):
    site = CallSite(emulator, connect, instance)
    site.deploy(record(), *to_queue(site.queue_arn))
    return site


def test_rules_of_the_source_that_are_published_are_evaluated(site):
    site.add_rule("Here")
    site.add_rule("Draft", status="DRAFT")
    site.add_rule("RealTime", source="OnRealTimeCallAnalysisAvailable")
    site.add_rule("Chat", source="OnPostChatAnalysisAvailable")
    assert site.call()["matched_rules"] == ["Here"]


def test_analysis_in_real_time_has_rules_of_both_sources(site):
    site.add_rule("Post")
    site.add_rule("RealTime", source="OnRealTimeCallAnalysisAvailable")
    real_time = record(ChannelConfiguration={"Voice": {"AnalyticsModes": ["RealTime"]}})
    site.deploy(real_time, *to_queue(site.queue_arn))
    answer = site.call()
    assert answer["matched_rules"] == ["Post", "RealTime"]
    assert [event["detail-type"] for event in answer["events"]] == [
        "Contact Lens Post Call Rules Matched",
        "Contact Lens Realtime Rules Matched",
    ]


def test_a_chat_has_rules_of_chats(site):
    flow = site.deploy(record(), *to_queue(site.queue_arn))
    site.add_rule("Post")
    site.add_rule("Chat", source="OnPostChatAnalysisAvailable")
    answer = site.call(channel="CHAT", contact_flow=flow)
    assert answer["matched_rules"] == ["Chat"]
    assert answer["events"][0]["detail-type"] == "Contact Lens Post Chat Rules Matched"


def test_rules_see_the_deployed_objects(site):
    profile = site.connect.list_routing_profiles(InstanceId=site.instance)["RoutingProfileSummaryList"][0]
    site.add_rule("Agent", condition("Agent.AgentId", site.agent))
    site.add_rule("OtherAgent", condition("Agent.AgentId", site.instance))
    site.add_rule("Profile", condition("Agent.RoutingProfile", profile["Arn"]))
    site.add_rule("Attribute", condition("ContactAttribute.Team", "north", operator="EQUALS"))
    site.add_rule("Words", condition("ExactMatch.Transcript", "about my order"))
    site.add_rule("Long", condition("Agent.AgentInteractionDurationSecs", 90, operator="NumberGreaterOrEqualTo"))
    answer = site.call(attributes={"Team": "north"}, duration=90)
    assert answer["matched_rules"] == ["Agent", "Profile", "Attribute", "Words", "Long"]
    assert site.call(duration=30)["matched_rules"] == ["Agent", "Profile", "Words"]


def test_a_rule_that_changes_counts_for_the_next_contact(site):
    rule = site.add_rule("Changing")
    assert site.call()["matched_rules"] == ["Changing"]
    described = site.connect.describe_rule(InstanceId=site.instance, RuleId=rule)["Rule"]
    site.connect.update_rule(
        InstanceId=site.instance,
        RuleId=rule,
        Name="Changing",
        Function=described["Function"].replace(site.queue, site.instance),
        Actions=described["Actions"],
        PublishStatus="PUBLISHED",
    )
    assert site.call()["matched_rules"] == []


def test_rules_without_the_event_action_send_nothing(site):
    rule = site.add_rule("Silent")
    described = site.connect.describe_rule(InstanceId=site.instance, RuleId=rule)["Rule"]
    site.connect.update_rule(
        InstanceId=site.instance,
        RuleId=rule,
        Name="Silent",
        Function=described["Function"],
        Actions=[item for item in described["Actions"] if item["ActionType"] == "ASSIGN_CONTACT_CATEGORY"],
        PublishStatus="PUBLISHED",
    )
    answer = site.call()
    assert (answer["matched_rules"], answer["events"]) == (["Silent"], [])
