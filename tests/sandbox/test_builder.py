"""The builder: wire forms, derived fields, and books that balance whatever is written in them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.sandbox.builder import Books, BuildError
from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger import account_balances, inconsistencies, open_items, postings

TODAY = date(2026, 11, 20)
OCT_1, NOV_3 = date(2026, 10, 1), date(2026, 11, 3)


def new_books(currency: str = "USD") -> Books:
    return Books("9130350000000000001", "Larch & Daughters", currency, today=TODAY)


def test_an_invoice_carries_what_quickbooks_sends() -> None:
    books = new_books()
    customer = books.customer("O'Malley & Co", email="ap@omalley.example")
    invoice = books.invoice(customer, "1200.00", OCT_1, due=NOV_3, number="1001", sent=True)
    record = books.finish().of("Invoice")[invoice]
    assert record["CustomerRef"] == {"value": customer, "name": "O'Malley & Co"}
    assert (record["TxnDate"], record["DueDate"], record["DocNumber"]) == ("2026-10-01", "2026-11-03", "1001")
    assert (record["TotalAmt"], record["Balance"], record["EmailStatus"]) == (1200.0, 1200.0, "EmailSent")
    assert record["BillEmail"] == {"Address": "ap@omalley.example"}
    assert [line["DetailType"] for line in record["Line"]] == ["SalesItemLineDetail", "SubTotalLineDetail"]
    assert "Id" not in record["Line"][-1]
    assert "ExchangeRate" not in record


def test_a_payment_leaves_its_mark_on_both_sides() -> None:
    books = new_books()
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "500.00", OCT_1)
    payment = books.receive(customer, "350.00", NOV_3, {invoice: "200.00"})
    deposit = books.deposit(NOV_3, receipts=[payment])
    company = books.finish()
    bill_side, money_side = company.of("Invoice")[invoice], company.of("Payment")[payment]
    assert bill_side["LinkedTxn"] == [{"TxnId": payment, "TxnType": "Payment"}]
    assert (bill_side["Balance"], bill_side["SyncToken"]) == (300.0, "1")
    assert money_side["Line"] == [{"Amount": 200.0, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}]
    assert money_side["UnappliedAmt"] == 150.0
    assert money_side["LinkedTxn"] == [{"TxnId": deposit, "TxnType": "Deposit"}]
    assert bill_side["MetaData"]["LastUpdatedTime"] == money_side["MetaData"]["CreateTime"]


def test_times_are_pacific_whole_seconds_on_the_day_of_the_document() -> None:
    books = new_books()
    vendor = books.vendor("Norton Lumber")
    summer = books.bill(vendor, "1.00", date(2026, 7, 1))
    winter = books.bill(vendor, "1.00", date(2026, 1, 5))
    ahead = books.bill(vendor, "1.00", date(2026, 12, 24))
    created = {id_: bill["MetaData"]["CreateTime"] for id_, bill in books.finish().of("Bill").items()}
    assert created[summer][:10] == "2026-07-01"
    assert (created[summer][-6:], created[winter][-6:]) == ("-07:00", "-08:00")
    assert created[ahead][:10] == "2026-11-19"  # entered before today, whatever it is dated
    assert {len(time) for time in created.values()} == {len("2026-07-01T08:01:37-07:00")}


def test_sub_customers_keep_their_own_balance_and_their_parent_the_family_s() -> None:
    books = new_books()
    parent = books.customer("Weber Estates", email="pay@weber.example")
    job = books.customer("12 Elm St", parent=parent, bill_with_parent=True)
    books.invoice(parent, "100.00", OCT_1)
    invoice = books.invoice(job, "250.00", OCT_1)
    company = books.finish()
    house, site = company.of("Customer")[parent], company.of("Customer")[job]
    assert (house["Balance"], house["BalanceWithJobs"]) == (100.0, 350.0)
    assert (site["Balance"], site["BalanceWithJobs"], site["FullyQualifiedName"]) == (
        250.0,
        250.0,
        "Weber Estates:12 Elm St",
    )
    assert (site["Job"], site["Level"], site["ParentRef"]) == (True, 1, {"value": parent})
    assert company.of("Invoice")[invoice]["BillEmail"] == {"Address": "pay@weber.example"}


def test_sub_accounts_are_counted_in_their_parent_only_with_sub_accounts() -> None:
    books = new_books()
    books.account("Petty Cash", "Bank", "CashOnHand", parent="Checking")
    books.journal(OCT_1, [("Checking", "900.00"), ("Opening Balance Equity", "-900.00")])
    books.transfer("50.00", OCT_1, "Checking", "Petty Cash")
    accounts = {account["Name"]: account for account in books.finish().of("Account").values()}
    assert (accounts["Checking"]["CurrentBalance"], accounts["Petty Cash"]["CurrentBalance"]) == (850.0, 50.0)
    assert accounts["Checking"]["CurrentBalanceWithSubAccounts"] == 900.0
    assert accounts["Petty Cash"]["FullyQualifiedName"] == "Checking:Petty Cash"
    assert accounts["Opening Balance Equity"]["CurrentBalance"] == -900.0


def test_profit_and_loss_accounts_carry_no_balance_and_payables_are_negative_when_owed() -> None:
    books = new_books()
    books.bill(books.vendor("Norton Lumber"), "70.00", OCT_1)
    accounts = {account["Name"]: account for account in books.finish().of("Account").values()}
    assert accounts["General Expenses"]["CurrentBalance"] == 0.0
    assert accounts["Accounts Payable (A/P)"]["CurrentBalance"] == -70.0


def test_a_void_keeps_dates_and_number_and_moves_nothing() -> None:
    books = new_books()
    customer = books.customer("Acme")
    invoice = books.invoice(customer, "500.00", OCT_1, number="77", tax="40.00", note="as agreed")
    paid = books.invoice(customer, "90.00", OCT_1)
    payment = books.receive(customer, "90.00", NOV_3, paid, into="Checking")
    books.void(invoice)
    books.void(payment)
    company = books.finish()
    record = company.of("Invoice")[invoice]
    assert (record["TotalAmt"], record["Balance"], record["DocNumber"]) == (0.0, 0.0, "77")
    assert (record["PrivateNote"], record["SyncToken"], record["LinkedTxn"]) == ("Voided as agreed", "1", [])
    assert record["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert company.of("Payment")[payment]["Line"] == []
    assert company.of("Invoice")[paid]["Balance"] == 90.0
    assert {posting.txn_id for posting in postings(company)} == {paid}
    assert inconsistencies(company) == []


def test_a_deleted_record_leaves_only_its_tombstone() -> None:
    books = new_books()
    bill = books.bill(books.vendor("Norton Lumber"), "70.00", OCT_1)
    books.delete(bill, NOV_3)
    company = books.finish()
    assert bill not in company.of("Bill")
    assert company.deleted["Bill"][bill][:10] == "2026-11-03"
    assert inconsistencies(company) == []


def test_a_payment_by_card_names_the_card() -> None:
    books = new_books()
    vendor = books.vendor("Norton Lumber")
    bill = books.bill(vendor, "70.00", OCT_1)
    payment = books.pay_bill(vendor, "70.00", NOV_3, bill, account="Credit Card")
    company = books.finish()
    record = company.of("BillPayment")[payment]
    assert (record["PayType"], record["CreditCardPayment"]["CCAccountRef"]["name"]) == (
        "CreditCard",
        "Credit Card",
    )
    assert "CheckPayment" not in record
    assert company.of("Bill")[bill]["LinkedTxn"] == [{"TxnId": payment, "TxnType": "BillPaymentCheck"}]


def test_payroll_moves_the_bank_and_is_in_no_entity() -> None:
    books = new_books()
    books.payroll(OCT_1, "5000.00")
    company = books.finish()
    assert [row.amount_cents for row in company.unlisted] == [-5000_00]
    assert company.of("Account")["1"]["CurrentBalance"] == -5000.0
    assert postings(company) == []


def test_a_foreign_document_has_home_amounts_and_an_account_of_its_currency() -> None:
    books = new_books("CAD")
    vendor = books.vendor("Cascade Fabrics", currency="USD")
    bill = books.bill(vendor, "100.00", OCT_1, rate="1.355")
    company = books.finish()
    record = company.of("Bill")[bill]
    assert (record["CurrencyRef"]["value"], record["ExchangeRate"]) == ("USD", 1.355)
    assert (record["HomeTotalAmt"], record["HomeBalance"]) == (135.5, 135.5)
    assert record["APAccountRef"]["name"] == "Accounts Payable (A/P) - USD"
    info, preferences = company.of("CompanyInfo")["1"], company.of("Preferences")["1"]
    assert info["Country"] == "CAN"
    assert preferences["CurrencyPrefs"] == {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "CAD"}}


def test_what_cannot_be_written_is_refused() -> None:
    books = new_books()
    vendor = books.vendor("Krämer GmbH", currency="EUR")
    with pytest.raises(BuildError, match="in EUR needs a rate"):
        books.bill(vendor, "10.00", OCT_1)
    with pytest.raises(BuildError, match="no account 'Chequing'"):
        books.purchase("10.00", OCT_1, paid_from="Chequing")
    with pytest.raises(BuildError, match="no transaction 99"):
        books.void("99")
    with pytest.raises(BuildError, match="debits and credits"):
        books.journal(OCT_1, [("Checking", "10.00"), ("Services", "-9.00")])


AMOUNTS = st.integers(1, 500_000).map(lambda cents: Decimal(cents).scaleb(-2))
DAYS = st.integers(-10, 400).map(lambda days: TODAY - timedelta(days=days))
SHARES = st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1)])
RATES = st.sampled_from(["1.0777", "0.7312", "1.2505"])


class Bookkeeper:
    """Books with a home and a foreign party of each kind, and what is still open on their documents."""

    def __init__(self) -> None:
        self.books = new_books()
        self.parties = {
            (kind, code): getattr(self.books, kind)(f"{kind} {code}", currency=code)
            for kind in ("vendor", "customer")
            for code in ("USD", "EUR")
        }
        self.open: dict[str, list[tuple[str, str, Decimal]]] = {"vendor": [], "customer": []}
        self.receipts: list[str] = []

    def write(self, step: tuple[str, Decimal, date, Decimal, str, str]) -> None:
        """Write one record: a document, or a payment of a share of the oldest open one."""
        act, amount, on, share, code, rate = step
        getattr(self, f"_{act}")(amount, on, share, code, None if code == "USD" else rate)

    def _bill(self, amount: Decimal, on: date, _: Decimal, code: str, rate: str | None) -> None:
        id_ = self.books.bill(self.parties["vendor", code], amount, on, rate=rate)
        self.open["vendor"].append((id_, code, amount))

    def _invoice(self, amount: Decimal, on: date, _: Decimal, code: str, rate: str | None) -> None:
        id_ = self.books.invoice(self.parties["customer", code], amount, on, rate=rate, tax="1.07")
        self.open["customer"].append((id_, code, amount + Decimal("1.07")))

    def _pay(self, amount: Decimal, on: date, share: Decimal, code: str, rate: str | None) -> None:
        applied, paid = self._settled("vendor", code, share, amount)
        self.books.pay_bill(self.parties["vendor", code], paid, on, applied, rate=rate)

    def _receive(self, amount: Decimal, on: date, share: Decimal, code: str, rate: str | None) -> None:
        applied, paid = self._settled("customer", code, share, amount)
        into = None if code == "USD" else "Checking"
        id_ = self.books.receive(self.parties["customer", code], paid, on, applied, into=into, rate=rate)
        if into is None:
            self.receipts.append(id_)

    def _deposit(self, amount: Decimal, on: date, *_: object) -> None:
        self.books.deposit(on, receipts=self.receipts, lines=[("Services", amount)])
        self.receipts = []

    def _purchase(self, amount: Decimal, on: date, *_: object) -> None:
        self.books.purchase(amount, on, paid_from="Credit Card", payee=self.parties["vendor", "USD"])

    def _journal(self, amount: Decimal, on: date, *_: object) -> None:
        party = self.parties["customer", "USD"]
        self.books.journal(on, [("Accounts Receivable (A/R)", -amount, party), ("Services", amount)])

    def _payroll(self, amount: Decimal, on: date, *_: object) -> None:
        self.books.payroll(on, amount)

    def _credit(self, amount: Decimal, on: date, _: Decimal, code: str, rate: str | None) -> None:
        self.books.vendor_credit(self.parties["vendor", code], amount, on, rate=rate)

    def _settled(
        self, side: str, code: str, share: Decimal, extra: Decimal
    ) -> tuple[dict[str, Decimal], Decimal]:
        for place, (id_, currency, left) in enumerate(self.open[side]):
            part = (left * share).quantize(Decimal("0.01"))
            if currency == code and part:
                self.open[side][place] = (id_, currency, left - part)
                return {id_: part}, part
        return {}, extra


ACTS = ("bill", "invoice", "pay", "receive", "deposit", "purchase", "journal", "payroll", "credit")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), AMOUNTS, DAYS, SHARES, st.sampled_from(["USD", "EUR"]), RATES),
    max_size=25,
)


def controls(company: Company, account_type: str) -> int:
    """Return the sum of all A/P or A/R accounts, home cents, debit positive."""
    accounts = company.of("Account")
    balances = account_balances(company)
    return sum(sum_ for id_, sum_ in balances.items() if accounts[id_]["AccountType"] == account_type)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_is_written_the_books_balance(
    steps: list[tuple[str, Decimal, date, Decimal, str, str]],
) -> None:
    bookkeeper = Bookkeeper()
    for step in steps:
        bookkeeper.write(step)
    company = bookkeeper.books.finish()
    assert inconsistencies(company) == []
    assert sum(posting.amount_cents for posting in postings(company)) == 0


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_in_one_currency_open_items_are_the_control_accounts(
    steps: list[tuple[str, Decimal, date, Decimal, str, str]],
) -> None:
    bookkeeper = Bookkeeper()
    for act, amount, on, share, _, rate in steps:
        bookkeeper.write((act, amount, on, share, "USD", rate))
    company = bookkeeper.books.finish()
    items = open_items(company)
    owed = sum(item.amount_cents for item in items if item.party_kind == "Vendor")
    due = sum(item.amount_cents for item in items if item.party_kind == "Customer")
    assert owed == -controls(company, "Accounts Payable")
    assert due == controls(company, "Accounts Receivable")


@pytest.mark.parametrize("note", ["Voided", "VOIDED", " voided "])
def test_a_note_that_is_the_word_alone_voids_in_any_case_whatever_the_amounts(note: str) -> None:
    books = Books("9130350000000000001", "Larch & Daughters", today=TODAY)
    books.invoice(books.customer("Acme"), "100.00", TODAY)
    company = books.finish()
    (invoice,) = company.of("Invoice").values()
    invoice["PrivateNote"] = note
    assert open_items(company) == []
    assert not any(posting.entity == "Invoice" for posting in postings(company))
