# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The analysis files of whole days: which contacts have one, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import TYPE_CHECKING

from ..aws import translated
from ..contact_lens import AnalysisFile
from ..contact_lens import folders
from ..contact_lens import parse_key

if TYPE_CHECKING:
    from botocore.client import BaseClient

# Of voice and chat, and of e-mail (connect-api 12.2).
_TIMES = (
    (re.compile(r"_(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z\.json$", re.ASCII), "%Y-%m-%dT%H:%M:%S"),
    (re.compile(r"_(\d{8}T\d\d:\d\d)_UTC\.json$", re.ASCII), "%Y%m%dT%H:%M"),
)


@dataclass
class AnalysedContact:
    """A contact with at least one analysis file. ``files`` are those of each output, the newest last."""

    contact_id: str
    day: date
    files: dict[str, list[AnalysisFile]] = field(default_factory=dict)

    @property
    def modified(self) -> datetime:
        return max(files[-1].modified for files in self.files.values())

    @property
    def connected_at(self) -> datetime | None:
        """When the contact reached its agent: that is the time in the file's name. None when there is no such time."""
        for files in self.files.values():
            for pattern, form in _TIMES:
                if found := pattern.search(files[-1].key):
                    return datetime.strptime(found[1], form).replace(tzinfo=UTC)
        return None

    def file(self, outputs: tuple[str, ...]) -> AnalysisFile:
        """Return the file that the delivery reads: the newest of the first output that has one."""
        return next(self.files[output][-1] for output in outputs if output in self.files)


def list_contacts(s3: BaseClient, bucket: str, day: date, outputs: tuple[str, ...]) -> list[AnalysedContact]:
    """Return the contacts that have a file in the folders of a day, by their ids."""
    contacts: dict[str, AnalysedContact] = {}
    for folder in folders(day, outputs):
        for file in _list(s3, bucket, folder):
            if parts := parse_key(file.key):
                contact = contacts.setdefault(parts.contact_id, AnalysedContact(parts.contact_id, day))
                contact.files.setdefault(parts.output, []).append(file)
    for contact in contacts.values():
        for files in contact.files.values():
            files.sort(key=lambda file: (file.modified, file.key))
    return [contacts[contact_id] for contact_id in sorted(contacts)]


def _list(s3: BaseClient, bucket: str, folder: str) -> Iterator[AnalysisFile]:
    with translated("ListObjectsV2"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder):
            for item in page.get("Contents", []):
                yield AnalysisFile(item["Key"], item["LastModified"])
