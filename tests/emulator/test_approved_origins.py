# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Approved origins (connect-api 10)."""

from __future__ import annotations

import pytest


def test_add_and_remove(connect, instance, refused):
    address = {"InstanceId": instance, "Origin": "https://site.example"}
    assert set(connect.associate_approved_origin(**address)) == {"ResponseMetadata"}
    assert connect.list_approved_origins(InstanceId=instance)["Origins"] == ["https://site.example"]
    connect.disassociate_approved_origin(**address)
    assert connect.list_approved_origins(InstanceId=instance)["Origins"] == []
    with refused("ResourceNotFoundException"):
        connect.disassociate_approved_origin(**address)


@pytest.mark.parametrize("origin", ["https://aws.amazon.com", "http://localhost:8080", "https://a-b.example:8443"])
def test_format_is_taken(connect, instance, origin):
    connect.associate_approved_origin(InstanceId=instance, Origin=origin)


@pytest.mark.parametrize(
    "origin",
    [
        "https://site.example/",
        "https://site.example/path",
        "site.example",
        "ftp://site.example",
        "https://",
        "https://a b.example",
        "https://site.example?x=1",
        "https://" + "a." * 130 + "example",
    ],
)
def test_format_is_refused(connect, instance, refused, origin):
    with refused("InvalidParameterException"):
        connect.associate_approved_origin(InstanceId=instance, Origin=origin)


def test_duplicate_conflicts(connect, instance, refused):
    connect.associate_approved_origin(InstanceId=instance, Origin="https://site.example")
    with refused("ResourceConflictException"):
        connect.associate_approved_origin(InstanceId=instance, Origin="https://site.example")


def test_strings_are_compared_exactly(connect, instance):
    for origin in ("https://site.example", "https://SITE.example"):
        connect.associate_approved_origin(InstanceId=instance, Origin=origin)
    assert len(connect.list_approved_origins(InstanceId=instance)["Origins"]) == 2


def test_quota(emulator, connect, instance, refused):
    emulator.settings.approved_origin_quota = 1
    connect.associate_approved_origin(InstanceId=instance, Origin="https://one.example")
    with refused("ServiceQuotaExceededException") as caught:
        connect.associate_approved_origin(InstanceId=instance, Origin="https://two.example")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_list_pages_hold_twenty_five(connect, instance, refused):
    for number in range(26):
        connect.associate_approved_origin(InstanceId=instance, Origin=f"https://site{number}.example")
    first = connect.list_approved_origins(InstanceId=instance)
    assert len(first["Origins"]) == 25
    rest = connect.list_approved_origins(InstanceId=instance, NextToken=first["NextToken"])
    assert rest["Origins"] == ["https://site25.example"]
    with refused("InvalidParameterException", "MaxResults"):
        connect.list_approved_origins(InstanceId=instance, MaxResults=26)


def test_origins_go_with_the_instance(connect, instance):
    connect.associate_approved_origin(InstanceId=instance, Origin="https://site.example")
    connect.delete_instance(InstanceId=instance)
    answer = connect.create_instance(
        IdentityManagementType="SAML", InstanceAlias="test", InboundCallsEnabled=True, OutboundCallsEnabled=True
    )
    assert connect.list_approved_origins(InstanceId=answer["Id"])["Origins"] == []
