"""How a digest words money, days and counts, in HTML and in plain text alike."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rowcol.delivery.mail import one_line
from rowcol.money import exact_text

MINUS = "−"
NEAR_DAYS = 182
"""Half a year: a day within it is known without its year."""
STATUS = {"critical": "▲ Critical", "watch": "◆ Watch", "steady": "● Steady", "": "○ Not read yet"}


def money(amount_cents: int | None, currency: str) -> str:
    """Return an exact amount with a real minus sign, a dash where there is none."""
    return "–" if amount_cents is None else exact_text(amount_cents, currency).replace("-", MINUS)


def change(amount_cents: int, currency: str) -> str:
    """Return a change with its sign: `+$120.00`, `−$3.10`, `no change`."""
    if amount_cents == 0:
        return "no change"
    return f"+{money(amount_cents, currency)}" if amount_cents > 0 else money(amount_cents, currency)


def day(value: date | None) -> str:
    """Return a date: `20 Nov 2026`, a dash where there is none."""
    return "–" if value is None else f"{value.day} {value:%b %Y}"


def weekday(value: date | None) -> str:
    """Return a date with its weekday: `Fri 20 Nov`, a dash where there is none."""
    return "–" if value is None else f"{value:%a} {value.day} {value:%b}"


def near_day(value: date | None, today: date) -> str:
    """Return a date with its weekday, and with its year where the same day of another year is as near to today."""
    if value is None or abs((value - today).days) <= NEAR_DAYS:
        return weekday(value)
    return f"{weekday(value)} {value.year}"


def moment(value: datetime | None, zone: str) -> str:
    """Return a moment in a time zone: `Fri 20 Nov 2026, 07:00 PST`, `never` where there is none."""
    if value is None:
        return "never"
    local = value.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


def days(count: int | None) -> str:
    """Return whole days with their unit, a dash where they are undefined."""
    if count is None:
        return "–"
    return "1 day" if count == 1 else f"{count:,} days"


def signed_days(count: int | None) -> str:
    """Return a change of days with its sign: `+3 days`, `−1 day`; nothing where there is none."""
    if not count:
        return ""
    return f"{'+' if count > 0 else MINUS}{days(abs(count))}"


def runway(count: int | None, generative: bool) -> str:
    """Return a net-burn runway as a table reads it."""
    return "cash-generative" if generative else days(count)


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: `1 bill`, `9 bills`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def status(value: str) -> str:
    """Return a status as shape and word: read without colours too."""
    return STATUS.get(value, value)


def line(text: str) -> str:
    """Return text from the books on one line."""
    return one_line(text)


FILTERS = {
    "money": money, "change": change, "day": day, "weekday": weekday, "near_day": near_day, "moment": moment, "days": days,
    "signed_days": signed_days, "runway": runway, "count_of": count, "status": status, "line": line,
}  # fmt: skip
