# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lives as long as Lambda keeps the process: clients, the connection to SAP, parameters and secret."""

from __future__ import annotations

import os
import time
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
import requests
from botocore.config import Config

from . import log
from .authentication import Authentication
from .authentication import make_authentication
from .deadline import Deadline
from .sap import SapClient
from .settings import Environment
from .settings import Settings

if TYPE_CHECKING:
    from botocore.client import BaseClient

# DescribeContact shares Amazon Connect's two requests a second with everybody else in the account.
_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 6}, connect_timeout=5, read_timeout=20)
# Parameters that were changed while SAP still accepts the old ones, such as the address of another tenant.
_SETTINGS_AGE = 900.0


class Runtime:
    """Everything that one invocation leaves for the next."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        # One session: it reads the endpoints and the partitions once for all clients.
        self._aws = boto3.Session()
        self._clients: dict[str, BaseClient] = {}
        self._settings: Settings | None = None
        self._read_at = 0.0
        self._authentication: Authentication | None = None
        self._http: requests.Session | None = None
        # Whether SAP's lists have the transcript of each record in them; None until that is seen.
        self.lists_show_transcripts: bool | None = None

    def client(self, service: str) -> BaseClient:
        """Return the client of an AWS service, made on its first use."""
        if service not in self._clients:
            self._clients[service] = self._aws.client(service, config=_CONFIG)
        return self._clients[service]

    @cached_property
    def connect(self) -> BaseClient:
        return self.client("connect")

    @cached_property
    def s3(self) -> BaseClient:
        return self.client("s3")

    @property
    def settings(self) -> Settings:
        """Parameters and secret."""
        self.prepare()
        return self._settings

    def prepare(self) -> None:
        """Read parameters and secret when there are none yet or they are a quarter of an hour old."""
        if self._settings is None or time.monotonic() - self._read_at > _SETTINGS_AGE:
            self.refresh()

    def refresh(self) -> Settings:
        """Read the settings again; the connection to SAP is made anew if they changed."""
        settings = Settings.read(self.environment, ssm=self.client("ssm"), secretsmanager=self.client("secretsmanager"))
        if settings != self._settings:
            authentication, http = make_authentication(self.environment, settings), requests.Session()
            # Fails for a wrong certificate. Nothing is kept then: later events would go out without any.
            authentication.mount(http)
            self._settings, self._authentication, self._http = settings, authentication, http
        self._read_at = time.monotonic()
        return settings

    def sap(self, deadline: Deadline) -> SapClient:
        """Return SAP's phone service for one invocation."""
        return SapClient(sign_in=self._sign_in, deadline=deadline)

    def _sign_in(self, *, refresh: bool = False) -> tuple[Settings, Authentication, requests.Session]:
        settings = self.refresh() if refresh else self.settings
        return settings, self._authentication, self._http


_runtime: Runtime | None = None


def get_runtime() -> Runtime:
    """Return this process's runtime, made on the first call.

    :raises SettingsInvalid: an environment variable is missing or has an impossible value
    """
    global _runtime
    if _runtime is None:
        environment = Environment.read(os.environ)
        log.configure(environment.log_level)
        _runtime = Runtime(environment)
    return _runtime
