# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take statements from the policy of a function's role, and run the function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .site import Site


class Permissions:
    """The inline policy of a function's role, the only one that it has."""

    def __init__(self, site: Site, function: str) -> None:
        self.site = site
        self.function = function
        self.role = f"{function}-{site.region}"
        self._iam = site.client("iam")
        (self._name,) = self._iam.list_role_policies(RoleName=self.role)["PolicyNames"]
        self.document = self._iam.get_role_policy(RoleName=self.role, PolicyName=self._name)["PolicyDocument"]

    @property
    def sids(self) -> list[str]:
        return [statement["Sid"] for statement in self.document["Statement"]]

    @property
    def session(self) -> str:
        """The principal that the function's requests have in the journal."""
        return f"arn:aws:sts::{self.site.account}:assumed-role/{self.role}/{self.function}"

    def statement(self, sid: str) -> dict[str, Any]:
        (found,) = [statement for statement in self.document["Statement"] if statement["Sid"] == sid]
        return found

    @contextmanager
    def without(self, sid: str) -> Iterator[None]:
        """Take a statement away for a while; the function begins with a fresh container before and after."""
        kept = [statement for statement in self.document["Statement"] if statement["Sid"] != sid]
        assert len(kept) == len(self.document["Statement"]) - 1
        self._put({**self.document, "Statement": kept})
        try:
            yield
        finally:
            self._put(self.document)

    def _put(self, document: dict[str, Any]) -> None:
        self._iam.put_role_policy(RoleName=self.role, PolicyName=self._name, PolicyDocument=json.dumps(document))
        fresh_container(self.site, self.function)


def fresh_container(site: Site, function: str) -> None:
    """Make the next invocation begin in a new container, which reads parameters and secret again."""
    functions = site.client("lambda")
    memory = functions.get_function_configuration(FunctionName=function)["MemorySize"]
    # The same value: every update of the configuration ends the containers.
    functions.update_function_configuration(FunctionName=function, MemorySize=memory)
    functions.get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig={"Delay": 1})


def invoke(site: Site, function: str, event: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Run a function with an event and wait for it; return the kind of its error, or None, and its answer."""
    answer = site.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())
