"""Forecasts of a store's books in one line."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import CurrentDecisions, no_decisions
from rowcol.domain.derived import derive
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.inputs import ForecastInputs, forecast_inputs, read_paid
from rowcol.domain.forecast.result import Forecast
from rowcol.domain.forecast.scenario import Scenario
from rowcol.domain.payment_habits import payment_habits
from rowcol.domain.runway import figures
from tests.kits.records import applied, invoice, payment
from tests.kits.store import NOW, TODAY, PracticeStore, ago

AS_IT_STANDS = Scenario()


def looked_ahead(
    store: PracticeStore, as_of: date = TODAY, settings: ClientSettings | None = None
) -> ForecastInputs:
    """Return what a store's forecast is made from."""
    books = store.books(as_of, settings=settings)
    derived = derive(books)
    with store.frames.open(store.frames.scope()) as reading:
        days = books.clients["as_of"] if len(books.clients) else pd.Series([pd.Timestamp(as_of)])
        paid = read_paid(reading, derived.payments, (days.min().date(), days.max().date()))
    learned = payment_habits(paid.settled, books.clients)
    return forecast_inputs(derived, figures(derived), learned, paid)


def forecast_of(
    store: PracticeStore,
    advice: CurrentDecisions | None = None,
    scenario: Scenario = AS_IT_STANDS,
    settings: ClientSettings | None = None,
    as_of: date = TODAY,
) -> Forecast:
    """Return a store's forecast."""
    return forecast(looked_ahead(store, as_of, settings), advice or no_decisions(), scenario)


def items_of(result: Forecast, *columns: str, **wanted: str) -> list[Any]:
    """Return these columns of the items that are as wanted, by expected day; days as days from TODAY."""
    items = result.items
    for name, value in wanted.items():
        items = items[items[name] == value]
    items = items.sort_values(["expected_on", "qbo_id", "amount_cents"], kind="stable")
    shown = [
        [
            in_days(value) if isinstance(value, pd.Timestamp) else None if value is pd.NaT else value
            for value in row
        ]
        for row in items[list(columns)].itertuples(index=False, name=None)
    ]
    return [tuple(row) for row in shown] if len(columns) > 1 else [value for (value,) in shown]


def in_days(day: pd.Timestamp) -> int:
    """Return how many days a day is from TODAY."""
    return (day.date() - TODAY).days


def on_days(result: Forecast, column: str) -> dict[int, int]:
    """Return day of the forecast -> cents of a column, if there are any."""
    cents = result.days[column].tolist()
    return {number: amount for number, amount in enumerate(cents) if amount}


def ahead(days: int) -> str:
    """Return the date N days after TODAY, as the wire writes it."""
    return ago(-days)


def decided(**frames: list[dict[str, Any]]) -> CurrentDecisions:
    """Return decisions with these rows of the frames named, all of one client's (`business_id` first)."""
    nothing = no_decisions()
    typed = {}
    for name, rows in frames.items():
        shape = getattr(nothing, name)
        typed[name] = pd.DataFrame(rows, columns=list(shape.columns)).astype(shape.dtypes.to_dict())
    return replace(nothing, **typed)


def teach(
    store: PracticeStore, party: str, *lates: int, closed: int = 10, days_to_pay: int | None = None
) -> None:
    """Land paid invoices of a customer that were N days late, each due 30 days after it was written.

    They are old enough to be outside the window; `days_to_pay` fixes when they were written instead.
    """
    for late in lates:
        due = closed + late
        written = due + 30 if days_to_pay is None else closed + days_to_pay
        sold = invoice(party, ago(written), ago(due), 0, TotalAmt=100)
        store.land_all([sold, payment(party, ago(closed), 100, applied(100, "Invoice", sold[1]["Id"]))])


def moment(days: int) -> Any:
    """Return the moment N days before NOW."""
    return NOW - timedelta(days=days)
