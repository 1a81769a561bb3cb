"""The advisor's current decisions as frames. The content of each kind is written by its command."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from rowcol.clock import KnownAt
from rowcol.decisions.recording import WITHDRAWN
from rowcol.domain.current_decisions import (
    BALANCE_COLUMNS,
    COMMITMENT_COLUMNS,
    DISMISSAL_COLUMNS,
    HOLD_COLUMNS,
    PLAN_COLUMNS,
    PRIORITY_COLUMNS,
    PROMISE_COLUMNS,
    CurrentDecisions,
    empty,
)
from rowcol.store.control.decisions import Decided, Decisions

PLAN, HOLD, PRIORITY, PROMISE = "plan", "hold", "priority", "promise"
BANK_BALANCE, COMMITMENT, DISMISSAL = "bank balance", "commitment", "dismissal"
CONTACT, SCENARIO = "contact", "scenario"
"""Kinds on which no figure depends; the console reads them itself."""
SUBJECTS = {
    PLAN: ("qbo_id",), HOLD: ("scope", "subject_id"), PRIORITY: ("scope", "subject_id"), PROMISE: ("qbo_id",),
    BANK_BALANCE: ("account_id",), COMMITMENT: ("commitment_id",), DISMISSAL: ("code", "entity", "qbo_id"),
    CONTACT: ("customer_id", "note_id"),
}  # fmt: skip
"""The parts of a kind's subject, joined by `:`."""
CONTACT_COLUMNS = {
    "customer_id": "object", "note": "object", "next_on": "datetime64[us]", "by": "object",
    "decided_at": "datetime64[us, UTC]",
}  # fmt: skip
PLANNED_COLUMNS = {
    "qbo_id": "object", "pay_on": "datetime64[us]", "amount_cents": "Int64", "open_cents": "int64",
    "planned_on": "datetime64[us]", "by": "object", "decided_at": "datetime64[us, UTC]",
}  # fmt: skip

FRAMES = {
    PLAN: PLAN_COLUMNS, HOLD: HOLD_COLUMNS, PRIORITY: PRIORITY_COLUMNS, PROMISE: PROMISE_COLUMNS,
    BANK_BALANCE: BALANCE_COLUMNS, COMMITMENT: COMMITMENT_COLUMNS, DISMISSAL: DISMISSAL_COLUMNS,
}  # fmt: skip
"""The kinds on which figures depend, in the order of `CurrentDecisions`, and the columns of each one's frame."""


def current_decisions(decisions: Decisions, known_at: KnownAt = None) -> CurrentDecisions:
    """Return the decisions on which figures depend, as known at a moment (None: now)."""
    decided = decisions.of_kinds(list(FRAMES), known_at)
    return CurrentDecisions(
        *(decided_frame(_rows(kind, decided[kind]), columns) for kind, columns in FRAMES.items())
    )


def contacts(decisions: Decisions, business_id: str, known_at: datetime | None = None) -> pd.DataFrame:
    """Return a client's notes of contacts (`CONTACT_COLUMNS`), newest first, without those withdrawn."""
    return decided_frame(_of(decisions, CONTACT, business_id, known_at)[::-1], CONTACT_COLUMNS)


def planned(decisions: Decisions, business_id: str, known_at: datetime | None = None) -> pd.DataFrame:
    """Return a client's current plans with when and by whom each was made (`PLANNED_COLUMNS`), oldest first."""
    return decided_frame(_of(decisions, PLAN, business_id, known_at), PLANNED_COLUMNS)


def decided_frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a frame of those columns and types; other fields are dropped, moments are UTC."""
    if not rows:
        return empty(dict(columns))
    frame = pd.DataFrame(rows, columns=list(columns), dtype="object")
    for name in (name for name, kind in columns.items() if kind.startswith("datetime")):
        frame[name] = pd.to_datetime(frame[name], utc="UTC" in columns[name])
    return frame.astype(dict(columns))


def _of(decisions: Decisions, kind: str, business_id: str, known_at: datetime | None) -> list[dict[str, Any]]:
    every = decisions.every(kind, known_at)
    return _rows(kind, (decision for decision in every if decision.business_id == business_id))


def _rows(kind: str, decided: Iterable[Decided]) -> list[dict[str, Any]]:
    """Return the newest decision of each subject as a row, in the order the subjects were first decided on."""
    names = SUBJECTS[kind]
    newest = {(decision.business_id, decision.subject): decision for decision in decided}
    return [
        {
            **decision.content,
            "business_id": decision.business_id,
            "decided_at": decision.decided_at,
            **dict(zip(names, decision.subject.split(":", len(names) - 1), strict=True)),
        }
        for decision in newest.values()
        if not decision.content.get(WITHDRAWN)
    ]
