# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The delivery function, called as Lambda's users call it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from botocore.exceptions import ClientError

from ..aws import translated
from ..errors import AwsUnavailable
from ..events import WANTED_SOURCE
from ..events import WANTED_TYPE
from .dead_letters import reason_of
from .errors import DeliveryPaused
from .errors import DeliveryThrottled
from .pace import Pace

if TYPE_CHECKING:
    from botocore.client import BaseClient

_THROTTLED = ("TooManyRequestsException", "ThrottlingException")
_PAUSES = (1, 2, 4, 8)


@dataclass(frozen=True)
class Delivered:
    """How an event ended: the function's outcome, or the name of its error."""

    outcome: str | None = None
    error: str | None = None


def make_event(instance_arn: str, contact_id: str, reason: str) -> dict[str, Any]:
    """Make the event that asks for the summary of a contact; ``reason`` is ``reconcile`` or ``backfill``."""
    detail = {"instanceArn": instance_arn, "contactArn": f"{instance_arn}/contact/{contact_id}", "reason": reason}
    return {"source": WANTED_SOURCE, "detail-type": WANTED_TYPE, "detail": detail}


class Delivery:
    """Hands events to the function, not faster than ``pace``."""

    def __init__(self, functions: BaseClient, name: str, pace: Pace) -> None:
        self._functions = functions
        self._name = name
        self._pace = pace

    def check(self) -> None:
        """:raises DeliveryPaused: an asynchronous event would go straight to the dead letters, without a word"""
        with translated("GetFunctionConcurrency"):
            answer = self._functions.get_function_concurrency(FunctionName=self._name)
        if answer.get("ReservedConcurrentExecutions") == 0:
            raise DeliveryPaused(f"The function {self._name} has a reserved concurrency of 0")

    def deliver(self, event: dict[str, Any]) -> Delivered:
        """Run the function with the event and wait for it.

        :raises DeliveryThrottled: it did not run
        """
        try:
            answer = self._invoke("RequestResponse", event)
        except AwsUnavailable:
            return Delivered(error="NoAnswer")
        content = json.loads(answer["Payload"].read() or b"null")
        members = content if isinstance(content, dict) else {}
        if answer.get("FunctionError"):
            message, kind = members.get("errorMessage"), members.get("errorType")
            return Delivered(error=reason_of(str(message or ""), str(kind or "")))
        outcome = members.get("outcome")
        # Other code under this name, such as the guide's own function, returns from its failures too.
        return Delivered(outcome=str(outcome)) if outcome else Delivered(error="UnknownAnswer")

    def send(self, event: dict[str, Any]) -> None:
        """Let Lambda run the function with the event, and keep it as long as its retries say.

        :raises DeliveryThrottled: Lambda did not take it
        """
        self._invoke("Event", event)

    def _invoke(self, kind: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call the function; wait a little when all its concurrency is in use, as calls that just ended may use it."""
        self._pace.wait()
        for pause in (*_PAUSES, None):
            with translated("Invoke"):
                try:
                    return self._functions.invoke(
                        FunctionName=self._name, InvocationType=kind, Payload=json.dumps(event).encode()
                    )
                except ClientError as error:
                    if error.response["Error"]["Code"] not in _THROTTLED:
                        raise
            if pause is not None:
                time.sleep(pause)
        raise DeliveryThrottled(f"The function {self._name} runs as often at once as it may")
