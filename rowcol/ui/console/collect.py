"""Console, Collect: customers to chase, their payment habit, promises and notes, and a reminder to copy."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.decisions.receivables import contact, promise
from rowcol.money import exact_text
from rowcol.ui.console.decisions import record_decision, show_name_field, show_undo
from rowcol.ui.kit.tables import (
    ROW_HEIGHT,
    csv_button,
    file_stem,
    for_each_width,
    money_column,
    show_table,
    table_height,
    units,
)
from rowcol.ui.kit.wording import Sentence, known, plain
from rowcol.ui.state import choices, console
from rowcol.ui.state.access import services
from rowcol.views.console.collections import reminder
from rowcol.views.console.page import CollectionList, ConsoleView
from rowcol.wording import MISSING, counted, days, short_day

CUSTOMERS_SEEN = 8
NO_DAY = Sentence(
    "No day was chosen, and none of these invoices was promised", "Choose the day, then keep it"
)
HABIT_NOTES = {
    "own": "",
    "parent": " (its parent's habit)",
    "client": " (all customers' habit)",
}
COLLECT_FILE = {
    "qbo_id": "qbo_id", "customer": "customer", "doc_number": "invoice", "txn_date": "date", "due_date": "due_date",
    "days_past_due": "days_past_due", "habit": "usual_days_late", "open_cents": "open", "credit_cents": "credit",
    "balance_cents": "balance", "email": "email", "phone": "phone", "expected_on": "expected_date", "reason": "excluded",
    "promised_on": "promised_date", "next_on": "next_contact", "note": "last_note", "url": "url",
}  # fmt: skip
DATES = ("expected_on", "promised_on", "next_on")
NARROW_CUSTOMERS = ("customer", "owed", "days_past_due", "phone", "promised_on")
NARROW_INVOICES = ("doc_number", "due_date", "days_past_due", "balance", "promised_on")


def show_collect(view: ConsoleView) -> None:
    """Draw the customers to chase; the one chosen opens below with its invoices, notes and a reminder."""
    collection = console.collection_list(view)
    if collection.customers.empty:
        _nobody(view)
        return
    inputs = view.inputs
    with st.container(horizontal=True, vertical_alignment="center", key="collect_head"):
        customers = counted(len(collection.customers), "customer")
        st.caption(
            f"{customers} 30 or more days late, the most money first. Choose a row to open it.",
            width="stretch",
        )
        show_undo(inputs.business_id)
        show_name_field()
        file = collection.invoices.assign(**{name: collection.invoices[name].dt.date for name in DATES})
        name = f"{file_stem(inputs.name)}-collections-{inputs.as_of}.csv"
        csv_button(file, COLLECT_FILE, name, key="collect_csv", of=inputs.stated)
    chosen = _customers_table(view, collection)
    if sentences := _kept_out(view):
        st.caption(sentences)
    _customer(view, collection, collection.customers.iloc[chosen].to_dict())


def _kept_out(view: ConsoleView) -> str:
    out = view.inputs.kept_out
    sentences = []
    if out.netted_invoices:
        sentences.append(f"{counted(out.netted_invoices, 'invoice')} covered by credits: not chased.")
    if out.blocked_invoices:
        sentences.append(
            f"{counted(out.blocked_invoices, 'invoice')} kept out by a blocking finding: see the tray."
        )
    return " ".join(sentences)


def _nobody(view: ConsoleView) -> None:
    out = view.inputs.kept_out
    with st.container(border=True, key="empty-collect"):
        st.subheader("Nobody to chase", anchor=False)
        sentences = ["No open invoice is 30 or more days past due."]
        if out.netted_invoices:
            sentences.append(
                f"{counted(out.netted_invoices, 'open invoice')} covered by the customers' own credits."
            )
        if out.blocked_invoices:
            sentences.append(
                f"{counted(out.blocked_invoices, 'open invoice')} must be mended first: see the tray."
            )
        st.markdown(" ".join(sentences))


def _customers_table(view: ConsoleView, collection: CollectionList) -> int:
    """Draw the customers; return the position of the row chosen, 0 if none is."""
    rows, column = collection.customers, st.column_config
    shown = rows.assign(
        owed=units(rows["owed_cents"]),
        usual=[f"{int(habit):+d}" if habit else "on time" for habit in rows["habit"]],
        **{name: rows[name].dt.date for name in DATES},
    )
    config: dict[str, Any] = {
        "customer": column.TextColumn("Customer", width=176),
        "invoices": column.NumberColumn("Invoices", width=68),
        "owed": money_column("Owed", view.inputs.currency, "After the customer's own credits.", 106),
        "days_past_due": column.NumberColumn("Oldest, days late", width=108),
        "usual": column.TextColumn(
            "Usually", width=76, help="Median days late of what it paid in the last year."
        ),
        "beyond_habit": column.NumberColumn(
            "Beyond habit", width=100, help="Days late of the oldest, less the usual."
        ),
        "phone": column.TextColumn("Phone", width=114),
        "email": column.TextColumn("E-mail", width=206),
        "promised_on": column.DateColumn("Promised", format="D MMM", width=76),
        "next_on": column.DateColumn("Next contact", format="D MMM", width=96),
    }
    key = f"customers_{view.inputs.business_id}"
    chosen: list[int] = []

    def draw(widget_key: str, columns: Any) -> None:
        st.dataframe(
            shown, column_order=columns, column_config=config, hide_index=True, placeholder=MISSING,
            row_height=ROW_HEIGHT, height=min(table_height(len(rows)), ROW_HEIGHT * (CUSTOMERS_SEEN + 1) + 2),
            on_select="rerun", selection_mode="single-row", key=widget_key,
        )  # fmt: skip
        chosen.extend(choices.selected_rows(widget_key))

    for_each_width(draw, key, tuple(config), NARROW_CUSTOMERS)
    return next((row for row in chosen if row < len(rows)), 0)


def _customer(view: ConsoleView, collection: CollectionList, customer: Mapping[Any, Any]) -> None:
    party = collection.invoices["party_id"].fillna("")
    invoices = collection.invoices[party == customer["party_id"]].reset_index(drop=True)
    with st.container(border=True, key="customer_open"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(plain(str(customer["customer"])), anchor=False, width="stretch")
            st.markdown(_contact_text(customer))
        st.caption(_habit_text(customer, invoices, view))
        left, right = st.columns([3, 2], gap="large")
        with left:
            _invoices(view, invoices)
            _reminder(view, customer, invoices)
        with right:
            _contacts(view, customer, invoices)


def _contact_text(customer: Mapping[Any, Any]) -> str:
    ways = [str(customer["phone"]), str(customer["email"])]
    return " · ".join(plain(way) for way in ways if way) or "No phone or e-mail in QuickBooks"


def _habit_text(customer: Mapping[Any, Any], invoices: pd.DataFrame, view: ConsoleView) -> str:
    late, habit = customer["days_past_due"], int(customer["habit"])
    usual = (
        f"usually pays {days(abs(habit))} {'late' if habit > 0 else 'early'}"
        if habit
        else "usually pays on time"
    )
    owed = plain(exact_text(int(customer["owed_cents"]), view.inputs.currency))
    if customer["learned_from"] == "none":
        usual = "no habit known"
    learned = HABIT_NOTES.get(str(customer["learned_from"]), "")
    return f"{owed} owed · {days(int(late))} past due · {usual}{learned} · {_expected_text(customer, invoices, view)}"


def _expected_text(customer: Mapping[Any, Any], invoices: pd.DataFrame, view: ConsoleView) -> str:
    """Return when money is expected, and how much if it is less than all that is owed."""
    cents = int(invoices["balance_cents"][invoices["expected_on"].notna()].sum())
    if not known(customer["expected_on"]):
        return "doubtful: not in the forecast"
    first = f"from {short_day(customer['expected_on'])}"
    if invoices["expected_on"].nunique() == 1:
        first = short_day(customer["expected_on"])
    if cents == int(customer["owed_cents"]):
        return f"expected {first}"
    return f"{plain(exact_text(cents, view.inputs.currency))} of it expected {first}, the rest doubtful"


def _invoices(view: ConsoleView, invoices: pd.DataFrame) -> None:
    column, currency = st.column_config, view.inputs.currency
    shown = invoices.assign(
        balance=units(invoices["balance_cents"]),
        expected=[_expected(row) for row in invoices[["expected_on", "reason"]].to_dict("records")],
        promised_on=invoices["promised_on"].dt.date,
    )
    config: dict[str, Any] = {
        "doc_number": column.TextColumn("Invoice", width=70),
        "txn_date": column.DateColumn("Dated", format="D MMM YYYY", width=94),
        "due_date": column.DateColumn("Due", format="D MMM YYYY", width=94),
        "days_past_due": column.NumberColumn("Days late", width=72),
        "balance": money_column("Balance", currency, "After the customer's own credits.", 98),
        "expected": column.TextColumn("Expected", width=78, help="By its habit, or as promised."),
        "promised_on": column.DateColumn("Promised", format="D MMM", width=80),
        "url": column.LinkColumn("QuickBooks", display_text="Open", width=82),
    }
    show_table(shown, config, "invoices_chased", NARROW_INVOICES)


def _expected(row: Mapping[Any, Any]) -> str:
    return short_day(row["expected_on"]) if known(row["expected_on"]) else str(row["reason"] or MISSING)


def _reminder(view: ConsoleView, customer: Mapping[Any, Any], invoices: pd.DataFrame) -> None:
    letter = reminder(view.inputs.name, str(customer["customer"]), invoices, view.inputs.currency)
    with st.expander("Reminder, ready to copy"):
        st.caption("The button at the right of each box copies it. RowCol sends nothing to customers.")
        st.code(letter.subject, language=None, wrap_lines=True)
        st.code(letter.text, language=None, wrap_lines=True)


def _contacts(view: ConsoleView, customer: Mapping[Any, Any], invoices: pd.DataFrame) -> None:
    """Draw the forms for a promise and a note, and the notes so far."""
    if choices.chosen_known_at() is None:
        _promise_form(view, invoices)
        _note_form(view, str(customer["party_id"]))
    notes = view.decided.contacts[view.decided.contacts["customer_id"] == customer["party_id"]]
    for row in notes.to_dict("records"):
        then = f", next {short_day(row['next_on'])}" if known(row["next_on"]) else ""
        st.markdown(
            f":gray[{short_day(row['decided_at'].date())}, {plain(str(row['by']))}{then}]  \n{plain(str(row['note']))}"
        )


def _promise_form(view: ConsoleView, invoices: pd.DataFrame) -> None:
    inputs = view.inputs
    names = {
        row["qbo_id"]: str(row["doc_number"] or f"id {row['qbo_id']}") for row in invoices.to_dict("records")
    }
    form = f"promise_{inputs.business_id}_{invoices['qbo_id'].iloc[0]}"
    promised = invoices.set_index("qbo_id")["promised_on"]
    one_day = promised.iloc[0].date() if promised.notna().all() and promised.nunique() == 1 else None
    with st.form(f"{form}_{console.widget_generation(form)}", border=False):
        st.markdown("**Promise to pay**")
        row = st.columns([2, 2, 1], vertical_alignment="bottom")
        which = row[0].multiselect(
            "Invoices", list(names), default=list(names), format_func=names.__getitem__
        )
        on = row[1].date_input(
            "On", one_day, min_value=min(inputs.as_of, one_day or inputs.as_of), format="YYYY-MM-DD",
            help="Empty takes a promise back.",
        )  # fmt: skip
        if row[2].form_submit_button("Keep", width="stretch"):
            log = services().decision_log
            if on is None and which and promised[which].isna().all():
                choices.add_message(NO_DAY)
            elif record_decision(
                lambda actor: promise(log, actor, inputs.business_id, which, on, inputs.as_of)
            ):
                console.reset_widgets(form)
            st.rerun()


def _note_form(view: ConsoleView, customer_id: str) -> None:
    inputs, log = view.inputs, services().decision_log
    if not customer_id:
        return
    form = f"note_{inputs.business_id}_{customer_id}"
    with st.form(f"{form}_{console.widget_generation(form)}", border=False):
        st.markdown("**What was said**")
        note = st.text_area(
            "Note", height=80, max_chars=1000, label_visibility="collapsed", placeholder="Note of the contact"
        )
        row = st.columns([2, 1], vertical_alignment="bottom")
        next_on = row[0].date_input("Next contact", None, min_value=inputs.as_of, format="YYYY-MM-DD")
        if row[1].form_submit_button("Keep note", width="stretch"):
            done = record_decision(
                lambda actor: contact(
                    log, actor, inputs.business_id, customer_id, note or "", next_on, inputs.as_of
                )
            )
            if done:
                console.reset_widgets(form)
            st.rerun()
