#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_instance_info
version_added: 0.1.0
short_description: Gather facts about Amazon Connect instances
description:
  - Returns one Amazon Connect instance, or all of the account and Region, with their attributes.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  instance_alias:
    description:
      - Alias, id or ARN of the instance. When left out, all instances are returned.
    type: str
    aliases: [alias, name]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_instance
"""

EXAMPLES = r"""
- name: Look at one instance
  amazon_connect.sap.connect_instance_info:
    instance_alias: example-poc
  register: result

- name: Look at all instances
  amazon_connect.sap.connect_instance_info:
  register: result
"""

RETURN = r"""
instances:
  description: The instances, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the instance.
      type: str
      returned: always
    arn:
      description: ARN of the instance.
      type: str
      returned: always
    instance_alias:
      description: Alias of the instance.
      type: str
      returned: always
    identity_management_type:
      description: Where the users come from.
      type: str
      returned: always
    instance_status:
      description: State of the instance, V(ACTIVE) when it can be used.
      type: str
      returned: always
    status_reason:
      description: Why the creation failed.
      type: dict
      returned: when the creation failed
    service_role:
      description: ARN of the service-linked role.
      type: str
      returned: always
    inbound_calls_enabled:
      description: Whether the instance takes calls.
      type: bool
      returned: always
    outbound_calls_enabled:
      description: Whether the instance can place calls.
      type: bool
      returned: always
    instance_access_url:
      description: Address of the instance for its users.
      type: str
      returned: always
    created_time:
      description: When the instance was created.
      type: str
      returned: always
    attributes:
      description: Attributes by name.
      type: dict
      returned: always
    tags:
      description: Tags of the instance.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.instance import Instance


def main() -> None:
    module = ConnectModule(
        Instance(),
        info=True,
        argument_spec=dict(instance_alias=dict(type="str", aliases=["alias", "name"])),
    )
    module.run()


if __name__ == "__main__":
    main()
