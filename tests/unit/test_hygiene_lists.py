"""Definitions.md, Hygiene findings: parties and accounts."""

from datetime import timedelta

import pytest

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
from tests.kits.store import TODAY, House, ago
from tests.unit.hygiene_kit import found, made, named, only, tray

CLEARING = "75"


def test_two_active_vendors_of_one_name_are_one_finding_on_the_later(house: House) -> None:
    first = vendor("20", "Acme Print, Inc.", MetaData=made(300))
    later = vendor("9", "ACME Print Inc", MetaData=made(3))
    house.land_all(
        [first, later, vendor("21", "Acme-Print Inc", Active=False), customer("22", "Acme Print Inc")]
    )
    house.land_all([vendor("23", "Acme Prints"), vendor("24", "—"), vendor("25", "–")])
    assert found(house, "PARTY_DUPLICATE") == named(later)
    assert (
        only(house, "PARTY_DUPLICATE")["message"]
        == "Vendor ACME Print Inc has the same name as Acme Print, Inc."
    )


def test_letters_beyond_ascii_tell_names_apart(house: House) -> None:
    house.land_all(
        [
            customer("1", "株式会社あおぞら"),
            customer("2", "株式会社みどり"),
            later := customer("3", "株式会社 みどり"),
        ]
    )
    assert found(house, "PARTY_DUPLICATE") == named(later)


def test_jobs_of_one_family_may_share_a_name(house: House) -> None:
    house.land_all([customer("1", "Harbour"), customer("2", "HARBOUR", ParentRef={"value": "1"})])
    house.land_all(
        [customer("3", "Harbour.", ParentRef={"value": "2"}), stranger := customer("4", "Harbour!")]
    )
    assert found(house, "PARTY_DUPLICATE") == named(stranger)


def test_a_job_entered_after_a_stranger_of_its_name_is_found_too(house: House) -> None:
    house.land_all([customer("1", "Harbour"), stranger := customer("2", "Harbour.")])
    house.land_all([job := customer("3", "HARBOUR", ParentRef={"value": "1"})])
    assert found(house, "PARTY_DUPLICATE") == named(stranger, job)


def test_the_money_of_a_duplicate_party_is_what_is_open_with_it(house: House) -> None:
    house.land_all([customer("1", "Beta"), customer("2", "Beta."), invoice("2", ago(9), ago(-9), "12.34")])
    assert only(house, "PARTY_DUPLICATE")["amount_cents"] == 1234


def usual_bills(house: House) -> None:
    house.land_all([vendor("1", "Acme", MetaData=made(400))])
    house.land_all([bill("1", ago(50), ago(20), 0, TotalAmt=amount) for amount in (300, 400, 400, 500)])


@pytest.mark.parametrize(
    ("created", "amount", "flagged"),
    [(14, "1200.01", True), (14, "1200.00", False), (15, "5000", False), (0, "5000", True)],
)
def test_a_new_vendor_with_a_large_bill(house: House, created: int, amount: str, flagged: bool) -> None:
    usual_bills(house)
    house.land_all(
        [new := vendor("2", "Apex", MetaData=made(created)), bill("2", ago(0), ago(-7), 0, TotalAmt=amount)]
    )
    assert found(house, "NEW_VENDOR_LARGE") == (named(new) if flagged else set())


def test_a_large_bill_is_at_least_1000(house: House) -> None:
    house.land_all(
        [vendor("1", "Acme", MetaData=made(400)), *[bill("1", ago(50), ago(20), 100) for _ in range(3)]]
    )
    house.land_all([vendor("2", "Apex", MetaData=made(5)), bill("2", ago(1), ago(-7), "999.99")])
    assert found(house, "NEW_VENDOR_LARGE") == set()


def test_a_bank_account_below_zero_today_is_found(house: House) -> None:
    house.land_all([account(SAVINGS, "Savings", "Bank", -1), account("37", "Old", "Bank", -5, Active=False)])
    assert found(house, "BANK_NEGATIVE") == {("Account", SAVINGS)}
    assert only(house, "BANK_NEGATIVE")["message"] == "Savings is $1.00 below zero."


def test_movements_dated_ahead_do_not_overdraw_today(house: House) -> None:
    house.land_all([account(SAVINGS, "Savings", "Bank", -1), transfer(ago(-1), 1, SAVINGS, CHECKING)])
    assert found(house, "BANK_NEGATIVE") == set()


def holding(house: House, amount: int) -> None:
    house.land_all(chart(checking=1000, undeposited=amount))


def test_money_in_undeposited_funds_is_old_after_7_days(house: House) -> None:
    holding(house, 90)
    house.land_all([customer("1", "Beta"), payment("1", ago(8), 90)])
    assert found(house, "UNDEPOSITED_OLD") == {("Account", UNDEPOSITED)}
    row = only(house, "UNDEPOSITED_OLD")
    assert (row["amount_cents"], row["party"]) == (9000, None)
    assert "oldest payment put there on 12 Nov 2026" in row["message"]


def test_a_sales_receipt_waits_in_undeposited_funds_too(house: House) -> None:
    holding(house, 90)
    house.land_all([sales_receipt(ago(8), 90, UNDEPOSITED)])
    assert found(house, "UNDEPOSITED_OLD") == {("Account", UNDEPOSITED)}


def test_what_is_new_banked_or_put_elsewhere_does_not_wait(house: House) -> None:
    holding(house, 90)
    banked_one, told = (
        payment("1", ago(30), 50),
        payment("1", ago(30), 50, LinkedTxn=[{"TxnId": "9", "TxnType": "Deposit"}]),
    )
    house.land_all(
        [customer("1", "Beta"), banked_one, told, payment("1", ago(7), 90), payment("1", ago(60), 0)]
    )
    house.land_all([payment("1", ago(60), 70, DepositToAccountRef={"value": CHECKING})])
    house.land_all([deposit(ago(20), applied(50, "Payment", banked_one[1]["Id"]))])
    assert found(house, "UNDEPOSITED_OLD") == set()


def test_undeposited_funds_of_zero_hold_nothing_old(house: House) -> None:
    house.land_all([customer("1", "Beta"), payment("1", ago(60), 90)])
    assert found(house, "UNDEPOSITED_OLD") == set()


def clearing(
    house: House, balance: int, name: str = "Payroll Clearing", kind: str = "Other Current Asset"
) -> None:
    house.land_all([account(CLEARING, name, kind, balance)])


@pytest.mark.parametrize(("days", "flagged"), [(30, True), (29, False)])
def test_a_clearing_account_is_found_after_30_days_off_zero(house: House, days: int, flagged: bool) -> None:
    clearing(house, 40)
    house.land_all([journal(ago(days), debit(40, CLEARING), credit(40, INCOME))])
    assert found(house, "CLEARING_NONZERO") == ({("Account", CLEARING)} if flagged else set())


def test_a_balance_that_changes_without_touching_zero_still_counts(house: House) -> None:
    clearing(house, 25)
    house.land_all(
        [
            journal(ago(40), debit(40, CLEARING), credit(40, INCOME)),
            purchase(ago(9), spent(15, CLEARING), Credit=True),
        ]
    )
    assert found(house, "CLEARING_NONZERO") == {("Account", CLEARING)}


def test_a_clearing_account_that_was_zero_for_one_day_starts_anew(house: House) -> None:
    clearing(house, -15)
    house.land_all([deposit(ago(10), {"Id": "1", "Amount": 40, "DetailType": "DepositLineDetail",
                                      "DepositLineDetail": {"AccountRef": {"value": CLEARING}}})])  # fmt: skip
    house.land_all(
        [
            journal(ago(9), debit(25, CLEARING), credit(25, INCOME)),
            journal(ago(50), debit(40, CLEARING), credit(40, INCOME)),
        ]
    )
    assert found(house, "CLEARING_NONZERO") == set()


def test_a_clearing_account_emptied_today_or_of_profit_and_loss_is_none(house: House) -> None:
    clearing(house, 0)
    house.land_all(
        [account("76", "Suspense", "Expense", 0), journal(ago(5), debit(9, "76"), credit(9, INCOME))]
    )
    house.land_all([account("77", "Clearing water", "Expense", 0), account("78", "Owner", "Equity", -5)])
    assert found(house, "CLEARING_NONZERO") == set()


def test_opening_balance_equity_is_a_clearing_account_by_its_type(house: House) -> None:
    clearing(house, -500, "Eröffnung", "Equity")
    house.land_all([account(CLEARING, "Eröffnung", "Equity", -500, AccountSubType="OpeningBalanceEquity")])
    assert found(house, "CLEARING_NONZERO") == {("Account", CLEARING)}


def test_account_findings_tell_no_party(house: House) -> None:
    clearing(house, 40)
    house.land_all(
        [journal((TODAY - timedelta(days=60)).isoformat(), debit(40, CLEARING), credit(40, EXPENSE))]
    )
    assert tray(house, "CLEARING_NONZERO")["party"].tolist() == [None]
