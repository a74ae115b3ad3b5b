#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_rule
version_added: 0.1.0
short_description: Manage a rule of an Amazon Connect instance
description:
  - Creates, changes and deletes a rule, such as the one that tells Amazon EventBridge of each analysed call.
  - The function is compared by its meaning. The order of keys and blanks make no difference, nor does the order of
    actions.
  - A rule applies to contacts that begin after it was made or changed.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the rule, of letters, digits, dots, underscores and hyphens. It is also the category that is assigned.
      - The id or ARN of an existing rule works too.
    type: str
    required: true
  trigger_event_source:
    description:
      - Event that the rule looks at, such as V(OnPostCallAnalysisAvailable). A new rule needs it.
      - It cannot be changed later.
    type: str
  integration_association_id:
    description:
      - Id of the integration that the events come from. Sources of Zendesk and Salesforce need it.
      - It cannot be changed later.
    type: str
  function:
    description:
      - Conditions of the rule in the rules function language, as a dictionary or as JSON text. A new rule needs it.
      - In conditions whose C(ComparisonValue) ends with C(.Queue.QueueId) or C(.Agent.AgentId), the C(Operands) can be
        names, ids or ARNs of queues or agents. They are sent as ids.
      - A text without such names is sent as it is.
    type: raw
  actions:
    description:
      - All actions of the rule. A new rule needs it.
      - A rule for the analysis of calls or chats needs V(ASSIGN_CONTACT_CATEGORY), one for Zendesk or Salesforce
        V(CREATE_TASK).
    type: list
    elements: dict
    suboptions:
      type:
        description:
          - Type of the action.
          - V(GENERATE_EVENTBRIDGE_EVENT) is for the analysis of calls and chats, V(OnContactEvaluationSubmit) and
            V(OnMetricDataUpdate).
        type: str
        required: true
        choices:
          - ASSIGN_CONTACT_CATEGORY
          - ASSIGN_SLA
          - CREATE_CASE
          - CREATE_TASK
          - END_ASSOCIATED_EMAILS
          - END_ASSOCIATED_TASKS
          - EXTRACT_INFORMATION
          - GENERATE_EVENTBRIDGE_EVENT
          - SEND_IN_APP_NOTIFICATION
          - SEND_NOTIFICATION
          - SUBMIT_AUTO_EVALUATION
          - UPDATE_CASE
      name:
        description: Name of the event (V(GENERATE_EVENTBRIDGE_EVENT)) or of the task (V(CREATE_TASK)).
        type: str
      description:
        description: Description of the task.
        type: str
      contact_flow:
        description: Name, id or ARN of the flow that the task goes to (V(CREATE_TASK)).
        type: str
      references:
        description: References of the task. Each is a dictionary with C(type), such as V(URL), and C(value).
        type: dict
      subject:
        description: Subject of the message (V(SEND_NOTIFICATION)).
        type: str
      content:
        description:
          - Text of the message (V(SEND_NOTIFICATION)), or a dictionary of texts by locale such as V(en_US)
            (V(SEND_IN_APP_NOTIFICATION)).
        type: raw
      recipient:
        description: Who gets the message.
        type: dict
        suboptions:
          users:
            description: Names, ids or ARNs of users. A text that starts with V($.) is filled in by the service.
            type: list
            elements: str
          user_tags:
            description: Users with these tags are meant.
            type: dict
      exclusion:
        description: Who does not get the message.
        type: dict
        suboptions:
          users:
            description: Names, ids or ARNs of users. A text that starts with V($.) is filled in by the service.
            type: list
            elements: str
          user_tags:
            description: Users with these tags are meant.
            type: dict
      priority:
        description: Priority of the message (V(SEND_IN_APP_NOTIFICATION)).
        type: str
        choices: [HIGH, LOW]
      template_id:
        description: Id of the case template (V(CREATE_CASE)).
        type: str
      fields:
        description: Fields of the case (V(CREATE_CASE), V(UPDATE_CASE)).
        type: list
        elements: dict
        suboptions:
          id:
            description: Id of the field.
            type: str
            required: true
          value:
            description: A text, a number or a boolean. The field is emptied when this is left out.
            type: raw
      case_sla:
        description: Service level of the case (V(ASSIGN_SLA)).
        type: dict
        suboptions:
          name:
            description: Name of the service level.
            type: str
            required: true
          field_id:
            description: Id of the field that tells whether the target is met.
            type: str
          target_field_values:
            description: Value of the field that meets the target.
            type: list
            elements: raw
          target_minutes:
            description: In how many minutes the target is to be met.
            type: int
            required: true
      evaluation_form_id:
        description: Id of the evaluation form (V(SUBMIT_AUTO_EVALUATION)).
        type: str
      extraction_definitions:
        description: Identifiers of what is extracted (V(EXTRACT_INFORMATION)).
        type: list
        elements: str
  publish_status:
    description:
      - Whether the rule is in use. A new rule is V(PUBLISHED) when this is left out.
    type: str
    choices: [DRAFT, PUBLISHED]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_rule_info
"""

EXAMPLES = r"""
- name: Tell EventBridge of each analysed call of two queues
  amazon_connect.sap.connect_rule:
    instance: example-poc
    name: SAPPostCallAnalytics
    trigger_event_source: OnPostCallAnalysisAvailable
    function:
      Version: "2022-11-25"
      RuleFunction:
        Operator: OR
        Operands:
          - Operator: CONTAINS_ANY
            ComparisonValue: $.ContactLens.PostCall.Queue.QueueId
            Operands: [BasicQueue, Sales]
    actions:
      - type: ASSIGN_CONTACT_CATEGORY
      - type: GENERATE_EVENTBRIDGE_EVENT
        name: SAPPostCallAnalytics

- name: Take the rule out of use
  amazon_connect.sap.connect_rule:
    instance: example-poc
    name: SAPPostCallAnalytics
    publish_status: DRAFT

- name: Delete the rule
  amazon_connect.sap.connect_rule:
    instance: example-poc
    name: SAPPostCallAnalytics
    state: absent
"""

RETURN = r"""
rule:
  description: The rule; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the rule; null in check mode when it would be created.
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
      description: Actions of the rule, with the suboptions of O(actions) and ids in place of names.
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
      returned: when the rule exists
    last_updated_time:
      description: When the rule was last changed.
      type: str
      returned: when the rule exists
    last_updated_by:
      description: ARN of who changed the rule last.
      type: str
      returned: when the rule exists
    tags:
      description: Tags of the rule.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.rule import Rule


def main() -> None:
    people = dict(users=dict(type="list", elements="str"), user_tags=dict(type="dict"))
    module = ConnectModule(
        Rule(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            trigger_event_source=dict(type="str"),
            integration_association_id=dict(type="str"),
            function=dict(type="raw"),
            actions=dict(
                type="list",
                elements="dict",
                options=dict(
                    type=dict(
                        type="str",
                        required=True,
                        choices=[
                            "ASSIGN_CONTACT_CATEGORY",
                            "ASSIGN_SLA",
                            "CREATE_CASE",
                            "CREATE_TASK",
                            "END_ASSOCIATED_EMAILS",
                            "END_ASSOCIATED_TASKS",
                            "EXTRACT_INFORMATION",
                            "GENERATE_EVENTBRIDGE_EVENT",
                            "SEND_IN_APP_NOTIFICATION",
                            "SEND_NOTIFICATION",
                            "SUBMIT_AUTO_EVALUATION",
                            "UPDATE_CASE",
                        ],
                    ),
                    name=dict(type="str"),
                    description=dict(type="str"),
                    contact_flow=dict(type="str"),
                    references=dict(type="dict"),
                    subject=dict(type="str"),
                    content=dict(type="raw"),
                    recipient=dict(type="dict", options=people),
                    exclusion=dict(type="dict", options=people),
                    priority=dict(type="str", choices=["HIGH", "LOW"]),
                    template_id=dict(type="str"),
                    fields=dict(
                        type="list",
                        elements="dict",
                        options=dict(id=dict(type="str", required=True), value=dict(type="raw")),
                    ),
                    case_sla=dict(
                        type="dict",
                        options=dict(
                            name=dict(type="str", required=True),
                            field_id=dict(type="str"),
                            target_field_values=dict(type="list", elements="raw"),
                            target_minutes=dict(type="int", required=True),
                        ),
                    ),
                    evaluation_form_id=dict(type="str"),
                    extraction_definitions=dict(type="list", elements="str"),
                ),
            ),
            publish_status=dict(type="str", choices=["DRAFT", "PUBLISHED"]),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
