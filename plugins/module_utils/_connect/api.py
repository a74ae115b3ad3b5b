# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to the service: one door for reads, one for writes. Private to this collection."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import Any

try:
    from botocore.exceptions import BotoCoreError
    from botocore.exceptions import ClientError
    from botocore.exceptions import ConnectionError as BotoConnectionError
    from botocore.exceptions import HTTPClientError
except ImportError:
    pass  # AnsibleAWSModule says so, clearly

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.cloud import BackoffIterator
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry
from ansible_collections.amazon.aws.plugins.module_utils.transformation import boto3_resource_to_ansible_dict

from .errors import ConnectError
from .errors import describe_error
from .errors import error_code
from .errors import is_missing
from .errors import is_throttled
from .errors import is_transient

_READ_VERBS = ("list_", "describe_", "search_", "get_", "batch_get_", "filter_", "lookup_")
_TOKEN_NAMESPACE = uuid.UUID("6f0f2b0a-5d35-5a5c-9a4e-6d2f6a1d2c11")
_MAXIMUM_ATTEMPTS = 15
_MAXIMUM_TRANSIENT_ATTEMPTS = 5
_SETTLE_SECONDS = 60


class _Retry(AWSRetry):
    base_class = (ClientError, BotoConnectionError, HTTPClientError) if "ClientError" in globals() else ()


class ConnectApi:
    """The requests of one module run.

    Operations are named as boto3 methods ("describe_queue"). A read is sent once per run: its answer is kept until the
    next write. A write in check mode is a fault of the calling code and raises RuntimeError.
    `subject` is the thing that the run is about, for messages: ("queue", "queue 'Sales'").
    """

    def __init__(self, client: Any, *, subject: tuple[str, str] = ("", ""), check_mode: bool = False) -> None:
        self.client = client
        self.subject = subject
        self._check_mode = check_mode
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}
        self._settling: dict[str, float] = {}
        self._salt = 0
        self.used_client_token = False

    def read(self, operation: str, **params: Any) -> dict[str, Any]:
        """Return the answer of a read operation; raise ConnectError when it fails."""
        try:
            return self._read(operation, params)
        except (ClientError, BotoCoreError) as error:
            raise self.explain(operation, error) from error

    def describe(self, operation: str, *, missing: tuple[str, ...] = (), **params: Any) -> dict[str, Any] | None:
        """Return the answer of a read operation, or None when the thing does not exist.

        :param missing: error codes that also mean "does not exist" for this operation
        """
        try:
            return self._read(operation, params)
        except (ClientError, BotoCoreError) as error:
            if is_missing(error) or error_code(error) in missing:
                return None
            raise self.explain(operation, error) from error

    def pages(self, operation: str, **params: Any) -> list[Any] | None:
        """Return all items of a List or Search operation in pages of the model's maximum size.

        :returns: the items, or None when what the list belongs to does not exist
        """
        members = self._members(operation)
        key = next(name for name, shape in self._output(operation).items() if shape.type_name == "list")
        if "MaxResults" in members and "MaxResults" not in params:
            params["MaxResults"] = members["MaxResults"].metadata.get("max", 100)
        items: list[Any] = []
        while True:
            page = self.describe(operation, **params)
            if page is None:
                return None
            items.extend(page.get(key, []))
            if page.get("NextToken"):
                params["NextToken"] = page["NextToken"]
            elif page.get("NextMarker"):  # of Lambda
                params["Marker"] = page["NextMarker"]
            else:
                return items

    def marked_pages(self, operation: str, **params: Any) -> list[Any]:
        """Return all items of a List operation of CloudFront, whose answer is one member with items and a marker."""
        key = next(iter(self._output(operation)))
        items: list[Any] = []
        while True:
            page = self.read(operation, **params)[key]
            items.extend(page.get("Items", []))
            if not page.get("NextMarker"):
                return items
            params["Marker"] = page["NextMarker"]

    def write(self, operation: str, **params: Any) -> dict[str, Any]:
        """Send a change and return its answer; raise ConnectError when it fails."""
        if self._check_mode or operation.startswith(_READ_VERBS):
            raise RuntimeError(f"{operation} must not be sent as a write here")
        self.forget()
        if "ClientToken" in self._members(operation):
            # botocore would make up a new one for each try, and a repeated request would conflict with itself
            params.setdefault("ClientToken", str(uuid.uuid4()))
        try:
            return self._send(operation, params)
        except (ClientError, BotoCoreError) as error:
            raise self.explain(operation, error) from error

    def write_once(self, operation: str, **params: Any) -> dict[str, Any]:
        """Send a change that takes long: whether it happened when its answer is lost is for the caller to find out."""
        if self._check_mode or operation.startswith(_READ_VERBS):
            raise RuntimeError(f"{operation} must not be sent as a write here")
        self.forget()
        try:
            return getattr(self.client, operation)(**params)
        except (ClientError, BotoCoreError) as error:
            raise self.explain(operation, error) from error

    def create(self, operation: str, **params: Any) -> dict[str, Any]:
        """Send the request that makes a new object.

        Operations with a ClientToken get a stable one, so that a run that was killed finds its own object again. For
        about a minute from now, "not found" answers to requests that name the new object are retried.
        """
        if "ClientToken" in self._members(operation):
            params["ClientToken"] = client_token(operation, params, salt=self._salt)
            self.used_client_token = True
        answer = self.write(operation, **params)
        for value in answer.values():
            if isinstance(value, str):
                self.expect(value)
        return answer

    def expect(self, id: str) -> None:
        """Retry "not found" answers to requests that name this object for about a minute from now."""
        self._settling[id] = time.monotonic() + _SETTLE_SECONDS

    def renew_client_token(self) -> None:
        """Make the next create a new request, because the last token led to an object that is dead."""
        self._salt += 1

    def delete(self, operation: str, **params: Any) -> None:
        """Send a delete request; it is fine when the thing is gone already."""
        try:
            self.write(operation, **params)
        except ConnectError as error:
            if not is_missing(error.__cause__):
                raise

    def forget(self) -> None:
        """Drop the kept answers, because the state has changed."""
        self._answers.clear()

    def accepts(self, operation: str, member: str) -> bool:
        """Tell whether the operation's input has this member."""
        return member in self._members(operation)

    def enum(self, shape: str) -> list[str]:
        """Return the values of an enumeration of the service model."""
        return list(self.client.meta.service_model.shape_for(shape).enum)

    def explain(self, operation: str, error: BaseException) -> ConnectError:
        """Return the ConnectError for a failed operation, naming verb and thing."""
        return describe_error(_action(operation, self.subject), error)

    def _read(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if not operation.startswith(_READ_VERBS):
            raise RuntimeError(f"{operation} is not a read operation")
        key = (operation, json.dumps(params, sort_keys=True, default=str))
        if key not in self._answers:
            self._answers[key] = self._send(operation, params)
        return self._answers[key]

    def _send(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        # A create without a token may have happened although its answer was lost: it is not repeated.
        repeatable = not operation.startswith("create_") or "ClientToken" in params
        breakdowns = 0

        def worth_another_try(error: BaseException, _unused: Any) -> bool:
            nonlocal breakdowns
            if is_missing(error):
                return self._is_settling(params)
            if is_transient(error):
                breakdowns += 1
                return repeatable and breakdowns < _MAXIMUM_TRANSIENT_ATTEMPTS
            return is_throttled(error)

        retry = _Retry.base_decorator(
            retries=_MAXIMUM_ATTEMPTS,
            found=worth_another_try,
            status_code_from_exception=lambda error: error,
            catch_extra_error_codes=None,
            sleep_time_generator=BackoffIterator(delay=1, backoff=2, max_delay=8, jitter=True),
        )
        return retry(getattr(self.client, operation))(**params)

    def _is_settling(self, params: Mapping[str, Any]) -> bool:
        return any(
            value.startswith(known) and time.monotonic() < deadline
            for value in params.values()
            if isinstance(value, str)
            for known, deadline in self._settling.items()
        )

    def _members(self, operation: str) -> Mapping[str, Any]:
        shape = self._model(operation).input_shape
        return shape.members if shape else {}

    def _output(self, operation: str) -> Mapping[str, Any]:
        return self._model(operation).output_shape.members

    def _model(self, operation: str) -> Any:
        return self.client.meta.service_model.operation_model(self.client.meta.method_to_api_mapping[operation])


def client_token(operation: str, body: Mapping[str, Any], *, salt: int = 0, now: datetime | None = None) -> str:
    """Return the UUIDv5 of operation, whole body and UTC hour: the same request within the hour gets the same token."""
    hour = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H")
    text = json.dumps([operation, body, hour, salt], sort_keys=True, default=str)
    return str(uuid.uuid5(_TOKEN_NAMESPACE, text))


def normalise(shape: Mapping[str, Any], *, id_key: str = "Id", arn_key: str = "Arn") -> dict[str, Any]:
    """Turn an object of the API into its read model: snake_case, `id`, `arn`, `tags` (a dictionary), times as text."""
    model = dict(boto3_resource_to_ansible_dict(shape, transform_tags=False, ignore_list=["Tags"]))
    for name, key in (("id", id_key), ("arn", arn_key)):
        source = next(iter(camel_dict_to_snake_dict({key: None})))
        if source in model:
            model[name] = model.pop(source)
    return model


def to_request(model: Any) -> Any:
    """Turn a snake_case value of a read model into the CamelCase shape of a request, without empty members."""
    return snake_dict_to_camel_dict(compact(model), capitalize_first=True)


def compact(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping without members that are None or an empty dictionary, nested ones included."""
    inner = {key: compact(value) if isinstance(value, Mapping) else value for key, value in mapping.items()}
    return {key: value for key, value in inner.items() if value is not None and value != {}}


def _action(operation: str, subject: tuple[str, str]) -> str:
    """Say an operation in words: "update hours of operation of queue 'Sales'"."""
    kind, thing = subject
    verb, _unused, what = operation.replace("_", " ").partition(" ")
    if not thing:
        return f"{verb} {what}"
    if what in (kind, "resource", ""):
        return f"{verb} {thing}"
    if what.startswith(f"{kind} "):
        return f"{verb} {what[len(kind) + 1 :]} of {thing}"
    return f"{verb} {what} for {thing}"
