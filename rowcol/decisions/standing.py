"""The advisor's standing decisions as the figures take them. Each kind's content is written by its command."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from rowcol.domain.advice import (
    BALANCE_COLUMNS,
    COMMITMENT_COLUMNS,
    HOLD_COLUMNS,
    PLAN_COLUMNS,
    PRIORITY_COLUMNS,
    PROMISE_COLUMNS,
    Advice,
)
from rowcol.store.decisions import Decisions

PLAN, HOLD, PRIORITY, PROMISE = "plan", "hold", "priority", "promise"
BANK_BALANCE, COMMITMENT = "bank balance", "commitment"
CONTACT, SCENARIO = "contact", "scenario"
"""Kinds no figure is made from; the console reads them itself."""
WITHDRAWN = "withdrawn"
"""Content that takes a decision back: `{"withdrawn": true}`."""
SUBJECTS = {
    PLAN: ("qbo_id",), HOLD: ("scope", "subject_id"), PRIORITY: ("scope", "subject_id"), PROMISE: ("qbo_id",),
    BANK_BALANCE: ("account_id",), COMMITMENT: ("commitment_id",),
}  # fmt: skip
"""What a kind's subject names, its parts joined by `:`."""


def subject(*parts: str) -> str:
    """Return the subject of a decision; only its last part may hold a colon."""
    return ":".join(parts)


def advice(decisions: Decisions, known_at: datetime | None = None) -> Advice:
    """Return what stands of the decisions as known at a moment (None: now)."""
    frames = (
        (PLAN, PLAN_COLUMNS), (HOLD, HOLD_COLUMNS), (PRIORITY, PRIORITY_COLUMNS), (PROMISE, PROMISE_COLUMNS),
        (BANK_BALANCE, BALANCE_COLUMNS), (COMMITMENT, COMMITMENT_COLUMNS),
    )  # fmt: skip
    return Advice(*(_frame(kind, columns, decisions.newest(kind, known_at)) for kind, columns in frames))


def _frame(
    kind: str, columns: Mapping[str, str], newest: Mapping[tuple[str, str], Mapping[str, Any]]
) -> pd.DataFrame:
    names = SUBJECTS[kind]
    rows = [
        {
            **content,
            "business_id": business_id,
            **dict(zip(names, text.split(":", len(names) - 1), strict=True)),
        }
        for (business_id, text), content in newest.items()
        if not content.get(WITHDRAWN)
    ]
    held = pd.DataFrame(rows, columns=list(columns), dtype="object")
    for name in (name for name, kind in columns.items() if kind.startswith("datetime")):
        held[name] = pd.to_datetime(held[name])
    return held.astype(dict(columns))
