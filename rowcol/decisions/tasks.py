"""Who does what by when: noted, done, opened again, withdrawn; nothing is overwritten."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.decisions import follow_up_kinds
from rowcol.decisions.current import WITHDRAWN
from rowcol.decisions.record_ref import NO_RECORD, RecordRef
from rowcol.decisions.validation import named_person, said
from rowcol.domain.follow_up import DONE, OPEN, TASK_COLUMNS
from rowcol.store.decisions import Decisions

TASK = follow_up_kinds.Case("task", "added", DONE, TASK_COLUMNS)


@dataclass(frozen=True)
class Task:
    """What is to be done, by whom and until when, and the record it is about."""

    what: str
    owner: str
    due: date
    about: RecordRef = NO_RECORD


def add(decisions: Decisions, business_id: str, task: Task, by: str, now: datetime) -> str:
    """Record a task and return its id. Raises UsageError where a text or a name is missing."""
    content = {
        "what": said(task.what, "what is to be done"),
        "owner": named_person(task.owner, "who does it"),
        "due": task.due.isoformat(),
        **task.about.content(),
    }
    return follow_up_kinds.begin(decisions, TASK, business_id, content, by, now)


def finish(decisions: Decisions, business_id: str, task_id: str, by: str, now: datetime) -> None:
    """Record that a task is done. Raises UsageError without a name, or for an unknown task."""
    follow_up_kinds.change(decisions, TASK, business_id, task_id, {"state": DONE}, by, now)


def reopen(decisions: Decisions, business_id: str, task_id: str, by: str, now: datetime) -> None:
    """Take back that a task was done. Raises UsageError."""
    follow_up_kinds.change(decisions, TASK, business_id, task_id, {"state": OPEN}, by, now)


def withdraw(decisions: Decisions, business_id: str, task_id: str, by: str, now: datetime) -> None:
    """Take a task back: it is not to be done. Raises UsageError."""
    follow_up_kinds.change(decisions, TASK, business_id, task_id, {WITHDRAWN: True}, by, now)


def all_tasks(decisions: Decisions, known_at: datetime | None = None) -> pd.DataFrame:
    """Return every task not withdrawn, as known at a moment (`TASK_COLUMNS`)."""
    return follow_up_kinds.listed(TASK, decisions.every(TASK.kind, known_at))
