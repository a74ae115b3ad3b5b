# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names under which the parts of the local cloud are opened."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# <domain label>.cloudfront.localhost in a browser here; the real name through the edge as a proxy.
DISTRIBUTION_HOST = re.compile(r"([a-z0-9]+)\.cloudfront\.(?:net|localhost)")
INSTANCE_HOST = re.compile(r"([a-z0-9-]+)\.my\.connect\.(?:aws|localhost)")
SAP_HOST = "sap.localhost"
LOOPBACK_HOST = re.compile(r"127\.0\.0\.1|(?:[\w-]+\.)*localhost")
FOREIGN_PAGE = "Web pages from elsewhere have no access to the local cloud."


def host_of(authority: str) -> str:
    """Return the host of a Host header, in small letters and without its port."""
    return re.sub(r":\d+$", "", authority.strip().lower())


def is_foreign_page(origin: str | None, fetch_site: str | None) -> bool:
    """Tell by its headers Origin and Sec-Fetch-Site whether a request comes from a page that is not on this machine."""
    if origin is not None:
        try:
            return not LOOPBACK_HOST.fullmatch(urlsplit(origin).hostname or "")
        except ValueError:
            return True
    # Without Origin: what a page loads as an image or a frame, by GET.
    return fetch_site == "cross-site"
