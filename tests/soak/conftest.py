# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One local cloud and one deployment of what summaries need, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local_cloud.launcher import LocalCloud

from .soak_site import SoakSite


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as launcher:
        yield launcher


@pytest.fixture(scope="session")
def site(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> SoakSite:
    made = SoakSite(cloud, tmp_path_factory.mktemp("site"))
    run = made.deploy()
    assert run.status == 0, run.output
    return made
