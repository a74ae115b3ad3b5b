#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudfront_origin_access_control
version_added: 0.1.0
short_description: Manage an origin access control of Amazon CloudFront
description:
  - Creates, changes and deletes an origin access control, which signs the requests of a distribution to a private
    origin such as an S3 bucket.
  - C(amazon.aws) and C(community.aws) have no module for it, only for its predecessor, the origin access identity.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the origin access control.
    type: str
    required: true
  description:
    description:
      - Description. An empty text removes it.
    type: str
  origin_type:
    description:
      - Type of the origin. A new origin access control is for V(s3) when this is left out.
    type: str
    choices: [s3, mediastore, mediapackagev2, lambda]
  signing_behavior:
    description:
      - Which requests are signed. A new origin access control signs V(always) when this is left out.
    type: str
    choices: [always, never, no-override, always-amz-auth]
  signing_protocol:
    description:
      - How requests are signed. A new origin access control uses V(sigv4) when this is left out.
    type: str
    choices: [sigv4, sigv4a]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.cloudfront_origin_access_control_info
"""

EXAMPLES = r"""
- name: Sign requests to the bucket of the connector
  amazon_connect.sap.cloudfront_origin_access_control:
    name: connector
    description: Reads the connector's bucket
  register: result

- name: Delete the origin access control
  amazon_connect.sap.cloudfront_origin_access_control:
    name: connector
    state: absent
"""

RETURN = r"""
origin_access_control:
  description: The origin access control; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the origin access control; null in check mode when it would be created.
      type: str
      returned: always
    name:
      description: Name of the origin access control.
      type: str
      returned: always
    description:
      description: Description of the origin access control.
      type: str
      returned: when it has one
    origin_type:
      description: Type of the origin.
      type: str
      returned: always
    signing_behavior:
      description: Which requests are signed.
      type: str
      returned: always
    signing_protocol:
      description: How requests are signed.
      type: str
      returned: always
    etag:
      description: Version of the origin access control.
      type: str
      returned: when the origin access control exists
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.origin_access_control import (
    OriginAccessControl,
)


def main() -> None:
    module = ConnectModule(
        OriginAccessControl(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            description=dict(type="str"),
            origin_type=dict(type="str", choices=["s3", "mediastore", "mediapackagev2", "lambda"]),
            signing_behavior=dict(type="str", choices=["always", "never", "no-override", "always-amz-auth"]),
            signing_protocol=dict(type="str", choices=["sigv4", "sigv4a"]),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
