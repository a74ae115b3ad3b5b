# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated time: rules with a schedule fire; queue messages, metrics and waiting events grow older.

Nothing fires by itself, so that tests decide what happens. The clocks of the services and of the functions stay as they
are: what time does is done to what is stored. A rate counts from the first time that a rule is seen here.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from . import asynchronous
from . import metrics
from . import ministack_names as ministack
from .connect_emulator import event_delivery
from .connect_emulator.model import operation_model
from .connect_emulator.state import EMULATOR
from .connect_emulator.state import Context

LONGEST_WAIT = 300.0  # real seconds in which the functions that a firing started must have ended


@dataclass
class _Time:
    """The simulated time of one account and Region."""

    offset: timedelta = timedelta(0)
    anchors: dict[str, datetime] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class Clock:
    """The simulated times of all accounts."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, str], _Time] = {}

    async def advance(self, account: str, region: str, seconds: float | None) -> dict[str, Any]:
        """Let time pass and fire what is due in it, in order; without a time every rule with a schedule fires once.

        Each firing waits until the account's asynchronous invocations have ended.

        :raises ValueError: when they do not end
        """
        times = self._times.setdefault((account, region), _Time())
        async with times.lock:
            present = times.now()
            end = present + timedelta(seconds=seconds or 0)
            due = _due(times, account, region, present, end) if seconds is not None else None
            if due is None:
                due = [(present, rule["Name"]) for rule, _targets in ministack.scheduled_rules(account, region)]
            fired: list[dict[str, Any]] = []
            for moment, name in due:
                _pass(times, account, region, moment - present)
                present = moment
                fired += await _fire(account, region, name, moment)
                await _until_idle(account, region)
            _pass(times, account, region, end - present)
            return {"now": _text(times.now()), "fired": fired}

    def forget(self) -> None:
        """Return to the real time, with MiniStack's reset."""
        self._times.clear()


CLOCK = Clock()


def install() -> None:
    """Take schedules, and the delivery of events to functions, over from MiniStack."""
    ministack.stop_scheduler()
    ministack.replace_event_delivery(_deliver)
    ministack.on_reset(CLOCK.forget)
    EMULATOR.count = metrics.count


def _due(times: _Time, account: str, region: str, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Return when which rule fires after the start and until the end."""
    found = []
    for rule, _targets in ministack.scheduled_rules(account, region):
        name = rule["Name"]
        anchor = times.anchors.setdefault(name, start)
        moment = ministack.next_firing(rule["ScheduleExpression"], start, anchor)
        while moment is not None and moment <= end:
            found.append((moment, name))
            moment = ministack.next_firing(rule["ScheduleExpression"], moment, anchor)
    return sorted(found)


def _pass(times: _Time, account: str, region: str, step: timedelta) -> None:
    """Let time pass in which nothing fires."""
    seconds = step.total_seconds()
    if seconds <= 0:
        return
    times.offset += step
    for queue in ministack.queues(account, region):
        for message in queue["messages"]:
            for name in ("sent_at", "visible_at", "first_receive_at", "enqueued_at"):
                if message.get(name) is not None:
                    message[name] -= seconds
            sent = message.get("sys", {}).get("SentTimestamp")
            if sent:
                message["sys"]["SentTimestamp"] = str(int(sent) - int(seconds * 1000))
        ministack.count_messages(queue)
    metrics.advance(account, region, seconds)
    asynchronous.QUEUE.advance(account, region, seconds)


async def _fire(account: str, region: str, name: str, moment: datetime) -> list[dict[str, Any]]:
    """Send the scheduled event of a rule to its targets, if the rule still is there and enabled."""
    context = _context(account, region)
    for rule, targets in ministack.scheduled_rules(account, region):
        if rule["Name"] == name and rule["State"] == "ENABLED":
            event = _scheduled_event(account, region, rule, moment)
            found = [await event_delivery.deliver_to_target(context, rule, target, event) for target in targets]
            return [{**delivery, "time": event["time"]} for delivery in found]
    return []


def _scheduled_event(account: str, region: str, rule: dict[str, Any], moment: datetime) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": _text(moment),
        "region": region,
        "resources": [rule["Arn"]],
        "detail": {},
    }


async def _until_idle(account: str, region: str) -> None:
    deadline = time.monotonic() + LONGEST_WAIT
    while asynchronous.QUEUE.is_busy(account, region):
        if time.monotonic() > deadline:
            raise ValueError("The functions that a schedule started do not end")
        await asyncio.sleep(0.01)


def _deliver(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any]) -> None:
    """Deliver an event that somebody has put, without letting him wait."""
    context = _context(ministack.account_id(), ministack.region())

    def deliver() -> None:
        asyncio.run(event_delivery.deliver_to_target(context, rule, target, event))

    threading.Thread(target=deliver, daemon=True, name="event-delivery").start()


def _context(account: str, region: str) -> Context:
    return Context(
        emulator=EMULATOR,
        operation=operation_model("DescribeContact"),
        account=account,
        region=region,
        principal_arn=f"arn:aws:iam::{account}:root",
    )


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
