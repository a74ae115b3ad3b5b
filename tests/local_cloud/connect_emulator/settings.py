# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests and people can turn: delays, lag, throttling, quotas."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from dataclasses import is_dataclass
from typing import Any


@dataclass
class ThrottleSettings:
    """Token bucket of one scope: `operation` (inferred) or `account`, both per account and Region (connect-api 11)."""

    enabled: bool = False
    rate: float = 2.0
    burst: int = 5
    scope: str = "operation"


@dataclass
class LostEvents:
    """Share of the contacts whose rule events are lost on the way; which ones follows from the seed."""

    share: float = 0.0
    seed: int = 0


@dataclass
class LiveSettings:
    """Live contacts: how long they ring, whether dialled customers answer by themselves, when the analysis comes.

    Outbound contacts get `outbound_summary` as the summary of their analysis, none when it is empty.
    """

    ring_seconds: float = 20.0
    outbound_answer: str = "auto"
    answer_seconds: float = 0.5
    analysis_delay: float = 1.0
    outbound_summary: str = ""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "outbound_answer" and value not in ("auto", "manual"):
            raise ValueError("Setting outbound_answer is auto or manual")
        super().__setattr__(name, value)


@dataclass
class Settings:
    """All times in seconds."""

    creation_delay: float = 1.0
    claim_delay: float = 1.0
    lag: float = 0.0
    latency: float = 0.0
    alias_cooldown: float = 0.0
    clock_offset: float = 0.0
    instance_quota: int = 2
    instance_churn_quota: int = 100
    approved_origin_quota: int = 50
    lambda_quota: int = 50
    bot_quota: int = 70
    vocabulary_quota: int = 20
    custom_voices_allowed: bool = False
    # Real seconds for one second of the pauses between the retries of EventBridge.
    delivery_pace: float = 0.0
    # A share of the contacts, or the ids of contacts.
    lost_events: LostEvents | list[str] = field(default_factory=LostEvents)
    throttle: ThrottleSettings = field(default_factory=ThrottleSettings)
    live: LiveSettings = field(default_factory=LiveSettings)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as the control address shows them."""
        return asdict(self)

    def update(self, values: dict[str, Any]) -> None:
        """Set the given values only; an unknown name or a value of another type raises ValueError."""
        changed = deepcopy(self)
        _assign(changed, values)
        self.__dict__.update(changed.__dict__)


def _assign(target: Any, values: dict[str, Any]) -> None:
    known = {item.name for item in fields(target)}
    for name, value in values.items():
        if name not in known:
            raise ValueError(f"Unknown setting {name}")
        present = getattr(target, name)
        if name == "lost_events":
            present = LostEvents()
            setattr(target, name, present)
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                setattr(target, name, value)
                continue
        if is_dataclass(present):
            if not isinstance(value, dict):
                raise ValueError(f"Setting {name} takes an object")
            _assign(present, value)
            continue
        wanted = type(present)
        fits = isinstance(value, (int, float) if wanted in (int, float) else wanted)
        if not fits or isinstance(value, bool) != (wanted is bool):
            raise ValueError(f"Setting {name} takes a {wanted.__name__}")
        setattr(target, name, wanted(value))
