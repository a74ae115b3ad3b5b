# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""teardown.yml takes away what site.yml made, but numbers and recordings, which do not come back, only when told."""

from __future__ import annotations

import pytest

from tests.local_cloud.launcher import LocalCloud

from .site import EVENT_RULE
from .site import FUNCTION
from .site import Site

pytestmark = pytest.mark.full

ACCOUNT = "333300000004"
FOR_GOOD = [
    "--extra-vars=connect_instance_release_phone_numbers=true",
    "--extra-vars=connect_instance_delete_recordings=true",
]


@pytest.fixture(scope="module")
def own_site(own_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A deployed site that no other test uses."""
    made = Site(own_cloud, ACCOUNT, tmp_path_factory.mktemp("teardown"))
    run = made.playbook()
    assert run.status == 0, run.output
    return made


def teardown(site: Site, *arguments: str) -> None:
    """Run the plan, the teardown and the teardown again, which has nothing to do."""
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


def left(site: Site) -> dict[str, list[str]]:
    """Return the names of what the account has, by kind."""
    connect = site.client("connect")
    instances = connect.list_instances()["InstanceSummaryList"]
    rules = [rule for item in instances for rule in connect.list_rules(InstanceId=item["Id"])["RuleSummaryList"]]
    roles = site.client("iam").list_roles()["Roles"]
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
        "secrets": [item["Name"] for item in site.client("secretsmanager").list_secrets()["SecretList"]],
        "roles of functions": [role["RoleName"] for role in roles if "lambda" in str(role["AssumeRolePolicyDocument"])],
        "distributions": [item["Id"] for item in distributions],
    }
    return {kind: sorted(found) for kind, found in names.items() if found}


def test_numbers_and_recordings_stay_with_their_instance(own_site: Site):
    before = left(own_site)
    assert FUNCTION in before["functions"] and EVENT_RULE in before["event rules"]
    teardown(own_site)
    after = left(own_site)
    assert after == {
        "instances": before["instances"],
        "numbers": before["numbers"],
        "buckets": [own_site.recordings_bucket],
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
