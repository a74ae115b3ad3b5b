# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles agree with their own defaults, specifications and READMEs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.template import trust_as_template

ROOT = Path(__file__).parents[2]
DASHBOARD = yaml.safe_load((ROOT / "roles/summary_lambda/defaults/main.yml").read_text())
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())


def load(path):
    return yaml.safe_load((ROOT / path).read_text())


def tasks_of(role):
    return [
        task
        for path in sorted((ROOT / "roles" / role / "tasks").glob("*.yml"))
        for task in yaml.safe_load(path.read_text())
    ]


@pytest.mark.parametrize("role", ROLES)
def test_every_input_has_a_type_a_default_and_a_line_in_the_readme(role):
    options = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = load(f"roles/{role}/defaults/main.yml")
    assert set(options) == set(defaults)
    assert all(option["type"] and option["description"] for option in options.values())
    readme = (ROOT / "roles" / role / "README.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|.*\|.*\|$", readme, re.MULTILINE)) >= set(options)


@pytest.mark.parametrize("role", ROLES)
def test_public_names_begin_with_the_role_and_all_others_with_underscores(role):
    names = set(load(f"roles/{role}/defaults/main.yml"))
    private = set(load(f"roles/{role}/vars/main.yml"))
    private |= {task["register"] for task in tasks_of(role) if "register" in task}
    assert all(name.startswith(f"{role}_") for name in names)
    assert all(name.startswith(f"__{role}_") for name in private)


@pytest.mark.parametrize("role", ROLES)
def test_output_is_documented(role):
    (facts,) = [task["ansible.builtin.set_fact"] for task in tasks_of(role) if "ansible.builtin.set_fact" in task]
    assert set(facts) == {f"{role}_output"}
    readme = (ROOT / "roles" / role / "README.md").read_text()
    output = readme.partition("## Output\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", output, re.MULTILINE) == list(facts[f"{role}_output"])


@pytest.mark.parametrize("role", ROLES)
def test_example_gives_inputs_that_exist(role):
    readme = (ROOT / "roles" / role / "README.md").read_text()
    (play,) = yaml.safe_load(re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)[1])
    (task,) = play["tasks"]
    assert task["ansible.builtin.import_role"]["name"] == f"amazon_connect.sap.{role}"
    options = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    assert set(task["vars"]) <= set(options)
    assert set(task["vars"]) >= {name for name, option in options.items() if option.get("required")} - {
        "connect_instance_identity_management_type"
    }


@pytest.mark.parametrize("role", ROLES)
def test_main_only_dispatches(role):
    (task,) = load(f"roles/{role}/tasks/main.yml")
    assert task["ansible.builtin.include_tasks"] == f"{{{{ {role}_state }}}}.yml"


@pytest.mark.parametrize("role", ROLES)
def test_role_has_a_scenario_that_reads_back(role):
    scenario = ROOT / "extensions/molecule" / role
    assert (scenario / "molecule.yml").is_file()
    assert list(scenario.glob("test_*.py"))


def render(role, expression, **variables):
    """Return what an expression is worth with the role's own variables."""
    loader = DataLoader()
    own = loader.load_from_file(str(ROOT / "roles" / role / "vars/main.yml"), trusted_as_template=True)
    return Templar(loader, {**own, **variables}).template(trust_as_template(f"{{{{ {expression} }}}}"))


def test_a_claimed_number_is_known_by_itself_and_by_its_description():
    numbers = [
        {"phone_number": "+442079460001", "arn": "arn:one"},
        {"phone_number": "+442079460002", "arn": "arn:two", "description": "Main line"},
        {"phone_number": None, "arn": None, "description": "Planned"},
    ]
    claimed = {"results": [{"phone_number": number} for number in numbers]}
    known = render("connect_instance", "__connect_instance_number_arns", __connect_instance_claimed_numbers=claimed)
    assert known == {"+442079460001": "arn:one", "+442079460002": "arn:two", "Main line": "arn:two"}


@pytest.mark.parametrize(
    ("name", "instance_arn", "hours"),
    [("BasicQueue", None, "Basic Hours"), ("Sales", None, "left out"), ("BasicQueue", "arn:one", "left out")],
)
def test_a_plan_gives_hours_to_no_queue_that_the_run_gives_none(name, instance_arn, hours):
    started = {"instance": {"arn": instance_arn}}
    expression = "'left out' if __connect_instance_new_hours == omit else __connect_instance_new_hours"
    assert hours == render(
        "connect_instance", expression, __connect_instance_started=started, item={"name": name}, omit="left out"
    )


@pytest.mark.parametrize(
    ("username", "given", "found", "name"),
    [
        ("admin", {"first_name": "", "last_name": ""}, [], ("Connect", "Administrator")),
        ("agent", {}, [], ("Connect", "Agent")),
        ("agent", {"first_name": "Ada", "last_name": ""}, [], ("Ada", "Agent")),
        ("agent", {"first_name": "", "last_name": ""}, ["agent"], ("left out", "left out")),
        ("agent", {"first_name": "Connect", "last_name": "Agent"}, ["agent"], ("Connect", "Agent")),
        ("sales", {}, [], ("left out", "left out")),
    ],
)
def test_names_that_were_not_given_are_for_new_users_of_the_defaults(username, given, found, name):
    (task,) = [task for task in tasks_of("connect_instance") if "Set up users" in task["name"]]
    options, own = task["amazon_connect.sap.connect_user"], task["vars"]
    variables = {
        **{variable: trust_as_template(value) for variable, value in own.items()},
        "connect_instance_users": [{"username": username, **given}],
        "connect_instance_admin_username": "admin",
        "connect_instance_agent_username": "agent",
        "__connect_instance_found_users": {"users": [{"username": user, "id": user} for user in found]},
        "item": username,
        "omit": "left out",
    }
    asked = [options[option].strip("{} ") for option in ("first_name", "last_name")]
    assert name == tuple(render("connect_instance", option, **variables) for option in asked)


@pytest.mark.parametrize(("suffix", "planned"), [("", False), ("-of-somebody-else", True)])
def test_a_plan_takes_no_other_log_group_for_its_own(suffix, planned):
    (task,) = [task for task in tasks_of("summary_lambda") if "Keep their logs" in task["name"]]
    group = "/aws/lambda/summary"
    assert planned == render(
        "summary_lambda",
        task["when"],
        ansible_check_mode=True,
        item=group,
        __summary_lambda_found_logs={"results": [{"log_groups": [{"log_group_name": group + suffix}]}]},
    )


INSTANCE = "arn:aws:connect:eu-west-2:111122223333:instance/I"
CALLS, CHATS = "Contact Lens Post Call Rules Matched", "Contact Lens Post Chat Rules Matched"
FAILED = {"detail-type": ["Contact Lens Analysis State Change"], "detail": {"instance": [INSTANCE]}}
OF_OUR_RULE = {"instanceArn": [INSTANCE], "actionName": ["SAPPostCallAnalytics"]}


@pytest.mark.parametrize(
    ("triggers", "pattern"),
    [
        (["post_call"], {"detail-type": [CALLS], "detail": OF_OUR_RULE}),
        (["post_call", "post_chat"], {"detail-type": [CALLS, CHATS], "detail": OF_OUR_RULE}),
        (["analysis_failed"], FAILED),
        (["post_call", "analysis_failed"], {"$or": [{"detail-type": [CALLS], "detail": OF_OUR_RULE}, FAILED]}),
    ],
)
def test_the_event_rule_takes_no_more_than_the_triggers_need(triggers, pattern):
    default = trust_as_template(load("roles/eventbridge/defaults/main.yml")["eventbridge_detail_types"])
    assert {"source": ["aws.connect"], **pattern} == render(
        "eventbridge",
        "__eventbridge_pattern",
        eventbridge_triggers=triggers,
        eventbridge_detail_types=default,
        eventbridge_instance_arn=INSTANCE,
        eventbridge_further_instance_arns=[],
        eventbridge_event_names=["SAPPostCallAnalytics"],
    )


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([{"name": "A"}], ["A"]),
        ([{"name": "A", "event_name": "B"}, {"name": "C"}], ["B", "C"]),
        ([{"name": "A", "actions": [{"type": "ASSIGN_CONTACT_CATEGORY"}]}], []),
        ([{"name": "A", "actions": [{"type": "GENERATE_EVENTBRIDGE_EVENT", "name": "D"}]}], ["D"]),
    ],
)
def test_event_names_are_those_that_the_rules_send(rules, names):
    assert names == render("contact_lens", "__contact_lens_event_names", contact_lens_rules=rules)


@pytest.mark.parametrize(
    ("triggers", "sources"),
    [
        (["post_call"], ["OnPostCallAnalysisAvailable"]),
        (["analysis_failed"], []),
        (["post_chat", "realtime_call"], ["OnPostChatAnalysisAvailable", "OnRealTimeCallAnalysisAvailable"]),
    ],
)
def test_each_trigger_has_its_rule_of_contact_lens(triggers, sources):
    default = trust_as_template(load("roles/contact_lens/defaults/main.yml")["contact_lens_rules"])
    rules = render(
        "contact_lens",
        "contact_lens_rules",
        contact_lens_rules=default,
        contact_lens_triggers=triggers,
        contact_lens_rule_queues=["Service"],
    )
    assert [rule["trigger_event_source"] for rule in rules] == sources
    assert all(rule["queues"] == ["Service"] and rule["event_name"] == rule["name"] for rule in rules)


def dashboard(**changes):
    variables = {
        **{name: trust_as_template(value) if isinstance(value, str) else value for name, value in DASHBOARD.items()},
        "summary_lambda_environment": "poc",
        "summary_lambda_region": "eu-west-2",
        "summary_lambda_account_id": "111122223333",
        **changes,
    }
    template = (ROOT / "roles/summary_lambda/templates/dashboard.json.j2").read_text()
    own = DataLoader().load_from_file(str(ROOT / "roles/summary_lambda/vars/main.yml"), trusted_as_template=True)
    text = Templar(DataLoader(), {**own, **variables}).template(trust_as_template(template))
    return json.loads(text) if isinstance(text, str) else text


def alarms_of(document):
    (arns,) = [widget["properties"]["alarms"] for widget in document["widgets"] if widget["type"] == "alarm"]
    prefix = "arn:aws:cloudwatch:eu-west-2:111122223333:alarm:poc-summary-"
    assert all(arn.startswith(prefix) for arn in arns)
    return {arn.removeprefix(prefix) for arn in arns}


def test_the_dashboard_shows_what_the_functions_measure():
    """Calls, summaries, delay, failures by reason and dead letters, from the metrics that the functions really send."""
    document = dashboard()
    shown = {
        metric[1] for widget in document["widgets"] for metric in widget["properties"].get("metrics", []) if metric[1:]
    }
    assert shown >= {
        "ContactsEnded",
        "ContactsAnalysed",
        "SummariesDelivered",
        "SummaryDelaySeconds",
        "SummariesMissing",
        "ApproximateNumberOfMessagesVisible",
    }
    (failures,) = [widget for widget in document["widgets"] if widget["properties"]["title"] == "Failures by reason"]
    (((search,),),) = [failures["properties"]["metrics"]]
    assert search["expression"] == (
        "SEARCH('{AmazonConnectSAP,Environment,Reason} "
        'MetricName="DeliveryFailures" Environment="poc"'
        "', 'Sum', 300)"
    )
    assert alarms_of(document) >= {"dead-letters", "silence", "maintenance-idle", "undelivered-events"}


def test_without_schedules_nobody_is_told_that_nothing_runs():
    off = {"summary_lambda_redrive_enabled": False, "summary_lambda_reconcile_enabled": False}
    assert alarms_of(dashboard()) - alarms_of(dashboard(**off)) == {"maintenance-idle"}


OWN = {"Sid": "DenyInsecureTransport", "Effect": "Deny"}
FOREIGN = {"Effect": "Allow", "Action": "s3:GetObject"}


@pytest.mark.parametrize(
    ("policy", "others"),
    [
        (None, []),
        ({"Statement": [FOREIGN]}, [FOREIGN]),
        ({"Statement": FOREIGN}, [FOREIGN]),
        ({"Statement": [OWN, FOREIGN, {**FOREIGN, "Sid": "Audit"}]}, [FOREIGN, {**FOREIGN, "Sid": "Audit"}]),
    ],
)
def test_statements_of_others_in_the_policy_of_the_bucket_are_kept(policy, others):
    expression = "__connect_instance_other_statements"
    made = {"policy": policy}
    assert others == render(
        "connect_instance", expression, __connect_instance_made_bucket=made, __connect_instance_encrypted_only=OWN
    )


def test_a_planned_bucket_has_no_statements():
    made = {"skipped": True}
    assert [] == render("connect_instance", "__connect_instance_bucket_statements", __connect_instance_made_bucket=made)


@pytest.mark.parametrize(
    ("result", "failed"),
    [
        ({"changed": True}, False),
        ({"failed": True, "msg": "An error occurred (WAFAssociatedItemException) when calling DeleteWebACL"}, False),
        ({"failed": True, "msg": "An error occurred (AccessDeniedException) when calling DeleteWebACL"}, True),
    ],
)
def test_a_web_acl_that_something_else_uses_stays(result, failed):
    (task,) = [task for task in tasks_of("cti_hosting") if "that nothing needs" in task["name"]]
    assert failed == render("cti_hosting", task["failed_when"], __cti_hosting_deleted_web_acl=result)


def test_agents_who_hear_redacted_audio_only_have_the_other_permissions_of_the_default():
    readme = (ROOT / "roles/contact_lens/README.md").read_text().partition("## What agents hear\n")[2]
    shown = yaml.safe_load(re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)[1])["contact_lens_security_profiles"]
    (profile,) = load("roles/contact_lens/defaults/main.yml")["contact_lens_security_profiles"]
    unredacted = {"ListenCallRecordings", "DownloadCallRecordings"}
    assert set(profile["permissions"]) > unredacted
    kept = [name for name in profile["permissions"] if name not in unredacted]
    assert shown == [{"name": "Agent", "permissions": [*kept, "CallRecordings.Redacted.Access"]}]
