# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All operations of the emulator. The order is the order in which a new instance is filled."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "instances",
    "instance_attributes",
    "storage_configs",
    "approved_origins",
    "integrations",
    "bots",
    "tags",
    "hours_of_operation",
    "queues",
    "routing_profiles",
    "security_profiles",
    "agent_statuses",
    "prompts",
    "contact_flows",
    "contact_flow_modules",
    "user_hierarchy",
    "users",
    "quick_connects",
    "rules",
    "vocabularies",
    "phone_numbers",
    "contacts",
)

for _name in MODULES:
    import_module(f"{__name__}.{_name}")
