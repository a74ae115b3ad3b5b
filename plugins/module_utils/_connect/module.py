# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Ansible module around the engine: options, client, one exit. Private to this collection."""

from __future__ import annotations

from typing import Any
from typing import NoReturn

try:
    from botocore.config import Config
except ImportError:
    pass  # AnsibleAWSModule says so, clearly

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .api import ConnectApi
from .errors import ConnectError
from .reconcile import gather
from .reconcile import reconcile
from .resolve import Resolver
from .resource import Context
from .resource import Model
from .resource import Resource


class ConnectModule(AnsibleAWSModule):
    """A module that manages one object of a Resource (or, with `info=True`, reports objects).

    Adds the options that all modules share: `state`, `instance`, `tags` and `purge_tags`, as the Resource needs them.
    """

    def __init__(self, resource: Resource, *, argument_spec: dict[str, Any], info: bool = False, **kwargs: Any) -> None:
        self.resource = resource
        self._info = info
        spec: dict[str, Any] = {}
        if resource.needs_instance:
            spec["instance"] = dict(type="str", required=True)
        if not info:
            spec["state"] = dict(type="str", choices=["present", "absent"], default="present")
        if resource.taggable and not info:
            spec["tags"] = dict(type="dict", aliases=["resource_tags"])
            spec["purge_tags"] = dict(type="bool", default=False)
        super().__init__(argument_spec={**spec, **argument_spec}, supports_check_mode=True, **kwargs)

    def warn(self, *args: Any, **kwargs: Any) -> None:
        """Warn once: core 2.19 collects warnings by itself, AnsibleAWSModule would add them a second time."""
        self._module.warn(*args, **kwargs)

    def run(self) -> NoReturn:
        """Do the work and exit: the only exit of every module."""
        try:
            result = self._gather() if self._info else self._reconcile()
        except ConnectError as error:
            self.fail_json(msg=error.message, **error.kwargs)
        self.exit_json(**result)

    def _reconcile(self) -> dict[str, Any]:
        outcome = reconcile(self.resource, self._context())
        result = {"changed": outcome.changed, **self.resource.result(outcome.after)}
        if outcome.changed:
            result["diff"] = {"before": self._diffable(outcome.before), "after": self._diffable(outcome.after)}
        return result

    def _gather(self) -> dict[str, Any]:
        return {"changed": False, **self.resource.results(gather(self.resource, self._context()))}

    def _diffable(self, model: Model | None) -> Model:
        return {name: value for name, value in (model or {}).items() if name not in self.resource.volatile}

    def _context(self) -> Context:
        # One request per call: botocore itself would repeat a quota stop, because it comes as a 429 (connect-api 0.3).
        config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, connect_timeout=10, read_timeout=60)
        api = ConnectApi(self.client(self.resource.service, config=config), check_mode=self.check_mode)
        resolver = Resolver(api, warn=self.warn, check_mode=self.check_mode)
        ctx = Context(api=api, resolver=resolver, params=self.params, check_mode=self.check_mode, warn=self.warn)
        api.subject = (self.resource.kind.replace("_", " "), self.resource.label(ctx))
        if not self._info:
            self.resource.refuse_empty_options(ctx)
            self.resource.check_options(ctx)
        if self.resource.needs_instance:
            resolver.instance_id = self._instance_id(resolver)
        return ctx

    def _instance_id(self, resolver: Resolver) -> str | None:
        found = resolver.find_instance(self.params["instance"])
        if found or self.check_mode or self.params.get("state") == "absent":
            return found
        raise ConnectError(f"The instance '{self.params['instance']}' does not exist in this account and Region")
