# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contact control panel that the Streams library talks to (sap-cti 3.5).

A user of the instance is signed in from the start. Only approved origins may frame the panel (connect-api 10).
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from ..state import EMULATOR
from ..state import Instance
from ..state import Record

AGENT_PROFILE = "Agent"
OUTBOUND_PERMISSION = "OutboundCallAccess"
_HTML = (Path(__file__).parent / "panel.html").read_text(encoding="utf-8")
_SCRIPT = (Path(__file__).parent / "panel.js").read_text(encoding="utf-8")

Answer = tuple[int, dict[str, str], bytes]


def page(alias: str) -> Answer:
    """Return the panel of the instance with that alias: HTTP status, headers, body."""
    instance = _instance(alias)
    if instance is None:
        return 404, {"Content-Type": "text/plain; charset=utf-8"}, f"No instance {alias}\n".encode()
    data = json.dumps({"agent": agent_update(instance)}).replace("<", "\\u003c")
    body = _HTML.replace("@DATA@", data).replace("@SCRIPT@", _SCRIPT)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": content_security_policy(instance),
        "X-Content-Type-Options": "nosniff",
    }
    return 200, headers, body.encode()


def content_security_policy(instance: Instance) -> str:
    """Let only approved origins frame the panel; each frame around it up to the top must be one."""
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    origins = " ".join(["'self'", *(record.id for record in instance.store("approved_origins").all())])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'sha256-{digest}'",
            "img-src data:",
            f"frame-ancestors {origins}",
        )
    )


def agent_update(instance: Instance) -> dict[str, Any] | None:
    """Return snapshot and configuration of the user who is signed in, None without users.

    It is the oldest user with the security profile Agent, else the oldest user.
    """
    user = _signed_in(instance)
    if user is None:
        return None
    profile = instance.store("routing_profiles").get(user.data["RoutingProfileId"])
    states = [
        {"agentStateARN": record.arn, "name": record.name, "type": _state_type(record)}
        for record in instance.store("agent_statuses").all()
    ]
    first = next((state for state in states if state["type"] == "routable"), None)
    identity = user.data.get("IdentityInfo") or {}
    return {
        "snapshot": {"state": first or states[0], "nextState": None, "contacts": [], "skew": 0},
        "configuration": {
            "name": " ".join(identity.get(part, "") for part in ("FirstName", "LastName")).strip() or user.name,
            "username": user.name,
            "agentARN": user.arn,
            "softphoneEnabled": (user.data.get("PhoneConfig") or {}).get("PhoneType") == "SOFT_PHONE",
            "softphoneAutoAccept": bool((user.data.get("PhoneConfig") or {}).get("AutoAccept")),
            "extension": (user.data.get("PhoneConfig") or {}).get("DeskPhoneNumber"),
            "permissions": ["outboundCall"] if _may_call(instance, user) else [],
            "agentStates": states,
            "dialableCountries": ["gb", "us"],
            "routingProfile": _routing_profile(instance, profile),
        },
    }


def _instance(alias: str) -> Instance | None:
    for region in EMULATOR.regions.values():
        for instance in region.instances.values():
            if instance.alias and instance.alias.lower() == alias.lower() and instance.status == "ACTIVE":
                return instance
    return None


def _signed_in(instance: Instance) -> Record | None:
    users = instance.store("users").all()
    agent = instance.store("security_profiles").find(AGENT_PROFILE)
    agents = [user for user in users if agent and agent.id in user.data["SecurityProfileIds"]]
    return next(iter(agents or users), None)


def _may_call(instance: Instance, user: Record) -> bool:
    return any(
        record.id in user.data["SecurityProfileIds"] and OUTBOUND_PERMISSION in record.data["_Permissions"]
        for record in instance.store("security_profiles").all()
    )


def _state_type(record: Record) -> str:
    return {"ROUTABLE": "routable", "OFFLINE": "offline"}.get(record.data["Type"], "not_routable")


def _routing_profile(instance: Instance, profile: Record) -> dict[str, Any]:
    queues = {record.id: record for record in instance.store("queues").all()}

    def shown(queue_id: str) -> dict[str, Any] | None:
        record = queues.get(queue_id)
        return {"queueARN": record.arn, "queueId": record.arn, "name": record.name} if record else None

    served = dict.fromkeys(entry["QueueId"] for entry in profile.data["_queues"])
    return {
        "name": profile.name,
        "routingProfileARN": profile.arn,
        "routingProfileId": profile.arn,
        "queues": [queue for queue in map(shown, served) if queue],
        "defaultOutboundQueue": shown(profile.data["DefaultOutboundQueueId"]),
        "channelConcurrencyMap": {
            media["Channel"]: media["Concurrency"] for media in profile.data["MediaConcurrencies"]
        },
    }
