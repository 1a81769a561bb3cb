"""From items and averages to days, weeks and what follows from them; sums over days in whole cents."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.arrays import IntegerArray

from rowcol.domain.forecast.result import (
    BASELINE,
    BOOKED,
    COMMITMENTS,
    DAYS,
    DEBT_SERVICE,
    FLOWS,
    LATER_PAYMENTS,
    LATER_RECEIPTS,
    NEW_BUSINESS,
    NOT_CLEARED,
    PAYMENTS,
    PERIOD_COLUMNS,
    PLACED,
    RECEIPTS,
    RECURRING,
    SET_ASIDE,
    UNDEPOSITED,
    WEEK,
    WHAT_IF,
)

Cents = npt.NDArray[np.int64]
InAndOut = tuple[Cents, Cents]
"""Cents in and out by day, both positive, each clients x 91."""


def spread(totals: Cents, over_days: Cents, lags: Cents) -> Cents:
    """Return each client's daily share of a total over `over_days` days, from day `lag` of the forecast on: clients x 91.

    Cumulative rounding, half up: after k days the shares add up to total x k / days to the cent. Totals may be
    negative; lags are 0 or more. Arrays of Python's whole numbers (object) are exact beyond 64 bits.
    """
    counted = np.clip(np.arange(1, DAYS + 1) - lags[:, None], 0, None)
    size, days = np.abs(totals)[:, None], over_days[:, None]
    upto = np.sign(totals)[:, None] * ((2 * size * counted + days) // (2 * days))
    daily: Cents = np.diff(upto.astype(np.int64), axis=1, prepend=0)
    return daily


def taken_off(daily: Cents, amounts: Cents) -> Cents:
    """Return what is taken off each day (clients x 91) for an amount a client: earliest day first, no day below 0.

    A client's days add up to its amount, or to all that its days have if that is less. Amounts are 0 or more.
    """
    upto = np.minimum(np.cumsum(np.clip(daily, 0, None), axis=1), amounts[:, None])
    daily_parts: Cents = np.diff(upto, axis=1, prepend=0)
    return daily_parts


def within(rows: pd.DataFrame, day: str, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose day is in their client's window; those of other clients are dropped."""
    days = (rows["business_id"].map(figures[name].to_dict()) for name in ("start", "end"))
    start, end = (pd.to_datetime(day) for day in days)
    on = pd.to_datetime(rows[day])
    return rows[(on >= start) & (on <= end)]


def by_day(clients: Cents, days: Cents, amounts: Cents, count: int) -> Cents:
    """Return amounts summed by client (its position) and day of the forecast (0 .. 90): `count` x 91."""
    sums = np.zeros((count, DAYS), dtype=np.int64)
    np.add.at(sums, (clients, days), amounts)
    return sums


COLUMN_OF = {
    RECEIPTS: "receipts_cents", LATER_RECEIPTS: "receipts_cents", UNDEPOSITED: "receipts_cents",
    PAYMENTS: "payments_cents", LATER_PAYMENTS: "payments_cents", NOT_CLEARED: "payments_cents",
    RECURRING: "recurring_out_cents", SET_ASIDE: "recurring_out_cents", COMMITMENTS: "recurring_out_cents",
    DEBT_SERVICE: "debt_service_cents",
}  # fmt: skip
"""Which column a line counts in; booked movements and what-ifs in receipts if they come in, else in payments."""
BY_SIGN = (BOOKED, WHAT_IF)
P80 = "closing_p80_cents"


def days_of(
    clients: pd.DataFrame, openings: Cents, items: pd.DataFrame, everyday: InAndOut, new_business: InAndOut
) -> pd.DataFrame:  # fmt: skip
    """Return 91 rows a client, see `Forecast.days`.

    `clients` as in `ForecastInputs`; `openings`, `everyday` (baseline) and `new_business` in their order.
    """
    flows = _flows(clients, items) | {
        name: daily
        for names, parts in ((BASELINE, everyday), (NEW_BUSINESS, new_business))
        for name, daily in zip(names, parts, strict=True)
    }
    net = sum(sign * flows[name] for name, sign in FLOWS.items())
    closing = openings[:, None] + np.cumsum(net, axis=1)
    new = np.cumsum(flows[NEW_BUSINESS[0]] - flows[NEW_BUSINESS[1]], axis=1)
    table = {
        "opening_cents": np.concatenate([openings[:, None], closing[:, :-1]], axis=1), **flows,
        "closing_cents": closing, "committed_closing_cents": closing - new,
    }  # fmt: skip
    first = clients["as_of"].to_numpy()[:, None]
    day = first + np.arange(DAYS) * np.timedelta64(1, "D")
    rows = {"business_id": np.repeat(clients["business_id"].to_numpy(), DAYS), "day": day.reshape(-1)}
    frame = pd.DataFrame({**rows, **{name: values.reshape(-1) for name, values in table.items()}})
    return frame.assign(**{P80: _closing_p80(clients, items, closing, flows[NEW_BUSINESS[0]])})


def weeks_of(days: pd.DataFrame) -> pd.DataFrame:
    """Return 13 rows a client, see `Forecast.weeks`."""
    columns = {name: days[name].to_numpy().reshape(-1, WEEK) for name in PERIOD_COLUMNS}
    rows: dict[str, Any] = {
        "business_id": days["business_id"].to_numpy()[::WEEK], "week_start": days["day"].to_numpy()[::WEEK],
    }  # fmt: skip
    for name, values in columns.items():
        at = {"opening_cents": 0}.get(name, -1)
        rows[name] = values.sum(axis=1) if name in FLOWS else values[:, at]
    rows[P80] = days[P80].array[WEEK - 1 :: WEEK]
    return pd.DataFrame(rows)


def outcome_of(clients: pd.DataFrame, days: pd.DataFrame, typed: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return what the days come to, see `Forecast.outcome`."""
    closing, committed = (
        days[name].to_numpy().reshape(-1, DAYS) for name in ("closing_cents", "committed_closing_cents")
    )
    day = days["day"].to_numpy().reshape(-1, DAYS)
    reserve = clients["reserve_cents"].to_numpy()[:, None]
    at = np.arange(len(clients))
    lowest = closing.argmin(axis=1)
    return pd.DataFrame(
        {
            "business_id": clients["business_id"].to_numpy(),
            "opening_cents": days["opening_cents"].to_numpy().reshape(-1, DAYS)[:, 0],
            "opening_typed": typed,
            "reserve_cents": reserve[:, 0],
            "cash_out_on": _first_below(closing < reserve, day),
            "committed_cash_out_on": _first_below(committed < reserve, day),
            "trough_on": day[at, lowest],
            "trough_cents": closing[at, lowest],
        }
    )


def _first_below(below: npt.NDArray[np.bool_], day: npt.NDArray[np.generic]) -> pd.Series:
    first = pd.Series(day[np.arange(len(day)), below.argmax(axis=1)])
    return first.where(pd.Series(below.any(axis=1)))


def _flows(clients: pd.DataFrame, items: pd.DataFrame) -> dict[str, Cents]:
    """Return each column of `FLOWS` that items count in as clients x 91, outs positive."""
    placed = _positioned(clients, items[items["state"] == PLACED])
    column = placed["line"].map(COLUMN_OF)
    comes = placed["amount_cents"] > 0
    by_sign = comes.map({True: "receipts_cents", False: "payments_cents"})
    column = column.where(~placed["line"].isin(BY_SIGN), by_sign)
    count = len(clients)
    return {name: sign * _daily(placed[column == name], "expected_on", count) for name, sign in FLOWS.items()}


def _closing_p80(clients: pd.DataFrame, items: pd.DataFrame, closing: Cents, sold: Cents) -> IntegerArray:
    """Return the closings if receipts and new business (`sold`) come on their p80 days, NA without a band."""
    known = clients["p80_days"].notna().to_numpy()
    by_days = clients["p80_days"].fillna(0).to_numpy(dtype=np.int64)
    receipts = items[items["line"].isin([RECEIPTS, LATER_RECEIPTS]) & (items["state"] == PLACED)]
    coming = sold + _daily(_positioned(clients, receipts), "expected_on", len(clients))
    from_day = np.arange(DAYS) - by_days[:, None]
    late = np.where(from_day >= 0, np.take_along_axis(coming, from_day.clip(0), axis=1), 0)
    closings = closing + np.cumsum(late - coming, axis=1)
    return IntegerArray(closings.reshape(-1), np.repeat(~known, DAYS))


def _positioned(clients: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return items with `client`, the position of theirs, and `first`, its first day."""
    position = dict(zip(clients["business_id"], range(len(clients)), strict=True))
    client = items["business_id"].map(position).to_numpy(dtype=np.int64)
    return items.assign(client=client, first=clients["as_of"].to_numpy()[client])


def _daily(items: pd.DataFrame, column: str, count: int) -> Cents:
    """Return signed amounts as clients x 91; days beyond the forecast are left out."""
    day = (items[column].to_numpy() - items["first"].to_numpy()) // np.timedelta64(1, "D")
    inside = (day >= 0) & (day < DAYS)
    client, amounts = items["client"].to_numpy(), items["amount_cents"].to_numpy()
    return by_day(client[inside], day[inside].astype(np.int64), amounts[inside], count)


def _whole(clients: pd.DataFrame, column: str) -> Cents:
    return clients[column].to_numpy(dtype=np.int64)
