"""Definitions.md, Hygiene findings: what a bill or an invoice shows by itself; each rule fires, its near miss does not."""

import pytest

from tests.kits.evidence import RecordedBooks
from tests.kits.findings import created_ago, named
from tests.kits.records import applied, bill, chart, customer, invoice, payment, spent, vendor
from tests.kits.store import ago

PARTIES = [vendor("1", "Acme"), customer("2", "Beta")]
VOID = {"PrivateNote": "Voided"}


@pytest.fixture
def books() -> RecordedBooks:
    return RecordedBooks([*chart(checking=1000), *PARTIES])


def test_a_bill_needs_a_vendor_who_is_active(books: RecordedBooks) -> None:
    nobody, of_gone = bill(None, ago(9), ago(-9), 100), bill("3", ago(9), ago(-9), 200)
    paid, ahead = bill(None, ago(9), ago(-9), 0, TotalAmt=100), bill(None, ago(-1), ago(-9), 100)
    books.land_all([vendor("3", "Closed (deleted)", Active=False), nobody, of_gone, paid, ahead])
    books.land_all([bill("1", ago(9), ago(-9), 100), bill("77", ago(9), ago(-9), 100)])
    assert books.findings_of("BILL_NO_VENDOR") == named(nobody, of_gone)


def test_an_invoice_needs_a_customer(books: RecordedBooks) -> None:
    nobody = invoice(None, ago(9), ago(-9), 100)
    books.land_all([nobody, invoice("2", ago(9), ago(-9), 100), invoice(None, ago(9), ago(-9), 0)])
    assert books.findings_of("INVOICE_NO_CUSTOMER") == named(nobody)


@pytest.mark.parametrize(("code", "make"), [("BILL_NO_AMOUNT", bill), ("INVOICE_NO_AMOUNT", invoice)])
def test_a_document_of_nothing_is_found_for_a_year(books: RecordedBooks, code: str, make: type) -> None:
    empty, missing = make("1", ago(365), ago(340), 0), make("1", ago(3), ago(-3), 0, TotalAmt=None)
    undated, below = make("1", None, None, 0), make("1", ago(3), ago(-3), 0, TotalAmt=-5, Line=[spent(0)])
    books.land_all([empty, missing, undated, below])
    books.land_all([
        make("1", ago(366), ago(340), 0), make("1", ago(3), ago(-3), 0, **VOID), make("1", ago(-1), ago(-3), 0),
        make("1", ago(3), ago(-3), 0, Line=[spent(40), spent(-40)]), make("1", ago(3), ago(-3), 0, TotalAmt=10),
    ])  # fmt: skip
    assert books.findings_of(code) == named(empty, missing, undated, below)


@pytest.mark.parametrize(("kind", "make"), [("BILL", bill), ("INVOICE", invoice)])
def test_a_due_date_is_there_and_not_before_the_document(books: RecordedBooks, kind: str, make: type) -> None:
    without, early = make("1", ago(9), None, 100), make("1", ago(9), ago(10), 200)
    books.land_all([without, early, make("1", ago(9), ago(9), 300), make("1", ago(9), None, 0, TotalAmt=9)])
    assert books.findings_of(f"{kind}_NO_DUE_DATE") == named(without)
    assert books.findings_of(f"{kind}_DATE_ORDER") == named(early)


def test_a_date_is_suspect_over_30_days_ahead_or_over_a_year_from_creation(books: RecordedBooks) -> None:
    ahead, apart = (
        bill("1", ago(-31), ago(-60), 100),
        invoice("2", ago(371), ago(-60), 100, MetaData=created_ago(5)),
    )
    books.land_all([ahead, apart])
    books.land_all([
        bill("1", ago(-30), ago(-60), 100), bill("1", ago(370), ago(300), 100, MetaData=created_ago(5)),
        invoice("2", ago(371), ago(300), 0, MetaData=created_ago(5)), bill("1", ago(400), ago(300), 100),
    ])  # fmt: skip
    assert books.findings_of("TXN_DATE_SUSPECT") == named(ahead, apart)


def test_what_was_entered_after_the_day_is_not_suspect_yet(books: RecordedBooks) -> None:
    ahead = bill("1", ago(-40), ago(-60), 100, MetaData=created_ago(0))
    books.land_all([ahead, bill("1", ago(-40), ago(-60), 100, MetaData=created_ago(-1))])
    assert books.findings_of("TXN_DATE_SUSPECT") == named(ahead)


def test_the_day_of_creation_is_the_clients_own(books: RecordedBooks) -> None:
    # 04:00 in Greenwich on the 366th day is still the 365th in Los Angeles.
    late_evening = {"CreateTime": "2026-11-18T04:00:00Z"}
    books.land_all([bill("1", "2025-11-17", ago(300), 100, MetaData=late_evening)])
    assert books.findings_of("TXN_DATE_SUSPECT") == set()


def test_a_bill_needs_a_number(books: RecordedBooks) -> None:
    without, empty = bill("1", ago(9), ago(-9), 100), bill("1", ago(9), ago(-9), 120, DocNumber="  ")
    books.land_all(
        [without, empty, bill("1", ago(9), ago(-9), 140, DocNumber="0"), invoice("2", ago(9), ago(-9), 1)]
    )
    assert books.findings_of("BILL_NO_NUMBER") == named(without, empty)


def test_a_bill_is_ancient_180_days_past_its_effective_due_date(books: RecordedBooks) -> None:
    due, undated_due = bill("1", ago(200), ago(180), 100), bill("1", ago(180), None, 120)
    books.land_all([due, undated_due, bill("1", ago(300), ago(179), 140), bill("1", None, None, 10)])
    assert books.findings_of("BILL_ANCIENT") == named(due, undated_due)


def test_an_invoice_is_ancient_after_120_days_without_a_payment(books: RecordedBooks) -> None:
    never, credited = invoice("2", ago(150), ago(120), 100), invoice("2", ago(150), ago(120), 60, TotalAmt=100,
        LinkedTxn=[{"TxnType": "CreditMemo", "TxnId": "9"}])  # fmt: skip
    linked = invoice("2", ago(150), ago(120), 60, LinkedTxn=[{"TxnType": "Payment", "TxnId": "8"}])
    settled = invoice("2", ago(150), ago(120), 60, TotalAmt=100)
    books.land_all([never, credited, linked, settled, invoice("2", ago(150), ago(119), 100)])
    books.land_all([payment("2", ago(80), 40, applied(40, "Invoice", settled[1]["Id"]))])
    assert books.findings_of("INVOICE_ANCIENT") == named(never, credited)


def test_a_balance_is_negligible_up_to_5_or_half_a_percent(books: RecordedBooks) -> None:
    five, half = (
        invoice("2", ago(9), ago(-9), 5, TotalAmt=10),
        bill("1", ago(9), ago(-9), "60", TotalAmt=12000),
    )
    books.land_all([five, half, invoice("2", ago(9), ago(-9), "5.01", TotalAmt=10)])
    books.land_all(
        [bill("1", ago(9), ago(-9), "60.01", TotalAmt=12000), bill("1", ago(9), ago(-9), 0, TotalAmt=10)]
    )
    assert books.findings_of("BALANCE_NEGLIGIBLE") == named(five, half)


def test_a_finding_says_what_is_wrong_and_what_to_do(books: RecordedBooks) -> None:
    books.land_all([bill("1", ago(10), ago(31), "1234.50", DocNumber="A-7", Id="500")])
    row = books.only("BILL_DATE_ORDER")
    assert (
        row["message"]
        == "Bill A-7 of Acme over $1,234.50 is dated 10 Nov 2026 and due before that, on 20 Oct 2026."
    )
    assert row["what_to_do"] == "Correct the date that is wrong."
    assert (row["severity"], row["blocking"], row["party"]) == ("blocking", True, "Acme")
    assert (row["amount_cents"], row["entity"], row["qbo_id"]) == (123450, "Bill", "500")
