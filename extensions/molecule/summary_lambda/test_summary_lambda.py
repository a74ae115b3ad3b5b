# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

FUNCTION = "poc-lambda-process-contact-lens-event"
DIST = Path(__file__).parents[3] / "files/summary_lambda/dist"
PARAMETERS = {
    "connect-bucket-name": "amazon-connect-recordings",
    "c4c-base-url": os.environ.get("SAP_BASE_URL"),
    "c4c-phone-service-endpoint-path": "/sap/c4c/api/v1/phone-service/",
    "c4c-username": os.environ.get("SAP_USERNAME"),
}


def tags_of(items):
    return {item["Key"]: item["Value"] for item in items}


@pytest.fixture(scope="module")
def function(client):
    return client("lambda").get_function(FunctionName=FUNCTION)


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameter(client, site_tags, name):
    ssm = client("ssm")
    path = f"/SAP-C4C-connect-poc/poc/{name}"
    parameter = ssm.get_parameter(Name=path)["Parameter"]
    assert (parameter["Type"], parameter["Value"]) == ("String", PARAMETERS[name])
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=path)["TagList"]
    assert tags_of(tags) == site_tags


def test_password(client, site_tags):
    secrets = client("secretsmanager")
    assert secrets.get_secret_value(SecretId="Secret-c4c-password")["SecretString"] == os.environ["SAP_PASSWORD"]
    assert tags_of(secrets.describe_secret(SecretId="Secret-c4c-password")["Tags"]) == site_tags


def test_function_is_as_the_guide_says(function, site_tags):
    configuration = function["Configuration"]
    assert configuration["Runtime"] == "python3.13"
    assert configuration["Architectures"] == ["x86_64"]
    assert configuration["Timeout"] == 900
    guide = {
        "ENVIRONMENT_NAME": "poc",
        "LOG_LEVEL": "INFO",
        "SECRET_PARAM_C4C_PASSWORD": "Secret-c4c-password",
        "SSM_PARAM_BUCKET_NAME": "connect-bucket-name",
        "SSM_PARAM_C4C_BASE_URL": "c4c-base-url",
        "SSM_PARAM_C4C_PHONE_SERVICE_ENDPOINT_PATH": "c4c-phone-service-endpoint-path",
        "SSM_PARAM_C4C_USERNAME": "c4c-username",
        "SSM_PARAM_ROOT_NAME": "SAP-C4C-connect-poc",
    }
    assert configuration["Environment"]["Variables"].items() >= guide.items()
    assert function["Tags"] == site_tags


def test_function_runs_what_was_built(client, function):
    digest = base64.b64encode(hashlib.sha256((DIST / "function.zip").read_bytes()).digest()).decode()
    assert function["Configuration"]["CodeSha256"] == digest
    (layer,) = function["Configuration"]["Layers"]
    name, version = layer["Arn"].split(":")[-2:]
    assert (name, version) == ("poc_lambda_layer", "1"), "the layer is published once, not on every run"
    published = client("lambda").get_layer_version(LayerName=name, VersionNumber=int(version))
    assert published["CompatibleRuntimes"] == ["python3.13"]
    content = base64.b64encode(hashlib.sha256((DIST / "layer.zip").read_bytes()).digest()).decode()
    assert published["Content"]["CodeSha256"] == content


def test_role_has_one_policy_without_wildcard_actions(client, function, account):
    iam = client("iam")
    role = function["Configuration"]["Role"].rpartition("/")[2]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    statements = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert not any("*" in action for action in actions)
        assert "*" not in resources
    assert "amazon-connect-recordings" in json.dumps(statements)


def test_logs_are_kept_for_a_limited_time(client, site_tags):
    logs = client("logs")
    (group,) = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{FUNCTION}")["logGroups"]
    assert group["retentionInDays"] == 90
    assert logs.list_tags_log_group(logGroupName=group["logGroupName"])["tags"] == site_tags
