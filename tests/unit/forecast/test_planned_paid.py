"""Planned against really paid, what is left of a plan, and what was decided laid onto the bills."""

from typing import Any

import pandas as pd

from rowcol.domain.current_decisions import (
    HOLD_COLUMNS,
    PLAN_COLUMNS,
    PRIORITY_COLUMNS,
    CurrentDecisions,
    apply_decisions,
    left_of_plan,
    no_decisions,
)
from rowcol.domain.outcomes import plan_outcomes

AS_OF = pd.Timestamp("2026-11-20")


def day(ago: int) -> pd.Timestamp:
    return AS_OF - pd.Timedelta(days=ago)


def plans(*rows: tuple[str, int, int | None, int, int]) -> pd.DataFrame:
    """Take (bill, pay day ago, amount, open when planned, planned ago)."""
    frame = pd.DataFrame(
        [(q, day(on), amount, opened, day(planned_on), "Ada") for q, on, amount, opened, planned_on in rows],
        columns=["qbo_id", "pay_on", "amount_cents", "open_cents", "planned_on", "by"],
    )
    return frame.astype({"amount_cents": "Int64", "pay_on": "datetime64[us]", "planned_on": "datetime64[us]"})


def paid(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(q, day(on).date(), cents) for q, on, cents in rows], columns=["qbo_id", "paid_on", "amount_cents"]
    )


def documents(**open_cents: int) -> pd.DataFrame:
    return pd.DataFrame(
        [(name[1:], f"N-{name[1:]}", "Acme", cents) for name, cents in open_cents.items()],
        columns=["qbo_id", "doc_number", "party", "open_cents"],
    )


def rows_by_bill(
    planned: pd.DataFrame, payments: pd.DataFrame, docs: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    return {
        str(row["qbo_id"]): row for row in plan_outcomes(planned, payments, docs, AS_OF).to_dict("records")
    }


def test_each_plan_ends_as_it_was_paid() -> None:
    planned = plans(
        ("1", 2, None, 500, 7), ("2", 3, 300, 900, 7), ("3", 5, None, 500, 7), ("4", 3, None, 500, 7),
        ("5", -3, None, 500, 7), ("6", 3, None, 500, 7),
    )  # fmt: skip
    payments = paid(("1", 2, 500), ("2", 4, 100), ("3", 1, 500), ("4", 9, 500))
    docs = documents(b1=0, b2=800, b3=0, b4=500, b5=500, b6=0)
    rows = rows_by_bill(planned, payments, docs)
    assert {key: row["outcome"] for key, row in rows.items()} == {
        "1": "paid", "2": "paid in part", "3": "paid late", "4": "not paid", "5": "to come",
        "6": "closed without a payment",
    }  # fmt: skip
    assert (rows["2"]["planned_cents"], rows["2"]["paid_cents"], rows["2"]["difference_cents"]) == (
        300,
        100,
        -200,
    )
    assert rows["3"]["paid_on"] == day(1)


def test_a_payment_before_the_planning_day_or_after_the_as_of_date_is_not_the_plans() -> None:
    rows = rows_by_bill(plans(("1", 1, None, 500, 5)), paid(("1", 6, 500), ("1", -1, 500)), documents(b1=500))
    assert rows["1"]["paid_cents"] == 0
    assert rows["1"]["outcome"] == "not paid"


def test_bills_paid_without_a_plan_are_listed_since_the_first_planning_day() -> None:
    rows = rows_by_bill(
        plans(("1", 2, None, 500, 7)),
        paid(("1", 2, 500), ("8", 7, 90), ("8", 3, 10), ("9", 8, 40)),
        documents(b8=0),
    )
    assert rows["8"]["outcome"] == "paid without a plan"
    assert (rows["8"]["planned_cents"], rows["8"]["paid_cents"], rows["8"]["difference_cents"]) == (
        0,
        100,
        100,
    )
    assert "9" not in rows


def test_nothing_planned_lists_nothing() -> None:
    assert plan_outcomes(plans(), paid(("1", 2, 500)), documents(b1=0), AS_OF).empty


def test_what_was_paid_of_a_part_payment_is_not_paid_again() -> None:
    planned = pd.Series([300, 300, 300, None, 300, 300], dtype="Int64")
    opened = pd.Series([900, 900, 900, 900, None, 900], dtype="Int64")
    now = pd.Series([900, 700, 600, 500, 900, 1_000])
    assert left_of_plan(planned, opened, now).tolist() == [300, 100, 0, 500, 300, 300]


def decisions(**frames: list[dict[str, Any]]) -> CurrentDecisions:
    columns = {"plans": PLAN_COLUMNS, "holds": HOLD_COLUMNS, "priorities": PRIORITY_COLUMNS}
    frames_of = {
        name: pd.DataFrame(rows, columns=list(columns[name])).astype(columns[name])
        for name, rows in frames.items()
    }
    nothing = no_decisions()
    return CurrentDecisions(
        **{**{name: getattr(nothing, name) for name in CurrentDecisions.__dataclass_fields__}, **frames_of}
    )


def test_a_bills_own_priority_wins_over_its_vendors_and_a_vendors_hold_covers_its_bills() -> None:
    bills = pd.DataFrame(
        {"qbo_id": ["1", "2", "3"], "party_id": ["55", "55", None], "balance_cents": [900, 500, 100]}
    )
    advice = decisions(
        plans=[{"business_id": "b", "qbo_id": "1", "pay_on": AS_OF, "amount_cents": 2_000},
               {"business_id": "b", "qbo_id": "2", "pay_on": AS_OF, "amount_cents": pd.NA}],
        holds=[{"business_id": "b", "scope": "vendor", "subject_id": "55", "state": "hold"},
               {"business_id": "b", "scope": "bill", "subject_id": "2", "state": "dispute"}],
        priorities=[{"business_id": "b", "scope": "vendor", "subject_id": "55", "priority": "wait"},
                    {"business_id": "b", "scope": "bill", "subject_id": "1", "priority": "must"}],
    )  # fmt: skip
    rows = apply_decisions(bills, advice, AS_OF)
    assert rows["priority"].tolist() == ["must", "wait", "normal"]
    assert rows["held"].tolist() == ["hold", "dispute", ""]
    assert rows["planned_cents"].tolist() == [900, 500, pd.NA]
    assert apply_decisions(bills, no_decisions(), AS_OF)["pay_on"].isna().all()
    assert apply_decisions(bills, advice, AS_OF + pd.Timedelta(days=1))["pay_on"].isna().all()
