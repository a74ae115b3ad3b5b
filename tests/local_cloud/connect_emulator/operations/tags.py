# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags of anything that has an ARN (connect-api appendix A, tags)."""

from __future__ import annotations

from typing import Any

from ..errors import ConnectError
from ..registry import operation
from ..state import Context

MOST_TAGS = 50


@operation("TagResource")
def tag_resource(context: Context, request: dict[str, Any]) -> None:
    """Add tags or change their values; 50 at most. Keys that start with `aws:` are refused by the model's pattern."""
    tags = _tags(context, request)
    if len(tags | request["tags"]) > MOST_TAGS:
        raise context.invalid(f"A resource can have {MOST_TAGS} tags at most.")
    tags.update(request["tags"])


@operation("UntagResource")
def untag_resource(context: Context, request: dict[str, Any]) -> None:
    """Remove tags; keys that are not there do not matter."""
    tags = _tags(context, request)
    for key in request["tagKeys"]:
        tags.pop(key, None)


@operation("ListTagsForResource")
def list_tags_for_resource(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """Show the tags of a resource."""
    return {"tags": _tags(context, request)}


def _tags(context: Context, request: dict[str, Any]) -> dict[str, str]:
    found = context.region_state.record_by_arn(request["resourceArn"])
    if found is None:
        raise ConnectError("ResourceNotFoundException", "No resource with this ARN was found.")
    return found.tags
