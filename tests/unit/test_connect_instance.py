# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.exceptions import NoCredentialsError
from botocore.exceptions import ReadTimeoutError

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module
from .harness import unique_id

ID = unique_id(1)
ARN = f"arn:aws:connect:eu-west-2:111122223333:instance/{ID}"
ATTRIBUTES = {
    "INBOUND_CALLS": "true",
    "OUTBOUND_CALLS": "true",
    "CONTACT_LENS": "true",
    "CONTACTFLOW_LOGS": "false",
    "EARLY_MEDIA": "true",
    "USE_CUSTOM_TTS_VOICES": "false",
    "MULTI_PARTY_CONFERENCE": "false",
    "HIGH_VOLUME_OUTBOUND": "false",
}


class InstanceService(FakeService):
    """An account with one instance; `instance` is None when there is none."""

    def __init__(self, **instance):
        super().__init__()
        self.attributes = dict(ATTRIBUTES)
        self.instance = {
            "Id": ID,
            "Arn": ARN,
            "InstanceAlias": "poc",
            "IdentityManagementType": "CONNECT_MANAGED",
            "InstanceStatus": "ACTIVE",
            "Tags": {},
            **instance,
        }
        self.on("ListInstances", lambda params: {"InstanceSummaryList": self._summaries()})
        self.on("DescribeInstance", lambda params: self._describe())
        self.on("ListInstanceAttributes", self._list_attributes)
        self.on("CreateInstance", self._create)
        self.on("UpdateInstanceAttribute", self._update)
        self.on("TagResource", lambda params: self.instance["Tags"].update(params["tags"]) or {})
        self.on("DeleteInstance", lambda params: self._delete())

    def _summaries(self):
        return [{k: v for k, v in self.instance.items() if k != "Tags"}] if self.instance else []

    def _describe(self):
        if not self.instance:
            raise ServiceError("ResourceNotFoundException", status=404)
        calls = {
            "InboundCallsEnabled": self.attributes["INBOUND_CALLS"] == "true",
            "OutboundCallsEnabled": self.attributes["OUTBOUND_CALLS"] == "true",
        }
        return {"Instance": {**self.instance, **calls}}

    def _list_attributes(self, params):
        start = int(params.get("NextToken", 0))
        items = [{"AttributeType": name, "Value": value} for name, value in self.attributes.items()]
        more = {"NextToken": str(start + 7)} if len(items) > start + 7 else {}
        return {"Attributes": items[start : start + 7], **more}

    def _create(self, params):
        self.instance = {
            "Id": ID,
            "Arn": ARN,
            "InstanceStatus": "ACTIVE",
            "Tags": params.get("Tags", {}),
            "InstanceAlias": params["InstanceAlias"],
            "IdentityManagementType": params["IdentityManagementType"],
        }
        for attribute, member in (("INBOUND_CALLS", "InboundCallsEnabled"), ("OUTBOUND_CALLS", "OutboundCallsEnabled")):
            self.attributes[attribute] = str(params[member]).lower()
        return {"Id": ID, "Arn": ARN}

    def _update(self, params):
        self.attributes[params["AttributeType"]] = params["Value"]
        return {}

    def _delete(self):
        self.instance = None
        return {}


def empty_service():
    service = InstanceService()
    service.instance = None
    return service


def instance(service, check_mode=False, **options):
    return run_module("connect_instance", service, check_mode=check_mode, **{"instance_alias": "poc", **options})


def raise_(error):
    raise error


def written(service):
    return [
        (name, {key: value for key, value in params.items() if key not in ("ClientToken", "InstanceId")})
        for name, params in service.writes()
    ]


def test_create_with_defaults():
    service = empty_service()
    result = instance(service, tags={"environment": "poc"}, attributes={"CONTACTFLOW_LOGS": True})
    assert written(service) == [
        (
            "CreateInstance",
            {
                "InstanceAlias": "poc",
                "IdentityManagementType": "CONNECT_MANAGED",
                "InboundCallsEnabled": True,
                "OutboundCallsEnabled": True,
                "Tags": {"environment": "poc"},
            },
        ),
        ("UpdateInstanceAttribute", {"AttributeType": "CONTACTFLOW_LOGS", "Value": "true"}),
    ]
    assert result["instance"]["id"] == ID
    assert result["instance"]["attributes"]["CONTACTFLOW_LOGS"] is True
    again = instance(service, tags={"environment": "poc"}, attributes={"CONTACTFLOW_LOGS": True})
    assert not again["changed"]


def test_check_mode_predicts_create_and_writes_nothing():
    service = empty_service()
    result = instance(service, check_mode=True, tags={"environment": "poc"})
    assert service.operations() == ["ListInstances"]
    assert result["changed"]
    assert result["instance"] == {
        "id": None,
        "arn": None,
        "instance_alias": "poc",
        "identity_management_type": "CONNECT_MANAGED",
        "inbound_calls_enabled": True,
        "outbound_calls_enabled": True,
        "instance_status": "ACTIVE",
        "tags": {"environment": "poc"},
    }


def test_existing_instance_is_adopted_in_two_requests():
    service = InstanceService(Tags={"owner": "ops"})
    assert not instance(service, identity_management_type="CONNECT_MANAGED")["changed"]
    assert service.operations() == ["ListInstances", "DescribeInstance"]


def test_by_arn_one_request():
    service = InstanceService()
    assert not instance(service, instance_alias=ARN)["changed"]
    assert service.operations() == ["DescribeInstance"]


def test_an_arn_cannot_be_created():
    result = instance(empty_service(), instance_alias=ARN)
    assert result["msg"] == f"Failed to create instance '{ARN}': it does not exist, and a new one needs a name"


@pytest.mark.parametrize(
    ("options", "attribute", "value"),
    [
        ({"inbound_calls_enabled": False}, "INBOUND_CALLS", "false"),
        ({"outbound_calls_enabled": False}, "OUTBOUND_CALLS", "false"),
        ({"attributes": {"CONTACT_LENS": False}}, "CONTACT_LENS", "false"),
        ({"attributes": {"CONTACTFLOW_LOGS": "yes"}}, "CONTACTFLOW_LOGS", "true"),
        ({"attributes": {"OUTBOUND_CALLS": False}}, "OUTBOUND_CALLS", "false"),
        ({"attributes": {"CONTACT_LENS": False, "EARLY_MEDIA": None}}, "CONTACT_LENS", "false"),
        ({"attributes": {"EARLY_MEDIA": 5}}, "EARLY_MEDIA", "5"),
    ],
)
def test_change_of_one_property_is_one_request(options, attribute, value):
    planned = InstanceService()
    prediction = instance(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = InstanceService()
    result = instance(service, **options)
    assert written(service) == [("UpdateInstanceAttribute", {"AttributeType": attribute, "Value": value})]
    assert prediction["instance"] == result["instance"]
    assert prediction["diff"] == result["diff"]
    assert not instance(service, **options)["changed"]


def test_unknown_attribute_is_sent_with_a_warning():
    service = InstanceService()
    result = instance(service, attributes={"AUTOMATED_INTERACTION_LOG": True})
    assert written(service) == [
        ("UpdateInstanceAttribute", {"AttributeType": "AUTOMATED_INTERACTION_LOG", "Value": "true"})
    ]
    assert "AUTOMATED_INTERACTION_LOG" in result["warnings"][0]


def test_contradiction_is_refused():
    result = instance(InstanceService(), inbound_calls_enabled=True, attributes={"INBOUND_CALLS": False})
    assert "inbound_calls_enabled and attributes.INBOUND_CALLS differ" in result["msg"]


def test_identity_type_cannot_be_changed():
    service = InstanceService()
    result = instance(service, identity_management_type="SAML", inbound_calls_enabled=False)
    assert result["msg"] == (
        "Failed to update instance 'poc': identity_management_type is 'CONNECT_MANAGED' and cannot be changed in place "
        "to 'SAML'. Nothing was changed"
    )
    assert service.writes() == []


@pytest.mark.parametrize("alias", ["my poc", "d-poc", "poc-", "a" * 46])
def test_bad_alias_fails_before_any_write(alias):
    service = empty_service()
    assert "an alias has 1 to 45 letters" in instance(service, check_mode=True, instance_alias=alias)["msg"]
    assert "an alias has 1 to 45 letters" in instance(service, instance_alias=alias)["msg"]
    assert service.writes() == []


def test_directory_needs_its_id():
    result = instance(empty_service(), identity_management_type="EXISTING_DIRECTORY")
    assert result["msg"] == "Failed to create instance 'poc': EXISTING_DIRECTORY needs directory_id"


def test_waits_until_active(slept):
    service = empty_service()
    states = iter(["CREATION_IN_PROGRESS"] * 3)

    def describe(_params):
        answer = service._describe()
        answer["Instance"]["InstanceStatus"] = next(states, "ACTIVE")
        return answer

    service.on("DescribeInstance", describe)
    assert instance(service)["instance"]["instance_status"] == "ACTIVE"
    assert len(slept) >= 2


def unknown_to_others(service, times):
    """Let the first requests of operations other than DescribeInstance answer "not found"."""
    lag = iter([ServiceError("ResourceNotFoundException", status=404)] * times)

    def late(answer):
        return lambda params: raise_(error) if (error := next(lag, None)) else answer(params)

    service.on("ListInstanceAttributes", late(service._list_attributes))
    service.on("UpdateInstanceAttribute", late(service._update))
    service.on("TagResource", late(lambda params: service.instance["Tags"].update(params["tags"]) or {}))


@pytest.mark.parametrize("options", [{"attributes": {}}, {"inbound_calls_enabled": False}, {"tags": {"team": "blue"}}])
def test_other_operations_may_not_know_an_active_instance_yet(slept, options):
    service = InstanceService()
    unknown_to_others(service, 3)
    result = instance(service, **options)
    assert (result["instance"]["id"], result["changed"]) == (ID, "attributes" not in options)
    assert len(slept) == 3


def test_waits_until_other_operations_know_the_instance_too(slept):
    service = InstanceService()
    progress = {"Instance": {"Id": ID, "Arn": ARN, "InstanceAlias": "poc", "InstanceStatus": "CREATION_IN_PROGRESS"}}
    service.on("DescribeInstance", progress, progress, service._describe())
    unknown_to_others(service, 3)
    assert instance(service)["instance"]["instance_status"] == "ACTIVE"
    assert service.operations().count("ListInstanceAttributes") == 4


def test_an_instance_that_is_deleted_meanwhile_is_named():
    service = InstanceService().fail("ListInstanceAttributes", "ResourceNotFoundException", status=404)
    gone = "Failed to read instance 'poc': it disappeared during the run"
    for check_mode in (False, True):
        assert instance(service, check_mode=check_mode, attributes={"EARLY_MEDIA": True})["msg"] == gone
    assert run_module("connect_instance_info", service, instance_alias="poc")["msg"] == gone
    assert service.writes() == []


def test_a_run_that_was_killed_while_creating_goes_on_waiting():
    service = InstanceService()
    progress = {"Instance": {"Id": ID, "Arn": ARN, "InstanceAlias": "poc", "InstanceStatus": "CREATION_IN_PROGRESS"}}
    service.on("DescribeInstance", progress, progress, service._describe())
    result = instance(service)
    assert not result["changed"]
    assert result["instance"]["instance_status"] == "ACTIVE"


def test_failed_creation_tells_the_reason():
    service = empty_service()
    shape = {"Id": ID, "Arn": ARN, "InstanceAlias": "poc"}
    failed = {**shape, "InstanceStatus": "CREATION_FAILED", "StatusReason": {"Message": "No role"}}
    service.on(
        "DescribeInstance", {"Instance": {**shape, "InstanceStatus": "CREATION_IN_PROGRESS"}}, {"Instance": failed}
    )
    assert instance(service)["msg"] == "Failed to create instance 'poc': CREATION_FAILED: No role"


def test_failed_creation_tells_the_reason_to_those_who_do_not_wait(slept):
    shape = {"InstanceStatus": "CREATION_FAILED", "StatusReason": {"Message": "No role"}}
    service = empty_service()
    service.on("DescribeInstance", {"Instance": {"Id": ID, "Arn": ARN, "InstanceAlias": "poc", **shape}})
    assert instance(service, wait=False)["msg"] == "Failed to create instance 'poc': CREATION_FAILED: No role"
    found = instance(InstanceService(**shape), instance_alias=ARN, wait=False)
    assert found["msg"] == f"Failed to create instance '{ARN}': CREATION_FAILED: No role"
    assert slept == []


def test_a_wait_survives_breakdowns(slept):
    service = empty_service()
    active = {"Instance": {"Id": ID, "Arn": ARN, "InstanceAlias": "poc", "InstanceStatus": "ACTIVE"}}
    creating = {"Instance": {**active["Instance"], "InstanceStatus": "CREATION_IN_PROGRESS"}}
    answers = iter(
        [
            creating,
            ServiceError("InternalServiceException", status=500),
            EndpointConnectionError(endpoint_url="https://connect.invalid"),
            ReadTimeoutError(endpoint_url="https://connect.invalid"),
            ServiceError("ThrottlingException", status=429),
        ]
    )

    def describe(_params):
        answer = next(answers, active)
        if isinstance(answer, Exception):
            raise answer
        return answer

    service.on("DescribeInstance", describe)
    assert instance(service, inbound_calls_enabled=None)["instance"]["instance_status"] == "ACTIVE"


def test_a_refusal_while_waiting_is_told_at_once(slept):
    service = empty_service()
    creating = {"Instance": {"Id": ID, "Arn": ARN, "InstanceAlias": "poc", "InstanceStatus": "CREATION_IN_PROGRESS"}}
    service.on(
        "DescribeInstance", creating, ServiceError("AccessDeniedException", status=403, message="Not authorized")
    )
    assert instance(service)["msg"] == "Failed to create instance 'poc': AccessDeniedException: Not authorized"
    service.on("DescribeInstance", creating, lambda _params: raise_(NoCredentialsError()))
    assert instance(service)["msg"].startswith("Failed to create instance 'poc': Unable to locate credentials")


def test_time_out_tells_the_status():
    service = empty_service()
    shape = {"Id": ID, "Arn": ARN, "InstanceAlias": "poc", "InstanceStatus": "CREATION_IN_PROGRESS"}
    service.on("DescribeInstance", {"Instance": shape})
    result = instance(service, wait_timeout=30)
    assert result["msg"] == (
        "Failed to create instance 'poc': not done after 30 seconds, its status is CREATION_IN_PROGRESS"
    )


def test_the_corpse_of_a_failed_creation_is_not_adopted():
    service = InstanceService(InstanceStatus="CREATION_FAILED")
    assert instance(service)["changed"]
    assert service.writes()[0][0] == "CreateInstance"


def test_a_replayed_token_that_leads_to_a_dead_instance_is_renewed_once():
    service = empty_service()
    shape = {"Id": ID, "Arn": ARN, "InstanceAlias": "poc"}
    dead = {"Instance": {**shape, "InstanceStatus": "CREATION_FAILED"}}
    service.on("DescribeInstance", dead, {"Instance": {**shape, "InstanceStatus": "ACTIVE"}})
    assert instance(service, inbound_calls_enabled=True, outbound_calls_enabled=True)["changed"]
    tokens = [params["ClientToken"] for name, params in service.writes() if name == "CreateInstance"]
    assert len(tokens) == len(set(tokens)) == 2


def test_the_same_request_gets_the_same_token():
    tokens = set()
    for _run in range(2):
        service = empty_service()
        instance(service)
        tokens |= {params["ClientToken"] for name, params in service.writes() if name == "CreateInstance"}
    assert len(tokens) == 1


def test_absent_waits_until_gone():
    service = InstanceService()
    planned = instance(service, check_mode=True, state="absent")
    assert planned["changed"] and service.writes() == []
    result = instance(service, state="absent")
    assert result["changed"] and result["instance"] is None
    assert service.operations()[-2:] == ["DeleteInstance", "DescribeInstance"]
    assert not instance(service, state="absent")["changed"]


def test_an_instance_that_never_came_to_life_can_be_deleted():
    service = InstanceService(InstanceStatus="CREATION_FAILED")
    assert instance(service, instance_alias=ARN, state="absent")["changed"]
    assert [name for name, _params in service.writes()] == ["DeleteInstance"]


def test_flagged_account_is_a_quota_stop(slept):
    service = empty_service().fail(
        "CreateInstance", "ServiceQuotaExceededException", status=402, message="Flagged for excessive attempts"
    )
    result = instance(service)
    assert "30 days" in result["quota"] and "Flagged for excessive attempts" in result["msg"]
    assert len(service.writes()) == 1 and slept == []


def test_info():
    service = InstanceService()
    result = run_module("connect_instance_info", service, instance_alias="poc")
    assert result["instances"][0]["attributes"]["MULTI_PARTY_CONFERENCE"] is False
    assert [params["MaxResults"] for name, params in service.calls if name == "ListInstanceAttributes"] == [7, 7]
    assert run_module("connect_instance_info", service)["instances"] == result["instances"]
    assert run_module("connect_instance_info", service, instance_alias="other")["instances"] == []
