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
    result = window.set_index("business_id")
    listed_out, listed_in = _flows(inside["business_id"], operating(inside), result.index)
    unlisted_out, unlisted_in = _flows(hidden["business_id"], hidden["amount_cents"], result.index)
    result["outflow_cents"], result["inflow_cents"] = listed_out + unlisted_out, listed_in + unlisted_in
    result["unlisted_out_cents"], result["unlisted_in_cents"] = unlisted_out, unlisted_in
    result["unlisted_cents"] = unlisted_in - unlisted_out
    result["incomplete"] = result.index.isin(unreadable(derived.books, window))
    result["last_movement"] = _last_movement(derived.books, derived.movements).reindex(result.index)
    return result


def operating(movements: pd.DataFrame) -> pd.Series:
    """Return each movement's part that counts as burn: operating and settlement."""
    return movements["operating_cents"] + movements["settlement_cents"]


def _flows(business_ids: pd.Series, cents: pd.Series, index: pd.Index) -> tuple[pd.Series, pd.Series]:
    """Return what goes out of and comes into each client, both positive."""
    sides = pd.DataFrame({"out": -cents.clip(upper=0), "in": cents.clip(lower=0)})
    sums = sides.groupby(business_ids).sum().reindex(index, fill_value=0).astype("int64")
    return sums["out"], sums["in"]


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
