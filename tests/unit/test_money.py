"""Money is whole cents inside and exact decimals at the edge."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.money import cents, decimal_text, exact_text, home_cents, short_text


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1.005", 101),
        ("-1.005", -101),
        (1.005, 101),
        (2, 200),
        (Decimal("0.004"), 0),
        ("8888888.88", 888_888_888),
    ],
)
def test_an_amount_is_rounded_half_up_away_from_zero(amount: Decimal | str | float, expected: int) -> None:
    assert cents(amount) == expected


@pytest.mark.parametrize(
    ("foreign", "rate", "expected"),
    [(10, "1.25", 13), (-10, "1.25", -13), (1_001, "1.35", 1_351), (3, "0.5", 2)],
)
def test_a_foreign_amount_is_rounded_half_up_at_its_rate(foreign: int, rate: str, expected: int) -> None:
    assert home_cents(foreign, rate) == expected


@given(st.integers(-(10**15), 10**15))
def test_cents_written_as_decimals_read_back_as_the_same_cents(amount: int) -> None:
    assert cents(decimal_text(amount)) == amount


def test_amounts_read_as_an_accountant_writes_them() -> None:
    assert [exact_text(amount, "USD") for amount in (0, 5, -123_450, 100_000_000)] == [
        "$0.00", "$0.05", "-$1,234.50", "$1,000,000.00",
    ]  # fmt: skip
    assert [exact_text(100, currency) for currency in ("CAD", "EUR", "SEK")] == [
        "CA$1.00",
        "€1.00",
        "SEK 1.00",
    ]


def test_big_sums_are_shortened_to_three_figures() -> None:
    sums = (4_120_855, -9_999_949, 9_999_950, 10_000_000, 99_949_999, 99_950_000, 242_000_000)
    assert [short_text(amount, "USD") for amount in sums] == [
        "$41,209", "-$99,999", "$100k", "$100k", "$999k", "$1.00m", "$2.42m",
    ]  # fmt: skip
