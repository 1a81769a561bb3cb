"""Definitions.md, Bank movements and burn: what moved a bank account, and what its other side makes of it."""

from datetime import timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.account_classes import KINDS
from rowcol.domain.bank import KIND_CENTS, bank_movements, pro_rata, unlisted, unreadable
from tests.kits.records import (
    AP,
    AR,
    CARD,
    CHECKING,
    EQUITY,
    EXPENSE,
    INCOME,
    LOAN,
    MORTGAGE,
    SALES_TAX,
    SAVINGS,
    UNDEPOSITED,
    Pair,
    account,
    applied,
    banked,
    bill,
    bill_payment,
    card_payment,
    credit,
    debit,
    deposit,
    journal,
    payment,
    purchase,
    refund_receipt,
    sales_receipt,
    spent,
    transfer,
)
from tests.kits.store import TODAY, PracticeStore, ago

Kinds = dict[str, int]


def moved(store: PracticeStore, *pairs: Pair) -> list[tuple[str, int, Kinds]]:
    """Land records and return (account, cents, kind -> cents) of every movement they make."""
    store.land_all([account(SAVINGS, "Savings", "Bank", 0), *pairs])
    movements = bank_movements(store.books()).sort_values(["account_id", "qbo_id"])
    assert (movements[KIND_CENTS].sum(axis=1) == movements["amount_cents"]).all()
    return [
        (
            row["account_id"],
            row["amount_cents"],
            {kind: row[f"{kind}_cents"] for kind in KINDS if row[f"{kind}_cents"]},
        )
        for row in movements.to_dict("records")
    ]


@pytest.mark.parametrize(
    ("pair", "account_id", "cents", "kind"),
    [
        (bill_payment("1", ago(3), 70, applied(70, "Bill", "1")), CHECKING, -7_000, "settlement"),
        (purchase(ago(3), spent(70)), CHECKING, -7_000, "operating"),
        (purchase(ago(3), spent(70), Credit=True), CHECKING, 7_000, "operating"),
        (payment("9", ago(3), 70, DepositToAccountRef={"value": CHECKING}), CHECKING, 7_000, "settlement"),
        (sales_receipt(ago(3), 70), CHECKING, 7_000, "operating"),
        (refund_receipt(ago(3), 70), CHECKING, -7_000, "operating"),
        (deposit(ago(3), banked(70)), CHECKING, 7_000, "operating"),
        (deposit(ago(3), applied(70, "Payment", "1")), CHECKING, 7_000, "settlement"),
        (deposit(ago(3), banked(70, UNDEPOSITED)), CHECKING, 7_000, "operating"),
        (deposit(ago(3), banked(70, AR)), CHECKING, 7_000, "settlement"),
        (deposit(ago(3), banked(70, EQUITY)), CHECKING, 7_000, "financing"),
        (deposit(ago(3), banked(70, LOAN)), CHECKING, 7_000, "financing"),
        (deposit(ago(3), banked(70, MORTGAGE)), CHECKING, 7_000, "financing"),
        (purchase(ago(3), spent(70, AP)), CHECKING, -7_000, "settlement"),
        (purchase(ago(3), spent(70, SALES_TAX)), CHECKING, -7_000, "operating"),
        (card_payment(ago(3), 70), CHECKING, -7_000, "operating"),
        (transfer(ago(3), 70, CHECKING, CARD), CHECKING, -7_000, "operating"),
        (transfer(ago(3), 70, LOAN, CHECKING), CHECKING, 7_000, "financing"),
        (journal(ago(3), debit(70, CHECKING), credit(70, INCOME)), CHECKING, 7_000, "operating"),
        (journal(ago(3), credit(70, CHECKING), debit(70, EQUITY)), CHECKING, -7_000, "financing"),
        (journal(ago(3), credit(70, CHECKING), debit(70, AP)), CHECKING, -7_000, "settlement"),
    ],
)
def test_a_transaction_moves_its_bank_account_and_its_other_side_says_what_it_was(
    store: PracticeStore, pair: Pair, account_id: str, cents: int, kind: str
) -> None:
    assert moved(store, pair) == [(account_id, cents, {kind: cents})]


@pytest.mark.parametrize(
    "pair",
    [
        purchase(ago(3), spent(70), account_id=CARD),
        bill_payment("1", ago(3), 70, PayType="CreditCard", CreditCardPayment={"CCAccountRef": {"value": CARD}},
                     CheckPayment=None),
        payment("9", ago(3), 70),
        payment("9", ago(3), 70, DepositToAccountRef={"value": UNDEPOSITED}),
        journal(ago(3), debit(70, EXPENSE), credit(70, AP)),
        bill("1", ago(3), ago(-3), 70, Line=[spent(70)]),
        purchase(ago(3), spent(0), TotalAmt=0, PrivateNote="Voided"),
        purchase(ago(3), spent(70), PrivateNote="Voided"),
    ],
)  # fmt: skip
def test_what_touches_no_bank_account_or_was_voided_moves_nothing(store: PracticeStore, pair: Pair) -> None:
    """Charges on a card are never bank_movements; paying the card is."""
    assert moved(store, pair) == []


def test_a_transfer_between_two_bank_accounts_moves_both_and_is_internal(store: PracticeStore) -> None:
    assert moved(store, transfer(ago(3), 70, CHECKING, SAVINGS)) == [
        (CHECKING, -7_000, {"internal": -7_000}),
        (SAVINGS, 7_000, {"internal": 7_000}),
    ]


def test_a_purchase_line_coded_to_a_bank_account_moves_that_account_too(store: PracticeStore) -> None:
    assert moved(store, purchase(ago(3), spent(60), spent(40, SAVINGS))) == [
        (CHECKING, -10_000, {"operating": -6_000, "internal": -4_000}),
        (SAVINGS, 4_000, {"internal": 4_000}),
    ]


def test_a_deposit_line_coded_to_a_bank_account_moves_that_account_too(store: PracticeStore) -> None:
    assert moved(store, deposit(ago(3), banked(60), banked(40, SAVINGS))) == [
        (CHECKING, 10_000, {"operating": 6_000, "internal": 4_000}),
        (SAVINGS, -4_000, {"internal": -4_000}),
    ]


def test_cash_back_to_a_bank_account_is_income_banked_and_then_moved_on(store: PracticeStore) -> None:
    """All 100.00 are operating; the 30.00 that went to Savings net to zero as internal."""
    back = {"AccountRef": {"value": SAVINGS}, "Amount": 30}
    assert moved(store, deposit(ago(3), banked(100), CashBack=back, TotalAmt=70)) == [
        (CHECKING, 7_000, {"internal": -3_000, "operating": 10_000}),
        (SAVINGS, 3_000, {"internal": 3_000}),
    ]


def test_cash_back_to_no_bank_account_only_lessens_the_deposit(store: PracticeStore) -> None:
    back = {"AccountRef": {"value": EXPENSE}, "Amount": 30}
    assert moved(store, deposit(ago(3), banked(100), CashBack=back, TotalAmt=70)) == [
        (CHECKING, 7_000, {"operating": 7_000})
    ]


def test_split_lines_share_the_movement_pro_rata_to_the_cent(store: PracticeStore) -> None:
    """100.00 paid, of it 66.67 rent, 33.33 owner's draw."""
    movements = moved(store, purchase(ago(3), spent("66.67"), spent("33.33", EQUITY)))
    assert movements == [(CHECKING, -10_000, {"operating": -6_667, "financing": -3_333})]


def test_a_fee_kept_back_from_a_deposit_is_borne_by_what_was_deposited(store: PracticeStore) -> None:
    movements = moved(store, deposit(ago(3), applied(100, "Payment", "1"), banked(-3, EXPENSE)))
    assert movements == [(CHECKING, 9_700, {"settlement": 9_700})]


def test_a_purchase_linked_to_a_bill_is_a_settlement_whatever_its_lines(store: PracticeStore) -> None:
    linked = purchase(ago(3), spent(70), LinkedTxn=[{"TxnId": "5", "TxnType": "Bill"}])
    assert moved(store, linked) == [(CHECKING, -7_000, {"settlement": -7_000})]


def test_lines_of_one_journal_on_one_account_are_summed(store: PracticeStore) -> None:
    movements = moved(store, journal(ago(3), credit(100, CHECKING), debit(30, CHECKING), debit(70, EXPENSE)))
    assert movements == [(CHECKING, -7_000, {"operating": -7_000})]


def test_a_journals_debit_is_explained_by_its_credits_and_the_other_way_round(store: PracticeStore) -> None:
    """Payroll: 100.00 wages out of Checking 80.00 and a withheld tax 20.00; then two sources of one debit."""
    wages = journal(ago(3), debit(100, EXPENSE), credit(80, CHECKING), credit(20, SALES_TAX))
    assert moved(store, wages) == [(CHECKING, -8_000, {"operating": -8_000})]
    mixed = journal(ago(2), debit(100, SAVINGS), credit(75, INCOME), credit(25, EQUITY))
    assert moved(store, mixed)[1] == (SAVINGS, 10_000, {"financing": 2_500, "operating": 7_500})


def test_a_foreign_purchase_moves_the_bank_in_home_cents(store: PracticeStore) -> None:
    foreign = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.25}
    assert moved(store, purchase(ago(3), spent("10.01"), **foreign)) == [
        (CHECKING, -1_251, {"operating": -1_251})
    ]


AMOUNTS = st.integers(-(10**10), 10**10)
WEIGHTS = st.lists(st.integers(1, 10**10), min_size=1, max_size=6)


@given(groups=st.lists(st.tuples(AMOUNTS, WEIGHTS), max_size=4))
def test_shares_add_up_to_the_cent_and_are_near_their_part(groups: list[tuple[int, list[int]]]) -> None:
    rows = [
        (number, amount, weight, Fraction(amount * weight, sum(weights)))
        for number, (amount, weights) in enumerate(groups)
        for weight in weights
    ]
    number, amounts, weights, exact = ([row[place] for row in rows] for place in range(4))
    shares = pro_rata(*(np.array(column, dtype="int64") for column in (amounts, weights, number)))
    for group, (amount, _) in enumerate(groups):
        assert sum(share for share, of in zip(shares, number, strict=True) if of == group) == amount
    assert all(abs(int(share) - part) <= 1 for share, part in zip(shares, exact, strict=True))


def window_of(store: PracticeStore, start: int = 90, end: int = 1) -> pd.DataFrame:
    today = pd.Timestamp(TODAY)
    ends = {"start": [today - timedelta(days=start)], "end": [today - timedelta(days=end)]}
    return pd.DataFrame({"business_id": [store.client()], **ends})


def test_unlisted_activity_is_what_two_balance_sheets_show_and_no_record_does(store: PracticeStore) -> None:
    """1,000.00 then 300.00, and a listed purchase of 200.00 between: 500.00 left unseen."""
    store.land_all([purchase(ago(40), spent(200)), purchase(ago(0), spent(9)), purchase(ago(91), spent(5))])
    store.sheet(TODAY - timedelta(days=1), {CHECKING: 30_000})
    store.sheet(TODAY - timedelta(days=91), {CHECKING: 100_000})
    books = store.books()
    rows = unlisted(books, bank_movements(books), window_of(store))
    assert rows[["account_id", "amount_cents"]].to_numpy().tolist() == [[CHECKING, -50_000]]
    assert unreadable(books, window_of(store)) == []


def test_nothing_is_unlisted_where_records_explain_the_balance_sheets(store: PracticeStore) -> None:
    store.land_all([purchase(ago(40), spent(200))])
    store.sheet(TODAY - timedelta(days=1), {CHECKING: 30_000})
    store.sheet(TODAY - timedelta(days=91), {CHECKING: 50_000})
    books = store.books()
    assert unlisted(books, bank_movements(books), window_of(store)).empty


def test_an_account_absent_from_a_balance_sheet_stood_at_zero_there(store: PracticeStore) -> None:
    store.sheet(TODAY - timedelta(days=1), {CHECKING: 30_000})
    store.sheet(TODAY - timedelta(days=91), {})
    books = store.books()
    rows = unlisted(books, bank_movements(books), window_of(store))
    assert rows["amount_cents"].tolist() == [30_000]


@pytest.mark.parametrize("closing", [None, "absent"])
def test_bank_activity_is_incomplete_where_a_balance_sheet_is_missing_or_refused(
    store: PracticeStore, closing: str | None
) -> None:
    store.sheet(TODAY - timedelta(days=91), {CHECKING: 100_000})
    if closing is None:
        store.sheet(TODAY - timedelta(days=1), None)
    books = store.books()
    assert unreadable(books, window_of(store)) == [store.client()]
    assert unlisted(books, bank_movements(books), window_of(store)).empty
