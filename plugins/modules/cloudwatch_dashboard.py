#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_dashboard
version_added: 0.2.0
short_description: Manage an Amazon CloudWatch dashboard
description:
  - Creates, changes and deletes a dashboard.
  - Neither amazon.aws nor community.aws has a module for dashboards.
  - Dashboards belong to the account as a whole, so one name can be used in one Region only.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the dashboard.
    type: str
    required: true
  body:
    description:
      - Content of the dashboard, as CloudWatch shows it under "View/edit source". A new dashboard needs it.
      - It is replaced as a whole.
    type: dict
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.cloudwatch_dashboard_info
"""

EXAMPLES = r"""
- name: Show how long the queue of dead letters is
  amazon_connect.sap.cloudwatch_dashboard:
    name: poc-summaries-eu-west-2
    body:
      widgets:
        - type: metric
          width: 12
          height: 6
          properties:
            title: Dead letters
            region: eu-west-2
            metrics:
              - [AWS/SQS, ApproximateNumberOfMessagesVisible, QueueName, poc-summary-dead-letters]

- name: Delete the dashboard
  amazon_connect.sap.cloudwatch_dashboard:
    name: poc-summaries-eu-west-2
    state: absent
"""

RETURN = r"""
dashboard:
  description: The dashboard; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Name of the dashboard; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the dashboard; null in check mode when it would be created.
      type: str
      returned: always
    name:
      description: Name of the dashboard.
      type: str
      returned: always
    body:
      description: Content of the dashboard.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.cloudwatch_dashboard import (
    CloudWatchDashboard,
)


def main() -> None:
    module = ConnectModule(
        CloudWatchDashboard(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            body=dict(type="dict"),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
