# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One contact's analysis file against SAP, with the rules of the delivery, and what is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..contact_lens import Contact
from ..contact_lens import describe_contact
from ..contact_lens import read_analysis
from ..delivery import judge
from ..delivery import reference_of
from ..delivery import with_transcripts
from ..errors import AnalysisInvalid
from ..errors import ContactNotFound
from ..errors import EventInvalid
from ..errors import PhoneCallNotFound
from ..errors import SummaryNotReady
from ..runtime import Runtime
from ..sap import SapClient
from ..text import KEEP
from ..text import render
from .analysis_files import AnalysedContact

# No contact has this id.
_NO_CONTACT = "00000000-0000-0000-0000-000000000000"


def ask_sap(sap: SapClient) -> None:
    """Sign in and list once, to know whether SAP is there at all.

    :raises SummaryError: it is not
    """
    sap.find(_NO_CONTACT)


@dataclass(frozen=True)
class Finding:
    """``outcome`` is

    ``same``      SAP has the text
    ``kept``      an agent's text stands, as the settings want it
    ``skipped``   there is nothing to write, for ``reason``
    ``not_ready`` the analysis may still get its summary; its event comes with it
    ``no_record`` SAP has no phone call of the contact
    ``missing``   the delivery has something to do
    """

    outcome: str
    reason: str | None = None


def compare_contact(contact: AnalysedContact, *, runtime: Runtime, sap: SapClient) -> Finding:
    """Look at the contact as the delivery would.

    :raises SummaryError: SAP says nothing about this contact, or an error
    :raises AwsUnavailable, AwsRefused: the file could not be read
    """
    environment = runtime.environment
    file = contact.file(environment.analysis_outputs)
    analysis = read_analysis(runtime.s3, runtime.settings.bucket_name, file)
    if analysis is None:
        return Finding("skipped", "ANALYSIS_DELETED")
    try:
        rendered = render(analysis, environment)
        if rendered.text is None:
            return Finding("skipped", rendered.reason)
        calls = with_transcripts(sap.find(reference_of(contact.contact_id, environment)), sap, runtime)
    except SummaryNotReady:
        return Finding("not_ready")
    except AnalysisInvalid as error:
        # Delivery fails with it too, and keeps the event as a dead letter: somebody is told.
        return Finding("missing", type(error).__name__)
    except PhoneCallNotFound:
        calls = []
    if not calls:
        return Finding("no_record", PhoneCallNotFound.__name__)
    _call, decision = judge(calls, rendered, environment)
    if decision.action == KEEP:
        return Finding("kept", rendered.reason)
    return Finding("missing" if decision.action == "write" else "same", rendered.reason)


@dataclass(frozen=True)
class Owner:
    """The instance that had a contact, or why its summary must not be sent."""

    instance_arn: str | None = None
    refusal: str | None = None


def find_owner(contact_id: str, *, runtime: Runtime, not_before: datetime | None) -> Owner:
    """Ask the configured instances for the contact: several may share the bucket, and the key does not name one.

    ``refusal`` is ``other_instance``, ``no_agent`` or ``before``.
    """
    for arn in runtime.environment.instance_arns:
        contact = _describe(runtime, arn, contact_id)
        if contact is None:
            continue
        if contact.connected_at is None:
            return Owner(refusal="no_agent")
        return Owner(refusal="before") if contact.began_before(not_before) else Owner(arn)
    return Owner(refusal="other_instance")


def _describe(runtime: Runtime, instance_arn: str, contact_id: str) -> Contact | None:
    instance_id = instance_arn.rpartition("/")[2]
    try:
        return describe_contact(runtime.connect, instance_id=instance_id, contact_id=contact_id)
    except (ContactNotFound, EventInvalid):
        return None
