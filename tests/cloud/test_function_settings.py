# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM actions of a function's settings are those that AWS asks policies for."""

from __future__ import annotations

import boto3
import pytest

from tests.local_cloud.function_settings import iam_action

OPERATIONS = [
    "GetFunctionConcurrency",
    "PutFunctionConcurrency",
    "DeleteFunctionConcurrency",
    "GetFunctionEventInvokeConfig",
    "PutFunctionEventInvokeConfig",
    "UpdateFunctionEventInvokeConfig",
    "DeleteFunctionEventInvokeConfig",
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_action_is_named_as_the_operation(operation):
    http = boto3.client("lambda", region_name="eu-west-2").meta.service_model.operation_model(operation).http
    path = http["requestUri"].replace("{FunctionName}", "poc-function")
    assert iam_action(http["method"], path) == f"lambda:{operation}"


def test_other_addresses_are_left_to_ministack():
    assert iam_action("GET", "/2015-03-31/functions/concurrency") is None
    assert iam_action("POST", "/2015-03-31/functions/poc-function/invocations") is None
