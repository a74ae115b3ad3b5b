# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Lex bots linked to an instance, of version 1 by name and Region, of version 2 by alias (connect-api 13).

The local cloud has no Amazon Lex, so nobody looks whether a bot exists. Errors here are inferred.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import botocore.session

from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Record

KIND = "bots"
ALIAS_ARN = re.compile(r"arn:aws[a-z-]*:lex:([a-z0-9-]+):(\d{12}):bot-alias/[A-Z0-9]{10}/[A-Z0-9]{10}")
_VERSIONS = {"V1": "LexBot", "V2": "LexV2Bot"}


@operation("AssociateLexBot")
def associate_lex_bot(context: Context, request: dict[str, Any]) -> None:
    """Link a bot of version 1."""
    _associate(context, request)


@operation("AssociateBot")
def associate_bot(context: Context, request: dict[str, Any]) -> None:
    """Link a bot of either version."""
    _associate(context, request)


@operation("DisassociateLexBot")
def disassociate_lex_bot(context: Context, request: dict[str, Any]) -> None:
    """Unlink a bot of version 1."""
    bot = {"LexBot": {"Name": request["BotName"], "LexRegion": request["LexRegion"]}}
    context.instance(request["InstanceId"]).store(KIND).delete(_key(bot))


@operation("DisassociateBot")
def disassociate_bot(context: Context, request: dict[str, Any]) -> None:
    """Unlink a bot of either version."""
    store = context.instance(request["InstanceId"]).store(KIND)
    store.delete(_key(_bot(context, request)))


@operation("ListLexBots")
def list_lex_bots(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the bots of version 1, ten a page unless told."""
    page, token = context.page([bot["LexBot"] for bot in _bots(context, request, "V1")], request, default=10)
    return {"LexBots": page, "NextToken": token}


@operation("ListBots")
def list_bots(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the bots of one version."""
    page, token = context.page(_bots(context, request, request["LexVersion"]), request, default=25)
    return {"LexBots": page, "NextToken": token}


def _associate(context: Context, request: dict[str, Any]) -> None:
    store = context.instance(request["InstanceId"]).store(KIND)
    bot = _bot(context, request)
    if "LexBot" in bot:
        _check_bot(context, bot["LexBot"])
    else:
        _check_alias(context, bot["LexV2Bot"].get("AliasArn", ""))
    if store.find(_key(bot)):
        raise ConnectError("ResourceConflictException", "The bot is associated already.")
    if len(store) >= context.settings.bot_quota:
        raise ConnectError("ServiceQuotaExceededException", "The quota of bots is used up.")
    store.create(Record(id=_key(bot), arn="", name=_key(bot), data=bot))


def _check_bot(context: Context, bot: dict[str, str]) -> None:
    if not bot["Name"]:
        raise context.invalid("The name of the bot is empty.")
    if bot["LexRegion"] not in _regions("lex-models"):
        raise context.invalid(f"{bot['LexRegion']} is no Region with Amazon Lex.")


def _check_alias(context: Context, arn: str) -> None:
    found = ALIAS_ARN.fullmatch(arn)
    if not found:
        raise context.invalid("AliasArn is not the ARN of a bot alias.")
    region, account = found.groups()
    if region not in _regions("lexv2-models"):
        raise context.invalid(f"{region} is no Region with Amazon Lex V2.")
    if account != context.account:
        raise context.invalid("The bot alias belongs to another account.")


@cache
def _regions(service: str) -> frozenset[str]:
    """Return the Regions of all partitions that have a service, as botocore lists them."""
    session = botocore.session.get_session()
    partitions = session.get_available_partitions()
    return frozenset(region for name in partitions for region in session.get_available_regions(service, name))


def _bots(context: Context, request: dict[str, Any], version: str) -> list[dict[str, Any]]:
    records = context.instance(request["InstanceId"]).store(KIND).all()
    return [record.data for record in records if _VERSIONS[version] in record.data]


def _bot(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Return the one bot that the request names."""
    given = {member: request[member] for member in _VERSIONS.values() if member in request}
    if len(given) != 1:
        raise context.invalid("Give either LexBot or LexV2Bot.")
    return given


def _key(bot: dict[str, Any]) -> str:
    [(member, parts)] = bot.items()
    return " ".join((member, *(parts[name] for name in sorted(parts))))
