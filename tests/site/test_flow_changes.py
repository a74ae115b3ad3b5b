# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deployed flow, edited with AWS CLI: the next call's contact, files and event follow."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from .site import CALLER
from .site import SUMMARY
from .site import Site

Document = dict[str, Any]


class Flow:
    """The main flow: its published document, and how somebody publishes another one by hand."""

    def __init__(self, site: Site) -> None:
        self._site = site
        flows = site.connect("list-contact-flows")["ContactFlowSummaryList"]
        (self._id,) = [flow["Id"] for flow in flows if flow["Name"] == "1 - MainFlow"]
        self.text = site.connect("describe-contact-flow", contact_flow_id=self._id)["ContactFlow"]["Content"]

    def edit(self, change: Callable[[Document, dict[str, Document]], None]) -> None:
        """Publish the original with a change; ``change`` gets the document and its actions by identifier."""
        document = deepcopy(json.loads(self.text))
        change(document, {action["Identifier"]: action for action in document["Actions"]})
        self.publish(json.dumps(document))

    def publish(self, text: str) -> None:
        self._site.connect("update-contact-flow-content", contact_flow_id=self._id, content=text)


@pytest.fixture
def flow(site: Site) -> Iterator[Flow]:
    """The main flow, put back at the end."""
    found = Flow(site)
    yield found
    found.publish(found.text)


def contact_of(site: Site, contact_id: str) -> dict[str, Any]:
    return site.connect("describe-contact", contact_id=contact_id)["Contact"]


def analysis_of(site: Site, contact_id: str) -> list[str]:
    return [key for key in site.keys_with(contact_id) if key.startswith("Analysis/")]


def test_analysis_off(site, flow):
    """A recording, but no analysis, no event, no invocation, and SAP's record stays without transcript."""

    def turn_off(document: Document, actions: dict[str, Document]) -> None:
        actions["record"]["Parameters"]["AnalyticsBehavior"] = {"Enabled": "False"}

    before = site.call()
    assert len(analysis_of(site, before["contact_id"])) == 1
    assert site.written_transcript(before["contact_id"]) == SUMMARY

    flow.edit(turn_off)
    call = site.call()
    assert contact_of(site, call["contact_id"])["AgentInfo"]
    assert [key.rpartition(".")[2] for key in site.keys_with(call["contact_id"])] == ["wav"]
    assert (call["matched_rules"], call["events"], call["deliveries"]) == ([], [], [])

    # A later call that is analysed again has its summary: the earlier one had the time for it.
    flow.publish(flow.text)
    after = site.call()
    assert site.written_transcript(after["contact_id"]) == SUMMARY
    assert site.phone_call(call["contact_id"])
    assert site.transcript(call["contact_id"]) is None
    assert site.log(call["contact_id"]) == []


@pytest.fixture
def second_queue(site: Site) -> Iterator[dict[str, str]]:
    """Another queue, which the agent serves."""
    (hours,) = site.connect("list-hours-of-operations")["HoursOfOperationSummaryList"]
    profiles = site.connect("list-routing-profiles")["RoutingProfileSummaryList"]
    (profile,) = [item["Id"] for item in profiles if item["Name"] == "Basic Routing Profile"]
    queue = site.connect("create-queue", name="Second queue", hours_of_operation_id=hours["Id"])
    reference = {"QueueId": queue["QueueId"], "Channel": "VOICE"}
    site.connect(
        "associate-routing-profile-queues",
        routing_profile_id=profile,
        queue_configs=[{"QueueReference": reference, "Priority": 1, "Delay": 0}],
    )
    yield queue
    site.connect("disassociate-routing-profile-queues", routing_profile_id=profile, queue_references=[reference])
    site.connect("delete-queue", queue_id=queue["QueueId"])


def test_other_queue(site, second_queue, flow):
    """The contact waits in the other queue; it is analysed, but the rule is for BasicQueue: no event."""

    def change_queue(document: Document, actions: dict[str, Document]) -> None:
        actions["set-queue"]["Parameters"]["QueueId"] = second_queue["QueueArn"]

    flow.edit(change_queue)
    call = site.call()
    assert (call["queue"], call["agent"]) == ("Second queue", "agent")
    assert contact_of(site, call["contact_id"])["QueueInfo"]["Id"] == second_queue["QueueId"]
    (key,) = analysis_of(site, call["contact_id"])
    analysis = site.aws("s3", "cp", f"s3://{site.recordings_bucket}/{key}", "-")
    assert analysis["Categories"]["MatchedCategories"] == []
    assert (call["matched_rules"], call["events"]) == ([], [])
    assert site.transcript(call["contact_id"]) is None


def test_extra_branch(site, flow):
    """Callers from the United Kingdom get an attribute more; all others go the old way; both have their event."""

    def branch(document: Document, actions: dict[str, Document]) -> None:
        actions["set-queue"]["Identifier"] = "set-queue-after-branch"
        rest = "set-queue-after-branch"
        document["Actions"] += [
            {
                "Identifier": "set-queue",
                "Type": "Compare",
                "Parameters": {"ComparisonValue": "$.CustomerEndpoint.Address"},
                "Transitions": {
                    "NextAction": rest,
                    "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": rest}],
                    "Conditions": [
                        {
                            "NextAction": "note-country",
                            "Condition": {"Operator": "TextStartsWith", "Operands": ["+44"]},
                        }
                    ],
                },
            },
            {
                "Identifier": "note-country",
                "Type": "UpdateContactAttributes",
                "Parameters": {"Attributes": {"Country": "GB"}, "TargetContact": "Current"},
                "Transitions": {
                    "NextAction": rest,
                    "Errors": [{"ErrorType": "NoMatchingError", "NextAction": rest}],
                    "Conditions": [],
                },
            },
        ]

    flow.edit(branch)
    british, american = site.call(caller=CALLER), site.call(caller="+12025550123")
    assert "note-country" in british["path"] and "note-country" not in american["path"]
    for call, country in ((british, {"Country": "GB"}), (american, {})):
        attributes = site.connect("get-contact-attributes", initial_contact_id=call["contact_id"])["Attributes"]
        assert attributes == {"Channel": "VOICE", "ANI": attributes["ANI"], **country}
        assert len(analysis_of(site, call["contact_id"])) == 1
        (event,) = call["events"]
        assert event["detail"]["contactArn"].endswith(call["contact_id"])
        assert site.written_transcript(call["contact_id"]) == SUMMARY


def test_disconnect_first(site, flow):
    """The flow hangs up at once: no queue, no agent, no file, no event, nothing in SAP."""

    def hang_up(document: Document, actions: dict[str, Document]) -> None:
        document["StartAction"] = "hang-up"
        document["Actions"] = [actions["hang-up"]]

    flow.edit(hang_up)
    call = site.call()
    assert call["path"] == ["hang-up"]
    contact = contact_of(site, call["contact_id"])
    assert contact["DisconnectReason"] == "CONTACT_FLOW_DISCONNECT"
    assert not {"QueueInfo", "AgentInfo"} & contact.keys()
    assert site.keys_with(call["contact_id"]) == []
    assert (call["matched_rules"], call["events"]) == ([], [])
    assert site.phone_call(call["contact_id"]) is None


def test_a_flow_that_is_not_valid_changes_nothing(site, flow):
    """Amazon Connect refuses it, and the next call goes the old way."""
    with pytest.raises(AssertionError, match="InvalidContactFlowException"):
        flow.edit(lambda document, actions: document.update(StartAction="nowhere"))
    assert site.call()["agent"] == "agent"
