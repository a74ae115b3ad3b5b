# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to summaries when something is down, switched off, lost or late, with and without somebody acting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from .site import CURSOR
from .site import DEAD_LETTERS
from .site import EVENT_RULE
from .site import FUNCTION
from .site import MAINTENANCE
from .site import SUMMARY
from .site import Run
from .site import Site
from .site import wait_for

SCHEDULES = ("poc-summary-redrive", "poc-summary-reconcile")


class Operations:
    """The site as those see it who keep it going."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._sqs, self._ssm = site.client("sqs"), site.client("ssm")
        self._functions = site.client("lambda")
        self._queue = self._sqs.get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"]
        self._front = f"{site.keys['AWS_ENDPOINT_URL']}/_front"
        self._place = {"account": site.account, "region": site.region}

    def settle(self) -> None:
        """Wait until Lambda has given up or succeeded with every event that it took."""
        wait_for(lambda: self._control("GET", f"{self._front}/asynchronous")["pending"] == 0)

    def dead_letters(self) -> list[str]:
        """Return the contacts that wait, without taking anything away."""
        self.settle()
        found = []
        while messages := self._receive():
            found += messages
        for message in found:
            self._sqs.change_message_visibility(
                QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        return [json.loads(message["Body"])["detail"]["contactArn"].rpartition("/")[2] for message in found]

    def empty_queue(self) -> None:
        self.settle()
        while messages := self._receive():
            for message in messages:
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, VisibilityTimeout=60)
        return answer.get("Messages", [])

    def let_time_pass(self, seconds: int | None = None) -> list[dict[str, Any]]:
        """Fire the schedules of that time, or each of them once; return what was fired."""
        advance = {} if seconds is None else {"advance": seconds}
        fired = self._control("POST", f"{self._front}/schedules", {**self._place, **advance})["fired"]
        self.settle()
        return [item for item in fired if item["rule"] in SCHEDULES]

    def alarms(self) -> dict[str, str]:
        states = self._control("POST", f"{self._front}/alarms", self._place)["alarms"]
        return {alarm["name"]: alarm["state"] for alarm in states}

    def function_faults(self, faults: dict[str, Any] | None) -> None:
        self._control("POST", f"{self._front}/settings", {"function_faults": faults})

    def emulator(self, **settings: Any) -> None:
        self._control("POST", f"{self.site.keys['CONNECT_EMULATOR_URL']}/_emulator/settings", settings)

    @contextmanager
    def sap_down(self) -> Iterator[None]:
        """SAP answers as during its maintenance."""
        address = f"{self.site.keys['SAP_BASE_URL']}/_standin/faults"
        fault = {"operation": "*", "status": 503, "retry_after": 3600, "times": 100_000}
        self._control("POST", address, fault)
        try:
            yield
        finally:
            self._control("DELETE", address)

    @contextmanager
    def events_lost(self) -> Iterator[None]:
        """EventBridge gets none of the events: Amazon Connect's delivery is best effort."""
        self.emulator(lost_events={"share": 1.0, "seed": 7})
        try:
            yield
        finally:
            self.emulator(lost_events=[])

    def set_cursor(self, moment: datetime, without_summary: int = 0) -> None:
        """Say how far reconciliation has come, so that calls of other tests are nobody's business."""
        value = json.dumps({"cursor": moment.isoformat(), "without_summary": without_summary})
        self._ssm.put_parameter(Name=CURSOR, Value=value, Type="String", Overwrite=True)

    def cursor(self) -> dict[str, Any]:
        return json.loads(self._ssm.get_parameter(Name=CURSOR)["Parameter"]["Value"])

    def forget_cursor(self) -> None:
        """Let reconciliation begin anew, as on a new site: what these calls lacked is not for a later run to send."""
        self._ssm.delete_parameter(Name=CURSOR)

    @contextmanager
    def variables(self, **changes: str) -> Iterator[None]:
        """Change the maintenance function's environment for a while."""
        before = self._functions.get_function_configuration(FunctionName=MAINTENANCE)["Environment"]["Variables"]
        self._set_variables({**before, **changes})
        try:
            yield
        finally:
            self._set_variables(before)

    def _set_variables(self, variables: dict[str, str]) -> None:
        self._functions.update_function_configuration(FunctionName=MAINTENANCE, Environment={"Variables": variables})
        waiter = self._functions.get_waiter("function_updated_v2")
        waiter.wait(FunctionName=MAINTENANCE, WaiterConfig={"Delay": 1})

    def maintain(self, **request: Any) -> dict[str, Any]:
        """Ask the maintenance function itself."""
        answer = self._functions.invoke(FunctionName=MAINTENANCE, Payload=json.dumps(request).encode())
        document = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, document
        return document

    def schedules_enabled(self) -> dict[str, bool]:
        events = self.site.client("events")
        return {name: events.describe_rule(Name=name)["State"] == "ENABLED" for name in SCHEDULES}

    def reserved(self) -> int | None:
        answer = self._functions.get_function_concurrency(FunctionName=FUNCTION)
        return answer.get("ReservedConcurrentExecutions")

    def _control(self, method: str, address: str, body: Any = None) -> Any:
        answer = self.site.http.request(method, address, json=body, timeout=120)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def operations(site: Site) -> Iterator[Operations]:
    """Everything in order and nothing waiting, before a test and after it."""
    made = Operations(site)
    made.empty_queue()
    made.set_cursor(datetime.now(UTC))
    yield made
    made.empty_queue()
    made.forget_cursor()


def counts_of(run: Run) -> str:
    """Return the line with the counts of a playbook's report."""
    lines = [line.strip().strip('",') for line in run.output.splitlines()]
    (found,) = [line.rpartition("Counts: ")[2] for line in lines if "Counts: " in line]
    return found


def test_two_hours_without_sap_and_nobody_acting(site, operations):
    """Every summary waits, and when SAP is back the schedule alone brings all of them there."""
    contacts = []
    with operations.sap_down():
        for _half in range(2):
            contacts += [site.call()["contact_id"] for _unused in range(2)]
            assert sorted(operations.dead_letters()) == sorted(contacts)
            fired = operations.let_time_pass(3600)
            assert {(item["rule"], item["status"]) for item in fired} == {(name, "delivered") for name in SCHEDULES}
            assert len(fired) == 8
        assert sorted(operations.dead_letters()) == sorted(contacts)
        assert {site.transcript(contact) for contact in contacts} == {None}
    operations.let_time_pass(900)
    assert operations.dead_letters() == []
    assert [site.transcript(contact) for contact in contacts] == [SUMMARY] * 4
    assert [len(site.updates(contact)) for contact in contacts] == [1] * 4


def test_an_event_that_was_lost_is_found(site, operations):
    """Nobody retries what never came: only the comparison with SAP finds it."""
    began = datetime.fromisoformat(operations.cursor()["cursor"])
    with operations.events_lost():
        contact = site.call()["contact_id"]
    delivered = site.call()["contact_id"]
    assert site.written_transcript(delivered) == SUMMARY
    operations.settle()
    assert (site.transcript(contact), operations.dead_letters()) == (None, [])
    operations.let_time_pass()
    assert site.transcript(contact) is None, "A file is left to its own event for a while"
    with operations.variables(SETTLE_MINUTES="0"):
        wait_for(lambda: operations.let_time_pass() and site.transcript(contact))
        assert datetime.fromisoformat(operations.cursor()["cursor"]) > began
        assert operations.maintain(action="reconcile")["counts"]["sent"] == 0
    assert site.transcript(contact) == SUMMARY
    assert (len(site.updates(contact)), len(site.updates(delivered))) == (1, 1)


def test_pause_redrive_by_filter_and_resume(site, operations):
    """Nothing reaches SAP during its maintenance; afterwards everything that waited does, and the schedules go on."""
    assert operations.schedules_enabled() == dict.fromkeys(SCHEDULES, True)
    paused = site.playbook(name="pause.yml")
    assert paused.status == 0, paused.output
    try:
        assert (operations.reserved(), operations.schedules_enabled()) == (0, dict.fromkeys(SCHEDULES, False))
        first, second = (site.call()["contact_id"] for _unused in range(2))
        assert sorted(operations.dead_letters()) == sorted([first, second])
        refused = site.playbook(name="redrive.yml")
        assert refused.status != 0 and "the delivery is paused (DeliveryPaused)" in refused.output

        plan = site.playbook("--check", f"--extra-vars=contact_ids={first}", name="redrive.yml")
        assert plan.status == 0, plan.output
        assert counts_of(plan) == "2 received, 1 would send, 1 not matching, 2 left"
        assert first in plan.output and second not in plan.output
        assert sorted(operations.dead_letters()) == sorted([first, second])
    finally:
        resumed = site.playbook(name="resume.yml")
    assert resumed.status == 0, resumed.output
    assert counts_of(resumed) == "2 received, 2 delivered"
    assert (operations.reserved(), operations.schedules_enabled()) == (None, dict.fromkeys(SCHEDULES, True))
    assert operations.dead_letters() == []
    assert [site.transcript(contact) for contact in (first, second)] == [SUMMARY] * 2
    assert "+447700900123" not in paused.output + plan.output + resumed.output


def test_an_existing_centre_is_switched_on(site, operations):
    """Calls from before the consent stay as they are; the others get their summaries, with a break in between."""
    # Days on which no other test of this site lets calls happen.
    now = datetime.now(UTC) - timedelta(days=3)
    consent = now - timedelta(hours=5)
    site.client("events").disable_rule(Name=EVENT_RULE)
    try:
        hours = (6, 4, 3, 2)
        calls = [site.call(started_at=(now - timedelta(hours=age)).isoformat())["contact_id"] for age in hours]
    finally:
        site.client("events").enable_rule(Name=EVENT_RULE)
    after = calls[1:]
    period = [
        f"--extra-vars=start={(now - timedelta(hours=7)).isoformat()}",
        f"--extra-vars=end={(now - timedelta(hours=1)).isoformat()}",
    ]
    mistaken = site.playbook(*period, "--extra-vars=dry_run=true", name="backfill.yml")
    assert mistaken.status != 0 and "has no option dry_run, only start, end" in mistaken.output
    unsaid = site.playbook(*period, name="backfill.yml")
    assert unsaid.status != 0 and "Give not_before, as in" in unsaid.output

    period.append(f"--extra-vars=not_before={consent.isoformat()}")
    plan = site.playbook("--check", *period, name="backfill.yml")
    assert plan.status == 0, plan.output
    assert counts_of(plan) == "3 contacts, 3 would send"
    assert {site.transcript(contact) for contact in calls} == {None}

    begun = site.playbook(*period, "--extra-vars=maximum=1", name="backfill.yml")
    assert counts_of(begun) == "1 contacts, 1 sent"
    operations.settle()
    assert [site.transcript(contact) for contact in after].count(SUMMARY) == 1
    (token,) = [word for word in begun.output.split() if word.startswith("go_on_from=")]
    ended = site.playbook(*period, f"--extra-vars={token.strip(chr(34) + ',')}", name="backfill.yml")
    assert ended.status == 0, ended.output
    assert counts_of(ended) == "2 contacts, 2 sent"
    operations.settle()
    assert [site.transcript(contact) for contact in calls] == [None, SUMMARY, SUMMARY, SUMMARY]


@pytest.mark.full
def test_silence_raises_an_alarm(site, operations):
    """Contact Lens that analyses nothing makes no error anywhere."""
    operations.set_cursor(datetime.now(UTC) - timedelta(seconds=2), without_summary=3)
    for _unused in range(2):
        site.call(analysis_failure="RECORDING_FILE_EMPTY")
    with operations.variables(SETTLE_MINUTES="0"):
        wait_for(lambda: operations.let_time_pass() and operations.cursor()["without_summary"] == 5)
        assert operations.alarms()["poc-summary-silence"] == "ALARM"


@pytest.mark.full
def test_a_redrive_that_is_killed_loses_nothing(site, operations):
    """At any moment: what was not deleted comes back."""
    with operations.sap_down():
        contacts = [site.call()["contact_id"] for _unused in range(3)]
        operations.settle()
    operations.function_faults({"share": 0.6, "kinds": ["kill"], "seed": 3, "function": MAINTENANCE, "within": 1})
    try:
        for _unused in range(4):
            operations.let_time_pass(1800)
    finally:
        operations.function_faults(None)
    operations.let_time_pass(1800)
    assert operations.dead_letters() == []
    assert [site.transcript(contact) for contact in contacts] == [SUMMARY] * 3


@pytest.mark.full
def test_what_inspect_and_probe_tell_of_a_deployed_site(site, operations):
    with operations.sap_down():
        contact = site.call()["contact_id"]
        assert operations.dead_letters() == [contact]
        assert operations.maintain(action="probe")["sap"] == {"state": "error", "error": "SapUnavailable"}
    (item,) = operations.maintain(action="inspect", contact_ids=[contact])["contacts"]
    assert (item["outcome"], item["sap"]["state"], item["analysis"]["summary"]) == ("write", "found", "present")
    assert [letter["reason"] for letter in item["dead_letters"]["messages"]] == ["SapUnavailable"]
    probe = operations.maintain(action="probe")
    assert {step["state"] for step in probe["steps"]} == {"ok"}
    assert probe["dead_letters"]["count"] == 1
    assert SUMMARY not in json.dumps([item, probe])
