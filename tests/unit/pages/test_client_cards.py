"""The text under a client's four figures once a call was held."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rowcol.domain.calls import Call
from rowcol.ui.client.cards import beside_cash, moved_since
from rowcol.views.client.page import Figures

FIGURES = Figures(
    cash_cents=4_120_855, card_debt_cents=0, card_credit_cents=0, undeposited_cents=0, reserve_cents=0, credit_line_cents=0,
    outflow_cents=0, inflow_cents=0, window_start=date(2026, 8, 22),
    window_end=date(2026, 11, 19), window_days=90, buffer_days=11, net_burn_runway_days=16, cash_generative=False,
    cash_out_date=date(2026, 11, 27), marks=(),
)  # fmt: skip
KEPT = {"cash_cents": 4_000_000, "buffer_days": 12, "net_burn_runway_days": 16, "cash_out_on": "2026-11-30"}


def call(**kept: object) -> Call:
    return Call(
        "b-juniper", datetime(2026, 11, 13, 15, tzinfo=UTC), date(2026, 11, 13), figures={**KEPT, **kept}
    )


def test_each_figure_says_how_it_moved() -> None:
    moved = moved_since(call(), FIGURES, "USD")
    assert moved.cash == "+$1,208.55 since 13 Nov"
    assert moved.buffer == "−1 day since 13 Nov"
    assert moved.runway == "unchanged since 13 Nov"
    assert moved.cash_out == "3 days sooner than on 13 Nov"


@pytest.mark.parametrize(
    ("debt", "credit", "words"),
    [
        (83_604, 0, "$836 card debt · $100 undeposited"),
        (83_604, 20_000, "$836 card debt ($200 in credit on a card) · $100 undeposited"),
        (0, 20_000, "no card debt ($200 in credit on a card) · $100 undeposited"),
        (0, 0, "$100 undeposited"),
    ],
)
def test_credit_on_a_card_stands_beside_card_debt(debt: int, credit: int, words: str) -> None:
    figures = replace(FIGURES, card_debt_cents=debt, card_credit_cents=credit, undeposited_cents=10_000)
    assert beside_cash(figures, "USD") == words


def test_cash_that_fell_has_one_sign() -> None:
    fell = moved_since(call(cash_cents=4_120_955), FIGURES, "CAD")
    assert fell.cash == "−CA$1.00 since 13 Nov"


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [(None, 16, "no figure on 13 Nov"), (16, None, "16 days on 13 Nov"), (None, None, "")],
)
def test_a_figure_without_a_value_then_or_now_is_not_compared(
    then: int | None, now: int | None, words: str
) -> None:
    figures = replace(FIGURES, net_burn_runway_days=now)
    assert moved_since(call(net_burn_runway_days=then), figures, "USD").runway == words


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (None, date(2026, 11, 27), "beyond 13 weeks on 13 Nov"),
        ("2026-11-30", None, "30 Nov on 13 Nov"),
        ("2026-11-26", date(2026, 11, 27), "1 day later than on 13 Nov"),
        (None, None, "unchanged since 13 Nov"),
    ],
)
def test_the_cash_out_day_may_lie_beyond_the_forecast(then: str | None, now: date | None, words: str) -> None:
    figures = replace(FIGURES, cash_out_date=now)
    assert moved_since(call(cash_out_on=then), figures, "USD").cash_out == words
