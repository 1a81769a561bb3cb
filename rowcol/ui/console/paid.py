"""Console, Pay: vendor credits netted first, and planned payments against actual ones."""

import streamlit as st

from rowcol.money import exact_text
from rowcol.ui.kit.tables import csv_button, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import plain
from rowcol.views.console.page import ConsoleView, planned_and_paid
from rowcol.wording import counted

OUTCOME_MARKS = {
    "paid": "✓ paid", "paid in part": "◐ paid in part", "paid late": "✓ paid late", "not paid": "▲ not paid",
    "to come": "○ to come", "closed without a payment": "– closed without a payment",
    "paid without a plan": "◆ paid without a plan",
}  # fmt: skip
PAID_FILE = {
    "qbo_id": "qbo_id", "party": "vendor", "doc_number": "bill", "planned_on": "planned_on", "pay_on": "pay_date",
    "planned_cents": "planned", "paid_on": "paid_on", "paid_cents": "paid", "difference_cents": "difference",
    "outcome": "outcome", "by": "planned_by",
}  # fmt: skip
DAYS = ("planned_on", "pay_on", "paid_on")


def show_credits(view: ConsoleView) -> None:
    """Draw the vendor credits that were netted before bills are offered."""
    credits, currency = view.inputs.credits, view.inputs.currency
    if credits.empty:
        return
    used = int((credits["left_cents"] - credits["amount_cents"]).sum())
    left = -int(credits["left_cents"].sum())
    label = (
        f"Vendor credits netted first · {counted(len(credits), 'credit')}, {exact_text(used, currency)} used"
    )
    with st.expander(plain(label)):
        st.caption(
            "A vendor's credits and unapplied payments are taken off its bills, the earliest due first, before one is "
            f"offered; apply them in QuickBooks when you pay. {plain(exact_text(left, currency))} is left over."
        )
        shown = credits.assign(amount=units(credits["amount_cents"]), left=units(credits["left_cents"]))
        config = {
            "vendor": st.column_config.TextColumn("Vendor", width=260),
            "entity": st.column_config.TextColumn("Kind", width=140),
            "doc_number": st.column_config.TextColumn("Number", width=120),
            "txn_date": st.column_config.DateColumn("Dated", format="D MMM YYYY", width=120),
            "amount": money_column("Credit", currency, width=130),
            "left": money_column("Left over", currency, "More than the vendor's open bills.", 130),
        }
        show_table(shown, config, "credits_table")


def show_planned_paid(view: ConsoleView) -> None:
    """Draw the outcome of each plan."""
    rows = planned_and_paid(view)
    if rows.empty:
        return
    counts = rows["outcome"].value_counts()
    outcomes = ", ".join(f"{counts[name]:,} {name}" for name in OUTCOME_MARKS if name in counts)
    with st.expander(f"Planned against really paid · {plain(outcomes)}"):
        for name in DAYS:
            rows[name] = rows[name].dt.date
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(
                "Payments on a bill from the day it was planned count; by the books as last refreshed.",
                width="stretch",
            )
            name = f"{file_stem(view.inputs.name)}-planned-and-paid-{view.inputs.as_of}.csv"
            csv_button(rows, PAID_FILE, name, key="paid_csv", of=view.inputs.stated)
        shown = rows.assign(
            outcome=rows["outcome"].map(OUTCOME_MARKS),
            **{name: units(rows[f"{name}_cents"]) for name in ("planned", "paid", "difference")},
        )
        currency = view.inputs.currency
        config = {
            "outcome": st.column_config.TextColumn("Outcome", width=170),
            "party": st.column_config.TextColumn("Vendor", width=220),
            "doc_number": st.column_config.TextColumn("Number", width=100),
            "pay_on": st.column_config.DateColumn("Planned for", format="D MMM YYYY", width=110),
            "planned": money_column("Planned", currency, width=120),
            "paid_on": st.column_config.DateColumn("Paid", format="D MMM YYYY", width=110),
            "paid": money_column("Paid", currency, width=120),
            "difference": money_column("Difference", currency, "Paid less planned.", 120),
            "by": st.column_config.TextColumn("Planned by", width=110),
        }
        show_table(shown, config, "paid_table")
