"""Money of the sandbox's books: wire amounts to whole cents, and foreign cents to home cents."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_CENT = Decimal("0.01")
_UNIT = Decimal(1)
_FLOAT_DUST = 1e-4  # below this a JSON number is whole cents, and needs no exact arithmetic


def cents(amount: Any) -> int:
    """Return a wire amount (number, numeric text or nothing) in whole cents, rounded half up."""
    if isinstance(amount, float):
        nearest = round(amount * 100)
        if abs(amount * 100 - nearest) < _FLOAT_DUST:
            return nearest
    if isinstance(amount, int):
        return amount * 100
    if amount is None or amount == "":
        return 0
    exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    return int(exact.quantize(_CENT, rounding=ROUND_HALF_UP).scaleb(2))


def at_rate(amount_cents: int, rate: Decimal | None) -> int:
    """Return cents at a rate of home units per foreign unit, rounded half up; no rate: unchanged."""
    if rate is None:
        return amount_cents
    return int((amount_cents * rate).quantize(_UNIT, rounding=ROUND_HALF_UP))


def rate_of(record: dict[str, Any]) -> Decimal | None:
    """Return a transaction's exchange rate, or None if it is 1 or absent."""
    stated = record.get("ExchangeRate")
    return None if stated in (None, 1, "") else Decimal(str(stated))
