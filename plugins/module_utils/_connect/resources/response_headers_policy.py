# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of a CloudFront response headers policy. Private to this collection.

community.aws.cloudfront_response_headers_policy sends an update on every run and always reports a change in check mode.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..api import compact
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_CONTENT_SECURITY = "Content-Security-Policy"
_CONTENT_TYPE = "X-Content-Type-Options"
_FRAME = "X-Frame-Options"
_REFERRER = "Referrer-Policy"
_TRANSPORT = "Strict-Transport-Security"
_UNKNOWN = ("XSSProtection",)
# CloudFront refuses these as custom headers: they have members of their own.
_SECURITY_HEADERS = {name.lower(): name for name in (_CONTENT_SECURITY, _CONTENT_TYPE, _FRAME, _REFERRER, _TRANSPORT)}


class ResponseHeadersPolicy(Resource):
    kind = "response_headers_policy"
    return_key = "response_headers_policy"
    plural_key = "response_headers_policies"
    service = "cloudfront"
    needs_instance = False
    taggable = False
    required_to_create = ("headers",)
    whole = ("headers",)
    volatile = ("etag",)

    def find(self, ctx: Context) -> str | None:
        ids = [id for id, name in self._list(ctx) if name == ctx.params["name"]]
        return ids[0] if ids else None

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("get_response_headers_policy", Id=id)
        if answer is None:
            return None
        config = answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        return {
            "id": id,
            "name": config["Name"],
            "comment": config.get("Comment") or None,
            "headers": _headers(config),
            "etag": answer["ETag"],
        }

    def ids(self, ctx: Context) -> list[str]:
        return [id for id, _name in self._list(ctx)]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        desired = ctx.given("name", "comment")
        if ctx.params.get("headers") is not None:
            # There and back, so that spelling and blanks make no difference
            desired["headers"] = _headers(_config(ctx.params["headers"]))
        return desired

    def create(self, ctx: Context, target: Model) -> str:
        config = {"Name": target["name"], **_config(target["headers"])}
        answer = ctx.create(
            "create_response_headers_policy",
            ResponseHeadersPolicyConfig=compact({**config, "Comment": target.get("comment")}),
        )
        id = answer["ResponseHeadersPolicy"]["Id"]
        ctx.api.expect(id)
        return id

    @updates("comment", "headers")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        # Sent whole: what this module does not know, such as CORS headers, is kept as it is
        answer = ctx.read("get_response_headers_policy", Id=current["id"])
        config = answer["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
        wanted = _config(target["headers"])
        security = {
            **{name: value for name, value in (config.get("SecurityHeadersConfig") or {}).items() if name in _UNKNOWN},
            **wanted.get("SecurityHeadersConfig", {}),
        }
        config = {**config, "CustomHeadersConfig": None, **wanted, "SecurityHeadersConfig": security}
        ctx.write(
            "update_response_headers_policy",
            Id=current["id"],
            IfMatch=answer["ETag"],
            ResponseHeadersPolicyConfig=compact({**config, "Comment": target.get("comment")}),
        )

    def delete(self, ctx: Context, current: Model) -> None:
        ctx.delete("delete_response_headers_policy", Id=current["id"], IfMatch=current["etag"])

    def _list(self, ctx: Context) -> list[tuple[str, str]]:
        """Return (id, name) of the account's own policies."""
        items = ctx.api.marked_pages("list_response_headers_policies", Type="custom")
        policies = [item["ResponseHeadersPolicy"] for item in items]
        return [(policy["Id"], policy["ResponseHeadersPolicyConfig"]["Name"]) for policy in policies]


def _headers(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a policy by name."""
    security = config.get("SecurityHeadersConfig") or {}
    headers = {item["Header"]: item["Value"] for item in (config.get("CustomHeadersConfig") or {}).get("Items", [])}
    if policy := security.get("ContentSecurityPolicy"):
        headers[_CONTENT_SECURITY] = policy["ContentSecurityPolicy"]
    if "ContentTypeOptions" in security:
        headers[_CONTENT_TYPE] = "nosniff"
    if options := security.get("FrameOptions"):
        headers[_FRAME] = options["FrameOption"]
    if referrer := security.get("ReferrerPolicy"):
        headers[_REFERRER] = referrer["ReferrerPolicy"]
    if transport := security.get("StrictTransportSecurity"):
        words = [f"max-age={transport['AccessControlMaxAgeSec']}"]
        words += ["includeSubDomains"] * bool(transport.get("IncludeSubdomains"))
        words += ["preload"] * bool(transport.get("Preload"))
        headers[_TRANSPORT] = "; ".join(words)
    return headers


def _config(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the two members of the API's configuration for headers by name. CloudFront always sends them itself."""
    security: dict[str, Any] = {}
    custom = []
    for header, value in headers.items():
        known = _SECURITY_HEADERS.get(header.lower())
        if known is None:
            custom.append({"Header": header, "Value": str(value), "Override": True})
        else:
            member, content = _security_member(known, str(value))
            security[member] = {**content, "Override": True}
    config: dict[str, Any] = {"SecurityHeadersConfig": security} if security else {}
    if custom:
        config["CustomHeadersConfig"] = {"Quantity": len(custom), "Items": custom}
    return config


def _security_member(header: str, value: str) -> tuple[str, dict[str, Any]]:
    if header == _CONTENT_SECURITY:
        return "ContentSecurityPolicy", {"ContentSecurityPolicy": value}
    if header == _CONTENT_TYPE:
        return "ContentTypeOptions", {}
    if header == _FRAME:
        return "FrameOptions", {"FrameOption": value.upper()}
    if header == _REFERRER:
        return "ReferrerPolicy", {"ReferrerPolicy": value}
    words = [word.strip().lower() for word in value.split(";")]
    age = next((int(word[8:]) for word in words if re.fullmatch(r"max-age=\d+", word)), 0)
    flags = {"IncludeSubdomains": "includesubdomains" in words, "Preload": "preload" in words}
    return "StrictTransportSecurity", {"AccessControlMaxAgeSec": age, **flags}
