"""Random series, payments entered ahead, bills and commitments: every amount enters the 13 weeks once."""

from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.forecast.commitments import current_commitments
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.inputs import ForecastInputs
from rowcol.domain.forecast.replacement import Replacement, bills_placed, commitment_matches, replaced
from tests.kits.examples import examples
from tests.kits.forecasts import ahead, decided, looked_ahead
from tests.kits.records import CHECKING, SAVINGS, account, bill, chart, deposit, purchase, spent
from tests.kits.store import MEMORY, TODAY, PracticeStore, ago

WAGES = "97"
PAYROLL = ("payroll", "payroll tax")
payees = st.sampled_from(["1", "2", "3"])
accounts = st.sampled_from([CHECKING, CHECKING, SAVINGS])
cents = st.integers(80, 125)
regular = st.tuples(payees, accounts, st.sampled_from([7, 14]), st.integers(0, 14), st.booleans())
coming = st.tuples(payees, accounts, st.integers(1, 95), st.sampled_from([20, 60, 100, 130]))
bills = st.tuples(payees, st.integers(-8, 95), cents)
entered = st.tuples(
    st.sampled_from(["payroll", "payroll tax", "sales tax", "estimate"]), st.integers(0, 95), st.integers(1, 400),
    st.sampled_from(["", "1", "2", "3"]),
)  # fmt: skip
several: dict[str, Any] = {"max_size": 5}
books = st.tuples(
    st.lists(regular, max_size=4, unique_by=lambda row: row[:2]), st.lists(coming, **several),
    st.lists(bills, **several), st.lists(entered, **several), st.integers(0, 9_000), st.integers(0, 900),
)  # fmt: skip


def landed(drawn: Any) -> tuple[PracticeStore, CurrentDecisions]:
    """Land what was drawn; returns the store and the commitments."""
    store = PracticeStore(MEMORY)
    series, later, owed, commitments, everyday, wages = drawn
    store.land_all([*chart(checking=10), account(SAVINGS, "Savings", "Bank", 5)])
    store.land_all([account(WAGES, "Wages", "Expense", 0, AccountSubType="PayrollExpenses")])
    store.land_all([bill("9", ago(400), ago(300), 0, TotalAmt=1), deposit(ago(20), spent(77))])
    store.land_all([purchase(ago(5), spent(everyday / 100)), purchase(ago(6), spent(wages / 100, WAGES))])

    def paid(on: str, payee: str, account_id: str, amount: int, to: str = "60") -> None:
        reference = {"value": payee, "type": "Vendor"}
        created = {"MetaData": {"CreateTime": f"{ago(1)}T12:00:00-08:00"}} if on > ago(0) else {}
        store.land(*purchase(on, spent(amount, to), account_id=account_id, EntityRef=reference, **created))

    for payee, account_id, interval, last, on_wages in series:
        for turn in range(4):
            paid(ago(last + turn * interval), payee, account_id, 100, WAGES if on_wages else "60")
    for payee, account_id, day, amount in later:
        paid(ahead(day), payee, account_id, amount)
    for payee, due, amount in owed:
        store.land(*bill(payee, ago(9), ahead(due), amount))
    rows = [
        {"business_id": store.client(), "commitment_id": str(number), "name": kind, "kind": kind, "on": ahead(day),
         "amount_cents": amount * 100, "replaces": payee, "account_id": ""}
        for number, (kind, day, amount, payee) in enumerate(commitments)
    ]  # fmt: skip
    return store, decided(commitments=rows)


@settings(max_examples=examples(24), deadline=None)
@given(books)
def test_every_amount_enters_once(drawn: Any) -> None:
    store, decisions = landed(drawn)
    state = looked_ahead(store)
    result = forecast(state, decisions)
    committed = current_commitments(decisions.commitments, state.clients)
    matches = [bills_placed(state.matches, result.items), commitment_matches(state.recurring, committed)]
    possible = pd.concat(matches, ignore_index=True)
    replacement = replaced(state.recurring, possible)
    each_stands_for_one(possible, replacement)
    lines = ["recurring", "debt service and draws", "set aside"]
    items = result.items[result.items["line"].isin(lines)]
    assert len(items) == (state.recurring["state"] == "placed").sum(), "none is lost, none is added"
    gone = items["state"] == "excluded"
    assert items["reason"][gone].str.startswith("replaced by ").all()
    inside = replacement.by["occurrence"].isin(
        state.recurring["occurrence"][state.recurring["state"] == "placed"]
    )
    assert gone.sum() == inside.sum()
    into, out = everyday_by_the_rules(state, committed, replacement)
    assert result.days["baseline_in_cents"].tolist() == into
    assert result.days["baseline_out_cents"].tolist() == out
    store.close()


def each_stands_for_one(possible: pd.DataFrame, replacement: Replacement) -> None:
    """Nothing stands for two of a series, nothing is replaced twice, and nothing that could replace is left over."""
    by = replacement.by
    source = ["entity", "qbo_id", "series"]
    assert not by.duplicated("occurrence").any()
    assert not by.duplicated(source).any()
    used = set(by[source].itertuples(index=False, name=None))
    gone = set(by["occurrence"])
    for row in possible.to_dict("records"):
        assert tuple(row[name] for name in source) in used or row["occurrence"] in gone
        assert row["days_apart"] * 2 <= 14


def everyday_by_the_rules(
    state: ForecastInputs, committed: pd.DataFrame, replacement: Replacement
) -> tuple[list[int], list[int]]:
    """Return the everyday money in and out of the only client, day by day, as the definitions put it."""
    (client,) = state.clients.to_dict("records")
    whole, payroll, into = (
        shares(client[name], client["days"])
        for name in ("baseline_out_cents", "payroll_out_cents", "baseline_in_cents")
    )
    standing = set(replacement.by[["entity", "qbo_id", "kind"]].itertuples(index=False, name=None))
    stands = {qbo_id for entity, qbo_id, _ in standing if entity == "Commitment"}
    last = pd.Timestamp(TODAY) + timedelta(days=90)
    left = committed[~committed["commitment_id"].isin(stands) & (committed["on"] <= last)]
    amount = int(left["amount_cents"][left["kind"].isin(PAYROLL)].sum())
    for day in range(91):
        part = min(amount, payroll[day], whole[day])
        whole[day], amount = whole[day] - part, amount - part
    parts = state.ahead[["entity", "qbo_id", "operating_cents"]].itertuples(index=False, name=None)
    rest = -sum(amount for entity, qbo_id, amount in parts if (entity, qbo_id, "operating") not in standing)
    for day in range(91):
        part = min(rest, whole[day])
        whole[day], rest = whole[day] - part, rest - part
    return into, whole


def shares(total: int, days: int) -> list[int]:
    """Return the daily shares of a total whose running sums are rounded half up."""
    upto = [floor(Fraction(total * day, days) + Fraction(1, 2)) for day in range(92)]
    return [later - earlier for earlier, later in pairwise(upto)]
