"""What is planted in the messy books, by hygiene code (docs/definitions.md, Hygiene findings)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest

from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger import postings

TODAY = date(2026, 11, 20)
Record = dict[str, Any]
UNCATEGORIZED = ("Uncategorized Income", "Uncategorized Expense", "Ask My Accountant")


@pytest.fixture(scope="module")
def messy() -> Company:
    return demo_companies(count=2, seed=1, today=TODAY)[1]


def day(days_ago: int) -> str:
    return (TODAY - timedelta(days=days_ago)).isoformat()


def open_of(company: Company, entity: str) -> list[Record]:
    return [r for r in company.of(entity).values() if r["Balance"] > 0 and r["TxnDate"] <= day(0)]


def letters(text: str | None) -> str:
    return re.sub(r"[\W_]", "", text or "").upper()


def accounts(company: Company, *names: str) -> set[str]:
    return {id_ for id_, account in company.of("Account").items() if account["Name"] in names}


def of_type(company: Company, *types: str) -> set[str]:
    return {id_ for id_, account in company.of("Account").items() if account["AccountType"] in types}


def lines_on(company: Company, entity: str, ids: set[str]) -> list[Record]:
    return [
        line
        for record in company.of(entity).values()
        for line in record["Line"]
        if line.get(line.get("DetailType", ""), {}).get("AccountRef", {}).get("value") in ids
    ]


def same(records: Iterable[Record], party: str, number: bool) -> bool:
    """Say whether two records have one party and amount, and one number (else: a blank one, within 3 days)."""
    rows = sorted(records, key=lambda r: r["TxnDate"])
    for index, record in enumerate(rows):
        for other in rows[index + 1 :]:
            if (
                record.get(party) != other.get(party)
                or record["TotalAmt"] != other["TotalAmt"]
                or not record["TotalAmt"]
            ):
                continue
            first, second = letters(record.get("DocNumber")), letters(other.get("DocNumber"))
            near = date.fromisoformat(other["TxnDate"]) - date.fromisoformat(record["TxnDate"])
            if number and first and first == second:
                return True
            if not number and near.days <= 3 and "" in (first, second):
                return True
    return False


def nothing_on(records: Iterable[Record]) -> bool:
    return any(
        r["TotalAmt"] == 0
        and "Voided" not in r.get("PrivateNote", "")
        and not any(line["Amount"] for line in r["Line"])
        for r in records
    )


def has_open(company: Company, entity: str, ref: str, party: str) -> bool:
    return any(r.get(ref, {}).get("value") == party for r in open_of(company, entity))


def unreachable(company: Company) -> bool:
    customers = company.of("Customer")
    for invoice in open_of(company, "Invoice"):
        customer = customers.get(invoice.get("CustomerRef", {}).get("value", ""))
        if customer and not {"PrimaryEmailAddr", "PrimaryPhone", "ParentRef"} & set(customer):
            return "BillEmail" not in invoice
    return False


def paid_as(company: Company, entity: str, ref: str, payments: list[tuple[str, float, str]]) -> bool:
    """Say whether an open document has its party and amount, at a later day, among others."""
    return any(
        (record.get(ref, {}).get("value"), record["TotalAmt"]) == (party, amount) and on > record["TxnDate"]
        for record in open_of(company, entity)
        for party, amount, on in payments
    )


def purchases(company: Company) -> list[tuple[str, float, str]]:
    return [
        (r.get("EntityRef", {}).get("value", ""), r["TotalAmt"], r["TxnDate"])
        for r in company.of("Purchase").values()
    ]


def deposited(company: Company) -> list[tuple[str, float, str]]:
    return [
        (line["DepositLineDetail"]["Entity"]["value"], line["Amount"], deposit["TxnDate"])
        for deposit in company.of("Deposit").values()
        for line in deposit["Line"]
        if "Entity" in line.get("DepositLineDetail", {})
    ]


def twice_named(company: Company, entity: str) -> bool:
    names = Counter(letters(r["DisplayName"]) for r in company.of(entity).values() if r["Active"])
    return max(names.values()) > 1


def held_for(company: Company, name: str, days: int) -> bool:
    """Say whether an account is not zero today and has not moved for so long."""
    ids = accounts(company, name)
    moved = [p for p in postings(company) if p.account in ids]
    return sum(p.amount_cents for p in moved) != 0 and max(p.date for p in moved) < day(days)


def not_banked(company: Company) -> bool:
    return any(
        "DepositToAccountRef" not in r
        and not r.get("LinkedTxn")
        and r["TotalAmt"] > 0
        and r["TxnDate"] < day(7)
        for r in company.of("Payment").values()
    )


def journal_on_control(company: Company, with_entity: bool) -> bool:
    ids = of_type(company, "Accounts Payable", "Accounts Receivable")
    return any(
        ("Entity" in line["JournalEntryLineDetail"]) == with_entity and line["Amount"] > 0
        for line in lines_on(company, "JournalEntry", ids)
    )


def backdated(company: Company) -> bool:
    return any(
        bill["MetaData"]["CreateTime"][:10] > day(7) and bill["TxnDate"] <= day(37)
        for bill in company.of("Bill").values()
    )


def new_and_large(company: Company) -> bool:
    bills = company.of("Bill").values()
    limit = max(1000.0, 3 * median(bill["TotalAmt"] for bill in bills))
    new = {id_ for id_, v in company.of("Vendor").items() if v["MetaData"]["CreateTime"][:10] >= day(14)}
    return any(b["TotalAmt"] > limit for b in bills if b.get("VendorRef", {}).get("value") in new)


def not_sent(company: Company, status: str) -> bool:
    return any(
        invoice["EmailStatus"] == status
        and "DeliveryInfo" not in invoice
        and (status == "NeedToSend" or invoice["DueDate"] < day(0))
        for invoice in open_of(company, "Invoice")
    )


def suspect_dates(company: Company) -> bool:
    def days_before_creation(record: Record) -> int:
        created = date.fromisoformat(record["MetaData"]["CreateTime"][:10])
        return (created - date.fromisoformat(record["TxnDate"])).days

    return any(days_before_creation(r) > 365 for r in company.of("Invoice").values())


FINDINGS: dict[str, Callable[[Company], bool]] = {
    "BILL_NO_VENDOR: none": lambda c: any("VendorRef" not in b for b in open_of(c, "Bill")),
    "BILL_NO_VENDOR: inactive": lambda c: any(
        not c.of("Vendor")[b["VendorRef"]["value"]]["Active"] for b in open_of(c, "Bill") if "VendorRef" in b
    ),
    "BILL_NO_AMOUNT": lambda c: nothing_on(c.of("Bill").values()),
    "INVOICE_NO_AMOUNT": lambda c: nothing_on(c.of("Invoice").values()),
    "BILL_NO_DUE_DATE": lambda c: any("DueDate" not in b for b in open_of(c, "Bill")),
    "INVOICE_NO_DUE_DATE": lambda c: any("DueDate" not in i for i in open_of(c, "Invoice")),
    "BILL_DATE_ORDER": lambda c: any(b.get("DueDate", "9") < b["TxnDate"] for b in open_of(c, "Bill")),
    "INVOICE_DATE_ORDER": lambda c: any(i.get("DueDate", "9") < i["TxnDate"] for i in open_of(c, "Invoice")),
    "INVOICE_NO_CUSTOMER": lambda c: any("CustomerRef" not in i for i in open_of(c, "Invoice")),
    "TXN_DATE_SUSPECT: far ahead": lambda c: any(b["TxnDate"] > day(-30) for b in c.of("Bill").values()),
    "TXN_DATE_SUSPECT: another year": suspect_dates,
    "BILL_NO_NUMBER": lambda c: any("DocNumber" not in b for b in open_of(c, "Bill")),
    "BILL_DUPLICATE": lambda c: same(open_of(c, "Bill"), "VendorRef", number=True),
    "BILL_DUPLICATE_MAYBE": lambda c: same(open_of(c, "Bill"), "VendorRef", number=False),
    "INVOICE_DUPLICATE": lambda c: same(open_of(c, "Invoice"), "CustomerRef", number=False),
    "BILL_PAID_AS_EXPENSE": lambda c: paid_as(c, "Bill", "VendorRef", purchases(c)),
    "INVOICE_PAID_AS_DEPOSIT": lambda c: paid_as(c, "Invoice", "CustomerRef", deposited(c)),
    "INVOICE_UNREACHABLE": unreachable,
    "INVOICE_NOT_SENT: NeedToSend": lambda c: not_sent(c, "NeedToSend"),
    "INVOICE_NOT_SENT: NotSet": lambda c: not_sent(c, "NotSet"),
    "UNCATEGORIZED_LINE": lambda c: bool(lines_on(c, "Purchase", accounts(c, *UNCATEGORIZED))),
    "PURCHASE_NO_PAYEE": lambda c: any(
        "EntityRef" not in p and p["TotalAmt"] >= 75 and p["TxnDate"] >= day(90)
        for p in c.of("Purchase").values()
    ),
    "PAYMENT_UNAPPLIED": lambda c: any(
        p["UnappliedAmt"] > 0 and has_open(c, "Invoice", "CustomerRef", p["CustomerRef"]["value"])
        for p in c.of("Payment").values()
    ),
    "CREDIT_UNAPPLIED": lambda c: any(
        m["RemainingCredit"] > 0 and has_open(c, "Invoice", "CustomerRef", m["CustomerRef"]["value"])
        for m in c.of("CreditMemo").values()
    ),
    "VENDOR_CREDIT_UNAPPLIED": lambda c: any(
        v["Balance"] > 0 and has_open(c, "Bill", "VendorRef", v["VendorRef"]["value"])
        for v in c.of("VendorCredit").values()
    ),
    "BILL_PAYMENT_UNLINKED": lambda c: any(
        not p["Line"] and p["TotalAmt"] > 0 and has_open(c, "Bill", "VendorRef", p["VendorRef"]["value"])
        for p in c.of("BillPayment").values()
    ),
    "BILL_ANCIENT": lambda c: any(b.get("DueDate", "9") <= day(180) for b in open_of(c, "Bill")),
    "INVOICE_ANCIENT": lambda c: any(
        i.get("DueDate", "9") <= day(120) and not i.get("LinkedTxn") for i in open_of(c, "Invoice")
    ),
    "BALANCE_NEGLIGIBLE": lambda c: any(i["Balance"] <= 5 for i in open_of(c, "Invoice")),
    "PARTY_DUPLICATE: vendors": lambda c: twice_named(c, "Vendor"),
    "PARTY_DUPLICATE: customers": lambda c: twice_named(c, "Customer"),
    "BANK_NEGATIVE": lambda c: any(c.of("Account")[id_]["CurrentBalance"] < 0 for id_ in of_type(c, "Bank")),
    "UNDEPOSITED_OLD": not_banked,
    "CLEARING_NONZERO: clearing": lambda c: held_for(c, "Payroll Clearing", 30),
    "CLEARING_NONZERO: opening": lambda c: held_for(c, "Opening Balance Equity", 30),
    "JE_ON_CONTROL": lambda c: journal_on_control(c, with_entity=True),
    "JE_ON_CONTROL: no entity": lambda c: journal_on_control(c, with_entity=False),
    "DELETED_SINCE": lambda c: any(time[:10] > day(7) for time in c.deleted["Bill"].values()),
    "BACKDATED": backdated,
    "NEW_VENDOR_LARGE": new_and_large,
}


@pytest.mark.parametrize("code", FINDINGS)
def test_the_messy_books_show(messy: Company, code: str) -> None:
    assert FINDINGS[code](messy)


def test_the_other_books_show_few_of_them() -> None:
    tidy = demo_companies(count=3, seed=1, today=TODAY)[2]
    shown = [code for code, shows in FINDINGS.items() if not code.startswith("DELETED") and shows(tidy)]
    assert 2 <= len(shown) <= 8


def test_messy_books_hold_voids_part_payments_and_documents_dated_ahead(messy: Company) -> None:
    invoices = messy.of("Invoice").values()
    assert any(i.get("PrivateNote", "").startswith("Voided") and i["TotalAmt"] == 0 for i in invoices)
    assert any(0 < i["Balance"] < i["TotalAmt"] for i in invoices)
    for entity in ("Bill", "Invoice", "Purchase", "Transfer"):
        assert any(r["TxnDate"] > day(0) for r in messy.of(entity).values()), entity


def test_messy_books_hold_names_that_break_careless_pages(messy: Company) -> None:
    names = {r["DisplayName"] for r in messy.of("Customer").values()}
    assert {"=cmd|'/C calc'!A0", "<script>alert('x')</script> Media", "株式会社あおぞら"} <= names
    assert any("'" in r["DisplayName"] for r in messy.of("Vendor").values())
