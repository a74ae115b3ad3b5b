# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Lex bots linked to an instance, of version 1 by name and Region, of version 2 by alias (connect-api 13).

The local cloud has no Amazon Lex, so nobody looks whether a bot exists. Errors here are inferred.
"""

from __future__ import annotations

import re
from typing import Any

from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Record

KIND = "bots"
REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,2}-\d")
ALIAS_ARN = re.compile(r"arn:aws[a-z-]*:lex:[a-z0-9-]+:\d{12}:bot-alias/[A-Z0-9]{10}/[A-Z0-9]{10}")
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
    if "LexBot" in bot and not REGION.fullmatch(bot["LexBot"]["LexRegion"]):
        raise context.invalid(f"{bot['LexBot']['LexRegion']} is not a Region.")
    if "LexV2Bot" in bot and not ALIAS_ARN.fullmatch(bot["LexV2Bot"].get("AliasArn", "")):
        raise context.invalid("AliasArn is not the ARN of a bot alias.")
    if store.find(_key(bot)):
        raise ConnectError("ResourceConflictException", "The bot is associated already.")
    if len(store) >= context.settings.bot_quota:
        raise ConnectError("ServiceQuotaExceededException", "The quota of bots is used up.")
    store.create(Record(id=_key(bot), arn="", name=_key(bot), data=bot))


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
