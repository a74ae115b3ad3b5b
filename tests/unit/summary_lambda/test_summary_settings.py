# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables, parameters and the secret."""

from __future__ import annotations

import pytest
from summary_fakes import BUCKET
from summary_fakes import ENVIRONMENT
from summary_fakes import PASSWORD
from summary_lambda.errors import SettingsInvalid
from summary_lambda.settings import Environment
from summary_lambda.settings import Settings

BASE_URL = "https://my1000001.de1.demo.crm.cloud.sap"


def read(cloud, environment: Environment | None = None) -> Settings:
    return Settings.read(
        environment or Environment.read(ENVIRONMENT),
        ssm=cloud.clients["ssm"],
        secretsmanager=cloud.clients["secretsmanager"],
    )


def test_the_variables_of_the_guide_are_enough():
    environment = Environment.read(ENVIRONMENT)
    assert environment.parameter_names == {
        "bucket_name": "/SAP-C4C-connect-poc/poc/connect-bucket-name",
        "base_url": "/SAP-C4C-connect-poc/poc/c4c-base-url",
        "service_path": "/SAP-C4C-connect-poc/poc/c4c-phone-service-endpoint-path",
        "username": "/SAP-C4C-connect-poc/poc/c4c-username",
    }
    assert environment.secret_id == "Secret-c4c-password"
    assert environment == Environment(
        name="poc", parameter_names=environment.parameter_names, secret_id="Secret-c4c-password"
    )
    assert (environment.instance_arns, environment.reference_format) == ((), "contact_id")
    assert (environment.transcript_mode, environment.transcript_limit) == ("append", 0)
    assert (environment.missing_summary, environment.authentication) == ("nothing", "basic")
    assert environment.analysis_outputs == ("original", "redacted")


def test_slashes_around_the_root_make_no_difference():
    variables = {**ENVIRONMENT, "SSM_PARAM_ROOT_NAME": "/SAP-C4C-connect-poc/"}
    assert Environment.read(variables) == Environment.read(ENVIRONMENT)


@pytest.mark.parametrize("name", sorted(set(ENVIRONMENT) - {"LOG_LEVEL"}))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(name, value):
    variables = {**ENVIRONMENT, name: value}
    with pytest.raises(SettingsInvalid, match=f"{name} is not set"):
        Environment.read({key: value for key, value in variables.items() if value is not None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("REFERENCE_FORMAT", "short"),
        ("ANALYSIS_OUTPUTS", "original,raw"),
        ("TRANSCRIPT_MODE", "prepend"),
        ("TRANSCRIPT_LIMIT", "-1"),
        ("TRANSCRIPT_LIMIT", "199"),
        ("MISSING_SUMMARY", "text"),
        ("SETTLE_MINUTES", "soon"),
        ("SAP_AUTHENTICATION", "saml"),
    ],
)
def test_an_impossible_value_is_named(name, value):
    with pytest.raises(SettingsInvalid, match=f"{name} takes"):
        Environment.read({**ENVIRONMENT, name: value})


def test_a_time_that_is_none_is_named():
    with pytest.raises(SettingsInvalid, match="NOT_BEFORE is not a date"):
        Environment.read({**ENVIRONMENT, "NOT_BEFORE": "yesterday"})


def test_missing_and_empty_parameters_are_named(cloud):
    cloud.settings(BASE_URL, **{"c4c-username": "", "connect-bucket-name": " "})
    with pytest.raises(SettingsInvalid, match="poc/c4c-username, /SAP-C4C-connect-poc/poc/connect-bucket-name"):
        read(cloud)


@pytest.mark.parametrize(
    "url",
    [
        "http://my1000001.de1.demo.crm.cloud.sap",
        "my1000001.de1.demo.crm.cloud.sap",
        "ftp://localhost",
        "https://",
        # To one parser the host is this machine, to the one that connects it is another.
        "http://evil.example\\@localhost/",
        "http://evil.example\\.localhost",
        "https://user:password@my1000001.de1.demo.crm.cloud.sap",
        "https://my1000001.de1.demo.crm.cloud.sap?tenant=1",
        "https://my1000001.de1.demo.crm.cloud.sap#1",
        "http://localhost.example.com",
    ],
)
def test_the_password_is_not_sent_without_tls(cloud, url):
    cloud.settings(url)
    with pytest.raises(SettingsInvalid, match="c4c-base-url is not an https address"):
        read(cloud)


@pytest.mark.parametrize("url", [BASE_URL, "http://localhost:8080", "http://127.0.0.1:1", "http://sap.localhost"])
def test_https_and_this_machine_are_accepted(cloud, url):
    cloud.settings(url)
    assert read(cloud).base_url == url


@pytest.mark.parametrize(
    ("secret", "password"),
    [
        ("samplepassword", "samplepassword"),
        (' with "quotes" ', ' with "quotes" '),
        ("12345", "12345"),
        ("{not json", "{not json"),
        ('["a"]', '["a"]'),
        ('{"username": "u", "password": "p"}', "p"),
    ],
)
def test_the_secret_is_plain_text_or_json(cloud, secret, password):
    cloud.settings(BASE_URL, password=secret)
    assert read(cloud).secret["password"] == password


@pytest.mark.parametrize("secret", ['{"username": "u"}', '{"password": ""}', '{"password": 1}'])
def test_a_secret_without_password_is_named_and_not_shown(cloud, secret):
    cloud.settings(BASE_URL, password=secret)
    with pytest.raises(SettingsInvalid) as raised:
        read(cloud)
    assert "Secret-c4c-password" in str(raised.value)
    assert secret not in str(raised.value)


@pytest.mark.parametrize(
    ("way", "secret", "missing"),
    [
        ("token", "{}", "password"),
        ("certificate", '{"certificate": "c"}', "private_key"),
        ("oauth", '{"client_id": "i"}', "client_secret"),
    ],
)
def test_what_a_way_to_sign_in_needs_is_named(cloud, way, secret, missing):
    cloud.settings(BASE_URL, password=secret)
    variables = {**ENVIRONMENT, "SAP_AUTHENTICATION": way, "SAP_TOKEN_URL": BASE_URL}
    with pytest.raises(SettingsInvalid, match=f"{way} needs: {missing}"):
        read(cloud, Environment.read(variables))


def test_a_certificate_needs_no_user_name(cloud):
    cloud.settings(BASE_URL, password='{"certificate": "c", "private_key": "k"}', **{"c4c-username": ""})
    assert read(cloud, Environment.read({**ENVIRONMENT, "SAP_AUTHENTICATION": "certificate"})).username == ""


def test_oauth_takes_user_name_and_password_where_nothing_else_is_given(cloud):
    cloud.settings(BASE_URL, password="plain")
    variables = {**ENVIRONMENT, "SAP_AUTHENTICATION": "oauth", "SAP_TOKEN_URL": BASE_URL}
    secret = read(cloud, Environment.read(variables)).secret
    assert (secret["client_id"], secret["client_secret"]) == ("technical-user", "plain")


@pytest.mark.parametrize("url", [None, "http://sap.example/token", "sap.example"])
def test_oauth_needs_a_safe_address(url):
    variables = {**ENVIRONMENT, "SAP_AUTHENTICATION": "oauth", **({"SAP_TOKEN_URL": url} if url else {})}
    with pytest.raises(SettingsInvalid, match="SAP_TOKEN_URL"):
        Environment.read(variables)


def test_a_binary_secret_is_refused(cloud):
    cloud.settings(BASE_URL)
    cloud.secret = {"SecretBinary": b"x"}
    with pytest.raises(SettingsInvalid):
        read(cloud)


def test_settings_do_not_show_the_password(cloud):
    cloud.settings(BASE_URL)
    settings = read(cloud)
    assert settings.bucket_name == BUCKET
    assert PASSWORD not in repr(settings)
