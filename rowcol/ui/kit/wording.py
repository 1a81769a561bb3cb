"""How figures, ages and states are worded for an accountant; pure, without Streamlit."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from rowcol.entities import plural
from rowcol.money import exact_text
from rowcol.wording import MISSING

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


def money_or_missing(amount_cents: int | None, currency: str) -> str:
    """Return an exact amount, or a dash where there is none."""
    return MISSING if amount_cents is None else exact_text(amount_cents, currency)
