"""What exists in the books at a day, and what is entered ahead of it. Source: docs/definitions.md, The books at t."""

import pandas as pd

from rowcol.domain.books import Books


def existing(
    books: Books,
    rows: pd.DataFrame,
    on: str = "txn_date",
    created: str = "created_at",
    *,
    ahead: bool = False,
) -> pd.Series:
    """Return which rows exist at their client's as-of date: those dated up to it, or not at all.

    With `ahead` also what is entered ahead: dated later, created (`created`, UTC; absent: its date) on or before the
    as-of date, as the client's zone has it. `rows` have business_id and as_of, as `Books.dated` returns them.
    """
    later = pd.to_datetime(rows[on]) > rows["as_of"]
    if not ahead or not later.any():
        return ~later
    known = _created_on(books, rows[later], created) <= rows.loc[later, "as_of"]
    return ~later | known.reindex(rows.index, fill_value=False)


def entered_ahead(books: Books, rows: pd.DataFrame) -> pd.Series:
    """Return which rows (business_id, as_of, txn_date, created_at) are dated after the as-of date and created by it."""
    later = pd.to_datetime(rows["txn_date"]) > rows["as_of"]
    return later & existing(books, rows, ahead=True)


def has_later(books: Books) -> bool:
    """Return whether any document or hand-posted line that was read is dated after the first as-of date."""
    if books.clients.empty:
        return False
    first = books.clients["as_of"].min()
    dates = (
        books.open_documents["txn_date"], books.control_lines["txn_date"],
        books.applications["paid_on"], books.applications["linked_on"],
    )  # fmt: skip
    return any((pd.to_datetime(days) > first).any() for days in dates)


def _created_on(books: Books, rows: pd.DataFrame, created: str) -> pd.Series:
    """Return the day each row was created in its client's zone, NaT if that is unknown."""
    zones = rows["business_id"].map(books.clients.set_index("business_id")["zone"])
    moments = pd.to_datetime(rows[created])
    parts = [
        moments[zones == zone].dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
        for zone in zones.unique()
    ]
    days: pd.Series = pd.concat(parts).reindex(rows.index)
    return days
