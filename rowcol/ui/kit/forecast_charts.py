"""The 13-week forecast as Plotly figures; pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from rowcol.money import exact_text
from rowcol.ui.kit.charts import chart_layout, hover, money_axis, reserve_line, week_ticks
from rowcol.ui.kit.palette import Palette
from rowcol.views.console.weeks import BILLS, DATED, EVERYDAY, INVOICES, PART_COLUMNS, SALES
from rowcol.wording import short_day

PLAN_TITLE = "What does the plan do to cash?"
FORECAST_TITLE = "When does cash get tight?"
FORECAST_HEIGHT = 420
IN_PARTS = {INVOICES: (1.0, ""), SALES: (0.55, ".")}
OUT_PARTS = {BILLS: (1.0, ""), DATED: (0.8, "/"), EVERYDAY: (0.5, ".")}
"""Part -> the opacity and the pattern of its bars: colour is never the only signal."""
PARTS_DRAWN = (*OUT_PARTS, *IN_PARTS)
"""The parts in the order their bars are drawn."""
LABEL_SHARE = 0.08
"""Share of the axis kept free below the trough for the text under it."""
PLAN_HEIGHT = 430
DAY = pd.Timedelta(days=1)
DASHES = ("dashdot", "longdash", "longdashdot", "dash")


@dataclass(frozen=True)
class Line:
    """A closing line beside the expected one: its name and 91 daily closings in cents."""

    name: str
    closing_cents: "pd.Series[int]"


def plan_chart(
    days: "pd.Series[pd.Timestamp]",
    planned: "pd.Series[int]",
    unplanned: "pd.Series[int]",
    beside: Sequence[Line],
    currency: str,
    reserve_cents: int,
    palette: Palette,
) -> go.Figure:
    """Return daily closing cash with the plan (solid) and without (dashed), the troughs marked, and other lines."""
    figure = go.Figure(layout=chart_layout(palette))
    on = list(days)
    _closing(figure, on, unplanned, "Without the plan", currency, palette.muted, dash="dash")
    for number, line in enumerate(beside):
        colour = palette.series[2 + number % 4]
        _closing(figure, on, line.closing_cents, line.name, currency, colour, dash=DASHES[number % 4])
    _closing(figure, on, planned, "With the plan", currency, palette.text, width=2.4)
    _trough(figure, on, planned, currency, palette)
    closings = [planned, unplanned, *(line.closing_cents for line in beside)]
    low = min(0, *(int(closing.min()) for closing in closings))
    high = max(reserve_cents, *(int(closing.max()) for closing in closings))
    under_the_trough = int(planned.min()) - LABEL_SHARE * (high - low)
    money_axis(figure, (min(low, under_the_trough), high), currency, palette)
    _day_axis(figure, on)
    if reserve_cents > 0:
        reserve_line(figure, reserve_cents, currency, palette)
    figure.update_layout(hovermode="x unified", height=PLAN_HEIGHT)
    return figure


def forecast_chart(
    weeks: pd.DataFrame,
    beside: Sequence[Line],
    currency: str,
    reserve_cents: int,
    palette: Palette,
    height: int = FORECAST_HEIGHT,
) -> go.Figure:
    """Return the 13 weeks: in and out as stacked bars about zero, the closing line with its band, committed only, what-ifs.

    `weeks` as `Forecast.weeks` of one client; `beside` have one closing a week. The band reaches from the expected
    closing down to the closing if receipts come on their p80 days; without p80 days no band is drawn.
    """
    figure = go.Figure(layout=chart_layout(palette))
    on = list(weeks["week_start"])
    stacks = _bars(figure, weeks, on, currency, palette)
    _band(figure, weeks, on, currency, palette)
    committed = weeks["committed_closing_cents"]
    _closing(figure, on, committed, "Committed only", currency, palette.text, dash="dash", width=1.4)
    for number, line in enumerate(beside):
        colour = palette.series[2 + number % 4]
        _closing(figure, on, line.closing_cents, line.name, currency, colour, dash=DASHES[number % 4])
    _closing(
        figure, on, weeks["closing_cents"], "Closing cash", currency, palette.text, width=2.4, marks=True
    )
    money_axis(figure, _span(weeks, stacks, beside, reserve_cents), currency, palette)
    figure.update_xaxes(
        tickformat="%-d %b", hoverformat="Week of %-d %b %Y", showgrid=False, **week_ticks(on, every=2)
    )
    figure.update_layout(
        barmode="relative", bargap=0.35, hovermode="x unified", height=height, clickmode="event+select",
        legend={"traceorder": "normal"},
    )  # fmt: skip
    if reserve_cents > 0:
        reserve_line(figure, reserve_cents, currency, palette)
    return figure


def _span(
    weeks: pd.DataFrame, stacks: tuple[int, int], beside: Sequence[Line], reserve_cents: int
) -> tuple[float, float]:
    """Return the lowest and highest cents drawn, zero and the reserve included."""
    lines = [
        weeks["closing_cents"],
        weeks["committed_closing_cents"],
        *(line.closing_cents for line in beside),
    ]
    if weeks["closing_p80_cents"].notna().all():
        lines.append(weeks["closing_p80_cents"])
    low = min(0, stacks[0], *(line.min() for line in lines))
    high = max(reserve_cents, stacks[1], *(line.max() for line in lines))
    return float(low), float(high)


def _bars(
    figure: go.Figure, weeks: pd.DataFrame, on: Sequence[pd.Timestamp], currency: str, palette: Palette
) -> tuple[int, int]:
    """Draw the bars; return the lowest and the highest stack."""
    stacks = []
    stripes = {
        "fillmode": "overlay",
        "fgcolor": palette.background,
        "fgopacity": 0.55,
        "size": 6,
        "solidity": 0.3,
    }
    for parts, sign, colour in ((OUT_PARTS, -1, palette.payments), (IN_PARTS, 1, palette.receipts)):
        total = pd.Series(0, index=weeks.index)
        for name, (opacity, pattern) in parts.items():
            cents = weeks[list(PART_COLUMNS[name])].sum(axis=1) * sign
            total += cents
            figure.add_bar(
                x=on,
                y=list(cents / 100),
                name=name,
                marker={"color": colour, "opacity": opacity, "pattern": {**stripes, "shape": pattern}},
                selected={"marker": {"opacity": opacity}},
                unselected={"marker": {"opacity": opacity}},
                **hover(cents, currency),
            )
        stacks.append(total)
    return int(stacks[0].min()), int(stacks[1].max())


def _band(
    figure: go.Figure, weeks: pd.DataFrame, on: Sequence[pd.Timestamp], currency: str, palette: Palette
) -> None:
    late = weeks["closing_p80_cents"]
    if late.isna().any() or late.eq(weeks["closing_cents"]).all():
        return
    for column, name, fill in (
        ("closing_cents", "", None),
        ("closing_p80_cents", "If customers pay late (p80)", "tonexty"),
    ):
        hover_style = hover(weeks[column], currency) if fill else {"hoverinfo": "skip"}
        figure.add_scatter(
            x=on,
            y=list(weeks[column] / 100),
            name=name,
            mode="lines",
            line={"width": 0, "color": palette.muted},
            fill=fill,
            fillcolor=faded(palette.muted, 0.22),
            showlegend=bool(fill),
            **hover_style,
        )


def _closing(
    figure: go.Figure,
    on: Sequence[pd.Timestamp],
    cents: "pd.Series[int]",
    name: str,
    currency: str,
    colour: str,
    *,
    dash: str = "solid",
    width: float = 1.8,
    marks: bool = False,
) -> None:
    figure.add_scatter(
        x=list(on),
        y=list(cents / 100),
        name=name,
        mode="lines+markers" if marks else "lines",
        line={"color": colour, "width": width, "dash": dash},
        marker={"size": 6, "color": colour},
        **hover(cents, currency),
    )


def _trough(
    figure: go.Figure, on: Sequence[pd.Timestamp], cents: "pd.Series[int]", currency: str, palette: Palette
) -> None:
    """Mark the lowest closing with its amount and day, below it, so that the line does not cross the text."""
    at = int(cents.to_numpy().argmin())
    figure.add_scatter(
        x=[on[at]],
        y=[cents.iloc[at] / 100],
        mode="markers",
        marker={"size": 10, "color": palette.background, "line": {"color": palette.text, "width": 2.4}},
        showlegend=False,
        hoverinfo="skip",
    )
    late = at > len(on) * 2 // 3
    figure.add_annotation(
        x=on[at],
        y=cents.iloc[at] / 100,
        text=f"Lowest {exact_text(int(cents.iloc[at]), currency)} on {short_day(on[at])}",
        showarrow=False,
        yanchor="top",
        yshift=-9,
        xanchor="right" if late else ("left" if at < len(on) // 3 else "center"),
        font={"color": palette.text, "size": 12},
    )


def _day_axis(figure: go.Figure, on: Sequence[pd.Timestamp]) -> None:
    figure.update_xaxes(
        tickformat="%-d %b", hoverformat="%a %-d %b %Y", showgrid=False, tickvals=list(on)[::14],
        range=[on[0] - DAY, on[-1] + DAY],
    )  # fmt: skip


def faded(colour: str, opacity: float) -> str:
    """Return a `#RRGGBB` colour with an opacity, as Plotly reads it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
