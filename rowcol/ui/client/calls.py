"""The tab Calls: mark a call as held, and the outcome of the decisions of the last one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.decisions.calls import hold, note, withdraw
from rowcol.decisions.recording import LONGEST_TEXT, Actor, Recorded, undo
from rowcol.domain.calls import Call
from rowcol.ui.kit.forms import close_form, form_key, name_field, run_command, run_command_in_callback
from rowcol.ui.kit.known_at import moment_text
from rowcol.ui.kit.states import show_no_rows
from rowcol.ui.kit.tables import csv_button, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import STATUS_LABELS, plain
from rowcol.ui.state import calls, choices
from rowcol.ui.state.access import services, zone
from rowcol.views.common.calls import CallView

PAST_FILE = {
    "client": "client", "held_at": "held_at", "by": "by", "notes": "notes", "cash_cents": "cash",
    "buffer_days": "buffer_days", "net_burn_runway_days": "net_burn_runway_days", "cash_out_on": "cash_out_date",
    "status": "status", "findings": "findings", "blocking": "blocking", "plans": "plans", "promises": "promises",
    "expected_cents": "forecast_for_next_call", "happened_cents": "cash_then", "came_true": "came_true",
    "currency": "currency",
}  # fmt: skip
PLAN_FILE = {
    "client": "client", "qbo_id": "qbo_id", "doc_number": "number", "party": "vendor", "pay_on": "planned_for",
    "planned_cents": "planned", "paid_on": "paid_on", "paid_cents": "paid", "outcome": "outcome", "currency": "currency",
}  # fmt: skip
PROMISE_FILE = {
    "client": "client", "qbo_id": "qbo_id", "doc_number": "number", "party": "customer", "promised_on": "promised_for",
    "paid_on": "paid_on", "paid_cents": "paid_since", "open_cents": "open", "outcome": "outcome", "currency": "currency",
}  # fmt: skip
DAY = "D MMM YYYY"
NARROW = {
    "plans": ("party", "pay_on", "planned", "paid", "outcome"),
    "promises": ("party", "promised_on", "paid", "open", "outcome"),
    "calls": ("held_at", "cash", "cash_out_on", "status", "notes"),
}


def show_calls(business_id: str) -> None:
    """Draw the last call, the outcome of its decisions, all calls, and the form that marks one as held."""
    view = calls.call_view(business_id)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_last_call_text(view), width="stretch")
        if choices.chosen_known_at() is None:
            _commands(view)
    _taken_back(view.business_id)
    if view.last is None:
        show_no_rows(
            "No call was held yet. Mark one as held: the next begins from its figures and decisions."
        )
        return
    if view.last.notes:
        st.markdown(plain(view.last.notes))
    _outcomes(view)
    _past(view)


def _last_call_text(view: CallView) -> str:
    if view.last is None:
        return "Calls held with this client."
    text = f"Last call: {plain(moment_text(view.last.held_at))}, held by {plain(view.last.by)}."
    if view.scored:
        text += f" Forecasts that came true within 10 %: {view.came_true:,} of {view.scored:,}."
    return text


def _commands(view: CallView) -> None:
    if view.last is not None:
        st.button(
            "Take back", key="undo_call", icon=":material/undo:", type="tertiary", help="The last call was not held.",
            on_click=_take_back, args=(view.last,),
        )  # fmt: skip
        form = f"note_{view.business_id}"
        with st.popover("Edit a note", icon=":material/edit_note:", key=form_key(form)):
            _note_form(view, form)
    if choices.chosen_as_of() is None:
        form = f"hold_{view.business_id}"
        with st.popover("Mark a call as held", icon=":material/call:", key=form_key(form)):
            _form(view, form)


def _form(view: CallView, name: str) -> None:
    key = form_key(name)
    with st.form(f"{key}_form", border=False):
        notes = st.text_area("Note", max_chars=LONGEST_TEXT, key=f"{key}_text")
        by = name_field(key)
        st.caption("Keeps the figures of this moment, the decisions that stand, and this note.")
        if st.form_submit_button("Call held", type="primary"):
            running = services()

            def hold_call(actor: Actor) -> Recorded:
                return hold(
                    running.decision_log, actor, *running.call_held_now(view.business_id, notes or "")
                )

            if run_command(hold_call, by, "Call kept"):
                close_form(name)
                calls.remember_withdrawn_call(view.business_id, None)
                st.rerun()


def _note_form(view: CallView, name: str) -> None:
    key, log = form_key(name), services().decision_log
    at = st.selectbox(
        "Call", range(len(view.held)), format_func=lambda number: moment_text(view.held[number].held_at), key=f"{key}_call"
    )  # fmt: skip
    call = view.held[at]
    with st.form(f"{key}_{at}_form", border=False):
        notes = st.text_area("Note", call.notes, max_chars=LONGEST_TEXT, key=f"{key}_{at}_text")
        by = name_field(f"{key}_{at}")
        if st.form_submit_button("Save the note", type="primary") and run_command(
            lambda actor: note(log, actor, call, notes or ""), by, "The note is kept."
        ):
            close_form(name)
            st.rerun()


def _take_back(call: Call) -> None:
    def command(actor: Actor) -> None:
        recorded = withdraw(services().decision_log, actor, call)
        calls.remember_withdrawn_call(call.business_id, (call, recorded))

    run_command_in_callback(command, "Call taken back", call.by)


def _taken_back(business_id: str) -> None:
    """Draw the call this session withdrew, and the button that undoes it."""
    last = calls.withdrawn_call(business_id)
    if last is None or choices.chosen_known_at() is not None:
        return
    call, recorded = last
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"Taken back: the call of {plain(moment_text(call.held_at))}.", icon=":material/undo:")
        st.button("Undo", key="restore_call", on_click=_restore, args=(call, recorded))


def _restore(call: Call, recorded: Recorded) -> None:
    def command(actor: Actor) -> None:
        undo(services().decision_log, actor, recorded)
        calls.remember_withdrawn_call(call.business_id, None)

    run_command_in_callback(command, "The call is held again.", call.by)


def _outcomes(view: CallView) -> None:
    planned = {
        "party": st.column_config.TextColumn("Vendor", width=200),
        "doc_number": st.column_config.TextColumn("Number", width=100),
        "pay_on": st.column_config.DateColumn("Planned for", format=DAY, width=110),
        "planned": money_column("Planned", view.currency, width=120),
        "paid_on": st.column_config.DateColumn("Paid on", format=DAY, width=110),
        "paid": money_column("Paid", view.currency, width=120),
        "outcome": st.column_config.TextColumn("What happened", width=170),
    }
    promised = {
        "party": st.column_config.TextColumn("Customer", width=200),
        "doc_number": st.column_config.TextColumn("Number", width=100),
        "promised_on": st.column_config.DateColumn("Promised for", format=DAY, width=110),
        "paid_on": st.column_config.DateColumn("Paid on", format=DAY, width=110),
        "paid": money_column("Paid since", view.currency, width=120),
        "open": money_column("Still open", view.currency, width=120),
        "outcome": st.column_config.TextColumn("What happened", width=170),
    }
    _table(view, view.plans, "Bills planned at the last call", planned, PLAN_FILE, "plans")
    _table(view, view.promises, "Promises at the last call", promised, PROMISE_FILE, "promises")


def _past(view: CallView) -> None:
    frame = view.past.assign(status=view.past["status"].map(lambda code: STATUS_LABELS.get(code, code)))
    config = {
        "held_at": st.column_config.DatetimeColumn(
            "Held", format="D MMM YYYY, HH:mm", timezone=zone().key, width=140
        ),
        "by": st.column_config.TextColumn("By", width=90),
        "cash": money_column("Cash", view.currency, width=120),
        "buffer_days": st.column_config.NumberColumn("Buffer, days", width=90),
        "net_burn_runway_days": st.column_config.NumberColumn("Runway, days", width=95),
        "cash_out_on": st.column_config.DateColumn("Cash-out", format=DAY, width=105),
        "status": st.column_config.TextColumn("Status", width=95),
        "findings": st.column_config.NumberColumn("Findings", width=75),
        "expected": money_column("Forecast for the next", view.currency, "Cash as forecast at this call for the next.", 140),
        "happened": money_column("Cash then", view.currency, width=120),
        "notes": st.column_config.TextColumn("Note", width=240),
    }  # fmt: skip
    _table(view, frame, f"Calls held: {len(frame):,}", config, PAST_FILE, "calls")


def _table(
    view: CallView,
    rows: pd.DataFrame,
    title: str,
    config: Mapping[str, Any],
    file: Mapping[str, str],
    kind: str,
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{plain(title)}**", width="stretch")
        if len(rows):
            stated = rows.assign(client=view.name, currency=view.currency)
            name = f"{file_stem(view.name)}-{kind}-{view.as_of}.csv"
            csv_button(stated, file, name, key=f"csv_{kind}", of=view.stated)
    if rows.empty:
        show_no_rows("None.")
        return
    cents = [name for name in rows.columns if name.endswith("_cents")]
    shown = rows.assign(**{name.removesuffix("_cents"): units(rows[name]) for name in cents})
    show_table(shown, config, f"{kind}_held_table", NARROW[kind])
