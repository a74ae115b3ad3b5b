#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_phone_number
version_added: 0.1.0
short_description: Manage a phone number of an Amazon Connect instance
description:
  - Finds a phone number of the instance or claims a new one, describes it and lets a contact flow answer it.
  - The number is found by O(phone_number), or else by O(description), or else by O(tags), or else by O(contact_flow).
    Only when none is found, a number is claimed. So two numbers of an instance need descriptions or tags that differ.
  - When O(description) is given but no number has it, a number without a description that O(contact_flow) answers is
    taken over.
  - When only O(tags) tell the number, a number that another flow answers is left alone and the module fails.
  - A number is never released or claimed to change a property, and it is not moved between instances.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  phone_number:
    description:
      - A number in E.164 form, such as V(+442079460000), in quotes.
      - It is claimed when the instance does not have it. Then O(country_code), O(type) and O(prefix) are not looked at.
      - The id or ARN of a number of the instance works too.
    type: str
  country_code:
    description:
      - Country of the number, as ISO 3166-1 alpha-2. To claim a number that is not named, it is needed.
      - It cannot be changed later.
    type: str
  type:
    description:
      - Type of the number. A new number is a V(DID) when this is left out.
      - It cannot be changed later.
    type: str
    choices: [DID, TOLL_FREE, UIFN, SHARED, THIRD_PARTY_TF, THIRD_PARTY_DID, SHORT_CODE]
  prefix:
    description:
      - First digits of a new number with the plus sign, such as V(+4420), in quotes. Only used to claim.
    type: str
  description:
    description:
      - Description of the number. An empty text removes it.
    type: str
  contact_flow:
    description:
      - Name, id or ARN of the flow that answers the number. An empty text takes the flow away.
    type: str
  release:
    description:
      - Whether O(state=absent) may release the number. Without it, the module fails when the number exists.
      - A released number cannot be claimed again for up to 180 days, by nobody. An instance with many claims and
        releases is blocked from further ones.
    type: bool
    default: false
  claim_attempts:
    description:
      - How many offered numbers are tried when others claim them at the same time.
    type: int
    default: 5
  wait:
    description:
      - Whether to wait until the number is claimed.
      - When V(false), O(contact_flow) is still tried for about a minute.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait at most.
    type: int
    default: 300
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_phone_number_info
"""

EXAMPLES = r"""
- name: Claim a number in London, or take the one that was claimed before
  amazon_connect.sap.connect_phone_number:
    instance: example-poc
    description: Main line
    country_code: GB
    prefix: "+4420"
    contact_flow: Main
  register: result

- name: Let another flow answer a number
  amazon_connect.sap.connect_phone_number:
    instance: example-poc
    phone_number: "+442079460000"
    contact_flow: Holidays

- name: Give the number up
  amazon_connect.sap.connect_phone_number:
    instance: example-poc
    description: Main line
    release: true
    state: absent
"""

RETURN = r"""
phone_number:
  description: The number; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the number; null in check mode when it would be claimed.
      type: str
      returned: always
    arn:
      description: ARN of the number; null in check mode when it would be claimed.
      type: str
      returned: always
    phone_number:
      description: The number in E.164 form; null in check mode when one would be searched.
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
      returned: when the number exists
    contact_flow_arn:
      description: ARN of the flow that answers the number.
      type: str
      returned: when O(contact_flow) is given and a flow answers
    tags:
      description: Tags of the number.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.phone_number import PhoneNumber


def main() -> None:
    module = ConnectModule(
        PhoneNumber(),
        argument_spec=dict(
            phone_number=dict(type="str"),
            country_code=dict(type="str"),
            type=dict(
                type="str",
                choices=["DID", "TOLL_FREE", "UIFN", "SHARED", "THIRD_PARTY_TF", "THIRD_PARTY_DID", "SHORT_CODE"],
            ),
            prefix=dict(type="str"),
            description=dict(type="str"),
            contact_flow=dict(type="str"),
            release=dict(type="bool", default=False),
            claim_attempts=dict(type="int", default=5),
            wait=dict(type="bool", default=True),
            wait_timeout=dict(type="int", default=300),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
