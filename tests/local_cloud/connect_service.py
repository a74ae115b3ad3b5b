# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon Connect as a service of MiniStack: hands requests to the emulator, and names its IAM actions and resources."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import unquote

from . import ministack_names as ministack
from .connect_emulator import ccp
from .connect_emulator import control as emulator_control
from .connect_emulator import model
from .connect_emulator import service
from .connect_emulator import timers
from .front_state import RAW_PATH

NAME = "connect"
# Resource types of the service authorization reference by the path member that names them.
CHILD_RESOURCES = {
    "UserId": "agent",
    "AgentStatusId": "agent-state",
    "ContactId": "contact",
    "ContactFlowId": "contact-flow",
    "ContactFlowModuleId": "flow-module",
    "HierarchyGroupId": "agent-group",
    "HoursOfOperationId": "operating-hours",
    "PromptId": "prompt",
    "QueueId": "queue",
    "QuickConnectId": "transfer-destination",
    "RoutingProfileId": "routing-profile",
    "RuleId": "rule",
    "SecurityProfileId": "security-profile",
    "VocabularyId": "vocabulary",
}

Answer = tuple[int, dict[str, str], bytes]


def register() -> None:
    """Make MiniStack route, authorize and reset Amazon Connect."""
    ministack.register_service(NAME, _handle, _reset)


async def control(method: str, path: str, query: dict[str, list[str]], body: bytes) -> Answer:
    """Answer a control address of the emulator (``/_emulator/...``)."""
    timers.keep_running()
    return await emulator_control.handle(method, path, query, body)


async def page(alias: str, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    """Answer a browser that opens ``https://<alias>.my.connect.aws``: sign-in, contact control panel, contacts."""
    timers.keep_running()
    return await ccp.handle(alias, method, target, headers, body)


def iam_action(method: str, path: str) -> str | None:
    """Return the IAM action of a request, which is named as the operation; None when no operation answers."""
    found = model.match(method, path)
    return f"{NAME}:{found[0].name}" if found else None


def resource_arn(method: str, path: str, body: bytes, region: str, account: str) -> str:
    """Return the ARN that policies are checked against: what the path or body names, "*" when nothing does."""
    found = model.match(method, path)
    members = dict(found[1]) if found else {}
    if body[:1] == b"{":
        try:
            members = {**json.loads(body), **members}
        except ValueError:
            return "*"
    members = {name: unquote(value) for name, value in members.items() if isinstance(value, str)}
    prefix = f"arn:aws:connect:{region}:{account}"
    if named := members.get("resourceArn"):
        return named
    if phone_number := members.get("PhoneNumberId"):
        return phone_number if phone_number.startswith("arn:") else f"{prefix}:phone-number/{phone_number}"
    instance = members.get("InstanceId") or members.get("InstanceArn") or members.get("TargetArn")
    if not instance:
        return "*"
    instance = instance if instance.startswith("arn:") else f"{prefix}:instance/{instance}"
    # Only the path names the resource; the body names what it shall point at.
    for member, value in (found[1] if found else {}).items():
        if member in CHILD_RESOURCES:
            child = unquote(value).partition(":$")[0]
            return child if child.startswith("arn:") else f"{instance}/{CHILD_RESOURCES[member]}/{child}"
    return instance


async def _handle(method: str, path: str, headers: dict, body: bytes, query: dict) -> Answer:
    timers.keep_running()
    return await service.handle(
        method,
        RAW_PATH.get() or path,
        headers,
        body,
        query,
        account=ministack.account_id(),
        region=ministack.region(),
        principal_arn=ministack.caller_arn(),
    )


def _reset() -> None:
    """Forget all instances, with MiniStack's own reset (which runs in a thread)."""
    asyncio.run(emulator_control.handle("POST", "/_emulator/reset", {}, b""))
