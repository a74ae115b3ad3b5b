#!/usr/bin/env python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deployment of a scenario: an account of its own in the local cloud that the default scenario starts."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

MOLECULE = Path(__file__).resolve().parents[1]
PROJECT = MOLECULE.parents[1]
SCENARIOS = sorted(path.parent.name for path in MOLECULE.glob("*/molecule.yml"))


def cloud_variables(account: str) -> dict[str, str]:
    """Return the environment of an administrator of the account, empty while the cloud is not running."""
    python = PROJECT / ".venv" / "bin" / "python"
    command = [str(python), "-m", "tests.local_cloud", "--home", ".local/molecule", "account", account]
    answer = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    lines = [line.removeprefix("export ") for line in answer.stdout.splitlines()]
    return dict(shlex.split(line)[0].split("=", 1) for line in lines if "=" in line)


def main() -> None:
    """Print the inventory."""
    scenario = os.environ.get("MOLECULE_SCENARIO_NAME", "default")
    account = f"2222{SCENARIOS.index(scenario) + 1:08d}"
    cloud = {} if scenario == "default" else cloud_variables(account)
    alias = f"molecule-{scenario.replace('_', '-')}"
    edge = cloud.get("EDGE_PORT", "")
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": str(PROJECT / ".venv" / "bin" / "python"),
        "cloud": cloud,
        "project_directory": str(PROJECT),
        "site_environment_variables": cloud,
        "site_account_id": account,
        "site_region": cloud.get("AWS_REGION", ""),
        "site_environment": "poc",
        "site_instance_alias": alias,
        "site_sap_base_url": cloud.get("SAP_BASE_URL", ""),
        "site_sap_username": cloud.get("SAP_USERNAME", ""),
        "site_sap_password": cloud.get("SAP_PASSWORD", ""),
        "site_tags": {"environment": "poc", "scenario": scenario},
        "site_outputs_directory": str(PROJECT / ".local" / "molecule" / "outputs"),
        "connect_instance_admin_password": "Molecule-1",
        "connect_instance_agent_password": "Molecule-2",
        "connect_instance_access_url": f"http://{alias}.my.connect.localhost:{edge}",
        "cti_hosting_public_url": f"http://{{label}}.cloudfront.localhost:{edge}",
    }
    inventory = {"all": {"hosts": ["deployment"]}, "_meta": {"hostvars": {"deployment": variables}}}
    json.dump(inventory, sys.stdout)


if __name__ == "__main__":
    main()
