"""The client of the QuickBooks API: `send`, rate limited per company and retried; every fault becomes a typed error."""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import quote, urlencode

from tenacity import Retrying, retry_if_exception

from rowcol.clock import Clock, Sleep, system_clock
from rowcol.errors import RailError, Throttled, Unauthorized, Unavailable
from rowcol.qbo.fault_shapes import fault_in_document, json_object
from rowcol.qbo.faults import fault_in, tid_in
from rowcol.qbo.rate_limit import RateLimiter, Seconds
from rowcol.qbo.retry import RetryPolicy
from rowcol.qbo.transport import BearerAuth, HttpReply, exchange, open_session
from rowcol.settings import Endpoints

MINOR_VERSION = "75"
READ_SECONDS, REPORT_SECONDS = 20.0, 60.0
# The top-level keys of a complete answer; a 200 with none of these counts as empty.
REPLY_KEYS: dict[str, tuple[str, ...]] = {
    "query": ("QueryResponse",),
    "report": ("Header", "Columns", "Rows"),
    "cdc": ("CDCResponse",),
}

Kind = Literal["query", "cdc", "report", "read", "write", "batch"]
# Called after every attempt with company, kind, HTTP status (0: no answer) and seconds.
OnCall = Callable[[str, str, int, float], None]
_log = logging.getLogger(__name__)


class TokenSource(Protocol):
    """The part of `Tokens` that the client uses."""

    def access_token(self, realm: str) -> str:
        """Return a token that should work."""

    def refreshed(self, realm: str, rejected_access_token: str) -> str:
        """Return a token other than the rejected one."""


@dataclass(frozen=True)
class Request:
    """One request to one company: `path` is below `/v3/company/{realm}/`; a mapping body is sent as JSON."""

    method: Literal["GET", "POST"]
    path: str
    params: Mapping[str, str]
    kind: Kind
    body: Mapping[str, Any] | str | None = None

    @property
    def repeatable(self) -> bool:
        """Return whether sending it twice has the effect of once: a read, or a write with a `requestid`."""
        return self.method == "GET" or self.kind == "query" or "requestid" in self.params


@dataclass(frozen=True)
class Reply:
    """A usable answer: parsed, as bytes, Intuit's id for it, and how many attempts it took."""

    document: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    intuit_tid: str | None
    attempts: int


Send = Callable[[str, Request], Reply]


class QboClient:
    """Sends requests to companies; safe to share between threads."""

    def __init__(
        self,
        endpoints: Endpoints,
        tokens: TokenSource,
        *,
        rate_limiter: RateLimiter | None = None,
        clock: Seconds = time.monotonic,
        sleep: Sleep = time.sleep,
        now: Clock = system_clock,
        chance: Callable[[], float] = random.random,
        read_seconds: float = READ_SECONDS,
        report_seconds: float = REPORT_SECONDS,
        on_call: OnCall | None = None,
    ) -> None:
        self._api = endpoints.api
        self._tokens = tokens
        self._rate_limiter = rate_limiter or RateLimiter(clock=clock, sleep=sleep)
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self._chance = chance
        self._read_seconds = read_seconds
        self._report_seconds = report_seconds
        self._session = open_session(endpoints.api)
        self._on_call = on_call

    def send(self, realm: str, request: Request) -> Reply:
        """Return the answer to one request, after as many attempts as the policy allows and at most one token refresh.

        Raises any RailError: Throttled and Unavailable after all attempts, Unauthorized if a fresh token
        is refused too, the others at once.
        """
        policy = RetryPolicy(realm, self._rate_limiter, self._clock, self._chance, request.repeatable)
        token = self._tokens.access_token(realm)
        try:
            return self._retried(realm, request, token, policy)
        except Unauthorized as refused:
            _log.info("%s %s: %s; refreshing the token once", realm, request.kind, refused.message)
        token = self._tokens.refreshed(realm, token)
        return self._retried(realm, request, token, policy)

    def _retried(self, realm: str, request: Request, token: str, policy: RetryPolicy) -> Reply:
        retrying = Retrying(
            retry=retry_if_exception(policy.should_retry),
            wait=policy.wait,
            stop=policy.should_stop,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._attempt, realm, request, token, policy)

    def _attempt(self, realm: str, request: Request, token: str, policy: RetryPolicy) -> Reply:
        paused = self._rate_limiter.paused_for(realm)
        if paused > policy.seconds_left():
            raise Throttled("QuickBooks asked this company to pause", retry_after=paused)
        with self._rate_limiter.slot(realm):
            http = self._exchange(realm, request, token, policy)
        try:
            document = usable_document(http, request.kind, token, self._now)
        except RailError as error:
            _log.warning("%s %s: %s", realm, request.kind, error.message)
            raise
        return Reply(document, http.body, tid_in(http.headers), policy.attempts)

    def _exchange(self, realm: str, request: Request, token: str, policy: RetryPolicy) -> HttpReply:
        started = self._clock()
        policy.start_attempt(started)
        limit = self._report_seconds if request.kind == "report" else self._read_seconds
        status = 0
        try:
            http = exchange(
                self._session,
                request.method,
                self._address(realm, request),
                auth=BearerAuth(token),
                headers=_headers(request),
                read_seconds=policy.read_seconds(limit),
                data=_data(request),
            )
            status = http.status
            return http
        finally:
            if self._on_call is not None:
                self._on_call(realm, request.kind, status, self._clock() - started)

    def _address(self, realm: str, request: Request) -> str:
        # %20 and %2B, never `+`: read the same by every decoder.
        query = urlencode({**request.params, "minorversion": MINOR_VERSION}, quote_via=quote)
        return f"{self._api}/v3/company/{quote(realm, safe='')}/{request.path}?{query}"


def usable_document(http: HttpReply, kind: Kind, token: str, now: Clock) -> dict[str, Any]:
    """Return the JSON object of a usable reply; raises the typed error of any other."""
    if 200 <= http.status < 300:
        document = json_object(http.body)
        if document is not None and fault_in_document(document) is None:
            keys = REPLY_KEYS.get(kind)
            if keys is None or any(key in document for key in keys):
                return document
    # QuickBooks may quote the token that it refuses.
    error = fault_in(http.status, http.headers, http.body.replace(token.encode(), b"..."), now())
    raise error or Unavailable("QuickBooks sent an answer without content", tid=tid_in(http.headers))


def _headers(request: Request) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if request.body is not None:
        plain = isinstance(request.body, str)
        headers["Content-Type"] = "application/text" if plain else "application/json"
    return headers


def _data(request: Request) -> bytes | None:
    if request.body is None or isinstance(request.body, str):
        return request.body.encode() if request.body is not None else None
    return json.dumps(request.body).encode()
