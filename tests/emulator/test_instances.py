# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances (connect-api 1)."""

from __future__ import annotations


def test_create_and_describe(connect, instance):
    described = connect.describe_instance(InstanceId=instance)["Instance"]
    assert described["InstanceStatus"] == "ACTIVE"
