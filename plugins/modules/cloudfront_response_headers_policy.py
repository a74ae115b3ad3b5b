#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_response_headers_policy
version_added: 0.1.0
short_description: Manage the headers that an Amazon CloudFront distribution adds to its responses
description:
  - Creates, changes and deletes a response headers policy.
  - M(community.aws.cloudfront_response_headers_policy) does so too, but sends a change and reports one on every run.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the policy.
    type: str
    required: true
  comment:
    description:
      - What the policy is for. An empty text removes it.
    type: str
  headers:
    description:
      - All headers of the policy, as a dictionary of names and values. They win over the headers of the origin.
      - A new policy needs it. Headers that are not in it are removed.
    type: dict
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.cloudfront_response_headers_policy_info
"""

EXAMPLES = r"""
- name: Set the headers of the connector
  amazon_connect.sap.cloudfront_response_headers_policy:
    name: connector
    headers:
      Content-Security-Policy: default-src 'self'
      Strict-Transport-Security: max-age=31536000
      Permissions-Policy: microphone=(self)
  register: result

- name: Delete the policy
  amazon_connect.sap.cloudfront_response_headers_policy:
    name: connector
    state: absent
"""

RETURN = r"""
response_headers_policy:
  description: The policy; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the policy; null in check mode when it would be created.
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
      returned: when the policy exists
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.response_headers_policy import (
    ResponseHeadersPolicy,
)


def main() -> None:
    module = ConnectModule(
        ResponseHeadersPolicy(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            comment=dict(type="str"),
            headers=dict(type="dict"),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
