# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live contacts: they ring in an agent's panel and last until somebody ends them.

``floor`` holds who is there and which contacts are going on. ``arrival`` brings contacts into queues, ``course`` moves
them from one state to the next, ``outbound`` lets agents dial, ``transfers`` brings a third party in, ``chats``
exchanges messages. ``requests`` is what a panel may ask for, ``snapshots`` what it shows, and ``control`` with
``customers`` the part of tests and people: customers, and agents without a panel.
"""
