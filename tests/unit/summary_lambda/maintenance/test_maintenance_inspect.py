# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What inspect and probe tell: everything about the way, nothing about the people."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from maintenance_fakes import INSTANCE_ARN
from maintenance_fakes import NOW
from maintenance_fakes import SUMMARY
from summary_lambda import errors

from tests.unit.harness import ServiceError


def inspect_one(run, contact_id, **options):
    (item,) = run("inspect", contact_ids=[contact_id], **options)["contacts"]
    return item


def test_a_contact_whose_summary_is_missing(world, run):
    contact = world.contact(1)
    world.letter(world.event(contact))
    world.letter(world.event(world.contact(2)), form="rule")
    item = inspect_one(run, contact)
    key = f"Analysis/Voice/2026/03/10/{contact}_analysis_2026-03-10T14:28:00Z.json"
    assert item == {
        "contact_id": contact,
        "outcome": "write",
        "reason": None,
        "contact": {
            "state": "found",
            "error": None,
            "channel": "VOICE",
            "initiated_at": "2026-03-10T14:27:00Z",
            "connected_at": "2026-03-10T14:28:00Z",
            "disconnected_at": "2026-03-10T14:30:00Z",
            "instance_arn": INSTANCE_ARN,
        },
        "analysis": {
            "state": "found",
            "error": None,
            "files": [key],
            "modified_at": "2026-03-10T14:35:00Z",
            "job_status": "COMPLETED",
            "summary": "present",
            "reason": None,
            "characters": len(SUMMARY),
        },
        "sap": {
            "error": None,
            "state": "found",
            "matches": 1,
            "records": [
                {
                    "id": f"call-{contact[:8]}",
                    "status": "open",
                    "created_at": "2026-03-10T14:35:00.001Z",
                    "updated_at": "2026-03-10T14:35:00.001Z",
                    "characters": 0,
                    "transcript": "empty",
                }
            ],
            "transcript": "empty",
            "updated_at": "2026-03-10T14:35:00.001Z",
            "would": "write",
        },
        "dead_letters": {
            "state": "found",
            "error": None,
            "looked_at": 2,
            "complete": True,
            "messages": [
                {
                    "from": "function",
                    "event": "post_call",
                    "reason": "SapUnavailable",
                    "message": "SapUnavailable: SAP answered 503 to a GET",
                    "sent_at": "2026-03-10T14:40:00Z",
                    "receives": 1,
                }
            ],
        },
    }
    assert len(world.visible()) == 2
    assert world.sent == world.invoked == []


@pytest.mark.parametrize(
    ("record", "transcript", "would"),
    [
        (SUMMARY, "same", "same"),
        (f"Called back.\n\n{SUMMARY}", "contains", "same"),
        ("Called back.", "other", "keep"),
        ("", "empty", "write"),
    ],
)
def test_what_sap_holds_without_a_word_of_it(world, run, record, transcript, would):
    contact = world.contact(1, record=record)
    answer = run("inspect", contact_ids=[contact], environment={"transcript_mode": "only_if_empty"})
    (item,) = answer["contacts"]
    assert (item["sap"]["transcript"], item["sap"]["would"], item["outcome"]) == (transcript, would, would)
    assert item["sap"]["records"][0]["characters"] == len(record)
    assert "Grace" not in json.dumps(answer) and "Called" not in json.dumps(answer)


def test_a_transcript_that_lists_leave_out_is_seen(world, run):
    world.phones.lists_hide = True
    item = inspect_one(run, world.contact(1, record=SUMMARY))
    assert (item["sap"]["transcript"], item["sap"]["would"]) == ("same", "same")


def test_each_place_has_its_own_error(world, run):
    contact = world.contact(1)
    world.phones.error = errors.SapUnauthorized("SAP refused to sign in")
    world.service.fail("ReceiveMessage", "AWS.SimpleQueueService.NonExistentQueue")
    world.service.on("GetObject", ServiceError("AccessDenied", status=403))
    item = inspect_one(run, contact)
    assert [(item[part]["state"], item[part]["error"]) for part in ("contact", "analysis", "sap", "dead_letters")] == [
        ("found", None),
        ("error", "AwsRefused"),
        ("error", "SapUnauthorized"),
        ("error", "AwsRefused"),
    ]
    assert (item["outcome"], item["reason"]) == ("none", "AwsRefused")


def test_a_contact_that_there_is_not(world, run):
    item = inspect_one(run, "0f1e2d3c-4b5a-4697-8899-aabbccddeeff")
    states = {part: item[part]["state"] for part in ("contact", "analysis", "sap", "dead_letters")}
    assert states == {"contact": "unknown", "analysis": "not_asked", "sap": "absent", "dead_letters": "none"}


@pytest.mark.parametrize(
    ("changes", "state", "summary", "reason"),
    [
        ({"file": False}, "absent", None, None),
        ({"document": {"JobStatus": "FAILED"}}, "found", "failed", "ANALYSIS_FAILED"),
        ({"summary": None}, "found", "skipped", "SUMMARY_OFF"),
        ({"summary": None, "ended": NOW - timedelta(minutes=10)}, "found", "missing", None),
        ({"document": []}, "found", "failed", "AnalysisInvalid"),
    ],
)
def test_where_the_summary_ends(world, run, monkeypatch, changes, state, summary, reason):
    from summary_lambda import text

    monkeypatch.setattr(text, "datetime", type("Clock", (), {"now": staticmethod(lambda _zone: NOW)}))
    analysis = inspect_one(run, world.contact(1, **changes))["analysis"]
    assert (analysis["state"], analysis.get("summary"), analysis.get("reason")) == (state, summary, reason)


def test_a_probe_that_finds_everything_in_order(world, run):
    world.parameter = json.dumps({"cursor": NOW.isoformat(), "without_summary": 2})
    world.letter(world.event(world.contact(1)))
    world.letter(world.event(world.contact(2)), form="rule", age=timedelta(hours=3))
    answer = run("probe")
    assert [(step["step"], step["state"]) for step in answer["steps"]] == [
        ("settings", "ok"),
        ("sign_in", "ok"),
        ("list", "ok"),
        ("queue", "ok"),
        ("cursor", "ok"),
    ]
    assert answer["sap"] == {"state": "ok", "error": None}
    assert (answer["cursor"], answer["without_summary"]) == ("2026-03-10T15:00:00Z", 2)
    assert answer["dead_letters"] == {
        "state": "ok",
        "count": 2,
        "oldest_at": "2026-03-10T12:00:00Z",
        "reasons": {"SapUnavailable": 1, "NO_PERMISSIONS": 1},
        "complete": True,
    }
    assert len(world.visible()) == 2


@pytest.mark.parametrize(
    ("error", "states"),
    [
        (errors.SapUnauthorized("no"), ["ok", "error", "not_asked"]),
        (errors.SapUnavailable("503"), ["ok", "not_asked", "error"]),
        (errors.SapRefused("404"), ["ok", "not_asked", "error"]),
    ],
)
def test_a_probe_says_which_step_fails(world, run, error, states):
    world.phones.error = error
    answer = run("probe")
    assert [step["state"] for step in answer["steps"][:3]] == states
    assert answer["sap"] == {"state": "error", "error": type(error).__name__}
    assert answer["dead_letters"]["count"] == 0 and answer["cursor"] is None
