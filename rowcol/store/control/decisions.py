"""What advisors decided: appended, the newest of a kind and subject holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rowcol.clock import KnownAt
from rowcol.store.database import Database, naive
from rowcol.store.log import Positions


@dataclass(frozen=True)
class Decided:
    """One decision as recorded; `decided_at` is aware, UTC."""

    business_id: str
    subject: str
    content: Mapping[str, Any]
    decided_at: datetime


class Decisions:
    """The decisions of one practice; nothing is ever overwritten, so each can be undone by deciding again."""

    def __init__(self, database: Database, advisor_id: str, positions: Positions) -> None:
        self.database = database
        self.advisor_id = advisor_id
        self.positions = positions

    def record_all(
        self, business_id: str, decisions: Sequence[tuple[str, str, Mapping[str, Any]]], now: datetime
    ) -> None:
        """Append decisions (kind, subject, content) on one client, all or none."""
        with self.database.write() as cursor:
            first = self.positions.take(len(decisions), now)
            cursor.executemany(
                "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    [
                        self.advisor_id, business_id, first + number, kind, subject,
                        json.dumps(content, sort_keys=True), naive(now),
                    ]
                    for number, (kind, subject, content) in enumerate(decisions)
                ],
            )  # fmt: skip

    def newest(self, kind: str, known_at: KnownAt = None) -> dict[tuple[str, str], dict[str, Any]]:
        """Return (business_id, subject) -> content of the newest decision of a kind, as known at a moment."""
        return {
            (decision.business_id, decision.subject): dict(decision.content)
            for decision in self.every(kind, known_at)
        }

    def every(self, kind: str, known_at: KnownAt = None) -> list[Decided]:
        """Return all decisions of a kind as known at a moment, oldest first: the last of a subject holds."""
        return self.of_kinds([kind], known_at)[kind]

    def of_kinds(self, kinds: Sequence[str], known_at: KnownAt = None) -> dict[str, list[Decided]]:
        """Return kind -> all its decisions as `every` returns them, read together.

        If each client has its moment, the decisions on other clients are not among them.
        """
        values: dict[str, Any] = {"advisor_id": self.advisor_id, "kinds": list(kinds)}
        among = limit = ""
        if isinstance(known_at, datetime):
            values["known_at"], limit = naive(known_at), " AND decided_at <= $known_at"
        elif known_at is not None:
            values["businesses"] = list(known_at)
            values["moments"] = [naive(moment) for moment in known_at.values()]
            among = (
                " JOIN (SELECT unnest($businesses::VARCHAR[]) AS business_id, unnest($moments::TIMESTAMP[]) AS known_at)"
                " USING (business_id)"
            )
            limit = " AND decided_at <= known_at"
        with self.database.read() as cursor:
            rows = cursor.execute(
                f"SELECT kind, business_id, subject, content, decided_at FROM decisions{among}"
                f" WHERE advisor_id = $advisor_id AND list_contains($kinds::VARCHAR[], kind){limit} ORDER BY decision_id",
                values,
            ).fetchall()
        by_kind: dict[str, list[Decided]] = {kind: [] for kind in kinds}
        for kind, client, subject, text, at in rows:
            by_kind[kind].append(Decided(client, subject, json.loads(text), at.replace(tzinfo=UTC)))
        return by_kind

    def of(self, kind: str, subjects: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        """Return (business_id, subject) -> content of the newest decision of a kind, of the given subjects."""
        if not subjects:
            return {}
        clients, names = (list(part) for part in zip(*subjects, strict=True))
        with self.database.read() as cursor:
            rows = cursor.execute(
                "SELECT d.business_id, d.subject, d.content FROM decisions d"
                " JOIN (SELECT unnest(?::VARCHAR[]) AS business_id, unnest(?::VARCHAR[]) AS subject) w"
                " ON w.business_id = d.business_id AND w.subject = d.subject"
                " WHERE d.advisor_id = ? AND d.kind = ? ORDER BY d.decision_id",
                [clients, names, self.advisor_id, kind],
            ).fetchall()
        return {(client, subject): json.loads(text) for client, subject, text in rows}
