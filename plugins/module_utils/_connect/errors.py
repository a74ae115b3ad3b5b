# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, in words: verb, thing and reason. Private to this collection."""

from __future__ import annotations

from typing import Any

try:
    from botocore.exceptions import ClientError
    from botocore.exceptions import ConnectionError as BotoConnectionError
    from botocore.exceptions import HTTPClientError
except ImportError:
    pass  # AnsibleAWSModule says so, clearly

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError

MISSING_CODES = (
    "ResourceNotFoundException",
    "UserNotFoundException",
    "NoSuchOriginAccessControl",
    "NoSuchResponseHeadersPolicy",
    # CloudWatch's name in the service model, and as its documentation has it
    "ResourceNotFound",
    "DashboardNotFoundError",
)
THROTTLING_CODES = ("ThrottlingException", "TooManyRequestsException", "Throttling")
# Another change of the same thing is under way (EventBridge), or the thing is not ready for one (Amazon Connect)
BUSY_CODES = ("ConcurrentModificationException", "ResourceNotReadyException")
# ResourceConflictException of these passes by itself: the function is being made or changed
_BUSY_OPERATIONS = (
    "DeleteFunctionConcurrency",
    "DeleteFunctionEventInvokeConfig",
    "PutFunctionConcurrency",
    "PutFunctionEventInvokeConfig",
)
QUOTA_CODES = (
    "LimitExceededException",
    "ServiceQuotaExceededException",
    "TooManyOriginAccessControls",
    "TooManyResponseHeadersPolicies",
)

# The service's messages do not say which quota it is; the numbers are the defaults (connect-api 1.4, 13).
_QUOTAS = {
    "AssociateApprovedOrigin": "approved origins of an instance",
    "AssociateLambdaFunction": "Lambda functions of an instance (50)",
    "ClaimPhoneNumber": "phone numbers of an instance (5)",
    "CreateContactFlow": "contact flows of an instance (100)",
    "CreateHoursOfOperation": "hours of operation of an instance (100)",
    "CreateInstance": "instances of an account (2), or creations and deletions of instances in 30 days (100)",
    "CreateOriginAccessControl": "origin access controls of an account (100)",
    "CreateQueue": "queues of an instance (50)",
    "CreateResponseHeadersPolicy": "response headers policies of an account (20)",
    "CreateRoutingProfile": "routing profiles of an instance (100)",
    "CreateRule": "rules of an event source (500)",
    "CreateSecurityProfile": "security profiles of an instance (100)",
    "CreateUser": "users of an instance (500)",
}


class ConnectError(AnsibleAWSError):
    """A failure that a user can read: `message` is one sentence, `kwargs` goes into the module's result."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message=message, **details)


def error_code(error: BaseException) -> str | None:
    """Return the service's code of a ClientError (None for any other exception)."""
    return error.response["Error"].get("Code") if isinstance(error, ClientError) else None


def is_missing(error: BaseException) -> bool:
    """Tell whether the service said that the thing does not exist. The only place that decides this."""
    return error_code(error) in MISSING_CODES


def is_throttled(error: BaseException) -> bool:
    """Tell whether the service asked to come back later. A quota stop is no throttling, though it may be a 429."""
    code = error_code(error)
    if code == "ResourceConflictException":
        return error.operation_name in _BUSY_OPERATIONS
    return code in (*THROTTLING_CODES, *BUSY_CODES)


def is_transient(error: BaseException) -> bool:
    """Tell whether the network or the service broke down (HTTP 5xx), so that the same request may succeed later."""
    if isinstance(error, ClientError):
        return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500
    return isinstance(error, (BotoConnectionError, HTTPClientError))


def describe_error(action: str, error: BaseException) -> ConnectError:
    """Turn an exception of botocore into the sentence "Failed to <action>: <reason>" with its details.

    :param action: verb and thing, for example "create queue 'Sales'"
    """
    details: dict[str, Any] = {}
    if isinstance(error, ClientError):
        details["error_code"] = error_code(error)
        if request_id := error.response.get("ResponseMetadata", {}).get("RequestId"):
            details["request_id"] = request_id
    reason = _reason(error)
    problems = _problems(error)
    if problems:
        # botocore shows an empty message for a refused flow: the reason is only in this list (connect-api 0.3)
        details["problems"] = problems
        reason = f"the flow is not valid: {'; '.join(problems)}"
    if error_code(error) in QUOTA_CODES:
        details["quota"] = _QUOTAS.get(error.operation_name, "unknown")
        reason = f"quota reached: {details['quota']}. {reason}"
    return ConnectError(f"Failed to {action}: {reason}", **details)


def _reason(error: BaseException) -> str:
    if not isinstance(error, ClientError):
        return " ".join(str(error).split())
    text = (error.response["Error"].get("Message") or "").strip()
    code = error_code(error)
    return f"{text.rstrip('.')} ({code})" if text else str(code)


def _problems(error: BaseException) -> list[str]:
    response = getattr(error, "response", None) or {}
    problems = response.get("problems") or response.get("Problems") or []
    return [problem.get("message", "") for problem in problems]
