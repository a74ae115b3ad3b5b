#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: summary_maintenance
version_added: 0.2.0
short_description: Send summaries again that did not reach SAP, and look for missing ones
description:
  - Lets the maintenance function of the C(summary_lambda) role carry out an action, answer by answer until it is done.
  - In check mode the function looks at everything and changes nothing.
  - A run that is broken off does no harm. Run it again, or go on from O(next).
  - The module fails when the function stops before the end, for example because SAP is down. RV(ignore:report) of the
    failure says what was done until then.
  - Returns no name, no phone number and nothing of what was said.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  function_name:
    description:
      - Name of the maintenance function.
    type: str
    required: true
  action:
    description:
      - V(redrive) sends dead letters through the delivery function again, and deletes those that succeed.
      - V(reconcile) compares the analyses since its last run with SAP and sends what is missing.
      - V(backfill) does so for all calls that agents took between O(start) and O(end).
      - V(inspect) tells where the summaries of O(contact_ids) are.
      - V(probe) signs in to SAP and lists once, and tells which step fails.
    type: str
    choices: [redrive, reconcile, backfill, inspect, probe]
    required: true
  contact_ids:
    description:
      - Only these contacts, for V(redrive). Those to look at, at most 20, for V(inspect).
    type: list
    elements: str
  reasons:
    description:
      - Only dead letters with one of these reasons, for V(redrive). A reason is the name of an error, such as
        V(SapUnavailable), or EventBridge's error code.
    type: list
    elements: str
  sent_after:
    description:
      - Only dead letters from this date or time on, for V(redrive). In ISO 8601, UTC unless it says otherwise.
    type: str
  sent_before:
    description:
      - Only dead letters from before this date or time, for V(redrive).
    type: str
  maximum_age:
    description:
      - Hours after which a dead letter is left for a person, for V(redrive). V(0) leaves none.
      - When left out, what the function was deployed with counts.
    type: float
  start:
    description:
      - Begin of the period, for V(backfill). A date or time in ISO 8601, UTC unless it says otherwise.
    type: str
  end:
    description:
      - End of the period, for V(backfill). A call at this very time is not part of it.
    type: str
  not_before:
    description:
      - Calls that began before this date or time are left alone, for V(backfill), for example because nobody had
        consented to an analysis yet.
    type: str
  maximum:
    description:
      - How many contacts are sent, at most, for V(backfill).
    type: int
  rate:
    description:
      - How many contacts are sent in a second, at most. When left out, what the function was deployed with counts.
    type: float
  next:
    description:
      - RV(report.next) of an earlier run, to go on where that ended.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes
attributes:
  diff_mode:
    support: none
    details: The report says what was done.
seealso:
  - module: amazon_connect.sap.summary_trace_info
"""

EXAMPLES = r"""
- name: Send the dead letters of an outage of SAP again
  amazon_connect.sap.summary_maintenance:
    function_name: poc-lambda-summary-maintenance
    action: redrive
    reasons: [SapUnavailable, SapThrottled]
    maximum_age: 0

- name: Send the summaries of November
  amazon_connect.sap.summary_maintenance:
    function_name: poc-lambda-summary-maintenance
    action: backfill
    start: "2026-11-01"
    end: "2026-12-01"
    not_before: "2026-11-09T08:00:00+01:00"

- name: Find out whether SAP can be reached
  amazon_connect.sap.summary_maintenance:
    function_name: poc-lambda-summary-maintenance
    action: probe
"""

RETURN = r"""
report:
  description: What the function did, or in check mode would do.
  returned: always
  type: dict
  contains:
    action:
      description: The action.
      type: str
      returned: always
    dry_run:
      description: Whether nothing was changed.
      type: bool
      returned: always
    counts:
      description:
        - How many messages and contacts came to which end, such as C(delivered), C(failed), C(too_old), C(sent) or
          C(same).
      type: dict
      returned: always
    reasons:
      description: How many contacts rightly have no summary, by reason.
      type: dict
      returned: always
    contacts:
      description: The contacts that somebody may want to look at.
      type: list
      elements: dict
      returned: always
      contains:
        contact_id:
          description: Id of the contact; null when a message names none.
          type: str
          returned: always
        outcome:
          description: What became of it.
          type: str
          returned: always
        reason:
          description: Why, as the name of an error or a code of Contact Lens.
          type: str
          returned: always
    stopped:
      description: Why the function ended early; null when it did not.
      type: str
      returned: always
    stopped_by:
      description: Name of the error that showed it.
      type: str
      returned: always
    next:
      description: Where another run can go on; null when everything is done.
      type: str
      returned: always
    steps:
      description: The steps with C(step), C(state), C(error) and C(message).
      type: list
      elements: dict
      returned: for O(action=probe)
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.maintenance import MaintenanceModule


def main() -> None:
    module = MaintenanceModule(
        argument_spec=dict(
            function_name=dict(type="str", required=True),
            action=dict(type="str", required=True, choices=["redrive", "reconcile", "backfill", "inspect", "probe"]),
            contact_ids=dict(type="list", elements="str"),
            reasons=dict(type="list", elements="str"),
            sent_after=dict(type="str"),
            sent_before=dict(type="str"),
            maximum_age=dict(type="float"),
            start=dict(type="str"),
            end=dict(type="str"),
            not_before=dict(type="str"),
            maximum=dict(type="int"),
            rate=dict(type="float"),
            next=dict(type="str"),
        ),
        required_if=[
            ("action", "backfill", ("start", "end", "not_before")),
            ("action", "inspect", ("contact_ids",)),
        ],
    )
    module.run()


if __name__ == "__main__":
    main()
