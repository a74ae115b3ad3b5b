# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens and certificates; test_summary_standin.py signs in with them."""

from __future__ import annotations

import json
import os
import ssl
import stat
import tempfile
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from summary_fakes import ENVIRONMENT
from summary_lambda.authentication import make_authentication
from summary_lambda.errors import SapUnauthorized
from summary_lambda.errors import SettingsInvalid
from summary_lambda.settings import Environment
from summary_lambda.settings import Settings

from tests.local_cloud.certificates import make_certificates


@pytest.fixture(scope="module")
def pair() -> dict[str, str]:
    made = make_certificates("technical-user")
    return {name: made[name] for name in ("certificate", "private_key", "authority")}


def authentication(way: str, secret: dict[str, str]) -> Any:
    variables = {**ENVIRONMENT, "SAP_AUTHENTICATION": way, "SAP_TOKEN_URL": "https://sap.example/token"}
    settings = Settings("b", "https://sap.example", "path", "technical-user", secret)
    return make_authentication(Environment.read(variables), settings)


def answer(body: bytes) -> requests.Response:
    response = requests.Response()
    response.status_code = 200
    response._content = body
    return response


@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b'{"value": {"access_token": "abc", "expires_in": 3600}}', "abc"),
        (b'{"access_token": "abc", "token_type": "Bearer"}', "abc"),
        (b'{"access_token": "abc", "expires_in": "soon"}', "abc"),
    ],
)
def test_a_token_is_taken_from_both_forms_of_answer(body, token):
    sent = []
    options = authentication("oauth", {"client_id": "i", "client_secret": "s"}).options(
        lambda *request, **more: sent.append((request, more)) or answer(body)
    )
    assert options == {"headers": {"Authorization": f"Bearer {token}"}}
    ((request, more),) = sent
    assert request == ("POST", "https://sap.example/token")
    assert more["data"] == {"grant_type": "client_credentials"}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"value": []}', b'{"access_token": ""}', b'{"access_token": 7}']
    + [b'{"access_token": "a\\nb: c"}', b'{"access_token": " "}', b'{"access_token": "\\u20ac"}'],
)
def test_an_answer_without_a_token_is_a_refusal_to_sign_in(body):
    with pytest.raises(SapUnauthorized):
        authentication("token", {"password": "p"}).options(lambda *request, **more: answer(body))


def test_the_private_key_is_in_no_file_afterwards_and_before_in_one_of_ours_only(pair, tmp_path, monkeypatch):
    """OpenSSL loads from files only."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    modes = []
    load = ssl.SSLContext.load_cert_chain

    def record(context, name, **options):
        modes.append(stat.S_IMODE(os.stat(name).st_mode))
        load(context, name, **options)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", record)
    authentication("certificate", pair).mount(requests.Session())
    assert modes == [0o600]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("change", ["certificate", "private_key", "authority", "both"])
def test_what_is_no_pair_of_pem_texts_is_named_and_not_shown(pair, change, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stranger = make_certificates("technical-user")
    broken = {"both": {"private_key": stranger["private_key"]}}.get(change, {change: "very private"})
    with pytest.raises(SettingsInvalid, match="Secret-c4c-password") as raised:
        authentication("certificate", {**pair, **broken}).mount(requests.Session())
    assert "private" not in str(raised.value).replace("private key", "")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_certificate_stops_every_event_and_none_goes_out_without_one(ready, sap, handle):
    ready.settings(sap.base_url, password=json.dumps({"certificate": "c", "private_key": "k"}))
    for _event in range(2):
        with pytest.raises(SettingsInvalid):
            handle(SAP_AUTHENTICATION="certificate")
    assert sap.requests == []


def test_a_key_with_a_passphrase_needs_it(pair):
    key = serialization.load_pem_private_key(pair["private_key"].encode(), None)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open sesame"),
    ).decode()
    secret = {**pair, "private_key": encrypted}
    authentication("certificate", {**secret, "passphrase": "open sesame"}).mount(requests.Session())
    for wrong in ({}, {"passphrase": "wrong"}):
        with pytest.raises(SettingsInvalid):
            authentication("certificate", {**secret, **wrong}).mount(requests.Session())
