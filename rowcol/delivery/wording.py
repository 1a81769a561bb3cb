"""How a digest words money, days and counts, in HTML and in plain text alike."""

from rowcol.delivery.mail import one_line
from rowcol.money import exact_text
from rowcol.wording import (
    MINUS,
    MISSING,
    counted,
    date_text,
    days,
    moment_text,
    near_day,
    signed_days,
    weekday,
)

STATUS = {"critical": "▲ Critical", "watch": "◆ Watch", "steady": "● Steady", "": "○ Not read yet"}


def money(amount_cents: int | None, currency: str) -> str:
    """Return an exact amount with a real minus sign, a dash where there is none."""
    return MISSING if amount_cents is None else exact_text(amount_cents, currency).replace("-", MINUS)


def change(amount_cents: int, currency: str) -> str:
    """Return a change with its sign: `+$120.00`, `−$3.10`, `no change`."""
    if amount_cents == 0:
        return "no change"
    return f"+{money(amount_cents, currency)}" if amount_cents > 0 else money(amount_cents, currency)


def runway(count: int | None, generative: bool) -> str:
    """Return a net-burn runway as a table reads it."""
    return "cash-generative" if generative else days(count)


def status(value: str) -> str:
    """Return a status as shape and word: read without colours too."""
    return STATUS.get(value, value)


def line(text: str) -> str:
    """Return text from the books on one line."""
    return one_line(text)


FILTERS = {
    "money": money, "change": change, "day": date_text, "weekday": weekday, "near_day": near_day, "moment": moment_text,
    "days": days, "signed_days": signed_days, "runway": runway, "count_of": counted, "status": status, "line": line,
}  # fmt: skip
