# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
import requests

DIST = Path(__file__).parents[3] / "files/cti_connector/dist"
MANIFEST = json.loads((DIST / "manifest.json").read_text()) if (DIST / "manifest.json").is_file() else {"files": []}


@pytest.fixture(scope="module")
def bucket(account, region):
    return f"sap-cti-connector-poc-{account}-{region}"


@pytest.fixture(scope="module")
def distribution(client):
    cloudfront = client("cloudfront")
    (item,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    return cloudfront.get_distribution(Id=item["Id"])["Distribution"]


def test_bucket_is_closed_encrypted_and_versioned(client, bucket, site_tags):
    s3 = client("s3")
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == site_tags


def test_only_the_distribution_reads_the_bucket(client, bucket, distribution):
    statements = json.loads(client("s3").get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    by_effect = {statement["Effect"]: statement for statement in statements}
    assert by_effect["Allow"]["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert by_effect["Allow"]["Action"] == "s3:GetObject"
    assert by_effect["Allow"]["Condition"] == {"StringEquals": {"AWS:SourceArn": distribution["ARN"]}}
    assert by_effect["Deny"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("file", MANIFEST["files"], ids=lambda file: file["path"])
def test_file_is_stored_with_its_headers(client, bucket, file):
    stored = client("s3").get_object(Bucket=bucket, Key=file["path"])
    assert hashlib.sha256(stored["Body"].read()).hexdigest() == file["sha256"]
    assert stored["ContentType"] == file["content_type"]
    assert stored["CacheControl"] == file["cache_control"]


def test_nothing_else_is_stored(client, bucket):
    keys = {item["Key"] for item in client("s3").list_objects_v2(Bucket=bucket)["Contents"]}
    assert keys == {file["path"] for file in MANIFEST["files"]} | {"config.js"}


def test_configuration_names_instance_and_sap(client, bucket, region):
    stored = client("s3").get_object(Bucket=bucket, Key="config.js")
    text = stored["Body"].read().decode()
    settings = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert settings["instanceUrl"] == "https://molecule-cti-hosting.my.connect.aws"
    assert settings["region"] == region
    assert settings["sapOrigins"] == [os.environ["SAP_BASE_URL"]]
    assert settings["attributeFields"]["Custom_1"] == "CustomerUUID"
    assert (settings["ctiType"], settings["acceptAction"], settings["language"]) == ("agentDesktop", True, None)
    assert stored["CacheControl"] == "no-cache"


def test_distribution_is_as_the_guide_says(client, distribution, bucket, region, site_tags):
    config = distribution["DistributionConfig"]
    behaviour = config["DefaultCacheBehavior"]
    assert config["Enabled"] and config["IsIPV6Enabled"]
    assert config["DefaultRootObject"] == "index.html"
    assert config["HttpVersion"] == "http2and3"
    assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
    assert behaviour["Compress"] is True
    (origin,) = config["Origins"]["Items"]
    assert origin["DomainName"] == f"{bucket}.s3.{region}.amazonaws.com"
    control = client("cloudfront").get_origin_access_control(Id=origin["OriginAccessControlId"])
    settings = control["OriginAccessControl"]["OriginAccessControlConfig"]
    assert settings["OriginAccessControlOriginType"] == "s3"
    assert (settings["SigningBehavior"], settings["SigningProtocol"]) == ("always", "sigv4")
    tags = client("cloudfront").list_tags_for_resource(Resource=distribution["ARN"])["Tags"]["Items"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == site_tags


def test_distribution_adds_the_security_headers(client, distribution):
    id = distribution["DistributionConfig"]["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
    policy = client("cloudfront").get_response_headers_policy(Id=id)["ResponseHeadersPolicy"]
    security = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    content = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert f"frame-ancestors {os.environ['SAP_BASE_URL']}" in content
    assert "https://molecule-cti-hosting.my.connect.aws" in content
    assert "unsafe" not in content and "script-src 'self';" in content
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 31536000
    assert "ContentTypeOptions" in security
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "strict-origin"
    custom = {
        item["Header"]: item["Value"] for item in policy["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
    }
    assert 'microphone=(self "https://molecule-cti-hosting.my.connect.aws")' in custom["Permissions-Policy"]


def test_web_acl_with_managed_rules_protects_it(client, distribution, site_tags):
    waf = client("wafv2", region_name="us-east-1")
    (summary,) = waf.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    assert distribution["DistributionConfig"]["WebACLId"] == summary["ARN"]
    acl = waf.get_web_acl(Name=summary["Name"], Scope="CLOUDFRONT", Id=summary["Id"])["WebACL"]
    groups = [rule["Statement"]["ManagedRuleGroupStatement"] for rule in acl["Rules"]]
    assert {group["VendorName"] for group in groups} == {"AWS"}
    assert "AWSManagedRulesCommonRuleSet" in {group["Name"] for group in groups}
    tags = waf.list_tags_for_resource(ResourceARN=summary["ARN"])["TagInfoForResource"]["TagList"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == site_tags


def test_page_comes_through_the_distribution(distribution):
    label = distribution["DomainName"].split(".")[0]
    proxies = {"http": os.environ["HTTP_PROXY"]}
    port = os.environ["EDGE_PORT"]
    answer = requests.get(f"http://{label}.cloudfront.localhost:{port}/", proxies=proxies, timeout=10)
    assert answer.status_code == 200
    assert answer.content == (DIST / "index.html").read_bytes()
    assert "Content-Security-Policy" in answer.headers


def test_connector_and_sap_are_approved_origins(client, instance, distribution):
    origins = client("connect").list_approved_origins(InstanceId=instance["Id"])["Origins"]
    label = distribution["DomainName"].split(".")[0]
    connector = f"http://{label}.cloudfront.localhost:{os.environ['EDGE_PORT']}"
    assert set(origins) == {connector, os.environ["SAP_BASE_URL"]}
