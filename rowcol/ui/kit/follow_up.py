"""The tabs Questions and Tasks: those open, and those answered or done."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.decisions import follow_ups
from rowcol.decisions.follow_ups import Task
from rowcol.decisions.recording import Actor, Recorded
from rowcol.domain.follow_up import question_text
from rowcol.ui.kit.forms import close_form, form_key, name_field, run_command, run_command_in_callback
from rowcol.ui.kit.states import show_no_rows
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, file_days, for_each_width, table_height
from rowcol.ui.kit.wording import plain
from rowcol.ui.state import choices
from rowcol.ui.state.access import services, zone
from rowcol.views.common.columns import Stated
from rowcol.views.common.follow_up import FollowUpView
from rowcol.wording import MISSING

DUE_IN_DAYS = 7
ROWS_SEEN = 8
OPEN, CLOSED = "open", "closed"
QUESTION_FILE = {
    "client": "client", "text": "question", "about": "about", "code": "code", "entity": "entity", "qbo_id": "qbo_id",
    "state": "state", "asked_by": "asked_by", "asked_at": "asked_at", "answer": "answer",
    "answered_by": "answered_by", "answered_at": "answered_at", "url": "url",
}  # fmt: skip
TASK_FILE = {
    "client": "client", "what": "what", "owner": "owner", "due": "due", "overdue": "overdue", "state": "state",
    "about": "about", "code": "code", "entity": "entity", "qbo_id": "qbo_id", "added_by": "added_by",
    "added_at": "added_at", "done_by": "done_by", "done_at": "done_at", "url": "url",
}  # fmt: skip
COLUMNS: dict[str, tuple[str, int]] = {
    "mark": ("State", 104), "client": ("Client", 150), "text": ("Question", 330), "what": ("What", 330),
    "owner": ("Who", 120), "due": ("By when", 100), "about": ("About", 190), "answer": ("Answer", 320),
    "asked_by": ("Asked by", 110), "asked_at": ("Asked", 92), "answered_by": ("Answered by", 110),
    "answered_at": ("Answered", 92), "added_by": ("Noted by", 110), "added_at": ("Noted", 92),
    "done_by": ("Done by", 110), "done_at": ("Done", 92), "url": ("QBO", 62),
}  # fmt: skip
Names = Mapping[str, str]


def question_tab(view: FollowUpView, scope: str | None, names: Names) -> None:
    """Draw the questions: new ones, the text to send, those open and those answered."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = _open_or_closed("questions", len(view.questions), "Answered", len(view.answered))
        st.space("stretch")
        if choices.chosen_known_at() is None:
            with st.popover("New question", icon=":material/add:", key=form_key(f"new_question_{scope}")):
                _new_question(scope, names)
        if not view.questions.empty:
            with st.popover("Text to copy", icon=":material/content_copy:", key="question_text"):
                _texts(view.questions)
        every = pd.concat([view.questions, view.answered], ignore_index=True)
        name = f"questions-{file_days(view.days)}.csv"
        csv_button(every, QUESTION_FILE, name, key="questions_csv", of=Stated(view.known_at))
    rows = view.questions if shown == OPEN else view.answered
    if rows.empty:
        show_no_rows(
            "No question is open. Ask one from a finding, or add it here; it stays open until it is answered."
            if shown == OPEN
            else "No question was answered yet."
        )
        return
    columns = ("client", "text", "about", "asked_by", "asked_at", "url")
    closed = ("client", "text", "answer", "answered_by", "answered_at", "url")
    row = _table(rows, "questions", shown, columns if shown == OPEN else closed, ("client", "text"), scope)
    if row is not None and choices.chosen_known_at() is None:
        _answer(row) if shown == OPEN else _ask_again(row)


def task_tab(view: FollowUpView, scope: str | None, names: Names) -> None:
    """Draw the tasks: new ones, those open with the overdue marked, and those done."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = _open_or_closed("tasks", len(view.tasks), "Done", len(view.done))
        st.space("stretch")
        if choices.chosen_known_at() is None:
            with st.popover("New task", icon=":material/add:", key=form_key(f"new_task_{scope}")):
                _new_task(scope, names)
        every = pd.concat([view.tasks, view.done.assign(overdue=False)], ignore_index=True)
        name = f"tasks-{file_days(view.days)}.csv"
        csv_button(every, TASK_FILE, name, key="tasks_csv", of=Stated(view.known_at))
    rows = view.tasks if shown == OPEN else view.done
    if rows.empty:
        show_no_rows(
            "No task is open. Make one from a finding, or add it here; it stays open until it is done."
            if shown == OPEN
            else "No task is done yet."
        )
        return
    if shown == OPEN:
        rows = rows.assign(mark=["▲ Overdue" if late else "● Open" for late in rows["overdue"]])
    columns = ("mark", "client", "what", "owner", "due", "about", "added_at", "url")
    closed = ("client", "what", "owner", "due", "done_by", "done_at", "url")
    narrow = ("mark", "client", "what", "owner", "due") if shown == OPEN else ("client", "what", "done_at")
    row = _table(rows, "tasks", shown, columns if shown == OPEN else closed, narrow, scope)
    if row is not None and choices.chosen_known_at() is None:
        _finish(row, shown)


def _open_or_closed(kind: str, opened: int, closed_word: str, closed: int) -> str:
    labels = {OPEN: f"Open {opened:,}", CLOSED: f"{closed_word} {closed:,}"}
    chosen = st.pills(
        "State",
        list(labels),
        format_func=labels.__getitem__,
        default=OPEN,
        key=f"{kind}_state",
        label_visibility="collapsed",
        required=True,
    )
    return str(chosen or OPEN)


def _table(
    rows: pd.DataFrame,
    kind: str,
    shown: str,
    wide: Sequence[str],
    narrow: Sequence[str],
    scope: str | None,
) -> Any:
    """Draw a table with one row to choose; return the row chosen, None before one was."""
    chosen: list[int] = []
    frame = rows[[name for name in wide if name in rows]].replace("", None)
    config = {name: _column(name) for name in frame.columns}

    def draw(key: str, columns: Sequence[str]) -> None:
        st.dataframe(
            frame,
            column_order=[name for name in columns if scope is None or name != "client"],
            column_config=config,
            hide_index=True,
            placeholder=MISSING,
            row_height=ROW_HEIGHT,
            height=table_height(min(len(rows), ROWS_SEEN)),
            on_select="rerun",
            selection_mode="single-row",
            key=key,
        )
        chosen.extend(at for at in choices.selected_rows(key) if at < len(rows))

    for_each_width(draw, f"{kind}_{shown}_{len(rows)}", wide, narrow)
    if not chosen:
        st.caption("Choose a row to answer it." if kind == "questions" else "Choose a row to close it.")
    return rows.iloc[chosen[0]] if chosen else None


def _column(name: str) -> Any:
    label, width = COLUMNS[name]
    if name == "due":
        return st.column_config.DateColumn(label, format="D MMM YYYY", width=width)
    if name.endswith("_at"):
        zone_name = zone().key
        return st.column_config.DatetimeColumn(label, format="D MMM YY", timezone=zone_name, width=width)
    if name == "url":
        return st.column_config.LinkColumn(label, display_text="Open", width=width)
    return st.column_config.TextColumn(label, width=width)


def _client_field(scope: str | None, names: Names, key: str) -> str:
    if scope is not None:
        return scope
    return str(
        st.selectbox(
            "Client", list(names), format_func=lambda business_id: names[business_id], key=f"{key}_client"
        )
    )


def _new_question(scope: str | None, names: Names) -> None:
    key = form_key(f"new_question_{scope}")
    with st.form(f"{key}_form", border=False):
        client = _client_field(scope, names, key)
        text = st.text_area("Question", key=f"{key}_text", height=100)
        by = name_field(key)
        if st.form_submit_button("Add the question", type="primary"):
            log = services().decision_log
            if run_command(
                lambda actor: follow_ups.ask(log, actor, client, text), by, "The question is added."
            ):
                close_form(f"new_question_{scope}")
                st.rerun()


def _texts(questions: pd.DataFrame) -> None:
    for client, rows in questions.groupby("client", sort=False):
        st.code(question_text(str(client), rows), language=None, wrap_lines=True)


def _answer(row: Any) -> None:
    client, question = row["business_id"], row["question_id"]
    log = services().decision_log
    with st.container(border=True, key="answer"):
        st.markdown(f"**{plain(row['text'])}**")
        with st.form(f"answer_{question}", border=False):
            text = st.text_area("What did the client answer?", key=f"answer_text_{question}", height=80)
            by = name_field(f"answer_{question}")
            if st.form_submit_button("Save the answer", type="primary") and run_command(
                lambda actor: follow_ups.answer(log, actor, client, question, text), by, "The answer is kept."
            ):
                st.rerun()
        _callback_button(
            "Withdraw the question", "question_withdraw", "The question is withdrawn.",
            lambda actor: follow_ups.withdraw_question(log, actor, client, question),
        )  # fmt: skip


def _ask_again(row: Any) -> None:
    client, question = row["business_id"], row["question_id"]
    log = services().decision_log
    with st.container(border=True, key="answered"):
        st.markdown(f"**{plain(row['text'])}**  \n{plain(row['answer'])}")
        _callback_button(
            "Open it again", "question_reopen", "The question is open again.",
            lambda actor: follow_ups.reopen_question(log, actor, client, question),
        )  # fmt: skip


def _new_task(scope: str | None, names: Names) -> None:
    today = services().now().astimezone(zone()).date()
    key, in_a_week = form_key(f"new_task_{scope}"), today + timedelta(days=DUE_IN_DAYS)
    with st.form(f"{key}_form", border=False):
        client = _client_field(scope, names, key)
        description = st.text_area("What", key=f"{key}_what", height=80)
        left, right = st.columns(2)
        owner = left.text_input("Who", key=f"{key}_owner", max_chars=80)
        due = right.date_input("By when", in_a_week, key=f"{key}_due", format="YYYY-MM-DD")
        by = name_field(key)
        if st.form_submit_button("Add the task", type="primary"):
            log, task = services().decision_log, Task(description, owner, due)
            if run_command(
                lambda actor: follow_ups.add_task(log, actor, client, task), by, "The task is added."
            ):
                close_form(f"new_task_{scope}")
                st.rerun()


def _finish(row: Any, shown: str) -> None:
    client, task = row["business_id"], row["task_id"]
    log = services().decision_log
    with st.container(border=True, key="one_task"):
        st.markdown(f"**{plain(row['what'])}** · {plain(row['owner'])}")
        with st.container(horizontal=True):
            if shown == OPEN:
                _callback_button("Done", "task_done", "The task is done.",
                                 lambda actor: follow_ups.finish_task(log, actor, client, task), primary=True)  # fmt: skip
                _callback_button("Withdraw the task", "task_withdraw", "The task is withdrawn.",
                                 lambda actor: follow_ups.withdraw_task(log, actor, client, task))  # fmt: skip
            else:
                _callback_button("Open it again", "task_reopen", "The task is open again.",
                                 lambda actor: follow_ups.reopen_task(log, actor, client, task))  # fmt: skip


def _callback_button(
    label: str, key: str, message: str, command: Callable[[Actor], Recorded], *, primary: bool = False
) -> None:
    st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        on_click=run_command_in_callback,
        args=(command, message),
    )
