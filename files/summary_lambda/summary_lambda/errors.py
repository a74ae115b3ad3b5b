# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a summary was not written. Every one of these leaves the handler, so that Lambda keeps the event.

An asynchronous invocation that raises is tried twice more and then goes to the dead-letter queue; one that returns
counts as delivered, whatever it returns. Messages name contact ids, parameter names and HTTP codes, never what was said
or who called.
"""

from __future__ import annotations


class SummaryError(Exception):
    """Somebody has to change something before a retry can help."""

    retryable = False

    def __str__(self) -> str:
        """Begin with the class: of a failed event Lambda's dead letter keeps nothing but this text."""
        return f"{type(self).__name__}: {super().__str__()}"


class RetryableError(SummaryError):
    """The same event may well succeed later without anybody doing anything."""

    retryable = True


class EventInvalid(SummaryError):
    """The event is none that this function handles, or about a contact of a channel that has no summary."""


class SettingsInvalid(SummaryError):
    """An environment variable, a parameter or the secret is missing or has an impossible value."""


class ContactNotFound(SummaryError):
    """Amazon Connect knows no such contact."""


class ContactNotEnded(RetryableError):
    """A realtime rule matched while the conversation still goes on: there is no summary before its end."""


class AnalysisNotFound(RetryableError):
    """There is no analysis file of the contact yet."""


class SummaryNotReady(RetryableError):
    """The analysis file is there, with neither a summary nor the reason why there will be none."""


class AnalysisInvalid(SummaryError):
    """The analysis file is no JSON object, and has been that for too long to be a file in the making."""


class PhoneCallNotFound(RetryableError):
    """SAP has no phone call with the contact's reference yet."""


class SapConflict(RetryableError):
    """The phone call was changed by somebody else between each of our reads and writes."""


class SapThrottled(RetryableError):
    """SAP asked to slow down for longer than this invocation may wait."""


class SapUnavailable(RetryableError):
    """SAP did not answer, or answered with a server error, until the attempts or the time ran out."""


class SapAnswerInvalid(RetryableError):
    """SAP answered with success, but not in the form of its API; a maintenance or log-in page does that."""


class SapUnauthorized(SummaryError):
    """SAP refused to sign in, also after parameters and secret were read again."""


class SapRefused(SummaryError):
    """SAP answered with a code that no retry changes."""


class AwsUnavailable(RetryableError):
    """An AWS service did not answer, throttled the call or broke down, also after its own retries."""


class AwsRefused(SummaryError):
    """An AWS service refused a call; the message names the operation and the code."""
