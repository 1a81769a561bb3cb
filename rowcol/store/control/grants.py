"""Grants at rest: sealed text only, and the consent states that are still open."""

from datetime import datetime

from rowcol.store.control import ControlCursor, control_rows
from rowcol.store.database import Database, naive


class SealedGrants:
    """The sealed grants of one practice, by client."""

    def __init__(self, database: Database, advisor_id: str) -> None:
        self.database = database
        self.advisor_id = advisor_id

    def read(self, business_id: str) -> str | None:
        """Return a client's sealed grant; None if it has none or the grant has ended."""
        with self.database.read() as cursor:
            row = cursor.execute(
                "SELECT sealed FROM grants WHERE advisor_id = ? AND business_id = ? AND ended_because IS NULL",
                [self.advisor_id, business_id],
            ).fetchone()
        return str(row[0]) if row else None

    def write(self, business_id: str, sealed: str, now: datetime) -> None:
        """Replace a client's grant, in a transaction of its own."""
        with self.database.write() as cursor:
            self.forget(control_rows(cursor), business_id)
            cursor.execute(
                "INSERT INTO grants VALUES (?, ?, ?, NULL, ?)",
                [self.advisor_id, business_id, sealed, naive(now)],
            )

    def end(self, business_id: str, reason: str, now: datetime) -> None:
        """Mark a grant as ended, and why."""
        with self.database.write() as cursor:
            cursor.execute(
                "UPDATE grants SET ended_because = ?, updated_at = ? WHERE advisor_id = ? AND business_id = ?",
                [reason, naive(now), self.advisor_id, business_id],
            )

    def forget(self, cursor: ControlCursor, business_id: str) -> None:
        """Remove a client's grant within the caller's transaction."""
        cursor.execute(
            "DELETE FROM grants WHERE advisor_id = ? AND business_id = ?", [self.advisor_id, business_id]
        )

    def ended(self) -> dict[str, str]:
        """Return business_id -> why its grant ended, for those that have."""
        with self.database.read() as cursor:
            rows = cursor.execute(
                "SELECT business_id, ended_because FROM grants WHERE advisor_id = ? AND ended_because IS NOT NULL",
                [self.advisor_id],
            ).fetchall()
        return dict(rows)

    def open_state(self, digest: str, expires_at: datetime) -> None:
        """Store the digest of a consent's state until it is used or expires."""
        with self.database.write() as cursor:
            cursor.execute(
                "INSERT INTO consent_states VALUES (?, ?, ?, NULL)",
                [self.advisor_id, digest, naive(expires_at)],
            )

    def use_state(self, digest: str, now: datetime) -> bool:
        """Use a state; False if it is not ours, was used before, or has expired."""
        with self.database.write() as cursor:
            row = cursor.execute(
                "SELECT count(*) FROM consent_states"
                " WHERE advisor_id = ? AND digest = ? AND used_at IS NULL AND expires_at >= ?",
                [self.advisor_id, digest, naive(now)],
            ).fetchone()
            cursor.execute(
                "UPDATE consent_states SET used_at = ? WHERE advisor_id = ? AND digest = ? AND used_at IS NULL",
                [naive(now), self.advisor_id, digest],
            )
        return bool(row and row[0])
