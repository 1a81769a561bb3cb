"""Console, Forecast: its checks: everything open is accounted for, how customers pay, how last week's forecast did."""

from typing import Any

import streamlit as st

from rowcol.domain.forecast.held_out import LEAST_HELD_OUT
from rowcol.domain.forecast.open_amounts import TOTAL, conservation
from rowcol.money import exact_text
from rowcol.ui.kit.tables import csv_button, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import plain
from rowcol.ui.state import console
from rowcol.views.console.accuracy import BackTest, LastWeek
from rowcol.views.console.page import ConsoleView
from rowcol.wording import days, long_day

SIDE_LABELS = {"ar": "Receivables", "ap": "Payables"}
STATE_LABELS = {
    "placed": "● placed within 13 weeks", "beyond": "→ beyond 13 weeks", "excluded": "○ left out", TOTAL: "Together",
}  # fmt: skip
CONSERVATION_FILE = {
    "side": "side", "state": "state", "reason": "reason", "items": "items", "amount_cents": "amount",
    "open_cents": "open",
}  # fmt: skip
HABIT_FILE = {
    "party_id": "customer_id", "party": "customer", "open_cents": "open", "paid": "paid_invoices", "days_late": "days_late",
    "days_late_p80": "days_late_p80", "days_to_pay": "days_to_pay", "trend_days": "trend_days",
}  # fmt: skip
WEEK_FILE = {
    "line": "line", "forecast_cents": "forecast", "actual_cents": "actual", "difference_cents": "difference",
}  # fmt: skip


def show_conservation(view: ConsoleView) -> None:
    """Draw every open amount as placed, beyond 13 weeks, or left out with its reason; the sums are the aging's."""
    rows = conservation(view.expected.items, view.inputs.entered)
    totals = rows[rows["state"] == TOTAL]
    kept = bool((totals["amount_cents"] == totals["open_cents"]).all())
    sentence = (
        "✓ Everything open or entered ahead is placed, beyond 13 weeks, or left out with its reason: the sums are those of "
        "the aging and of what is dated later, to the cent."
        if kept
        else "✗ The sums are not those of the aging and of what is dated later: please report it."
    )
    _above(view, sentence, rows, CONSERVATION_FILE, "conservation")
    currency, column = view.inputs.currency, st.column_config
    shown = rows.assign(
        side=rows["side"].map(SIDE_LABELS),
        state=rows["state"].map(STATE_LABELS),
        reason=rows["reason"].replace("", None),
        amount=units(rows["amount_cents"]),
        open=units(rows["open_cents"]),
    )
    config: dict[str, Any] = {
        "side": column.TextColumn("Side", width=130),
        "state": column.TextColumn("Where", width=220),
        "reason": column.TextColumn("Reason", width=240),
        "items": column.NumberColumn("Items", width=80),
        "amount": money_column("Amount", currency, width=150),
        "open": money_column(
            "Open and entered ahead",
            currency,
            "What the Client page has as receivable or payable, net of credits, plus bills and invoices dated later "
            "that are entered already, less payments and credits dated later.",
            190,
        ),
    }
    show_table(shown, config, "conservation_table", ("side", "state", "reason", "amount"))


def show_habits(view: ConsoleView) -> None:
    """Draw how each customer pays, and how accurate that was over the last 90 days."""
    accuracy = console.accuracy_view(view.inputs.business_id)
    rows, currency, column = accuracy.customers, view.inputs.currency, st.column_config
    _above(view, _tested(accuracy.back_test), rows, HABIT_FILE, "habits")
    if rows.empty:
        st.caption("No customer owes anything at this date.")
        return
    config: dict[str, Any] = {
        "party": column.TextColumn("Customer", width=260),
        "open": money_column("Open", currency, "Net of the customer's credits.", 130),
        "paid": column.NumberColumn("Paid invoices", width=100, help="Paid off in the past year."),
        "days_late": column.NumberColumn("Usually, days late", width=130, help="Median of the past year."),
        "days_late_p80": column.NumberColumn(
            "4 of 5 within", width=110, help="Days late that 80 % do not exceed."
        ),
        "days_to_pay": column.NumberColumn("Days to pay", width=100, help="From the invoice's date, median."),
        "trend_days": column.NumberColumn(
            "Trend", width=80, help="Median of the last 90 days less that before."
        ),
    }
    show_table(
        rows.assign(open=units(rows["open_cents"])), config, "habit_table", ("party", "open", "days_late")
    )


def _tested(test: BackTest) -> str:
    if not test.invoices or test.error_days is None or test.due_date_error_days is None:
        return "No invoice was paid off in the last 90 days, so how well habits foretell cannot be told."
    band = (
        f" There are too few of them to say by when four of five pay ({LEAST_HELD_OUT} are needed)."
        if test.on_time_share is None
        else f" {test.on_time_share:.0%} were paid no more than {days(test.p80_days)} after the expected date."
    )
    return (
        f"Tried on the {test.invoices:,} invoices paid off in the last 90 days: expected dates were off by "
        f"{test.error_days:.1f} days on average, due dates by {test.due_date_error_days:.1f}.{band}"
    )


def show_last_week(view: ConsoleView) -> None:
    """Draw the forecast of a week ago against what happened since."""
    last = console.accuracy_view(view.inputs.business_id).last_week
    if last is None:
        st.caption("RowCol did not know these books a week ago: come back in a week.")
        return
    currency, column = view.inputs.currency, st.column_config
    _above(view, _scored(last, currency), last.rows, WEEK_FILE, "last-week")
    names = ("forecast", "actual", "difference")
    shown = last.rows.assign(
        line=last.rows["line"].str.capitalize(), **{name: units(last.rows[f"{name}_cents"]) for name in names}
    )
    config: dict[str, Any] = {
        "line": column.TextColumn("", width=260),
        "forecast": money_column("Expected then", currency, width=150),
        "actual": money_column("What happened", currency, width=150),
        "difference": money_column("Difference", currency, "What happened less what was expected.", 150),
    }
    show_table(shown, config, "last_week_table")


def _scored(last: LastWeek, currency: str) -> str:
    off = int(last.rows["difference_cents"].iloc[-1])
    outcome = (
        "as expected"
        if off == 0
        else f"{exact_text(abs(off), currency)} {'above' if off > 0 else 'below'} it"
    )
    return f"The week from {long_day(last.made_on)}, as it was known then: cash ended {plain(outcome)}."


def _above(view: ConsoleView, caption: str, rows: Any, file: dict[str, str], name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(caption, width="stretch")
        csv_button(
            rows, file, f"{file_stem(view.inputs.name)}-{name}-{view.inputs.as_of}.csv", key=f"csv_{name}",
            of=view.inputs.stated,
        )  # fmt: skip
