#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_approved_origin_info
version_added: 0.1.0
short_description: Gather facts about the approved origins of an Amazon Connect instance
description:
  - Returns the web origins whose pages may embed the instance's contact control panel.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_approved_origin
"""

EXAMPLES = r"""
- name: Look at the approved origins
  amazon_connect.sap.connect_approved_origin_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
approved_origins:
  description: The approved origins, sorted; an empty list when there is none.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.approved_origin import (
    ApprovedOrigin,
)


def main() -> None:
    module = ConnectModule(ApprovedOrigin(), info=True, argument_spec={})
    module.run()


if __name__ == "__main__":
    main()
