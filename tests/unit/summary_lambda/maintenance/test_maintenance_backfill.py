# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The days before: what SAP has not is sent, what must not be sent is left alone, and a run can end anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from maintenance_fakes import NOW
from maintenance_fakes import SUMMARY
from maintenance_fakes import Killed
from summary_lambda import errors
from summary_lambda.maintenance.errors import MaintenanceRequestInvalid

PERIOD = ("2026-03-01", "2026-03-11")


def counted(answer):
    return {name: number for name, number in answer["counts"].items() if number}


def sent(world):
    return [event["detail"]["contactArn"].rpartition("/")[2] for event in world.sent]


def test_what_sap_has_not_is_sent(world, run):
    old = world.contact(1, ended=NOW - timedelta(days=5))
    world.contact(2, ended=NOW - timedelta(days=4), record=SUMMARY)
    today = world.contact(3)
    world.contact(4, ended=NOW - timedelta(days=20))
    answer = run("backfill", period=PERIOD, not_before="2026-01-01")
    assert sent(world) == [old, today]
    assert {event["detail"]["reason"] for event in world.sent} == {"backfill"}
    assert counted(answer) == {"contacts": 3, "same": 1, "sent": 2}
    assert (answer["next"], world.parameter) == (None, None)


@pytest.mark.parametrize("missing", ["from", "to", "not_before"])
def test_the_period_and_not_before_are_mandatory(run, missing):
    request = {"from": "2026-03-01", "to": "2026-03-11", "not_before": "2026-03-01"}
    del request[missing]
    with pytest.raises(MaintenanceRequestInvalid, match=f"backfill needs {missing}"):
        run("backfill", **request)


def test_calls_from_before_consent_are_left_alone(world, run):
    """Also one that began before and was answered after."""
    moment = NOW - timedelta(days=2)
    world.contact(1, ended=moment - timedelta(minutes=5))
    begun_before = world.contact(2, ended=moment + timedelta(minutes=2, seconds=30))
    after = world.contact(3, ended=moment + timedelta(minutes=10))
    answer = run("backfill", period=PERIOD, not_before=moment.isoformat())
    assert sent(world) == [after]
    assert counted(answer) == {"contacts": 2, "before": 1, "sent": 1}
    assert begun_before not in [item["contact_id"] for item in answer["contacts"]]


def test_the_inventory_s_not_before_counts_as_well(world, run):
    world.contact(1, ended=NOW - timedelta(days=5))
    answer = run("backfill", period=PERIOD, not_before="2026-01-01", variables={"NOT_BEFORE": "2026-03-09"})
    assert counted(answer) == {"contacts": 1, "before": 1}


def test_the_period_ends_before_to(world, run):
    contact = world.contact(1)
    connected = (NOW - timedelta(minutes=32)).isoformat()
    assert counted(run("backfill", period=("2026-03-01", connected), not_before="2026-01-01")) == {}
    assert counted(run("backfill", period=(connected, "2026-03-11"), not_before="2026-01-01"))["sent"] == 1
    assert sent(world) == [contact]


def test_calls_without_a_record_in_sap_are_listed_and_not_sent(world, run):
    """From before the connector: each would only become a dead letter."""
    contact = world.contact(1, record=None)
    answer = run("backfill", period=PERIOD, not_before="2026-01-01")
    assert (world.sent, counted(answer)) == ([], {"contacts": 1, "no_record": 1})
    assert [item["contact_id"] for item in answer["contacts"]] == [contact]


def test_it_ends_at_the_number_and_goes_on_from_there(world, run):
    contacts = [world.contact(number, ended=NOW - timedelta(days=3 - number // 2)) for number in range(8)]
    answers = [run("backfill", period=PERIOD, not_before="2026-01-01", maximum=3)]
    while answers[-1]["next"]:
        answers.append(run("backfill", period=PERIOD, not_before="2026-01-01", maximum=3, next=answers[-1]["next"]))
    assert [answer["counts"]["sent"] for answer in answers] == [3, 3, 2]
    assert sorted(sent(world)) == contacts


def test_time_that_runs_out_is_no_loss(world, run):
    contacts = [world.contact(number) for number in range(9)]
    answer = run("backfill", period=PERIOD, not_before="2026-01-01", rate=1, seconds=3)
    assert 1 < len(world.sent) < 9
    while answer["next"]:
        answer = run("backfill", period=PERIOD, not_before="2026-01-01", rate=1, seconds=3, next=answer["next"])
    assert sent(world) == contacts


def test_a_dry_run_counts_what_it_would_send(world, run):
    world.concurrency = 0
    for number in range(3):
        world.contact(number)
    answer = run("backfill", period=PERIOD, not_before="2026-01-01", dry_run=True)
    assert (counted(answer), world.sent) == ({"contacts": 3, "would_send": 3}, [])


def test_a_sap_that_is_down_stops_it_at_the_contact(world, run):
    contacts = [world.contact(number) for number in range(3)]
    world.phones.error = errors.SapUnavailable("503")
    answer = run("backfill", period=PERIOD, not_before="2026-01-01")
    assert (answer["stopped"], counted(answer), len(world.phones.asked)) == ("SapDown", {}, 2)
    world.phones.error = None
    assert run("backfill", period=PERIOD, not_before="2026-01-01", next=answer["next"])["next"] is None
    assert sent(world) == contacts


def test_a_pause_keeps_the_position(world, run):
    world.concurrency = 0
    answer = run("backfill", period=PERIOD, not_before="2026-01-01")
    assert answer["stopped"] == "DeliveryPaused"
    world.concurrency = None
    contact = world.contact(1)
    run("backfill", period=PERIOD, not_before="2026-01-01", next=answer["next"])
    assert sent(world) == [contact]


def test_a_period_that_ends_before_it_begins_is_refused(run):
    with pytest.raises(MaintenanceRequestInvalid, match="the end of the period is not after its start"):
        run("backfill", period=("2026-03-02", "2026-03-01"), not_before="2026-01-01")


def test_killed_anywhere_and_begun_again_everything_is_sent(world, run):
    total, step = None, 0
    while total is None or step < total:
        for carried_out in (False, True):
            world.begin()
            contacts = [world.contact(number) for number in range(3)]
            world.kill = (step, carried_out) if total is not None else None
            try:
                run("backfill", period=("2026-03-09", "2026-03-11"), not_before="2026-01-01")
            except Killed:
                assert world.kill
            total = total or len(world.steps)
            world.kill, world.dead = None, False
            world.later(hours=1)
            run("backfill", period=("2026-03-09", "2026-03-11"), not_before="2026-01-01")
            assert [world.phones.transcripts[contact] for contact in contacts] == [SUMMARY] * 3
            assert len(world.sent) == 3
        step += 1
    assert step > 15
