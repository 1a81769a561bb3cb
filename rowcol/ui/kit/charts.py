"""Plotly figures from view models, and what all charts share; pure functions."""

import html
import math
from collections.abc import Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from rowcol.money import exact_text, symbol
from rowcol.ui.kit.palette import Palette

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
CASH_TITLE = "How did cash move in the last 26 weeks?"
AGING_TITLE = "Who owes, who is owed?"
HEIGHT = 340
HEADROOM = 0.04
"""Share of the axis left free beyond its last ticks, so that no marker is cut."""
TICKS_WANTED = 6
LABEL_ROOM = 0.5
"""Share of the longest bar kept free for the label at its end."""
FONT = '"Source Sans", "Source Sans Pro", sans-serif'
BUCKETS = {
    "current_cents": "Current",
    "d1_30_cents": "1-30",
    "d31_60_cents": "31-60",
    "d61_90_cents": "61-90",
    "d91_over_cents": "91 and over",
    "undated_cents": "Undated",
}


def axis_text(amount_cents: float, currency: str) -> str:
    """Return an amount as an axis label: `$0`, `-$20k`, `$1.5m`."""
    sign, units = ("-" if amount_cents < 0 else ""), abs(amount_cents) / 100
    for size, suffix in ((1_000_000, "m"), (1_000, "k")):
        if units >= size:
            return f"{sign}{symbol(currency)}{units / size:g}{suffix}"
    return f"{sign}{symbol(currency)}{units:g}"


def nice_ticks(low: float, high: float, wanted: int = TICKS_WANTED) -> list[float]:
    """Return round values from at or below `low` to at or above `high`, zero among them, steps of 1, 2 or 5."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return [0.0]
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [step * count for count in range(math.floor(low / step), math.ceil(high / step) + 1)]


def cash_chart(weekly: pd.DataFrame, currency: str, reserve_cents: int, palette: Palette) -> go.Figure:
    """Return the cash movements of 26 weeks: in and out as bars about zero, closing cash as a line.

    `weekly` as `ClientView.weekly_cash`; `reserve_cents` above 0 is drawn as a dotted line.
    """
    figure = go.Figure(layout=chart_layout(palette))
    weeks = list(weekly["week_start"])
    bars = [("inflow_cents", "In", palette.receipts), ("outflow_cents", "Out", palette.payments)]
    apart = [
        ("financing_cents", "Financing", palette.financing),
        ("investing_cents", "Investing", palette.investing),
        ("set_aside_cents", "Set aside", palette.set_aside),
    ]
    bars += [bar for bar in apart if weekly[bar[0]].ne(0).any()]
    for column, name, colour in bars:
        figure.add_bar(
            x=weeks,
            y=list(weekly[column] / 100),
            name=name,
            marker_color=colour,
            **hover(weekly[column], currency),
        )
    figure.add_scatter(
        x=weeks,
        y=[None if pd.isna(cents) else cents / 100 for cents in weekly["closing_cents"]],
        name="Closing cash",
        mode="lines+markers",
        line={"color": palette.text, "width": 2.2},
        marker={"size": 5, "color": palette.text},
        **hover(weekly["closing_cents"], currency),
    )
    money_axis(figure, _extent(weekly, [column for column, _, _ in bars], reserve_cents), currency, palette)
    figure.update_xaxes(
        tickformat="%-d %b", hoverformat="Week of %-d %b %Y", showgrid=False, **week_ticks(weeks)
    )
    figure.update_layout(barmode="relative", bargap=0.35, hovermode="x unified")
    if reserve_cents > 0:
        reserve_line(figure, reserve_cents, currency, palette)
    return figure


def aging_chart(ap: pd.DataFrame, ar: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """Return A/P and A/R by age, back to back on one scale; credits reach across their own zero line.

    `ap`, `ar` as `ClientView.aging_ap` and `aging_ar`; the undated row appears only if it is not zero.
    """
    owed = {column: int(ap[column].sum()) for column in BUCKETS}
    owing = {column: int(ar[column].sum()) for column in BUCKETS}
    shown = [c for c in BUCKETS if c != "undated_cents" or owed[c] or owing[c]]
    longest = max([*owed.values(), *owing.values(), 1]) / 100
    credit = -min([*owed.values(), *owing.values(), 0]) / 100
    reach = [-(credit * (1 + LABEL_ROOM)), longest * (1 + LABEL_ROOM)]
    figure = go.Figure(layout=chart_layout(palette))
    for name, cents, axis, colour in (
        ("A/P", owed, "x", palette.payments),
        ("A/R", owing, "x2", palette.receipts),
    ):
        _aging_bars(
            figure, name, [cents[c] for c in shown], [BUCKETS[c] for c in shown], axis, colour, currency
        )
    axis_look = {"visible": False, "fixedrange": True}
    figure.update_layout(
        xaxis={**axis_look, "domain": [0, 0.5], "range": reach[::-1]},
        xaxis2={**axis_look, "domain": [0.5, 1], "range": reach, "anchor": "y"},
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "automargin": True,
            "tickfont": {"color": palette.muted, "size": 13},
        },
        hovermode="closest",
        showlegend=False,
        bargap=0.28,
        margin={"t": 40},
    )
    _side_title(figure, "right", "A/P", sum(owed.values()), palette.payments, currency, palette)
    _side_title(figure, "left", "A/R", sum(owing.values()), palette.receipts, currency, palette)
    return figure


def _aging_bars(
    figure: go.Figure,
    name: str,
    cents: Sequence[int],
    labels: Sequence[str],
    axis: str,
    colour: str,
    currency: str,
) -> None:
    exact = [exact_text(amount, currency) for amount in cents]
    figure.add_bar(
        orientation="h",
        name=name,
        x=[amount / 100 for amount in cents],
        y=list(labels),
        xaxis=axis,
        marker={"color": colour, "pattern": {"shape": ["/" if amount < 0 else "" for amount in cents]}},
        text=[whole_text(amount, currency) if amount else "" for amount in cents],
        textposition="outside",
        cliponaxis=False,
        customdata=exact,
        hovertemplate=f"{name} %{{y}}: %{{customdata}}<extra></extra>",
    )


def whole_text(amount_cents: int, currency: str) -> str:
    """Return an amount in whole units, as a bar's label: `$12,000`, `-$400`."""
    sign = "-" if amount_cents < 0 else ""
    return f"{sign}{symbol(currency)}{(abs(amount_cents) + 50) // 100:,}"


def _side_title(
    figure: go.Figure, anchor: str, name: str, total: int, colour: str, currency: str, palette: Palette
) -> None:
    """Write a side's total above it, aligned away from the middle, so that the two do not overlap."""
    square = f'<span style="color:{colour}">■</span>'
    figure.add_annotation(
        x=0.5,
        y=1.0,
        xref="paper",
        yref="paper",
        xanchor=anchor,
        xshift=-8 if anchor == "right" else 8,
        yanchor="bottom",
        showarrow=False,
        text=f"{square} {name} <b>{html.escape(exact_text(total, currency))}</b>",
        font={"color": palette.text, "size": 14},
    )


def chart_layout(palette: Palette) -> go.Layout:
    """Return the layout that all charts share: the theme's colours, small margins, no dragging."""
    return go.Layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": palette.text},
        hoverlabel={
            "bgcolor": palette.panel,
            "bordercolor": palette.border,
            "font": {"color": palette.text, "family": FONT, "size": 13},
        },
        legend={"orientation": "h", "y": -0.14, "x": 0, "font": {"color": palette.text}},
        dragmode=False,
    )


def hover(cents: "pd.Series[int]", currency: str) -> dict[str, object]:
    """Return exact amounts as a trace's hover text."""
    return {
        "customdata": ["" if pd.isna(amount) else exact_text(int(amount), currency) for amount in cents],
        "hovertemplate": "%{customdata}",
    }


def _extent(weekly: pd.DataFrame, bars: Sequence[str], reserve_cents: int) -> tuple[float, float]:
    """Return lowest and highest cents drawn: stacked bars, the line and the reserve."""
    stacked = weekly[list(bars)]
    closings = [float(cents) for cents in weekly["closing_cents"] if not pd.isna(cents)]
    low = min([float(stacked.clip(upper=0).sum(axis=1).min()), *closings])
    high = max([float(stacked.clip(lower=0).sum(axis=1).max()), *closings])
    return min(low, 0.0), max(high, float(reserve_cents))


def money_axis(figure: go.Figure, extent: tuple[float, float], currency: str, palette: Palette) -> None:
    """Set a figure's axis of amounts: from the lowest to the highest cents drawn, with round ticks such as `-$20k`."""
    ticks = nice_ticks(*extent)
    margin = (ticks[-1] - ticks[0]) * HEADROOM / 100
    figure.update_yaxes(
        tickvals=[tick / 100 for tick in ticks],
        ticktext=[axis_text(tick, currency) for tick in ticks],
        range=[ticks[0] / 100 - margin, ticks[-1] / 100 + margin or 1],
        fixedrange=True,
        gridcolor=palette.border,
        zerolinecolor=palette.muted,
        tickfont={"color": palette.muted},
        automargin=True,
    )
    figure.update_xaxes(fixedrange=True, tickfont={"color": palette.muted})


def week_ticks(weeks: Sequence[date], every: int = 4) -> dict[str, object]:
    """Return every n-th week as a tick, counted back from the newest."""
    return {"tickvals": list(weeks)[::-1][::every][::-1]}


def reserve_line(figure: go.Figure, reserve_cents: int, currency: str, palette: Palette) -> None:
    """Draw the reserve as a dotted line, its label right of the plot and so clear of bars."""
    figure.add_hline(y=reserve_cents / 100, line={"color": palette.red, "dash": "dot", "width": 2})
    figure.add_annotation(
        x=1.0,
        xref="paper",
        y=reserve_cents / 100,
        xanchor="left",
        xshift=6,
        showarrow=False,
        align="left",
        text=f"Reserve<br>{html.escape(axis_text(reserve_cents, currency))}",
        font={"color": palette.red, "size": 12},
    )
    figure.update_layout(margin={"r": 72})
