# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SAP's side: the phone call record that takes the summary as its transcript (sap-cti 2)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import sleep
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from .errors import PhoneCallNotFound
from .errors import SapAnswerInvalid
from .errors import SapConflict
from .errors import SapRefused
from .errors import SapThrottled
from .errors import SapUnauthorized
from .errors import SapUnavailable
from .errors import SummaryError
from .settings import Settings

_ATTEMPTS = 5
_CONFLICT_ATTEMPTS = 5
_CONNECT_TIMEOUT = 5.0
_READ_TIMEOUT = 30.0
_RESERVE = 2.0
_CODE = re.compile(r"[\w./:-]{1,64}")
_CONFLICTS = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)


@dataclass(frozen=True)
class PhoneCall:
    """``updated_on`` is sent back as it came: it serves as the record's ETag."""

    call_id: str
    updated_on: str
    transcript: str | None


class Deadline:
    """The seconds until Lambda ends the invocation, less a reserve for raising and logging."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def remaining(self) -> float:
        return self._context.get_remaining_time_in_millis() / 1000 - _RESERVE


def new_session() -> requests.Session:
    """Make a session that keeps its connection, and leaves every retry to this module."""
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=0))
    return session


class PhoneService:
    """The phone service for the length of one invocation.

    ``refresh`` reads parameters and secret again; it is called once, on the first 401.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        session: requests.Session,
        refresh: Callable[[], Settings],
        deadline: Deadline,
    ) -> None:
        self._settings = settings
        self._session = session
        self._refresh: Callable[[], Settings] | None = refresh
        self._deadline = deadline

    def find(self, reference: str) -> tuple[PhoneCall, int]:
        """Return the phone call whose external id is the reference, and how many have it.

        Of several the one created last wins: they come from the connector announcing the same call again (after a
        reload, say), the last one is what the agent has on the screen, and a repeated event comes to the same choice.

        :raises PhoneCallNotFound: SAP makes the record when the agent accepts, which may become visible late
        """
        literal = reference.replace("'", "''")
        expression = quote(f"externalId.displayId eq '{literal}'", safe="")
        records = self._value(self._send("GET", query=f"?$filter={expression}"), list)
        if not records:
            raise PhoneCallNotFound(f"SAP has no phone call with external id {reference}")
        return _phone_call(max(records, key=_created_on)), len(records)

    def write_transcript(self, call: PhoneCall, text: str) -> bool:
        """Make the text the phone call's transcript; return False when it is so already.

        :raises SapConflict: others kept changing the record
        """
        conflicts = 0
        while call.transcript != text:
            answer = self._send(
                "PATCH",
                call.call_id,
                headers={"If-Match": call.updated_on},
                body={"transcript": text},
                returned=_CONFLICTS,
            )
            if answer.status_code not in _CONFLICTS:
                return True
            conflicts += 1
            failure = SapConflict(
                f"SAP answered {answer.status_code} to update {conflicts} of phone call {call.call_id}"
            )
            if conflicts == _CONFLICT_ATTEMPTS:
                raise failure
            self._pause(conflicts, answer, failure)
            call = _phone_call(self._value(self._send("GET", call.call_id), dict))
        return False

    def _send(
        self,
        method: str,
        *segments: str,
        query: str = "",
        headers: dict[str, str] | None = None,
        body: dict[str, str] | None = None,
        returned: tuple[int, ...] = (),
    ) -> requests.Response:
        """Send a request until it succeeds; return also the codes named by ``returned``.

        A PATCH is safe to repeat: had the first one arrived, If-Match no longer holds.
        """
        attempts = 0
        while True:
            remaining = self._deadline.remaining()
            if remaining <= 0:
                raise SapUnavailable("No time was left to ask SAP")
            answer = None
            try:
                answer = self._request(
                    method,
                    self._settings.url("phoneCalls", *(quote(segment, safe="") for segment in segments)) + query,
                    headers={"Accept": "application/json", **(headers or {})},
                    json=body,
                    timeout=(min(_CONNECT_TIMEOUT, remaining), min(_READ_TIMEOUT, remaining)),
                )
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                failure: SummaryError = SapUnavailable(f"SAP did not answer a {method}: {type(error).__name__}")
            else:
                if 200 <= answer.status_code < 300 or answer.status_code in returned:
                    return answer
                if answer.status_code == HTTPStatus.UNAUTHORIZED and self._settings_changed():
                    continue
                failure = _failure(method, answer)
            attempts += 1
            if not failure.retryable or attempts == _ATTEMPTS:
                raise failure
            self._pause(attempts, answer, failure)

    def _settings_changed(self) -> bool:
        """Read the settings again, once; with the same password a second try would only help to lock the user."""
        if self._refresh is None:
            return False
        before, self._settings, self._refresh = self._settings, self._refresh(), None
        return self._settings != before

    def _request(self, method: str, url: str, **options: Any) -> requests.Response:
        return self._session.request(
            method,
            url,
            # As bytes: requests encodes text as latin-1, which not every password can be.
            auth=(self._settings.username.encode(), self._settings.password.encode()),
            # A redirect leads to a log-in page, and would carry the PATCH there as a GET.
            allow_redirects=False,
            **options,
        )

    def _pause(self, failures: int, answer: requests.Response | None, failure: SummaryError) -> None:
        """Wait as long as SAP asks, else ever longer; raise the failure when that takes longer than there is time."""
        wait = _retry_after(answer)
        if wait is None:
            wait = 2 ** (failures - 1) * random.uniform(0.5, 1)
        if wait >= self._deadline.remaining():
            raise failure
        sleep(wait)

    @staticmethod
    def _value(answer: requests.Response, form: type) -> Any:
        try:
            value = answer.json()["value"]
        except (ValueError, KeyError, TypeError):
            value = None
        if not isinstance(value, form):
            raise SapAnswerInvalid(f"SAP's answer {answer.status_code} is not one of its phone service")
        return value


def _phone_call(record: Any) -> PhoneCall:
    """:raises SapAnswerInvalid: without id and adminData.updatedOn a record cannot be updated safely"""
    call_id = record.get("id") if isinstance(record, dict) else None
    updated_on = _admin_data(record).get("updatedOn")
    if not call_id or not updated_on:
        raise SapAnswerInvalid("SAP's phone call has no id or no adminData.updatedOn")
    return PhoneCall(str(call_id), str(updated_on), record.get("transcript"))


def _admin_data(record: Any) -> dict[str, Any]:
    data = record.get("adminData") if isinstance(record, dict) else None
    return data if isinstance(data, dict) else {}


def _created_on(record: Any) -> tuple[str, str]:
    data = _admin_data(record)
    return str(data.get("createdOn") or ""), str(data.get("updatedOn") or "")


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
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _retry_after(answer: requests.Response | None) -> float | None:
    """Retry-After in seconds, given as seconds or as a date."""
    value = "" if answer is None else answer.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
