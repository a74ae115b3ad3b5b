# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SAP's side: the phone call record that takes the summary as its transcript (sap-cti 2)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import requests

from .authentication import Authentication
from .deadline import Deadline
from .errors import PhoneCallNotFound
from .errors import SapAnswerInvalid
from .errors import SapConflict
from .errors import SapRefused
from .errors import SapThrottled
from .errors import SapUnauthorized
from .errors import SapUnavailable
from .errors import SummaryError
from .settings import Settings

_ATTEMPTS = 4
_CONNECT_TIMEOUT = 5.0
_READ_TIMEOUT = 20.0
# Rather than sleep longer, let Lambda have the event again later.
_LONGEST_PAUSE = 30.0
_PAGE = 50
_MOST_PAGES = 20
_CODE = re.compile(r"[\w./:-]{1,64}", re.ASCII)
_CONFLICTS = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)
# Records in these states are over. What they are called in phone calls is unknown: these names are inferred.
_CLOSED = {"CLOSED", "COMPLETED", "CANCELED", "CANCELLED"}
_NETWORK_ERRORS = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


@dataclass(frozen=True)
class PhoneCall:
    """A record. ``updated_on`` is sent back as it came: it serves as the record's ETag."""

    call_id: str
    reference: str
    updated_on: str
    transcript: str | None
    created_on: str = ""
    is_open: bool = True


class SapClient:
    """The phone service for the length of one invocation.

    ``sign_in`` returns the settings with the way to sign in and the session that belong to them; after a 401 that a new
    token does not cure it is called with ``refresh=True``, once.
    """

    def __init__(
        self,
        *,
        sign_in: Callable[..., tuple[Settings, Authentication, requests.Session]],
        deadline: Deadline,
    ) -> None:
        self._sign_in = sign_in
        self._deadline = deadline
        self._settings, self._authentication, self._session = sign_in()
        self._refreshed = False

    def find(self, reference: str) -> list[PhoneCall]:
        """Return the phone calls whose external id is the reference: open ones first, of these the newest first.

        Several come from the connector announcing the same call again, after a reload say; the newest open one is what
        the agent has on the screen.

        :raises SapAnswerInvalid: there are records, but none of them is surely one of this reference
        """
        records = list(self._records(reference))
        calls = [
            _phone_call(record, reference) for record in records if _is_of(record, reference, alone=len(records) == 1)
        ]
        if records and not calls:
            raise SapAnswerInvalid("SAP answered with phone calls of another external id")
        return sorted(calls, key=lambda call: (call.is_open, _instant(call.created_on)), reverse=True)

    def read(self, call: PhoneCall) -> PhoneCall:
        """Read the record again.

        :raises PhoneCallNotFound: it is gone
        """
        record = self._value(self._send("GET", call.call_id), dict)
        if str(record.get("id")) != call.call_id or not _is_of(record, call.reference, alone=True):
            raise SapAnswerInvalid("SAP answered with another phone call than was asked for")
        return _phone_call(record, call.reference)

    def write(self, call: PhoneCall, transcript: str) -> None:
        """Replace the transcript of the record, if it is still as it was read.

        :raises SapConflict: it is not
        """
        answer = self._send(
            "PATCH",
            call.call_id,
            headers={"If-Match": call.updated_on},
            json={"transcript": transcript},
            returned=_CONFLICTS,
        )
        if answer.status_code in _CONFLICTS:
            raise SapConflict(f"SAP answered {answer.status_code} to the update of phone call {call.call_id}")

    def _records(self, reference: str) -> Iterator[dict[str, Any]]:
        """Go through the pages: ``$top`` and ``$skip`` are the service's way, ``count`` tells the end if it comes."""
        literal = reference.replace("'", "''")
        expression = quote(f"externalId.displayId eq '{literal}'", safe="")
        seen: set[str] = set()
        for _page in range(_MOST_PAGES):
            skip = f"&$skip={len(seen)}" if seen else ""
            answer = self._send("GET", query=f"?$filter={expression}&$top={_PAGE}{skip}")
            page = self._value(answer, list)
            count = answer.json().get("count")
            if not all(isinstance(record, dict) for record in page):
                raise SapAnswerInvalid("SAP's list of phone calls holds something else")
            fresh = [record for record in page if str(record.get("id")) not in seen]
            yield from fresh
            seen.update(str(record.get("id")) for record in fresh)
            known = isinstance(count, int) and not isinstance(count, bool)
            if not fresh or (len(seen) >= count if known else len(page) < _PAGE):
                return

    def _send(
        self,
        method: str,
        call_id: str | None = None,
        *,
        query: str = "",
        headers: dict[str, str] | None = None,
        json: dict[str, str] | None = None,
        returned: tuple[int, ...] = (),
    ) -> requests.Response:
        """Send a signed request to the phone service; return also the codes named by ``returned``.

        After a 401 it is sent again with a new token, if there are tokens, and then with settings that were read again.

        :raises PhoneCallNotFound: the one record that it is about does not exist
        """
        segments = ("phoneCalls",) if call_id is None else ("phoneCalls", quote(call_id, safe=""))
        renewed = False
        while True:
            try:
                signed = self._authentication.options(self._attempt)
                answer = self._attempt(
                    method,
                    self._settings.url(*segments) + query,
                    headers={**(headers or {}), **signed.get("headers", {})},
                    json=json,
                    returned=(*returned, HTTPStatus.NOT_FOUND) if call_id else returned,
                )
            except SapUnauthorized:
                renewed = not renewed and self._authentication.renew()
                if not renewed and not self._settings_changed():
                    raise
                continue
            if answer.status_code == HTTPStatus.NOT_FOUND and call_id:
                raise PhoneCallNotFound(f"SAP has no phone call {call_id} any more")
            return answer

    def _settings_changed(self) -> bool:
        """Read the settings again, once; with the same ones a second try would only help to lock the user."""
        if self._refreshed:
            return False
        self._refreshed = True
        before = self._settings
        self._settings, self._authentication, self._session = self._sign_in(refresh=True)
        return self._settings != before

    def _attempt(
        self, method: str, url: str, *, headers: dict[str, str], returned: tuple[int, ...] = (), **options: Any
    ) -> requests.Response:
        """Send a request until it succeeds, or fails for good.

        A PATCH is safe to repeat: had the first one arrived, If-Match no longer holds.
        """
        attempts = 0
        while True:
            remaining = self._deadline.remaining()
            if remaining <= 0:
                raise SapUnavailable("No time was left to ask SAP")
            connecting = min(_CONNECT_TIMEOUT, remaining / 2)
            answer = None
            try:
                answer = self._session.request(
                    method,
                    url,
                    headers={"Accept": "application/json", **headers},
                    timeout=(connecting, min(_READ_TIMEOUT, remaining - connecting)),
                    # A redirect leads to a log-in page, and would carry the PATCH there as a GET.
                    allow_redirects=False,
                    **options,
                )
            except requests.exceptions.SSLError:
                failure: SummaryError = SapUnavailable(f"No trusted connection to SAP for a {method}")
            except _NETWORK_ERRORS as error:
                failure = SapUnavailable(f"SAP did not answer a {method}: {type(error).__name__}")
            except (requests.RequestException, UnicodeError) as error:
                failure = SapUnavailable(f"SAP's answer to a {method} cannot be read: {type(error).__name__}")
            else:
                if 200 <= answer.status_code < 300 or answer.status_code in returned:
                    return answer
                failure = _failure(method, answer)
            attempts += 1
            if not failure.retryable or attempts == _ATTEMPTS or not self._pause(attempts, answer):
                raise failure from None

    def _pause(self, attempts: int, answer: requests.Response | None) -> bool:
        """Wait as long as SAP asks, else ever longer; return False at once when that is too long."""
        wait = _retry_after(answer)
        if wait is None:
            wait = 2 ** (attempts - 1) * random.uniform(0.5, 1)
        return wait <= _LONGEST_PAUSE and self._deadline.pause(wait)

    @staticmethod
    def _value(answer: requests.Response, form: type) -> Any:
        try:
            value = answer.json()["value"]
        except (ValueError, KeyError, TypeError, RecursionError):
            value = None
        if not isinstance(value, form):
            raise SapAnswerInvalid(f"SAP's answer {answer.status_code} is not one of its phone service")
        return value


def _is_of(record: dict[str, Any], reference: str, *, alone: bool) -> bool:
    """Tell whether a record surely is one of the reference.

    A record without its external id counts only if it is the single answer: lists are not known to leave it out.
    """
    external = record.get("externalId")
    displayed = external.get("displayId") if isinstance(external, dict) else None
    if displayed is None and external in (None, {}):
        return alone
    return isinstance(displayed, str) and displayed.casefold() == reference.casefold()


def _phone_call(record: dict[str, Any], reference: str) -> PhoneCall:
    """:raises SapAnswerInvalid: without id and adminData.updatedOn a record cannot be updated safely"""
    data = record.get("adminData")
    data = data if isinstance(data, dict) else {}
    call_id, updated_on, transcript = record.get("id"), data.get("updatedOn"), record.get("transcript")
    if not _is_header_text(updated_on) or not isinstance(call_id, str) or call_id.strip(". ") == "":
        raise SapAnswerInvalid("SAP's phone call has no id or no adminData.updatedOn")
    if transcript is not None and not isinstance(transcript, str):
        raise SapAnswerInvalid("The transcript of SAP's phone call is not a text")
    created_on, status = data.get("createdOn"), record.get("status")
    return PhoneCall(
        call_id=call_id,
        reference=reference,
        updated_on=updated_on,
        transcript=transcript,
        created_on=created_on if isinstance(created_on, str) else "",
        is_open=not (isinstance(status, str) and status.upper() in _CLOSED),
    )


def _is_header_text(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value.strip())


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _failure(method: str, answer: requests.Response) -> SummaryError:
    text = f"SAP answered {answer.status_code} to a {method}"
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        return SapUnauthorized(f"{text}, also after reading the parameters and the secret again")
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return SapThrottled(text)
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.REQUEST_TIMEOUT:
        return SapUnavailable(text)
    code = _error_code(answer)
    return SapRefused(f"{text} with error code {code}" if code else text)


def _error_code(answer: requests.Response) -> str | None:
    """The code of SAP's error body. Its message stays out: it may quote the record."""
    try:
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _retry_after(answer: requests.Response | None) -> float | None:
    """Retry-After in seconds, given as seconds or as a date."""
    value = "" if answer is None else answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
