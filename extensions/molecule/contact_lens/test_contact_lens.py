# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

PERMISSIONS = {
    "RealtimeContactLens.View",
    "MyContacts.View",
    "GraphTrends.View",
    "ContactLensPostContactSummary.View",
    "ListenCallRecordings",
}


def test_contact_lens_is_on(client, instance):
    answer = client("connect").describe_instance_attribute(InstanceId=instance["Id"], AttributeType="CONTACT_LENS")
    assert answer["Attribute"]["Value"] == "true"


def test_agents_see_summaries_and_keep_what_they_had(client, instance, by_name):
    connect = client("connect")
    profile = by_name("list_security_profiles", "Agent")["Id"]
    permissions = connect.list_security_profile_permissions(InstanceId=instance["Id"], SecurityProfileId=profile)
    assert set(permissions["Permissions"]) >= PERMISSIONS | {"BasicAgentAccess", "OutboundCallAccess"}


@pytest.mark.parametrize(
    ("name", "source", "subject"),
    [
        ("SAPPostCallAnalytics", "OnPostCallAnalysisAvailable", "PostCall"),
        ("SAPPostChatAnalytics", "OnPostChatAnalysisAvailable", "PostChat"),
        ("SAPRealTimeCallAnalytics", "OnRealTimeCallAnalysisAvailable", "RealTimeCall"),
        ("SAPRealTimeChatAnalytics", "OnRealTimeChatAnalysisAvailable", "RealTimeChat"),
    ],
)
def test_rules_report_conversations_of_the_queue(client, instance, by_name, name, source, subject):
    summaries = client("connect").list_rules(InstanceId=instance["Id"])["RuleSummaryList"]
    assert len(summaries) == 4
    (id,) = [item["RuleId"] for item in summaries if item["Name"] == name]
    rule = client("connect").describe_rule(InstanceId=instance["Id"], RuleId=id)["Rule"]
    assert rule["PublishStatus"] == "PUBLISHED"
    assert rule["TriggerEventSource"]["EventSourceName"] == source
    assert {action["ActionType"] for action in rule["Actions"]} == {
        "ASSIGN_CONTACT_CATEGORY",
        "GENERATE_EVENTBRIDGE_EVENT",
    }
    (event,) = [action["EventBridgeAction"] for action in rule["Actions"] if "EventBridgeAction" in action]
    assert event == {"Name": name}
    (condition,) = json.loads(rule["Function"])["RuleFunction"]["Operands"]
    assert condition["ComparisonValue"] == f"$.ContactLens.{subject}.Queue.QueueId"
    assert condition["Operands"] == [by_name("list_queues", "BasicQueue")["Id"]]
