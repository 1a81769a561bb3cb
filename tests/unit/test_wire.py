"""Single values out of QuickBooks' JSON: read exactly, or not at all, and never with a failure."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.store.wire import MOST_UNITS, day, flag, home, moment, money, rate, ref, text, voided


@pytest.mark.parametrize(
    ("sent", "cents"),
    [
        (0, 0), (12, 1_200), (12.3, 1_230), (-12.34, -1_234), ("12.34", 1_234), (1.005, 101), (-1.005, -101),
        (0.1 + 0.2, 30), (8_888_888.88, 888_888_888), ("1e3", 100_000),
        (None, None), ("", None), ("twelve", None), (True, None), ({}, None), ([1], None), ("NaN", None),
        (float("inf"), None), (float("nan"), None), (10**30, None), ("1e999999", None), (1e300, None),
        (MOST_UNITS, None), (-MOST_UNITS, None),
    ],
)  # fmt: skip
def test_an_amount_is_whole_cents_half_up_or_none(sent: Any, cents: int | None) -> None:
    assert money(sent) == cents


@given(st.integers(-(10**11), 10**11))
def test_every_amount_of_cents_comes_back_from_the_float_it_was_sent_as(cents: int) -> None:
    assert money(cents / 100) == cents


@given(st.one_of(st.floats(), st.integers(), st.text(), st.booleans(), st.none(), st.binary()))
def test_any_value_is_an_amount_or_none(sent: Any) -> None:
    cents = money(sent)
    assert cents is None or abs(cents) <= MOST_UNITS * 100


@pytest.mark.parametrize(
    ("sent", "at", "cents"),
    [
        ("0.10", "1.25", 13), ("-0.10", "1.25", -13), ("10.01", "1.35", 1_351), (10, "0.333333", 333),
        (1e12, "1e9", None), (None, "2", None), ("x", "2", None), ("1e999999", "2", None),
    ],
)  # fmt: skip
def test_a_foreign_amount_is_converted_exactly_and_rounded_once(
    sent: Any, at: str, cents: int | None
) -> None:
    assert home(sent, Decimal(at)) == cents


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (1.25, "1.25"),
        ("0.7431", "0.7431"),
        (1, None),
        (1.0, None),
        (0, None),
        (-2, None),
        ("x", None),
        (10**12, None),
    ],
)
def test_a_rate_counts_where_it_is_one_and_not_one_to_one(sent: Any, expected: str | None) -> None:
    assert rate({"ExchangeRate": sent}) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2026-11-20", date(2026, 11, 20)), ("2026-11-20-08:00", date(2026, 11, 20)),
        ("2026-11-20T23:30:00-08:00", date(2026, 11, 20)), ("2026-02-30", None), ("soon", None), ("", None),
        (20261120, None), (None, None),
    ],
)  # fmt: skip
def test_a_day_is_the_calendar_date_as_written(sent: Any, expected: date | None) -> None:
    assert day(sent) == expected


def test_a_moment_is_utc_and_one_without_an_offset_is_none() -> None:
    assert moment("2026-11-20T09:00:00-08:00") == 1_795_194_000_000_000
    assert moment("2026-11-20T17:00:00Z") == 1_795_194_000_000_000
    assert [moment(sent) for sent in ("2026-11-20T09:00:00", "now", None, 5)] == [None] * 4


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("a", "a"),
        ("", None),
        (5, "5"),
        (1.5, "1.5"),
        (True, None),
        ({}, None),
        (None, None),
        (float("inf"), None),
    ],
)
def test_text_is_what_can_be_read_as_one(sent: Any, expected: str | None) -> None:
    assert text(sent) == expected


def test_references_and_flags_have_a_default_for_any_other_shape() -> None:
    record = {"VendorRef": {"value": 7}, "TermRef": "net 30", "Active": "true", "Job": "maybe", "Level": 2}
    assert [ref(record, key) for key in ("VendorRef", "TermRef", "Gone")] == ["7", None, None]
    assert [flag(record, key, default=True) for key in ("Active", "Job", "Level", "Gone")] == [
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("record", "void"),
    [
        ({"PrivateNote": "Voided", "TotalAmt": 0, "SyncToken": "1"}, True),
        ({"PrivateNote": "Anulado", "TotalAmt": 0, "Balance": 0, "SyncToken": "1"}, True),
        ({"PrivateNote": "Annulé", "Line": [{"Amount": 0}, {}], "SyncToken": 2}, True),
        ({"PrivateNote": " voided\n", "TotalAmt": 80, "Balance": 80, "SyncToken": "0"}, True),
        ({"PrivateNote": "Voided check reissued", "TotalAmt": 80, "SyncToken": "3"}, False),
        ({"PrivateNote": "Voided: twice", "TotalAmt": 80, "SyncToken": "3"}, False),
        ({"PrivateNote": "Voided by Ana", "TotalAmt": 0, "Line": [{"Amount": 5}], "SyncToken": "3"}, False),
        ({"PrivateNote": "Anulado", "TotalAmt": 0, "Balance": 5, "SyncToken": "1"}, False),
        ({"PrivateNote": "Opening", "TotalAmt": 0, "SyncToken": "0"}, False),
        ({"PrivateNote": "Opening", "TotalAmt": 0}, False),
        ({"PrivateNote": "", "TotalAmt": 0, "SyncToken": "1"}, False),
        ({"PrivateNote": 5, "TotalAmt": 0, "SyncToken": "1"}, False),
        ({"PrivateNote": "Annulé", "Amount": 0, "SyncToken": "1"}, True),
        ({"PrivateNote": "Annulé", "Amount": 5, "SyncToken": "1"}, False),
        ({"TotalAmt": 0, "SyncToken": "1"}, False),
    ],
)  # fmt: skip
def test_a_void_is_by_its_amounts_in_any_language_or_by_a_note_that_says_nothing_else(
    record: dict[str, Any], void: bool
) -> None:
    assert voided(record) is void
