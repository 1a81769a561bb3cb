"""The access token of each company: refreshed by one thread at a time, and stored before it is used."""

import threading
from datetime import timedelta
from typing import Protocol

from rowcol.clock import Clock, system_clock
from rowcol.errors import GrantDead
from rowcol.qbo.oauth import Grant

REFRESH_BEFORE = timedelta(minutes=5)
REFRESH_SHARE = 10
"""A short-lived token is refreshed in the last tenth of its lifetime, not at every call."""


class GrantStore(Protocol):
    """The store of grants, sealed."""

    def read(self, realm: str) -> Grant | None:
        """Return the newest grant of a company, None if it has none."""

    def write(self, grant: Grant) -> None:
        """Replace a company's grant, durably."""

    def mark_dead(self, realm: str, reason: str) -> None:
        """Record that a company's grant no longer works."""

    def why_dead(self, realm: str) -> str | None:
        """Return why a company's grant no longer works, None if that was never recorded."""


class Authority(Protocol):
    """The part of `AuthorizationServer` that `Tokens` uses."""

    def refresh(self, grant: Grant) -> Grant:
        """Return the next grant, or raise as `AuthorizationServer.refresh` does."""

    def revoke(self, refresh_token: str) -> None:
        """End a grant."""


class Tokens:
    """Returns access tokens that work; safe to share between threads."""

    def __init__(self, authority: Authority, store: GrantStore, now: Clock = system_clock) -> None:
        self._authority = authority
        self._store = store
        self._now = now
        self._locks: dict[str, threading.Lock] = {}
        self._locks_lock = threading.Lock()
        # A rotated grant that could not be stored (a full disk): the one before no longer works, so it is kept here.
        self._unstored: dict[str, Grant] = {}
        self._margins: dict[str, timedelta] = {}
        # What is stored, so that a call costs no read; a grant that ended meanwhile shows as a 401.
        self._cached: dict[str, Grant] = {}

    def access_token(self, realm: str) -> str:
        """Return an access token with at least five minutes left, refreshed if necessary.

        Raises GrantDead (no grant, or it ended), Throttled, Unavailable, Refused, and what the store raises.
        """
        grant = self._cached.get(realm)
        if grant is not None and self._is_usable(grant, None):
            return grant.access_token
        return self._valid_token(realm, None)

    def refreshed(self, realm: str, rejected_access_token: str) -> str:
        """Return an access token other than the one QuickBooks has just rejected; raises as access_token."""
        return self._valid_token(realm, rejected_access_token)

    def adopt(self, grant: Grant) -> None:
        """Store the grant of a new consent; waits for a refresh in progress, so that it is not overwritten."""
        with self._lock(grant.realm):
            self._unstored.pop(grant.realm, None)
            self._cached.pop(grant.realm, None)
            self._store.write(grant)

    def revoke(self, realm: str) -> None:
        """End a company's grant at Intuit; do nothing if it has none. Raises as `AuthorizationServer.revoke`."""
        with self._lock(realm):
            grant = self._current(realm)
            self._cached.pop(realm, None)
            if grant is not None:
                self._authority.revoke(grant.refresh_token)

    def _valid_token(self, realm: str, rejected: str | None) -> str:
        with self._lock(realm):
            self._cached.pop(realm, None)
            grant = self._current(realm)
            if grant is None:
                raise GrantDead(self._store.why_dead(realm) or "This company is not connected")
            if not self._is_usable(grant, rejected):
                grant = self._refreshed(grant, rejected)
            self._cached[realm] = grant
            return grant.access_token

    def _refreshed(self, grant: Grant, rejected: str | None) -> Grant:
        """Refresh a grant; if another process was first, use what it stored."""
        try:
            return self._stored(self._authority.refresh(grant))
        except GrantDead as dead:
            other = self._store.read(grant.realm)
            if other is None or other.refresh_token == grant.refresh_token:
                self._store.mark_dead(grant.realm, dead.message)
                raise
        if self._is_usable(other, rejected):
            return other
        try:
            return self._stored(self._authority.refresh(other))
        except GrantDead as dead:
            self._store.mark_dead(grant.realm, dead.message)
            raise

    def _stored(self, grant: Grant) -> Grant:
        self._margins[grant.realm] = (grant.access_expires_at - self._now()) / REFRESH_SHARE
        self._unstored[grant.realm] = grant
        self._store.write(grant)
        del self._unstored[grant.realm]
        return grant

    def _current(self, realm: str) -> Grant | None:
        unstored = self._unstored.get(realm)
        return self._store.read(realm) if unstored is None else self._stored(unstored)

    def _is_usable(self, grant: Grant, rejected: str | None) -> bool:
        margin = min(REFRESH_BEFORE, self._margins.get(grant.realm, REFRESH_BEFORE))
        lasts = grant.access_expires_at - self._now() > margin
        return lasts and grant.access_token != rejected

    def _lock(self, realm: str) -> threading.Lock:
        with self._locks_lock:
            return self._locks.setdefault(realm, threading.Lock())
