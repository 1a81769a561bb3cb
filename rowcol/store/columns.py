"""Whole columns out of QuickBooks' JSON: each value as `wire` reads it alone, most of them without a call.

A page has a thousand records of one shape, and what one of them lacks the others mostly lack too.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from rowcol.store.wire import EMPTY, EXACTLY, MOST_UNITS, Record, day, flag, home, moment, money, rate, text

Column = list[Any]
Records = Sequence[Record]

_NUMBERS = {int, float, type(None)}


def taken(records: Records, key: str) -> Column | None:
    """Return a field of each record as it was sent; None if no record has it."""
    values = [record.get(key) for record in records]
    return None if not any(values) and values.count(None) == len(values) else values


def each(read: Callable[[Any], Any], records: Records, key: str) -> Column:
    """Return a field of each record as `read` reads it; `read` gives None for None."""
    values = taken(records, key)
    return [None] * len(records) if values is None else [read(value) for value in values]


def texts(records: Records, key: str) -> Column:
    """Return a field of each record as text (`wire.text`)."""
    values = taken(records, key)
    if values is None:
        return [None] * len(records)
    return [value if type(value) is str and value else text(value) for value in values]


def days(records: Records, key: str) -> Column:
    """Return a field of each record as a date (`wire.day`)."""
    return each(day, records, key)


def moments(records: Records, key: str) -> Column:
    """Return a field of each record as microseconds since 1970 (`wire.moment`)."""
    return each(moment, records, key)


def flags(records: Records, key: str, default: bool) -> Column:
    """Return a field of each record as a boolean (`wire.flag`)."""
    if taken(records, key) is None:
        return [default] * len(records)
    return [flag(record, key, default) for record in records]


def parts(records: Records, key: str) -> list[Record]:
    """Return a nested object of each record, empty if there is none (`wire.part`)."""
    values = taken(records, key)
    if values is None:
        return [EMPTY] * len(records)
    return [value if isinstance(value, dict) else EMPTY for value in values]


def refs(records: Records, key: str) -> Column:
    """Return the id a reference of each record points to (`wire.ref`)."""
    return texts(parts(records, key), "value")


def rates(records: Records) -> list[Decimal | None]:
    """Return each document's own exchange rate (`wire.rate`)."""
    if taken(records, "ExchangeRate") is None:
        return [None] * len(records)
    return [rate(record) for record in records]


def amounts(values: Column | None, count: int) -> Column:
    """Return amounts in cents of their own currency (`wire.money`), of `count` values or none."""
    if values is None:
        return [None] * count
    if not set(map(type, values)) <= _NUMBERS:
        return [money(value) for value in values]
    try:
        units = np.array([value or 0 for value in values], dtype=np.float64)
    except OverflowError:
        return [money(value) for value in values]
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = units * 100
        nearest = np.rint(scaled)
        plain = (np.abs(units) < MOST_UNITS) & (np.abs(scaled - nearest) < EXACTLY)
    whole = np.where(plain, nearest, 0).astype(np.int64).tolist()
    return [
        None if value is None else near if sure else money(value)
        for value, near, sure in zip(values, whole, plain.tolist(), strict=True)
    ]


def at_home(values: Column | None, own_cents: Column, at: Sequence[Decimal | None]) -> Column:
    """Return amounts in home cents (`wire.home`), `own_cents` being the same in their own currency."""
    if values is None or not any(at):
        return own_cents
    return [
        cents if exchange_rate is None else home(value, exchange_rate)
        for value, cents, exchange_rate in zip(values, own_cents, at, strict=True)
    ]
