# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connector of the deployed site in a browser: every file, its headers, and an agent within five seconds."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.clients import ROOT

from .site import Site


def test_the_distribution_serves_a_connector_that_knows_its_agent(site: Site):
    # Browser tests have fixtures and options of their own, so they get a process of their own
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "site", "tests/browser"],
        cwd=ROOT,
        env={**os.environ, "CTI_URL": site.outputs["CloudFrontDistributionURL"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
