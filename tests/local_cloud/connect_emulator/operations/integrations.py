# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lambda functions and other services linked to an instance (connect-api 10)."""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import ClientError

from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record
from ..state import Store

FUNCTION_ARN = re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?")


@operation("AssociateLambdaFunction")
async def associate_lambda_function(context: Context, request: dict[str, Any]) -> None:
    """Link a function to the instance and let the instance invoke it (inferred)."""
    instance = context.instance(request["InstanceId"])
    store, arn = instance.store("lambda_functions"), request["FunctionArn"]
    if not FUNCTION_ARN.fullmatch(arn):
        raise context.invalid(f"{arn} is not the ARN of a Lambda function.")
    _check_free(context, store, arn)
    await _allow_invocation(context, instance, arn)
    # Others were answered meanwhile.
    _check_free(context, store, arn)
    store.create(Record(id=arn, arn="", name=arn))


@operation("ListLambdaFunctions")
def list_lambda_functions(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the ARNs of the linked functions in pages of at most 25."""
    store = context.instance(request["InstanceId"]).store("lambda_functions")
    page, token = context.page([record.id for record in store.all()], request, default=25)
    return {"LambdaFunctions": page, "NextToken": token}


@operation("DisassociateLambdaFunction")
async def disassociate_lambda_function(context: Context, request: dict[str, Any]) -> None:
    """Unlink a function and take the permission back (inferred)."""
    instance = context.instance(request["InstanceId"])
    record = instance.store("lambda_functions").delete(request["FunctionArn"])
    try:
        await context.call_aws(
            "lambda", "remove_permission", FunctionName=record.id, StatementId=_statement_id(instance)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


@operation("CreateIntegrationAssociation")
def create_integration_association(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Link another service; the same type and ARN twice is a duplicate."""
    instance = context.instance(request["InstanceId"])
    store = instance.store("integration_associations")
    name = f"{request['IntegrationType']} {request['IntegrationArn']}"
    if store.find(name):
        raise ConnectError("DuplicateResourceException", "This integration is associated already.")
    record = Record(id=context.new_id(), arn="", name=name, tags=dict(request.get("Tags") or {}))
    record.arn = context.arn(instance, "integration-association", record.id)
    record.data = {
        "IntegrationAssociationId": record.id,
        "IntegrationAssociationArn": record.arn,
        "InstanceId": instance.id,
        **{
            member: request.get(member)
            for member in (
                "IntegrationType",
                "IntegrationArn",
                "SourceApplicationUrl",
                "SourceApplicationName",
                "SourceType",
            )
        },
    }
    store.create(record)
    return {"IntegrationAssociationId": record.id, "IntegrationAssociationArn": record.arn}


@operation("ListIntegrationAssociations")
def list_integration_associations(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the integrations, filtered by type and ARN, in pages of at most 100."""
    store = context.instance(request["InstanceId"]).store("integration_associations")
    found = [
        record.data
        for record in store.all()
        if all(request.get(member) in (None, record.data[member]) for member in ("IntegrationType", "IntegrationArn"))
    ]
    page, token = context.page(found, request)
    return {"IntegrationAssociationSummaryList": page, "NextToken": token}


@operation("DeleteIntegrationAssociation")
def delete_integration_association(context: Context, request: dict[str, Any]) -> None:
    """Remove an integration that has no use case any more."""
    instance, record = _association(context, request)
    if len(_use_cases(instance, record)):
        raise context.invalid("The integration has use cases: delete them first.")
    instance.store("integration_associations").delete(record.id)


@operation("CreateUseCase")
def create_use_case(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Add a use case to an integration; the same type twice is a duplicate (inferred)."""
    instance, association = _association(context, request)
    store = _use_cases(instance, association)
    if store.find(request["UseCaseType"]):
        raise ConnectError("DuplicateResourceException", "The integration has this use case already.")
    record = Record(id=context.new_id(), arn="", name=request["UseCaseType"], tags=dict(request.get("Tags") or {}))
    record.arn = context.arn(instance, "use-case", record.id)
    record.data = {"UseCaseId": record.id, "UseCaseArn": record.arn, "UseCaseType": record.name}
    store.create(record)
    return {"UseCaseId": record.id, "UseCaseArn": record.arn}


@operation("ListUseCases")
def list_use_cases(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the use cases of an integration in pages of at most 100."""
    store = _use_cases(*_association(context, request))
    page, token = context.page([record.data for record in store.all()], request)
    return {"UseCaseSummaryList": page, "NextToken": token}


@operation("DeleteUseCase")
def delete_use_case(context: Context, request: dict[str, Any]) -> None:
    """Remove a use case."""
    _use_cases(*_association(context, request)).delete(request["UseCaseId"])


def _association(context: Context, request: dict[str, Any]) -> tuple[Instance, Record]:
    instance = context.instance(request["InstanceId"])
    return instance, instance.store("integration_associations").get(request["IntegrationAssociationId"])


def _use_cases(instance: Instance, association: Record) -> Any:
    return instance.store(f"use_cases_of_{association.id}")


def _statement_id(instance: Instance) -> str:
    return f"AmazonConnect-{instance.id}"


def _check_free(context: Context, store: Store, arn: str) -> None:
    if store.find(arn):
        raise ConnectError("ResourceConflictException", f"The function {arn} is associated already.")
    if len(store) >= context.settings.lambda_quota:
        raise ConnectError("ServiceQuotaExceededException", "The quota of Lambda functions is used up.")


async def _allow_invocation(context: Context, instance: Instance, arn: str) -> None:
    try:
        await context.call_aws(
            "lambda",
            "add_permission",
            FunctionName=arn,
            StatementId=_statement_id(instance),
            Action="lambda:InvokeFunction",
            Principal="connect.amazonaws.com",
            SourceArn=instance.arn,
            SourceAccount=context.account,
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ResourceNotFoundException":
            raise ConnectError(code, f"The function {arn} was not found.") from None
        if code != "ResourceConflictException":
            raise
