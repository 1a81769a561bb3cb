"""Definitions.md, Hygiene findings: parties and accounts."""

from datetime import timedelta

import pytest

from tests.kits.findings import created_ago, findings_of, named, only, tray
from tests.kits.records import (
    CHECKING,
    EXPENSE,
    INCOME,
    SAVINGS,
    UNDEPOSITED,
    account,
    applied,
    bill,
    chart,
    credit,
    customer,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    purchase,
    sales_receipt,
    spent,
    transfer,
    vendor,
)  # fmt: skip
from tests.kits.store import TODAY, PracticeStore, ago

CLEARING = "75"


def test_two_active_vendors_of_one_name_are_one_finding_on_the_later(store: PracticeStore) -> None:
    first = vendor("20", "Acme Print, Inc.", MetaData=created_ago(300))
    later = vendor("9", "ACME Print Inc", MetaData=created_ago(3))
    store.land_all(
        [first, later, vendor("21", "Acme-Print Inc", Active=False), customer("22", "Acme Print Inc")]
    )
    store.land_all([vendor("23", "Acme Prints"), vendor("24", "—"), vendor("25", "–")])
    assert findings_of(store, "PARTY_DUPLICATE") == named(later)
    assert (
        only(store, "PARTY_DUPLICATE")["message"]
        == "Vendor ACME Print Inc has the same name as Acme Print, Inc."
    )


def test_letters_beyond_ascii_tell_names_apart(store: PracticeStore) -> None:
    store.land_all(
        [
            customer("1", "株式会社あおぞら"),
            customer("2", "株式会社みどり"),
            later := customer("3", "株式会社 みどり"),
        ]
    )
    assert findings_of(store, "PARTY_DUPLICATE") == named(later)


def test_jobs_of_one_family_may_share_a_name(store: PracticeStore) -> None:
    store.land_all([customer("1", "Harbour"), customer("2", "HARBOUR", ParentRef={"value": "1"})])
    store.land_all(
        [customer("3", "Harbour.", ParentRef={"value": "2"}), stranger := customer("4", "Harbour!")]
    )
    assert findings_of(store, "PARTY_DUPLICATE") == named(stranger)


def test_a_job_entered_after_a_stranger_of_its_name_is_found_too(store: PracticeStore) -> None:
    store.land_all([customer("1", "Harbour"), stranger := customer("2", "Harbour.")])
    store.land_all([job := customer("3", "HARBOUR", ParentRef={"value": "1"})])
    assert findings_of(store, "PARTY_DUPLICATE") == named(stranger, job)


def test_the_money_of_a_duplicate_party_is_what_is_open_with_it(store: PracticeStore) -> None:
    store.land_all([customer("1", "Beta"), customer("2", "Beta."), invoice("2", ago(9), ago(-9), "12.34")])
    assert only(store, "PARTY_DUPLICATE")["amount_cents"] == 1234


def usual_bills(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme", MetaData=created_ago(400))])
    store.land_all([bill("1", ago(50), ago(20), 0, TotalAmt=amount) for amount in (300, 400, 400, 500)])


@pytest.mark.parametrize(
    ("created", "amount", "flagged"),
    [(14, "1200.01", True), (14, "1200.00", False), (15, "5000", False), (0, "5000", True)],
)
def test_a_new_vendor_with_a_large_bill(
    store: PracticeStore, created: int, amount: str, flagged: bool
) -> None:
    usual_bills(store)
    store.land_all(
        [
            new := vendor("2", "Apex", MetaData=created_ago(created)),
            bill("2", ago(0), ago(-7), 0, TotalAmt=amount),
        ]
    )
    assert findings_of(store, "NEW_VENDOR_LARGE") == (named(new) if flagged else set())


@pytest.mark.parametrize(("amount", "flagged"), [("1500.01", True), ("1500.00", False)])
def test_the_usual_bill_is_the_lower_of_the_two_in_the_middle(
    store: PracticeStore, amount: str, flagged: bool
) -> None:
    store.land_all([vendor("1", "Acme", MetaData=created_ago(400))])
    store.land_all([bill("1", ago(50), ago(20), 0, TotalAmt=total) for total in (500, 500, 900)])
    store.land_all(
        [vendor("2", "Apex", MetaData=created_ago(3)), bill("2", ago(0), ago(-7), 0, TotalAmt=amount)]
    )
    assert bool(findings_of(store, "NEW_VENDOR_LARGE")) is flagged


def test_bills_dated_after_the_day_are_not_usual_and_not_large(store: PracticeStore) -> None:
    usual_bills(store)
    store.land_all([vendor("2", "Apex", MetaData=created_ago(3)), bill("2", ago(-1), ago(-7), 5000)])
    store.land_all([bill("1", ago(-1), ago(-9), 9000) for _ in range(9)])
    assert findings_of(store, "NEW_VENDOR_LARGE") == set()
    store.land_all([bill("2", ago(0), ago(-7), 1300)])
    assert only(store, "NEW_VENDOR_LARGE")["message"].endswith(
        "has a bill over $1,300.00; the usual bill is $400.00."
    )


def test_a_large_bill_is_at_least_1000(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme", MetaData=created_ago(400)),
            *[bill("1", ago(50), ago(20), 100) for _ in range(3)],
        ]
    )
    store.land_all([vendor("2", "Apex", MetaData=created_ago(5)), bill("2", ago(1), ago(-7), "999.99")])
    assert findings_of(store, "NEW_VENDOR_LARGE") == set()


def test_a_bank_account_below_zero_today_is_found(store: PracticeStore) -> None:
    store.land_all([account(SAVINGS, "Savings", "Bank", -1), account("37", "Old", "Bank", -5, Active=False)])
    assert findings_of(store, "BANK_NEGATIVE") == {("Account", SAVINGS)}
    assert only(store, "BANK_NEGATIVE")["message"] == "Savings is $1.00 below zero."


def test_movements_dated_ahead_do_not_overdraw_today(store: PracticeStore) -> None:
    store.land_all([account(SAVINGS, "Savings", "Bank", -1), transfer(ago(-1), 1, SAVINGS, CHECKING)])
    assert findings_of(store, "BANK_NEGATIVE") == set()


def test_undeposited_funds_below_zero_are_found(store: PracticeStore) -> None:
    store.land_all(
        [account("4", "Undeposited Funds", "Other Current Asset", -800, AccountSubType="UndepositedFunds")]
    )
    row = only(store, "BANK_NEGATIVE")
    assert (row["qbo_id"], row["amount_cents"], row["runway_effect_days"]) == ("4", 80_000, None)
    assert row["message"] == "Undeposited Funds is $800.00 below zero."


def test_a_deposit_dated_ahead_does_not_take_from_undeposited_funds_yet(store: PracticeStore) -> None:
    store.land_all([*chart(checking=1000, undeposited=-50), customer("1", "Beta")])
    store.land_all(
        [paid := payment("1", ago(2), 50), deposit(ago(-1), applied(50, "Payment", paid[1]["Id"]))]
    )
    assert findings_of(store, "BANK_NEGATIVE") == set()


def test_an_account_without_a_rate_is_below_zero_in_its_own_currency(store: PracticeStore) -> None:
    store.land_all([account("38", "Euro account", "Bank", -5, CurrencyRef={"value": "EUR"})])
    row = only(store, "BANK_NEGATIVE")
    assert (row["message"], row["amount_cents"]) == ("Euro account is €5.00 below zero.", 0)


def holding(store: PracticeStore, amount: int) -> None:
    store.land_all(chart(checking=1000, undeposited=amount))


def test_money_in_undeposited_funds_is_old_after_7_days(store: PracticeStore) -> None:
    holding(store, 90)
    store.land_all([customer("1", "Beta"), payment("1", ago(8), 90)])
    assert findings_of(store, "UNDEPOSITED_OLD") == {("Account", UNDEPOSITED)}
    row = only(store, "UNDEPOSITED_OLD")
    assert (row["amount_cents"], row["party"]) == (9000, None)
    assert "oldest payment put there on 12 Nov 2026" in row["message"]


def test_a_sales_receipt_waits_in_undeposited_funds_too(store: PracticeStore) -> None:
    holding(store, 90)
    store.land_all([sales_receipt(ago(8), 90, UNDEPOSITED)])
    assert findings_of(store, "UNDEPOSITED_OLD") == {("Account", UNDEPOSITED)}


def test_what_is_new_banked_or_put_elsewhere_does_not_wait(store: PracticeStore) -> None:
    holding(store, 90)
    banked_one, elsewhere = (
        payment("1", ago(30), 50),
        payment("1", ago(30), 50, LinkedTxn=[{"TxnId": "9", "TxnType": "Deposit"}]),
    )
    store.land_all(
        [customer("1", "Beta"), banked_one, elsewhere, payment("1", ago(7), 90), payment("1", ago(60), 0)]
    )
    store.land_all([payment("1", ago(60), 70, DepositToAccountRef={"value": CHECKING})])
    store.land_all([deposit(ago(20), applied(50, "Payment", banked_one[1]["Id"]))])
    assert findings_of(store, "UNDEPOSITED_OLD") == set()


def test_undeposited_funds_of_zero_hold_nothing_old(store: PracticeStore) -> None:
    store.land_all([customer("1", "Beta"), payment("1", ago(60), 90)])
    assert findings_of(store, "UNDEPOSITED_OLD") == set()


def clearing(
    store: PracticeStore, balance: int, name: str = "Payroll Clearing", kind: str = "Other Current Asset"
) -> None:
    store.land_all([account(CLEARING, name, kind, balance)])


@pytest.mark.parametrize(("days", "flagged"), [(30, True), (29, False)])
def test_a_clearing_account_is_found_after_30_days_off_zero(
    store: PracticeStore, days: int, flagged: bool
) -> None:
    clearing(store, 40)
    store.land_all([journal(ago(days), debit(40, CLEARING), credit(40, INCOME))])
    assert findings_of(store, "CLEARING_NONZERO") == ({("Account", CLEARING)} if flagged else set())


def test_a_balance_that_changes_without_touching_zero_still_counts(store: PracticeStore) -> None:
    clearing(store, 25)
    store.land_all(
        [
            journal(ago(40), debit(40, CLEARING), credit(40, INCOME)),
            purchase(ago(9), spent(15, CLEARING), Credit=True),
        ]
    )
    assert findings_of(store, "CLEARING_NONZERO") == {("Account", CLEARING)}


def test_a_clearing_account_that_was_zero_for_one_day_starts_again(store: PracticeStore) -> None:
    clearing(store, -15)
    store.land_all([deposit(ago(10), {"Id": "1", "Amount": 40, "DetailType": "DepositLineDetail",
                                      "DepositLineDetail": {"AccountRef": {"value": CLEARING}}})])  # fmt: skip
    store.land_all(
        [
            journal(ago(9), debit(25, CLEARING), credit(25, INCOME)),
            journal(ago(50), debit(40, CLEARING), credit(40, INCOME)),
        ]
    )
    assert findings_of(store, "CLEARING_NONZERO") == set()


def test_a_clearing_account_emptied_today_or_of_profit_and_loss_is_none(store: PracticeStore) -> None:
    clearing(store, 0)
    store.land_all(
        [account("76", "Suspense", "Expense", 0), journal(ago(5), debit(9, "76"), credit(9, INCOME))]
    )
    store.land_all([account("77", "Clearing water", "Expense", 0), account("78", "Owner", "Equity", -5)])
    assert findings_of(store, "CLEARING_NONZERO") == set()


def test_opening_balance_equity_is_a_clearing_account_by_its_type(store: PracticeStore) -> None:
    clearing(store, -500, "Eröffnung", "Equity")
    store.land_all([account(CLEARING, "Eröffnung", "Equity", -500, AccountSubType="OpeningBalanceEquity")])
    assert findings_of(store, "CLEARING_NONZERO") == {("Account", CLEARING)}


def test_account_findings_tell_no_party(store: PracticeStore) -> None:
    clearing(store, 40)
    store.land_all(
        [journal((TODAY - timedelta(days=60)).isoformat(), debit(40, CLEARING), credit(40, EXPENSE))]
    )
    assert tray(store, "CLEARING_NONZERO")["party"].tolist() == [None]
