# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms that messages have: two formats and two flavours, and what each sends."""

from __future__ import annotations

from typing import Any

import pytest

FORMS = [("json", "agentDesktop"), ("xml", "liveActivity"), ("json", "liveActivity"), ("xml", "agentDesktop")]


def in_all_forms(test: Any) -> Any:
    """Run a test, with its argument ``form``, in every form; those that repeat a format or a flavour only in full."""
    values = [
        pytest.param(
            {"payloadFormat": payload, "ctiType": flavour},
            id=f"{payload}-{flavour}",
            marks=[pytest.mark.full] if number > 1 else [],
        )
        for number, (payload, flavour) in enumerate(FORMS)
    ]
    return pytest.mark.parametrize("form", values)(test)


def is_agent_desktop(form: dict[str, Any]) -> bool:
    return form["ctiType"] == "agentDesktop"


def without(message: dict[str, str], *names: str) -> dict[str, str]:
    """Return a message without these fields."""
    return {name: value for name, value in message.items() if name not in names}
