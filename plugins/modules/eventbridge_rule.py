#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: eventbridge_rule
version_added: 0.1.0
short_description: Manage an Amazon EventBridge rule and its targets
description:
  - Creates, changes and deletes a rule of the default event bus.
  - M(amazon.aws.cloudwatchevent_rule) has neither check mode nor tags, retry policies and dead-letter queues.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the rule.
    type: str
    required: true
  description:
    description:
      - Description of the rule. An empty text removes it.
    type: str
  event_pattern:
    description:
      - Pattern of the events. A new rule needs it, or O(schedule_expression).
    type: dict
  schedule_expression:
    description:
      - When the targets are called, such as V(rate(15 minutes\)) or V(cron(0 6 * * ? *\)) in UTC.
      - An empty text removes it.
    type: str
    version_added: 0.2.0
  enabled:
    description:
      - Whether the rule is in use. A new rule is.
    type: bool
  targets:
    description:
      - What gets the events.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - Id of the target within the rule.
          - When left out, a target with the same ARN is meant, or else a new one.
        type: str
      arn:
        description: ARN of what gets the events.
        type: str
        required: true
      role_arn:
        description: ARN of the role that sends the events, for targets that need one.
        type: str
      input:
        description: Text that is sent in place of the event, or of what another tool has made of it.
        type: str
      dead_letter_arn:
        description: ARN of the queue for events that could not be delivered.
        type: str
      maximum_retry_attempts:
        description: How often a delivery is tried again, V(0) to V(185).
        type: int
      maximum_event_age:
        description: Seconds after which a delivery is given up, V(60) to V(86400).
        type: int
  purge_targets:
    description:
      - Whether targets that are not in O(targets) are removed.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.eventbridge_rule_info
"""

EXAMPLES = r"""
- name: Send analysed calls to a function
  amazon_connect.sap.eventbridge_rule:
    name: Connect-poc-CL-eventbridge-rule
    event_pattern:
      source: [aws.connect]
      detail-type: [Contact Lens Post Call Rules Matched]
    targets:
      - arn: arn:aws:lambda:eu-west-2:111122223333:function:poc-lambda-process-contact-lens-event
        maximum_retry_attempts: 10

- name: Call a function every quarter of an hour
  amazon_connect.sap.eventbridge_rule:
    name: poc-summary-reconcile
    schedule_expression: rate(15 minutes)
    targets:
      - arn: arn:aws:lambda:eu-west-2:111122223333:function:poc-lambda-summary-maintenance
        input: '{"action": "reconcile"}'

- name: Delete the rule
  amazon_connect.sap.eventbridge_rule:
    name: Connect-poc-CL-eventbridge-rule
    state: absent
"""

RETURN = r"""
rule:
  description: The rule; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Name of the rule; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the rule; null in check mode when it would be created.
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
      description: What gets the events, with the options of O(targets).
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
    module = ConnectModule(
        EventBridgeRule(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            description=dict(type="str"),
            event_pattern=dict(type="dict"),
            schedule_expression=dict(type="str"),
            enabled=dict(type="bool"),
            targets=dict(
                type="list",
                elements="dict",
                options=dict(
                    id=dict(type="str"),
                    arn=dict(type="str", required=True),
                    role_arn=dict(type="str"),
                    input=dict(type="str"),
                    dead_letter_arn=dict(type="str"),
                    maximum_retry_attempts=dict(type="int"),
                    maximum_event_age=dict(type="int"),
                ),
            ),
            purge_targets=dict(type="bool", default=False),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
