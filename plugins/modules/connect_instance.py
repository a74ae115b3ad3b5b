#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_instance
version_added: 0.1.0
short_description: Manage an Amazon Connect instance
description:
  - Creates an Amazon Connect instance, or takes over the one that has the alias already, and sets its attributes.
  - An instance is never replaced. What the service cannot change in place is refused with an error.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  instance_alias:
    description:
      - Alias of the instance. It is unique over all accounts and cannot be changed later.
      - The id or ARN of an existing instance works too.
    type: str
    required: true
    aliases: [alias, name]
  identity_management_type:
    description:
      - Where the users come from. It cannot be changed later.
      - A new instance gets V(CONNECT_MANAGED) when this is left out.
    type: str
    choices: [CONNECT_MANAGED, SAML, EXISTING_DIRECTORY]
  directory_id:
    description:
      - Id of the directory, needed for a new instance with O(identity_management_type=EXISTING_DIRECTORY).
      - The service does not tell the directory of an existing instance, so it is not compared.
    type: str
  inbound_calls_enabled:
    description:
      - Whether the instance takes calls.
      - A new instance gets V(true) when this is left out.
    type: bool
  outbound_calls_enabled:
    description:
      - Whether the instance can place calls.
      - A new instance gets V(true) when this is left out.
    type: bool
  attributes:
    description:
      - Attributes of the instance by name, for example V(CONTACT_LENS) or V(CONTACTFLOW_LOGS), each true or false.
      - Names that the installed botocore does not know are sent with a warning.
      - Attributes that are not named stay as they are.
    type: dict
  wait:
    description:
      - Whether to wait until a new instance is active, or a deleted one is gone.
      - Options that a new instance does not take at once, such as O(attributes), need V(true).
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait at most. It takes the service about a minute.
    type: int
    default: 600
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_instance_info
"""

EXAMPLES = r"""
- name: Create an instance, or take over the one with this alias
  amazon_connect.sap.connect_instance:
    instance_alias: example-poc
    attributes:
      CONTACT_LENS: true
      CONTACTFLOW_LOGS: true
    tags:
      environment: poc
  register: result

- name: Delete the instance
  amazon_connect.sap.connect_instance:
    instance_alias: example-poc
    state: absent
"""

RETURN = r"""
instance:
  description: The instance; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the instance; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the instance; null in check mode when it would be created.
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
    service_role:
      description: ARN of the service-linked role.
      type: str
      returned: when the instance exists
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
      returned: when the instance exists
    created_time:
      description: When the instance was created.
      type: str
      returned: when the instance exists
    attributes:
      description: Attributes by name.
      type: dict
      returned: when O(attributes) is given
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
        argument_spec=dict(
            instance_alias=dict(type="str", required=True, aliases=["alias", "name"]),
            identity_management_type=dict(type="str", choices=["CONNECT_MANAGED", "SAML", "EXISTING_DIRECTORY"]),
            directory_id=dict(type="str"),
            inbound_calls_enabled=dict(type="bool"),
            outbound_calls_enabled=dict(type="bool"),
            attributes=dict(type="dict"),
            wait=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=600),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
