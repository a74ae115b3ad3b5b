#!/usr/bin/python
# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_instance_storage_config
version_added: 0.1.0
short_description: Manage where an Amazon Connect instance stores one type of data
description:
  - Sets, changes and removes the storage of one type of data, for example of call recordings.
  - An instance has one storage configuration per type. A change is made in place, the configuration keeps its id.
  - The bucket or stream must exist already. Removing a configuration leaves what is stored where it is.
author:
  - The amazon_connect.sap contributors (@amazon-connect-sap)
options:
  resource_type:
    description:
      - Type of the data, for example V(CALL_RECORDINGS), V(CHAT_TRANSCRIPTS), V(SCHEDULED_REPORTS), V(MEDIA_STREAMS),
        V(CONTACT_TRACE_RECORDS), V(AGENT_EVENTS) or V(ATTACHMENTS).
      - Types that the installed botocore does not know are sent with a warning.
    type: str
    required: true
  storage_type:
    description:
      - Kind of storage. It can be left out when the option of the storage itself is given.
    type: str
    choices: [S3, KINESIS_STREAM, KINESIS_FIREHOSE, KINESIS_VIDEO_STREAM]
  s3:
    description:
      - Store in an S3 bucket. Members that are left out stay as they are.
    type: dict
    suboptions:
      bucket_name:
        description:
          - Name of the bucket. A new configuration needs it.
        type: str
      bucket_prefix:
        description:
          - Folder in the bucket, without a slash at its end. A new configuration needs it.
        type: str
      kms_key_arn:
        description:
          - ARN of the KMS key that encrypts the objects. An empty text removes it.
        type: str
  kinesis_stream_arn:
    description:
      - ARN of the Kinesis data stream to send to.
    type: str
  firehose_arn:
    description:
      - ARN of the Firehose delivery stream to send to.
    type: str
  kinesis_video_stream:
    description:
      - Store in Kinesis video streams. Members that are left out stay as they are.
    type: dict
    suboptions:
      prefix:
        description:
          - Start of the names of the streams. A new configuration needs it.
          - The service appends the alias of the instance. That part is left out here and in the returned value.
        type: str
      retention_period_hours:
        description:
          - How many hours the service keeps the data, V(0) for not at all. A new configuration needs it.
        type: int
      kms_key_arn:
        description:
          - ARN of the KMS key that encrypts the streams. A new configuration needs it.
        type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - amazon_connect.sap.instance
  - amazon_connect.sap.state
  - amazon_connect.sap.attributes
seealso:
  - module: amazon_connect.sap.connect_instance_storage_config_info
"""

EXAMPLES = r"""
- name: Keep call recordings in a bucket
  amazon_connect.sap.connect_instance_storage_config:
    instance: example-poc
    resource_type: CALL_RECORDINGS
    s3:
      bucket_name: example-poc-recordings
      bucket_prefix: connect/example-poc/CallRecordings

- name: Encrypt them with a key
  amazon_connect.sap.connect_instance_storage_config:
    instance: example-poc
    resource_type: CALL_RECORDINGS
    s3:
      kms_key_arn: arn:aws:kms:eu-west-2:111122223333:key/01234567-89ab-cdef-0123-456789abcdef

- name: Send contact records to a stream
  amazon_connect.sap.connect_instance_storage_config:
    instance: example-poc
    resource_type: CONTACT_TRACE_RECORDS
    kinesis_stream_arn: arn:aws:kinesis:eu-west-2:111122223333:stream/contact-records

- name: Keep the audio of callers for a day
  amazon_connect.sap.connect_instance_storage_config:
    instance: example-poc
    resource_type: MEDIA_STREAMS
    kinesis_video_stream:
      prefix: audio
      retention_period_hours: 24
      kms_key_arn: arn:aws:kms:eu-west-2:111122223333:key/01234567-89ab-cdef-0123-456789abcdef

- name: Store no audio any more
  amazon_connect.sap.connect_instance_storage_config:
    instance: example-poc
    resource_type: MEDIA_STREAMS
    state: absent
"""

RETURN = r"""
storage_config:
  description: The storage configuration; null when it is absent.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the association; null in check mode when it would be created.
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
      description: Bucket, folder and key.
      type: dict
      returned: when it is stored in S3
      contains:
        bucket_name:
          description: Name of the bucket.
          type: str
          returned: always
        bucket_prefix:
          description: Folder in the bucket.
          type: str
          returned: always
        kms_key_arn:
          description: ARN of the KMS key.
          type: str
          returned: when there is one
    kinesis_stream_arn:
      description: ARN of the Kinesis data stream.
      type: str
      returned: when it is sent to one
    firehose_arn:
      description: ARN of the Firehose delivery stream.
      type: str
      returned: when it is sent to one
    kinesis_video_stream:
      description: Settings of the Kinesis video streams.
      type: dict
      returned: when it is stored in them
      contains:
        prefix:
          description: Start of the names of the streams, without what the service appends.
          type: str
          returned: always
        retention_period_hours:
          description: How many hours the service keeps the data.
          type: int
          returned: always
        kms_key_arn:
          description: ARN of the KMS key.
          type: str
          returned: always
"""

from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.module import ConnectModule
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.resources.instance_storage_config import (
    InstanceStorageConfig,
)


def main() -> None:
    module = ConnectModule(
        InstanceStorageConfig(),
        argument_spec=dict(
            resource_type=dict(type="str", required=True),
            storage_type=dict(type="str", choices=["S3", "KINESIS_STREAM", "KINESIS_FIREHOSE", "KINESIS_VIDEO_STREAM"]),
            s3=dict(
                type="dict",
                options=dict(
                    bucket_name=dict(type="str"),
                    bucket_prefix=dict(type="str"),
                    kms_key_arn=dict(type="str", no_log=False),
                ),
            ),
            kinesis_stream_arn=dict(type="str"),
            firehose_arn=dict(type="str"),
            kinesis_video_stream=dict(
                type="dict",
                options=dict(
                    prefix=dict(type="str"),
                    retention_period_hours=dict(type="int"),
                    kms_key_arn=dict(type="str", no_log=False),
                ),
            ),
        ),
        mutually_exclusive=[("s3", "kinesis_stream_arn", "firehose_arn", "kinesis_video_stream")],
    )
    module.run()


if __name__ == "__main__":
    main()
