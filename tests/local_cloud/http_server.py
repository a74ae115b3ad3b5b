# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small HTTP/1.1 server on h11 for the edge and the SAP stand-in.

Both need what ASGI hides: header names as they were sent, absolute request targets, CONNECT, and dropping a connection.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from collections.abc import Awaitable
from collections.abc import Callable
from email.utils import formatdate

import h11

CHUNK = 65536
Handler = Callable[["Exchange"], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Exchange:
    """One request and its answer."""

    def __init__(self, connection: h11.Connection, request: h11.Request, reader, writer) -> None:
        self._connection = connection
        self.reader = reader
        self.writer = writer
        self.method: str = request.method.decode("ascii")
        self.target: bytes = request.target
        # Names in the spelling of the client.
        self.headers: Headers = request.headers.raw_items()

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == wanted), None)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body of the request as it arrives."""
        while True:
            event = await next_event(self._connection, self.reader, self.writer)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            else:
                return

    async def body(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks()])

    async def send(self, event: h11.Event) -> None:
        """Send one event of the answer."""
        self.writer.write(self._connection.send(event) or b"")
        await self.writer.drain()

    async def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Send a whole answer."""
        sent = list(headers.items())
        sent += [("Content-Length", str(len(body))), ("Date", formatdate(usegmt=True))]
        await self.send(h11.Response(status_code=status, headers=sent))
        if self.method != "HEAD":
            await self.send(h11.Data(data=body))
        await self.send(h11.EndOfMessage())

    async def answer_json(self, status: int, document: object, headers: dict[str, str] | None = None) -> None:
        """Send a JSON document."""
        await self.answer(
            status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(document).encode()
        )

    def drop(self) -> None:
        """Close the connection without an answer."""
        self.writer.transport.abort()


async def next_event(connection: h11.Connection, reader, writer) -> h11.Event:
    """Read the next event of a peer."""
    while True:
        event = connection.next_event()
        if event is not h11.NEED_DATA:
            return event
        if connection.they_are_waiting_for_100_continue and writer is not None:
            writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[])))
        connection.receive_data(await reader.read(CHUNK))


async def _serve_connection(reader, writer, handle: Callable[[Exchange], Awaitable[None]]) -> None:
    connection = h11.Connection(h11.SERVER)
    with contextlib.suppress(ConnectionError, h11.ProtocolError):
        while True:
            event = await next_event(connection, reader, writer)
            if not isinstance(event, h11.Request):
                break
            exchange = Exchange(connection, event, reader, writer)
            await handle(exchange)
            if writer.is_closing() or connection.our_state is not h11.DONE:
                break
            async for _unused in exchange.chunks() if connection.their_state is h11.SEND_BODY else _nothing():
                pass
            if connection.their_state is not h11.DONE:
                break
            connection.start_next_cycle()
    writer.close()


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def serve_more(handle: Handler, tls: ssl.SSLContext) -> int:
    """Serve the same handler on a second port of this machine, with TLS; return the port."""
    server = await asyncio.start_server(lambda r, w: _serve_connection(r, w, handle), "127.0.0.1", 0, ssl=tls)
    return server.sockets[0].getsockname()[1]


async def _serve(listener: socket.socket, handle: Callable[[Exchange], Awaitable[None]]) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await asyncio.start_server(lambda r, w: _serve_connection(r, w, handle), sock=listener)
    await ended.wait()
    server.close()


def run(make_handler: Callable[[dict], Callable[[Exchange], Awaitable[None]]]) -> None:
    """Serve on the socket given as ``--fd`` until SIGTERM.

    :param make_handler: gets the secrets that the launcher writes to standard input and returns the handler
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True, help="a listening socket")
    listener = socket.socket(fileno=parser.parse_args().fd)
    listener.setblocking(False)
    handle = make_handler(json.loads(sys.stdin.readline() or "{}"))
    asyncio.run(_serve(listener, handle))
