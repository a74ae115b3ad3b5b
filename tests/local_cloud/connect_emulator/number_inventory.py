# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The numbers that can be claimed: fictitious ones, from ranges kept for drama where a country has them.

A ``#`` stands for a digit; each pattern with n of them offers 10**n numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

_NORTH_AMERICA = "+1 {} 555 01##"

DIRECT = {
    "AR": ["+54 11 5550 0###"],
    "AT": ["+43 1 5550 0###"],
    "AU": ["+61 2 5550 0###", "+61 3 5550 0###", "+61 7 5550 0###"],
    "BE": ["+32 2 555 0###"],
    "BG": ["+359 2 555 0###"],
    "BR": ["+55 11 5550 0###"],
    "CA": [_NORTH_AMERICA.format(area) for area in (416, 514, 604, 403, 613)],
    "CH": ["+41 44 555 0###", "+41 22 555 0###"],
    "CL": ["+56 2 2555 0###"],
    "CO": ["+57 601 555 0###"],
    "CY": ["+357 22 555 ###"],
    "CZ": ["+420 225 550 ###"],
    "DE": ["+49 30 23125 ###", "+49 69 90009 ###", "+49 89 99998 ###"],
    "DK": ["+45 3255 5###"],
    "EE": ["+372 655 5###"],
    "ES": ["+34 910 555 ###"],
    "FI": ["+358 9 5550 0###"],
    "FR": ["+33 1 99 00 0###"],
    "GB": ["+44 20 7946 0###", "+44 113 496 0###", "+44 161 496 0###", "+44 121 496 0###"],
    "GR": ["+30 21 5550 0###"],
    "HK": ["+852 3555 5###"],
    "HU": ["+36 1 555 0###"],
    "IE": ["+353 20 910 0###"],
    "IL": ["+972 3 555 0###"],
    "IT": ["+39 06 5550 0###"],
    "JP": ["+81 3 5550 0###", "+81 50 5550 0###"],
    "LT": ["+370 5 255 5###"],
    "LU": ["+352 2755 5###"],
    "LV": ["+371 6555 5###"],
    "MX": ["+52 55 5550 0###"],
    "MY": ["+60 3 5550 0###"],
    "NL": ["+31 20 555 0###"],
    "NO": ["+47 2155 5###"],
    "NZ": ["+64 9 555 0###"],
    "PA": ["+507 555 5###"],
    "PE": ["+51 1 555 0###"],
    "PH": ["+63 2 8555 0###"],
    "PL": ["+48 22 555 0###"],
    "PR": [_NORTH_AMERICA.format(787)],
    "PT": ["+351 21 555 0###"],
    "RO": ["+40 21 555 0###"],
    "SE": ["+46 8 465 004 ##", "+46 31 390 06 ##"],
    "SG": ["+65 3555 5###"],
    "SI": ["+386 1 555 0###"],
    "SK": ["+421 2 5550 0###"],
    "TW": ["+886 2 5550 0###"],
    "US": [_NORTH_AMERICA.format(area) for area in (206, 212, 303, 312, 404, 415, 512, 617, 702, 808)],
    "ZA": ["+27 10 555 0###"],
}
TOLL_FREE = {
    "AU": ["+61 1800 555 ###"],
    "CA": [_NORTH_AMERICA.format(area) for area in (866, 877)],
    "DE": ["+49 800 555 0###"],
    "FR": ["+33 805 55 0###"],
    "GB": ["+44 808 157 0###"],
    "JP": ["+81 120 555 ###"],
    "NL": ["+31 800 555 0###"],
    "SG": ["+65 800 555 0###"],
    "US": [_NORTH_AMERICA.format(area) for area in (800, 833, 844, 855)],
}
PATTERNS = {"DID": DIRECT, "TOLL_FREE": TOLL_FREE}


def numbers(country: str, kind: str, buyer: str) -> Iterator[str]:
    """Yield the E.164 numbers of a country and type, none where there is no inventory.

    :param buyer: account and Region; each sees the inventory from another place on, so that accounts rarely meet.
    """
    for pattern in PATTERNS.get(kind, {}).get(country, []):
        digits = pattern.count("#")
        prefix = pattern.replace(" ", "").rstrip("#")
        start = int.from_bytes(hashlib.sha256(buyer.encode()).digest()[:4], "big")
        for index in range(10**digits):
            yield f"{prefix}{(start + index) % 10**digits:0{digits}}"


def find(number: str) -> tuple[str, str] | None:
    """Return country and type of a number of the inventory."""
    for kind, countries in PATTERNS.items():
        for country, patterns in countries.items():
            for pattern in patterns:
                bare = pattern.replace(" ", "")
                if len(bare) == len(number) and number.startswith(bare.rstrip("#")):
                    return country, kind
    return None
