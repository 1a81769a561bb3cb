"""The tray's two charts: findings by kind, and findings by week; pure functions."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from rowcol.ui.kit.charts import chart_layout
from rowcol.ui.kit.palette import Palette
from rowcol.ui.kit.wording import SEVERITY_LABELS, kind_label
from rowcol.ui.tray.table import severity_colours

KINDS_TITLE = "What is wrong most often?"
WEEKS_TITLE = "Is it getting better?"
PATTERNS = {"blocking": "", "high": "/", "medium": "x", "low": "."}
"""Stacked severities differ in more than colour."""
BAR_HEIGHT = 24
KINDS_SHOWN = 14
HEADROOM = 1.15
"""Length of the axis in longest bars: leaves space for the number at the bar's end."""


def kinds_chart(by_code: pd.DataFrame, palette: Palette) -> go.Figure:
    """Return the most frequent kinds of findings as bars, each named with the sign of its severity and in its colour.

    `by_code` as `TrayView.by_code`; at most `KINDS_SHOWN`.
    """
    rows = by_code.sort_values(["findings", "code"], ascending=[False, True], kind="stable").head(KINDS_SHOWN)
    colours = severity_colours(palette)
    signs = [SEVERITY_LABELS[severity].split()[0] for severity in rows["severity"]]
    names = [f"{kind_label(code)} {sign}" for code, sign in zip(rows["code"], signs, strict=True)]
    figure = go.Figure(layout=chart_layout(palette))
    figure.add_bar(
        orientation="h",
        y=names,
        x=[int(count) for count in rows["findings"]],
        marker={"color": [colours[severity] for severity in rows["severity"]]},
        text=[f"{count:,}" for count in rows["findings"]],
        customdata=[SEVERITY_LABELS[severity] for severity in rows["severity"]],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{customdata}: %{x:,}<extra></extra>",
    )
    figure.update_layout(height=40 + BAR_HEIGHT * len(rows), hovermode="closest", bargap=0.3)
    figure.update_yaxes(
        categoryorder="array", categoryarray=names[::-1], automargin=True, fixedrange=True, showgrid=False
    )
    most = int(rows["findings"].max()) if len(rows) else 1
    figure.update_xaxes(visible=False, fixedrange=True, range=[0, most * HEADROOM])
    return figure


def weeks_chart(counts: pd.DataFrame, labels: Sequence[str], palette: Palette) -> go.Figure:
    """Return the findings week by week, stacked by severity, the total over each bar.

    `counts`: label, severity, findings; `labels` in the order of the axis, weeks of which nothing is known included.
    """
    wide = counts.pivot_table(index="label", columns="severity", values="findings", aggfunc="sum")
    wide = wide.reindex(list(labels)).fillna(0)
    colours = severity_colours(palette)
    figure = go.Figure(layout=chart_layout(palette))
    for severity, label in SEVERITY_LABELS.items():
        if severity in wide:
            figure.add_bar(
                name=label,
                x=list(labels),
                y=[int(count) for count in wide[severity]],
                marker=_marker(severity, colours),
                hovertemplate="%{y:,}",
            )
    totals = wide.sum(axis=1)
    figure.add_scatter(
        x=list(labels),
        y=[int(total) if total else None for total in totals],
        mode="text",
        text=[f"{int(total):,}" if total else "" for total in totals],
        textposition="top center",
        showlegend=False,
        hoverinfo="skip",
    )
    figure.update_layout(barmode="stack", bargap=0.35, hovermode="x unified", legend_traceorder="normal")
    figure.update_xaxes(type="category", fixedrange=True, showgrid=False, tickfont={"color": palette.muted})
    most = int(totals.max()) if len(totals) else 1
    figure.update_yaxes(visible=False, fixedrange=True, range=[0, max(most, 1) * HEADROOM])
    return figure


def _marker(severity: str, colours: Mapping[str, str]) -> dict[str, object]:
    pattern = {"shape": PATTERNS[severity], "size": 5, "solidity": 0.25, "fillmode": "overlay"}
    return {"color": colours[severity], "pattern": pattern}
