# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts with many users each, in an emulator of this process.

As a program, `python -m tests.emulator.crowd ACCOUNTS USERS`, it prints in JSON how much memory they take (MiB) and
how long list and search take (median, ms) without a network.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from tests.local_cloud.connect_emulator import service
from tests.local_cloud.connect_emulator.settings import Settings
from tests.local_cloud.connect_emulator.state import EMULATOR

REGION = "eu-west-2"
TIMES = 30


def account_of(number: int) -> str:
    """Return the number of an account: 12 digits."""
    return f"{300000000000 + number}"


def new_instance(number: int) -> dict[str, Any]:
    """Return what CreateInstance takes for the account of that number."""
    return {
        "IdentityManagementType": "CONNECT_MANAGED",
        "InstanceAlias": f"crowd-{number}",
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": True,
    }


def new_user(number: int, routing_profile: str, security_profile: str) -> dict[str, Any]:
    """Return what CreateUser takes besides the instance."""
    return {
        "Username": f"agent{number}",
        "Password": "Passw0rd",
        "IdentityInfo": {"FirstName": "Ada", "LastName": f"Agent {number}"},
        "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
        "RoutingProfileId": routing_profile,
        "SecurityProfileIds": [security_profile],
    }


def by_name(number: int) -> dict[str, Any]:
    """Return the SearchCriteria for one user."""
    return {"StringCondition": {"FieldName": "Username", "Value": f"agent{number}", "ComparisonType": "EXACT"}}


async def _send(account: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    content = json.dumps(body).encode() if body is not None else b""
    status, _headers, answer = await service.handle(method, path, {}, content, {}, account=account, region=REGION)
    if status != 200:
        raise RuntimeError(f"{method} {path}: {status} {answer!r}")
    return json.loads(answer)


async def _fill(accounts: int, users: int) -> list[tuple[str, str]]:
    made = []
    for number in range(accounts):
        account = account_of(number)
        instance = (await _send(account, "PUT", "/instance", new_instance(number)))["Id"]
        routing = await _send(account, "GET", f"/routing-profiles-summary/{instance}")
        security = await _send(account, "GET", f"/security-profiles-summary/{instance}")
        profiles = routing["RoutingProfileSummaryList"][0]["Id"], security["SecurityProfileSummaryList"][0]["Id"]
        for user in range(users):
            await _send(account, "PUT", f"/users/{instance}", new_user(user, *profiles))
        made.append((account, instance))
    return made


async def _milliseconds(
    made: list[tuple[str, str]], users: int, method: str, path: str, body: Any, member: str
) -> float:
    """Return the median time of a request that finds that many users, sent to accounts in turn."""
    times = []
    for turn in range(TIMES):
        account, instance = made[turn % len(made)]
        wanted = {**body, "InstanceId": instance} if body else None
        start = time.perf_counter()
        answer = await _send(account, method, path.replace("*", instance), wanted)
        times.append(time.perf_counter() - start)
        assert len(answer[member]) == users
    return statistics.median(times) * 1000


def resident_mebibytes() -> float:
    """Return the resident memory of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


async def _measure(accounts: int, users: int) -> dict[str, float]:
    EMULATOR.settings = Settings(creation_delay=0.0)
    empty = resident_mebibytes()
    made = await _fill(accounts, users)
    search = {"SearchCriteria": by_name(users - 1)}
    return {
        "empty": empty,
        "list": await _milliseconds(made, users, "GET", "/users-summary/*", None, "UserSummaryList"),
        "search": await _milliseconds(made, 1, "POST", "/search-users", search, "Users"),
        "filled": resident_mebibytes(),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measure(int(sys.argv[1]), int(sys.argv[2])))))
