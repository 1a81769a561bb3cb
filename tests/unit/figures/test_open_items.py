"""Definitions.md, Aging and Who and when: what is open, how much of it, and whose it is."""

import pytest

from rowcol.domain.open_items import open_items
from tests.kits.records import (
    AP,
    AR,
    EXPENSE,
    Record,
    applied,
    banked,
    bill,
    bill_payment,
    credit,
    credit_memo,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    preferences,
    purchase,
    spent,
    vendor_credit,
)
from tests.kits.store import PracticeStore, ago

ACME = {"Type": "Vendor", "id": "1"}
ZED = {"Type": "Vendor", "id": "2"}
BETA = {"Type": "Customer", "id": "9"}


def items(store: PracticeStore, side: str) -> list[tuple[str, str | None, int]]:
    """Return (entity, party id, cents) of every open item of one side."""
    all_items = open_items(store.books())
    rows = all_items[all_items["side"] == side].sort_values(["entity", "amount_cents"])
    return [
        (entity, party if isinstance(party, str) else None, cents)
        for entity, party, cents in rows[["entity", "party_id", "amount_cents"]].itertuples(index=False)
    ]


def test_only_what_has_a_balance_is_open(store: PracticeStore) -> None:
    store.land_all(
        [bill("1", ago(5), ago(1), 0, TotalAmt=90), bill("1", ago(5), ago(1), "0.01", TotalAmt=90),
         invoice("9", ago(5), ago(1), -5), invoice("9", ago(5), ago(1), 5)]
    )  # fmt: skip
    assert items(store, "ap") == [("Bill", "1", 1)]
    assert items(store, "ar") == [("Invoice", "9", 500)]


@pytest.mark.parametrize("note", ["Voided", "Voided - entered twice", "Void: duplicate"])
def test_a_void_with_its_amounts_gone_is_not_open(store: PracticeStore, note: str) -> None:
    store.land_all(
        [bill("1", ago(5), ago(1), 0, PrivateNote=note), payment("9", ago(5), 0, PrivateNote=note)]
    )
    assert items(store, "ap") == []
    assert items(store, "ar") == []


def test_a_void_whose_amounts_stayed_is_recognized_by_its_note_alone(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(5), ago(1), 80, PrivateNote="Voided"), invoice("9", ago(5), ago(1), 20)])
    assert items(store, "ap") == []
    assert items(store, "ar") == [("Invoice", "9", 2_000)]


@pytest.mark.parametrize("note", ["Void where prohibited", "Voided check reissued", "avoid", "Please void"])
def test_a_note_that_only_mentions_a_void_voids_nothing(store: PracticeStore, note: str) -> None:
    store.land_all([bill("1", ago(5), ago(1), 80, PrivateNote=note)])
    assert items(store, "ap") == [("Bill", "1", 8_000)]


def test_an_unapplied_bill_payment_is_its_total_less_charges_plus_credits(store: PracticeStore) -> None:
    """100.00 left, 70.00 settled a bill and 10.00 a journal credit; a 25.00 vendor credit was used with it: 45.00."""
    owed = journal(ago(30), credit(10, AP, **ACME), debit(10, EXPENSE))
    used = vendor_credit("1", ago(30), 0, TotalAmt=25)
    paid = bill_payment(
        "1", ago(3), 100, applied(70, "Bill", "5001"), applied(10, "JournalEntry", owed[1]["Id"], "1"),
        applied(25, "VendorCredit", used[1]["Id"]),
    )  # fmt: skip
    store.land_all([owed, used, paid])
    assert items(store, "ap") == [("BillPayment", "1", -4_500)]


def test_a_bill_payment_that_only_nets_credits_against_bills_leaves_nothing(store: PracticeStore) -> None:
    lines = [applied(60, "Bill", "5001"), applied(60, "VendorCredit", "5002")]
    store.land_all([bill_payment("1", ago(3), 0, *lines)])
    assert items(store, "ap") == []


def test_a_bill_payment_to_nothing_is_wholly_unapplied(store: PracticeStore) -> None:
    store.land_all([bill_payment("1", ago(3), "12.34")])
    assert items(store, "ap") == [("BillPayment", "1", -1_234)]


def test_a_payment_has_left_what_quickbooks_says_is_unapplied(store: PracticeStore) -> None:
    store.land_all([payment("9", ago(3), 100, applied(60, "Invoice", "5001"), UnappliedAmt=40)])
    assert items(store, "ar") == [("Payment", "9", -4_000)]


def test_a_payment_that_does_not_say_has_left_its_total_less_what_it_settles(store: PracticeStore) -> None:
    used = credit_memo("9", ago(9), 0, TotalAmt=15)
    lines = [applied(60, "Invoice", "5001"), applied(15, "CreditMemo", used[1]["Id"])]
    store.land_all([used, payment("9", ago(3), 100, *lines)])
    assert items(store, "ar") == [("Payment", "9", -5_500)]


def test_journal_lines_on_a_control_account_add_by_credit_on_ap_and_by_debit_on_ar(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            journal(ago(30), credit(10, AP, **ACME), debit(10, EXPENSE)),
            journal(ago(30), debit(4, AP, **ZED), credit(4, EXPENSE)),
            journal(ago(30), debit(7, AR, **BETA), credit(7, EXPENSE)),
            journal(ago(30), credit(2, AR), debit(2, EXPENSE)),
        ]
    )
    assert items(store, "ap") == [("JournalEntry", "2", -400), ("JournalEntry", "1", 1_000)]
    assert items(store, "ar") == [("JournalEntry", None, -200), ("JournalEntry", "9", 700)]


def test_a_payment_finds_the_journal_line_it_names(store: PracticeStore) -> None:
    owed = journal(ago(30), credit(10, AP, "0", **ACME), credit(20, AP, "1", **ACME), debit(30, EXPENSE, "2"))
    store.land_all([owed, bill_payment("1", ago(3), 20, applied(20, "JournalEntry", owed[1]["Id"], "1"))])
    assert items(store, "ap") == [("JournalEntry", "1", 1_000)]


def test_a_payment_that_names_no_line_finds_its_own_partys(store: PracticeStore) -> None:
    owed = journal(ago(30), credit(10, AP, "0", **ZED), credit(20, AP, "1", **ACME), debit(30, EXPENSE, "2"))
    store.land_all([owed, bill_payment("1", ago(3), 15, applied(15, "JournalEntry", owed[1]["Id"]))])
    assert items(store, "ap") == [("JournalEntry", "1", 500), ("JournalEntry", "2", 1_000)]


def test_a_journal_debit_on_ap_used_with_a_payment_counts_as_a_credit(store: PracticeStore) -> None:
    """A check of 30.00 and a debit of 20.00 settle a bill of 50.00: nothing of either is left."""
    owned = journal(ago(30), debit(20, AP, "0", **ACME), credit(20, EXPENSE))
    lines = [applied(50, "Bill", "5001"), applied(20, "JournalEntry", owned[1]["Id"], "0")]
    store.land_all([owned, bill_payment("1", ago(3), 30, *lines)])
    assert items(store, "ap") == []


def test_an_invoice_payment_settles_a_journal_debit_on_ar(store: PracticeStore) -> None:
    owed = journal(ago(30), debit(40, AR, "0", **BETA), credit(40, EXPENSE))
    line = applied(25, "JournalEntry", owed[1]["Id"], "0")
    store.land_all([owed, payment("9", ago(3), 25, line, UnappliedAmt=0)])
    assert items(store, "ar") == [("JournalEntry", "9", 1_500)]


def test_a_deposit_line_on_ap_is_a_charge_and_on_ar_a_credit(store: PracticeStore) -> None:
    store.land_all(
        [
            deposit(ago(8), banked(30, AP, value="1", type="VENDOR")),
            deposit(ago(8), banked(50, AR, value="9", type="CUSTOMER")),
        ]
    )
    assert items(store, "ap") == [("Deposit", "1", 3_000)]
    assert items(store, "ar") == [("Deposit", "9", -5_000)]


def test_a_deposit_on_ap_paid_back_by_a_check_is_settled(store: PracticeStore) -> None:
    lent = deposit(ago(8), banked(30, AP, value="1", type="VENDOR"))
    store.land_all([lent, bill_payment("1", ago(3), 20, applied(20, "Deposit", lent[1]["Id"]))])
    assert items(store, "ap") == [("Deposit", "1", 1_000)]


@pytest.mark.parametrize(("credit_flag", "cents"), [(False, -3_000), (True, 3_000)])
def test_a_purchase_line_on_ap_is_a_credit_and_reversed_when_it_is_a_refund(
    store: PracticeStore, credit_flag: bool, cents: int
) -> None:
    store.land_all([purchase(ago(8), spent(30, AP), EntityRef={"value": "1"}, Credit=credit_flag)])
    assert items(store, "ap") == [("Purchase", "1", cents)]


def test_a_purchase_on_ap_used_up_by_a_payment_counts_as_its_credit(store: PracticeStore) -> None:
    """An expense of 30.00 on A/P and a check of 20.00 settle a bill of 50.00; the link calls it an Expense."""
    early = purchase(ago(8), spent(30, AP), EntityRef={"value": "1"})
    lines = [applied(50, "Bill", "5001"), applied(30, "Expense", early[1]["Id"])]
    store.land_all([early, bill_payment("1", ago(3), 20, *lines)])
    assert items(store, "ap") == []


def test_a_lines_own_party_goes_before_the_headers(store: PracticeStore) -> None:
    record: Record = banked(30, AP)
    record["DepositLineDetail"]["Entity"] = {"value": "2", "type": "VENDOR"}
    store.land_all([deposit(ago(8), record, banked(5, AP))])
    assert items(store, "ap") == [("Deposit", None, 500), ("Deposit", "2", 3_000)]


def test_a_deleted_document_is_gone_and_one_that_comes_back_is_open_again(store: PracticeStore) -> None:
    entity, record = bill("1", ago(5), ago(1), 80)
    store.land(entity, record)
    store.delete(entity, record["Id"])
    assert items(store, "ap") == []
    store.land(entity, record)
    assert items(store, "ap") == [("Bill", "1", 8_000)]


def test_a_foreign_balance_is_in_home_cents_at_the_documents_own_rate_half_up(store: PracticeStore) -> None:
    """10.01 at 1.35 is 13.5135; 0.10 at 1.25 is 0.125, a half cent, up."""
    foreign = {"CurrencyRef": {"value": "EUR"}}
    store.land_all(
        [
            preferences("USD"),
            bill("1", ago(5), ago(1), "10.01", ExchangeRate=1.35, **foreign),
            bill("2", ago(5), ago(1), "0.10", ExchangeRate="1.25", **foreign),
        ]
    )
    assert items(store, "ap") == [("Bill", "2", 13), ("Bill", "1", 1_351)]


def test_home_balance_where_sent_goes_before_the_rate_and_home_total_never_stands_for_it(
    store: PracticeStore,
) -> None:
    foreign = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2}
    store.land_all(
        [
            invoice("9", ago(5), ago(1), 10, HomeBalance=19.99, HomeTotalAmt=50, **foreign),
            invoice("8", ago(5), ago(1), 10, HomeTotalAmt=50, **foreign),
        ]
    )
    assert items(store, "ar") == [("Invoice", "9", 1_999), ("Invoice", "8", 2_000)]


def test_an_unapplied_foreign_payment_is_converted_once_from_its_own_currency(store: PracticeStore) -> None:
    foreign = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.1}
    store.land_all([payment("9", ago(3), 100, UnappliedAmt="33.35", **foreign)])
    assert items(store, "ar") == [("Payment", "9", -3_669)]
