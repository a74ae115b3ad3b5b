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

ID = "EDFDVBD6EXAMPLE"
ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/connector/11111111-1111-4111-8111-111111111111"
OTHER = ACL.replace("connector", "other")
CONFIG = {
    "CallerReference": "connector",
    "Comment": "",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [{"Id": "bucket", "DomainName": "bucket.example"}]},
    "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https"},
}


class DistributionService(FakeService):
    """An account with one distribution, which this web ACL protects."""

    def __init__(self, web_acl=""):
        super().__init__()
        self.config = {**CONFIG, "WebACLId": web_acl}
        self.version = 1
        self.on("GetDistributionConfig", lambda params: self._get(params["Id"]))
        self.on("UpdateDistribution", self._update)

    def _get(self, id):
        if id != ID:
            raise ServiceError("NoSuchDistribution", status=404, message="No such distribution")
        return {"DistributionConfig": self.config, "ETag": f"E{self.version}"}

    def _update(self, params):
        assert params["IfMatch"] == f"E{self.version}"
        self.config = params["DistributionConfig"]
        self.version += 1
        return {}


def association(service, check_mode=False, **options):
    options = {"distribution_id": ID, **options}
    return run_module("cloudfront_web_acl_association", service, check_mode=check_mode, **options)


@pytest.mark.parametrize(
    ("before", "options", "after"),
    [
        ("", {"web_acl_arn": ACL}, ACL),
        (OTHER, {"web_acl_arn": ACL}, ACL),
        (ACL, {"state": "absent"}, ""),
    ],
)
def test_only_the_web_acl_changes(before, options, after):
    service = DistributionService(before)
    planned = association(service, check_mode=True, **options)
    assert planned["changed"] and service.writes() == []
    result = association(service, **options)
    assert result["changed"]
    assert service.config == {**CONFIG, "WebACLId": after}
    assert (result["web_acl_association"] or {}).get("web_acl_arn", "") == after
    assert (planned["web_acl_association"] or {}).get("web_acl_arn", "") == after
    assert not association(service, check_mode=True, **options)["changed"]
    assert not association(service, **options)["changed"]
    assert len(service.writes()) == 1


def test_left_out_web_acl_changes_nothing():
    service = DistributionService(ACL)
    assert not association(service)["changed"]
    assert association(DistributionService())["msg"].endswith("so give web_acl_arn")


def test_missing_distribution():
    service = DistributionService()
    assert not association(service, distribution_id="E0", state="absent")["changed"]
    assert "No such distribution" in association(service, distribution_id="E0", web_acl_arn=ACL)["msg"]


def test_info():
    service = DistributionService(ACL)
    one = run_module("cloudfront_web_acl_association_info", service, distribution_id=ID)["web_acl_associations"]
    assert one == [{"id": ID, "distribution_id": ID, "web_acl_arn": ACL}]
    service = DistributionService()
    assert run_module("cloudfront_web_acl_association_info", service, distribution_id=ID)["web_acl_associations"] == []


def summary(id, web_acl):
    return {
        **{name: value for name, value in CONFIG.items() if name != "CallerReference"},
        "Id": id,
        "ARN": f"arn:aws:cloudfront::111122223333:distribution/{id}",
        "Status": "Deployed",
        "LastModifiedTime": datetime(2026, 1, 1, tzinfo=UTC),
        "DomainName": "d111111abcdef8.cloudfront.net",
        **{name: {"Quantity": 0} for name in ("Aliases", "CacheBehaviors", "CustomErrorResponses")},
        "PriceClass": "PriceClass_All",
        "ViewerCertificate": {},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": web_acl,
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "Staging": False,
    }


def test_info_of_all_protected_distributions():
    items = [summary("E1", ACL), summary("E2", ""), summary("E3", OTHER)]

    def pages(params):
        start = int(params.get("Marker", 0))
        more = {"NextMarker": str(start + 1)} if start + 1 < len(items) else {}
        page = {"Marker": str(start), "MaxItems": 1, "Quantity": 1, "IsTruncated": bool(more), **more}
        return {"DistributionList": {**page, "Items": items[start : start + 1]}}

    service = FakeService().on("ListDistributions", pages)
    found = run_module("cloudfront_web_acl_association_info", service)["web_acl_associations"]
    assert {item["id"]: item["web_acl_arn"] for item in found} == {"E1": ACL, "E3": OTHER}
