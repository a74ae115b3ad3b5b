# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lambda functions and integration associations (connect-api 10)."""

from __future__ import annotations

import pytest

FUNCTION = "arn:aws:lambda:eu-west-2:111111111111:function:lookup"
APPLICATION = "arn:aws:app-integrations:eu-west-2:111111111111:application/a"


@pytest.fixture
def function(emulator):
    emulator.functions[FUNCTION] = {}
    return FUNCTION


def test_function_may_be_invoked_while_it_is_linked(emulator, connect, instance, function):
    connect.associate_lambda_function(InstanceId=instance, FunctionArn=function)
    assert connect.list_lambda_functions(InstanceId=instance)["LambdaFunctions"] == [function]
    [statement] = emulator.functions[function].values()
    assert statement["Principal"] == "connect.amazonaws.com"
    assert statement["SourceArn"].endswith(instance)
    connect.disassociate_lambda_function(InstanceId=instance, FunctionArn=function)
    assert emulator.functions[function] == {}
    assert connect.list_lambda_functions(InstanceId=instance)["LambdaFunctions"] == []


def test_duplicate_function_conflicts(connect, instance, function, refused):
    connect.associate_lambda_function(InstanceId=instance, FunctionArn=function)
    with refused("ResourceConflictException"):
        connect.associate_lambda_function(InstanceId=instance, FunctionArn=function)


def test_unknown_function_is_not_found(connect, instance, refused):
    with refused("ResourceNotFoundException"):
        connect.associate_lambda_function(InstanceId=instance, FunctionArn=FUNCTION)
    with refused("ResourceNotFoundException"):
        connect.disassociate_lambda_function(InstanceId=instance, FunctionArn=FUNCTION)


def test_function_arn_is_checked(connect, instance, refused):
    for arn in ("lookup", FUNCTION + "x" * 140):
        with refused("InvalidParameterException"):
            connect.associate_lambda_function(InstanceId=instance, FunctionArn=arn)


def test_function_quota(emulator, connect, instance, refused):
    for number in range(51):
        emulator.functions[f"{FUNCTION}{number}"] = {}
    for number in range(50):
        connect.associate_lambda_function(InstanceId=instance, FunctionArn=f"{FUNCTION}{number}")
    with refused("ServiceQuotaExceededException"):
        connect.associate_lambda_function(InstanceId=instance, FunctionArn=f"{FUNCTION}50")
    assert len(connect.list_lambda_functions(InstanceId=instance)["LambdaFunctions"]) == 25


def integration(connect, instance, **more):
    return connect.create_integration_association(
        InstanceId=instance, IntegrationType="APPLICATION", IntegrationArn=APPLICATION, **more
    )


def test_integration(connect, instance, refused):
    created = integration(connect, instance, Tags={"a": "b"})
    assert created["IntegrationAssociationArn"].endswith(created["IntegrationAssociationId"])
    [found] = connect.list_integration_associations(InstanceId=instance)["IntegrationAssociationSummaryList"]
    assert (found["IntegrationType"], found["IntegrationArn"]) == ("APPLICATION", APPLICATION)
    tags = connect.list_tags_for_resource(resourceArn=created["IntegrationAssociationArn"])["tags"]
    assert tags == {"a": "b"}
    with refused("DuplicateResourceException"):
        integration(connect, instance)
    connect.delete_integration_association(
        InstanceId=instance, IntegrationAssociationId=created["IntegrationAssociationId"]
    )
    assert connect.list_integration_associations(InstanceId=instance)["IntegrationAssociationSummaryList"] == []


@pytest.mark.parametrize(
    "wanted, count",
    [
        ({"IntegrationType": "APPLICATION"}, 1),
        ({"IntegrationType": "EVENT"}, 0),
        ({"IntegrationArn": APPLICATION}, 1),
        ({"IntegrationArn": APPLICATION + "b"}, 0),
    ],
)
def test_integration_filters(connect, instance, wanted, count):
    integration(connect, instance)
    found = connect.list_integration_associations(InstanceId=instance, **wanted)
    assert len(found["IntegrationAssociationSummaryList"]) == count


def test_integration_list_pages_hold_a_hundred(connect, instance, refused):
    with refused("InvalidRequestException", "MaxResults"):
        connect.list_integration_associations(InstanceId=instance, MaxResults=101)


def test_use_cases_are_deleted_first(connect, instance, refused):
    association = integration(connect, instance)["IntegrationAssociationId"]
    address = {"InstanceId": instance, "IntegrationAssociationId": association}
    use_case = connect.create_use_case(**address, UseCaseType="RULES_EVALUATION")
    with refused("DuplicateResourceException"):
        connect.create_use_case(**address, UseCaseType="RULES_EVALUATION")
    [found] = connect.list_use_cases(**address)["UseCaseSummaryList"]
    assert found["UseCaseId"] == use_case["UseCaseId"]
    with refused("InvalidRequestException", "use cases"):
        connect.delete_integration_association(**address)
    connect.delete_use_case(**address, UseCaseId=use_case["UseCaseId"])
    connect.delete_integration_association(**address)


def test_integration_cannot_be_updated(connect):
    assert "UpdateIntegrationAssociation" not in connect.meta.service_model.operation_names
