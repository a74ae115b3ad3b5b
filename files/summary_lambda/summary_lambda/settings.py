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
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from .aws import translated
from .errors import SettingsInvalid

if TYPE_CHECKING:
    from botocore.client import BaseClient

# Of each, the first is the default.
_LOG_LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")
_REFERENCE_FORMATS = ("contact_id", "compact")
_ANALYSIS_OUTPUTS = ("original", "redacted")
_TRANSCRIPT_MODES = ("append", "replace", "only_if_empty")
_MISSING_SUMMARY = ("nothing", "note")
_AUTHENTICATIONS = ("basic", "token", "certificate", "oauth")
_SHORTEST_LIMIT = 200
_SECRET_MEMBERS = {
    "basic": ("password",),
    "token": ("password",),
    "certificate": ("certificate", "private_key"),
    "oauth": ("client_id", "client_secret"),
}
# Credentials go there: without TLS only to this very machine. Nothing that two parsers of addresses could take for
# different hosts: no user, no backslash, no query.
_SAFE_URL = re.compile(
    r"(https://[\w.-]*\w|http://([\w-]+\.)*localhost|http://127\.0\.0\.1|http://\[::1\])(:\d+)?(/[\w./~-]*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class Environment:
    """The function's environment variables.

    ``parameter_names`` maps a setting (``bucket_name``, ``base_url``, ``service_path``, ``username``) to its parameter.
    """

    name: str
    parameter_names: Mapping[str, str]
    secret_id: str
    log_level: str = "INFO"
    instance_arns: tuple[str, ...] = ()
    reference_format: str = "contact_id"
    analysis_outputs: tuple[str, ...] = _ANALYSIS_OUTPUTS
    transcript_mode: str = "append"
    transcript_limit: int = 0
    missing_summary: str = "nothing"
    settle_minutes: int = 15
    not_before: datetime | None = None
    authentication: str = "basic"
    token_url: str | None = None
    metrics_namespace: str = "AmazonConnectSAP"

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
        authentication = _choice(variables, "SAP_AUTHENTICATION", _AUTHENTICATIONS)
        return cls(
            name=name,
            parameter_names={
                setting: f"{folder}/{_required(variables, variable).strip('/')}" for setting, variable in names.items()
            },
            secret_id=_required(variables, "SECRET_PARAM_C4C_PASSWORD"),
            log_level=_choice(variables, "LOG_LEVEL", _LOG_LEVELS, upper=True),
            instance_arns=_list(variables, "CONNECT_INSTANCE_ARN"),
            reference_format=_choice(variables, "REFERENCE_FORMAT", _REFERENCE_FORMATS),
            analysis_outputs=_choices(variables, "ANALYSIS_OUTPUTS", _ANALYSIS_OUTPUTS),
            transcript_mode=_choice(variables, "TRANSCRIPT_MODE", _TRANSCRIPT_MODES),
            transcript_limit=_limit(variables),
            missing_summary=_choice(variables, "MISSING_SUMMARY", _MISSING_SUMMARY),
            settle_minutes=_number(variables, "SETTLE_MINUTES", 15),
            not_before=read_not_before(variables),
            authentication=authentication,
            token_url=_token_url(variables) if authentication == "oauth" else None,
            metrics_namespace=variables.get("METRICS_NAMESPACE") or "AmazonConnectSAP",
        )


@dataclass(frozen=True)
class Settings:
    """What the parameters and the secret hold. ``secret`` is a JSON secret's object, or a plain one as ``password``."""

    bucket_name: str
    base_url: str
    service_path: str
    username: str
    secret: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, environment: Environment, *, ssm: BaseClient, secretsmanager: BaseClient) -> Settings:
        """Read all parameters with one call, and the secret with another.

        :raises SettingsInvalid: names the parameter or secret that is missing, empty or of the wrong form
        """
        names = environment.parameter_names
        with translated("GetParameters"):
            answer = ssm.get_parameters(Names=sorted(names.values()), WithDecryption=True)
        values = {parameter["Name"]: parameter["Value"].strip() for parameter in answer["Parameters"]}
        optional = () if environment.authentication in ("basic", "token") else ("username",)
        missing = sorted(name for setting, name in names.items() if setting not in optional and not values.get(name))
        if missing:
            raise SettingsInvalid(f"No value in the SSM parameters: {', '.join(missing)}")
        if not _SAFE_URL.fullmatch(values[names["base_url"]]):
            raise SettingsInvalid(f"The SSM parameter {names['base_url']} is not an https address")
        with translated("GetSecretValue"):
            secret = secretsmanager.get_secret_value(SecretId=environment.secret_id)
        return cls(
            **{setting: values.get(name, "") for setting, name in names.items()},
            secret=_secret(secret.get("SecretString"), environment, values.get(names["username"], "")),
        )

    def url(self, *segments: str) -> str:
        """Join base URL, service path and segments with exactly one slash between them."""
        return "/".join((self.base_url.rstrip("/"), self.service_path.strip("/"), *segments))

    def tenant_url(self, path: str) -> str:
        """Return the address of another service of the tenant."""
        return f"{self.base_url.rstrip('/')}{path}"


def parse_moment(text: str) -> datetime:
    """Read a date or time in ISO 8601; one without an offset is in UTC, a date begins at midnight.

    :raises ValueError: it is none
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_not_before(variables: Mapping[str, str]) -> datetime | None:
    """:raises SettingsInvalid: NOT_BEFORE is neither empty nor a date or time"""
    value = variables.get("NOT_BEFORE")
    try:
        return parse_moment(value) if value else None
    except ValueError:
        raise SettingsInvalid("The environment variable NOT_BEFORE is not a date or time in ISO 8601") from None


def _required(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise SettingsInvalid(f"The environment variable {name} is not set")
    return value


def _choice(variables: Mapping[str, str], name: str, choices: tuple[str, ...], *, upper: bool = False) -> str:
    """Take one of the choices; the first is the default."""
    value = variables.get(name) or choices[0]
    value = value.upper() if upper else value
    if value not in choices:
        raise SettingsInvalid(f"The environment variable {name} takes {', '.join(choices)}, not {value!r}")
    return value


def _choices(variables: Mapping[str, str], name: str, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Take several of the choices, in the order given; all are the default."""
    return tuple(_choice({name: value}, name, choices) for value in _list(variables, name)) or choices


def _list(variables: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in (variables.get(name) or "").split(",") if item.strip())


def _number(variables: Mapping[str, str], name: str, default: int) -> int:
    value = variables.get(name) or str(default)
    if not value.isascii() or not value.isdigit():
        raise SettingsInvalid(f"The environment variable {name} takes a whole number, not {value!r}")
    return int(value)


def _limit(variables: Mapping[str, str]) -> int:
    limit = _number(variables, "TRANSCRIPT_LIMIT", 0)
    if 0 < limit < _SHORTEST_LIMIT:
        raise SettingsInvalid(f"The environment variable TRANSCRIPT_LIMIT takes 0 or at least {_SHORTEST_LIMIT}")
    return limit


def _token_url(variables: Mapping[str, str]) -> str:
    url = _required(variables, "SAP_TOKEN_URL")
    if not _SAFE_URL.fullmatch(url):
        raise SettingsInvalid("The environment variable SAP_TOKEN_URL is not an https address")
    return url


def _secret(secret: str | None, environment: Environment, username: str) -> Mapping[str, str]:
    """Take a JSON object's texts; anything else is the password as it is.

    :raises SettingsInvalid: a member that this way to sign in needs is missing
    """
    try:
        content: Any = json.loads(secret or "")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        content = {"password": secret}
    texts = {name: value for name, value in content.items() if isinstance(value, str) and value}
    if environment.authentication == "oauth":
        texts = {"client_id": username, "client_secret": texts.get("password", ""), **texts}
    missing = [name for name in _SECRET_MEMBERS[environment.authentication] if not texts.get(name)]
    if missing:
        raise SettingsInvalid(
            f"The secret {environment.secret_id} does not hold what {environment.authentication} needs: "
            f"{', '.join(missing)}"
        )
    return texts
