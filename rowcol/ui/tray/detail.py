"""The finding chosen: why it matters, what to do, and the forms to ask, make a task or dismiss it."""

from datetime import timedelta
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from rowcol.decisions import dismissals, follow_ups
from rowcol.decisions.dismissals import Finding
from rowcol.decisions.follow_ups import RecordRef, Task
from rowcol.domain.hygiene.findings import question_about
from rowcol.money import exact_text
from rowcol.ui.kit.forms import close_form, form_key, name_field, run_command, run_command_in_callback
from rowcol.ui.kit.wording import SEVERITY_LABELS, kind_label, known, moment, plain
from rowcol.ui.state import choices, tray
from rowcol.ui.state.access import services, zone
from rowcol.wording import short_day

DUE_IN_DAYS = 7
"""A task is offered for the day of the next call."""
Row = Any


def show_finding(row: Row) -> None:
    """Draw the finding: its message and figures, why it matters, what to do, and the forms."""
    with st.container(border=True, key="finding"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"{SEVERITY_LABELS[row['severity']]} · **{plain(kind_label(row['code']))}**", width="stretch"
            )
            if known(row["url"]):
                st.link_button("Open in QuickBooks", row["url"], icon=":material/open_in_new:")
            if choices.chosen_known_at() is None:
                _decisions(row)
        st.markdown(f"#### {plain(row['message'])}")
        st.caption(plain_facts(row))
        st.markdown(f"**Why it matters** {plain(row['why'])}  \n**What to do** {plain(row['what_to_do'])}")


def plain_facts(row: Row) -> str:
    """Return a finding's figures in one line: client, party, money, days of runway, since when, and its code."""
    seen = moment(row["first_seen"])
    facts = [
        str(row["client"]),
        str(row["party"]) if known(row["party"]) else "",
        f"{exact_text(int(row['amount_cents']), row['currency'])} at stake" if row["amount_cents"] else "",
        f"{row['runway_effect_days']:,.1f} days of runway"
        if row["amount_cents"] and known(row["runway_effect_days"])
        else "",
        f"first seen {short_day(seen.astimezone(zone()).date())}" if seen else "",
        str(row["code"]),
    ]
    return plain(" · ".join(fact for fact in facts if fact))


def finding_of(row: Row) -> Finding:
    """Return which finding a row is."""
    version = None if pd.isna(row["version"]) else int(row["version"])
    return Finding(row["business_id"], row["code"], row["entity"], row["qbo_id"], version)


def about(row: Row) -> RecordRef:
    """Return the record that a question or task from a finding is about."""
    return RecordRef(row["code"], row["entity"] or "", row["qbo_id"] or "", kind_label(row["code"]))


def _decisions(row: Row) -> None:
    key = f"{crc32(repr(finding_of(row)).encode()):x}"
    with st.popover("Ask the client", icon=":material/help:", key=form_key(f"ask_{key}")):
        _ask(row, f"ask_{key}")
    with st.popover("Make a task", icon=":material/task_alt:", key=form_key(f"task_{key}")):
        _task(row, f"task_{key}")
    with st.popover("Dismiss", icon=":material/visibility_off:", key=f"dismiss_{key}"):
        _dismiss(row, key)


def _ask(row: Row, name: str) -> None:
    key = form_key(name)
    with st.form(f"{key}_form", border=False):
        text = st.text_area(
            "Question", question_about(row["code"], row["message"]), key=f"{key}_text", height=120
        )
        by = name_field(key)
        st.caption("Open until answered; the weekly digest carries it.")
        if st.form_submit_button("Add the question", type="primary"):
            log, client = services().decision_log, row["business_id"]
            if run_command(
                lambda actor: follow_ups.ask(log, actor, client, text, about(row)),
                by,
                "The question is added.",
            ):
                close_form(name)
                st.rerun()


def _task(row: Row, name: str) -> None:
    today = services().now().astimezone(zone()).date()
    key = form_key(name)
    with st.form(f"{key}_form", border=False):
        description = st.text_area("What", row["what_to_do"], key=f"{key}_what", height=80)
        left, right = st.columns(2)
        owner = left.text_input("Who", key=f"{key}_owner", max_chars=80)
        due = right.date_input(
            "By when", today + timedelta(days=DUE_IN_DAYS), key=f"{key}_due", format="YYYY-MM-DD"
        )
        by = name_field(key)
        if st.form_submit_button("Add the task", type="primary"):
            log, task = services().decision_log, Task(description, owner, due, about(row))
            client = row["business_id"]
            if run_command(
                lambda actor: follow_ups.add_task(log, actor, client, task), by, "The task is added."
            ):
                close_form(name)
                st.rerun()


def _dismiss(row: Row, key: str) -> None:
    with st.form(f"dismiss_form_{key}", border=False):
        reason = st.text_area("Why does it need no mending?", key=f"dismiss_reason_{key}", height=80)
        by = name_field(f"dismiss_{key}")
        st.caption(
            "It leaves the tray, the counts and what blocks the record, until the record changes in QuickBooks."
        )
        if st.form_submit_button("Dismiss", type="primary"):
            finding = finding_of(row)
            log = services().decision_log
            if run_command(
                lambda actor: dismissals.dismiss(log, actor, finding, reason), by, "The finding is dismissed."
            ):
                tray.remember_dismissed(finding, row["message"])
                st.rerun()


def show_undo() -> None:
    """Draw what this session dismissed last, and the button that undoes it."""
    last = tray.just_dismissed()
    if last is None or choices.chosen_known_at() is not None:
        return
    finding, message = last
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"Dismissed: {plain(message)}", icon=":material/visibility_off:")
        st.button("Undo", key="undo_dismissal", on_click=restore, args=(finding,))


def restore(finding: Finding) -> None:
    """Undo a dismissal, from a button's callback."""
    log = services().decision_log
    run_command_in_callback(
        lambda actor: dismissals.restore(log, actor, finding), "The finding is back in the tray."
    )
    tray.remember_dismissed(None)
