# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where operation files announce what they implement and what a new instance is seeded with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .model import operation_model

Handler = Callable[..., Any]

OPERATIONS: dict[str, Handler] = {}
SEEDERS: list[Handler] = []


def operation(name: str) -> Callable[[Handler], Handler]:
    """Register the function that implements the model's operation of that name."""
    operation_model(name)

    def register(handler: Handler) -> Handler:
        if name in OPERATIONS:
            raise ValueError(f"{name} is implemented twice")
        OPERATIONS[name] = handler
        return handler

    return register


def on_instance_created(seeder: Handler) -> Handler:
    """Register a function (context, instance) that puts defaults into a new instance."""
    SEEDERS.append(seeder)
    return seeder
