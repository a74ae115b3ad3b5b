# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of an instance's objects share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def refused(code: str, call: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
    """Check that the call ends with that error; return the whole answer."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    return caught.value.response


def ids(summaries: list[dict[str, Any]]) -> dict[str, str]:
    """Return the ids of a List answer by name."""
    return {item["Name"]: item["Id"] for item in summaries if "Name" in item}


class Defaults:
    """Ids of the default objects of an instance, looked up once."""

    def __init__(self, connect: Any, instance: str) -> None:
        self.queue = ids(connect.list_queues(InstanceId=instance)["QueueSummaryList"])["BasicQueue"]
        self.hours = ids(connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"])[
            "Basic Hours"
        ]
        profiles = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"]
        self.routing_profile = ids(profiles)["Basic Routing Profile"]
        self.security_profiles = ids(connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"])

    def user(self, username: str = "agent", **more: Any) -> dict[str, Any]:
        """Return what CreateUser takes for a valid user of a CONNECT_MANAGED instance, besides the instance."""
        return {
            "Username": username,
            "Password": "Passw0rd",
            "IdentityInfo": {"FirstName": "Ada", "LastName": "Agent"},
            "RoutingProfileId": self.routing_profile,
            "SecurityProfileIds": [self.security_profiles["Agent"]],
            **more,
        }
