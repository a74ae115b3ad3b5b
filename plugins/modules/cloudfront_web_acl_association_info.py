#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_web_acl_association_info
version_added: 0.1.0
short_description: Gather facts about which web ACLs protect Amazon CloudFront distributions
description:
  - Returns which web ACL protects one distribution, or all distributions of the account that have one.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  distribution_id:
    description:
      - Id of the distribution. When left out, all protected distributions of the account are returned.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.cloudfront_web_acl_association
"""

EXAMPLES = r"""
- name: Look at what protects the distribution
  amazon_connect.sap.cloudfront_web_acl_association_info:
    distribution_id: EDFDVBD6EXAMPLE
  register: result
"""

RETURN = r"""
web_acl_associations:
  description: What protects the distributions, an empty list when nothing does.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the distribution.
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
    module = ConnectModule(WebAclAssociation(), info=True, argument_spec=dict(distribution_id=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
