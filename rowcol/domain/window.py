"""The 90 days the averages are taken over, and whether the balance sheets around them are at hand."""

import pandas as pd

WINDOW_DAYS = 90
LEAST_DAYS = 30


def windows(clients: pd.DataFrame, first_dates: pd.DataFrame) -> pd.DataFrame:
    """Return each client's window: business_id, start, end (t-90 .. t-1, both included), days (the divisor, at least 30).

    If the earliest record is dated later than t-90 the window starts there.
    """
    first_of = first_dates.set_index("business_id")["first_date"].reindex(clients["business_id"])
    as_of, first = clients["as_of"].reset_index(drop=True), pd.Series(pd.to_datetime(first_of.to_numpy()))
    earliest = as_of - pd.Timedelta(days=WINDOW_DAYS)
    start = earliest.mask(first > earliest, first)
    start = start.mask(start > as_of, as_of)
    days = (as_of - start).dt.days.clip(lower=LEAST_DAYS).astype("int64")
    end = as_of - pd.Timedelta(days=1)
    return pd.DataFrame(
        {"business_id": clients["business_id"].array, "start": start, "end": end, "days": days}
    )


def sheet_positions(report_reads: pd.DataFrame, windows: pd.DataFrame) -> dict[str, int]:
    """Return business_id -> the log position its window's two balance sheets were both read at.

    A client without an entry has not got both, or has them from before and after a change: they cannot be
    held against one state of the books.
    """
    good = report_reads[(report_reads["report"] == "BalanceSheet") & report_reads["refused_because"].isna()]
    days = pd.to_datetime(good["report_date"])
    position = dict(zip(zip(good["business_id"], days, strict=True), good["books_position"], strict=True))
    positions: dict[str, int] = {}
    for business_id, start, end in windows[["business_id", "start", "end"]].itertuples(
        index=False, name=None
    ):
        closing = position.get((business_id, end))
        if closing is not None and closing == position.get((business_id, start - pd.Timedelta(days=1))):
            positions[business_id] = int(closing)
    return positions


def checked_positions(report_reads: pd.DataFrame, tie_outs: pd.DataFrame) -> dict[str, int]:
    """Return business_id -> the log position at which the balance sheet of its last tie-out was read."""
    checked = tie_outs[["business_id", "report_date"]].drop_duplicates("business_id")
    sheets = report_reads[(report_reads["report"] == "BalanceSheet") & report_reads["refused_because"].isna()]
    merged = checked.merge(sheets, on=["business_id", "report_date"])
    return dict(zip(merged["business_id"], merged["books_position"].astype("int64"), strict=True))


def base_sheets(report_reads: pd.DataFrame, clients: pd.DataFrame) -> pd.DataFrame:
    """Return the balance sheet that each client's balances rest on: business_id, report_date, books_position.

    Of those that were read: the last one dated up to the as-of date, else the first after it. A client without has no row.
    """
    good = report_reads[(report_reads["report"] == "BalanceSheet") & report_reads["refused_because"].isna()]
    rows = good.merge(clients[["business_id", "as_of"]], on="business_id")
    away = (rows["as_of"] - pd.to_datetime(rows["report_date"])).dt.days
    rows = rows.assign(later=away < 0, away=away.abs()).sort_values(["business_id", "later", "away"])
    columns = ["business_id", "report_date", "books_position"]
    return rows.drop_duplicates("business_id")[columns].reset_index(drop=True)
