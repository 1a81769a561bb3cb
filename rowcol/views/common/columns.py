"""Columns that several views have: freshness, and dates."""

from collections.abc import Sequence

import pandas as pd

from rowcol.domain.freshness import Freshness


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
