# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a contact, to which agents come from their CRM (sap-cti 1.4, 4.1)."""

from __future__ import annotations

import html
import re
from datetime import UTC
from datetime import datetime
from datetime import tzinfo

from dateutil.zoneinfo import get_zonefile_instance

from ..live.floor import Floor

_PATH = re.compile(r"(?:/connect)?/contact-trace-records/details/([^/]+)")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}

Answer = tuple[int, dict[str, str], bytes]


def contact_of(path: str) -> str | None:
    """Return the id of the contact whose page a path names, with or without the prefix of the older access URL."""
    found = _PATH.fullmatch(path)
    return found[1] if found else None


def page(floor: Floor, contact_id: str, zone: str) -> Answer:
    """Return the page of a contact of the instance, with the times of a time zone; UTC where there is none such."""
    clock = get_zonefile_instance().get(zone) or UTC
    record = next((item for item in floor.instance.store("contacts").all() if item.id == contact_id), None)
    if record is None:
        return 404, HEADERS, _document("Contact not found", {}).encode()
    data = record.data
    agent_id = (data.get("AgentInfo") or {}).get("Id")
    agent = next((user.name for user in floor.instance.store("users").all() if user.id == agent_id), None)
    recording = next((item["Location"] for item in data.get("Recordings") or ()), None)
    rows = {
        "Contact ID": contact_id,
        "Channel": data["Channel"],
        "Initiation method": data["InitiationMethod"],
        "Customer": (data.get("CustomerEndpoint") or {}).get("Address"),
        "Agent": agent,
        "Began": _text(data["InitiationTimestamp"], clock),
        "Ended": _text(data.get("DisconnectTimestamp"), clock),
        "Recording": recording,
    }
    return 200, HEADERS, _document("Contact", rows).encode()


def _text(moment: datetime | None, clock: tzinfo) -> str | None:
    return moment.astimezone(clock).strftime("%Y-%m-%d %H:%M:%S %Z") if moment else None


def _document(title: str, rows: dict[str, str | None]) -> str:
    cells = "".join(
        f'<dt>{html.escape(name)}</dt><dd data-field="{html.escape(name)}">{html.escape(value or "none")}</dd>'
        for name, value in rows.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/ccp-v2/style.css"></head>'
        f"<body><main><h1>{title}</h1><dl>{cells}</dl></main></body></html>"
    )
