# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phone numbers (connect-api 7)."""

from __future__ import annotations

import re
import uuid

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.connect_emulator import number_inventory

DAY = 24 * 3600


def offered(connect, instance, country="GB", kind="DID", **more):
    answer = connect.search_available_phone_numbers(
        InstanceId=instance, PhoneNumberCountryCode=country, PhoneNumberType=kind, **more
    )
    return [item["PhoneNumber"] for item in answer["AvailableNumbersList"]]


def claim(connect, instance, number=None, **more):
    return connect.claim_phone_number(InstanceId=instance, PhoneNumber=number or offered(connect, instance)[0], **more)


def described(connect, reference):
    return connect.describe_phone_number(PhoneNumberId=reference)["ClaimedPhoneNumberSummary"]


def code(caught) -> str:
    return caught.value.response["Error"]["Code"]


def flow_id(connect, instance, name="Sample queue customer"):
    listed = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    return next(flow for flow in listed if flow["Name"] == name)


def arn_of(connect, instance):
    return connect.describe_instance(InstanceId=instance)["Instance"]["Arn"]


def test_every_number_of_the_inventory_is_e164():
    for kind, countries in number_inventory.PATTERNS.items():
        for country in countries:
            number = next(number_inventory.numbers(country, kind, "any"))
            assert re.fullmatch(r"\+[1-9]\d{7,14}", number), number
            assert number_inventory.find(number) == (country, kind)


def test_search_by_country_type_and_prefix(connect, instance):
    for country, prefix in (("GB", "+44"), ("US", "+1"), ("DE", "+49"), ("AU", "+61")):
        numbers = offered(connect, instance, country)
        assert len(numbers) == len(set(numbers)) == 10
        assert all(re.fullmatch(r"\+[1-9]\d{7,14}", number) and number.startswith(prefix) for number in numbers)
    assert all(number.startswith("+44113") for number in offered(connect, instance, PhoneNumberPrefix="+44113"))
    assert offered(connect, instance, PhoneNumberPrefix="+4499") == []
    assert offered(connect, instance, "AQ") == []
    assert all(number.startswith("+44808") for number in offered(connect, instance, kind="TOLL_FREE"))


def test_prefix_has_the_plus_of_the_country_code(connect, instance, refused):
    with refused("InvalidParameterException", "PhoneNumberPrefix"):
        offered(connect, instance, PhoneNumberPrefix="44")
    with refused("InvalidParameterException", "PhoneNumberPrefix"):
        connect.list_phone_numbers_v2(PhoneNumberPrefix="44")


def test_search_pages_of_ten_go_on(connect, instance):
    request = {"InstanceId": instance, "PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    first = connect.search_available_phone_numbers(**request)
    second = connect.search_available_phone_numbers(**request, NextToken=first["NextToken"])
    assert len(first["AvailableNumbersList"]) == len(second["AvailableNumbersList"]) == 10
    assert first["AvailableNumbersList"] != second["AvailableNumbersList"]
    with pytest.raises(ClientError) as caught:
        connect.search_available_phone_numbers(**{**request, "PhoneNumberType": "LANDLINE"})
    assert code(caught) == "InvalidParameterException"


def test_target_is_an_instance_by_id_or_arn_but_not_both(connect, instance):
    arn = arn_of(connect, instance)
    request = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    assert connect.search_available_phone_numbers(TargetArn=arn, **request)["AvailableNumbersList"]
    for wrong in ({}, {"TargetArn": arn, "InstanceId": instance}, {"InstanceId": str(uuid.uuid4())}):
        with pytest.raises(ClientError) as caught:
            connect.search_available_phone_numbers(**wrong, **request)
        assert code(caught) == "InvalidParameterException"


def test_instance_just_out_of_its_creation_is_no_target(emulator, connect, refused):
    emulator.settings.lag = 5.0
    created = connect.create_instance(
        IdentityManagementType="SAML", InstanceAlias="young", InboundCallsEnabled=True, OutboundCallsEnabled=True
    )
    with refused("InvalidParameterException", "Instance not found"):
        offered(connect, created["Id"])
    with refused("ResourceNotFoundException", "Instance not found"):
        claim(connect, created["Id"], "+442079460000")
    emulator.advance(6)
    assert offered(connect, created["Id"])


def test_claim_is_asynchronous(emulator, connect, instance):
    emulator.settings.claim_delay = 20.0
    number = offered(connect, instance)[0]
    answer = claim(connect, instance, number, PhoneNumberDescription="Main", Tags={"site": "a"})
    assert answer["PhoneNumberArn"] == f"arn:aws:connect:eu-west-2:111111111111:phone-number/{answer['PhoneNumberId']}"
    assert described(connect, answer["PhoneNumberId"])["PhoneNumberStatus"] == {"Status": "IN_PROGRESS"}
    emulator.advance(21)
    shown = described(connect, answer["PhoneNumberArn"])
    assert shown["PhoneNumberStatus"] == {"Status": "CLAIMED"}
    assert shown["PhoneNumber"] == number
    assert shown["PhoneNumberDescription"] == "Main"
    assert shown["Tags"] == {"site": "a"}
    assert shown["TargetArn"] == arn_of(connect, instance)
    assert shown["InstanceId"] == instance
    assert (shown["PhoneNumberCountryCode"], shown["PhoneNumberType"]) == ("GB", "DID")
    assert not {"Flow", "ContactFlowId"} & set(shown)


def test_flow_association_before_the_claim_has_settled_is_not_found(emulator, connect, instance):
    emulator.settings.claim_delay = 20.0
    flow = flow_id(connect, instance)
    number = claim(connect, instance)["PhoneNumberId"]
    request = {"PhoneNumberId": number, "InstanceId": instance, "ContactFlowId": flow["Id"]}
    with pytest.raises(ClientError) as caught:
        connect.associate_phone_number_contact_flow(**request)
    assert code(caught) == "ResourceNotFoundException"
    emulator.advance(21)
    connect.associate_phone_number_contact_flow(**request)


def test_claim_can_fail(emulator, connect, instance):
    emulator.control("POST", "faults", {"operation": "ClaimPhoneNumber", "error": "FAILED", "message": "No quota"})
    number = claim(connect, instance)["PhoneNumberId"]
    assert described(connect, number)["PhoneNumberStatus"] == {"Status": "FAILED", "Message": "No quota"}
    assert connect.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"] == []
    assert connect.list_phone_numbers(InstanceId=instance)["PhoneNumberSummaryList"] == []


def test_sixth_number_of_an_instance_fails(connect, instance):
    claims = [claim(connect, instance)["PhoneNumberId"] for _unused in range(6)]
    statuses = [described(connect, number)["PhoneNumberStatus"]["Status"] for number in claims]
    assert statuses == ["CLAIMED"] * 5 + ["FAILED"]


def test_a_number_has_one_owner(emulator, connect, instance):
    number = offered(connect, instance)[0]
    claim(connect, instance, number)
    assert number not in offered(connect, instance)
    other = emulator.client(account="222222222222")
    elsewhere = other.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="other",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )["Id"]
    for client, target in ((connect, instance), (other, elsewhere)):
        with pytest.raises(ClientError) as caught:
            claim(client, target, number)
        assert code(caught) == "InvalidParameterException"
        assert caught.value.response["Error"]["Message"] == f"Phone number not available: {number}"


def test_somebody_else_takes_the_number_between_search_and_claim(emulator, connect, instance):
    emulator.control("POST", "faults", {"operation": "ClaimPhoneNumber", "error": "TAKEN"})
    number = offered(connect, instance)[0]
    with pytest.raises(ClientError) as caught:
        claim(connect, instance, number)
    assert caught.value.response["Error"]["Message"] == f"Phone number not available: {number}"
    assert number not in offered(connect, instance)
    assert claim(connect, instance)["PhoneNumberId"]


def test_a_number_outside_the_inventory_is_not_available(connect, instance):
    with pytest.raises(ClientError) as caught:
        claim(connect, instance, "+12025550000")
    assert "Phone number not available" in caught.value.response["Error"]["Message"]


def test_client_token_of_a_claim(connect, instance):
    number, token = offered(connect, instance)[0], str(uuid.uuid4())
    first = claim(connect, instance, number, ClientToken=token)
    again = claim(connect, instance, number, ClientToken=token)
    assert first["PhoneNumberId"] == again["PhoneNumberId"]
    with pytest.raises(ClientError) as caught:
        claim(connect, instance, number, ClientToken=token, PhoneNumberDescription="other")
    assert code(caught) == "IdempotencyException"
    with pytest.raises(ClientError) as caught:
        claim(connect, instance, offered(connect, instance)[0], ClientToken="my-token")
    assert code(caught) == "InvalidParameterException"


def test_lists_in_both_forms(connect, instance):
    gb = claim(connect, instance, PhoneNumberDescription="Main", Tags={"a": "b"})["PhoneNumberId"]
    us = claim(connect, instance, offered(connect, instance, "US", "TOLL_FREE")[0])["PhoneNumberId"]

    def listed(**filters):
        return [
            item["PhoneNumberId"] for item in connect.list_phone_numbers_v2(**filters)["ListPhoneNumbersSummaryList"]
        ]

    assert listed() == listed(InstanceId=instance) == listed(TargetArn=arn_of(connect, instance)) == [gb, us]
    assert listed(PhoneNumberCountryCodes=["GB"]) == listed(PhoneNumberPrefix="+44") == [gb]
    assert listed(PhoneNumberTypes=["TOLL_FREE"]) == [us]
    summary = connect.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"][0]
    assert summary["PhoneNumberDescription"] == "Main"
    assert not {"PhoneNumberStatus", "Tags"} & set(summary)
    old = connect.list_phone_numbers(InstanceId=instance, PhoneNumberCountryCodes=["GB"])["PhoneNumberSummaryList"]
    assert [item["Arn"] for item in old] == [f"{arn_of(connect, instance)}/phone-number/{gb}"]
    with pytest.raises(ClientError) as caught:
        listed(InstanceId=str(uuid.uuid4()))
    assert code(caught) == "ResourceNotFoundException"


def test_description_changes_in_place(connect, instance):
    number = claim(connect, instance, PhoneNumberDescription="old")["PhoneNumberId"]
    connect.update_phone_number_metadata(PhoneNumberId=number, PhoneNumberDescription="new")
    connect.update_phone_number_metadata(PhoneNumberId=number)
    assert described(connect, number)["PhoneNumberDescription"] == "new"


def test_a_number_moves_to_another_instance_without_its_flow(connect, instance):
    flow = flow_id(connect, instance)["Id"]
    number = claim(connect, instance)["PhoneNumberId"]
    connect.associate_phone_number_contact_flow(PhoneNumberId=number, InstanceId=instance, ContactFlowId=flow)
    other = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="second",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )["Id"]
    connect.update_phone_number(PhoneNumberId=number, InstanceId=other)
    assert described(connect, number)["TargetArn"] == arn_of(connect, other)
    for target in (instance, other):
        assert connect.list_flow_associations(InstanceId=target)["FlowAssociationSummaryList"] == []


def test_the_flow_of_a_number(connect, instance):
    first, second = flow_id(connect, instance), flow_id(connect, instance, "Sample AB test")
    number = claim(connect, instance)
    arn = number["PhoneNumberArn"]
    for flow, reference in ((first, first["Id"]), (second, second["Arn"])):
        connect.associate_phone_number_contact_flow(
            PhoneNumberId=number["PhoneNumberId"], InstanceId=instance, ContactFlowId=reference
        )
        expected = [{"ResourceId": arn, "FlowId": flow["Arn"], "ResourceType": "VOICE_PHONE_NUMBER"}]
        listed = connect.list_flow_associations(InstanceId=instance, ResourceType="VOICE_PHONE_NUMBER")
        assert listed["FlowAssociationSummaryList"] == expected
        batch = connect.batch_get_flow_association(
            InstanceId=instance, ResourceIds=[arn], ResourceType="VOICE_PHONE_NUMBER"
        )
        assert batch["FlowAssociationSummaryList"] == expected
    listed = connect.list_flow_associations(InstanceId=instance, ResourceType="INBOUND_EMAIL")
    assert listed["FlowAssociationSummaryList"] == []
    connect.disassociate_phone_number_contact_flow(PhoneNumberId=number["PhoneNumberId"], InstanceId=instance)
    assert connect.list_flow_associations(InstanceId=instance)["FlowAssociationSummaryList"] == []


def test_get_flow_association_does_not_know_voice_numbers(emulator, connect, instance):
    arn = claim(connect, instance)["PhoneNumberArn"]
    with pytest.raises(ClientError) as caught:
        connect.get_flow_association(InstanceId=instance, ResourceId=arn, ResourceType="VOICE_PHONE_NUMBER")
    assert code(caught) == "InvalidParameterException"
    with pytest.raises(ClientError) as caught:
        connect.get_flow_association(InstanceId=instance, ResourceId=arn, ResourceType="SMS_PHONE_NUMBER")
    assert code(caught) == "ResourceNotFoundException"


def test_flow_association_needs_an_inbound_flow_of_the_instance(connect, instance):
    number = claim(connect, instance)["PhoneNumberId"]
    for wrong, expected in (
        (str(uuid.uuid4()), "ResourceNotFoundException"),
        (flow_id(connect, instance, "Default customer hold")["Id"], "InvalidParameterException"),
    ):
        with pytest.raises(ClientError) as caught:
            connect.associate_phone_number_contact_flow(PhoneNumberId=number, InstanceId=instance, ContactFlowId=wrong)
        assert code(caught) == expected


def test_a_released_number_does_not_come_back_for_180_days(emulator, connect, instance):
    number = offered(connect, instance)[0]
    claimed = claim(connect, instance, number)["PhoneNumberId"]
    connect.release_phone_number(PhoneNumberId=claimed)
    with pytest.raises(ClientError) as caught:
        described(connect, claimed)
    assert code(caught) == "ResourceNotFoundException"
    assert number not in offered(connect, instance)
    with pytest.raises(ClientError) as caught:
        claim(connect, instance, number)
    assert "Phone number not available" in caught.value.response["Error"]["Message"]
    emulator.advance(181 * DAY)
    assert number in offered(connect, instance)


def test_claims_and_releases_beyond_twice_the_quota_are_refused_for_180_days(emulator, connect, instance):
    for _unused in range(5):
        connect.release_phone_number(PhoneNumberId=claim(connect, instance)["PhoneNumberId"])
    with pytest.raises(ClientError) as caught:
        claim(connect, instance)
    assert code(caught) == "AccessDeniedException"
    emulator.advance(181 * DAY)
    assert claim(connect, instance)["PhoneNumberId"]


def test_the_numbers_of_a_deleted_instance_go_back_to_the_inventory(connect, instance):
    number = offered(connect, instance)[0]
    claim(connect, instance, number)
    connect.delete_instance(InstanceId=instance)
    assert connect.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"] == []
    again = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="again",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )["Id"]
    assert number in offered(connect, again)


def test_deleting_a_flow_ends_its_association(connect, instance):
    content = connect.describe_contact_flow(InstanceId=instance, ContactFlowId=flow_id(connect, instance)["Id"])[
        "ContactFlow"
    ]["Content"]
    flow = connect.create_contact_flow(InstanceId=instance, Name="Own", Type="CONTACT_FLOW", Content=content)
    number = claim(connect, instance)["PhoneNumberId"]
    connect.associate_phone_number_contact_flow(
        PhoneNumberId=number, InstanceId=instance, ContactFlowId=flow["ContactFlowId"]
    )
    connect.delete_contact_flow(InstanceId=instance, ContactFlowId=flow["ContactFlowId"])
    assert connect.list_flow_associations(InstanceId=instance)["FlowAssociationSummaryList"] == []


def test_tags_of_a_number(connect, instance):
    number = claim(connect, instance, Tags={"a": "1"})
    arn = number["PhoneNumberArn"]
    connect.tag_resource(resourceArn=arn, tags={"b": "2"})
    connect.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    assert described(connect, arn)["Tags"] == {"b": "2"}
    connect.release_phone_number(PhoneNumberId=arn)
    with pytest.raises(ClientError) as caught:
        connect.list_tags_for_resource(resourceArn=arn)
    assert code(caught) == "ResourceNotFoundException"
