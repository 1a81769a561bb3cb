"""Console, Pay: what is safe to pay this week, offered as one click."""

from functools import partial

import streamlit as st

from rowcol.decisions import payables
from rowcol.decisions.payables import PlannedPayment
from rowcol.decisions.recording import Actor, Recorded
from rowcol.domain.safe_to_pay import SafeToPay
from rowcol.money import exact_text
from rowcol.ui.console.decisions import record_decision
from rowcol.ui.kit.wording import known, plain
from rowcol.ui.state import choices, console
from rowcol.ui.state.access import services
from rowcol.views.console.page import ConsoleView, safe_if_rest_waits
from rowcol.wording import counted, short_day

SAFE_HELP = (
    "Bills overdue or due within 7 days, by priority, then by due date, taken while every later day of the forecast "
    "stays at or above the reserve. Held, disputed and planned bills are left as they are."
)


def show_safe(view: ConsoleView) -> None:
    """Draw what is safe to pay this week, why no more, and the button that plans it."""
    st.markdown("**Safe to pay this week**", help=SAFE_HELP)
    safe = view.safe
    if safe.offered == 0:
        st.markdown("No due bill is left to decide on.")
        return
    if safe.taken:
        _offer(
            view,
            safe,
            "safe",
            f"{_sum(view, safe)} of {safe.offered:,} due. {_lowest(view, safe)}.{_stopped(view, safe)}",
        )
        return
    waiting = safe_if_rest_waits(view)
    st.markdown(f"None of {counted(safe.offered, 'due bill')}. {_why_none(view, waiting)}")
    if waiting.taken:
        _offer(
            view, waiting, "waiting",
            f"If the other due bills wait: {_sum(view, waiting)}. {_lowest(view, waiting)}.{_stopped(view, waiting)}",
        )  # fmt: skip


def _offer(view: ConsoleView, safe: SafeToPay, kind: str, text: str) -> None:
    st.markdown(text)
    if choices.chosen_known_at() is None:
        these = "this bill" if len(safe.taken) == 1 else f"these {len(safe.taken):,}"
        st.button(f"Plan {these}", key=f"plan_{kind}", type="primary", on_click=_plan, args=(view, safe))


def _sum(view: ConsoleView, safe: SafeToPay) -> str:
    return f"**{counted(len(safe.taken), 'bill')}, {_money(view, safe.sum_cents)}**"


def _lowest(view: ConsoleView, safe: SafeToPay) -> str:
    day = view.expected.days["day"].iloc[safe.lowest_day]
    return f"Cash then is lowest on {short_day(day)}, {_money(view, safe.lowest_cents)}"


def _stopped(view: ConsoleView, safe: SafeToPay) -> str:
    if safe.stopped_by is None:
        return ""
    bill = view.bills[view.bills["qbo_id"] == safe.stopped_by].iloc[0]
    return f" Next would be {plain(str(bill['vendor']))}, {_money(view, int(bill['balance_cents']))}: not covered."


def _why_none(view: ConsoleView, waiting: SafeToPay) -> str:
    below = view.expected.outcome["cash_out_on"].iloc[0]
    if known(below):
        even = ", even if all of them wait" if waiting.lowest_cents < view.inputs.reserve_cents else ""
        return f"Cash falls below the reserve on {short_day(below)}{even}."
    return "The first of them would take a later day below the reserve."


def _money(view: ConsoleView, cents: int) -> str:
    return plain(exact_text(cents, view.inputs.currency))


def _plan(view: ConsoleView, safe: SafeToPay) -> None:
    inputs = view.inputs
    due = view.bills.set_index("qbo_id")["balance_cents"]
    payments = [PlannedPayment(qbo_id, inputs.as_of, None, int(due[qbo_id])) for qbo_id in safe.taken]
    if record_decision(partial(_planned, inputs.business_id, payments, view)):
        console.reset_widgets(inputs.business_id)


def _planned(business_id: str, payments: list[PlannedPayment], view: ConsoleView, actor: Actor) -> Recorded:
    return payables.plan(services().decision_log, actor, business_id, payments, view.inputs.as_of)


def clear_plan(view: ConsoleView) -> None:
    """Take every bill out of the plan."""
    ids = list(view.bills["qbo_id"][view.bills["pay_on"].notna()])
    log, business_id = services().decision_log, view.inputs.business_id
    if record_decision(lambda actor: payables.unplan(log, actor, business_id, ids)):
        console.reset_widgets(business_id)
