"""The tab Working capital: each figure with its definition and its twelve months."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rowcol.ui.kit.charts import CONFIG, chart_layout
from rowcol.ui.kit.palette import Palette, palette_in_force
from rowcol.ui.kit.states import show_no_rows
from rowcol.ui.kit.tables import csv_button, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import known, plain
from rowcol.ui.state import client
from rowcol.views.client.working_capital import WorkingCapitalView
from rowcol.views.common.columns import Stated
from rowcol.wording import long_day

PANEL_HEIGHT = 150
NOT_AVAILABLE = "n/a"
BEST = "best_dso"


@dataclass(frozen=True)
class Panel:
    """One figure: its column, its name, its unit, what it is."""

    column: str
    name: str
    unit: str
    definition: str


PANELS = (
    Panel("dso", "DSO", "days",
          "Days sales outstanding: A/R / credit sales of the window x its days. Best possible: with current A/R only."),
    Panel("dpo", "DPO (purchases)", "days", "Days payables outstanding: A/P / bills of the window x its days."),
    Panel("cei", "Collection effectiveness", "%",
          "CEI: what was collected of what could be: (opening A/R + credit sales - A/R) / (opening A/R + credit sales - "
          "current A/R)."),
    Panel("concentration", "Concentration", "%", "Share of the largest customer in open A/R."),
)  # fmt: skip
TABLE: dict[str, tuple[str, int]] = {
    "day": ("At", 110), "dso": ("DSO", 74), "best_dso": ("Best DSO", 82), "dpo": ("DPO", 74), "cei": ("CEI %", 74),
    "concentration": ("Conc. %", 78), "ar_cents": ("A/R", 118), "current_ar_cents": ("Current A/R", 118),
    "credit_sales_cents": ("Credit sales", 118), "opening_ar_cents": ("Opening A/R", 118), "ap_cents": ("A/P", 118),
    "bills_cents": ("Bills", 118),
}  # fmt: skip
NARROW = ("day", "dso", "best_dso", "dpo", "cei", "concentration", "ar_cents")
FILE = {
    "client": "client", "day": "at", "days": "window_days", "dso": "dso_days", "best_dso": "best_possible_dso_days",
    "dpo": "dpo_days", "cei": "cei_percent", "concentration": "concentration_percent",
    "largest_customer": "largest_customer", "ar_cents": "ar", "current_ar_cents": "current_ar",
    "credit_sales_cents": "credit_sales", "opening_ar_cents": "opening_ar", "ap_cents": "ap", "bills_cents": "bills",
    "currency": "currency",
}  # fmt: skip


def show_working_capital(business_id: str) -> None:
    """Draw the figures as small charts over twelve months, and the numbers in a table."""
    view = client.working_capital_view(business_id)
    if view.now.empty or view.months.empty:
        show_no_rows("The books hold no record dated up to this day: there is no working capital to measure.")
        return
    palette = palette_in_force()
    with st.container(key="charts_working_capital"):
        for place, panel in zip(st.columns(len(PANELS)), PANELS, strict=True):
            with place.container(border=True, height="stretch"):
                _panel(view, panel, palette)
    rows = view.months.iloc[::-1].reset_index(drop=True)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            f"At {long_day(view.as_of)} and at the ends of the months before, *reconstructed* from the records as they "
            "are now; each over the 90 days before. A/R and A/P net of credits, sales with tax.",
            width="stretch",
        )
        file = rows.assign(
            client=view.name, currency=view.currency, day=rows["day"].dt.date,
            reconstructed=view.reconstructed | (rows["day"].dt.date != view.as_of),
        )  # fmt: skip
        name = f"{file_stem(view.name)}-working-capital-{view.as_of}.csv"
        csv_button(file, FILE, name, key="csv_working", of=Stated(view.known_at, view.as_of))
    _table(rows, view.currency)


def figure_text(value: object, unit: str) -> str:
    """Return a figure as read: `45.0 days`, `86.7 %`, or `n/a`."""
    return f"{value:,.1f} {unit}" if known(value) else NOT_AVAILABLE


def _panel(view: WorkingCapitalView, panel: Panel, palette: Palette) -> None:
    now = view.now.iloc[0]
    st.metric(
        panel.name,
        figure_text(now[panel.column], panel.unit),
        delta=plain(panel_note(view, panel)) or None,
        delta_color="off",
        delta_arrow="off",
        help=plain(panel.definition),
    )
    figure = line_chart(view.months, panel, palette)
    st.plotly_chart(figure, theme=None, config=CONFIG, key=f"chart_{panel.column}", width="stretch")
    st.caption(plain(panel.definition))


def panel_note(view: WorkingCapitalView, panel: Panel) -> str:
    """Return the note under a figure: the best possible DSO, the largest customer, or the window."""
    now = view.now.iloc[0]
    if panel.column == "dso":
        return f"best possible {figure_text(now[BEST], 'days')}"
    if panel.column == "concentration" and known(now["largest_customer"]):
        return str(now["largest_customer"])
    return f"over {int(now['days'])} days"


def line_chart(months: pd.DataFrame, panel: Panel, palette: Palette) -> go.Figure:
    """Return a figure's months as a line; DSO with the best possible beside it, dotted."""
    figure = go.Figure(layout=chart_layout(palette))
    lines = [(panel.column, panel.name, palette.series[0], "solid")]
    if panel.column == "dso":
        lines.append((BEST, "Best possible", palette.series[1], "dot"))
    for column, name, colour, dash in lines:
        figure.add_scatter(
            x=list(months["day"]),
            y=[float(value) if known(value) else None for value in months[column]],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 4, "color": colour},
            hovertemplate=f"%{{y:,.1f}} {panel.unit}",
        )
    figure.update_layout(
        height=PANEL_HEIGHT,
        showlegend=False,
        hovermode="x unified",
        margin={"l": 32, "r": 8, "t": 8, "b": 24},
    )
    small = {"color": palette.muted, "size": 11}
    figure.update_xaxes(
        tickformat="%b", hoverformat="%-d %b %Y", nticks=5, showgrid=False, fixedrange=True, tickfont=small
    )
    figure.update_yaxes(
        rangemode="tozero",
        nticks=4,
        gridcolor=palette.border,
        zeroline=False,
        fixedrange=True,
        tickfont=small,
    )
    return figure


def _table(rows: pd.DataFrame, currency: str) -> None:
    shown = rows.assign(**{name: units(rows[name]) for name in TABLE if name.endswith("_cents")})
    shown["day"] = rows["day"].dt.date
    config = {}
    for name, (label, width) in TABLE.items():
        if name == "day":
            config[name] = st.column_config.DateColumn(label, format="D MMM YYYY", width=width)
        elif name.endswith("_cents"):
            config[name] = money_column(label, currency, width=width)
        else:
            config[name] = st.column_config.NumberColumn(label, format="%.1f", width=width)
    show_table(shown, config, "working_capital_table", NARROW)
