# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main flow, rendered with every combination of its settings."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import jinja2
import pytest
import yaml

from tests.local_cloud.connect_emulator.flow_language.validator import find_problems

ROOT = Path(__file__).parents[2]
DEFAULTS = yaml.safe_load((ROOT / "roles/connect_instance/vars/main.yml").read_text())[
    "__connect_instance_flow_settings"
]
QUEUE_ARN = (
    "arn:aws:connect:eu-west-2:111122223333:instance/11111111-1111-4111-8111-111111111111"
    "/queue/22222222-2222-4222-8222-222222222222"
)
CHOICES = {
    "recording_consent": ["none", "announce", "opt_in"],
    "analytics": ["none", "post_contact", "real_time"],
    "redaction": ["none", "redacted_and_original", "redacted_only"],
    "summary_enabled": [True, False],
    "voice": ["", "Amy"],
    "reference_menu_enabled": [True, False],
    "input_logging_enabled": [True, False],
}
# As Ansible sets up Jinja
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "files/contact_flows"), trim_blocks=True, undefined=jinja2.StrictUndefined
)
ENVIRONMENT.filters["to_json"] = json.dumps
COMBINATIONS = [dict(zip(CHOICES, values, strict=True)) for values in itertools.product(*CHOICES.values())]
REFERENCES = {"CustomerUUID", "TicketID", "Serial"}


def render(**settings):
    """Return the flow document as the role renders it."""
    template = ENVIRONMENT.get_template("main_flow.json.j2")
    return json.loads(template.render(flow={**DEFAULTS, "queue_arn": QUEUE_ARN, **settings}))


def actions_of(flow):
    return {action["Identifier"]: action for action in flow["Actions"]}


def edges_of(action):
    """Yield (label, next action) of all transitions; the label is the operand, the error or "next"."""
    transitions = action["Transitions"]
    if "NextAction" in transitions:
        yield "next", transitions["NextAction"]
    for error in transitions.get("Errors", []):
        yield error["ErrorType"], error["NextAction"]
    for condition in transitions.get("Conditions", []):
        yield condition["Condition"]["Operands"][0], condition["NextAction"]


def reachable(flow, *, start=None, without_edge=None, without_action=None):
    """Return the identifiers that a contact can come to."""
    actions = actions_of(flow)
    seen, waiting = set(), [start or flow["StartAction"]]
    while waiting:
        identifier = waiting.pop()
        if identifier in seen or identifier == without_action:
            continue
        seen.add(identifier)
        waiting += [target for label, target in edges_of(actions[identifier]) if (identifier, label) != without_edge]
    return seen


def attributes_set(flow, identifiers):
    actions = actions_of(flow)
    return {
        name
        for identifier in identifiers
        if actions[identifier]["Type"] == "UpdateContactAttributes"
        for name in actions[identifier]["Parameters"]["Attributes"]
    }


@pytest.mark.parametrize("settings", COMBINATIONS, ids=lambda settings: "-".join(map(str, settings.values())))
class TestEveryCombination:
    def test_flow_may_be_published(self, settings):
        assert find_problems(json.dumps(render(**settings)), "CONTACT_FLOW") == []

    def test_no_action_is_dead_and_every_contact_ends(self, settings):
        flow = render(**settings)
        actions = actions_of(flow)
        assert reachable(flow) == set(actions)
        for identifier in actions:
            assert reachable(flow, start=identifier) & {"transfer", "hang-up"}

    def test_recording_follows_the_consent(self, settings):
        flow = render(**settings)
        consent = settings["recording_consent"]
        if consent == "none":
            assert "transfer" not in reachable(flow, without_action="record")
            return
        agreed = {"announce": ("say-recorded", "next"), "opt_in": ("ask-consent", "1")}[consent]
        assert "record" not in reachable(flow, without_edge=agreed)
        assert "transfer" in reachable(flow, without_action="record")

    def test_analysis_is_what_was_asked_for(self, settings):
        analytics = actions_of(render(**settings))["record"]["Parameters"]["AnalyticsBehavior"]
        if settings["analytics"] == "none":
            assert analytics == {"Enabled": "False"}
            return
        mode = {"post_contact": "PostContact", "real_time": "RealTime"}[settings["analytics"]]
        assert analytics["ChannelConfiguration"]["Voice"]["AnalyticsModes"] == [mode]
        assert ("SummaryConfiguration" in analytics) == settings["summary_enabled"]
        assert (analytics["AnalyticsRedactionBehavior"] == "Enabled") == (settings["redaction"] != "none")
        assert (analytics["AnalyticsRedactionResults"] == "RedactedOnly") == (settings["redaction"] == "redacted_only")

    def test_what_callers_key_in_is_logged_only_when_asked_for(self, settings):
        flow = render(**settings)
        keyed = {
            name
            for name, action in actions_of(flow).items()
            if action["Parameters"].get("StoreInput") == "True" or "$.StoredCustomerInput" in json.dumps(action)
        }
        assert {"ask-number", "set-keyed-number"} <= keyed
        logged = reachable(flow, without_action="pause-logging")
        if settings["input_logging_enabled"]:
            assert keyed <= logged
            return
        assert not keyed & logged
        assert "set-queue" not in reachable(flow, start="pause-logging", without_action="resume-logging")
        behaviors = {name: actions_of(flow)[f"{name}-logging"]["Parameters"] for name in ("pause", "resume")}
        assert behaviors == {
            "pause": {"FlowLoggingBehavior": "Disabled"},
            "resume": {"FlowLoggingBehavior": "Enabled"},
        }

    def test_calls_and_chats_get_the_attributes_for_sap(self, settings):
        flow = render(**settings)
        before_channel = {"Channel"}
        chat = dict(edges_of(actions_of(flow)["check-channel"]))["CHAT"]
        call = dict(edges_of(actions_of(flow)["check-channel"]))["VOICE"]
        assert before_channel <= attributes_set(flow, reachable(flow))
        assert attributes_set(flow, reachable(flow, start=chat)) >= {"ANI"} | REFERENCES
        wanted = {"ANI"} | (REFERENCES if settings["reference_menu_enabled"] else set())
        assert attributes_set(flow, reachable(flow, start=call)) >= wanted


def test_queue_hours_and_capacity_are_handled():
    actions = actions_of(render())
    assert actions["set-queue"]["Parameters"]["QueueId"] == QUEUE_ARN
    assert dict(edges_of(actions["check-hours"])) == {
        "next": "say-error",
        "NoMatchingError": "say-error",
        "True": "say-waiting",
        "False": "say-closed",
    }
    assert dict(edges_of(actions["transfer"]))["QueueAtCapacity"] == "say-queue-full"


@pytest.mark.parametrize("prompt", sorted(DEFAULTS["prompts"]))
def test_every_prompt_is_said_as_given(prompt):
    """Quotes and line breaks in a text do not break the document."""
    text = f'{prompt} "quoted" \\ and\nbroken'
    flows = [
        render(prompts={**DEFAULTS["prompts"], prompt: text}, recording_consent=consent)
        for consent in CHOICES["recording_consent"]
    ]
    said = {action["Parameters"].get("Text") for flow in flows for action in flow["Actions"]}
    assert text in said


def test_chat_attributes_have_the_names_of_the_widget():
    names = {"phone_number": "phone", "customer": "account", "ticket": "case", "serial": "device"}
    chat = actions_of(render(chat_attributes=names))["set-chat-references"]["Parameters"]["Attributes"]
    assert chat == {
        "ANI": "$.Attributes.phone",
        "CustomerUUID": "$.Attributes.account",
        "TicketID": "$.Attributes.case",
        "Serial": "$.Attributes.device",
    }


def test_no_setting_can_break_out_of_its_text():
    nasty = 'a "quoted" \\ text\nwith {braces}, </speak> and ü'
    texts = {"voice": nasty, "language": nasty, "country_code": nasty, "input_time_limit": nasty, "queue_arn": nasty}
    settings = {
        **texts,
        "prompts": dict.fromkeys(DEFAULTS["prompts"], nasty),
        "chat_attributes": dict.fromkeys(DEFAULTS["chat_attributes"], nasty),
    }
    actions = actions_of(render(**settings))
    assert actions["set-voice"]["Parameters"] == {"TextToSpeechVoice": nasty}
    assert actions["record"]["Parameters"]["AnalyticsBehavior"]["AnalyticsLanguage"] == nasty
    assert actions["ask-number"]["Parameters"] == {
        "Text": nasty,
        "StoreInput": "True",
        "InputTimeLimitSeconds": nasty,
        "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": nasty}},
    }
    assert actions["set-queue"]["Parameters"] == {"QueueId": nasty}
    assert actions["set-chat-references"]["Parameters"]["Attributes"]["ANI"] == f"$.Attributes.{nasty}"
