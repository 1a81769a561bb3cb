"""What-ifs: pure changes of what a forecast is made from, so that with and without can stand side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from rowcol.domain.forecast.result import DAYS, PLACED, RECEIPTS, WHAT_IF, Forecast, no_items, placed_items


@dataclass(frozen=True)
class ExtraAmount:
    """Money in (positive) or out (negative) on a day, in home cents; `monthly` repeats it on that day of the month."""

    name: str
    on: date
    amount_cents: int
    monthly: bool = False


@dataclass(frozen=True)
class Scenario:
    """What is supposed of one client; the default supposes nothing.

    `slips`: customer's party id -> days it pays later than expected. `unpaid`: customers that pay nothing.
    A new hire is a monthly sum. `overdue_paid_today`: every bill past due, stale ones included, those held or
    disputed not.
    """

    overdue_paid_today: bool = False
    slips: Mapping[str, int] = field(default_factory=dict)
    unpaid: frozenset[str] = frozenset()
    sums: tuple[ExtraAmount, ...] = ()
    new_business: bool = True


BASE_CASE = Scenario()


def scenario_items(clients: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the scenario's sums as items on their days; days that have passed are left out."""
    rows = [
        {
            "business_id": client,
            "as_of": as_of,
            "party": entry.name,
            "amount_cents": entry.amount_cents,
            "expected_on": on,
        }
        for client, as_of in clients[["business_id", "as_of"]].itertuples(index=False, name=None)
        for entry in scenario.sums
        for on in _days(entry, as_of + pd.Timedelta(days=DAYS - 1))
        if on >= as_of
    ]
    if not rows:
        return no_items()
    frame = pd.DataFrame(rows)
    return placed_items(frame.assign(line=WHAT_IF, due_on=frame["expected_on"], reason="", basis="what-if"))


def top_customer(forecast: Forecast, business_id: str) -> tuple[str, str] | None:
    """Return (party id, name) of the customer that owes most of what is placed; None if none does."""
    items = forecast.items
    owed = items[
        (items["business_id"] == business_id) & (items["line"] == RECEIPTS) & (items["state"] == PLACED)
    ]
    sums = owed[owed["party_id"].notna()].groupby(["party_id", "party"])["amount_cents"].sum()
    if sums.empty:
        return None
    party_id, name = sums.sort_values(ascending=False, kind="stable").index[0]
    return str(party_id), str(name)


def _days(entry: ExtraAmount, last: pd.Timestamp) -> list[pd.Timestamp]:
    first = pd.Timestamp(entry.on)
    if not entry.monthly:
        return [first]
    months = range((last.year - first.year) * 12 + last.month - first.month + 1)
    days = [first + pd.DateOffset(months=turn) for turn in months]
    return [day for day in days if day <= last]
