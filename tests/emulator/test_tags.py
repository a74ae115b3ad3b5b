# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags (connect-api appendix A, tags)."""

from __future__ import annotations

import pytest


@pytest.fixture
def arn(connect, instance):
    return connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]


def read(connect, arn):
    return connect.list_tags_for_resource(resourceArn=arn)["tags"]


def test_tag_and_untag(connect, instance, arn):
    connect.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    connect.tag_resource(resourceArn=arn, tags={"b": "3"})
    assert read(connect, arn) == {"a": "1", "b": "3"}
    connect.untag_resource(resourceArn=arn, tagKeys=["a", "absent"])
    assert read(connect, arn) == {"b": "3"}
    assert connect.describe_instance(InstanceId=instance)["Instance"]["Tags"] == {"b": "3"}


def test_fifty_tags_at_most(connect, arn, refused):
    connect.tag_resource(resourceArn=arn, tags={f"key{number}": "" for number in range(50)})
    connect.tag_resource(resourceArn=arn, tags={"key0": "changed"})
    with refused("InvalidParameterException", "50"):
        connect.tag_resource(resourceArn=arn, tags={"more": ""})
    assert len(read(connect, arn)) == 50


@pytest.mark.parametrize("tags", [{"aws:owner": "x"}, {"k" * 129: "x"}, {"k": "v" * 257}])
def test_tags_are_checked(connect, arn, refused, tags):
    with refused("InvalidParameterException"):
        connect.tag_resource(resourceArn=arn, tags=tags)


def test_tags_of_what_belongs_to_no_instance(connect, instance):
    found = connect.search_available_phone_numbers(
        InstanceId=instance, PhoneNumberCountryCode="GB", PhoneNumberType="DID"
    )
    number = found["AvailableNumbersList"][0]["PhoneNumber"]
    arn = connect.claim_phone_number(InstanceId=instance, PhoneNumber=number, Tags={"a": "1"})["PhoneNumberArn"]
    connect.tag_resource(resourceArn=arn, tags={"b": "2"})
    assert read(connect, arn) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("arn", ["arn:aws:connect:eu-west-2:111111111111:instance/nope", "nonsense"])
def test_unknown_resource(connect, instance, refused, arn):
    for call, more in (("tag_resource", {"tags": {"a": "b"}}), ("list_tags_for_resource", {})):
        with refused("ResourceNotFoundException"):
            getattr(connect, call)(resourceArn=arn, **more)
