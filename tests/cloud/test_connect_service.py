# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amazon Connect as a service of the local AWS: signature, account, Region and IAM are checked before the emulator."""

from __future__ import annotations

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.session import Session

from tests.local_cloud import connect_service
from tests.local_cloud.launcher import CLOUD_PYTHON
from tests.local_cloud.launcher import LocalCloud

from .conftest import Cloud

ACCOUNT = "222200000101"
OTHER_ACCOUNT = "222200000102"
INSTANCE = "11111111-1111-4111-8111-111111111111"
CHILD = "22222222-2222-4222-8222-222222222222"
INSTANCE_ARN = f"arn:aws:connect:eu-west-2:{ACCOUNT}:instance/{INSTANCE}"
MODEL = Session().get_service_model("connect")


def operations_of_the_cloud() -> list[str]:
    """Return the operations that the local cloud's botocore knows; the one of the tests may be newer."""
    script = "import botocore.session as s; print(*s.Session().get_service_model('connect').operation_names)"
    return subprocess.run([str(CLOUD_PYTHON), "-c", script], capture_output=True, text=True, check=True).stdout.split()


def path_of(operation: str, **values: str) -> str:
    """Return the percent-encoded path that a client sends."""
    parts = MODEL.operation_model(operation).http["requestUri"].partition("?")[0].split("/")
    return "/".join(
        quote(values.get(part.strip("{}+"), CHILD), safe="") if part.startswith("{") else part for part in parts
    )


def send(cloud: Cloud, keys: dict[str, str], method: str, path: str, region: str = "eu-west-2") -> Any:
    """Send a signed request without a body."""
    request = AWSRequest(method=method, url=f"{cloud.aws}{path}")
    credentials = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"])
    SigV4Auth(credentials, "connect", region).add_auth(request)
    prepared = request.prepare()
    return cloud.http.request(method, prepared.url, headers=dict(prepared.headers), timeout=10)


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_every_operation_arrives_and_is_authorized_under_its_name(cloud: Cloud) -> None:
    keys = cloud.user(ACCOUNT, "nobody")
    names = operations_of_the_cloud()
    assert len(names) > 300
    for name in names:
        answer = send(cloud, keys, MODEL.operation_model(name).http["method"], path_of(name, InstanceId=INSTANCE))
        assert answer.status_code == 403, name
        assert answer.headers["x-amzn-ErrorType"] == "AccessDeniedException", name
        assert f"is not authorized to perform: connect:{name} " in answer.json()["message"], name
    assert cloud.http.get(f"{cloud.aws}/_emulator/journal", params={"account": ACCOUNT}, timeout=10).json() == []


def test_answers_carry_one_request_id(cloud: Cloud) -> None:
    answer = cloud.client("connect", ACCOUNT).list_instances()
    assert uuid.UUID(answer["ResponseMetadata"]["RequestId"])


def test_user_may_call_what_a_policy_allows(cloud: Cloud) -> None:
    allowed = {"Effect": "Allow", "Action": "connect:ListInstances", "Resource": "*"}
    connect = cloud.client("connect", ACCOUNT, keys=cloud.user(ACCOUNT, "reader", allowed))
    assert connect.list_instances()["InstanceSummaryList"] == []
    with pytest.raises(ClientError) as error:
        connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias="denied",
            InboundCallsEnabled=True,
            OutboundCallsEnabled=False,
        )
    assert refused(error) == "AccessDeniedException"


def test_policy_may_name_one_instance(cloud: Cloud) -> None:
    allowed = {"Effect": "Allow", "Action": "connect:Describe*", "Resource": [INSTANCE_ARN, f"{INSTANCE_ARN}/queue/*"]}
    connect = cloud.client("connect", ACCOUNT, keys=cloud.user(ACCOUNT, "instance-reader", allowed))
    for call in (
        lambda: connect.describe_instance(InstanceId=INSTANCE),
        lambda: connect.describe_queue(InstanceId=INSTANCE, QueueId=CHILD),
    ):
        with pytest.raises(ClientError) as error:
            call()
        # Allowed, and then not found: the emulator has no such instance.
        assert refused(error) == "ResourceNotFoundException"
    for call in (
        lambda: connect.describe_instance(InstanceId=CHILD),
        lambda: connect.describe_user(InstanceId=INSTANCE, UserId=CHILD),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("operation", "values", "body", "expected"),
    [
        ("DescribeInstance", {"InstanceId": INSTANCE}, {}, INSTANCE_ARN),
        ("DescribeInstance", {"InstanceId": INSTANCE_ARN}, {}, INSTANCE_ARN),
        ("DescribeUser", {"InstanceId": INSTANCE}, {}, f"{INSTANCE_ARN}/agent/{CHILD}"),
        (
            "UpdateUserRoutingProfile",
            {"InstanceId": INSTANCE},
            {"RoutingProfileId": "x"},
            f"{INSTANCE_ARN}/agent/{CHILD}",
        ),
        (
            "DescribeContactFlow",
            {"InstanceId": INSTANCE, "ContactFlowId": f"{CHILD}:$SAVED"},
            {},
            f"{INSTANCE_ARN}/contact-flow/{CHILD}",
        ),
        ("DescribeContactFlowModule", {"InstanceId": INSTANCE}, {}, f"{INSTANCE_ARN}/flow-module/{CHILD}"),
        ("DescribeUserHierarchyGroup", {"InstanceId": INSTANCE}, {}, f"{INSTANCE_ARN}/agent-group/{CHILD}"),
        ("DeleteVocabulary", {"InstanceId": INSTANCE}, {}, f"{INSTANCE_ARN}/vocabulary/{CHILD}"),
        ("TagResource", {"resourceArn": f"{INSTANCE_ARN}/queue/{CHILD}"}, {}, f"{INSTANCE_ARN}/queue/{CHILD}"),
        ("SearchQueues", {}, {"InstanceId": INSTANCE}, INSTANCE_ARN),
        ("ReleasePhoneNumber", {}, {}, f"arn:aws:connect:eu-west-2:{ACCOUNT}:phone-number/{CHILD}"),
        ("ClaimPhoneNumber", {}, {"TargetArn": INSTANCE_ARN}, INSTANCE_ARN),
        ("ListInstances", {}, {}, "*"),
    ],
)
def test_resource_that_policies_are_checked_against(
    operation: str, values: dict[str, str], body: dict[str, Any], expected: str
) -> None:
    method = MODEL.operation_model(operation).http["method"]
    sent = json.dumps(body).encode() if body else b""
    arn = connect_service.resource_arn(method, path_of(operation, **values), sent, "eu-west-2", ACCOUNT)
    assert arn == expected


def test_assumed_role_of_another_account_sees_that_account(cloud: Cloud) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam = cloud.client("iam", OTHER_ACCOUNT)
    role = iam.create_role(RoleName="deployer", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="deployer", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assumed = cloud.client("sts", ACCOUNT).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    keys = {
        "AWS_ACCESS_KEY_ID": assumed["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": assumed["SecretAccessKey"],
        "AWS_SESSION_TOKEN": assumed["SessionToken"],
    }
    cloud.client("connect", OTHER_ACCOUNT, keys=keys).create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="in-the-other-account",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )

    def aliases(account: str, region: str = "eu-west-2") -> list[str]:
        instances = cloud.client("connect", account, region=region).list_instances()["InstanceSummaryList"]
        return [instance["InstanceAlias"] for instance in instances]

    assert aliases(OTHER_ACCOUNT) == ["in-the-other-account"]
    assert aliases(ACCOUNT) == []
    assert aliases(OTHER_ACCOUNT, "us-east-1") == []
    entry = cloud.journal(action="connect:CreateInstance", account=OTHER_ACCOUNT)[-1]
    assert entry["principal"] == f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/deployer/test"
    assert (entry["region"], entry["status"]) == ("eu-west-2", 200)


def test_encoded_slash_stays_inside_its_path_member(cloud: Cloud) -> None:
    keys = cloud.user(ACCOUNT, "encoder", {"Effect": "Allow", "Action": "connect:DescribeInstance", "Resource": "*"})
    answer = send(cloud, keys, "GET", "/instance/a%2Fb")
    # Decoded, it would be the path of no operation.
    assert answer.headers["x-amzn-ErrorType"] != "UnknownOperationException"
    assert cloud.journal(account=ACCOUNT, path="/instance/a/b")[-1]["action"] == "connect:DescribeInstance"


def test_path_of_no_operation(cloud: Cloud) -> None:
    keys = cloud.user(ACCOUNT, "explorer")
    assert send(cloud, keys, "GET", "/nothing/at/all/of/this").status_code == 404


def test_wrong_secret_and_unknown_key_are_refused(cloud: Cloud) -> None:
    keys = cloud.user(ACCOUNT, "forger", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    for wrong, code in (
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "InvalidSignatureException"),
        ({"AWS_ACCESS_KEY_ID": "AKIAUNKNOWNUNKNOWN00"}, "UnrecognizedClientException"),
    ):
        with pytest.raises(ClientError) as error:
            cloud.client("connect", ACCOUNT, keys=keys | wrong).list_instances()
        assert refused(error) == code


def test_reset_of_ministack_resets_the_instances_too(home: Path) -> None:
    other = LocalCloud(home)
    other.start()
    cloud = Cloud(other)
    cloud.client("connect", ACCOUNT).create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias="forgotten",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    assert cloud.http.post(f"{cloud.aws}/_ministack/reset", timeout=30).ok
    # A fresh client: the administrator is forgotten as well.
    assert Cloud(other).client("connect", ACCOUNT).list_instances()["InstanceSummaryList"] == []
