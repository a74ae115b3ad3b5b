#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_contact_flow
version_added: 0.1.0
short_description: Manage a contact flow of an Amazon Connect instance
description:
  - Creates, changes, publishes and deletes a contact flow.
  - Content is compared by its meaning. The order of keys, blanks and the C(Metadata) that the flow designer of
    Amazon Connect adds make no difference.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the flow.
      - The id or ARN of an existing flow works too.
    type: str
    required: true
  type:
    description:
      - Type of the flow. It cannot be changed later.
      - A new flow is a V(CONTACT_FLOW) when this is left out.
    type: str
    choices:
      - CONTACT_FLOW
      - CUSTOMER_QUEUE
      - CUSTOMER_HOLD
      - CUSTOMER_WHISPER
      - AGENT_HOLD
      - AGENT_WHISPER
      - OUTBOUND_WHISPER
      - AGENT_TRANSFER
      - QUEUE_TRANSFER
      - CAMPAIGN
  description:
    description:
      - Description of the flow. An empty text removes it.
    type: str
  content:
    description:
      - The flow in the Amazon Connect flow language, as a dictionary or as JSON text.
      - A text is sent as it is.
      - A new flow needs O(content) or O(path).
    type: raw
  path:
    description:
      - File with the flow as JSON text, on the machine that runs the module.
    type: path
  status:
    description:
      - V(PUBLISHED) compares O(content) with the published version of the flow, and publishes it when it differs.
        Without O(content), a flow that was never published is published as it is saved.
      - V(SAVED) compares O(content) with the draft, and writes the draft only. A published version stays as it is.
      - When left out, a new flow is published, and an existing one that was never published stays a draft.
    type: str
    choices: [PUBLISHED, SAVED]
  contact_flow_state:
    description:
      - Whether the flow can be used.
    type: str
    choices: [ACTIVE, ARCHIVED]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_contact_flow_info
"""

EXAMPLES = r"""
- name: Publish a flow from a file
  amazon_connect.sap.connect_contact_flow:
    instance: example-poc
    name: Main
    description: Greets the caller
    path: flows/main.json

- name: Save a draft of a short flow
  amazon_connect.sap.connect_contact_flow:
    instance: example-poc
    name: Goodbye
    status: SAVED
    content:
      Version: "2019-10-30"
      StartAction: end
      Actions:
        - Identifier: end
          Type: DisconnectParticipant
          Parameters: {}
          Transitions: {}

- name: Publish the draft
  amazon_connect.sap.connect_contact_flow:
    instance: example-poc
    name: Goodbye
    status: PUBLISHED

- name: Delete the flow
  amazon_connect.sap.connect_contact_flow:
    instance: example-poc
    name: Goodbye
    state: absent
"""

RETURN = r"""
contact_flow:
  description: The flow; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the flow; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the flow; null in check mode when it would be created.
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
      description:
        - The flow in the Amazon Connect flow language.
        - It is the draft with O(status=SAVED) and when no version is published.
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
problems:
  description: What the service finds wrong in the flow.
  returned: when the service refuses the flow
  type: list
  elements: str
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.contact_flow import ContactFlow


def main() -> None:
    module = ConnectModule(
        ContactFlow(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            type=dict(
                type="str",
                choices=[
                    "CONTACT_FLOW",
                    "CUSTOMER_QUEUE",
                    "CUSTOMER_HOLD",
                    "CUSTOMER_WHISPER",
                    "AGENT_HOLD",
                    "AGENT_WHISPER",
                    "OUTBOUND_WHISPER",
                    "AGENT_TRANSFER",
                    "QUEUE_TRANSFER",
                    "CAMPAIGN",
                ],
            ),
            description=dict(type="str"),
            content=dict(type="raw"),
            path=dict(type="path"),
            status=dict(type="str", choices=["PUBLISHED", "SAVED"]),
            contact_flow_state=dict(type="str", choices=["ACTIVE", "ARCHIVED"]),
        ),
        mutually_exclusive=[("content", "path")],
    )
    module.run()


if __name__ == "__main__":
    main()
