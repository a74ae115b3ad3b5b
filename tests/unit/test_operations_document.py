# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docs/operations.md says agrees with what it tells about."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.causes import _HELP
from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.causes import CAUSES

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "operations.md"
TEXT = DOCUMENT.read_text()
COMMANDS = re.findall(r"^\$ (ansible-playbook .*)$", TEXT, re.MULTILINE)
NAMES = {"event_rule": "Connect-poc-CL-eventbridge-rule", "function": "poc-lambda-process-contact-lens-event"}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_fit_their_playbooks(command):
    """The playbook exists, and takes the variables that are handed to it."""
    words = shlex.split(command)
    (playbook,) = [word for word in words if word.startswith("playbooks/")]
    content = (ROOT / playbook).read_text()
    assert yaml.safe_load(content)
    given = [words[index + 1].partition("=")[0] for index, word in enumerate(words) if word == "-e"]
    unknown = [name for name in given if not re.search(rf"\b{name}\b", content)]
    assert unknown == []


def test_options_of_one_playbook_are_refused_by_the_others():
    """So they are all in the list that a playbook looks for what it does not know in."""
    (task,) = yaml.safe_load((ROOT / "playbooks/tasks/options.yml").read_text())
    plays = [yaml.safe_load(path.read_text())[0] for path in (ROOT / "playbooks").glob("*.yml")]
    options = {name for play in plays for name in play.get("vars", {}).get("operations_options", [])}
    assert {"contact_ids", "start", "rate"} <= options <= set(task["vars"]["__site_known_options"])


def test_every_playbook_for_operators_is_shown():
    shown = {Path(playbook).name for playbook in re.findall(r"playbooks/\w+\.yml", TEXT)}
    assert shown >= {"trace.yml", "diagnose.yml", "redrive.yml", "backfill.yml", "pause.yml", "resume.yml"}


@pytest.mark.parametrize("document", [DOCUMENT, ROOT / "roles/summary_lambda/README.md"], ids=lambda path: path.name)
def test_every_alarm_is_explained(document):
    alarms = yaml.safe_load((ROOT / "roles/summary_lambda/vars/main.yml").read_text())["__summary_lambda_alarms"]
    explained = re.findall(r"^\| `([a-z-]+)` \|", document.read_text(), re.MULTILINE)
    assert {alarm["name"] for alarm in alarms} <= set(explained)


def test_every_reason_of_the_function_is_explained():
    sources = (ROOT / "files/summary_lambda/summary_lambda").glob("*.py")
    reasons = {name for path in sources for name in re.findall(r'^([A-Z_]+) = "\1"$', path.read_text(), re.MULTILINE)}
    assert reasons >= {"SUMMARY_OFF", "BEFORE_START"}
    assert {name for name in reasons if f"`{name}`" not in TEXT} == set()


def test_help_is_given_about_errors_that_the_function_has():
    source = (ROOT / "files/summary_lambda/summary_lambda/errors.py").read_text()
    assert set(_HELP) <= {*re.findall(r"^class (\w+)\(", source, re.MULTILINE), "NO_PERMISSIONS"}


@pytest.mark.parametrize("label", ["Cause", "What to do", "First broken link"])
def test_examples_have_the_words_of_the_cause(label):
    cause = CAUSES["event_rule_disabled"].filled(**NAMES)
    (quoted, *others) = re.findall(rf"^{label}: (.*)$", TEXT, re.MULTILINE)
    assert {quoted, *others} == {cause.remedy if label == "What to do" else cause.sentence}


def test_links_lead_somewhere():
    headings = {re.sub(r"[^a-z0-9 -]", "", line.lower()).strip().replace(" ", "-") for line in TEXT.splitlines()}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings
    paths = re.findall(r"\]\((?!#|https?:)([^)]+)\)", TEXT)
    assert [path for path in paths if not (DOCUMENT.parent / path).exists()] == []
