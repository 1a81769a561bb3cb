"""Questions for the client and tasks: open until answered or done; nothing is overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pandas as pd

from rowcol.decisions.reading import DISMISSAL, decided_frame
from rowcol.decisions.recording import (
    BY,
    WITHDRAWN,
    Actor,
    Change,
    DecisionLog,
    Recorded,
    current_contents,
    entered_text,
    person_name,
    record,
)
from rowcol.domain.follow_up import ANSWERED, DONE, OPEN, QUESTION_COLUMNS, TASK_COLUMNS
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decided, Decisions


@dataclass(frozen=True)
class FollowUpKind:
    """A kind of decision that is open until it is closed.

    `opened` and `closed` name its columns (`asked` gives asked_by and asked_at); `closed` is its closed state too.
    `columns` are those of its list.
    """

    kind: str
    opened: str
    closed: str
    columns: Mapping[str, str]


QUESTION = FollowUpKind("question", "asked", ANSWERED, QUESTION_COLUMNS)
TASK = FollowUpKind("task", "added", DONE, TASK_COLUMNS)
SIGNED = (DISMISSAL, QUESTION.kind, TASK.kind)
"""Kinds from which a form takes the name to begin with."""


@dataclass(frozen=True)
class RecordRef:
    """What a question or a task is about: the code of a finding, a record by entity and id, and both in words.

    '' for each that does not apply.
    """

    code: str = ""
    entity: str = ""
    qbo_id: str = ""
    about: str = ""


NO_RECORD = RecordRef()


@dataclass(frozen=True)
class Task:
    """What is to be done, by whom and until when, and the record it is about."""

    what: str
    owner: str
    due: date
    about: RecordRef = NO_RECORD


def ask(
    log: DecisionLog, actor: Actor, business_id: str, text: str, about: RecordRef = NO_RECORD
) -> Recorded:
    """Record a question for a client. Raises UsageError without a text."""
    content = {"text": entered_text(text, "the question"), **asdict(about), "answer": ""}
    return _open(log, actor, business_id, QUESTION, "Question asked", content)


def answer(log: DecisionLog, actor: Actor, business_id: str, question_id: str, text: str) -> Recorded:
    """Record the client's answer. Raises UsageError without an answer, or for an unknown question."""
    changed = {"state": ANSWERED, "answer": entered_text(text, "the answer")}
    return _change(log, actor, business_id, QUESTION, question_id, "Question answered", changed)


def reopen_question(log: DecisionLog, actor: Actor, business_id: str, question_id: str) -> Recorded:
    """Remove an answer: the question is open again. Raises UsageError for an unknown question."""
    changed = {"state": OPEN, "answer": ""}
    return _change(log, actor, business_id, QUESTION, question_id, "Question opened again", changed)


def withdraw_question(log: DecisionLog, actor: Actor, business_id: str, question_id: str) -> Recorded:
    """Withdraw a question. Raises UsageError for an unknown question."""
    return _change(log, actor, business_id, QUESTION, question_id, "Question withdrawn", {WITHDRAWN: True})


def add_task(log: DecisionLog, actor: Actor, business_id: str, task: Task) -> Recorded:
    """Record a task. Raises UsageError if what is to be done or who does it is missing."""
    content = {
        "what": entered_text(task.what, "what is to be done"),
        "owner": person_name(task.owner, "who does it"),
        "due": task.due.isoformat(),
        **asdict(task.about),
    }
    return _open(log, actor, business_id, TASK, "Task added", content)


def finish_task(log: DecisionLog, actor: Actor, business_id: str, task_id: str) -> Recorded:
    """Record that a task is done. Raises UsageError for an unknown task."""
    return _change(log, actor, business_id, TASK, task_id, "Task done", {"state": DONE})


def reopen_task(log: DecisionLog, actor: Actor, business_id: str, task_id: str) -> Recorded:
    """Record that a task is not done after all. Raises UsageError for an unknown task."""
    return _change(log, actor, business_id, TASK, task_id, "Task opened again", {"state": OPEN})


def withdraw_task(log: DecisionLog, actor: Actor, business_id: str, task_id: str) -> Recorded:
    """Withdraw a task. Raises UsageError for an unknown task."""
    return _change(log, actor, business_id, TASK, task_id, "Task withdrawn", {WITHDRAWN: True})


def all_questions(decisions: Decisions, known_at: datetime | None = None) -> pd.DataFrame:
    """Return every question not withdrawn, as known at a moment (`QUESTION_COLUMNS`)."""
    return _listed(QUESTION, decisions.every(QUESTION.kind, known_at))


def all_tasks(decisions: Decisions, known_at: datetime | None = None) -> pd.DataFrame:
    """Return every task not withdrawn, as known at a moment (`TASK_COLUMNS`)."""
    return _listed(TASK, decisions.every(TASK.kind, known_at))


def last_author(decisions: Decisions) -> str:
    """Return who decided last, '' before anything was decided: the name with which a form begins."""
    every = [decision for kind in SIGNED for decision in decisions.every(kind)]
    newest: Mapping[str, object] = (
        max(every, key=lambda decision: decision.decided_at).content if every else {}
    )
    return str(newest.get(BY, ""))


def _open(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    kind: FollowUpKind,
    effect: str,
    content: Mapping[str, Any],
) -> Recorded:
    change = Change(kind.kind, uuid4().hex, {**content, "state": OPEN})
    return record(log, actor, business_id, effect, [change])


def _change(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    kind: FollowUpKind,
    subject: str,
    effect: str,
    changed: Mapping[str, Any],
) -> Recorded:
    """Record what changed of a question or task. Raises UsageError if it is unknown or withdrawn."""
    current = current_contents(log.decisions, kind.kind).get((business_id, subject))
    if current is None:
        raise UsageError(f"This {kind.kind} is not there any more", "Open the list again")
    return record(log, actor, business_id, effect, [Change(kind.kind, subject, {**current, **changed})])


def _listed(kind: FollowUpKind, decided: Iterable[Decided]) -> pd.DataFrame:
    """Return the questions or tasks after a history of decisions, oldest first, without those withdrawn."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for decision in decided:
        key = (decision.business_id, decision.subject)
        first = {
            "business_id": decision.business_id, f"{kind.kind}_id": decision.subject,
            f"{kind.opened}_by": decision.content[BY], f"{kind.opened}_at": decision.decided_at,
        }  # fmt: skip
        closed = decision.content.get("state") == kind.closed
        rows[key] = {
            **first, **rows.get(key, {}), WITHDRAWN: False, **decision.content,
            f"{kind.closed}_by": decision.content[BY] if closed else None,
            f"{kind.closed}_at": decision.decided_at if closed else None,
        }  # fmt: skip
    return decided_frame([row for row in rows.values() if not row[WITHDRAWN]], kind.columns)
