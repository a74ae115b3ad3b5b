#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_approved_origin
version_added: 0.1.0
short_description: Manage the approved origins of an Amazon Connect instance
description:
  - Approves and removes web origins whose pages may embed the instance's contact control panel.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  origins:
    description:
      - Origins, each a scheme, a host and perhaps a port, for example V(https://example.com) or
        V(https://example.com:8443). A path is refused.
      - V(http) is only good for C(localhost) and hosts that end in C(.localhost).
      - Upper and lower case of the host, a slash at the end and the scheme's usual port make no difference.
      - With O(state=absent) these origins are removed, others stay.
    type: list
    elements: str
    required: true
  purge_origins:
    description:
      - Whether approved origins that are not in O(origins) are removed.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_approved_origin_info
"""

EXAMPLES = r"""
- name: Let two sites embed the contact control panel
  amazon_connect.sap.connect_approved_origin:
    instance: example-poc
    origins:
      - https://my123456.example.com
      - https://connector.example.com

- name: Let one site embed it, and no other
  amazon_connect.sap.connect_approved_origin:
    instance: example-poc
    origins:
      - https://my123456.example.com
    purge_origins: true

- name: Let this site embed it no more
  amazon_connect.sap.connect_approved_origin:
    instance: example-poc
    origins:
      - https://my123456.example.com
    state: absent
"""

RETURN = r"""
approved_origins:
  description: All approved origins of the instance, sorted.
  returned: always
  type: list
  elements: str
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.approved_origin import (
    ApprovedOrigin,
)


def main() -> None:
    module = ConnectModule(
        ApprovedOrigin(),
        argument_spec=dict(
            origins=dict(type="list", elements="str", required=True),
            purge_origins=dict(type="bool", default=False),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
