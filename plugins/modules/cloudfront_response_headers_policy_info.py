#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_response_headers_policy_info
version_added: 0.1.0
short_description: Gather facts about response headers policies of Amazon CloudFront
description:
  - Returns one response headers policy of the account, or all of them.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the policy. When left out, all policies of the account are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.cloudfront_response_headers_policy
"""

EXAMPLES = r"""
- name: Look at one policy
  amazon_connect.sap.cloudfront_response_headers_policy_info:
    name: connector
  register: result
"""

RETURN = r"""
response_headers_policies:
  description: The policies, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the policy.
      type: str
      returned: always
    name:
      description: Name of the policy.
      type: str
      returned: always
    comment:
      description: What the policy is for.
      type: str
      returned: when it has one
    headers:
      description: Headers by name.
      type: dict
      returned: always
    etag:
      description: Version of the policy.
      type: str
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.response_headers_policy import (
    ResponseHeadersPolicy,
)


def main() -> None:
    module = ConnectModule(ResponseHeadersPolicy(), info=True, argument_spec=dict(name=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
