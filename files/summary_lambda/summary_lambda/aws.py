# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS's errors mean: worth another try, or for somebody to correct."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from .errors import AwsRefused
from .errors import AwsUnavailable

_MISSING = {"NoSuchKey", "404", "NotFound"}
# Refusals with a code of 4xx that pass by themselves; codes of 5xx always do.
_PASSING = {
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestTimeout",
    "RequestTimeTooSkewed",
    "SlowDown",
    "ExpiredToken",
    "ExpiredTokenException",
}


@contextmanager
def translated(operation: str) -> Iterator[None]:
    """Turn botocore's errors into this package's own.

    :raises AwsUnavailable: no answer, throttled, or a breakdown
    :raises AwsRefused: anything else that AWS answers
    """
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0
        kind = AwsUnavailable if code in _PASSING or status >= 500 or status == 429 else AwsRefused
        raise kind(f"AWS answered {code} when calling the {operation} operation") from None
    except BotoCoreError as error:
        raise AwsUnavailable(f"{type(error).__name__} when calling the {operation} operation") from None


def missing(error: ClientError) -> bool:
    """Tell whether an object does not exist."""
    return error.response.get("Error", {}).get("Code") in _MISSING
