#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_web_acl_association
version_added: 0.1.0
short_description: Manage which web ACL protects an Amazon CloudFront distribution
description:
  - Puts a distribution under the protection of a web ACL, or takes it out.
  - C(community.aws.cloudfront_distribution) can do the first, but not the second.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  distribution_id:
    description:
      - Id of the distribution.
    type: str
    required: true
  web_acl_arn:
    description:
      - ARN of the web ACL, which lives in us-east-1. A distribution without a web ACL needs it.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.cloudfront_web_acl_association_info
"""

EXAMPLES = r"""
- name: Protect the distribution of the connector
  amazon_connect.sap.cloudfront_web_acl_association:
    distribution_id: EDFDVBD6EXAMPLE
    web_acl_arn: arn:aws:wafv2:us-east-1:111122223333:global/webacl/connector/11111111-1111-4111-8111-111111111111

- name: Protect it no longer
  amazon_connect.sap.cloudfront_web_acl_association:
    distribution_id: EDFDVBD6EXAMPLE
    state: absent
"""

RETURN = r"""
web_acl_association:
  description: What protects the distribution; null when nothing does.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the distribution; null in check mode when it would be protected from now on.
      type: str
      returned: always
    distribution_id:
      description: Id of the distribution.
      type: str
      returned: always
    web_acl_arn:
      description: ARN of the web ACL.
      type: str
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.web_acl_association import (
    WebAclAssociation,
)


def main() -> None:
    module = ConnectModule(
        WebAclAssociation(),
        argument_spec=dict(distribution_id=dict(type="str", required=True), web_acl_arn=dict(type="str")),
    )
    module.run()


if __name__ == "__main__":
    main()
