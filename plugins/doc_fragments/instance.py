# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  instance:
    description:
      - Alias, id or ARN of the Amazon Connect instance.
      - An alias costs one look-up request, an id or ARN costs none.
      - In check mode an instance that does not exist yet is treated as empty, so that a plan of a whole site works.
    type: str
    required: true
"""
