#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_dashboard_info
version_added: 0.2.0
short_description: Gather facts about Amazon CloudWatch dashboards
description:
  - Returns one dashboard, or all of them, with their content.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the dashboard. When left out, all dashboards are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.cloudwatch_dashboard
"""

EXAMPLES = r"""
- name: Look at one dashboard
  amazon_connect.sap.cloudwatch_dashboard_info:
    name: poc-summaries-eu-west-2
  register: result
"""

RETURN = r"""
dashboards:
  description: The dashboards, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Name of the dashboard.
      type: str
      returned: always
    arn:
      description: ARN of the dashboard.
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
    module = ConnectModule(CloudWatchDashboard(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
