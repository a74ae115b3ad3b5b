# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom vocabularies of Contact Lens. Errors and the moments of changes here are inferred."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .. import objects
from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Instance
from ..state import Record

KIND = "vocabularies"
DEFAULT_KIND = "default_vocabularies"
MAXIMUM_BYTES = 50 * 1024
MAXIMUM_ENTRY = 256
COLUMNS = ("Phrase", "IPA", "SoundsLike", "DisplayAs")


@operation("CreateVocabulary")
def create_vocabulary(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Take a vocabulary in; whether its table can be used shows later, in its state."""
    instance = context.instance(request["InstanceId"])
    if len(request["Content"].encode()) > MAXIMUM_BYTES:
        raise context.invalid(f"Content has more than {MAXIMUM_BYTES} bytes.")
    _forget_deleted(context, instance)
    objects.check_name(instance, KIND, request["VocabularyName"], code="ResourceConflictException")
    if len(instance.store(KIND)) >= context.settings.vocabulary_quota:
        raise ConnectError("ServiceQuotaExceededException", "The quota of vocabularies is used up.")
    reason = find_table_problem(request["Content"])
    if context.fault:
        reason = context.fault.get("message", "The vocabulary could not be created.")
    data = {**objects.pick(request, "LanguageCode", "Content"), "_failure": reason, "_ready_at": _later(context)}
    name = request["VocabularyName"]
    record = objects.create(context, instance, KIND, "vocabulary", name, data, request.get("Tags"))
    return {"VocabularyArn": record.arn, "VocabularyId": record.id, "State": "CREATION_IN_PROGRESS"}


@operation("DescribeVocabulary")
def describe_vocabulary(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show a vocabulary in any state, with the reason of a failure."""
    record = context.instance(request["InstanceId"]).store(KIND).get(request["VocabularyId"])
    shown = {**_summarize(context, record), "Content": record.data["Content"], "Tags": dict(record.tags)}
    return {"Vocabulary": shown}


@operation("SearchVocabularies")
def search_vocabularies(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Find vocabularies by state, language and the beginning of the name."""
    found = [
        summary
        for summary in (_summarize(context, item) for item in context.instance(request["InstanceId"]).store(KIND).all())
        if all(request.get(member) in (None, summary[member]) for member in ("State", "LanguageCode"))
        and summary["Name"].startswith(request.get("NameStartsWith", ""))
    ]
    page, token = context.page(found, request)
    return {"VocabularySummaryList": page, "NextToken": token}


@operation("DeleteVocabulary")
def delete_vocabulary(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Begin to delete a vocabulary; one that is the default of its language is in use."""
    instance = context.instance(request["InstanceId"])
    record = instance.store(KIND).get(request["VocabularyId"])
    state = _state(context, record)
    if state == "CREATION_IN_PROGRESS":
        raise context.invalid("The vocabulary is still being created.")
    if any(default.data["VocabularyId"] == record.id for default in instance.store(DEFAULT_KIND).everything()):
        message = f"{record.name} is the default vocabulary of {record.data['LanguageCode']}"
        raise ConnectError("ResourceInUseException", message, ResourceId=record.arn)
    if state != "DELETE_IN_PROGRESS":
        record.gone_at = _later(context)
        context.touch(record)
    return {"VocabularyArn": record.arn, "VocabularyId": record.id, "State": "DELETE_IN_PROGRESS"}


@operation("AssociateDefaultVocabulary")
def associate_default_vocabulary(context: Context, request: dict[str, Any]) -> None:
    """Make a vocabulary the default of its language; without vocabulary the language has none."""
    instance = context.instance(request["InstanceId"])
    language, defaults = request["LanguageCode"], instance.store(DEFAULT_KIND)
    present = defaults.find(language)
    record = instance.store(KIND).get(request["VocabularyId"]) if "VocabularyId" in request else None
    if record and (record.data["LanguageCode"] != language or _state(context, record) != "ACTIVE"):
        raise context.invalid(f"{record.name} is not an active vocabulary of {language}.")
    if present:
        defaults.discard(present)
    if record:
        data = {
            "InstanceId": instance.id,
            "LanguageCode": language,
            "VocabularyId": record.id,
            "VocabularyName": record.name,
        }
        defaults.create(Record(id=language, arn="", name=language, data=data))


@operation("ListDefaultVocabularies")
def list_default_vocabularies(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the languages that have a default vocabulary, or the one that is asked for."""
    records = context.instance(request["InstanceId"]).store(DEFAULT_KIND).all()
    wanted = request.get("LanguageCode")
    page, token = context.page([item.data for item in records if wanted in (None, item.name)], request)
    return {"DefaultVocabularyList": page, "NextToken": token}


def find_table_problem(content: str) -> str | None:
    """Return why the table cannot be used, or None.

    It has the rules of Amazon Transcribe, which Contact Lens works with: a header with four columns in any order,
    TAB between fields, LF at the end of lines, in each row a phrase without blanks and digits.
    """
    if "\r" in content:
        return "Lines must end with LF."
    header, *rows = [line.split("\t") for line in content.removesuffix("\n").split("\n")]
    if sorted(header) != sorted(COLUMNS):
        return f"The header must have the columns {', '.join(COLUMNS)}, separated by TAB."
    if not rows:
        return "The vocabulary has no phrase."
    for number, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS):
            return f"Line {number} does not have {len(COLUMNS)} fields."
        phrase = row[header.index("Phrase")]
        if not phrase or any(sign.isspace() or sign.isdigit() for sign in phrase):
            return f"Line {number} has no phrase, or one with blanks or digits."
        if any(len(entry) > MAXIMUM_ENTRY for entry in row):
            return f"Line {number} has a field of more than {MAXIMUM_ENTRY} characters."
    return None


def _later(context: Context) -> Any:
    return context.now() + timedelta(seconds=context.settings.creation_delay)


def _forget_deleted(context: Context, instance: Instance) -> None:
    for record in instance.store(KIND).everything():
        if record.gone_at and record.gone_at <= context.now():
            instance.store(KIND).discard(record)


def _state(context: Context, record: Record) -> str:
    if record.gone_at:
        return "DELETE_IN_PROGRESS"
    if context.now() < record.data["_ready_at"]:
        return "CREATION_IN_PROGRESS"
    return "CREATION_FAILED" if record.data["_failure"] else "ACTIVE"


def _summarize(context: Context, record: Record) -> dict[str, Any]:
    state = _state(context, record)
    return {
        "Id": record.id,
        "Arn": record.arn,
        "Name": record.name,
        "LanguageCode": record.data["LanguageCode"],
        "State": state,
        "LastModifiedTime": record.data["LastModifiedTime"],
        "FailureReason": record.data["_failure"] if state == "CREATION_FAILED" else None,
    }
