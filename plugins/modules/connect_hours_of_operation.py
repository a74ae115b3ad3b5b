#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_hours_of_operation
version_added: 0.1.0
short_description: Manage hours of operation of an Amazon Connect instance
description:
  - Creates, changes and deletes hours of operation, the times at which a queue is open.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the hours of operation.
      - The id or ARN of existing hours of operation works too.
    type: str
    required: true
  description:
    description:
      - Description of the hours of operation. An empty text removes it.
    type: str
  time_zone:
    description:
      - Time zone of the IANA list, for example V(Europe/London). New hours of operation need it.
    type: str
  config:
    description:
      - All periods at which it is open, in any order. An empty list means never. New hours of operation need it.
    type: list
    elements: dict
    suboptions:
      day:
        description:
          - Day of the week.
        type: str
        required: true
        choices: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY]
      start_time:
        description:
          - When it opens, as V("08:30"). Write it in quotes, because YAML reads some times as numbers.
        type: str
        required: true
      end_time:
        description:
          - When it closes, as V("17:00"). A period from V("00:00") to V("00:00") lasts all day.
        type: str
        required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_hours_of_operation_info
"""

EXAMPLES = r"""
- name: Create hours of operation
  amazon_connect.sap.connect_hours_of_operation:
    instance: example-poc
    name: Office hours
    description: When the office is staffed
    time_zone: Europe/London
    config:
      - day: MONDAY
        start_time: "08:30"
        end_time: "17:00"
      - day: TUESDAY
        start_time: "08:30"
        end_time: "17:00"
    tags:
      environment: poc

- name: Move them to another time zone
  amazon_connect.sap.connect_hours_of_operation:
    instance: example-poc
    name: Office hours
    time_zone: Europe/Berlin

- name: Delete the hours of operation
  amazon_connect.sap.connect_hours_of_operation:
    instance: example-poc
    name: Office hours
    state: absent
"""

RETURN = r"""
hours_of_operation:
  description: The hours of operation; null when they are absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the hours of operation; null in check mode when they would be created.
      type: str
      returned: always
    arn:
      description: ARN of the hours of operation; null in check mode when they would be created.
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
      description: The periods in the order of the week.
      type: list
      elements: dict
      returned: always
      contains:
        day:
          description: Day of the week.
          type: str
          returned: always
        start_time:
          description: When it opens, as HH:MM.
          type: str
          returned: always
        end_time:
          description: When it closes, as HH:MM.
          type: str
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
    module = ConnectModule(
        HoursOfOperation(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            description=dict(type="str"),
            time_zone=dict(type="str"),
            config=dict(
                type="list",
                elements="dict",
                options=dict(
                    day=dict(
                        type="str",
                        required=True,
                        choices=[
                            "MONDAY",
                            "TUESDAY",
                            "WEDNESDAY",
                            "THURSDAY",
                            "FRIDAY",
                            "SATURDAY",
                            "SUNDAY",
                        ],
                    ),
                    start_time=dict(type="str", required=True),
                    end_time=dict(type="str", required=True),
                ),
            ),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
