# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What customers and third parties outside the instance do."""

from __future__ import annotations

from . import course
from . import floor as people
from . import transfers
from .floor import Connection
from .floor import LiveContact
from .refusals import bad_request
from .refusals import invalid_state


def hang_up(contact: LiveContact) -> None:
    """Leave: while waiting or ringing nobody had the contact; a third party stays with the agent."""
    if contact.over:
        raise invalid_state("The contact is over.")
    leg = contact.leg
    if leg is None:
        course.finish(contact, "CUSTOMER_DISCONNECT")
        transfers.customer_left(contact)
    elif leg.state == "connecting" and leg.customer.type == "outbound":
        refuse(contact)
    elif leg.state != "connected":
        course.withdraw(leg)
        course.finish(contact, "CUSTOMER_DISCONNECT")
        course.route(people.floor_of(contact.call.instance))
    elif not leg.customer.active:
        raise invalid_state("The customer has left already.")
    else:
        transfers.customer_left(contact)
        leg.customer.become("disconnected")
        if leg.third is None:
            course.end(leg, "CUSTOMER_DISCONNECT")
        leg.agent.tell()


def answer(contact: LiveContact, party: str | None = None) -> None:
    """Take the call that the agent, or the service for him, has made."""
    connection = _dialled(contact, party)
    if connection.initial:
        course.answered(contact.leg)
    else:
        connection.become("connected")
        contact.leg.agent.tell()


def refuse(contact: LiveContact, party: str | None = None) -> None:
    """Have the line engaged."""
    _not_there(contact, party, "LineEngagedCustomer")


def ignore(contact: LiveContact, party: str | None = None) -> None:
    """Let it ring until the service gives up."""
    _not_there(contact, party, "MissedCallCustomer")


def _not_there(contact: LiveContact, party: str | None, error: str) -> None:
    connection = _dialled(contact, party)
    if connection.initial:
        course.unanswered(contact.leg, error)
    else:
        connection.become("disconnected")
        contact.leg.agent.tell()


def leave(contact: LiveContact) -> None:
    """Let the third party outside the instance hang up."""
    leg = contact.leg
    third = leg.third if leg else None
    if third is None or third.contact:
        raise invalid_state("No third party is on the line.")
    third.become("disconnected")
    if not leg.customer.active:
        course.end(leg, "CUSTOMER_DISCONNECT")
    leg.agent.tell()


def _dialled(contact: LiveContact, party: str | None) -> Connection:
    """Return the customer, or with party "third" the third party, whose telephone rings."""
    if party not in (None, "third"):
        raise bad_request("party is third, or left out for the customer")
    leg = contact.leg
    connection = (leg.third if party else leg.customer) if leg else None
    if connection is None or connection.state != "connecting" or connection.type != "outbound" or connection.contact:
        raise invalid_state("Nobody has been dialled.")
    return connection


def say(contact: LiveContact, text: str) -> None:
    """Write in a chat."""
    if contact.kind != "chat":
        raise invalid_state("The contact is no chat.")
    if contact.over:
        raise invalid_state("The contact is over.")
    contact.say("CUSTOMER", text)
    if contact.leg:
        contact.leg.agent.tell()
