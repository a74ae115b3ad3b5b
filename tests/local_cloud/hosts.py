# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names under which the parts of the local cloud are opened."""

from __future__ import annotations

import re

# <domain label>.cloudfront.localhost in a browser here; the real name through the edge as a proxy.
DISTRIBUTION_HOST = re.compile(r"([a-z0-9]+)\.cloudfront\.(?:net|localhost)")
INSTANCE_HOST = re.compile(r"([a-z0-9-]+)\.my\.connect\.(?:aws|localhost)")
SAP_HOST = "sap.localhost"
LOOPBACK_HOST = re.compile(r"127\.0\.0\.1|(?:[\w-]+\.)*localhost")
