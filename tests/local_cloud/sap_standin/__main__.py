# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of the SAP stand-in."""

from __future__ import annotations

from .. import http_server
from . import application

if __name__ == "__main__":
    http_server.run(lambda secrets: application.Standin(**secrets).handle)
