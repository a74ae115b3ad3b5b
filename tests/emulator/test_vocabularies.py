# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom vocabularies of Contact Lens (inferred, except for what the service model says)."""

from __future__ import annotations

import pytest

from .objects_kit import UNKNOWN
from .objects_kit import refused

ROWS = (
    "Phrase\tIPA\tSoundsLike\tDisplayAs",
    "Bad-Homburg\t\t\tBad Homburg",
    "S.A.P.\tɛ s eɪ p iː\t\tSAP",
    "Moin\t\tmoyn\t",
)
TABLE = "\n".join(ROWS)
HEADER = ROWS[0]


@pytest.fixture
def create(connect, instance):
    def run(name="Names", **more):
        options = {"LanguageCode": "en-GB", "Content": TABLE, **more}
        return connect.create_vocabulary(InstanceId=instance, VocabularyName=name, **options)

    return run


@pytest.fixture
def describe(connect, instance):
    return lambda identifier: connect.describe_vocabulary(InstanceId=instance, VocabularyId=identifier)["Vocabulary"]


@pytest.fixture
def delete(connect, instance):
    return lambda identifier: connect.delete_vocabulary(InstanceId=instance, VocabularyId=identifier)


@pytest.fixture
def found(connect, instance):
    def run(**query):
        answer = connect.search_vocabularies(InstanceId=instance, **query)
        return [item["Name"] for item in answer["VocabularySummaryList"]]

    return run


@pytest.fixture
def set_default(connect, instance):
    def run(language="en-GB", **more):
        connect.associate_default_vocabulary(InstanceId=instance, LanguageCode=language, **more)

    return run


def test_vocabulary_becomes_active(emulator, instance, create, describe):
    emulator.settings.creation_delay = 5.0
    created = create(Tags={"team": "a"})
    assert created["State"] == "CREATION_IN_PROGRESS"
    assert created["VocabularyArn"].endswith(f":instance/{instance}/vocabulary/{created['VocabularyId']}")
    assert describe(created["VocabularyId"])["State"] == "CREATION_IN_PROGRESS"
    emulator.advance(5)
    shown = describe(created["VocabularyArn"])
    assert shown.pop("LastModifiedTime")
    assert shown == {
        "Id": created["VocabularyId"],
        "Arn": created["VocabularyArn"],
        "Name": "Names",
        "LanguageCode": "en-GB",
        "State": "ACTIVE",
        "Content": TABLE,
        "Tags": {"team": "a"},
    }


def test_deleted_vocabulary_goes_after_the_delay(emulator, connect, create, describe, delete, found):
    emulator.settings.creation_delay = 5.0
    created = create()
    emulator.advance(5)
    for seconds in (2, 3):
        answer = delete(created["VocabularyId"])
        assert (answer["VocabularyArn"], answer["State"]) == (created["VocabularyArn"], "DELETE_IN_PROGRESS")
        assert describe(created["VocabularyId"])["State"] == "DELETE_IN_PROGRESS"
        assert found(State="DELETE_IN_PROGRESS") == ["Names"]
        refused("ResourceConflictException", create)
        emulator.advance(seconds)
    refused("ResourceNotFoundException", describe, identifier=created["VocabularyId"])
    refused("ResourceNotFoundException", delete, identifier=created["VocabularyId"])
    refused("ResourceNotFoundException", connect.list_tags_for_resource, resourceArn=created["VocabularyArn"])
    assert found() == []
    create()


def test_unfinished_vocabulary_cannot_be_deleted(emulator, create, delete):
    emulator.settings.creation_delay = 5.0
    refused("InvalidRequestException", delete, identifier=create()["VocabularyId"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TABLE.replace("\n", "\r\n"), "LF"),
        ("Bad-Homburg\nMoin", "header"),
        (HEADER.replace("\t", ","), "header"),
        (HEADER.replace("IPA", "Sound"), "header"),
        (HEADER, "no phrase"),
        (f"{HEADER}\nBad Homburg\t\t\t", "Line 2"),
        (f"{HEADER}\nMoin\t\t\t\n\t\t\tSAP", "Line 3"),
        (f"{HEADER}\nV2\t\t\t", "Line 2"),
        (f"{HEADER}\nMoin\t\t", "fields"),
        (f"{HEADER}\nMoin\t\t\t\t", "fields"),
        (f"{HEADER}\n{'e' * 257}\t\t\t", "256"),
    ],
)
def test_bad_table_fails(emulator, create, describe, found, content, reason):
    emulator.settings.creation_delay = 5.0
    identifier = create(Content=content)["VocabularyId"]
    assert "FailureReason" not in describe(identifier)
    emulator.advance(5)
    shown = describe(identifier)
    assert shown["State"] == "CREATION_FAILED"
    assert reason in shown["FailureReason"]
    assert found(State="CREATION_FAILED") == ["Names"]


@pytest.mark.parametrize("content", [TABLE + "\n", "DisplayAs\tPhrase\tIPA\tSoundsLike\nBad Homburg\tBad-Homburg\t\t"])
def test_columns_have_any_order_and_the_last_line_may_end(create, describe, content):
    assert describe(create(Content=content)["VocabularyId"])["State"] == "ACTIVE"


def test_content_has_fifty_kilobytes_at_most(create):
    rows = "".join(f"\n{'ü' * 256}\t\t\t" for _row in range(100))
    refused("InvalidRequestException", create, Content=HEADER + rows)


def test_ordered_failure(emulator, create, describe):
    emulator.control("POST", "faults", {"operation": "CreateVocabulary", "error": "CREATION_FAILED", "message": "why"})
    shown = describe(create()["VocabularyId"])
    assert (shown["State"], shown["FailureReason"]) == ("CREATION_FAILED", "why")


def test_names_are_unique(create):
    create()
    refused("ResourceConflictException", create, LanguageCode="de-DE")
    create("names")


def test_quota(create):
    for number in range(20):
        create(f"Names{number}")
    answer = refused("ServiceQuotaExceededException", create, name="Other")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_a_repeated_token_makes_no_second_vocabulary(create, found):
    first = create(ClientToken="token")
    assert create(ClientToken="token")["VocabularyId"] == first["VocabularyId"]
    refused("InvalidRequestException", create, name="Other", ClientToken="token")
    assert found() == ["Names"]


def test_vocabularies_are_searched(connect, instance, create, delete, found):
    for name, language in (("shop.names", "en-GB"), ("shop.places", "de-DE"), ("people", "en-GB")):
        identifier = create(name, LanguageCode=language)["VocabularyId"]
    assert found() == ["shop.names", "shop.places", "people"]
    assert found(NameStartsWith="shop.") == ["shop.names", "shop.places"]
    assert found(NameStartsWith="names") == []
    assert found(LanguageCode="en-GB", NameStartsWith="shop") == ["shop.names"]
    assert found(State="CREATION_IN_PROGRESS") == []
    pages = connect.get_paginator("search_vocabularies").paginate(
        InstanceId=instance, State="ACTIVE", PaginationConfig={"PageSize": 2}
    )
    assert [len(page["VocabularySummaryList"]) for page in pages] == [2, 1]
    delete(identifier)
    assert found() == ["shop.names", "shop.places"]


def test_default_of_a_language(connect, instance, create, delete, set_default):
    def defaults(**query):
        return connect.list_default_vocabularies(InstanceId=instance, **query)["DefaultVocabularyList"]

    first, second = (create(name)["VocabularyId"] for name in ("first", "second"))
    german = create("german", LanguageCode="de-DE")["VocabularyId"]
    set_default(VocabularyId=first)
    set_default("de-DE", VocabularyId=german)
    set_default(VocabularyId=second)
    shown = {"InstanceId": instance, "LanguageCode": "en-GB", "VocabularyId": second, "VocabularyName": "second"}
    assert defaults(LanguageCode="en-GB") == [shown]
    assert {item["VocabularyName"] for item in defaults()} == {"german", "second"}
    answer = refused("ResourceInUseException", delete, identifier=second)
    assert answer["ResourceId"].endswith(second)
    delete(first)
    set_default()
    assert [item["VocabularyName"] for item in defaults()] == ["german"]
    delete(second)


def test_default_is_an_active_vocabulary_of_its_language(emulator, create, delete, set_default):
    german = create("german", LanguageCode="de-DE")["VocabularyId"]
    refused("InvalidRequestException", set_default, VocabularyId=german)
    refused("InvalidRequestException", set_default, VocabularyId=create("bad", Content="x")["VocabularyId"])
    refused("ResourceNotFoundException", set_default, VocabularyId=UNKNOWN)
    emulator.settings.creation_delay = 5.0
    refused("InvalidRequestException", set_default, VocabularyId=create("young")["VocabularyId"])
    delete(german)
    refused("InvalidRequestException", set_default, language="de-DE", VocabularyId=german)


def test_unknown_instance_of_operations_without_not_found(connect):
    refused("InvalidRequestException", connect.search_vocabularies, InstanceId=UNKNOWN)
    refused("InvalidRequestException", connect.list_default_vocabularies, InstanceId=UNKNOWN)


def test_tags(connect, create, describe):
    created = create(Tags={"a": "1"})
    connect.tag_resource(resourceArn=created["VocabularyArn"], tags={"b": "2"})
    connect.untag_resource(resourceArn=created["VocabularyArn"], tagKeys=["a"])
    assert describe(created["VocabularyId"])["Tags"] == {"b": "2"}


def test_young_vocabulary_is_not_found_until_the_lag_has_passed(emulator, create, describe, found):
    emulator.settings.lag = 5.0
    identifier = create()["VocabularyId"]
    refused("ResourceNotFoundException", describe, identifier=identifier)
    assert found() == []
    emulator.advance(5)
    assert describe(identifier)["State"] == "ACTIVE"
