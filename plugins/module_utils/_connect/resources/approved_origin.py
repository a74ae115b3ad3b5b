# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Description of the approved origins of an instance (connect-api 10). Private to this collection."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import ConnectError
from ..resource import Context
from ..resource import Model
from ..resource import Resource
from ..resource import updates

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAXIMUM_LENGTH = 267


class ApprovedOrigin(Resource):
    kind = "approved_origin"
    return_key = "approved_origins"
    plural_key = "approved_origins"
    name_option = ""
    taggable = False
    blank = {"approved_origins": []}

    def label(self, ctx: Context) -> str:
        origins = ctx.params.get("origins") or []
        words = "approved origin" if len(origins) == 1 else "approved origins"
        return " ".join([words, ", ".join(f"'{origin}'" for origin in origins)]).strip()

    def check_options(self, ctx: Context) -> None:
        for origin in ctx.params["origins"]:
            if reason := _fault(origin):
                raise ConnectError(f"'{origin}' is no approved origin: {reason}")

    def find(self, ctx: Context) -> str | None:
        return ctx.instance_id

    def read(self, ctx: Context, id: str) -> Model | None:
        return {"approved_origins": sorted(ctx.pages("list_approved_origins"))}

    def desired(self, ctx: Context, current: Model | None) -> Model:
        present = {_normal(origin): origin for origin in current["approved_origins"]}
        listed = {_normal(origin) for origin in ctx.params["origins"]}
        if ctx.params["state"] == "absent":
            reached = [origin for normal, origin in present.items() if normal not in listed]
        else:
            kept = [origin for normal, origin in present.items() if normal in listed or not ctx.params["purge_origins"]]
            reached = [*kept, *(listed - set(present))]
        return {"approved_origins": sorted(reached)}

    @updates("approved_origins")
    def update(self, ctx: Context, current: Model, target: Model) -> None:
        before, after = set(current["approved_origins"]), set(target["approved_origins"])
        for origin in sorted(after - before):
            # Not ctx.create: a token that stays the same for an hour would make approving again after a removal void
            ctx.write("associate_approved_origin", Origin=origin)
        for origin in sorted(before - after):
            ctx.delete("disassociate_approved_origin", Origin=origin)

    def result(self, model: Model | None) -> Model:
        return {self.return_key: model["approved_origins"]}

    def results(self, models: list[Model]) -> Model:
        return {self.plural_key: [origin for model in models for origin in model["approved_origins"]]}


def _normal(origin: str) -> str:
    """Return the origin as browsers write it: lower case, without default port and slash at the end."""
    try:
        parts = urlsplit(origin.strip())
        port = parts.port
    except ValueError:
        return origin
    host = parts.hostname or ""
    return (
        f"{parts.scheme}://{host}"
        if port in (None, _DEFAULT_PORTS.get(parts.scheme))
        else f"{parts.scheme}://{host}:{port}"
    )


def _fault(origin: str) -> str | None:
    """Say in words what is wrong with an origin, None when it is fine."""
    wanted = "it must be scheme, host and perhaps a port, such as https://example.com"
    try:
        parts = urlsplit(origin.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return wanted
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or "@" in parts.netloc or port == 0:
        return wanted
    if parts.path not in ("", "/") or any(mark in origin for mark in "?#"):
        return f"{wanted}, without a path"
    if parts.netloc.endswith(":") or len(_normal(origin)) > _MAXIMUM_LENGTH:
        return wanted
    if parts.scheme == "http" and host.rpartition(".")[2] != "localhost":
        return "http is only good for localhost, use https"
    return None
