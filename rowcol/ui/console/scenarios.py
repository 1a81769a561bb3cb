"""Console, Forecast: what-if scenarios, named and stored, drawn beside the expected line."""

from typing import Any

import streamlit as st

from rowcol.decisions import scenarios
from rowcol.domain.forecast.scenario import ExtraAmount, Scenario, top_customer
from rowcol.money import cents, exact_text
from rowcol.ui.console.decisions import record_decision
from rowcol.ui.kit.wording import known, plain
from rowcol.ui.state import choices, console
from rowcol.ui.state.access import services
from rowcol.views.console.page import ConsoleView, ScenarioForecast
from rowcol.wording import listed, short_day

NOBODY = ""


def show_what_ifs(view: ConsoleView, drawn: tuple[ScenarioForecast, ...]) -> None:
    """Draw the stored what-ifs with their results, and the form for another."""
    expected: dict[Any, Any] = view.expected.outcome.iloc[0].to_dict()
    head = ["| | Supposes | Lowest cash | on | Below the reserve |", "|:--|:--|--:|--:|--:|"]
    rows = [_row(view, "As expected", "", expected)]
    rows += [
        _row(
            view,
            what_if.kept.name,
            supposes(view, what_if.kept.scenario),
            what_if.forecast.outcome.iloc[0].to_dict(),
        )
        for what_if in drawn
    ]
    st.markdown("\n".join([*head, *rows]))
    if choices.chosen_known_at() is not None:
        return
    _delete(view, drawn)
    _form(view)


def _row(view: ConsoleView, name: str, supposed: str, outcome: dict[Any, Any]) -> str:
    below = outcome["cash_out_on"]
    cells = [
        f"**{plain(name)}**", plain(supposed), plain(exact_text(int(outcome["trough_cents"]), view.inputs.currency)),
        short_day(outcome["trough_on"]), short_day(below) if known(below) else "beyond 13 weeks",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def supposes(view: ConsoleView, scenario: Scenario) -> str:
    """Return what a what-if supposes, as text."""
    names = _customers(view)
    parts = ["everything overdue is paid today"] if scenario.overdue_paid_today else []
    parts += [f"{names.get(party, party)} pays {late} days later" for party, late in scenario.slips.items()]
    parts += [f"{names.get(party, party)} does not pay" for party in sorted(scenario.unpaid)]
    for item in scenario.sums:
        amount = exact_text(abs(item.amount_cents), view.inputs.currency)
        often = "a month from" if item.monthly else "on"
        parts.append(
            f"{item.name}: {amount} {'in' if item.amount_cents > 0 else 'out'} {often} {short_day(item.on)}"
        )
    parts += [] if scenario.new_business else ["no new business"]
    return listed(parts)


def _customers(view: ConsoleView) -> dict[str, str]:
    owed = view.inputs.forecast_inputs.receivables
    rows = owed[owed["party_id"].notna()].drop_duplicates("party_id").sort_values("party")
    return dict(zip(rows["party_id"], rows["party"], strict=True))


def _delete(view: ConsoleView, drawn: tuple[ScenarioForecast, ...]) -> None:
    if not drawn:
        return
    log, business_id = services().decision_log, view.inputs.business_id

    def deleted(scenario_id: str) -> None:
        record_decision(lambda actor: scenarios.drop(log, actor, business_id, scenario_id))

    with st.container(horizontal=True):
        for what_if in drawn:
            st.button(
                f"Delete {plain(what_if.kept.name)}", key=f"drop_{what_if.kept.scenario_id}", icon=":material/delete:",
                type="tertiary", on_click=deleted, args=(what_if.kept.scenario_id,),
            )  # fmt: skip


def _form(view: ConsoleView) -> None:
    inputs = view.inputs
    top = top_customer(view.expected, inputs.business_id)
    names = _customers(view)
    drawn = console.widget_generation(f"what_if_{inputs.business_id}")
    with st.form(f"what_if_{inputs.business_id}_{drawn}", enter_to_submit=False):
        st.markdown("**Another what-if**")
        left, middle, right = st.columns(3, gap="large")
        with left:
            overdue = st.checkbox("Everything overdue is paid today")
            unpaid = top is not None and st.checkbox(f"{plain(top[1])} does not pay (owes most)")
            no_new = st.checkbox("No new business comes in or goes out")
        with middle:
            who = st.selectbox(
                "A customer pays later", [NOBODY, *names], format_func=lambda key: names.get(key, "Nobody")
            )
            late = st.number_input("by days", min_value=1, max_value=365, value=30, step=1)
        with right:
            item = st.text_input("Money in or out, for", placeholder="New hire, tax refund, …", max_chars=60)
            row = st.columns(2, vertical_alignment="bottom")
            amount = row[0].number_input(
                f"Amount ({inputs.currency}), out negative", value=0.0, step=100.0, format="%.2f"
            )
            on = row[1].date_input("On", inputs.as_of, min_value=inputs.as_of, format="YYYY-MM-DD")
            monthly = st.checkbox("Every month from then on, as a new hire costs")
        name = st.text_input("Name", placeholder="Without one it is named by what it supposes", max_chars=60)
        if st.form_submit_button("Keep this what-if", type="primary"):
            scenario = Scenario(
                overdue_paid_today=overdue,
                slips={who: int(late)} if who else {},
                unpaid=frozenset({top[0]}) if top and unpaid else frozenset(),
                sums=(ExtraAmount(item.strip() or "Money", on, cents(f"{amount:.2f}"), monthly),)
                if amount
                else (),
                new_business=not no_new,
            )
            _keep(view, name, scenario)


def _keep(view: ConsoleView, name: str, scenario: Scenario) -> None:
    """Store a what-if; without a name it is named by what it supposes."""
    log, business_id, supposed = services().decision_log, view.inputs.business_id, supposes(view, scenario)
    named = name or f"{supposed[:1].upper()}{supposed[1:60]}"
    if record_decision(lambda actor: scenarios.keep(log, actor, business_id, named, scenario)):
        console.reset_widgets(f"what_if_{business_id}")
    st.rerun()
