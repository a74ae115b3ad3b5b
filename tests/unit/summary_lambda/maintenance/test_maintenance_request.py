# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests are read strictly: a filter with a mistake in it must not match everything."""

from __future__ import annotations

import json
import random

import pytest
from maintenance_fakes import QUEUE_URL
from maintenance_fakes import VARIABLES
from summary_lambda import log
from summary_lambda.errors import SettingsInvalid
from summary_lambda.maintenance.errors import MaintenanceRequestInvalid
from summary_lambda.maintenance.request import make_token
from summary_lambda.maintenance.request import parse_request
from summary_lambda.maintenance.request import read_token
from summary_lambda.maintenance.settings import MaintenanceSettings

CONTACT_ID = "0f1e2d3c-4b5a-4697-8899-aabbccddeeff"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (None, "not an object"),
        ({}, "action is one of redrive, reconcile"),
        ({"action": ["redrive"]}, "action is one of"),
        ({"action": "drop"}, "action is one of"),
        ({"action": "redrive", "contact_id": CONTACT_ID}, "redrive does not know contact_id"),
        ({"action": "redrive", "contact_ids": CONTACT_ID}, "contact_ids is not a list"),
        ({"action": "redrive", "contact_ids": []}, "contact_ids is not a list"),
        ({"action": "redrive", "contact_ids": ["x' or '1"]}, "contact_ids is not a list of contact ids"),
        ({"action": "redrive", "reasons": [1]}, "reasons is not a list of texts"),
        ({"action": "redrive", "sent_after": "yesterday"}, "sent_after is not a date or time"),
        ({"action": "redrive", "maximum_age": -1}, "maximum_age is not a number from 0 on"),
        ({"action": "redrive", "rate": 0}, "rate is not above 0"),
        ({"action": "redrive", "rate": True}, "rate is not a number"),
        ({"action": "redrive", "dry_run": "no"}, "dry_run is true or false"),
        ({"action": "redrive", "next": "x"}, "next does not come from an answer to redrive"),
        ({"action": "redrive", "next": make_token("backfill", {})}, "next does not come from"),
        ({"action": "inspect"}, "inspect needs contact_ids"),
        ({"action": "inspect", "contact_ids": [CONTACT_ID[:-2] + f"{n:02d}" for n in range(21)]}, "more than 20"),
        ({"action": "probe", "rate": 1}, "probe does not know rate"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(event, text):
    with pytest.raises(MaintenanceRequestInvalid, match=text):
        parse_request(event)


def test_a_member_without_a_value_is_left_out():
    request = parse_request({"action": "redrive", "contact_ids": None, "next": None})
    assert (request.options, request.position, request.dry_run) == ({}, {}, False)


def test_a_token_comes_back_as_it_was():
    position = {"day": "2026-03-10", "after": "ü"}
    assert read_token("backfill", make_token("backfill", position)) == position


def test_whatever_comes_is_understood_or_refused():
    chance = random.Random(7)
    values = [
        None,
        True,
        0,
        -1,
        2.5,
        "",
        "2026-03-10",
        CONTACT_ID,
        [CONTACT_ID],
        [],
        {},
        "x" * 50,
        [None],
        float("nan"),
    ]
    names = ["action", "dry_run", "next", "contact_ids", "reasons", "rate", "from", "to", "not_before", "maximum_age"]
    actions = ["redrive", "reconcile", "backfill", "inspect", "probe", 1, None]
    for _unused in range(5000):
        event = {name: chance.choice(values) for name in chance.sample(names, chance.randrange(len(names)))}
        event["action"] = chance.choice(actions)
        try:
            parse_request(event)
        except MaintenanceRequestInvalid as error:
            assert str(error)


@pytest.mark.parametrize("name", ["DELIVERY_FUNCTION", "DEAD_LETTER_QUEUE_URL", "CURSOR_PARAMETER"])
def test_a_missing_variable_is_named(name):
    with pytest.raises(SettingsInvalid, match=name):
        MaintenanceSettings.read({**VARIABLES, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDRIVE_RATE", "0"),
        ("REDRIVE_RATE", "fast"),
        ("REDRIVE_MAXIMUM_AGE", "-1"),
        ("ABSENCE_MINIMUM", "nan"),
        ("NOT_BEFORE", "yesterday"),
    ],
)
def test_an_impossible_variable_is_named(name, value):
    with pytest.raises(SettingsInvalid, match=name):
        MaintenanceSettings.read({**VARIABLES, name: value})


def test_what_counts_without_further_variables():
    settings = MaintenanceSettings.read({name: value for name, value in VARIABLES.items() if name != "REDRIVE_RATE"})
    assert (settings.rate, settings.maximum_age, settings.absence_minimum, settings.not_before) == (1, 72, 5, None)
    assert settings.queue_url == QUEUE_URL


def test_the_log_has_counts_and_no_contact(world, run, capsys):
    contact = world.contact(1)
    world.letter(world.event(contact))
    log.configure("INFO")
    run("redrive")
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["step"], line["level"], line["counts"]["delivered"]) == ("redrive", "INFO", 1)
    assert contact not in json.dumps(line)
