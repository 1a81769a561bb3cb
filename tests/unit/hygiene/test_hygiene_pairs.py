"""Definitions.md, Hygiene findings: documents entered twice, or paid by a record that does not settle them."""

import pytest

from tests.kits.evidence import RecordedBooks
from tests.kits.findings import created_ago, named
from tests.kits.records import (
    AR,
    Pair,
    banked,
    bill,
    chart,
    customer,
    deposit,
    invoice,
    purchase,
    sales_receipt,
    spent,
    vendor,
)
from tests.kits.store import ago

PARTIES = [vendor("1", "Acme"), vendor("3", "Gamma"), customer("2", "Beta"), customer("4", "Delta")]


@pytest.fixture
def books() -> RecordedBooks:
    return RecordedBooks([*chart(checking=1000), *PARTIES])


def a_bill(days_ago: int, amount: int, number: str | None, **more: object) -> Pair:
    return bill("1", ago(days_ago), ago(-30), amount, DocNumber=number, **more)


def a_paid_bill(days_ago: int, amount: int, number: str) -> Pair:
    return a_bill(days_ago, 0, number, TotalAmt=amount)


def test_a_bill_is_a_duplicate_by_vendor_number_and_amount(books: RecordedBooks) -> None:
    first = a_paid_bill(40, 500, "INV 77-a")
    later, third = a_bill(30, 500, "inv77A"), a_bill(14, 500, "INV77A")
    books.land_all([first, later, third])
    books.land_all([
        a_bill(30, 501, "INV77A"), a_bill(30, 500, "INV78A"), a_bill(30, 500, "--"), a_bill(50, 500, "--"),
        bill("3", ago(30), ago(-30), 500, DocNumber="INV77A"), a_paid_bill(30, 500, "INV77A"),
        a_bill(30, 0, "INV77A", PrivateNote="Voided"),
    ])  # fmt: skip
    assert books.findings_of("BILL_DUPLICATE") == named(later, third)


@pytest.mark.parametrize(("days", "code"), [(20, "BILL_DUPLICATE"), (21, "BILL_DUPLICATE_MAYBE")])
def test_two_of_a_number_are_one_bill_up_to_20_days_apart(books: RecordedBooks, days: int, code: str) -> None:
    books.land_all([a_paid_bill(30 + days, 500, "X1"), later := a_bill(30, 500, "X1")])
    found = books.findings("BILL_DUPLICATE", "BILL_DUPLICATE_MAYBE")
    assert found[["code", "qbo_id"]].to_numpy().tolist() == [[code, later[1]["Id"]]]


def test_a_third_bill_near_the_second_repeats_it_however_old_the_first(books: RecordedBooks) -> None:
    first, second, third = a_bill(200, 500, "X1"), a_bill(60, 500, "X1"), a_bill(50, 500, "X1")
    books.land_all([first, second, third])
    assert books.findings_of("BILL_DUPLICATE") == named(third)
    assert books.findings_of("BILL_DUPLICATE_MAYBE") == named(second)


def monthly(*amounts: int) -> list[Pair]:
    """Return bills of one number over three months, 30 and 33 days apart."""
    return [a_bill(days, amount, "LEASE-4") for days, amount in zip((70, 40, 7), amounts, strict=True)]


def test_one_number_on_every_bill_of_a_series_is_no_duplicate(books: RecordedBooks) -> None:
    books.land_all(monthly(500, 500, 500))
    assert books.findings("BILL_DUPLICATE", "BILL_DUPLICATE_MAYBE").empty


def test_a_series_is_one_whatever_its_amounts_and_however_they_were_paid(books: RecordedBooks) -> None:
    books.land_all([a_paid_bill(100, 480, "lease 4"), *monthly(510, 500, 500)])
    assert books.findings("BILL_DUPLICATE", "BILL_DUPLICATE_MAYBE").empty


def test_a_bill_of_a_series_entered_twice_is_a_duplicate(books: RecordedBooks) -> None:
    *_, last = monthly_bills = monthly(500, 500, 500)
    books.land_all([*monthly_bills, twice := a_bill(7, 500, "LEASE-4")])
    assert books.findings_of("BILL_DUPLICATE") == named(twice)
    assert last[1]["Id"] in books.findings("BILL_DUPLICATE_MAYBE")["qbo_id"].tolist()


def test_three_copies_of_one_day_are_no_series(books: RecordedBooks) -> None:
    first, *copies = (a_bill(7, 500, "X1") for _ in range(3))
    books.land_all([first, *copies])
    assert books.findings_of("BILL_DUPLICATE") == named(*copies)


@pytest.mark.parametrize(("last", "found"), [(8, 0), (7, 0), (6, 2)])
def test_an_interval_more_than_3_days_off_the_median_ends_a_series(
    books: RecordedBooks, last: int, found: int
) -> None:
    # Of two intervals the median is the shorter: 30 days, and then 32, 33 or 34.
    books.land_all([a_bill(days, 500, "X1") for days in (70, 40, last)])
    assert len(books.findings("BILL_DUPLICATE_MAYBE")) == found


def test_two_bills_of_a_number_are_no_series(books: RecordedBooks) -> None:
    books.land_all([a_bill(40, 500, "X1"), later := a_bill(10, 500, "X1")])
    assert books.findings_of("BILL_DUPLICATE_MAYBE") == named(later)


def test_a_bill_dated_after_the_day_repeats_nothing_yet(books: RecordedBooks) -> None:
    books.land_all(
        [a_bill(-2, 500, "X1", MetaData=created_ago(9)), a_bill(1, 500, "X1", MetaData=created_ago(1))]
    )
    assert books.findings("BILL_DUPLICATE", "BILL_DUPLICATE_MAYBE").empty


def test_the_later_of_two_is_the_one_created_later(books: RecordedBooks) -> None:
    entered_first = a_bill(3, 500, "X1", MetaData=created_ago(50))
    entered_later = a_bill(20, 500, "X1", MetaData=created_ago(2))
    books.land_all([entered_later, entered_first])
    assert books.findings_of("BILL_DUPLICATE") == named(entered_later)


def test_ids_are_compared_as_numbers_where_creation_says_nothing(books: RecordedBooks) -> None:
    books.land_all([a_bill(10, 500, "X1", Id="1001"), a_bill(10, 500, "X1", Id="999")])
    assert books.findings_of("BILL_DUPLICATE") == {("Bill", "1001")}


def test_a_copy_that_is_paid_is_no_longer_found(books: RecordedBooks) -> None:
    books.land_all([a_bill(20, 500, "X1"), a_paid_bill(10, 500, "X1")])
    assert books.findings_of("BILL_DUPLICATE") == set()


def test_amounts_in_other_currencies_are_not_the_same(books: RecordedBooks) -> None:
    euro = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.1}
    books.land_all([a_bill(20, 500, "X1"), a_bill(10, 500, "X1", **euro)])
    assert books.findings_of("BILL_DUPLICATE") == set()


def test_a_bill_may_be_a_duplicate_where_a_number_is_missing(books: RecordedBooks) -> None:
    first, later = a_bill(20, 500, None), a_bill(17, 500, "Q9")
    books.land_all(
        [
            first,
            later,
            a_bill(20, 700, None),
            a_bill(16, 700, "Q8"),
            a_bill(20, 900, "A"),
            a_bill(20, 900, "B"),
        ]
    )
    assert books.findings_of("BILL_DUPLICATE_MAYBE") == named(later)
    assert books.findings_of("BILL_DUPLICATE") == set()


def test_every_pair_near_enough_is_compared_not_only_neighbours(books: RecordedBooks) -> None:
    between = [a_bill(19, 500, f"N{number}") for number in range(3)]
    books.land_all([a_bill(20, 500, "N9"), *between, blank := a_bill(18, 500, None)])
    assert books.findings_of("BILL_DUPLICATE_MAYBE") == named(blank)


def test_an_invoice_is_a_duplicate_by_number_or_nearly_by_date(books: RecordedBooks) -> None:
    earlier = invoice("2", ago(90), ago(60), 800, DocNumber="S1")
    numbered = invoice("2", ago(9), ago(-9), 800, DocNumber="s-1")
    near = invoice("2", ago(30), ago(-9), 700, DocNumber="T1")
    blank = invoice("2", ago(27), ago(-9), 700)
    books.land_all([earlier, numbered, near, blank])
    books.land_all(
        [
            invoice("2", ago(9), ago(-9), 650, DocNumber="U1"),
            invoice("2", ago(9), ago(-9), 650, DocNumber="U2"),
        ]
    )
    books.land_all([invoice("2", ago(9), ago(-9), 640), invoice("4", ago(9), ago(-9), 640)])
    assert books.findings_of("INVOICE_DUPLICATE") == named(numbered, blank)


def test_the_sentence_names_the_earlier_one(books: RecordedBooks) -> None:
    books.land_all([a_bill(20, 500, "OM-1042"), a_bill(12, 500, "om 1042")])
    assert books.only("BILL_DUPLICATE")["message"] == (
        "Bill om 1042 of Acme over $500.00, dated 8 Nov 2026, repeats bill OM-1042 of 31 Oct 2026."
    )


def bought(days_ago: int, amount: int, vendor_id: str = "1", **more: object) -> Pair:
    return purchase(ago(days_ago), spent(amount), EntityRef={"value": vendor_id, "type": "Vendor"}, **more)


def test_a_bill_paid_as_an_expense_is_found_within_its_days(books: RecordedBooks) -> None:
    early, late = a_bill(40, 300, "A"), bill("1", ago(99), ago(70), 310, DocNumber="B")
    books.land_all([early, bought(43, 300), late, bought(10, 310)])
    books.land_all([a_bill(40, 320, "C"), bought(44, 320), bill("1", ago(99), ago(70), 330), bought(9, 330)])
    books.land_all(
        [a_bill(40, 340, "D"), bought(39, 340, "3"), a_bill(40, 350, "E"), bought(39, 350, Credit=True)]
    )
    books.land_all([a_paid_bill(40, 360, "F"), bought(39, 360), a_bill(4, 370, "G"), bought(-2, 370)])
    assert books.findings_of("BILL_PAID_AS_EXPENSE") == named(early, late)


def test_one_purchase_explains_the_nearest_bill_alone(books: RecordedBooks) -> None:
    far, near = a_bill(60, 300, "A"), a_bill(41, 300, "B")
    books.land_all([far, near, bought(40, 300)])
    assert books.findings_of("BILL_PAID_AS_EXPENSE") == named(near)


def test_two_purchases_explain_two_bills(books: RecordedBooks) -> None:
    far, near = a_bill(60, 300, "A"), a_bill(41, 300, "B")
    books.land_all([far, near, bought(40, 300), bought(39, 300)])
    assert books.findings_of("BILL_PAID_AS_EXPENSE") == named(far, near)


@pytest.mark.parametrize(("oldest", "flagged"), [(160, False), (161, True)])
def test_three_of_an_amount_in_120_days_are_a_habit(books: RecordedBooks, oldest: int, flagged: bool) -> None:
    due = a_bill(41, 300, "A")
    books.land_all([due, bought(40, 300), bought(100, 300), bought(oldest, 300)])
    assert bool(books.findings_of("BILL_PAID_AS_EXPENSE")) is flagged


def an_invoice(days_ago: int, amount: int, **more: object) -> Pair:
    return invoice("2", ago(days_ago), ago(days_ago - 30), amount, DocNumber=f"I{amount}", **more)


BETA = {"value": "2", "type": "CUSTOMER"}


def test_an_invoice_paid_as_a_deposit_or_sales_receipt_is_found_after_its_date(books: RecordedBooks) -> None:
    deposited, sold = an_invoice(40, 300), an_invoice(40, 310)
    books.land_all([deposited, deposit(ago(39), banked(300, **BETA)), sold])
    books.land_all([sales_receipt(ago(20), 310, CustomerRef={"value": "2"})])
    on_ar, linked = (
        banked(330, AR, **BETA),
        {**banked(340, **BETA), "LinkedTxn": [{"TxnId": "9", "TxnType": "Payment"}]},
    )
    books.land_all(
        [
            an_invoice(40, 320),
            deposit(ago(40), banked(320, **BETA)),
            an_invoice(40, 330),
            deposit(ago(9), on_ar),
        ]
    )
    books.land_all(
        [an_invoice(40, 340), deposit(ago(9), linked), an_invoice(40, 350), deposit(ago(9), banked(350))]
    )
    books.land_all([an_invoice(200, 360), deposit(ago(109), banked(360, **BETA))])
    assert books.findings_of("INVOICE_PAID_AS_DEPOSIT") == named(deposited, sold)


def test_each_line_of_a_deposit_explains_an_invoice_of_its_own(books: RecordedBooks) -> None:
    first, second, third = an_invoice(40, 300), an_invoice(38, 300), an_invoice(36, 300)
    books.land_all([first, second, third, deposit(ago(30), banked(300, **BETA), banked(300, **BETA))])
    assert books.findings_of("INVOICE_PAID_AS_DEPOSIT") == named(second, third)
