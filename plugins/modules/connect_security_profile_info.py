#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_security_profile_info
version_added: 0.1.0
short_description: Gather facts about security profiles of an Amazon Connect instance
description:
  - Returns one security profile of an instance with its permissions, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name, id or ARN of the security profile.
      - When left out, all security profiles are returned. That takes two requests for each.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_security_profile
"""

EXAMPLES = r"""
- name: Look at one security profile
  amazon_connect.sap.connect_security_profile_info:
    instance: example-poc
    name: Agent
  register: result

- name: Look at all security profiles
  amazon_connect.sap.connect_security_profile_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
security_profiles:
  description: The security profiles, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the security profile.
      type: str
      returned: always
    arn:
      description: ARN of the security profile.
      type: str
      returned: always
    name:
      description: Name of the security profile.
      type: str
      returned: always
    description:
      description: Description of the security profile.
      type: str
      returned: when it has one
    permissions:
      description: Names of the permissions, sorted, as the service spells them.
      type: list
      elements: str
      returned: always
    tags:
      description: Tags of the security profile.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.security_profile import (
    SecurityProfile,
)


def main() -> None:
    module = ConnectModule(SecurityProfile(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
