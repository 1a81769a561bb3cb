"""Definitions.md, Cash: what is owed on credit cards, and the credit that others hold."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from rowcol.domain.books import Books
from rowcol.domain.cash import card_debt, cards, held_accounts
from tests.kits.records import CARD, CHECKING, account, card_payment, journal, preferences, purchase, spent
from tests.kits.records import credit as credited
from tests.kits.records import debit as debited
from tests.kits.store import NOW, TODAY, PracticeStore, ago

LATER = NOW + timedelta(hours=1)
EURO = {"CurrencyRef": {"value": "EUR"}}


def card(balance: Any, id_: str = CARD, **more: Any) -> tuple[str, dict[str, Any]]:
    return account(id_, f"Card {id_}", "Credit Card", balance, **more)


def charge(on: str, amount: Any, id_: str = CARD, **more: Any) -> tuple[str, dict[str, Any]]:
    return purchase(on, spent(amount), account_id=id_, **more)


def owing(books: Books) -> pd.DataFrame:
    return cards(books, held_accounts(books))


def owed(store: PracticeStore, days_ago: int = 0, **how: Any) -> dict[str, int]:
    """Return account -> cents owed at a day before TODAY."""
    rows = owing(store.books(TODAY - timedelta(days=days_ago), **how))
    return dict(zip(rows["account_id"], rows["owed_cents"], strict=True))


@pytest.mark.parametrize(("sent", "debt", "credit"), [(-812.4, 81_240, 0), (812.4, 0, 81_240), (0, 0, 0)])
def test_without_a_sheet_a_negative_balance_is_owed_and_a_positive_one_is_a_credit(
    store: PracticeStore, sent: float, debt: int, credit: int
) -> None:
    store.land_all([card(sent), card(-9, "42", Active=False)])
    row = card_debt(owing(store.books())).iloc[0]
    assert (row["card_debt_cents"], row["card_credit_cents"]) == (debt, credit)


def test_a_card_in_credit_stands_beside_and_is_not_deducted(store: PracticeStore) -> None:
    store.land_all([card(-836.04), card(200, "42")])
    store.sheet(TODAY, {CARD: 83_604, "42": -20_000})
    row = card_debt(owing(store.books())).iloc[0]
    assert (row["card_debt_cents"], row["card_credit_cents"]) == (83_604, 20_000)


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_sheet_decides_the_sign_whatever_sign_the_balance_is_sent_with(
    store: PracticeStore, sign: int
) -> None:
    """836.04 owed and a card 200.00 in credit at the check; then 63.96 more is charged and 50.00 of the credit used."""
    store.land_all([card(sign * 836.04), card(sign * -200, "42")])
    store.sheet(TODAY, {CARD: 83_604, "42": -20_000})
    assert owed(store) == {CARD: 83_604, "42": -20_000}
    store.land(*card(sign * 900), at=LATER)
    store.land(*card(sign * -150, "42"), at=LATER)
    assert owed(store) == {CARD: 90_000, "42": -15_000}


def test_the_sheet_goes_before_the_balance(store: PracticeStore) -> None:
    """What QuickBooks' own report says is owed counts, though the balance is a cent away."""
    store.land_all([card(-100)])
    store.sheet(TODAY, {CARD: 10_001})
    assert owed(store) == {CARD: 10_001}


def test_activity_without_a_record_counts_by_the_change_of_the_balance(store: PracticeStore) -> None:
    store.land_all([card(-100)])
    store.sheet(TODAY - timedelta(days=1), {CARD: 10_000})
    store.land(*card(-130), at=LATER)
    assert owed(store) == {CARD: 13_000}


def test_a_charge_dated_ahead_is_not_owed_yet_whenever_it_was_entered(store: PracticeStore) -> None:
    """The balance holds it in both cases, the sheet in neither."""
    store.land_all([card(-140), charge(ago(-3), 40)])
    assert owed(store) == {CARD: 10_000}
    store.sheet(TODAY, {CARD: 10_000})
    assert owed(store) == {CARD: 10_000}
    store.land(*charge(ago(-5), 25), at=LATER)
    store.land(*card(-165), at=LATER)
    assert owed(store) == {CARD: 10_000}


def test_a_payment_of_the_card_dated_ahead_is_still_owed(store: PracticeStore) -> None:
    store.land_all([card(-60), card_payment(ago(-2), 40)])
    assert owed(store) == {CARD: 10_000}
    store.sheet(TODAY, {CARD: 10_000})
    assert owed(store) == {CARD: 10_000}


def test_a_payment_dated_ahead_larger_than_the_debt_does_not_turn_the_sign(store: PracticeStore) -> None:
    """400.00 in the balance is 100.00 owed and 500.00 paid next week."""
    store.land_all([card(400), card_payment(ago(-7), 500)])
    store.sheet(TODAY, {CARD: 10_000})
    store.land(*charge(ago(0), 20), at=LATER)
    store.land(*card(380), at=LATER)
    assert owed(store) == {CARD: 12_000}


def test_what_came_between_the_sheet_and_the_day_is_owed(store: PracticeStore) -> None:
    """Sheet of three days ago: 100.00. 40.00 dated since was entered before it, a journal of 5.00 after."""
    store.land_all([card(-140), charge(ago(1), 40)])
    store.sheet(TODAY - timedelta(days=3), {CARD: 10_000})
    store.land(*journal(ago(1), debited(5, "60"), credited(5, CARD)), at=LATER)
    store.land(*card(-145), at=LATER)
    assert owed(store) == {CARD: 14_500}
    assert owed(store, days_ago=2) == {CARD: 10_000}


def test_a_past_day_is_rolled_back_from_the_first_sheet_after_it(store: PracticeStore) -> None:
    store.land_all([card(-140), charge(ago(4), 40), charge(ago(9), 100)])
    store.sheet(TODAY, {CARD: 14_000})
    assert owed(store, days_ago=5) == {CARD: 10_000}


def test_a_charge_deleted_since_the_sheet_is_no_longer_owed(store: PracticeStore) -> None:
    entity, deleted = charge(ago(4), 40)
    store.land_all([card(-140), (entity, deleted)])
    store.sheet(TODAY, {CARD: 14_000})
    store.delete(entity, deleted["Id"], at=LATER)
    store.land(*card(-100), at=LATER)
    assert owed(store) == {CARD: 10_000}


def test_a_bill_paid_by_card_is_a_charge(store: PracticeStore) -> None:
    paid = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": CARD}}}
    bill_payment = {"Id": "7", "TxnDate": ago(-1), "TotalAmt": 30, "VendorRef": {"value": "1"}, **paid}
    store.land_all([card(-130), ("BillPayment", bill_payment)])
    assert owed(store) == {CARD: 10_000}


def test_a_card_opened_since_the_sheet_owes_its_balance(store: PracticeStore) -> None:
    store.land_all([card(-100)])
    store.sheet(TODAY, {CARD: 10_000})
    store.land(*card(-70, "42"), at=LATER)
    assert owed(store) == {CARD: 10_000, "42": 7_000}


def test_a_card_that_the_sheet_does_not_list_owes_its_balance(store: PracticeStore) -> None:
    """Some reports hold no liabilities at all."""
    store.land_all([card(-100), charge(ago(-1), 40)])
    store.sheet(TODAY, {CHECKING: 100_000})
    assert owed(store) == {CARD: 6_000}
    store.land(*card(-160), at=LATER)
    assert owed(store) == {CARD: 12_000}


def test_a_refused_sheet_is_none(store: PracticeStore) -> None:
    store.land_all([card(-100)])
    store.sheet(TODAY, None)
    assert owed(store) == {CARD: 10_000}


def test_nothing_that_was_known_later_is_in_what_was_owed_by_earlier_knowledge(store: PracticeStore) -> None:
    store.land_all([card(-100)])
    store.sheet(TODAY, {CARD: 10_000}, at=NOW)
    store.land(*card(-170), at=LATER)
    store.sheet(TODAY, {CARD: 17_000}, at=LATER)
    assert owed(store, known_at=NOW + timedelta(minutes=1)) == {CARD: 10_000}
    assert owed(store) == {CARD: 17_000}


def test_a_foreign_card_is_its_sheet_and_the_change_of_its_balance_at_the_newest_rate(
    store: PracticeStore,
) -> None:
    """110.00 owed by the sheet for 100 EUR; then 20 EUR more at 1.25."""
    store.land_all([preferences("USD"), card(-100, **EURO), charge(ago(1), 100, ExchangeRate=1.25, **EURO)])
    store.sheet(TODAY, {CARD: 11_000})
    store.land(*card(-120, **EURO), at=LATER)
    assert owed(store) == {CARD: 13_500}


def test_a_foreign_card_without_rate_or_sheet_is_named_and_counts_as_nothing(store: PracticeStore) -> None:
    store.land_all([preferences("USD"), card(-100, **EURO)])
    row = owing(store.books()).iloc[0]
    assert (row["missing"], row["owed_cents"], row["own_cents"]) == (True, 0, -10_000)


def test_a_client_without_cards_owes_nothing(store: PracticeStore) -> None:
    store.land_all([account(CHECKING, "Checking", "Bank", 5), card(-9, Active=False)])
    assert card_debt(owing(store.books())).empty
