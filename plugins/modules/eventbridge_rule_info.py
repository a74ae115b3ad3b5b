#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: eventbridge_rule_info
version_added: 0.1.0
short_description: Gather facts about Amazon EventBridge rules
description:
  - Returns one rule of the default event bus, or all of them, with their targets.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the rule. When left out, all rules are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.eventbridge_rule
"""

EXAMPLES = r"""
- name: Look at one rule
  amazon_connect.sap.eventbridge_rule_info:
    name: Connect-poc-CL-eventbridge-rule
  register: result

- name: Look at all rules
  amazon_connect.sap.eventbridge_rule_info:
  register: result
"""

RETURN = r"""
rules:
  description: The rules, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Name of the rule.
      type: str
      returned: always
    arn:
      description: ARN of the rule.
      type: str
      returned: always
    name:
      description: Name of the rule.
      type: str
      returned: always
    description:
      description: Description of the rule.
      type: str
      returned: when it has one
    event_pattern:
      description: Pattern of the events, empty when it has a schedule only.
      type: dict
      returned: always
    schedule_expression:
      description: When the targets are called.
      type: str
      returned: when it has one
    state:
      description: V(ENABLED) or V(DISABLED).
      type: str
      returned: always
    targets:
      description: What gets the events.
      type: list
      elements: dict
      returned: always
    tags:
      description: Tags of the rule.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.eventbridge_rule import (
    EventBridgeRule,
)


def main() -> None:
    module = ConnectModule(EventBridgeRule(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
