"""HTTP: sessions without state, and replies that must end in time.

Every failure of a connection becomes Unavailable, in our own words, because the library's messages have addresses
and headers in them.
"""

import http.client
import io
import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from rowcol.errors import Unavailable

CONNECT_SECONDS = 5.0
# A read time-out is per piece received; the whole reply may take this many times as long.
WHOLE_REPLY_FACTOR = 1.5
CONNECTIONS_KEPT = 32
BUFFER_BYTES = 64 * 1024
PIECE_BYTES = 4 * 1024 * 1024
USER_AGENT = "rowcol/0.1"

T = TypeVar("T")
# From the most specific to the most general: the first that fits gives the message.
REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.ConnectTimeout, "no connection in time"),
    (requests.exceptions.SSLError, "its certificate was not accepted"),
    (requests.exceptions.ProxyError, "the proxy did not let us through"),
    (requests.exceptions.Timeout, "no answer in time"),
    (requests.exceptions.ChunkedEncodingError, "the answer was cut short"),
    (requests.exceptions.ContentDecodingError, "the answer was garbled"),
    (requests.exceptions.InvalidHeader, "the request could not be written"),
    (Exception, "the connection failed"),
)


@dataclass(frozen=True)
class HttpReply:
    """A whole reply."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BearerAuth(AuthBase):
    """Put a bearer token on a request; the repr hides it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header, so that no .netrc entry takes its place."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "BearerAuth(…)"


class _Deadline(io.RawIOBase):
    """A socket's bytes until a deadline, which also ends a reply that comes one byte at a time."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout()
        whole = None if self._timeout is None else self._timeout * WHOLE_REPLY_FACTOR
        self._ends = None if whole is None else time.monotonic() + whole

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._ends is not None and self._timeout is not None:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError("the whole reply took too long")
            self._sock.settimeout(min(self._timeout, left))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """Reads its status, headers and body against one deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Deadline(self.fp.detach(), sock), BUFFER_BYTES)


class _Connection(HTTPConnection):
    response_class = _Response


class _TlsConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    """Opens connections whose replies have a deadline, through a proxy or not."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager


def open_session(url: str) -> requests.Session:
    """Return a session for one host: no cookies, no retries of its own, no proxy for this machine."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = USER_AGENT
    session.trust_env = not _is_loopback(url)
    adapter = _Adapter(pool_maxsize=CONNECTIONS_KEPT)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    auth: AuthBase,
    headers: Mapping[str, str],
    read_seconds: float,
    data: bytes | None = None,
) -> HttpReply:
    """Send one request and return its whole reply; raises Unavailable if none came back whole."""

    def send() -> HttpReply:
        response = session.request(
            method,
            url,
            data=data,
            headers=dict(headers),
            auth=auth,
            timeout=(CONNECT_SECONDS, read_seconds),
            allow_redirects=False,
            stream=True,
        )
        # Read by the megabyte: the library's own way takes a page of records in a hundred pieces.
        with response:
            body = b"".join(response.iter_content(PIECE_BYTES))
        return HttpReply(response.status_code, response.headers, body)

    return translated(url, send)


def translated(url: str, send: Callable[[], T]) -> T:
    """Return what `send` returns; raises Unavailable, in our own words, if the connection to `url` fails."""
    try:
        return send()
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
    ) as error:
        reason = _reason(error)
    # Raised outside the handler: the library's error, with its headers, must not travel along.
    raise Unavailable(f"{urlsplit(url).hostname} could not be asked: {reason}")


def _reason(error: Exception) -> str:
    # A time-out in the middle of a body comes wrapped in a plain connection error.
    inner = error.args[0] if error.args else None
    late = isinstance(inner, urllib3.exceptions.ReadTimeoutError)
    cause = requests.exceptions.Timeout() if late else error
    return next(words for kind, words in REASONS if isinstance(cause, kind))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
