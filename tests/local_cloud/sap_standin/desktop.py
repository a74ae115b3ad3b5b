# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that agents work in: it frames the connector, shows customers and their activities, and dials.

It is a page of our own and looks like no page of SAP. ``page/`` holds its files; this module serves them, with the
settings of ``POST /_standin/desktop``, and carries out what the page asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from ..hosts import LOOPBACK_HOST
from .activities import Activities
from .activities import check_customers
from .phone_calls import PhoneCalls

PAGE = Path(__file__).parent / "page"
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# What SAP's own frame delegates is unknown (sap-cti 6): this is what the connector needs of it.
ALLOW = "microphone; autoplay; clipboard-write; identity-credentials-get"
HOST = re.compile(r"[a-z0-9.-]+")
CHOICES = {
    "flavour": ("agentDesktop", "liveActivity"),
    "format": ("json", "xml"),
    "referenceFormat": ("contact_id", "compact"),
    "acceptAction": (True, False),
    # Public connectors know either (sap-cti 1.4).
    "recordingKey": ("RecordingId", "InteractionId"),
    "objectKey": ("ActivityUUID", "ObjectUUID"),
}

Page = tuple[int, dict[str, str], bytes]
Handler = Callable[[Any], Any]


class Desktop:
    """The page's settings and its half of the work."""

    def __init__(self, phone_calls: PhoneCalls, user: str) -> None:
        self._activities = Activities(phone_calls, user)
        self._files = {
            f"/desktop/{path.name}": (CONTENT_TYPES[path.suffix], path)
            for path in PAGE.iterdir()
            if path.suffix in CONTENT_TYPES
        }
        self._settings: dict[str, Any] = {}
        self.clear()

    def clear(self) -> None:
        """Forget everything but the records, which belong to the phone service."""
        self._activities.clear()
        self._settings = {"connector": None, "allow": ALLOW} | {name: values[0] for name, values in CHOICES.items()}

    def page(self, method: str, path: str, query: str) -> Page | None:
        """Return status, headers and body when the request is for the page or a file of it."""
        if method not in ("GET", "HEAD"):
            return None
        name = "/desktop/index.html" if path == "/" else path
        if name not in self._files:
            return None
        content_type, file = self._files[name]
        headers = {
            "Content-Type": content_type,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Content-Security-Policy": self._content_security_policy(parse_qs(query).get("connector", [None])[0]),
        }
        return 200, headers, file.read_bytes()

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """Return what the control addresses of the page do, by method and name."""
        return {
            ("GET", "desktop"): lambda document: self._settings | {"customers": self._activities.customers},
            ("POST", "desktop"): self._set_up,
            ("GET", "activities"): lambda document: self._activities.all(),
            ("POST", "desktop-messages"): self._receive,
            ("POST", "desktop-dials"): self._dial,
        }

    def _set_up(self, document: Any) -> dict[str, Any]:
        if not isinstance(document, dict):
            raise ValueError("The settings of the page are an object.")
        given = dict(document)
        customers = check_customers(given.pop("customers")) if "customers" in given else None
        for name, value in given.items():
            _check_setting(name, value)
        self._settings |= given
        if customers is not None:
            self._activities.customers = customers
        return self._settings | {"customers": self._activities.customers}

    def _receive(self, document: Any) -> dict[str, Any]:
        message = document.get("message") if isinstance(document, dict) else None
        if not isinstance(message, dict) or not all(isinstance(value, str) for value in message.values()):
            raise ValueError("message is an object of texts.")
        try:
            return self._activities.receive(message)
        except ValueError as error:
            # No error status: that would be an error in the console of a page that did nothing wrong.
            return {"refused": str(error)}

    def _dial(self, document: Any) -> dict[str, Any]:
        if not isinstance(document, dict) or not isinstance(document.get("number"), str):
            raise ValueError("number is the number that was clicked on.")
        return self._activities.plan(document.get("customer"), document["number"])

    def _content_security_policy(self, wanted: str | None) -> str:
        connector = _origin(wanted or self._settings["connector"]) or "'none'"
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self'",
                "connect-src 'self'",
                f"frame-src {connector}",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )


def _check_setting(name: str, value: Any) -> None:
    if name == "connector":
        if value is not None and not _origin(value):
            raise ValueError("connector is the address of a distribution, such as https://example.cloudfront.net/.")
    elif name == "allow":
        if not isinstance(value, str):
            raise ValueError("allow is the text of a frame's attribute of that name.")
    elif name not in CHOICES:
        raise ValueError(f"The page has no setting {name}.")
    elif not any(value is choice or (isinstance(value, str) and value == choice) for choice in CHOICES[name]):
        raise ValueError(f"{name} is one of {', '.join(map(str, CHOICES[name]))}.")


def _origin(url: Any) -> str | None:
    """Return the origin of an https address, or of a loopback one; None for everything else."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        loopback = bool(parts and LOOPBACK_HOST.fullmatch(parts.hostname or ""))
        port = parts.port if parts else None
    except ValueError:
        return None
    # The host becomes part of a header.
    if not parts or not HOST.fullmatch(parts.hostname or ""):
        return None
    if not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        return None
    return f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}"
