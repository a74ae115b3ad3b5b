# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One local cloud, with a home of its own, for all tests of this folder."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of
from tests.clients import direct_session
from tests.local_cloud.launcher import LocalCloud

TRUST_LAMBDA = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


# What browsers send for pages that are not on this machine.
FOREIGN_PAGES = [
    {"Origin": "https://site.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://localhost.site.example"},
    {"Sec-Fetch-Site": "cross-site"},
]
# A name in the DNS that was bent to this machine.
FOREIGN_HOSTS = [{"Host": "site.example"}, {"Host": "localhost.site.example:80"}]


class Cloud:
    """The running cloud, with clients for it."""

    def __init__(self, launcher: LocalCloud) -> None:
        self.launcher = launcher
        self.environment = launcher.environment()
        self.aws = self.environment["AWS_ENDPOINT_URL"]
        self.sap = self.environment["SAP_BASE_URL"]
        self.edge_port = int(self.environment["EDGE_PORT"])
        self.http = direct_session()
        self._keys: dict[str, dict[str, str]] = {}

    def client(self, service: str, account: str, region: str = "eu-west-2", keys: dict[str, str] | None = None) -> Any:
        """Return a client of the account's administrator, or of somebody else's keys."""
        if keys is None and account not in self._keys:
            self._keys[account] = self.launcher.account(account)
        return client_of({**self.environment, **(keys or self._keys[account])}, service, region)

    def user(self, account: str, name: str, *statements: dict[str, Any]) -> dict[str, str]:
        """Make an IAM user with these policy statements and return its keys."""
        iam = self.client("iam", account)
        iam.create_user(UserName=name)
        if statements:
            document = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def lambda_role(self, account: str, name: str, *statements: dict[str, Any]) -> str:
        """Make a role for functions and return its ARN."""
        iam = self.client("iam", account)
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST_LAMBDA)["Role"]["Arn"]
        if statements:
            document = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_role_policy(RoleName=name, PolicyName="test", PolicyDocument=json.dumps(document))
        return arn

    def front(self, **settings: Any) -> dict[str, Any]:
        """Change settings of the front and return all of them."""
        return self.http.post(f"{self.aws}/_front/settings", json=settings, timeout=10).json()

    def journal(self, **filters: Any) -> list[dict[str, Any]]:
        return self.http.get(f"{self.aws}/_front/journal", params=filters, timeout=10).json()


def archive(source: str) -> bytes:
    """Return the deployment package of a function."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("index.py", source)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Start the cloud once and stop it at the end."""
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as launcher:
        yield Cloud(launcher)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The home of another cloud, stopped after the test."""
    yield tmp_path / "home"
    LocalCloud(tmp_path / "home").stop()


@pytest.fixture
def role_delay(cloud: Cloud) -> Iterator[Callable[[float], None]]:
    """Return a function that sets for how many seconds a new role is not good for Lambda yet."""
    before = cloud.front()["role_delay"]
    yield lambda seconds: cloud.front(role_delay=seconds)
    cloud.front(role_delay=before)


@pytest.fixture
def no_role_delay(role_delay: Callable[[float], None]) -> None:
    """New roles are good for Lambda at once."""
    role_delay(0)
