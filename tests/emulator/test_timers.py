# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that wait for the emulator's clock."""

from __future__ import annotations

import asyncio

import pytest

from tests.local_cloud.connect_emulator import timers
from tests.local_cloud.connect_emulator.state import EMULATOR


@pytest.fixture
def schedule(emulator, connect, instance):
    """Return a function that schedules a step, and the names of the steps that have run."""
    owner = next(item for region in EMULATOR.regions.values() for item in region.instances.values())
    ran = []

    def schedule(name, seconds, error=None):
        async def step():
            ran.append(name)
            if error:
                raise error

        return timers.schedule(owner, seconds, step)

    return schedule, ran


def test_steps_run_once_in_the_order_of_their_times(emulator, schedule):
    later, ran = schedule
    later("third", 20)
    later("first", 10)
    later("second", 10)
    emulator.control("GET", "settings")
    assert ran == []
    emulator.advance(10)
    emulator.control("GET", "settings")
    assert ran == ["first", "second"]
    emulator.advance(10)
    emulator.control("GET", "settings")
    emulator.control("GET", "settings")
    assert ran == ["first", "second", "third"]


def test_requests_to_the_service_run_them_too(emulator, connect, instance, schedule):
    later, ran = schedule
    later("due", 0)
    connect.list_queues(InstanceId=instance)
    assert ran == ["due"]


def test_a_step_that_fails_hinders_no_other(emulator, schedule):
    later, ran = schedule
    later("broken", 0, ZeroDivisionError())
    later("next", 0)
    emulator.control("GET", "settings")
    assert ran == ["broken", "next"]


def test_a_cancelled_step_never_runs(emulator, schedule):
    later, ran = schedule
    later("cancelled", 0).cancel()
    emulator.control("GET", "settings")
    assert ran == []


def test_steps_are_forgotten_with_the_instance(emulator, schedule):
    later, ran = schedule
    later("due", 0)
    emulator.control("POST", "reset", {})
    emulator.control("GET", "settings")
    assert ran == []


def test_a_process_that_lives_on_runs_them_without_a_request(emulator, schedule):
    later, ran = schedule
    later("due", 0)

    async def wait():
        timers.keep_running()
        await asyncio.sleep(0.01)

    asyncio.run(wait())
    assert ran == ["due"]
