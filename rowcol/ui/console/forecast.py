"""Console, Forecast: the 13 weeks, the items of each week, and the tabs that change or check the forecast."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.domain.forecast.result import Forecast
from rowcol.ui.console.accuracy import show_conservation, show_habits, show_last_week
from rowcol.ui.console.commitments import show_bank_balances, show_commitments
from rowcol.ui.console.decisions import show_name_field, show_undo
from rowcol.ui.console.scenarios import show_what_ifs
from rowcol.ui.kit import charts
from rowcol.ui.kit.forecast_charts import FORECAST_TITLE, PARTS_DRAWN, Line, forecast_chart
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.tables import csv_button, draw_open_tab, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import known, plain
from rowcol.ui.state import choices, console
from rowcol.views.console.page import ConsoleView, ScenarioForecast
from rowcol.views.console.weeks import PARTS, week_items
from rowcol.wording import short_day

ALL_PARTS = "Everything"
WEEKS_FILE = {
    "week_start": "week_start", "opening_cents": "opening", "receipts_cents": "receipts", "payments_cents": "payments",
    "baseline_in_cents": "baseline_in", "baseline_out_cents": "baseline_out", "recurring_out_cents": "recurring_out",
    "debt_service_cents": "debt_service", "new_business_in_cents": "new_business_in",
    "new_business_out_cents": "new_business_out", "closing_cents": "closing",
    "committed_closing_cents": "committed_closing", "closing_p80_cents": "closing_if_late", "home_currency": "home_currency",
}  # fmt: skip
ITEMS_FILE = {
    "part": "part", "line": "line", "party": "party", "entity": "entity", "qbo_id": "qbo_id", "doc_number": "number",
    "due_on": "due", "expected_on": "expected", "amount_cents": "amount", "basis": "basis",
}  # fmt: skip
LINE_LABELS = {
    "receipts": "open invoice", "payments": "open bill", "receipts dated later": "invoice dated later",
    "payments dated later": "bill dated later", "undeposited": "undeposited funds", "booked": "booked ahead",
    "commitments": "payment to come",
}  # fmt: skip
NARROW_ITEMS = ("party", "what", "expected_on", "amount")


def show_forecast(view: ConsoleView) -> None:
    """Draw the 13 weeks, and behind tabs their items and what can be changed."""
    drawn = console.what_ifs(view)
    with st.container(border=True):
        shown = _above_chart(view, drawn)
        _chart(view, shown)
    draw_open_tab(f"forecast_tabs_{view.inputs.business_id}", _tabs(view, drawn))


def _tabs(view: ConsoleView, drawn: tuple[ScenarioForecast, ...]) -> Mapping[str, Callable[[], None]]:
    commitments = view.decided.decisions.commitments
    typed = bool(view.expected.outcome["opening_typed"].iloc[0])
    return {
        "Items of a week": lambda: _items(view),
        f"What if · {len(drawn)} kept": lambda: show_what_ifs(view, drawn),
        f"Bank balance · {'typed in' if typed else 'by the books'}": lambda: show_bank_balances(view),
        f"Payments to come · {len(commitments)}": lambda: show_commitments(view),
        "Nothing is lost": lambda: show_conservation(view),
        "How customers pay": lambda: show_habits(view),
        "Last week's forecast": lambda: show_last_week(view),
    }


def _above_chart(view: ConsoleView, drawn: tuple[ScenarioForecast, ...]) -> list[ScenarioForecast]:
    """Draw the chart's title, which what-ifs are drawn, and the file; return those chosen."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{FORECAST_TITLE}** {_answer(view)}", width="stretch")
        if choices.chosen_known_at() is None:
            show_undo(view.inputs.business_id)
            show_name_field()
        weeks = view.expected.weeks.assign(
            week_start=view.expected.weeks["week_start"].dt.date, home_currency=view.inputs.currency
        )
        csv_button(
            weeks,
            WEEKS_FILE,
            f"{file_stem(view.inputs.name)}-forecast-{view.inputs.as_of}.csv",
            key="weeks_csv",
            of=view.inputs.stated,
        )
    names = {what_if.kept.scenario_id: what_if for what_if in drawn}
    if not names:
        return []
    chosen = st.pills(
        "What-ifs drawn", list(names), selection_mode="multi", default=list(names),
        format_func=lambda key: plain(names[key].kept.name), key=f"drawn_{view.inputs.business_id}_{len(names)}",
        label_visibility="collapsed",
    )  # fmt: skip
    return [names[scenario_id] for scenario_id in chosen]


def _answer(view: ConsoleView) -> str:
    outcome: dict[Any, Any] = view.expected.outcome.iloc[0].to_dict()
    expected, committed = (_below(outcome[name]) for name in ("cash_out_on", "committed_cash_out_on"))
    if expected == committed:
        return plain(f"Cash {expected}, with committed items only too") + r"\."
    return plain(f"Cash {expected}; with committed items only it {committed}") + r"\."


def _below(day: Any) -> str:
    return (
        f"falls below the reserve on {short_day(day)}"
        if known(day)
        else "stays above the reserve for 13 weeks"
    )


def _chart(view: ConsoleView, drawn: list[ScenarioForecast]) -> None:
    beside = [Line(what_if.kept.name, what_if.forecast.weeks["closing_cents"]) for what_if in drawn]
    figure = forecast_chart(
        view.expected.weeks, beside, view.inputs.currency, view.inputs.reserve_cents, palette_in_force()
    )
    key = f"forecast_chart_{view.inputs.business_id}"
    st.plotly_chart(
        figure, theme=None, config=charts.CONFIG, key=key, width="stretch", selection_mode="points",
        on_select=lambda: _open_bar(view, key),
    )  # fmt: skip


def _open_bar(view: ConsoleView, key: str) -> None:
    """Open the items of the bar that was clicked."""
    points = (choices.widget_value(key) or {}).get("selection", {}).get("points", [])
    if not points:
        return
    starts = [f"{start:%Y-%m-%d}" for start in view.expected.weeks["week_start"]]
    day = str(points[0].get("x", ""))[:10]
    if day in starts:
        choices.set_widget(_week_key(view), starts.index(day))
    number = int(points[0].get("curve_number", -1))
    choices.set_widget(_part_key(view), PARTS_DRAWN[number] if 0 <= number < len(PARTS_DRAWN) else ALL_PARTS)
    choices.set_widget(f"forecast_tabs_{view.inputs.business_id}", "Items of a week")


def _week_key(view: ConsoleView) -> str:
    return f"week_{view.inputs.business_id}"


def _part_key(view: ConsoleView) -> str:
    return f"part_{view.inputs.business_id}"


def _items(view: ConsoleView) -> None:
    forecast: Forecast = view.expected
    starts = list(forecast.weeks["week_start"])
    with st.container(horizontal=True, vertical_alignment="center"):
        week = st.selectbox(
            "Week", range(len(starts)), format_func=lambda number: f"Week of {short_day(starts[number])}",
            key=_week_key(view), label_visibility="collapsed", width=180, persist_state="session",
        )  # fmt: skip
        part = st.selectbox(
            "Part", (ALL_PARTS, *PARTS), key=_part_key(view), label_visibility="collapsed", width=230,
            persist_state="session",
        )  # fmt: skip
        rows = week_items(forecast, int(week))
        rows = rows if part == ALL_PARTS else rows[rows["part"] == part].reset_index(drop=True)
        st.caption("A click on a bar of the chart opens its items here.", width="stretch")
        stated = rows.assign(due_on=rows["due_on"].dt.date, expected_on=rows["expected_on"].dt.date)
        name = f"{file_stem(view.inputs.name)}-week-{starts[int(week)]:%Y-%m-%d}.csv"
        csv_button(stated, ITEMS_FILE, name, key="items_csv", of=view.inputs.stated)
    if rows.empty:
        st.caption("Nothing of this kind in that week.")
        return
    column = st.column_config
    config: dict[str, Any] = {
        "party": column.TextColumn("From or to", width=240),
        "what": column.TextColumn("What", width=170),
        "doc_number": column.TextColumn("Number", width=100),
        "due_on": column.DateColumn("Due", format="D MMM YYYY", width=110),
        "expected_on": column.DateColumn("Expected", format="D MMM YYYY", width=110),
        "amount": money_column("Amount", view.inputs.currency, "In is positive, out is negative.", 130),
        "basis": column.TextColumn("Why then", width=200),
    }
    shown: pd.DataFrame = stated.assign(
        party=rows["party"].replace("", None),
        amount=units(rows["amount_cents"]),
        what=[LINE_LABELS.get(line, line) for line in rows["line"]],
    )
    show_table(shown, config, "week_items", NARROW_ITEMS)
