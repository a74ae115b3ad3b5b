# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fresh instance holds, where no operation file tests it (connect-api 1.5)."""

from __future__ import annotations


def test_no_users(connect, instance):
    assert connect.list_users(InstanceId=instance)["UserSummaryList"] == []


def test_no_storage_of_any_type(connect, instance):
    for kind in connect.meta.service_model.shape_for("InstanceStorageResourceType").enum:
        assert connect.list_instance_storage_configs(InstanceId=instance, ResourceType=kind)["StorageConfigs"] == []
