"""From edited cells to decisions: what is new is requested, what is stored already is not."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from rowcol.ui.console.bill_edits import BillEdit, bill_grid, edits_of, stray, when

FRIDAY, LATER = date(2026, 11, 20), date(2026, 12, 1)
IDS = ("11", "12")


def bills(**planned: Any) -> pd.DataFrame:
    """Two bills; the second planned if a day is given."""
    return pd.DataFrame(
        {
            "group": ["overdue", "urgent"],
            "days_past_due": pd.array([12, -3], dtype="Int64"),
            "vendor": ["Acme", "Beta"],
            "doc_number": ["A-1", None],
            "due_date": pd.to_datetime(["2026-11-08", "2026-11-23"]),
            "balance_cents": [120_000, 43_020],
            "pay_on": pd.to_datetime([None, planned.get("on")]),
            "planned_cents": pd.array([None, planned.get("cents")], dtype="Int64"),
            "priority": ["must", "normal"],
            "held": ["", "dispute"],
            "runway_days_effect": pd.array([0.5, None], dtype="Float64"),
            "url": ["https://x", "https://y"],
        }
    )


def edits(edited: dict[int, dict[str, Any]], **planned: Any) -> tuple[BillEdit, ...]:
    return edits_of(bill_grid(bills(**planned)), IDS, edited, FRIDAY)


def test_the_table_shows_plans_in_units_and_labels_for_codes() -> None:
    grid = bill_grid(bills(on=LATER, cents=20_010))
    assert list(grid.columns) == [
        "pay", "pay_on", "amount", "when", "vendor", "doc_number", "due_date", "balance", "priority", "held", "effect",
        "url",
    ]  # fmt: skip
    assert grid["pay"].tolist() == [False, True]
    assert (grid["pay_on"][0], grid["pay_on"][1], grid["amount"][1]) == (None, LATER, 200.10)
    assert grid["when"].tolist() == ["▲ 12 days overdue", "◆ due in 3 days"]
    assert grid["priority"].tolist() == ["▲ must pay", "normal"]
    assert grid["held"].tolist() == ["–", "✗ disputed"]


def test_days_are_shown_with_their_mark() -> None:
    assert when("urgent", 0) == "◆ due today"
    assert when("later", pd.NA) == "· no due date"
    assert when("overdue", 1) == "▲ 1 day overdue"


def test_a_tick_plans_all_of_a_bill_for_the_day_ticks_are_paid() -> None:
    assert edits({0: {"pay": True}}) == (BillEdit("11", plan=(FRIDAY, None)),)


def test_a_day_or_an_amount_plans_too() -> None:
    assert edits({0: {"pay_on": "2026-12-01"}}) == (BillEdit("11", plan=(LATER, None)),)
    assert edits({0: {"amount": 100.1}}) == (BillEdit("11", plan=(FRIDAY, 10_010)),)
    assert edits({1: {"amount": 50}}, on=LATER, cents=43_020) == (BillEdit("12", plan=(LATER, 5_000)),)


@pytest.mark.parametrize("cells", [{"pay": False}, {"pay_on": None}, {"pay": False, "amount": 5}])
def test_unticking_or_clearing_the_day_takes_the_bill_out(cells: dict[str, Any]) -> None:
    assert edits({1: cells}, on=LATER, cents=43_020) == (BillEdit("12", plan=False),)


def test_a_cleared_amount_means_all_of_it() -> None:
    assert edits({1: {"amount": None}}, on=LATER, cents=5_000) == (BillEdit("12", plan=(LATER, None)),)


def test_what_is_stored_already_is_not_requested_again() -> None:
    edited: dict[int, dict[str, Any]] = {
        1: {"pay": True, "pay_on": "2026-12-01", "amount": 200.10, "held": "✗ disputed"}
    }
    assert edits(edited, on=LATER, cents=20_010) == ()
    assert not stray(bill_grid(bills(on=LATER, cents=20_010)), edited)
    assert stray(bill_grid(bills()), edited)


def test_of_two_edits_the_one_that_is_not_stored_yet_decides() -> None:
    ticked_then_cleared = {1: {"pay": True, "pay_on": None}}
    assert edits(ticked_then_cleared, on=LATER, cents=43_020) == (BillEdit("12", plan=False),)


def test_hold_and_priority_come_as_their_codes_and_blank_lets_go() -> None:
    assert edits({0: {"held": "‖ on hold", "priority": "▽ can wait"}}) == (
        BillEdit("11", held="hold", priority="wait"),
    )
    assert edits({1: {"held": "–"}}) == (BillEdit("12", held=""),)
    assert edits({0: {"priority": None}}) == (BillEdit("11", priority="normal"),)
