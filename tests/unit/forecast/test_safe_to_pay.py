"""Safe to pay this week: in order of priority, then due date, while every later day stays at or above the reserve."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.domain.safe_to_pay import RANK, safe_to_pay

DAYS = 91
DUE = pd.Timestamp("2026-11-20")


def bill(qbo_id: str, cents: int, due: int = 0, placed: int | None = 7, **more: Any) -> dict[str, Any]:
    row = {
        "qbo_id": qbo_id, "group": "overdue", "priority": "normal", "due_date": DUE + pd.Timedelta(days=due),
        "amount_cents": cents, "placed_day": placed, "free": True,
    }  # fmt: skip
    return row | more


def bills(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(bill("", 0)))
    return frame.astype({"placed_day": "Int64", "amount_cents": "int64"})


def closings(level: int = 1_000, **at: int) -> np.ndarray:
    line = np.full(DAYS, level)
    for day, cents in at.items():
        line[int(day[1:])] = cents
    return line


def test_all_that_is_due_is_taken_where_cash_allows() -> None:
    safe = safe_to_pay(bills(bill("1", 400), bill("2", 300)), closings(), 100)
    assert (safe.taken, safe.sum_cents, safe.stopped_by, safe.offered) == (("1", "2"), 700, None, 2)
    assert (safe.lowest_cents, safe.lowest_day) == (300, 0)


def test_priority_comes_before_the_due_date_and_the_id_counts_as_a_number() -> None:
    order = bills(
        bill("10", 1, -5), bill("9", 1, -5), bill("1", 1, -90, priority="wait"), bill("5", 1, 3, priority="must"),
    )  # fmt: skip
    assert safe_to_pay(order, closings(), 0).taken == ("5", "9", "10", "1")


def test_taking_ends_with_the_first_bill_that_would_break_the_reserve() -> None:
    order = bills(bill("1", 300, -3), bill("2", 900, -2), bill("3", 50, -1))
    safe = safe_to_pay(order, closings(), 100)
    assert (safe.taken, safe.stopped_by) == (("1",), "2")


def test_exactly_the_reserve_is_allowed_and_a_cent_less_is_not() -> None:
    assert safe_to_pay(bills(bill("1", 900)), closings(), 100).taken == ("1",)
    assert safe_to_pay(bills(bill("1", 901)), closings(), 100).taken == ()


def test_only_days_before_the_forecast_paid_it_anyway_get_lower() -> None:
    low_on_the_third = closings(d3=450)
    assert safe_to_pay(bills(bill("1", 400, placed=3)), low_on_the_third, 100).taken == ("1",)
    assert safe_to_pay(bills(bill("1", 400, placed=4)), low_on_the_third, 100).taken == ()
    never_placed = bills(bill("1", 400, placed=None))
    assert safe_to_pay(never_placed, closings(d90=450), 100).taken == ()


def test_nothing_is_safe_where_cash_falls_below_the_reserve_anyway() -> None:
    safe = safe_to_pay(bills(bill("1", 1)), closings(d60=99), 100)
    assert (safe.taken, safe.lowest_cents, safe.lowest_day) == ((), 99, 60)


def test_what_is_safe_if_the_rest_waits_counts_on_the_money_the_forecast_would_have_paid() -> None:
    order = bills(bill("1", 300, -2, placed=7), bill("2", 500, -1, placed=7))
    short = closings(level=-100)
    short[:7] = 700
    assert safe_to_pay(order, short, 0).taken == ()
    waiting = safe_to_pay(order, short, 0, rest_waits=True)
    assert (waiting.taken, waiting.stopped_by, waiting.lowest_cents) == (("1",), "2", 400)


def test_bills_not_due_held_or_planned_are_never_taken() -> None:
    order = bills(bill("1", 1, group="upcoming"), bill("2", 1, group="later"), bill("3", 1, free=False))
    assert safe_to_pay(order, closings(), 0).offered == 0
    assert safe_to_pay(bills(), closings(), 0).taken == ()


some_bills = st.lists(
    st.tuples(
        st.integers(0, 5_000),
        st.integers(-60, 7),
        st.one_of(st.none(), st.integers(0, DAYS - 1)),
        st.sampled_from(["overdue", "urgent", "upcoming"]),
        st.sampled_from(list(RANK)),
        st.booleans(),
    ),
    max_size=12,
)
some_closings = st.lists(st.integers(-2_000, 20_000), min_size=DAYS, max_size=DAYS)


@settings(max_examples=120, deadline=None)
@given(some_bills, some_closings, st.integers(0, 3_000), st.booleans())
def test_the_reserve_is_never_broken_the_order_is_kept_and_no_bill_more_would_do(
    drawn: list[tuple[Any, ...]], line: list[int], reserve: int, rest_waits: bool
) -> None:
    rows = {
        str(number): bill(str(number), cents, due, placed, group=group, priority=priority, free=free)
        for number, (cents, due, placed, group, priority, free) in enumerate(drawn)
    }
    safe = safe_to_pay(bills(*rows.values()), np.array(line), reserve, rest_waits=rest_waits)
    offered = {key: row for key, row in rows.items() if row["free"] and row["group"] != "upcoming"}
    order = sorted(offered, key=lambda key: (RANK[rows[key]["priority"]], rows[key]["due_date"], int(key)))
    assert list(safe.taken) == order[: len(safe.taken)]

    def lowest(paid: list[str]) -> int:
        """Walk the days one by one: each bill leaves on day 0 if paid, else where it was placed, or waits."""
        closing, least = 0, None
        for day in range(DAYS):
            closing = line[day]
            for key, row in offered.items():
                gone = row["placed_day"] is not None and row["placed_day"] <= day
                leaves = key in paid or (gone and not rest_waits)
                closing += row["amount_cents"] * (int(gone) - int(leaves))
            least = closing if least is None else min(least, closing)
        assert least is not None
        return least

    assert safe.lowest_cents == lowest(list(safe.taken))
    if safe.taken:
        assert lowest(list(safe.taken)) >= reserve
    if safe.stopped_by is not None:
        assert safe.stopped_by == order[len(safe.taken)]
        assert lowest([*safe.taken, safe.stopped_by]) < reserve
    assert safe.sum_cents == sum(rows[key]["amount_cents"] for key in safe.taken)
