# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Lex bots of an instance (quota: connect-api 13; the rest is inferred)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import refused

V1 = {"Name": "Orders", "LexRegion": "eu-west-2"}
V2 = {"AliasArn": "arn:aws:lex:eu-west-2:111111111111:bot-alias/ABCDEFGHIJ/TSTALIASID"}


def listed(connect, instance, version):
    return connect.list_bots(InstanceId=instance, LexVersion=version)["LexBots"]


def test_bots_of_both_versions(connect, instance):
    connect.associate_bot(InstanceId=instance, LexBot=V1)
    connect.associate_bot(InstanceId=instance, LexV2Bot=V2)
    assert listed(connect, instance, "V1") == [{"LexBot": V1}]
    assert listed(connect, instance, "V2") == [{"LexV2Bot": V2}]
    assert connect.list_lex_bots(InstanceId=instance)["LexBots"] == [V1]
    connect.disassociate_bot(InstanceId=instance, LexBot=V1)
    assert listed(connect, instance, "V1") == []
    connect.disassociate_bot(InstanceId=instance, LexV2Bot=V2)
    assert listed(connect, instance, "V2") == []


def test_older_operations_see_the_same_bots(connect, instance):
    connect.associate_lex_bot(InstanceId=instance, LexBot=V1)
    refused("ResourceConflictException", connect.associate_bot, InstanceId=instance, LexBot=V1)
    refused("ResourceConflictException", connect.associate_lex_bot, InstanceId=instance, LexBot=V1)
    elsewhere = {**V1, "LexRegion": "us-east-1"}
    connect.associate_bot(InstanceId=instance, LexBot=elsewhere)
    assert listed(connect, instance, "V1") == [{"LexBot": V1}, {"LexBot": elsewhere}]
    connect.disassociate_lex_bot(InstanceId=instance, BotName="Orders", LexRegion="us-east-1")
    assert connect.list_lex_bots(InstanceId=instance)["LexBots"] == [V1]


def test_unknown_bot_is_not_found(connect, instance):
    refused("ResourceNotFoundException", connect.disassociate_bot, InstanceId=instance, LexBot=V1)
    refused("ResourceNotFoundException", connect.disassociate_bot, InstanceId=instance, LexV2Bot=V2)
    call = connect.disassociate_lex_bot
    refused("ResourceNotFoundException", call, InstanceId=instance, BotName="Orders", LexRegion="eu-west-2")
    refused("ResourceNotFoundException", connect.list_bots, InstanceId=UNKNOWN, LexVersion="V1")


@pytest.mark.parametrize(
    "bot",
    [
        {},
        {"LexBot": V1, "LexV2Bot": V2},
        {"LexBot": {**V1, "LexRegion": "nowhere"}},
        {"LexBot": {**V1, "LexRegion": "xx-nowhere-9"}},
        {"LexBot": {**V1, "Name": ""}},
        {"LexV2Bot": {}},
        {"LexV2Bot": {"AliasArn": "arn:aws:lex:eu-west-2:111111111111:bot/ABCDEFGHIJ"}},
        {"LexV2Bot": {"AliasArn": V2["AliasArn"].replace("eu-west-2", "xx-nowhere-9")}},
        {"LexV2Bot": {"AliasArn": V2["AliasArn"].replace("111111111111", "222222222222")}},
    ],
)
def test_bot_is_checked(connect, instance, bot):
    refused("InvalidRequestException", connect.associate_bot, InstanceId=instance, **bot)


@pytest.mark.parametrize("wrong", [{"Name": ""}, {"LexRegion": "xx-nowhere-9"}])
def test_older_operation_checks_the_bot_too(connect, instance, wrong):
    refused("InvalidParameterException", connect.associate_lex_bot, InstanceId=instance, LexBot={**V1, **wrong})


def test_pages_hold_ten_or_twenty_five_and_the_quota_is_seventy(connect, instance):
    bots = [{**V1, "Name": f"Bot{number}"} for number in range(70)]
    for bot in bots:
        connect.associate_bot(InstanceId=instance, LexBot=bot)
    refused("ServiceQuotaExceededException", connect.associate_bot, InstanceId=instance, LexV2Bot=V2)
    refused("ServiceQuotaExceededException", connect.associate_lex_bot, InstanceId=instance, LexBot=V1)
    assert len(connect.list_lex_bots(InstanceId=instance)["LexBots"]) == 10
    assert len(listed(connect, instance, "V1")) == 25
    refused("InvalidRequestException", connect.list_bots, InstanceId=instance, LexVersion="V1", MaxResults=26)
    pages = connect.get_paginator("list_bots").paginate(InstanceId=instance, LexVersion="V1")
    assert [bot["LexBot"] for page in pages for bot in page["LexBots"]] == bots


def test_young_bot_is_not_listed_until_the_lag_has_passed(emulator, connect, instance):
    emulator.settings.lag = 5.0
    connect.associate_bot(InstanceId=instance, LexBot=V1)
    assert listed(connect, instance, "V1") == []
    emulator.advance(5)
    assert listed(connect, instance, "V1") == [{"LexBot": V1}]
