# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables, SSM parameters and the secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from .errors import SettingsInvalid

if TYPE_CHECKING:
    from botocore.client import BaseClient

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_REFERENCE_FORMATS = ("contact_id", "compact")
_ANALYSIS_OUTPUTS = ("original", "redacted")
# Nothing that two parsers of addresses could take for different hosts: no user, no backslash, no query.
_BASE_URL = re.compile(
    r"(https://[\w.-]*\w|http://([\w-]+\.)*localhost|http://127\.0\.0\.1|http://\[::1\])(:\d+)?(/[\w./~-]*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Environment:
    """The function's environment variables.

    ``parameter_names`` maps a setting (``bucket_name``, ``base_url``, ``service_path``, ``username``) to its parameter.
    """

    parameter_names: Mapping[str, str]
    secret_id: str
    log_level: str = "INFO"
    instance_arn: str | None = None
    reference_format: str = "contact_id"
    analysis_outputs: tuple[str, ...] = _ANALYSIS_OUTPUTS

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Environment:
        """:raises SettingsInvalid: names the variable that is missing or has an impossible value"""
        root, name = _required(variables, "SSM_PARAM_ROOT_NAME"), _required(variables, "ENVIRONMENT_NAME")
        folder = f"/{root.strip('/')}/{name.strip('/')}"
        names = {
            "bucket_name": "SSM_PARAM_BUCKET_NAME",
            "base_url": "SSM_PARAM_C4C_BASE_URL",
            "service_path": "SSM_PARAM_C4C_PHONE_SERVICE_ENDPOINT_PATH",
            "username": "SSM_PARAM_C4C_USERNAME",
        }
        outputs = tuple(
            _choice("ANALYSIS_OUTPUTS", output.strip(), _ANALYSIS_OUTPUTS)
            for output in (variables.get("ANALYSIS_OUTPUTS") or ",".join(_ANALYSIS_OUTPUTS)).split(",")
        )
        return cls(
            parameter_names={
                setting: f"{folder}/{_required(variables, variable).strip('/')}" for setting, variable in names.items()
            },
            secret_id=_required(variables, "SECRET_PARAM_C4C_PASSWORD"),
            log_level=_choice("LOG_LEVEL", (variables.get("LOG_LEVEL") or "INFO").upper(), _LOG_LEVELS),
            instance_arn=variables.get("CONNECT_INSTANCE_ARN") or None,
            reference_format=_choice(
                "REFERENCE_FORMAT", variables.get("REFERENCE_FORMAT") or "contact_id", _REFERENCE_FORMATS
            ),
            analysis_outputs=outputs,
        )


@dataclass(frozen=True)
class Settings:
    """What the parameters and the secret hold."""

    bucket_name: str
    base_url: str
    service_path: str
    username: str
    password: str = field(repr=False)

    @classmethod
    def read(cls, environment: Environment, *, ssm: BaseClient, secretsmanager: BaseClient) -> Settings:
        """Read all parameters with one call, and the secret with another.

        :raises SettingsInvalid: names the parameter or secret that is missing, empty or of the wrong form
        """
        names = environment.parameter_names
        answer = ssm.get_parameters(Names=sorted(names.values()), WithDecryption=True)
        values = {parameter["Name"]: parameter["Value"].strip() for parameter in answer["Parameters"]}
        missing = sorted(name for name in names.values() if not values.get(name))
        if missing:
            raise SettingsInvalid(f"No value in the SSM parameters: {', '.join(missing)}")
        _check_base_url(values[names["base_url"]], names["base_url"])
        secret = secretsmanager.get_secret_value(SecretId=environment.secret_id)
        return cls(
            **{setting: values[name] for setting, name in names.items()},
            password=_password(secret.get("SecretString"), environment.secret_id),
        )

    def url(self, *segments: str) -> str:
        """Join base URL, service path and segments with exactly one slash between them."""
        return "/".join((self.base_url.rstrip("/"), self.service_path.strip("/"), *segments))


def _required(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise SettingsInvalid(f"The environment variable {name} is not set")
    return value


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise SettingsInvalid(f"The environment variable {name} takes {', '.join(choices)}, not {value!r}")
    return value


def _check_base_url(url: str, name: str) -> None:
    """Basic authentication shows the password to everybody on the way: without TLS only to this very machine."""
    if not _BASE_URL.fullmatch(url):
        raise SettingsInvalid(f"The SSM parameter {name} is not an https address")


def _password(secret: str | None, secret_id: str) -> str:
    """Take a plain text secret as it is, and ``password`` of one that is a JSON object."""
    try:
        content: Any = json.loads(secret or "")
    except ValueError:
        content = None
    password = content.get("password") if isinstance(content, dict) else secret
    if not password or not isinstance(password, str):
        raise SettingsInvalid(f"The secret {secret_id} is neither plain text nor a JSON object with a password")
    return password
