# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml takes away what site.yml made, but numbers and recordings, which do not come back, only when told."""

from __future__ import annotations

import pytest

from tests.local_cloud.launcher import LocalCloud

from .site import CURSOR
from .site import DEAD_LETTERS
from .site import EVENT_RULE
from .site import FUNCTION
from .site import Run
from .site import Site

pytestmark = pytest.mark.full

ACCOUNT = "333300000004"
FOR_GOOD = [
    "--extra-vars=connect_instance_release_phone_numbers=true",
    "--extra-vars=connect_instance_delete_recordings=true",
    "--extra-vars=summary_lambda_delete_dead_letters=true",
]


@pytest.fixture(scope="module")
def own_site(own_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A deployed site that no other test uses."""
    made = Site(own_cloud, ACCOUNT, tmp_path_factory.mktemp("teardown"))
    run = made.playbook()
    assert run.status == 0, run.output
    return made


def teardown(site: Site, *arguments: str) -> Run:
    """Run the plan, the teardown and the teardown again, which has nothing to do; return the teardown."""
    before = left(site)
    plan = site.playbook("--check", *arguments, name="teardown.yml")
    assert plan.status == 0, plan.output
    assert left(site) == before
    assert plan.changes() != []
    first = site.playbook(*arguments, name="teardown.yml")
    assert first.status == 0, first.output
    assert set(plan.changes()) <= set(first.changes())
    second = site.playbook(*arguments, name="teardown.yml")
    assert (second.status, second.changes()) == (0, []), second.output
    return first


def left(site: Site) -> dict[str, list[str]]:
    """Return the names of what the account has, by kind."""
    connect = site.client("connect")
    instances = connect.list_instances()["InstanceSummaryList"]
    rules = [rule for item in instances for rule in connect.list_rules(InstanceId=item["Id"])["RuleSummaryList"]]
    roles = site.client("iam").list_roles()["Roles"]
    dashboards = site.client("cloudwatch").list_dashboards()["DashboardEntries"]
    distributions = site.client("cloudfront").list_distributions()["DistributionList"].get("Items", [])
    names = {
        "instances": [item["InstanceAlias"] for item in instances],
        "rules of Contact Lens": [item["Name"] for item in rules],
        "numbers": [item["PhoneNumber"] for item in connect.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]],
        "buckets": [item["Name"] for item in site.client("s3").list_buckets()["Buckets"]],
        "functions": [item["FunctionName"] for item in site.client("lambda").list_functions()["Functions"]],
        "layers": [item["LayerName"] for item in site.client("lambda").list_layers()["Layers"]],
        "event rules": [item["Name"] for item in site.client("events").list_rules()["Rules"]],
        "parameters": [item["Name"] for item in site.client("ssm").describe_parameters()["Parameters"]],
        "queues": [url.rpartition("/")[2] for url in site.client("sqs").list_queues().get("QueueUrls", [])],
        "topics": [item["TopicArn"] for item in site.client("sns").list_topics()["Topics"]],
        "alarms": [item["AlarmName"] for item in site.client("cloudwatch").describe_alarms()["MetricAlarms"]],
        "dashboards": [item["DashboardName"] for item in dashboards],
        "secrets": [item["Name"] for item in site.client("secretsmanager").list_secrets()["SecretList"]],
        "roles of functions": [role["RoleName"] for role in roles if "lambda" in str(role["AssumeRolePolicyDocument"])],
        "distributions": [item["Id"] for item in distributions],
    }
    return {kind: sorted(found) for kind, found in names.items() if found}


def test_numbers_recordings_and_dead_letters_stay(own_site: Site):
    """Numbers and recordings stay with their instance, dead letters with their queue; the cursor goes."""
    own_site.client("ssm").put_parameter(Name=CURSOR, Value="{}", Type="String")
    queue = own_site.client("sqs").get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
    own_site.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    before = left(own_site)
    assert FUNCTION in before["functions"] and EVENT_RULE in before["event rules"] and CURSOR in before["parameters"]
    run = teardown(own_site)
    assert f"{DEAD_LETTERS} stays with 1 dead letter(s)" in run.output
    after = left(own_site)
    assert after == {
        "instances": before["instances"],
        "numbers": before["numbers"],
        "buckets": [own_site.recordings_bucket],
        "queues": [DEAD_LETTERS],
    }
    assert own_site.connect("list-approved-origins")["Origins"] == []


def test_what_was_taken_away_comes_back(own_site: Site):
    """The secret's name, too, which is only set down for deletion."""
    run = own_site.playbook()
    assert run.status == 0, run.output
    contact = own_site.call()
    assert own_site.written_transcript(contact["contact_id"])


def test_nothing_stays_when_told(own_site: Site):
    teardown(own_site, *FOR_GOOD)
    assert left(own_site) == {}
