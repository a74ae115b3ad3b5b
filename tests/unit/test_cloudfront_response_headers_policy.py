# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest

from .harness import FakeService
from .harness import ServiceError
from .harness import run_module

POLICY_ID = "11111111-1111-4111-8111-111111111111"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "strict-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class CloudFrontService(FakeService):
    """An account with the policy of this configuration, or none."""

    def __init__(self, config=None):
        super().__init__()
        self.configs = {POLICY_ID: config} if config else {}
        self.version = 1
        self.on("ListResponseHeadersPolicies", lambda params: {"ResponseHeadersPolicyList": self._list()})
        self.on("GetResponseHeadersPolicy", lambda params: self._get(params["Id"]))
        self.on("CreateResponseHeadersPolicy", lambda params: self._put(POLICY_ID, params))
        self.on("UpdateResponseHeadersPolicy", self._update)
        self.on("DeleteResponseHeadersPolicy", lambda params: {})

    def _list(self):
        items = [{"Type": "custom", "ResponseHeadersPolicy": self._policy(id)} for id in self.configs]
        return {"MaxItems": 100, "Quantity": len(items), "Items": items}

    def _policy(self, id):
        now = datetime(2026, 1, 1, tzinfo=UTC)
        return {"Id": id, "LastModifiedTime": now, "ResponseHeadersPolicyConfig": self.configs[id]}

    def _get(self, id):
        if id not in self.configs:
            raise ServiceError("NoSuchResponseHeadersPolicy", status=404)
        return {"ResponseHeadersPolicy": self._policy(id), "ETag": f"E{self.version}"}

    def _put(self, id, params):
        self.configs[id] = params["ResponseHeadersPolicyConfig"]
        self.version += 1
        return self._get(id)

    def _update(self, params):
        assert params["IfMatch"] == f"E{self.version}"
        return self._put(params["Id"], params)


def test_create():
    service = CloudFrontService()
    options = {"name": "connector", "comment": "Headers", "headers": HEADERS}
    predicted = run_module("cloudfront_response_headers_policy", service, check_mode=True, **options)
    assert predicted["changed"] and service.writes() == []
    made = run_module("cloudfront_response_headers_policy", service, **options)
    assert made["response_headers_policy"]["headers"] == predicted["response_headers_policy"]["headers"] == HEADERS
    config = service.configs[POLICY_ID]
    assert config["SecurityHeadersConfig"]["StrictTransportSecurity"] == {
        "AccessControlMaxAgeSec": 31536000,
        "IncludeSubdomains": True,
        "Preload": False,
        "Override": True,
    }
    custom = {"Header": "Permissions-Policy", "Value": "microphone=(self)", "Override": True}
    assert config["CustomHeadersConfig"] == {"Quantity": 1, "Items": [custom]}
    assert not run_module("cloudfront_response_headers_policy", service, **options)["changed"]
    assert len(service.writes()) == 1


def test_new_policy_needs_headers():
    service = CloudFrontService()
    result = run_module("cloudfront_response_headers_policy", service, name="connector")
    assert result["failed"] and "headers" in result["msg"]


def test_headers_are_compared_by_meaning():
    service = CloudFrontService()
    run_module("cloudfront_response_headers_policy", service, name="connector", headers=HEADERS)
    spelled = {
        name.lower() if name.startswith(("Content", "Strict", "X-")) else name: value for name, value in HEADERS.items()
    }
    spelled["strict-transport-security"] = "includeSubdomains ;  MAX-AGE=31536000"
    result = run_module("cloudfront_response_headers_policy", service, name="connector", headers=spelled)
    assert not result["changed"]


@pytest.mark.parametrize("header", sorted(HEADERS))
def test_remove_one_header(header):
    cors = {
        "AccessControlAllowOrigins": {"Quantity": 1, "Items": ["*"]},
        "AccessControlAllowHeaders": {"Quantity": 1, "Items": ["*"]},
        "AccessControlAllowMethods": {"Quantity": 1, "Items": ["GET"]},
        "AccessControlAllowCredentials": False,
        "OriginOverride": True,
    }
    service = CloudFrontService()
    run_module("cloudfront_response_headers_policy", service, name="connector", comment="Headers", headers=HEADERS)
    service.configs[POLICY_ID]["CorsConfig"] = cors
    protection = {"Override": True, "Protection": True, "ModeBlock": True}
    service.configs[POLICY_ID]["SecurityHeadersConfig"]["XSSProtection"] = protection
    left = {name: value for name, value in HEADERS.items() if name != header}
    result = run_module("cloudfront_response_headers_policy", service, name="connector", headers=left)
    assert result["changed"] and result["response_headers_policy"]["headers"] == left
    assert result["response_headers_policy"]["comment"] == "Headers"
    assert service.configs[POLICY_ID]["CorsConfig"] == cors, "what the module does not know is kept"
    assert service.configs[POLICY_ID]["SecurityHeadersConfig"]["XSSProtection"] == protection


def test_left_out_options_change_nothing():
    service = CloudFrontService({"Name": "connector", "Comment": "By hand"})
    assert not run_module("cloudfront_response_headers_policy", service, name="connector")["changed"]
    assert service.writes() == []


def test_absent():
    service = CloudFrontService({"Name": "connector"})
    options = {"name": "connector", "state": "absent"}
    assert run_module("cloudfront_response_headers_policy", service, check_mode=True, **options)["changed"]
    assert service.writes() == []
    assert run_module("cloudfront_response_headers_policy", service, **options)["changed"]
    assert service.writes() == [("DeleteResponseHeadersPolicy", {"Id": POLICY_ID, "IfMatch": "E1"})]
    assert not run_module("cloudfront_response_headers_policy", CloudFrontService(), **options)["changed"]


def test_policy_in_use_is_refused_with_its_name():
    service = CloudFrontService({"Name": "connector"})
    service.fail("DeleteResponseHeadersPolicy", "ResponseHeadersPolicyInUse", status=409, message="It is in use.")
    result = run_module("cloudfront_response_headers_policy", service, name="connector", state="absent")
    assert result["failed"] and "'connector'" in result["msg"] and "It is in use" in result["msg"]


def test_info():
    service = CloudFrontService({"Name": "connector", "Comment": "By hand"})
    policies = run_module("cloudfront_response_headers_policy_info", service, name="connector")
    (policy,) = policies["response_headers_policies"]
    assert (policy["id"], policy["comment"], policy["headers"]) == (POLICY_ID, "By hand", {})
    everything = run_module("cloudfront_response_headers_policy_info", service)
    assert everything["response_headers_policies"] == [policy]
    nothing = run_module("cloudfront_response_headers_policy_info", service, name="other")
    assert nothing["response_headers_policies"] == []


@pytest.mark.parametrize("reads", [1, 3])
def test_a_new_policy_may_be_invisible_for_a_while(slept, reads):
    service = CloudFrontService()
    lag = iter([ServiceError("NoSuchResponseHeadersPolicy", status=404)] * reads)

    def get(params):
        for error in lag:
            raise error
        return service._get(params["Id"])

    service.on("GetResponseHeadersPolicy", get)
    made = run_module("cloudfront_response_headers_policy", service, name="connector", headers=HEADERS)
    assert made["response_headers_policy"]["id"] == POLICY_ID
    assert len(slept) == reads
