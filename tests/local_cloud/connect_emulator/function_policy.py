# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""May an AWS service invoke a function, or send to a queue? What is asked of the resource's policy."""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from botocore.exceptions import ClientError

from .state import Context


async def refusal(context: Context, function_arn: str, *, service: str, source_arn: str) -> str | None:
    """Return None when a service may invoke a function on behalf of a source, else the reason why not."""
    parts = function_arn.split(":")
    qualifier = {"Qualifier": parts[7]} if len(parts) > 7 else {}
    try:
        answer = await context.call_aws("lambda", "get_policy", FunctionName=":".join(parts[:7]), **qualifier)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return "The function does not exist or has no resource policy"
    if is_allowed(json.loads(answer["Policy"]), service=service, source_arn=source_arn, account=context.account):
        return None
    return f"The function's resource policy does not allow {service} to invoke it for {source_arn}"


def is_allowed(
    policy: dict[str, Any],
    *,
    service: str,
    source_arn: str,
    account: str,
    action: str = "lambda:InvokeFunction",
    resource: str | None = None,
) -> bool:
    """Evaluate a resource policy for a service, which comes by TLS; a condition that is not known here never allows.

    :param resource: what the statements must name; None: whatever they name is the resource that has the policy
    """
    context = {"aws:sourcearn": source_arn, "aws:sourceaccount": account, "aws:securetransport": "true"}
    effects = [
        statement["Effect"]
        for statement in _as_list(policy.get("Statement"))
        if _principal_fits(statement.get("Principal"), service)
        and any(fnmatch.fnmatchcase(action.lower(), item.lower()) for item in _as_list(statement.get("Action")))
        and (resource is None or any(fnmatch.fnmatchcase(resource, it) for it in _as_list(statement.get("Resource"))))
        and _conditions_fit(statement.get("Condition") or {}, context, unknown=statement["Effect"] == "Deny")
    ]
    return "Allow" in effects and "Deny" not in effects


def _principal_fits(principal: Any, service: str) -> bool:
    if isinstance(principal, dict):
        return service in _as_list(principal.get("Service")) or "*" in _as_list(principal.get("AWS"))
    return principal == "*"


def _conditions_fit(conditions: dict[str, dict[str, Any]], context: dict[str, str], *, unknown: bool) -> bool:
    for operator, tests in conditions.items():
        if operator not in ("ArnLike", "ArnEquals", "StringLike", "StringEquals", "Bool"):
            return unknown
        for key, wanted in tests.items():
            value = context.get(key.lower(), "")
            exact = operator in ("StringEquals", "Bool")
            texts = [str(item).lower() if isinstance(item, bool) else item for item in _as_list(wanted)]
            if not any(value == text if exact else fnmatch.fnmatchcase(value, text) for text in texts):
                return False
    return True


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
