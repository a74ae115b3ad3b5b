# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Analysis files and summaries that come late (connect-api 12.2 and 12.3)."""

from __future__ import annotations

import pytest

from .call_site import BUCKET
from .call_site import CallSite
from .call_site import record
from .call_site import to_queue


@pytest.fixture
def site(emulator, connect, instance):
    site = CallSite(emulator, connect, instance)
    site.deploy(record(), *to_queue(site.queue_arn))
    site.add_rule()
    site.functions.allow()
    site.events.add_rule()
    return site


def wait(site, seconds):
    """Let the emulator's time pass, and what is due happen."""
    site.emulator.advance(seconds)
    site.emulator.control_answer("GET", "settings", None)


def analyses(site):
    return [key for bucket, key in site.emulator.objects if bucket == BUCKET and key.startswith("Analysis/")]


def test_the_analysis_comes_later(site):
    answer = site.call(analysis_delay=60)
    assert (answer["files"], answer["events"], analyses(site)) == ([], [], [])
    wait(site, 59)
    assert analyses(site) == []
    wait(site, 2)
    assert len(analyses(site)) == 1
    assert len(site.functions.invocations) == 1


def test_the_file_comes_after_its_event(site):
    answer = site.call(file_delay=30)
    assert len(site.functions.invocations) == 1
    assert analyses(site) == []
    wait(site, 31)
    assert analyses(site) == [site.analysis_key(answer)]


def test_the_summary_comes_after_the_file(site):
    answer = site.call(file_delay=10, summary_delay=30)
    wait(site, 11)
    document = site.stored(site.analysis_key(answer))
    assert "ContactSummary" not in document["ConversationCharacteristics"]
    assert "JobDetails" not in document
    wait(site, 30)
    document = site.stored(site.analysis_key(answer))
    assert document["ConversationCharacteristics"]["ContactSummary"]["PostContactSummary"]["Content"]


def test_the_reason_why_there_is_no_summary_comes_late_too(site):
    answer = site.call(summary=None, summary_delay=30)
    assert "JobDetails" not in site.stored(site.analysis_key(answer))
    wait(site, 31)
    assert site.stored(site.analysis_key(answer))["JobDetails"]["SkippedAnalysis"]


@pytest.mark.parametrize("name", ["analysis_delay", "file_delay", "summary_delay"])
def test_a_delay_is_a_number_of_seconds(site, name):
    assert site.try_call(**{name: "late"})[0] == 400
