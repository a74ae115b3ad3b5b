# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ends a maintenance run, or stops it early. Contacts that fail are in the report, they end nothing."""

from __future__ import annotations

from ..errors import RetryableError
from ..errors import SummaryError


class MaintenanceRequestInvalid(SummaryError):
    """The request names an action or an option that there is not, or gives one an impossible value."""


class DeliveryStopped(RetryableError):
    """The delivery function takes nothing more for now. ``why`` is the word for the report."""

    why = ""


class DeliveryPaused(DeliveryStopped):
    """Its reserved concurrency is 0: a pause. What is sent now only comes back as a dead letter."""

    why = "DeliveryPaused"


class DeliveryThrottled(DeliveryStopped):
    """All its concurrency is in use."""

    why = "DeliveryThrottled"
