# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One local cloud and one deployed site for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local_cloud.launcher import LocalCloud

from .site import Run
from .site import Site

ACCOUNT = "333300000001"
EMPTY_ACCOUNT = "333300000002"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """Start a cloud with a home and ports of its own; stop it at the end."""
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as launcher:
        yield launcher


@pytest.fixture(scope="module")
def own_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A cloud of a module's own: settings hold for all accounts of a cloud, and so does an alias that is taken."""
    with LocalCloud(tmp_path_factory.mktemp("own-cloud")) as launcher:
        yield launcher


@pytest.fixture(scope="session")
def deployment(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Run]:
    """Deploy the site; return it with the run that made it."""
    made = Site(cloud, ACCOUNT, tmp_path_factory.mktemp("site"))
    run = made.playbook("--diff")
    assert run.status == 0, run.output
    return made, run


@pytest.fixture(scope="session")
def site(deployment: tuple[Site, Run]) -> Site:
    return deployment[0]


@pytest.fixture(scope="session")
def first_run(deployment: tuple[Site, Run]) -> Run:
    return deployment[1]


@pytest.fixture(scope="session")
def empty_site(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that nobody has deployed, in an account with nothing but its administrator."""
    return Site(cloud, EMPTY_ACCOUNT, tmp_path_factory.mktemp("empty"))
