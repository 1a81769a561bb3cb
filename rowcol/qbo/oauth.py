"""OAuth 2 with Intuit: the consent page's address, and the token endpoint's answers. Stores nothing."""

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random

from rowcol.clock import Clock, Sleep, system_clock
from rowcol.errors import ConsentError, GrantDead, RailError, Refused, SettingsError, Throttled, Unavailable
from rowcol.qbo.fault_shapes import json_object
from rowcol.qbo.faults import retry_after, tid_in
from rowcol.qbo.transport import HttpReply, SessionFactory, exchange, open_session
from rowcol.settings import Endpoints, Settings

SCOPE = "com.intuit.quickbooks.accounting"
STATE_LIFETIME = timedelta(minutes=15)
STATE_BYTES = 32
# The documented life of an access token, for an answer that does not say.
ACCESS_LIFETIME = 3600
READ_SECONDS = 20.0
# Connection errors and 5xx of the token endpoint; a 429 is for later, by whoever asked.
ATTEMPTS = 4
FAILURE_BUDGET = 60.0
"""No try begins that could end later than this after the first: a slow answer is waited for, it may hold the only
refresh token there is."""
BACKOFF_FIRST, BACKOFF_LONGEST, JITTER = 0.5, 4.0, 0.5
_TOKEN = re.compile(r"[!-~]+")
_ERROR_NAME = re.compile(r"[a-z_]{1,40}")
_CLIENT_HINT = "Check ROWCOL_QBO_CLIENT_ID and ROWCOL_QBO_CLIENT_SECRET"


@dataclass(frozen=True)
class Application:
    """Our own registration with Intuit."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class Grant:
    """What one company allows us: two tokens and until when (aware moments; None is not known)."""

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
    """Return a state for one consent, and the digest to keep; the state itself is not stored."""
    state = secrets.token_urlsafe(STATE_BYTES)
    return state, digest(state)


def digest(state: str) -> str:
    """Return the digest a state is kept and looked up by (SHA-256, hex)."""
    return hashlib.sha256(state.encode(errors="replace")).hexdigest()


class AuthorizationServer:
    """Intuit's OAuth endpoints, for one application."""

    def __init__(
        self,
        endpoints: Endpoints,
        application: Application,
        *,
        now: Clock = system_clock,
        sleep: Sleep = time.sleep,
        new_session: SessionFactory = open_session,
    ) -> None:
        self._endpoints = endpoints
        self._application = application
        self._now = now
        self._sleep = sleep
        self._token_session = new_session(endpoints.token)
        self._revoke_session = new_session(endpoints.revoke)

    def consent_url(self, state: str) -> str:
        """Return the address of the page on which an advisor allows the connection."""
        query = {
            "client_id": self._application.client_id,
            "response_type": "code",
            "scope": SCOPE,
            "redirect_uri": self._application.redirect_uri,
            "state": state,
        }
        joint = "&" if "?" in self._endpoints.authorize else "?"
        return f"{self._endpoints.authorize}{joint}{urlencode(query, quote_via=quote)}"

    def exchange(self, realm: str, code: str) -> Grant:
        """Return the grant a consent code stands for.

        Raises ConsentError (the code is wrong, expired or used), Throttled, Unavailable, Refused.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._application.redirect_uri,
        }
        return self._grant(realm, form)

    def refresh(self, grant: Grant) -> Grant:
        """Return the next grant; the one given may be worthless from then on.

        Raises GrantDead (`invalid_grant`), Throttled, Unavailable, Refused.
        """
        form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        return self._grant(grant.realm, form)

    def revoke(self, refresh_token: str) -> None:
        """End a grant at Intuit; a token Intuit no longer knows counts as ended (400).

        Raises Throttled, Unavailable, Refused.
        """
        body = json.dumps({"token": refresh_token}).encode()
        reply = self._post(self._revoke_session, self._endpoints.revoke, "application/json", body)
        if reply.status not in (200, 400):
            raise _refusal(reply, "revoke", self._now())

    def _grant(self, realm: str, form: Mapping[str, str]) -> Grant:
        asked_at = self._now()
        retrying = Retrying(
            retry=retry_if_exception_type(Unavailable),
            stop=lambda state: state.attempt_number >= ATTEMPTS or self._too_late(asked_at, state),
            wait=wait_exponential(multiplier=BACKOFF_FIRST, max=BACKOFF_LONGEST) + wait_random(0, JITTER),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._grant_once, realm, form, asked_at)

    def _too_late(self, asked_at: datetime, state: RetryCallState) -> bool:
        passed = (self._now() - asked_at).total_seconds()
        return passed + state.upcoming_sleep + READ_SECONDS > FAILURE_BUDGET

    def _grant_once(self, realm: str, form: Mapping[str, str], asked_at: datetime) -> Grant:
        reply = self._post(
            self._token_session,
            self._endpoints.token,
            "application/x-www-form-urlencoded",
            urlencode(form).encode(),
        )
        return grant_in(reply, realm, form["grant_type"], asked_at)

    def _post(self, session: requests.Session, url: str, content_type: str, data: bytes) -> HttpReply:
        pair = f"{self._application.client_id}:{self._application.client_secret}".encode()
        return exchange(
            session,
            "POST",
            url,
            authorization="Basic " + base64.b64encode(pair).decode("ascii"),
            headers={"Accept": "application/json", "Content-Type": content_type},
            read_seconds=READ_SECONDS,
            data=data,
        )


def grant_in(reply: HttpReply, realm: str, grant_type: str, asked_at: datetime) -> Grant:
    """Return the grant a token endpoint's answer holds; anything short of two tokens raises. Pure."""
    document = json_object(reply.body)
    if reply.status != 200 or (document is not None and document.get("error")):
        raise _refusal(reply, grant_type, asked_at)
    if document is None:
        raise Unavailable("The token endpoint sent an answer that is not JSON", tid=tid_in(reply.headers))
    tokens = [document.get(name) for name in ("access_token", "refresh_token")]
    if not all(isinstance(token, str) and _TOKEN.fullmatch(token) for token in tokens):
        raise Refused("The token endpoint's answer lacks a token", tid=tid_in(reply.headers))
    lifetime = _seconds(document.get("expires_in")) or timedelta(seconds=ACCESS_LIFETIME)
    refresh_lifetime = _seconds(document.get("x_refresh_token_expires_in"))
    return Grant(
        realm=realm,
        access_token=str(tokens[0]),
        access_expires_at=asked_at + lifetime,
        refresh_token=str(tokens[1]),
        refresh_expires_at=None if refresh_lifetime is None else asked_at + refresh_lifetime,
    )


def _refusal(reply: HttpReply, grant_type: str, now: datetime) -> RailError:
    """Return the error of a token endpoint's refusal, in our own words."""
    tid = tid_in(reply.headers)
    if reply.status == 429:
        wait = retry_after(reply.headers, now)
        return Throttled("The token endpoint asks to come back later", tid=tid, retry_after=wait)
    if reply.status >= 500 or reply.status == 408:
        return Unavailable(f"The token endpoint answered HTTP {reply.status}", tid=tid)
    name = _error_name(reply)
    if name == "invalid_client" or (reply.status == 401 and name is None):
        return Refused("Intuit does not know this application", _CLIENT_HINT, code=name, tid=tid)
    if name == "invalid_grant":
        if grant_type == "authorization_code":
            return ConsentError("The consent code is wrong, has expired or was used", code=name, tid=tid)
        return GrantDead("Intuit no longer accepts the refresh token", code=name, tid=tid)
    said = f": {name}" if name else ""
    return Refused(f"The token endpoint refused (HTTP {reply.status}{said})", code=name, tid=tid)


def _error_name(reply: HttpReply) -> str | None:
    """Return the OAuth error's name; free text is left out, for it may quote a token."""
    name: Any = (json_object(reply.body) or {}).get("error")
    return name if isinstance(name, str) and _ERROR_NAME.fullmatch(name) else None


def _seconds(value: Any) -> timedelta | None:
    try:
        seconds = int(value)
        return timedelta(seconds=seconds) if seconds > 0 else None
    except (TypeError, ValueError, OverflowError):
        return None
