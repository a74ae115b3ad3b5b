#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_event_invoke_config_info
version_added: 0.2.0
short_description: Gather facts about how AWS Lambda treats asynchronous events
description:
  - Returns the configuration for asynchronous events of one function, or of all that have one.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  function_name:
    description:
      - Name of the function. When left out, those of all functions are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.lambda_event_invoke_config
"""

EXAMPLES = r"""
- name: Look at one function
  amazon_connect.sap.lambda_event_invoke_config_info:
    function_name: poc-lambda-process-contact-lens-event
  register: result
"""

RETURN = r"""
event_invoke_configs:
  description: The configurations, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Name of the function.
      type: str
      returned: always
    arn:
      description: ARN of the function's version.
      type: str
      returned: always
    function_name:
      description: Name of the function.
      type: str
      returned: always
    maximum_retry_attempts:
      description: How often a failed run is tried again.
      type: int
      returned: when it is set
    maximum_event_age:
      description: Seconds after which an event is given up.
      type: int
      returned: when it is set
    on_success_arn:
      description: ARN of what is told about successful runs.
      type: str
      returned: when it is set
    on_failure_arn:
      description: ARN of what is told about events that were given up.
      type: str
      returned: when it is set
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.lambda_event_invoke_config import (
    LambdaEventInvokeConfig,
)


def main() -> None:
    module = ConnectModule(LambdaEventInvokeConfig(), info=True, argument_spec=dict(function_name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
