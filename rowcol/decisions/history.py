"""What the console reads beside the figures' decisions: notes of contacts, and every plan ever made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from rowcol.decisions.current import CONTACT, PLAN, WITHDRAWN
from rowcol.store.decisions import Decided, Decisions

CONTACT_COLUMNS = {
    "customer_id": "object", "note": "object", "next_on": "datetime64[us]", "by": "object",
    "decided_at": "datetime64[us, UTC]",
}  # fmt: skip
PLANNED_COLUMNS = {
    "qbo_id": "object", "pay_on": "datetime64[us]", "amount_cents": "Int64", "open_cents": "int64",
    "planned_on": "datetime64[us]", "by": "object", "decided_at": "datetime64[us, UTC]",
}  # fmt: skip


def contacts(decisions: Decisions, business_id: str, known_at: datetime | None = None) -> pd.DataFrame:
    """Return a client's notes of contacts (`CONTACT_COLUMNS`), newest first; those taken back are not among them."""
    newest = {one.subject: one for one in _of(decisions, CONTACT, business_id, known_at)}
    rows = [
        {"customer_id": one.subject.partition(":")[0], **_when(one)}
        for one in newest.values()
        if not one.content.get(WITHDRAWN)
    ]
    return _frame(rows[::-1], CONTACT_COLUMNS)


def planned(decisions: Decisions, business_id: str, known_at: datetime | None = None) -> pd.DataFrame:
    """Return a client's standing plans with when and by whom each was made (`PLANNED_COLUMNS`), oldest first."""
    newest = {one.subject: one for one in _of(decisions, PLAN, business_id, known_at)}
    rows = [
        {"qbo_id": one.subject, **_when(one)} for one in newest.values() if not one.content.get(WITHDRAWN)
    ]
    return _frame(rows, PLANNED_COLUMNS)


def _of(decisions: Decisions, kind: str, business_id: str, known_at: datetime | None) -> list[Decided]:
    return [one for one in decisions.every(kind, known_at) if one.business_id == business_id]


def _when(one: Decided) -> Mapping[str, Any]:
    return {**one.content, "decided_at": one.decided_at}


def _frame(rows: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    held = pd.DataFrame(rows, columns=list(columns), dtype="object")
    for name in (name for name, kind in columns.items() if kind.startswith("datetime")):
        held[name] = pd.to_datetime(held[name], utc="UTC" in columns[name])
    return held.astype(dict(columns))
