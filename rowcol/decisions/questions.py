"""Questions for the client: asked, answered, opened again, withdrawn; nothing is overwritten."""

from datetime import datetime

import pandas as pd

from rowcol.decisions import follow_up_kinds
from rowcol.decisions.current import WITHDRAWN
from rowcol.decisions.record_ref import NO_RECORD, RecordRef
from rowcol.decisions.validation import said
from rowcol.domain.follow_up import ANSWERED, OPEN, QUESTION_COLUMNS
from rowcol.store.decisions import Decisions

QUESTION = follow_up_kinds.Case("question", "asked", ANSWERED, QUESTION_COLUMNS)


def ask(
    decisions: Decisions, business_id: str, text: str, by: str, now: datetime, about: RecordRef = NO_RECORD
) -> str:
    """Record a question for a client and return its id. Raises UsageError without a text or a name."""
    content = {"text": said(text, "the question"), **about.content(), "answer": ""}
    return follow_up_kinds.begin(decisions, QUESTION, business_id, content, by, now)


def answer(
    decisions: Decisions, business_id: str, question_id: str, text: str, by: str, now: datetime
) -> None:
    """Record what the client answered. Raises UsageError without an answer or a name, or for an unknown question."""
    told = {"state": ANSWERED, "answer": said(text, "the answer")}
    follow_up_kinds.change(decisions, QUESTION, business_id, question_id, told, by, now)


def reopen(decisions: Decisions, business_id: str, question_id: str, by: str, now: datetime) -> None:
    """Take an answer back: the question is open again. Raises UsageError."""
    told = {"state": OPEN, "answer": ""}
    follow_up_kinds.change(decisions, QUESTION, business_id, question_id, told, by, now)


def withdraw(decisions: Decisions, business_id: str, question_id: str, by: str, now: datetime) -> None:
    """Take a question back: it was not to be asked. Raises UsageError."""
    follow_up_kinds.change(decisions, QUESTION, business_id, question_id, {WITHDRAWN: True}, by, now)


def all_questions(decisions: Decisions, known_at: datetime | None = None) -> pd.DataFrame:
    """Return every question not withdrawn, as known at a moment (`QUESTION_COLUMNS`)."""
    return follow_up_kinds.listed(QUESTION, decisions.every(QUESTION.kind, known_at))
