# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a summary is not in SAP: every cause with its sentence and what to do. Private to this collection.

The texts are templates: `trace.py` and `diagnosis.py` fill in names, times and reason codes. Nothing that was said, no
number and no name is ever among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cause:
    """One answer to "where is the summary?"."""

    code: str
    sentence: str
    remedy: str

    def filled(self, **details: Any) -> Cause:
        return Cause(self.code, self.sentence.format(**details), self.remedy.format(**details))


_ALL = (
    # The contact
    Cause(
        "contact_unknown",
        "Amazon Connect knows no contact with this id in this account and Region.",
        "Check the id, and that the inventory host is the one of the country. Amazon Connect forgets contacts after"
        " 24 months.",
    ),
    Cause(
        "contact_of_another_instance",
        "The contact belongs to the instance {other_instance}, which this deployment does not serve.",
        "Trace it with the inventory host of that instance.",
    ),
    Cause(
        "contact_not_ended",
        "The contact has not ended yet.",
        "Wait: the summary comes some minutes after the agent has finished the after-contact work.",
    ),
    Cause(
        "never_reached_an_agent",
        "The contact ended before an agent took it, so there is nothing to summarise.",
        "Nothing is to be done.",
    ),
    # Contact Lens
    Cause(
        "contact_lens_disabled",
        "Contact Lens is switched off for the instance, so nothing is analysed.",
        "Set contact_lens_enabled to true and run site.yml. Contacts that ended before are not analysed any more.",
    ),
    Cause(
        "analysis_not_asked_for",
        "Contact Lens did not analyse the contact: {reason}.",
        "If such contacts should have summaries, let every flow that they pass turn recording and analysis on, the"
        " flows of transfers included. This contact is not analysed any more.",
    ),
    Cause(
        "analysis_failed",
        "Contact Lens could not analyse the contact: {reason}.",
        "Nothing can be done for this contact. If others have the same reason, check the recordings bucket, its key"
        " and its policy.",
    ),
    Cause(
        "analysis_not_there_yet",
        "The contact ended {minutes} minutes ago, and its analysis is not there yet.",
        "Wait, and trace again. The event comes with the analysis, so nothing has been missed.",
    ),
    Cause(
        "no_summary_made",
        "Contact Lens analysed the contact and made no summary: {reason}.",
        "Nothing is to be done for this contact.",
    ),
    Cause(
        "before_start",
        "The contact began before summary_lambda_not_before, so its summary is left alone.",
        "Nothing is to be done. If callers had agreed by then, correct summary_lambda_not_before and run site.yml.",
    ),
    Cause(
        "summary_not_there_yet",
        "The analysis is there, its summary not yet.",
        "Wait, and trace again. The function looks again by itself.",
    ),
    Cause(
        "summary_not_asked_for",
        "The analysis has no summary, and no reason why: post-contact summaries are off where the contact passed.",
        "Turn post-contact summaries on in the flow's block that sets recording and analytics behaviour.",
    ),
    # From Contact Lens to the function
    Cause(
        "contact_lens_rule_missing",
        "The instance has no Contact Lens rule that makes an event of such contacts.",
        "Run site.yml. Then send what was missed with backfill.yml, or wait for the reconciliation.",
    ),
    Cause(
        "contact_lens_rule_unpublished",
        "The Contact Lens rule {rule} is not published.",
        "Publish it, or run site.yml. Then send what was missed with backfill.yml, or wait for the reconciliation.",
    ),
    Cause(
        "contact_lens_rule_does_not_match",
        "No Contact Lens rule takes contacts of this queue.",
        "Add the queue to the rule in contact_lens_rules and run site.yml, or leave it if it shall have no summaries.",
    ),
    Cause(
        "event_rule_missing",
        "The EventBridge rule {event_rule} does not exist.",
        "Run site.yml. Then send what was missed with backfill.yml, or wait for the reconciliation.",
    ),
    Cause(
        "event_rule_disabled",
        "The EventBridge rule {event_rule} is disabled, so no event reaches the function.",
        "Enable it, or run site.yml. Then send what was missed with backfill.yml, or wait for the reconciliation.",
    ),
    Cause(
        "event_rule_does_not_match",
        "The pattern of the EventBridge rule {event_rule} does not let the event of such contacts pass.",
        "Run site.yml, which writes the pattern. Then send what was missed with backfill.yml, or wait for the"
        " reconciliation.",
    ),
    Cause(
        "target_missing",
        "The EventBridge rule {event_rule} does not call the function {function}.",
        "Run site.yml. Then send what was missed with backfill.yml, or wait for the reconciliation.",
    ),
    Cause(
        "permission_missing",
        "EventBridge is not allowed to call the function {function}.",
        "Run site.yml, which gives the permission, and then redrive.yml.",
    ),
    Cause(
        "event_lost",
        "The event never reached the function, though every part on its way is in order now. Amazon Connect sends"
        " events at best effort; or a part was off when this one came.",
        "Wait for the reconciliation, which sends it within the hour, or run backfill.yml for that day.",
    ),
    # The function
    Cause(
        "function_missing",
        "The function {function} does not exist.",
        "Run site.yml. Then send what was missed with backfill.yml.",
    ),
    Cause(
        "delivery_paused",
        "Delivery is paused: the function {function} has a reserved concurrency of 0. What comes waits as a dead"
        " letter.",
        "Run resume.yml when SAP may be written to again; it sends what waited.",
    ),
    Cause(
        "delivery_failed",
        "The function failed with {error}, and the event waits as a dead letter.",
        "{help} Then run redrive.yml, or wait: what may succeed later is sent again every quarter of an hour.",
    ),
    Cause(
        "delivery_failed_for_good",
        "The function failed with {error}, and no dead letter of the contact is left.",
        "{help} Then run backfill.yml for that day.",
    ),
    Cause(
        "delivery_under_way",
        "The function failed with {error} and Lambda is about to try again.",
        "Wait, and trace again: after the last attempt the event becomes a dead letter.",
    ),
    Cause(
        "delivery_died",
        "The function was ended in the middle of its work: {error}.",
        "Lambda tries again by itself. If it happens often, raise summary_lambda_timeout or"
        " summary_lambda_memory_size.",
    ),
    # SAP
    Cause(
        "sap_has_no_record",
        "SAP has no phone call with the reference of this contact.",
        "Was the contact taken with the connector? Do the connector and summary_lambda_reference_format use one form? A"
        " record that comes late is found by the next redrive.",
    ),
    Cause(
        "sap_refuses_credentials",
        "SAP refuses the user or the password of the function.",
        "Correct site_sap_username or site_sap_password and run site.yml, or change the secret. Then run redrive.yml.",
    ),
    Cause(
        "sap_unavailable",
        "SAP does not answer, or answers with errors: {error}.",
        "Look at SAP's status page. Nothing is lost: what waits is sent again every quarter of an hour.",
    ),
    Cause(
        "agents_text_kept",
        "SAP has a text of the agent's in this phone call, and the function keeps such a text.",
        "Nothing is to be done. summary_lambda_transcript_mode says what happens to an agent's text.",
    ),
    Cause(
        "nothing_analysed",
        "{ended} contacts reached an agent, and none was analysed.",
        "Look whether the flows still turn recording and analysis on: trace.yml for one of the contacts tells. Such"
        " contacts are not analysed any more.",
    ),
    Cause(
        "no_events",
        "{analysed} contacts were analysed, and no event of them came, though every part on its way is in order now.",
        "Look at the changes below. The reconciliation sends what was missed, and backfill.yml does it at once.",
    ),
    Cause(
        "summaries_off",
        "{number} contacts have an analysis without a summary and without a reason why, and no other has one:"
        " post-contact summaries are off where they passed.",
        "Turn post-contact summaries on in the flow's block that sets recording and analytics behaviour.",
    ),
    Cause(
        "settings_wrong",
        "The function cannot read its settings: {error}.",
        "Run site.yml, which writes parameters, secret and policy.",
    ),
    Cause(
        "deliveries_fail",
        "{failures} deliveries failed, most of them with {error}.",
        "{help} What failed waits as a dead letter and is sent again every quarter of an hour.",
    ),
    Cause(
        "schedule_disabled",
        "The rule {schedule} is disabled, so nothing is sent again by itself.",
        "Run resume.yml, or site.yml.",
    ),
    Cause(
        "queue_out_of_reach",
        "The queue of dead letters cannot be read ({error}): it is gone, or the maintenance function may not use it.",
        "Run site.yml, which makes the queue and the permission. Then send what was lost meanwhile with backfill.yml.",
    ),
    Cause("no_contacts", "No contact reached an agent since then.", "Nothing is to be done here."),
    Cause("all_in_order", "Every part is in order.", "Nothing is to be done. trace.yml tells about one contact."),
    Cause("delivered", "The summary is in SAP.", "Nothing is to be done."),
    Cause(
        "changed_in_sap",
        "The summary was delivered at {time}, and SAP has another text now.",
        "Somebody has changed the phone call in SAP since. backfill.yml for that day writes the summary again.",
    ),
    Cause(
        "on_its_way",
        "The contact ended {minutes} minutes ago, and everything is in order so far.",
        "Wait, and trace again.",
    ),
    Cause(
        "cannot_tell",
        "It cannot be told, because a part could not be looked at: {reason}.",
        "Ask with credentials that may look at it, or run site.yml if the part does not exist.",
    ),
)
CAUSES = {cause.code: cause for cause in _ALL}

# The function's own reason: an analysis without summary that is too old for one to come (text.py of the function).
SUMMARY_OFF = "SUMMARY_OFF"
# And another one: the contact is older than the settings allow (delivery.py of the function).
BEFORE_START = "BEFORE_START"
# What a failure of the function asks for, by the name of its error class (errors.py of the function).
_HELP = {
    "PhoneCallNotFound": "The phone call is in SAP now.",
    "SapUnauthorized": "SAP accepts the user and the password now.",
    "SapUnavailable": "SAP answers again.",
    "SapThrottled": "SAP answers again.",
    "SapAnswerInvalid": "SAP answers as it should again.",
    "AnalysisNotFound": "The analysis came late.",
    "AwsRefused": "AWS refused a call of the function: the log names it; run site.yml, which writes the policy.",
    "AnalysisInvalid": "The analysis file cannot be read.",
    "SummaryNotReady": "The analysis came without its summary; that is usually a matter of minutes.",
    "ContactNotEnded": "A rule of the analysis in real time matched, and the conversation went on.",
    "SapConflict": "The phone call kept changing in SAP while the function wrote it.",
    "SapRefused": "SAP refuses the request itself: check path and rights of the technical user.",
    "SettingsInvalid": "A parameter, the secret or an environment variable is wrong: run site.yml.",
    "EventInvalid": "The event is not one that the function understands: check the pattern of the EventBridge rule.",
    "NO_PERMISSIONS": "EventBridge was not allowed to call the function: run site.yml.",
}
# Failures of the function that mean the same as what the look at SAP itself may find.
SAP_FAILURES = {
    "PhoneCallNotFound": "sap_has_no_record",
    "SapUnauthorized": "sap_refuses_credentials",
    "SapUnavailable": "sap_unavailable",
    "SapThrottled": "sap_unavailable",
    "SapAnswerInvalid": "sap_unavailable",
}


def help_for(error: str) -> str:
    """Return what to do about an error of the function, in a sentence."""
    return _HELP.get(error, "The function's log tells the step that failed.")
