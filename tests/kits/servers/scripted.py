"""A loopback server that answers as scripted, byte for byte, and a clock that no test waits for."""

import json
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

from rowcol.qbo.client import OnCall, QboClient, TokenSource
from rowcol.qbo.oauth import Application, Grant
from rowcol.qbo.rate_limit import RateLimiter
from rowcol.settings import Endpoints
from tests.kits.clock import NOON, FrozenClock

REALM = "4620816365201690220"


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[socket.socket], None]


def answer(
    body: Any = b"", status: int = 200, headers: dict[str, str] | None = None, kind: str = "application/json"
) -> Answer:
    """Return an ordinary answer; a body that is not bytes goes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}
    head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{key}: {value}\r\n" for key, value in fields.items())
    return lambda sock: sock.sendall(head.encode("latin-1") + b"\r\n" + content)


def raw(content: bytes) -> Answer:
    """Return an answer of exactly these bytes, after which the connection is closed."""

    def send(sock: socket.socket) -> None:
        sock.sendall(content)
        sock.shutdown(socket.SHUT_RDWR)

    return send


def reset(sock: socket.socket) -> None:
    """Tear the connection down with an RST in the middle of an answer."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(sock.detach())


@dataclass
class Scripted:
    """The server's side: answers still to give, the answer after those, and the requests seen."""

    url: str
    script: deque[Answer] = field(default_factory=deque)
    then: Answer = field(default_factory=lambda: answer({"QueryResponse": {}}))
    seen: list[Seen] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answers(self, *several: Answer) -> None:
        self.script.extend(several)

    def next(self, seen: Seen) -> Answer:
        with self.lock:
            self.seen.append(seen)
            return self.script.popleft() if self.script else self.then


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: Scripted

    def _meet(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.path, dict(self.headers), body)
        with suppress(OSError):
            self.scripted.next(seen)(self.connection)
        self.close_connection = self.connection.fileno() < 0 or self.close_connection

    do_GET = do_POST = _meet  # noqa: N815 - the names http.server calls

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class MemoryBook:
    """A grant book that remembers every step, in order."""

    def __init__(self, *grants: Grant) -> None:
        self.grants = {grant.realm: grant for grant in grants}
        self.steps: list[str] = []
        self.dead: dict[str, str] = {}

    def read(self, realm: str) -> Grant | None:
        return self.grants.get(realm)

    def write(self, grant: Grant) -> None:
        self.steps.append(f"wrote {grant.refresh_token}")
        self.grants[grant.realm] = grant

    def mark_dead(self, realm: str, reason: str) -> None:
        self.dead[realm] = reason

    def why_dead(self, realm: str) -> str | None:
        return self.dead.get(realm)


class FixedTokens:
    """Tokens for tests that are not about tokens."""

    def __init__(self) -> None:
        self.rejected: list[str] = []

    def access_token(self, realm: str) -> str:
        return f"access-of-{realm}"

    def refreshed(self, realm: str, rejected_access_token: str) -> str:
        self.rejected.append(rejected_access_token)
        return f"fresh-of-{realm}"


def grant(
    access: str = "access-1", refresh: str = "refresh-1", minutes: float = 60, realm: str = REALM
) -> Grant:
    """Return a grant whose access token lasts this many minutes from noon."""
    return Grant(realm, access, NOON + timedelta(minutes=minutes), refresh, NOON + timedelta(days=100))


def endpoints(url: str) -> Endpoints:
    return Endpoints(
        api=url,
        authorize=f"{url}/connect/oauth2",
        token=f"{url}/oauth2/v1/tokens/bearer",
        revoke=f"{url}/v2/oauth2/tokens/revoke",
    )


APPLICATION = Application("client-id", "client-secret-value", "http://localhost:8501/qbo/callback")


def client_of(url: str, time_: FrozenClock, tokens: TokenSource, on_call: OnCall | None = None) -> QboClient:
    """Return a client whose waits pass at once, and which gives a reply 0.3 real seconds."""
    return QboClient(
        endpoints(url),
        tokens,
        rate_limiter=RateLimiter(clock=time_.seconds, sleep=time_.sleep),
        clock=time_.seconds,
        sleep=time_.sleep,
        now=time_,
        chance=lambda: 0.0,
        read_seconds=0.3,
        report_seconds=0.3,
        on_call=on_call,
    )
