#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_routing_profile_info
version_added: 0.1.0
short_description: Gather facts about routing profiles of an Amazon Connect instance
description:
  - Returns one routing profile of an instance with its queues, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name, id or ARN of the routing profile.
      - When left out, all routing profiles are returned. That takes one request for each.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_routing_profile
"""

EXAMPLES = r"""
- name: Look at one routing profile
  amazon_connect.sap.connect_routing_profile_info:
    instance: example-poc
    name: Basic Routing Profile
  register: result

- name: Look at all routing profiles
  amazon_connect.sap.connect_routing_profile_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
routing_profiles:
  description: The routing profiles, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the routing profile.
      type: str
      returned: always
    arn:
      description: ARN of the routing profile.
      type: str
      returned: always
    name:
      description: Name of the routing profile.
      type: str
      returned: always
    description:
      description: Description of the routing profile.
      type: str
      returned: always
    default_outbound_queue_id:
      description: Id of the queue for calls that users make.
      type: str
      returned: always
    media_concurrencies:
      description: The channels, as C(channel), C(concurrency) and C(cross_channel_behavior).
      type: list
      elements: dict
      returned: always
    queue_configs:
      description: The pairs of queue and channel, as C(queue_id), C(channel), C(priority) and C(delay).
      type: list
      elements: dict
      returned: always
    agent_availability_timer:
      description: What decides which user has waited longest.
      type: str
      returned: always
    tags:
      description: Tags of the routing profile.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.routing_profile import (
    RoutingProfile,
)


def main() -> None:
    module = ConnectModule(RoutingProfile(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
