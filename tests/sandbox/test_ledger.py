"""The ledger: what each kind of transaction posts, what is open at a date, and what it finds wrong."""

from dataclasses import replace
from datetime import date

import pytest

from rowcol.sandbox.builder import Books
from rowcol.sandbox.company import Company, Unlisted
from rowcol.sandbox.ledger import account_balances, inconsistencies, open_items, postings, restated

TODAY = date(2026, 11, 20)
OCT_1, OCT_9, NOV_3 = date(2026, 10, 1), date(2026, 10, 9), date(2026, 11, 3)


@pytest.fixture
def books() -> Books:
    return Books("9130350000000000001", "Larch & Daughters", today=TODAY)


def posted(company: Company, entity: str, txn_id: str) -> dict[str, int]:
    """Return home cents by account name of one transaction."""
    names = {id_: account["Name"] for id_, account in company.of("Account").items()}
    sums: dict[str, int] = {}
    for posting in postings(company):
        if (posting.entity, posting.txn_id) == (entity, txn_id):
            name = names[posting.account]
            sums[name] = sums.get(name, 0) + posting.amount_cents
    return sums


def opened(company: Company, at: str | None = None) -> dict[tuple[str, str], int]:
    """Return home cents by (entity, id) of what is open."""
    return {(item.entity, item.txn_id): item.amount_cents for item in open_items(company, at)}


def test_a_bill_debits_its_lines_and_credits_payables(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    lines = [("General Expenses", "80.00"), ("Bank Charges", "20.55")]
    bill = books.bill(vendor, "100.55", OCT_1, lines=lines)
    sides = posted(books.finish(), "Bill", bill)
    assert sides == {"Accounts Payable (A/P)": -100_55, "General Expenses": 80_00, "Bank Charges": 20_55}


def test_an_invoice_posts_neither_its_subtotal_nor_its_discount_as_a_sale(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "1000.00", OCT_1, tax="82.50", discount="100.00")
    sides = posted(books.finish(), "Invoice", invoice)
    assert sides == {
        "Accounts Receivable (A/R)": 982_50,
        "Services": -900_00,
        "Sales Tax Payable": -82_50,
    }


def test_a_payment_without_an_account_waits_in_undeposited_funds_until_banked(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "300.00", OCT_1)
    payment = books.receive(customer, "300.00", OCT_9, invoice)
    deposit = books.deposit(NOV_3, receipts=[payment], lines=[("Bank Charges", "-4.00")])
    company = books.finish()
    assert posted(company, "Payment", payment) == {
        "Undeposited Funds": 300_00,
        "Accounts Receivable (A/R)": -300_00,
    }
    assert posted(company, "Deposit", deposit) == {
        "Checking": 296_00,
        "Undeposited Funds": -300_00,
        "Bank Charges": 4_00,
    }


def test_cash_back_is_held_back_from_a_deposit(books: Books) -> None:
    deposit = books.deposit(OCT_1, lines=[("Services", "500.00")], cash_back=("General Expenses", "60.00"))
    sides = posted(books.finish(), "Deposit", deposit)
    assert sides == {"Checking": 440_00, "Services": -500_00, "General Expenses": 60_00}


def test_a_card_refund_reverses_an_expense(books: Books) -> None:
    spent = books.purchase("75.00", OCT_1, paid_from="Credit Card")
    refunded = books.purchase("75.00", OCT_9, paid_from="Credit Card", credit=True)
    company = books.finish()
    assert posted(company, "Purchase", spent) == {"Credit Card": -75_00, "General Expenses": 75_00}
    assert posted(company, "Purchase", refunded) == {"Credit Card": 75_00, "General Expenses": -75_00}


def test_receipts_and_refunds_move_the_bank_and_owe_nothing(books: Books) -> None:
    sale = books.sales_receipt("200.00", OCT_1, into="Checking", tax="16.00")
    refund = books.refund_receipt("50.00", OCT_9)
    company = books.finish()
    assert posted(company, "SalesReceipt", sale) == {
        "Checking": 216_00,
        "Services": -200_00,
        "Sales Tax Payable": -16_00,
    }
    assert posted(company, "RefundReceipt", refund) == {"Checking": -50_00, "Services": 50_00}
    assert opened(company) == {}


def test_paying_a_card_moves_money_from_bank_to_card(books: Books) -> None:
    books.account("Savings", "Bank", "Savings")
    card = books.card_payment("90.00", OCT_1)
    moved = books.transfer("40.00", OCT_9, "Checking", "Savings")
    company = books.finish()
    assert posted(company, "CreditCardPayment", card) == {"Checking": -90_00, "Credit Card": 90_00}
    assert posted(company, "Transfer", moved) == {"Checking": -40_00, "Savings": 40_00}


def test_a_bill_payment_settles_charges_with_credits_and_keeps_the_rest_unapplied(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    bill = books.bill(vendor, "100.00", OCT_1)
    credit = books.vendor_credit(vendor, "30.00", OCT_1)
    payment = books.pay_bill(vendor, "85.00", OCT_9, {bill: "100.00", credit: "20.00"})
    company = books.finish()
    assert posted(company, "BillPayment", payment) == {"Checking": -85_00, "Accounts Payable (A/P)": 85_00}
    assert opened(company) == {("VendorCredit", credit): -10_00, ("BillPayment", payment): -5_00}
    assert company.of("Vendor")[vendor]["Balance"] == -15.0


def test_a_credit_memo_is_used_up_by_a_payment_of_nothing(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "500.00", OCT_1)
    memo = books.credit_memo(customer, "120.00", OCT_9)
    books.receive(customer, "0", OCT_9, {invoice: "120.00", memo: "120.00"})
    company = books.finish()
    assert opened(company) == {("Invoice", invoice): 380_00}
    assert company.of("CreditMemo")[memo]["RemainingCredit"] == 0.0


def test_what_a_payment_sets_against_a_later_credit_is_open_until_then_at_its_own_rate(books: Books) -> None:
    vendor = books.vendor("Weber GmbH", currency="EUR")
    bill = books.bill(vendor, "500.00", OCT_1, rate="1.10")
    credit = books.vendor_credit(vendor, "500.00", NOV_3, rate="1.20")
    books.pay_bill(vendor, "0", OCT_9, {bill: "500.00", credit: "500.00"}, rate="1.15")
    company = books.finish()
    assert opened(company, "2026-10-20") == {("Bill", bill): 550_00}
    assert opened(company) == {}


def test_journal_lines_on_control_accounts_are_open_items_of_their_party(books: Books) -> None:
    vendor, customer = books.vendor("Norton Lumber"), books.customer("Acme")
    owed = books.journal(OCT_1, [("General Expenses", "70.00"), ("Accounts Payable (A/P)", "-70.00", vendor)])
    due = books.journal(OCT_1, [("Accounts Receivable (A/R)", "90.00", customer), ("Services", "-90.00")])
    books.pay_bill(vendor, "25.00", OCT_9, {owed: "25.00"})
    books.receive(customer, "90.00", OCT_9, {due: "90.00"})
    company = books.finish()
    items = [(item.party_kind, item.party, item.amount_cents, item.line) for item in open_items(company)]
    assert items == [("Vendor", vendor, 45_00, "1")]


def test_deposit_and_expense_lines_on_control_accounts_count_with_their_sign(books: Books) -> None:
    vendor, customer = books.vendor("Norton Lumber"), books.customer("Acme")
    prepaid = books.deposit(OCT_1, lines=[("Accounts Receivable (A/R)", "40.00", customer)])
    advance = books.purchase("60.00", OCT_1, payee=vendor, account="Accounts Payable (A/P)")
    refunded = books.deposit(OCT_9, lines=[("Accounts Payable (A/P)", "15.00", vendor)])
    company = books.finish()
    assert opened(company) == {
        ("Deposit", prepaid): -40_00,
        ("Purchase", advance): -60_00,
        ("Deposit", refunded): 15_00,
    }


def test_an_expense_paid_in_advance_is_used_up_by_a_bill_payment(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    advance = books.purchase("60.00", OCT_1, payee=vendor, account="Accounts Payable (A/P)")
    bill = books.bill(vendor, "100.00", OCT_1)
    books.pay_bill(vendor, "40.00", OCT_9, {bill: "100.00", advance: "60.00"})
    assert opened(books.finish()) == {}


def test_the_difference_between_two_rates_is_a_gain_or_loss(books: Books) -> None:
    customer = books.customer("Weber GmbH", currency="EUR")
    invoice = books.invoice(customer, "1000.00", OCT_1, rate="1.08")
    payment = books.receive(customer, "1000.00", NOV_3, invoice, into="Checking", rate="1.10")
    company = books.finish()
    assert posted(company, "Payment", payment) == {
        "Checking": 1100_00,
        "Accounts Receivable (A/R) - EUR": -1080_00,
        "Exchange Gain or Loss": -20_00,
    }
    assert company.of("Invoice")[invoice]["HomeTotalAmt"] == 1080.0


def test_parts_of_a_foreign_invoice_settle_it_to_the_cent(books: Books) -> None:
    customer = books.customer("Weber GmbH", currency="EUR")
    invoice = books.invoice(customer, "100.01", OCT_1, rate="1.0777")
    for day in (OCT_9, NOV_3):
        books.receive(customer, "33.33", day, {invoice: "33.33"}, into="Checking", rate="1.1133")
    company = books.finish()
    record = company.of("Invoice")[invoice]
    assert (record["Balance"], record["HomeBalance"]) == (33.35, 35.94)  # 33.35 x 1.0777 = 35.941...
    receivable = next(id_ for id_, a in company.of("Account").items() if a["Name"].endswith("EUR"))
    assert account_balances(company)[receivable] == 35_94
    books.receive(customer, "33.35", TODAY, {invoice: "33.35"}, into="Checking", rate="1.2")
    assert account_balances(books.company)[receivable] == 0


def test_a_foreign_invoice_on_a_home_receivable_is_measured_in_its_own_currency() -> None:
    company = Company("9130350000000000001", "One A/R account", "USD")
    company.entities = {
        "Account": {"1": {"Id": "1", "Name": "A/R", "AccountType": "Accounts Receivable"}},
        "Invoice": {
            "5": {
                "Id": "5",
                "TxnDate": "2026-10-01",
                "TotalAmt": 100.0,
                "Balance": 40.0,
                "ExchangeRate": 1.25,
            }
        },
    }
    assert [(item.amount_cents, item.own_cents) for item in open_items(company)] == [(50_00, 40_00)]


def test_a_foreign_bank_account_holds_its_own_currency(books: Books) -> None:
    books.account("Euro Account", "Bank", "Checking", currency="EUR")
    customer = books.customer("Weber GmbH", currency="EUR")
    books.receive(customer, "500.00", OCT_1, into="Euro Account", rate="1.10")
    books.transfer("200.00", OCT_9, "Euro Account", "Checking", rate="1.20")
    company = books.finish()
    balances = {account["Name"]: account["CurrentBalance"] for account in company.of("Account").values()}
    home = account_balances(company)
    euro = next(id_ for id_, a in company.of("Account").items() if a["Name"] == "Euro Account")
    assert (balances["Euro Account"], balances["Checking"], home[euro]) == (300.0, 240.0, 310_00)


def test_what_is_open_is_rolled_back_to_an_earlier_day(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "500.00", OCT_1, due=NOV_3)
    payment = books.receive(customer, "350.00", NOV_3, {invoice: "200.00"})
    company = books.finish()
    assert opened(company) == {("Invoice", invoice): 300_00, ("Payment", payment): -150_00}
    assert opened(company, "2026-11-02") == {("Invoice", invoice): 500_00}
    assert opened(company, "2026-09-30") == {}


def test_a_payment_made_before_its_invoice_is_unapplied_until_the_invoice_is_dated(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "500.00", NOV_3)
    payment = books.receive(customer, "500.00", OCT_9, {invoice: "500.00"})
    company = books.finish()
    assert opened(company, "2026-10-20") == {("Payment", payment): -500_00}
    assert opened(company, "2026-11-03") == {}


def test_a_balance_the_record_states_is_taken_as_it_is(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    bill = books.bill(vendor, "100.00", OCT_1)
    company = books.finish()
    company.entities["Bill"][bill] = {**company.of("Bill")[bill], "Balance": 55.0}
    assert opened(company) == {("Bill", bill): 55_00}


def test_account_balances_stop_at_the_requested_day_and_count_unlisted_payroll(books: Books) -> None:
    books.journal(OCT_1, [("Checking", "1000.00"), ("Opening Balance Equity", "-1000.00")])
    books.payroll(OCT_9, "250.00")
    books.purchase("10.00", NOV_3)
    company = books.finish()
    checking = "1"
    assert account_balances(company)[checking] == 740_00
    assert account_balances(company, "2026-10-31")[checking] == 750_00
    assert company.of("Account")[checking]["CurrentBalance"] == 740.0


def test_every_transaction_of_a_rounding_rate_sums_to_zero(books: Books) -> None:
    vendor = books.vendor("Krämer GmbH", currency="EUR")
    lines = [("General Expenses", "0.33")] * 3
    bill = books.bill(vendor, "0.99", OCT_1, lines=lines, rate="1.0777")
    assert sum(posted(books.finish(), "Bill", bill).values()) == 0


def test_sound_books_have_no_inconsistencies_and_nothing_to_restate(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "500.00", OCT_1)
    books.receive(customer, "500.00", OCT_9, invoice, into="Checking")
    company = books.finish()
    assert inconsistencies(company) == []
    assert restated(company) == []


def test_inconsistencies_name_a_wrong_balance(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    bill = books.bill(vendor, "100.00", OCT_1)
    company = books.finish()
    company.entities["Bill"][bill] = {**company.of("Bill")[bill], "Balance": 55.0}
    assert inconsistencies(company) == [f"Bill {bill} states Balance 55.0, the books give 100.0"]


def test_inconsistencies_name_a_total_that_is_not_its_lines(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    bill = books.bill(vendor, "100.00", OCT_1, lines=[("General Expenses", "90.00")])
    assert inconsistencies(books.finish()) == [
        f"Bill {bill} has a total of 10000 cents, its lines sum to 9000"
    ]


def test_inconsistencies_name_a_payment_of_what_was_deleted_and_of_more_than_there_is(books: Books) -> None:
    vendor = books.vendor("Norton Lumber")
    gone = books.bill(vendor, "100.00", OCT_1)
    small = books.bill(vendor, "10.00", OCT_1)
    payment = books.pay_bill(vendor, "130.00", OCT_9, {gone: "100.00", small: "30.00"})
    books.delete(gone, NOV_3)
    assert inconsistencies(books.finish()) == [
        f"BillPayment {payment} settles Bill {gone}, which is not there",
        f"Bill {small} is settled by more than it is",
    ]


def test_inconsistencies_name_bank_activity_that_is_in_no_balance(books: Books) -> None:
    company = books.finish()
    company.unlisted.append(Unlisted("2026-11-01", "1", -500_00))
    company.unlisted[0] = replace(company.unlisted[0], amount_cents=-700_00)
    assert "Account 1 states CurrentBalance 0.0, the books give -700.0" in inconsistencies(company)


def test_money_received_with_an_invoice_goes_to_its_account_and_is_not_owed(books: Books) -> None:
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "1000.00", OCT_1)
    company = books.finish()
    company.entities["Invoice"][invoice] |= {"Deposit": 300.0, "Balance": 700.0}
    assert posted(company, "Invoice", invoice) == {
        "Accounts Receivable (A/R)": 700_00, "Services": -1000_00, "Undeposited Funds": 300_00,
    }  # fmt: skip
    assert opened(company) == {("Invoice", invoice): 700_00}
