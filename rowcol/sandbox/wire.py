"""The connections under the answers: what it takes to break one the way networks do."""

import asyncio
import socket
import struct
from typing import Any, cast

from starlette.types import Message, Receive, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from rowcol.sandbox.refusals import Answer

LONGEST_HANG_SECONDS = 300.0
NO_LINGER = struct.pack("ii", 1, 0)  # closing sends RST instead of FIN

Client = tuple[str, int]


class Connections:
    """The open connections of one server by the client's address."""

    def __init__(self) -> None:
        self._open: dict[Client, tuple[asyncio.Transport, asyncio.Event]] = {}

    def opened(self, client: Client, transport: asyncio.Transport) -> None:
        """Remember a connection."""
        self._open[client] = (transport, asyncio.Event())

    def lost(self, client: Client) -> None:
        """Forget a connection, and wake who waits for its end."""
        _, ended = self._open.pop(client)
        ended.set()

    async def reset(self, client: Client) -> None:
        """Tear a connection down so that the client reads `connection reset by peer`."""
        if client in self._open:
            transport, ended = self._open[client]
            raw: socket.socket = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            transport.abort()
            await ended.wait()

    async def close(self, client: Client) -> None:
        """Close a connection once what was written to it has left."""
        if client in self._open:
            transport, ended = self._open[client]
            transport.close()
            await ended.wait()


def watching_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """Return uvicorn's HTTP protocol, telling `connections` of each connection made and lost."""

    class WatchingProtocol(H11Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            stream = cast("asyncio.Transport", transport)
            super().connection_made(stream)
            if self.client is not None:
                connections.opened(self.client, stream)

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                connections.lost(self.client)
            super().connection_lost(exc)

    return WatchingProtocol


async def read_body(receive: Receive) -> bytes:
    """Return the whole body of a request."""
    pieces, more = [], True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)


def replaying(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body already read, then what comes after it."""
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return unread.pop() if unread else await receive()

    return replay


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer."""
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})


async def hang(receive: Receive, seconds: float) -> None:
    """Wait until the client leaves, at most `seconds`."""
    try:
        await asyncio.wait_for(_gone(receive), min(seconds, LONGEST_HANG_SECONDS))
    except TimeoutError:
        return


async def _gone(receive: Receive) -> None:
    kind = ""
    while kind != "http.disconnect":
        kind = (await receive())["type"]


class Held:
    """A `send` that keeps the answer back."""

    def __init__(self) -> None:
        self.start: dict[str, Any] = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = dict(message)
        else:
            self.body += message.get("body", b"")
