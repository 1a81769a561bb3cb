"""What is reported of records that changed between two moments."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from rowcol.errors import UnknownClient, UsageError
from rowcol.views.common.changes import changes_between
from tests.kits.comparisons import (
    OLD,
    SINCE,
    THEN,
    change_rows,
    changed,
    compared,
    land,
    record_rows,
    source,
)
from tests.kits.findings import created_ago, refreshed
from tests.kits.records import (
    account,
    applied,
    bill,
    bill_payment,
    chart,
    customer,
    invoice,
    payment,
    spent,
    vendor,
)
from tests.kits.store import MEMORY, NOW, PracticeStore, ago

BILL = bill(
    "1", ago(20), ago(-5), 100, Id="501", DocNumber="A-1", Line=[spent(100)], MetaData=created_ago(20)
)
INVOICE = invoice("9", ago(20), ago(-5), 80, Id="601", MetaData=created_ago(20))


@pytest.fixture
def books() -> Iterator[PracticeStore]:
    """Give a client read a month ago: a chart of accounts, a vendor, a customer, a bill, an invoice."""
    books = PracticeStore(MEMORY)
    land(books, *chart(checking=1000), vendor("1", "Acme"), customer("9", "Beta"), BILL, INVOICE, at=OLD)
    refreshed(books, 30)
    yield books
    books.close()


def test_nothing_changed_is_nothing_reported(books: PracticeStore) -> None:
    changes = compared(books)
    assert change_rows(changes) == []
    assert changes.clients["known"].tolist() == [True]


def test_a_new_bill_is_added_with_its_total_and_its_vendor(books: PracticeStore) -> None:
    land(books, bill("1", ago(2), ago(-30), 250, Id="502", MetaData=created_ago(2)), at=SINCE)
    changes = compared(books)
    assert change_rows(changes) == [("added", "Bill", "502", None, None, None, 25_000)]
    assert changes.changes.loc[0, ["party", "changed_at"]].tolist() == ["Acme", SINCE]


def test_a_payment_is_reported_on_what_it_paid(books: PracticeStore) -> None:
    paid = bill_payment("1", ago(2), 40, applied(40, "Bill", "501"), Id="701")
    land(
        books,
        changed(BILL, Balance=60, LinkedTxn=[{"TxnId": "701", "TxnType": "BillPaymentCheck"}]),
        paid,
        at=SINCE,
    )
    assert record_rows(books) == [
        ("paid", "Bill", "501", "Balance", "100.00", "60.00", 4_000),
        ("added", "BillPayment", "701", None, None, None, 4_000),
    ]


def test_what_was_entered_and_paid_in_between_is_both(books: PracticeStore) -> None:
    land(books, invoice("9", ago(3), ago(3), 0, Id="602", TotalAmt=70, MetaData=created_ago(3)), at=SINCE)
    assert record_rows(books) == [
        ("added", "Invoice", "602", None, None, None, 7_000),
        ("paid", "Invoice", "602", "Balance", "70.00", "0.00", 7_000),
    ]


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        ({"DueDate": ago(-9)}, [("DueDate", ago(-5), ago(-9), 10_000)]),
        ({"TotalAmt": 130.5, "Balance": 130.5}, [("TotalAmt", "100.00", "130.50", 3_050)]),
        ({"DocNumber": "A-2", "PrivateNote": "x"}, [
            ("DocNumber", "A-1", "A-2", 10_000), ("PrivateNote", None, "x", 10_000)]),
        ({"VendorRef": {"value": "2", "name": "Cobalt"}}, [("VendorRef", "1", "Cobalt", 10_000)]),
        ({"VendorRef": {"value": "1", "name": "Acme, Inc."}}, []),
        ({"SyncToken": "7", "MetaData": created_ago(1)}, []),
        ({"Line": [spent(100, "79")]}, [
            ("Line[1].AccountBasedExpenseLineDetail.AccountRef", "60", "79", 10_000)]),
        ({"Line": [spent(90), {**spent(10), "Id": "2", "Description": "Fees"}]}, [
            ("Line[1].Amount", "100.00", "90.00", 10_000), ("Line[2]", None, "10.00 · 60 · Fees", 10_000)]),
    ],
)  # fmt: skip
def test_an_edit_is_reported_field_by_field(
    books: PracticeStore, fields: dict[str, Any], rows: list[tuple[Any, ...]]
) -> None:
    land(books, changed(BILL, **fields), at=SINCE)
    assert record_rows(books) == [("edited", "Bill", "501", *row) for row in rows]


def test_two_saves_are_one_edit_and_one_that_was_taken_back_is_none(books: PracticeStore) -> None:
    for day, number in ((3, "B"), (2, "C")):
        land(books, changed(BILL, DocNumber=number), at=NOW - timedelta(days=day))
    assert record_rows(books) == [("edited", "Bill", "501", "DocNumber", "A-1", "C", 10_000)]
    land(books, BILL, at=SINCE)
    assert record_rows(books) == []


def test_what_came_and_was_voided_is_reported_as_both(books: PracticeStore) -> None:
    new = changed(BILL, Id="509", TxnDate="2026-11-19")
    land(books, new, at=NOW - timedelta(days=3))
    land(books, changed(new, TotalAmt=0, Balance=0, PrivateNote="Voided"), at=SINCE)
    assert record_rows(books) == [
        ("added", "Bill", "509", None, None, None, 0),
        ("voided", "Bill", "509", "TotalAmt", None, "0.00", None),
    ]


def test_a_void_is_no_edit_nor_is_its_undoing(books: PracticeStore) -> None:
    land(books, changed(BILL, TotalAmt=0, Balance=0, PrivateNote="Voided"), at=NOW - timedelta(days=3))
    assert record_rows(books) == [("voided", "Bill", "501", "TotalAmt", "100.00", "0.00", 10_000)]
    land(books, changed(BILL, Balance=70), at=SINCE)
    assert record_rows(books, NOW - timedelta(days=2)) == [
        ("re-opened", "Bill", "501", "TotalAmt", "0.00", "100.00", 10_000),
        ("paid", "Bill", "501", "Balance", "0.00", "70.00", 3_000),
    ]


def test_a_deletion_is_reported_with_what_was_there(books: PracticeStore) -> None:
    books.delete("Bill", "501", at=SINCE)
    assert record_rows(books) == [("deleted", "Bill", "501", None, None, None, 10_000)]


def test_what_came_and_went_is_reported_as_deleted(books: PracticeStore) -> None:
    land(books, bill("1", ago(3), ago(-3), 5, Id="503"), at=NOW - timedelta(days=3))
    books.delete("Bill", "503", at=SINCE)
    assert record_rows(books) == [("deleted", "Bill", "503", None, None, None, 500)]


def test_what_is_owed_again_is_re_opened(books: PracticeStore) -> None:
    land(books, changed(INVOICE, Balance=0))
    land(books, changed(INVOICE, Balance=80), at=SINCE)
    books.delete("Bill", "501", at=NOW - timedelta(days=8))
    land(books, BILL, at=SINCE)
    assert record_rows(books) == [
        ("re-opened", "Bill", "501", None, None, None, 10_000),
        ("re-opened", "Invoice", "601", "Balance", "0.00", "80.00", 8_000),
    ]


def test_a_bill_entered_long_after_its_date_is_back_dated(books: PracticeStore) -> None:
    for id_, days in (("504", 37), ("505", 36)):
        land(books, bill("1", ago(days), ago(0), 30, Id=id_, MetaData=created_ago(1)), at=SINCE)
    assert record_rows(books) == [
        ("added", "Bill", "504", None, None, None, 3_000),
        ("back-dated", "Bill", "504", "TxnDate", None, ago(37), 3_000),
        ("added", "Bill", "505", None, None, None, 3_000),
    ]


def test_an_old_bill_whose_amount_changed_is_back_dated_too(books: PracticeStore) -> None:
    old = bill("1", ago(60), ago(30), 100, Id="506")
    land(books, old, at=OLD)
    land(books, changed(old, TotalAmt=90, Balance=90), at=SINCE)
    assert record_rows(books) == [
        ("edited", "Bill", "506", "TotalAmt", "100.00", "90.00", -1_000),
        ("back-dated", "Bill", "506", "TxnDate", ago(60), ago(60), 1_000),
    ]


def test_a_balance_is_reported_before_and_after(books: PracticeStore) -> None:
    land(books, account("35", "Checking", "Bank", "1250.75", AccountSubType="Checking"), at=SINCE)
    changes = compared(books)
    assert change_rows(changes) == [
        ("balance", "Account", "35", "CurrentBalance", "1000.00", "1250.75", 25_075)
    ]
    assert changes.changes["party"].tolist() == ["Checking"]


def test_findings_are_opened_and_closed(books: PracticeStore) -> None:
    land(books, changed(BILL, DocNumber=""), bill("1", ago(2), None, 10, Id="507", DocNumber="Z"), at=SINCE)
    land(books, changed(INVOICE, DueDate=ago(30)), at=THEN)
    land(books, INVOICE, at=SINCE)
    rows = compared(books).changes
    rows = rows[rows["change"].str.startswith("finding")].set_index("field")
    assert rows.loc["BILL_NO_NUMBER", ["change", "qbo_id", "changed_at"]].tolist() == [
        "finding opened",
        "501",
        SINCE,
    ]
    assert rows.loc["BILL_NO_DUE_DATE", ["change", "qbo_id", "before"]].tolist() == [
        "finding opened",
        "507",
        None,
    ]
    assert rows.loc["INVOICE_DATE_ORDER", ["change", "qbo_id", "after"]].tolist() == [
        "finding closed",
        "601",
        None,
    ]


def test_an_earlier_second_moment_leaves_out_what_came_later(books: PracticeStore) -> None:
    land(books, changed(BILL, DocNumber="B"), at=NOW - timedelta(days=4))
    land(books, changed(BILL, DocNumber="C"), at=SINCE)
    changes = compared(books, known_at=NOW - timedelta(days=3))
    assert change_rows(changes) == [("edited", "Bill", "501", "DocNumber", "A-1", "B", 10_000)]


def test_a_day_begins_at_midnight_of_the_client(books: PracticeStore) -> None:
    land(books, changed(BILL, DocNumber="B"), at=NOW.replace(hour=7, minute=59))
    assert change_rows(compared(books, since=NOW.date())) == []
    land(books, changed(BILL, DocNumber="C"), at=NOW.replace(hour=8, minute=1))
    assert [row[4:6] for row in change_rows(compared(books, since=NOW.date()))] == [("B", "C")]


def test_before_the_first_refresh_nothing_was_known(books: PracticeStore) -> None:
    land(books, changed(BILL, DocNumber="B"), at=SINCE)
    changes = compared(books, since=date(2026, 10, 1))
    assert changes.clients["known"].tolist() == [False]
    assert [len(frame) for frame in (changes.changes, changes.steps, changes.causes)] == [0, 0, 0]


def test_without_a_call_a_week_is_compared_and_not_before_the_first_refresh(books: PracticeStore) -> None:
    land(books, changed(BILL, DocNumber="B"), at=NOW - timedelta(days=6))
    assert [row[5] for row in change_rows(changes_between(source(books)))] == ["B"]
    young = PracticeStore(MEMORY)
    land(young, *chart(checking=1000), at=NOW - timedelta(days=2))
    refreshed(young, 2)
    land(young, bill("1", ago(2), ago(-3), 5, Id="1"), at=SINCE)
    changes = changes_between(source(young))
    assert changes.clients["since"].tolist() == [NOW - timedelta(days=2)]
    assert change_rows(changes) == [("added", "Bill", "1", None, None, None, 500)]
    young.close()


def test_the_first_moment_must_be_before_the_second(books: PracticeStore) -> None:
    for since in (NOW, NOW.date() + timedelta(days=1)):
        with pytest.raises(UsageError):
            compared(books, since=since)
    with pytest.raises(UnknownClient):
        changes_between(source(books), "nobody")


def test_a_payment_of_another_client_is_not_reported(books: PracticeStore) -> None:
    land(books, payment("9", ago(1), 5, Id="1"), at=SINCE)
    books.land("Bill", bill("1", ago(2), ago(-3), 5, Id="9")[1], realm="77", at=SINCE)
    changes = changes_between(source(books), books.client(), THEN)
    assert change_rows(changes) == [("added", "Payment", "1", None, None, None, 500)]
