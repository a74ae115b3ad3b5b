# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The trace and the diagnosis, asked in this process as summary_trace_info and summary_diagnosis_info ask them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

from tests.clients import ROOT

from .site import EVENT_RULE
from .site import FUNCTION
from .site import MAINTENANCE
from .site import Site

SCHEDULES = ["poc-summary-redrive", "poc-summary-reconcile"]
NAMES = {"function_name": FUNCTION, "maintenance_function_name": MAINTENANCE, "event_rule_name": EVENT_RULE}


class Tracer:
    """Asks with the credentials of the site's administrator."""

    def __init__(self, site: Site) -> None:
        _find_collection(ROOT / ".local" / "collections")
        from ansible_collections.amazon_connect.sap.plugins.module_utils._connect.api import ConnectApi
        from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries import diagnosis
        from ansible_collections.amazon_connect.sap.plugins.module_utils._summaries import trace

        self._site, self._api = site, ConnectApi
        self._trace, self._diagnosis = trace.Trace(), diagnosis.Diagnosis()

    def trace(self, contact_id: str) -> dict[str, Any]:
        """Return what `summary_trace_info` returns as `trace`."""
        return self._results(self._trace, contact_id=contact_id)["trace"]

    def diagnose(self, since: str) -> dict[str, Any]:
        """Return what `summary_diagnosis_info` returns as `diagnosis`."""
        return self._results(self._diagnosis, since=since, schedule_rule_names=SCHEDULES)["diagnosis"]

    def _results(self, report: Any, **options: Any) -> dict[str, Any]:
        services = _Services(self._site, self._api)
        return report.results(services, {"instance": self._site.instance_id, **NAMES, **options})


class _Services:
    """Requests to several services, without a module around them."""

    def __init__(self, site: Site, api: Any) -> None:
        self._site, self._api = site, api
        self._apis: dict[str, Any] = {}

    def __getitem__(self, service: str) -> Any:
        if service not in self._apis:
            self._apis[service] = self._api(self._site.client(service), check_mode=False)
        return self._apis[service]

    def instance_id(self, reference: str) -> str:
        return reference


def _find_collection(collections: Path) -> None:
    """Import the collection from the checkout, also where another test has imported those of the environment."""
    _AnsibleCollectionFinder._remove()
    for name in [name for name in sys.modules if name.partition(".")[0] == "ansible_collections"]:
        del sys.modules[name]
    _AnsibleCollectionFinder(paths=[str(collections)])._install()
