#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_queue
version_added: 0.1.0
short_description: Manage a queue of an Amazon Connect instance
description:
  - Creates, changes and deletes a standard queue.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the queue.
      - The id or ARN of an existing queue works too.
    type: str
    required: true
  description:
    description:
      - Description of the queue. The service does not allow an empty one.
    type: str
  hours_of_operation:
    description:
      - Name, id or ARN of the hours of operation. A new queue needs it.
    type: str
  status:
    description:
      - Whether the queue is in use.
    type: str
    choices: [ENABLED, DISABLED]
  max_contacts:
    description:
      - How many contacts the queue holds before it counts as full.
      - A limit can be changed, but not taken away again. The web page of the instance can do that.
    type: int
  outbound_caller_id_name:
    description:
      - Name that is shown to the called person. An empty text removes it.
    type: str
  outbound_caller_id_number:
    description:
      - Number that is shown to the called person, as E.164 number, description, id or ARN of a claimed phone number.
        An empty text removes it.
    type: str
  outbound_flow:
    description:
      - Name, id or ARN of the outbound whisper flow. An empty text removes it.
    type: str
  quick_connects:
    description:
      - Names, ids or ARNs of the quick connects that agents of the queue see.
    type: list
    elements: str
  purge_quick_connects:
    description:
      - Whether quick connects that are not in O(quick_connects) are taken from the queue.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_queue_info
"""

EXAMPLES = r"""
- name: Create a queue
  amazon_connect.sap.connect_queue:
    instance: example-poc
    name: Sales
    description: Calls to the sales team
    hours_of_operation: Basic Hours
    max_contacts: 20
    tags:
      environment: poc

- name: Show a name to the people who are called from the default queue
  amazon_connect.sap.connect_queue:
    instance: example-poc
    name: BasicQueue
    outbound_caller_id_name: Example Ltd

- name: Delete the queue
  amazon_connect.sap.connect_queue:
    instance: example-poc
    name: Sales
    state: absent
"""

RETURN = r"""
queue:
  description: The queue; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the queue; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the queue; null in check mode when it would be created.
      type: str
      returned: always
    name:
      description: Name of the queue.
      type: str
      returned: always
    description:
      description: Description of the queue.
      type: str
      returned: when it has one
    hours_of_operation_id:
      description: Id of the hours of operation.
      type: str
      returned: always
    status:
      description: Whether the queue is in use.
      type: str
      returned: always
    max_contacts:
      description: How many contacts the queue holds before it counts as full.
      type: int
      returned: when it is limited
    outbound_caller_config:
      description: What is shown to a called person.
      type: dict
      returned: when it is set
      contains:
        outbound_caller_id_name:
          description: Name that is shown.
          type: str
          returned: when it is set
        outbound_caller_id_number_id:
          description: Id of the phone number that is shown.
          type: str
          returned: when it is set
        outbound_flow_id:
          description: Id of the outbound whisper flow.
          type: str
          returned: when it is set
    quick_connect_ids:
      description: Ids of the quick connects.
      type: list
      elements: str
      returned: when O(quick_connects) is given
    tags:
      description: Tags of the queue.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.queue import Queue


def main() -> None:
    module = ConnectModule(
        Queue(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            description=dict(type="str"),
            hours_of_operation=dict(type="str"),
            status=dict(type="str", choices=["ENABLED", "DISABLED"]),
            max_contacts=dict(type="int"),
            outbound_caller_id_name=dict(type="str"),
            outbound_caller_id_number=dict(type="str"),
            outbound_flow=dict(type="str"),
            quick_connects=dict(type="list", elements="str"),
            purge_quick_connects=dict(type="bool", default=False),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
