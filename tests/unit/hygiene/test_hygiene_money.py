"""Definitions.md, Hygiene findings: sending, coding, credits nobody applied, and journal entries on A/P and A/R."""

import pytest

from tests.kits.evidence import RecordedBooks
from tests.kits.findings import named
from tests.kits.records import (
    AP,
    AR,
    CARD,
    CHECKING,
    EQUITY,
    EXPENSE,
    INCOME,
    Pair,
    account,
    applied,
    banked,
    bill,
    bill_payment,
    chart,
    credit,
    credit_memo,
    customer,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor,
    vendor_credit,
)  # fmt: skip
from tests.kits.store import ago

ASK, CHARGES, SUSPENSE = "70", "71", "72"
SENT = {"EmailStatus": "EmailSent"}
MAIL = {"BillEmail": {"Address": "pay@beta.example"}}


@pytest.fixture
def books() -> RecordedBooks:
    return RecordedBooks([
        *chart(checking=1000),
        vendor("1", "Acme"), customer("2", "Beta"), vendor("3", "Gamma"), customer("4", "Delta"),
        account(ASK, "Ask My Accountant", "Other Expense", 0), account(SUSPENSE, "Suspense", "Other Current Asset", 0),
        account(CHARGES, "Fees of the bank", "Expense", 0, AccountSubType="BankCharges"),
    ])  # fmt: skip


def owed(customer_id: str, **more: object) -> Pair:
    return invoice(customer_id, ago(40), ago(10), 100, **more)


def test_an_invoice_is_unreachable_without_any_address(books: RecordedBooks) -> None:
    books.land_all(
        [customer("10", "Mute"), customer("11", "Mailed", PrimaryEmailAddr={"Address": "a@b.example"})]
    )
    books.land_all(
        [
            customer("12", "Called", Mobile={"FreeFormNumber": "555"}),
            customer("13", "Job", ParentRef={"value": "11"}),
        ]
    )
    books.land_all(
        [
            customer("14", "Mute job", ParentRef={"value": "10"}),
            customer("15", "Empty", PrimaryEmailAddr={"Address": ""}),
        ]
    )
    mute, job, empty = owed("10"), owed("14"), owed("15")
    books.land_all([mute, job, empty, owed("10", **MAIL), owed("11"), owed("12"), owed("13")])
    books.land_all([invoice(None, ago(40), ago(10), 100), invoice("10", ago(40), ago(10), 0)])
    assert books.findings_of("INVOICE_UNREACHABLE") == named(mute, job, empty)


def test_an_invoice_that_waits_to_be_sent_is_found_at_once(books: RecordedBooks) -> None:
    waiting = invoice("2", ago(1), ago(-30), 100, EmailStatus="NeedToSend")
    books.land_all([waiting, invoice("2", ago(1), ago(-30), 100, EmailStatus="NotSet")])
    assert books.findings_of("INVOICE_NOT_SENT") == named(waiting)


def test_an_invoice_never_sent_is_found_once_past_due_where_others_are_e_mailed(books: RecordedBooks) -> None:
    books.land_all([invoice("4", ago(365), ago(300), 0, TotalAmt=10, **SENT)])
    forgotten = owed("2", EmailStatus="NotSet")
    delivered = owed("2", EmailStatus="NotSet", DeliveryInfo={"DeliveryTime": f"{ago(30)}T10:00:00Z"})
    books.land_all(
        [forgotten, delivered, invoice("2", ago(40), ago(0), 100, EmailStatus="NotSet"), owed("2", **SENT)]
    )
    assert books.findings_of("INVOICE_NOT_SENT") == named(forgotten)


def test_where_nobody_e_mails_invoices_none_is_forgotten(books: RecordedBooks) -> None:
    books.land_all(
        [invoice("4", ago(366), ago(300), 0, TotalAmt=10, **SENT), owed("2", EmailStatus="NotSet")]
    )
    assert books.findings_of("INVOICE_NOT_SENT") == set()


def test_a_line_nobody_has_decided_on_is_found_for_90_days_and_on_open_bills(books: RecordedBooks) -> None:
    recent, old_bill = (
        purchase(ago(90), spent(20, ASK), spent(24, ASK)),
        bill("1", ago(200), ago(170), 60, Line=[spent(60, SUSPENSE)]),
    )
    deposited = deposit(ago(5), banked(30, SUSPENSE))
    books.land_all(
        [recent, old_bill, deposited, purchase(ago(91), spent(20, ASK)), purchase(ago(5), spent(20))]
    )
    books.land_all(
        [bill("1", ago(91), ago(70), 0, TotalAmt=9, Line=[spent(9, ASK)]), purchase(ago(-1), spent(20, ASK))]
    )
    assert books.findings_of("UNCATEGORIZED_LINE") == named(recent, old_bill, deposited)


def test_a_record_with_two_undecided_lines_is_one_finding_of_both(books: RecordedBooks) -> None:
    books.land_all([purchase(ago(5), spent(20, ASK), spent("24.50", ASK), spent(100))])
    row = books.only("UNCATEGORIZED_LINE")
    assert (row["amount_cents"], row["severity"]) == (4450, "high")
    assert row["message"] == "The expense of 15 Nov 2026 has $44.50 on Ask My Accountant."


def test_a_purchase_of_75_needs_a_payee_bank_charges_aside(books: RecordedBooks) -> None:
    nobody, mixed = purchase(ago(90), spent(75)), purchase(ago(5), spent(80, CHARGES), spent(1))
    bare = purchase(ago(5), TotalAmt=90)
    books.land_all([nobody, mixed, bare, purchase(ago(91), spent(75)), purchase(ago(5), spent("74.99"))])
    books.land_all(
        [
            purchase(ago(5), spent(99, CHARGES), spent(0)),
            purchase(ago(5), spent(75), EntityRef={"value": "1"}),
        ]
    )
    assert books.findings_of("PURCHASE_NO_PAYEE") == named(nobody, mixed, bare)


def test_paying_an_own_card_needs_no_payee(books: RecordedBooks) -> None:
    books.land_all([
        purchase(ago(5), spent(500, CARD)), purchase(ago(5), spent(480, CARD), spent(20, CHARGES)),
        purchase(ago(5), spent(300, CHECKING), account_id=CARD, Credit=True),
    ])  # fmt: skip
    mixed, advance = (
        purchase(ago(5), spent(480, CARD), spent(20)),
        purchase(ago(5), spent(90, CARD), Credit=True),
    )
    refund = purchase(ago(5), spent(80), account_id=CARD, Credit=True)
    books.land_all([mixed, advance, refund])
    assert books.findings_of("PURCHASE_NO_PAYEE") == named(mixed, advance, refund)


def test_a_journal_entry_on_payables_is_medium_and_high_without_a_name(books: RecordedBooks) -> None:
    acme = {"Type": "Vendor", "id": "1"}
    with_name = journal(ago(90), credit(50, AP, **acme), debit(50, EXPENSE))
    without = journal(ago(5), debit(70, AR), credit(20, AP, **acme), credit(50, INCOME))
    books.land_all([with_name, without, journal(ago(91), credit(50, AP, **acme), debit(50, EXPENSE))])
    books.land_all(
        [journal(ago(5), credit(0, AP), debit(0, AR)), journal(ago(5), debit(9, EXPENSE), credit(9, EQUITY))]
    )
    assert books.findings_of("JE_ON_CONTROL") == named(with_name, without)
    rows = rows_of(books)
    assert rows[with_name[1]["Id"]] == ("medium", 5000)
    assert rows[without[1]["Id"]] == ("high", 9000)


def rows_of(books: RecordedBooks) -> dict[str, tuple[str, int]]:
    rows = books.findings("JE_ON_CONTROL")
    return {row["qbo_id"]: (row["severity"], row["amount_cents"]) for row in rows.to_dict("records")}


def test_money_of_a_customer_is_not_applied_while_they_owe(books: RecordedBooks) -> None:
    paid, memo = payment("2", ago(5), 100, UnappliedAmt=60), credit_memo("2", ago(5), 40)
    books.land_all([owed("2"), paid, memo])
    books.land_all([payment("2", ago(5), 100, UnappliedAmt=0), credit_memo("2", ago(5), 0, TotalAmt=40)])
    books.land_all(
        [
            payment("4", ago(5), 100, UnappliedAmt=60),
            credit_memo("4", ago(5), 40),
            payment("2", ago(-1), 9, UnappliedAmt=9),
        ]
    )
    assert books.findings_of("PAYMENT_UNAPPLIED") == named(paid)
    assert books.findings_of("CREDIT_UNAPPLIED") == named(memo)
    row = books.only("PAYMENT_UNAPPLIED")
    assert (
        row["message"]
        == "The payment of Beta of 15 Nov 2026 has $60.00 not applied, while $100.00 is open with them."
    )


JOB = {"ParentRef": {"value": "2"}}
BILLED_THERE = {**JOB, "BillWithParent": True}


@pytest.mark.parametrize(
    ("payer", "owing", "found"),
    [
        ("10", "11", True),
        ("2", "11", True),
        ("10", "2", True),
        ("10", "12", False),
        ("12", "2", False),
        ("4", "2", False),
    ],
)
def test_money_lies_beside_what_others_billed_with_the_same_parent_owe(
    books: RecordedBooks, payer: str, owing: str, found: bool
) -> None:
    books.land_all([
        customer("10", "Job A", **BILLED_THERE), customer("11", "Job B", **BILLED_THERE), customer("12", "Job C", **JOB),
    ])  # fmt: skip
    books.land_all([paid := payment(payer, ago(5), 100, UnappliedAmt=60), owed(owing)])
    assert books.findings_of("PAYMENT_UNAPPLIED") == (named(paid) if found else set())


def test_money_at_a_vendor_is_not_applied_while_bills_are_open(books: RecordedBooks) -> None:
    due = bill("1", ago(20), ago(-10), 500)
    paid, left = (
        bill_payment("1", ago(5), 100, applied(70, "Bill", due[1]["Id"])),
        vendor_credit("1", ago(5), 40),
    )
    books.land_all([due, paid, left, bill_payment("3", ago(5), 100), vendor_credit("3", ago(5), 40)])
    books.land_all([bill_payment("1", ago(5), 100, applied(100, "Bill", due[1]["Id"]))])
    assert books.findings_of("BILL_PAYMENT_UNLINKED") == named(paid)
    assert books.findings_of("VENDOR_CREDIT_UNAPPLIED") == named(left)
    assert books.only("BILL_PAYMENT_UNLINKED")["amount_cents"] == 3000
