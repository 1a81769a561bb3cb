"""Middleware of the API: counts, delays, breaks on request and throttles every request, and gives it its id."""

import asyncio
import uuid
from urllib.parse import parse_qs, unquote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rowcol.sandbox.faults import API_PATH, TOKEN_PATH, FaultRule, answer_of
from rowcol.sandbox.refusals import fault_answer, throttled, xml_answer
from rowcol.sandbox.state import Sandbox
from rowcol.sandbox.stats import Seen
from rowcol.sandbox.wire import Connections, Held, hang, read_body, replaying, send_answer

ADMIN_PATH = "/sandbox/"
QBO_VERSION = (b"qbo-version", b"1980.143")


class ApiMiddleware:
    """ASGI middleware in front of all routes; the sandbox's own routes pass untouched."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox, connections: Connections) -> None:
        self._app, self._sandbox, self._connections = app, sandbox, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ADMIN_PATH):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        realm, kind, target = self._realm(scope, body), _kind(scope["path"]), _target(scope, body)
        began = self._sandbox.clock().timestamp()
        in_flight = self._sandbox.stats.began(realm, kind, began)
        marked = _Marked(send)
        try:
            await self._pass(scope, replaying(body, receive), marked, realm, target, in_flight)
        finally:
            self._sandbox.stats.ended(Seen(began, realm, kind, target, marked.status))

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, realm: str, target: str, in_flight: int
    ) -> None:
        switches, now = self._sandbox.switches, self._sandbox.clock()
        if switches.latency_ms:
            await asyncio.sleep(switches.latency_ms / 1000)
        rule = self._sandbox.faults.take(target, realm)
        if rule:
            await self._go_wrong(rule, scope, receive, send)
        elif scope["path"].startswith(API_PATH) and not self._admits(realm, scope["path"], in_flight):
            headers = {"Retry-After": str(switches.retry_after)} if switches.retry_after else {}
            shape = xml_answer if switches.throttle_form == "xml" else fault_answer
            await send_answer(send, shape(throttled(), now, headers))
        else:
            await self._app(scope, receive, send)

    def _admits(self, realm: str, path: str, in_flight: int) -> bool:
        if not self._sandbox.switches.throttle:
            return True
        batch = path.endswith("/batch")
        moment = self._sandbox.clock().timestamp()
        return self._sandbox.throttle.admits(realm, moment, in_flight, batch=batch)

    async def _go_wrong(self, rule: FaultRule, scope: Scope, receive: Receive, send: Send) -> None:
        if rule.kind == "slow":
            await asyncio.sleep(rule.seconds)
            await self._app(scope, receive, send)
        elif rule.kind == "hang":
            await receive()  # the body
            await hang(receive, rule.seconds)
            await self._connections.close(scope["client"])
        elif rule.kind == "reset":
            await self._connections.reset(scope["client"])
        elif rule.kind == "truncate":
            held = Held()
            await self._app(scope, receive, held)
            await send(held.start)
            await send(
                {"type": "http.response.body", "body": held.body[: len(held.body) // 2], "more_body": True}
            )
            await self._connections.close(scope["client"])
        else:
            await send_answer(send, answer_of(rule, self._sandbox.clock()))

    def _realm(self, scope: Scope, body: bytes) -> str:
        if scope["path"].startswith(API_PATH):
            return _piece(scope["path"], 3)
        if scope["path"] == TOKEN_PATH:
            form = parse_qs(body.decode("latin-1"))
            token = [*form.get("refresh_token", []), *form.get("code", []), ""][0]
            return self._sandbox.grants.realm_of(token) or ""
        return ""


class _Marked:
    """A `send` that gives each answer its `intuit_tid` and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send, self.status = send, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            tid = (b"intuit_tid", f"1-{uuid.uuid4()}".encode())
            headers = [*message.get("headers", ()), tid, QBO_VERSION]
            message = {**message, "headers": headers}
        await self._send(message)


def _kind(path: str) -> str:
    if path.startswith(API_PATH):
        piece = _piece(path, 4)
        return piece if piece in ("query", "cdc", "batch", "reports") else "record"
    return "token" if path == TOKEN_PATH else "oauth"


def _piece(path: str, at: int) -> str:
    pieces = path.split("/")
    return pieces[at] if len(pieces) > at else ""


def _target(scope: Scope, body: bytes) -> str:
    """Return path, query and, of a posted query, its statement; never a token."""
    query = unquote_plus(scope["query_string"].decode("latin-1"))
    statement = body.decode("utf-8", "replace") if scope["path"].endswith("/query") else ""
    if scope["path"].startswith("/connect/"):
        query = ""
    return " ".join(filter(None, (f"{scope['path']}?{query}" if query else scope["path"], statement)))
