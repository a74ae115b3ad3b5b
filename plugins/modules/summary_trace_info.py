#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: summary_trace_info
version_added: 0.2.0
short_description: Tell where the summary of a contact is
description:
  - Follows the summary of one contact from Amazon Connect to SAP. It looks at the contact, its analysis, the rules on
    its way, the function, what the function logged, the dead letters and SAP's phone call.
  - Returns every step, one cause in plain words, and what to do.
  - A part that the credentials may not look at is reported as V(unknown), and the others are looked at all the same.
  - The analysis, the dead letters and SAP are looked at by the maintenance function, so nobody needs SAP's password
    or the recordings for this.
  - Returns no name, no phone number and nothing of what was said.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  contact_id:
    description:
      - Id of the contact, as Amazon Connect shows it, or as SAP has it, without dashes and in capitals.
    type: str
    required: true
  function_name:
    description:
      - Name of the function that writes summaries.
    type: str
    required: true
  maintenance_function_name:
    description:
      - Name of the function that looks after summaries.
    type: str
    required: true
  event_rule_name:
    description:
      - Name of the EventBridge rule that calls the function.
    type: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.summary_diagnosis_info
"""

EXAMPLES = r"""
- name: Find the summary of a call
  amazon_connect.sap.summary_trace_info:
    instance: sap-connect-poc
    contact_id: 8f1b6b0e-4a53-4a5f-9d5e-0d2d1e6f7a11
    function_name: poc-lambda-process-contact-lens-event
    maintenance_function_name: poc-lambda-summary-maintenance
    event_rule_name: Connect-poc-CL-eventbridge-rule
  register: result
"""

RETURN = r"""
trace:
  description: Where the summary is.
  returned: always
  type: dict
  contains:
    contact_id:
      description: Id of the contact.
      type: str
      returned: always
    cause:
      description: A word for the cause, such as V(delivered), V(event_rule_disabled) or V(sap_has_no_record).
      type: str
      returned: always
    sentence:
      description: The cause in a sentence.
      type: str
      returned: always
    remedy:
      description: What to do.
      type: str
      returned: always
    steps:
      description: The parts on the way, in order.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the part, from V(contact) to V(sap).
          type: str
          returned: always
        status:
          description: V(ok), V(stopped) or V(unknown).
          type: str
          returned: always
        text:
          description: What is known of it, in a sentence.
          type: str
          returned: always
    lines:
      description: All of that as lines to print.
      type: list
      elements: str
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.module import ReportModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.trace import Trace


def main() -> None:
    module = ReportModule(Trace(), argument_spec=dict(contact_id=dict(type="str", required=True)))
    module.run()


if __name__ == "__main__":
    main()
