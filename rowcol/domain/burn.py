"""Burn and the runways. Source: docs/definitions.md, Bank movements and burn; Runway."""

import pandas as pd

from rowcol.domain.bank import unreadable
from rowcol.domain.books import Books
from rowcol.domain.derived import DerivedBooks

STALE_DAYS = 14
CRITICAL_BUFFER_DAYS = 14
WATCH_BUFFER_DAYS = 42
CRITICAL_CASH_OUT_DAYS = 14
WATCH_CASH_OUT_DAYS = 42
STALE_BOOKS = "stale books"
INCOMPLETE = "bank activity incomplete"


def burn(derived: DerivedBooks) -> pd.DataFrame:
    """Return each client's operating flows in its window, indexed by business_id.

    Columns: start, end, days, outflow_cents, inflow_cents (both positive; settlements and unlisted bank
    activity included; internal, financing, investing and set aside not), unlisted_cents (signed), incomplete, last_movement.
    A movement's operating part is in or out by its own sign: a fee kept back from a deposit nets with it.
    """
    window, inside, hidden = derived.window, derived.in_window, derived.unlisted
    flows = pd.concat(
        [
            inside.assign(cents=operating(inside))[["business_id", "cents"]],
            hidden.rename(columns={"amount_cents": "cents"})[["business_id", "cents"]],
        ]
    )
    flows["out"] = flows["cents"] < 0
    result = window.set_index("business_id")
    sums = flows.groupby(["business_id", "out"])["cents"].sum().unstack(fill_value=0)
    result["outflow_cents"] = -_column(sums, True, result.index)
    result["inflow_cents"] = _column(sums, False, result.index)
    unseen = hidden.assign(out=hidden["amount_cents"] < 0).groupby(["business_id", "out"])["amount_cents"]
    parts = unseen.sum().unstack(fill_value=0)
    result["unlisted_out_cents"] = -_column(parts, True, result.index)
    result["unlisted_in_cents"] = _column(parts, False, result.index)
    result["unlisted_cents"] = result["unlisted_in_cents"] - result["unlisted_out_cents"]
    result["incomplete"] = result.index.isin(unreadable(derived.books, window))
    result["last_movement"] = _last_movement(derived.books, derived.movements).reindex(result.index)
    return result


def operating(movements: pd.DataFrame) -> pd.Series:
    """Return each movement's part that counts as burn: operating and settlement."""
    return movements["operating_cents"] + movements["settlement_cents"]


def _column(sums: pd.DataFrame, name: bool, index: pd.Index) -> pd.Series:
    if name not in sums:
        return pd.Series(0, index=index, dtype="int64")
    return sums[name].reindex(index).fillna(0).astype("int64")


def _last_movement(books: Books, movements: pd.DataFrame) -> pd.Series:
    past = books.dated(movements[["business_id", "txn_date"]])
    past = past[pd.to_datetime(past["txn_date"]) <= past["as_of"]]
    return pd.to_datetime(past.groupby("business_id")["txn_date"].max())


def days_of_cash(cash_cents: int, burned_cents: int, days: int) -> int | None:
    """Return floor(cash / (burned / days)); 0 if there is no cash, else None if nothing is burned."""
    if cash_cents <= 0:
        return 0
    return None if burned_cents <= 0 else cash_cents * days // burned_cents


def status_ahead(cash_cents: int, reserve_cents: int, days_to_cash_out: int | None) -> str:
    """Return `critical`, `watch` or `steady` by the days until the forecast's cash-out date (None: beyond 13 weeks)."""
    if cash_cents <= reserve_cents:
        return "critical"
    if days_to_cash_out is None or days_to_cash_out > WATCH_CASH_OUT_DAYS:
        return "steady"
    return "critical" if days_to_cash_out <= CRITICAL_CASH_OUT_DAYS else "watch"


def status(cash_cents: int, reserve_cents: int, buffer_days: int | None) -> str:
    """Return `critical`, `watch` or `steady` by buffer days: the rule while there is no forecast."""
    if cash_cents <= reserve_cents or (buffer_days is not None and buffer_days < CRITICAL_BUFFER_DAYS):
        return "critical"
    return "watch" if buffer_days is not None and buffer_days < WATCH_BUFFER_DAYS else "steady"
