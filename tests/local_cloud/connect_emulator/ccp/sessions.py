# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has signed in to an instance: the session's cookie, and whether a request may use it."""

from __future__ import annotations

from http.cookies import CookieError
from http.cookies import SimpleCookie

from ..live.floor import Agent
from ..live.floor import Floor

COOKIE = "lily-auth"
# For frames on pages of other sites; browsers count names under localhost as secure.
_ATTRIBUTES = "Path=/; HttpOnly; Secure; SameSite=None"
PANEL_PERMISSION = "BasicAgentAccess"


def token_of(headers: dict[str, str]) -> str | None:
    """Return what the browser shows for its session."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def set_cookie(token: str) -> str:
    return f"{COOKIE}={token}; {_ATTRIBUTES}"


def clear_cookie() -> str:
    return f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"


def agent_of(floor: Floor, headers: dict[str, str]) -> Agent | None:
    """Return the agent who has signed in, None when nobody has."""
    user = floor.user(token_of(headers))
    return floor.agent(user) if user else None


def may_use_panel(floor: Floor, agent: Agent) -> bool:
    """Tell whether a security profile gives the agent the panel (connect-api 5.1)."""
    return agent.allowed and any(
        record.id in agent.user.data["SecurityProfileIds"] and PANEL_PERMISSION in record.data["_Permissions"]
        for record in floor.instance.store("security_profiles").all()
    )
