# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deployed site as these tests use it: a connector whose settings change, agents, and customers who call."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from contextlib import contextmanager
from typing import Any

from tests.site.site import ALIAS
from tests.site.site import SUMMARY
from tests.site.site import Site
from tests.site.site import wait_for

AGENT = "agent"
COLLEAGUE = "colleague"
CALLER = "+442079460123"  # Brightwater Pumps Ltd in the directory of the SAP page
BUCKET = "sap-cti-connector-poc-{account}-{region}"
CONFIG = "config.js"


class Deployment:
    """One site, one agent and one colleague; everything that a test changes is put back by ``restore``."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.instance_url: str = site.outputs["AmazonConnectInstanceURL"].rstrip("/")
        self.connector_url: str = site.outputs["CloudFrontDistributionURL"].rstrip("/") + "/"
        self.sap_url = f"http://sap.localhost:{site.keys['EDGE_PORT']}/"
        self._bucket = BUCKET.format(account=site.account, region=site.region)
        self._s3 = site.client("s3")
        stored = self._s3.get_object(Bucket=self._bucket, Key=CONFIG)
        self._headers = {name: stored[name] for name in ("ContentType", "CacheControl")}
        self._text = stored["Body"].read().decode()
        self.settings = json.loads(self._text.removeprefix("export default ").rstrip().removesuffix(";"))
        self._stored = self._text
        self.live_settings = self.emulator("GET", "settings")["live"]
        self._add_colleague()

    # The connector and the page around it

    def configure(self, *, desktop: dict[str, Any] | None = None, **changes: Any) -> None:
        """Give the connector these settings on top of the deployed ones, and let the SAP page expect the same.

        :param desktop: more settings of the SAP page
        """
        settings = self.settings | changes
        self._store(self._text if not changes else f"export default {json.dumps(settings, sort_keys=True)};\n")
        expected = {
            "flavour": settings["ctiType"],
            "format": settings["payloadFormat"],
            "acceptAction": settings["acceptAction"],
            "referenceFormat": settings["referenceFormat"],
        }
        self.sap("POST", "desktop", {"connector": self.connector_url, **expected, **(desktop or {})})

    def restore(self) -> None:
        """Begin anew: no records in SAP, no contacts, the agent Available, the connector as it was deployed."""
        for user in (AGENT, COLLEAGUE):
            self.agent("reset", user=user)
        self.sap("POST", "reset", {})
        self._store(self._text)
        self.emulator("POST", "settings", {"live": self.live_settings})

    def _store(self, text: str) -> None:
        if text != self._stored:
            self._s3.put_object(Bucket=self._bucket, Key=CONFIG, Body=text.encode(), **self._headers)
            self._stored = text

    @contextmanager
    def without_approval(self) -> AbstractContextManager[None]:
        """Take the connector's origin off the instance's list for a while."""
        connect, origin = self.site.client("connect"), self.connector_url.rstrip("/")
        connect.disassociate_approved_origin(InstanceId=self.site.instance_id, Origin=origin)
        try:
            yield
        finally:
            connect.associate_approved_origin(InstanceId=self.site.instance_id, Origin=origin)

    # Agents

    def agent(self, do: str, user: str = AGENT, **more: Any) -> dict[str, Any]:
        """Let an agent do something, or something happen to them (README of the emulator)."""
        return self.emulator("POST", "agents", {**self._who(user), "do": do, **more})

    def agent_state(self, user: str = AGENT) -> dict[str, Any]:
        """Return what the floor knows of an agent: state, contacts, open panels."""
        return self.emulator("GET", "agents", params=self._who(user))

    def password(self) -> str:
        """Return the password of both agents."""
        return self.site.environment["CONNECT_AGENT_PASSWORD"]

    def _who(self, user: str) -> dict[str, str]:
        return {"account": self.site.account, "region": self.site.region, "instance": ALIAS, "user": user}

    def _add_colleague(self) -> None:
        """Make a second agent like the first, and quick connects to both and to a number."""
        connect, instance = self.site.client("connect"), self.site.instance_id
        users = {user["Username"]: user["Id"] for user in self._all("list_users", "UserSummaryList")}
        if COLLEAGUE in users:
            return
        model = connect.describe_user(InstanceId=instance, UserId=users[AGENT])["User"]
        users[COLLEAGUE] = connect.create_user(
            InstanceId=instance,
            Username=COLLEAGUE,
            Password=self.password(),
            IdentityInfo={"FirstName": "Carla", "LastName": "Colleague"},
            PhoneConfig=model["PhoneConfig"],
            SecurityProfileIds=model["SecurityProfileIds"],
            RoutingProfileId=model["RoutingProfileId"],
        )["UserId"]
        flows = {flow["Name"]: flow["Id"] for flow in self._all("list_contact_flows", "ContactFlowSummaryList")}
        made = []
        for name in (AGENT, COLLEAGUE):
            config = {"UserId": users[name], "ContactFlowId": flows["Default agent transfer"]}
            made.append(self._quick_connect(name, "USER", UserConfig=config))
        made.append(self._quick_connect("outside", "PHONE_NUMBER", PhoneConfig={"PhoneNumber": "+442079460999"}))
        for queue in self._all("list_queues", "QueueSummaryList", QueueTypes=["STANDARD"]):
            connect.associate_queue_quick_connects(InstanceId=instance, QueueId=queue["Id"], QuickConnectIds=made)

    def _quick_connect(self, name: str, kind: str, **config: Any) -> str:
        return self.site.client("connect").create_quick_connect(
            InstanceId=self.site.instance_id, Name=name, QuickConnectConfig={"QuickConnectType": kind, **config}
        )["QuickConnectId"]

    def _all(self, operation: str, key: str, **options: Any) -> list[dict[str, Any]]:
        pages = self.site.client("connect").get_paginator(operation)
        return [item for page in pages.paginate(InstanceId=self.site.instance_id, **options) for item in page[key]]

    # Customers

    def ring(self, **members: Any) -> Customer:
        """Let a customer call the deployed number, or begin a chat, and stay until somebody hangs up."""
        body = {
            "account": self.site.account,
            "region": self.site.region,
            "instance": ALIAS,
            "caller": CALLER,
            "agent": AGENT,
            "summary": SUMMARY,
            "live": True,
            **members,
        }
        if "contact_flow" not in members:
            body["dialled_number"] = self.site.outputs["AmazonConnectPhoneNumber"]
        answer = self.emulator("POST", "calls", body)
        assert answer["problems"] == [], answer
        return Customer(self, answer["contact_id"])

    def customer_of(self, contact_id: str) -> Customer:
        """Return the customer whom an agent dialled."""
        return Customer(self, contact_id)

    # Control addresses

    def emulator(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        return self._ask(method, f"{self.site.keys['CONNECT_EMULATOR_URL']}/_emulator/{path}", body, **options)

    def sap(self, method: str, path: str, body: Any = None) -> Any:
        return self._ask(method, f"{self.site.keys['SAP_BASE_URL']}/_standin/{path}", body)

    def _ask(self, method: str, address: str, body: Any, **options: Any) -> Any:
        answer = self.site.http.request(method, address, json=body, timeout=30, **options)
        assert answer.status_code == 200, f"{method} {address}: {answer.text}"
        return answer.json()


class Customer:
    """The customer's end of a contact."""

    def __init__(self, deployment: Deployment, contact_id: str) -> None:
        self._deployment = deployment
        self.contact_id = contact_id

    def do(self, what: str, **more: Any) -> None:
        self._deployment.emulator("POST", f"contacts/{self.contact_id}", {"do": what, **more})

    def contact(self) -> dict[str, Any]:
        return self._deployment.emulator("GET", f"contacts/{self.contact_id}")

    def reach(self, *states: str) -> None:
        """Wait until the contact is in one of these states."""
        wait_for(lambda: self.contact()["state"] in states, 30)

    def outcome(self) -> dict[str, Any]:
        """Wait for what became of the contact."""
        return wait_for(lambda: self.contact()["outcome"], 30)
