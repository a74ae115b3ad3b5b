# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front: TLS, journal, and what AWS refuses and MiniStack lets through."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from .conftest import FOREIGN_HOSTS
from .conftest import FOREIGN_PAGES
from .conftest import Cloud
from .conftest import archive
from .distribution import config
from .distribution import make_origin_access_control

ACCOUNT = "222200000201"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
HANDLER = """
import boto3, os
def handler(event, context):
    body = boto3.client("s3").get_object(Bucket=event["bucket"], Key="secret.txt")["Body"].read()
    return {"text": body.decode(), "endpoint": os.environ["AWS_ENDPOINT_URL"]}
"""
LATE_HANDLER = """
import sys, threading
def handler(event, context):
    print("first line", file=sys.stderr, flush=True)
    threading.Timer(0.02, lambda: print("late line", file=sys.stderr, flush=True)).start()
"""
WEB_ACL = {
    "Name": "test",
    "Scope": "CLOUDFRONT",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "test"},
}


def create_function(
    cloud: Cloud,
    name: str,
    role: str,
    runtime: str = "python3.13",
    account: str = ACCOUNT,
    handler: str = HANDLER,
) -> None:
    cloud.client("lambda", account).create_function(
        FunctionName=name,
        Runtime=runtime,
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": archive(handler)},
        Timeout=20,
    )


def code(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    return error.value.response["Error"]["Code"], error.value.response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.fixture
def front_off(cloud: Cloud) -> Iterator[None]:
    cloud.front(enabled=False)
    yield
    cloud.front(enabled=True)


@pytest.fixture(scope="module")
def reader(cloud: Cloud) -> str:
    """A function that reads from a bucket that only TLS may reach, and may read it by its role."""
    s3 = cloud.client("s3", ACCOUNT)
    s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.put_object(Bucket="tls-only", Key="secret.txt", Body=b"read over TLS")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::tls-only", "arn:aws:s3:::tls-only/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::tls-only/*"}
    role = cloud.lambda_role(ACCOUNT, "reader", allowed)
    before = cloud.front()["role_delay"]
    cloud.front(role_delay=0)
    create_function(cloud, "reader", role)
    cloud.front(role_delay=before)
    return "reader"


def invoke(cloud: Cloud, function: str, event: dict[str, Any]) -> tuple[str | None, Any]:
    answer = cloud.client("lambda", ACCOUNT).invoke(FunctionName=function, Payload=json.dumps(event).encode())
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


def test_function_reads_a_tls_only_bucket_through_the_front(cloud: Cloud, reader: str) -> None:
    failed, answer = invoke(cloud, reader, {"bucket": "tls-only"})
    assert failed is None, answer
    assert answer == {"text": "read over TLS", "endpoint": cloud.aws}
    read = cloud.journal(service="s3", action="s3:GetObject", account=ACCOUNT)[-1]
    assert read["principal"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/reader"
    assert (read["status"], read["path"]) == (200, "/tls-only/secret.txt")


def test_function_is_denied_the_tls_only_bucket_without_the_front(cloud: Cloud, reader: str, front_off: None) -> None:
    failed, answer = invoke(cloud, reader, {"bucket": "tls-only"})
    assert failed == "Unhandled"
    assert "AccessDenied" in answer["errorMessage"]


def test_a_line_that_comes_late_is_in_the_log(cloud: Cloud, no_role_delay: None) -> None:
    role = cloud.lambda_role(ACCOUNT, "late", {"Effect": "Allow", "Action": "logs:*", "Resource": "*"})
    create_function(cloud, "late", role, handler=LATE_HANDLER)
    invoke(cloud, "late", {})
    events = cloud.client("logs", ACCOUNT).filter_log_events(logGroupName="/aws/lambda/late")["events"]
    text = "".join(event["message"] for event in events)
    assert "first line" in text and "late line" in text


def test_journal_can_be_filtered_and_cleared(cloud: Cloud) -> None:
    cloud.client("ssm", ACCOUNT).put_parameter(Name="/journal", Value="unseen value", Type="String")
    entries = cloud.journal(action="ssm:PutParameter", account=ACCOUNT)
    assert len(entries) == 1
    assert entries[0]["region"] == "eu-west-2"
    assert entries[0]["status"] == 200
    assert entries[0]["principal"] == f"arn:aws:iam::{ACCOUNT}:user/administrator"
    assert "unseen value" not in json.dumps(cloud.journal())
    assert cloud.http.delete(f"{cloud.aws}/_front/journal", timeout=10).ok
    assert cloud.journal() == []


QUERY = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=111122223333/20260101/eu-west-2/lambda/aws4_request"


@pytest.mark.parametrize(
    "path",
    ["/2015-03-31/functions" + QUERY, "/_front/settings", "/_front/schedules", "/_emulator/reset", "/_emulator/agents"],
)
@pytest.mark.parametrize("headers", [*FOREIGN_PAGES, *FOREIGN_HOSTS], ids=str)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_web_page_from_elsewhere_is_refused(cloud: Cloud, method: str, path: str, headers: dict[str, str]) -> None:
    answer = cloud.http.request(method, cloud.aws + path, headers=headers, data="{}", timeout=10)
    assert answer.status_code == 403
    assert "Web pages from elsewhere" in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.fixture(scope="module")
def socket_path(cloud: Cloud) -> str:
    """Where an API of MiniStack opens WebSockets to everybody."""
    gateway = cloud.client("apigatewayv2", "111122223333")
    api = gateway.create_api(Name="sockets", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")[
        "ApiId"
    ]
    gateway.create_stage(ApiId=api, StageName="test")
    return f"/_aws/execute-api/{api}/test"


@pytest.mark.parametrize(
    ("headers", "status"),
    [*((headers, 403) for headers in FOREIGN_PAGES + FOREIGN_HOSTS), ({"Origin": "http://sap.localhost"}, 101)],
    ids=str,
)
def test_web_page_from_elsewhere_opens_no_socket(
    cloud: Cloud, socket_path: str, headers: dict[str, str], status: int
) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    with contextlib.closing(HTTPConnection(urlsplit(cloud.aws).netloc, timeout=10)) as connection:
        connection.request("GET", socket_path, headers={**upgrade, **key, **headers})
        assert connection.getresponse().status == status


@pytest.mark.parametrize("path", ["/_front/journal", "/_emulator/journal", "/_ministack/health"])
@pytest.mark.parametrize("host", ["label.cloudfront.localhost", "alias.my.connect.localhost"])
def test_control_addresses_have_no_other_names_for_web_pages(cloud: Cloud, host: str, path: str) -> None:
    headers = {"Host": host, "Origin": "https://site.example"}
    answer = cloud.http.get(cloud.aws + path, headers=headers, timeout=10)
    assert "Web pages from elsewhere" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://sap.localhost:8080"},
        {"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "cross-site"},
        {"Host": "localhost:1", "Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_pages_of_this_machine_are_served(cloud: Cloud, headers: dict[str, str]) -> None:
    assert cloud.http.get(f"{cloud.aws}/_front/settings", headers=headers, timeout=10).status_code == 200


def test_unknown_control_address_and_settings(cloud: Cloud) -> None:
    assert cloud.http.get(f"{cloud.aws}/_front/nothing", timeout=10).status_code == 404
    before = cloud.front()
    for body in ('{"role_delay": "long"}', '{"enabled": 1}', '{"colour": "red"}', "[]", "x"):
        answer = cloud.http.post(f"{cloud.aws}/_front/settings", data=body, timeout=10)
        assert answer.status_code == 400, body
    assert cloud.front() == before


# Web ACLs


@pytest.mark.parametrize("region", ["eu-west-2", "us-east-1"])
def test_web_acl_for_distributions_lives_in_us_east_1(cloud: Cloud, region: str) -> None:
    waf = cloud.client("wafv2", ACCOUNT, region=region)
    calls = (
        lambda: waf.create_web_acl(**WEB_ACL | {"Name": f"in-{region}"}),
        lambda: waf.list_web_acls(Scope="CLOUDFRONT"),
    )
    for call in calls:
        if region == "us-east-1":
            call()
            continue
        with pytest.raises(ClientError) as error:
            call()
        assert code(error) == ("WAFInvalidParameterException", 400)
        assert "The scope is not valid" in str(error.value)
    waf.list_web_acls(Scope="REGIONAL")


def test_web_acl_in_use_stays(cloud: Cloud) -> None:
    waf = cloud.client("wafv2", ACCOUNT, region="us-east-1")
    made = waf.create_web_acl(**WEB_ACL | {"Name": "used"})["Summary"]
    cloudfront = cloud.client("cloudfront", ACCOUNT)
    made_distribution = cloudfront.create_distribution(DistributionConfig=config(WebACLId=made["ARN"], Enabled=False))
    token = {"Name": "used", "Scope": "CLOUDFRONT", "Id": made["Id"], "LockToken": made["LockToken"]}
    with pytest.raises(ClientError) as error:
        waf.delete_web_acl(**token)
    assert code(error) == ("WAFAssociatedItemException", 400)
    cloudfront.delete_distribution(Id=made_distribution["Distribution"]["Id"], IfMatch=made_distribution["ETag"])
    waf.delete_web_acl(**token)


# Distributions


def test_distribution_with_an_unknown_web_acl_is_refused(cloud: Cloud) -> None:
    arn = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/nothing/11111111-1111-4111-8111-111111111111"
    with pytest.raises(ClientError) as error:
        cloud.client("cloudfront", ACCOUNT).create_distribution(DistributionConfig=config(WebACLId=arn))
    assert code(error) == ("InvalidWebACLId", 400)
    assert cloud.journal(action="cloudfront:CreateDistribution", account=ACCOUNT)[-1]["refusal"] == "InvalidWebACLId"


@pytest.mark.parametrize(("region", "accepted"), [("eu-west-2", False), ("us-east-1", True), (None, False)])
def test_certificate_of_a_distribution_lives_in_us_east_1(cloud: Cloud, region: str | None, accepted: bool) -> None:
    arn = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/11111111-1111-4111-8111-111111111111"
    if region:
        arn = cloud.client("acm", ACCOUNT, region=region).request_certificate(
            DomainName="cti.example.com", ValidationMethod="DNS"
        )["CertificateArn"]
    certificate = {
        "ACMCertificateArn": arn,
        "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    wanted = config(ViewerCertificate=certificate, Aliases={"Quantity": 1, "Items": ["cti.example.com"]})
    cloudfront = cloud.client("cloudfront", ACCOUNT)
    if accepted:
        made = cloudfront.create_distribution(DistributionConfig=wanted)["Distribution"]["DistributionConfig"]
        assert made["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
        return
    with pytest.raises(ClientError) as error:
        cloudfront.create_distribution(DistributionConfig=wanted)
    assert code(error) == ("InvalidViewerCertificate", 400)


@pytest.mark.parametrize(
    "asked", [None, {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1.2_2021"}]
)
def test_tls_minimum_of_the_default_certificate_is_set_by_the_service(
    cloud: Cloud, asked: dict[str, Any] | None
) -> None:
    cloudfront = cloud.client("cloudfront", ACCOUNT)
    wanted = config(ViewerCertificate=asked) if asked else config()
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": wanted, "Tags": {"Items": [{"Key": "a", "Value": "b"}]}}
    )["Distribution"]
    expected = {
        "CloudFrontDefaultCertificate": True,
        "SSLSupportMethod": "vip",
        "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    }
    assert made["DistributionConfig"]["ViewerCertificate"] == expected
    read = cloudfront.get_distribution_config(Id=made["Id"])
    assert read["DistributionConfig"]["ViewerCertificate"] == expected
    assert cloudfront.list_tags_for_resource(Resource=made["ARN"])["Tags"]["Items"] == [{"Key": "a", "Value": "b"}]


def test_unknown_origin_access_control_is_refused(cloud: Cloud) -> None:
    cloudfront = cloud.client("cloudfront", ACCOUNT)
    with pytest.raises(ClientError) as error:
        cloudfront.create_distribution(DistributionConfig=config(oac="E00000000000000"))
    assert code(error) == ("InvalidOriginAccessControl", 400)
    made = cloudfront.create_distribution(DistributionConfig=config())
    changed = made["Distribution"]["DistributionConfig"]
    changed["Origins"]["Items"][0]["OriginAccessControlId"] = "E00000000000000"
    with pytest.raises(ClientError) as error:
        cloudfront.update_distribution(Id=made["Distribution"]["Id"], IfMatch=made["ETag"], DistributionConfig=changed)
    assert code(error) == ("InvalidOriginAccessControl", 400)


def test_origin_access_control_of_another_account_is_unknown(cloud: Cloud) -> None:
    foreign = make_origin_access_control(cloud.client("cloudfront", "222200000202"), "foreign")["Id"]
    with pytest.raises(ClientError) as error:
        cloud.client("cloudfront", ACCOUNT).create_distribution(DistributionConfig=config(oac=foreign))
    assert code(error) == ("InvalidOriginAccessControl", 400)


def test_origin_access_control_in_use_stays(cloud: Cloud) -> None:
    cloudfront = cloud.client("cloudfront", ACCOUNT)
    oac = make_origin_access_control(cloudfront, "used")
    made = cloudfront.create_distribution(DistributionConfig=config(oac=oac["Id"], Enabled=False))
    with pytest.raises(ClientError) as error:
        cloudfront.delete_origin_access_control(Id=oac["Id"], IfMatch=oac["ETag"])
    assert code(error) == ("OriginAccessControlInUse", 409)
    cloudfront.delete_distribution(Id=made["Distribution"]["Id"], IfMatch=made["ETag"])
    cloudfront.delete_origin_access_control(Id=oac["Id"], IfMatch=oac["ETag"])


# Functions


def test_unknown_runtime_is_refused(cloud: Cloud, no_role_delay: None) -> None:
    role = cloud.lambda_role(ACCOUNT, "runtime")
    with pytest.raises(ClientError) as error:
        create_function(cloud, "runtime", role, runtime="python3.99")
    assert code(error) == ("InvalidParameterValueException", 400)
    assert "Value python3.99 at 'runtime' failed to satisfy constraint" in str(error.value)
    create_function(cloud, "runtime", role)
    with pytest.raises(ClientError) as error:
        cloud.client("lambda", ACCOUNT).update_function_configuration(FunctionName="runtime", Runtime="cobol")
    assert code(error) == ("InvalidParameterValueException", 400)


def test_role_in_its_first_seconds_is_refused(cloud: Cloud, role_delay: Callable[[float], None]) -> None:
    assert cloud.front()["role_delay"] == 3
    role_delay(3600)
    role = cloud.lambda_role(ACCOUNT, "young")
    with pytest.raises(ClientError) as error:
        create_function(cloud, "young", role)
    assert code(error) == ("InvalidParameterValueException", 400)
    assert "The role defined for the function cannot be assumed by Lambda." in str(error.value)
    role_delay(1)
    deadline = time.monotonic() + 20
    while True:
        try:
            create_function(cloud, "young", role)
            return
        except ClientError:
            assert time.monotonic() < deadline, "The role was never accepted."
        time.sleep(0.1)


def test_role_that_is_not_for_lambda_is_refused(cloud: Cloud, no_role_delay: None) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam = cloud.client("iam", ACCOUNT)
    role = iam.create_role(RoleName="for-events", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    for wrong in (role, f"arn:aws:iam::{ACCOUNT}:role/nowhere"):
        with pytest.raises(ClientError) as error:
            create_function(cloud, "wrong-role", wrong)
        assert code(error) == ("InvalidParameterValueException", 400)
        assert "cannot be assumed by Lambda" in str(error.value)
    with pytest.raises(ClientError) as error:
        create_function(cloud, "wrong-role", "arn:aws:iam::222200000202:role/theirs")
    assert code(error) == ("AccessDeniedException", 403)
    assert "Cross-account pass role is not allowed." in str(error.value)


def test_policy_is_checked_before_the_request(cloud: Cloud) -> None:
    keys = cloud.user(ACCOUNT, "no-waf")
    with pytest.raises(ClientError) as error:
        cloud.client("wafv2", ACCOUNT, keys=keys).list_web_acls(Scope="CLOUDFRONT")
    assert code(error)[0] == "AccessDeniedException"


def test_policy_is_asked_about_each_parameter(cloud: Cloud) -> None:
    for name in ("/site/first", "/site/second", "/elsewhere"):
        cloud.client("ssm", ACCOUNT).put_parameter(Name=name, Value="a value", Type="String")
    resource = f"arn:aws:ssm:eu-west-2:{ACCOUNT}:parameter/site/*"
    keys = cloud.user(ACCOUNT, "site-reader", {"Effect": "Allow", "Action": "ssm:GetParameters", "Resource": resource})
    ssm = cloud.client("ssm", ACCOUNT, keys=keys)
    found = ssm.get_parameters(Names=["/site/first", "/site/second"])["Parameters"]
    assert [parameter["Name"] for parameter in found] == ["/site/first", "/site/second"]
    for names in (["/elsewhere", "/site/first"], ["/site/first", "/elsewhere"]):
        with pytest.raises(ClientError) as error:
            ssm.get_parameters(Names=names)
        assert code(error)[0] == "AccessDeniedException"
        assert f"arn:aws:ssm:eu-west-2:{ACCOUNT}:parameter/elsewhere" in str(error.value)


def test_front_that_is_off_refuses_nothing(cloud: Cloud, front_off: None) -> None:
    cloud.client("wafv2", ACCOUNT).list_web_acls(Scope="CLOUDFRONT")


def test_a_batch_of_sqs_takes_the_right_to_do_it_once(cloud):
    queue = cloud.client("sqs", ACCOUNT).create_queue(QueueName="batches")["QueueUrl"]
    entries = [{"Id": "1", "MessageBody": "{}"}]
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    sender = cloud.client("sqs", ACCOUNT, keys=cloud.user(ACCOUNT, "sender", statement))
    assert sender.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]
    batches = {"Effect": "Allow", "Action": "sqs:SendMessageBatch", "Resource": "*"}
    other = cloud.client("sqs", ACCOUNT, keys=cloud.user(ACCOUNT, "batches", batches))
    with pytest.raises(ClientError, match="AccessDenied"):
        other.send_message_batch(QueueUrl=queue, Entries=entries)
