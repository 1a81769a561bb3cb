"""Any figure of the dashboard without the dashboard: rows with the columns of the command line's contract."""

from collections.abc import Callable
from datetime import date, datetime

import pandas as pd

from rowcol.domain.aging import AMOUNTS, by_party
from rowcol.domain.forecast.result import PERIOD_COLUMNS, Forecast
from rowcol.domain.open_items import AP, AR
from rowcol.domain.window import WINDOW_DAYS
from rowcol.errors import UsageError
from rowcol.views.clients import clients_view
from rowcol.views.common.changes import Changes, changes_between
from rowcol.views.common.gather import Source, as_dates, gather
from rowcol.views.common.ready import BILLS, COLLECTIONS, bills, collections, gather_ready
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

Read = Callable[[Source, "str | None", "date | None", "datetime | None"], pd.DataFrame]


def report_frame(
    source: Source, name: str, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    """Return a report of one client, or of all. Raises UsageError where there is none of that name."""
    if name not in REPORTS:
        raise UsageError(f"There is no report called {name!r}", f"Ask for one of: {', '.join(REPORTS)}")
    return REPORTS[name](source, business_id, as_of, known_at)


def unknown_at(source: Source, known_at: datetime, business_id: str | None) -> list[str]:
    """Return the names of the connected clients, of one or all, of whose books nothing was known at a moment."""
    with source.frames.open(source.frames.scope(_only(business_id)), known_at) as reading:
        companies, runs = reading.companies(), reading.last_runs()
    known = runs["business_id"][runs["synced_at"].notna()]
    here = companies["disconnected_at"].isna() if business_id is None else companies["name"].notna()
    return sorted(companies["name"][here & ~companies["business_id"].isin(known)])


def _clients(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    rows = clients_view(source, as_of, known_at).rows[CLIENTS]
    return rows if business_id is None else rows[rows["business_id"] == business_id].reset_index(drop=True)


def _aging(side: str) -> Read:
    def read(
        source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
    ) -> pd.DataFrame:
        found = gather(source, _only(business_id), as_of, known_at, WINDOW_DAYS + 1)
        rows = by_party(found.items, found.books.parties, side)
        rows = rows.merge(found.books.clients[["business_id", "realm_id"]], on="business_id")
        return rows[["realm_id", "party_id", "party", *AMOUNTS]]

    return read


def _tie_out(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    found = gather(source, _only(business_id), as_of, known_at, WINDOW_DAYS + 1)
    rows = found.books.tie_outs.merge(found.books.clients[["business_id", "realm_id"]], on="business_id")
    rows["checked_at"] = rows["checked_at"].dt.tz_localize("UTC")
    return rows[rows["subject"].isin(["ap", "ar", "bank"])][TIE_OUT].reset_index(drop=True)


def _tray(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    rows = tray_rows(source, business_id, as_of, known_at)
    return rows.rename(columns={"runway_effect_days": "runway_days_effect"})[TRAY]


def _bills(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    return bills(gather_ready(source, business_id, as_of, known_at))[BILLS]


def _collections(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    return collections(gather_ready(source, business_id, as_of, known_at))[COLLECTIONS]


def _forecast(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    return _looked_ahead(source, business_id, as_of, known_at, lambda found: found.weeks, FORECAST)


def _forecast_detail(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    return _looked_ahead(source, business_id, as_of, known_at, lambda found: found.items, ITEMS)


def _looked_ahead(
    source: Source,
    business_id: str | None,
    as_of: date | None,
    known_at: datetime | None,
    part: Callable[[Forecast], pd.DataFrame],
    columns: list[str],
) -> pd.DataFrame:
    found = gather(source, _only(business_id), as_of, known_at, WINDOW_DAYS + 1, ahead=True)
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    clients = found.books.clients[["business_id", "realm_id"]]
    rows = clients.merge(part(found.ahead.forecast), on="business_id")[columns]
    days = [name for name in columns if pd.api.types.is_datetime64_dtype(rows[name])]
    return rows.assign(**{name: as_dates(rows[name]) for name in days})


def changes_rows(found: Changes) -> pd.DataFrame:
    """Return the report of what changed (`CHANGES`), records first, then findings."""
    return found.changes.merge(found.clients[["business_id", "realm_id"]], on="business_id", how="left")[
        CHANGES
    ]


def _changes(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    return changes_rows(changes_between(source, business_id, None, as_of, known_at))


def _only(business_id: str | None) -> tuple[str, ...] | None:
    return None if business_id is None else (business_id,)


REPORTS: dict[str, Read] = {
    "clients": _clients,
    "aging-ap": _aging(AP),
    "aging-ar": _aging(AR),
    "tie-out": _tie_out,
    "tray": _tray,
    "bills": _bills,
    "collections": _collections,
    "forecast": _forecast,
    DETAIL: _forecast_detail,
    "changes": _changes,
}
