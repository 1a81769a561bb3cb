"""One client's 13 weeks: the days, what they are made of, how sure they are, and how last week's did."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain.accuracy import HELD_OUT_DAYS, habit_accuracy, week_accuracy
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.forecast.inputs import BANK_DAYS, ForecastInputs
from rowcol.domain.forecast.open_amounts import conservation
from rowcol.domain.forecast.result import RECEIPTS, WEEK, Forecast
from rowcol.domain.payment_habits import TRAILING_DAYS
from rowcol.errors import UnknownClient
from rowcol.views.common.gather import Ahead, Gathered, Source, gather
from rowcol.views.common.links import record_url
from rowcol.views.common.records import Freshness, Status


@dataclass(frozen=True)
class BackTest:
    """How the invoices paid off in the last 90 days were foretold; the errors None where there was none.

    `error_days`, `due_date_error_days`: mean absolute error of the expected day, and of believing the due date.
    `on_time_share`: of the invoices, paid no later than the day four out of five are meant to have been paid by.
    """

    invoices: int
    error_days: float | None
    due_date_error_days: float | None
    on_time_share: float | None


@dataclass(frozen=True)
class LastWeek:
    """The forecast made 7 days ago, as known then, against what happened since.

    `rows`: line, forecast_cents, actual_cents, difference_cents, from opening to closing cash; see `week_accuracy`.
    """

    made_on: date
    known_at: datetime
    rows: pd.DataFrame


@dataclass(frozen=True)
class ForecastView:
    """One client's forecast.

    `forecast`: its items have `url` too (opens the record in QuickBooks, None where it has no page). `outlook` and
    `advice` are what it was made from: `forecast(outlook, advice, scenario)` answers a what-if.
    `conservation`: side, state, reason, items, amount_cents, open_cents; see `conservation`.
    `customers`, those that owe, the largest debt first: party_id, party, open_cents (net), paid (invoices paid off in
    the past year), days_late, days_late_p80, days_to_pay, trend_days (Int64, NA where unknown; see `Behaviour`).
    """

    business_id: str
    realm_id: str
    name: str
    currency: str
    as_of: date
    known_at: datetime
    status: Status
    freshness: Freshness
    marks: tuple[str, ...]
    forecast: Forecast
    outlook: ForecastInputs
    advice: CurrentDecisions
    conservation: pd.DataFrame
    customers: pd.DataFrame
    back_test: BackTest
    last_week: LastWeek | None


def forecast_view(
    source: Source,
    business_id: str,
    link_host: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> ForecastView:
    """Return one client's forecast; `link_host` is where its records open in QuickBooks. Raises UnknownClient."""
    found = gather(source, (business_id,), as_of, known_at, BANK_DAYS, ahead=True)
    if found.books.clients.empty or found.ahead is None:
        raise UnknownClient("This client is not in your practice")
    client, ahead = found.books.clients.iloc[0], found.ahead
    fresh, row = found.fresh[business_id], found.figures.iloc[0]
    return ForecastView(
        business_id=business_id,
        realm_id=client["realm_id"],
        name=client["name"],
        currency=client["currency"],
        as_of=client["as_of"].date(),
        known_at=found.known_at,
        status="" if fresh.synced_at is None else row["status"],
        freshness=fresh,
        marks=row["marks"],
        forecast=_linked(ahead.forecast, client["realm_id"], link_host),
        outlook=ahead.outlook,
        advice=ahead.advice.of(business_id),
        conservation=conservation(ahead.forecast.items, found.items),
        customers=_customers(ahead),
        back_test=_tested(source, found, known_at),
        last_week=_last_week(source, found),
    )


def _linked(found: Forecast, realm_id: str, link_host: str) -> Forecast:
    records = zip(found.items["entity"], found.items["qbo_id"], strict=True)
    urls = [
        record_url(link_host, realm_id, entity, qbo_id) if isinstance(entity, str) else None
        for entity, qbo_id in records
    ]
    items = found.items.assign(url=pd.Series(urls, index=found.items.index, dtype="object"))
    return replace(found, items=items)


def _customers(ahead: Ahead) -> pd.DataFrame:
    """Return each customer's debt and behaviour, see `ForecastView.customers`."""
    owed = ahead.outlook.receivables
    owed = owed[owed["party_id"].notna() & (owed["line"] == RECEIPTS)]
    open_cents = owed.groupby("party_id").agg(party=("party", "first"), open_cents=("amount_cents", "sum"))
    learned = ahead.habits.customers.drop(columns="business_id").set_index("party_id")
    rows = open_cents.join(learned, how="left").reset_index()
    for name in ("paid", "days_late", "days_late_p80", "days_to_pay", "trend_days"):
        rows[name] = rows[name].astype("Int64")
    rows["paid"] = rows["paid"].fillna(0)
    return rows.sort_values(["open_cents", "party"], ascending=[False, True], ignore_index=True)


def _tested(source: Source, found: Gathered, known_at: datetime | None) -> BackTest:
    clients = found.books.clients
    since = clients["as_of"].iloc[0].date() - timedelta(days=TRAILING_DAYS + HELD_OUT_DAYS)
    with source.frames.open(source.frames.scope(tuple(clients["business_id"])), known_at) as reading:
        settled = reading.settled_documents(since)
    row = habit_accuracy(settled, clients, found.books.parties).iloc[0]
    if not row["invoices"]:
        return BackTest(0, None, None, None)
    shares = (float(row[name]) for name in ("error_days", "due_date_error_days", "on_time_share"))
    return BackTest(int(row["invoices"]), *shares)


def _last_week(source: Source, found: Gathered) -> LastWeek | None:
    """Return the forecast of 7 days ago and what happened; None where nothing was known of the client then."""
    client = found.books.clients.iloc[0]
    made_on = client["as_of"].date() - timedelta(days=WEEK)
    back = today_in(zone_or(client["zone"], source.default_zone), found.known_at) - made_on
    if back < timedelta(0):
        return None
    then = gather(source, (client["business_id"],), made_on, found.known_at - back, BANK_DAYS, ahead=True)
    if then.ahead is None or then.fresh[client["business_id"]].synced_at is None or found.ahead is None:
        return None
    since, until = client["as_of"] - pd.Timedelta(days=BANK_DAYS), client["as_of"] - pd.Timedelta(days=1)
    held = _held(found, since, client["as_of"])
    today = held["amount_cents"][held["on"] > until].sum()
    closing = int(found.ahead.outlook.accounts["balance_cents"].sum()) - int(today)
    before = _held(then, since, pd.Timestamp(made_on))
    rows = week_accuracy(then.ahead.forecast, before, held[held["on"] <= until], closing)
    return LastWeek(made_on, then.known_at, rows)


def _held(found: Gathered, since: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """Return the movements of the accounts that count as cash within these days, both included, with `on`."""
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    movements = found.movements[
        found.movements["account_id"].isin(found.ahead.outlook.accounts["account_id"])
    ]
    movements = movements.assign(on=pd.to_datetime(movements["txn_date"]))
    return movements[(movements["on"] >= since) & (movements["on"] <= until)]
