"""How figures, ages and states are worded for an accountant; pure, without Streamlit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from rowcol.entities import plural
from rowcol.money import exact_text

MISSING = "–"
BEYOND_FORECAST = "beyond 13 weeks"
CASH_GENERATIVE = "cash-generative"
STATUS_WORDS = {"critical": "▲ Critical", "watch": "◆ Watch", "steady": "● Steady"}
TIE_OUT_WORDS = {"tied": "✓ tied", "broken": "✗ differs", "unchecked": "– unchecked"}
TIE_OUT_SENTENCES = {
    "tied": "✓ ties to QuickBooks",
    "broken": "✗ differs from QuickBooks",
    "unchecked": "– not yet checked against QuickBooks",
}
CONNECTION_WORDS = {"connected": "● Connected", "ended": "▲ Ended", "disconnected": "○ Disconnected"}
_STEPS = {"Reports": "reports", "Tie-out": "tie-outs"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@dataclass(frozen=True)
class Sentence:
    """A plain sentence for the advisor: what is so, and the one thing to do."""

    what: str
    todo: str = ""


def plain(text: str) -> str:
    """Return text from the books so that markdown shows it letter by letter, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def entity_words(entity: str) -> str:
    """Return a QuickBooks entity, or a step of a refresh, as an accountant reads it: `BillPayment` is `bill payments`."""
    return plain(_STEPS.get(entity) or plural(entity))


def entity_title(entity: str, *, one: bool = False) -> str:
    """Return a kind of record as a heading has it: `Bill payments`, or `Bill payment` for one."""
    words = entity_words(entity).replace("\\", "")
    if one and words.endswith("s") and entity != "Preferences":
        words = f"{words[:-3]}y" if words.endswith("ies") else words[:-1]
    return words[:1].upper() + words[1:]


def known(value: Any) -> bool:
    """Return whether a scalar from a frame holds a value (not None, NaN, NaT or NA)."""
    return value is not None and not pd.isna(value)


def moment(value: Any) -> datetime | None:
    """Return a frame's timestamp as an aware moment, None where there is none."""
    if not known(value):
        return None
    at = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def age(at: datetime, now: datetime) -> str:
    """Return how long ago a moment was: `4 min`, `3 h`, `2 d`; under a minute `just now`."""
    return minutes_words(int((now - at).total_seconds() // 60))


def minutes_words(minutes: int) -> str:
    """Return an age in whole minutes as `age` words it."""
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def ago(at: datetime | None, now: datetime) -> str:
    """Return an age in a sentence: `4 min ago`, `just now`, `never`."""
    if at is None:
        return "never"
    text = age(at, now)
    return text if text == "just now" else f"{text} ago"


def long_day(day: date) -> str:
    """Return a date as a caption reads it: `Fri 20 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def short_day(day: date) -> str:
    """Return a date as a table reads it: `20 Nov`."""
    return f"{day.day} {day:%b}"


def days(count: int) -> str:
    """Return whole days with their unit: `1 day`, `11 days`."""
    return f"{count:,} day" if count == 1 else f"{count:,} days"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: `1 bill`, `9 bills`, `2 companies`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(items: Sequence[str]) -> str:
    """Return items as English lists them: `a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def money_or_missing(amount_cents: int | None, currency: str) -> str:
    """Return an exact amount, or a dash where there is none."""
    return MISSING if amount_cents is None else exact_text(amount_cents, currency)
