"""The practice and its clients: who is connected to which company."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rowcol.errors import UnknownClient, UsageError
from rowcol.store.control import ControlCursor
from rowcol.store.database import Database, aware, naive

_NAMESPACE = uuid.UUID("6f1d3c1e-7d0f-5a3e-9a53-3c0b8c1f6f10")


@dataclass(frozen=True)
class Client:
    """One business the practice serves: one QuickBooks company."""

    business_id: str
    realm_id: str
    name: str
    connected_at: datetime
    disconnected_at: datetime | None = None


def business_id_of(advisor_id: str, realm_id: str) -> str:
    """Return the id a company has within a practice; the same company reconnected keeps it."""
    return uuid.uuid5(_NAMESPACE, f"{advisor_id}/{realm_id}").hex[:16]


class Clients:
    """The clients of one practice."""

    def __init__(self, database: Database, advisor_id: str) -> None:
        self.database = database
        self.advisor_id = advisor_id

    def connect(self, cursor: ControlCursor, realm_id: str, name: str, now: datetime) -> Client:
        """Record a company as connected, within the caller's transaction, and return its client."""
        business_id = business_id_of(self.advisor_id, realm_id)
        row = [self.advisor_id, business_id, realm_id, name, naive(now)]
        cursor.execute("DELETE FROM businesses WHERE advisor_id = ? AND business_id = ?", row[:2])
        cursor.execute("INSERT INTO businesses VALUES (?, ?, ?, ?, ?, NULL)", row)
        return Client(business_id, realm_id, name, now)

    def disconnect(self, cursor: ControlCursor, business_id: str, now: datetime) -> None:
        """Record that a company is no longer connected; its books stay."""
        cursor.execute(
            "UPDATE businesses SET disconnected_at = ? WHERE advisor_id = ? AND business_id = ?",
            [naive(now), self.advisor_id, business_id],
        )

    def all(self) -> list[Client]:
        """Return every client by name, disconnected ones included."""
        with self.database.read() as cursor:
            rows = cursor.execute(
                "SELECT business_id, realm_id, name, connected_at, disconnected_at FROM businesses"
                " WHERE advisor_id = ? ORDER BY name, business_id",
                [self.advisor_id],
            ).fetchall()
        return [Client(b, r, n, c.replace(tzinfo=UTC), aware(d)) for b, r, n, c, d in rows]

    def connected(self, business_ids: Sequence[str] | None = None) -> list[Client]:
        """Return the connected clients by name, or those of some ids."""
        return [
            client
            for client in self.all()
            if client.disconnected_at is None and (business_ids is None or client.business_id in business_ids)
        ]

    def names(self) -> dict[str, str]:
        """Return business_id -> name of every connected client, by name."""
        return {client.business_id: client.name for client in self.connected()}

    def since(self) -> datetime | None:
        """Return when the first client was connected, None before any."""
        return min((client.connected_at for client in self.all()), default=None)

    def find(self, wanted: str) -> Client:
        """Return the client with that business id, realm or name (any case).

        Raises UnknownClient if none has it, UsageError if several share the name.
        """
        clients = self.all()
        by_id = [client for client in clients if wanted in (client.business_id, client.realm_id)]
        matches = by_id or [client for client in clients if client.name.casefold() == wanted.casefold()]
        if not matches:
            raise UnknownClient(f"No client has the name or realm {wanted!r}")
        if len(matches) > 1:
            realms = ", ".join(client.realm_id for client in matches)
            raise UsageError(f"Several clients are called {wanted!r}", f"Name one by its realm: {realms}")
        return matches[0]


def practices(cursor: ControlCursor) -> list[str]:
    """Return the practices that have clients."""
    return [row[0] for row in cursor.execute("SELECT DISTINCT advisor_id FROM businesses").fetchall()]
