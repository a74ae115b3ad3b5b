# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import arn
from .harness import run_module
from .harness import unique_id

PROFILE_ID = unique_id(1)
QUEUES = {f"Queue {number:02d}": unique_id(100 + number) for number in range(25)}
FIRST, SECOND = QUEUES["Queue 00"], QUEUES["Queue 01"]
ONLY = {"BehaviorType": "ROUTE_CURRENT_CHANNEL_ONLY"}
ANY = {"BehaviorType": "ROUTE_ANY_CHANNEL"}
VOICE = {"Channel": "VOICE", "Concurrency": 1, "CrossChannelBehavior": ONLY}
CHAT = {"Channel": "CHAT", "Concurrency": 2, "CrossChannelBehavior": ANY}


def sent(queue_id, channel="VOICE", priority=1, delay=0):
    return {"QueueReference": {"QueueId": queue_id, "Channel": channel}, "Priority": priority, "Delay": delay}


class ProfileService(FakeService):
    """An instance called `poc` with the routing profile `Sales`; `profile` is None when there is none."""

    def __init__(self, queues=(), **profile):
        super().__init__()
        self.queues = {self._pair(item): item for item in queues}
        self.profile = {
            "RoutingProfileId": PROFILE_ID,
            "RoutingProfileArn": arn("routing-profile", PROFILE_ID),
            "InstanceId": INSTANCE_ID,
            "Name": "Sales",
            "Description": "Old",
            "DefaultOutboundQueueId": FIRST,
            "MediaConcurrencies": [VOICE, CHAT],
            "AgentAvailabilityTimer": "TIME_SINCE_LAST_ACTIVITY",
            "NumberOfAssociatedUsers": 3,
            "Tags": {},
            **profile,
        }
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListQueues", {"QueueSummaryList": [{"Id": id, "Name": name} for name, id in QUEUES.items()]})
        self.on("ListRoutingProfiles", lambda params: {"RoutingProfileSummaryList": self._summaries()})
        self.on("DescribeRoutingProfile", lambda params: self._describe())
        self.on("SearchRoutingProfiles", lambda params: {"RoutingProfiles": [self.profile] if self.profile else []})
        self.on("ListRoutingProfileQueues", lambda params: self._list_queues())
        self.on("CreateRoutingProfile", self._create)
        for part in ("Name", "DefaultOutboundQueue", "Concurrency", "AgentAvailabilityTimer"):
            self.on(f"UpdateRoutingProfile{part}", self._update)
        self.on("AssociateRoutingProfileQueues", self._set_queues)
        self.on("UpdateRoutingProfileQueues", self._set_queues)
        self.on("DisassociateRoutingProfileQueues", self._remove_queues)
        self.on("TagResource", lambda params: self.profile["Tags"].update(params["tags"]) or {})
        self.on("DeleteRoutingProfile", lambda params: setattr(self, "profile", None) or {})

    def _pair(self, item):
        return item["QueueReference"]["QueueId"], item["QueueReference"]["Channel"]

    def _summaries(self):
        return [{"Id": PROFILE_ID, "Name": self.profile["Name"]}] if self.profile else []

    def _describe(self):
        if self.profile is None:
            raise ServiceError("ResourceNotFoundException", status=404)
        return {"RoutingProfile": self.profile}

    def _list_queues(self):
        names = {id: name for name, id in QUEUES.items()}
        return {
            "RoutingProfileQueueConfigSummaryList": [
                {
                    **item["QueueReference"],
                    "QueueArn": arn("queue", item["QueueReference"]["QueueId"]),
                    "QueueName": names[item["QueueReference"]["QueueId"]],
                    "Priority": item["Priority"],
                    "Delay": item["Delay"],
                }
                for item in self.queues.values()
            ]
        }

    def _create(self, params):
        body = {name: value for name, value in params.items() if name not in ("InstanceId", "QueueConfigs")}
        ids = {"RoutingProfileId": PROFILE_ID, "RoutingProfileArn": arn("routing-profile", PROFILE_ID)}
        self.profile = {"Tags": {}, **body, **ids}
        self._set_queues(params)
        return ids

    def _update(self, params):
        self.profile.update({k: v for k, v in params.items() if k not in ("InstanceId", "RoutingProfileId")})
        return {}

    def _set_queues(self, params):
        configs = params.get("QueueConfigs", [])
        assert len(configs) <= 10
        self.queues.update({self._pair(item): item for item in configs})
        return {}

    def _remove_queues(self, params):
        assert len(params["QueueReferences"]) <= 10
        for reference in params["QueueReferences"]:
            del self.queues[(reference["QueueId"], reference["Channel"])]
        return {}


def empty_service():
    service = ProfileService()
    service.profile = None
    return service


def profile(service, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "name": "Sales", **options}
    return run_module("connect_routing_profile", service, check_mode=check_mode, **options)


NEW = {
    "description": "Sales team",
    "default_outbound_queue": "Queue 00",
    "media_concurrencies": [{"channel": "VOICE", "concurrency": 1}],
}
FULL = {
    **NEW,
    "media_concurrencies": [
        {"channel": "VOICE", "concurrency": 1},
        {"channel": "CHAT", "concurrency": 2, "cross_channel_behavior": "ROUTE_ANY_CHANNEL"},
    ],
    "queue_configs": [
        {"queue": "Queue 01", "channel": "CHAT", "priority": 2, "delay": 30},
        {"queue": "Queue 00", "channel": "VOICE"},
    ],
    "agent_availability_timer": "TIME_SINCE_LAST_INBOUND",
    "tags": {"environment": "poc"},
}


def test_create_sends_all_options():
    service = empty_service()
    result = profile(service, **FULL)
    assert service.writes() == [
        (
            "CreateRoutingProfile",
            {
                "InstanceId": INSTANCE_ID,
                "Name": "Sales",
                "Description": "Sales team",
                "DefaultOutboundQueueId": FIRST,
                "MediaConcurrencies": [CHAT, VOICE],
                "QueueConfigs": [sent(FIRST), sent(SECOND, "CHAT", 2, 30)],
                "AgentAvailabilityTimer": "TIME_SINCE_LAST_INBOUND",
                "Tags": {"environment": "poc"},
            },
        )
    ]
    assert result["routing_profile"]["id"] == PROFILE_ID


@pytest.mark.parametrize("options", [NEW, FULL])
def test_check_mode_predicts_what_create_returns_and_writes_nothing(options):
    planned = empty_service()
    prediction = profile(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = empty_service()
    result = profile(service, **options)
    assert prediction["changed"] is result["changed"] is True
    assert prediction["routing_profile"] == {**result["routing_profile"], "id": None, "arn": None}
    assert not profile(service, check_mode=True, **options)["changed"]
    assert not profile(service, **options)["changed"]


IDS = {"InstanceId": INSTANCE_ID, "RoutingProfileId": PROFILE_ID}


@pytest.mark.parametrize(
    ("queues", "options", "writes"),
    [
        (
            [],
            {"description": "New"},
            [("UpdateRoutingProfileName", {"Name": "Sales", "Description": "New"})],
        ),
        (
            [],
            {"default_outbound_queue": "Queue 01"},
            [("UpdateRoutingProfileDefaultOutboundQueue", {"DefaultOutboundQueueId": SECOND})],
        ),
        (
            [],
            {"agent_availability_timer": "TIME_SINCE_LAST_INBOUND"},
            [("UpdateRoutingProfileAgentAvailabilityTimer", {"AgentAvailabilityTimer": "TIME_SINCE_LAST_INBOUND"})],
        ),
        (
            [],
            {"media_concurrencies": [{"channel": "TASK", "concurrency": 5}, {"channel": "CHAT", "concurrency": 3}]},
            [
                (
                    "UpdateRoutingProfileConcurrency",
                    {
                        "MediaConcurrencies": [
                            {**CHAT, "Concurrency": 3},
                            {"Channel": "TASK", "Concurrency": 5, "CrossChannelBehavior": ONLY},
                        ]
                    },
                )
            ],
        ),
        (
            [sent(FIRST)],
            {"queue_configs": [{"queue": "Queue 01", "channel": "VOICE"}]},
            [("AssociateRoutingProfileQueues", {"QueueConfigs": [sent(SECOND)]})],
        ),
        (
            [sent(FIRST, delay=5), sent(SECOND)],
            {"queue_configs": [{"queue": "Queue 00", "channel": "VOICE", "priority": 7}]},
            [("UpdateRoutingProfileQueues", {"QueueConfigs": [sent(FIRST, priority=7, delay=5)]})],
        ),
        (
            [sent(FIRST), sent(FIRST, "CHAT"), sent(SECOND)],
            {
                "queue_configs": [{"queue": "Queue 00", "channel": "CHAT"}, {"queue": "Queue 02", "channel": "CHAT"}],
                "purge_queue_configs": True,
            },
            [
                (
                    "DisassociateRoutingProfileQueues",
                    {
                        "QueueReferences": [
                            {"QueueId": FIRST, "Channel": "VOICE"},
                            {"QueueId": SECOND, "Channel": "VOICE"},
                        ]
                    },
                ),
                ("AssociateRoutingProfileQueues", {"QueueConfigs": [sent(QUEUES["Queue 02"], "CHAT")]}),
            ],
        ),
        (
            [sent(FIRST)],
            {"queue_configs": [], "purge_queue_configs": True},
            [("DisassociateRoutingProfileQueues", {"QueueReferences": [{"QueueId": FIRST, "Channel": "VOICE"}]})],
        ),
    ],
)
def test_change_of_one_property(queues, options, writes):
    planned = ProfileService(queues)
    prediction = profile(planned, check_mode=True, **options)
    assert planned.writes() == []
    service = ProfileService(queues)
    result = profile(service, **options)
    assert service.writes() == [(name, {**IDS, **params}) for name, params in writes]
    assert prediction["changed"] is result["changed"] is True
    assert prediction["routing_profile"] == result["routing_profile"]
    assert prediction["diff"] == result["diff"]
    assert not profile(service, **options)["changed"]


def test_a_queue_leaves_before_its_channel_and_comes_after_it():
    service = ProfileService([sent(FIRST)])
    profile(
        service,
        media_concurrencies=[{"channel": "TASK", "concurrency": 5}],
        queue_configs=[{"queue": "Queue 00", "channel": "TASK"}],
        purge_queue_configs=True,
    )
    assert [name for name, _params in service.writes()] == [
        "DisassociateRoutingProfileQueues",
        "UpdateRoutingProfileConcurrency",
        "AssociateRoutingProfileQueues",
    ]


def test_limits_per_type_of_work_are_kept():
    work = {"WorkloadTypeConcurrencies": [{"WorkloadType": "Order", "Concurrency": 1}]}
    service = ProfileService(MediaConcurrencies=[VOICE, {**CHAT, **work}])
    profile(service, media_concurrencies=FULL["media_concurrencies"] + [{"channel": "TASK", "concurrency": 1}])
    assert {**CHAT, **work} in service.profile["MediaConcurrencies"]


def test_queues_go_ten_at_a_time():
    options = {**NEW, "queue_configs": [{"queue": name, "channel": "VOICE"} for name in QUEUES]}
    service = empty_service()
    assert len(profile(service, **options)["routing_profile"]["queue_configs"]) == 25
    sizes = [(name, len(params["QueueConfigs"])) for name, params in service.writes()]
    associate = "AssociateRoutingProfileQueues"
    assert sizes == [("CreateRoutingProfile", 10), (associate, 10), (associate, 5)]
    service.calls.clear()
    profile(service, queue_configs=[{"queue": name, "channel": "VOICE", "delay": 1} for name in QUEUES])
    assert [name for name, _params in service.writes()] == ["UpdateRoutingProfileQueues"] * 3
    service.calls.clear()
    profile(service, queue_configs=[], purge_queue_configs=True)
    assert [name for name, _params in service.writes()] == ["DisassociateRoutingProfileQueues"] * 3
    assert service.queues == {}


@pytest.mark.parametrize(
    ("options", "requests"),
    [
        ({}, []),
        ({"media_concurrencies": [{"channel": "CHAT", "concurrency": 2}, {"channel": "VOICE", "concurrency": 1}]}, []),
        ({"default_outbound_queue": FIRST}, []),
        ({"queue_configs": []}, ["ListRoutingProfileQueues"]),
        ({"queue_configs": [{"queue": FIRST, "channel": "VOICE"}]}, ["ListRoutingProfileQueues"]),
    ],
)
def test_no_change_in_a_few_requests(options, requests):
    service = ProfileService([sent(FIRST, priority=3), sent(SECOND)])
    assert not profile(service, **options)["changed"]
    assert service.operations() == ["ListRoutingProfiles", "DescribeRoutingProfile", *requests]


def test_tags():
    service = ProfileService(Tags={"owner": "ops"})
    result = profile(service, tags={"environment": "poc"})
    assert result["routing_profile"]["tags"] == {"owner": "ops", "environment": "poc"}


def test_absent():
    service = ProfileService()
    planned = profile(service, check_mode=True, state="absent")
    assert service.writes() == []
    result = profile(service, state="absent")
    assert service.writes() == [("DeleteRoutingProfile", IDS)]
    assert planned["changed"] is result["changed"] is True
    assert planned["routing_profile"] is result["routing_profile"] is None
    assert not profile(service, state="absent")["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"media_concurrencies": [{"channel": "VOICE", "concurrency": 1}, {"channel": "VOICE", "concurrency": 2}]},
            "Failed to set routing profile 'Sales': media_concurrencies has VOICE twice",
        ),
        (
            {"queue_configs": [{"queue": "Queue 00", "channel": "CHAT"}, {"queue": FIRST, "channel": "CHAT"}]},
            "Failed to set routing profile 'Sales': queue_configs has queue 'Queue 00' twice for CHAT",
        ),
        (
            {"queue_configs": [{"queue": "queue 0", "channel": "CHAT"}]},
            "No queue 'queue 0' in the instance, which routing profile 'Sales' names (did you mean ",
        ),
    ],
)
def test_wrong_options(options, message):
    service = ProfileService()
    assert profile(service, **options)["msg"].startswith(message)
    assert service.writes() == []


def test_new_profile_needs_options():
    assert profile(empty_service(), check_mode=True)["msg"] == (
        "Failed to create routing profile 'Sales': it does not exist yet, so give description, default_outbound_queue, "
        "media_concurrencies"
    )


def test_profile_in_use():
    service = ProfileService().fail("DeleteRoutingProfile", "ResourceInUseException", status=409, message="Used by x")
    result = profile(service, state="absent")
    assert result["msg"] == "Failed to delete routing profile 'Sales': Used by x (ResourceInUseException)"


def test_plan_on_an_empty_account():
    service = ProfileService().on("ListInstances", {"InstanceSummaryList": []})
    result = profile(service, check_mode=True, instance="poc", **FULL)
    assert [item["queue_id"] for item in result["routing_profile"]["queue_configs"]] == ["Queue 00", "Queue 01"]
    assert service.operations() == ["ListInstances"]


def test_info_returns_one_or_all():
    service = ProfileService([sent(FIRST, priority=3)])
    one = run_module("connect_routing_profile_info", service, instance="poc", name="Sales")["routing_profiles"]
    every = run_module("connect_routing_profile_info", service, instance="poc")["routing_profiles"]
    assert one == every
    assert one[0]["queue_configs"] == [{"queue_id": FIRST, "channel": "VOICE", "priority": 3, "delay": 0}]
    assert run_module("connect_routing_profile_info", service, instance="poc", name="X")["routing_profiles"] == []


def test_info_leaves_out_what_was_deleted_since_it_was_found():
    service = ProfileService().fail("ListRoutingProfileQueues", "ResourceNotFoundException", status=404)
    assert run_module("connect_routing_profile_info", service, instance="poc")["routing_profiles"] == []


def test_info_of_a_profile_without_channels():
    profile = {"RoutingProfileId": unique_id(1), "Name": "Empty"}
    service = FakeService().on("SearchRoutingProfiles", {"RoutingProfiles": [profile]})
    service.on("ListRoutingProfileQueues", {"RoutingProfileQueueConfigSummaryList": []})
    (found,) = run_module("connect_routing_profile_info", service, instance=INSTANCE_ID)["routing_profiles"]
    assert found["media_concurrencies"] == []
