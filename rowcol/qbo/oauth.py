"""OAuth 2 with Intuit, through requests-oauthlib: the consent page's address, token requests, revocation.

Stores nothing. requests-oauthlib builds the requests and reads the answers; the connections are our transport's,
the errors and the clock are ours.
"""

import hashlib
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from oauthlib.oauth2 import InvalidClientError, InvalidGrantError, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random

from rowcol.clock import Clock, Sleep, system_clock
from rowcol.errors import ConsentError, GrantDead, RailError, Refused, SettingsError, Throttled, Unavailable
from rowcol.qbo.fault_shapes import json_object
from rowcol.qbo.faults import retry_after, tid_in
from rowcol.qbo.transport import CONNECT_SECONDS, exchange, open_session, translated
from rowcol.settings import Endpoints, Settings

SCOPE = "com.intuit.quickbooks.accounting"
STATE_LIFETIME = timedelta(minutes=15)
STATE_BYTES = 32
# The documented life of an access token, for an answer that does not say.
ACCESS_LIFETIME = 3600
READ_SECONDS = 20.0
TIMEOUT = (CONNECT_SECONDS, READ_SECONDS)
# Connection errors and 5xx of the token endpoint are retried here; a 429 is left to the caller.
ATTEMPTS = 4
FAILURE_BUDGET = 60.0
"""No attempt starts that could end later than this after the first. A slow answer is waited for: it may hold the
only refresh token that works."""
BACKOFF_FIRST, BACKOFF_LONGEST, JITTER = 0.5, 4.0, 0.5
TOKENS = ("access_token", "refresh_token")
LIFETIMES = ("expires_in", "x_refresh_token_expires_in")
_TOKEN = re.compile(r"[!-~]+")
_ERROR_NAME = re.compile(r"[a-z_]{1,40}")
Fetch = Callable[[OAuth2Session, HTTPBasicAuth], dict[str, Any]]
_PLAIN_HTTP_ALLOWED = "OAUTHLIB_INSECURE_TRANSPORT"
_CLIENT_HINT = "Check ROWCOL_QBO_CLIENT_ID and ROWCOL_QBO_CLIENT_SECRET"

# They log codes, tokens and our secret at DEBUG. A filter, because uvicorn's logging set-up enables every logger.
for _logger in ("requests_oauthlib.oauth2_session", "oauthlib", "oauthlib.oauth2.rfc6749"):
    logging.getLogger(_logger).addFilter(lambda _: False)


@dataclass(frozen=True)
class Application:
    """Our own registration with Intuit."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class Grant:
    """The tokens of one company and when each expires (aware; None if not known)."""

    realm: str
    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime | None


def application(settings: Settings) -> Application:
    """Return our registration from the settings; raises SettingsError naming what is not set."""
    if not settings.qbo_client_id:
        raise SettingsError("ROWCOL_QBO_CLIENT_ID is not set", "Set it to your Intuit app's client id")
    if settings.qbo_client_secret is None:
        raise SettingsError("ROWCOL_QBO_CLIENT_SECRET is not set", "Set it to your Intuit app's secret")
    secret = settings.qbo_client_secret.get_secret_value()
    return Application(settings.qbo_client_id, secret, settings.qbo_redirect_uri)


def new_state() -> tuple[str, str]:
    """Return a state for one consent, and the digest to store instead of the state."""
    state = secrets.token_urlsafe(STATE_BYTES)
    return state, digest(state)


def digest(state: str) -> str:
    """Return the digest a state is stored and looked up by (SHA-256, hex)."""
    return hashlib.sha256(state.encode(errors="replace")).hexdigest()


class AuthorizationServer:
    """Intuit's OAuth endpoints, for one application; safe to share between threads.

    `application` is called when a registration is needed, so that the dashboard runs before one is configured:
    every method raises what it raises (SettingsError).
    """

    def __init__(
        self,
        endpoints: Endpoints,
        application: Callable[[], Application],
        *,
        now: Clock = system_clock,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.application = application
        self._endpoints = endpoints
        self._now = now
        self._sleep = sleep
        self._token_session = open_session(endpoints.token)
        self._revoke_session = open_session(endpoints.revoke)
        if any(url.startswith("http://") for url in (endpoints.authorize, endpoints.token)):
            # oauthlib refuses plain http unless this is set. Which addresses are allowed is for our settings to say.
            os.environ[_PLAIN_HTTP_ALLOWED] = "1"

    def consent_url(self, state: str) -> str:
        """Return the address of the page on which an advisor allows the connection."""
        registration = self.application()
        session = OAuth2Session(registration.client_id, scope=SCOPE, redirect_uri=registration.redirect_uri)
        return session.authorization_url(self._endpoints.authorize, state)[0]

    def exchange(self, realm: str, code: str) -> Grant:
        """Return the grant for a consent code.

        Raises ConsentError (the code is wrong, expired or used), Throttled, Unavailable, Refused.
        """

        def fetch(session: OAuth2Session, auth: HTTPBasicAuth) -> dict[str, Any]:
            return session.fetch_token(self._endpoints.token, code, auth=auth, timeout=TIMEOUT)

        return self._grant(realm, fetch, ConsentError, "The consent code is wrong, has expired or was used")

    def refresh(self, grant: Grant) -> Grant:
        """Return the next grant; the tokens of the one given may no longer work from then on.

        Raises GrantDead (`invalid_grant`), Throttled, Unavailable, Refused.
        """

        def fetch(session: OAuth2Session, auth: HTTPBasicAuth) -> dict[str, Any]:
            return session.refresh_token(
                self._endpoints.token, grant.refresh_token, auth=auth, timeout=TIMEOUT
            )

        return self._grant(grant.realm, fetch, GrantDead, "Intuit no longer accepts the refresh token")

    def revoke(self, refresh_token: str) -> None:
        """End a grant at Intuit; a token that Intuit no longer knows counts as ended (400).

        Raises Throttled, Unavailable, Refused.
        """
        reply = exchange(
            self._revoke_session,
            "POST",
            self._endpoints.revoke,
            auth=_basic_auth(self.application()),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            read_seconds=READ_SECONDS,
            data=json.dumps({"token": refresh_token}).encode(),
        )
        if reply.status not in (200, 400):
            raise _status_error(reply.status, reply.headers, json_object(reply.body), self._now())

    def _grant(self, realm: str, fetch: Fetch, invalid: type[RailError], message: str) -> Grant:
        """Send a token request, retried; `invalid` and its message say what `invalid_grant` means for it."""
        started = self._now()
        application = self.application()

        def attempt() -> Grant:
            session = _Session(self._token_session, application, started)
            try:
                token = translated(self._endpoints.token, lambda: fetch(session, _basic_auth(application)))
                return session.grant(realm, token)
            except InvalidGrantError:
                error: RailError = invalid(message, code="invalid_grant", tid=session.tid)
            except OAuth2Error as refused:
                error = _refused(refused.error, session.status, session.tid)
            raise error  # outside the handlers: oauthlib's error may quote a token

        retrying = Retrying(
            retry=retry_if_exception_type(Unavailable),
            stop=lambda state: state.attempt_number >= ATTEMPTS or self._too_late(started, state),
            wait=wait_exponential(multiplier=BACKOFF_FIRST, max=BACKOFF_LONGEST) + wait_random(0, JITTER),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(attempt)

    def _too_late(self, started: datetime, state: RetryCallState) -> bool:
        passed = (self._now() - started).total_seconds()
        return passed + state.upcoming_sleep + READ_SECONDS > FAILURE_BUDGET


class _Session(OAuth2Session):
    """requests-oauthlib's session for one token request, over the connections of one of our own sessions.

    `status` and `tid` (Intuit's id) are those of the answer. Raises Throttled, Unavailable and Refused for an
    answer that OAuth has no error for.
    """

    def __init__(self, base: requests.Session, application: Application, started: datetime) -> None:
        # Without a scope: the library raises if an answer names another one, and a rotated token would be lost.
        super().__init__(application.client_id, redirect_uri=application.redirect_uri)
        self.adapters, self.cookies = base.adapters, base.cookies
        self.headers, self.trust_env = base.headers, base.trust_env
        self.status = 0
        self.tid: str | None = None
        self._started = started
        self._lifetimes: dict[str, timedelta | None] = {}
        self.register_compliance_hook("access_token_response", self._checked)
        self.register_compliance_hook("refresh_token_response", self._checked)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect: tokens are sent to the configured address alone."""

    def grant(self, realm: str, token: dict[str, Any]) -> Grant:
        """Return the answer's tokens as a grant; their lifetimes count from the first attempt."""
        access, refresh = (self._lifetimes.get(name) for name in LIFETIMES)
        return Grant(
            realm=realm,
            access_token=token["access_token"],
            access_expires_at=self._started + (access or timedelta(seconds=ACCESS_LIFETIME)),
            refresh_token=token["refresh_token"],
            refresh_expires_at=None if refresh is None else self._started + refresh,
        )

    def _checked(self, response: requests.Response) -> requests.Response:
        """Return an answer that the library can read: its error, or exactly two usable tokens."""
        self.status, self.tid = response.status_code, tid_in(response.headers)
        document = json_object(response.content)
        if not _is_transient(self.status) and document is not None and document.get("error"):
            return response
        if self.status != 200:
            raise _status_error(self.status, response.headers, document, self._started)
        if document is None:
            raise Unavailable("The token endpoint sent an answer that is not JSON", tid=self.tid)
        if not all(_is_token(document.get(name)) for name in TOKENS):
            raise Refused("The token endpoint's answer lacks a token", tid=self.tid)
        # Our clock and our defaults say how long it lasts: the library raises over a lifetime that is no number.
        self._lifetimes = {name: _seconds(document.get(name)) for name in LIFETIMES}
        response._content = json.dumps({name: document[name] for name in TOKENS}).encode()
        return response


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _basic_auth(application: Application) -> HTTPBasicAuth:
    return HTTPBasicAuth(application.client_id.encode(), application.client_secret.encode())


def _is_transient(status: int) -> bool:
    return status == 429 or status == 408 or status >= 500


def _status_error(
    status: int, headers: Mapping[str, str], document: dict[str, Any] | None, now: datetime
) -> RailError:
    """Return the error for a status other than 200; 429, 408 and 5xx may pass."""
    tid = tid_in(headers)
    if status == 429:
        wait = retry_after(headers, now)
        return Throttled("The token endpoint asks to come back later", tid=tid, retry_after=wait)
    if _is_transient(status):
        return Unavailable(f"The token endpoint answered HTTP {status}", tid=tid)
    return _refused((document or {}).get("error"), status, tid)


def _refused(error: Any, status: int, tid: str | None) -> Refused:
    """Return the error for a refusal by its OAuth name; free text is left out, because it may quote a token."""
    name = error if isinstance(error, str) and _ERROR_NAME.fullmatch(error) else None
    if name == InvalidClientError.error or (status == 401 and name is None):
        return Refused("Intuit does not know this application", _CLIENT_HINT, code=name, tid=tid)
    named = f": {name}" if name else ""
    return Refused(f"The token endpoint refused (HTTP {status}{named})", code=name, tid=tid)


def _seconds(value: Any) -> timedelta | None:
    try:
        seconds = int(value)
        return timedelta(seconds=seconds) if seconds > 0 else None
    except (TypeError, ValueError, OverflowError):
        return None
