#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_rule_info
version_added: 0.1.0
short_description: Gather facts about rules of an Amazon Connect instance
description:
  - Returns one rule of an instance, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name, id or ARN of the rule. When left out, all rules are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_rule
"""

EXAMPLES = r"""
- name: Look at one rule
  amazon_connect.sap.connect_rule_info:
    instance: example-poc
    name: SAPPostCallAnalytics
  register: result

- name: Look at all rules
  amazon_connect.sap.connect_rule_info:
    instance: example-poc
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
      description: Id of the rule.
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
    trigger_event_source:
      description: Event that the rule looks at.
      type: str
      returned: always
    integration_association_id:
      description: Id of the integration that the events come from.
      type: str
      returned: for sources of Zendesk and Salesforce
    function:
      description: Conditions of the rule, with the ids of queues and agents.
      type: dict
      returned: always
    actions:
      description: Actions of the rule, as the module M(amazon_connect.sap.connect_rule) takes them.
      type: list
      elements: dict
      returned: always
    publish_status:
      description: V(PUBLISHED) or V(DRAFT).
      type: str
      returned: always
    created_time:
      description: When the rule was made.
      type: str
      returned: always
    last_updated_time:
      description: When the rule was last changed.
      type: str
      returned: always
    last_updated_by:
      description: ARN of who changed the rule last.
      type: str
      returned: always
    tags:
      description: Tags of the rule.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.rule import Rule


def main() -> None:
    module = ConnectModule(Rule(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
