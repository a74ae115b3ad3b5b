# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diagnosis: figures since a time, the first broken link, what was changed."""

from __future__ import annotations

import io
import json
from datetime import UTC
from datetime import datetime

import pytest
from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.errors import ConnectError
from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries.diagnosis import moment_of

from .harness import INSTANCE_ID
from .harness import run_module
from .harness import unique_id
from .test_summary_trace import EVENT_RULE
from .test_summary_trace import FUNCTION
from .test_summary_trace import MAINTENANCE
from .test_summary_trace import Contact
from .test_summary_trace import minutes_ago

SECRET = "Secret-c4c-password"
SCHEDULES = ["poc-summary-redrive", "poc-summary-reconcile"]
NOW = datetime(2026, 11, 29, 14, 30, tzinfo=UTC)


class Centre(Contact):
    """A contact centre whose summaries all arrive; a test changes one thing about it."""

    def __init__(self):
        super().__init__()
        self.ended_contacts = {"VOICE": 12, "CHAT": 0}
        self.analysed = 12
        self.figures = {
            ("Invocations", EVENT_RULE): 12,
            ("Invocations", FUNCTION): 13,
            ("SummariesDelivered", "poc"): 10,
            ("ContactsSkipped", "poc"): 2,
            ("ContactsSkipped", "INSUFFICIENT_CONVERSATION_CONTENT"): 2,
        }
        self.function |= {
            "LastModified": "2026-01-01T00:00:00.000+0000",
            "Role": "arn:aws:iam::111122223333:role/summaries",
            "Environment": {
                "Variables": {
                    "ENVIRONMENT_NAME": "poc",
                    "SSM_PARAM_ROOT_NAME": "SAP-C4C-connect-poc",
                    "SECRET_PARAM_C4C_PASSWORD": SECRET,
                    "METRICS_NAMESPACE": "AmazonConnectSAP",
                }
            },
        }
        self.secret_changed = self.parameter_changed = datetime(2026, 1, 1, tzinfo=UTC)
        self.trail = []
        self.schedules = dict.fromkeys(SCHEDULES, "ENABLED")
        self.probe = {
            "action": "probe",
            "steps": [{"step": "settings", "state": "ok"}, {"step": "list", "state": "ok"}],
            "sap": {"state": "ok", "error": None},
            "dead_letters": {"state": "ok", "count": 0, "reasons": {}},
        }

    def nothing_arrives(self):
        self.figures = {}

    def sap_fails_with(self, error):
        self.figures = {
            ("Invocations", EVENT_RULE): 12,
            ("Invocations", FUNCTION): 36,
            ("Errors", FUNCTION): 36,
            ("DeliveryFailures", "poc"): 36,
            ("DeliveryFailures", error): 36,
        }
        self.probe |= {
            "sap": {"state": "error", "error": error},
            "steps": [{"step": "sign_in", "state": "error", "error": error, "message": None}],
            "dead_letters": {"state": "ok", "count": 12, "reasons": {error: 12}},
        }

    def service(self):
        service = super().service()
        service.on("SearchContacts", self._search)
        service.on("ListInstanceStorageConfigs", {"StorageConfigs": [self._storage()]})
        service.on("ListObjectsV2", self._list_objects)
        service.on("GetMetricData", self._metric_data)
        service.on("ListMetrics", self._list_metrics)
        service.on("DescribeSecret", {"Name": SECRET, "LastChangedDate": self.secret_changed})
        service.on("DescribeParameters", {"Parameters": [self._parameter("c4c-base-url")]})
        service.on("LookupEvents", {"Events": self.trail})
        return service

    def diagnose(self, service=None, **options):
        result = run_module(
            "summary_diagnosis_info",
            service or self.service(),
            **{
                "instance": INSTANCE_ID,
                "since": minutes_ago(120).isoformat(),
                "function_name": FUNCTION,
                "maintenance_function_name": MAINTENANCE,
                "event_rule_name": EVENT_RULE,
                "schedule_rule_names": SCHEDULES,
                **options,
            },
        )
        assert not result.get("failed"), result
        return result["diagnosis"]

    def _search(self, params):
        (channel,) = params["SearchCriteria"]["Channels"]
        return {"Contacts": [], "TotalCount": self.ended_contacts[channel]}

    def _storage(self):
        return {"StorageType": "S3", "S3Config": {"BucketName": "recordings", "BucketPrefix": "connect"}}

    def _list_objects(self, params):
        today = f"Analysis/Voice/{datetime.now(UTC):%Y/%m/%d}/"
        if params["Prefix"] != today:
            return {}
        keys = [f"{today}{unique_id(number)}_analysis_2026-11-29T10:00:00Z.json" for number in range(self.analysed)]
        written = [{"Key": key, "LastModified": minutes_ago(60)} for key in keys]
        old = {"Key": f"{today}{unique_id(99)}_analysis_2026-11-29T01:00:00Z.json", "LastModified": minutes_ago(600)}
        return {"Contents": [*written, old, {"Key": f"{today}other.json", "LastModified": minutes_ago(60)}]}

    def _metric_data(self, params):
        results = []
        for query in params["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            dimensions = {item["Name"]: item["Value"] for item in metric["Dimensions"]}
            which = dimensions.get("Reason") or next(iter(dimensions.values()))
            number = self.figures.get((metric["MetricName"], which), 0)
            results.append({"Id": query["Id"], "Values": [number - 1.0, 1.0] if number else []})
        return {"MetricDataResults": results}

    def _list_metrics(self, params):
        assert params["Dimensions"] == [{"Name": "Environment", "Value": "poc"}]
        reasons = [
            which for metric, which in self.figures if metric == params["MetricName"] and which not in ("poc", FUNCTION)
        ]
        own = {"Name": "Environment", "Value": "poc"}
        metrics = [[own], *([own, {"Name": "Reason", "Value": reason}] for reason in reasons)]
        return {"Metrics": [{"MetricName": params["MetricName"], "Dimensions": metric} for metric in metrics]}

    def _parameter(self, name):
        return {"Name": f"/SAP-C4C-connect-poc/poc/{name}", "LastModifiedDate": self.parameter_changed}

    def _describe_rule(self, params):
        if params.get("Name") in self.schedules:
            return {"Name": params["Name"], "State": self.schedules[params["Name"]]}
        return super()._describe_rule(params)

    def _inspect(self, params):
        assert json.loads(params["Payload"]) == {"action": "probe"}
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(self.probe).encode())}


@pytest.fixture
def centre():
    return Centre()


def contact_lens_off(centre):
    centre.contact_lens = "false"


def nothing_analysed(centre):
    centre.analysed = 0
    centre.nothing_arrives()


def rule_a_draft(centre):
    centre.rules[0]["status"] = "DRAFT"
    centre.nothing_arrives()


def event_rule_disabled(centre):
    centre.event_rule["State"] = "DISABLED"
    centre.nothing_arrives()


def pattern_of_another_type(centre):
    centre.pattern["detail-type"] = ["Contact Lens Post Chat Rules Matched"]
    centre.nothing_arrives()


def no_permission(centre):
    centre.source_arn = "arn:aws:events:eu-west-2:111122223333:rule/other"
    centre.nothing_arrives()


def events_stay_away(centre):
    centre.nothing_arrives()


def only_the_reconciliation_sends(centre):
    centre.nothing_arrives()
    centre.figures = {("Invocations", FUNCTION): 12, ("SummariesMissing", "poc"): 12, ("SummariesDelivered", "poc"): 12}


def summaries_off(centre):
    centre.figures |= {("SummariesDelivered", "poc"): 0, ("ContactsSkipped", "SUMMARY_OFF"): 10}


def paused(centre):
    centre.concurrency = {"ReservedConcurrentExecutions": 0}


def sap_away(centre):
    centre.sap_fails_with("SapUnavailable")


def password_changed(centre):
    centre.sap_fails_with("SapUnauthorized")


def settings_wrong(centre):
    step = {"step": "settings", "state": "error", "error": "SettingsInvalid", "message": "No value in c4c-base-url"}
    centre.probe["steps"] = [step]


def queue_gone(centre):
    step = {"step": "queue", "state": "error", "error": "AwsRefused", "message": None}
    centre.probe |= {"steps": [step], "dead_letters": {"count": None, "reasons": {}}}


def another_failure(centre):
    centre.sap_fails_with("SapRefused")
    centre.probe |= {"sap": {"state": "ok", "error": None}, "steps": []}


def schedule_disabled(centre):
    centre.schedules["poc-summary-reconcile"] = "DISABLED"


def nobody_called(centre):
    centre.ended_contacts, centre.analysed = {"VOICE": 0, "CHAT": 0}, 0
    centre.nothing_arrives()


CAUSES = {
    contact_lens_off: "contact_lens_disabled",
    nothing_analysed: "nothing_analysed",
    rule_a_draft: "contact_lens_rule_unpublished",
    event_rule_disabled: "event_rule_disabled",
    pattern_of_another_type: "event_rule_does_not_match",
    no_permission: "permission_missing",
    events_stay_away: "no_events",
    only_the_reconciliation_sends: "no_events",
    summaries_off: "summaries_off",
    paused: "delivery_paused",
    sap_away: "sap_unavailable",
    password_changed: "sap_refuses_credentials",
    settings_wrong: "settings_wrong",
    another_failure: "deliveries_fail",
    queue_gone: "queue_out_of_reach",
    schedule_disabled: "schedule_disabled",
    nobody_called: "no_contacts",
}


@pytest.mark.parametrize(("change", "code"), CAUSES.items(), ids=[change.__name__ for change in CAUSES])
def test_first_broken_link(centre, change, code):
    change(centre)
    diagnosis = centre.diagnose()
    assert diagnosis["cause"] == code
    none = "none. " if code == "no_contacts" else ""
    assert diagnosis["lines"][-2:] == [
        f"First broken link: {none}{diagnosis['sentence']}",
        f"What to do: {diagnosis['remedy']}",
    ]
    assert "{" not in "\n".join(diagnosis["lines"])


def test_of_many_contacts_it_is_not_known_that_sap_has_phone_calls_by_now(centre):
    centre.sap_fails_with("PhoneCallNotFound")
    centre.probe |= {"sap": {"state": "ok", "error": None}, "steps": []}
    diagnosis = centre.diagnose()
    assert (diagnosis["cause"], "PhoneCallNotFound" in diagnosis["sentence"]) == ("deliveries_fail", True)
    assert "summary_lambda_reference_format" in diagnosis["remedy"]


def test_all_in_order(centre):
    diagnosis = centre.diagnose()
    assert diagnosis["cause"] == "all_in_order"
    assert diagnosis["problems"] == []
    assert diagnosis["counts"] == {
        "ended": {"VOICE": 12, "CHAT": 0},
        "analysed": {"VOICE": 12, "CHAT": 0},
        "events": 12,
        "events_failed": 0,
        "invocations": 13,
        "errors": 0,
        "throttles": 0,
        "delivered": 10,
        "skipped": 2,
        "failures": 0,
        "found_missing": 0,
        "dead_letters": 0,
    }
    assert diagnosis["skipped"] == {"INSUFFICIENT_CONVERSATION_CONTENT": 2}
    assert "Probe of calls: every part would let them pass" in diagnosis["lines"]
    assert {name for name, _params in centre_writes(centre)} == {"Invoke", "LookupEvents"}


def centre_writes(centre):
    service = centre.service()
    centre.diagnose(service, check_mode=True)
    return service.writes()


def test_chats_are_probed_where_a_rule_serves_them(centre):
    centre.rules[0]["source"] = "OnPostChatAnalysisAvailable"
    diagnosis = centre.diagnose()
    assert list(diagnosis["probe"]) == ["CHAT"]
    assert diagnosis["cause"] == "event_rule_does_not_match"


def test_changes_are_told_without_who_made_them(centre):
    """Those of the last day before the time count: what broke it may have been changed a little earlier."""
    centre.secret_changed = minutes_ago(130)
    centre.parameter_changed = minutes_ago(60 * 24 * 9)
    document = {"requestParameters": {"name": EVENT_RULE}, "userIdentity": {"userName": "miller"}}
    other = {"requestParameters": {"name": "somebody-elses-rule"}}
    centre.trail = [
        {"EventName": "DisableRule", "EventTime": minutes_ago(90), "CloudTrailEvent": json.dumps(document)},
        {"EventName": "DisableRule", "EventTime": minutes_ago(80), "CloudTrailEvent": json.dumps(other)},
        {
            "EventName": "UpdateFunctionConfiguration20150331v2",
            "EventTime": minutes_ago(70),
            "CloudTrailEvent": json.dumps({"requestParameters": {"functionName": FUNCTION}}),
        },
    ]
    diagnosis = centre.diagnose()
    assert [change["what"] for change in diagnosis["changes"]] == [
        f"the secret {SECRET} was changed",
        "the Contact Lens rule SAPPostCallAnalytics was changed",
        f"an EventBridge rule was disabled ({EVENT_RULE})",
        f"the configuration of a function was changed ({FUNCTION})",
    ]
    assert "miller" not in json.dumps(diagnosis)


def test_waiting_dead_letters_by_reason(centre):
    centre.sap_fails_with("SapUnavailable")
    diagnosis = centre.diagnose()
    assert (diagnosis["counts"]["dead_letters"], diagnosis["waiting"]) == (12, {"SapUnavailable": 12})
    assert diagnosis["failures"] == {"SapUnavailable": 36}
    assert "dead letters that wait: 12 (12 SapUnavailable)" in diagnosis["lines"]


@pytest.mark.parametrize(
    "operation", ["SearchContacts", "ListObjectsV2", "GetMetricData", "LookupEvents", "DescribeSecret", "Invoke"]
)
def test_a_part_that_may_not_be_looked_at(centre, operation):
    service = centre.service().fail(operation, "AccessDeniedException", status=403, message="No.")
    diagnosis = centre.diagnose(service)
    assert diagnosis["cause"] == "cannot_tell"
    assert len(diagnosis["problems"]) == 1 and "AccessDeniedException" in diagnosis["problems"][0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("09:00", datetime(2026, 11, 29, 9, tzinfo=UTC)),
        ("18:15", datetime(2026, 11, 28, 18, 15, tzinfo=UTC)),
        ("2026-11-29T09:00:00Z", datetime(2026, 11, 29, 9, tzinfo=UTC)),
        ("2026-11-29T09:00", datetime(2026, 11, 29, 9, tzinfo=UTC)),
        ("2026-11-29 10:00+01:00", datetime(2026, 11, 29, 9, tzinfo=UTC)),
        ("2026-11-28", datetime(2026, 11, 28, tzinfo=UTC)),
    ],
)
def test_since(text, moment):
    assert moment_of(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "25:00", "9 o'clock", "2026-11-30"])
def test_since_that_is_no_time(text):
    with pytest.raises(ConnectError):
        moment_of(text, NOW)


def test_since_is_refused_before_the_first_request(centre):
    service = centre.service()
    result = run_module(
        "summary_diagnosis_info",
        service,
        instance="sap-connect-poc",
        since="soon",
        function_name=FUNCTION,
        maintenance_function_name=MAINTENANCE,
        event_rule_name=EVENT_RULE,
    )
    assert result["failed"] and "neither HH:MM nor ISO 8601" in result["msg"]
    assert service.calls == []
