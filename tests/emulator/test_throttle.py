# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request rates (connect-api 11)."""

from __future__ import annotations

import pytest


@pytest.fixture
def throttled(emulator):
    """The emulator with throttling on."""
    emulator.control("POST", "settings", {"throttle": {"enabled": True}})
    return emulator


def answered(call, most=20):
    """Return how many requests in a row are answered before one is throttled."""
    for count in range(most):
        try:
            call()
        except Exception as error:
            assert error.response["Error"]["Code"] == "ThrottlingException"
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 429
            return count
    return most


def test_off_by_default(connect):
    assert answered(connect.list_instances) == 20


def test_burst_then_rate(throttled, connect):
    assert answered(connect.list_instances) == 5
    throttled.advance(0.4)
    assert answered(connect.list_instances) == 0
    throttled.advance(0.1)
    assert answered(connect.list_instances) == 1
    throttled.advance(60)
    assert answered(connect.list_instances) == 5


def test_operations_have_buckets_of_their_own(throttled, instance, connect):
    assert answered(connect.list_instances) == 5
    assert answered(lambda: connect.list_instance_attributes(InstanceId=instance)) == 5


def test_account_scope_shares_one_bucket(throttled, instance, connect):
    throttled.control("POST", "settings", {"throttle": {"scope": "account"}})
    assert answered(connect.list_instances) == 5
    assert answered(lambda: connect.list_instance_attributes(InstanceId=instance)) == 0


def test_accounts_and_regions_do_not_share(throttled, connect):
    assert answered(connect.list_instances) == 5
    assert answered(throttled.client("222222222222").list_instances) == 5
    assert answered(throttled.client(region="us-east-1").list_instances) == 5


def test_instances_share(throttled, connect):
    throttled.settings.throttle.enabled = False
    ids = [
        connect.create_instance(
            IdentityManagementType="SAML", InstanceAlias=alias, InboundCallsEnabled=True, OutboundCallsEnabled=True
        )["Id"]
        for alias in ("one", "two")
    ]
    throttled.settings.throttle.enabled = True
    assert answered(lambda: connect.list_approved_origins(InstanceId=ids[0])) == 5
    assert answered(lambda: connect.list_approved_origins(InstanceId=ids[1])) == 0


def test_rate_and_burst_are_settings(throttled, connect):
    throttled.control("POST", "settings", {"throttle": {"rate": 10, "burst": 1}})
    assert answered(connect.list_instances) == 1
    throttled.advance(0.1)
    assert answered(connect.list_instances) == 1


def test_tags_are_throttled_like_the_rest(throttled, connect, instance):
    arn = connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]
    assert answered(lambda: connect.list_tags_for_resource(resourceArn=arn)) == 5


def test_metrics_are_faster(throttled):
    from tests.local_cloud.connect_emulator import throttle

    taken = [
        throttle.take(
            throttled.state.buckets,
            throttled.settings.throttle,
            account="1",
            region="r",
            operation="GetMetricData",
            now=throttled.state.now(),
        )
        for _request in range(9)
    ]
    assert taken == [True] * 8 + [False]


def test_throttled_requests_change_nothing(throttled, connect, instance, refused):
    for _time in range(5):
        connect.update_instance_attribute(InstanceId=instance, AttributeType="EARLY_MEDIA", Value="true")
    with refused("ThrottlingException"):
        connect.update_instance_attribute(InstanceId=instance, AttributeType="EARLY_MEDIA", Value="false")
    described = connect.describe_instance_attribute(InstanceId=instance, AttributeType="EARLY_MEDIA")
    assert described["Attribute"]["Value"] == "true"
