# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An instance that holds at least two objects of nearly every kind, for tests of all operations."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator.call_site import END
from tests.emulator.call_site import CallSite
from tests.emulator.call_site import action
from tests.emulator.call_site import document
from tests.emulator.call_site import record
from tests.emulator.call_site import to_queue

FLOW = document(END)
RULE_FUNCTION = json.dumps(
    {
        "Version": "2022-11-25",
        "RuleFunction": {
            "Operator": "AND",
            "Operands": [
                {
                    "Operator": "CONTAINS_ANY",
                    "Operands": ["hello"],
                    "ComparisonValue": "$.ContactLens.PostCall.ExactMatch.Transcript",
                }
            ],
        },
    }
)
FUNCTION = "arn:aws:lambda:eu-west-2:111111111111:function:"
MODULE = document(action("back", "EndFlowModuleExecution"))
PHRASES = "Phrase\tIPA\tSoundsLike\tDisplayAs\nBad-Homburg\t\t\tBad Homburg"
TWO = ("one", "two")
BOTS = [{"Name": name, "LexRegion": "eu-west-2"} for name in TWO]
SOUND = ("sounds", "hello.wav")


def fill(emulator: Any, connect: Any, instance: str) -> CallSite:
    """Fill an empty instance through the API, place a call in it, and return the site of the call."""
    site = CallSite(emulator, connect, instance)
    site.events.add_rule()
    site.functions.allow()
    site.deploy(record(), *to_queue(site.queue_arn))
    site.add_rule()
    site.call()
    _fill_centre(connect, instance, site)
    _fill_people(connect, instance, site)
    _fill_flow_parts(emulator, connect, instance)
    _link_others(connect, instance)
    _add_spares(connect, instance, site)
    return site


def _fill_centre(connect: Any, instance: str, site: CallSite) -> None:
    connect.create_contact_flow(InstanceId=instance, Name="Draft", Type="CONTACT_FLOW", Content="{}", Status="SAVED")
    for name in TWO:
        hours = connect.create_hours_of_operation(
            InstanceId=instance,
            Name=name,
            TimeZone="Europe/Berlin",
            Config=[
                {"Day": "MONDAY", "StartTime": {"Hours": 8, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 30}}
            ],
        )["HoursOfOperationId"]
        queue = connect.create_queue(InstanceId=instance, Name=name, HoursOfOperationId=hours, Tags={"kind": name})
        connect.create_routing_profile(
            InstanceId=instance,
            Name=name,
            Description=name,
            DefaultOutboundQueueId=queue["QueueId"],
            MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
            QueueConfigs=[
                {
                    "QueueReference": {"QueueId": queue["QueueId"], "Channel": "VOICE"},
                    "Priority": 1,
                    "Delay": 0,
                }
            ],
        )
        quick = connect.create_quick_connect(
            InstanceId=instance,
            Name=name,
            QuickConnectConfig={
                "QuickConnectType": "PHONE_NUMBER",
                "PhoneConfig": {"PhoneNumber": "+442079460000"},
            },
        )
        connect.associate_queue_quick_connects(
            InstanceId=instance, QueueId=queue["QueueId"], QuickConnectIds=[quick["QuickConnectId"]]
        )
        connect.create_agent_status(InstanceId=instance, Name=name, State="ENABLED")
    connect.create_rule(
        InstanceId=instance,
        Name="draft",
        TriggerEventSource={"EventSourceName": "OnPostCallAnalysisAvailable"},
        Function=RULE_FUNCTION,
        Actions=[{"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}],
        PublishStatus="DRAFT",
    )


def _fill_flow_parts(emulator: Any, connect: Any, instance: str) -> None:
    emulator.buckets[SOUND[0]] = "111111111111"
    emulator.objects[SOUND] = b"RIFF"
    for name, bot in zip(TWO, BOTS, strict=True):
        connect.create_contact_flow_module(InstanceId=instance, Name=name, Content=MODULE, Tags={"kind": name})
        connect.create_vocabulary(InstanceId=instance, VocabularyName=name, LanguageCode="en-GB", Content=PHRASES)
        connect.create_prompt(InstanceId=instance, Name=name, S3Uri=f"s3://{'/'.join(SOUND)}")
        connect.associate_bot(InstanceId=instance, LexBot=bot)


def _add_spares(connect: Any, instance: str, site: CallSite) -> None:
    """Add what nothing else refers to, so that it can be deleted."""
    hours = connect.create_hours_of_operation(InstanceId=instance, Name="spare", TimeZone="UTC", Config=[])
    connect.create_queue(InstanceId=instance, Name="spare", HoursOfOperationId=hours["HoursOfOperationId"])
    connect.create_hours_of_operation(InstanceId=instance, Name="free", TimeZone="UTC", Config=[])
    connect.create_user_hierarchy_group(InstanceId=instance, Name="spare")
    connect.create_routing_profile(
        InstanceId=instance,
        Name="spare",
        Description="spare",
        DefaultOutboundQueueId=site.queue,
        MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}],
    )
    connect.create_integration_association(
        InstanceId=instance,
        IntegrationType="EVENT",
        IntegrationArn="arn:aws:events:eu-west-2:111111111111:event-bus/spare",
    )


def _fill_people(connect: Any, instance: str, site: CallSite) -> None:
    connect.update_user_hierarchy_structure(
        InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "country"}, "LevelTwo": {"Name": "team"}}
    )
    parent: dict[str, str] = {}
    for name in TWO:
        group = connect.create_user_hierarchy_group(InstanceId=instance, Name=name, **parent)["HierarchyGroupId"]
        parent = {"ParentGroupId": group}
        profile = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=name, Permissions=["BasicAgentAccess"]
        )["SecurityProfileId"]
        user = site.make_agent(name)
        connect.update_user_security_profiles(InstanceId=instance, UserId=user, SecurityProfileIds=[profile])
        connect.update_user_hierarchy(InstanceId=instance, UserId=user, HierarchyGroupId=group)
        connect.associate_user_proficiencies(
            InstanceId=instance,
            UserId=user,
            UserProficiencies=[{"AttributeName": "language", "AttributeValue": name, "Level": 3}],
        )


def _link_others(connect: Any, instance: str) -> None:
    for name in TWO:
        connect.associate_approved_origin(InstanceId=instance, Origin=f"https://{name}.example")
        connect.associate_lambda_function(InstanceId=instance, FunctionArn=FUNCTION + name)
        integration = connect.create_integration_association(
            InstanceId=instance,
            IntegrationType="EVENT",
            IntegrationArn=f"arn:aws:events:eu-west-2:111111111111:event-bus/{name}",
        )["IntegrationAssociationId"]
        connect.create_use_case(
            InstanceId=instance, IntegrationAssociationId=integration, UseCaseType="RULES_EVALUATION"
        )
    connect.associate_instance_storage_config(
        InstanceId=instance,
        ResourceType="CONTACT_TRACE_RECORDS",
        StorageConfig={
            "StorageType": "KINESIS_STREAM",
            "KinesisStreamConfig": {"StreamArn": "arn:aws:kinesis:eu-west-2:111111111111:stream/contacts"},
        },
    )
