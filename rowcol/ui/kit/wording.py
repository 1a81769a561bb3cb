"""Text for figures, ages and states; pure, without Streamlit."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from rowcol.domain.hygiene.findings import RULES
from rowcol.entities import plural
from rowcol.money import exact_text
from rowcol.wording import MISSING

BEYOND_FORECAST = "beyond 13 weeks"
CASH_GENERATIVE = "cash-generative"
SEVERITY_LABELS = {"blocking": "■ Blocking", "high": "▲ High", "medium": "◆ Medium", "low": "○ Low"}
SEVERITY_HELP = (
    "Blocking: the record is kept out of the console until it is mended. Else: how far it bends the figures."
)
STATUS_LABELS = {"critical": "▲ Critical", "watch": "◆ Watch", "steady": "● Steady"}
TIE_OUT_LABELS = {"tied": "✓ tied", "broken": "✗ differs", "unchecked": "– unchecked"}
TIE_OUT_SENTENCES = {
    "tied": "✓ ties to QuickBooks",
    "broken": "✗ differs from QuickBooks",
    "unchecked": "– not yet checked against QuickBooks",
}
NOT_OF_THIS_DAY = "– not checked for this day"
CONNECTION_LABELS = {"connected": "● Connected", "ended": "▲ Ended", "disconnected": "○ Disconnected"}
_STEPS = {"Reports": "reports", "Tie-out": "tie-outs"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@dataclass(frozen=True)
class Sentence:
    """A sentence for the advisor: what is so, and what to do about it."""

    what: str
    todo: str = ""


def plain(text: str) -> str:
    """Return text from the books on one line, escaped for markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def entity_plural(entity: str) -> str:
    """Return a QuickBooks entity, or a step of a refresh, as an accountant reads it: `BillPayment` is `bill payments`."""
    return plain(_STEPS.get(entity) or plural(entity))


def entity_title(entity: str, *, singular: bool = False) -> str:
    """Return a QuickBooks entity as a heading: `Bill payments`, or `Bill payment` if `singular`."""
    title = entity_plural(entity).replace("\\", "")
    if singular and title.endswith("s") and entity != "Preferences":
        title = f"{title[:-3]}y" if title.endswith("ies") else title[:-1]
    return title[:1].upper() + title[1:]


def kind_label(code: str) -> str:
    """Return the label of a finding code; an unknown code as it is."""
    return RULES[code].label if code in RULES else code


def tie_out_sentence(state: str, *, reconstructed: bool) -> str:
    """Return the state of a tie-out as a part of a caption; of a past day only a check of that day counts."""
    if reconstructed and state == "unchecked":
        return NOT_OF_THIS_DAY
    return TIE_OUT_SENTENCES.get(state, state)


def known(value: Any) -> bool:
    """Return whether a scalar from a frame holds a value (not None, NaN, NaT or NA)."""
    return value is not None and not pd.isna(value)


def moment(value: Any) -> datetime | None:
    """Return a frame's timestamp as an aware datetime (UTC if naive), None if it is missing."""
    if not known(value):
        return None
    at = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def money_or_missing(amount_cents: int | None, currency: str) -> str:
    """Return an exact amount, or a dash if it is None."""
    return MISSING if amount_cents is None else exact_text(amount_cents, currency)
