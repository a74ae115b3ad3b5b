# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where is the summary of this call? Each test breaks one thing on the deployed site; the trace names exactly that."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from .permissions import Permissions
from .permissions import fresh_container
from .site import CALLER
from .site import DEAD_LETTERS
from .site import EVENT_RULE
from .site import FUNCTION
from .site import MAINTENANCE
from .site import SUMMARY
from .site import Site
from .site import wait_for
from .tracer import Tracer

SECRET = "Secret-c4c-password"
RULE = "SAPPostCallAnalytics"
PHONE_CALLS = "/sap/c4c/api/v1/phone-service/phoneCalls"


@pytest.fixture(scope="module")
def tracer(site: Site) -> Tracer:
    return Tracer(site)


@pytest.fixture(autouse=True)
def empty_queue(site: Site) -> Iterator[None]:
    """Leave no dead letters to others."""
    yield
    settle(site)
    sqs = site.client("sqs")
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"])


def settle(site: Site) -> None:
    """Wait until no invocation runs or waits for its next attempt."""
    address = f"{site.keys['AWS_ENDPOINT_URL']}/_front/asynchronous"
    wait_for(lambda: site.http.get(address, params={"account": site.account}, timeout=30).json()["pending"] == 0, 120)


def ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


# What breaks. Each is undone at the end.

Breakage = Callable[[Site], AbstractContextManager[None]]


@contextmanager
def nothing(_site: Site) -> Iterator[None]:
    yield


@contextmanager
def disabled_event_rule(site: Site) -> Iterator[None]:
    events = site.client("events")
    events.disable_rule(Name=EVENT_RULE)
    try:
        yield
    finally:
        events.enable_rule(Name=EVENT_RULE)


@contextmanager
def pattern_of_chats(site: Site) -> Iterator[None]:
    events = site.client("events")
    rule = events.describe_rule(Name=EVENT_RULE)
    # PutRule keeps nothing that is left out
    before = {name: rule[name] for name in ("Name", "Description", "EventPattern", "State")}
    pattern = json.loads(before["EventPattern"]) | {"detail-type": ["Contact Lens Post Chat Rules Matched"]}
    events.put_rule(**before | {"EventPattern": json.dumps(pattern)})
    try:
        yield
    finally:
        events.put_rule(**before)


@contextmanager
def no_target(site: Site) -> Iterator[None]:
    events = site.client("events")
    targets = events.list_targets_by_rule(Rule=EVENT_RULE)["Targets"]
    events.remove_targets(Rule=EVENT_RULE, Ids=[target["Id"] for target in targets])
    try:
        yield
    finally:
        events.put_targets(Rule=EVENT_RULE, Targets=targets)


@contextmanager
def no_permission(site: Site) -> Iterator[None]:
    functions = site.client("lambda")
    policy = json.loads(functions.get_policy(FunctionName=FUNCTION)["Policy"])
    (statement,) = [item for item in policy["Statement"] if EVENT_RULE in json.dumps(item)]
    functions.remove_permission(FunctionName=FUNCTION, StatementId=statement["Sid"])
    try:
        yield
    finally:
        functions.add_permission(
            FunctionName=FUNCTION,
            StatementId=statement["Sid"],
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=site.client("events").describe_rule(Name=EVENT_RULE)["Arn"],
        )


@contextmanager
def draft_of_the_contact_lens_rule(site: Site) -> Iterator[None]:
    connect, instance = site.client("connect"), site.instance_id
    rules = connect.list_rules(InstanceId=instance)["RuleSummaryList"]
    (rule_id,) = [rule["RuleId"] for rule in rules if rule["Name"] == RULE]
    rule = connect.describe_rule(InstanceId=instance, RuleId=rule_id)["Rule"]
    whole = {name: rule[name] for name in ("RuleId", "Name", "Function", "Actions")}
    connect.update_rule(InstanceId=instance, **whole, PublishStatus="DRAFT")
    try:
        yield
    finally:
        connect.update_rule(InstanceId=instance, **whole, PublishStatus="PUBLISHED")


@contextmanager
def contact_lens_off(site: Site) -> Iterator[None]:
    change = {"InstanceId": site.instance_id, "AttributeType": "CONTACT_LENS"}
    site.client("connect").update_instance_attribute(**change, Value="false")
    try:
        yield
    finally:
        site.client("connect").update_instance_attribute(**change, Value="true")


@contextmanager
def lost_events(site: Site) -> Iterator[None]:
    address = f"{site.keys['CONNECT_EMULATOR_URL']}/_emulator/settings"
    site.http.post(address, json={"lost_events": {"share": 1, "seed": 1}}, timeout=30).raise_for_status()
    try:
        yield
    finally:
        site.http.post(address, json={"lost_events": []}, timeout=30).raise_for_status()


@contextmanager
def paused_function(site: Site) -> Iterator[None]:
    functions = site.client("lambda")
    functions.put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=FUNCTION)


@contextmanager
def wrong_password(site: Site) -> Iterator[None]:
    secrets = site.client("secretsmanager")
    before = secrets.get_secret_value(SecretId=SECRET)["SecretString"]

    def change(secret: str) -> None:
        secrets.put_secret_value(SecretId=SECRET, SecretString=secret)
        for function in (FUNCTION, MAINTENANCE):
            fresh_container(site, function)

    try:
        change("n0t-the-p4ssword")
        yield
    finally:
        change(before)


@contextmanager
def sap_away(site: Site) -> Iterator[None]:
    address = f"{site.keys['SAP_BASE_URL']}/_standin/random_faults"
    site.http.post(address, json={"share": 1, "kinds": ["503"], "seed": 1}, timeout=30).raise_for_status()
    try:
        yield
    finally:
        site.http.delete(address, timeout=30).raise_for_status()


@contextmanager
def no_right_to_the_parameters(site: Site) -> Iterator[None]:
    with Permissions(site, FUNCTION).without("ReadParameters"):
        yield


CASES: list[Any] = [
    pytest.param(nothing, {}, "delivered", id="nothing is broken"),
    pytest.param(nothing, {"agent": None}, "never_reached_an_agent", id="no agent"),
    pytest.param(
        nothing,
        {"summary": None, "summary_failure": "INSUFFICIENT_CONVERSATION_CONTENT"},
        "no_summary_made",
        id="too little was said",
    ),
    pytest.param(disabled_event_rule, {}, "event_rule_disabled", id="event rule disabled"),
    pytest.param(no_permission, {}, "permission_missing", id="no permission"),
    pytest.param(paused_function, {}, "delivery_paused", id="paused"),
    pytest.param(pattern_of_chats, {}, "event_rule_does_not_match", id="pattern of chats"),
    pytest.param(no_target, {}, "target_missing", id="no target"),
    pytest.param(draft_of_the_contact_lens_rule, {}, "contact_lens_rule_unpublished", id="rule a draft"),
    pytest.param(contact_lens_off, {}, "contact_lens_disabled", id="Contact Lens off"),
    pytest.param(lost_events, {"started_at": ago(60)}, "event_lost", id="event lost"),
    pytest.param(wrong_password, {}, "sap_refuses_credentials", id="wrong password"),
    pytest.param(sap_away, {}, "sap_unavailable", id="SAP away", marks=pytest.mark.full),
    pytest.param(
        no_right_to_the_parameters, {}, "delivery_failed", id="no right to the parameters", marks=pytest.mark.full
    ),
]


@pytest.mark.parametrize(("breakage", "changes", "cause"), CASES)
def test_the_trace_names_what_is_broken(site: Site, tracer: Tracer, breakage: Breakage, changes, cause):
    with breakage(site):
        contact = site.call(**changes)["contact_id"]
        settle(site)
        trace = tracer.trace(contact)
    assert trace["cause"] == cause, "\n".join(trace["lines"])
    assert_no_personal_data(site, trace["lines"])


def test_the_phone_call_has_another_reference(site: Site, tracer: Tracer):
    """As when the connector and the function form the reference in different ways."""
    call = site.call(analysis_delay=2)
    address = f"{site.keys['SAP_BASE_URL']}{PHONE_CALLS}/{call['sap_phone_call_id']}"
    sign_in = (site.keys["SAP_USERNAME"], site.keys["SAP_PASSWORD"])
    record = site.http.get(address, auth=sign_in, timeout=30).json()["value"]
    site.http.patch(
        address,
        auth=sign_in,
        headers={"If-Match": record["adminData"]["updatedOn"]},
        json={"externalId": {"displayId": call["contact_id"].replace("-", "").upper()}},
        timeout=30,
    ).raise_for_status()
    wait_for(lambda: [line for line in site.log(call["contact_id"]) if line.get("error") == "PhoneCallNotFound"])
    settle(site)
    assert tracer.trace(call["contact_id"])["cause"] == "sap_has_no_record"


def test_an_unknown_contact(tracer: Tracer):
    assert tracer.trace(str(uuid.uuid4()))["cause"] == "contact_unknown"


def test_the_playbook_says_it_in_words(site: Site):
    contact = site.call()["contact_id"]
    assert site.written_transcript(contact) == SUMMARY
    run = site.playbook(f"--extra-vars=contact_id={contact}", name="trace.yml")
    assert (run.status, run.recap["changed"]) == (0, 0), run.output
    assert "Cause: The summary is in SAP." in run.output
    assert_no_personal_data(site, [run.output])


def test_the_playbook_needs_a_contact(site: Site):
    run = site.playbook(name="trace.yml")
    assert run.status != 0 and "Name the contact" in run.output


# Diagnosis


def test_diagnosis_of_a_disabled_rule(site: Site, tracer: Tracer):
    """The playbook, since it also shows the counts and what was changed."""
    with disabled_event_rule(site):
        site.call()
        run = site.playbook(f"--extra-vars=since={ago(30)}", name="diagnose.yml")
    assert (run.status, run.recap["changed"]) == (0, 0), run.output
    assert f"The EventBridge rule {EVENT_RULE} is disabled" in run.output
    assert "First broken link" in run.output and "runs of the function" in run.output
    assert_no_personal_data(site, [run.output])


def test_diagnosis_of_a_healthy_site(site: Site, tracer: Tracer):
    contact = site.call()["contact_id"]
    assert site.written_transcript(contact) == SUMMARY
    settle(site)
    diagnosis = tracer.diagnose(ago(5))
    assert diagnosis["cause"] == "all_in_order", "\n".join(diagnosis["lines"])
    assert diagnosis["problems"] == []
    counts = diagnosis["counts"]
    assert counts["ended"]["VOICE"] >= 1 and counts["analysed"]["VOICE"] >= 1
    assert counts["invocations"] >= 1 and counts["delivered"] >= 1
    assert diagnosis["sap"] == "ok"


@pytest.mark.full
@pytest.mark.parametrize(
    ("breakage", "cause"),
    [
        pytest.param(paused_function, "delivery_paused", id="paused"),
        pytest.param(no_permission, "permission_missing", id="no permission"),
        pytest.param(wrong_password, "sap_refuses_credentials", id="wrong password"),
        pytest.param(contact_lens_off, "contact_lens_disabled", id="Contact Lens off"),
    ],
)
def test_diagnosis_names_the_first_broken_link(site: Site, tracer: Tracer, breakage: Breakage, cause):
    with breakage(site):
        site.call()
        settle(site)
        diagnosis = tracer.diagnose(ago(5))
    assert diagnosis["cause"] == cause, "\n".join(diagnosis["lines"])


@pytest.mark.full
def test_diagnosis_tells_what_was_changed(site: Site, tracer: Tracer):
    with wrong_password(site):
        diagnosis = tracer.diagnose(ago(5))
    changed = [change["what"] for change in diagnosis["changes"]]
    assert f"the secret {SECRET} was changed" in changed
    assert f"the function {FUNCTION} was changed" in changed


def assert_no_personal_data(site: Site, lines: list[str]) -> None:
    text = "\n".join(lines)
    for value in (SUMMARY, CALLER, *site.secrets().values()):
        assert value not in text
