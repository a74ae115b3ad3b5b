# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is on the floor of an instance: agents with their panels, and contacts with their parties."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any

from ..simulation import Call
from ..state import EMULATOR
from ..state import Instance
from ..state import Record
from ..timers import Timer

KEPT_EVENTS = 200
# Contacts in these states have an agent's attention; the others only wait to be closed.
ACTIVE = frozenset({"incoming", "connecting", "connected"})
OFFLINE = "Offline"
AVAILABLE = "Available"


def _now() -> datetime:
    """Look the clock up at each call: it can be held still."""
    return EMULATOR.now()


@dataclass
class Status:
    """What an agent is doing: a status of the instance, or one that the service sets (types system and error)."""

    name: str
    type: str
    arn: str | None = None
    since: datetime = field(default_factory=_now)


@dataclass(eq=False)
class Connection:
    """One party of a contact as its agent sees it."""

    type: str
    initial: bool
    state: str
    endpoint: dict[str, Any]
    since: datetime = field(default_factory=_now)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    mute: bool = False
    quick_connect: str | None = None
    # The contact of another agent who is this party.
    contact: LiveContact | None = None

    @property
    def active(self) -> bool:
        return self.state in ("connecting", "connected", "hold")

    def become(self, state: str) -> None:
        self.state, self.since = state, EMULATOR.now()


@dataclass(eq=False)
class Leg:
    """A contact in an agent's panel, from ringing until it is closed."""

    contact: LiveContact
    agent: Agent
    state: str
    connections: list[Connection]
    # With which a page may enter a chat.
    chat_token: str | None = None
    # A panel has the microphone.
    softphone: bool = False
    # A supervisor who monitors another agent's contact.
    listening: bool = False
    since: datetime = field(default_factory=_now)
    timers: list[Timer] = field(default_factory=list)

    def become(self, state: str) -> None:
        self.state, self.since = state, EMULATOR.now()

    @property
    def customer(self) -> Connection:
        return next(connection for connection in self.connections if connection.initial)

    @property
    def own(self) -> Connection:
        return next(connection for connection in self.connections if connection.type in ("agent", "monitoring"))

    @property
    def thirds(self) -> list[Connection]:
        return [item for item in self.connections if not item.initial and item is not self.own]

    @property
    def third(self) -> Connection | None:
        """The third party that is there, or on its way."""
        return next((connection for connection in self.thirds if connection.active), None)


@dataclass(eq=False)
class LiveContact:
    """A contact that goes on. ``leg`` is where it is: None while it waits in its queue, and when it is over."""

    call: Call
    record: Record
    kind: str
    subtype: str | None = None
    customer_name: str | None = None
    leg: Leg | None = None
    waiting: bool = False
    over: bool = False
    state: str = "queued"
    outcome: dict[str, Any] | None = None
    said: list[dict[str, Any]] = field(default_factory=list)
    # Set while another agent asks this contact's agent: what that one has of it.
    origin: Leg | None = None
    hold_since: datetime | None = None
    patience: Timer | None = None
    # The agent's after-contact work, and then what the analysis that follows it goes on with.
    closing: Leg | None = None
    listeners: list[Leg] = field(default_factory=list)
    told: dict[str, Any] | None = None
    analysis_wanted: bool = False

    @property
    def id(self) -> str:
        return self.call.contact.id

    def say(self, role: str, text: str | None, content_type: str = "text/plain") -> dict[str, Any]:
        """Add a message to a chat, or an event with the text None, and return it."""
        moment = EMULATOR.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said = {"id": str(uuid.uuid4()), "role": role, "text": text, "time": moment, "content_type": content_type}
        self.said.append(said)
        return said

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What agent and customer wrote."""
        return [said for said in self.said if said["text"] is not None]


@dataclass(eq=False)
class Agent:
    """A user of the instance with what the panels show. ``version`` counts what there is to tell them."""

    user: Record
    status: Status
    chosen: Status
    next_status: Status | None = None
    legs: list[Leg] = field(default_factory=list)
    version: int = 0
    events: list[tuple[int, str, Any]] = field(default_factory=list)
    reachable: bool = True
    allowed: bool = True

    def tell(self, event: str | None = None, data: Any = None) -> None:
        """Let all panels of the agent know that something changed, or what happened."""
        self.version += 1
        if event:
            self.events = [*self.events[1 - KEPT_EVENTS :], (self.version, event, data)]

    def become(self, status: Status) -> None:
        self.status = status
        self.tell()

    def busy(self, kind: str | None = None) -> list[Leg]:
        """Return the contacts that take the agent's time, of one kind (voice or chat) or all."""
        return [leg for leg in self.legs if kind is None or (leg.contact.kind == "chat") == (kind == "chat")]


class Floor:
    """Agents, sessions and live contacts of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.agents: dict[str, Agent] = {}
        self.contacts: dict[str, LiveContact] = {}
        self.sessions: dict[str, str] = {}
        # Sessions that are over, and how they ended, for the panels that still use them.
        self.ended: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        # Of chats.py.
        self.chat_tokens: dict[str, Any] = {}

    def agent(self, user: Record) -> Agent:
        """Return the agent that a user is; one who comes is offline."""
        if user.id not in self.agents:
            status = self.status(OFFLINE)
            self.agents[user.id] = Agent(user, status, status)
        return self.agents[user.id]

    def tell_agent(self, contact_id: str) -> None:
        """Let the panels know that a contact has changed, if an agent has it."""
        contact = self.contacts.get(contact_id)
        leg = contact and (contact.leg or contact.closing)
        if leg:
            leg.agent.tell()

    def status(self, name: str) -> Status | None:
        """Return a status that agents of the instance can choose."""
        record = self.instance.store("agent_statuses").find(name)
        if record is None or record.data["State"] != "ENABLED":
            return None
        kind = {"ROUTABLE": "routable", "OFFLINE": "offline"}.get(record.data["Type"], "not_routable")
        return Status(record.name, kind, record.arn)

    def sign_in(self, user: Record) -> str:
        """Open a session and return what the browser shows for it."""
        token = secrets.token_urlsafe(32)
        self.sessions[token] = user.id
        self.agent(user).tell()
        return token

    def sign_out(self, agent: Agent, reason: str) -> None:
        """End all sessions of an agent: `signed_out` by the service, or `terminated` by the agent."""
        for token in [token for token, user in self.sessions.items() if user == agent.user.id]:
            self.end_session(token, reason)

    def end_session(self, token: str | None, reason: str) -> None:
        if token in self.sessions:
            del self.sessions[token]
            self.ended[token] = reason

    def signed_in(self, agent: Agent) -> bool:
        return agent.user.id in self.sessions.values()

    def user(self, token: str | None) -> Record | None:
        """Return the user of a session, None when it has ended or the user is gone."""
        wanted = self.sessions.get(token or "")
        return next((user for user in self.instance.store("users").all() if user.id == wanted), None)


def floor_of(instance: Instance) -> Floor:
    """Return the floor of an instance, made when first asked for."""
    if instance.floor is None:
        instance.floor = Floor(instance)
    return instance.floor
