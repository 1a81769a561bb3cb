"""What several views have in common: of which day and knowledge they are, freshness, and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.domain.freshness import Freshness


@dataclass(frozen=True)
class Stated:
    """Of which day a file's figures are, and as known when; every file states it in its last columns.

    `as_of` and `reconstructed` are None if each row has its own.
    """

    known_at: datetime
    as_of: date | None = None
    reconstructed: bool | None = None

    def on(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with as_of, reconstructed and known_at."""
        own = {"as_of": self.as_of, "reconstructed": self.reconstructed}
        return rows.assign(
            known_at=self.known_at, **{name: value for name, value in own.items() if value is not None}
        )


def day_columns(clients: pd.DataFrame) -> pd.DataFrame:
    """Return business_id, as_of (date) and reconstructed of clients (see `client_frame`), to be merged with rows."""
    return clients[["business_id", "reconstructed"]].assign(as_of=as_dates(clients["as_of"]))


def freshness_columns(fresh: Sequence[Freshness], index: pd.Index) -> pd.DataFrame:
    """Return synced_at (UTC or NaT), stale, stale_reason and by_plan, a row for each freshness given."""
    synced = pd.Series([freshness.synced_at for freshness in fresh], index=index, dtype="object")
    return pd.DataFrame(
        {
            "synced_at": pd.to_datetime(synced, utc=True),
            "stale": pd.Series([freshness.stale for freshness in fresh], index=index, dtype="bool"),
            "stale_reason": pd.Series([freshness.reason for freshness in fresh], index=index, dtype="object"),
            "by_plan": pd.Series([freshness.by_plan for freshness in fresh], index=index, dtype="bool"),
        }
    )


def as_dates(days: pd.Series) -> pd.Series:
    """Return days as dates, None if there is none."""
    return pd.Series([None if pd.isna(day) else day.date() for day in days], index=days.index, dtype="object")
