# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contact control panel (connect-api 10, sap-cti 3.5). tests/browser shows it to the Streams library."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from tests.local_cloud.connect_emulator import ccp

from .call_site import CallSite


@pytest.fixture
def site(emulator, connect, instance):
    return CallSite(emulator, connect, instance)


def opened(alias="test"):
    status, headers, body = ccp.page(alias)
    assert status == 200
    return headers, body.decode()


def agent_of(body):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', body, re.S)[1])["agent"]


def ancestors(headers):
    directive = next(part for part in headers["Content-Security-Policy"].split("; ") if "frame-ancestors" in part)
    return directive.split()[1:]


def test_an_unknown_alias_is_not_found():
    assert ccp.page("nobody")[0] == 404


def test_only_approved_origins_may_frame_the_panel(connect, instance):
    assert ancestors(opened()[0]) == ["'self'"]
    connect.associate_approved_origin(InstanceId=instance, Origin="https://d1.cloudfront.net")
    connect.associate_approved_origin(InstanceId=instance, Origin="http://localhost:8080")
    assert ancestors(opened()[0]) == ["'self'", "https://d1.cloudfront.net", "http://localhost:8080"]
    connect.disassociate_approved_origin(InstanceId=instance, Origin="https://d1.cloudfront.net")
    assert ancestors(opened()[0]) == ["'self'", "http://localhost:8080"]


def test_the_script_is_the_one_that_the_policy_allows(instance):
    headers, body = opened()
    script = re.search(r"<script>(.*?)</script>", body, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in headers["Content-Security-Policy"]


def test_without_users_nobody_is_signed_in(instance):
    assert agent_of(opened()[1]) is None


def test_the_agent_is_a_user_of_the_instance(site):
    agent = agent_of(opened("TEST")[1])
    configuration = agent["configuration"]
    assert configuration["username"] == "agent"
    assert configuration["name"] == "A Gent"
    assert configuration["agentARN"] == f"{site.arn}/agent/{site.agent}"
    assert configuration["softphoneEnabled"] is True
    assert configuration["routingProfile"]["name"] == "Basic Routing Profile"
    assert configuration["routingProfile"]["routingProfileId"].startswith(f"{site.arn}/routing-profile/")
    assert configuration["routingProfile"]["defaultOutboundQueue"]["queueARN"] == site.queue_arn
    assert configuration["routingProfile"]["channelConcurrencyMap"]["VOICE"] == 1
    assert {state["name"]: state["type"] for state in configuration["agentStates"]} == {
        "Available": "routable",
        "Offline": "offline",
    }
    assert agent["snapshot"]["state"]["name"] == "Available"
    assert agent["snapshot"]["contacts"] == []


def test_names_cannot_break_out_of_the_page(site):
    site.connect.update_user_identity_info(
        InstanceId=site.instance,
        UserId=site.agent,
        IdentityInfo={"FirstName": "</script><script>alert(1)", "LastName": "X"},
    )
    body = opened()[1]
    assert "</script><script>alert" not in body
    assert agent_of(body)["configuration"]["name"] == "</script><script>alert(1) X"
