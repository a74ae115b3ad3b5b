#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_phone_number_info
version_added: 0.1.0
short_description: Gather facts about phone numbers of an Amazon Connect instance
description:
  - Returns one phone number of an instance, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  phone_number:
    description:
      - A number in E.164 form, or its description, id or ARN. When left out, all numbers are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_phone_number
"""

EXAMPLES = r"""
- name: Look at one number
  amazon_connect.sap.connect_phone_number_info:
    instance: example-poc
    phone_number: "+442079460000"
  register: result

- name: Look at all numbers
  amazon_connect.sap.connect_phone_number_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
phone_numbers:
  description: The numbers, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the number.
      type: str
      returned: always
    arn:
      description: ARN of the number.
      type: str
      returned: always
    phone_number:
      description: The number in E.164 form.
      type: str
      returned: always
    country_code:
      description: Country of the number.
      type: str
      returned: always
    type:
      description: Type of the number.
      type: str
      returned: always
    description:
      description: Description of the number.
      type: str
      returned: when it has one
    status:
      description: V(CLAIMED), V(IN_PROGRESS) or V(FAILED).
      type: str
      returned: always
    status_message:
      description: What the service says about the status.
      type: str
      returned: when it says something
    target_arn:
      description: ARN of the instance.
      type: str
      returned: always
    contact_flow_arn:
      description: ARN of the flow that answers the number.
      type: str
      returned: when a flow answers
    tags:
      description: Tags of the number.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.phone_number import PhoneNumber


def main() -> None:
    module = ConnectModule(PhoneNumber(), info=True, argument_spec=dict(phone_number=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
