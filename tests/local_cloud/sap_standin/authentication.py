# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may ask: the four ways to sign in (sap-cti 2.2).

Basic, the token that ``iam-service/token`` gives for it, a client certificate on a listener of its own, and client
credentials of OAuth. The OAuth address, its form and the lifetime of tokens are *inferred*.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import ssl
import tempfile
import time
from typing import Any
from urllib.parse import parse_qs

from ..http_server import Exchange

TOKEN_PATH = "/sap/c4c/api/v1/iam-service/token"
OAUTH_PATH = "/oauth/token"
TOKEN_LIFETIME = 3600
WAYS = ("basic", "token", "certificate", "oauth")
CLIENT_ID = "connect-client"


class SignIn:
    """The credentials of one tenant, and the tokens that it has given out.

    ``accepted`` holds the ways in that are open: a test closes the others to see which one is used.
    """

    def __init__(self, username: str, password: str, tls: dict[str, str] | None = None) -> None:
        self.username = username
        self.client_secret = secrets.token_urlsafe(24)
        self.tls = tls
        self.tls_port: int | None = None
        self.accepted = set(WAYS)
        self.lifetime = TOKEN_LIFETIME
        self._basic = f"{username}:{password}".encode()
        self._oauth = f"{CLIENT_ID}:{self.client_secret}".encode()
        # Token -> the way it was got by, and its end.
        self._tokens: dict[str, tuple[str, float]] = {}

    def user(self, exchange: Exchange) -> str | None:
        """Return who sends the request; None when nobody is signed in."""
        if exchange.writer.get_extra_info("ssl_object") is not None:
            return self.username if "certificate" in self.accepted else None
        scheme, value = _authorization(exchange)
        if scheme == "basic":
            return self.username if "basic" in self.accepted and self._is(value, self._basic) else None
        token = value if scheme == "bearer" else exchange.header("x-sap-crm-token")
        way, end = self._tokens.get(token or "", ("", 0.0))
        if way in self.accepted and time.time() < end:
            return CLIENT_ID if way == "oauth" else self.username
        return None

    def token(self, exchange: Exchange) -> dict[str, Any] | None:
        """Exchange Basic for a token; None when the credentials are wrong."""
        scheme, value = _authorization(exchange)
        if "token" not in self.accepted or scheme != "basic" or not self._is(value, self._basic):
            return None
        return {"value": self._issue("token")}

    def oauth_token(self, exchange: Exchange, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer a request for a token by client credentials (RFC 6749, section 4.4)."""
        form = parse_qs(body.decode("latin-1"))
        scheme, value = _authorization(exchange)
        if form.get("grant_type") != ["client_credentials"]:
            return 400, {"error": "unsupported_grant_type"}
        if "oauth" not in self.accepted or scheme != "basic" or not self._is(value, self._oauth):
            return 401, {"error": "invalid_client"}
        return 200, self._issue("oauth")

    def end_tokens(self) -> None:
        """Make every token that was given out worthless, as a restart of the tenant does."""
        self._tokens.clear()

    def settings(self) -> dict[str, Any]:
        """Return what a client needs for each of the ways."""
        tls = self.tls or {}
        return {
            "accepted": sorted(self.accepted),
            "lifetime": self.lifetime,
            "token_path": OAUTH_PATH,
            "client_id": CLIENT_ID,
            "client_secret": self.client_secret,
            "certificate_base_url": self.tls_port and f"https://localhost:{self.tls_port}",
            **{name: tls.get(name) for name in ("certificate", "private_key", "authority")},
        }

    def change(self, document: Any) -> dict[str, Any]:
        """Open or close ways in (``accepted``), set the seconds that new tokens live (``lifetime``).

        :raises ValueError: for anything else
        """
        if not isinstance(document, dict) or document.keys() - {"accepted", "lifetime"}:
            raise ValueError("The sign-in takes accepted and lifetime.")
        accepted, lifetime = document.get("accepted", sorted(self.accepted)), document.get("lifetime", self.lifetime)
        if not isinstance(accepted, list) or not set(accepted) <= set(WAYS):
            raise ValueError(f"accepted is a list out of {', '.join(WAYS)}.")
        if not isinstance(lifetime, int) or isinstance(lifetime, bool) or lifetime < 0:
            raise ValueError("lifetime is a number of seconds.")
        self.accepted, self.lifetime = set(accepted), lifetime
        return self.settings()

    def reset(self) -> None:
        self.accepted = set(WAYS)
        self.lifetime = TOKEN_LIFETIME
        self._tokens.clear()

    def tls_context(self) -> ssl.SSLContext | None:
        """Return what a listener needs that lets in only the holder of the client certificate."""
        if self.tls is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cadata=self.tls["authority"])
        context.verify_mode = ssl.CERT_REQUIRED
        descriptor, name = tempfile.mkstemp()
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(self.tls["server"])
            context.load_cert_chain(name)
        finally:
            os.unlink(name)
        return context

    def _issue(self, way: str) -> dict[str, Any]:
        token = secrets.token_urlsafe(32)
        self._tokens[token] = (way, time.time() + self.lifetime)
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}

    @staticmethod
    def _is(encoded: str, credentials: bytes) -> bool:
        try:
            given = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(given, credentials)


def _authorization(exchange: Exchange) -> tuple[str, str]:
    scheme, _unused, value = (exchange.header("Authorization") or "").partition(" ")
    return scheme.lower(), value
