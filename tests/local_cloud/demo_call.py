# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does first with a deployed site: follow a call to its summary, open the desktop, let the phone ring."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from .processes import CloudError

CALLER = "+442079460123"
SUMMARY = "The customer asked for the delivery date of an order; the agent confirmed Friday."
SUMMARY_TIMEOUT = 60
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def carry_call_to_summary(environment: Mapping[str, str], outputs_file: Path) -> str:
    """Call the deployed number and wait until the summary is the phone call's transcript in the SAP stand-in.

    :param environment: the variables of ``endpoints.env``.
    :param outputs_file: the outputs that ``playbooks/site.yml`` wrote.
    :returns: sentences for the terminal.
    :raises CloudError: when the call or its summary does not arrive, with what is known of the reason.
    """
    outputs = _read_outputs(outputs_file)
    number = outputs["AmazonConnectPhoneNumber"]
    call = _request(
        f"{environment['CONNECT_EMULATOR_URL']}/_emulator/calls",
        {
            "account": environment["AWS_ACCOUNT_ID"],
            "dialled_number": number,
            "caller": CALLER,
            "agent": _agent_username(environment, number),
            "duration": 120,
            "summary": SUMMARY,
        },
    )
    if not call["sap_phone_call_id"]:
        raise CloudError(f"The call to {number} reached no agent: {json.dumps(call, indent=2)}")
    seconds = _wait_for_transcript(environment, call)
    return "\n".join(
        [
            f"A call from {CALLER} to {number} was answered by {call['agent']} from {call['queue']}.",
            f"Its summary arrived in SAP after {seconds:.1f} s: {SUMMARY}",
            "",
            *(f"{name}: {value}" for name, value in outputs.items()),
            f"SAP phone service: {environment['SAP_BASE_URL']}",
        ]
    )


def set_up_desktop(environment: Mapping[str, str], outputs_file: Path, endpoints_file: Path) -> str:
    """Tell the page that stands in for SAP where the connector is.

    :returns: how to take a call on it, for the terminal.
    """
    outputs = _read_outputs(outputs_file)
    connector = f"{outputs['CloudFrontDistributionURL']}/"
    _request(f"{environment['SAP_BASE_URL']}/_standin/desktop", {"connector": connector})
    agent = _agent_username(environment, outputs["AmazonConnectPhoneNumber"])
    return "\n".join(
        [
            f"Take a call yourself: open http://sap.localhost:{environment['EDGE_PORT']}/ in a browser here.",
            f"Sign in as {agent} with CONNECT_AGENT_PASSWORD of {endpoints_file}, and set the status to Available.",
            "Then let the phone ring: .venv/bin/python -m tests.local_cloud ring",
        ]
    )


def ring(environment: Mapping[str, str], outputs_file: Path, caller: str) -> str:
    """Let a customer call the deployed number and wait for the agent to accept in the panel."""
    number = _read_outputs(outputs_file)["AmazonConnectPhoneNumber"]
    agent = _agent_username(environment, number)
    call = _request(
        f"{environment['CONNECT_EMULATOR_URL']}/_emulator/calls",
        {
            "account": environment["AWS_ACCOUNT_ID"],
            "dialled_number": number,
            "caller": caller,
            "agent": agent,
            "live": True,
            "summary": SUMMARY,
        },
    )
    if call["state"] == "ended":
        raise CloudError(f"The call to {number} reached no queue: {json.dumps(call, indent=2)}")
    return (
        f"A call from {caller} to {number} waits in {call['queue']} until {agent} is Available and accepts it "
        f"(contact {call['contact_id']})."
    )


def _read_outputs(outputs_file: Path) -> dict[str, str]:
    try:
        return json.loads(outputs_file.read_text())
    except FileNotFoundError:
        raise CloudError(f"{outputs_file} does not exist: run playbooks/site.yml first.") from None


def _agent_username(environment: Mapping[str, str], number: str) -> str:
    """Return a user of the number's instance who may take calls but is no administrator."""
    connect = boto3.client(
        "connect",
        region_name=environment["AWS_REGION"],
        endpoint_url=environment["AWS_ENDPOINT_URL_CONNECT"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    claimed = connect.list_phone_numbers_v2(PhoneNumberPrefix=number)["ListPhoneNumbersSummaryList"]
    if not claimed:
        raise CloudError(f"The number {number} of the outputs is not claimed on this cloud: run playbooks/site.yml.")
    instance = claimed[0]["InstanceId"]
    profiles = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
    agent_profile = next(profile["Id"] for profile in profiles if profile["Name"] == "Agent")
    for user in connect.list_users(InstanceId=instance)["UserSummaryList"]:
        described = connect.describe_user(InstanceId=instance, UserId=user["Id"])["User"]
        if agent_profile in described["SecurityProfileIds"]:
            return user["Username"]
    raise CloudError("The instance has no user with the security profile Agent.")


def _wait_for_transcript(environment: Mapping[str, str], call: Mapping[str, Any]) -> float:
    started = time.monotonic()
    while time.monotonic() - started < SUMMARY_TIMEOUT:
        for record in _request(f"{environment['SAP_BASE_URL']}/_standin/phone-calls"):
            if record["externalId"]["displayId"] == call["contact_id"] and record.get("transcript") == SUMMARY:
                return time.monotonic() - started
        time.sleep(0.2)
    raise CloudError(
        f"The summary of contact {call['contact_id']} did not arrive in SAP within {SUMMARY_TIMEOUT} s. "
        f"Files: {call['files']}. Matched rules: {call['matched_rules']}. Deliveries: {call['deliveries']}. "
        "The function's log says why: aws logs tail /aws/lambda/poc-lambda-process-contact-lens-event"
    )


def _request(url: str, body: Mapping[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    try:
        with DIRECT.open(urllib.request.Request(url, data, {"Content-Type": "application/json"}), timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise CloudError(f"{url} answered {error.code}: {error.read().decode(errors='replace')}") from None
