# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong inputs and wrong surroundings: every one ends with a sentence that says what, where and what to do.

Each wrong inventory is a deployment of its own: one run of site.yml takes all that are refused before anything changes.
"""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest
import yaml

from tests.clients import ROOT

from .deployments import ADMIN_PASSWORD
from .deployments import Failure
from .deployments import Fleet
from .deployments import FleetRun
from .site import wait_for

PREFLIGHT_ACCOUNT = "444400000001"
AGENT = {
    "username": "agent",
    "password": "{{ connect_instance_agent_password }}",
    "first_name": "Connect",
    "last_name": "Agent",
    "security_profiles": ["Agent"],
}
NUMBER = {"description": "poc main line", "country_code": "US", "type": "DID", "contact_flow": "1 - MainFlow"}
HOURS = {
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "config": [{"day": "MONDAY", "start_time": "08:00", "end_time": "17:00"}],
}
RULE = {"name": "SAPPostCallAnalytics", "queues": ["BasicQueue"], "event_name": "SAPPostCallAnalytics"}
PASSWORD = "connect_instance_users needs a password of 8 to 64 characters"
ALIAS = "an alias takes 1 to 45 letters, digits and inner hyphens"
ORIGIN = "an origin is https:// and a host with nothing behind it"
SAP_ADDRESS = "site_sap_base_url must be https:// and the host of the SAP tenant with nothing behind it"

# name: (what is wrong, what the sentence must say)
PREFLIGHT: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "password-too-short": ({"connect_instance_admin_password": "Ab1defg"}, (PASSWORD, "for admin.")),
    "password-without-digit": ({"connect_instance_agent_password": "Abcdefghijk"}, (PASSWORD, "for agent.")),
    "password-left-out": ({"connect_instance_admin_password": None}, (PASSWORD, "for admin.")),
    "alias-with-blank": ({"site_instance_alias": "contact centre"}, ("site_instance_alias", "'contact centre'", ALIAS)),
    "alias-like-a-directory": ({"site_instance_alias": "d-contact"}, ("site_instance_alias", "begin with d-")),
    "alias-with-last-hyphen": ({"site_instance_alias": "contact-"}, ("site_instance_alias", ALIAS)),
    "alias-too-long": ({"site_instance_alias": "a" * 46}, ("site_instance_alias", ALIAS)),
    "alias-left-out": ({"site_instance_alias": None}, ("does not set site_instance_alias",)),
    "origin-with-path": ({"cti_hosting_approved_origins": ["https://sap.example/shell"]}, ("/shell'", ORIGIN)),
    "origin-with-slash": ({"cti_hosting_approved_origins": ["https://sap.example/"]}, ("cti_hosting_approved", ORIGIN)),
    "origin-with-junk": ({"cti_hosting_sap_origins": ["https://sap.example;x"]}, ("cti_hosting_sap_origins", ORIGIN)),
    "origin-http": ({"cti_hosting_sap_origins": ["http://sap.example"]}, ("'http://sap.example'", ORIGIN)),
    "origin-without-scheme": ({"cti_hosting_approved_origins": ["sap.example"]}, ("'sap.example'", ORIGIN)),
    "sap-http": ({"site_sap_base_url": "http://my1.crm.cloud.sap"}, (SAP_ADDRESS,)),
    "sap-without-scheme": ({"site_sap_base_url": "my1.crm.cloud.sap"}, (SAP_ADDRESS,)),
    "sap-with-path": ({"site_sap_base_url": "https://my1.crm.cloud.sap/sap/c4c"}, (SAP_ADDRESS,)),
    "sap-with-slash": ({"site_sap_base_url": "https://my1.crm.cloud.sap/"}, (SAP_ADDRESS,)),
    "sap-ends-a-line": ({"site_sap_base_url": "https://my1.crm.cloud.sap\n"}, (SAP_ADDRESS,)),
    "sap-password-left-out": ({"site_sap_password": None}, ("site_sap_password must hold",)),
    "sap-user-left-out": ({"site_sap_username": ""}, ("site_sap_username must name",)),
    "user-name-too-long": (
        {"connect_instance_users": [{**AGENT, "username": "a" * 21}]},
        ("connect_instance_users", "a" * 21, "1 to 20 letters"),
    ),
    "user-name-twice": ({"connect_instance_users": [AGENT, AGENT]}, ("connect_instance_users", "twice")),
    "user-without-name": (
        {"connect_instance_users": [{**AGENT, "username": "sales", "last_name": ""}]},
        ("connect_instance_users needs a first and a last name for sales",),
    ),
    "user-without-profile": (
        {"connect_instance_users": [{**AGENT, "security_profiles": []}]},
        ("connect_instance_users needs 1 to 10 security profiles for agent",),
    ),
    "user-with-typing-error": (
        {"connect_instance_users": [{**AGENT, "routing_profil": "Sales"}]},
        ("connect_instance_users has the unknown option routing_profil", "routing_profile"),
    ),
    "setting-of-a-role-misspelt": (
        {"connect_instance_flow_setting": {"recording_consent": "opt_in"}},
        ("There is no input connect_instance_flow_setting.", "the README of the role"),
    ),
    "setting-of-the-site-misspelt": (
        {"site_subscription": [{"protocol": "email", "endpoint": "duty@example.com"}]},
        ("There is no input site_subscription.", "site_subscriptions"),
    ),
    "identity-type-left-out": (
        {"site_environment": "dev"},
        ("connect_instance_identity_management_type must be one of", "SAML", "EXISTING_DIRECTORY", "but is not set"),
    ),
    "directory-left-out": (
        {"connect_instance_identity_management_type": "EXISTING_DIRECTORY", "connect_instance_users": []},
        ("connect_instance_directory_id must name the directory",),
    ),
    "password-with-saml": (
        {"connect_instance_identity_management_type": "SAML", "connect_instance_users": [AGENT]},
        ("connect_instance_users has a password for agent", "SAML"),
    ),
    "account-of-somebody-else": (
        {"site_account_id": "999988887777"},
        (f"belong to account {PREFLIGHT_ACCOUNT}", "site_account_id names 999988887777"),
    ),
    "account-as-number": ({"site_account_id": 12345678901}, ("site_account_id must be the twelve digits",)),
    "region-without-connect": (
        {"site_region": "eu-south-2"},
        ("site_region is 'eu-south-2'", "not offered", "eu-central-1"),
    ),
    "environment-with-blank": (
        {"site_environment": "my test", "connect_instance_identity_management_type": "CONNECT_MANAGED"},
        ("site_environment takes 2 to 12",),
    ),
    "country-in-full": (
        {"connect_instance_phone_numbers": [{**NUMBER, "country_code": "Germany"}]},
        ("connect_instance_phone_numbers needs the two capital letters",),
    ),
    "number-type-unknown": (
        {"connect_instance_phone_numbers": [{**NUMBER, "type": "LANDLINE"}]},
        ("connect_instance_phone_numbers", "type", "DID", "TOLL_FREE"),
    ),
    "number-without-plus": (
        {"connect_instance_phone_numbers": [{"phone_number": "02071838750"}]},
        ("connect_instance_phone_numbers has '02071838750'", "+442071838750"),
    ),
    "number-without-description": (
        {"connect_instance_phone_numbers": [{"country_code": "US", "type": "DID"}]},
        ("connect_instance_phone_numbers needs a description",),
    ),
    "opening-time-wrong": (
        {"connect_instance_hours_of_operation": [{**HOURS, "config": [{**HOURS["config"][0], "end_time": "25:00"}]}]},
        ("connect_instance_hours_of_operation has the time '25:00'", "08:30"),
    ),
    "opening-day-wrong": (
        {"connect_instance_hours_of_operation": [{**HOURS, "config": [{**HOURS["config"][0], "day": "Mon"}]}]},
        ("day must be one of", "MONDAY", "connect_instance_hours_of_operation"),
    ),
    "time-zone-unknown": (
        {"connect_instance_hours_of_operation": [{**HOURS, "time_zone": "Berlin"}]},
        ("connect_instance_hours_of_operation has the time zone 'Berlin'", "Europe/Berlin"),
    ),
    "queue-limit-negative": (
        {"connect_instance_queues": [{"name": "BasicQueue", "max_contacts": -1}]},
        ("connect_instance_queues", "max_contacts", "0 or more", "BasicQueue"),
    ),
    "queue-limit-no-number": (
        {"connect_instance_queues": [{"name": "BasicQueue", "max_contacts": "many"}]},
        ("'max_contacts'", "connect_instance_queues", "many", "int"),
    ),
    "queue-twice": ({"connect_instance_queues": [{"name": "Q"}, {"name": "Q"}]}, ("connect_instance_queues", "twice")),
    "flow-file-missing": (
        {"connect_instance_contact_flows": [{"name": "Main", "path": "/nowhere/main.json"}]},
        ("connect_instance_contact_flows names the missing file(s) /nowhere/main.json",),
    ),
    "flow-from-two-sources": (
        {"connect_instance_contact_flows": [{"name": "Main", "path": "/etc/hostname", "content": {}}]},
        ("connect_instance_contact_flows needs exactly one of template, content and path for Main",),
    ),
    "flow-language-wrong": (
        {"connect_instance_flow_settings": {"language": "German"}},
        ("language 'German'", "en-US"),
    ),
    "rule-without-condition": (
        {"contact_lens_rules": [{"name": "SAPPostCallAnalytics"}]},
        ("contact_lens_rules needs queues or a function for SAPPostCallAnalytics",),
    ),
    "rule-name-with-blank": (
        {"contact_lens_rules": [{**RULE, "name": "SAP rule"}]},
        ("contact_lens_rules", "SAP rule"),
    ),
    "rule-source-without-queues": (
        {"contact_lens_rules": [{**RULE, "trigger_event_source": "OnZendeskTicketCreate"}]},
        ("contact_lens_rules", "OnZendeskTicketCreate", "OnPostCallAnalysisAvailable"),
    ),
    "function-memory-too-small": (
        {"summary_lambda_memory_size": 64},
        ("summary_lambda_memory_size takes 128 to 10240",),
    ),
    "function-timeout-too-long": ({"summary_lambda_timeout": 901}, ("summary_lambda_timeout takes 1 to 900",)),
    "function-timeout-no-number": ({"summary_lambda_timeout": "long"}, ("'summary_lambda_timeout'", "long", "int")),
    "function-attempts-too-many": (
        {"summary_lambda_maximum_retry_attempts": 3},
        ("summary_lambda_maximum_retry_attempts takes 0 to 2",),
    ),
    "dead-letters-kept-too-long": (
        {"summary_lambda_dead_letter_retention_days": 15},
        ("summary_lambda_dead_letter_retention_days takes 1 to 14 days",),
    ),
    "schedule-wrong": (
        {"summary_lambda_redrive_schedule": "every 15 minutes"},
        ("summary_lambda_redrive_schedule", "rate(15 minutes)"),
    ),
    "moment-wrong": (
        {"summary_lambda_not_before": "yesterday"},
        ("summary_lambda_not_before is 'yesterday'", "2026-01-31"),
    ),
    "subscription-by-pigeon": (
        {"summary_lambda_subscriptions": [{"protocol": "pigeon", "endpoint": "roof"}]},
        ("summary_lambda_subscriptions", "protocol", "email", "pigeon"),
    ),
    "subscription-without-address": (
        {"summary_lambda_subscriptions": [{"protocol": "email", "endpoint": "duty"}]},
        ("summary_lambda_subscriptions needs an e-mail address",),
    ),
    "queue-key-by-alias": (
        {"summary_lambda_dead_letter_kms_key_arn": "alias/queue"},
        ("summary_lambda_..._kms_key_arn", "full ARN"),
    ),
    "sign-in-unknown": (
        {"summary_lambda_sap_authentication": "kerberos"},
        ("summary_lambda_sap_authentication", "basic", "oauth", "kerberos"),
    ),
    "sign-in-without-certificate": (
        {"summary_lambda_sap_authentication": "certificate"},
        ("summary_lambda_sap_credentials needs certificate and private_key",),
    ),
    "sign-in-without-token-address": (
        {"summary_lambda_sap_authentication": "oauth"},
        ("summary_lambda_sap_token_url must be the https address",),
    ),
    "sign-in-without-tls": (
        {"summary_lambda_sap_authentication": "oauth", "summary_lambda_sap_token_url": "http://sap.example/token"},
        ("summary_lambda_sap_token_url must be the https address",),
    ),
    "sign-in-without-client": (
        {
            "summary_lambda_sap_authentication": "oauth",
            "summary_lambda_sap_token_url": "https://sap.example/token",
            "site_sap_username": "",
        },
        ("summary_lambda_sap_credentials needs client_id",),
    ),
    "rules-with-one-name": (
        {"summary_lambda_redrive_rule_name": "same", "summary_lambda_reconcile_rule_name": "same"},
        ("summary_lambda_redrive_rule_name", "summary_lambda_reconcile_rule_name", "three rules"),
    ),
    "trigger-unknown": ({"site_triggers": ["post_mail"]}, ("triggers", "post_mail", "post_call")),
    "bucket-name-wrong": (
        {"connect_instance_recordings_bucket": "My_Bucket"},
        ("connect_instance_recordings_bucket is 'My_Bucket'", "not a bucket name"),
    ),
    "key-as-alias": (
        {"connect_instance_recordings_kms_key_arn": "alias/connect"},
        ("connect_instance_recordings_kms_key_arn must be the full ARN",),
    ),
    "certificate-elsewhere": (
        {
            "cti_hosting_custom_domains": ["cti.example"],
            "cti_hosting_certificate_arn": "arn:aws:acm:eu-west-2:444400000001:certificate/1",
        },
        ("cti_hosting_certificate_arn must be a certificate in us-east-1",),
    ),
    "redacted-results-unreadable": (
        {
            "connect_instance_flow_settings": {"redaction": "redacted_only"},
            "summary_lambda_analysis_outputs": ["original"],
        },
        ("summary_lambda_analysis_outputs must have 'redacted'",),
    ),
    "tag-reserved": ({"site_tags": {"aws:owner": "x"}}, ("site_tags must not begin with aws:",)),
}


def check(failure: Failure | None, *words: str) -> None:
    """The failure is one sentence (or one per item) with these words, and no traceback."""
    assert failure, "It did not fail"
    text = " ".join(failure.messages)
    for word in words:
        assert word in text
    for message in failure.messages:
        assert "\n" not in message.strip() and len(message) < 700
        assert "Traceback" not in message and "  File " not in message


def check_output(fleet: Fleet, run: FleetRun) -> None:
    """Nothing in what ansible-playbook printed shows a traceback or a secret."""
    assert "Traceback" not in run.output
    assert not [secret for secret in fleet.secrets() if secret in run.output]


def wrong_inventories(fleet: Fleet) -> dict[str, dict[str, Any]]:
    return {name: fleet.deployment(PREFLIGHT_ACCOUNT, **changes) for name, (changes, _words) in PREFLIGHT.items()}


@pytest.fixture(scope="module")
def fleet(cloud, tmp_path_factory) -> Fleet:
    return Fleet(cloud, tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="module")
def preflight(fleet) -> FleetRun:
    return fleet.site(wrong_inventories(fleet))


@pytest.mark.parametrize("name", PREFLIGHT)
def test_wrong_input_fails_before_anything_changes(fleet, preflight, name):
    check(preflight.failures.get(name), *PREFLIGHT[name][1])
    assert preflight.failures[name].task.startswith(("Preflight", "Account"))
    assert preflight.changed[name] == 0


# Single modules, on an instance that has what the options name rightly

MODULES_ACCOUNT = "444400000002"
SECOND_ALIAS = "modules-second"
INSTANCE = f"fleet-{MODULES_ACCOUNT}"
NUMBER_DESCRIPTION = "wrong inputs"
MODULE_PLAY = """\
- name: Give one module a wrong input on each host
  hosts: all
  gather_facts: false
  strategy: ansible.builtin.free
  module_defaults:
    group/amazon_connect.sap.aws:
      region: "{{ site_region }}"
      profile: "{{ site_aws_profile }}"
  tasks:
    - name: Run the module
      ansible.builtin.include_tasks: "{{ tasks_directory }}/{{ inventory_hostname }}.yml"
"""


def step(identifier: str, kind: str, following: str | None, **parameters: Any) -> dict[str, Any]:
    transitions = {"NextAction": following} if following else {}
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def flow(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2019-10-30", "StartAction": "start", "Actions": list(steps)}


END = step("end", "DisconnectParticipant", None)
GOOD_FLOW = flow(step("start", "UpdateFlowLoggingBehavior", "end", FlowLoggingBehavior="Enabled"), END)
CATEGORY = {"type": "ASSIGN_CONTACT_CATEGORY"}
EVENT = {"type": "GENERATE_EVENTBRIDGE_EVENT", "name": "Event"}
CONDITION = {"Operator": "CONTAINS_ANY", "Operands": ["x"], "ComparisonValue": "$.ContactLens.PostCall.Queue.QueueId"}
FUNCTION = {"Version": "2022-11-25", "RuleFunction": {"Operator": "AND", "Operands": [CONDITION]}}
POST_CALL = {"name": "Rule", "trigger_event_source": "OnPostCallAnalysisAvailable", "function": FUNCTION}
NEW_USER = {
    "username": "new",
    "password": ADMIN_PASSWORD,
    "first_name": "New",
    "last_name": "User",
    "routing_profile": "Basic Routing Profile",
    "security_profiles": ["Agent"],
}
BUCKET = {"resource_type": "CALL_RECORDINGS", "storage_type": "S3"}
NEW_QUEUE = {"name": "Quota", "hours_of_operation": "Basic Hours"}
UNREACHABLE = "http://127.0.0.1:1"

# name: (module, its options besides the instance, what the sentence must say)
MODULES: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "instance-unknown": (
        "connect_queue",
        {"instance": "nowhere", "name": "Sales", "hours_of_operation": "Basic Hours"},
        ("instance 'nowhere' does not exist",),
    ),
    "hours-unknown": (
        "connect_queue",
        {"name": "Sales", "hours_of_operation": "Basic Hour"},
        ("No hours of operation 'Basic Hour'", "did you mean 'Basic Hours'?"),
    ),
    "hours-left-out": ("connect_queue", {"name": "Sales"}, ("create queue 'Sales'", "give hours_of_operation")),
    "caller-number-unknown": (
        "connect_queue",
        {"name": "BasicQueue", "outbound_caller_id_number": "+442071830000"},
        ("No phone number '+442071830000'",),
    ),
    "max-contacts-negative": (
        "connect_queue",
        {"name": "BasicQueue", "max_contacts": -1},
        ("update max contacts of queue 'BasicQueue'", "-1", "min value: 0"),
    ),
    "queue-by-wrong-arn": (
        "connect_queue",
        {"name": "arn:aws:iam::444400000002:role/x"},
        ("is not the ARN of a queue",),
    ),
    "profile-queue-unknown": (
        "connect_routing_profile",
        {
            "name": "Sales",
            "description": "Sales",
            "default_outbound_queue": "BasicQueu",
            "media_concurrencies": [{"channel": "VOICE", "concurrency": 1}],
        },
        ("No queue 'BasicQueu'", "did you mean 'BasicQueue'?"),
    ),
    "profile-concurrency-wrong": (
        "connect_routing_profile",
        {
            "name": "Sales",
            "description": "Sales",
            "default_outbound_queue": "BasicQueue",
            "media_concurrencies": [{"channel": "VOICE", "concurrency": 2}],
        },
        ("routing profile 'Sales'", "VOICE", "1"),
    ),
    "time-zone-nowhere": (
        "connect_hours_of_operation",
        {"name": "Office", "time_zone": "Europe/Nowhere", "config": HOURS["config"]},
        ("hours of operation 'Office'", "Europe/Nowhere"),
    ),
    "time-without-minutes": (
        "connect_hours_of_operation",
        {"name": "Office", "time_zone": "UTC", "config": [{**HOURS["config"][0], "start_time": "8"}]},
        ("hours of operation 'Office'", "start_time '8' of MONDAY", '"00:00"'),
    ),
    "permission-unknown": (
        "connect_security_profile",
        {"name": "Agent", "permissions": ["ListenToEverything"]},
        ("security profile 'Agent'", "ListenToEverything"),
    ),
    "routing-profile-unknown": (
        "connect_user",
        {**NEW_USER, "routing_profile": "Sales"},
        ("No routing profile 'Sales'",),
    ),
    "security-profile-unknown": (
        "connect_user",
        {**NEW_USER, "security_profiles": ["Agents"]},
        ("No security profile 'Agents'", "did you mean 'Agent'?"),
    ),
    "user-password-weak": ("connect_user", {**NEW_USER, "password": "weakling"}, ("user 'new'", "assword")),
    "user-without-password": ("connect_user", {**NEW_USER, "password": None}, ("user 'new'", "password")),
    "user-name-long": ("connect_user", {**NEW_USER, "username": "n" * 21}, ("user 'nnn", "20")),
    "flow-broken-json": (
        "connect_contact_flow",
        {"name": "New", "type": "CONTACT_FLOW", "content": '{"Version": "2019-10-30", '},
        ("contact flow 'New'", "content is not a JSON object"),
    ),
    "flow-unknown-action": (
        "connect_contact_flow",
        {"name": "New", "type": "CONTACT_FLOW", "content": flow(step("start", "PlayPrompt", "end"), END)},
        ("create contact flow 'New'", "the flow is not valid", "PlayPrompt"),
    ),
    "flow-dangling-action": (
        "connect_contact_flow",
        {"name": "New", "content": flow(step("start", "UpdateContactAttributes", "nowhere")), "type": "CONTACT_FLOW"},
        ("create contact flow 'New'", "the flow is not valid", "Attributes", "Invalid NextAction. Path: Actions[0]"),
    ),
    "flow-content-left-out": ("connect_contact_flow", {"name": "New"}, ("'New'", "give content or path")),
    "flow-file-unreadable": (
        "connect_contact_flow",
        {"name": "New", "path": "/nowhere/flow.json"},
        ("read the contact flow's file /nowhere/flow.json",),
    ),
    "flow-type-changed": (
        "connect_contact_flow",
        {"name": "Main", "type": "CUSTOMER_QUEUE", "content": GOOD_FLOW},
        ("contact flow 'Main'", "type is 'CONTACT_FLOW' and cannot be changed", "Nothing was changed"),
    ),
    "identity-type-changed": (
        "connect_instance",
        {"instance_alias": INSTANCE, "identity_management_type": "SAML"},
        ("identity_management_type is 'CONNECT_MANAGED' and cannot be changed", "Nothing was changed"),
    ),
    "directory-id-missing": (
        "connect_instance",
        {"instance_alias": "new", "identity_management_type": "EXISTING_DIRECTORY"},
        ("create instance 'new'", "EXISTING_DIRECTORY needs directory_id"),
    ),
    "alias-wrong": (
        "connect_instance",
        {"instance_alias": "two words", "identity_management_type": "CONNECT_MANAGED"},
        ("create instance 'two words'", "1 to 45 letters"),
    ),
    "instance-quota": (
        "connect_instance",
        {"instance_alias": "third", "identity_management_type": "CONNECT_MANAGED"},
        ("create instance 'third'", "quota reached: instances of an account (2)"),
    ),
    "bucket-missing": (
        "connect_instance_storage_config",
        {**BUCKET, "s3": {"bucket_name": "not-there-444400000002", "bucket_prefix": "connect"}},
        ("storage of CALL_RECORDINGS in bucket 'not-there-444400000002'",),
    ),
    "bucket-left-out": (
        "connect_instance_storage_config",
        {**BUCKET, "s3": {"bucket_prefix": "connect"}},
        ("storage of CALL_RECORDINGS", "give s3.bucket_name"),
    ),
    "bucket-key-by-alias": (
        "connect_instance_storage_config",
        {**BUCKET, "s3": {"bucket_name": "b-444400000002", "bucket_prefix": "c", "kms_key_arn": "alias/connect"}},
        ("kms_key_arn 'alias/connect' is not the full ARN",),
    ),
    "origin-path": (
        "connect_approved_origin",
        {"origins": ["https://sap.example", "https://cti.example/index.html"]},
        ("https://cti.example/index.html",),
    ),
    "phone-number-wrong": (
        "connect_phone_number",
        {"phone_number": "020 7183 8750"},
        ("'020 7183 8750'", "E.164"),
    ),
    "phone-country-wrong": (
        "connect_phone_number",
        {"country_code": "XX", "type": "DID", "description": "new"},
        ("'XX' is no country code", "GB"),
    ),
    "phone-type-wrong": (
        "connect_phone_number",
        {"country_code": "US", "type": "LANDLINE", "description": "new"},
        ("type", "LANDLINE"),
    ),
    "phone-flow-unknown": (
        "connect_phone_number",
        {"description": NUMBER_DESCRIPTION, "contact_flow": "Mainn"},
        ("No contact flow 'Mainn'", "'Main'"),
    ),
    "rule-without-category": (
        "connect_rule",
        {**POST_CALL, "actions": [EVENT]},
        ("rule 'Rule'", "ASSIGN_CONTACT_CATEGORY"),
    ),
    "rule-event-on-wrong-source": (
        "connect_rule",
        {**POST_CALL, "trigger_event_source": "OnCaseCreate", "actions": [EVENT]},
        ("rule 'Rule'", "GENERATE_EVENTBRIDGE_EVENT", "OnCaseCreate"),
    ),
    "rule-function-broken": (
        "connect_rule",
        {**POST_CALL, "function": "{", "actions": [CATEGORY]},
        ("rule 'Rule'", "function"),
    ),
    "quota-of-queues": (
        "connect_queue",
        NEW_QUEUE,
        ("create queue 'Quota'", "quota reached: queues of an instance (50)", "LimitExceededException"),
    ),
    "access-denied": (
        "connect_queue",
        {**NEW_QUEUE, "name": "Denied"},
        ("list instances", "is not authorized to perform: connect:ListInstances"),
    ),
    "key-wrong": ("connect_queue", {**NEW_QUEUE, "name": "Key"}, ("list instances", "ignature")),
    "cloud-unreachable": (
        "connect_queue",
        {**NEW_QUEUE, "name": "Unreachable", "endpoint_url": UNREACHABLE},
        ("list instances", "Could not connect to the endpoint URL", UNREACHABLE),
    ),
    "endpoint-no-address": (
        "connect_queue",
        {**NEW_QUEUE, "name": "Endpoint", "endpoint_url": "aws"},
        ("endpoint", "aws"),
    ),
}
PROFILES = {"access-denied": "nobody", "key-wrong": "stranger"}
THROTTLED = "throttled-twice"
WEAK_PASSWORD = "weakling"


class ModuleRuns:
    """The run of all modules with what the cloud saw of it."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self._prepare()
        directory = fleet.home / "tasks"
        directory.mkdir()
        playbook = fleet.home / "modules.yml"
        playbook.write_text(MODULE_PLAY)
        hosts = {}
        cases = {**MODULES, THROTTLED: ("connect_security_profile", {"name": "Patience"}, ())}
        for name, (module, options, _words) in cases.items():
            given = options if module == "connect_instance" else {"instance": INSTANCE, **options}
            task = {"name": name, f"amazon_connect.sap.{module}": {k: v for k, v in given.items() if v is not None}}
            (directory / f"{name}.yml").write_text(yaml.safe_dump([task]))
            profile = {"site_aws_profile": PROFILES[name]} if name in PROFILES else {}
            hosts[name] = fleet.deployment(MODULES_ACCOUNT, tasks_directory=str(directory), **profile)
        self.run = fleet.run(playbook, hosts)

    def requests(self, operation: str, name: str) -> list[dict[str, Any]]:
        """Return the requests of one operation for the object of that name."""
        found = self.fleet.control("GET", "journal", account=MODULES_ACCOUNT, operation=operation)
        return [entry for entry in found if name in entry["parameters"].values()]

    def _prepare(self) -> None:
        """Make two instances, one with a flow and a number; people without rights; faults."""
        connect = self.fleet.client("connect", MODULES_ACCOUNT)
        calls = {"IdentityManagementType": "CONNECT_MANAGED", "InboundCallsEnabled": True, "OutboundCallsEnabled": True}
        connect.create_instance(InstanceAlias=SECOND_ALIAS, **calls)
        instance = connect.create_instance(InstanceAlias=INSTANCE, **calls)["Id"]
        wait_for(lambda: connect.describe_instance(InstanceId=instance)["Instance"]["InstanceStatus"] == "ACTIVE")
        connect.create_contact_flow(
            InstanceId=instance, Name="Main", Type="CONTACT_FLOW", Content=json.dumps(GOOD_FLOW)
        )
        place = {"InstanceId": instance, "PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
        (number, *_others) = connect.search_available_phone_numbers(**place)["AvailableNumbersList"]
        connect.claim_phone_number(
            InstanceId=instance, PhoneNumber=number["PhoneNumber"], PhoneNumberDescription=NUMBER_DESCRIPTION
        )
        keys = self.fleet.user(MODULES_ACCOUNT, "nobody")
        self.fleet.profile("nobody", keys)
        self.fleet.profile("stranger", {**keys, "AWS_SECRET_ACCESS_KEY": "x" * 40})
        self.fleet.fault(MODULES_ACCOUNT, "CreateQueue", "LimitExceededException", times=5)
        self.fleet.fault(MODULES_ACCOUNT, "CreateSecurityProfile", "ThrottlingException", times=2)


@pytest.fixture(scope="module")
def modules(fleet) -> ModuleRuns:
    return ModuleRuns(fleet)


@pytest.mark.parametrize("name", MODULES)
def test_module_refuses_wrong_input(modules, name):
    check(modules.run.failures.get(name), *MODULES[name][2])
    assert modules.run.changed[name] == 0


def test_quota_stops_after_one_request(modules):
    requests = modules.requests("CreateQueue", "Quota")
    assert [request["error"] for request in requests] == ["LimitExceededException"]


def test_throttled_request_is_sent_again_until_it_succeeds(modules):
    requests = modules.requests("CreateSecurityProfile", "Patience")
    assert [request["error"] for request in requests] == ["ThrottlingException", "ThrottlingException", None]
    assert THROTTLED not in modules.run.failures
    assert modules.run.changed[THROTTLED] == 1


def test_refused_flow_lists_its_problems(modules):
    problems = modules.run.failures["flow-dangling-action"].result["problems"]
    assert len(problems) >= 2
    assert any("Attributes" in problem for problem in problems)
    assert any("NextAction" in problem for problem in problems)


def test_modules_show_no_traceback_and_no_secret(fleet, modules):
    assert modules.run.status != 0
    check_output(fleet, modules.run)
    assert WEAK_PASSWORD not in modules.run.output


def test_preflight_shows_no_traceback_and_no_secret(fleet, preflight):
    assert preflight.status != 0
    check_output(fleet, preflight)


def test_wrong_inventories_send_nothing_but_the_question_who_asks(fleet, preflight):
    assert fleet.control("GET", "journal", account=PREFLIGHT_ACCOUNT) == []


# The hosting by itself, without the preflight of site.yml

HOSTING_PLAY = """\
- name: Host the connector
  hosts: all
  gather_facts: false
  tasks:
    - name: Run the role
      ansible.builtin.import_role:
        name: amazon_connect.sap.cti_hosting
"""
ADDRESS = "cti_hosting_sap_origins and cti_hosting_public_url take https:// and a host with nothing behind it"
# name: (what is wrong, the address that the sentence must name)
HOSTING: dict[str, tuple[dict[str, Any], str]] = {
    "directive-behind-origin": ({"cti_hosting_sap_origins": ["https://a.example; script-src *"]}, "script-src *"),
    "origin-in-quotes": ({"cti_hosting_sap_origins": ["https://a.example", "'self'"]}, "'self'"),
    "two-origins-in-one": ({"cti_hosting_sap_origins": ["https://a.example https://b.example"]}, "https://b.example"),
    "origin-ends-a-line": ({"cti_hosting_sap_origins": ["https://a.example\n"]}, '"https://a.example\\n"'),
    "origin-with-path": ({"cti_hosting_sap_origins": ["https://a.example/shell"]}, "https://a.example/shell"),
    "public-url-with-path": ({"cti_hosting_public_url": "https://{domain}/page"}, "https://{domain}/page"),
    "public-url-with-quote": ({"cti_hosting_public_url": 'https://cti.example"'}, "https://cti.example"),
}
# name: (what is wrong, what must be said)
CONNECTOR: dict[str, tuple[dict[str, Any], str]] = {
    "field-unknown": (
        {"cti_hosting_attribute_fields": {"ActionTemp": "x"}},
        "cti_hosting_attribute_fields takes fields",
    ),
    "field-becomes-markup": ({"cti_hosting_attribute_fields": {"BP><X": "x"}}, "but not BP><X"),
    "field-without-attribute": ({"cti_hosting_attribute_fields": {"BP": ""}}, "but not BP"),
    "queue-by-name": ({"cti_hosting_outbound_queue_arn": "BasicQueue"}, "must be the ARN of a queue"),
    "login-becomes-code": (
        {"cti_hosting_login_url": "javascript:alert(1)"},
        "cti_hosting_login_url must be an https address",
    ),
    "ringtone-relative": (
        {"cti_hosting_ringtone_url": "./ring.mp3"},
        "cti_hosting_ringtone_url must be an https address",
    ),
    "country-by-name": (
        {"cti_hosting_countries": ["Germany"]},
        "cti_hosting_countries takes countries as two capital letters",
    ),
    "instance-of-somebody-else": (
        {"cti_hosting_instance_url": "https://evil.example"},
        "must be the access URL of the instance",
    ),
}


@pytest.fixture(scope="module")
def hosting(fleet) -> FleetRun:
    play = fleet.home / "hosting.yml"
    play.write_text(HOSTING_PLAY)
    wrong = HOSTING | CONNECTOR
    return fleet.run(play, {name: fleet.deployment(PREFLIGHT_ACCOUNT, **wrong[name][0]) for name in wrong})


@pytest.mark.parametrize("name", CONNECTOR)
def test_hosting_by_itself_refuses_settings_of_the_connector_before_anything_changes(hosting, name):
    check(hosting.failures.get(name), CONNECTOR[name][1])
    assert "Check the settings of the connector" in hosting.failures[name].task
    assert hosting.changed[name] == 0


@pytest.mark.parametrize("name", HOSTING)
def test_hosting_by_itself_refuses_addresses_before_anything_changes(hosting, name):
    check(hosting.failures.get(name), ADDRESS, HOSTING[name][1])
    assert "Check the addresses" in hosting.failures[name].task
    assert hosting.changed[name] == 0


# Through site.yml: what can only be found out on the way, and how a right run repairs it

FIRST_ACCOUNT, SECOND_ACCOUNT, SURROUNDED_ACCOUNT = "444400000004", "444400000005", "444400000006"
BAD_FLOW = flow(step("start", "PlayPrompt", "end"), END)
Wrong = tuple[dict[str, Any], str, tuple[str, ...]]

# What is wrong in each run, the role's task that must fail, what it must say
REPAIRS: dict[str, list[Wrong]] = {
    FIRST_ACCOUNT: [
        (
            {
                "connect_instance_recordings_bucket": "not-there-444400000004",
                "connect_instance_recordings_bucket_managed": False,
            },
            "Storage | Tell the instance where to keep its data",
            ("not-there-444400000004", "does not exist"),
        ),
        (
            {"connect_instance_flow_settings": {"queue": "Sales"}},
            "Routing | Check that the queues of the flows exist",
            ("connect_instance_flow_settings", "queue(s) Sales", "connect_instance_queues"),
        ),
        (
            {"contact_lens_rules": [{**RULE, "queues": ["Sales"]}]},
            "Rules | Check that the queues of the rules exist",
            ("contact_lens_rules names the queue(s) Sales", "connect_instance_queues"),
        ),
    ],
    SECOND_ACCOUNT: [
        (
            {"connect_instance_contact_flows": [{"name": "1 - MainFlow", "content": BAD_FLOW}]},
            "Contact flows | Publish flows",
            ("contact flow '1 - MainFlow'", "the flow is not valid", "PlayPrompt"),
        ),
        (
            {"connect_instance_phone_numbers": [{**NUMBER, "contact_flow": "Nowhere"}]},
            "Phone numbers | Claim numbers and give them their flows",
            ("No contact flow 'Nowhere'",),
        ),
    ],
}
WRONG_RUNS = [(account, number) for account, wrongs in REPAIRS.items() for number in range(len(wrongs))]
SURROUNDINGS: dict[str, tuple[str, ...]] = {
    "unreachable": ("Could not connect to the endpoint URL", UNREACHABLE),
    "denied": ("is not authorized to perform: connect:ListInstances",),
    "stranger": ("signature",),
    "quota": ("create instance", "quota reached: instances of an account (2)"),
}


class Repairs:
    """Wrong runs of two deployments, each failing further on, then a right run and one more."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.runs = [fleet.site(self._wrong(0), "-vvv"), fleet.site(self._wrong(1)), fleet.site(self._wrong(2))]
        right = {account: fleet.deployment(account) for account in REPAIRS}
        fleet.fault(FIRST_ACCOUNT, "CreateRule", "ThrottlingException", times=2)
        self.right = fleet.site(right, "-vvv")
        self.again = fleet.site(right)

    def _wrong(self, number: int) -> dict[str, dict[str, Any]]:
        return {
            account: self.fleet.deployment(account, **wrongs[number][0])
            for account, wrongs in REPAIRS.items()
            if number < len(wrongs)
        }


def requests_of(fleet: Fleet, account: str, operation: str) -> list[dict[str, Any]]:
    return fleet.control("GET", "journal", account=account, operation=operation)


@pytest.fixture(scope="module")
def repairs(fleet) -> Repairs:
    return Repairs(fleet)


@pytest.fixture(scope="module")
def surroundings(fleet) -> Any:
    """One run of a right deployment in surroundings that do not let it begin."""
    keys = fleet.user(SURROUNDED_ACCOUNT, "denied")
    fleet.profile("denied", keys)
    fleet.profile("unreachable", keys, UNREACHABLE)
    fleet.profile("stranger", {**keys, "AWS_SECRET_ACCESS_KEY": "y" * 40})
    fleet.profile("quota", fleet.cloud.account(SURROUNDED_ACCOUNT))
    fleet.fault(SURROUNDED_ACCOUNT, "CreateInstance", "ServiceQuotaExceededException", times=5)
    hosts = {name: fleet.deployment(SURROUNDED_ACCOUNT, site_aws_profile=name) for name in SURROUNDINGS}
    return fleet.site(hosts, "-vvv")


@pytest.mark.full
@pytest.mark.parametrize(("account", "number"), WRONG_RUNS)
def test_site_fails_at_the_wrong_step(repairs, account, number):
    _changes, task, words = REPAIRS[account][number]
    assert repairs.runs[number].status != 0
    failure = repairs.runs[number].failures.get(account)
    check(failure, *words)
    assert task in failure.task


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_site_fails_in_wrong_surroundings(surroundings, name):
    check(surroundings.failures.get(name), *SURROUNDINGS[name])
    assert surroundings.changed[name] == 0


@pytest.mark.full
@pytest.mark.parametrize("account", REPAIRS)
def test_right_run_repairs_what_wrong_runs_left(fleet, repairs, account):
    assert repairs.right.failures.get(account) is None
    assert repairs.right.changed[account] > 0
    assert repairs.again.failures.get(account) is None
    assert repairs.again.changed[account] == 0
    assert (repairs.right.status, repairs.again.status) == (0, 0)
    for operation in ("CreateInstance", "ClaimPhoneNumber"):
        assert [request["error"] for request in requests_of(fleet, account, operation)] == [None]


def test_site_asks_once_when_a_quota_is_reached(fleet, surroundings):
    asked = [request["error"] for request in requests_of(fleet, SURROUNDED_ACCOUNT, "CreateInstance")]
    assert asked == ["ServiceQuotaExceededException"]
    check_output(fleet, surroundings)


@pytest.mark.full
def test_site_asks_again_when_throttled(fleet, repairs):
    asked = [request["error"] for request in requests_of(fleet, FIRST_ACCOUNT, "CreateRule")]
    assert asked == ["ThrottlingException", "ThrottlingException", None]


@pytest.mark.full
def test_sites_show_no_traceback_and_no_secret(fleet, repairs):
    for run in [*repairs.runs, repairs.right, repairs.again]:
        check_output(fleet, run)


def test_connector_and_function_must_be_built(cloud, tmp_path):
    """A checkout in which nobody has run `make build`."""
    collection = tmp_path / "ansible_collections" / "amazon_connect" / "sap"
    for name in ("meta", "playbooks", "plugins", "roles", "files"):
        shutil.copytree(ROOT / name, collection / name, ignore=shutil.ignore_patterns("dist", "__pycache__"))
    shutil.copy(ROOT / "galaxy.yml", collection)
    fleet = Fleet(cloud, tmp_path, collection)
    run = fleet.site({"unbuilt": fleet.deployment(PREFLIGHT_ACCOUNT)})
    check(run.failures.get("unbuilt"), "files/cti_connector", "files/summary_lambda", "Run 'make build'")
    assert run.failures["unbuilt"].task.startswith("Preflight")
    check_output(fleet, run)
