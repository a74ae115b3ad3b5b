# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients of the scenario's account: what the roles made is read back with boto3, not with our modules."""

from __future__ import annotations

import os

import boto3
import pytest

TAGS = {"environment": "poc", "scenario": os.environ.get("MOLECULE_SCENARIO_NAME", "")}


@pytest.fixture(scope="session")
def client():
    """Return a function that makes a boto3 client of a service, in the deployment's Region unless another is named."""
    return boto3.client


@pytest.fixture(scope="session")
def site_tags():
    """The tags of the site, as the inventory has them."""
    return TAGS


@pytest.fixture(scope="session")
def account():
    return os.environ["AWS_ACCOUNT_ID"]


@pytest.fixture(scope="session")
def region():
    return os.environ["AWS_REGION"]


@pytest.fixture(scope="session")
def instance(client):
    """The instance of the scenario, as DescribeInstance shows it."""
    connect = client("connect")
    (summary,) = connect.list_instances()["InstanceSummaryList"]
    return connect.describe_instance(InstanceId=summary["Id"])["Instance"]


@pytest.fixture(scope="session")
def by_name(client, instance):
    """Return a function that finds an object of the instance: by_name("list_queues", "BasicQueue")."""
    connect = client("connect")

    def find(operation, name, key="Name"):
        answer = getattr(connect, operation)(InstanceId=instance["Id"])
        (items,) = [value for value in answer.values() if isinstance(value, list)]
        (item,) = [item for item in items if item.get(key) == name]
        return item

    return find
