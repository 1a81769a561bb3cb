"""What is opened and closed by decisions: a question until it is answered, a task until it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pandas as pd

from rowcol.decisions.current import WITHDRAWN
from rowcol.decisions.validation import named_person
from rowcol.domain.follow_up import OPEN
from rowcol.errors import UsageError
from rowcol.store.decisions import Decided, Decisions


@dataclass(frozen=True)
class Case:
    """A kind of decision that is open until it is closed.

    `opened` and `closed` are the words its columns are named by (`asked` gives asked_by and asked_at); `closed` is
    its closed state too. `columns` are those of its listing.
    """

    kind: str
    opened: str
    closed: str
    columns: Mapping[str, str]

    @property
    def id_name(self) -> str:
        """Return the column that names one."""
        return f"{self.kind}_id"


def begin(
    decisions: Decisions, case: Case, business_id: str, content: Mapping[str, Any], by: str, now: datetime
) -> str:
    """Record a new case, open, and return its id. Raises UsageError without a name."""
    case_id = uuid4().hex
    kept = {**content, "state": OPEN, "by": named_person(by)}
    decisions.record(business_id, case.kind, case_id, kept, now)
    return case_id


def change(
    decisions: Decisions,
    case: Case,
    business_id: str,
    case_id: str,
    said: Mapping[str, Any],
    by: str,
    now: datetime,
) -> None:
    """Record what changed of a case. Raises UsageError without a name, or where it is not there (any more)."""
    held = decisions.newest(case.kind).get((business_id, case_id))
    if held is None or held.get(WITHDRAWN):
        raise UsageError(f"This {case.kind} is not there any more", "Open the list again")
    decisions.record(business_id, case.kind, case_id, {**held, **said, "by": named_person(by)}, now)


def listed(case: Case, decided: Iterable[Decided]) -> pd.DataFrame:
    """Return the cases that a history of decisions, oldest first, comes to, without those withdrawn."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in decided:
        key = (one.business_id, one.subject)
        first = {
            "business_id": one.business_id, case.id_name: one.subject,
            f"{case.opened}_by": one.content["by"], f"{case.opened}_at": one.decided_at,
        }  # fmt: skip
        closed = one.content["state"] == case.closed
        found[key] = {
            **first, **found.get(key, {}), **one.content,
            f"{case.closed}_by": one.content["by"] if closed else None,
            f"{case.closed}_at": one.decided_at if closed else None,
        }  # fmt: skip
    rows = [row for row in found.values() if not row.get(WITHDRAWN)]
    frame = pd.DataFrame(rows, columns=list(case.columns), dtype="object")
    for name, kind in case.columns.items():
        if kind.startswith("datetime"):
            frame[name] = pd.to_datetime(frame[name], utc="UTC" in kind)
    return frame.astype(dict(case.columns))
