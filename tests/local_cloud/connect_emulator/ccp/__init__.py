# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of an instance's access URL: sign-in, contacts, and the control panel that Streams talks to (sap-cti 3.5).

``pages`` answers requests, ``sessions`` knows who has signed in. The panel's files lie beside it.
"""

from .pages import handle

__all__ = ["handle"]
