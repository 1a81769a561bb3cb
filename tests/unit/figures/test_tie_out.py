"""Definitions.md, Tie-out: our totals beside QuickBooks' own, and what a difference means."""

from datetime import timedelta

import pandas as pd
import pytest

from rowcol.domain.tie_out.totals import compare, differences, state
from rowcol.store.control.checks import TieOutRow
from tests.kits.records import CHECKING, SAVINGS, account, bill, credit_memo, customer, invoice, vendor
from tests.kits.store import NOW, TODAY, PracticeStore, ago

Rows = list[tuple[str | None, str, int]]


def reported(*rows: tuple[str | None, str, int]) -> pd.DataFrame:
    """Return a report's rows: party or account id, label, cents."""
    return pd.DataFrame(rows, columns=["subject_id", "label", "amount_cents"]).astype(
        {"amount_cents": "int64"}
    )


def cells_of(frame: pd.DataFrame) -> list[list[object]]:
    rows = frame.astype("object").where(frame.notna(), None)
    return rows[["subject", "party_id", "party", "ours_cents", "qbo_cents"]].to_numpy().tolist()


def test_our_totals_stand_beside_the_reports_party_by_party_and_account_by_account(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            vendor("1", "Acme"), bill("1", ago(9), ago(1), 50), customer("9", "Beta"), invoice("9", ago(9), ago(1), 30),
            credit_memo("9", ago(2), 10), account(SAVINGS, "Closed", "Bank", 5, Active=False),
        ]
    )  # fmt: skip
    sheet = reported((CHECKING, "Checking", 100_000), (SAVINGS, "Closed", 500), ("4", "Undeposited Funds", 3))
    differing = differences(
        store.books(),
        {"ap": reported(("1", "Acme", 5_000)), "ar": reported(("9", "Beta", 1_999)), "bank": sheet},
    )
    assert cells_of(differing) == [
        ["ap", "1", "Acme", 5_000, 5_000],
        ["ar", "9", "Beta", 2_000, 1_999],
        ["bank", CHECKING, "Checking", 100_000, 100_000],
    ]


def test_who_is_on_one_side_alone_counts_as_zero_on_the_other() -> None:
    ours = pd.DataFrame({"id": ["1", None], "label": ["Acme", "No name"], "amount_cents": [5, 7]})
    differing = compare("ap", ours, reported(("2", "Zed", 9), (None, "Not Specified", 6)))
    assert cells_of(differing) == [
        ["ap", None, "No name", 7, 6],
        ["ap", "1", "Acme", 5, 0],
        ["ap", "2", "Zed", 0, 9],
    ]


def test_a_party_the_report_names_twice_is_added_up() -> None:
    """A parent's own amounts stand in its section's Header and again on a line of its own."""
    ours = pd.DataFrame({"id": ["1"], "label": ["Acme"], "amount_cents": [5]})
    assert cells_of(compare("ar", ours, reported(("1", "Acme", 2), ("1", "Acme", 3)))) == [
        ["ar", "1", "Acme", 5, 5]
    ]


def test_books_without_anything_tie() -> None:
    nothing = pd.DataFrame({"id": [], "label": [], "amount_cents": []})
    assert compare("ap", nothing, reported()).empty


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], "tied"),
        ([TieOutRow("ap", "1", "Acme", 5, 5)], "tied"),
        ([TieOutRow("ap", "1", "Acme", 5, 5), TieOutRow("bank", "35", "Checking", 5, 4)], "broken"),
        ([TieOutRow("unreadable", None, "", 0, 0)], "unchecked"),
    ],
)
def test_a_client_is_tied_broken_or_unchecked_by_its_last_check(
    store: PracticeStore, rows: list[TieOutRow], expected: str
) -> None:
    """Books with nothing to compare once failed the refresh: they tie."""
    store.check(TODAY, [TieOutRow("ap", "1", "Acme", 5, 4)], at=NOW - timedelta(days=1))
    store.check(TODAY, rows)
    assert state(store.books().tie_outs, store.client()) == expected


def test_a_client_that_was_never_checked_is_unchecked(store: PracticeStore) -> None:
    assert state(store.books().tie_outs, store.client()) == "unchecked"
