# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was changed lately that summaries depend on. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from typing import Any

from .._connect.errors import ConnectError
from .links import Links
from .module import Services

_MAXIMUM_PAGES = 20
# Changes that CloudTrail tells, whoever made them. Lambda's names end in the version of its API.
_EVENTS = {
    "DisableRule": "an EventBridge rule was disabled",
    "EnableRule": "an EventBridge rule was enabled",
    "PutRule": "an EventBridge rule was written",
    "DeleteRule": "an EventBridge rule was deleted",
    "PutTargets": "targets of an EventBridge rule were written",
    "RemoveTargets": "targets of an EventBridge rule were removed",
    "PutFunctionConcurrency": "the concurrency of a function was set",
    "DeleteFunctionConcurrency": "the concurrency of a function was released",
    "UpdateFunctionConfiguration": "the configuration of a function was changed",
    "UpdateFunctionCode": "the code of a function was changed",
    "RemovePermission": "a permission to call a function was removed",
    "PutRolePolicy": "the policy of a role was written",
    "DeleteRolePolicy": "the policy of a role was deleted",
    "PutSecretValue": "a secret was changed",
    "UpdateSecret": "a secret was changed",
    "RotateSecret": "a secret was rotated",
    "PutParameter": "a parameter was changed",
    "DeleteParameter": "a parameter was deleted",
    "UpdateRule": "a Contact Lens rule was changed",
    "UpdateContactFlowContent": "a contact flow was changed",
    "UpdateInstanceAttribute": "an attribute of the instance was changed",
    "UpdateInstanceStorageConfig": "a storage configuration of the instance was changed",
    "PutBucketPolicy": "the policy of a bucket was changed",
}
_VERSION_DIGITS = "0123456789_v"


def find_changes(
    services: Services, links: Links, *, instance_id: str, since: datetime, problems: dict[str, str]
) -> list[dict[str, str]]:
    """Return what was changed since a time as `at` and `what`, oldest first. Who did it is left out."""
    variables = (links.function.get("Environment") or {}).get("Variables", {})
    found: list[tuple[datetime, str]] = []
    for look in (
        lambda: _function(links),
        lambda: _rules(links),
        lambda: _secret(services, variables),
        lambda: _parameters(services, variables),
        lambda: _trail(services, links, variables, instance_id=instance_id, since=since),
    ):
        _collect(look, found, problems)
    return [{"at": _text(at), "what": what} for at, what in sorted(set(found)) if at >= since]


def _collect(
    look: Callable[[], Iterator[tuple[datetime, str]]], found: list[tuple[datetime, str]], problems: dict[str, str]
) -> None:
    try:
        found.extend(look())
    except ConnectError as error:
        problems[f"changes {len(problems)}"] = error.message


def _function(links: Links) -> Iterator[tuple[datetime, str]]:
    modified = links.function.get("LastModified")
    if modified:
        # Lambda writes the zone as +0000
        yield datetime.fromisoformat(modified), f"the function {links.names['function']} was changed"


def _rules(links: Links) -> Iterator[tuple[datetime, str]]:
    for rule in links.rules:
        yield rule.updated_at, f"the Contact Lens rule {rule.name} was changed"


def _secret(services: Services, variables: dict[str, str]) -> Iterator[tuple[datetime, str]]:
    name = variables.get("SECRET_PARAM_C4C_PASSWORD")
    secret = services["secretsmanager"].describe("describe_secret", SecretId=name) if name else None
    for member, verb in (("LastChangedDate", "changed"), ("LastRotatedDate", "rotated"), ("DeletedDate", "deleted")):
        if secret and secret.get(member):
            yield secret[member], f"the secret {name} was {verb}"


def _parameters(services: Services, variables: dict[str, str]) -> Iterator[tuple[datetime, str]]:
    root, environment = variables.get("SSM_PARAM_ROOT_NAME"), variables.get("ENVIRONMENT_NAME")
    if not root or not environment:
        return
    path = f"/{root.strip('/')}/{environment.strip('/')}"
    filters = [{"Key": "Name", "Option": "BeginsWith", "Values": [path]}]
    for parameter in services["ssm"].pages("describe_parameters", ParameterFilters=filters, MaxResults=50) or []:
        # The reconciliation moves its cursor all the time
        if not parameter["Name"].endswith("reconcile-cursor"):
            yield parameter["LastModifiedDate"], f"the parameter {parameter['Name']} was changed"


def _trail(
    services: Services, links: Links, variables: dict[str, str], *, instance_id: str, since: datetime
) -> Iterator[tuple[datetime, str]]:
    names = {
        *links.names.values(),
        instance_id,
        variables.get("SECRET_PARAM_C4C_PASSWORD"),
        variables.get("SSM_PARAM_ROOT_NAME"),
        links.function.get("Role", "").rpartition("/")[2],
    } - {None, ""}
    request: dict[str, Any] = {
        "LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
        "StartTime": since,
    }
    for _unused in range(_MAXIMUM_PAGES):
        page = services["cloudtrail"].read("lookup_events", **request)
        for event in page.get("Events", []):
            what = _EVENTS.get(event.get("EventName", "").rstrip(_VERSION_DIGITS))
            about = sorted(name for name in names if name and name in event.get("CloudTrailEvent", ""))
            if what and about:
                yield event["EventTime"], f"{what} ({about[0]})"
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
