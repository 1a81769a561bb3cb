"""Charts: one question each, every colour from the palette, every sum exact on hover."""

from datetime import date, timedelta

import pandas as pd
import pytest

from rowcol.ui.kit.charts import BUCKETS, aging_chart, axis_text, cash_chart, nice_ticks, whole_text
from rowcol.ui.kit.palette import Palette, theme_palette

PALETTE = Palette(
    primary="#010101",
    background="#020202",
    panel="#030303",
    text="#040404",
    muted="#050505",
    border="#060606",
    red="#070707",
    orange="#080808",
    green="#090909",
    series=("#101010", "#111111", "#121212", "#131313", "#141414", "#151515"),
)


def weeks(*rows: tuple[int, int, int, int | None]) -> pd.DataFrame:
    start = date(2026, 11, 14) - timedelta(weeks=len(rows) - 1)
    frame = pd.DataFrame(rows, columns=["inflow_cents", "outflow_cents", "financing_cents", "closing_cents"])
    frame = frame.assign(investing_cents=0, set_aside_cents=0)
    frame.insert(0, "week_start", [start + timedelta(weeks=number) for number in range(len(rows))])
    return frame.astype({"closing_cents": "Int64"})


def aging(**cents: int) -> pd.DataFrame:
    return pd.DataFrame([{column: cents.get(column, 0) for column in BUCKETS}])


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "$0"), (-2_000_000, "-$20k"), (150_000_000, "$1.5m"), (50_000, "$500"), (-250, "-$2.5")],
)
def test_an_axis_names_amounts_shortly_with_the_sign_first(cents: int, text: str) -> None:
    assert axis_text(cents, "USD") == text


def test_an_axis_in_another_currency_carries_its_sign() -> None:
    assert axis_text(-2_000_000, "GBP") == "-£20k"
    assert whole_text(-123_456, "CAD") == "-CA$1,235"


@pytest.mark.parametrize(("low", "high"), [(-130.0, 940.0), (0.0, 7.0), (-3.0, -1.0), (12.0, 12.5)])
def test_ticks_are_round_hold_zero_and_enclose_the_values(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)
    assert ticks[0] <= low
    assert ticks[-1] >= high
    assert 0.0 in ticks
    assert 2 <= len(ticks) <= 10


def test_money_in_goes_up_and_money_out_goes_down_with_the_closing_line_in_the_text_colour() -> None:
    figure = cash_chart(
        weeks((80_000, -100_000, 0, 5_000_000), (90_000, -20_050, 0, 5_069_950)), "USD", 0, PALETTE
    )
    bars_in, bars_out, line = figure.data
    assert (list(bars_in.y), bars_in.marker.color) == ([800, 900], "#101010")
    assert (list(bars_out.y), bars_out.marker.color) == ([-1000, -200.5], "#111111")
    assert (line.line.color, list(line.y)) == ("#040404", [50_000, 50_699.5])
    assert list(line.customdata) == ["$50,000.00", "$50,699.50"]
    assert figure.layout.hovermode == "x unified"


def test_the_negative_part_of_the_axis_reads_minus_first() -> None:
    figure = cash_chart(weeks((500_000, -2_000_000, 0, 1_000_000)), "USD", 0, PALETTE)
    assert figure.layout.yaxis.ticktext == ("-$20k", "-$15k", "-$10k", "-$5k", "$0", "$5k", "$10k")


def test_owners_and_lenders_money_is_a_series_only_where_there_is_any() -> None:
    without = cash_chart(weeks((1, -1, 0, 5)), "USD", 0, PALETTE)
    with_loan = cash_chart(weeks((1, -1, 500, 5)), "USD", 0, PALETTE)
    assert [trace.name for trace in without.data] == ["In", "Out", "Closing cash"]
    assert [trace.name for trace in with_loan.data] == ["In", "Out", "Financing", "Closing cash"]


def test_what_was_invested_and_set_aside_are_series_of_their_own() -> None:
    weekly = weeks((1, -1, 0, 5), (1, -1, 0, 5)).assign(investing_cents=[0, -300], set_aside_cents=[200, 0])
    bars = {
        trace.name: (trace.marker.color, list(trace.y))
        for trace in cash_chart(weekly, "USD", 0, PALETTE).data[2:4]
    }
    assert bars == {"Investing": ("#141414", [0, -3]), "Set aside": ("#151515", [2, 0])}


def test_a_closing_that_is_not_known_is_a_gap_not_a_zero() -> None:
    line = cash_chart(weeks((1, -1, 0, None), (1, -1, 0, 700)), "USD", 0, PALETTE).data[-1]
    assert list(line.y) == [None, 7]
    assert list(line.customdata) == ["", "$7.00"]


def test_the_reserve_is_a_dotted_red_line_named_beside_the_bars() -> None:
    figure = cash_chart(weeks((1, -1, 0, 5_000_000)), "USD", 1_000_000, PALETTE)
    (line,) = figure.layout.shapes
    assert (line.y0, line.line.color, line.line.dash) == (10_000, "#070707", "dot")
    (label,) = figure.layout.annotations
    assert (label.text, label.x, label.xanchor) == ("Reserve<br>$10k", 1.0, "left")


def test_what_is_owed_grows_left_and_what_is_due_grows_right_on_one_scale() -> None:
    figure = aging_chart(aging(current_cents=3_000_000), aging(d1_30_cents=6_000_000), "USD", PALETTE)
    ap, ar = figure.data
    assert list(ap.text) == ["$30,000", "", "", "", ""]
    assert list(ar.text) == ["", "$60,000", "", "", ""]
    assert tuple(figure.layout.xaxis.range) == tuple(figure.layout.xaxis2.range)[::-1]
    assert (ap.marker.color, ar.marker.color) == ("#111111", "#101010")
    assert [note.text.partition("</span> ")[2] for note in figure.layout.annotations] == [
        "A/P <b>$30,000.00</b>",
        "A/R <b>$60,000.00</b>",
    ]


def test_credits_reach_across_their_own_zero_with_room_for_the_label() -> None:
    figure = aging_chart(aging(d91_over_cents=-50_000), aging(current_cents=200_000), "USD", PALETTE)
    ap = figure.data[0]
    assert ap.text[4] == "-$500"
    assert ap.marker.pattern.shape[4] == "/"
    assert figure.layout.xaxis2.range[0] < -500


def test_undated_documents_have_a_row_only_where_there_are_any() -> None:
    assert list(aging_chart(aging(), aging(), "USD", PALETTE).data[0].y)[-1] == "91 and over"
    assert list(aging_chart(aging(undated_cents=5), aging(), "USD", PALETTE).data[0].y)[-1] == "Undated"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground_of_the_theme(scheme: str) -> None:
    palette = theme_palette(scheme)
    for ground in (palette.background, palette.panel):
        for text in (
            palette.text,
            palette.muted,
            palette.red,
            palette.orange,
            palette.green,
            palette.primary,
        ):
            assert contrast(text, ground) >= 4.5 or (text, scheme) == (palette.orange, "light"), (
                text,
                ground,
            )
    assert contrast(palette.background, palette.primary) >= 4.5
