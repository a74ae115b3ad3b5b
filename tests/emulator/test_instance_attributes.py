# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instance attributes (connect-api 2)."""

from __future__ import annotations

import pytest

DEFAULTS = {
    "INBOUND_CALLS": "true",
    "OUTBOUND_CALLS": "true",
    "CONTACTFLOW_LOGS": "false",
    "CONTACT_LENS": "true",
    "AUTO_RESOLVE_BEST_VOICES": "true",
    "USE_CUSTOM_TTS_VOICES": "false",
    "EARLY_MEDIA": "true",
    "MULTI_PARTY_CONFERENCE": "false",
    "HIGH_VOLUME_OUTBOUND": "false",
    "ENHANCED_CONTACT_MONITORING": "false",
    "ENHANCED_CHAT_MONITORING": "false",
    "MULTI_PARTY_CHAT_CONFERENCE": "false",
    "MESSAGE_STREAMING": "false",
}


def read_all(connect, instance):
    pages = connect.get_paginator("list_instance_attributes").paginate(InstanceId=instance)
    return {item["AttributeType"]: item["Value"] for page in pages for item in page["Attributes"]}


def test_defaults(connect, instance):
    assert DEFAULTS.items() <= read_all(connect, instance).items()


def test_call_flags_are_those_of_the_creation(emulator, connect):
    answer = connect.create_instance(
        IdentityManagementType="SAML", InstanceAlias="quiet", InboundCallsEnabled=False, OutboundCallsEnabled=True
    )
    attributes = read_all(connect, answer["Id"])
    assert (attributes["INBOUND_CALLS"], attributes["OUTBOUND_CALLS"]) == ("false", "true")


def test_list_pages_hold_seven(connect, instance, refused):
    first = connect.list_instance_attributes(InstanceId=instance)
    assert len(first["Attributes"]) == 7
    second = connect.list_instance_attributes(InstanceId=instance, NextToken=first["NextToken"])
    names = {item["AttributeType"] for item in first["Attributes"] + second["Attributes"]}
    assert len(second["Attributes"]) <= 7 and names >= set(DEFAULTS)
    with refused("InvalidParameterException", "MaxResults"):
        connect.list_instance_attributes(InstanceId=instance, MaxResults=8)


def test_update_is_a_plain_set_with_an_empty_answer(connect, instance):
    for _time in range(2):
        answer = connect.update_instance_attribute(InstanceId=instance, AttributeType="CONTACTFLOW_LOGS", Value="true")
        assert set(answer) == {"ResponseMetadata"}
    described = connect.describe_instance_attribute(InstanceId=instance, AttributeType="CONTACTFLOW_LOGS")
    assert described["Attribute"] == {"AttributeType": "CONTACTFLOW_LOGS", "Value": "true"}


def test_case_of_a_value_does_not_matter(connect, instance):
    connect.update_instance_attribute(InstanceId=instance, AttributeType="CONTACTFLOW_LOGS", Value="True")
    assert read_all(connect, instance)["CONTACTFLOW_LOGS"] == "true"


@pytest.mark.parametrize("value", ["", "maybe", "x" * 101])
def test_value_is_checked(emulator, connect, instance, value):
    path = f"/instance/{instance}/attribute/CONTACT_LENS"
    status, headers, answer = emulator.raw("POST", path, {"Value": value})
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidParameterException")


def test_value_is_a_string(emulator, connect, instance):
    status, _headers, answer = emulator.raw("POST", f"/instance/{instance}/attribute/CONTACT_LENS", {"Value": True})
    assert status == 400 and "Value" in answer["Message"]


def test_unknown_attribute_is_refused(connect, instance, refused):
    with refused("InvalidParameterException", "AttributeType"):
        connect.update_instance_attribute(InstanceId=instance, AttributeType="NO_SUCH_THING", Value="true")


def test_attribute_that_the_model_lacks_is_taken(connect, instance):
    name = "AUTOMATED_INTERACTION_LOG"
    connect.update_instance_attribute(InstanceId=instance, AttributeType=name, Value="true")
    described = connect.describe_instance_attribute(InstanceId=instance, AttributeType=name)
    assert described["Attribute"]["Value"] == "true"
    assert read_all(connect, instance)[name] == "true"


def test_custom_voices_need_permission(emulator, connect, instance, refused):
    change = {"InstanceId": instance, "AttributeType": "USE_CUSTOM_TTS_VOICES", "Value": "true"}
    with refused("AccessDeniedException"):
        connect.update_instance_attribute(**change)
    emulator.settings.custom_voices_allowed = True
    connect.update_instance_attribute(**change)
    assert read_all(connect, instance)["USE_CUSTOM_TTS_VOICES"] == "true"


def test_instance_mirrors_the_call_flags(connect, instance):
    connect.update_instance_attribute(InstanceId=instance, AttributeType="INBOUND_CALLS", Value="false")
    assert connect.describe_instance(InstanceId=instance)["Instance"]["InboundCallsEnabled"] is False
