# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiters, which botocore has none of for Amazon Connect (connect-api 0.1). Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    from botocore.exceptions import BotoCoreError
    from botocore.exceptions import ClientError
    from botocore.exceptions import WaiterError
except ImportError:
    pass  # AnsibleAWSModule says so, clearly

from ansible_collections.amazon.aws.plugins.module_utils.waiter import BaseWaiterFactory
from ansible_collections.amazon.aws.plugins.module_utils.waiter import custom_waiter_config

from .api import ConnectApi
from .errors import ConnectError
from .errors import describe_error
from .errors import is_throttled
from .errors import is_transient

_PAUSE_SECONDS = 3
_MISSING = "ResourceNotFoundException"
_UNAVAILABLE = "Unavailable"


def _when(state: str, argument: str, expected: str) -> dict[str, str]:
    return dict(state=state, matcher="path", argument=argument, expected=expected)


def _on_error(state: str, code: str) -> dict[str, str]:
    return dict(state=state, matcher="error", expected=code)


class _PatientClient:
    """The client for a waiter: throttling and breakdowns are answers that every waiter waits over."""

    def __init__(self, client: Any) -> None:
        self.meta = client.meta
        self._client = client

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def send(**params: Any) -> dict[str, Any]:
            try:
                return getattr(self._client, operation)(**params)
            except (ClientError, BotoCoreError) as error:
                if not (is_throttled(error) or is_transient(error)):
                    raise
                # BaseWaiterFactory makes every waiter go on after an error of this code
                return {"Error": {"Code": _UNAVAILABLE, "Message": " ".join(str(error).split())}}

        return send


class _ConnectWaiterFactory(BaseWaiterFactory):
    @property
    def _waiter_model_data(self) -> dict[str, Any]:
        status = "Instance.InstanceStatus"
        claim = "ClaimedPhoneNumberSummary.PhoneNumberStatus.Status"
        models = {
            # A new object may be unknown for a while (connect-api 0.3)
            "instance_active": (
                "DescribeInstance",
                _when("success", status, "ACTIVE"),
                _when("failure", status, "CREATION_FAILED"),
                _on_error("retry", _MISSING),
            ),
            "instance_deleted": ("DescribeInstance", _on_error("success", _MISSING)),
            "phone_number_claimed": (
                "DescribePhoneNumber",
                _when("success", claim, "CLAIMED"),
                _when("failure", claim, "FAILED"),
                _on_error("retry", _MISSING),
            ),
        }
        return {
            name: dict(operation=operation, delay=_PAUSE_SECONDS, maxAttempts=1, acceptors=acceptors)
            for name, (operation, *acceptors) in models.items()
        }


def wait_for(api: ConnectApi, waiter_name: str, *, action: str, timeout: int, **params: Any) -> None:
    """Wait for `timeout` seconds at most, by the waiter of that name.

    :param action: what is waited for, in words: "create instance 'poc'"
    :raises ConnectError: with the service's own reason when the object failed, or when the time is up
    """
    waiter = _ConnectWaiterFactory().get_waiter(_PatientClient(api.client), waiter_name)
    try:
        waiter.wait(WaiterConfig=custom_waiter_config(timeout, default_pause=_PAUSE_SECONDS), **params)
    except WaiterError as error:
        status, reason = _last_state(error.last_response or {})
        if "Max attempts exceeded" in str(error):
            raise ConnectError(
                f"Failed to {action}: not done after {timeout} seconds, its status is {status}{reason}"
            ) from error
        raise ConnectError(f"Failed to {action}: {status}{reason}") from error
    except BotoCoreError as error:
        raise describe_error(action, error) from error
    api.forget()


def _last_state(answer: dict[str, Any]) -> tuple[str, str]:
    """Return the status in the last answer of a waiter, and the service's reason as ": text" (or empty)."""
    if error := answer.get("Error"):
        return error.get("Code", "unknown"), f": {error.get('Message', '')}"
    instance = answer.get("Instance", {})
    claim = answer.get("ClaimedPhoneNumberSummary", {}).get("PhoneNumberStatus", {})
    status = instance.get("InstanceStatus") or claim.get("Status") or "unknown"
    message = instance.get("StatusReason", {}).get("Message") or claim.get("Message")
    return status, f": {message}" if message else ""
