"""Definitions.md, Cash and Home amount: what counts as cash, and at which rate."""

from datetime import timedelta

import pandas as pd

from rowcol.domain.books import Books
from rowcol.domain.cash import bank_accounts, cash, undeposited
from rowcol.domain.clients import ClientSettings
from rowcol.store.control.checks import TieOutRow
from tests.kits.records import (
    CHECKING,
    EXPENSE,
    SAVINGS,
    account,
    bill,
    invoice,
    preferences,
    purchase,
    spent,
    transfer,
)
from tests.kits.store import NOW, TODAY, PracticeStore, ago

EURO = {"CurrencyRef": {"value": "EUR"}}


def cash_of(books: Books) -> int:
    return int(cash(bank_accounts(books)).sum())


def accounts_of(books: Books) -> pd.DataFrame:
    return bank_accounts(books).set_index("account_id")


def test_cash_is_the_own_balance_of_each_active_bank_account(store: PracticeStore) -> None:
    """A parent counts by itself: its CurrentBalanceWithSubAccounts would count the child twice."""
    store.land_all(
        [
            account(CHECKING, "Checking", "Bank", "100.10", CurrentBalanceWithSubAccounts=150.1),
            account(SAVINGS, "Checking:Petty", "Bank", 50, ParentRef={"value": CHECKING}, SubAccount=True),
            account("37", "Closed", "Bank", 999, Active=False),
        ]
    )
    assert cash_of(store.books()) == 15_010


def test_an_overdrawn_account_takes_from_cash(store: PracticeStore) -> None:
    store.land_all([account(CHECKING, "Checking", "Bank", -25.5), account(SAVINGS, "Savings", "Bank", 100)])
    assert cash_of(store.books()) == 7_450


def test_movements_dated_after_the_as_of_date_are_taken_off(store: PracticeStore) -> None:
    store.land_all([purchase(ago(0), spent(10)), purchase(ago(-1), spent(200)), purchase(ago(5), spent(7))])
    assert cash_of(store.books()) == 120_000
    assert cash_of(store.books(TODAY - timedelta(days=1))) == 121_000


def test_an_excluded_account_is_not_in_cash_and_is_still_listed_as_excluded(store: PracticeStore) -> None:
    store.land_all([account(SAVINGS, "Trust", "Bank", 5000)])
    books = store.books(settings=ClientSettings(excluded_accounts=(SAVINGS,)))
    assert cash_of(books) == 100_000
    assert accounts_of(books)["excluded"].to_dict() == {CHECKING: False, SAVINGS: True}


def test_undeposited_funds_are_kept_apart_from_cash(store: PracticeStore) -> None:
    store.land_all(
        [account("4", "Undeposited Funds", "Other Current Asset", 77, AccountSubType="UndepositedFunds")]
    )
    books = store.books()
    assert undeposited(books).tolist() == [7_700]
    assert cash_of(books) == 100_000


def test_an_account_without_a_balance_counts_as_nothing_and_says_so(store: PracticeStore) -> None:
    store.land_all([account(SAVINGS, "Savings", "Bank", None)])
    books = store.books()
    assert cash_of(books) == 100_000
    assert accounts_of(books)["missing"].to_dict() == {CHECKING: False, SAVINGS: True}


def test_a_foreign_account_is_at_the_newest_rate_dated_by_the_as_of_date(store: PracticeStore) -> None:
    """100.01 EUR at 1.25, of four days ago; the rates of before and of tomorrow do not count."""
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", "100.01", **EURO),
            invoice("9", ago(9), ago(1), 1, ExchangeRate=9, **EURO),
            bill("1", ago(4), ago(1), 1, ExchangeRate="1.25", **EURO),
            bill("1", ago(-1), ago(-9), 1, ExchangeRate=7, **EURO),
            bill("1", ago(0), ago(-9), 1, ExchangeRate=3, CurrencyRef={"value": "GBP"}),
        ]
    )
    assert accounts_of(store.books())["balance_cents"].to_dict() == {CHECKING: 100_000, SAVINGS: 12_501}


def test_a_foreign_account_without_any_rate_counts_as_nothing_and_says_so(store: PracticeStore) -> None:
    store.land_all([preferences("USD"), account(SAVINGS, "Euro", "Bank", 100, **EURO)])
    row = accounts_of(store.books()).loc[SAVINGS]
    assert (row["balance_cents"], row["missing"]) == (0, True)


def test_what_moves_later_is_not_taken_off_an_account_that_counts_as_nothing(store: PracticeStore) -> None:
    """The rate of tomorrow's transfer is not known yet; its 50.00 must not make the account negative."""
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 100, **EURO),
            transfer(ago(-1), 40, CHECKING, SAVINGS, ExchangeRate=1.25, **EURO),
        ]
    )
    balances = accounts_of(store.books())["balance_cents"]
    assert balances.to_dict() == {CHECKING: 105_000, SAVINGS: 0}


def test_a_foreign_account_is_its_last_tied_balance_sheet_and_what_moved_since(store: PracticeStore) -> None:
    """Sheet 150.00 three days ago; then 20.00 EUR spent at 1.5, 30.00 home. The rate road would say 120.00."""
    sheet_day = TODAY - timedelta(days=3)
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 80, **EURO),
            purchase(ago(2), spent(20), account_id=SAVINGS, ExchangeRate=1.5, **EURO),
            purchase(ago(3), spent(1), account_id=SAVINGS, ExchangeRate=1.5, **EURO),
            purchase(ago(-2), spent(5), account_id=SAVINGS, ExchangeRate=1.5, **EURO),
        ]
    )
    store.sheet(sheet_day, {CHECKING: 1, SAVINGS: 15_000})
    store.check(sheet_day, [TieOutRow("bank", SAVINGS, "Euro", 15_000, 15_000)])
    assert accounts_of(store.books())["balance_cents"][SAVINGS] == 12_000
    before = store.books(TODAY - timedelta(days=4))
    assert accounts_of(before)["balance_cents"][SAVINGS] == 15_150, (
        "what moved on the sheet's own day is in it"
    )
    assert accounts_of(store.books())["balance_cents"][CHECKING] == 100_000, (
        "a home account is its own balance"
    )


def test_a_transfer_to_a_foreign_account_leaves_cash_as_it_was(store: PracticeStore) -> None:
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 100, **EURO),
            transfer(ago(-1), 40, CHECKING, SAVINGS, ExchangeRate=1.25, **EURO),
            bill("1", ago(4), ago(1), 1, ExchangeRate="1.25", **EURO),
        ]
    )
    balances = accounts_of(store.books())["balance_cents"]
    assert balances.to_dict() == {CHECKING: 105_000, SAVINGS: 7_500}


def test_the_home_currency_is_the_preferences_own(store: PracticeStore) -> None:
    """Pounds in a British company are home: no rate is needed."""
    store.land_all(
        [preferences("GBP"), account(SAVINGS, "Pounds", "Bank", 100, CurrencyRef={"value": "GBP"})]
    )
    books = store.books()
    assert books.clients["currency"].tolist() == ["GBP"]
    assert accounts_of(books).loc[SAVINGS, "balance_cents"] == 10_000


def test_a_rate_counts_whether_or_not_its_document_says_when_it_was_saved(store: PracticeStore) -> None:
    """Documents without MetaData once left the day without a rate."""
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 100, **EURO),
            bill("1", ago(4), ago(1), 1, ExchangeRate="1.30", **EURO),
        ]
    )
    assert accounts_of(store.books())["balance_cents"][SAVINGS] == 13_000


def test_of_two_rates_of_one_day_the_later_saved_counts(store: PracticeStore) -> None:
    early = {"MetaData": {"LastUpdatedTime": "2026-11-16T09:00:00-08:00"}}
    late = {"MetaData": {"LastUpdatedTime": "2026-11-16T17:00:00-08:00"}}
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 100, **EURO),
            bill("1", ago(4), ago(1), 1, ExchangeRate="1.30", **late, **EURO),
            bill("1", ago(4), ago(1), 1, ExchangeRate="1.20", **early, **EURO),
        ]
    )
    assert accounts_of(store.books())["balance_cents"][SAVINGS] == 13_000


def test_nothing_of_a_later_knowledge_is_in_what_was_known_before(store: PracticeStore) -> None:
    store.land_all([account(CHECKING, "Checking", "Bank", 5)])
    assert cash_of(store.books(known_at=NOW)) == 500
    store.land(*account(CHECKING, "Checking", "Bank", 9), at=NOW + timedelta(hours=1))
    store.land(*purchase(ago(-1), spent(1, EXPENSE)), at=NOW + timedelta(hours=1))
    assert cash_of(store.books(known_at=NOW)) == 500
    assert cash_of(store.books()) == 1_000
