# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

ALIAS = "molecule-connect-instance"


def test_instance(instance, site_tags):
    assert instance["InstanceAlias"] == ALIAS
    assert instance["InstanceStatus"] == "ACTIVE"
    assert instance["IdentityManagementType"] == "CONNECT_MANAGED"
    assert instance["InboundCallsEnabled"] and instance["OutboundCallsEnabled"]
    assert instance["Tags"] == site_tags


def test_flow_logs_are_on(client, instance):
    answer = client("connect").describe_instance_attribute(InstanceId=instance["Id"], AttributeType="CONTACTFLOW_LOGS")
    assert answer["Attribute"]["Value"] == "true"


def test_flow_logs_are_kept_for_a_limited_time(client, site_tags):
    logs = client("logs")
    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/connect/")["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == (f"/aws/connect/{ALIAS}", 30)
    assert logs.list_tags_log_group(logGroupName=group["logGroupName"])["tags"] == site_tags


def test_recordings_transcripts_and_reports_go_to_the_bucket(client, instance, account, region):
    connect = client("connect")
    prefixes = {
        "CALL_RECORDINGS": "CallRecordings",
        "CHAT_TRANSCRIPTS": "ChatTranscripts",
        "SCHEDULED_REPORTS": "Reports",
    }
    for resource_type, folder in prefixes.items():
        (config,) = connect.list_instance_storage_configs(InstanceId=instance["Id"], ResourceType=resource_type)[
            "StorageConfigs"
        ]
        assert config["S3Config"]["BucketName"] == f"amazon-connect-poc-{account}-{region}"
        assert config["S3Config"]["BucketPrefix"] == f"connect/{ALIAS}/{folder}"


def test_bucket_is_closed_encrypted_and_tls_only(client, account, region, site_tags):
    s3 = client("s3")
    bucket = f"amazon-connect-poc-{account}-{region}"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    foreign, statement = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert foreign["Sid"] == "DenyDeletion", "The bucket has lost what its policy said before"
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == site_tags


def test_users_have_the_profiles_of_the_guide(client, instance, by_name, site_tags):
    connect = client("connect")
    routing = by_name("list_routing_profiles", "Basic Routing Profile")["Id"]
    for username, profile in {"admin": "Admin", "agent": "Agent"}.items():
        id = by_name("list_users", username, key="Username")["Id"]
        user = connect.describe_user(InstanceId=instance["Id"], UserId=id)["User"]
        assert user["SecurityProfileIds"] == [by_name("list_security_profiles", profile)["Id"]]
        assert user["RoutingProfileId"] == routing
        assert user["PhoneConfig"]["PhoneType"] == "SOFT_PHONE"
        assert user["Tags"] == site_tags


def test_main_flow_is_published_and_uses_the_queue(client, instance, by_name, site_tags):
    id = by_name("list_contact_flows", "1 - MainFlow")["Id"]
    flow = client("connect").describe_contact_flow(InstanceId=instance["Id"], ContactFlowId=id)["ContactFlow"]
    assert (flow["Type"], flow["State"]) == ("CONTACT_FLOW", "ACTIVE")
    assert flow["Tags"] == site_tags
    actions = {action["Identifier"]: action for action in json.loads(flow["Content"])["Actions"]}
    assert actions["set-queue"]["Parameters"]["QueueId"] == by_name("list_queues", "BasicQueue")["Arn"]


def test_one_number_is_claimed_with_its_flow(client, instance, by_name, site_tags):
    connect = client("connect")
    (summary,) = connect.list_phone_numbers_v2(TargetArn=instance["Arn"])["ListPhoneNumbersSummaryList"]
    number = connect.describe_phone_number(PhoneNumberId=summary["PhoneNumberId"])["ClaimedPhoneNumberSummary"]
    assert (number["PhoneNumberType"], number["PhoneNumberCountryCode"]) == ("DID", "US")
    assert number["PhoneNumberStatus"]["Status"] == "CLAIMED"
    assert number["Tags"] == site_tags
    (link,) = connect.list_flow_associations(InstanceId=instance["Id"], ResourceType="VOICE_PHONE_NUMBER")[
        "FlowAssociationSummaryList"
    ]
    assert link["FlowId"] == by_name("list_contact_flows", "1 - MainFlow")["Arn"]


def test_queue_calls_out_with_the_number(client, instance, by_name):
    connect = client("connect")
    queue = connect.describe_queue(InstanceId=instance["Id"], QueueId=by_name("list_queues", "BasicQueue")["Id"])[
        "Queue"
    ]
    (summary,) = connect.list_phone_numbers_v2(TargetArn=instance["Arn"])["ListPhoneNumbersSummaryList"]
    config = queue["OutboundCallerConfig"]
    assert summary["PhoneNumberId"] in config["OutboundCallerIdNumberId"]
    assert by_name("list_contact_flows", "Default outbound")["Id"] in config["OutboundFlowId"]
