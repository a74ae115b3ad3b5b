#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_routing_profile
version_added: 0.1.0
short_description: Manage a routing profile of an Amazon Connect instance
description:
  - Creates, changes and deletes a routing profile, which says which contacts its users get from which queues.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the routing profile.
      - The id or ARN of an existing routing profile works too.
    type: str
    required: true
  description:
    description:
      - Description of the routing profile. A new one needs it.
    type: str
  default_outbound_queue:
    description:
      - Name, id or ARN of the queue for calls that users make. A new routing profile needs it.
    type: str
  media_concurrencies:
    description:
      - All channels that users get contacts of. A channel that is not named is taken away.
      - A new routing profile needs it.
    type: list
    elements: dict
    suboptions:
      channel:
        description:
          - The channel.
        type: str
        required: true
        choices: [VOICE, CHAT, TASK, EMAIL]
      concurrency:
        description:
          - How many contacts a user can have at the same time, V(1) for V(VOICE), up to V(10) for others.
        type: int
        required: true
      cross_channel_behavior:
        description:
          - Whether a user who has a contact of this channel can get one of another channel too.
          - A new channel gets V(ROUTE_CURRENT_CHANNEL_ONLY) when this is left out.
        type: str
        choices: [ROUTE_CURRENT_CHANNEL_ONLY, ROUTE_ANY_CHANNEL]
  queue_configs:
    description:
      - Queues that contacts come from, each for one channel.
    type: list
    elements: dict
    suboptions:
      queue:
        description:
          - Name, id or ARN of the queue.
        type: str
        required: true
      channel:
        description:
          - The channel, one of O(media_concurrencies).
        type: str
        required: true
        choices: [VOICE, CHAT, TASK, EMAIL]
      priority:
        description:
          - Order in which queues are served, V(1) comes first.
          - A new pair of queue and channel gets V(1) when this is left out.
        type: int
      delay:
        description:
          - How many seconds a contact waits in the queue before it is offered to users of this routing profile.
          - A new pair of queue and channel gets V(0) when this is left out.
        type: int
  purge_queue_configs:
    description:
      - Whether pairs of queue and channel that are not in O(queue_configs) are taken away.
    type: bool
    default: false
  agent_availability_timer:
    description:
      - What decides which user has waited longest.
      - A new routing profile gets V(TIME_SINCE_LAST_ACTIVITY) when this is left out.
    type: str
    choices: [TIME_SINCE_LAST_ACTIVITY, TIME_SINCE_LAST_INBOUND]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_routing_profile_info
"""

EXAMPLES = r"""
- name: Create a routing profile
  amazon_connect.sap.connect_routing_profile:
    instance: example-poc
    name: Sales agents
    description: Calls and chats of the sales team
    default_outbound_queue: BasicQueue
    media_concurrencies:
      - channel: VOICE
        concurrency: 1
      - channel: CHAT
        concurrency: 2
    queue_configs:
      - queue: BasicQueue
        channel: VOICE
    tags:
      environment: poc

- name: Let chats of a queue wait for other users first
  amazon_connect.sap.connect_routing_profile:
    instance: example-poc
    name: Sales agents
    queue_configs:
      - queue: BasicQueue
        channel: CHAT
        priority: 2
        delay: 30

- name: Delete the routing profile
  amazon_connect.sap.connect_routing_profile:
    instance: example-poc
    name: Sales agents
    state: absent
"""

RETURN = r"""
routing_profile:
  description: The routing profile; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the routing profile; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the routing profile; null in check mode when it would be created.
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
      returned: when O(queue_configs) is given
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
    channels = ["VOICE", "CHAT", "TASK", "EMAIL"]
    module = ConnectModule(
        RoutingProfile(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            description=dict(type="str"),
            default_outbound_queue=dict(type="str"),
            media_concurrencies=dict(
                type="list",
                elements="dict",
                options=dict(
                    channel=dict(type="str", required=True, choices=channels),
                    concurrency=dict(type="int", required=True),
                    cross_channel_behavior=dict(
                        type="str", choices=["ROUTE_CURRENT_CHANNEL_ONLY", "ROUTE_ANY_CHANNEL"]
                    ),
                ),
            ),
            queue_configs=dict(
                type="list",
                elements="dict",
                options=dict(
                    queue=dict(type="str", required=True),
                    channel=dict(type="str", required=True, choices=channels),
                    priority=dict(type="int"),
                    delay=dict(type="int"),
                ),
            ),
            purge_queue_configs=dict(type="bool", default=False),
            agent_availability_timer=dict(type="str", choices=["TIME_SINCE_LAST_ACTIVITY", "TIME_SINCE_LAST_INBOUND"]),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
