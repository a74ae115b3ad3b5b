# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/amazon_connect.sap.aws) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - amazon_connect.sap.aws
  check_mode:
    description: Can run in check mode and return the state that it would reach, without sending a change.
    support: full
  diff_mode:
    description: Returns what has changed, or in check mode what would change.
    support: full
"""

    INFO = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/amazon_connect.sap.aws) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - amazon_connect.sap.aws
  check_mode:
    description: Can run in check mode; it never sends a change.
    support: full
  diff_mode:
    description: Returns what has changed.
    support: N/A
    details: This module changes nothing.
"""
