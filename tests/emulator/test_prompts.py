# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prompts (defaults: connect-api 1.5; the rest is inferred)."""

from __future__ import annotations

import pytest

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


URI = "s3://sounds/hello.wav"


@pytest.fixture
def create(emulator, connect, instance):
    emulator.buckets["sounds"] = "111111111111"
    emulator.objects["sounds", "hello.wav"] = b"RIFF"

    def run(name="Hello", **more):
        return connect.create_prompt(InstanceId=instance, Name=name, **{"S3Uri": URI, **more})

    return run


def test_prompt_of_a_file(connect, instance, create):
    created = create(Description="Greeting", Tags={"a": "1"})
    prompt = connect.describe_prompt(InstanceId=instance, PromptId=created["PromptId"])["Prompt"]
    assert (prompt["Name"], prompt["Description"], prompt["Tags"]) == ("Hello", "Greeting", {"a": "1"})
    assert prompt["PromptARN"] == created["PromptARN"]
    assert prompt["LastModifiedRegion"] == "eu-west-2"
    connect.tag_resource(resourceArn=created["PromptARN"], tags={"b": "2"})
    assert connect.list_tags_for_resource(resourceArn=created["PromptARN"])["tags"] == {"a": "1", "b": "2"}
    assert "Hello" in ids(connect.list_prompts(InstanceId=instance)["PromptSummaryList"])


@pytest.mark.parametrize("uri", ["s3://sounds/nothing.wav", "s3://elsewhere/hello.wav", "s3://our-sounds!/hello.wav"])
def test_file_of_a_prompt_must_be_readable(emulator, connect, instance, create, uri):
    emulator.buckets["elsewhere"] = "222222222222"
    refused("InvalidParameterException", create, S3Uri=uri)
    prompt = create()["PromptId"]
    refused("InvalidParameterException", connect.update_prompt, InstanceId=instance, PromptId=prompt, S3Uri=uri)


def test_file_of_a_prompt_is_a_wav(emulator, connect, instance, create):
    for name in ("HELLO.WAV", "hello.mp3", "wav"):
        emulator.objects["sounds", name] = b"RIFF"
    prompt = create(S3Uri="s3://sounds/HELLO.WAV")["PromptId"]
    for uri in ("s3://sounds/hello.mp3", "s3://sounds/wav"):
        refused("InvalidParameterException", create, name="Other", S3Uri=uri)
        refused("InvalidParameterException", connect.update_prompt, InstanceId=instance, PromptId=prompt, S3Uri=uri)


def test_prompt_names_are_unique(connect, instance, create):
    refused("DuplicateResourceException", create, name="Beep.wav")
    prompt = create()["PromptId"]
    update = connect.update_prompt
    refused("InvalidRequestException", update, InstanceId=instance, PromptId=prompt, Name="Beep.wav")
    assert update(InstanceId=instance, PromptId=prompt, Name="Bye", S3Uri=URI)["PromptId"] == prompt
    update(InstanceId=instance, PromptId=prompt, Description="Farewell")
    shown = connect.describe_prompt(InstanceId=instance, PromptId=prompt)["Prompt"]
    assert (shown["Name"], shown["Description"]) == ("Bye", "Farewell")


@pytest.mark.full
def test_five_hundred_prompts_at_most(connect, instance, create):
    for number in range(500 - len(connect.list_prompts(InstanceId=instance)["PromptSummaryList"])):
        create(f"Prompt {number}")
    refused("LimitExceededException", create, name="One more")


def test_deleted_prompt_is_gone(connect, instance, create):
    prompt = {"InstanceId": instance, "PromptId": create()["PromptId"]}
    connect.delete_prompt(**prompt)
    for call in (connect.describe_prompt, connect.update_prompt, connect.delete_prompt):
        refused("ResourceNotFoundException", call, **prompt)


def test_young_prompt_is_not_found_until_the_lag_has_passed(emulator, connect, instance, create):
    emulator.settings.lag = 5.0
    prompt = create()["PromptId"]
    refused("ResourceNotFoundException", connect.describe_prompt, InstanceId=instance, PromptId=prompt)
    emulator.advance(5)
    connect.describe_prompt(InstanceId=instance, PromptId=prompt)
