"""What was sent, to whom, when, with which figures: appended, never changed; and how far each week's run came."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from rowcol.store.database import Database, aware, naive
from rowcol.store.log import Positions
from rowcol.store.reads import statement

DIGEST, TEST = "digest", "test"
HANDING_OVER, SENT, REFUSED, NOT_SENT, UNCERTAIN = (
    "handing over", "sent", "refused", "not sent", "uncertain",
)  # fmt: skip
"""The states of a mail; `handing over` as the last one means that RowCol stopped there: nobody knows if it arrived."""
STARTED, READ, MADE = "started", "read", "made"
"""How far a week's run came: started, every client refreshed (from here on its moment is fixed), its mails made."""
PRACTICE_ITSELF = ""
"""The business id of what goes to the practice."""


@dataclass(frozen=True)
class MailKey:
    """Which mail to one recipient; a practice, client, week and recipient have one digest together."""

    business_id: str
    week: date
    recipient: str
    kind: str
    message_id: str
    subject: str
    figures_hash: str
    as_of: date
    known_at: datetime


@dataclass(frozen=True)
class MailState:
    """The last state of a mail, since when, and the reason if it was not sent."""

    state: str
    at: datetime
    reason: str
    figures_hash: str


@dataclass(frozen=True)
class Run:
    """How far the run of a week came; `known_at` is the moment its figures are from, once every client was read."""

    week: date
    state: str
    at: datetime
    known_at: datetime | None
    reason: str


class SentLog:
    """The sent mail and the digest runs of one practice."""

    def __init__(self, database: Database, advisor_id: str, positions: Positions) -> None:
        self.database = database
        self.advisor_id = advisor_id
        self.positions = positions

    def record(self, key: MailKey, state: str, now: datetime, reason: str = "") -> None:
        """Append a state of a mail."""
        with self.database.write() as cursor:
            cursor.execute(
                "INSERT INTO sent_mail VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    self.advisor_id, self.positions.take(1, now), key.business_id, key.week, key.recipient,
                    key.kind, state, naive(now), key.message_id, key.subject, key.figures_hash,
                    key.as_of, naive(key.known_at), reason,
                ],
            )  # fmt: skip

    def states(self, week: date) -> dict[tuple[str, str], MailState]:
        """Return (business id, recipient) -> the last state of the week's digest to it."""
        with self.database.read() as cursor:
            rows = cursor.execute(
                "SELECT business_id, recipient, state, happened_at, reason, figures_hash FROM sent_mail"
                " WHERE advisor_id = ? AND week = ? AND kind = ? ORDER BY event_id",
                [self.advisor_id, week, DIGEST],
            ).fetchall()
        return {
            (b, r): MailState(state, _aware(at), reason, figures) for b, r, state, at, reason, figures in rows
        }

    def history(self, business_id: str | None = None, most: int = 500) -> pd.DataFrame:
        """Return the states of mails, newest first: business_id, week, recipient, kind, state, happened_at (UTC),
        message_id, subject, figures_hash, as_of, known_at (UTC), reason.

        One row an attempt; `business_id` None: of the practice and all its clients.
        """
        values = {
            "advisor_id": self.advisor_id,
            "everyone": business_id is None,
            "business_id": business_id,
            "most": most,
        }
        with self.database.read() as cursor:
            rows = cursor.execute(statement("sent_history"), values).df()
        for moment in ("happened_at", "known_at"):
            rows[moment] = rows[moment].dt.tz_localize("UTC")
        return rows

    def keep_figures(self, figures_hash: str, figures: str) -> None:
        """Store the figures a mail was made from, under their hash, once."""
        with self.database.write() as cursor:
            cursor.execute(
                "INSERT INTO sent_figures SELECT $advisor_id, $figures_hash, $figures WHERE NOT EXISTS ("
                "SELECT 1 FROM sent_figures WHERE advisor_id = $advisor_id AND figures_hash = $figures_hash)",
                {"advisor_id": self.advisor_id, "figures_hash": figures_hash, "figures": figures},
            )

    def figures(self, figures_hash: str) -> str | None:
        """Return the figures stored under a hash."""
        row = self._first(
            "SELECT figures FROM sent_figures WHERE advisor_id = ? AND figures_hash = ?", figures_hash
        )
        return None if row is None else str(row[0])

    def note_run(
        self, week: date, state: str, now: datetime, known_at: datetime | None = None, reason: str = ""
    ) -> None:
        """Append how far a week's run came."""
        moment = None if known_at is None else naive(known_at)
        with self.database.write() as cursor:
            cursor.execute(
                "INSERT INTO digest_runs VALUES (?, ?, ?, ?, ?, ?, ?)",
                [self.advisor_id, self.positions.take(1, now), week, state, naive(now), moment, reason],
            )

    def run(self, week: date) -> Run | None:
        """Return how far a week's run came, None before it started."""
        row = self._first(
            "SELECT week, state, happened_at, known_at, reason FROM digest_runs"
            " WHERE advisor_id = ? AND week = ? ORDER BY event_id DESC LIMIT 1",
            week,
        )
        return None if row is None else Run(row[0], row[1], _aware(row[2]), aware(row[3]), row[4])

    def _first(self, text: str, value: Any) -> tuple[Any, ...] | None:
        with self.database.read() as cursor:
            row: tuple[Any, ...] | None = cursor.execute(text, [self.advisor_id, value]).fetchone()
        return row


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
