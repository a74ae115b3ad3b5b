# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the local cloud itself: launcher, front, edge, SAP stand-in, and Amazon Connect behind IAM."""

from __future__ import annotations
