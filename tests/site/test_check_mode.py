# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``--check --diff`` on an empty account: it tells what would be made, and makes nothing."""

from __future__ import annotations

import time

import pytest

from .site import EVENT_RULE
from .site import FUNCTION
from .site import MAINTENANCE
from .site import Run
from .site import Site
from .site import is_read

# IAM actions. Whatever else a plan asks of AWS is a change, or has to be added here on purpose.
READS = {
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetDashboard",
    "cloudfront:ListDistributions",
    "cloudfront:ListOriginAccessControls",
    "cloudfront:ListResponseHeadersPolicies",
    "connect:ListInstances",
    "events:DescribeRule",
    "iam:GetRole",
    "iam:ListAccountAliases",
    "lambda:GetFunction",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionEventInvokeConfig",
    "lambda:GetPolicy",
    "lambda:ListLayers",
    "logs:DescribeLogGroups",
    "s3:GetBucketOwnershipControls",
    "s3:ListAllMyBuckets",
    "secretsmanager:DescribeSecret",
    "sns:ListTopics",
    "sqs:GetQueueUrl",
    "ssm:DescribeParameters",
    "ssm:GetParameter",
    "sts:GetCallerIdentity",
    "wafv2:ListWebACLs",
}
# What the run changes and the plan does not tell: these modules have no check mode, or fail in it for what is new.
NOT_PLANNED = {
    "connect_instance : Storage | Create the bucket",
    "connect_instance : Storage | Refuse unencrypted connections to the bucket",
    "cti_hosting : Start | Create the bucket",
    "cti_hosting : Distribution | Create or adopt it",
    "cti_hosting : Distribution | Let it, and nothing else, read the bucket",
    "summary_lambda : Functions | Allow their roles what the functions need",
    "summary_lambda : Alarms | Create their topic and its subscriptions",
}
# What the plan tells and the run then finds done: a new instance comes with Contact Lens turned on.
NOT_NEEDED = {"contact_lens : Present | Set whether the instance analyses conversations"}
# What the guide makes, in its order: a task that reports a change, and the item when it loops.
PLAN = [
    ("Start | Create or adopt the instance", None),
    ("Logs | Keep what flows log for a limited time", None),
    ("Storage | Tell the instance where to keep its data", "CALL_RECORDINGS"),
    ("Storage | Tell the instance where to keep its data", "CHAT_TRANSCRIPTS"),
    ("Storage | Tell the instance where to keep its data", "SCHEDULED_REPORTS"),
    ("Users | Set up users", "admin"),
    ("Users | Set up users", "agent"),
    ("Contact flows | Publish flows", "1 - MainFlow"),
    ("Phone numbers | Claim numbers and give them their flows", "poc main line"),
    ("Phone numbers | Give queues their outbound caller id", "BasicQueue"),
    ("Present | Let users see analyses and summaries", "Agent"),
    ("Rules | Report analysed conversations", "SAPPostCallAnalytics"),
    ("Settings | Store the parameters", "connect-bucket-name"),
    ("Settings | Store the parameters", "c4c-base-url"),
    ("Settings | Store the parameters", "c4c-phone-service-endpoint-path"),
    ("Settings | Store the parameters", "c4c-username"),
    ("Settings | Store the password", None),
    ("Layer | Publish a version", None),
    ("Dead letters | Create their queue", None),
    ("Functions | Keep their logs for a limited time", FUNCTION),
    ("Functions | Keep their logs for a limited time", MAINTENANCE),
    ("Functions | Create their roles", FUNCTION),
    ("Functions | Create their roles", MAINTENANCE),
    ("Functions | Create them", FUNCTION),
    ("Functions | Create them", MAINTENANCE),
    ("Functions | Limit how often and how long events are tried", FUNCTION),
    ("Schedules | Allow them to call the maintenance function", "poc-summary-redrive"),
    ("Schedules | Create them", "poc-summary-redrive"),
    ("Schedules | Create them", "poc-summary-reconcile"),
    ("Alarms | Create them", "poc-summary-dead-letters"),
    ("Alarms | Create them", "poc-summary-silence"),
    ("Present | Show what becomes of summaries", None),
    ("Present | Allow the rule to call the function", None),
    ("Present | Send analysed conversations to the function", None),
    ("Files | Upload what the page loads", "assets/"),
    ("Files | Upload the page", "index.html"),
    ("Files | Upload the configuration", "config.js"),
    ("Start | Let the distribution sign its requests to the bucket", None),
    ("Start | Protect the distribution", None),
    ("Finish | Approve the origins of the connector and of SAP", None),
]


@pytest.fixture(scope="module")
def plan(empty_site: Site) -> tuple[Run, float]:
    """Plan the site on an empty account; return the run and the time at which it began."""
    began = time.time()
    return empty_site.playbook("--check", "--diff"), began


def test_the_plan_ends_well(plan):
    run, _began = plan
    assert run.status == 0, run.output
    assert (run.recap["failed"], run.recap["unreachable"]) == (0, 0)


def test_nothing_is_written_to_amazon_connect(empty_site, plan):
    requests = empty_site.connect_requests()
    assert requests, "The plan did not even look"
    assert [entry["operation"] for entry in requests if not is_read(entry["operation"])] == []


def test_nothing_but_reads_is_sent_to_aws(empty_site, plan):
    _run, began = plan
    requests = empty_site.aws_requests(since=began)
    assert "connect:ListInstances" in {entry["action"] for entry in requests}
    # A HEAD of a bucket that does not exist is answered before anybody asks for permission.
    others = [entry for entry in requests if entry["action"] not in READS and entry["method"] != "HEAD"]
    assert sorted({f"{entry['action']} {entry['method']} {entry['path']}" for entry in others}) == []


def test_nothing_exists_afterwards(empty_site, plan):
    site = empty_site
    assert site.aws("connect", "list-instances")["InstanceSummaryList"] == []
    assert site.client("s3").list_buckets()["Buckets"] == []
    assert site.client("lambda").list_functions()["Functions"] == []
    assert site.client("lambda").list_layers()["Layers"] == []
    assert site.client("ssm").describe_parameters()["Parameters"] == []
    assert site.client("secretsmanager").list_secrets()["SecretList"] == []
    assert site.client("events").list_rules()["Rules"] == []
    assert site.client("logs").describe_log_groups()["logGroups"] == []
    assert site.client("sqs").list_queues().get("QueueUrls", []) == []
    assert site.client("sns").list_topics()["Topics"] == []
    assert site.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert site.client("cloudwatch").list_dashboards()["DashboardEntries"] == []
    assert site.client("cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    assert site.client("wafv2", "us-east-1").list_web_acls(Scope="CLOUDFRONT")["WebACLs"] == []
    assert [role["RoleName"] for role in site.client("iam").list_roles()["Roles"] if "poc" in role["RoleName"]] == []
    assert not site.outputs_directory.exists()


@pytest.mark.parametrize("task, item", PLAN)
def test_the_plan_lists_what_the_guide_makes(plan, task, item):
    run, _began = plan
    found = [changed for name, changed in run.changes() if name.endswith(task) and (item or "") in (changed or "")]
    assert found, f"The plan does not tell: {task} ({item})"


@pytest.mark.parametrize(
    "name", ["sap-connect-poc", "1 - MainFlow", "BasicQueue", "SAPPostCallAnalytics", FUNCTION, EVENT_RULE]
)
def test_the_plan_shows_the_names(plan, name):
    assert name in plan[0].output


def test_the_plan_shows_no_secret(empty_site, plan):
    for name, secret in empty_site.secrets().items():
        assert secret not in plan[0].output, f"The plan shows {name}"


def test_the_plan_is_what_the_run_then_changes(plan, first_run):
    """The deployed site began as empty as this one: what its run changed is what the plan tells, item by item."""
    planned, done = set(plan[0].changes()), set(first_run.changes())
    missing = {task for task, _item in done - planned if not task.startswith("Outputs | ")}
    assert missing == NOT_PLANNED
    assert {task for task, _item in planned - done} == NOT_NEEDED
