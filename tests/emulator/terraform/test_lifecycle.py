# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terraform makes, reads, changes, imports and destroys everything that its provider knows of Amazon Connect."""

from __future__ import annotations


def test_small_configuration(terraform, client, exercised):
    """An instance, hours and a queue: made, changed in place and destroyed, each time with nothing left to plan."""
    small = terraform("small")
    small.create()
    assert small.plan().actions == {}
    change = small.plan(changed=True)
    addresses = ["aws_connect_hours_of_operation.office", "aws_connect_instance.main", "aws_connect_queue.sales"]
    assert change.actions == dict.fromkeys(addresses, ["update"])
    small.apply()
    assert small.plan(changed=True).actions == {}
    small.destroy(changed=True)
    assert client("connect").list_instances()["InstanceSummaryList"] == []
