"""Any figure of the dashboard without the dashboard: rows with the columns of the command line's contract."""

from collections.abc import Callable
from datetime import datetime

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.aging import AMOUNTS, by_party
from rowcol.domain.forecast.result import PERIOD_COLUMNS, Forecast
from rowcol.domain.open_items import AP, AR
from rowcol.errors import UsageError
from rowcol.gateways.client_books import ClientBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.clients import clients_view
from rowcol.views.common.changes import Changes, changes_between
from rowcol.views.common.columns import as_dates
from rowcol.views.common.ready import BILLS, COLLECTIONS, bills, collections
from rowcol.views.tray.page import tray_rows

CLIENTS = [
    "business_id", "realm_id", "name", "currency", "cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents",
    "ap_cents", "ap_overdue_cents", "buffer_days", "net_burn_runway_days", "cash_out_date", "status", "findings",
    "blocking", "tie_out", "synced_at", "stale",
]  # fmt: skip
TRAY = [
    "realm_id", "code", "severity", "blocking", "entity", "qbo_id", "party", "amount_cents", "runway_days_effect", "message",
    "first_seen",
]  # fmt: skip
FORECAST = ["realm_id", "week_start", *PERIOD_COLUMNS]
ITEMS = [
    "realm_id", "line", "entity", "qbo_id", "doc_number", "party_id", "party", "amount_cents", "due_on", "expected_on",
    "state", "reason", "basis",
]  # fmt: skip
DETAIL = "forecast --detail"
TIE_OUT = ["realm_id", "subject", "party_id", "ours_cents", "qbo_cents", "difference_cents", "checked_at"]

CHANGES = [
    "realm_id", "change", "entity", "qbo_id", "party", "field", "before", "after", "amount_cents", "changed_at",
]  # fmt: skip

PAYMENTS = [
    "realm_id", "side", "qbo_id", "entity", "party_id", "party", "paid_on", "due_date", "days_late", "amount_cents",
    "document_id", "document_number",
]  # fmt: skip

Report = Callable[[QuickBooksGateway, "str | None", Moment], pd.DataFrame]


def report_frame(
    gateway: QuickBooksGateway, name: str, business_id: str | None = None, moment: Moment = NOW
) -> pd.DataFrame:
    """Return a report of one client, or of all. Raises UsageError if there is none of that name."""
    if name not in REPORTS:
        raise UsageError(f"There is no report called {name!r}", f"Ask for one of: {', '.join(REPORTS)}")
    return REPORTS[name](gateway, business_id, moment)


def unknown_at(gateway: QuickBooksGateway, known_at: datetime, business_id: str | None) -> list[str]:
    """Return the names of the connected clients, of one or all, of whose books nothing was known at a moment."""
    with gateway.frames.open(gateway.frames.scope(_only(business_id)), known_at) as reading:
        companies, runs = reading.companies(), reading.last_runs()
    known = runs["business_id"][runs["synced_at"].notna()]
    here = companies["disconnected_at"].isna() if business_id is None else companies["name"].notna()
    return sorted(companies["name"][here & ~companies["business_id"].isin(known)])


def _clients(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    rows = clients_view(gateway, moment).rows[CLIENTS]
    return rows if business_id is None else rows[rows["business_id"] == business_id].reset_index(drop=True)


def _aging(side: str) -> Report:
    def report(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
        with gateway.open(_only(business_id), moment) as books:
            rows = by_party(books.items, books.books.parties, side)
            return _with_realms(rows, books)[["realm_id", "party_id", "party", *AMOUNTS]]

    return report


def _tie_out(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    with gateway.open(_only(business_id), moment) as books:
        rows = _with_realms(books.books.tie_outs, books)
    rows["checked_at"] = rows["checked_at"].dt.tz_localize("UTC")
    return rows[rows["subject"].isin(["ap", "ar", "bank"])][TIE_OUT].reset_index(drop=True)


def _tray(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    with gateway.open(_only(business_id), moment) as books:
        return tray_rows(books).rename(columns={"runway_effect_days": "runway_days_effect"})[TRAY]


def _bills(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    with gateway.open_with_forecast(_only(business_id), moment) as books:
        return bills(books)[BILLS]


def _collections(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    with gateway.open_with_forecast(_only(business_id), moment) as books:
        return collections(books)[COLLECTIONS]


def _payments(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    with gateway.open(_only(business_id), moment) as books:
        rows = _with_realms(books.payment_history(), books)
    days = {name: as_dates(pd.to_datetime(rows[name])) for name in ("paid_on", "due_date")}
    return rows.assign(**days)[PAYMENTS]


def _forecast(part: Callable[[Forecast], pd.DataFrame], columns: list[str]) -> Report:
    def report(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
        with gateway.open_with_forecast(_only(business_id), moment) as books:
            clients = books.clients[["business_id", "realm_id"]]
            rows = clients.merge(part(books.forecast), on="business_id")[columns]
        days = [name for name in columns if pd.api.types.is_datetime64_dtype(rows[name])]
        return rows.assign(**{name: as_dates(rows[name]) for name in days})

    return report


def changes_rows(changes: Changes) -> pd.DataFrame:
    """Return the report of what changed (`CHANGES`), records first, then findings."""
    return changes.changes.merge(changes.clients[["business_id", "realm_id"]], on="business_id", how="left")[
        CHANGES
    ]


def _changes(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> pd.DataFrame:
    return changes_rows(changes_between(gateway, business_id, None, moment))


def _with_realms(rows: pd.DataFrame, books: ClientBooks) -> pd.DataFrame:
    return rows.merge(books.clients[["business_id", "realm_id"]], on="business_id")


def _only(business_id: str | None) -> tuple[str, ...] | None:
    return None if business_id is None else (business_id,)


REPORTS: dict[str, Report] = {
    "clients": _clients,
    "aging-ap": _aging(AP),
    "aging-ar": _aging(AR),
    "tie-out": _tie_out,
    "tray": _tray,
    "bills": _bills,
    "collections": _collections,
    "payments": _payments,
    "forecast": _forecast(lambda forecast: forecast.weeks, FORECAST),
    DETAIL: _forecast(lambda forecast: forecast.items, ITEMS),
    "changes": _changes,
}
