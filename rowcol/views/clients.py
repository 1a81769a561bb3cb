"""The client list: who is in danger, by how much, is it true and fresh."""

from datetime import date, datetime

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain.hygiene.findings import counts
from rowcol.domain.window import WINDOW_DAYS
from rowcol.views.common.gather import Gathered, Source, as_dates, freshness_columns, gather
from rowcol.views.common.records import ClientsView

MONEY = ["cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents"]
DAYS = ["buffer_days", "net_burn_runway_days"]
DANGER = {"critical": 0, "watch": 1, "steady": 2}


def clients_view(source: Source, as_of: date | None = None, known_at: datetime | None = None) -> ClientsView:
    """Return the list of every connected client, the most endangered first."""
    found = gather(source, None, as_of, known_at, WINDOW_DAYS + 1, calls={}, ahead=True)
    rows = client_rows(found)
    today = today_in(zone_or(None, source.default_zone), found.known_at)
    return ClientsView(as_of or today, found.known_at, rows, _totals(rows))


def client_rows(found: Gathered) -> pd.DataFrame:
    """Return `ClientsView.rows` of the clients gathered, their findings and forecast among it."""
    clients = found.books.clients
    rows = clients[["business_id", "realm_id", "name", "currency", "as_of"]].merge(
        found.figures[[*MONEY, *DAYS, "cash_generative", "cash_out_on", "status", "marks"]].reset_index(),
        on="business_id",
    )
    fresh = [found.fresh[business_id] for business_id in rows["business_id"]]
    known = pd.Series([one.synced_at is not None for one in fresh], index=rows.index, dtype="bool")
    for column in [*MONEY, *DAYS]:
        rows[column] = rows[column].astype("Int64").where(known)
    rows["status"] = rows["status"].astype("object").where(known, None)
    rows["cash_out_date"] = as_dates(rows.pop("cash_out_on")).where(known, None)
    rows["weeks_ahead"] = _weeks_ahead(found, rows["business_id"], known)
    rows = rows.join(_counted(found, rows["business_id"]))
    rows["tie_out"] = [found.tie_out[business_id] for business_id in rows["business_id"]]
    rows = rows.join(freshness_columns(fresh, rows.index))
    danger = rows["status"].map(DANGER).fillna(len(DANGER))
    order = rows.assign(danger=danger).sort_values(
        ["danger", "buffer_days", "name", "business_id"], na_position="last"
    )
    return order.drop(columns="danger").reset_index(drop=True)


def _weeks_ahead(found: Gathered, business_ids: pd.Series, known: "pd.Series[bool]") -> pd.Series:
    """Return the 13 weekly closings of each client's forecast as a tuple of cents, empty where it was never refreshed."""
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    closings = found.ahead.forecast.weeks.groupby("business_id")["closing_cents"].agg(tuple)
    ahead = [
        tuple(map(int, closings[one])) if read else () for one, read in zip(business_ids, known, strict=True)
    ]
    return pd.Series(ahead, index=business_ids.index, dtype="object")


def _counted(found: Gathered, business_ids: pd.Series) -> pd.DataFrame:
    """Return findings and blocking of each client (Int64), NA where it was never refreshed."""
    if found.evidence is None:
        raise ValueError("the findings were not gathered")
    known = pd.Series([found.fresh[one].synced_at is not None for one in business_ids], dtype="bool")
    rows = counts(found.findings).reindex(business_ids).fillna(0).astype("Int64").reset_index(drop=True)
    return rows.where(known).set_index(business_ids.index)


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum by currency: unlike currencies are never added; the currency of most clients comes first."""
    known = rows[rows["status"].notna()]
    sums = known.groupby("currency")[MONEY].sum()
    sums.insert(0, "clients", known.groupby("currency").size())
    for status in DANGER:
        sums[status] = (known["status"] == status).groupby(known["currency"]).sum()
    return sums.reset_index().sort_values(["clients", "currency"], ascending=[False, True], ignore_index=True)
