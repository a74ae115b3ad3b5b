# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of the protection of a CloudFront distribution by a web ACL. Private to this collection.

community.aws.cloudfront_distribution sets a web ACL, but keeps it when it is asked for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates


class WebAclAssociation(Resource):
    kind = "web_acl_association"
    return_key = "web_acl_association"
    plural_key = "web_acl_associations"
    name_option = "distribution_id"
    service = "cloudfront"
    needs_instance = False
    taggable = False
    required_to_create = ("web_acl_arn",)
    never_empty = ("distribution_id", "web_acl_arn")

    def find(self, ctx: Context) -> str | None:
        return ctx.params["distribution_id"]

    def read(self, ctx: Context, id: str) -> Model | None:
        answer = ctx.describe("get_distribution_config", missing=("NoSuchDistribution",), Id=id)
        return answer and _model(id, answer["DistributionConfig"])

    def read_all(self, ctx: Context) -> list[Model]:
        models = [_model(item["Id"], item) for item in ctx.api.marked_pages("list_distributions")]
        return [model for model in models if model is not None]

    def desired(self, ctx: Context, current: Model | None) -> Model:
        return ctx.given("distribution_id", "web_acl_arn")

    def create(self, ctx: Context, target: Model) -> str:
        self._put(ctx, target["web_acl_arn"])
        return target["distribution_id"]

    @updates("web_acl_arn")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        self._put(ctx, target["web_acl_arn"])

    def delete(self, ctx: Context, current: Model) -> None:
        self._put(ctx, "")

    def _put(self, ctx: Context, web_acl_arn: str) -> None:
        # Sent whole: UpdateDistribution takes nothing less
        id = ctx.params["distribution_id"]
        answer = ctx.read("get_distribution_config", Id=id)
        config = {**answer["DistributionConfig"], "WebACLId": web_acl_arn}
        ctx.write("update_distribution", Id=id, IfMatch=answer["ETag"], DistributionConfig=config)


def _model(id: str, distribution: Mapping[str, Any]) -> Model | None:
    """Return the read model, None for a distribution without a web ACL."""
    web_acl = distribution.get("WebACLId")
    return {"id": id, "distribution_id": id, "web_acl_arn": web_acl} if web_acl else None
