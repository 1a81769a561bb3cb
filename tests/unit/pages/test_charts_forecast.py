"""The charts of the 13 weeks: every colour from the palette, the reserve's label beside the bars, nothing only by colour."""

import pandas as pd
import pytest

from rowcol.ui.kit.forecast_charts import PARTS_DRAWN, Line, faded, forecast_chart, plan_chart
from rowcol.ui.kit.palette import Palette
from rowcol.views.console.weeks import PART_COLUMNS

PALETTE = Palette(
    primary="#0B6E69", background="#FCFCFA", panel="#F3F4F0", text="#1C2321", muted="#5F6B67", border="#DEE1DA",
    red="#B3261E", orange="#B25E09", green="#1B7F4B",
    series=("#0B6E69", "#C58B2A", "#5B6B8C", "#B3261E", "#7A9E87", "#8C6BB1"),
)  # fmt: skip
DAYS = pd.Series(pd.date_range("2026-11-20", periods=91))


def closing(*steps: tuple[int, int], start: int = 1_000_000) -> pd.Series:
    """Return 91 closings in cents that change by an amount from a day on."""
    line = pd.Series(start, index=range(91))
    for day, change in steps:
        line[day:] += change
    return line


def weeks(**columns: int) -> pd.DataFrame:
    frame = pd.DataFrame({"week_start": DAYS[::7].to_list()})
    for names in PART_COLUMNS.values():
        for name in names:
            frame[name] = columns.get(name, 0)
    frame["closing_cents"] = columns.get("closing_cents", 500_000)
    frame["committed_closing_cents"] = columns.get("committed_closing_cents", 400_000)
    return frame.assign(closing_p80_cents=columns.get("closing_p80_cents", frame["closing_cents"]))


def test_the_plan_chart_draws_both_lines_and_marks_the_trough_below_it() -> None:
    planned, unplanned = closing((10, -1_500_000), (40, 800_000)), closing((17, -1_500_000), (40, 800_000))
    figure = plan_chart(DAYS, planned, unplanned, [], "USD", 200_000, PALETTE)
    without, with_plan, trough = figure.data
    assert (without.name, without.line.dash, without.line.color) == (
        "Without the plan",
        "dash",
        PALETTE.muted,
    )
    assert (with_plan.name, with_plan.line.dash, with_plan.line.color) == (
        "With the plan",
        "solid",
        PALETTE.text,
    )
    assert (trough.x[0], trough.y[0]) == (DAYS[10], -5_000)
    note = next(annotation for annotation in figure.layout.annotations if "Lowest" in annotation.text)
    assert (note.text, note.yanchor) == ("Lowest -$5,000.00 on 30 Nov", "top")
    assert "-$10k" in figure.layout.yaxis.ticktext


def test_the_reserve_is_dotted_red_with_its_label_right_of_the_plot() -> None:
    figure = plan_chart(DAYS, closing(), closing(), [], "USD", 200_000, PALETTE)
    assert (figure.layout.shapes[0].line.dash, figure.layout.shapes[0].line.color) == ("dot", PALETTE.red)
    label = next(annotation for annotation in figure.layout.annotations if "Reserve" in annotation.text)
    assert (label.xref, label.x, label.xanchor) == ("paper", 1.0, "left")
    assert not plan_chart(DAYS, closing(), closing(), [], "USD", 0, PALETTE).layout.shapes


def test_other_lines_have_a_dash_of_their_own() -> None:
    beside = [Line("One", closing()), Line("Two", closing())]
    figure = plan_chart(DAYS, closing(), closing(), beside, "USD", 0, PALETTE)
    dashes = [trace.line.dash for trace in figure.data if trace.mode == "lines"]
    assert len(dashes) == len(set(dashes)) == 4


def test_bars_stack_about_zero_out_below_in_above_and_differ_by_pattern() -> None:
    figure = forecast_chart(
        weeks(receipts_cents=300, baseline_in_cents=50, payments_cents=200), [], "USD", 0, PALETTE
    )
    bars = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert tuple(bars) == PARTS_DRAWN
    assert (bars["Open invoices"].y[0], bars["Everyday and new sales"].y[0], bars["Open bills"].y[0]) == (
        3,
        0.5,
        -2,
    )
    assert {bar.marker.color for bar in bars.values()} == {PALETTE.receipts, PALETTE.payments}
    looks = [(bar.marker.color, bar.marker.pattern.shape) for bar in bars.values()]
    assert len(set(looks)) == len(looks)
    assert figure.layout.barmode == "relative"
    assert figure.layout.hovermode == "x unified"


def test_the_band_is_drawn_only_where_customers_differ() -> None:
    def names(**columns: int) -> list[str]:
        return [trace.name for trace in forecast_chart(weeks(**columns), [], "USD", 0, PALETTE).data]

    assert "If customers pay late (p80)" in names(closing_p80_cents=450_000)
    assert "If customers pay late (p80)" not in names()
    assert names()[-2:] == ["Committed only", "Closing cash"]


@pytest.mark.parametrize("lowest", ["closing_p80_cents", "committed_closing_cents"])
def test_the_axis_reaches_the_lowest_line(lowest: str) -> None:
    figure = forecast_chart(weeks(**{lowest: -2_000_000}), [], "USD", 0, PALETTE)
    assert figure.layout.yaxis.range[0] <= -20_000
    assert "-$20k" in figure.layout.yaxis.ticktext


def test_what_ifs_are_drawn_beside_the_closing_line() -> None:
    line = Line("Acme fails", pd.Series([100] * 13))
    figure = forecast_chart(weeks(), [line], "USD", 0, PALETTE)
    drawn = next(trace for trace in figure.data if trace.name == "Acme fails")
    assert (drawn.line.color, drawn.line.dash) == (PALETTE.series[2], "dashdot")


def test_hover_shows_exact_sums_and_no_colour_is_plotlys_own() -> None:
    figure = forecast_chart(weeks(receipts_cents=123_456), [], "USD", 100, PALETTE)
    assert next(trace for trace in figure.data if trace.name == "Open invoices").customdata[0] == "$1,234.56"
    assert "636EFA" not in str(figure.to_dict()["data"])


def test_a_colour_fades_to_an_opacity() -> None:
    assert faded("#0B6E69", 0.25) == "rgba(11,110,105,0.25)"
