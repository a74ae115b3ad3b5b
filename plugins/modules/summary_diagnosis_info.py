#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: summary_diagnosis_info
version_added: 0.2.0
short_description: Tell why there are no summaries since a time
description:
  - Counts contacts, analyses, events, runs of the function, summaries and dead letters since a time, checks every part
    on the way, and tells the first one that lets nothing pass, and what was changed lately.
  - Checks the way for calls and, where a Contact Lens rule serves them, for chats, as the event of a contact that ends
    now would go it. The maintenance function signs in to SAP to see whether SAP would take a summary.
  - A part that the credentials may not look at is named, and the others are looked at all the same.
  - Returns no name, no phone number and nothing of what was said; who made a change is left out.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  since:
    description:
      - Time from which on to count. V(09:00) is the last nine o'clock there was; a date and time in ISO 8601 does as
        well.
      - Both are in UTC unless the time has a zone.
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
  schedule_rule_names:
    description:
      - Names of the EventBridge rules that call the maintenance function by the clock.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.summary_trace_info
"""

EXAMPLES = r"""
- name: Find out why there are no summaries since nine o'clock
  amazon_connect.sap.summary_diagnosis_info:
    instance: sap-connect-poc
    since: "09:00"
    function_name: poc-lambda-process-contact-lens-event
    maintenance_function_name: poc-lambda-summary-maintenance
    event_rule_name: Connect-poc-CL-eventbridge-rule
    schedule_rule_names:
      - poc-summary-redrive
      - poc-summary-reconcile
  register: result
"""

RETURN = r"""
diagnosis:
  description: What is known since that time.
  returned: always
  type: dict
  contains:
    since:
      description: The time from which on was counted, in UTC.
      type: str
      returned: always
    cause:
      description: A word for the first part that lets nothing pass, such as V(event_rule_disabled), or V(all_in_order).
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
    counts:
      description: How many contacts, analyses, events, runs, summaries and dead letters there were.
      type: dict
      returned: always
    failures:
      description: Failed deliveries by reason.
      type: dict
      returned: always
    skipped:
      description: Contacts that have no summary, by reason.
      type: dict
      returned: always
    waiting:
      description: Dead letters by reason.
      type: dict
      returned: always
    probe:
      description: For each channel every part on the way, with its status and what is known of it.
      type: dict
      returned: always
    sap:
      description: V(ok), V(error) or V(unknown), whether SAP takes the function's sign-in now.
      type: str
      returned: always
    changes:
      description: What was changed since a day before that time, oldest first.
      type: list
      elements: dict
      returned: always
      contains:
        at:
          description: When.
          type: str
          returned: always
        what:
          description: What, in words.
          type: str
          returned: always
    problems:
      description: Why a part could not be looked at.
      type: list
      elements: str
      returned: always
    lines:
      description: All of that as lines to print.
      type: list
      elements: str
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.diagnosis import Diagnosis
from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.module import ReportModule


def main() -> None:
    module = ReportModule(
        Diagnosis(),
        argument_spec=dict(
            since=dict(type="str", required=True),
            schedule_rule_names=dict(type="list", elements="str", default=[]),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
