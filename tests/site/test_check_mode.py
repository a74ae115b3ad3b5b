# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``--check --diff`` on an empty account: it tells what would be made, and makes nothing."""

from __future__ import annotations

import time

import pytest

from .site import EVENT_RULE
from .site import FUNCTION
from .site import Run
from .site import Site
from .site import is_read

# Whatever else a plan asks of AWS is a change, or has to be added here on purpose.
READS = {
    "sts:GetCallerIdentity",
    "s3:GetBucketVersioning",
    "s3:ListAllMyBuckets",
    "s3:ListBucket",
    "ssm:DescribeParameters",
    "ssm:GetParameter",
    "secretsmanager:DescribeSecret",
    "lambda:GetFunction",
    "lambda:GetFunctionConfiguration",
    "lambda:GetPolicy",
    "lambda:ListLayerVersions",
    "logs:DescribeLogGroups",
    "iam:GetRole",
    "events:DescribeRule",
    "cloudfront:ListDistributions",
    "cloudfront:ListOriginAccessControls",
    "cloudfront:ListResponseHeadersPolicies",
    "wafv2:ListWebACLs",
    "connect:ListInstances",
}
BUCKETS = ("amazon-connect-poc-333300000002-eu-west-2", "sap-cti-connector-poc-333300000002-eu-west-2")
# What the guide makes, in its order: a task that reports a change, and the item when it loops.
PLAN = [
    ("Start | Create or adopt the instance", None),
    ("Storage | Create the bucket", None),
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
    ("Function | Create its role", None),
    ("Function | Create it", None),
    ("Present | Allow the rule to call the function", None),
    ("Present | Send analysed conversations to the function", None),
    ("Start | Create the bucket", None),
    ("Files | Upload what the page loads", "assets/"),
    ("Files | Upload the configuration", "config.js"),
    ("Files | Upload the page", "index.html"),
    ("Start | Let the distribution sign its requests to the bucket", None),
    ("Start | Protect the distribution", None),
    ("Distribution | Create or adopt it", None),
    ("Distribution | Let it, and nothing else, read the bucket", None),
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
    others = {(entry["action"], entry["method"], entry["path"]) for entry in requests if entry["action"] not in READS}
    assert others == set()


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
    assert site.client("cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    assert site.client("wafv2", "us-east-1").list_web_acls(Scope="CLOUDFRONT")["WebACLs"] == []
    assert [role["RoleName"] for role in site.client("iam").list_roles()["Roles"] if "poc" in role["RoleName"]] == []
    assert not site.outputs_directory.exists()


@pytest.mark.parametrize("task, item", PLAN)
def test_the_plan_lists_what_the_guide_makes(plan, task, item):
    run, _began = plan
    found = [changed for name, changed in run.changes() if name.endswith(task) and (item or "") in (changed or "")]
    assert found, f"The plan does not tell: {task} ({item})"


def test_the_plan_shows_names_and_no_secret(empty_site, plan):
    run, _began = plan
    for name in (*BUCKETS, FUNCTION, EVENT_RULE, "poc_lambda_layer", "SAPPostCallAnalytics", "1 - MainFlow"):
        assert name in run.output, f"The plan does not show {name}"
    for name, secret in empty_site.secrets().items():
        assert secret not in run.output, f"The plan shows {name}"


def test_the_plan_is_what_the_run_then_changes(plan, first_run):
    """The deployed site began as empty as this one: what its run changed is what the plan tells, task by task."""
    planned, done = set(plan[0].changes()), set(first_run.changes())
    # A plan writes no outputs, and knows only afterwards that a distribution of its own has to be waited for.
    done = {(task, item) for task, item in done if not task.startswith("Outputs | ")}
    assert planned == done
