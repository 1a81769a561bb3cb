"""How many requests each company was sent, by kind and month."""

from collections.abc import Mapping, Sequence
from datetime import date

from rowcol.store.database import Cursor
from rowcol.store.reads import statement

Counted = tuple[str, date, str]
"""business_id, the month's first day, kind."""


def count_calls(cursor: Cursor, advisor_id: str, counted: Mapping[Counted, int]) -> None:
    """Add to what was counted before."""
    if not counted:
        return
    businesses, months, kinds = zip(*counted, strict=True)
    values = {
        "advisor_id": advisor_id, "businesses": list(businesses), "months": list(months), "kinds": list(kinds),
        "calls": list(counted.values()),
    }  # fmt: skip
    cursor.execute(statement("count_calls"), values)


def calls_of_month(cursor: Cursor, advisor_id: str, month: date, kinds: Sequence[str]) -> int:
    """Return the requests of some kinds in the month that begins on a day, of all companies together."""
    row = cursor.execute(
        "SELECT coalesce(sum(calls), 0) FROM api_calls"
        " WHERE advisor_id = ? AND month = ? AND kind IN (SELECT unnest(?::VARCHAR[]))",
        [advisor_id, month, list(kinds)],
    ).fetchone()
    return int(row[0]) if row else 0
