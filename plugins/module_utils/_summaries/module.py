# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that look at the way of a summary through several services. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

try:
    from botocore.config import Config
except ImportError:
    pass  # AnsibleAWSModule says so, clearly

from .._connect.api import ConnectApi
from .._connect.errors import ConnectError
from .._connect.module import ConnectModule
from .._connect.resolve import Resolver

# An answer of the maintenance function comes when it has asked SAP, four times if need be.
_INVOCATION_SECONDS = 310


class Services:
    """Requests to several services, each through the door that all modules use, as the user who asks."""

    def __init__(self, module: ConnectModule) -> None:
        self._module = module
        self._apis: dict[str, ConnectApi] = {}
        self.region = module.region

    def __getitem__(self, service: str) -> ConnectApi:
        if service not in self._apis:
            config = Config(
                retries={"total_max_attempts": 1, "mode": "standard"},
                connect_timeout=10,
                read_timeout=_INVOCATION_SECONDS if service == "lambda" else 60,
            )
            # The only request here that is no read by its name is an invocation that changes nothing.
            self._apis[service] = ConnectApi(self._module.client(service, config=config), check_mode=False)
        return self._apis[service]

    def instance_id(self, reference: str) -> str:
        """Return the id of the instance that an alias, id or ARN names."""
        found = Resolver(self["connect"], warn=self._module.warn, check_mode=False).find_instance(reference)
        if found is None:
            raise ConnectError(f"The instance '{reference}' does not exist in this account and Region")
        return found


class Report:
    """What a module finds out: options in, plain facts out. It manages nothing, so it has no twin."""

    kind = "summary"
    service = "connect"
    needs_instance = True
    taggable = False

    def results(self, services: Services, params: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class ReportModule(ConnectModule):
    """A module that runs a Report."""

    def __init__(self, report: Report, *, argument_spec: dict[str, Any], **kwargs: Any) -> None:
        spec = dict(
            function_name=dict(type="str", required=True),
            maintenance_function_name=dict(type="str", required=True),
            event_rule_name=dict(type="str", required=True),
        )
        super().__init__(report, argument_spec={**spec, **argument_spec}, info=True, **kwargs)

    def _gather(self) -> dict[str, Any]:
        return {"changed": False, **self.resource.results(Services(self), self.params)}
