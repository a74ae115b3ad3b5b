# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connector's templates, rendered as the hosting role renders them."""

from __future__ import annotations

import json
from pathlib import Path

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.template import trust_as_template

CONNECTOR = Path(__file__).resolve().parents[2] / "files" / "cti_connector"
DIST = CONNECTOR / "dist"


def render_config(settings: dict) -> str:
    """Return the text of config.js for these settings."""
    return _render("config.js.j2", settings)


def render_headers(settings: dict) -> dict[str, str]:
    """Return the response headers that the connector needs, by name."""
    return json.loads(_render("headers.json.j2", settings))


def read_manifest() -> dict:
    """Return what the build says about its files."""
    return json.loads((DIST / "manifest.json").read_text())


def _render(name: str, settings: dict) -> str:
    templar = Templar(loader=DataLoader(), variables={"__cti_hosting_connector_settings": settings})
    return templar.template(trust_as_template((CONNECTOR / name).read_text()))
