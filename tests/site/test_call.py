# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call on the deployed site ends as a transcript in SAP, and the function may do no more than that takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from .permissions import Permissions
from .permissions import fresh_container
from .permissions import invoke
from .site import CALLER
from .site import EVENT_RULE
from .site import FUNCTION
from .site import LOG_GROUP
from .site import SUMMARY
from .site import Site
from .site import wait_for

# The function's own calls: Sid -> (IAM action, step of the function's log, operation that AWS refuses without it).
OWN_CALLS = {
    "ReadParameters": ("ssm:GetParameters", "settings", "GetParameters"),
    "ReadSecret": ("secretsmanager:GetSecretValue", "settings", "GetSecretValue"),
    "DescribeContact": ("connect:DescribeContact", "contact", "DescribeContact"),
    "FindAnalysis": ("s3:ListBucket", "summary", "ListObjectsV2"),
    "ReadAnalysis": ("s3:GetObject", "summary", "GetObject"),
}


@pytest.fixture(scope="module")
def permissions(site: Site) -> Permissions:
    return Permissions(site, FUNCTION)


@pytest.fixture
def undelivered_call(site: Site) -> Iterator[dict[str, Any]]:
    """A call whose event reaches nobody: the test hands it to the function itself."""
    events = site.client("events")
    events.disable_rule(Name=EVENT_RULE)
    try:
        call = site.call()
        assert [delivery["status"] for delivery in call["deliveries"]] == ["not matched"]
        yield call
    finally:
        events.enable_rule(Name=EVENT_RULE)


def test_a_call_ends_as_transcript_in_sap(site):
    """Flow, recording, analysis, rule, event, function, SAP: each with what the one before made of the call."""
    call = site.call(inputs=["2", "4711"])
    contact = call["contact_id"]
    assert (call["queue"], call["agent"]) == ("BasicQueue", "agent")
    assert call["attributes"] == {"Channel": "VOICE", "ANI": CALLER, "TicketID": "4711"}
    assert call["bucket"] == site.recordings_bucket
    assert call["matched_rules"] == ["SAPPostCallAnalytics"]
    assert [(delivery["rule"], delivery["status"]) for delivery in call["deliveries"]] == [(EVENT_RULE, "delivered")]

    assert site.written_transcript(contact) == SUMMARY
    assert sorted(key.split("/")[0] for key in site.keys_with(contact)) == ["Analysis", "connect"]
    (update,) = site.updates(contact)
    assert (update["status"], update["body"]) == (200, {"transcript": SUMMARY})
    assert update["if_match"]
    assert wait_for(lambda: site.outcomes(contact)) == ["written"]


def test_the_function_works_under_its_own_role(site, permissions):
    """In a fresh container every statement for its own calls is used, as the role, and nothing else is asked for."""
    fresh_container(site, FUNCTION)
    began = time.time()
    contact = site.call()["contact_id"]
    assert site.written_transcript(contact) == SUMMARY
    asked = [entry for entry in site.aws_requests(since=began) if entry["principal"] == permissions.session]
    assert {entry["action"] for entry in asked} == {action for action, _step, _operation in OWN_CALLS.values()}
    assert {entry["status"] for entry in asked} == {200}


def test_an_event_delivered_again_updates_once(site):
    """EventBridge delivers at least once."""
    call = site.call()
    contact, (event,) = call["contact_id"], call["events"]
    wait_for(lambda: site.outcomes(contact) == ["written"])
    for _unused in range(2):
        site.client("lambda").invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=json.dumps(event).encode())
    assert sorted(wait_for(lambda: len(site.outcomes(contact)) == 3 and site.outcomes(contact))) == [
        "unchanged",
        "unchanged",
        "written",
    ]
    assert len(site.updates(contact)) == 1
    assert site.transcript(contact) == SUMMARY


def test_no_personal_data_in_the_logs(site):
    """What was said, who called, what was keyed, and how the function signs in: the log has none of it."""
    private = {
        "summary": "Mrs Featherstonehaugh moves to Llanfairpwll and wants the invoice by post.",
        "caller": "+447700900987",
        "keyed": "86753090",
        "transcript": "My name is Featherstonehaugh.",
    }
    contact = site.call(
        summary=private["summary"],
        caller=private["caller"],
        inputs=["1", private["keyed"]],
        transcript=[["AGENT", "Good morning."], ["CUSTOMER", private["transcript"]]],
    )["contact_id"]
    assert site.written_transcript(contact) == private["summary"]
    wait_for(lambda: site.outcomes(contact))
    text = site.log_text()
    assert contact in text
    secrets = {name: value for name, value in site.secrets().items() if "PASSWORD" in name}
    for name, value in {
        **private,
        **secrets,
        "name": "Featherstonehaugh",
        "sap_user": site.environment["SAP_USERNAME"],
    }.items():
        assert value not in text, f"The log has the {name}"


def test_statements_that_aws_uses(site, permissions):
    """Lambda writes log and dead letters in the function's name; the rest is what the function calls itself."""
    assert sorted(permissions.sids) == sorted(["Logs", "DeadLetters", *OWN_CALLS])
    assert permissions.statement("DeadLetters") == {
        "Sid": "DeadLetters",
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:eu-west-2:{site.account}:poc-summary-dead-letters",
    }
    assert permissions.statement("Logs") == {
        "Sid": "Logs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:eu-west-2:{site.account}:log-group:{LOG_GROUP}:*",
    }


@pytest.mark.parametrize("sid", OWN_CALLS)
def test_without_a_statement_no_summary(site, permissions, undelivered_call, sid):
    """Each statement is needed: without it AWS refuses that very call, and the same event succeeds with it."""
    action, step, operation = OWN_CALLS[sid]
    contact, (event,) = undelivered_call["contact_id"], undelivered_call["events"]
    assert permissions.statement(sid)["Action"] == action
    began = time.time()
    with permissions.without(sid):
        error, answer = invoke(site, FUNCTION, event)
        assert error, answer
        assert "AccessDenied" in answer["errorMessage"]
        assert f"when calling the {operation} operation" in answer["errorMessage"]
        refused = [entry["action"] for entry in site.aws_requests(since=began) if entry["status"] in (400, 403)]
        assert set(refused) == {action}
        assert [line["step"] for line in site.log(contact) if line["level"] == "ERROR"] == [step]
        assert site.updates(contact) == []
        assert site.transcript(contact) is None
    assert invoke(site, FUNCTION, event) == (
        None,
        {"contact_id": contact, "outcome": "written", "phone_call_id": undelivered_call["sap_phone_call_id"]},
    )
    assert site.transcript(contact) == SUMMARY
