#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_user_info
version_added: 0.1.0
short_description: Gather facts about users of an Amazon Connect instance
description:
  - Returns one user of an instance, or all of them. Passwords are never returned.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  username:
    description:
      - Username, id or ARN of the user.
      - When left out, all users are returned, without their e-mail addresses and mobile phone numbers.
    type: str
    aliases: [name]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_user
"""

EXAMPLES = r"""
- name: Look at one user
  amazon_connect.sap.connect_user_info:
    instance: example-poc
    username: agent.one
  register: result

- name: Look at all users
  amazon_connect.sap.connect_user_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
users:
  description: The users, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the user.
      type: str
      returned: always
    arn:
      description: ARN of the user.
      type: str
      returned: always
    username:
      description: Name that the user signs in with.
      type: str
      returned: always
    identity_info:
      description:
        - Names and addresses, as C(first_name), C(last_name), C(email), C(secondary_email) and C(mobile).
        - Only the names when all users are returned.
      type: dict
      returned: when the service has them
    phone_config:
      description:
        - Settings of the phone, as C(phone_type), C(auto_accept), C(after_contact_work_time_limit) in seconds,
          C(desk_phone_number) and C(persistent_connection).
      type: dict
      returned: always
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
    module = ConnectModule(User(), info=True, argument_spec=dict(username=dict(type="str", aliases=["name"])))
    module.run()


if __name__ == "__main__":
    main()
