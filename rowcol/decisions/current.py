"""The advisor's standing decisions as the figures take them. Each kind's content is written by its command."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd

from rowcol.domain.current_decisions import (
    BALANCE_COLUMNS,
    COMMITMENT_COLUMNS,
    DISMISSAL_COLUMNS,
    HOLD_COLUMNS,
    PLAN_COLUMNS,
    PRIORITY_COLUMNS,
    PROMISE_COLUMNS,
    CurrentDecisions,
)
from rowcol.store.decisions import Decided, Decisions

PLAN, HOLD, PRIORITY, PROMISE = "plan", "hold", "priority", "promise"
BANK_BALANCE, COMMITMENT, DISMISSAL = "bank balance", "commitment", "dismissal"
CONTACT, SCENARIO = "contact", "scenario"
"""Kinds no figure is made from; the console reads them itself."""
WITHDRAWN = "withdrawn"
"""Content that takes a decision back: `{"withdrawn": true}`."""
SUBJECTS = {
    PLAN: ("qbo_id",), HOLD: ("scope", "subject_id"), PRIORITY: ("scope", "subject_id"), PROMISE: ("qbo_id",),
    BANK_BALANCE: ("account_id",), COMMITMENT: ("commitment_id",),
    DISMISSAL: ("code", "entity", "qbo_id"),
}  # fmt: skip
"""What a kind's subject names, its parts joined by `:`."""


def subject(*parts: str) -> str:
    """Return the subject of a decision; only its last part may hold a colon."""
    return ":".join(parts)


def advice(decisions: Decisions, known_at: datetime | None = None) -> CurrentDecisions:
    """Return what stands of the decisions as known at a moment (None: now)."""
    frames = (
        (PLAN, PLAN_COLUMNS), (HOLD, HOLD_COLUMNS), (PRIORITY, PRIORITY_COLUMNS), (PROMISE, PROMISE_COLUMNS),
        (BANK_BALANCE, BALANCE_COLUMNS), (COMMITMENT, COMMITMENT_COLUMNS), (DISMISSAL, DISMISSAL_COLUMNS),
    )  # fmt: skip
    return CurrentDecisions(
        *(_frame(kind, columns, decisions.every(kind, known_at)) for kind, columns in frames)
    )


def _frame(kind: str, columns: Mapping[str, str], decided: Iterable[Decided]) -> pd.DataFrame:
    names = SUBJECTS[kind]
    newest = {(one.business_id, one.subject): one for one in decided}
    rows = [
        {
            **one.content,
            "business_id": one.business_id,
            "decided_at": one.decided_at,
            **dict(zip(names, one.subject.split(":", len(names) - 1), strict=True)),
        }
        for one in newest.values()
        if not one.content.get(WITHDRAWN)
    ]
    held = pd.DataFrame(rows, columns=list(columns), dtype="object")
    for name in (name for name, kind in columns.items() if kind.startswith("datetime")):
        held[name] = pd.to_datetime(held[name], utc="UTC" in columns[name])
    return held.astype(dict(columns))
