"""The figures of one line for each client, as the client list and the practice's digest show them."""

import pandas as pd

from rowcol.domain.hygiene.findings import counts
from rowcol.gateways.client_books import ForecastBooks
from rowcol.views.common.columns import as_dates, freshness_columns
from rowcol.views.common.left_out import left_out

MONEY = ["cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents"]
DAYS = ["buffer_days", "net_burn_runway_days"]
DANGER = {"critical": 0, "watch": 1, "steady": 2}


def client_rows(books: ForecastBooks) -> pd.DataFrame:
    """Return one row a client of those whose books are open, the most endangered first.

    Columns: business_id, realm_id, name, currency, cash_cents, card_debt_cents, ar_cents, ar_overdue_cents, ap_cents,
    ap_overdue_cents, buffer_days, net_burn_runway_days (Int64, NA if undefined or never refreshed), cash_generative
    (bool), cash_out_date (None: beyond 13 weeks), weeks_ahead (tuple of the forecast's 13 weekly closings in cents, empty
    if never refreshed), status, findings, blocking (Int64, NA if never refreshed), tie_out, synced_at (UTC or NaT), stale
    (bool), stale_reason (str), by_plan (bool: stale, but as the schedule has it), marks (tuple of str, e.g. `stale books`),
    as_of (date, the client's own), reconstructed (bool), unpriced, excluded, rounded (tuples of str, see `LeftOut`).
    """
    clients = books.clients
    books.start_findings()
    rows = clients[["business_id", "realm_id", "name", "currency", "as_of", "reconstructed"]].merge(
        books.figures[[*MONEY, *DAYS, "cash_generative", "cash_out_on", "status", "marks"]].reset_index(),
        on="business_id",
    )
    fresh = [books.freshness[business_id] for business_id in rows["business_id"]]
    known = pd.Series(
        [freshness.synced_at is not None for freshness in fresh], index=rows.index, dtype="bool"
    )
    for column in [*MONEY, *DAYS]:
        rows[column] = rows[column].astype("Int64").where(known)
    rows["status"] = rows["status"].astype("object").where(known, None)
    rows["cash_out_date"] = as_dates(rows.pop("cash_out_on")).where(known, None)
    rows["weeks_ahead"] = _weeks_ahead(books, rows["business_id"], known)
    rows = rows.join(_counted(books, rows["business_id"]))
    rows["tie_out"] = [books.tie_out[business_id] for business_id in rows["business_id"]]
    rows = rows.join(freshness_columns(fresh, rows.index))
    rows["as_of"] = as_dates(rows["as_of"])
    out = left_out(books)
    for column in ("unpriced", "excluded", "rounded"):
        names = [getattr(out[business_id], column) for business_id in rows["business_id"]]
        rows[column] = pd.Series(names, index=rows.index, dtype="object")
    danger = rows["status"].map(DANGER).fillna(len(DANGER))
    order = rows.assign(danger=danger).sort_values(
        ["danger", "buffer_days", "name", "business_id"], na_position="last"
    )
    return order.drop(columns="danger").reset_index(drop=True)


def _weeks_ahead(books: ForecastBooks, business_ids: pd.Series, known: "pd.Series[bool]") -> pd.Series:
    """Return the 13 weekly closings of each client's forecast as a tuple of cents, empty if it was never refreshed."""
    closings = books.forecast.weeks.groupby("business_id")["closing_cents"].agg(tuple)
    ahead = [
        tuple(map(int, closings[business_id])) if read else ()
        for business_id, read in zip(business_ids, known, strict=True)
    ]
    return pd.Series(ahead, index=business_ids.index, dtype="object")


def _counted(books: ForecastBooks, business_ids: pd.Series) -> pd.DataFrame:
    """Return findings and blocking of each client (Int64), NA if it was never refreshed."""
    known = pd.Series(
        [books.freshness[business_id].synced_at is not None for business_id in business_ids], dtype="bool"
    )
    rows = counts(books.findings).reindex(business_ids).fillna(0).astype("Int64").reset_index(drop=True)
    return rows.where(known).set_index(business_ids.index)
