#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_queue_info
version_added: 0.1.0
short_description: Gather facts about queues of an Amazon Connect instance
description:
  - Returns one standard queue of an instance, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name, id or ARN of the queue. When left out, all standard queues are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_queue
"""

EXAMPLES = r"""
- name: Look at one queue
  amazon_connect.sap.connect_queue_info:
    instance: example-poc
    name: BasicQueue
  register: result

- name: Look at all queues
  amazon_connect.sap.connect_queue_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
queues:
  description: The queues, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the queue.
      type: str
      returned: always
    arn:
      description: ARN of the queue.
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
    tags:
      description: Tags of the queue.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.queue import Queue


def main() -> None:
    module = ConnectModule(Queue(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
