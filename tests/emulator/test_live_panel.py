# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of an instance: sign-in, control panel, contacts (connect-api 10, sap-cti 3.5).

tests/browser/test_panel.py shows the panel to the Streams library.
"""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.local_cloud.connect_emulator import ccp

from .call_site import record
from .call_site import to_queue
from .live_site import HOST
from .live_site import LiveSite
from .live_site import Panel
from .live_site import directive


@pytest.fixture
def site(emulator, connect, instance):
    site = LiveSite(emulator, connect, instance)
    site.deploy(record(), *to_queue(site.queue_arn))
    return site


def opened(alias="test", target="/ccp-v2/", **headers):
    return asyncio.run(ccp.handle(alias, "GET", target, {"Host": HOST, **headers}))


# Sign-in


def test_an_unknown_alias_is_not_found():
    assert opened("nobody")[0] == 404


@pytest.mark.parametrize("target", ["/", "/ccp-v2", "/ccp-v2/", "/connect/ccp-v2/"])
def test_without_a_session_the_panel_leads_to_the_sign_in_page(site, target):
    status, headers, _body = opened(target=target)
    assert (status, headers["Location"]) == (302, "/connect/login?landat=%2Fccp-v2%2F")


def test_nobody_may_frame_the_sign_in_page(site):
    status, headers, body = opened(target="/connect/login")
    assert status == 200
    assert directive(headers, "frame-ancestors") == ["'none'"]
    assert headers["X-Frame-Options"] == "DENY"
    assert b'name="username"' in body and b'type="password"' in body


def test_name_and_password_open_a_session(site):
    panel = Panel(site, "agent")
    status, headers, _page = panel.sign_in()
    assert (status, headers["Location"]) == (302, "/ccp-v2/")
    attributes = headers["Set-Cookie"].split("; ")[1:]
    assert set(attributes) == {"Path=/", "HttpOnly", "Secure", "SameSite=None"}
    assert panel.request("GET", "/ccp-v2/")[0] == 200
    assert panel.state == "Offline"


@pytest.mark.parametrize(
    ("name", "password"),
    [("agent", "wrong"), ("agent", ""), ("nobody", "Passw0rd-for-tests"), ("Agent", "Passw0rd-for-tests"), ("", "")],
)
def test_a_wrong_name_or_password_opens_none(site, name, password):
    panel = Panel(site, name)
    status, headers, page = panel.sign_in(password)
    assert status == 401
    assert "Set-Cookie" not in headers
    assert 'role="alert"' in page
    assert panel.request("GET", "/ccp-v2/")[0] == 302


def test_users_of_a_directory_have_no_password_here(emulator, connect):
    made = connect.create_instance(
        IdentityManagementType="SAML", InstanceAlias="saml", InboundCallsEnabled=True, OutboundCallsEnabled=True
    )["Id"]
    connect.create_user(
        InstanceId=made,
        Username="agent@example.com",
        IdentityInfo={"FirstName": "A", "LastName": "Gent"},
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
        SecurityProfileIds=[connect.list_security_profiles(InstanceId=made)["SecurityProfileSummaryList"][0]["Id"]],
        RoutingProfileId=connect.list_routing_profiles(InstanceId=made)["RoutingProfileSummaryList"][0]["Id"],
    )
    form = b"username=agent%40example.com&password="
    status, _headers, _body = asyncio.run(ccp.handle("saml", "POST", "/connect/login", {}, form))
    assert status == 401


@pytest.mark.parametrize(
    "landat", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere", "", "/a\r\nb", "/\u20ac"]
)
def test_the_sign_in_never_leads_elsewhere(site, landat):
    assert Panel(site, "agent").sign_in(landat=landat)[1]["Location"] == "/ccp-v2/"


def test_the_sign_in_page_shows_no_markup_of_others(site):
    _status, _headers, body = opened(target="/connect/login?landat=/%22%3E%3Cscript%3E")
    assert b"<script>" not in body


def test_signing_out_ends_the_session_in_all_panels(site):
    panel = site.open_panel()
    status, headers, _body = panel.request("GET", "/connect/logout")
    assert status == 302
    assert "Max-Age=0" in headers["Set-Cookie"]
    assert panel.updates()[0] == 401
    assert panel.updates()[1]["type"] == "terminated"


def test_a_code_signs_in_once(site):
    path = site.to_agent("sign_in")["path"]
    status, headers, _body = opened(target=path)
    assert (status, headers["Location"]) == (302, "/ccp-v2/")
    assert opened(target=path)[0] == 401


def test_a_user_who_is_deleted_is_signed_out(site):
    panel = site.open_panel()
    site.connect.delete_user(InstanceId=site.instance, UserId=site.agent)
    assert panel.updates()[0] == 401


# The panel


def test_only_approved_origins_may_frame_the_panel(site):
    panel = site.open_panel()

    def ancestors():
        return directive(panel.request("GET", "/ccp-v2/")[1], "frame-ancestors")

    assert ancestors() == ["'self'"]
    site.connect.associate_approved_origin(InstanceId=site.instance, Origin="https://d1.cloudfront.net")
    site.connect.associate_approved_origin(InstanceId=site.instance, Origin="http://localhost:8080")
    assert ancestors() == ["'self'", "https://d1.cloudfront.net", "http://localhost:8080"]
    site.connect.disassociate_approved_origin(InstanceId=site.instance, Origin="https://d1.cloudfront.net")
    assert ancestors() == ["'self'", "http://localhost:8080"]


def test_the_panel_runs_its_own_scripts_only(site):
    _status, headers, body = site.open_panel().request("GET", "/ccp-v2/")
    assert directive(headers, "default-src") == ["'none'"]
    assert directive(headers, "script-src") == ["'self'"]
    scripts = re.findall(rb'<script src="([^"]*)"[^>]*></script>', body)
    assert len(scripts) == body.count(b"<script") == 2
    for script in scripts:
        status, headers, _text = opened(target=script.decode())
        assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def test_the_agent_is_the_user_who_has_signed_in(site):
    site.make_agent("other")
    configuration = site.open_panel().look()["configuration"]
    assert configuration["username"] == "agent"
    assert configuration["name"] == "A Gent"
    assert configuration["agentARN"] == f"{site.arn}/agent/{site.agent}"
    assert configuration["softphoneEnabled"] is True
    assert configuration["permissions"] == ["outboundCall"]
    profile = configuration["routingProfile"]
    assert profile["name"] == "Basic Routing Profile"
    assert profile["routingProfileId"].startswith(f"{site.arn}/routing-profile/")
    assert profile["defaultOutboundQueue"]["queueARN"] == site.queue_arn
    assert profile["channelConcurrencyMap"]["VOICE"] == 1
    assert [queue["queueARN"] for queue in profile["queues"]] == [
        site.queue_arn,
        f"{site.arn}/queue/agent/{site.agent}",
    ]
    assert {state["name"]: state["type"] for state in configuration["agentStates"]} == {
        "Available": "routable",
        "Offline": "offline",
    }


def test_statuses_that_are_disabled_cannot_be_chosen(site):
    made = site.connect.create_agent_status(InstanceId=site.instance, Name="Lunch", State="ENABLED")["AgentStatusId"]
    panel = site.open_panel(status="Lunch")
    site.connect.update_agent_status(InstanceId=site.instance, AgentStatusId=made, State="DISABLED")
    assert "Lunch" not in [state["name"] for state in panel.look()["configuration"]["agentStates"]]
    assert panel.refused("putAgentState", state={"name": "Lunch"}) == (400, "ValidationException")
    assert panel.refused("putAgentState", state={"name": "AfterCallWork"}) == (400, "ValidationException")
    assert panel.refused("putAgentState") == (400, "ValidationException")


def test_an_agent_without_the_permission_may_not_use_the_panel(site):
    profile = site.connect.create_security_profile(
        InstanceId=site.instance, SecurityProfileName="None", Permissions=["AccessMetrics"]
    )["SecurityProfileId"]
    site.connect.update_user_security_profiles(
        InstanceId=site.instance, UserId=site.agent, SecurityProfileIds=[profile]
    )
    assert site.open_panel(status=None).updates()[0] == 403


def test_requests_of_other_pages_are_refused(site):
    panel = site.open_panel()
    json_type = {"Content-Type": "application/json"}
    foreign = panel.request("POST", "/ccp-v2/api/putAgentState", b"{}", Origin="https://evil.example", **json_type)
    assert foreign[0] == 403
    form = panel.request("POST", "/ccp-v2/api/putAgentState", b"{}", **{"Content-Type": "text/plain"})
    assert form[0] == 415
    assert panel.request("POST", "/ccp-v2/api/putAgentState", b"[]", **json_type)[0] == 400
    assert panel.request("POST", "/ccp-v2/api/putAgentState", b"{", **json_type)[0] == 400
    assert panel.request("GET", "/ccp-v2/api/putAgentState")[0] == 405
    assert panel.state == "Available"


# Keeping in step


def test_all_panels_of_an_agent_show_the_same(site):
    first, second = site.open_panel(), site.open_panel()
    site.ring()
    first.act("acceptContact")
    shown = second.look()
    assert shown["snapshot"]["contacts"][0]["state"]["type"] == "connected"
    assert shown["version"] == first.look()["version"]


def test_a_panel_is_told_at_once_what_is_new(site):
    panel = site.open_panel()
    known = panel.look()["version"]
    site.to_agent("report", event="agent::softphone_error", data={"errorType": "webrtc_error"})
    status, update = panel.updates(known)
    assert status == 200
    assert update["version"] > known
    assert update["events"] == [{"event": "agent::softphone_error", "data": {"errorType": "webrtc_error"}}]
    assert panel.updates()[1]["events"] == []


def test_a_panel_with_nothing_new_gets_its_answer_after_a_while(site, monkeypatch):
    monkeypatch.setattr("tests.local_cloud.connect_emulator.ccp.pages.LONGEST_WAIT", 0.05)
    panel = site.open_panel()
    known = panel.look()["version"]
    assert panel.updates(known)[1]["version"] == known


def test_a_lost_connection_keeps_the_call(site):
    panel = site.open_panel()
    site.ring()
    panel.act("acceptContact")
    site.to_agent("lose_connection")
    assert panel.updates()[0] == 503
    assert panel.ask("getAgentSnapshot")[0] == 503
    site.to_agent("reconnect")
    assert panel.states == ["connected"]


def test_agents_are_signed_out_denied_and_allowed_again(site):
    panel = site.open_panel()
    site.to_agent("deny")
    assert panel.updates()[0] == 403
    site.to_agent("allow")
    assert panel.updates()[0] == 200
    site.to_agent("sign_out")
    assert panel.updates() == (401, {"type": "signed_out", "message": "Nobody is signed in."})
    panel.sign_in()
    site.to_agent("terminate")
    assert panel.updates()[1]["type"] == "terminated"


def test_agents_can_be_driven_without_a_panel(site):
    assert site.to_agent("sign_in")["signed_in"] is True
    assert site.to_agent("set_state", state="Available")["state"] == "Available"
    contact_id = site.ring()
    shown = site.to_agent("accept")
    assert shown["contacts"] == [{"contact_id": contact_id, "type": "voice", "state": "connected"}]
    assert site.to_agent("hang_up", contact_id=contact_id)["state"] == "AfterCallWork"
    assert site.to_agent("close")["contacts"] == []
    site.ring()
    assert site.to_agent("reject")["state"] == "MissedCallAgent"
    assert site.to_agent("reset")["contacts"] == []
    assert site.open_panel().contacts == []


def test_an_agent_is_found_by_account_instance_and_name(site):
    address = f"agents?account={site.arn.split(':')[4]}&instance=test&user="
    assert site.emulator.control_answer("GET", address + "agent")[1]["state"] == "Offline"
    assert site.emulator.control_answer("GET", address + "nobody")[0] == 404
    assert site.emulator.control_answer("GET", address.replace("test", "other") + "agent")[0] == 404
    assert site.emulator.control_answer("POST", "agents", {"account": "111111111111", "instance": "test"})[0] == 404


# Contacts


@pytest.mark.parametrize("prefix", ["", "/connect"])
def test_the_page_of_a_contact_is_for_those_who_have_signed_in(site, prefix):
    answer = site.call()
    target = f"{prefix}/contact-trace-records/details/{answer['contact_id']}?tz=Europe/London"
    status, headers, _body = opened(target=target)
    assert status == 302
    landat = headers["Location"]
    panel = site.open_panel()
    assert panel.request("GET", landat)[0] == 200
    status, headers, body = panel.request("GET", target)
    assert status == 200
    assert directive(headers, "frame-ancestors") == ["'none'"]
    assert f'data-field="Recording">recordings/{answer["files"][0]}<' in body.decode()
    assert 'data-field="Agent">agent<' in body.decode()
    assert panel.request("GET", f"{prefix}/contact-trace-records/details/nobody")[0] == 404


def test_names_cannot_break_out_of_the_page_of_a_contact(site):
    answer = site.call(caller="<script>alert(1)</script>")
    _status, _headers, body = site.open_panel().request("GET", f"/contact-trace-records/details/{answer['contact_id']}")
    assert b"<script>" not in body


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?tz=Europe/Berlin", "2026-07-01 12:00:00 CEST"),
        ("?tz=Nowhere", "2026-07-01 10:00:00 UTC"),
        ("", "2026-07-01 10:00:00 UTC"),
    ],
)
def test_the_page_of_a_contact_has_the_times_of_the_reader(site, query, shown):
    answer = site.call(started_at="2026-07-01T10:00:00Z")
    target = f"/contact-trace-records/details/{answer['contact_id']}{query}"
    assert f'data-field="Began">{shown}<' in site.open_panel().request("GET", target)[2].decode()
