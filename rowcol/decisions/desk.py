"""The advisor's desk: what a page commands about findings, questions and tasks, bound to the store and the clock."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from rowcol.clock import Clock
from rowcol.decisions import dismissals, questions, tasks
from rowcol.decisions.current import DISMISSAL
from rowcol.decisions.dismissals import Finding
from rowcol.decisions.record_ref import NO_RECORD, RecordRef
from rowcol.decisions.tasks import Task
from rowcol.store.decisions import Decisions

KINDS = (DISMISSAL, questions.QUESTION.kind, tasks.TASK.kind)


class Desk:
    """Commands of one practice's advisors. Each raises UsageError, with what to do, where it cannot be done."""

    def __init__(self, decisions: Decisions, clock: Clock) -> None:
        self._decisions = decisions
        self._clock = clock

    def dismiss(self, finding: Finding, reason: str, by: str) -> None:
        """Set a finding aside until its record changes."""
        dismissals.dismiss(self._decisions, finding, reason, by, self._clock())

    def restore(self, finding: Finding, by: str) -> None:
        """Take a dismissal back."""
        dismissals.restore(self._decisions, finding, by, self._clock())

    def ask(self, business_id: str, text: str, by: str, about: RecordRef = NO_RECORD) -> str:
        """Note a question for a client; return its id."""
        return questions.ask(self._decisions, business_id, text, by, self._clock(), about)

    def answer(self, business_id: str, question_id: str, text: str, by: str) -> None:
        """Note what the client answered."""
        questions.answer(self._decisions, business_id, question_id, text, by, self._clock())

    def reopen_question(self, business_id: str, question_id: str, by: str) -> None:
        """Take an answer back."""
        questions.reopen(self._decisions, business_id, question_id, by, self._clock())

    def withdraw_question(self, business_id: str, question_id: str, by: str) -> None:
        """Take a question back."""
        questions.withdraw(self._decisions, business_id, question_id, by, self._clock())

    def add_task(self, business_id: str, task: Task, by: str) -> str:
        """Note a task; return its id."""
        return tasks.add(self._decisions, business_id, task, by, self._clock())

    def finish_task(self, business_id: str, task_id: str, by: str) -> None:
        """Note that a task is done."""
        tasks.finish(self._decisions, business_id, task_id, by, self._clock())

    def reopen_task(self, business_id: str, task_id: str, by: str) -> None:
        """Take back that a task was done."""
        tasks.reopen(self._decisions, business_id, task_id, by, self._clock())

    def withdraw_task(self, business_id: str, task_id: str, by: str) -> None:
        """Take a task back."""
        tasks.withdraw(self._decisions, business_id, task_id, by, self._clock())

    def questions(self, known_at: datetime | None = None) -> pd.DataFrame:
        """Return every question as known at a moment; see `QUESTION_COLUMNS`."""
        return questions.all_questions(self._decisions, known_at)

    def tasks(self, known_at: datetime | None = None) -> pd.DataFrame:
        """Return every task as known at a moment; see `TASK_COLUMNS`."""
        return tasks.all_tasks(self._decisions, known_at)

    def last_author(self) -> str:
        """Return who decided last, '' before anything was: the name a form begins with."""
        every = [one for kind in KINDS for one in self._decisions.every(kind)]
        newest: Mapping[str, object] = max(every, key=lambda one: one.decided_at).content if every else {}
        return str(newest.get("by", ""))
