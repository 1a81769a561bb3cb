"""A client's first look: the last four weeks as RowCol would have shown them, what it would have caught, and how
healthy the books are. Made from today's records alone, so it is there as soon as they have been read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.books import party_names
from rowcol.domain.books_health import BooksHealth, books_health
from rowcol.domain.current_decisions import no_decisions
from rowcol.domain.derived import derive
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.inputs import BANK_DAYS, Paid, forecast_inputs, read_paid
from rowcol.domain.freshness import Freshness
from rowcol.domain.payment_habits import TRAILING_DAYS, payment_habits
from rowcol.domain.readiness import COLLECT_AFTER_DAYS
from rowcol.domain.runway import figures, runway_effect_days, with_cash_out
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import Stated

WEEKS_BACK = (28, 21, 14, 7)
SINCE_CALL = (
    "DELETED_SINCE",
    "BACKDATED",
    "SYNC_STALE",
    "SYNC_FAILED",
    "SYNC_THROTTLED",
    "AUTH_EXPIRED",
    "TIE_OUT_BROKEN",
)
"""Findings that say something of RowCol's own watch: nothing it would have caught before it was there."""
NOT_LISTED = (
    "Part of the bank activity of the last 90 days is in no record QuickBooks lists (payroll run in QuickBooks, as a rule), "
    "so cash and its days cannot be rolled back; what customers and vendors owed can"
)
INCOMPLETE = (
    "QuickBooks' balance sheets around the last 90 days are not at hand, so bank activity it lists nowhere, such as "
    "payroll, is missing from these figures"
)


@dataclass(frozen=True)
class PastWeek:
    """One week as it would have been shown; `reconstructed` from today's records, but for the client's own today.

    Money is None, and so are days, status and cash-out date, if the books cannot support it; days also if
    undefined, and the cash-out date beyond 13 weeks.
    """

    day: date
    cash_cents: int | None
    buffer_days: int | None
    cash_out_on: date | None
    status: str
    ar_cents: int
    ar_overdue_cents: int
    ap_cents: int
    ap_overdue_cents: int
    reconstructed: bool


@dataclass(frozen=True)
class Caught:
    """What RowCol would have caught: findings of one kind, or money that was late, or cash that got low.

    `days` is for how long it would have been known by now, None if the books do not show it; `runway_days` what the
    money is in days of runway, None if undefined; `example` the largest of them in words.
    """

    code: str
    severity: str
    count: int
    amount_cents: int
    days: int | None
    runway_days: float | None
    example: str


@dataclass(frozen=True)
class DriveView:
    """A client's first look; `weeks` the oldest first, the as-of day last.

    `missing` are sentences: what could not be worked out.
    """

    business_id: str
    realm_id: str
    name: str
    currency: str
    as_of: date
    reconstructed: bool
    known_at: datetime
    freshness: Freshness
    weeks: tuple[PastWeek, ...]
    caught: tuple[Caught, ...]
    health: BooksHealth
    missing: tuple[str, ...]

    @property
    def stated(self) -> Stated:
        """Of which day and knowledge these figures are, for a file."""
        return Stated(self.known_at, self.as_of, self.reconstructed)


def drive_view(gateway: QuickBooksGateway, business_id: str, moment: Moment = NOW) -> DriveView:
    """Return a client's first look. Raises UnknownClient."""
    back = max(WEEKS_BACK)
    with gateway.open_with_forecast((business_id,), moment, BANK_DAYS + back, back) as books:
        return _view(books, business_id)


def _view(books: ForecastBooks, business_id: str) -> DriveView:
    client, row = books.clients.iloc[0], books.figures.iloc[0]
    day, fresh = client["as_of"].date(), books.freshness[business_id]
    first = day - timedelta(days=max(WEEKS_BACK))
    paid = read_paid(books.reading, books.derived.payments, (first, day))
    documents = books.reading.counted_documents(day - timedelta(days=TRAILING_DAYS))["documents"].sum()
    whole = bool(row["unlisted_in_cents"] == 0 and row["unlisted_out_cents"] == 0)
    past = [_week(books, paid, day - timedelta(days=back), whole) for back in WEEKS_BACK]
    return DriveView(
        business_id=business_id,
        realm_id=client["realm_id"],
        name=client["name"],
        currency=client["currency"],
        as_of=day,
        reconstructed=bool(client["reconstructed"]),
        known_at=books.known_at,
        freshness=fresh,
        weeks=(*past, _last(books, day)) if fresh.synced_at else (),
        caught=_caught(books, past),
        health=_health(books, int(documents)),
        missing=_missing(row, whole),
    )


def _week(books: ForecastBooks, paid: Paid, day: date, whole: bool) -> PastWeek:
    derived = derive(books.books.at(day))
    rows = figures(derived)
    habits = payment_habits(paid.settled, derived.books.clients)
    inputs = forecast_inputs(derived, rows, habits, paid)
    outcome = forecast(inputs, no_decisions()).outcome
    return _shown(with_cash_out(rows, outcome).iloc[0], day, whole, reconstructed=True)


def _last(books: ForecastBooks, day: date) -> PastWeek:
    rolled_back = bool(books.clients["reconstructed"].iloc[0])
    return _shown(books.figures.iloc[0], day, whole=True, reconstructed=rolled_back)


def _shown(row: pd.Series, day: date, whole: bool, *, reconstructed: bool) -> PastWeek:
    buffer, cash_out = row["buffer_days"], row["cash_out_on"]
    return PastWeek(
        day=day,
        cash_cents=int(row["cash_cents"]) if whole else None,
        buffer_days=int(buffer) if whole and pd.notna(buffer) else None,
        cash_out_on=cash_out.date() if whole and pd.notna(cash_out) else None,
        status=str(row["status"]) if whole else "",
        ar_cents=int(row["ar_cents"]),
        ar_overdue_cents=int(row["ar_overdue_cents"]),
        ap_cents=int(row["ap_cents"]),
        ap_overdue_cents=int(row["ap_overdue_cents"]),
        reconstructed=reconstructed,
    )


def _caught(books: ForecastBooks, past: Sequence[PastWeek]) -> tuple[Caught, ...]:
    """Return what would have been caught, the most money first; kinds without money by how many there are."""
    caught = [*_low_cash(books, past), *_late_money(books), *_finding_kinds(books)]
    return tuple(sorted(caught, key=lambda item: (-item.amount_cents, -item.count, item.code)))


def _low_cash(books: ForecastBooks, past: Sequence[PastWeek]) -> list[Caught]:
    """Return the first of the past weeks that would have shown cash below the reserve within 13 weeks."""
    client = books.clients.iloc[0]
    warned = next((week for week in past if week.cash_out_on is not None), None)
    if warned is None or warned.cash_out_on is None:
        return []
    known = (client["as_of"].date() - warned.day).days
    example = f"On {warned.day:%-d %b} the forecast would have shown cash below the reserve on {warned.cash_out_on:%-d %b}"
    return [Caught("CASH_LOW", "high", 1, 0, known, None, example)]


def _late_money(books: ForecastBooks) -> list[Caught]:
    """Return the invoices to collect: how much waits, and since when it was that late."""
    late = books.list_collections_ready()
    if late.empty:
        return []
    amount, oldest = int(late["balance_cents"].sum()), int(late["days_past_due"].max()) - COLLECT_AFTER_DAYS
    late = late.assign(party=party_names(late.assign(party_kind="Customer"), books.books.parties))
    largest = late.sort_values(["balance_cents", "qbo_id"]).iloc[-1]
    example = f"{largest['party']}, {int(largest['days_past_due'])} days late"
    return [Caught("LATE_INVOICES", "high", len(late), amount, oldest, _effect(books, amount), example)]


def _finding_kinds(books: ForecastBooks) -> list[Caught]:
    rows = books.list_incomplete()
    rows = rows[~rows["code"].isin(SINCE_CALL)]
    documents = books.evidence.documents[["entity", "qbo_id", "created_on", "as_of"]]
    rows = rows.merge(documents, on=["entity", "qbo_id"], how="left")
    known = (rows["as_of"] - rows["created_on"]).dt.days
    kinds = []
    for code, findings in rows.assign(known=known).groupby("code", sort=False):
        amount, days = int(findings["amount_cents"].sum()), findings["known"].max()
        severity, example = findings["severity"].iloc[0], findings["message"].iloc[0]
        known_days = None if pd.isna(days) else int(days)
        kinds.append(
            Caught(str(code), severity, len(findings), amount, known_days, _effect(books, amount), example)
        )
    return kinds


def _effect(books: ForecastBooks, amount_cents: int) -> float | None:
    ids = books.clients["business_id"]
    days = runway_effect_days(ids, pd.Series([amount_cents], index=ids.index), books.figures).iloc[0]
    return None if pd.isna(days) else float(days)


def _health(books: ForecastBooks, documents: int) -> BooksHealth:
    client, row = books.clients.iloc[0], books.figures.iloc[0]
    severities = books.list_incomplete()["severity"].value_counts()
    newest = row["last_movement"]
    age = None if pd.isna(newest) else int((client["as_of"] - newest).days)
    counts = {str(name): int(count) for name, count in severities.items()}
    return books_health(counts, documents, books.tie_out[client["business_id"]], age)


def _missing(row: pd.Series, whole: bool) -> tuple[str, ...]:
    if not whole:
        return (NOT_LISTED,)
    return (INCOMPLETE,) if row["incomplete"] else ()
