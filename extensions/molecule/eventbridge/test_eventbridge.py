# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

RULE = "Connect-poc-CL-eventbridge-rule"
FUNCTION = "poc-lambda-process-contact-lens-event"


def test_rule_takes_analysed_calls_and_failed_analyses_of_the_instance(client, account, region, site_tags):
    events = client("events")
    rule = events.describe_rule(Name=RULE)
    assert rule["State"] == "ENABLED"
    instance = f"arn:aws:connect:{region}:{account}:instance/11111111-1111-4111-8111-111111111111"
    assert json.loads(rule["EventPattern"]) == {
        "source": ["aws.connect"],
        "$or": [
            {
                "detail-type": ["Contact Lens Post Call Rules Matched"],
                "detail": {"instanceArn": [instance], "actionName": ["SAPPostCallAnalytics"]},
            },
            {"detail-type": ["Contact Lens Analysis State Change"], "detail": {"instance": [instance]}},
        ],
    }
    tags = events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == site_tags


def test_the_function_is_the_only_target(client, account, region):
    (target,) = client("events").list_targets_by_rule(Rule=RULE)["Targets"]
    assert target["Arn"] == f"arn:aws:lambda:{region}:{account}:function:{FUNCTION}"
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 86400}
    assert target["DeadLetterConfig"] == {"Arn": f"arn:aws:sqs:{region}:{account}:poc-summary-dead-letters"}


def test_only_the_rule_may_call_the_function(client, account, region):
    policy = json.loads(client("lambda").get_policy(FunctionName=FUNCTION)["Policy"])
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Condition"] == {"ArnLike": {"AWS:SourceArn": f"arn:aws:events:{region}:{account}:rule/{RULE}"}}
