#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_user
version_added: 0.1.0
short_description: Manage a user of an Amazon Connect instance
description:
  - Creates, changes and deletes a user.
  - Quick connects to a deleted user stay and lead nowhere. Delete them too.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  username:
    description:
      - Name that the user signs in with, at most 20 characters, or 64 with SAML. It cannot be changed later.
      - The id or ARN of an existing user works too.
    type: str
    required: true
    aliases: [name]
  password:
    description:
      - First password, needed for a new user of an instance with C(CONNECT_MANAGED) identities.
      - It has 8 to 64 characters without blanks, among them a lower-case letter, an upper-case letter and a digit.
      - It is only used when the user is created. The service neither shows a password nor changes it.
    type: str
  first_name:
    description:
      - First name. A new user needs it, unless a directory knows it.
    type: str
  last_name:
    description:
      - Last name. A new user needs it, unless a directory knows it.
    type: str
  email:
    description:
      - E-mail address. An empty text removes it.
      - The service refuses it where the username is the address, as with SAML.
    type: str
  secondary_email:
    description:
      - Second e-mail address. An empty text removes it.
    type: str
  mobile:
    description:
      - Number of the mobile phone in E.164 form. An empty text removes it.
    type: str
  phone_type:
    description:
      - Whether the user speaks through the browser or a telephone.
      - A new user gets V(SOFT_PHONE) when this is left out.
    type: str
    choices: [SOFT_PHONE, DESK_PHONE]
  auto_accept:
    description:
      - Whether calls are accepted for the user.
      - A new user gets V(false) when this is left out.
    type: bool
  after_contact_work_time_limit:
    description:
      - How many seconds the user has for work after a contact, V(0) for no limit.
      - A new user gets V(0) when this is left out.
    type: int
  desk_phone_number:
    description:
      - Number of the telephone in E.164 form, for O(phone_type=DESK_PHONE). An empty text removes it.
    type: str
  persistent_connection:
    description:
      - Whether the connection to the telephone stays open between calls.
    type: bool
  routing_profile:
    description:
      - Name, id or ARN of the routing profile. A new user needs it.
    type: str
  security_profiles:
    description:
      - Names, ids or ARNs of the security profiles, 1 to 10. A new user needs them.
    type: list
    elements: str
  purge_security_profiles:
    description:
      - Whether security profiles that are not in O(security_profiles) are taken away.
    type: bool
    default: false
  directory_user_id:
    description:
      - Id of the user in the directory, for instances with a directory of their own. It cannot be changed later.
    type: str
  hierarchy_group:
    description:
      - Name, id or ARN of the hierarchy group. An empty text takes the user out of the hierarchy.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.tags
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_user_info
"""

EXAMPLES = r"""
- name: Create an agent
  amazon_connect.sap.connect_user:
    instance: example-poc
    username: agent.one
    password: "{{ agent_password }}"
    first_name: Agent
    last_name: One
    email: agent.one@example.com
    routing_profile: Basic Routing Profile
    security_profiles:
      - Agent
    tags:
      environment: poc

- name: Give the agent half a minute after each call
  amazon_connect.sap.connect_user:
    instance: example-poc
    username: agent.one
    after_contact_work_time_limit: 30

- name: Let the user be an administrator and nothing else
  amazon_connect.sap.connect_user:
    instance: example-poc
    username: agent.one
    security_profiles:
      - Admin
    purge_security_profiles: true

- name: Delete the user
  amazon_connect.sap.connect_user:
    instance: example-poc
    username: agent.one
    state: absent
"""

RETURN = r"""
user:
  description: The user; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the user; null in check mode when it would be created.
      type: str
      returned: always
    arn:
      description: ARN of the user; null in check mode when it would be created.
      type: str
      returned: always
    username:
      description: Name that the user signs in with.
      type: str
      returned: always
    identity_info:
      description: Names and addresses.
      type: dict
      returned: when the service has them
      contains:
        first_name:
          description: First name.
          type: str
          returned: when it is set
        last_name:
          description: Last name.
          type: str
          returned: when it is set
        email:
          description: E-mail address.
          type: str
          returned: when it is set
        secondary_email:
          description: Second e-mail address.
          type: str
          returned: when it is set
        mobile:
          description: Number of the mobile phone.
          type: str
          returned: when it is set
    phone_config:
      description: Settings of the phone.
      type: dict
      returned: always
      contains:
        phone_type:
          description: Whether the user speaks through the browser or a telephone.
          type: str
          returned: always
        auto_accept:
          description: Whether calls are accepted for the user.
          type: bool
          returned: always
        after_contact_work_time_limit:
          description: Seconds for work after a contact.
          type: int
          returned: always
        desk_phone_number:
          description: Number of the telephone.
          type: str
          returned: when it is set
        persistent_connection:
          description: Whether the connection to the telephone stays open between calls.
          type: bool
          returned: when it is set
    routing_profile_id:
      description: Id of the routing profile.
      type: str
      returned: always
    security_profile_ids:
      description: Ids of the security profiles, sorted.
      type: list
      elements: str
      returned: always
    directory_user_id:
      description: Id of the user in the directory.
      type: str
      returned: when there is one
    hierarchy_group_id:
      description: Id of the hierarchy group.
      type: str
      returned: when the user is in one
    tags:
      description: Tags of the user.
      type: dict
      returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.user import User


def main() -> None:
    module = ConnectModule(
        User(),
        argument_spec=dict(
            username=dict(type="str", required=True, aliases=["name"]),
            password=dict(type="str", no_log=True),
            first_name=dict(type="str"),
            last_name=dict(type="str"),
            email=dict(type="str"),
            secondary_email=dict(type="str"),
            mobile=dict(type="str"),
            phone_type=dict(type="str", choices=["SOFT_PHONE", "DESK_PHONE"]),
            auto_accept=dict(type="bool"),
            after_contact_work_time_limit=dict(type="int"),
            desk_phone_number=dict(type="str"),
            persistent_connection=dict(type="bool"),
            routing_profile=dict(type="str"),
            security_profiles=dict(type="list", elements="str"),
            purge_security_profiles=dict(type="bool", default=False),
            directory_user_id=dict(type="str"),
            hierarchy_group=dict(type="str"),
        ),
    )
    module.run()


if __name__ == "__main__":
    main()
