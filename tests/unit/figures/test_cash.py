"""Definitions.md, Cash and Home amount: what counts as cash, and at which rate."""

from datetime import timedelta

import pandas as pd

from rowcol.domain.bank import account_movements
from rowcol.domain.books import Books
from rowcol.domain.cash import (
    bank_accounts,
    cards,
    cash,
    funds_accounts,
    held_accounts,
    undeposited,
    unpriced,
    unread,
)
from rowcol.domain.clients import ClientSettings
from rowcol.entities import ENTITIES
from rowcol.sandbox.books import demo_companies
from rowcol.store.control.checks import TieOutRow
from tests.kits.records import (
    CHECKING,
    EXPENSE,
    SAVINGS,
    UNDEPOSITED,
    account,
    applied,
    banked,
    bill,
    credit,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    preferences,
    purchase,
    spent,
    transfer,
)
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago

EURO = {"CurrencyRef": {"value": "EUR"}}


def cash_of(books: Books) -> int:
    return int(cash(bank_accounts(books, held_accounts(books))).sum())


def accounts_of(books: Books) -> pd.DataFrame:
    return bank_accounts(books, held_accounts(books)).set_index("account_id")


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
    assert undeposited(funds_accounts(held_accounts(books))).tolist() == [7_700]
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


def rated(currency: str, days_ago: int, value: str) -> tuple[str, dict[str, object]]:
    day = ago(days_ago)
    codes = {"SourceCurrencyCode": currency, "TargetCurrencyCode": "USD"}
    return "ExchangeRate", {"Id": f"{currency} {day}", **codes, "Rate": value, "AsOfDate": day}


def test_quickbooks_own_rate_goes_before_a_newer_one_seen_on_a_document(store: PracticeStore) -> None:
    """The newest of its own dated by the as-of date: 1.20 of three days ago, not 1.10 and not tomorrow's."""
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 100, **EURO),
            bill("1", ago(1), ago(1), 1, ExchangeRate="1.90", **EURO),
            rated("EUR", 9, "1.10"),
            rated("EUR", 3, "1.20"),
            rated("EUR", -1, "1.70"),
            rated("GBP", 0, "1.60"),
        ]
    )
    assert accounts_of(store.books())["balance_cents"][SAVINGS] == 12_000
    assert accounts_of(store.books(TODAY - timedelta(days=4)))["balance_cents"][SAVINGS] == 11_000


def test_before_its_own_first_rate_the_newest_of_a_document_counts(store: PracticeStore) -> None:
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro", "Bank", 100, **EURO),
            bill("1", ago(9), ago(1), 1, ExchangeRate="1.30", **EURO),
            rated("EUR", 3, "1.20"),
        ]
    )
    assert accounts_of(store.books(TODAY - timedelta(days=4)))["balance_cents"][SAVINGS] == 13_000


def test_a_foreign_account_that_the_sheet_does_not_list_is_at_its_rate(store: PracticeStore) -> None:
    store.land_all(
        [preferences("USD"), account(SAVINGS, "Euro", "Bank", 100, **EURO), rated("EUR", 3, "1.20")]
    )
    store.sheet(TODAY, {CHECKING: 100_000})
    assert accounts_of(store.books())["balance_cents"][SAVINGS] == 12_000


def test_what_is_left_out_is_named_with_its_own_amount(store: PracticeStore) -> None:
    store.land_all(
        [
            preferences("USD"),
            account(SAVINGS, "Euro account", "Bank", "-1234.5", **EURO),
            account("37", "Pounds", "Bank", 7, CurrencyRef={"value": "GBP"}),
            account("38", "Till", "Bank", None),
            account("42", "Card", "Credit Card", -30, **EURO),
        ]
    )
    books = store.books(settings=ClientSettings(excluded_accounts=("37",)))
    held = held_accounts(books)
    left_out = unpriced(bank_accounts(books, held), cards(books, held))
    assert left_out.tolist() == [
        ("Euro account EUR -1,234.50", "Till (no balance was sent)", "Card EUR -30.00")
    ]


def test_a_client_with_a_rate_for_everything_leaves_nothing_out(store: PracticeStore) -> None:
    assert unpriced(bank_accounts(store.books(), held_accounts(store.books()))).empty


def test_undeposited_funds_are_less_what_moves_them_later(store: PracticeStore) -> None:
    """500.00 in the books. Still to come: 100.00 and 40.00 in, and out 250.00, 30.00, 5.00 and 8.00: 653.00 today."""
    store.land_all(
        [
            account(UNDEPOSITED, "Undeposited Funds", "Other Current Asset", 500, AccountSubType="UndepositedFunds"),
            payment("1", ago(2), 250, Id="900"),
            payment("1", ago(-1), 100),
            deposit(ago(-1), applied(250, "Payment", "900"), TotalAmt=250),
            transfer(ago(-2), 30, UNDEPOSITED, CHECKING),
            journal(ago(-2), credit(5, UNDEPOSITED), debit(5, EXPENSE)),
            deposit(ago(-3), banked(8, UNDEPOSITED), TotalAmt=8),
            invoice("1", ago(-4), ago(-30), 60, TotalAmt=100, Deposit=40),
            ("RefundReceipt", {"Id": "77", "TxnDate": ago(9), "TotalAmt": 3}),
        ]
    )  # fmt: skip
    assert undeposited(funds_accounts(held_accounts(store.books()))).tolist() == [65_300]
    assert undeposited(funds_accounts(held_accounts(store.books(TODAY + timedelta(days=1))))).tolist() == [
        50_300
    ]
    assert undeposited(funds_accounts(held_accounts(store.books(TODAY - timedelta(days=3))))).tolist() == [
        40_300
    ]


def test_a_past_day_is_its_balance_sheet_for_every_account_that_is_still_active(store: PracticeStore) -> None:
    """What the sheet says goes before today's balance less later movements; what came since it was read counts."""
    day = TODAY - timedelta(days=5)
    store.land_all([account(SAVINGS, "Savings", "Bank", 10), purchase(ago(2), spent(20))])
    assert cash_of(store.books(day)) == 103_000
    assert unread(store.books(day)) == [store.client()]
    store.sheet(day, {CHECKING: 99_999, SAVINGS: 2_000})
    assert accounts_of(store.books(day))["balance_cents"].to_dict() == {CHECKING: 99_999, SAVINGS: 2_000}
    assert (unread(store.books(day)), unread(store.books())) == ([], [])
    store.land(*purchase(ago(6), spent(1)), at=NOW + timedelta(hours=1))
    store.land(*purchase(ago(4), spent(5)), at=NOW + timedelta(hours=1))
    assert cash_of(store.books(day)) == 99_999 + 2_000 - 100
    assert cash_of(store.books()) == 101_000, "today is by its own balances"


def test_a_sheet_of_today_does_not_replace_the_balance_of_today(store: PracticeStore) -> None:
    store.sheet(TODAY, {CHECKING: 5})
    assert cash_of(store.books()) == 100_000


def test_what_moved_a_bank_account_is_the_same_for_cash_as_for_burn() -> None:
    """Two readings of the same documents: every account and day of three companies."""
    for company in demo_companies(3, today=TODAY):
        store = PracticeStore(MEMORY)
        records = [(entity, record) for entity in ENTITIES for record in company.of(entity).values()]
        store.land_all(records, realm=company.realm)
        books = store.books(open_since=TODAY - timedelta(days=150))
        keys = ["account_id", "txn_date"]
        banks = books.accounts["account_id"][books.accounts["account_type"] == "Bank"]
        posted = books.balance_postings[books.balance_postings["account_id"].isin(banks)]
        moved = account_movements(books)
        moved = moved[pd.to_datetime(moved["txn_date"]) > pd.Timestamp(TODAY - timedelta(days=150))]
        ours, theirs = posted.groupby(keys)["debit_cents"].sum(), moved.groupby(keys)["amount_cents"].sum()
        assert len(ours) > 50
        assert ours[ours != 0].to_dict() == theirs[theirs != 0].to_dict(), company.name
        store.close()
