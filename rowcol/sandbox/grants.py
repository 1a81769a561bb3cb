"""Consent codes, refresh-token chains and access tokens, and the rules by which they live and die."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from rowcol.sandbox.switches import Switches

CODE_SECONDS = 600
DAY_SECONDS = 86_400


class InvalidGrant(Exception):  # noqa: N818 -- named as the wire names it
    """A code or refresh token that is unknown, used, expired, superseded or revoked."""


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint hands out; durations in seconds from now."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int
    hard_expires_in: int


@dataclass(frozen=True)
class _Code:
    realm: str
    redirect_uri: str
    expires: float


@dataclass
class _Grant:
    realm: str
    granted: float
    refresh_token: str
    rotated: float
    used: float
    superseded: dict[str, float] = field(default_factory=dict)  # old value -> when it was replaced
    revoked: bool = False


class Grants:
    """Every consent given to the application, by its codes and tokens; safe to call from several threads."""

    def __init__(self) -> None:
        self._codes: dict[str, _Code] = {}
        self._by_refresh: dict[str, _Grant] = {}
        self._by_access: dict[str, tuple[_Grant, float]] = {}
        self._lock = Lock()

    def code(self, realm: str, redirect_uri: str, now: datetime) -> str:
        """Return a new authorization code for a company."""
        code = f"XAB{secrets.token_hex(20)}"
        with self._lock:
            self._codes[code] = _Code(realm, redirect_uri, now.timestamp() + CODE_SECONDS)
        return code

    def grant(self, realm: str, now: datetime) -> str:
        """Return the refresh token of a new grant, as if consent had been given in a browser."""
        with self._lock:
            return self._new(realm, now.timestamp()).refresh_token

    def redeem(self, code: str, redirect_uri: str, now: datetime, switches: Switches) -> Tokens:
        """Exchange a code, once, for tokens; raises InvalidGrant."""
        with self._lock:
            known = self._codes.pop(code, None)
            if known is None or known.redirect_uri != redirect_uri or known.expires < now.timestamp():
                raise InvalidGrant(code)
            return self._issue(self._new(known.realm, now.timestamp()), now.timestamp(), switches)

    def refresh(self, token: str, now: datetime, switches: Switches) -> Tokens:
        """Exchange a refresh token for tokens, its value replaced as the rotation says; raises InvalidGrant."""
        moment = now.timestamp()
        with self._lock:
            grant = self._by_refresh.get(token)
            if grant is None or not _alive(grant, moment, switches):
                raise InvalidGrant(token)
            replaced = grant.superseded.get(token)
            if replaced is not None and moment >= replaced + switches.old_value_grace:
                grant.revoked = grant.revoked or switches.double_refresh_kills
                raise InvalidGrant(token)
            if replaced is None and _due_for_rotation(grant, moment, switches):
                self._rotate(grant, moment)
            grant.used = moment
            return self._issue(grant, moment, switches)

    def revoke(self, token: str) -> bool:
        """End the grant a refresh or access token belongs to; False if there is none alive."""
        with self._lock:
            grant = self._grant_of(token)
            if grant is None or grant.revoked:
                return False
            grant.revoked = True
            return True

    def realm_of(self, token: str) -> str | None:
        """Return the company a code, refresh or access token belongs to, dead or alive."""
        with self._lock:
            if token in self._codes:
                return self._codes[token].realm
            grant = self._grant_of(token)
            return grant.realm if grant else None

    def refused_because(self, access_token: str, now: datetime) -> str | None:
        """Return why an access token is not accepted; None if it does."""
        with self._lock:
            grant, expires = self._by_access.get(access_token, (None, 0.0))
        if grant is None:
            return "Malformed bearer token: too short or too long"
        if grant.revoked:
            return "Token revoked"
        return "Token expired" if expires <= now.timestamp() else None

    def expire_access(self, realm: str | None) -> None:
        """Let every access token of a company (None: of all) expire now."""
        with self._lock:
            for token, (grant, _) in self._by_access.items():
                if realm in (None, grant.realm):
                    self._by_access[token] = (grant, 0.0)

    def _new(self, realm: str, moment: float) -> _Grant:
        grant = _Grant(realm, moment, _refresh_value(), moment, moment)
        self._by_refresh[grant.refresh_token] = grant
        return grant

    def _rotate(self, grant: _Grant, moment: float) -> None:
        grant.superseded[grant.refresh_token] = moment
        grant.refresh_token, grant.rotated = _refresh_value(), moment
        self._by_refresh[grant.refresh_token] = grant

    def _issue(self, grant: _Grant, moment: float, switches: Switches) -> Tokens:
        access = f"eyJ{secrets.token_urlsafe(48)}"
        self._by_access[access] = (grant, moment + switches.access_ttl)
        hard = int(grant.granted + switches.hard_ttl - moment)
        return Tokens(access, grant.refresh_token, switches.access_ttl, min(switches.refresh_ttl, hard), hard)

    def _grant_of(self, token: str) -> _Grant | None:
        return self._by_refresh.get(token) or self._by_access.get(token, (None, 0.0))[0]


def _alive(grant: _Grant, moment: float, switches: Switches) -> bool:
    disused = moment >= grant.used + switches.refresh_ttl
    outlived = moment >= grant.granted + switches.hard_ttl
    return not (grant.revoked or disused or outlived)


def _due_for_rotation(grant: _Grant, moment: float, switches: Switches) -> bool:
    if switches.rotation == "24h":
        return moment >= grant.rotated + DAY_SECONDS
    return switches.rotation == "every call"


def _refresh_value() -> str:
    return f"AB11{secrets.token_hex(23)}"
