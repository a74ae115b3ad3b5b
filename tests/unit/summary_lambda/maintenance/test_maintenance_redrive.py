# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dead letters go through the delivery again, and none is lost on the way."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from maintenance_fakes import INSTANCE_ARN
from maintenance_fakes import SUMMARY
from maintenance_fakes import Killed
from summary_lambda import errors
from summary_lambda.maintenance.dead_letters import read_letter
from summary_lambda.maintenance.request import make_token

from tests.unit.harness import ServiceError

_NAMES = st.sampled_from(["source", "detail-type", "detail", "contactArn", "contact", "instance", "state", "Message"])
TIMED_OUT = {"errorType": "Sandbox.Timedout", "errorMessage": "2026-03-10 r-1 Task timed out after 300.00 seconds"}


def outcomes(answer):
    return {item["contact_id"]: (item["outcome"], item["reason"]) for item in answer["contacts"]}


def counted(answer):
    return {name: number for name, number in answer["counts"].items() if number}


@pytest.mark.parametrize("form", ["function", "rule"])
def test_a_dead_letter_of_either_form_is_delivered_and_deleted(world, run, form):
    contact = world.contact(1)
    world.letter(world.event(contact), form=form)
    answer = run("redrive")
    assert outcomes(answer) == {contact: ("delivered", "written")}
    assert counted(answer) == {"received": 1, "delivered": 1}
    assert (answer["stopped"], answer["next"]) == (None, None)
    assert world.messages == []
    assert world.phones.transcripts == {contact: SUMMARY}


def test_a_failure_leaves_its_letter_visible_and_says_why(world, run):
    failing, fine = world.contact(1), world.contact(2)
    world.results[failing] = errors.PhoneCallNotFound("SAP has no phone call")
    for contact in (failing, fine):
        world.letter(world.event(contact))
    answer = run("redrive")
    assert outcomes(answer) == {failing: ("failed", "PhoneCallNotFound"), fine: ("delivered", "written")}
    assert [json.loads(message.body) for message in world.visible()] == [world.event(failing)]
    assert answer["stopped"] is None


def test_an_answer_that_is_not_the_function_s_own_is_no_success(world, run):
    contact = world.contact(1)
    world.results[contact] = "null"
    world.letter(world.event(contact))
    assert outcomes(run("redrive")) == {contact: ("failed", "UnknownAnswer")}
    assert len(world.visible()) == 1


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (TIMED_OUT, "FunctionTimedOut"),
        ({"errorType": "Runtime.ExitError", "errorMessage": "RequestId: r Error: Runtime exited"}, "FunctionKilled"),
        ({"errorType": "KeyError", "errorMessage": "'customer Grace Hopper'"}, "KeyError"),
        (
            {
                "errorType": "ClientError",
                "errorMessage": "An error occurred (AccessDenied) when calling the GetObject operation: no",
            },
            "AccessDenied",
        ),
        ({}, "Unknown"),
    ],
)
def test_the_report_names_errors_that_are_not_ours_without_their_text(world, run, result, reason):
    contact = world.contact(1)
    world.results[contact] = result
    world.letter(world.event(contact))
    answer = run("redrive")
    assert outcomes(answer) == {contact: ("failed", reason)}
    assert "Grace" not in json.dumps(answer)


def test_a_contact_has_one_turn_in_a_run(world, run):
    """Also over several answers."""
    fine, failing = world.contact(1), world.contact(2)
    world.results[failing] = errors.PhoneCallNotFound("none")
    for _unused in range(12):
        world.letter(world.event(fine))
        world.letter(world.event(failing))
    answer = run("redrive")
    assert world.invoked == [fine, failing]
    assert counted(answer) == {"received": 24, "delivered": 1, "duplicates": 11, "failed": 1, "left": 12}
    assert len(world.visible()) == 12


def test_a_failed_analysis_is_no_stand_in_for_a_later_one(world, run):
    contact = world.contact(1)
    failed = {
        "source": "aws.connect",
        "detail-type": "Contact Lens Analysis State Change",
        "detail": {"instance": INSTANCE_ARN, "contactArn": "", "contact": f"{INSTANCE_ARN}/contact/{contact}"},
    }
    failed["detail"] |= {"state": "FAILED", "reasonCode": "RECORDING_FILE_EMPTY"}
    world.letter(failed)
    world.letter(world.event(contact))
    delivered = []
    world.service.on(
        "Invoke",
        lambda params: (
            delivered.append(json.loads(params["Payload"]))
            or world._invoke({**params, "Payload": json.dumps(world.event(contact)).encode()})
        ),
    )
    run("redrive")
    assert delivered == [failed, world.event(contact)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{", "NotJson"),
        ("[" * 100_000, "NotJson"),
        ("[]", "NotAnEvent"),
        ({"detail-type": ["Contact Lens Post Call Rules Matched"], "detail": {"contactArn": {}}}, "NotAnEvent"),
        ({"action": "redrive"}, "NotAnEvent"),
        ({"version": "1.0", "requestContext": {}, "requestPayload": {}}, "DestinationEnvelope"),
        ({"Type": "Notification", "TopicArn": "arn", "Message": "{}"}, "SnsEnvelope"),
    ],
)
def test_what_is_no_event_is_left_and_named(world, run, body, reason):
    message = world.letter(body)
    answer = run("redrive")
    assert [(item["outcome"], item["reason"]) for item in answer["contacts"]] == [("not_an_event", reason)]
    assert counted(answer) == {"received": 1, "not_an_event": 1, "left": 1}
    assert world.visible() == [message]
    assert world.invoked == []


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=5), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.text(max_size=50) | _VALUES.map(json.dumps),
    attributes=st.dictionaries(st.sampled_from(["RULE_ARN", "ERROR_CODE", "RequestID", "ErrorMessage"]), st.text()),
)
def test_whatever_lies_in_the_queue_is_read(body, attributes):
    letter = read_letter(
        {
            "MessageId": "message",
            "ReceiptHandle": "receipt",
            "Body": body,
            "Attributes": {"SentTimestamp": "1773154800000", "ApproximateReceiveCount": "1"},
            "MessageAttributes": {name: {"StringValue": value} for name, value in attributes.items()},
        }
    )
    assert (letter.event is None) == (letter.contact_id is None)
    assert letter.reason


def test_only_what_fits_all_filters(world, run):
    wanted, other_reason, other_contact, too_early = (world.contact(number) for number in range(4))
    world.letter(world.event(wanted))
    world.letter(world.event(other_reason), error="SapRefused: SAP answered 400 to a GET")
    world.letter(world.event(other_contact))
    world.letter(world.event(too_early), age=timedelta(hours=5))
    answer = run(
        "redrive",
        contact_ids=[wanted.upper(), other_reason, too_early],
        reasons=["SapUnavailable", "NO_PERMISSIONS"],
        sent_after=(world.now - timedelta(hours=1)).isoformat(),
        sent_before=world.now.isoformat(),
    )
    assert world.invoked == [wanted]
    assert counted(answer) == {"received": 4, "delivered": 1, "not_matching": 3, "left": 3}
    assert len(world.visible()) == 3


def test_what_is_too_old_waits_for_a_person(world, run):
    contact = world.contact(1)
    world.letter(world.event(contact), age=timedelta(hours=73))
    answer = run("redrive")
    assert (world.invoked, counted(answer)) == ([], {"received": 1, "too_old": 1, "left": 1})
    assert outcomes(answer) == {contact: ("too_old", "SapUnavailable")}
    assert run("redrive", maximum_age=0)["counts"]["delivered"] == 1


def test_a_dry_run_changes_nothing(world, run):
    contact = world.contact(1)
    for form in ("function", "rule"):
        world.letter(world.event(contact), form=form)
    world.concurrency = 0
    answer = run("redrive", dry_run=True)
    assert outcomes(answer) == {contact: ("would_send", "SapUnavailable")}
    assert counted(answer) == {"received": 2, "would_send": 1, "duplicates": 1, "left": 2}
    assert (world.invoked, len(world.visible())) == ([], 2)


@pytest.mark.parametrize(
    ("error", "deliveries", "why"),
    [
        (errors.SapUnauthorized("no"), 1, "SapDown"),
        (errors.SapThrottled("later"), 1, "SapDown"),
        (errors.SettingsInvalid("no value"), 1, "DeliveryFails"),
        (errors.SapUnavailable("503"), 3, "SapDown"),
        (TIMED_OUT, 10, "DeliveryFails"),
        (errors.PhoneCallNotFound("none"), 12, None),
    ],
)
def test_a_sap_that_is_down_is_left_alone(world, run, error, deliveries, why):
    world.results["*"] = error
    world.phones.error = errors.SapUnavailable("503")
    for number in range(12):
        world.letter(world.event(world.contact(number)))
    answer = run("redrive")
    assert (len(world.invoked), answer["stopped"]) == (deliveries, why)
    assert len(world.visible()) == 12
    assert answer["next"] is None


def test_contacts_that_sap_always_breaks_down_over_do_not_hold_up_the_rest(world, run):
    """Three in a row look like an outage, but SAP is there."""
    broken = [world.contact(number) for number in range(7)]
    fine = world.contact(9)
    for contact in (*broken, fine):
        world.letter(world.event(contact))
    for contact in broken:
        world.results[contact] = errors.SapUnavailable("500")
    answer = run("redrive")
    assert (answer["counts"]["failed"], answer["counts"]["delivered"], answer["stopped"]) == (7, 1, None)
    assert len(world.phones.asked) == 2


def test_one_contact_that_sap_breaks_down_over_does_not_stop_the_others(world, run):
    contacts = [world.contact(number) for number in range(9)]
    for contact in contacts:
        world.letter(world.event(contact))
    for contact in contacts[::2]:
        world.results[contact] = errors.SapUnavailable("500")
    answer = run("redrive")
    assert (answer["counts"]["delivered"], answer["counts"]["failed"], answer["stopped"]) == (4, 5, None)


def test_a_pause_is_respected(world, run):
    world.letter(world.event(world.contact(1)))
    world.concurrency = 0
    answer = run("redrive")
    assert (answer["stopped"], world.invoked, len(world.visible())) == ("DeliveryPaused", [], 1)


def test_a_throttled_function_stops_the_run(world, run, slept):
    for number in range(3):
        world.letter(world.event(world.contact(number)))
    world.results["*"] = ServiceError("TooManyRequestsException", status=429)
    answer = run("redrive")
    assert (answer["stopped"], world.invoked, len(world.visible())) == ("DeliveryThrottled", [], 3)
    assert sum(slept) >= 15


def test_a_function_that_is_busy_for_a_moment_is_waited_for(world, run):
    contact = world.contact(1)
    world.letter(world.event(contact))
    busy = [ServiceError("TooManyRequestsException", status=429)] * 2
    world.service.on("Invoke", *busy, world._invoke)
    assert outcomes(run("redrive")) == {contact: ("delivered", "written")}


def test_a_refusal_of_aws_is_an_error_and_gives_everything_back(world, run):
    world.letter(world.event(world.contact(1)))
    world.results["*"] = ServiceError("AccessDeniedException", status=403)
    with pytest.raises(errors.AwsRefused, match="AccessDeniedException when calling the Invoke"):
        run("redrive")
    assert len(world.visible()) == 1


def test_the_rate_is_bounded(world, run, slept):
    for number in range(5):
        world.letter(world.event(world.contact(number)))
    run("redrive", rate=2)
    assert sum(slept) == pytest.approx(2, abs=0.2)


def test_a_run_longer_than_an_invocation_goes_on_where_it_ended(world, run):
    contacts = [world.contact(number) for number in range(30)]
    for contact in contacts:
        world.letter(world.event(contact))
    for contact in contacts[::7]:
        world.results[contact] = errors.PhoneCallNotFound("none")
    answers = [run("redrive", rate=1, seconds=15)]
    while answers[-1]["next"]:
        world.later(minutes=5)
        answers.append(run("redrive", rate=1, seconds=15, next=answers[-1]["next"]))
    assert len(answers) > 2
    assert sorted(world.invoked) == contacts
    total = {name: sum(answer["counts"][name] for answer in answers) for name in answers[0]["counts"]}
    assert (total["delivered"], total["failed"], total["received"]) == (25, 5, 30)
    assert len(world.visible()) == 5


def test_no_letter_is_deleted_on_the_word_of_a_token(world, run):
    """The token may be older than the letter, or made up by somebody who may do no more than call the function."""
    contact = world.contact(1)
    world.letter(world.event(contact))
    position = {"delivered": [hashlib.sha256(contact.encode()).hexdigest()[:12]], "failed": [], "left": []}
    answer = run("redrive", next=make_token("redrive", position))
    assert world.invoked == [contact]
    assert counted(answer) == {"received": 1, "delivered": 1}


def test_killed_anywhere_nothing_is_lost(world, run, monkeypatch):
    """At each request, before and after it took effect; then once more without a kill."""
    total = None
    step = 0
    while total is None or step < total:
        for carried_out in (False, True):
            world.begin()
            contacts = [world.contact(number) for number in range(3)]
            world.results[contacts[1]] = errors.PhoneCallNotFound("none")
            for contact in contacts:
                world.letter(world.event(contact))
            world.kill = (step, carried_out) if total is not None else None
            try:
                run("redrive")
            except Killed:
                assert world.kill
            total = total or len(world.steps)
            kept = {json.loads(body)["detail"]["contactArn"].rpartition("/")[2] for body in world.bodies()}
            safe = {contact for contact, text in world.phones.transcripts.items() if text == SUMMARY}
            assert kept | safe == set(contacts), world.kill
            world.kill, world.dead = None, False
            world.results.clear()
            world.later(hours=1)
            run("redrive")
            assert set(world.phones.transcripts.values()) == {SUMMARY}
            assert world.messages == []
        step += 1
    assert step > 6
