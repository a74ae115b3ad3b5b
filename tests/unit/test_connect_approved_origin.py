# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .harness import INSTANCE_ARN
from .harness import INSTANCE_ID
from .harness import FakeService
from .harness import ServiceError
from .harness import run_module


class OriginService(FakeService):
    """An instance called `poc` with approved origins."""

    def __init__(self, *origins):
        super().__init__()
        self.origins = list(origins)
        self.on("ListInstances", {"InstanceSummaryList": [{"Id": INSTANCE_ID, "InstanceAlias": "poc"}]})
        self.on("ListApprovedOrigins", lambda params: {"Origins": list(self.origins)})
        self.on("AssociateApprovedOrigin", lambda params: self.origins.append(params["Origin"]) or {})
        self.on("DisassociateApprovedOrigin", lambda params: self.origins.remove(params["Origin"]) or {})

    def writes(self):
        return [(name, params["Origin"]) for name, params in super().writes()]


def origins(service, *given, check_mode=False, **options):
    options = {"instance": INSTANCE_ARN, "origins": list(given), **options}
    return run_module("connect_approved_origin", service, check_mode=check_mode, **options)


A, B, C = "https://a.example.com", "https://b.example.com", "https://c.example.com"


@pytest.mark.parametrize(
    ("before", "given", "options", "after", "writes"),
    [
        ([], [A, B], {}, [A, B], [("AssociateApprovedOrigin", A), ("AssociateApprovedOrigin", B)]),
        ([A], [B], {}, [A, B], [("AssociateApprovedOrigin", B)]),
        (
            [A, C],
            [B, C],
            {"purge_origins": True},
            [B, C],
            [("AssociateApprovedOrigin", B), ("DisassociateApprovedOrigin", A)],
        ),
        ([A], [], {"purge_origins": True}, [], [("DisassociateApprovedOrigin", A)]),
        ([A, B], [A], {"state": "absent"}, [B], [("DisassociateApprovedOrigin", A)]),
        (
            ["https://A.example.com/"],
            [A],
            {"state": "absent"},
            [],
            [("DisassociateApprovedOrigin", "https://A.example.com/")],
        ),
    ],
)
def test_change(before, given, options, after, writes):
    service = OriginService(*before)
    planned = origins(service, *given, check_mode=True, **options)
    assert service.writes() == []
    result = origins(service, *given, **options)
    assert service.writes() == writes
    assert planned["changed"] is result["changed"] is True
    assert planned["approved_origins"] == result["approved_origins"] == after
    assert planned["diff"] == result["diff"]
    assert not origins(service, *given, check_mode=True, **options)["changed"]
    assert not origins(service, *given, **options)["changed"]


@pytest.mark.parametrize(
    ("present", "given"),
    [
        (A, "https://A.Example.COM"),
        (A, f"{A}/"),
        (A, "HTTPS://a.example.com:443"),
        (A, f" {A} "),
        ("https://A.example.com/", A),
        ("http://localhost:8080", "http://LOCALHOST:8080/"),
        ("http://app.localhost", "http://app.localhost:80"),
    ],
)
def test_spelling_makes_no_difference(present, given):
    service = OriginService(present)
    assert not origins(service, given, purge_origins=True)["changed"]
    assert service.operations() == ["ListApprovedOrigins"]


def test_an_origin_is_sent_as_browsers_write_it():
    service = OriginService()
    origins(service, "HTTPS://My.Example.com:8443/", "https://my.example.com:8443")
    assert service.writes() == [("AssociateApprovedOrigin", "https://my.example.com:8443")]


@pytest.mark.parametrize(
    "origin",
    [
        "example.com",
        "ftp://example.com",
        "https://",
        "https://example.com/path",
        "https://example.com/?a=b",
        "https://example.com#x",
        "https://*.example.com",
        "https://user@example.com",
        "https://example.com:",
        "https://example.com:0",
        "https://example.com:99999",
        "https://example.com:port",
        "https://exa mple.com",
        "https://[::1",
        "http://example.com",
        "http://localhost.example.com",
        f"https://{'.'.join(['a' * 60] * 5)}.com",
        "",
    ],
)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_what_is_no_origin_is_refused_before_any_request(origin, state):
    service = OriginService()
    result = origins(service, A, origin, state=state)
    assert result["failed"]
    assert result["msg"].startswith(f"'{origin}' is no approved origin: ")
    assert service.calls == []


def test_plan_on_an_empty_account():
    service = OriginService().on("ListInstances", {"InstanceSummaryList": []})
    result = origins(service, A, instance="poc", check_mode=True)
    assert result["changed"] and result["approved_origins"] == [A]
    assert not origins(service, A, instance="poc", state="absent")["changed"]
    assert origins(service, A, instance="poc")["failed"]
    assert service.writes() == []


def test_instance_id_that_does_not_exist():
    service = OriginService().fail("ListApprovedOrigins", "ResourceNotFoundException", status=404)
    assert origins(service, A)["msg"] == f"The instance '{INSTANCE_ARN}' does not exist in this account and Region"
    assert origins(service, A, check_mode=True)["approved_origins"] == [A]


def test_refusal_names_origin_and_quota():
    service = OriginService().fail("AssociateApprovedOrigin", "ServiceQuotaExceededException", status=402, message="No")
    assert origins(service, A)["msg"] == (
        f"Failed to associate approved origin '{A}': quota reached: approved origins of an instance. "
        "No (ServiceQuotaExceededException)"
    )


def test_a_repeated_request_is_known_as_the_same(slept):
    service = OriginService()
    done = service.origins.append
    service.on(
        "AssociateApprovedOrigin",
        ServiceError("InternalServiceException", status=500),
        lambda params: done(params["Origin"]) or {},
    )
    assert origins(service, A)["changed"]
    tokens = [params["ClientToken"] for name, params in service.calls if name == "AssociateApprovedOrigin"]
    assert len(tokens) == 2 and len(set(tokens)) == 1


def test_an_origin_that_somebody_else_removed_is_fine():
    service = OriginService(A)
    service.fail("DisassociateApprovedOrigin", "ResourceNotFoundException", status=404)
    assert not origins(service, A, state="absent").get("failed")


def test_info():
    service = OriginService(B, A)
    assert run_module("connect_approved_origin_info", service, instance="poc")["approved_origins"] == [A, B]
    service.on("ListInstances", {"InstanceSummaryList": []})
    nothing = run_module("connect_approved_origin_info", service, instance="poc", check_mode=True)
    assert nothing["approved_origins"] == []
