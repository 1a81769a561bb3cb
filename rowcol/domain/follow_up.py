"""What is still open between advisor and client: questions until answered, tasks until done."""

import pandas as pd

OPEN, ANSWERED, DONE = "open", "answered", "done"
ABOUT_COLUMNS = {"code": "object", "entity": "object", "qbo_id": "object", "about": "object"}
"""What it is about: the code of a finding, a record, and both in words; '' if it is about nothing in particular."""
QUESTION_COLUMNS = {
    "business_id": "object", "question_id": "object", "text": "object", **ABOUT_COLUMNS, "state": "object",
    "asked_by": "object", "asked_at": "datetime64[us, UTC]", "answer": "object", "answered_by": "object",
    "answered_at": "datetime64[us, UTC]",
}  # fmt: skip
"""A question for the client; `answer` '' and answered_* missing while it is open."""
TASK_COLUMNS = {
    "business_id": "object", "task_id": "object", "what": "object", "owner": "object", "due": "datetime64[us]",
    **ABOUT_COLUMNS, "state": "object", "added_by": "object", "added_at": "datetime64[us, UTC]", "done_by": "object",
    "done_at": "datetime64[us, UTC]",
}  # fmt: skip
"""Who does what by when; done_* missing while it is open."""


def open_questions(questions: pd.DataFrame) -> pd.DataFrame:
    """Return the questions without an answer, the longest asked first."""
    return _oldest_first(questions[questions["state"] == OPEN], "asked_at", "question_id")


def answered_questions(questions: pd.DataFrame) -> pd.DataFrame:
    """Return the questions with an answer, the newest answer first."""
    rows = questions[questions["state"] == ANSWERED]
    return _oldest_first(rows, "answered_at", "question_id").iloc[::-1].reset_index(drop=True)


def open_tasks(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks not yet done, the oldest first."""
    return _oldest_first(tasks[tasks["state"] == OPEN], "added_at", "task_id")


def done_tasks(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks done, the newest first."""
    rows = tasks[tasks["state"] == DONE]
    return _oldest_first(rows, "done_at", "task_id").iloc[::-1].reset_index(drop=True)


def question_text(client: str, questions: pd.DataFrame) -> str:
    """Return open questions of one client as plain text to send: a greeting line, then each with its number."""
    if questions.empty:
        return ""
    lines = [f"{number}. {text}" for number, text in enumerate(questions["text"], start=1)]
    return "\n".join([f"Questions on the books of {client}:", "", *lines])


def _oldest_first(rows: pd.DataFrame, moment: str, name: str) -> pd.DataFrame:
    return rows.sort_values([moment, "business_id", name], ignore_index=True)
