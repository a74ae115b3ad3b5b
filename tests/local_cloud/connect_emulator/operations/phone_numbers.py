# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phone numbers: search, claim, release, and the flow that answers (connect-api 7)."""

from __future__ import annotations

import re
from datetime import datetime
from datetime import timedelta
from typing import Any

from .. import number_inventory
from .. import objects
from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

RETIRED = "retired_phone_numbers"
CHURN = "phone_number_churn"
QUOTA = 5
COOL_DOWN = timedelta(days=180)
VOICE = "VOICE_PHONE_NUMBER"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@operation("SearchAvailablePhoneNumbers")
def search_available_phone_numbers(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Offer numbers that nobody has and nobody released within the cool-down, 10 a page at most."""
    _target(context, request, not_found="InvalidParameterException")
    country, kind = request["PhoneNumberCountryCode"], request["PhoneNumberType"]
    prefix = _prefix(context, request)
    unavailable = _unavailable(context)
    offered = [
        number
        for number in number_inventory.numbers(country, kind, f"{context.account} {context.region}")
        if number.startswith(prefix) and number not in unavailable
    ]
    page, token = context.page(offered, request, default=10)
    listed = [{"PhoneNumber": item, "PhoneNumberCountryCode": country, "PhoneNumberType": kind} for item in page]
    return {"AvailableNumbersList": listed, "NextToken": token}


@operation("ClaimPhoneNumber")
def claim_phone_number(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Begin the claim; the number is CLAIMED, or FAILED, when the claim delay has passed.

    An injected fault TAKEN lets somebody else have the number since the search, FAILED lets the claim end badly.
    A full quota also ends in FAILED (inferred).
    """
    instance = _target(context, request)
    number = request["PhoneNumber"]
    if not _UUID.fullmatch(request.get("ClientToken") or context.new_id()):
        raise context.invalid("ClientToken must be a UUID.")
    _check_churn(context)
    fault = context.fault or {}
    if fault.get("error") == "TAKEN":
        _retire(context, number)
    found = number_inventory.find(number)
    if found is None or number in _unavailable(context):
        raise ConnectError("InvalidParameterException", f"Phone number not available: {number}")
    failure = None
    if fault.get("error") == "FAILED":
        failure = fault.get("message", "The phone number could not be claimed.")
    elif len([item for item in numbers_of(context, instance) if status(context, item)["Status"] != "FAILED"]) >= QUOTA:
        failure = "The quota of phone numbers of this instance is used up."
    country, kind = found
    identifier = context.new_id()
    record = Record(
        id=identifier,
        arn=context.arn(None, "phone-number", identifier),
        name=number,
        data={
            "PhoneNumber": number,
            "PhoneNumberCountryCode": country,
            "PhoneNumberType": kind,
            "PhoneNumberDescription": request.get("PhoneNumberDescription"),
            "TargetArn": instance.arn,
            "InstanceId": instance.id,
            "_ready_at": context.now() + timedelta(seconds=context.settings.claim_delay),
            "_failure": failure,
            "_flow": None,
        },
        tags=dict(request.get("Tags") or {}),
    )
    context.region_state.phone_numbers.create(record)
    _note_churn(context)
    return {"PhoneNumberId": record.id, "PhoneNumberArn": record.arn}


@operation("DescribePhoneNumber")
def describe_phone_number(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a number with the status of its claim; the flow is not part of it."""
    record = _get(context, request["PhoneNumberId"])
    shown = objects.read(record, "PhoneNumberId", "PhoneNumberArn")
    return {"ClaimedPhoneNumberSummary": {**shown, "PhoneNumberStatus": status(context, record)}}


@operation("ListPhoneNumbersV2")
def list_phone_numbers_v2(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List numbers by target, country, type and prefix; without status, flow and tags. Failed claims are left out."""
    target = None
    if request.get("TargetArn") or request.get("InstanceId"):
        target = _target(context, request)
    prefix = _prefix(context, request)
    listed = [
        record
        for record in _listed(context, request)
        if (target is None or record.data["TargetArn"] == target.arn) and record.name.startswith(prefix)
    ]
    page, token = context.page(listed, request)
    shown = [objects.read(record, "PhoneNumberId", "PhoneNumberArn") for record in page]
    summaries = [{name: value for name, value in item.items() if name != "Tags"} for item in shown]
    return {"ListPhoneNumbersSummaryList": summaries, "NextToken": token}


@operation("ListPhoneNumbers")
def list_phone_numbers(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the numbers of an instance in the older form, whose ARN is below the instance's."""
    instance = context.instance(request["InstanceId"])
    listed = [record for record in _listed(context, request) if record.data["TargetArn"] == instance.arn]
    page, token = context.page(listed, request)
    summaries = [
        {
            "Id": record.id,
            "Arn": context.arn(instance, "phone-number", record.id),
            **objects.pick(record.data, "PhoneNumber", "PhoneNumberType", "PhoneNumberCountryCode"),
        }
        for record in page
    ]
    return {"PhoneNumberSummaryList": summaries, "NextToken": token}


@operation("UpdatePhoneNumber")
def update_phone_number(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Give the number to another instance; the link to a flow does not go with it."""
    record = _get(context, request["PhoneNumberId"])
    instance = _target(context, request)
    if record.data["TargetArn"] != instance.arn:
        record.data.update(TargetArn=instance.arn, InstanceId=instance.id, _flow=None)
    return {"PhoneNumberId": record.id, "PhoneNumberArn": record.arn}


@operation("UpdatePhoneNumberMetadata")
def update_phone_number_metadata(context: Context, request: dict[str, Any]) -> None:
    """Change the description in place; left out, it stays."""
    record = _get(context, request["PhoneNumberId"])
    if "PhoneNumberDescription" in request:
        record.data["PhoneNumberDescription"] = request["PhoneNumberDescription"]


@operation("AssociatePhoneNumberContactFlow")
def associate_phone_number_contact_flow(context: Context, request: dict[str, Any]) -> None:
    """Let a flow answer the number, instead of the one before (inferred); not found until the claim has settled."""
    instance = context.instance(request["InstanceId"])
    record = _claimed(context, instance, request["PhoneNumberId"])
    flow = instance.store("contact_flows").get(request["ContactFlowId"])
    if flow.data["Type"] != "CONTACT_FLOW":
        # Inferred: the console offers inbound flows only.
        raise context.invalid(f"A contact flow of type {flow.data['Type']} cannot answer a phone number.")
    record.data["_flow"] = flow.arn


@operation("DisassociatePhoneNumberContactFlow")
def disassociate_phone_number_contact_flow(context: Context, request: dict[str, Any]) -> None:
    """Remove the link; a number without one is left as it is (inferred)."""
    instance = context.instance(request["InstanceId"])
    _claimed(context, instance, request["PhoneNumberId"]).data["_flow"] = None


@operation("ReleasePhoneNumber")
def release_phone_number(context: Context, request: dict[str, Any]) -> None:
    """Give the number up; it cannot be searched or claimed again during the cool-down."""
    record = _get(context, request["PhoneNumberId"])
    _check_churn(context)
    context.region_state.phone_numbers.delete(record.id)
    _retire(context, record.name)
    _note_churn(context)


@operation("ListFlowAssociations")
def list_flow_associations(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List which flow answers which number, by their ARNs."""
    instance = context.instance(request["InstanceId"])
    associations = _associations(context, instance) if request.get("ResourceType") in (None, VOICE) else []
    page, token = context.page(associations, request)
    return {"FlowAssociationSummaryList": page, "NextToken": token}


@operation("BatchGetFlowAssociation")
def batch_get_flow_association(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show the flows of the numbers named by ARN; those without a flow are left out (inferred)."""
    instance = context.instance(request["InstanceId"])
    associations = _associations(context, instance) if request.get("ResourceType") in (None, VOICE) else []
    found = [item for item in associations if item["ResourceId"] in request["ResourceIds"]]
    return {"FlowAssociationSummaryList": found}


@operation("GetFlowAssociation")
def get_flow_association(context: Context, request: dict[str, Any]) -> None:
    """Find nothing: voice numbers are not among the types that this operation takes."""
    context.instance(request["InstanceId"])
    message = f"No flow is associated with {request['ResourceId']}."
    raise ConnectError("ResourceNotFoundException", message)


def numbers_of(context: Context, instance: Instance) -> list[Record]:
    """Return all numbers of an instance, whatever has become of the claim."""
    return [item for item in context.region_state.phone_numbers.everything() if item.data["TargetArn"] == instance.arn]


def status(context: Context, record: Record) -> dict[str, str]:
    """Return the PhoneNumberStatus: IN_PROGRESS, CLAIMED, or FAILED with a Message."""
    return status_at(context.now(), record)


def status_at(now: datetime, record: Record) -> dict[str, str]:
    """Return the PhoneNumberStatus at a time."""
    if now < record.data["_ready_at"]:
        return {"Status": "IN_PROGRESS"}
    if record.data["_failure"]:
        return {"Status": "FAILED", "Message": record.data["_failure"]}
    return {"Status": "CLAIMED"}


def _target(context: Context, request: dict[str, Any], not_found: str = "ResourceNotFoundException") -> Instance:
    """Return the instance that TargetArn or InstanceId names; exactly one of the two must be given."""
    wanted = [request[name] for name in ("TargetArn", "InstanceId") if request.get(name)]
    if len(wanted) != 1:
        raise context.invalid("Exactly one of TargetArn and InstanceId is required.")
    for instance in context.region_state.instances.values():
        if instance.usable and wanted[0] == (instance.arn if request.get("TargetArn") else instance.id):
            return instance
    raise ConnectError(not_found, "Instance not found")


def _get(context: Context, reference: str) -> Record:
    return context.region_state.phone_numbers.get(reference)


def _claimed(context: Context, instance: Instance, reference: str) -> Record:
    record = _get(context, reference)
    if record.data["TargetArn"] != instance.arn or status(context, record)["Status"] != "CLAIMED":
        raise ConnectError("ResourceNotFoundException", f"Phone number {reference} was not found in the instance.")
    return record


def _listed(context: Context, request: dict[str, Any]) -> list[Record]:
    countries, kinds = request.get("PhoneNumberCountryCodes"), request.get("PhoneNumberTypes")
    return [
        record
        for record in context.region_state.phone_numbers.all()
        if status(context, record)["Status"] != "FAILED"
        and (not countries or record.data["PhoneNumberCountryCode"] in countries)
        and (not kinds or record.data["PhoneNumberType"] in kinds)
    ]


def _prefix(context: Context, request: dict[str, Any]) -> str:
    """Return the prefix; one without the + of the country code is refused (the error is inferred)."""
    prefix = request.get("PhoneNumberPrefix", "")
    if prefix and not prefix.startswith("+"):
        raise context.invalid("PhoneNumberPrefix must contain the + of the country code.")
    return prefix


def _unavailable(context: Context) -> set[str]:
    """Return the numbers that any account has, and those in their cool-down."""
    since = context.now() - COOL_DOWN
    taken = set()
    for state in context.emulator.regions.values():
        taken |= {record.name for record in state.phone_numbers.everything()}
        taken |= {record.name for record in state.store(RETIRED).everything() if record.created_at > since}
    return taken


def _retire(context: Context, number: str) -> None:
    context.region_state.store(RETIRED).create(Record(id=context.new_id(), arn="", name=number))


def _note_churn(context: Context) -> None:
    context.region_state.store(CHURN).create(Record(id=context.new_id(), arn=""))


def _check_churn(context: Context) -> None:
    """Refuse claims and releases beyond 200 % of the quota in 180 days; which error says so is inferred."""
    since = context.now() - COOL_DOWN
    recent = [record for record in context.region_state.store(CHURN).everything() if record.created_at > since]
    if len(recent) >= 2 * QUOTA:
        message = "Too many phone numbers were claimed and released within 180 days."
        raise ConnectError("AccessDeniedException", message)


def _associations(context: Context, instance: Instance) -> list[dict[str, str]]:
    return [
        {"ResourceId": record.arn, "FlowId": record.data["_flow"], "ResourceType": VOICE}
        for record in numbers_of(context, instance)
        if record.data["_flow"]
    ]
