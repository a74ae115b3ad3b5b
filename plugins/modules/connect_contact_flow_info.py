#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_contact_flow_info
version_added: 0.1.0
short_description: Gather facts about contact flows of an Amazon Connect instance
description:
  - Returns one contact flow of an instance, or all of them, with their published content.
  - All flows take one request for each. A new instance has about 20 of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name, id or ARN of the flow. When left out, all flows are returned.
    type: str
  status:
    description:
      - V(SAVED) returns drafts in place of published versions.
      - When left out, the draft is returned only of flows that were never published.
    type: str
    choices: [PUBLISHED, SAVED]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_contact_flow
"""

EXAMPLES = r"""
- name: Look at one flow
  amazon_connect.sap.connect_contact_flow_info:
    instance: example-poc
    name: Main
  register: result

- name: Look at all flows
  amazon_connect.sap.connect_contact_flow_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
contact_flows:
  description: The flows, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the flow.
      type: str
      returned: always
    arn:
      description: ARN of the flow.
      type: str
      returned: always
    name:
      description: Name of the flow.
      type: str
      returned: always
    type:
      description: Type of the flow.
      type: str
      returned: always
    description:
      description: Description of the flow.
      type: str
      returned: when it has one
    status:
      description: V(PUBLISHED), or V(SAVED) for a draft.
      type: str
      returned: always
    contact_flow_state:
      description: Whether the flow can be used, V(ACTIVE) or V(ARCHIVED).
      type: str
      returned: always
    content:
      description: The flow in the Amazon Connect flow language.
      type: dict
      returned: always
    flow_content_sha256:
      description: The service's hash of the published content.
      type: str
      returned: when it is known
    tags:
      description: Tags of the flow.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.contact_flow import ContactFlow


def main() -> None:
    module = ConnectModule(
        ContactFlow(),
        info=True,
        argument_spec=dict(
            name=dict(type="str"),
            status=dict(type="str", choices=["PUBLISHED", "SAVED"]),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
