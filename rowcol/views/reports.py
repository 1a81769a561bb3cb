"""Any figure of the dashboard without the dashboard: rows with the columns of the command line's contract."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.aging import AMOUNTS, by_party
from rowcol.domain.forecast.result import PERIOD_COLUMNS, Forecast
from rowcol.domain.open_items import AP, AR
from rowcol.errors import UsageError
from rowcol.gateways.client_books import ClientBooks, ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.changes import Changes, changes_between
from rowcol.views.common.client_rows import client_rows
from rowcol.views.common.columns import as_dates
from rowcol.views.common.left_out import left_out
from rowcol.views.common.ready import BILLS, COLLECTIONS, bills, collections
from rowcol.views.tray.page import tray_rows
from rowcol.wording import as_of_text, listed, moment_text

CLIENTS = [
    "business_id", "realm_id", "name", "currency", "cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents",
    "ap_cents", "ap_overdue_cents", "buffer_days", "net_burn_runway_days", "cash_out_date", "status", "findings",
    "blocking", "tie_out", "synced_at", "stale", "as_of", "reconstructed", "unpriced",
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


@dataclass(frozen=True)
class Report:
    """The rows of a report, and what is stated beside them.

    `stated` are sentences, '' if every client is as of its own day and that is one for all: of which day the figures of
    which clients are, whether reconstructed, and as known when. `left_out` are sentences too, only of a report of cash:
    what the clients' cash leaves out, with their names.
    """

    rows: pd.DataFrame
    stated: str
    left_out: tuple[str, ...] = ()


Make = Callable[[QuickBooksGateway, "str | None", Moment], Report]


def report(
    gateway: QuickBooksGateway, name: str, business_id: str | None = None, moment: Moment = NOW
) -> Report:
    """Return a report of one client, or of all. Raises UsageError if there is none of that name."""
    if name not in REPORTS:
        raise UsageError(f"There is no report called {name!r}", f"Ask for one of: {', '.join(REPORTS)}")
    return REPORTS[name](gateway, business_id, moment)


def report_frame(
    gateway: QuickBooksGateway, name: str, business_id: str | None = None, moment: Moment = NOW
) -> pd.DataFrame:
    """Return the rows of a report. Raises UsageError if there is none of that name."""
    return report(gateway, name, business_id, moment).rows


def unknown_at(gateway: QuickBooksGateway, known_at: datetime, business_id: str | None) -> list[str]:
    """Return the names of the connected clients, of one or all, of whose books nothing was known at a moment."""
    with gateway.frames.open(gateway.frames.scope(_only(business_id)), known_at) as reading:
        companies, runs = reading.companies(), reading.last_runs()
    known = runs["business_id"][runs["synced_at"].notna()]
    here = companies["disconnected_at"].isna() if business_id is None else companies["name"].notna()
    return sorted(companies["name"][here & ~companies["business_id"].isin(known)])


def statement(clients: pd.DataFrame, known_at: datetime, zone: str) -> str:
    """Return of which day the figures of `clients` (name, as_of, reconstructed) are and as known when, in sentences.

    The clients are named if they are of several days, or only some of them reconstructed; '' if they are of one day and
    none is reconstructed.
    """
    named: dict[tuple[date, bool], list[str]] = {}
    for name, day, rolled_back in clients[["name", "as_of", "reconstructed"]].itertuples(
        index=False, name=None
    ):
        named.setdefault((day.date(), bool(rolled_back)), []).append(name)
    if len(named) < 2 and not clients["reconstructed"].any():
        return ""
    parts = []
    for (day, rolled_back), names in sorted(named.items()):
        text = as_of_text([day], [rolled_back])
        text = f"{text[:1].upper()}{text[1:]}"
        parts.append(text if len(named) == 1 else f"{text}: {listed(sorted(names))}")
    return f"{'. '.join([*parts, f'As known at {moment_text(known_at, zone)}'])}."


def _stated(
    rows: pd.DataFrame, clients: pd.DataFrame, known_at: datetime, zone: str, out: tuple[str, ...] = ()
) -> Report:
    return Report(rows, statement(clients, known_at, zone), out)


def _without_forecast(rows: Callable[[ClientBooks], pd.DataFrame]) -> Make:
    def make(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> Report:
        with gateway.open(_only(business_id), moment) as books:
            return _stated(rows(books), books.clients, books.known_at, gateway.default_zone)

    return make


def _with_forecast(rows: Callable[[ForecastBooks], pd.DataFrame], *, of_cash: bool = False) -> Make:
    def make(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> Report:
        with gateway.open_with_forecast(_only(business_id), moment) as books:
            out = _left_out(books) if of_cash else ()
            return _stated(rows(books), books.clients, books.known_at, gateway.default_zone, out)

    return make


def _left_out(books: ForecastBooks) -> tuple[str, ...]:
    out = left_out(books)
    names = zip(books.clients["business_id"], books.clients["name"], strict=True)
    return tuple(f"{name}: {text}." for business_id, name in names for text in out[business_id].sentences())


def _aging(side: str) -> Make:
    def rows(books: ClientBooks) -> pd.DataFrame:
        parties = by_party(books.items, books.books.parties, side)
        return _with_realms(parties, books)[["realm_id", "party_id", "party", *AMOUNTS]]

    return _without_forecast(rows)


def _tie_out(books: ClientBooks) -> pd.DataFrame:
    rows = _with_realms(books.books.tie_outs, books)
    rows["checked_at"] = rows["checked_at"].dt.tz_localize("UTC")
    return rows[rows["subject"].isin(["ap", "ar", "bank"])][TIE_OUT].reset_index(drop=True)


def _tray(books: ClientBooks) -> pd.DataFrame:
    return tray_rows(books).rename(columns={"runway_effect_days": "runway_days_effect"})[TRAY]


def _payments(books: ClientBooks) -> pd.DataFrame:
    rows = _with_realms(books.payment_history(), books)
    days = {name: as_dates(pd.to_datetime(rows[name])) for name in ("paid_on", "due_date")}
    return rows.assign(**days)[PAYMENTS]


def _forecast(part: Callable[[Forecast], pd.DataFrame], columns: list[str]) -> Make:
    def rows(books: ForecastBooks) -> pd.DataFrame:
        clients = books.clients[["business_id", "realm_id"]]
        placed = clients.merge(part(books.forecast), on="business_id")[columns]
        days = [name for name in columns if pd.api.types.is_datetime64_dtype(placed[name])]
        return placed.assign(**{name: as_dates(placed[name]) for name in days})

    return _with_forecast(rows, of_cash=True)


def changes_rows(changes: Changes) -> pd.DataFrame:
    """Return the report of what changed (`CHANGES`), records first, then findings."""
    return changes.changes.merge(changes.clients[["business_id", "realm_id"]], on="business_id", how="left")[
        CHANGES
    ]


def changes_report(changes: Changes, zone: str) -> Report:
    """Return the report of what changed; moments are stated in the practice's zone."""
    return _stated(changes_rows(changes), changes.clients, changes.known_at, zone)


def _changes(gateway: QuickBooksGateway, business_id: str | None, moment: Moment) -> Report:
    return changes_report(changes_between(gateway, business_id, None, moment), gateway.default_zone)


def _with_realms(rows: pd.DataFrame, books: ClientBooks) -> pd.DataFrame:
    return rows.merge(books.clients[["business_id", "realm_id"]], on="business_id")


def _only(business_id: str | None) -> tuple[str, ...] | None:
    return None if business_id is None else (business_id,)


REPORTS: dict[str, Make] = {
    "clients": _with_forecast(lambda books: client_rows(books)[CLIENTS], of_cash=True),
    "aging-ap": _aging(AP),
    "aging-ar": _aging(AR),
    "tie-out": _without_forecast(_tie_out),
    "tray": _without_forecast(_tray),
    "bills": _with_forecast(lambda books: bills(books)[BILLS]),
    "collections": _with_forecast(lambda books: collections(books)[COLLECTIONS]),
    "payments": _without_forecast(_payments),
    "forecast": _forecast(lambda forecast: forecast.weeks, FORECAST),
    DETAIL: _forecast(lambda forecast: forecast.items, ITEMS),
    "changes": _changes,
}
