"""Authentication: one password for all pages, and without one no access by any host name but a loopback one."""

import functools
import hashlib
import hmac
import ipaddress
import math
import secrets
import time
from collections.abc import Callable
from urllib.parse import parse_qs, quote

from itsdangerous import TimestampSigner
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rowcol.errors import SettingsError
from rowcol.settings import load_settings
from rowcol.web.notices import notice, password_form

OPEN_PATHS = frozenset({"/healthz", "/qbo/callback", "/qbo/webhooks", "/rowcol/cli", "/login"})
"""Each of these checks its caller by itself, or shows nothing of the books."""
COOKIE = "rowcol_session"
SESSION_SECONDS = 12 * 60 * 60
FREE_FAILURES = 3
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0
ADDRESSES_KEPT = 10_000
BODY_LIMIT = 8_192
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})

Seconds = Callable[[], float]


class Attempts:
    """Limits the guessing of passwords: after FREE_FAILURES each failure doubles the wait of an address."""

    def __init__(self, seconds: Seconds = time.monotonic) -> None:
        self._seconds = seconds
        self._failures: dict[str, tuple[int, float]] = {}

    def wait(self, address: str) -> int:
        """Return the whole seconds before an address may try again; 0 if it may now."""
        _, until = self._failures.get(address, (0, 0.0))
        return max(0, math.ceil(until - self._seconds()))

    def failed(self, address: str) -> None:
        """Count a wrong password."""
        count = self._failures.pop(address, (0, 0.0))[0] + 1
        over = count - FREE_FAILURES
        delay = 0.0 if over < 0 else min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** min(over, 30))
        self._failures[address] = (count, self._seconds() + delay)
        while (
            len(self._failures) > ADDRESSES_KEPT
        ):  # oldest first, so that the newest address is never forgotten
            self._failures.pop(next(iter(self._failures)))

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address."""
        self._failures.pop(address, None)


class _Signer(TimestampSigner):
    """Signs with HMAC-SHA256 and dates with the clock it is given."""

    def __init__(self, key: bytes, seconds: Seconds) -> None:
        super().__init__(key, salt=b"rowcol.session", digest_method=hashlib.sha256)
        self._seconds = seconds

    def get_timestamp(self) -> int:
        """Return the present moment in whole seconds."""
        return int(self._seconds())


class Sessions:
    """Signs and checks the session cookie; the key lives as long as this process, so a restart ends all sessions."""

    def __init__(self, seconds: Seconds = time.time) -> None:
        self._signer = _Signer(secrets.token_bytes(32), seconds)

    def issue(self) -> str:
        """Return the value of a new cookie: when it was issued, and the signature."""
        return self._signer.sign(b"session").decode("ascii")

    def valid(self, value: str) -> bool:
        """Return whether a cookie is ours and was issued less than SESSION_SECONDS ago."""
        return self._signer.validate(value, max_age=SESSION_SECONDS - 1)


ATTEMPTS = Attempts()
SESSIONS = Sessions()


@functools.cache
def password() -> str | None:
    """Return ROWCOL_PASSWORD, None if it is not set. Raises SettingsError."""
    secret = load_settings().password
    return (secret.get_secret_value() or None) if secret else None


def same_secret(given: str, expected: str) -> bool:
    """Return whether two secrets are equal, in a time that reveals neither of them nor their length."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode()).digest(), hashlib.sha256(expected.encode()).digest()
    )


def is_loopback(address: str | None) -> bool:
    """Return whether an address to bind to, or a caller's, is this machine; no address means all of them."""
    if not address:
        return False
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


class AuthMiddleware:
    """ASGI middleware in front of every route, page, file and socket.

    With a password: only OPEN_PATHS answer without a signed session. Without one: only requests to a loopback name
    are answered, so that neither a proxy nor another site's page (DNS rebinding) reaches the books.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(HTTPConnection(scope))
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        try:
            expected = password()
        except SettingsError as error:
            return notice(error.title, error.message, error.hint, status=503)
        if expected is None:
            return None if _is_loopback_name(connection.headers) else _not_loopback()
        if SESSIONS.valid(connection.cookies.get(COOKIE, "")):
            return None
        if "text/html" not in connection.headers.get("accept", ""):
            return Response("Sign in first\n", 401, media_type="text/plain")
        return RedirectResponse(
            f"/login?next={quote(_path_and_query(connection.url.path, connection.url.query))}", 303
        )


def _is_loopback_name(headers: Headers) -> bool:
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return name.lower() in LOOPBACK_NAMES


def _not_loopback() -> Response:
    return notice(
        "A password is needed",
        "RowCol was asked for by a name other than localhost, and no password protects it.",
        "Set ROWCOL_PASSWORD and start RowCol again, or open it as http://localhost on this machine.",
        status=403,
    )


def _path_and_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def local_path(after: str) -> str:
    """Return a path of this server to continue to; anything that leads elsewhere becomes the first page."""
    good = after.startswith("/") and not after.startswith("//") and "\\" not in after and after.isprintable()
    return after if good and not after.startswith("/login") else "/"


async def login_form(request: Request) -> Response:
    """Answer GET /login with the form, or redirect a visitor who needs none."""
    after = local_path(request.query_params.get("next", "/"))
    if password() is None or SESSIONS.valid(request.cookies.get(COOKIE, "")):
        return RedirectResponse(after, 303)
    return password_form("", after)


async def log_in(request: Request) -> Response:
    """Answer POST /login: a signed session for the right password, a growing wait for wrong ones."""
    expected = password()
    if expected is None:
        return RedirectResponse("/", 303)
    address = request.client.host if request.client else "unknown"
    fields = await _form(request)
    after = local_path(fields.get("next", "/"))
    if wait := ATTEMPTS.wait(address):
        return password_form(f"Too many attempts. Try again in {wait} s.", after, 429, wait)
    if not same_secret(fields.get("password", ""), expected):
        ATTEMPTS.failed(address)
        return password_form("That is not the password.", after, 401)
    ATTEMPTS.succeeded(address)
    response = RedirectResponse(after, 303)
    https = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    response.set_cookie(
        COOKIE, SESSIONS.issue(), max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=https
    )
    return response


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}
