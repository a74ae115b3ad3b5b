#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_hours_of_operation_info
version_added: 0.1.0
short_description: Gather facts about hours of operation of an Amazon Connect instance
description:
  - Returns one set of hours of operation of an instance, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name, id or ARN of the hours of operation. When left out, all are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_hours_of_operation
"""

EXAMPLES = r"""
- name: Look at one set of hours of operation
  amazon_connect.sap.connect_hours_of_operation_info:
    instance: example-poc
    name: Basic Hours
  register: result

- name: Look at all hours of operation
  amazon_connect.sap.connect_hours_of_operation_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
hours_of_operations:
  description: The hours of operation, an empty list when there are none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the hours of operation.
      type: str
      returned: always
    arn:
      description: ARN of the hours of operation.
      type: str
      returned: always
    name:
      description: Name of the hours of operation.
      type: str
      returned: always
    description:
      description: Description of the hours of operation.
      type: str
      returned: when they have one
    time_zone:
      description: Time zone of the IANA list.
      type: str
      returned: always
    config:
      description: The periods in the order of the week, as C(day), C(start_time) and C(end_time).
      type: list
      elements: dict
      returned: always
    tags:
      description: Tags of the hours of operation.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.hours_of_operation import (
    HoursOfOperation,
)


def main() -> None:
    module = ConnectModule(HoursOfOperation(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
