"""How accurate a client's forecasts are: its customers' habits, tested against the past, and last week's forecast."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.clock import NOW, Moment, today_in, zone_or
from rowcol.domain.accuracy import habit_accuracy, week_accuracy
from rowcol.domain.forecast.inputs import BANK_DAYS
from rowcol.domain.forecast.result import RECEIPTS, WEEK
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway


@dataclass(frozen=True)
class BackTest:
    """How the invoices paid off in the last 90 days were forecast; the errors are None if there was none.

    `error_days`, `due_date_error_days`: mean absolute error of the expected day, and of believing the due date.
    `p80_days`: from the expected day to the p80 day, `on_time_share` the share of the invoices paid by their p80 day;
    None if there are too few invoices for a band.
    """

    invoices: int
    error_days: float | None
    due_date_error_days: float | None
    p80_days: int | None
    on_time_share: float | None


@dataclass(frozen=True)
class LastWeek:
    """The forecast made 7 days ago, as known then, against what happened since.

    `rows`: line, forecast_cents, actual_cents, difference_cents, from opening to closing cash; see `scored`.
    """

    made_on: date
    known_at: datetime
    rows: pd.DataFrame


@dataclass(frozen=True)
class AccuracyView:
    """How a client's customers pay, and how accurate its forecasts were.

    `customers`, those that owe, the largest debt first: party_id, party, open_cents (net), paid (invoices paid off in
    the past year), days_late, days_late_p80, days_to_pay, trend_days (Int64, NA if unknown; see `payment_habits`).
    `last_week` is None if nothing was known of the client then.
    """

    customers: pd.DataFrame
    back_test: BackTest
    last_week: LastWeek | None


def accuracy_view(gateway: QuickBooksGateway, business_id: str, moment: Moment = NOW) -> AccuracyView:
    """Return how one client's customers pay and how accurate its forecasts were. Raises UnknownClient."""
    with gateway.open_with_forecast((business_id,), moment, BANK_DAYS) as books:
        return AccuracyView(_customers(books), _tested(books), _last_week(gateway, books))


def _customers(books: ForecastBooks) -> pd.DataFrame:
    """Return what each customer owes and how it pays, see `AccuracyView.customers`."""
    owed = books.forecast_inputs.receivables
    owed = owed[owed["party_id"].notna() & (owed["line"] == RECEIPTS)]
    open_cents = owed.groupby("party_id").agg(party=("party", "first"), open_cents=("amount_cents", "sum"))
    habits = books.payment_habits.customers.drop(columns="business_id").set_index("party_id")
    rows = open_cents.join(habits, how="left").reset_index()
    for name in ("paid", "days_late", "days_late_p80", "days_to_pay", "trend_days"):
        rows[name] = rows[name].astype("Int64")
    rows["paid"] = rows["paid"].fillna(0)
    return rows.sort_values(["open_cents", "party"], ascending=[False, True], ignore_index=True)


def _tested(books: ForecastBooks) -> BackTest:
    row = habit_accuracy(books.settled_documents, books.clients, books.books.parties).iloc[0]
    if not row["invoices"]:
        return BackTest(0, None, None, None, None)
    late_by, band = row["p80_days"], pd.notna(row["p80_days"])
    return BackTest(
        invoices=int(row["invoices"]),
        error_days=float(row["error_days"]),
        due_date_error_days=float(row["due_date_error_days"]),
        p80_days=int(late_by) if band else None,
        on_time_share=float(row["on_time_share"]) if band else None,
    )


def _last_week(gateway: QuickBooksGateway, books: ForecastBooks) -> LastWeek | None:
    """Return the forecast of 7 days ago and what happened; None if nothing was known of the client then."""
    client = books.clients.iloc[0]
    business_id, made_on = client["business_id"], client["as_of"].date() - timedelta(days=WEEK)
    back = today_in(zone_or(client["zone"], gateway.default_zone), books.known_at) - made_on
    if back < timedelta(0):
        return None
    moment = Moment(made_on, books.known_at - back)
    with gateway.open_with_forecast((business_id,), moment, BANK_DAYS) as then:
        if then.freshness[business_id].synced_at is None:
            return None
        since, until = client["as_of"] - pd.Timedelta(days=BANK_DAYS), client["as_of"] - pd.Timedelta(days=1)
        cash = _cash_movements(books, since, client["as_of"])
        today = cash["amount_cents"][cash["on"] > until].sum()
        closing = int(books.forecast_inputs.accounts["balance_cents"].sum()) - int(today)
        before = _cash_movements(then, since, pd.Timestamp(made_on))
        rows = week_accuracy(then.forecast, before, cash[cash["on"] <= until], closing)
        return LastWeek(made_on, then.known_at, rows)


def _cash_movements(books: ForecastBooks, since: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """Return the movements of the accounts that count as cash within these days, both included, with `on`."""
    rows = books.movements
    rows = rows[rows["account_id"].isin(books.forecast_inputs.accounts["account_id"])]
    rows = rows.assign(on=pd.to_datetime(rows["txn_date"]))
    return rows[(rows["on"] >= since) & (rows["on"] <= until)]
