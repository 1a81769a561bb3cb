"""Findings of a past day, and beside post-dated records: they are of the books at that day."""

from datetime import timedelta

import pytest

from rowcol.clock import Moment
from rowcol.domain.hygiene.findings import Findings, describe
from tests.kits.findings import created_ago, findings_of, named
from tests.kits.records import (
    Pair,
    account,
    applied,
    bill,
    bill_payment,
    credit_memo,
    customer,
    invoice,
    payment,
    purchase,
    spent,
    vendor,
    vendor_credit,
)  # fmt: skip
from tests.kits.store import TODAY, PracticeStore, ago, gateway_over

OLD = {"MetaData": created_ago(300)}


@pytest.fixture(autouse=True)
def parties(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme", **OLD), customer("2", "Beta", **OLD)])


def found(store: PracticeStore, code: str, days_ago: int) -> set[tuple[str | None, str | None]]:
    """Return the records a code is found on as of a past day."""
    with gateway_over(store.frames).open(None, Moment(TODAY - timedelta(days=days_ago))) as books:
        rows = describe(Findings(books.evidence, (code,)))
    return set(zip(rows["entity"], rows["qbo_id"], strict=True))


def paid_bill(days_ago: int, paid_days_ago: int, **more: object) -> tuple[Pair, Pair]:
    due = bill("1", ago(days_ago), ago(days_ago - 10), 0, TotalAmt=100, **OLD, **more)
    return due, bill_payment("1", ago(paid_days_ago), 100, applied(100, "Bill", due[1]["Id"]))


def test_a_bill_paid_since_is_found_as_of_a_day_on_which_it_was_open(store: PracticeStore) -> None:
    due, paid = paid_bill(60, 20)
    store.land_all([due, paid])
    assert found(store, "BILL_NO_NUMBER", 30) == named(due)
    assert found(store, "BILL_NO_NUMBER", 20) == set()
    assert found(store, "BILL_NO_NUMBER", 70) == set()


def test_a_bill_with_a_post_dated_check_is_still_open_today(store: PracticeStore) -> None:
    due, check_ahead = paid_bill(60, -3)
    store.land_all([due, check_ahead])
    assert findings_of(store, "BILL_NO_NUMBER") == named(due)


def test_its_copy_and_the_expense_that_paid_it_are_found_as_of_that_day(store: PracticeStore) -> None:
    due, paid = paid_bill(60, 20, DocNumber="X1")
    copy, copy_paid = paid_bill(50, 20, DocNumber="x-1")
    bought = purchase(ago(45), spent(100), EntityRef={"value": "1", "type": "Vendor"})
    store.land_all([due, paid, copy, copy_paid, bought])
    assert found(store, "BILL_DUPLICATE", 30) == named(copy)
    assert found(store, "BILL_PAID_AS_EXPENSE", 30) == named(copy)
    assert found(store, "BILL_DUPLICATE", 55) == set()
    assert findings_of(store, "BILL_DUPLICATE") == set()


def test_a_line_is_undecided_as_long_as_its_bill_is_open(store: PracticeStore) -> None:
    store.land_all([account("70", "Ask My Accountant", "Expense", 0)])
    due, paid = paid_bill(200, 20, Line=[spent(100, "70")])
    store.land_all([due, paid])
    assert found(store, "UNCATEGORIZED_LINE", 30) == named(due)
    assert found(store, "UNCATEGORIZED_LINE", 10) == set()


def test_a_payment_dated_after_the_day_is_no_payment_yet(store: PracticeStore) -> None:
    owed = invoice("2", ago(200), ago(170), 60, TotalAmt=100, **OLD)
    store.land_all([owed, payment("2", ago(-2), 40, applied(40, "Invoice", owed[1]["Id"]), UnappliedAmt=0)])
    assert findings_of(store, "INVOICE_ANCIENT") == named(owed)
    store.land_all([payment("2", ago(2), 5, applied(5, "Invoice", owed[1]["Id"]), UnappliedAmt=0)])
    assert findings_of(store, "INVOICE_ANCIENT") == set()


def test_a_deposit_received_with_an_invoice_is_a_payment_of_it(store: PracticeStore) -> None:
    store.land_all([invoice("2", ago(200), ago(170), 60, TotalAmt=100, Deposit=40, **OLD)])
    assert findings_of(store, "INVOICE_ANCIENT") == set()


def test_what_a_link_to_a_later_document_uses_is_no_finding(store: PracticeStore) -> None:
    owed, due = invoice("2", ago(20), ago(-10), 100, **OLD), bill("1", ago(20), ago(-10), 100, **OLD)
    later_invoice = invoice("2", ago(-5), ago(-35), 0, TotalAmt=50, MetaData=created_ago(3))
    later_bill = bill("1", ago(-5), ago(-35), 0, TotalAmt=50, MetaData=created_ago(3))
    memo, credit = (
        credit_memo("2", ago(4), 0, TotalAmt=20, **OLD),
        vendor_credit("1", ago(4), 0, TotalAmt=20, **OLD),
    )
    store.land_all([
        owed, due, later_invoice, later_bill, memo, credit,
        payment("2", ago(4), 50, applied(50, "Invoice", later_invoice[1]["Id"]), UnappliedAmt=0, **OLD),
        bill_payment("1", ago(4), 50, applied(50, "Bill", later_bill[1]["Id"]), **OLD),
        payment("2", ago(-5), 0, applied(20, "Invoice", later_invoice[1]["Id"]), applied(20, "CreditMemo", memo[1]["Id"]),
                UnappliedAmt=0, MetaData=created_ago(3)),
        bill_payment("1", ago(-5), 0, applied(20, "Bill", later_bill[1]["Id"]),
                     applied(20, "VendorCredit", credit[1]["Id"]), MetaData=created_ago(3)),
    ])  # fmt: skip
    for code in ("PAYMENT_UNAPPLIED", "CREDIT_UNAPPLIED", "VENDOR_CREDIT_UNAPPLIED", "BILL_PAYMENT_UNLINKED"):
        assert findings_of(store, code) == set(), code


def test_of_a_payment_used_in_part_by_a_later_invoice_the_rest_is_at_stake(store: PracticeStore) -> None:
    later = invoice("2", ago(-5), ago(-35), 0, TotalAmt=50, MetaData=created_ago(3))
    paid = payment("2", ago(4), 80, applied(50, "Invoice", later[1]["Id"]), UnappliedAmt=30, **OLD)
    store.land_all([invoice("2", ago(20), ago(-10), 100, **OLD), later, paid])
    with gateway_over(store.frames).open() as books:
        (row,) = describe(Findings(books.evidence, ("PAYMENT_UNAPPLIED",))).to_dict("records")
    assert (row["qbo_id"], row["amount_cents"]) == (paid[1]["Id"], 3000)


def test_what_is_dated_and_entered_after_the_day_is_not_suspect(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(20), ago(5), 100, MetaData=created_ago(20))])
    assert found(store, "TXN_DATE_SUSPECT", 60) == set()
    ahead = bill("1", ago(20), ago(5), 100, MetaData=created_ago(70))
    store.land_all([ahead])
    assert found(store, "TXN_DATE_SUSPECT", 60) == named(ahead)
