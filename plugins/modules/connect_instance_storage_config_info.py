#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_instance_storage_config_info
version_added: 0.1.0
short_description: Gather facts about where an Amazon Connect instance stores its data
description:
  - Returns the storage configuration of one type of data, or of all types.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  resource_type:
    description:
      - Type of the data, for example V(CALL_RECORDINGS).
      - When left out, the configurations of all types are returned. That takes one request per type.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.attributes.info
seealso:
  - module: amazon_connect.sap.connect_instance_storage_config
"""

EXAMPLES = r"""
- name: See where call recordings are kept
  amazon_connect.sap.connect_instance_storage_config_info:
    instance: example-poc
    resource_type: CALL_RECORDINGS
  register: result

- name: See where everything is kept
  amazon_connect.sap.connect_instance_storage_config_info:
    instance: example-poc
  register: result
"""

RETURN = r"""
storage_configs:
  description: The storage configurations, an empty list when there is none.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id of the association.
      type: str
      returned: always
    resource_type:
      description: Type of the data.
      type: str
      returned: always
    storage_type:
      description: Kind of storage.
      type: str
      returned: always
    s3:
      description: Bucket, folder and key, as C(bucket_name), C(bucket_prefix) and C(kms_key_arn).
      type: dict
      returned: when it is stored in S3
    kinesis_stream_arn:
      description: ARN of the Kinesis data stream.
      type: str
      returned: when it is sent to one
    firehose_arn:
      description: ARN of the Firehose delivery stream.
      type: str
      returned: when it is sent to one
    kinesis_video_stream:
      description:
        - Settings of the Kinesis video streams, as C(prefix), C(retention_period_hours) and C(kms_key_arn).
        - The prefix is without what the service appends.
      type: dict
      returned: when it is stored in them
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.instance_storage_config import (
    InstanceStorageConfig,
)


def main() -> None:
    module = ConnectModule(InstanceStorageConfig(), info=True, argument_spec=dict(resource_type=dict(type="str")))
    module.run()


if __name__ == "__main__":
    main()
