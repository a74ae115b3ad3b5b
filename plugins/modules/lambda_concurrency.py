#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_concurrency
version_added: 0.2.0
short_description: Manage the reserved concurrency of an AWS Lambda function
description:
  - Reserves runs for a function, which is also the most it runs at the same time, and takes the reservation back.
  - M(amazon.aws.lambda) does not know reserved concurrency.
  - A function with a reservation of V(0) is paused. Lambda then hands asynchronous events to its dead-letter queue.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  function_name:
    description:
      - Name of the function.
    type: str
    required: true
  reserved:
    description:
      - How many runs are reserved. V(0) pauses the function. When left out, nothing changes.
    type: int
  lift_pause:
    description:
      - Whether a paused function may run again. With V(false) a reservation of V(0) stays as it is.
    type: bool
    default: true
  state:
    description:
      - V(absent) takes the reservation back.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.lambda_concurrency_info
"""

EXAMPLES = r"""
- name: Run a function at most five times at once
  amazon_connect.sap.lambda_concurrency:
    function_name: poc-lambda-process-contact-lens-event
    reserved: 5

- name: Pause a function
  amazon_connect.sap.lambda_concurrency:
    function_name: poc-lambda-process-contact-lens-event
    reserved: 0

- name: Take the reservation back
  amazon_connect.sap.lambda_concurrency:
    function_name: poc-lambda-process-contact-lens-event
    state: absent
"""

RETURN = r"""
concurrency:
  description: The reservation.
  returned: always
  type: dict
  contains:
    id:
      description: Name of the function.
      type: str
      returned: always
    function_name:
      description: Name of the function.
      type: str
      returned: always
    reserved:
      description: Runs that are reserved; null when none are, V(0) when the function is paused.
      type: int
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.lambda_concurrency import (
    LambdaConcurrency,
)


def main() -> None:
    module = ConnectModule(
        LambdaConcurrency(),
        argument_spec=dict(
            function_name=dict(type="str", required=True),
            reserved=dict(type="int"),
            lift_pause=dict(type="bool", default=True),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
