"""Which records a statement selects, in which order."""

import re
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from rowcol.sandbox.catalog import LISTS
from rowcol.sandbox.company import Company, Record
from rowcol.sandbox.query import Condition, Order, Statement, Value
from rowcol.sandbox.refusals import invalid
from rowcol.sandbox.times import instant

KEPT_SELECTIONS = 64  # pages of one sweep ask for the same selection again
ABSENT = " "  # how a query writes null
ACTIVE = Condition("Active", "=", (True,))
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda have, want: bool(have == want),
    "<": lambda have, want: bool(have < want),
    ">": lambda have, want: bool(have > want),
    "<=": lambda have, want: bool(have <= want),
    ">=": lambda have, want: bool(have >= want),
}


class Selections:
    """The latest selections of all companies, kept until the entity's records change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], list[Record]] = OrderedDict()
        self._lock = Lock()

    def of(self, company: Company, statement: Statement) -> list[Record]:
        """Return all records a statement selects, in order, before paging."""
        entity = statement.entity
        key = (company.realm, entity, company.version(entity), statement.conditions, statement.order)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = select(company, statement)
        with self._lock:
            self._kept[key] = found
            if len(self._kept) > KEPT_SELECTIONS:
                self._kept.popitem(last=False)
        return found


def select(company: Company, statement: Statement) -> list[Record]:
    """Return the records of a statement; lists give only active ones unless Active is asked for."""
    conditions = statement.conditions
    if statement.entity in LISTS and all(condition.field != "Active" for condition in conditions):
        conditions = (*conditions, ACTIVE)
    with company.lock:
        records = list(company.of(statement.entity).values())
    tests = [_test(condition) for condition in conditions]
    found = [record for record in records if all(test(record) for test in tests)]
    found.sort(key=id_number)
    for order in reversed(statement.order):
        found.sort(key=partial(_sort_key, order), reverse=order.descending)
    return found


def id_number(record: Record) -> tuple[int, str]:
    """Return a record's id as it sorts: numbers by size."""
    id_ = record.get("Id", "")
    return (int(id_) if id_.isdigit() else 0, id_)


def updated(record: Record) -> float:
    """Return a record's last update in seconds since 1970."""
    return instant(record["MetaData"]["LastUpdatedTime"])


def value_at(record: Record, path: str) -> Any:
    """Return a record's value at a dotted path, a reference by its id; None if absent."""
    value: Any = record
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        return next((value[key] for key in ("value", "Address") if key in value), None)
    return value


def _test(condition: Condition) -> Callable[[Record], bool]:
    path, operator, wanted = condition.field, condition.operator, condition.values
    if path.startswith("MetaData."):
        return _time_test(path, operator, wanted)
    if operator == "LIKE":
        pattern = _like(str(wanted[0]))
        return lambda record: bool(pattern.fullmatch(str(value_at(record, path) or "")))
    compare = COMPARISONS["=" if operator == "IN" else operator]
    if path.endswith("Date"):
        wanted = tuple(str(want)[:10] if want != ABSENT else want for want in wanted)
    return lambda record: any(_holds(_value(record, path), want, compare) for want in wanted)


def _time_test(path: str, operator: str, wanted: tuple[Value, ...]) -> Callable[[Record], bool]:
    moments = [_moment(want) for want in wanted]
    compare = COMPARISONS.get("=" if operator == "IN" else operator)
    if compare is None:
        raise invalid(f"Operator {operator} is not supported for property '{path}'")
    return lambda record: any(compare(instant(value_at(record, path)), moment) for moment in moments)


def _moment(text: Value) -> float:
    try:
        return instant(str(text))
    except ValueError:
        raise invalid(f"value {text} is not a valid date") from None


def _value(record: Record, path: str) -> Any:
    # Active is the one flag whose absence means yes.
    return record.get("Active", True) if path == "Active" else value_at(record, path)


def _holds(have: Any, want: Value, compare: Callable[[Any, Any], bool]) -> bool:
    if want == ABSENT or have is None:
        return have is None and want == ABSENT and compare(0, 0)
    if isinstance(have, bool) or isinstance(want, bool):
        return compare(str(have).lower(), str(want).lower())
    if isinstance(have, int | float):
        return compare(Decimal(str(have)), _number(want))
    return compare(have.casefold(), want.casefold())


@lru_cache(maxsize=1024)
def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise invalid(f"value {text} is not a number") from None


def _like(text: str) -> re.Pattern[str]:
    pieces = (re.escape(piece) for piece in text.split("%"))
    return re.compile(".*".join(pieces), re.IGNORECASE | re.DOTALL)


def _sort_key(order: Order, record: Record) -> tuple[bool, Any]:
    value = _value(record, order.field)
    if value is None:
        return (False, 0)
    if order.field == "Id":
        return (True, id_number(record))
    if order.field.startswith("MetaData."):
        return (True, instant(value))
    return (True, value.casefold() if isinstance(value, str) else value)
