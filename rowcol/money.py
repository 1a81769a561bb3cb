"""Money as whole cents of the client's home currency; decimals only at the edge."""

from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {
    "USD": "$",
    "CAD": "CA$",
    "AUD": "A$",
    "NZD": "NZ$",
    "GBP": "£",
    "EUR": "€",
    "INR": "₹",
    "MXN": "MX$",
}
THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies with a thousandth: their amounts are rounded to two places, and every output says so."""
_CENT = Decimal("0.01")


def cents(amount: Decimal | str | int | float) -> int:
    """Return an amount in whole cents, rounded half up (away from zero)."""
    exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    return int(exact.quantize(_CENT, rounding=ROUND_HALF_UP).scaleb(2))


def home_cents(foreign_cents: int, rate: Decimal | str) -> int:
    """Return foreign cents in home cents at home units per one foreign unit, rounded half up."""
    return int((Decimal(foreign_cents) * Decimal(rate)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def decimal_text(amount_cents: int) -> str:
    """Return cents as a decimal string with two places, as files carry them: `-12.30`."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def symbol(currency: str) -> str:
    """Return the sign an accountant expects before an amount, else the ISO code and a space."""
    return SYMBOLS.get(currency, f"{currency} ")


def exact_text(amount_cents: int, currency: str) -> str:
    """Return cents as read on a page, exact: `-$1,234.50`."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{symbol(currency)}{whole:,}.{rest:02d}"


def coded_text(amount_cents: int, currency: str) -> str:
    """Return cents exact with the currency's code, for an amount beside others of another currency: `EUR -1,234.50`."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{currency} {sign}{whole:,}.{rest:02d}"


def short_text(amount_cents: int, currency: str) -> str:
    """Return a big sum shortened to three figures: `$2.42m`, `$402k`; below 100,000 in whole units; half up."""
    sign = "-" if amount_cents < 0 else ""
    size = abs(amount_cents)
    if size >= 99_950_000:
        return f"{sign}{symbol(currency)}{(size + 500_000) // 1_000_000 / 100:.2f}m"
    if size >= 9_999_950:
        return f"{sign}{symbol(currency)}{(size + 50_000) // 100_000}k"
    return f"{sign}{symbol(currency)}{(size + 50) // 100:,}"
