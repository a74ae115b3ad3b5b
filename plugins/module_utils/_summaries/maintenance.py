# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that lets the maintenance function work, answer by answer. Private to this collection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

try:
    from botocore.config import Config
except ImportError:
    pass  # AnsibleAWSModule says so, clearly

from .._connect.api import ConnectApi
from .._connect.api import compact
from .._connect.errors import ConnectError
from .._connect.errors import is_missing
from .._connect.module import ConnectModule
from .._connect.resource import Resource

# A firewall on the way forgets a connection on which nothing comes for longer: 350 seconds is the shortest at AWS.
_ANSWER_SECONDS = 240
_READ_TIMEOUT = 960
_OPTIONS = ("contact_ids", "reasons", "sent_after", "sent_before", "maximum_age", "not_before", "rate")
_LOOKS = ("inspect", "probe")
# What of a report says that something was done, or would be
_CHANGES = ("delivered", "duplicates", "sent", "would_send")
_STOPS = {
    "SapDown": "SAP is not there or refuses to sign in",
    "DeliveryPaused": "the delivery is paused",
    "DeliveryThrottled": "the delivery function has all its concurrency in use",
    "DeliveryFails": "the delivery function itself fails",
    "AwsUnavailable": "AWS does not answer",
}
_REFUSED = ". Something that site.yml makes is missing or changed: run it"

Answer = dict[str, Any]


class _Function(Resource):
    """What the module talks to. It manages no object of it."""

    kind = "function"
    service = "lambda"
    needs_instance = False
    taggable = False


class MaintenanceModule(ConnectModule):
    """A module that carries out one action of the maintenance function."""

    def __init__(self, *, argument_spec: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(_Function(), argument_spec=argument_spec, info=True, **kwargs)

    def _gather(self) -> dict[str, Any]:
        function = self.params["function_name"]
        # Sent once: a second invocation beside the first is of no use.
        config = Config(
            retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=_READ_TIMEOUT, tcp_keepalive=True
        )
        # A plan is an invocation too, of which the request says that it must change nothing.
        api = ConnectApi(self.client("lambda", config=config), subject=("function", f"function '{function}'"))
        report = carry_out(api, function, make_request(self.params, self.check_mode), maximum=self.params["maximum"])
        return {"changed": any(report["counts"].get(name) for name in _CHANGES), "report": report}


def make_request(options: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Return what is asked of the function."""
    if options["action"] in _LOOKS:
        return compact({"action": options["action"], "contact_ids": options["contact_ids"]})
    return compact(
        {
            "action": options["action"],
            "dry_run": check_mode,
            "from": options["start"],
            "to": options["end"],
            "next": options["next"],
            "seconds": _ANSWER_SECONDS,
            **{name: options[name] for name in _OPTIONS},
        }
    )


def carry_out(api: ConnectApi, function: str, request: dict[str, Any], *, maximum: int | None) -> Answer:
    """Ask until nothing is left to do, or ``maximum`` contacts are sent; return all answers in one.

    :raises ConnectError: the function stopped or failed; ``report`` holds what was done until then
    """
    whole: Answer | None = None
    while True:
        limit = {} if maximum is None else {"maximum": maximum - (_sent(whole) if whole else 0)}
        try:
            answer = invoke(api, function, {**request, **limit})
        except ConnectError as error:
            if whole is None:
                raise
            raise ConnectError(error.message, **{**error.kwargs, "report": whole}) from error
        stuck = whole is not None and answer["next"] == request.get("next") and not any(answer["counts"].values())
        whole = add(whole, answer)
        if answer["stopped"]:
            why = _STOPS.get(answer["stopped"], answer["stopped"])
            raise ConnectError(
                f"Failed to {request['action']} everything, because {why} ({answer['stopped_by']}): {summarise(whole)}",
                report=whole,
            )
        if stuck:
            raise ConnectError(f"Failed to {request['action']}: function '{function}' gets no further", report=whole)
        if not answer["next"] or (maximum is not None and _sent(whole) >= maximum):
            return whole
        request = {**request, "next": answer["next"]}


def invoke(api: ConnectApi, function: str, request: Mapping[str, Any]) -> Answer:
    """Run the function with a request and return its answer."""
    try:
        response = api.write_once("invoke", FunctionName=function, Payload=json.dumps(dict(request)).encode())
    except ConnectError as error:
        if is_missing(error.__cause__):
            raise ConnectError(
                f"Failed to {request['action']}: there is no function '{function}' in this account and Region",
                **error.kwargs,
            ) from error
        raise
    try:
        answer = json.loads(response["Payload"].read())
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ConnectError(f"Failed to {request['action']}: the answer of function '{function}' is not one of its own")
    if response.get("FunctionError"):
        raise ConnectError(f"Failed to {request['action']}: {_failure(answer)}", error_type=answer.get("errorType"))
    return answer


def add(whole: Answer | None, answer: Answer) -> Answer:
    """Add an answer to those before it; of what is not counted or listed the last word counts."""
    if whole is None:
        return answer
    return {
        **answer,
        "counts": _sum(whole["counts"], answer["counts"]),
        "reasons": _sum(whole["reasons"], answer["reasons"]),
        "contacts": [*whole["contacts"], *answer["contacts"]],
    }


def summarise(report: Answer) -> str:
    """Say the counts that are not 0 in words."""
    counted = [f"{number} {name.replace('_', ' ')}" for name, number in report["counts"].items() if number]
    return ", ".join(counted) or "nothing was done"


def _sum(some: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: some.get(name, 0) + more.get(name, 0) for name in [*some, *(set(more) - set(some))]}


def _sent(report: Answer) -> int:
    return report["counts"].get("sent", 0) + report["counts"].get("would_send", 0)


def _failure(answer: Mapping[str, Any]) -> str:
    """Name the function's error; only its own errors are known to quote nothing that was said."""
    kind, text = str(answer.get("errorType")), str(answer.get("errorMessage"))
    own = text.startswith(f"{kind}: ") or "Task timed out" in text
    if not own:
        return f"it failed with {kind}, see its log"
    return text.removeprefix(f"{kind}: ") + (_REFUSED if kind == "AwsRefused" else "")
