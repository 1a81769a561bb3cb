"""Grants in the store: sealed before they are written."""

import json
from datetime import datetime

from rowcol.clock import Clock
from rowcol.qbo.oauth import Grant
from rowcol.qbo.vault import Vault
from rowcol.store.control.clients import business_id_of
from rowcol.store.control.grants import SealedGrants


class StoredGrants:
    """Reads and writes grants by realm; what reaches the store is sealed."""

    def __init__(self, sealed: SealedGrants, vault: Vault, clock: Clock) -> None:
        self._sealed = sealed
        self._vault = vault
        self._clock = clock

    def read(self, realm: str) -> Grant | None:
        """Return a company's grant, None if it has none or the grant has ended. Raises WrongKey."""
        sealed = self._sealed.read(self._business_id(realm))
        return None if sealed is None else _opened(realm, self._vault.open(sealed))

    def write(self, grant: Grant) -> None:
        """Store a grant."""
        self._sealed.write(self._business_id(grant.realm), self._vault.seal(_text(grant)), self._clock())

    def mark_dead(self, realm: str, reason: str) -> None:
        """Record that a grant has ended."""
        self._sealed.end(self._business_id(realm), reason, self._clock())

    def why_dead(self, realm: str) -> str | None:
        """Return why a company's grant ended."""
        return self._sealed.ended().get(self._business_id(realm))

    def _business_id(self, realm: str) -> str:
        return business_id_of(self._sealed.advisor_id, realm)


def _text(grant: Grant) -> str:
    refresh_expiry = grant.refresh_expires_at
    return json.dumps(
        {
            "access_token": grant.access_token,
            "access_expires_at": grant.access_expires_at.isoformat(),
            "refresh_token": grant.refresh_token,
            "refresh_expires_at": None if refresh_expiry is None else refresh_expiry.isoformat(),
        }
    )


def _opened(realm: str, text: str) -> Grant:
    content = json.loads(text)
    refresh_expiry = content["refresh_expires_at"]
    return Grant(
        realm=realm,
        access_token=content["access_token"],
        access_expires_at=datetime.fromisoformat(content["access_expires_at"]),
        refresh_token=content["refresh_token"],
        refresh_expires_at=None if refresh_expiry is None else datetime.fromisoformat(refresh_expiry),
    )
