#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_concurrency_info
version_added: 0.2.0
short_description: Gather facts about the reserved concurrency of AWS Lambda functions
description:
  - Returns the reservation of one function, or of all of them.
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
  - module: amazon_connect.sap.lambda_concurrency
"""

EXAMPLES = r"""
- name: Look whether a function is paused
  amazon_connect.sap.lambda_concurrency_info:
    function_name: poc-lambda-process-contact-lens-event
  register: result
"""

RETURN = r"""
concurrencies:
  description: The reservations, an empty list when there is no such function.
  returned: always
  type: list
  elements: dict
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
    module = ConnectModule(LambdaConcurrency(), info=True, argument_spec=dict(function_name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
