#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_security_profile
version_added: 0.1.0
short_description: Manage a security profile of an Amazon Connect instance
description:
  - Creates, changes and deletes a security profile, the set of permissions that is given to users.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  name:
    description:
      - Name of the security profile. It cannot be changed later.
      - The id or ARN of an existing security profile works too.
    type: str
    required: true
  description:
    description:
      - Description of the security profile. An empty text removes it.
    type: str
  permissions:
    description:
      - Names of permissions in the form of the API, for example V(BasicAgentAccess).
      - The old names V(ListenCallRecordings), V(DownloadCallRecordings) and V(RedactedData.View) count as the new names
        that the console of Amazon Connect turns them into.
      - A name that the service does not know is refused by the service.
    type: list
    elements: str
  purge_permissions:
    description:
      - Whether permissions that are not in O(permissions) are taken away.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_security_profile_info
"""

EXAMPLES = r"""
- name: Let agents see the analysis and the summary of their calls
  amazon_connect.sap.connect_security_profile:
    instance: example-poc
    name: Agent
    permissions:
      - RealtimeContactLens.View
      - MyContacts.View
      - GraphTrends.View
      - ContactLensPostContactSummary.View

- name: Create a security profile with these permissions and no other
  amazon_connect.sap.connect_security_profile:
    instance: example-poc
    name: Listener
    description: Listens to recordings
    permissions:
      - ContactSearch.View
      - CallRecordings.Unredacted.Access
    purge_permissions: true
    tags:
      environment: poc

- name: Delete the security profile
  amazon_connect.sap.connect_security_profile:
    instance: example-poc
    name: Listener
    state: absent
"""

RETURN = r"""
security_profile:
  description: The security profile; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the security profile; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the security profile; null in check mode when it would be created.
      type: str
      returned: always
    name:
      description: Name of the security profile.
      type: str
      returned: always
    description:
      description: Description of the security profile.
      type: str
      returned: when it has one
    permissions:
      description: Names of the permissions, sorted, as the service spells them.
      type: list
      elements: str
      returned: always
    tags:
      description: Tags of the security profile.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.security_profile import (
    SecurityProfile,
)


def main() -> None:
    module = ConnectModule(
        SecurityProfile(),
        argument_spec=dict(
            name=dict(type="str", required=True),
            description=dict(type="str"),
            permissions=dict(type="list", elements="str"),
            purge_permissions=dict(type="bool", default=False),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
