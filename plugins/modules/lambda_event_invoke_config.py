#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_event_invoke_config
version_added: 0.2.0
short_description: Manage how AWS Lambda treats asynchronous events of a function
description:
  - Sets how often and for how long Lambda tries to handle an asynchronous event, and who is told of the outcome.
  - Neither amazon.aws nor community.aws has a module for this.
  - It is the configuration of the function itself. Versions and aliases have their own, which this module leaves alone.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  function_name:
    description:
      - Name of the function.
    type: str
    required: true
  maximum_retry_attempts:
    description:
      - How often a failed run is tried again, V(0) to V(2). Lambda's own default is V(2).
    type: int
  maximum_event_age:
    description:
      - Seconds after which an event is given up, V(60) to V(21600). Lambda's own default is V(21600).
    type: int
  on_success_arn:
    description:
      - ARN of the queue, topic, function or event bus that is told about successful runs. An empty text removes it.
    type: str
  on_failure_arn:
    description:
      - ARN of the queue, topic, function, event bus or bucket that is told about events that were given up.
      - An empty text removes it.
      - A dead-letter queue of the function works beside it. M(amazon.aws.lambda) sets that one.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.lambda_event_invoke_config_info
"""

EXAMPLES = r"""
- name: Try an event again once, for an hour at most
  amazon_connect.sap.lambda_event_invoke_config:
    function_name: poc-lambda-process-contact-lens-event
    maximum_retry_attempts: 1
    maximum_event_age: 3600

- name: Go back to what Lambda does by itself
  amazon_connect.sap.lambda_event_invoke_config:
    function_name: poc-lambda-process-contact-lens-event
    state: absent
"""

RETURN = r"""
event_invoke_config:
  description: The configuration; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Name of the function; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the function's version; null in check mode when it would be created.
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
    module = ConnectModule(
        LambdaEventInvokeConfig(),
        argument_spec=dict(
            function_name=dict(type="str", required=True),
            maximum_retry_attempts=dict(type="int"),
            maximum_event_age=dict(type="int"),
            on_success_arn=dict(type="str"),
            on_failure_arn=dict(type="str"),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
