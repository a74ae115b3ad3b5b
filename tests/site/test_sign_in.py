# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deployed function signs in to SAP in each of the ways, where SAP accepts no other one."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator

import pytest

from .site import FUNCTION
from .site import SUMMARY
from .site import Site
from .site import wait_for

SECRET = "Secret-c4c-password"
BASE_URL_PARAMETER = "/SAP-C4C-connect-poc/poc/c4c-base-url"


@pytest.fixture
def sign_in(site: Site) -> Iterator[Callable[[str], None]]:
    """Return a function that changes over to a way to sign in; everything is as before afterwards."""
    sap, functions = site.keys["SAP_BASE_URL"], site.client("lambda")
    secrets, parameters = site.client("secretsmanager"), site.client("ssm")
    variables = functions.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    password = secrets.get_secret_value(SecretId=SECRET)["SecretString"]

    def configure(secret: str, base_url: str, **changes: str) -> None:
        secrets.put_secret_value(SecretId=SECRET, SecretString=secret)
        parameters.put_parameter(Name=BASE_URL_PARAMETER, Value=base_url, Overwrite=True)
        functions.update_function_configuration(FunctionName=FUNCTION, Environment={"Variables": variables | changes})
        functions.get_waiter("function_updated_v2").wait(FunctionName=FUNCTION, WaiterConfig={"Delay": 1})

    def accept(*ways: str) -> dict:
        answer = site.http.post(f"{sap}/_standin/sign_in", json={"accepted": list(ways)}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def change(way: str) -> None:
        known = accept(way)
        members = {
            "token": (),
            "certificate": ("certificate", "private_key", "authority"),
            "oauth": ("client_id", "client_secret"),
        }[way]
        secret = json.dumps({name: known[name] for name in members}) if members else password
        base_url = known["certificate_base_url"] if way == "certificate" else sap
        configure(secret, base_url, SAP_AUTHENTICATION=way, SAP_TOKEN_URL=sap + known["token_path"])

    yield change
    configure(password, sap)
    accept("basic", "token", "certificate", "oauth")


@pytest.mark.parametrize("way", ["token", "certificate", "oauth"])
def test_the_function_signs_in(site: Site, sign_in: Callable[[str], None], way: str) -> None:
    sign_in(way)
    contact = site.call()["contact_id"]
    assert site.written_transcript(contact) == SUMMARY
    assert wait_for(lambda: site.outcomes(contact)) == ["written"]
    log = site.log_text()
    assert "BEGIN" not in log
    assert "Bearer" not in log
