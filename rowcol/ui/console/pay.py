"""Console, Pay: which bills to pay and when, and the effect on the 13-week forecast."""

from typing import Any

import pandas as pd
import streamlit as st

from rowcol.money import exact_text
from rowcol.ui.console.bills import show_bills
from rowcol.ui.console.decisions import show_name_field, show_undo
from rowcol.ui.console.paid import show_credits, show_planned_paid
from rowcol.ui.console.safe_to_pay import clear_plan, show_safe
from rowcol.ui.kit import charts
from rowcol.ui.kit.forecast_charts import PLAN_TITLE, Line, plan_chart
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.tables import csv_button, file_stem
from rowcol.ui.kit.wording import known, plain
from rowcol.ui.state import choices
from rowcol.views.console.page import ConsoleView, waiting_closings
from rowcol.wording import MISSING, counted, short_day

PLAN_FILE = {
    "client": "client", "vendor": "vendor", "doc_number": "bill", "planned_cents": "amount", "pay_on": "pay_date",
    "account": "account", "priority": "priority", "home_currency": "home_currency",
}  # fmt: skip
MOVES_NO_MONEY = "RowCol moves no money: pay in QuickBooks or at the bank. The next refresh compares."
WAITS = "console_waits"


def show_pay(view: ConsoleView) -> None:
    """Draw the plan's effect, what is safe to pay, and the bills to choose from."""
    if view.bills.empty:
        _nothing_to_pay(view)
    else:
        with st.container(key="charts"):
            left, right = st.columns([3, 2])
        with left.container(border=True, height="stretch"):
            _chart(view)
        with right.container(border=True, height="stretch"):
            show_safe(view)
            _compared(view)
            _plan_buttons(view)
            st.caption(MOVES_NO_MONEY)
        show_bills(view)
    show_credits(view)
    show_planned_paid(view)


def _chart(view: ConsoleView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{PLAN_TITLE}**", width="stretch")
        waits = st.toggle(
            "Due bills without a plan wait",
            key=WAITS,
            persist_state="session",
            help="Draws one line more: cash if what is due and not planned is paid at no time in these 13 weeks.",
        )
    days = view.expected.days
    beside = [Line("The rest waits", waiting_closings(view))] if waits else []
    figure = plan_chart(
        days["day"], days["closing_cents"], view.unplanned.days["closing_cents"], beside, view.inputs.currency,
        view.inputs.reserve_cents, palette_in_force(),
    )  # fmt: skip
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="plan_chart", width="stretch")


def _compared(view: ConsoleView) -> None:
    """Draw the trough and the first day below the reserve, without the plan and with it."""
    columns = [_answers(view, forecast.outcome) for forecast in (view.unplanned, view.expected)]
    rows = [f"| {name} | {without} | **{with_plan}** |" for name, without, with_plan in zip(
        ("Lowest cash", "Lowest on", "First day below the reserve"), *columns, strict=True)]  # fmt: skip
    st.markdown("\n".join(["| | Without the plan | With the plan |", "|:--|--:|--:|", *rows]))


def _answers(view: ConsoleView, outcome: pd.DataFrame) -> list[str]:
    row: dict[Any, Any] = outcome.iloc[0].to_dict()
    below = row["cash_out_on"]
    return [
        plain(exact_text(int(row["trough_cents"]), view.inputs.currency)),
        short_day(row["trough_on"]),
        short_day(below) if known(below) else "beyond 13 weeks",
    ]


def _plan_buttons(view: ConsoleView) -> None:
    planned = view.bills[view.bills["pay_on"].notna()]
    total = plain(exact_text(int(planned["planned_cents"].sum()), view.inputs.currency))
    planned_text = f"Planned: {counted(len(planned), 'bill')}, {total}"
    st.markdown(
        f"**{planned_text}**"
        if len(planned)
        else "Nothing is planned yet: tick bills below, or plan what is safe."
    )
    if choices.chosen_known_at() is not None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        show_name_field()
        show_undo(view.inputs.business_id)
        st.button(
            "Clear the plan",
            key="clear_plan",
            disabled=planned.empty,
            on_click=clear_plan,
            args=(view,),
            width=130,
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        account = _account(view)
        stated = planned.sort_values(["pay_on", "vendor"]).assign(
            client=view.inputs.name,
            account=account,
            home_currency=view.inputs.currency,
        )
        stated["pay_on"] = stated["pay_on"].dt.date
        name = f"{file_stem(view.inputs.name)}-plan-{view.inputs.as_of}.csv"
        csv_button(stated, PLAN_FILE, name, key="plan_csv", of=view.inputs.stated)


def _account(view: ConsoleView) -> str:
    """Draw which account the plan is to be paid from, as the file names it."""
    accounts = view.inputs.accounts.sort_values("balance_cents", ascending=False)
    if accounts.empty:
        return MISSING
    names = dict(zip(accounts["account_id"], accounts["name"], strict=True))
    chosen = st.selectbox(
        "Pay from",
        list(names),
        format_func=lambda account_id: f"Pay from {names[account_id]}",
        key=f"pay_from_{view.inputs.business_id}",
        label_visibility="collapsed",
        persist_state="session",
        width="stretch",
    )
    return str(names[chosen])


def _nothing_to_pay(view: ConsoleView) -> None:
    out = view.inputs.kept_out
    with st.container(border=True, key="empty-pay"):
        st.subheader("No bill is ready to be paid", anchor=False)
        sentences = []
        if out.blocked_bills:
            sentences.append(f"{counted(out.blocked_bills, 'open bill')} must be mended first: see the tray.")
        if out.netted_bills:
            sentences.append(f"{counted(out.netted_bills, 'open bill')} covered by vendor credits.")
        st.markdown(" ".join(sentences) or "The books have no open bill at this date.")
