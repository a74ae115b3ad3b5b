# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The instance as flows see it."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError
from dateutil.zoneinfo import get_zonefile_instance

from . import function_policy
from .flow_language.actions import METRICS
from .flow_language.interpreter import Queue
from .state import Instance
from .state import Record

if TYPE_CHECKING:
    from .simulation import Call

SERVICE = "connect.amazonaws.com"
MAXIMUM_TIMEOUT = 8.0


class World:
    """The instance as the interpreter sees it."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._instance = call.instance

    def flow(self, reference: str) -> dict[str, Any] | None:
        return self._published("contact_flows", reference)

    def module(self, reference: str) -> dict[str, Any] | None:
        return self._published("contact_flow_modules", reference)

    def _published(self, kind: str, reference: str) -> dict[str, Any] | None:
        record = find(self._instance, kind, reference)
        published = record.data.get("_published") if record else None
        return json.loads(published) if published else None

    def queue(self, reference: str) -> Queue | None:
        record = find(self._instance, "queues", reference)
        return Queue(record.id, record.arn, record.name or "") if record else None

    def agent_queue(self, reference: str) -> Queue | None:
        user = find(self._instance, "users", reference)
        if user is None:
            return None
        arn = self._call.context.arn(self._instance, "queue/agent", user.id)
        return Queue(user.id, arn, user.name or "", agent_id=user.id)

    def prompt_exists(self, reference: str) -> bool:
        return find(self._instance, "prompts", reference) is not None

    def is_open(self, hours: str | None, queue: Queue | None, seconds: float) -> bool | None:
        if hours is None:
            record = find(self._instance, "queues", queue.id) if queue else None
            if record is None:
                return None
            hours = record.data["HoursOfOperationId"]
        found = find(self._instance, "hours_of_operations", hours)
        return is_open(found.data, self._call.after(seconds)) if found else None

    def metrics(self, queue: Queue, seconds: float) -> dict[str, float]:
        """Count the contacts that wait at that time, and the users whose routing profile has the queue."""
        now = self._call.after(seconds)
        waiting = [record.data["QueueInfo"]["EnqueueTimestamp"] for record in self._waiting(queue, now)]
        profiles = {record.id: served(record) for record in self._instance.store("routing_profiles").everything()}
        channel = self._call.contact.channel
        users = self._instance.store("users").everything()
        serving = sum((queue.id, channel) in profiles.get(user.data["RoutingProfileId"], ()) for user in users)
        counted = {name: float(serving) for name in METRICS}
        counted["NumberOfContactsInQueue"] = float(len(waiting))
        counted["OldestContactInQueueAgeSeconds"] = max(((now - then).total_seconds() for then in waiting), default=0.0)
        return counted | {name: float(value) for name, value in (self._call.request.get("metrics") or {}).items()}

    def can_enqueue(self, queue: Queue, seconds: float) -> str | None:
        """A queue that is disabled takes the general error (inferred)."""
        if queue.agent_id:
            return None
        record = find(self._instance, "queues", queue.id)
        if record is None or record.data["Status"] != "ENABLED":
            return "NoMatchingError"
        most = record.data.get("MaxContacts")
        size = self.metrics(queue, seconds)["NumberOfContactsInQueue"]
        return "QueueAtCapacity" if most is not None and size >= most else None

    async def invoke(self, arn: str, event: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any] | None:
        """Run a function that is associated with the instance and lets it do so, within the time that the flow sets."""
        context = self._call.context
        associated = self._instance.store("lambda_functions")
        if not any(associated.find(name) for name in (arn, ":".join(arn.split(":")[:7]))):
            return None
        asynchronous = parameters.get("InvocationType") == "ASYNCHRONOUS"
        limit = min(float(parameters["InvocationTimeLimitSeconds"]), MAXIMUM_TIMEOUT)
        try:
            if await function_policy.refusal(context, arn, service=SERVICE, source_arn=self._instance.arn):
                return None
            answer = await asyncio.wait_for(
                context.call_aws(
                    "lambda",
                    "invoke",
                    FunctionName=arn,
                    InvocationType="Event" if asynchronous else "RequestResponse",
                    Payload=json.dumps(event).encode(),
                ),
                timeout=limit,
            )
        except (TimeoutError, BotoCoreError, ClientError):
            return None
        if asynchronous:
            return {}
        if answer.get("FunctionError"):
            return None
        value = json.loads(answer["Payload"].read() or b"null")
        return value if isinstance(value, dict) else None

    def _waiting(self, queue: Queue, now: datetime) -> list[Record]:
        found = []
        for record in self._instance.store("contacts").everything():
            info = record.data.get("QueueInfo") or {}
            left = (record.data.get("AgentInfo") or {}).get("ConnectedToAgentTimestamp")
            left = left or record.data.get("DisconnectTimestamp")
            enqueued = info.get("EnqueueTimestamp")
            if info.get("Id") == queue.id and enqueued and enqueued <= now and (left is None or now < left):
                found.append(record)
        return found


def is_open(hours: dict[str, Any], moment: datetime) -> bool:
    """Say whether hours of operation are open at a time; 00:00 as an end is midnight, 00:00 to 00:00 all day."""
    local = moment.astimezone(get_zonefile_instance().get(hours["TimeZone"]))
    day, minute = local.strftime("%A").upper(), local.hour * 60 + local.minute
    for entry in hours["Config"]:
        start = entry["StartTime"]["Hours"] * 60 + entry["StartTime"]["Minutes"]
        end = entry["EndTime"]["Hours"] * 60 + entry["EndTime"]["Minutes"] or 24 * 60
        if entry["Day"] == day and start <= minute < end:
            return True
    return False


def concurrency(profile: Record, channel: str) -> int:
    """Return how many contacts of a channel a routing profile allows at once."""
    for media in profile.data["MediaConcurrencies"]:
        if media["Channel"] == channel:
            return media["Concurrency"]
    return 0


def served(profile: Record) -> set[tuple[str, str]]:
    """Return the queues that a routing profile serves, each with its channel."""
    return {(entry["QueueId"], entry["Channel"]) for entry in profile.data["_queues"]}


def find(instance: Instance, kind: str, reference: str) -> Record | None:
    """Return an object by id or ARN, also one that is younger than the lag."""
    for record in instance.store(kind).everything():
        if reference in (record.id, record.arn):
            return record
    return None
