#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_origin_access_control_info
version_added: 0.1.0
short_description: Gather facts about origin access controls of Amazon CloudFront
description:
  - Returns one origin access control of the account, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the origin access control. When left out, all of the account are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.cloudfront_origin_access_control
"""

EXAMPLES = r"""
- name: Look at one origin access control
  amazon_connect.sap.cloudfront_origin_access_control_info:
    name: connector
  register: result
"""

RETURN = r"""
origin_access_controls:
  description: The origin access controls, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the origin access control.
      type: str
      returned: always
    name:
      description: Name of the origin access control.
      type: str
      returned: always
    description:
      description: Description of the origin access control.
      type: str
      returned: when it has one
    origin_type:
      description: Type of the origin.
      type: str
      returned: always
    signing_behavior:
      description: Which requests are signed.
      type: str
      returned: always
    signing_protocol:
      description: How requests are signed.
      type: str
      returned: always
    etag:
      description: Version of the origin access control.
      type: str
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.origin_access_control import (
    OriginAccessControl,
)


def main() -> None:
    module = ConnectModule(OriginAccessControl(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
