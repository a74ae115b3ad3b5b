# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dead-letter queue of the summaries, in the two forms in which AWS fills it.

EventBridge puts the event in the body and says why in RULE_ARN, TARGET_ARN, ERROR_CODE and ERROR_MESSAGE; Lambda puts
it there too, with RequestID, ErrorCode and ErrorMessage. What an on-failure destination or SNS would send has the event
inside an envelope: nothing here is set up to make such a message, so none is guessed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING
from typing import Any

from .. import errors
from ..aws import translated
from ..errors import EventInvalid
from ..events import ContactEvent
from ..events import parse_event
from .pace import Budget

if TYPE_CHECKING:
    from botocore.client import BaseClient

_MOST_AT_ONCE = 10
_LONGEST_HIDDEN = 43200
_WAIT_SECONDS = 1
_PEEK_SECONDS = 30
_MOST_PEEKED = 2000
_OWN_ERROR = re.compile(r"([A-Z]\w+): ")
_AWS_ERROR = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation")
_TYPES = {"Sandbox.Timedout": "FunctionTimedOut", "Runtime.ExitError": "FunctionKilled"}


@dataclass(frozen=True)
class DeadLetter:
    """One message. ``event`` is None for what is no event of a contact; ``reason`` then says what it is instead.

    ``kind`` is that of events.py; ``came_from`` is ``rule`` or ``function``; ``message`` is a text of our own errors,
    never anybody else's.
    """

    message_id: str
    receipt: str
    event: dict[str, Any] | None
    contact_id: str | None
    kind: str | None
    came_from: str | None
    reason: str
    message: str | None
    sent_at: datetime
    receives: int


def reason_of(message: str, error_type: str = "") -> str:
    """Name the error of an invocation: our class, AWS's code, or what became of the process.

    A dead letter of Lambda has only the message, so ours begin with their class (errors.py).
    """
    if (own := own_error(message)) is not None:
        return own
    if found := _AWS_ERROR.search(message):
        return found[1]
    if "Task timed out" in message:
        return "FunctionTimedOut"
    if message.startswith("Rate Exceeded"):
        return "DeliveryThrottled"
    if "Runtime exited" in message:
        return "FunctionKilled"
    return _TYPES.get(error_type, error_type) or "Unknown"


def own_error(message: str) -> str | None:
    """Return the class of ours that a message begins with."""
    found = _OWN_ERROR.match(message)
    known = found and getattr(errors, found[1], None)
    return found[1] if found and isinstance(known, type) and issubclass(known, errors.SummaryError) else None


def read_letter(message: dict[str, Any]) -> DeadLetter:
    """Unwrap a message of the queue."""
    attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    system = message["Attributes"]
    event, about, problem = _read_event(message["Body"])
    text = attributes.get("ERROR_MESSAGE" if "RULE_ARN" in attributes else "ErrorMessage", "")
    if "RULE_ARN" in attributes:
        came_from, reason = "rule", attributes.get("ERROR_CODE") or "Unknown"
    elif "RequestID" in attributes:
        came_from, reason = "function", reason_of(text)
    else:
        came_from, reason = None, "Unknown"
    return DeadLetter(
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        event=event,
        contact_id=about.contact_id if about else None,
        kind=about.kind if about else None,
        came_from=came_from,
        reason=problem or reason,
        message=text if own_error(text) else None,
        sent_at=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC),
        receives=int(system["ApproximateReceiveCount"]),
    )


def _read_event(body: str) -> tuple[dict[str, Any] | None, ContactEvent | None, str | None]:
    """Return the event and what it is about, or what the body is instead."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None, None, "NotJson"
    try:
        return event, parse_event(event), None
    except EventInvalid:
        pass
    members = event if isinstance(event, dict) else {}
    if "requestPayload" in members and "requestContext" in members:
        return None, None, "DestinationEnvelope"
    if "Message" in members and "TopicArn" in members:
        return None, None, "SnsEnvelope"
    return None, None, "NotAnEvent"


class DeadLetterQueue:
    """Receives, deletes and gives back. A message that is neither comes back by itself; nothing is lost by a crash."""

    def __init__(self, sqs: BaseClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def receive(self, hide_seconds: float) -> list[DeadLetter]:
        """Take up to ten messages and hide them from everybody for so long; an empty list says that none is left."""
        with translated("ReceiveMessage"):
            answer = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_MOST_AT_ONCE,
                VisibilityTimeout=min(ceil(hide_seconds), _LONGEST_HIDDEN),
                # A short poll asks only some of the queue's servers, and finds nothing where there is something.
                WaitTimeSeconds=_WAIT_SECONDS,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
            )
        return [read_letter(message) for message in answer.get("Messages", [])]

    def delete(self, letter: DeadLetter) -> None:
        with translated("DeleteMessage"):
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)

    def give_back(self, letters: Sequence[DeadLetter]) -> None:
        """Show the messages to everybody again, at once."""
        for begin in range(0, len(letters), _MOST_AT_ONCE):
            entries = [
                {"Id": str(number), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                for number, letter in enumerate(letters[begin : begin + _MOST_AT_ONCE])
            ]
            with translated("ChangeMessageVisibility"):
                self._sqs.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def count(self) -> int:
        """Return about how many messages there are, hidden ones included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        with translated("GetQueueAttributes"):
            attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def peek(self, budget: Budget) -> tuple[list[DeadLetter], bool]:
        """Return what is in the queue, and whether that is all of it; give everything back right away.

        SQS has no other way to look: the messages are hidden for a moment, and their receive count grows.
        """
        seen: list[DeadLetter] = []
        try:
            for letters in self._batches():
                seen += letters
                if len(seen) >= _MOST_PEEKED or not budget.is_left():
                    return seen, False
            return seen, True
        finally:
            self.give_back(seen)

    def _batches(self) -> Iterator[list[DeadLetter]]:
        while letters := self.receive(_PEEK_SECONDS):
            yield letters
