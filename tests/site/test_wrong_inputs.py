# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong inputs and wrong surroundings: every one ends with a sentence that says what, where and what to do.

Each wrong inventory is a deployment of its own: one run of site.yml takes all that are refused before anything changes.
"""

from __future__ import annotations

from typing import Any

import pytest

from .deployments import Failure
from .deployments import Fleet
from .deployments import FleetRun

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
    "sap-password-left-out": ({"site_sap_password": None}, ("site_sap_password must hold",)),
    "sap-user-left-out": ({"site_sap_username": ""}, ("site_sap_username must name",)),
    "user-name-too-long": (
        {"connect_instance_users": [{**AGENT, "username": "a" * 21}]},
        ("connect_instance_users", "a" * 21, "1 to 20 letters"),
    ),
    "user-name-twice": ({"connect_instance_users": [AGENT, AGENT]}, ("connect_instance_users", "twice")),
    "user-without-name": (
        {"connect_instance_users": [{**AGENT, "last_name": ""}]},
        ("connect_instance_users needs a first and a last name for agent",),
    ),
    "user-without-profile": (
        {"connect_instance_users": [{**AGENT, "security_profiles": []}]},
        ("connect_instance_users needs 1 to 10 security profiles for agent",),
    ),
    "user-with-typing-error": (
        {"connect_instance_users": [{**AGENT, "routing_profil": "Sales"}]},
        ("connect_instance_users has the unknown option routing_profil", "routing_profile"),
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
