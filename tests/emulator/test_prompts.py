# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prompts of a new instance (connect-api 1.5)."""

from __future__ import annotations

from .objects_kit import UNKNOWN
from .objects_kit import ids
from .objects_kit import refused


def test_new_instance_has_the_default_prompts(connect, instance):
    found = ids(connect.list_prompts(InstanceId=instance)["PromptSummaryList"])
    assert set(found) == {
        "Beep.wav",
        "CustomerHold.wav",
        "CustomerQueue.wav",
        "Music_Jazz_MyTimetoFly_Inst.wav",
        "Music_Pop_ThisAndThatIsLife_Inst.wav",
        "Music_Pop_ThrowYourselfInFrontOfIt_Inst.wav",
        "Music_Rock_EverywhereTheSunShines_Inst.wav",
    }


def test_prompt_is_described_with_its_arn(connect, instance):
    identifier = ids(connect.list_prompts(InstanceId=instance)["PromptSummaryList"])["Beep.wav"]
    prompt = connect.describe_prompt(InstanceId=instance, PromptId=identifier)["Prompt"]
    assert prompt["Name"] == "Beep.wav"
    assert prompt["PromptARN"].endswith(f"instance/{instance}/prompt/{identifier}")
    refused("ResourceNotFoundException", connect.describe_prompt, InstanceId=instance, PromptId=UNKNOWN)


def test_prompts_are_searched_by_name(connect, instance):
    criteria = {"StringCondition": {"FieldName": "name", "ComparisonType": "STARTS_WITH", "Value": "Music_Pop"}}
    answer = connect.search_prompts(InstanceId=instance, SearchCriteria=criteria)
    assert len(answer["Prompts"]) == answer["ApproximateTotalCount"] == 2
