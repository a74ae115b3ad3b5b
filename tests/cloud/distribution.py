# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributions for the tests."""

from __future__ import annotations

import uuid
from typing import Any

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def config(bucket: str = "origin", oac: str = "", **changes: Any) -> dict[str, Any]:
    """Return the configuration of a distribution in front of a bucket."""
    return {
        "CallerReference": str(uuid.uuid4()),
        "Comment": "",
        "Enabled": True,
        "DefaultRootObject": "index.html",
        "Origins": {
            "Quantity": 1,
            "Items": [
                {
                    "Id": "bucket",
                    "DomainName": f"{bucket}.s3.eu-west-2.amazonaws.com",
                    "OriginAccessControlId": oac,
                    "S3OriginConfig": {"OriginAccessIdentity": ""},
                }
            ],
        },
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": CACHING_DISABLED,
        },
        **changes,
    }


def make_origin_access_control(cloudfront: Any, name: str) -> dict[str, Any]:
    """Make an origin access control; returns Id and ETag."""
    made = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": name,
            "OriginAccessControlOriginType": "s3",
            "SigningBehavior": "always",
            "SigningProtocol": "sigv4",
        }
    )
    return {"Id": made["OriginAccessControl"]["Id"], "ETag": made["ETag"]}
