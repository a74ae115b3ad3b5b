# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Those who ask a local cloud in tests: boto3, HTTP, ansible-playbook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def client_of(keys: dict[str, str], service: str, region: str | None = None) -> Any:
    """Return a boto3 client with these keys, in their Region unless another is named."""
    return boto3.client(
        service,
        endpoint_url=keys["AWS_ENDPOINT_URL"],
        region_name=region or keys["AWS_REGION"],
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=keys.get("AWS_SESSION_TOKEN"),
        config=Config(proxies={}, retries={"max_attempts": 0}),
    )


def direct_session() -> requests.Session:
    """Return a session without proxies: what the shell of the developer says about them is not for these tests."""
    session = requests.Session()
    session.trust_env = False
    return session


def run_ansible(*arguments: str, environment: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ansible-playbook; its errors are part of the output."""
    return subprocess.run(
        [str(BIN / "ansible-playbook"), *arguments],
        env=environment,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
