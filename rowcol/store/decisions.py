"""What advisors decided: appended, the newest of a kind and subject holds."""

import json
from datetime import datetime
from typing import Any

from rowcol.store.clients import naive
from rowcol.store.database import Database
from rowcol.store.log import Positions


class Decisions:
    """The decisions of one practice; nothing is ever overwritten, so each can be undone by deciding again."""

    def __init__(self, database: Database, advisor_id: str, positions: Positions) -> None:
        self.database = database
        self.advisor_id = advisor_id
        self.positions = positions

    def record(
        self, business_id: str, kind: str, subject: str, content: dict[str, Any], now: datetime
    ) -> None:
        """Append a decision."""
        with self.database.write() as cursor:
            cursor.execute(
                "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    self.advisor_id, business_id, self.positions.take(1, now), kind, subject,
                    json.dumps(content, sort_keys=True), naive(now),
                ],
            )  # fmt: skip

    def newest(self, kind: str, known_at: datetime | None = None) -> dict[tuple[str, str], dict[str, Any]]:
        """Return (business_id, subject) -> content of the newest decision of a kind, as known at a moment."""
        limit = "" if known_at is None else "AND decided_at <= ?"
        values: list[Any] = [self.advisor_id, kind] + ([] if known_at is None else [naive(known_at)])
        with self.database.read() as cursor:
            rows = cursor.execute(
                "SELECT business_id, subject, content FROM decisions"
                f" WHERE advisor_id = ? AND kind = ? {limit} ORDER BY decision_id",
                values,
            ).fetchall()
        return {(business_id, subject): json.loads(content) for business_id, subject, content in rows}
