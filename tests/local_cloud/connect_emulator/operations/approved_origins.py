# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Web origins that may embed the contact control panel (connect-api 10)."""

from __future__ import annotations

import re
from typing import Any

from ..errors import ConnectError
from ..registry import operation
from ..state import Context
from ..state import Record

LABEL = r"[a-z\d]([a-z\d-]{0,61}[a-z\d])?"
ORIGIN = re.compile(rf"https?://{LABEL}(\.{LABEL})*(:\d{{1,5}})?", re.IGNORECASE)


@operation("AssociateApprovedOrigin")
def associate_approved_origin(context: Context, request: dict[str, Any]) -> None:
    """Add an origin: scheme, host and perhaps a port, without path or slash at the end."""
    store = context.instance(request["InstanceId"]).store("approved_origins")
    origin = request["Origin"]
    if not ORIGIN.fullmatch(origin):
        raise context.invalid(f"{origin} is not an origin: scheme and host without a path are wanted.")
    if store.find(origin):
        raise ConnectError("ResourceConflictException", f"The origin {origin} is approved already.")
    if len(store) >= context.settings.approved_origin_quota:
        raise ConnectError("ServiceQuotaExceededException", "The quota of approved origins is used up.")
    store.create(Record(id=origin, arn="", name=origin))


@operation("ListApprovedOrigins")
def list_approved_origins(context: Context, request: dict[str, Any]) -> dict[str, Any]:
    """List the origins as plain strings in pages of at most 25."""
    store = context.instance(request["InstanceId"]).store("approved_origins")
    page, token = context.page([record.id for record in store.all()], request, default=25)
    return {"Origins": page, "NextToken": token}


@operation("DisassociateApprovedOrigin")
def disassociate_approved_origin(context: Context, request: dict[str, Any]) -> None:
    """Remove an origin; one that is not there is not found."""
    context.instance(request["InstanceId"]).store("approved_origins").delete(request["Origin"])
