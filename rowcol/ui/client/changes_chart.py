"""The bridge between two figures as a waterfall chart; a pure function."""

import html
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from rowcol.money import exact_text
from rowcol.ui.kit.charts import LABEL_ROOM, chart_layout, whole_text
from rowcol.ui.kit.palette import Palette
from rowcol.wording import days

CASH = "cash_cents"
THEN, NOW = "Then", "Now"
ROW_HEIGHT = 34
FRAME_HEIGHT = 40


def bridge_chart(
    steps: pd.DataFrame, figure: str, then: int, now: int, currency: str, palette: Palette
) -> go.Figure:
    """Return one figure's bridge: `then`, a bar a step that changes it, `now`.

    `steps`: words and the column `figure` (cents, or whole days), of one client; they add up to now less then.
    """
    moved = steps[steps[figure].fillna(0) != 0]
    values = [then, *(int(step) for step in moved[figure]), now]
    scale = 100 if figure == CASH else 1
    labels = [THEN, *(html.escape(text) for text in moved["words"]), NOW]
    chart = go.Figure(layout=chart_layout(palette))
    chart.add_waterfall(
        orientation="h",
        measure=["absolute", *["relative"] * len(moved), "total"],
        y=labels,
        x=[value / scale for value in values],
        text=[
            _label(value, figure, currency, end=place in (0, len(values) - 1))
            for place, value in enumerate(values)
        ],
        textposition="outside",
        cliponaxis=False,
        customdata=[exact_text(value, currency) if figure == CASH else _days(value) for value in values],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        increasing={"marker": {"color": palette.receipts}},
        decreasing={"marker": {"color": palette.payments}},
        totals={"marker": {"color": palette.muted}},
        connector={"line": {"color": palette.border, "width": 1}},
    )
    chart.update_xaxes(visible=False, fixedrange=True, range=[end / scale for end in _range(values)])
    chart.update_yaxes(
        autorange="reversed", fixedrange=True, automargin=True, tickfont={"color": palette.muted, "size": 13}
    )
    chart.update_layout(
        height=FRAME_HEIGHT + ROW_HEIGHT * len(values), showlegend=False, hovermode="closest", bargap=0.35
    )
    return chart


def _label(value: int, figure: str, currency: str, *, end: bool) -> str:
    text = whole_text(value, currency) if figure == CASH else _days(value)
    return text if end or value < 0 else f"+{text}"


def _days(value: int) -> str:
    return f"-{days(-value)}" if value < 0 else days(value)


def _range(values: Sequence[int]) -> tuple[float, float]:
    """Return the lowest and highest level of the waterfall, with space for the labels beyond."""
    levels = [0, values[0]]
    for step in values[1:-1]:
        levels.append(levels[-1] + step)
    low, high = min(levels), max(levels)
    margin = (high - low or 1) * LABEL_ROOM / 2
    return low - margin if low < 0 else 0, high + margin
