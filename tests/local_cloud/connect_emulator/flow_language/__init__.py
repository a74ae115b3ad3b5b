# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Amazon Connect flow language: what is accepted (validator) and what it does (interpreter)."""

from __future__ import annotations
