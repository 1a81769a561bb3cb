"""The access token of each company: one refresh at a time, and the rotated token kept before it is used."""

import threading
from datetime import timedelta
from typing import Protocol

from rowcol.clock import Clock, system_clock
from rowcol.errors import GrantDead
from rowcol.qbo.oauth import Grant

REFRESH_BEFORE = timedelta(minutes=5)
REFRESH_SHARE = 10
"""A token that lives shortly is renewed in the last tenth of its life, never at every call."""


class GrantBook(Protocol):
    """Where grants are kept, sealed; the store writes one."""

    def read(self, realm: str) -> Grant | None:
        """Return the newest grant of a company, None where there is none."""

    def write(self, grant: Grant) -> None:
        """Keep a grant in place of the company's last one, durably."""

    def mark_dead(self, realm: str, reason: str) -> None:
        """Note that the company's grant no longer works."""

    def why_dead(self, realm: str) -> str | None:
        """Return why a company's grant no longer works, None where that was never noted."""


class Authority(Protocol):
    """What `Tokens` asks of the OAuth side."""

    def refresh(self, grant: Grant) -> Grant:
        """Return the next grant, or raise as `AuthorizationServer.refresh` does."""

    def revoke(self, refresh_token: str) -> None:
        """End a grant."""


class Tokens:
    """Gives out access tokens that work; safe to share between threads."""

    def __init__(self, authority: Authority, book: GrantBook, now: Clock = system_clock) -> None:
        self._authority = authority
        self._book = book
        self._now = now
        self._locks: dict[str, threading.Lock] = {}
        self._locks_lock = threading.Lock()
        # A rotated grant the book would not take (a full disk): the one before is worthless, so it waits here.
        self._unwritten: dict[str, Grant] = {}
        self._margins: dict[str, timedelta] = {}
        # What the book holds, so that a call costs no reading of it; a grant that ended meanwhile is a 401 away.
        self._held: dict[str, Grant] = {}

    def access_token(self, realm: str) -> str:
        """Return an access token with at least five minutes left, refreshed if need be.

        Raises GrantDead (no grant, or it ended), Throttled, Unavailable, Refused, and what the book raises.
        """
        grant = self._held.get(realm)
        if grant is not None and self._serves(grant, None):
            return grant.access_token
        return self._renewed(realm, None)

    def refreshed(self, realm: str, rejected_access_token: str) -> str:
        """Return an access token other than the one QuickBooks has just rejected; raises as access_token."""
        return self._renewed(realm, rejected_access_token)

    def adopt(self, grant: Grant) -> None:
        """Keep a grant from a fresh consent; waits for a refresh under way, so as not to be overwritten."""
        with self._lock(grant.realm):
            self._unwritten.pop(grant.realm, None)
            self._held.pop(grant.realm, None)
            self._book.write(grant)

    def revoke(self, realm: str) -> None:
        """End a company's grant at Intuit; does nothing where there is none. Raises as the authority."""
        with self._lock(realm):
            grant = self._current(realm)
            self._held.pop(realm, None)
            if grant is not None:
                self._authority.revoke(grant.refresh_token)

    def _renewed(self, realm: str, rejected: str | None) -> str:
        with self._lock(realm):
            self._held.pop(realm, None)
            grant = self._current(realm)
            if grant is None:
                raise GrantDead(self._book.why_dead(realm) or "This company is not connected")
            if not self._serves(grant, rejected):
                grant = self._rotated(grant, rejected)
            self._held[realm] = grant
            return grant.access_token

    def _rotated(self, grant: Grant, rejected: str | None) -> Grant:
        """Refresh; a loser of a race with another process takes what the winner wrote."""
        try:
            return self._kept(self._authority.refresh(grant))
        except GrantDead as dead:
            other = self._book.read(grant.realm)
            if other is None or other.refresh_token == grant.refresh_token:
                self._book.mark_dead(grant.realm, dead.message)
                raise
        if self._serves(other, rejected):
            return other
        try:
            return self._kept(self._authority.refresh(other))
        except GrantDead as dead:
            self._book.mark_dead(grant.realm, dead.message)
            raise

    def _kept(self, grant: Grant) -> Grant:
        self._margins[grant.realm] = (grant.access_expires_at - self._now()) / REFRESH_SHARE
        self._unwritten[grant.realm] = grant
        self._book.write(grant)
        del self._unwritten[grant.realm]
        return grant

    def _current(self, realm: str) -> Grant | None:
        waiting = self._unwritten.get(realm)
        return self._book.read(realm) if waiting is None else self._kept(waiting)

    def _serves(self, grant: Grant, rejected: str | None) -> bool:
        margin = min(REFRESH_BEFORE, self._margins.get(grant.realm, REFRESH_BEFORE))
        lasts = grant.access_expires_at - self._now() > margin
        return lasts and grant.access_token != rejected

    def _lock(self, realm: str) -> threading.Lock:
        with self._locks_lock:
            return self._locks.setdefault(realm, threading.Lock())
