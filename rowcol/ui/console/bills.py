"""Console, Pay: the bills to choose from, as a table that is edited in place."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from rowcol.decisions import payables
from rowcol.decisions.payables import BILL, PlannedPayment
from rowcol.decisions.recording import Actor, Recorded
from rowcol.ui.console.bill_edits import (
    GROUP_LABELS,
    HOLD_LABELS,
    PRIORITY_LABELS,
    BillEdit,
    bill_grid,
    edits_of,
    stray,
)
from rowcol.ui.console.decisions import record_decision
from rowcol.ui.kit.charts import whole_text
from rowcol.ui.kit.tables import (
    ROW_HEIGHT,
    csv_button,
    file_stem,
    for_each_width,
    has_words,
    money_column,
    table_height,
)
from rowcol.ui.kit.wording import plain
from rowcol.ui.state import choices, console
from rowcol.ui.state.access import services
from rowcol.views.console.page import ConsoleView
from rowcol.wording import MISSING, counted

ALL = "all"
BILL_COLUMNS = ("pay", "pay_on", "amount", "when", "vendor", "doc_number", "due_date", "balance", "priority", "held",
                "effect", "url")  # fmt: skip
NARROW_BILLS = ("pay", "pay_on", "vendor", "when", "balance", "held")
BILL_FILE = {
    "qbo_id": "qbo_id", "vendor": "vendor", "doc_number": "bill", "due_date": "due_date",
    "days_past_due": "days_past_due", "group": "group", "open_cents": "open", "credit_cents": "vendor_credit",
    "balance_cents": "balance", "runway_days_effect": "runway_days_effect", "priority": "priority", "held": "held",
    "pay_on": "pay_date", "planned_cents": "planned", "url": "url",
}  # fmt: skip
THIS_WEEK, NEXT_WEEK, ON_A_DAY = "Pay this week", "Next week", "On a day"


def show_bills(view: ConsoleView) -> None:
    """Draw the filters, when a tick pays, and the bills."""
    with st.container(horizontal=True, vertical_alignment="center", key="bill_filters"):
        search = st.text_input(
            "Find a bill", key="bill_search", placeholder="Find a vendor or number", icon=":material/search:",
            label_visibility="collapsed", width=190, persist_state="session",
        )  # fmt: skip
        group = _group_pills(view)
        st.space("stretch")
        pay_day = _pay_day(view) if choices.chosen_known_at() is None else view.inputs.as_of
        stated = view.bills.assign(pay_on=view.bills["pay_on"].dt.date)
        name = f"{file_stem(view.inputs.name)}-bills-{view.inputs.as_of}.csv"
        csv_button(stated, BILL_FILE, name, key="bills_csv", of=view.inputs.stated)
    rows = matching_bills(view.bills, search or "", group)
    if rows.empty:
        st.info("No bill matches. Clear the search, or choose All.", icon=":material/filter_alt_off:")
        return
    _table(view, rows, pay_day)
    st.caption(_left_out(view))


def matching_bills(bills: pd.DataFrame, search: str, group: str | None) -> pd.DataFrame:
    """Return the bills of a group whose vendor or number contains every word of `search`."""
    kept = bills if group in (None, ALL) else bills[bills["group"] == group]
    texts = kept["vendor"].astype("str") + " " + kept["doc_number"].fillna("").astype("str")
    return kept[has_words(texts, search)].reset_index(drop=True)


def _group_pills(view: ConsoleView) -> str | None:
    sums = view.bills.groupby("group")["balance_cents"].agg(["size", "sum"])
    labels = {ALL: f"All {len(view.bills):,}"}
    for group, label in GROUP_LABELS.items():
        if group in sums.index:
            amount = whole_text(int(sums["sum"][group]), view.inputs.currency)
            labels[group] = plain(f"{label} {sums['size'][group]:,} · {amount}")
    return st.pills(
        "Group", list(labels), format_func=labels.__getitem__, default=ALL, key="bill_group",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip


def _pay_day(view: ConsoleView) -> date:
    """Draw when a bill that is ticked is paid; return that day."""
    today = view.inputs.as_of
    chosen = st.segmented_control(
        "A tick pays", (THIS_WEEK, NEXT_WEEK, ON_A_DAY), default=THIS_WEEK, key="tick_pays",
        label_visibility="collapsed", persist_state="session", help="When a bill that you tick is paid.",
    )  # fmt: skip
    if chosen == ON_A_DAY:
        day = st.date_input(
            "Pay day", today + timedelta(days=14), min_value=today, key=f"tick_day_{today}", format="YYYY-MM-DD",
            label_visibility="collapsed", width=150,
        )  # fmt: skip
        return day if isinstance(day, date) else today
    return today + timedelta(days=7) if chosen == NEXT_WEEK else today


def table_key(business_id: str, qbo_ids: Sequence[str]) -> str:
    """Return the key of the table of these bills: other rows, or a reset table, have another key."""
    return f"bills_{business_id}_{crc32(chr(10).join(qbo_ids).encode()):x}_{console.widget_generation(business_id)}"


def _table(view: ConsoleView, rows: pd.DataFrame, pay_day: date) -> None:
    grid, ids = bill_grid(rows), tuple(rows["qbo_id"])
    business_id = view.inputs.business_id
    past = choices.chosen_known_at() is not None

    def draw(widget_key: str, columns: Sequence[str]) -> None:
        take = partial(take_edits, business_id, widget_key, ids, pay_day)
        st.data_editor(
            grid, column_order=columns, column_config=_config(view), hide_index=True, placeholder=MISSING,
            row_height=ROW_HEIGHT, height=table_height(len(grid)), disabled=True if past else _FIXED,
            key=widget_key, on_change=take,
        )  # fmt: skip
        if not past and edits_of(grid, ids, _edited(widget_key), pay_day):
            take()  # an edit without its callback, as after a change of page
            st.rerun()

    for_each_width(draw, table_key(business_id, ids), BILL_COLUMNS, NARROW_BILLS)


def _edited(key: str) -> Mapping[int, Mapping[str, Any]]:
    rows: Mapping[int, Mapping[str, Any]] = (choices.widget_value(key) or {}).get("edited_rows", {})
    return rows


_FIXED = ["when", "vendor", "doc_number", "due_date", "balance", "effect", "url"]


def _config(view: ConsoleView) -> dict[str, Any]:
    today, currency = view.inputs.as_of, view.inputs.currency
    column = st.column_config
    return {
        "pay": column.CheckboxColumn("Pay", width=48, help="Tick to plan the bill for the day chosen above."),
        "pay_on": column.DateColumn("Pay on", width=104, min_value=today, format="D MMM YYYY"),
        "amount": money_column("Amount", currency, "Less than the balance is a part payment.", 104),
        "when": column.TextColumn("When", width=140),
        "vendor": column.TextColumn("Vendor", width=190),
        "doc_number": column.TextColumn("Number", width=92),
        "due_date": column.DateColumn("Due", width=96, format="D MMM YYYY"),
        "balance": money_column("Balance", currency, "What vendor credits leave of it.", 108),
        "priority": column.SelectboxColumn("Priority", width=96, options=list(PRIORITY_LABELS.values())),
        "held": column.SelectboxColumn("Hold", width=92, options=list(HOLD_LABELS.values())),
        "effect": column.NumberColumn(
            "Runway d", width=76, format="%.1f", help="Days of runway the money is."
        ),
        "url": column.LinkColumn("QuickBooks", display_text="Open", width=84),
    }


def take_edits(business_id: str, key: str, qbo_ids: Sequence[str], pay_day: date) -> None:
    """Record the edits of the table of that key; if one is refused, its error is shown and the table is reset."""
    edited = _edited(key)
    grid = _stored(business_id, qbo_ids)
    for edit in edits_of(grid, qbo_ids, edited, pay_day):
        for command in _commands(business_id, edit):
            if not record_decision(command):
                console.reset_widgets(business_id)
                return
    if stray(_stored(business_id, qbo_ids), edited):
        console.reset_widgets(business_id)


def _stored(business_id: str, qbo_ids: Sequence[str]) -> pd.DataFrame:
    bills = console.console_view(business_id).bills.set_index("qbo_id", drop=False)
    return bill_grid(bills.loc[list(qbo_ids)])


def _commands(business_id: str, edit: BillEdit) -> list[Any]:
    log, view = services().decision_log, console.console_view(business_id)
    commands: list[Any] = []
    if edit.plan is False:
        commands.append(lambda actor: payables.unplan(log, actor, business_id, [edit.qbo_id]))
    elif isinstance(edit.plan, tuple):
        commands.append(partial(_planned, view, edit.qbo_id, *edit.plan))
    if edit.held is not None:
        held = edit.held or None
        commands.append(lambda actor: payables.hold(log, actor, business_id, BILL, edit.qbo_id, held))
    if edit.priority is not None:
        priority = edit.priority
        commands.append(
            lambda actor: payables.prioritise(log, actor, business_id, BILL, edit.qbo_id, priority)
        )
    return commands


def _planned(view: ConsoleView, qbo_id: str, day: date, amount_cents: int | None, actor: Actor) -> Recorded:
    inputs = view.inputs
    opened = int(view.bills.set_index("qbo_id")["balance_cents"][qbo_id])
    payment = PlannedPayment(qbo_id, day, amount_cents, opened)
    return payables.plan(services().decision_log, actor, inputs.business_id, [payment], inputs.as_of)


def _left_out(view: ConsoleView) -> str:
    out = view.inputs.kept_out
    sentences = [f"{counted(len(view.bills), 'bill')} ready to be paid, the earliest due first."]
    if out.blocked_bills:
        sentences.append(
            f"{counted(out.blocked_bills, 'open bill')} kept out by a blocking finding: see the tray."
        )
    if out.netted_bills:
        sentences.append(f"{counted(out.netted_bills, 'open bill')} covered by vendor credits.")
    return " ".join(sentences)
