# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every private name of MiniStack that the local cloud touches, and nothing else touches one.

MiniStack has no plug-in hook. ``missing_names`` finds what moved; the process refuses to start then.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
from collections.abc import Awaitable
from collections.abc import Callable
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

VERSION = "1.5.33"
LOG_LINE_WAIT = 0.1  # seconds
# Where each name lives, and the parameters of those functions whose calls are imitated or replaced.
NAMES: dict[str, tuple[str, ...] | None] = {
    "ministack.app:app": ("scope", "receive", "send"),
    "ministack.app:AUTH": None,
    "ministack.app:SERVICE_REGISTRY": None,
    "ministack.app:SERVICE_HANDLERS": None,
    "ministack.app:_loaded_modules": None,
    "ministack.core.router:SERVICE_PATTERNS": None,
    "ministack.core.iam_actions:extract_iam_action": (
        "service",
        "method",
        "path",
        "headers",
        "body",
        "query_params",
    ),
    "ministack.core.iam_actions:extract_resource_arn": (
        "service",
        "method",
        "path",
        "headers",
        "body",
        "query_params",
        "region",
        "account_id",
    ),
    "ministack.core.iam_evaluator:caller_arn": (),
    "ministack.core.iam_evaluator:enforce": (
        "access_key_id",
        "iam_action",
        "service",
        "region",
        "resource_arn",
        "service_context",
    ),
    "ministack.core.lambda_runtime:Worker._drain_stderr_bounded": (
        "self",
        "first_line_wait",
        "idle_confirm",
        "hard_cap",
    ),
    "ministack.core.responses:get_account_id": (),
    "ministack.core.responses:get_region": (),
    "ministack.core.responses:set_request_account_id": ("access_key_id",),
    "ministack.core.router:extract_access_key_id": ("headers", "query_params"),
    "ministack.services.acm:_certificates": None,
    "ministack.services.cloudfront:_distributions": None,
    "ministack.services.cloudfront:_oacs": None,
    "ministack.services.iam:_roles": None,
    "ministack.services.waf:_web_acls": None,
}

Answer = tuple[int, dict[str, str], Any]
Handler = Callable[[str, str, dict, bytes, dict], Awaitable[Answer]]


def missing_names() -> list[str]:
    """Return what is not as this file expects, one sentence each; empty when all is well."""
    found = importlib.metadata.version("ministack")
    problems = [] if found == VERSION else [f"MiniStack is {found}, not {VERSION}"]
    for name, parameters in NAMES.items():
        module, _unused, attribute = name.partition(":")
        try:
            value = attrgetter(attribute)(importlib.import_module(module))
        except (ImportError, AttributeError):
            problems.append(f"{name} does not exist")
            continue
        if parameters is not None and tuple(inspect.signature(value).parameters) != parameters:
            problems.append(f"{name} takes {inspect.signature(value)}")
    return problems


def _get(name: str) -> Any:
    module, _unused, attribute = name.partition(":")
    return attrgetter(attribute)(importlib.import_module(module))


def auth_enabled() -> bool:
    return _get("ministack.app:AUTH")


async def app(scope: dict, receive: Callable, send: Callable) -> None:
    """Serve one ASGI connection with MiniStack."""
    await _get("ministack.app:app")(scope, receive, send)


def register_service(name: str, handler: Handler, reset: Callable[[], None]) -> None:
    """Add a service: routed by its SigV4 scope and host, and reset with the others.

    MiniStack knows no IAM action of it and lets every caller through, until ``wrap_authorization`` names them.
    """
    _get("ministack.app:_loaded_modules")[name] = SimpleNamespace(
        handle_request=handler, reset=reset, get_state=dict, load_persisted_state=lambda data: None
    )
    _get("ministack.app:SERVICE_REGISTRY")[name] = {"module": name}
    _get("ministack.app:SERVICE_HANDLERS")[name] = handler
    _get("ministack.core.router:SERVICE_PATTERNS")[name] = {"host_patterns": [rf"^{name}\."]}


def wrap_handler(service: str, wrap: Callable[[Handler], Handler]) -> None:
    """Put a function around the handler of a service; it runs after authentication and authorization."""
    handlers = _get("ministack.app:SERVICE_HANDLERS")
    handlers[service] = wrap(handlers[service])


def wrap_authorization(
    action: Callable[[Callable[..., str | None]], Callable[..., str | None]],
    resource: Callable[[Callable[..., str]], Callable[..., str]],
) -> None:
    """Put functions around the extraction of a request's IAM action and resource."""
    actions = importlib.import_module("ministack.core.iam_actions")
    actions.extract_iam_action = action(actions.extract_iam_action)
    actions.extract_resource_arn = resource(actions.extract_resource_arn)


def wait_for_late_log_lines() -> None:
    """Give the lines of an invocation time to arrive.

    MiniStack takes 5 ms of silence for the end of a function's output. On a busy machine later lines then go to the
    log of the next invocation, or are lost with the worker.
    """
    drain = _get("ministack.core.lambda_runtime:Worker._drain_stderr_bounded")
    drain.__defaults__ = (LOG_LINE_WAIT, LOG_LINE_WAIT, LOG_LINE_WAIT * 20)


def is_denied(service: str, action: str, resource: str, in_region: str, headers: dict, query: dict) -> bool:
    """Tell whether policies refuse the caller of the request an action (``ssm:GetParameters``) on a resource."""
    key = _get("ministack.core.router:extract_access_key_id")(headers, query)
    return _get("ministack.core.iam_evaluator:enforce")(key, action, service, in_region, resource) is not None


def account_id() -> str:
    """Return the account of the request being served: of its key, or of the role behind its session."""
    return _get("ministack.core.responses:get_account_id")()


def region() -> str:
    """Return the Region that the request being served was signed for."""
    return _get("ministack.core.responses:get_region")()


def caller_arn() -> str:
    """Return the principal of the request being served."""
    return _get("ministack.core.iam_evaluator:caller_arn")()


def serve_as_account(account: str) -> None:
    """Choose the account for an unsigned request."""
    _get("ministack.core.responses:set_request_account_id")(account)


def distributions() -> list[tuple[str, dict]]:
    """Return (account, distribution) of all accounts; DomainName, Id, enabled, config_xml are of use."""
    return [(key[0], record) for key, record in _get("ministack.services.cloudfront:_distributions").to_dict().items()]


def origin_access_control_exists(identifier: str) -> bool:
    """Tell whether the account of the request has this origin access control."""
    return identifier in _get("ministack.services.cloudfront:_oacs")


def certificate_status(arn: str, in_region: str) -> str | None:
    """Return the status of a certificate of the request's account, None when it is not in that Region."""
    record = _get("ministack.services.acm:_certificates").get_scoped(account_id(), in_region, arn)
    return None if record is None else record.get("Status")


def web_acl_arns(in_region: str, scope: str) -> set[str]:
    """Return the ARNs of the web ACLs of the request's account."""
    records = _get("ministack.services.waf:_web_acls").values_scoped(account_id(), in_region)
    return {record["ARN"] for record in records if record.get("Scope") == scope}


def role(name: str) -> dict | None:
    """Return a role of the request's account: CreateDate, AssumeRolePolicyDocument."""
    return _get("ministack.services.iam:_roles").get(name)
