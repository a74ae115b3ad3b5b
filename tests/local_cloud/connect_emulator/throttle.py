# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request rates: token buckets per account and Region (connect-api 11)."""

from __future__ import annotations

from datetime import datetime

from .settings import ThrottleSettings

FASTER = frozenset({"GetMetricData", "GetCurrentMetricData", "StartChatContact", "StartContactStreaming"})
FASTER_RATE = 5.0
FASTER_BURST = 8


def take(
    buckets: dict[tuple[str, ...], tuple[float, datetime]],
    settings: ThrottleSettings,
    *,
    account: str,
    region: str,
    operation: str,
    now: datetime,
) -> bool:
    """Take one request out of its bucket; False when the bucket is empty."""
    if not settings.enabled:
        return True
    rate, burst, name = settings.rate, settings.burst, operation
    if operation in FASTER:
        rate, burst = FASTER_RATE, FASTER_BURST
    elif settings.scope == "account":
        name = "*"
    key = (account, region, name)
    tokens, filled_at = buckets.get(key, (float(burst), now))
    tokens = min(float(burst), tokens + max(0.0, (now - filled_at).total_seconds()) * rate)
    allowed = tokens >= 1.0
    buckets[key] = (tokens - 1.0 if allowed else tokens, now)
    return allowed
