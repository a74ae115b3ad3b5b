# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local cloud, an account in it, and Terraform with one running provider, for all tests of this folder."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of
from tests.clients import direct_session
from tests.local_cloud.launcher import LocalCloud

from .tool import PROVIDER_VERSION
from .tool import Terraform
from .tool import find_provider
from .tool import find_terraform
from .tool import running_provider

HERE = Path(__file__).parent
ACCOUNT = "333300000001"


def control(account: dict[str, str], path: str, body: dict[str, Any]) -> None:
    """Send a request to the control address of the cloud, past the proxy that the account's variables name."""
    with direct_session() as session:
        answer = session.post(account["AWS_ENDPOINT_URL"] + path, json=body, timeout=10)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def programs() -> tuple[str, Path]:
    """The paths of Terraform and of the AWS provider; without them there is nothing to test."""
    terraform = find_terraform()
    if terraform is None:
        pytest.skip("Terraform is not on this machine")
    provider = find_provider()
    if provider is None:
        pytest.skip(f"Terraform's AWS provider {PROVIDER_VERSION} is not here: name a mirror in TF_PLUGIN_MIRROR")
    return terraform, provider


@pytest.fixture(scope="session")
def account(programs: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start a cloud with a home and ports of its own; yield the variables of an account's administrator."""
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as launcher:
        environment = launcher.account(ACCOUNT)
        # The provider loses the answer of one request in a thousand ("use of closed network connection" while it
        # reads) when the answer comes within a millisecond, as AWS's never does, and repeats creations that were
        # carried out.
        control(environment, "/_emulator/settings", {"latency": 0.01})
        yield environment


@pytest.fixture
def clean_connect(account: dict[str, str]) -> Iterator[None]:
    """Leave no instance of a test that failed to the next one, and no count of claimed and released numbers."""
    yield
    control(account, "/_emulator/reset", {"account": ACCOUNT, "region": account["AWS_REGION"]})


@pytest.fixture(scope="session")
def client(account: dict[str, str]) -> Callable[[str], Any]:
    """Return a boto3 client of the account's administrator."""
    return lambda service: client_of(account, service)


@pytest.fixture(scope="session")
def inputs(account: dict[str, str], client: Callable[[str], Any]) -> dict[str, Any]:
    """What the configurations name and do not make: two buckets, two keys, a function."""
    buckets = ["terraform-recordings-one", "terraform-recordings-two"]
    for bucket in buckets:
        client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account["AWS_REGION"]}
        )
    kms = client("kms")
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _bucket in buckets]
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = client("iam").create_role(RoleName="screen-pop", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    # Lambda cannot assume a role in its first seconds.
    control(account, "/_front/settings", {"role_delay": 0})
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("index.py", "def handler(event, context):\n    return {}\n")
    function = client("lambda").create_function(
        FunctionName="screen-pop",
        Role=role,
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": package.getvalue()},
    )
    return {"bucket": buckets, "key": keys, "function": function["FunctionArn"]}


@pytest.fixture(scope="session")
def environment(
    programs: tuple[str, Path], account: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Start the provider; yield the variables of a shell in which Terraform finds it."""
    home = tmp_path_factory.mktemp("terraform")
    # In place of the user's own, which may name other mirrors and credentials. The running provider needs no mirror.
    configuration = home / "terraform.rc"
    configuration.write_text("disable_checkpoint = true\n")
    variables = {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TF_CLI_CONFIG_FILE": str(configuration),
        "TF_IN_AUTOMATION": "true",
        # Half of the time of a command goes into collecting the garbage of the provider's schemas.
        "GOGC": "800",
        "AWS_EC2_METADATA_DISABLED": "true",
        **account,
    }
    with running_provider(programs[1], variables, home / "provider.log") as attach:
        yield {**variables, "TF_REATTACH_PROVIDERS": attach}


@pytest.fixture
def terraform(
    programs: tuple[str, Path], environment: dict[str, str], tmp_path: Path, clean_connect: None
) -> Callable[..., Terraform]:
    """Copy one of the configurations below this folder and return Terraform for it, with a state of its own."""

    def make(configuration: str, folder_name: str | None = None, **inputs: Any) -> Terraform:
        folder = tmp_path / (folder_name or configuration)
        shutil.copytree(HERE / configuration, folder)
        (folder / "terraform.tfvars.json").write_text(json.dumps(inputs))
        return Terraform(programs[0], folder, environment)

    return make
