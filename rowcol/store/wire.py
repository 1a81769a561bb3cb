"""Read single values out of QuickBooks' JSON: absent, misspelt or unknown never fails, it is None."""

import functools
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from rowcol.money import cents

Record = Mapping[str, Any]

_VOID_NOTE = "voided"
_DOCUMENT_AMOUNTS = ("TotalAmt", "Amount", "Balance", "RemainingCredit", "UnappliedAmt", "Deposit")
EMPTY: Record = {}
_ENDLESS = (float("inf"), float("-inf"))
_NUMERIC = (str, int, float)
MOST_UNITS = 10**13
"""No amount in QuickBooks is larger; a larger number is taken as no amount, so that sums of whole books stay exact."""
HIGHEST_RATE = 10**9
EXACTLY = 1e-6
"""A float this near to whole cents is whole cents: it was written with two decimals."""
MOMENTS_KEPT = 16_384


def text(value: Any) -> str | None:
    """Return a value as text; None for absent, empty, endless or a structure."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool) or not isinstance(value, _NUMERIC) or value in _ENDLESS:
        return None
    return str(value)


def part(record: Record, key: str) -> Record:
    """Return a nested object, an empty one if it is absent or of another shape."""
    value = record.get(key)
    return value if isinstance(value, dict) else EMPTY


def objects(record: Record, key: str) -> list[Record]:
    """Return a list of nested objects, empty if it is absent or of another shape."""
    value = record.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def ref(record: Record, key: str) -> str | None:
    """Return the id a reference points to."""
    value = record.get(key)
    return text(value.get("value")) if isinstance(value, dict) else None


def flag(record: Record, key: str, default: bool) -> bool:
    """Return a boolean, also if it was sent as text."""
    value = record.get(key)
    if isinstance(value, str):
        return value.lower() == "true"
    return value if isinstance(value, bool) else default


def money(value: Any) -> int | None:
    """Return an amount in cents of its own currency, half up; None if it is absent or no amount."""
    if value is None:
        return None
    if type(value) in (int, float) and abs(value) < MOST_UNITS:
        scaled = value * 100
        nearest = round(scaled)
        return nearest if abs(scaled - nearest) < EXACTLY else cents(value)
    return _bounded_cents(number(value))


def number(value: Any) -> Decimal | None:
    """Return a number exactly as written; None if it is absent or no number."""
    if value is None or isinstance(value, bool) or not isinstance(value, _NUMERIC):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _bounded_cents(amount: Decimal | None) -> int | None:
    return None if amount is None or abs(amount) >= MOST_UNITS else cents(amount)


def rate(record: Record) -> Decimal | None:
    """Return the document's own exchange rate, home units per foreign unit; None if amounts are home already."""
    value = possible_rate(record.get("ExchangeRate"))
    return None if value == 1 else value


def possible_rate(value: Any) -> Decimal | None:
    """Return an exchange rate exactly as written; None if it is absent or no rate can be so."""
    exact = number(value)
    return exact if exact is not None and 0 < exact < HIGHEST_RATE else None


def home(value: Any, at: Decimal | None) -> int | None:
    """Return an amount in home cents at a document's rate, half up."""
    if at is None:
        return money(value)
    amount = number(value)
    return None if amount is None or abs(amount) >= MOST_UNITS else _bounded_cents(amount * at)


def day(value: Any) -> date | None:
    """Return the calendar date, whatever zone suffix it carries."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def moment(value: Any) -> int | None:
    """Return a time with offset as microseconds since 1970 in UTC; None if it is absent or has no offset."""
    return _moment(value) if isinstance(value, str) else None


@functools.lru_cache(MOMENTS_KEPT)
def _moment(value: str) -> int | None:
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return int(parsed.timestamp()) * 1_000_000 if parsed.tzinfo is not None else None


def voided(record: Record) -> bool:
    """Return whether a record is voided. Source: docs/definitions.md, Documents.

    By its amounts: all are zero, and it was changed (`SyncToken` above 0) and carries a note, in whatever language; or by
    its note, which is `Voided` and nothing else, whatever the amounts.
    """
    note = record.get("PrivateNote")
    if not isinstance(note, str) or not note.strip():
        return False
    if note.strip().casefold() == _VOID_NOTE:
        return True
    changed = number(record.get("SyncToken"))
    if changed is None or changed <= 0:
        return False
    amounts = [record.get(key) for key in _DOCUMENT_AMOUNTS]
    amounts += [line.get("Amount") for line in objects(record, "Line")]
    return not any(map(number, amounts))
