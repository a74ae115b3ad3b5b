# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a contact leaves behind: its record, its events, recording and analysis, and what rules make of them."""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from . import contact_lens
from . import events
from . import rule_evaluation
from . import timers
from .simulation import Call
from .simulation import seconds_of
from .state import Record
from .world import find

DEFAULT_TRANSCRIPT = (
    ("AGENT", "Thank you for calling. How can I help you?"),
    ("CUSTOMER", "I have a question about my order."),
    ("AGENT", "I have found it. It is on its way."),
    ("CUSTOMER", "Thank you, goodbye."),
)


def new_record(call: Call) -> Record:
    """Keep the contact from now on, so that the service's operations find it."""
    contact = call.contact
    arn = call.context.arn(call.instance, "contact", contact.id)
    data = {
        "InitialContactId": call.initial_contact_id or contact.id,
        "PreviousContactId": call.previous_contact_id,
        "InitiationMethod": contact.initiation_method,
        "Channel": contact.channel,
        "InitiationTimestamp": call.started_at,
        "ConnectedToSystemTimestamp": call.started_at,
        "LastUpdateTimestamp": call.started_at,
        "Attributes": dict(contact.attributes),
        "CustomerEndpoint": _endpoint(contact.customer_address),
        "SystemEndpoint": _endpoint(contact.system_address),
    }
    return call.instance.store("contacts").create(Record(id=contact.id, arn=arn, data=data))


def _endpoint(address: str | None) -> dict[str, str] | None:
    return {"Type": "TELEPHONE_NUMBER", "Address": address} if address else None


def finish_record(call: Call, record: Record) -> None:
    """Write down how the contact went, once it is over."""
    contact = call.contact
    record.data |= {
        "Attributes": dict(contact.attributes),
        "DisconnectTimestamp": call.disconnected_at,
        "LastUpdateTimestamp": call.disconnected_at,
        "DisconnectReason": call.disconnect_reason,
        **{name: value for name, value in contact.details.items() if name in ("Name", "Description", "CustomerId")},
    }
    if call.enqueued_at and contact.queue:
        record.data["QueueInfo"] = {"Id": contact.queue.id, "EnqueueTimestamp": call.enqueued_at}
        record.data["QueuePriority"] = contact.priority
    if call.connected and call.agent and call.disconnected_at:
        record.data["AgentInfo"] = {
            "Id": call.agent.id,
            "AcceptedByAgentTimestamp": call.accepted_at or call.connected_at,
            "ConnectedToAgentTimestamp": call.connected_at,
            "AfterContactWorkStartTimestamp": call.disconnected_at,
            "AgentInitiatedHoldDuration": int(sum(call.hold_seconds)),
        }
        if call.wrap_up_seconds is not None:
            end_of_work = call.disconnected_at + timedelta(seconds=call.wrap_up_seconds)
            record.data["AgentInfo"] |= {
                "AfterContactWorkEndTimestamp": end_of_work,
                "AfterContactWorkDuration": int(call.wrap_up_seconds),
            }


async def end(call: Call, record: Record) -> dict[str, Any]:
    """Finish the record of a contact that is over and send its contact events.

    :return: what became of it, for `keep` to go on with; the members are those of the answer of ``POST calls``
    """
    finish_record(call, record)
    contact = call.contact
    return {
        "contact_id": contact.id,
        "path": call.path,
        "hook_paths": call.hook_paths,
        "attributes": contact.attributes,
        "queue": contact.queue.name if contact.queue and contact.enqueued else None,
        "agent": call.agent.name if call.agent and call.connected else None,
        "disconnect_reason": call.disconnect_reason,
        "recording_analysis": asdict(contact.recording),
        "messages": contact.messages,
        "files": [],
        "bucket": None,
        "matched_rules": [],
        "events": [],
        "deliveries": [],
        "contact_events": await _tell_steps(call, record),
        "sap_phone_call_id": None,
        "problems": [],
    }


async def _tell_steps(call: Call, record: Record) -> list[dict[str, Any]]:
    """Send the contact events; return each with what became of it as ``{event, deliveries}``."""
    found = events.contact_events(call.context, call.instance, record, call.contact.queue)
    delivered = await events.deliver(call.context, *found)
    return [{"event": event, "deliveries": deliveries} for event, deliveries in zip(found, delivered, strict=True)]


async def keep(call: Call, record: Record, answer: dict[str, Any]) -> None:
    """Write recording and analysis of a contact that an agent had, evaluate the rules and deliver their events.

    The request may ask that all of this happens later (``analysis_delay``), that the analysis file comes after the
    event (``file_delay``), or that it has no summary at first (``summary_delay``): inferred, connect-api 12.3.
    """
    delay = seconds_of(call.request, "analysis_delay", 0.0)
    if delay:
        timers.schedule(call.instance, delay, partial(analyse, call, record, answer))
    else:
        await analyse(call, record, answer)


async def analyse(call: Call, record: Record, answer: dict[str, Any]) -> None:
    """Do now what `keep` does in its time."""
    conversation = _conversation(call)
    config = contact_lens.storage_config(call.instance, conversation.channel)
    if config is None:
        return
    answer["bucket"] = config["BucketName"]
    recordings = contact_lens.recording_files(conversation, config.get("BucketPrefix") or "")
    record.data["Recordings"] = [
        {
            "StorageType": "S3",
            "Location": f"{config['BucketName']}/{file.key}",
            "MediaStreamType": "AUDIO",
            "ParticipantType": "ALL",
            "StartTimestamp": call.connected_at,
            "StopTimestamp": call.disconnected_at,
            "Status": "AVAILABLE",
        }
        for file in recordings
        if file.content_type == "audio/wav"
    ]
    matched: list[Record] = []
    categories: list[str] = []
    analysis: list[contact_lens.StoredFile] = []
    analysed, failure = contact_lens.is_analysed(call.instance, conversation), call.request.get("analysis_failure")
    if analysed and not failure:
        matched = _matched_rules(call, conversation)
        categories = [rule.name or "" for rule in matched]
        analysis = contact_lens.analysis_files(conversation, categories)
    try:
        await contact_lens.store(call.context, config, recordings)
        await _store_analysis(call, config, conversation, analysis, categories)
    except (BotoCoreError, ClientError) as error:
        # Without its recording a contact is not analysed, and no rule sees it.
        answer["problems"].append(f"Nothing could be stored in {config['BucketName']}: {error}")
        return
    answer["files"] = [file.key for file in recordings + analysis]
    answer["matched_rules"] = [rule.name for rule in matched]
    if analysed and failure:
        await _send(call, events.analysis_failed_event(call.context, call.instance, record, failure), answer)
    for rule in matched:
        await _act(call, rule, answer)


async def _store_analysis(
    call: Call,
    config: dict[str, Any],
    conversation: contact_lens.Conversation,
    files: list[contact_lens.StoredFile],
    categories: list[str],
) -> None:
    """Store the analysis, at once or as late as the request says."""
    file_delay, summary_delay = (seconds_of(call.request, name, 0.0) for name in ("file_delay", "summary_delay"))
    steps = [(file_delay, files)]
    if summary_delay and files:
        pending = replace(conversation, summary_pending=True)
        first = contact_lens.analysis_files(pending, categories)
        steps = [(file_delay, first), (file_delay + summary_delay, files)]
    for delay, step in steps:
        if delay:
            timers.schedule(call.instance, delay, partial(contact_lens.store, call.context, config, step))
        else:
            await contact_lens.store(call.context, config, step)


def _conversation(call: Call) -> contact_lens.Conversation:
    transcript = call.transcript or call.request.get("transcript") or DEFAULT_TRANSCRIPT
    return contact_lens.Conversation(
        contact_id=call.contact.id,
        channel=call.contact.channel,
        account=call.context.account,
        connected_at=call.connected_at,
        seconds=(call.disconnected_at - call.connected_at).total_seconds(),
        recording=call.contact.recording,
        summary=call.request.get("summary"),
        summary_failure=call.request.get("summary_failure", contact_lens.Conversation.summary_failure),
        transcript=tuple((role, text) for role, text in transcript),
    )


def _matched_rules(call: Call, conversation: contact_lens.Conversation) -> list[Record]:
    facts = _facts(call, conversation)
    sources = _sources(conversation)
    return [
        rule
        for rule in call.instance.store("rules").everything()
        if rule.data["PublishStatus"] == "PUBLISHED"
        and rule.data["TriggerEventSource"]["EventSourceName"] in sources
        and rule_evaluation.matches(rule.data["Function"], rule.data["TriggerEventSource"]["EventSourceName"], facts)
    ]


def _sources(conversation: contact_lens.Conversation) -> set[str]:
    """Return the event sources of the analysis: in real time also means after the contact."""
    if conversation.channel == "CHAT":
        return {"OnPostChatAnalysisAvailable", "OnRealTimeChatAnalysisAvailable"}
    real_time = {"OnRealTimeCallAnalysisAvailable"} if "RealTime" in conversation.recording.modes else set()
    return {"OnPostCallAnalysisAvailable"} | real_time


def _facts(call: Call, conversation: contact_lens.Conversation) -> rule_evaluation.Facts:
    contact, agent = call.contact, call.agent
    fields: dict[str, list[str] | float] = {
        "InitiationMethod": [contact.initiation_method],
        "DisconnectReason": [call.disconnect_reason],
        "Agent.AfterContactWorkDurationSecs": call.wrap_up_seconds or 0.0,
        "Agent.AgentInteractionDurationSecs": conversation.seconds,
        "Agent.CustomerHoldDurationPct": 100.0 * sum(call.hold_seconds) / max(conversation.seconds, 1.0),
        "Agent.CustomerHoldDurationSecs": sum(call.hold_seconds),
        "Agent.LongestHoldDurationSecs": max(call.hold_seconds, default=0.0),
        "Agent.NonTalkTimePct": 0.0,
        "Agent.NumberOfHolds": float(len(call.hold_seconds)),
        "Interruptions.Instances": 0.0,
        "Loudness.HighestLoudnessScore": 70.0,
        "NonTalkTime.LongestTimeSecs": 0.0,
        "NonTalkTime.TotalTimeSecs": 0.0,
        "Sentiment.OverallScore": 0.0,
        "Sentiment.Score.Beginning": 0.0,
        "Sentiment.Score.End": 0.0,
        "Sentiment.State": ["NEUTRAL"],
        "TalkTime.TotalTimeSecs": conversation.seconds,
    }
    if contact.queue and contact.enqueued:
        fields["Queue.QueueId"] = [contact.queue.id]
    if agent:
        profile = find(call.instance, "routing_profiles", agent.data["RoutingProfileId"])
        fields["Agent.AgentId"] = [agent.id]
        fields["Agent.RoutingProfile"] = [profile.id, profile.arn] if profile else []
    fields |= {f"ContactAttribute.{name}": [value] for name, value in contact.attributes.items()}
    return rule_evaluation.Facts(fields=fields, transcript=conversation.transcript)


async def _act(call: Call, rule: Record, answer: dict[str, Any]) -> None:
    for action in rule.data["Actions"]:
        if action["ActionType"] != "GENERATE_EVENTBRIDGE_EVENT":
            continue
        event = events.rule_matched_event(
            call.context,
            call.instance,
            rule=rule,
            action_name=action["EventBridgeAction"]["Name"],
            contact_id=call.contact.id,
            agent_id=call.agent.id if call.agent else None,
            queue=call.contact.queue,
        )
        await _send(call, event, answer)


async def _send(call: Call, event: dict[str, Any], answer: dict[str, Any]) -> None:
    answer["events"].append(event)
    answer["deliveries"] += (await events.deliver(call.context, event))[0]
