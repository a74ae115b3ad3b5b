# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge: one loopback port on which a browser opens everything that has a name of its own.

``<domain label>.cloudfront.localhost`` is a distribution, ``<alias>.my.connect.localhost`` an instance's agent pages,
``sap.localhost`` the SAP stand-in. The real names of distributions and instances work through the edge as an HTTP
proxy, and so do loopback addresses; no other host does: the local cloud talks to this machine only.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import re
from urllib.parse import urlsplit

import h11

from . import http_server
from .hosts import DISTRIBUTION_HOST
from .hosts import FOREIGN_PAGE
from .hosts import INSTANCE_HOST
from .hosts import SAP_HOST
from .hosts import is_foreign_page
from .http_server import Exchange

# They belong to one connection, not to the message (RFC 9110, 7.6.1); the upstream connection serves one request.
HOP_HEADERS = {b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive", b"te", b"upgrade"}
FRAMING_HEADERS = {b"transfer-encoding"}


class Unreachable(Exception):
    """A host that the edge does not serve, or not to this client."""


class Edge:
    """Where each name leads."""

    def __init__(self, aws: str, sap: str) -> None:
        self._aws = _address(aws)
        self._sap = _address(sap)

    async def handle(self, exchange: Exchange) -> None:
        """Pass one request on and its answer back."""
        if exchange.target == b"/_edge/health":
            await exchange.answer_json(200, {})
            return
        try:
            if exchange.method == "CONNECT":
                await self._tunnel(exchange)
            else:
                await self._forward(exchange)
        except Unreachable as error:
            await exchange.answer(403, {"Content-Type": "text/plain; charset=utf-8"}, f"{error}\n".encode())

    def upstream(self, host: str, port: int | None, by_proxy: bool) -> tuple[str, int]:
        """Return the address behind a host name.

        :param by_proxy: whether the client named it in an absolute request target
        :raises Unreachable: when it is no name of the local cloud
        """
        if _is_site(host):
            return self._aws
        if host == SAP_HOST:
            return self._sap
        if by_proxy and _is_loopback(host):
            return "127.0.0.1", port or 80
        raise Unreachable(
            f"The edge does not serve {host!r}. It serves <domain label>.cloudfront.localhost, "
            f"<alias>.my.connect.localhost, {SAP_HOST}, and as a proxy loopback addresses."
        )

    async def _forward(self, exchange: Exchange) -> None:
        by_proxy = not exchange.target.startswith(b"/")
        target = exchange.target
        if by_proxy:
            parts = urlsplit(target.decode("latin-1"))
            if parts.scheme != "http" or not parts.hostname:
                raise Unreachable(f"The edge cannot reach {target.decode('latin-1')!r}: it speaks plain HTTP.")
            authority = parts.netloc.rpartition("@")[2]
            # The bytes after the authority, untouched: signatures depend on their encoding.
            target = b"/" + b"".join(target.split(b"/", 3)[3:])
        else:
            authority = exchange.header("Host") or ""
        host, port = _split(authority)
        address = self.upstream(host, port, by_proxy)
        # Distributions and instances are for every page; the front guards the control addresses under their names.
        if not _is_site(host) and is_foreign_page(exchange.header("Origin"), exchange.header("Sec-Fetch-Site")):
            raise Unreachable(FOREIGN_PAGE)
        headers = [
            (name, value)
            for name, value in exchange.headers
            if name.lower() not in HOP_HEADERS and name.lower() != b"host"
        ]
        if exchange.header("X-Forwarded-Proto") is None:
            # The edge ends the viewer's TLS. A client that sends the header itself plays a viewer without TLS.
            headers.append((b"X-Forwarded-Proto", b"https"))
        request = h11.Request(
            method=exchange.method,
            target=target,
            headers=[(b"Host", authority.encode("latin-1")), *headers, (b"Connection", b"close")],
        )
        try:
            reader, writer = await asyncio.open_connection(*address)
        except OSError as error:
            await exchange.answer(502, {"Content-Type": "text/plain"}, f"{host} does not answer: {error}\n".encode())
            return
        try:
            await _relay(exchange, request, reader, writer)
        finally:
            writer.close()

    async def _tunnel(self, exchange: Exchange) -> None:
        host, port = _split(exchange.target.decode("latin-1"))
        if not _is_loopback(host):
            raise Unreachable(f"The edge opens tunnels to loopback addresses only, not to {host!r}.")
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port or 443)
        except OSError as error:
            await exchange.answer(502, {"Content-Type": "text/plain"}, f"{host} does not answer: {error}\n".encode())
            return
        await exchange.send(h11.Response(status_code=200, headers=[]))
        ways = [
            asyncio.create_task(_pump(exchange.reader, writer)),
            asyncio.create_task(_pump(reader, exchange.writer)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        writer.close()
        exchange.writer.close()


async def _relay(exchange: Exchange, request: h11.Request, reader, writer) -> None:
    upstream = h11.Connection(h11.CLIENT)

    writer.write(upstream.send(request))
    async for chunk in exchange.chunks():
        writer.write(upstream.send(h11.Data(data=chunk)))
        await writer.drain()
    writer.write(upstream.send(h11.EndOfMessage()))
    await writer.drain()
    try:
        while True:
            event = await http_server.next_event(upstream, reader, None)
            if isinstance(event, h11.InformationalResponse):
                continue
            if isinstance(event, h11.Response):
                kept = [
                    (name, value)
                    for name, value in event.headers.raw_items()
                    if name.lower() not in HOP_HEADERS | FRAMING_HEADERS
                ]
                event = h11.Response(status_code=event.status_code, headers=kept, reason=event.reason)
            await exchange.send(event)
            if isinstance(event, h11.EndOfMessage):
                return
    except (ConnectionError, h11.RemoteProtocolError):
        # The upstream broke off: so does the edge, and the client sees what happened.
        exchange.drop()


async def _pump(reader, writer) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(http_server.CHUNK):
            writer.write(data)
            await writer.drain()


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname, parts.port


def _split(authority: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d+))?", authority.strip().lower())
    if not found:
        raise Unreachable(f"{authority!r} is not a host.")
    return found.group(1).strip("[]").rstrip("."), int(found.group(2)) if found.group(2) else None


def _is_site(host: str) -> bool:
    return bool(DISTRIBUTION_HOST.fullmatch(host) or INSTANCE_HOST.fullmatch(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    http_server.run(lambda secrets: Edge(os.environ["AWS_ENDPOINT_URL"], os.environ["SAP_STANDIN_URL"]).handle)
