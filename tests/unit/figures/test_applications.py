"""Definitions.md, The books at t: a payment sets its credits against its charges, both in the order of its lines."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.applications import set_against

CHARGE, CREDIT = True, False
Line = tuple[str, bool, int]


def lines_of(*lines: Line) -> pd.DataFrame:
    """Return lines (payment, whether it is a charge, cents) as `PaymentLines.lines` has them."""
    frame = pd.DataFrame(lines, columns=["qbo_id", "is_charge", "amount_cents"])
    kinds = {"qbo_id": "object", "is_charge": "bool", "amount_cents": "int64"}
    return frame.astype(kinds).assign(business_id="1", entity="Payment")


def pairs_of(*lines: Line) -> list[tuple[int, int, int]]:
    return list(set_against(lines_of(*lines)).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        ([("1", CHARGE, 100)], []),
        ([("1", CHARGE, 100), ("1", CREDIT, 30)], [(0, 1, 30)]),
        ([("1", CREDIT, 30), ("1", CHARGE, 100)], [(1, 0, 30)]),
        ([("1", CHARGE, 20), ("1", CHARGE, 20), ("1", CREDIT, 30)], [(0, 2, 20), (1, 2, 10)]),
        ([("1", CHARGE, 50), ("1", CREDIT, 20), ("1", CREDIT, 0), ("1", CREDIT, 40)], [(0, 1, 20), (0, 3, 30)]),
        ([("1", CHARGE, 10), ("2", CREDIT, 10)], []),
        (
            [("1", CHARGE, 10), ("1", CREDIT, 5), ("2", CREDIT, 7), ("2", CHARGE, 9), ("3", CREDIT, 4)],
            [(0, 1, 5), (3, 2, 7)],
        ),
    ],
)  # fmt: skip
def test_credits_are_set_against_charges_in_order(
    lines: list[Line], expected: list[tuple[int, int, int]]
) -> None:
    assert pairs_of(*lines) == expected


def one_by_one(lines: list[Line]) -> list[tuple[int, int, int]]:
    """Return the same by going through the lines of each payment."""
    pairs = []
    unused = [cents for _, _, cents in lines]
    for charge, (payment, is_charge, _) in enumerate(lines):
        for credit, (of, other, _) in enumerate(lines):
            if is_charge and not other and of == payment:
                cents = min(unused[charge], unused[credit])
                unused[charge] -= cents
                unused[credit] -= cents
                pairs += [(charge, credit, cents)] if cents else []
    return pairs


@given(st.lists(st.tuples(st.sampled_from("123"), st.booleans(), st.integers(0, 9)), max_size=14))
def test_all_payments_at_once_are_as_one_by_one(lines: list[Line]) -> None:
    ordered = sorted(lines, key=lambda line: line[0])
    assert pairs_of(*ordered) == one_by_one(ordered)


def test_a_payment_of_very_many_lines_takes_no_more_than_its_lines() -> None:
    many = 50_000
    lines = [("1", CHARGE, 100)] * many + [("1", CREDIT, 60)] * many
    assert len(pairs_of(*lines)) < 2 * many
