"""Writes: tokens of concurrency, totals, links, balances, voids and tombstones."""

from typing import Any

import pytest

from rowcol.sandbox.company import Company
from tests.kits.clock import NOON, FrozenClock
from tests.kits.sandbox_client import Application
from tests.kits.small_company import bill, expense_line, sales_line

NEW_BILL = {"VendorRef": {"value": "1"}, "Line": [expense_line(80.0), expense_line(20.5)]}


def created(application: Application, entity: str, document: dict[str, Any]) -> dict[str, Any]:
    answer = application.post(entity.lower(), document)
    assert answer.status_code == 200, answer.text
    return answer.json()[entity]


def balance(application: Application, account: str) -> float:
    return application.record("Account", account)["CurrentBalance"]


def test_a_new_bill_is_totalled_named_dated_and_owed(application: Application) -> None:
    new = created(application, "Bill", NEW_BILL)
    assert (new["Id"], new["SyncToken"], new["TxnDate"]) == ("202", "0", "2026-11-20")
    assert (new["TotalAmt"], new["Balance"]) == (100.5, 100.5)
    assert new["VendorRef"] == {"value": "1", "name": "O'Neil Lumber"}
    assert [(line["Id"], line["LineNum"]) for line in new["Line"]] == [("1", 1), ("2", 2)]
    assert new["MetaData"]["CreateTime"] == "2026-11-20T12:00:00-08:00"
    assert application.record("Vendor", "1")["Balance"] == 400.5
    assert balance(application, "33") == -550.5


def test_a_due_date_follows_the_terms(application: Application, books: Company) -> None:
    books.put("Term", {"Id": "3", "Name": "Net 15", "DueDays": 15}, NOON)
    dated = {**NEW_BILL, "TxnDate": "2026-11-20", "SalesTermRef": {"value": "3"}}
    assert created(application, "Bill", dated)["DueDate"] == "2026-12-05"
    assert "DueDate" not in created(application, "Bill", NEW_BILL)


def test_a_document_discount_is_taken_off_and_tax_added(application: Application) -> None:
    discount = {"Amount": "10", "DetailType": "DiscountLineDetail", "DiscountLineDetail": {}}
    subtotal = {"Amount": 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    lines = [sales_line(100.0), subtotal, discount]
    sent = {"CustomerRef": {"value": "12"}, "Line": lines, "TxnTaxDetail": {"TotalTax": 7.2}}
    new = created(application, "Invoice", sent)
    assert (new["TotalAmt"], new["Balance"], new["Line"][2]["Amount"]) == (97.2, 97.2, 10.0)


@pytest.mark.parametrize(
    ("entity", "document", "code"),
    [
        ("bill", {"Line": [expense_line(1.0)]}, "2020"),
        ("bill", {**NEW_BILL, "VendorRef": {"value": "999"}}, "2500"),
        ("bill", {**NEW_BILL, "VendorRef": {"value": "3"}}, "610"),
        ("bill", {**NEW_BILL, "DocNumber": "A-1"}, "6140"),
        ("vendor", {"DisplayName": "acme"}, "6240"),
        ("bill", {"Id": "101"}, "2020"),
        ("bill", {"Id": "999", "SyncToken": "0"}, "610"),
        ("ledger", {}, "500"),
        ("bill", [], "2010"),
        ("bill", {**NEW_BILL, "Line": [{"Amount": "much"}]}, "2010"),
        ("journalentry", {"Line": [{"Amount": 1, "JournalEntryLineDetail": {"AccountRef": {}}}]}, "2010"),
    ],
)
def test_what_is_missing_unknown_inactive_or_twice_is_refused(
    application: Application, entity: str, document: Any, code: str
) -> None:
    assert application.fault(application.post(entity, document))[:2] == (400, code)
    assert application.query("SELECT COUNT(*) FROM Bill") == {"totalCount": 2}
    assert balance(application, "33") == -450.0


def test_a_number_can_be_used_twice_on_request(application: Application) -> None:
    again = {**NEW_BILL, "DocNumber": "A-1"}
    assert application.post("bill", again, include="allowduplicatedocnum").status_code == 200


def test_a_sparse_update_touches_what_is_sent_and_a_full_one_empties_the_rest(
    application: Application,
) -> None:
    sparse = {"Id": "101", "SyncToken": "0", "sparse": True, "PrivateNote": "call first", "Balance": 1}
    new = created(application, "Bill", sparse)
    assert (new["SyncToken"], new["DocNumber"], new["DueDate"]) == ("1", "A-1", "2026-10-21")
    assert (new["PrivateNote"], new["Balance"]) == ("call first", 300.0)
    full = {**NEW_BILL, "Id": "101", "SyncToken": "1", "TxnDate": "2026-09-21"}
    new = created(application, "Bill", full)
    assert (new["SyncToken"], new["TotalAmt"], new["Balance"]) == ("2", 100.5, 100.5)
    assert not {"DocNumber", "DueDate", "PrivateNote"} & set(new)
    assert balance(application, "33") == -250.5


def test_a_stale_sync_token_is_refused(application: Application) -> None:
    application.post("bill", {"Id": "101", "SyncToken": "0", "sparse": True, "DocNumber": "A-2"})
    stale = application.post("bill", {"Id": "101", "SyncToken": "0", "sparse": True, "DocNumber": "A-3"})
    assert application.fault(stale)[:2] == (400, "5010")
    assert application.record("Bill", "101")["DocNumber"] == "A-2"


def test_a_request_id_creates_once_and_replays_its_answer(application: Application) -> None:
    first = application.post("bill", NEW_BILL, requestid="r-1")
    assert application.post("bill", NEW_BILL, requestid="r-1").json() == first.json()
    assert application.query("SELECT COUNT(*) FROM Bill") == {"totalCount": 3}
    application.post("bill", NEW_BILL, requestid="r-2")
    assert application.query("SELECT COUNT(*) FROM Bill") == {"totalCount": 4}


def test_paying_a_bill_moves_its_balance_link_and_every_account(
    application: Application, clock: FrozenClock
) -> None:
    clock.forward(minutes=5)
    line = {"Amount": 120.0, "LinkedTxn": [{"TxnId": "101", "TxnType": "Bill"}]}
    payment = {
        "VendorRef": {"value": "1"},
        "TotalAmt": 120.0,
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": {"value": "35"}},
        "Line": [line],
    }
    new = created(application, "BillPayment", payment)
    paid = application.record("Bill", "101")
    assert (paid["Balance"], paid["SyncToken"]) == (180.0, "1")
    assert paid["LinkedTxn"] == [{"TxnId": new["Id"], "TxnType": "BillPaymentCheck"}]
    assert paid["MetaData"]["LastUpdatedTime"] == "2026-11-20T12:05:00-08:00"
    assert (balance(application, "35"), balance(application, "33")) == (4880.0, -330.0)
    checking = application.record("Account", "35")
    assert checking["MetaData"]["LastUpdatedTime"] == "2026-11-20T12:05:00-08:00"
    assert checking["SyncToken"] == "0"
    assert application.record("Vendor", "1")["Balance"] == 180.0


def test_deleting_a_payment_opens_the_bill_again(application: Application) -> None:
    gone = application.post("billpayment", {"Id": "201", "SyncToken": "0"}, operation="delete")
    assert gone.json()["BillPayment"] == {"status": "Deleted", "domain": "QBO", "Id": "201"}
    bill_now = application.record("Bill", "102")
    assert (bill_now["Balance"], bill_now["LinkedTxn"]) == (500.0, [])
    assert (balance(application, "35"), balance(application, "33")) == (5300.0, -750.0)
    assert application.fault(application.get("billpayment/201"))[:2] == (400, "610")


def test_a_payment_larger_than_its_invoice_leaves_an_unapplied_rest(application: Application) -> None:
    line = {"Amount": 1000.0, "LinkedTxn": [{"TxnId": "111", "TxnType": "Invoice"}]}
    sent = {"CustomerRef": {"value": "11"}, "TotalAmt": 1250.0, "Line": [line]}
    assert created(application, "Payment", sent)["UnappliedAmt"] == 250.0
    assert application.record("Invoice", "111")["Balance"] == 0.0
    assert (balance(application, "4"), balance(application, "84")) == (1250.0, 150.0)
    assert application.record("Customer", "11")["Balance"] == -250.0
    assert application.record("Customer", "10")["Balance"] == 0
    assert application.record("Customer", "10")["BalanceWithJobs"] == -250.0


def test_a_linked_document_cannot_be_deleted_or_voided(application: Application) -> None:
    answer = application.post("bill", {"Id": "102", "SyncToken": "0"}, operation="delete")
    assert application.fault(answer)[:2] == (400, "6000")
    assert application.record("Bill", "102")["Balance"] == 200.0


def test_voiding_an_invoice_zeroes_it_and_notes_it(application: Application) -> None:
    application.post("invoice", {"Id": "112", "SyncToken": "0", "sparse": True, "PrivateNote": "October"})
    answer = application.post("invoice", {"Id": "112", "SyncToken": "1"}, operation="void")
    void = answer.json()["Invoice"]
    assert (void["TotalAmt"], void["Balance"], void["SyncToken"]) == (0, 0, "2")
    assert (void["PrivateNote"], void["DueDate"]) == ("Voided - October", "2026-12-05")
    assert [line["Amount"] for line in void["Line"]] == [0, 0]
    assert balance(application, "84") == 1000.0
    assert application.record("Customer", "12")["Balance"] == 0.0


def test_voiding_a_bill_payment_clears_its_lines(application: Application) -> None:
    body = {"Id": "201", "SyncToken": "0", "sparse": True}
    void = application.post("billpayment", body, operation="update", include="void").json()["BillPayment"]
    assert (void["TotalAmt"], void["Line"], void["PrivateNote"]) == (0, [], "Voided")
    assert application.record("Bill", "102")["Balance"] == 500.0
    assert balance(application, "35") == 5300.0
    assert (
        application.fault(application.post("bill", {"Id": "101", "SyncToken": "0"}, operation="void"))[1]
        == "500"
    )


def test_a_list_record_is_made_inactive_never_deleted(application: Application) -> None:
    refused = application.post("vendor", {"Id": "1", "SyncToken": "0"}, operation="delete")
    assert application.fault(refused)[:2] == (400, "500")
    body = {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False}
    assert created(application, "Vendor", body)["DisplayName"] == "O'Neil Lumber (deleted)"
    assert application.ids("SELECT * FROM Vendor") == ["2"]


def test_a_card_that_owes_can_be_a_positive_number(application: Application) -> None:
    charge = {
        "AccountRef": {"value": "41"},
        "PaymentType": "CreditCard",
        "EntityRef": {"value": "1", "type": "Vendor"},
        "Line": [expense_line(30.0)],
    }
    created(application, "Purchase", charge)
    assert balance(application, "41") == -230.0
    application.sandbox.switch(card_balance="positive")
    created(application, "Purchase", charge)
    assert balance(application, "41") == -200.0


def test_a_foreign_bill_is_stated_in_home_currency_too(application: Application, books: Company) -> None:
    books.put("Account", {**books.of("Account")["33"], "Id": "34", "CurrentBalance": 0,
                          "CurrencyRef": {"value": "EUR"}}, NOON)  # fmt: skip
    books.put(
        "Vendor", {"Id": "5", "DisplayName": "Papier", "Balance": 0, "CurrencyRef": {"value": "EUR"}}, NOON
    )
    sent = {"VendorRef": {"value": "5"}, "CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.1}
    new = created(application, "Bill", {**sent, "Line": [expense_line(33.33)]})
    assert (new["TotalAmt"], new["HomeTotalAmt"], new["HomeBalance"]) == (33.33, 36.66, 36.66)
    assert (balance(application, "34"), application.record("Vendor", "5")["Balance"]) == (-33.33, 33.33)


def test_ids_are_never_used_again(application: Application, books: Company) -> None:
    books.put("Bill", bill("900", "1", "2026-11-01", "2026-12-01", 1.0, 1.0), NOON)
    application.post("bill", {"Id": "900", "SyncToken": "0"}, operation="delete")
    assert created(application, "Bill", NEW_BILL)["Id"] == "901"
