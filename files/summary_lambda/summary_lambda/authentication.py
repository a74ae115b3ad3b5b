# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four ways to sign in to SAP (sap-cti 2.2): what is added to a request, and how it is renewed.

``basic`` and ``token`` are known from clients of the service, a client certificate is a way in that SAP names.
OAuth's client credentials, at an address of the tenant's own choice, are inferred.
"""

from __future__ import annotations

import base64
import os
import ssl
import tempfile
import time
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from .errors import SapUnauthorized
from .errors import SettingsInvalid
from .settings import Environment
from .settings import Settings

TOKEN_PATH = "/sap/c4c/api/v1/iam-service/token"
# Renewed that long before its end, so that no request starts with a token that ends on the way.
_TOKEN_MARGIN = 60.0
# A request sender: method, URL, options of requests; it raises what a failing answer means and returns a good one.
Send = Callable[..., requests.Response]


class Authentication:
    """Basic, which needs nothing but the user name and the password."""

    def __init__(self, environment: Environment, settings: Settings) -> None:
        self._environment = environment
        self._settings = settings

    def mount(self, session: requests.Session) -> None:
        """Prepare the session; every request then goes through it."""
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=0))

    def options(self, send: Send) -> dict[str, Any]:
        """Return what signs one request; ``send`` is there to get a token with."""
        return {"headers": {"Authorization": _basic(self._settings.username, self._settings.secret["password"])}}

    def renew(self) -> bool:
        """Forget what SAP has just refused; return whether the next request goes out with something else."""
        return False


class TokenAuthentication(Authentication):
    """Basic, exchanged for a token that signs the requests."""

    def __init__(self, environment: Environment, settings: Settings) -> None:
        super().__init__(environment, settings)
        self._token: str | None = None
        self._ends = 0.0

    def options(self, send: Send) -> dict[str, Any]:
        if self._token is None or time.monotonic() >= self._ends:
            self._token, lifetime = _token(self._request(send))
            self._ends = time.monotonic() + max(lifetime - _TOKEN_MARGIN, 0.0)
        return {"headers": {"Authorization": f"Bearer {self._token}"}}

    def renew(self) -> bool:
        had, self._token = self._token is not None, None
        return had

    def _request(self, send: Send) -> requests.Response:
        return send("GET", self._settings.tenant_url(TOKEN_PATH), **super().options(send))


class OAuthAuthentication(TokenAuthentication):
    """A token by OAuth's client credentials."""

    def _request(self, send: Send) -> requests.Response:
        secret = self._settings.secret
        return send(
            "POST",
            self._environment.token_url,
            headers={"Authorization": _basic(secret["client_id"], secret["client_secret"])},
            data={"grant_type": "client_credentials"},
        )


class CertificateAuthentication(Authentication):
    """The connection itself is signed in, by a client certificate."""

    def mount(self, session: requests.Session) -> None:
        """:raises SettingsInvalid: certificate and key are no pair of PEM texts"""
        session.mount("http://", HTTPAdapter(max_retries=0))
        session.mount("https://", _CertificateAdapter(self._tls_context()))

    def options(self, send: Send) -> dict[str, Any]:
        return {}

    def _tls_context(self) -> ssl.SSLContext:
        secret = self._settings.secret
        authority = secret.get("authority")
        try:
            context = ssl.create_default_context(cadata=authority)
            if authority is None:
                context.load_verify_locations(requests.certs.where())
            _load_pair(context, f"{secret['private_key']}\n{secret['certificate']}\n", secret.get("passphrase"))
        except (ssl.SSLError, ValueError):
            # Its own message may quote the file.
            raise SettingsInvalid(
                f"The secret {self._environment.secret_id} holds no certificate with its private key in PEM form"
            ) from None
        return context


class _CertificateAdapter(HTTPAdapter):
    """An adapter with a TLS context of its own: requests itself takes only the names of files."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the authorities to the context; requests would add its own bundle's name."""
        conn.cert_reqs = "CERT_REQUIRED"


_AUTHENTICATIONS = {
    "basic": Authentication,
    "token": TokenAuthentication,
    "certificate": CertificateAuthentication,
    "oauth": OAuthAuthentication,
}


def make_authentication(environment: Environment, settings: Settings) -> Authentication:
    """Return the way to sign in that the environment names."""
    return _AUTHENTICATIONS[environment.authentication](environment, settings)


def _basic(username: str, password: str) -> str:
    # As UTF-8: requests would encode as latin-1, which not every password can be.
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"


def _token(answer: requests.Response) -> tuple[str, float]:
    """Take the token out of SAP's ``{"value": {...}}`` or OAuth's plain object, with its seconds to live.

    :raises SapUnauthorized: there is none
    """
    try:
        document = answer.json()
    except ValueError:
        document = None
    value = document.get("value", document) if isinstance(document, dict) else None
    token = value.get("access_token") if isinstance(value, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
        raise SapUnauthorized("The answer to the request for a token holds none")
    lifetime = value.get("expires_in")
    # Without a lifetime it is used until SAP answers 401.
    return token, float(lifetime) if isinstance(lifetime, int) and not isinstance(lifetime, bool) else float("inf")


def _load_pair(context: ssl.SSLContext, pem: str, passphrase: str | None) -> None:
    """OpenSSL takes certificates from files only: one that nobody else can read, gone again at once."""
    descriptor, name = tempfile.mkstemp(prefix="sap-")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(pem)
        # Never None: OpenSSL would then ask for the passphrase at the terminal.
        context.load_cert_chain(name, password=passphrase or "")
    finally:
        os.unlink(name)
