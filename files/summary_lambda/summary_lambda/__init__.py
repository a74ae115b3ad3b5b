# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the summary that Contact Lens made of a contact into the SAP phone call of that contact.

Lambda's entry point is ``summary_lambda.handler``. It returns only when there is nothing left to do; see errors.py.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from . import log
from .contact_lens import describe_prefixes
from .contact_lens import parse_event
from .contact_lens import read_summary
from .log import InvocationLog
from .sap import Deadline
from .sap import PhoneService
from .sap import new_session
from .settings import Environment
from .settings import Settings

# DescribeContact shares Amazon Connect's two requests a second with everybody else in the account.
_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=5, read_timeout=20)


class Container:
    """What lives as long as Lambda keeps the process: clients, the connection to SAP, parameters and secret."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.session = new_session()
        self.connect = boto3.client("connect", config=_CONFIG)
        self.s3 = boto3.client("s3", config=_CONFIG)
        self.ssm = boto3.client("ssm", config=_CONFIG)
        self.secretsmanager = boto3.client("secretsmanager", config=_CONFIG)

    @cached_property
    def settings(self) -> Settings:
        return Settings.read(self.environment, ssm=self.ssm, secretsmanager=self.secretsmanager)

    def refresh(self) -> Settings:
        """Read the settings again: the password, or the user it belongs to, may have been changed since."""
        del self.settings
        return self.settings


_container: Container | None = None


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Handle one Contact Lens rule event.

    :return: ``contact_id`` and ``outcome``: ``written``, ``unchanged`` (SAP has this text already), ``skipped``
        (Contact Lens made no summary and never will) or ``ignored`` (a contact of another instance)
    :raises SummaryError: see errors.py
    """
    global _container
    if _container is None:
        environment = Environment.read(os.environ)
        log.configure(environment.log_level)
        _container = Container(environment)
    invocation = InvocationLog(getattr(context, "aws_request_id", None))
    result = _process(event, context, container=_container, invocation=invocation)
    invocation.finish(**result)
    return {"contact_id": invocation.contact_id, **result}


def _process(event: Any, context: Any, *, container: Container, invocation: InvocationLog) -> dict[str, Any]:
    environment = container.environment
    with invocation.step("event"):
        contact = parse_event(event)
        invocation.contact_id = contact.contact_id
    if environment.instance_arn not in (None, contact.instance_arn):
        return {"outcome": "ignored"}

    with invocation.step("settings"):
        settings = container.settings
    with invocation.step("contact"):
        prefixes = describe_prefixes(container.connect, contact, outputs=environment.analysis_outputs)
    with invocation.step("summary") as details:
        summary = read_summary(container.s3, settings.bucket_name, prefixes, contact_id=contact.contact_id)
        details["found"] = summary.text is not None
    if summary.text is None:
        return {"outcome": "skipped", "reason": summary.skipped}

    service = PhoneService(settings, session=container.session, refresh=container.refresh, deadline=Deadline(context))
    with invocation.step("phone_call") as details:
        call, matches = service.find(_reference(contact.contact_id, environment.reference_format))
        details.update(phone_call_id=call.call_id, matches=matches)
    with invocation.step("transcript"):
        written = service.write_transcript(call, summary.text)
    return {"outcome": "written" if written else "unchanged", "phone_call_id": call.call_id}


def _reference(contact_id: str, reference_format: str) -> str:
    """Form the ExternalReferenceID as the CTI connector does: both must use one format (sap-cti 1.2)."""
    return contact_id.replace("-", "").upper() if reference_format == "compact" else contact_id
