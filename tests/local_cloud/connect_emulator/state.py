# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulator remembers: instances and their objects, per account and Region."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import threading
import uuid
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import lru_cache
from typing import Any

from .errors import ConnectError
from .model import Operation
from .settings import Settings

TOKEN_LIFETIME = timedelta(hours=24)
_CLIENT_LOCK = threading.Lock()


@dataclass
class Record:
    """One object of an instance (or of the account and Region, as phone numbers are).

    `data` is in the shape of the API, without the tags. `gone_at` is when a deletion that takes its time is through.
    """

    id: str
    arn: str
    name: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    visible_at: datetime | None = None
    gone_at: datetime | None = None


class Store:
    """Records of one kind. Reads honour the lag; `find` and `everything` see all, as the database behind does."""

    def __init__(self, emulator: Emulator, kind: str) -> None:
        self._emulator = emulator
        self._records: dict[str, Record] = {}
        self.kind = kind

    def create(self, record: Record) -> Record:
        """Keep a record; it answers not found until the lag has passed, unless it belongs to a new instance."""
        now = self._emulator.now()
        record.created_at = record.created_at or now
        record.updated_at = record.updated_at or now
        lag = 0.0 if self._emulator.seeding else self._emulator.settings.lag
        record.visible_at = now + timedelta(seconds=lag)
        self._records[record.id] = record
        return record

    def get(self, id_or_arn: str, error: str = "ResourceNotFoundException") -> Record:
        """Return a record by id or ARN, or raise `error` (connect-api 0.2, 0.3)."""
        record = self._records.get(id_or_arn)
        if record is None and id_or_arn.startswith("arn:"):
            record = next((item for item in self._records.values() if item.arn == id_or_arn), None)
        if record is not None and self._is_visible(record):
            return record
        raise ConnectError(error, f"No {self.kind.replace('_', ' ')} entry {id_or_arn} was found.")

    def find(self, name: str) -> Record | None:
        """Return the record of that name, also one that is younger than the lag."""
        return next((record for record in self._records.values() if record.name == name), None)

    def delete(self, id_or_arn: str, error: str = "ResourceNotFoundException") -> Record:
        """Remove a record and return it."""
        return self._records.pop(self.get(id_or_arn, error).id)

    def discard(self, record: Record) -> None:
        """Remove a record whether visible or not."""
        self._records.pop(record.id, None)

    def all(self) -> list[Record]:
        """Return the records that are visible by now, oldest first."""
        return [record for record in self._records.values() if self._is_visible(record)]

    def everything(self) -> list[Record]:
        """Return all records, the invisible ones too: for quotas and references."""
        return list(self._records.values())

    def _is_visible(self, record: Record) -> bool:
        now = self._emulator.now()
        return record.visible_at <= now and (record.gone_at is None or now < record.gone_at)

    def __len__(self) -> int:
        return len(self._records)


class Instance:
    """An instance with its stores. `data` has the members of the API's Instance that do not change by time."""

    def __init__(self, emulator: Emulator, *, id: str, arn: str, alias: str | None, data: dict[str, Any]) -> None:
        self._emulator = emulator
        self._stores: dict[str, Store] = {}
        self.id = id
        self.arn = arn
        self.alias = alias
        self.data = data
        self.tags: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.created_at = emulator.now()
        self.ready_at = self.created_at
        self.usable_at = self.created_at
        self.failure: str | None = None
        # Of timers.py and of live/floor.py, which say what they are.
        self.timers: list[Any] = []
        self.floor: Any = None

    @property
    def status(self) -> str:
        """CREATION_IN_PROGRESS until the delay has passed, then ACTIVE or CREATION_FAILED (connect-api 1.2)."""
        if self._emulator.now() < self.ready_at:
            return "CREATION_IN_PROGRESS"
        return "CREATION_FAILED" if self.failure is not None else "ACTIVE"

    @property
    def usable(self) -> bool:
        """Whether other operations find it: when it is ACTIVE and the lag has passed too (connect-api 1.2)."""
        return self.status == "ACTIVE" and self._emulator.now() >= self.usable_at

    def store(self, kind: str) -> Store:
        """Return the store of one kind of record, made when first asked for."""
        if kind not in self._stores:
            self._stores[kind] = Store(self._emulator, kind)
        return self._stores[kind]

    def stores(self) -> Iterator[Store]:
        yield from self._stores.values()


class RegionState:
    """Everything of one account in one Region."""

    def __init__(self, emulator: Emulator, account: str, region: str) -> None:
        self._emulator = emulator
        self._stores: dict[str, Store] = {}
        self.account = account
        self.region = region
        self.instances: dict[str, Instance] = {}
        self.replays: dict[tuple[str, str], tuple[datetime, str, Any]] = {}

    def store(self, kind: str) -> Store:
        """Return a store of records that belong to no instance."""
        if kind not in self._stores:
            self._stores[kind] = Store(self._emulator, kind)
        return self._stores[kind]

    @property
    def phone_numbers(self) -> Store:
        return self.store("phone_numbers")

    def record_by_arn(self, arn: str) -> Record | Instance | None:
        """Return the visible record or usable instance with that ARN."""
        for store in self._stores.values():
            for record in store.all():
                if record.arn == arn:
                    return record
        for instance in self.instances.values():
            if not instance.usable:
                continue
            if instance.arn == arn:
                return instance
            for store in instance.stores():
                for record in store.all():
                    if record.arn == arn:
                        return record
        return None


class Emulator:
    """The whole state of the process, with its clock and settings."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.client_factory: Callable[[str, str, str], Any] = aws_client
        # Records a metric: account, Region, namespace, name, value, unit, dimensions. The local cloud sets it.
        self.count: Callable[..., None] = lambda *_values, **_dimensions: None
        self.seeding = False
        self._forget_all()

    def _forget_all(self) -> None:
        self.regions: dict[tuple[str, str], RegionState] = {}
        self.journal: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.buckets: dict[tuple[str, ...], Any] = {}
        self.retired_aliases: dict[str, datetime] = {}
        self.instance_churn: dict[tuple[str, str], list[datetime]] = {}

    def now(self) -> datetime:
        """Return the emulator's time, aware and in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.settings.clock_offset)

    def region(self, account: str, region: str) -> RegionState:
        key = (account, region)
        if key not in self.regions:
            self.regions[key] = RegionState(self, account, region)
        return self.regions[key]

    def reset(self, account: str | None = None, region: str | None = None) -> None:
        """Forget everything, or only one account, or one account in one Region. Settings stay."""
        if account is None and region is None:
            self._forget_all()
            return

        def concerned(key: tuple[str, ...]) -> bool:
            return account in (None, key[0]) and region in (None, key[1])

        for table in (self.regions, self.buckets, self.instance_churn):
            for key in [key for key in table if concerned(key)]:
                del table[key]
        self.journal[:] = [entry for entry in self.journal if not concerned((entry["account"], entry["region"]))]


def aws_client(service: str, account: str, region: str) -> Any:
    """Return a boto3 client that acts as the AWS service itself would: as root of the account, on the local cloud."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        raise RuntimeError("AWS_ENDPOINT_URL is not set: the emulator calls AWS services on the local cloud only")
    # A client may be shared by threads, but not be made in two at once.
    with _CLIENT_LOCK:
        return _made_client(service, account, region, endpoint)


@lru_cache(maxsize=512)
def _made_client(service: str, account: str, region: str, endpoint: str) -> Any:
    import boto3

    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="local",
    )


@dataclass
class Context:
    """What an operation knows about its caller, and the helpers it works with."""

    emulator: Emulator
    operation: Operation
    account: str
    region: str
    principal_arn: str
    fault: dict[str, Any] | None = None

    @property
    def settings(self) -> Settings:
        return self.emulator.settings

    @property
    def region_state(self) -> RegionState:
        return self.emulator.region(self.account, self.region)

    def now(self) -> datetime:
        return self.emulator.now()

    def new_id(self) -> str:
        """Return a fresh lower-case UUID."""
        return str(uuid.uuid4())

    def invalid(self, message: str, **members: Any) -> ConnectError:
        """Return the declared exception for a bad value, to be raised."""
        return ConnectError(self.operation.invalid_code, message, **members)

    def instance(self, id_or_arn: str) -> Instance:
        """Return a usable instance by id or ARN.

        One that is missing, still in creation, just out of it or failed raises ResourceNotFoundException
        (connect-api 1.2). A member that takes only the id refuses an ARN (connect-api 0.1; the error is inferred).
        """
        instance = self.region_state.instances.get(self.instance_id(id_or_arn))
        if instance is None or not instance.usable:
            code = "ResourceNotFoundException"
            # A few operations do not declare it (inferred).
            raise ConnectError(
                code if code in self.operation.errors else self.operation.invalid_code, "Instance not found"
            )
        return instance

    def instance_id(self, id_or_arn: str) -> str:
        """Return the id of an id or an ARN of this account and Region."""
        if not id_or_arn.startswith("arn:"):
            return id_or_arn
        shape = self.operation.members.get("InstanceId")
        if shape is not None and shape.name == "InstanceId":
            raise self.invalid("InstanceId takes the id of the instance, not its ARN.")
        prefix, _unused, instance_id = id_or_arn.rpartition("instance/")
        return instance_id if prefix == self.arn_prefix else ""

    @property
    def arn_prefix(self) -> str:
        partition = {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(self.region.rsplit("-", 2)[0], "aws")
        return f"arn:{partition}:connect:{self.region}:{self.account}:"

    def arn(self, instance: Instance | None, kind: str, id: str) -> str:
        """Return the ARN of an object of an instance; without instance, of the account and Region."""
        return f"{instance.arn}/{kind}/{id}" if instance else f"{self.arn_prefix}{kind}/{id}"

    def touch(self, record: Record) -> None:
        """Note a change: LastModifiedTime and LastModifiedRegion."""
        record.updated_at = self.now()
        record.data["LastModifiedTime"] = record.updated_at
        record.data["LastModifiedRegion"] = self.region

    def page(
        self,
        items: Iterable[Any],
        request: dict[str, Any],
        default: int = 100,
        maximum: int | None = None,
    ) -> tuple[list[Any], str | None]:
        """Return one page and the token of the next, or None.

        A token that is garbled, older than 24 hours or of another request is refused (connect-api 0.1).
        """
        items = list(items)
        maximum = maximum or self.operation.page_maximum or default
        size = min(request.get("MaxResults") or default, maximum)
        query = {name: value for name, value in request.items() if name not in ("NextToken", "MaxResults")}
        text = json.dumps([self.operation.name, query], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        start = self._token_offset(request["NextToken"], digest) if request.get("NextToken") else 0
        end = start + size
        if end >= len(items):
            return items[start:end], None
        token = json.dumps([end, digest, self.now().timestamp()])
        return items[start:end], base64.urlsafe_b64encode(token.encode()).decode()

    def _token_offset(self, token: str, digest: str) -> int:
        try:
            offset, known, made_at = json.loads(base64.urlsafe_b64decode(token.encode()))
            stale = self.now().timestamp() - made_at > TOKEN_LIFETIME.total_seconds()
            if known == digest and not stale:
                return int(offset)
        except (ValueError, TypeError):
            pass
        raise self.invalid("NextToken is not valid for this request or has expired.")

    def aws_client(self, service: str) -> Any:
        """Return a boto3 client for another service of the caller's account; use it in a thread."""
        return self.emulator.client_factory(service, self.account, self.region)

    async def call_aws(self, service: str, method: str, **parameters: Any) -> Any:
        """Call another AWS service of the account without blocking the event loop."""
        return await asyncio.to_thread(lambda: getattr(self.aws_client(service), method)(**parameters))


EMULATOR = Emulator()
