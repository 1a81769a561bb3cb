"""The runway bridge: from where a client stood to where it stands, to the cent and the day."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.clock import KnownAt
from rowcol.domain.burn import burn
from rowcol.domain.clients import ClientSettings
from rowcol.domain.comparison.bridge import BUFFER, INS, OUTS, RUNWAY, Position, day_steps
from rowcol.domain.comparison.snapshot import flow_parts, snapshot_content, snapshot_from_content
from rowcol.domain.derived import derive
from rowcol.views.common.changes import Changes, changes_between
from tests.kits.comparisons import OLD, SINCE, THEN, changed, compared, land, source
from tests.kits.examples import examples
from tests.kits.findings import refreshed
from tests.kits.records import (
    CHECKING,
    EQUITY,
    SAVINGS,
    account,
    applied,
    banked,
    bill_payment,
    chart,
    customer,
    deposit,
    payment,
    purchase,
    ref,
    sales_receipt,
    spent,
    transfer,
    vendor,
)
from tests.kits.store import MEMORY, NOW, PracticeStore, ago

RENT = purchase(ago(40), spent(900), Id="801")
INTO = {"DepositToAccountRef": ref(CHECKING)}


def checking(balance: float) -> tuple[str, dict[str, object]]:
    """Return the account with another balance."""
    return account(CHECKING, "Checking", "Bank", balance, AccountSubType="Checking")


def savings(balance: float) -> tuple[str, dict[str, object]]:
    return account(SAVINGS, "Savings", "Bank", balance, AccountSubType="Savings")


@pytest.fixture
def books() -> Iterator[PracticeStore]:
    """Give a client with 1,000.00 in Checking, 500.00 in Savings, and a rent paid 40 days ago."""
    books = PracticeStore(MEMORY)
    land(books, *chart(checking=1000), savings(500), vendor("1", "Acme"), customer("9", "Beta"), RENT, at=OLD)
    refreshed(books, 30)
    yield books
    books.close()


def causes(changes: Changes) -> dict[str, int]:
    """Return cause -> cents, of those that come to any."""
    rows = changes.causes.groupby("cause")["amount_cents"].sum()
    return {str(cause): int(cents) for cause, cents in rows.items() if cents}


def cash(changes: Changes) -> tuple[int, int]:
    """Return cash then and now."""
    then, now = (int(side.figures["cash_cents"].iloc[0]) for side in (changes.first, changes.second))
    return then, now


def test_each_movement_has_its_cause(books: PracticeStore) -> None:
    land(
        books, checking(1000 + 300 - 120 - 45 + 60 + 200 - 50 + 25 - 7), savings(550), at=SINCE,
    )  # fmt: skip
    land(
        books, payment("9", ago(3), 300, Id="1", **INTO), bill_payment("1", ago(3), 120, applied(120, "Bill", "5"), Id="2"),
        purchase(ago(2), spent(45), Id="3"), sales_receipt(ago(2), 60, Id="4"),
        deposit(ago(2), banked(200, EQUITY), Id="5"), transfer(ago(1), 50, CHECKING, SAVINGS, Id="6"),
        deposit(ago(1), banked(25), Id="7"), at=SINCE,
    )  # fmt: skip
    changes = compared(books)
    assert causes(changes) == {
        "receipts": 36_000, "vendors": -12_000, "other_out": -4_500, "other_in": 2_500, "financing": 20_000,
        "unlisted": -700,
    }  # fmt: skip
    assert cash(changes) == (150_000, 191_300)


def test_what_is_invested_and_set_aside_has_a_cause_of_its_own(books: PracticeStore) -> None:
    """A vehicle for 300.00 of which 20.00 are fuel; 50.00 to an account left out at both moments."""
    land(
        books, account("70", "Vehicles", "Fixed Asset", 0), savings(550), checking(1000 - 320 - 50), at=SINCE
    )
    land(
        books, purchase(ago(2), spent(300, "70"), spent(20), Id="810"), transfer(ago(1), 50, CHECKING, SAVINGS, Id="811"),
        at=SINCE,
    )  # fmt: skip
    client = books.client()
    gateway = source(books, **{client: ClientSettings(excluded_accounts=(SAVINGS,))})
    changes = changes_between(gateway, client, THEN)
    assert causes(changes) == {"investing": -30_000, "other_out": -2_000, "set_aside": -5_000}
    assert cash(changes) == (100_000, 63_000)
    assert changes.steps.set_index("cause")["cash_cents"].sum() == -37_000


def test_what_is_entered_late_or_changed_in_the_past_stands_apart(books: PracticeStore) -> None:
    land(books, purchase(ago(20), spent(80), Id="802"), purchase(ago(21), spent(10), Id="803"), at=OLD)
    land(books, checking(1000 - 33 - 5 + 80 - 100), at=SINCE)
    land(books, purchase(ago(8), spent(33), Id="804"), purchase(ago(7), spent(5), Id="805"), at=SINCE)
    books.delete("Purchase", "802", at=SINCE)
    land(books, purchase(ago(40), spent(1000), Id="801"), at=SINCE)
    land(books, changed(purchase(ago(21), spent(10), Id="803"), PrivateNote="paper"), at=SINCE)
    assert causes(compared(books)) == {"late": -3_300, "other_out": -500, "corrected": 8_000 - 10_000}


def test_a_past_payment_moved_into_the_period_leaves_the_past(books: PracticeStore) -> None:
    land(books, changed(RENT, TxnDate=ago(2)), at=SINCE)
    assert causes(compared(books)) == {"corrected": 90_000, "other_out": -90_000}


def test_a_check_written_ahead_counts_when_its_day_comes(books: PracticeStore) -> None:
    land(books, purchase(ago(3), spent(70), Id="806"), checking(930), at=THEN - timedelta(hours=1))
    changes = compared(books)
    assert cash(changes) == (150_000, 143_000)
    assert causes(changes) == {"other_out": -7_000}


def test_an_account_left_out_takes_its_balance_with_it(books: PracticeStore) -> None:
    land(books, savings(520), at=SINCE)
    client = books.client()
    moment = NOW - timedelta(days=1)
    gateway = source(books)
    excluded = {client: ClientSettings(excluded_accounts=(SAVINGS,))}

    def is_now(at: KnownAt) -> bool:
        own = at[client] if isinstance(at, Mapping) else at
        return own is None or own > moment

    only_now = replace(
        gateway,
        records=replace(gateway.records, settings=lambda at: excluded if is_now(at) else {}),
    )
    changes = changes_between(only_now, client, THEN)
    assert cash(changes) == (150_000, 100_000)
    assert causes(changes) == {"counted": -50_000}
    only_then = replace(
        gateway,
        records=replace(gateway.records, settings=lambda at: {} if is_now(at) else excluded),
    )
    changes = changes_between(only_then, client, THEN)
    assert cash(changes) == (100_000, 152_000)
    assert causes(changes) == {"counted": 50_000, "unlisted": 2_000}


def test_a_new_account_is_named_as_such(books: PracticeStore) -> None:
    land(
        books,
        account("37", "Payroll", "Bank", 40),
        deposit(ago(2), banked(15), account_id="37", Id="9"),
        at=SINCE,
    )
    assert causes(compared(books)) == {"counted": 2_500, "other_in": 1_500}


def test_a_foreign_account_moves_with_its_rate(books: PracticeStore) -> None:
    euro = {"CurrencyRef": ref("EUR")}
    land(books, account("38", "Euro", "Bank", 100, **euro), at=OLD)
    land(books, deposit(ago(20), banked(1), account_id="38", ExchangeRate=2, Id="10", **euro), at=OLD)
    land(books, deposit(ago(2), banked(1), account_id="38", ExchangeRate=3, Id="11", **euro), at=SINCE)
    changes = compared(books)
    assert cash(changes) == (170_000, 180_000)
    assert causes(changes) == {"other_in": 300, "rates": 9_700}


FLOWS = st.fixed_dictionaries(dict.fromkeys((*OUTS, *INS), st.integers(0, 9_000)))
POSITIONS = st.builds(Position, st.integers(-5_000, 50_000), FLOWS, st.integers(30, 90))


@settings(max_examples=examples(100))
@given(POSITIONS, POSITIONS, st.lists(st.integers(-9_000, 9_000), max_size=6))
def test_the_steps_add_up_to_the_day(first: Position, second: Position, moves: list[int]) -> None:
    """If both ends are defined the steps add up; if one is not there are none."""
    last = second.cash_cents - first.cash_cents - sum(moves)
    by_cause = {f"cause {number}": cents for number, cents in enumerate([*moves, last])}
    for figure in (BUFFER, RUNWAY):
        then, now = first.of(figure), second.of(figure)
        steps = day_steps(figure, first, second, by_cause)
        if then is None or now is None:
            assert steps is None
        else:
            assert steps is not None
            assert sum(steps.values()) == now - then


def test_each_step_is_what_its_cause_alone_does_at_its_turn() -> None:
    """1,000.00 at 10.00 a day: 100 days; 200.00 paid leaves 80; at 8.00 a day 100 again."""
    flows = dict.fromkeys((*OUTS, *INS), 0)
    first = Position(100_000, {**flows, OUTS[0]: 90_000}, 90)
    second = Position(80_000, {**flows, OUTS[0]: 72_000}, 90)
    steps = day_steps(BUFFER, first, second, {"vendors": -20_000})
    assert steps is not None
    assert {cause: days for cause, days in steps.items() if days} == {"vendors": -20, OUTS[0]: 20}


MOVES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 100), st.integers(1, 300), st.sampled_from(["in", "out", "sold", "gone"])),
    max_size=6,
)  # fmt: skip


@settings(max_examples=examples(8))
@given(MOVES, MOVES, st.integers(-500, 3_000), st.integers(-500, 3_000))
def test_the_bridge_adds_up_whatever_happened(
    before: list[tuple[int, int, int, str]], after: list[tuple[int, int, int, str]], then: int, now: int
) -> None:
    store = PracticeStore(MEMORY)
    land(store, *chart(checking=then), at=OLD)
    refreshed(store, 30)
    for start, moves in ((THEN - timedelta(hours=1), before), (SINCE, after)):
        for number, (id_, days, amount, kind) in enumerate(moves):
            at = start + timedelta(minutes=number)
            if kind == "gone":
                store.delete("Purchase", str(id_), at=at)
            elif kind == "out":
                land(store, purchase(ago(days), spent(amount), Id=str(id_)), at=at)
            elif kind == "sold":
                land(store, sales_receipt(ago(days), amount, Id=str(id_)), at=at)
            else:
                land(store, deposit(ago(days), banked(amount), Id=str(id_)), at=at)
    land(store, checking(now), at=NOW)
    changes = compared(store)
    store.close()
    held_then, held_now = cash(changes)
    assert changes.steps["cash_cents"].sum() == held_now - held_then == sum(causes(changes).values())
    for figure in (BUFFER, RUNWAY):
        first, second = (side.figures[figure].iloc[0] for side in (changes.first, changes.second))
        if not (pd.isna(first) or pd.isna(second)):
            assert changes.steps[figure].sum() == second - first


def test_the_parts_of_the_flows_add_up_to_them(books: PracticeStore) -> None:
    mixed = deposit(
        ago(9), {**banked(50), "LinkedTxn": [{"TxnId": "1", "TxnType": "Payment"}]}, banked(-20), Id="12"
    )
    land(books, mixed, payment("9", ago(3), 300, Id="1", **INTO), at=OLD)
    books.sheet(NOW.date() - timedelta(days=1), {CHECKING: 0}, at=OLD)
    books.sheet(NOW.date() - timedelta(days=41), {CHECKING: 70_000}, at=OLD)
    loaded = books.books()
    row = compared(books).second.figures.iloc[0]
    flows, parts = burn(derive(loaded)).iloc[0], flow_parts(derive(loaded)).iloc[0]
    assert (flows["outflow_cents"], flows["inflow_cents"]) == (
        parts[list(OUTS)].sum(),
        parts[list(INS)].sum(),
    )
    assert parts[["customers_in_cents", "other_out_cents"]].tolist() == [33_000, 90_000]
    assert parts["unlisted_out_cents"] > 0
    assert row["customers_in_cents"] == 33_000


def test_what_a_call_keeps_comes_back_as_it_was(books: PracticeStore) -> None:
    side = compared(books).second
    kept = snapshot_from_content(
        {books.client(): json.loads(json.dumps(snapshot_content(side, books.client())))}
    )
    pd.testing.assert_frame_equal(kept.figures, side.figures, check_index_type=False)
    for name in ("accounts", "findings", "ahead"):
        pd.testing.assert_frame_equal(getattr(kept, name), getattr(side, name), check_index_type=False)
