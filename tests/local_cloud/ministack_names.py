# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every private name of MiniStack that the local cloud touches, and nothing else touches one.

MiniStack has no plug-in hook. ``missing_names`` finds what moved; the process refuses to start then.
"""

from __future__ import annotations

import contextvars
import importlib
import importlib.metadata
import inspect
import threading
import time
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from typing import TypeVar

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
    "ministack.core.iam_evaluator:pin_request_origin": ("source_ip", "secure_transport"),
    "ministack.core.lambda_runtime:Worker._drain_stderr_bounded": (
        "self",
        "first_line_wait",
        "idle_confirm",
        "hard_cap",
    ),
    "ministack.core.lambda_runtime:Worker.invoke": (
        "self",
        "event",
        "request_id",
        "trace_id",
        "depth",
        "durable",
        "invoked_function_arn",
    ),
    "ministack.core.lambda_runtime:_PYTHON_WORKER_SCRIPT": None,
    "ministack.core.lambda_runtime:execution_credentials": ("config",),
    "ministack.core.responses:get_account_id": (),
    "ministack.core.responses:get_region": (),
    "ministack.core.responses:request_scope": ("account_id", "region"),
    "ministack.core.responses:set_request_account_id": ("access_key_id",),
    "ministack.core.router:extract_access_key_id": ("headers", "query_params"),
    "ministack.services.acm:_certificates": None,
    "ministack.services.cloudfront:_distributions": None,
    "ministack.services.cloudfront:_oacs": None,
    "ministack.services.cloudwatch:_alarms": None,
    "ministack.services.cloudwatch:_error": ("code", "message", "status", "use_json", "use_cbor"),
    "ministack.services.cloudwatch:_evaluate_alarm": ("alarm",),
    "ministack.services.cloudwatch:_metrics": None,
    "ministack.services.cloudwatch:_record_history": (
        "alarm_name",
        "old_state",
        "new_state",
        "reason",
        "alarm_type",
        "reason_data",
    ),
    "ministack.services.cloudwatch:record_metric": ("namespace", "metric_name", "value", "unit", "dimensions"),
    "ministack.services.cloudwatch_logs:_compile_filter_pattern": ("raw",),
    "ministack.services.cloudwatch_logs:_log_groups": None,
    "ministack.services.eventbridge:_cron_next_fire": ("fields", "after_dt"),
    "ministack.services.eventbridge:_invoke_target": ("target", "event", "rule", "view"),
    "ministack.services.eventbridge:_parse_cron_fields": ("expr",),
    "ministack.services.eventbridge:_parse_rate_seconds": ("expr",),
    "ministack.services.eventbridge:_pattern_event_view": ("event",),
    "ministack.services.eventbridge:_rules": None,
    "ministack.services.eventbridge:_targets": None,
    "ministack.services.eventbridge:start_scheduler": (),
    "ministack.services.iam:_roles": None,
    "ministack.services.lambda_svc:_acquire_execution_slot": ("func", "config"),
    "ministack.services.lambda_svc:_emit_lambda_logs": (
        "func",
        "request_id",
        "log_text",
        "error",
        "duration_ms",
        "log_source",
    ),
    "ministack.services.lambda_svc:_emit_lambda_metrics": ("function_name", "duration_ms", "error", "throttle"),
    "ministack.services.lambda_svc:_execute_function_dispatch": (
        "func",
        "config",
        "event",
        "request_id",
        "started",
    ),
    "ministack.services.lambda_svc:_execute_function_warm": ("func", "event", "request_id"),
    "ministack.services.lambda_svc:_execution_record_for_config": ("func", "config"),
    "ministack.services.lambda_svc:_functions": None,
    "ministack.services.lambda_svc:_get_func_record_for_ref": ("function_ref",),
    "ministack.services.lambda_svc:_release_execution_slot": ("key",),
    "ministack.services.lambda_svc:invoke_async_with_retry": ("func", "event"),
    "ministack.services.lambda_svc:reset": (),
    "ministack.services.sns:publish_internal": (
        "topic_arn",
        "message",
        "subject",
        "message_structure",
        "message_attributes",
        "message_group_id",
        "message_deduplication_id",
    ),
    "ministack.services.sns:topic_policy_allows": ("topic_arn", "service", "source_arn", "source_account"),
    "ministack.services.sqs:_queues": None,
    "ministack.services.sqs:_refresh_counts": ("q",),
    "ministack.services.waf:_web_acls": None,
}

Result = TypeVar("Result")
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


def on_reset(forget: Callable[[], None]) -> None:
    """Call a function of ours when MiniStack forgets everything."""
    module = importlib.import_module("ministack.services.lambda_svc")
    original = module.reset

    def reset() -> None:
        original()
        forget()

    module.reset = reset


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


def request_scope(account: str, in_region: str) -> AbstractContextManager[None]:
    """Serve a block of code in an account and Region, as outside a request none is known."""
    return _get("ministack.core.responses:request_scope")(account, in_region)


def role_may(config: dict, action: str, resource: str) -> bool:
    """Tell whether the execution role of a function may do this (``sqs:SendMessage``) to a resource."""
    account, in_region = scope_of(config["FunctionArn"])
    service = action.partition(":")[0]

    def ask() -> bool:
        key = role_credentials(config)["AWS_ACCESS_KEY_ID"]
        return _get("ministack.core.iam_evaluator:enforce")(key, action, service, in_region, resource) is None

    return as_service(account, in_region, ask)


def as_service(account: str, in_region: str, run: Callable[[], Result]) -> Result:
    """Run a function for an account as its AWS services do: by TLS, and apart from the request being served."""

    def run_by_tls() -> Result:
        _get("ministack.core.iam_evaluator:pin_request_origin")("127.0.0.1", True)
        with request_scope(account, in_region):
            return run()

    return contextvars.Context().run(run_by_tls)


def role_credentials(config: dict) -> dict[str, str]:
    """Return keys of the execution role of a function, as its environment has them."""
    return _get("ministack.core.lambda_runtime:execution_credentials")(config)


def scope_of(arn: str) -> tuple[str, str]:
    """Return account and Region of an ARN."""
    parts = arn.split(":")
    return parts[4], parts[3]


# Functions


@dataclass(frozen=True)
class Function:
    """A function as it is now: ``record`` runs it, ``config`` is what GetFunctionConfiguration shows."""

    record: dict
    config: dict
    invoke_config: dict
    reserved_concurrency: int | None


def function(arn: str) -> Function | None:
    """Return a function by its ARN, with or without a qualifier; None when it is gone."""
    account, in_region = scope_of(arn)
    with request_scope(account, in_region):
        record, config, name = _get("ministack.services.lambda_svc:_get_func_record_for_ref")(arn)
        if not record or not config:
            return None
        whole = _get("ministack.services.lambda_svc:_functions").get(name) or record
    qualifier = arn.split(":")[7] if arn.count(":") > 6 else ""
    invoke_config = (whole.get("event_invoke_configs") or {}).get(qualifier) or {}
    return Function(
        record=_get("ministack.services.lambda_svc:_execution_record_for_config")(
            {**record, "concurrency": whole.get("concurrency")}, {**config, "FunctionArn": arn}
        ),
        config=config,
        invoke_config=invoke_config,
        reserved_concurrency=whole.get("concurrency"),
    )


def reserved_concurrency(*, except_for: str) -> int:
    """Return what the functions of the account being served have reserved together, but for one."""
    functions = _get("ministack.services.lambda_svc:_functions")
    return sum(record.get("concurrency") or 0 for name, record in functions.items() if name != except_for)


def run_function(record: dict, event: Any, request_id: str) -> dict | None:
    """Run a function once, in this thread; None when its concurrency is used up.

    :return: ``body`` (the answer, or errorMessage and errorType) and, after a failure, ``error``
    """
    config = record["config"]
    with request_scope(*scope_of(config["FunctionArn"])):
        slot, _limit = _get("ministack.services.lambda_svc:_acquire_execution_slot")(record, config)
        if slot is None:
            return None
        try:
            return _get("ministack.services.lambda_svc:_execute_function_dispatch")(
                record, config, event, request_id, time.time()
            )
        finally:
            _get("ministack.services.lambda_svc:_release_execution_slot")(slot)


def replace_asynchronous_invocation(accept: Callable[[dict, Any], None]) -> None:
    """Let a function of ours take over asynchronous invocations: it gets the function's record and the event."""
    importlib.import_module("ministack.services.lambda_svc").invoke_async_with_retry = accept


def replace_function_metrics(record: Callable[[str, float, bool, bool], None]) -> None:
    """Let a function of ours count invocations: it gets name, milliseconds, error, throttled."""

    def emit(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:
        record(function_name, duration_ms, error, throttle)

    importlib.import_module("ministack.services.lambda_svc")._emit_lambda_metrics = emit


def wrap_function_log(write: Callable[[Callable[[], None], dict, str, str], None]) -> None:
    """Let a function of ours write the log of an invocation: it gets the writer, configuration, request id, text."""
    module = importlib.import_module("ministack.services.lambda_svc")
    original = module._emit_lambda_logs

    def emit(func: dict, request_id: str, log_text: str, error: bool, duration_ms: int, **more: Any) -> None:
        def writer() -> None:
            original(func, request_id, log_text, error, duration_ms, **more)

        write(writer, func.get("config") or func, request_id, log_text)

    module._emit_lambda_logs = emit


_DETAILS = threading.local()
_RAISED = "_local_cloud_raised"
_REPORTED = 'json.dumps({"status": "error", "error": str(e), "trace": traceback.format_exc()})'
# MiniStack ends the process of a function that raises. AWS keeps it: to MiniStack an exception is an answer.
_REPORTED_AS_ANSWER = (
    'json.dumps({"status": "ok", "result": {"'
    + _RAISED
    + """": {"status": "error", "error": str(e), "trace": traceback.format_exc(), "type": type(e).__name__,
    "stack": traceback.format_tb(e.__traceback__)[1:]}}})"""
)


def tell_errors_as_lambda_does(around: Callable[[Callable[[], dict], Any, dict], dict]) -> None:
    """Give the answer of a failed invocation the exception's class, the stack and the request id.

    :param around: gets the invocation, its worker and the function's configuration, and returns its result
    """
    runtime = importlib.import_module("ministack.core.lambda_runtime")
    if _REPORTED not in runtime._PYTHON_WORKER_SCRIPT:
        raise RuntimeError("MiniStack's worker reports errors otherwise than expected")
    runtime._PYTHON_WORKER_SCRIPT = runtime._PYTHON_WORKER_SCRIPT.replace(_REPORTED, _REPORTED_AS_ANSWER)
    invoke = runtime.Worker.invoke

    def invoke_and_keep(self: Any, event: Any, request_id: str, **more: Any) -> dict:
        def run() -> dict:
            result = invoke(self, event, request_id, **more)
            answer = result.get("result")
            raised = answer.get(_RAISED) if isinstance(answer, dict) else None
            return result if raised is None else {**result, **raised}

        _DETAILS.result = around(run, self, self.config)
        return _DETAILS.result

    runtime.Worker.invoke = invoke_and_keep
    module = importlib.import_module("ministack.services.lambda_svc")
    execute = module._execute_function_warm

    def execute_and_tell(func: dict, event: Any, request_id: str) -> dict:
        _DETAILS.result = {}
        result = execute(func, event, request_id)
        if result.get("error") and isinstance(result.get("body"), dict) and not result.get("throttle"):
            result["body"] = _error_body(result["body"], _DETAILS.result, request_id)
        return result

    module._execute_function_warm = execute_and_tell


def _error_body(body: dict, details: dict, request_id: str) -> dict:
    message = body.get("errorMessage", "")
    if details.get("type"):
        return {
            "errorMessage": message,
            "errorType": details["type"],
            "requestId": request_id,
            "stackTrace": details["stack"],
        }
    if message.startswith("Task timed out"):
        return {"errorMessage": f"RequestId: {request_id} Error: {message}", "errorType": "Sandbox.Timedout"}
    if message.startswith("Worker process died"):
        message = "Runtime exited without providing a reason"
    if message.startswith("Runtime exited"):
        return {"errorMessage": f"RequestId: {request_id} Error: {message}", "errorType": "Runtime.ExitError"}
    return body


def kill_worker(worker: Any) -> None:
    """Kill the process of a worker, if it runs."""
    process = worker._proc
    if process is not None and process.poll() is None:
        process.kill()


# Events


def stop_scheduler() -> None:
    """Never start MiniStack's own clock for rules with a schedule."""
    importlib.import_module("ministack.services.eventbridge").start_scheduler = lambda: None


def replace_event_delivery(deliver: Callable[[dict, dict, dict], None]) -> None:
    """Let a function of ours deliver to functions and queues what PutEvents takes: it gets target, event, rule."""
    module = importlib.import_module("ministack.services.eventbridge")
    original = module._invoke_target

    def invoke_target(target: dict, event: dict, rule: dict, view: Any = None) -> None:
        if target.get("Arn", "").split(":")[2:3] == ["lambda"]:
            whole = (view or module._pattern_event_view(event)).event_with_detail()
            deliver(target, whole, rule)
        else:
            original(target, event, rule, view)

    module._invoke_target = invoke_target


def rule_exists(name: str, bus: str) -> bool:
    """Tell whether the account being served has a rule."""
    return f"{bus}|{name}" in _get("ministack.services.eventbridge:_rules")


def rule_has_targets(name: str, bus: str) -> bool:
    """Tell whether a rule of the account being served has targets."""
    return bool(_get("ministack.services.eventbridge:_targets").get(f"{bus}|{name}"))


def scheduled_rules(account: str, in_region: str) -> list[tuple[dict, list[dict]]]:
    """Return the rules with a schedule and their targets."""
    targets = _get("ministack.services.eventbridge:_targets")
    return [
        (rule, targets.get_scoped(account, in_region, key) or [])
        for key, rule in _get("ministack.services.eventbridge:_rules").items_scoped(account, in_region)
        if rule.get("ScheduleExpression")
    ]


def next_firing(expression: str, after: Any, anchor: Any) -> Any:
    """Return when a schedule fires next after a time: ``rate`` counts from its anchor; None: never again."""
    seconds = _get("ministack.services.eventbridge:_parse_rate_seconds")(expression)
    if seconds:
        passed = max(0, int((after - anchor).total_seconds() // seconds))
        return anchor + type(after - anchor)(seconds=(passed + 1) * seconds)
    fields = _get("ministack.services.eventbridge:_parse_cron_fields")(expression)
    return _get("ministack.services.eventbridge:_cron_next_fire")(fields, after) if fields else None


# Queues, metrics, alarms, logs


def queues(account: str, in_region: str) -> list[dict]:
    """Return the queues of an account: ``attributes``, ``messages`` (sent_at, visible_at, receive_count, sys)."""
    return _get("ministack.services.sqs:_queues").values_scoped(account, in_region)


def count_messages(queue: dict) -> tuple[int, int]:
    """Drop what is older than the queue keeps, and return the numbers of visible messages and of those in flight."""
    _get("ministack.services.sqs:_refresh_counts")(queue)
    counts = queue["attributes"]
    return int(counts["ApproximateNumberOfMessages"]), int(counts["ApproximateNumberOfMessagesNotVisible"])


def publish(topic: str, message: str, subject: str) -> bool:
    """Publish to a topic as an AWS service does; False when it does not exist."""
    return _get("ministack.services.sns:publish_internal")(topic, message, subject) is not None


def topic_allows(topic: str, service: str, source_arn: str, account: str) -> bool:
    """Tell whether the policy of a topic lets an AWS service publish for a source."""
    return _get("ministack.services.sns:topic_policy_allows")(topic, service, source_arn, account)


def cloudwatch_error(code: str, message: str, headers: dict) -> Answer:
    """Return a refusal of CloudWatch in the protocol of the request."""
    is_cbor = "cbor" in headers.get("content-type", "")
    return _get("ministack.services.cloudwatch:_error")(
        code, message, 400, use_json="x-amz-target" in headers, use_cbor=is_cbor
    )


def record_metric(namespace: str, name: str, value: float, unit: str, dimensions: dict[str, str]) -> None:
    """Record one value of a metric in the account and Region being served."""
    _get("ministack.services.cloudwatch:record_metric")(namespace, name, value, unit, dimensions)


def metric_points(account: str, in_region: str) -> Iterator[tuple[str, str, list[dict]]]:
    """Return (namespace, name, points) of all metrics; a point has Timestamp, Value, Unit, Dimensions, maybe Count."""
    for (namespace, name, _key), points in _get("ministack.services.cloudwatch:_metrics").items_scoped(
        account, in_region
    ):
        yield namespace, name, points


def alarms(account: str, in_region: str) -> list[dict]:
    """Return the metric alarms as they were put, with StateValue and StateReason."""
    return _get("ministack.services.cloudwatch:_alarms").values_scoped(account, in_region)


def stop_alarm_evaluation() -> None:
    """Leave the state of alarms to us: MiniStack ignores their dimensions and what missing data means."""
    importlib.import_module("ministack.services.cloudwatch")._evaluate_alarm = lambda alarm: None


def note_alarm_state(name: str, before: str, after: str, reason: str) -> None:
    """Write a change of an alarm's state into the history of the account being served."""
    _get("ministack.services.cloudwatch:_record_history")(name, before, after, reason)


def replace_filter_patterns(compile_pattern: Callable[[str], Callable[[str], bool]]) -> None:
    """Let a function of ours read the filter patterns of CloudWatch Logs."""
    importlib.import_module("ministack.services.cloudwatch_logs")._compile_filter_pattern = compile_pattern


def log_group_exists(name: str) -> bool:
    """Tell whether the account being served has a log group."""
    return name in _get("ministack.services.cloudwatch_logs:_log_groups")
